//! From what was counted to the claims. Several query results: each claim is the weakest one's.

use super::{Case, LIST};
use crate::built_in::Judgement;
use crate::built_in::aws::Signed;
use crate::claims::check::{Words, any_fails, not_checked, tallied};
use crate::ledger::Tally;
use crate::phrase::counted;
use crate::verification::{Basis, ChainHead, Check, Claim, ClaimOutcome};

impl Case<'_> {
    pub(super) fn conclude(mut self) -> Judgement {
        self.judgement.claims.integrity = self.integrity();
        self.judgement.claims.authenticity = self.authenticity();
        self.judgement.claims.completeness = self.completeness();
        self.judgement.claims.time = Claim {
            outcome: ClaimOutcome::NotProven,
            basis: None,
            sentence: "Every time is AWS's own word, and the time of the query is not even signed.".into(),
            checks: vec![not_checked(
                "third_party_time",
                "Somebody else's time stamp covers the result",
                "the format has none",
            )],
        };
        self.judgement.keys = self.keys.used(&self.signers);
        self.judgement.chains = self
            .queries
            .iter()
            .map(|query| ChainHead {
                chain: None,
                records: query.records,
                starts_at_genesis: false,
                first_seq: None,
                last_seq: None,
                head: query
                    .list
                    .files
                    .last()
                    .map_or_else(String::new, |(_, sha256)| sha256.clone()),
            })
            .collect();
        if !self.queries.is_empty() {
            let unsigned = ["/region", "/queryCompleteTime", "/files/*/fileName"];
            self.judgement.uncovered_fields = unsigned.map(str::to_owned).to_vec();
        }
        self.judgement.not_proven = self.not_proven();
        self.judgement.next_steps = self.next_steps();
        if self.tally.beside > 0 {
            let beside = counted(
                self.tally.beside,
                "member beside the result is",
                "members beside the result are",
            );
            self.judgement.warnings.push(format!(
                "{beside} no result file, and nothing covers what is in there."
            ));
        }
        self.judgement
    }

    fn count(&self, is: impl Fn(Signed) -> bool) -> u64 {
        self.queries.iter().filter(|query| is(query.signed)).count() as u64
    }

    fn all_pinned(&self) -> bool {
        !self.queries.is_empty()
            && self
                .queries
                .iter()
                .all(|query| matches!(query.signed, Signed::Pinned(_)))
    }

    fn is_unread(&self) -> bool {
        self.tally.files_unread + self.tally.over_limit > 0
    }

    fn integrity(&self) -> Claim {
        let t = &self.tally;
        let carried_fails = self.count(|signed| signed == Signed::CarriedFails);
        let checks = vec![
            check(
                "result_sign",
                "The signed list can be read, and lists files",
                t.lists,
                0,
                "no list is here",
            ),
            check(
                "result_hash",
                "Every result file is the one that is listed",
                t.files,
                t.files_unread,
                "no listed file is here",
            ),
            check(
                "one_gzip_member",
                "Nothing follows the first gzip member of a file",
                Tally {
                    passed: t.files.passed,
                    failed: t.trailing,
                },
                0,
                "no file was read",
            ),
            check(
                "record_readable",
                "Every result file can be read, row by row",
                t.readable,
                t.over_limit,
                "no row is here",
            ),
            check(
                "signature_content",
                "No signature contradicts what it stands on",
                Tally {
                    passed: self.count(Signed::verifies),
                    failed: carried_fails,
                },
                0,
                "no signature was held against a key",
            ),
        ];
        let sentence = if t.files.failed > 0 {
            format!(
                "{} not as listed: altered since.",
                counted(t.files.failed, "result file is", "result files are")
            )
        } else if t.lists.failed > 0 {
            "The signed list cannot be used.".into()
        } else if t.trailing > 0 {
            "A result file goes on after its first gzip member.".into()
        } else if t.readable.failed > 0 {
            "A result file cannot be read to its end.".into()
        } else if carried_fails > 0 {
            "The signature does not fit the key in the bundle.".into()
        } else if self.queries.is_empty() {
            format!("No {LIST} can be read, so that no hash covers any result.")
        } else if self.is_unread() {
            "A part of the bundle could not be read, so it was not judged.".into()
        } else if t.unlisted > 0 {
            "A result file is in no signed list, so that no hash covers its rows.".into()
        } else if self.all_pinned() {
            "Every result file has the hash that is listed, and a pinned key signed the hashes.".into()
        } else {
            "Every result file has the hash that is listed; but whoever can write this bundle can remake it."
                .into()
        };
        let is_open = self.queries.is_empty() || self.is_unread() || t.unlisted > 0;
        let (outcome, basis) = if any_fails(&checks) {
            (ClaimOutcome::Refuted, None)
        } else if is_open {
            (ClaimOutcome::NotProven, None)
        } else if self.all_pinned() {
            (ClaimOutcome::Proven, Some(Basis::Anchored))
        } else {
            (ClaimOutcome::Proven, Some(Basis::SelfConsistent))
        };
        Claim {
            outcome,
            basis,
            sentence,
            checks,
        }
    }

    fn authenticity(&self) -> Claim {
        let wrong = self.count(|signed| matches!(signed, Signed::Wrong { .. } | Signed::Malformed));
        let pinned = self.count(|signed| matches!(signed, Signed::Pinned(_)));
        let open = self.queries.len() as u64 - wrong - pinned;
        let checks = vec![check(
            "result_signature",
            "A pinned key signed the list of every result",
            Tally {
                passed: pinned,
                failed: wrong,
            },
            open,
            "no list is here",
        )];
        let unpinned = self
            .queries
            .iter()
            .find(|query| !matches!(query.signed, Signed::Pinned(_)));
        let (outcome, sentence) = if wrong > 0 {
            let carried = self.count(|signed| {
                signed
                    == Signed::Wrong {
                        carried_verifies: true,
                    }
            });
            let also = if carried > 0 {
                "; it fits the key that the bundle carries"
            } else {
                ""
            };
            (
                ClaimOutcome::Refuted,
                format!("The signature does not fit the pinned key{also}."),
            )
        } else if let Some(query) = unpinned {
            let sentence = format!(
                "No key with the fingerprint {} is pinned, so that it is not known who signed.",
                query.list.fingerprint
            );
            (ClaimOutcome::NotProven, sentence)
        } else if self.queries.is_empty()
            || self.tally.unreached_records > 0
            || self.is_unread()
            || self.tally.lists.failed > 0
        {
            (ClaimOutcome::NotProven, "No signature reaches every row.".into())
        } else {
            let sentence =
                "AWS CloudTrail Lake wrote this result: the pinned key signed the hashes of all its files.";
            (ClaimOutcome::Proven, sentence.into())
        };
        Claim {
            outcome,
            basis: None,
            sentence,
            checks,
        }
    }

    fn completeness(&self) -> Claim {
        let t = &self.tally;
        let here = t.files.passed + t.files.failed;
        let checks = vec![
            check(
                "result_present",
                "Every listed result file is here",
                Tally {
                    passed: here,
                    failed: t.missing,
                },
                0,
                "no file is listed",
            ),
            check(
                "result_listed",
                "Every result file that is here is listed",
                Tally {
                    passed: here,
                    failed: t.unlisted,
                },
                0,
                "no result file is here",
            ),
        ];
        let (outcome, sentence) = if t.missing > 0 {
            let count = counted(t.missing, "listed result file is", "listed result files are");
            (ClaimOutcome::Refuted, format!("{count} missing."))
        } else if t.unlisted > 0 {
            let count = counted(t.unlisted, "result file is", "result files are");
            (
                ClaimOutcome::Refuted,
                format!("{count} here that no signed list names."),
            )
        } else if !self.all_pinned() || self.is_unread() || t.lists.failed > 0 {
            (
                ClaimOutcome::NotProven,
                "No pinned key signs which files the result has.".into(),
            )
        } else if t.files.failed + t.trailing > 0 {
            (
                ClaimOutcome::NotProven,
                "What is here is not what is listed.".into(),
            )
        } else {
            let sentence =
                "Every file of the signed list is here, and no other: the result of the query is whole.";
            (ClaimOutcome::Proven, sentence.into())
        };
        Claim {
            outcome,
            basis: None,
            sentence,
            checks,
        }
    }

    fn not_proven(&self) -> Vec<String> {
        let claims = &self.judgement.claims;
        let mut lines = vec![
            "That the query asked for everything: what was asked is not in the bundle.".to_owned(),
            "The region, the time of the query and the names of its files: no signature covers them."
                .to_owned(),
        ];
        lines.push("Whose result it is: AWS signs for all its customers with the same keys, and the list names no account.".into());
        if claims.authenticity.outcome != ClaimOutcome::Proven {
            lines.push("Who wrote the result.".into());
        }
        if claims.completeness.outcome != ClaimOutcome::Proven {
            lines.push("That every file of the result is here.".into());
        }
        if self.queries.len() > 1 {
            lines.push("That these are all the queries there were.".into());
        }
        lines.push("That any time shown is true.".into());
        if self.bundle.request.period.is_some() {
            lines.push("That the review period is covered: this format states no period.".into());
        }
        lines
    }

    fn next_steps(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let open =
            self.count(|signed| matches!(signed, Signed::NoKey | Signed::Carried(_) | Signed::CarriedFails));
        if open > 0 {
            lines.push(
                "Pin the key: fetch it from AWS yourself with `aws cloudtrail list-public-keys` for the region and the time of the \
                 query."
                    .into(),
            );
        }
        lines.push("Ask for the text of the query: it says what the result is a result of.".into());
        if self.judgement.faults.total() > 0 {
            lines.push(
                "Write a finding from the faults, and ask for the bundle again from its source.".into(),
            );
        }
        lines
    }
}

fn check(id: &str, title: &str, tally: Tally, open: u64, none: &'static str) -> Check {
    let words = Words {
        holds: "hold",
        fails: "does not",
        fail: "do not",
        none,
    };
    tallied(id, title, tally, open, &words)
}
