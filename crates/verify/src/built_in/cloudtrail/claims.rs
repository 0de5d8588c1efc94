//! From what was counted to the claims (design, section 4). Several chains: each claim is its weakest chain's.

use tickmark_crypto::encoding::hex;

use super::coverage::Coverage;
use super::{Case, Vouched, at, name};
use crate::built_in::Judgement;
use crate::built_in::aws::Signed;
use crate::claims::check::{Words, any_fails, not_applicable, not_checked, simple, tallied};
use crate::fault::fault;
use crate::ledger::Tally;
use crate::phrase::{counted, either, stated_time};
use crate::verification::{Basis, ChainHead, Check, CheckOutcome, Claim, ClaimOutcome};

impl Case<'_> {
    pub(super) fn conclude(mut self) -> Judgement {
        self.recall();
        let coverage = self.coverage();
        self.judgement.claims.integrity = self.integrity();
        self.judgement.claims.authenticity = self.authenticity();
        self.judgement.claims.completeness = self.completeness(&coverage);
        self.judgement.claims.time = time();
        self.judgement.chains = self.heads();
        self.judgement.keys = self.keys.used(&self.signers);
        self.judgement.not_proven = self.not_proven(&coverage);
        self.judgement.next_steps = self.next_steps();
        self.judgement.warnings = self.warnings();
        self.judgement
    }

    /// Holds every chain against the heads of earlier imports that begin with the same event.
    fn recall(&mut self) {
        let mut told = Vec::new();
        for chain in &self.chains {
            let first = self.firsts.get(&chain.id).map(|id| hex(id));
            let same = self.bundle.request.remembered.iter().filter(|head| {
                head.chain.as_deref() == Some(&chain.id) && Some(&head.first_id) == first.as_ref()
            });
            for head in same {
                let mut digests = chain
                    .digests
                    .iter()
                    .filter_map(|number| self.digests.get(*number));
                let is_here = digests.any(|digest| digest.sha256 == head.head);
                self.tally.earlier.count(is_here);
                if !is_here {
                    let sentence = format!(
                        "The digest at which {} ended at the import of {} is not here: this is shorter, or a fork.",
                        chain.id,
                        stated_time(&head.imported_at)
                    );
                    let mut difference = fault("rollback", "completeness", sentence);
                    difference.expected = Some(head.head.clone());
                    told.push(difference);
                }
            }
        }
        for fault in told {
            self.tell(fault);
        }
    }

    fn integrity(&self) -> Claim {
        let t = &self.tally;
        let checks = vec![
            tallied(
                "digest_format",
                "Every digest is in the form of a digest",
                t.form,
                t.digests_unread,
                &words("are", "is not", "are not", "no digest is here"),
            ),
            tallied(
                "object_place",
                "Every object lies where it was written",
                t.placed,
                t.unplaced,
                &words("lie there", "was moved", "were moved", "no object is here"),
            ),
            tallied(
                "digest_link",
                "Every digest has the hash that the next one links to",
                t.links,
                0,
                &words(
                    "have it",
                    "has not",
                    "have not",
                    "no digest links to another one that is here",
                ),
            ),
            tallied(
                "digest_order",
                "No digest stands beside its chain",
                Tally {
                    passed: self.digests.len() as u64 - t.apart,
                    failed: t.apart,
                },
                0,
                &words("follow one another", "does not", "do not", "no digest is here"),
            ),
            tallied(
                "log_hash",
                "Every log is the one that its digest lists",
                t.logs,
                t.logs_unread,
                &words("are", "is not", "are not", "no listed log is here"),
            ),
            self.reached(),
            tallied(
                "one_gzip_member",
                "Nothing follows the first gzip member of a file",
                Tally {
                    passed: t.form.passed + t.logs.passed,
                    failed: t.trailing,
                },
                0,
                &words("end with it", "goes on", "go on", "no file was read"),
            ),
            tallied(
                "record_readable",
                "Every log can be read, event by event",
                t.readable,
                t.over_limit,
                &words("can be read", "cannot", "cannot", "no event is here"),
            ),
            self.signature_content(),
        ];
        let sentence = self.integrity_sentence();
        let is_open = t.digests_unread + t.logs_unread + t.over_limit + t.unlisted_records > 0
            || t.unlisted_outside + t.unlisted_inside > 0
            || self.digests.is_empty();
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

    /// The worst first.
    fn integrity_sentence(&self) -> String {
        let t = &self.tally;
        let told = |count: u64, one: &str, many: &str| counted(count, one, many);
        if t.logs.failed > 0 {
            let count = told(t.logs.failed, "log is", "logs are");
            return format!("{count} not as the digest lists: altered since.");
        }
        if t.links.failed > 0 {
            let count = told(t.links.failed, "digest is", "digests are");
            return format!("{count} not the one that the next digest links to: altered since.");
        }
        if t.form.failed > 0 {
            return format!(
                "{} an invalid format.",
                told(t.form.failed, "digest has", "digests have")
            );
        }
        if t.trailing > 0 {
            return format!(
                "{} on after the part that the digest covers.",
                told(t.trailing, "file goes", "files go")
            );
        }
        if t.placed.failed > 0 {
            return format!(
                "{} moved from where CloudTrail wrote it.",
                told(t.placed.failed, "object was", "objects were")
            );
        }
        if t.apart > 0 {
            return format!(
                "{} beside the chain.",
                told(t.apart, "digest stands", "digests stand")
            );
        }
        if t.readable.failed > 0 {
            return "A log or an event in it cannot be read.".into();
        }
        if self.carried_fails() > 0 {
            return "A signature does not fit the key in the bundle.".into();
        }
        if self.digests.is_empty() {
            return "No digest can be read, so that no hash covers any log.".into();
        }
        if t.digests_unread + t.logs_unread + t.over_limit > 0 {
            return "A part of the bundle could not be read, so it was not judged.".into();
        }
        let unlisted = t.unlisted_inside + t.unlisted_outside;
        if unlisted > 0 {
            return format!(
                "{} listed in no digest, so that no hash covers the events in {}.",
                told(unlisted, "log is", "logs are"),
                either(unlisted, "it", "them")
            );
        }
        let agree = "Every log agrees with its digest, and every digest with the next one";
        if self.all_pinned() {
            return format!("{agree}; a pinned key signed every digest.");
        }
        format!("{agree}; but whoever can write this file can remake it.")
    }

    fn reached(&self) -> Check {
        let (id, title) = ("log_reached", "Every log that is here is covered by a digest");
        let unlisted = self.tally.unlisted_inside + self.tally.unlisted_outside;
        match unlisted {
            0 if self.tally.logs.passed == 0 => not_applicable(id, title, "no log is here"),
            0 => simple(id, title, CheckOutcome::Pass, ""),
            _ => not_checked(
                id,
                title,
                &format!("{} in no digest", counted(unlisted, "log stands", "logs stand")),
            ),
        }
    }

    fn carried_fails(&self) -> u64 {
        self.count(|vouched| *vouched == Vouched::Signed(Signed::CarriedFails))
    }

    fn count(&self, is: impl Fn(&Vouched) -> bool) -> u64 {
        self.vouched.iter().filter(|vouched| is(vouched)).count() as u64
    }

    fn signature_content(&self) -> Check {
        let tally = Tally {
            passed: self.count(Vouched::verifies),
            failed: self.carried_fails(),
        };
        tallied(
            "signature_content",
            "No signature contradicts what it stands on",
            tally,
            0,
            &words("fit", "does not", "do not", "no signature was held against a key"),
        )
    }

    fn authenticity(&self) -> Claim {
        let is = |wanted: fn(&Signed) -> bool| {
            self.count(|vouched| matches!(vouched, Vouched::Signed(signed) if wanted(signed)))
        };
        let wrong = is(|signed| matches!(signed, Signed::Wrong { .. } | Signed::Malformed));
        let carried = is(|signed| {
            matches!(
                signed,
                Signed::Wrong {
                    carried_verifies: true
                }
            )
        });
        let pinned = self.count(Vouched::is_pinned);
        let open = self.digests.len() as u64 - wrong - pinned;
        let check = tallied(
            "digest_signature",
            "A pinned key signed every digest",
            Tally {
                passed: pinned,
                failed: wrong,
            },
            open,
            &words("are signed by it", "is not", "are not", "no digest is here"),
        );
        let (outcome, sentence) = if wrong > 0 {
            let also = if carried > 0 {
                "; it fits the key that the bundle carries"
            } else {
                ""
            };
            let count = counted(wrong, "digest", "digests");
            let sentence = format!("The signature of {count} does not fit the pinned key{also}.");
            (ClaimOutcome::Refuted, sentence)
        } else if let Some(why) = self.not_authentic() {
            (ClaimOutcome::NotProven, why)
        } else {
            let sentence = format!(
                "AWS CloudTrail recorded this for {}: the pinned key signed every digest, and the digests reach every event.",
                self.accounts()
            );
            (ClaimOutcome::Proven, sentence)
        };
        Claim {
            outcome,
            basis: None,
            sentence,
            checks: vec![check],
        }
    }

    /// The accounts that the digests name: AWS signs for all of them with one key.
    fn accounts(&self) -> String {
        let account = |id: &str| id.split('_').next().unwrap_or_default().to_owned();
        let mut accounts: Vec<String> = self.chains.iter().map(|chain| account(&chain.id)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let count = accounts.len() as u64;
        accounts.truncate(MOST_NAMED);
        let more = if count > MOST_NAMED as u64 { " …" } else { "" };
        format!(
            "{} {}{more}",
            either(count, "account", "accounts"),
            accounts.join(", ")
        )
    }

    /// Why it is not shown who recorded every event.
    fn not_authentic(&self) -> Option<String> {
        let t = &self.tally;
        if self.digests.is_empty() {
            return Some("No digest can be read, so that no signature reaches any log.".into());
        }
        let first = |is: fn(&Vouched) -> bool| {
            let number = self.vouched.iter().position(is)?;
            self.digests.get(number)
        };
        if let Some(digest) = first(|vouched| *vouched == Vouched::Unsigned) {
            let name = name::base(&digest.object);
            return Some(format!(
                "The signature of the digest {name} is not here: the metadata of its object has it, or the digest after it."
            ));
        }
        if let Some(why) = self.out_of_force() {
            return Some(why);
        }
        if let Some(digest) = first(|vouched| !vouched.is_pinned()) {
            let carried = self.count(|vouched| matches!(vouched, Vouched::Signed(Signed::Carried(_))));
            let also = match carried {
                0 => "",
                _ => {
                    " The key that the bundle carries fits, which proves only that the bundle agrees with itself."
                }
            };
            return Some(format!(
                "No key with the fingerprint {} is pinned, so that it is not known who signed.{also}",
                digest.fingerprint
            ));
        }
        let unreached = t.unlisted_records + t.altered_records;
        if unreached > 0 {
            let count = counted(unreached, "event", "events");
            return Some(format!(
                "No signature reaches {count}: the logs are unlisted or altered."
            ));
        }
        let unread = t.digests_unread + t.logs_unread + t.form.failed + t.over_limit;
        (unread > 0)
            .then(|| "A part of the bundle could not be judged, so no signature speaks for it.".into())
    }

    /// What is said of the first digest whose key, by the period that is stated of it, did not sign at that time.
    fn out_of_force(&self) -> Option<String> {
        let (digest, index) = self
            .digests
            .iter()
            .zip(&self.vouched)
            .find_map(|(digest, vouched)| match vouched {
                Vouched::Signed(Signed::OutOfForce(index)) => Some((digest, *index)),
                _ => None,
            })?;
        let key = self.bundle.request.trust.keys().get(index)?;
        Some(format!(
            "The key {} fits the signature of the digest {}, but by the period that is stated of it ({}) it did not sign for \
             AWS then. So it is not shown who did.",
            digest.fingerprint,
            name::base(&digest.object),
            key.period_said()
        ))
    }

    fn completeness(&self, coverage: &[Coverage]) -> Claim {
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

    fn present(&self, id: &str, title: &str, tally: Tally, none: &'static str) -> Check {
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

    fn heads(&self) -> Vec<ChainHead> {
        self.chains
            .iter()
            .filter_map(|chain| {
                let first = self.digests.get(*chain.digests.first()?)?;
                let last = self.digests.get(*chain.digests.last()?)?;
                Some(ChainHead {
                    chain: Some(chain.id.clone()),
                    records: self.chain_records.get(&chain.id).copied().unwrap_or_default(),
                    starts_at_genesis: first.previous.is_none(),
                    first_seq: Some(crate::period::rfc3339(first.start)),
                    last_seq: Some(last.end_text.clone()),
                    head: last.sha256.clone(),
                })
            })
            .collect()
    }

    fn not_proven(&self, coverage: &[Coverage]) -> Vec<String> {
        let claims = &self.judgement.claims;
        let mut lines = vec!["That nothing was left out before CloudTrail delivered it.".to_owned()];
        if claims.integrity.outcome != ClaimOutcome::Proven {
            lines.push("That every event is as it was recorded.".into());
        } else if claims.integrity.basis == Some(Basis::SelfConsistent) {
            lines.push("That nobody remade the whole bundle: it agrees with itself only.".into());
        }
        if claims.authenticity.outcome != ClaimOutcome::Proven {
            lines.push("Who recorded it.".into());
        }
        if claims.completeness.outcome == ClaimOutcome::Proven {
            lines.push(
                "That nothing of the last minutes was delivered later: CloudTrail delivers late, and only the digests of a \
                 further hour or two show it."
                    .into(),
            );
        } else {
            lines.push("That every log of the time in question is here.".into());
        }
        if !self.chains.is_empty() {
            lines.push(format!(
                "That this is the right account: AWS signs for all its customers with the same keys. Compare {}, and the trails' \
                 names, with what you expect.",
                self.accounts()
            ));
        }
        let chains = coverage.len() as u64;
        lines.push(format!(
            "That there is no other account, region or trail: {} here.",
            counted(chains, "chain of digests is", "chains of digests are")
        ));
        lines.push(
            "That any time shown is true: digests and events carry AWS's own word, and no third party's."
                .into(),
        );
        if self.tally.unplaced > 0 {
            lines.push("Where the objects lay in the bucket: the bundle does not keep its folders.".into());
        }
        lines
    }

    fn next_steps(&self) -> Vec<String> {
        let (t, claims) = (&self.tally, &self.judgement.claims);
        let mut lines = Vec::new();
        let unpinned = self.count(|vouched| {
            matches!(
                vouched,
                Vouched::Signed(Signed::NoKey | Signed::Carried(_) | Signed::CarriedFails)
            )
        });
        if unpinned > 0 {
            lines.push(
                "Pin the key: fetch it from AWS yourself with `aws cloudtrail list-public-keys` for the region and the time of the \
                 digests."
                    .into(),
            );
        }
        if self.count(|vouched| *vouched == Vouched::Unsigned) > 0 {
            lines.push(
                "Ask for the metadata of the newest digest (`aws s3api head-object`), or for the digest after it: its signature \
                 stands there."
                    .into(),
            );
        }
        if self.out_of_force().is_some() {
            lines.push(
                "Fetch the keys for the time of the digests from AWS again (`aws cloudtrail list-public-keys`), and ask how a key of \
                 another time could sign them."
                    .into(),
            );
        }
        if self.period.is_none() {
            lines.push("Name the review period. Completeness is judged against it.".into());
        }
        if t.digests_missing + t.logs_missing > 0 {
            lines.push("Ask who deleted what is missing: earlier versions of the objects may still be in the bucket.".into());
        }
        if t.gaps > 0 {
            lines.push("Ask when logging or validation was stopped, by whom, and on whose order.".into());
        }
        if [&claims.integrity, &claims.authenticity, &claims.completeness]
            .iter()
            .any(|claim| claim.outcome == ClaimOutcome::Refuted)
        {
            lines.push(
                "Write a finding from the faults, and ask for the bundle again from its source.".into(),
            );
        }
        lines.push("Records can be searched and sampled; the report carries this verdict.".into());
        lines
    }

    fn warnings(&self) -> Vec<String> {
        let t = &self.tally;
        let mut lines = self.warnings.clone();
        if t.logs_missing_outside > 0 {
            lines.push(format!(
                "{} outside the review period and not here.",
                counted(t.logs_missing_outside, "listed log lies", "listed logs lie")
            ));
        }
        if t.holes_outside > 0 {
            lines.push(format!(
                "{} missing outside the review period.",
                counted(t.holes_outside, "digest or span is", "digests or spans are")
            ));
        }
        if t.unplaced > 0 {
            lines.push(format!(
                "{} found by name alone, so that it was not checked where they lay.",
                counted(t.unplaced, "object was", "objects were")
            ));
        }
        let apart = self.members_apart();
        if apart > 0 {
            lines.push(format!(
                "{} no part of the trail and {} not read as records.",
                counted(apart, "member is", "members are"),
                either(apart, "was", "were")
            ));
        }
        lines
    }

    fn members_apart(&self) -> u64 {
        let is_part = |member: u32, name: &str| {
            let content = self
                .bundle
                .inventory
                .members
                .get(name)
                .and_then(|held| held.content.as_deref());
            name::DigestName::of(name).is_some()
                || name::LogName::of(name).is_some()
                || self.metadata.members.contains(&member)
                || crate::built_in::aws::is_key_list(name, content)
        };
        self.places
            .all()
            .filter(|(member, name)| !is_part(*member, name))
            .count() as u64
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

fn time() -> Claim {
    Claim {
        outcome: ClaimOutcome::NotProven,
        basis: None,
        sentence:
            "Every time is AWS's own word: it recorded the events, and no third party stamped the digests."
                .into(),
        checks: vec![not_checked(
            "third_party_time",
            "Somebody else's time stamp covers the last digest",
            "the format has none",
        )],
    }
}

fn words(holds: &'static str, fails: &'static str, fail: &'static str, none: &'static str) -> Words {
    Words {
        holds,
        fails,
        fail,
        none,
    }
}

const MOST_NAMED: usize = 5;
