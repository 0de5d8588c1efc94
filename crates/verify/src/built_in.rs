//! Formats that no profile can describe: verifiers in code, behind the same four claims.
//!
//! A built-in verifier recognises a bundle by the shape of its members, judges it, and hands its records to the observer in
//! source order. What was told by another way, unreadable members and the verdict are dealt with here, in one place, so that
//! no verifier can forget them.

mod assembly;
mod aws;
mod cloudtrail;
mod cloudtrail_lake;
mod judgement;
mod members;
mod watch;

use std::fmt;

use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::hex;
use tickmark_formats::container::Container;

use crate::inventory::Inventory;
use crate::request::Request;
use crate::verification::ProfileRef;

pub(crate) use assembly::judge;
pub(crate) use judgement::Judgement;
pub(crate) use watch::{Cancelled, Sight, Watch};

/// A verifier that is built in, as it is listed, named and printed with a verdict.
pub struct BuiltIn {
    /// Its id, for example `cloudtrail`; never that of a profile.
    pub id: &'static str,
    /// Its version, counted up whenever a bundle could be judged otherwise.
    pub version: &'static str,
    /// What people call the format.
    pub title: &'static str,
    /// Where the format is described; shown, never fetched.
    pub spec_url: &'static str,
    /// Whether it speaks of whole members, whatever they hold, so that it is taken only where no other format is seen.
    pub(crate) is_fallback: bool,
    pub(crate) verifier: &'static dyn Verifier,
}

impl BuiltIn {
    /// SHA-256 of `ID SP VERSION LF`, hex: what stands where a profile has the digest of its text.
    pub fn digest(&self) -> String {
        hex(&sha256(format!("{} {}\n", self.id, self.version).as_bytes()))
    }

    /// How a verification names it.
    pub fn reference(&self) -> ProfileRef {
        ProfileRef {
            id: self.id.to_owned(),
            version: self.version.to_owned(),
            title: self.title.to_owned(),
            digest: self.digest(),
        }
    }
}

impl fmt::Debug for BuiltIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BuiltIn")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The built-in verifiers, by id.
pub fn built_in() -> &'static [BuiltIn] {
    ALL
}

/// The built-in verifier of an id.
pub fn built_in_named(id: &str) -> Option<&'static BuiltIn> {
    ALL.iter().find(|built_in| built_in.id == id)
}

/// What a built-in verifier judges.
pub(crate) struct Bundle<'b> {
    /// Members as streams.
    pub container: &'b Container,
    /// Members with their digests, and the small ones with their content.
    pub inventory: &'b Inventory,
    /// Pinned keys, limits, review period.
    pub request: &'b Request,
}

/// How one format is verified.
pub(crate) trait Verifier: Sync {
    /// Whether the bundle is of this format, by the names and shapes of its members alone. Whether anything verifies plays
    /// no part: a damaged bundle is of its format still.
    fn recognises(&self, bundle: &Bundle<'_>) -> bool;

    /// Judges the bundle and shows every record to `watch` in source order.
    ///
    /// # Errors
    /// When the observer breaks off.
    fn judge(&self, bundle: &Bundle<'_>, watch: &mut Watch<'_>) -> Result<Judgement, Cancelled>;
}

/// One line a format, by id.
const ALL: &[BuiltIn] = &[
    BuiltIn {
        id: "cloudtrail",
        version: "1",
        title: "AWS CloudTrail, logs with signed digests",
        spec_url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html",
        is_fallback: false,
        verifier: &cloudtrail::CloudTrail,
    },
    BuiltIn {
        id: "cloudtrail-lake",
        version: "1",
        title: "AWS CloudTrail Lake, signed query results",
        spec_url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-query-results-validation.html",
        is_fallback: false,
        verifier: &cloudtrail_lake::CloudTrailLake,
    },
    BuiltIn {
        id: "members",
        version: "1",
        title: "Files with checksums, manifests or detached signatures",
        spec_url: "https://www.rfc-editor.org/rfc/rfc8493",
        is_fallback: true,
        verifier: &members::Members,
    },
];
