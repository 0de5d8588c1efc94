//! Is every digest of the period here, and every log that one lists?

use super::words;
use crate::built_in::cloudtrail::coverage::Coverage;
use crate::built_in::cloudtrail::{Case, at};
use crate::claims::check::{any_fails, not_applicable, not_checked, simple, tallied};
use crate::ledger::Tally;
use crate::phrase::counted;
use crate::verification::{ChainHead, Check, CheckOutcome, Claim, ClaimOutcome};

impl Case<'_> {
    pub(super) fn completeness(&self, coverage: &[Coverage]) -> Claim {
        let t = &self.tally;
        let checks = vec![
            self.present(
                "digest_present",
                "Every digest that another one names is here",
                Tally {
                    passed: t.links.passed + t.links.failed,
                    failed: t.digests_missing,
                },
                "no digest names another one that should be here",
            ),
            self.present(
                "log_present",
                "Every log that a digest lists is here",
                Tally {
                    passed: t.logs_here,
                    failed: t.logs_missing,
                },
                "the digests list no log",
            ),
            self.present(
                "log_listed",
                "Every log that is here is listed in a digest of its time",
                Tally {
                    passed: t.logs_here,
                    failed: t.unlisted_inside,
                },
                "no log is here",
            ),
            self.gap_check(),
            self.period_check(coverage),
            self.earlier_check(),
        ];
        let (outcome, sentence) = if any_fails(&checks) {
            (ClaimOutcome::Refuted, self.incomplete())
        } else {
            match self.why_open(coverage) {
                Some(why) => (ClaimOutcome::NotProven, why),
                None => (ClaimOutcome::Proven, self.complete()),
            }
        };
        Claim {
            outcome,
            basis: None,
            sentence,
            checks,
        }
    }

    pub(super) fn present(&self, id: &str, title: &str, tally: Tally, none: &'static str) -> Check {
        tallied(id, title, tally, 0, &words("are", "is not", "are not", none))
    }

    fn gap_check(&self) -> Check {
        let (id, title) = ("digest_gap", "The digests follow one another without a gap");
        if self.digests.is_empty() {
            return not_applicable(id, title, "no digest is here");
        }
        match self.tally.gaps {
            0 => simple(id, title, CheckOutcome::Pass, ""),
            gaps => not_checked(id, title, &counted(gaps, "gap", "gaps")),
        }
    }

    fn period_check(&self, coverage: &[Coverage]) -> Check {
        let (id, title) = ("period", "Signed digests cover the review period without a gap");
        let Some(period) = self.period else {
            let why = match self.bundle.request.period {
                Some(_) => "the review period cannot be read",
                None => "no review period was named",
            };
            return not_checked(id, title, why);
        };
        match lacking(coverage, period) {
            None => simple(id, title, CheckOutcome::Pass, &period.to_string()),
            Some(why) => not_checked(id, title, &why),
        }
    }

    fn earlier_check(&self) -> Check {
        tallied(
            "earlier_import",
            "Every head of an earlier import is here",
            self.tally.earlier,
            0,
            &words(
                "are here",
                "is not",
                "are not",
                "no earlier import begins with the same event",
            ),
        )
    }

    fn incomplete(&self) -> String {
        let t = &self.tally;
        let mut said = Vec::new();
        if t.digests_missing > 0 {
            said.push(counted(
                t.digests_missing,
                "digest is missing",
                "digests are missing",
            ));
        }
        if t.logs_missing > 0 {
            said.push(counted(
                t.logs_missing,
                "listed log is missing",
                "listed logs are missing",
            ));
        }
        if t.unlisted_inside > 0 {
            let many = "logs are here that no digest lists";
            said.push(counted(
                t.unlisted_inside,
                "log is here that no digest lists",
                many,
            ));
        }
        if t.earlier.failed > 0 {
            said.push("an earlier import went further than this one, or is a fork of it".into());
        }
        format!("{}.", said.join("; "))
    }

    fn complete(&self) -> String {
        match self.period {
            Some(period) => format!(
                "Signed digests cover {period} without a gap, and every log that they list for it is here."
            ),
            None => "From the first digest there ever was to the last one, whose hash you were told, nothing is missing.".into(),
        }
    }

    /// Why nothing contradicts completeness and nothing proves it.
    fn why_open(&self, coverage: &[Coverage]) -> Option<String> {
        let t = &self.tally;
        if t.digests_unread + t.logs_unread + t.form.failed + t.over_limit > 0 {
            return Some(
                "A part of the bundle could not be judged, so it is not known what it would list.".into(),
            );
        }
        if t.logs.failed + t.placed.failed + t.links.failed + t.apart + t.trailing > 0 {
            return Some(
                "What is here is not as the digests list it, so that the list is met by other files.".into(),
            );
        }
        if t.gaps > 0 {
            return Some(format!(
                "The digests break off {}: logging or validation was stopped, and what happened meanwhile nobody says.",
                counted(t.gaps, "time", "times")
            ));
        }
        if t.unlisted_outside > 0 {
            return Some(
                "A log is here that no digest lists, so that the digests do not tell what there was.".into(),
            );
        }
        if !self.all_pinned() && self.period.is_none() {
            return Some("No pinned key signs every digest, so that what they list can be shortened by whoever wrote them.".into());
        }
        if self.period.is_none() && self.bundle.request.period.is_some() {
            return Some("The review period cannot be read, so that nothing was held against it.".into());
        }
        match self.period {
            Some(period) => lacking(coverage, period)
                .map(|why| format!("The review period {period} is not covered by signed digests: {why}.")),
            None => self.open_ends(coverage),
        }
    }

    /// Without a period, the first digest there ever was and a told head fix both ends.
    fn open_ends(&self, coverage: &[Coverage]) -> Option<String> {
        let told = &self.bundle.request.expect_head;
        let heads = self.heads();
        let is_told = |head: &ChainHead| {
            told.iter()
                .any(|told| told.trim().eq_ignore_ascii_case(&head.head))
        };
        let ends_fixed = !heads.is_empty() && heads.iter().all(is_told);
        if self.all_begin() && ends_fixed {
            return None;
        }
        let whole = coverage.iter().filter_map(|coverage| coverage.whole);
        let span = whole.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let between = span.map_or_else(String::new, |(from, to)| {
            format!(", from {} to {}", at(from), at(to))
        });
        Some(format!(
            "Between the first and the last digest{between}, nothing is missing. No review period was named, so that it is \
             open whether the trail should reach further."
        ))
    }
}

/// Which chain does not cover the period, and how. Digests that were made afterwards cover no time.
fn lacking(coverage: &[Coverage], period: crate::period::Period) -> Option<String> {
    let mut regular = coverage.iter().filter(|one| !one.is_backfill).peekable();
    if regular.peek().is_none() {
        return Some("there is no chain of hourly digests".into());
    }
    regular
        .find(|one| !one.covers(period))
        .map(|one| one.lacks(period))
}
