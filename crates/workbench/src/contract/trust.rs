//! Keys that the reviewer trusts, and what else vouches: roots, OpenPGP keys, Sigstore instances and identities.

use serde::{Deserialize, Serialize};

/// Read a key before it is pinned, so that its fingerprint can be compared first.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct ReadKey {
    /// The key in any common spelling, a list of keys that one owner publishes, a root certificate, an OpenPGP key or a
    /// Sigstore root; the path of a file that holds it; or an HMAC secret with `algorithm` hmac-sha256.
    pub text: String,
    /// Algorithm; else from the key.
    pub algorithm: Option<String>,
    /// An identity of Sigstore; `text` is empty then.
    pub identity: Option<SigstoreIdentity>,
}

/// Whose certificate of a pinned Sigstore instance counts: both as they stand in the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SigstoreIdentity {
    /// The e-mail address or URI.
    pub subject: String,
    /// The address of the OpenID Connect issuer that vouched for the login.
    pub issuer: String,
}

/// What a pinned root certificate may vouch for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Vouches {
    /// Signatures and time stamps.
    Both,
    /// Time stamps (RFC 3161) alone.
    Time,
    /// Signatures (CMS) alone.
    Signatures,
}

/// A key as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct KeyRead {
    /// SHA-256 in lower-case hex: of the key, of a root certificate, of a Sigstore root as a file, of an identity as
    /// subject, line feed, issuer. 40 upper-case hex digits for an OpenPGP key; empty for a secret, whose digest is not told.
    pub fingerprint: String,
    /// Algorithm; `x509-root`, `openpgp`, `sigstore-root` or `sigstore-identity` for what is no bare key.
    pub algorithm: String,
    /// The name that came with it.
    pub kid: Option<String>,
    /// What it says of itself, which is its maker's word: a certificate's subject, user ids, hosts of logs.
    pub says: Vec<String>,
    /// From when it holds, as the list of keys or the certificate itself says.
    pub valid_from: Option<String>,
    /// Until when.
    pub valid_to: Option<String>,
    /// The fingerprint as a QR picture; `None` for a secret.
    pub picture: Option<QrPicture>,
    /// The owner of a key with this fingerprint that is pinned already.
    pub pinned_for: Option<String>,
}

/// A QR picture: the modules without the quiet zone, which whoever draws it leaves white for four modules on each side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct QrPicture {
    /// The text that a reader of it shows: `algorithm:fingerprint`.
    pub text: String,
    /// Modules on each side.
    pub size: u64,
    /// One text a row, `1` for a dark module and `0` for a light one.
    pub rows: Vec<String>,
}

/// Pin a key, or every key of a list that one owner publishes.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct PinKey {
    /// As in `ReadKey`.
    pub text: String,
    /// Algorithm; else from the key.
    pub algorithm: Option<String>,
    /// An identity of Sigstore; `text` is empty then.
    pub identity: Option<SigstoreIdentity>,
    /// What a root certificate may vouch for, which has to be said for one and for nothing else.
    pub vouches: Option<Vouches>,
    /// The name that records use for it.
    pub kid: Option<String>,
    /// Who it belongs to.
    pub owner: String,
    /// How it was confirmed.
    pub confirmed: String,
    /// Who else confirmed it. Workflow, not access control: nobody else signs.
    pub second_person: Option<String>,
    /// The source it holds for; else for every source.
    pub source: Option<String>,
    /// From when it holds; else from what a list of keys says. Only bare keys are pinned for a period.
    pub valid_from: Option<String>,
    /// Until when it holds; else from what a list of keys says.
    pub valid_to: Option<String>,
    /// The pinned key that it takes over from, at `valid_from`: that one then holds until that moment. Bare keys only.
    pub replaces: Option<String>,
}

/// Withdraw a key.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct WithdrawKey {
    /// The key.
    pub id: String,
    /// Why it is no longer trusted.
    pub reason: String,
}

/// A pinned key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PinnedKeyView {
    /// Its id.
    pub id: String,
    /// As in `KeyRead`.
    pub fingerprint: String,
    /// As in `KeyRead`.
    pub algorithm: String,
    /// The name that records use for it.
    pub kid: Option<String>,
    /// What it says of itself, which is its maker's word.
    pub says: Vec<String>,
    /// The identity, where it is one.
    pub identity: Option<SigstoreIdentity>,
    /// What it may vouch for, where it is a root certificate.
    pub vouches: Option<Vouches>,
    /// Who it belongs to.
    pub owner: String,
    /// How it was confirmed.
    pub confirmed: String,
    /// Who else confirmed it.
    pub second_person: Option<String>,
    /// The source it holds for; `None`: every source.
    pub source: Option<String>,
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
    /// Why it was withdrawn.
    pub withdrawn_why: Option<String>,
    /// The key that it took over from.
    pub replaces: Option<KeyEdge>,
    /// The key that took over from it.
    pub replaced_by: Option<KeyEdge>,
    /// Every version of this pin, newest first.
    pub history: Vec<KeyVersion>,
    /// Bundles that it verified.
    pub bundles: u64,
}

/// A rotation: the other key, and the moment from which the new one signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct KeyEdge {
    /// The other key's id.
    pub key: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its owner.
    pub owner: String,
    /// The moment.
    pub at: String,
}

/// One version of a pin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct KeyVersion {
    /// 1 for the first.
    pub version: u64,
    /// When it was written.
    pub at: String,
    /// By whom.
    pub by: String,
    /// `pinned`, `changed` or `withdrawn`.
    pub change: String,
    /// Why it superseded the one before.
    pub reason: Option<String>,
    /// From when it held, as this version says.
    pub valid_from: Option<String>,
    /// Until when, as this version says.
    pub valid_to: Option<String>,
}
