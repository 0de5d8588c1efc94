//! Judges a bundle: profiles, checks, claims, verdict.
//!
//! Start with [`verify()`]. A [`Request`] says under which [`Profile`], with which pinned keys ([`Trust`]) and against which
//! statements a bundle is judged; an [`Observer`] sees every record in source order as it is judged; the answer is a
//! [`verification::Verification`]: four claims, each proven, refuted or not proven, and never better than its weakest check.

mod advice;
mod built_in;
mod carried;
mod claims;
mod coverage;
mod detect;
pub mod dry_run;
mod earlier;
mod enclosure;
mod examine;
mod fault;
mod head;
pub mod infer;
mod inventory;
mod judge;
mod jws;
mod ledger;
mod moment;
mod order;
mod period;
mod phrase;
mod preimage;
pub mod profile;
mod request;
mod requirement;
mod statement;
mod stream;
mod told;
pub mod trust;
pub mod verification;

pub use built_in::{BuiltIn, built_in, built_in_named};
pub use judge::verify;
pub use period::{Period, PeriodError};
pub use preimage::PreimageError;
pub use profile::{Profile, ProfileError};
pub use request::{
    Memory, Observer, ProfileChoice, Progress, RememberedHead, Request, SeenRecord, Unwatched, VerifyError,
};
pub use requirement::{ClaimName, Decision, decide};
pub use trust::{PinnedKey, Trust, TrustError};
