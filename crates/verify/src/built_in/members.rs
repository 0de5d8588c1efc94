//! Members whatever they hold, under checksums, manifests, detached signatures and time stamps: the format of last resort.
//!
//! Records are the lines of `.jsonl` and `.ndjson` members, and every other member as a whole; one that is longer than a
//! record may be is read by its lines. Statements and public keys are no records.

mod judging;
mod records;

use super::{Bundle, Cancelled, Judgement, Verifier, Watch};
use crate::enclosure::Enclosed;

/// See the module.
pub(super) struct Members;

impl Verifier for Members {
    fn recognises(&self, bundle: &Bundle<'_>) -> bool {
        Enclosed::is_in(bundle)
    }

    fn judge(&self, bundle: &Bundle<'_>, watch: &mut Watch<'_>) -> Result<Judgement, Cancelled> {
        let enclosed = Enclosed::of(bundle, &|_| false);
        let content = enclosed.content(bundle.inventory);
        let tally = records::show(bundle, &enclosed, &content, watch)?;
        Ok(judging::judge(bundle, &enclosed, &content, tally))
    }
}
