//! Two hundred custody events, two signatures, and how to perform it again.

use tickmark_report::model::{Custody, CustodyEvent, Recipe, SignOff, Signer, Step, Term};

use super::{HOSTILE, hex};

pub fn custody() -> Custody {
    let actions = [
        (
            "record_opened",
            "Opened record 61,874 of bundle B1 beside its original bytes.",
        ),
        (
            "result_recorded",
            "Recorded the result of draw 22 of A1: deviation.",
        ),
        ("note_written", "Wrote a note on record 88,288 of bundle B1."),
        ("bundle_judged", "Judged bundle B1 again: refuted, as before."),
        (
            "identity_unmasked",
            "Unmasked one identity in record 88,288 of bundle B1, ground: finding F-03.",
        ),
    ];
    let event = |seq: u64| {
        let (action, sentence) = match seq {
            1 => ("vault_created", "Created the vault."),
            14 => (
                "bundle_imported",
                "Imported credit-assistant-2026-Q3: 184,212 records, refuted.",
            ),
            15 => (
                "bundle_imported",
                "Imported cloud-trail-2026-Q3: 61,480 records, proven.",
            ),
            16 => (
                "bundle_imported",
                "Imported chat-traces-2026-Q3: 41,907 records, not proven.",
            ),
            31 => ("plan_frozen", "Froze plan A1 with a population of 9,214 records."),
            32 => ("sample_drawn", "Drew 94 units for plan A1."),
            200 => ("engagement_sealed", "Sealed the engagement."),
            60 => ("note_written", HOSTILE[4]),
            _ => actions[seq as usize % actions.len()],
        };
        CustodyEvent {
            seq,
            time: format!(
                "2026-11-{:02}T{:02}:{:02}:{:02}+01:00",
                20 + seq / 40,
                9 + seq % 8,
                (seq * 7) % 60,
                (seq * 13) % 60
            ),
            actor: if seq.is_multiple_of(3) {
                "S. Second".into()
            } else {
                "R. Preparer".into()
            },
            action: action.into(),
            sentence: sentence.into(),
            hash: hex(&format!("custody {seq}")),
        }
    };
    let events: Vec<CustodyEvent> = (1..=200).map(event).collect();
    Custody {
        count: 200,
        head: events.last().unwrap().hash.clone(),
        events,
        signers: vec![
            Signer {
                name: "R. Preparer".into(),
                fingerprint: hex("preparer"),
            },
            Signer {
                name: "S. Second".into(),
                fingerprint: hex("second"),
            },
        ],
    }
}

pub fn sign_offs() -> Vec<SignOff> {
    vec![
        SignOff {
            role: "Preparer".into(),
            name: "R. Preparer".into(),
            meaning: "I performed these procedures and recorded what I found.".into(),
            at: "2026-12-04T10:52:00+01:00".into(),
            clock: "machine clock".into(),
            key: hex("preparer"),
            statement: Some(hex("statement one")),
            signature: None,
        },
        SignOff {
            role: "Second reviewer".into(),
            name: "S. Second".into(),
            meaning: "I reviewed the work and agree with the findings as stated.".into(),
            at: "2026-12-04T11:18:00+01:00".into(),
            clock: "machine clock".into(),
            key: hex("second"),
            statement: Some(hex("statement two")),
            signature: None,
        },
    ]
}

pub fn recipe() -> Recipe {
    Recipe {
        needs: "With the received bundles and the keys beside this report, every figure can be computed again: by Tickmark, or with sha256sum, Python and the published rules.".into(),
        steps: vec![
            Step { title: "The bundles".into(), text: "The digest of each received file is that of chapter 3.".into(), command: "sha256sum credit-assistant-2026-Q3.zip".into(), expected: vec![format!("{}  credit-assistant-2026-Q3.zip", hex("credit-assistant-2026-Q3"))] },
            Step { title: "The verdicts".into(), text: "Judge each bundle again with the pinned keys.".into(), command: "tickmark verify credit-assistant-2026-Q3.zip --trust trust/ --json".into(), expected: vec!["\"verdict\":\"refuted\"".into(), "exit status 1".into()] },
            Step { title: "The draw".into(), text: "Draw again from seed, population and algorithm.".into(), command: "tickmark draw --method rivest --seed 83042917560318842095 --population 9214 --count 94 --json".into(), expected: vec!["the positions of appendix A.1, in the same order".into()] },
            Step { title: "The limits".into(), text: String::new(), command: "tickmark evaluate --sample 93 --deviations 2 --confidence 95% --population 9214 --json".into(), expected: vec!["\"upper_limit\":0.06576080746690907".into()] },
            Step { title: "The whole report".into(), text: "Tickmark recomputes every figure of this report from the bundles.".into(), command: "tickmark verify-report report.pdf --bundle credit-assistant-2026-Q3.zip --bundle cloud-trail-2026-Q3 --bundle chat-traces-2026-Q3.json --trust trust/".into(), expected: vec!["exit status 0: all agrees".into()] },
        ],
    }
}

pub fn glossary() -> Vec<Term> {
    [
        ("Bundle", "What was delivered as one file or folder."),
        (
            "Record",
            "One entry of the audited log. Its id is the SHA-256 of its received bytes.",
        ),
        (
            "Claim",
            "What is judged of a bundle: integrity, authenticity, completeness, time.",
        ),
        ("Population", "All records that an attribute is asked of."),
        ("Deviation", "A unit that departs from what is prescribed."),
        (
            "Upper limit",
            "With the stated confidence no larger part of the population deviates.",
        ),
        (
            "Custody",
            "Who had or touched evidence, and when; nothing is ever removed from it.",
        ),
    ]
    .map(|(term, meaning)| Term {
        term: term.into(),
        meaning: meaning.into(),
    })
    .to_vec()
}
