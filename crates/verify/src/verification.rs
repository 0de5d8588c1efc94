//! The result of judging one bundle: `tickmark.verification/1`.
//!
//! Both doors print it, the vault keeps it, the report tells it. Its JSON form is described by
//! `docs/schemas/verification.json`; it only grows.

use serde::{Deserialize, Serialize};

/// The schema name that every [`Verification`] carries.
pub const SCHEMA: &str = "tickmark.verification/1";

/// What one bundle proves and what it does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Verification {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The program that judged.
    pub tool: Tool,
    /// What was judged.
    pub bundle: BundleId,
    /// The profile it was judged under; `None` when no profile describes the bundle.
    pub profile: Option<ProfileRef>,
    /// `refuted` if any claim is; `proven` if integrity is anchored and authenticity and completeness are proven.
    pub verdict: ClaimOutcome,
    /// One plain sentence under the verdict.
    pub sentence: String,
    /// The four claims.
    pub claims: Claims,
    /// What was counted.
    pub counts: Counts,
    /// Every fault, in record order, up to the cap; `counts.faults` is the true number.
    pub faults: Vec<Fault>,
    /// The same faults by code.
    pub fault_groups: Vec<FaultGroup>,
    /// JSON pointers of fields that no hash or signature reaches; `*` stands for an array index. One of a statement beside the
    /// records stands behind `MEMBER: `.
    pub uncovered_fields: Vec<String>,
    /// Keys that were used or found.
    pub keys: Vec<KeyUse>,
    /// One entry a chain, with the head to remember.
    pub chains: Vec<ChainHead>,
    /// Earlier imports of these chains beside what is here; one entry a chain of which one is known.
    #[serde(default)]
    pub continuity: Vec<Continuity>,
    /// Sentences: what this does not prove.
    pub not_proven: Vec<String>,
    /// Sentences: what a reviewer can do next.
    pub next_steps: Vec<String>,
    /// Sentences: what is odd but is no fault (an executable in the bundle, an ambiguous preimage).
    pub warnings: Vec<String>,
}

/// Name and version of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Tool {
    /// Always `tickmark`.
    pub name: String,
    /// The version of the workspace.
    pub version: String,
}

impl Tool {
    /// This program.
    pub(crate) fn this() -> Tool {
        Tool {
            name: "tickmark".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The received bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BundleId {
    /// File or folder name as received.
    pub name: String,
    /// Lower-case hex SHA-256 of the file; of a folder: of the lines `hex SP SP name LF`, sorted by name.
    pub sha256: String,
    /// Size of the received bytes.
    pub bytes: u64,
    /// How it is packed, outermost first: `age`, `zip`, `tar`, `gzip`, `zstd`, `folder`, `file`.
    pub packing: Vec<String>,
}

/// The profile that was used, so that it can be named and found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ProfileRef {
    /// Its id, for example `witnesskit`.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// Lower-case hex SHA-256 of the profile's TOML text.
    pub digest: String,
}

/// The answer to a claim, and the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ClaimOutcome {
    /// Weakest of all: something contradicts the claim.
    Refuted,
    /// Nothing contradicts it, and not everything needed is there.
    NotProven,
    /// Everything needed is there.
    Proven,
}

/// What integrity rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A pinned key, an expected head or an earlier import reaches every record and every link.
    Anchored,
    /// The bundle agrees with itself; whoever can write it can remake it.
    SelfConsistent,
}

/// The four claims.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Claims {
    /// Do the records agree with the hashes and links that accompany them?
    pub integrity: Claim,
    /// Did the expected party record them?
    pub authenticity: Claim,
    /// Is everything here that a named statement says is there?
    pub completeness: Claim,
    /// Is there a time that does not rest on the recorder's word?
    pub time: Claim,
}

/// One claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Claim {
    /// Its outcome.
    pub outcome: ClaimOutcome,
    /// What it rests on; integrity only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub basis: Option<Basis>,
    /// One plain sentence.
    pub sentence: String,
    /// The checks behind it. Every check that the profile names appears exactly once over the four claims.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Check {
    /// Stable id, for example `record_hash`.
    pub id: String,
    /// What it asks, as a statement: "Every record's content matches its recorded hash".
    pub title: String,
    /// Its outcome.
    pub outcome: CheckOutcome,
    /// Why it was not checked, or what was found: "184,211 match, 1 does not".
    pub detail: String,
    /// How many units passed.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
}

/// The answer to a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It could not be asked; `detail` says why.
    NotChecked,
    /// It has no meaning for this bundle.
    NotApplicable,
}

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Counts {
    /// Records found.
    pub records: u64,
    /// Records whose hash or signature was recomputed.
    pub checked: u64,
    /// Records with a signature that verifies, under any key.
    pub signed: u64,
    /// Records without one.
    pub unsigned: u64,
    /// Chains found.
    pub chains: u64,
    /// Members of the container.
    pub members: u64,
    /// Faults, listed or not.
    pub faults: u64,
    /// `P0` to `P4` where no profile applies.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub proof_level: Option<String>,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Fault {
    /// Stable code, for example `hash_mismatch`.
    pub code: String,
    /// The claim it bears on: `integrity`, `authenticity`, `completeness` or `time`.
    pub claim: String,
    /// Record number, 1-based in file order.
    pub record: Option<u64>,
    /// Physical line, 1-based.
    pub line: Option<u64>,
    /// Member of the container.
    pub member: Option<String>,
    /// JSON pointer of the field.
    pub field: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// What was found.
    pub found: Option<String>,
    /// The same in one plain sentence.
    pub sentence: String,
}

/// Faults of one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FaultGroup {
    /// The code.
    pub code: String,
    /// A short title: "Content does not match its recorded hash".
    pub title: String,
    /// How many.
    pub count: u64,
    /// The first record numbers, capped.
    pub records: Vec<u64>,
}

/// A key that signed, was pinned, or was found in the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct KeyUse {
    /// Lower-case hex SHA-256 of the key (SPKI DER); empty for an HMAC secret, whose digest is not told.
    pub fingerprint: String,
    /// `ed25519`, `es256`, ...
    pub algorithm: String,
    /// The name that records use for it.
    pub kid: Option<String>,
    /// Who it belongs to, as pinned.
    pub owner: Option<String>,
    /// How and by whom it was confirmed, as pinned.
    pub confirmed: Option<String>,
    /// `pinned` or `carried`.
    pub origin: KeyOrigin,
    /// Records that verify under it; a statement over whole members counts as one.
    pub records: u64,
}

/// Where a key came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyOrigin {
    /// From outside the bundle, by the reviewer.
    Pinned,
    /// From inside the bundle: a statement, never a trust root.
    Carried,
}

/// Where a chain ends; what the vault remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChainHead {
    /// The chain's id where the profile partitions, else `None`.
    pub chain: Option<String>,
    /// Records in it.
    pub records: u64,
    /// Whether it starts at an accepted genesis value.
    pub starts_at_genesis: bool,
    /// The first record's number in its own sequence, where there is one.
    pub first_seq: Option<String>,
    /// The last record's number in its own sequence.
    pub last_seq: Option<String>,
    /// The value that a next record would have to link to; for an unlinked trail the last record's id.
    pub head: String,
}

/// How a chain goes with an earlier import: both ends side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Continuity {
    /// The chain's id where the profile partitions, else `None`.
    pub chain: Option<String>,
    /// What the two ends say about each other.
    pub relation: Relation,
    /// The earlier import: of several the one that contradicts, else the latest.
    pub earlier: HeadSeen,
    /// This bundle.
    pub here: HeadSeen,
    /// The record of this chain, from 1, at which the earlier head is due. `None` where the first record names it, or where
    /// no record shows that the two are one trail.
    pub due: Option<u64>,
    /// Another value that stands at that place.
    pub found: Option<String>,
    /// The import since which the trail is continuous, where it is.
    pub since: Option<String>,
    /// The same in one plain sentence.
    pub sentence: String,
}

/// The end of a chain as one import showed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HeadSeen {
    /// The import, as the vault names it; `None` for this one.
    pub import: Option<String>,
    /// When it was imported; `None` for this one.
    pub at: Option<String>,
    /// Records of the chain.
    pub records: u64,
    /// The value that a next record would have to link to.
    pub head: String,
}

/// How a chain goes with an earlier import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The earlier head is met, and more follows: the trail is continuous.
    Extends,
    /// Both end alike.
    Equal,
    /// The earlier import held more of the same trail: a rollback.
    Shorter,
    /// Another value stands where the earlier head is due: two forks of one trail.
    Forks,
    /// It is not shown whether they are one trail, or the place could not be compared.
    Unknown,
}
