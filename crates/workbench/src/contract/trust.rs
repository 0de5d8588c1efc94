//! Keys that the reviewer trusts.
use serde::{Deserialize, Serialize};

/// Pin a key.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct PinKey {
    /// The key in any common spelling, or an HMAC secret with `algorithm` hmac-sha256.
    pub text: String,
    /// Algorithm; else from the key.
    pub algorithm: Option<String>,
    /// The name that records use for it.
    pub kid: Option<String>,
    /// Who it belongs to.
    pub owner: String,
    /// How it was confirmed.
    pub confirmed: String,
    /// Who else confirmed it.
    pub second_person: Option<String>,
    /// From when it holds.
    pub valid_from: Option<String>,
    /// Until when it holds.
    pub valid_to: Option<String>,
}

/// A pinned key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PinnedKeyView {
    /// Its id.
    pub id: String,
    /// SHA-256 of the key, lower-case hex.
    pub fingerprint: String,
    /// Algorithm.
    pub algorithm: String,
    /// The name that records use for it.
    pub kid: Option<String>,
    /// Who it belongs to.
    pub owner: String,
    /// How it was confirmed.
    pub confirmed: String,
    /// Who else confirmed it.
    pub second_person: Option<String>,
    /// From when it holds.
    pub valid_from: Option<String>,
    /// Until when it holds.
    pub valid_to: Option<String>,
    /// When it was pinned.
    pub pinned_at: String,
    /// By whom.
    pub pinned_by: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<String>,
    /// Bundles that it verified.
    pub bundles: u64,
}
