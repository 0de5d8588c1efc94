//! The shipped profiles, each with a trail in its system's manner: what the whole one proves, and what every lie comes to.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::semicolon_if_nothing_returned
)]

use crate::kit;
use crate::manner;

use std::collections::BTreeMap;

use crate::kit::{Bundle, told};
use crate::manner::{Manner, all};
use serde_json::{Value, json};
use tickmark_verify::profile::{Profile, shipped};
use tickmark_verify::verification::{Basis, CheckOutcome, ClaimOutcome, Verification};
use tickmark_verify::{Decision, Request, decide};

const N: u64 = 8;

fn judge(manner: &Manner, stated: &[Value], held: &[Value], ask: impl FnOnce(&mut Request)) -> Verification {
    judge_under(manner, stated, held, &manner.trust, ask)
}

fn judge_under(
    manner: &Manner,
    stated: &[Value],
    held: &[Value],
    trust: &str,
    ask: impl FnOnce(&mut Request),
) -> Verification {
    let mut request = Request::default();
    if !trust.is_empty() {
        request.trust.add_file("pinned.toml", trust.as_bytes()).unwrap();
    }
    ask(&mut request);
    let v = verify(&(manner.pack)(stated, held), &request);
    assert_eq!(
        v.profile.as_ref().map(|profile| profile.id.as_str()),
        Some(manner.profile),
        "{}",
        told(&v)
    );
    v
}

fn verify(bundle: &Bundle, request: &Request) -> Verification {
    let v = bundle.verify(request).unwrap();
    kit::hold_together(&v);
    v
}

/// Runs every manner, and names those that do not hold.
fn each(hold: impl Fn(&Manner, &[Value]) -> Result<(), String>) {
    let wrong: Vec<String> = all()
        .iter()
        .enumerate()
        .filter_map(|(index, manner)| {
            let records = (manner.records)(N);
            let found = hold(manner, &records);
            found
                .err()
                .map(|what| format!("{} ({index}): {what}", manner.profile))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn ensure(truth: bool, what: &str, v: &Verification) -> Result<(), String> {
    if truth {
        Ok(())
    } else {
        Err(format!("{what}\n{}", told(v)))
    }
}

fn anchored(v: &Verification) -> bool {
    v.claims.integrity.basis == Some(Basis::Anchored)
}

fn proven(claim: &tickmark_verify::verification::Claim) -> bool {
    claim.outcome == ClaimOutcome::Proven
}

fn refuted(v: &Verification) -> bool {
    v.verdict == ClaimOutcome::Refuted && decide(v, &[]) == Decision::Refuted
}

/// The records that have faults.
fn places(v: &Verification) -> Vec<u64> {
    v.faults.iter().filter_map(|fault| fault.record).collect()
}

#[test]
fn whole() {
    each(|manner, records| {
        let v = judge(manner, records, records, |_| {});
        ensure(v.counts.records == N && v.counts.checked == N, "records", &v)?;
        ensure(v.faults.is_empty(), "no fault", &v)?;
        ensure(proven(&v.claims.integrity), "integrity", &v)?;
        ensure(anchored(&v) == manner.proves.anchored, "anchored", &v)?;
        ensure(
            proven(&v.claims.authenticity) == manner.proves.authentic,
            "authenticity",
            &v,
        )?;
        ensure(
            proven(&v.claims.completeness) == manner.proves.complete,
            "completeness",
            &v,
        )?;
        let all = manner.proves
            == manner::Proves {
                anchored: true,
                authentic: true,
                complete: true,
            };
        ensure((decide(&v, &[]) == Decision::Proven) == all, "decision", &v)
    });
}

#[test]
fn one_value_is_changed() {
    each(|manner, records| {
        let mut lie = records.to_vec();
        *lie[3].pointer_mut(manner.covered).unwrap() = json!("changed");
        let v = judge(manner, records, &lie, |_| {});
        ensure(refuted(&v), "refuted", &v)?;
        if manner.hash.is_some() {
            ensure(places(&v) == [4], "one fault, at record 4", &v)
        } else if manner.is_ordered {
            // the record's own signature tells, and the next record names another digest
            ensure(places(&v) == [4, 5], "faults at 4 and 5", &v)
        } else {
            ensure(places(&v) == [4], "one fault, at record 4", &v)
        }
    });
}

#[test]
fn a_recorded_hash_is_changed_or_gone() {
    each(|manner, records| {
        let Some(hash) = manner.hash else { return Ok(()) };
        let text = records[3].pointer(hash).unwrap().as_str().unwrap().to_owned();
        let upper = text.to_uppercase().replace("SHA256", "sha256");
        let flipped = if text.ends_with('0') { "1" } else { "0" };
        let last = format!("{}{flipped}", &text[..text.len() - 1]);
        for value in [json!(upper), json!(last), json!(""), Value::Null, json!(7)] {
            let mut lie = records.to_vec();
            *lie[3].pointer_mut(hash).unwrap() = value.clone();
            let v = judge(manner, records, &lie, |_| {});
            ensure(refuted(&v), &format!("refuted with {value}"), &v)?;
            ensure(places(&v).first() == Some(&4), "at record 4", &v)?;
        }
        Ok(())
    });
}

#[test]
fn dropped_swapped_doubled() {
    each(|manner, records| {
        let mut dropped = records.to_vec();
        dropped.remove(3);
        let mut swapped = records.to_vec();
        swapped.swap(3, 4);
        let mut doubled = records.to_vec();
        doubled.insert(4, records[3].clone());
        for (what, lie, place) in [
            ("dropped", dropped, 4),
            ("swapped", swapped, 4),
            ("doubled", doubled, 5),
        ] {
            let v = judge(manner, records, &lie, |_| {});
            ensure(!proven(&v.claims.completeness), what, &v)?;
            if !manner.is_ordered {
                continue;
            }
            ensure(refuted(&v), what, &v)?;
            // an unlinked trail is numbered; the place is the same
            ensure(places(&v).first() == Some(&place), what, &v)?;
        }
        Ok(())
    });
}

#[test]
fn remade_without_the_key() {
    each(|manner, records| {
        let mut fewer = records.to_vec();
        fewer.remove(3);
        let fewer = (manner.remake)(fewer);
        // restated too, as far as that needs no key
        for (stated, trust) in [
            (records, manner.trust.as_str()),
            (&fewer, &manner.trust),
            (&fewer, ""),
        ] {
            let v = judge_under(manner, stated, &fewer, trust, |_| {});
            if manner.is_ordered {
                // our own pack signs what it states; somebody without the key could not
                let is_signed_by_pack = manner.states_extent && manner.proves.complete && stated.len() == 7;
                ensure(!anchored(&v) || is_signed_by_pack, "not anchored", &v)?;
                ensure(
                    decide(&v, &[]) != Decision::Proven || is_signed_by_pack,
                    "not proven",
                    &v,
                )?;
            }
        }
        // the count that was told does not help, nor does padding to it
        let mut padded = fewer.clone();
        padded.push(records[2].clone());
        let padded = (manner.remake)(padded);
        let v = judge(manner, records, &padded, |request| request.expect_count = Some(N));
        ensure(!proven(&v.claims.completeness), "padded to the count", &v)?;
        ensure(decide(&v, &[]) != Decision::Proven, "padded to the count", &v)
    });
}

#[test]
fn the_end_is_cut() {
    each(|manner, records| {
        let v = judge(manner, records, &records[..6], |_| {});
        ensure(!proven(&v.claims.completeness), "not complete", &v)?;
        ensure(
            refuted(&v) == manner.states_extent,
            "refuted by what the bundle states",
            &v,
        )?;
        if manner.is_ordered {
            let v = judge(manner, records, &records[..6], |request| {
                request.expect_count = Some(N)
            });
            ensure(
                v.claims.completeness.outcome == ClaimOutcome::Refuted,
                "count",
                &v,
            )?;
        }
        Ok(())
    });
}

#[test]
fn the_beginning_is_cut() {
    each(|manner, records| {
        let held = &records[2..];
        let v = judge(manner, held, held, |request| {
            request.expect_head = vec![end_of(manner, records)];
        });
        ensure(!proven(&v.claims.completeness), "not complete", &v)?;
        ensure(!v.chains.iter().any(|chain| chain.starts_at_genesis), "start", &v)?;
        ensure(decide(&v, &[]) != Decision::Proven, "not proven", &v)
    });
}

/// The head of the whole trail.
fn end_of(manner: &Manner, records: &[Value]) -> String {
    judge(manner, records, records, |_| {}).chains[0].head.clone()
}

#[test]
fn what_was_told_is_held_against_the_end() {
    each(|manner, records| {
        let head = end_of(manner, records);
        let v = judge(manner, records, records, |request| {
            request.expect_head = vec![head.clone()]
        });
        let is_linked = !matches!(
            manner.profile,
            "vcp" | "actionproof" | "asqav-hash" | "w3c-vc" | "jws"
        );
        ensure(
            proven(&v.claims.completeness) == (is_linked || manner.proves.complete),
            "right head",
            &v,
        )?;
        ensure(
            anchored(&v) == (is_linked || manner.proves.anchored),
            "right head anchors",
            &v,
        )?;
        let wrong = [
            "0".repeat(64),
            String::new(),
            " ".into(),
            "null".into(),
            "genesis".into(),
        ];
        for told in wrong {
            let v = judge(manner, records, records, |request| {
                request.expect_head = vec![told]
            });
            ensure(
                v.claims.completeness.outcome == ClaimOutcome::Refuted,
                "wrong head",
                &v,
            )?;
        }
        let v = judge(manner, records, records, |request| request.expect_count = Some(N));
        let counts = manner.is_ordered && manner.proves.anchored && manner.signature.is_some();
        ensure(
            proven(&v.claims.completeness) == (counts || manner.proves.complete),
            "right count",
            &v,
        )?;
        let v = judge(manner, records, records, |request| {
            request.expect_count = Some(N + 1)
        });
        ensure(
            v.claims.completeness.outcome == ClaimOutcome::Refuted,
            "wrong count",
            &v,
        )
    });
}

#[test]
fn under_another_key_or_none() {
    let other = "[[key]]\nalgorithm = \"ed25519\"\nowner = \"Somebody\"\npublic_key = \
                 \"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\"\n";
    each(|manner, records| {
        if manner.trust.is_empty() {
            return Ok(());
        }
        let v = judge_under(manner, records, records, "", |_| {});
        ensure(
            v.claims.authenticity.outcome == ClaimOutcome::NotProven,
            "no key",
            &v,
        )?;
        ensure(!anchored(&v) && !proven(&v.claims.completeness), "no key", &v)?;
        ensure(decide(&v, &[]) == Decision::NotProven, "no key", &v)?;
        let is_ed25519 = manner.trust.contains("ed25519");
        if !is_ed25519 {
            // a key of another algorithm is no candidate
            let v = judge_under(manner, records, records, other, |_| {});
            return ensure(
                v.claims.authenticity.outcome == ClaimOutcome::NotProven,
                "other",
                &v,
            );
        }
        let v = judge_under(manner, records, records, other, |_| {});
        ensure(
            v.claims.authenticity.outcome == ClaimOutcome::Refuted,
            "another key",
            &v,
        )?;
        let says = v
            .claims
            .authenticity
            .sentence
            .contains("do fit the key found in the bundle");
        ensure(
            says == manner.carries_key,
            "says whether the carried key fits",
            &v,
        )
    });
}

#[test]
fn signatures_are_stripped() {
    each(|manner, records| {
        let Some(pointer) = manner.signature else {
            return Ok(());
        };
        for value in [Value::Null, json!(""), json!("AAAA"), json!(["x"])] {
            let mut lie = records.to_vec();
            for record in &mut lie {
                *record.pointer_mut(pointer).unwrap() = value.clone();
            }
            // the hash of some formats covers the signature's text
            let lie = if value.is_string() {
                (manner.remake)(lie)
            } else {
                lie
            };
            for trust in [manner.trust.as_str(), ""] {
                let v = judge_under(manner, &lie, &lie, trust, |_| {});
                let is_missing = value.is_null() || value == json!("");
                if is_missing || !trust.is_empty() {
                    ensure(
                        v.claims.authenticity.outcome == ClaimOutcome::Refuted,
                        &format!("{value} with {trust}"),
                        &v,
                    )?;
                }
                ensure(decide(&v, &[]) != Decision::Proven, "not proven", &v)?;
            }
        }
        // the member itself, and every member that tells of it
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut lie = records.to_vec();
        for record in &mut lie {
            record
                .pointer_mut(parent)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(name);
        }
        let v = judge(manner, &lie, &lie, |_| {});
        ensure(
            v.claims.authenticity.outcome == ClaimOutcome::Refuted,
            "removed",
            &v,
        )
    });
}

#[test]
fn an_earlier_import_is_extended_or_not() {
    each(|manner, records| {
        let whole = judge(manner, records, records, |_| {});
        let first_id = tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(
            records[0].to_string().as_bytes(),
        ));
        let at = |n: usize| {
            let part = &records[..n];
            let v = judge(manner, part, part, |_| {});
            tickmark_verify::RememberedHead {
                chain: v.chains[0].chain.clone(),
                first_id: first_id.clone(),
                records: n as u64,
                head: v.chains[0].head.clone(),
                imported_at: "20 Nov 2026".into(),
                ..tickmark_verify::RememberedHead::default()
            }
        };
        let outcome = |v: &Verification| {
            let checks = v.claims.completeness.checks.iter();
            let mut check = checks.filter(|check| check.id == "earlier_import");
            check.next().unwrap().outcome
        };
        let ask = |records: &[Value], head: tickmark_verify::RememberedHead| {
            judge(manner, records, records, |request| {
                request.remembered = vec![head]
            })
        };
        let v = ask(records, at(8));
        ensure(outcome(&v) == CheckOutcome::Pass, "the same", &v)?;
        ensure(
            v.claims.completeness.outcome == whole.claims.completeness.outcome,
            "the same",
            &v,
        )?;
        let v = ask(records, at(5));
        ensure(outcome(&v) == CheckOutcome::Pass, "extended", &v)?;
        let v = ask(&records[..5], at(8));
        ensure(
            v.claims.completeness.outcome == ClaimOutcome::Refuted,
            "rollback",
            &v,
        )?;
        ensure(
            v.faults.iter().any(|fault| fault.code == "rollback"),
            "rollback",
            &v,
        )?;
        let fork = tickmark_verify::RememberedHead {
            head: "f".repeat(64),
            ..at(5)
        };
        let v = ask(records, fork);
        ensure(v.claims.completeness.outcome == ClaimOutcome::Refuted, "fork", &v)?;
        ensure(places(&v) == [5], "fork at record 5", &v)?;
        let other = tickmark_verify::RememberedHead {
            first_id: "0".repeat(64),
            head: "f".repeat(64),
            ..at(5)
        };
        let v = ask(records, other);
        ensure(outcome(&v) == CheckOutcome::NotApplicable, "another trail", &v)
    });
}

/// The checks that a profile names.
fn named(profile: &Profile) -> Vec<String> {
    let mut ids: Vec<String> = [
        "bundle_digest",
        "members",
        "readable",
        "start",
        "expected_head",
        "expected_count",
        "earlier_import",
        "expected_profile",
        "third_party_time",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut add = |is_named: bool, id: &str| ids.extend(is_named.then(|| id.to_owned()));
    add(
        profile.hash.as_ref().is_some_and(|hash| hash.field.is_some()),
        "record_hash",
    );
    add(!profile.checks.is_empty(), "field_hash");
    add(
        profile.link.as_ref().is_some_and(|link| link.field.is_some()),
        "link",
    );
    add(profile.seq.is_some(), "sequence");
    let closing = profile.closing.as_ref();
    let (tree, manifest) = (profile.tree.as_ref(), profile.manifest.as_ref());
    let seals = [
        closing.is_some_and(|closing| closing.signature.is_some()),
        tree.is_some_and(|tree| tree.signature.is_some()),
        manifest.is_some_and(|manifest| manifest.signature.is_some()),
    ];
    add(closing.is_some(), "closing");
    add(seals[0], "closing_signature");
    add(tree.is_some(), "root");
    add(seals[1], "root_signature");
    add(manifest.is_some(), "manifest");
    add(manifest.is_some(), "manifest_members");
    add(seals[2], "manifest_signature");
    let expect = profile.expect.as_ref();
    add(
        expect.is_some_and(|expect| expect.count.is_some()),
        "stated_count",
    );
    add(expect.is_some_and(|expect| expect.head.is_some()), "stated_head");
    add(expect.is_some_and(|expect| expect.terminal.is_some()), "terminal");
    let is_signed = !profile.signatures.is_empty() || seals.contains(&true);
    add(is_signed, "signature_content");
    add(!profile.signatures.is_empty() || !is_signed, "signature");
    ids.extend((2..=profile.signatures.len()).map(|n| format!("signature_{n}")));
    ids.sort();
    ids
}

#[test]
fn every_named_check_appears_once() {
    let whole: BTreeMap<&str, Verification> = all()
        .iter()
        .map(|manner| {
            let records = (manner.records)(N);
            (manner.profile, judge(manner, &records, &records, |_| {}))
        })
        .collect();
    for profile in shipped().unwrap() {
        let v = whole
            .get(profile.id.as_str())
            .expect("every shipped profile has a manner");
        for v in [v, &nothing_of(profile)] {
            let claims = [
                &v.claims.integrity,
                &v.claims.authenticity,
                &v.claims.completeness,
                &v.claims.time,
            ];
            let mut ids: Vec<String> = claims
                .iter()
                .flat_map(|claim| &claim.checks)
                .map(|check| check.id.clone())
                .collect();
            ids.sort();
            assert_eq!(ids, named(profile), "{}", profile.id);
        }
    }
}

/// The verdict on a bundle without records.
fn nothing_of(profile: &Profile) -> Verification {
    let request = Request {
        profile: tickmark_verify::ProfileChoice::Expected(Box::new(profile.clone())),
        ..Request::default()
    };
    let v = verify(&Bundle::file("trail.jsonl", ""), &request);
    assert_eq!(v.verdict, ClaimOutcome::NotProven, "{}", told(&v));
    v
}
