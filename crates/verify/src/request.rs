//! What a caller asks of a verification, and what it is told on the way.

use std::ops::ControlFlow;
use std::sync::Arc;

use tickmark_crypto::sealed::Opener;
use tickmark_formats::container::ContainerError;
use tickmark_formats::limits::Limits;

use crate::built_in::BuiltIn;
use crate::profile::Profile;
use crate::trust::Trust;
use crate::verification::{Fault, HeadSeen};

/// How a bundle is to be judged.
#[derive(Default)]
pub struct Request {
    /// Under which profile.
    pub profile: ProfileChoice,
    /// Profiles beside the shipped ones, for detection.
    pub extra_profiles: Vec<Profile>,
    /// Pinned keys.
    pub trust: Trust,
    /// Last hashes that are known by another way; one a chain.
    pub expect_head: Vec<String>,
    /// A number of records that is known by another way.
    pub expect_count: Option<u64>,
    /// The SHA-256 of the bundle that is known by another way, hex.
    pub expect_sha256: Option<String>,
    /// The review period as given (see [`Period`](crate::Period)). Profiles know none, and say so; CloudTrail does.
    pub period: Option<String>,
    /// Heads of earlier imports, oldest first.
    pub remembered: Vec<RememberedHead>,
    /// What those imports held besides their heads.
    pub memory: Option<Arc<dyn Memory>>,
    /// What opens a sealed bundle.
    pub openers: Arc<[Opener]>,
    /// Limits against hostile input.
    pub limits: Limits,
    /// Most faults that are listed; the rest is counted. 0 stands for the default.
    pub fault_cap: usize,
}

/// Under which profile a bundle is judged.
#[derive(Default)]
pub enum ProfileChoice {
    /// The one that is recognised.
    #[default]
    Detect,
    /// This one.
    Named(Box<Profile>),
    /// This one is pinned for the source; another that is recognised is a fault.
    Expected(Box<Profile>),
    /// This built-in verifier.
    BuiltIn(&'static BuiltIn),
    /// This built-in verifier is pinned for the source; another format that is recognised is a fault.
    ExpectedBuiltIn(&'static BuiltIn),
}

/// The head of a trail at an earlier import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RememberedHead {
    /// The chain, where the profile partitions.
    pub chain: Option<String>,
    /// Id of its first record.
    pub first_id: String,
    /// Records it had.
    pub records: u64,
    /// Its head.
    pub head: String,
    /// When it was imported, as it is told.
    pub imported_at: String,
    /// The import, as its keeper names it.
    pub import: Option<String>,
    /// Id of the profile it was judged under; heads are compared under the same one. `None`: not known, and compared.
    pub profile: Option<String>,
    /// The first record's own number, where there is one.
    pub first_seq: Option<String>,
    /// The last record's own number.
    pub last_seq: Option<String>,
    /// Whether it came from the source that this bundle is said to come from.
    pub same_source: bool,
}

impl RememberedHead {
    /// What tells this import from others.
    pub(crate) fn import_key(&self) -> &str {
        self.import.as_deref().unwrap_or(&self.imported_at)
    }

    pub(crate) fn seen(&self) -> HeadSeen {
        HeadSeen {
            import: self.import.clone(),
            at: Some(self.imported_at.clone()),
            records: self.records,
            head: self.head.clone(),
        }
    }
}

/// What earlier imports held besides their heads. Whoever keeps them answers.
pub trait Memory: Send + Sync {
    /// The place, from 1, that a record has in the chain of a remembered head; `None` where it is not in it.
    fn place(&self, head: &RememberedHead, record: &[u8; 32]) -> Option<u64>;
}

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of records read.
    pub bytes_done: u64,
    /// Bytes of records in all, where known.
    pub bytes_total: Option<u64>,
    /// Records judged.
    pub records: u64,
}

/// One record, in source order, as it was judged.
#[derive(Debug)]
pub struct SeenRecord<'a> {
    /// Its number in file order, from 1.
    pub position: u64,
    /// SHA-256 of its received bytes.
    pub id: [u8; 32],
    /// 1, or the k of the k-th identical record.
    pub occurrence: u64,
    /// Member of the container.
    pub member: &'a str,
    /// Physical line, from 1.
    pub line: u64,
    /// Byte offset in the member.
    pub offset: u64,
    /// Its received bytes.
    pub bytes: &'a [u8],
    /// Faults on it.
    pub faults: &'a [Fault],
    /// Whether a signature on it verifies.
    pub signed: bool,
    /// Its own hash, or what a next record would link to.
    pub link: Option<&'a str>,
    /// Its chain, where the profile partitions.
    pub chain: Option<&'a str>,
}

/// Told on the way. Everything may be ignored; `Break` cancels.
pub trait Observer {
    /// How far it is; a few times a second at most.
    fn progress(&mut self, _progress: &Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Whether it wants to be told of records. What nobody asks for is not computed, the id of a record above all.
    fn sees_records(&self) -> bool {
        true
    }

    /// A record, in source order: what is judged is what can be kept. Told where [`Observer::sees_records`].
    fn record(&mut self, _record: &SeenRecord<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// The SHA-256 of the bundle, as soon as it is known.
    fn digest(&mut self, _sha256: &str) {}
}

/// Watches nothing.
pub struct Unwatched;

impl Observer for Unwatched {
    fn sees_records(&self) -> bool {
        false
    }
}

/// Why nothing could be judged.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The container cannot be opened.
    #[error("{0}")]
    Container(#[from] ContainerError),
    /// The bundle is sealed and nothing given opens it.
    #[error("The bundle is encrypted with age, and no passphrase or identity was given.")]
    Sealed,
    /// Several profiles reproduce the trail.
    #[error("Several profiles fit this bundle: {}. Name one.", candidates.join(", "))]
    Ambiguous {
        /// Their ids.
        candidates: Vec<String>,
    },
    /// The named profile finds no records in this bundle.
    #[error("The profile {profile} expects its records in {expected}, and this bundle has no such member.")]
    NoSource {
        /// The profile.
        profile: String,
        /// Where records were looked for.
        expected: String,
    },
    /// The records must be put in order, and are more than that can be done with.
    #[error(
        "The profile {profile} judges records in the order of {by}. To put these in order takes more than {limit} MiB of \
         memory (limit “order”)."
    )]
    TooManyToOrder {
        /// The profile.
        profile: String,
        /// The pointer by which they are put in order.
        by: String,
        /// The limit, in MiB.
        limit: usize,
    },
    /// It was cancelled.
    #[error("Cancelled.")]
    Cancelled,
    /// A shipped profile is damaged.
    #[error("The shipped profile {id} cannot be read: {message}")]
    Shipped {
        /// Its id.
        id: String,
        /// Why.
        message: String,
    },
}
