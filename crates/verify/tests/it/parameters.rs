//! Parameters of the profile language that no shipped profile shows by itself: each has a trail made here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::semicolon_if_nothing_returned
)]

use std::ops::ControlFlow;

use crate::kit::{Bundle, hold_together, told};
use crate::maker::{CHAIN_PROFILE, CLOSING_PROFILE, Maker, Signs, jcs, lines};
use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base64, base64url, hex, unhex};
use tickmark_verify::verification::{Basis, ClaimOutcome, Verification};
use tickmark_verify::{Observer, Profile, ProfileChoice, Request, SeenRecord, Trust, verify};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;

fn request(profile: &str, trust: &str) -> Request {
    let mut pinned = Trust::default();
    if !trust.is_empty() {
        pinned.add_file("pinned.toml", trust.as_bytes()).unwrap();
    }
    Request {
        profile: ProfileChoice::Named(Box::new(Profile::parse(profile).unwrap())),
        trust: pinned,
        ..Request::default()
    }
}

fn judge(profile: &str, records: &[Value], trust: &str, ask: impl FnOnce(&mut Request)) -> Verification {
    let mut request = request(profile, trust);
    ask(&mut request);
    let v = Bundle::file("trail.jsonl", lines(records))
        .verify(&request)
        .unwrap();
    hold_together(&v);
    v
}

#[track_caller]
fn hold(v: &Verification, integrity: ClaimOutcome, authenticity: ClaimOutcome, completeness: ClaimOutcome) {
    let found = (
        v.claims.integrity.outcome,
        v.claims.authenticity.outcome,
        v.claims.completeness.outcome,
    );
    assert_eq!(found, (integrity, authenticity, completeness), "{}", told(v));
}

fn codes(v: &Verification) -> Vec<(&str, Option<u64>)> {
    v.faults
        .iter()
        .map(|fault| (fault.code.as_str(), fault.record))
        .collect()
}

fn maker() -> Maker {
    Maker::new(Signs::Ed25519)
}

/// The chain, judged in the order of its numbers.
fn by_number() -> String {
    CHAIN_PROFILE.replacen("kind = \"jsonl\"", "kind = \"jsonl\"\norder = \"/seq\"", 1)
}

/// The same records in an order that is nobody's.
fn shuffled(mut records: Vec<Value>) -> Vec<Value> {
    records.reverse();
    let half = records.len() / 2;
    records.swap(0, half);
    records.rotate_left(3);
    records
}

#[test]
fn a_shuffled_trail_is_whole_where_numbers_order_it() {
    let records = shuffled(maker().chain(1_200));
    let trust = maker().trust();
    let v = judge(&by_number(), &records, &trust, |ask| {
        ask.expect_count = Some(1_200)
    });
    hold(&v, PROVEN, PROVEN, PROVEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    assert_eq!(
        v.chains[0].head,
        records.iter().find(|r| r["seq"] == 1_200).unwrap()["hash"]
            .as_str()
            .unwrap()
    );
    // in file order the same records follow nothing
    let v = judge(CHAIN_PROFILE, &records, &trust, |ask| {
        ask.expect_count = Some(1_200)
    });
    assert_eq!(v.claims.integrity.outcome, REFUTED);
}

#[test]
fn a_missing_or_doubled_number_is_found_in_any_order() {
    let trust = maker().trust();
    let mut missing = shuffled(maker().chain(40));
    missing.retain(|record| record["seq"] != 17);
    let at = missing.iter().position(|record| record["seq"] == 18).unwrap() as u64 + 1;
    let v = judge(&by_number(), &missing, &trust, |_| {});
    hold(&v, REFUTED, PROVEN, REFUTED);
    assert_eq!(codes(&v), [("link_mismatch", Some(at))], "{}", told(&v));

    let mut doubled = shuffled(maker().chain(40));
    doubled.push(doubled[5].clone());
    let v = judge(&by_number(), &doubled, &trust, |_| {});
    hold(&v, REFUTED, PROVEN, REFUTED);

    let mut without = maker().chain(4);
    without = maker().resign(without, |record| {
        if record["seq"] == 3 {
            record.as_object_mut().unwrap().remove("seq");
        }
    });
    let v = judge(&by_number(), &without, &trust, |_| {});
    assert_eq!(v.claims.completeness.outcome, REFUTED, "{}", told(&v));
}

/// Remembers what it is told of every record.
#[derive(Default)]
struct Watching(Vec<(u64, String, usize)>);

impl Observer for Watching {
    fn record(&mut self, record: &SeenRecord<'_>) -> ControlFlow<()> {
        let value: Value = serde_json::from_slice(record.bytes).unwrap();
        self.0
            .push((record.position, value["seq"].to_string(), record.faults.len()));
        ControlFlow::Continue(())
    }
}

#[test]
fn records_are_told_in_file_order_with_their_own_faults() {
    let mut records = shuffled(maker().chain(30));
    records[7]["text"] = json!("changed");
    let bundle = Bundle::file("trail.jsonl", lines(&records));
    let mut seen = Watching::default();
    let v = verify(
        bundle.received(),
        &request(&by_number(), &maker().trust()),
        &mut seen,
    )
    .unwrap();
    hold_together(&v);
    assert_eq!(codes(&v), [("hash_mismatch", Some(8))], "{}", told(&v));
    let expected: Vec<_> = records
        .iter()
        .zip(1_u64..)
        .map(|(record, n)| (n, record["seq"].to_string(), usize::from(n == 8)))
        .collect();
    assert_eq!(seen.0, expected);
}

#[test]
fn a_record_that_was_not_read_is_no_gap() {
    let mut long = maker().chain(12);
    long = maker().resign(long, |record| {
        if record["seq"] == 5 {
            record["text"] = json!("x".repeat(4_000));
        }
    });
    let records = shuffled(long);
    let narrow = |ask: &mut Request| ask.limits.line = 2_000;
    let v = judge(&by_number(), &records, &maker().trust(), narrow);
    hold(&v, OPEN, OPEN, OPEN);
    assert_eq!(
        v.fault_groups.iter().map(|g| g.code.as_str()).collect::<Vec<_>>(),
        ["limit_line"]
    );
    // one that was not read excuses one gap, not two
    let mut fewer = records;
    fewer.retain(|record| record["seq"] != 9);
    let v = judge(&by_number(), &fewer, &maker().trust(), narrow);
    assert_eq!(v.claims.integrity.outcome, REFUTED, "{}", told(&v));
}

#[test]
fn order_and_a_preimage_of_the_record_before_exclude_each_other() {
    let profile = by_number().replacen("[{ json", "[{ prev = \"text\" }, { json", 1);
    let error = Profile::parse(&profile).unwrap_err().to_string();
    assert!(error.contains("source.order"), "{error}");
    let wrong = by_number().replacen("order = \"/seq\"", "order = \"seq\"", 1);
    assert!(Profile::parse(&wrong).is_err());
}

#[test]
fn numbers_may_be_below_zero_and_count_down() {
    for (start, step) in [(-3_i64, 1_i64), (4, -2), (-10, -1)] {
        let numbered = |record: &mut Value| {
            let index = record["seq"].as_i64().unwrap() - 1;
            record["seq"] = json!(start + index * step);
        };
        let records = maker().resign(maker().chain(9), numbered);
        let profile = CHAIN_PROFILE.replacen("start = 1", &format!("start = {start}\nstep = {step}"), 1);
        let v = judge(&profile, &records, &maker().trust(), |ask| {
            ask.expect_count = Some(9)
        });
        hold(&v, PROVEN, PROVEN, PROVEN);
        let mut gap = records.clone();
        gap.remove(4);
        let gap = maker().resign(gap, |_| {});
        let v = judge(&profile, &gap, &maker().trust(), |_| {});
        assert_eq!(codes(&v), [("sequence_gap", Some(5))], "{}", told(&v));
        assert_eq!(
            v.faults[0].expected.as_deref(),
            Some((start + 4 * step).to_string().as_str())
        );
    }
    let still = CHAIN_PROFILE.replacen("start = 1", "step = 0", 1);
    assert!(Profile::parse(&still).is_err());
}

/// A chain whose first link is a value that each record has in another field.
fn seeded(seed: &str, n: u64) -> Vec<Value> {
    let mut prev = json!(seed);
    (1..=n)
        .map(|seq| {
            let mut record = json!({"seq": seq, "seed": seed, "prev": prev});
            let hash = hex(&sha256(&jcs(&record)));
            record["sig"] = json!(maker().sign(hash.as_bytes()));
            record["hash"] = json!(hash);
            prev = json!(hash);
            record
        })
        .collect()
}

#[test]
fn a_first_value_may_stand_in_another_field() {
    let profile = CHAIN_PROFILE.replacen("genesis = [\"null\"]", "genesis_field = \"/seed\"", 1);
    let records = seeded("session 7", 6);
    let head = records[5]["hash"].as_str().unwrap().to_owned();
    let tell = |ask: &mut Request| ask.expect_head = vec![head.clone()];
    hold(
        &judge(&profile, &records, &maker().trust(), tell),
        PROVEN,
        PROVEN,
        PROVEN,
    );
    // without its beginning, the trail begins in the middle
    let v = judge(&profile, &records[1..], &maker().trust(), tell);
    hold(&v, PROVEN, PROVEN, OPEN);
    assert!(
        v.claims.completeness.sentence.contains("begins in the middle"),
        "{}",
        told(&v)
    );
    // and a seed that is put there to hide that shows
    let mut forged = records[1..].to_vec();
    forged[0]["seed"] = forged[0]["prev"].clone();
    assert_eq!(
        judge(&profile, &forged, &maker().trust(), tell)
            .claims
            .integrity
            .outcome,
        REFUTED
    );
    // a field that nothing covers, or the link itself, would make any record a first one
    for field in ["/sig", "/prev"] {
        let text = profile.replacen("/seed", field, 1);
        assert!(
            Profile::parse(&text)
                .unwrap_err()
                .to_string()
                .contains("genesis_field")
        );
    }
    let none = CHAIN_PROFILE.replacen("genesis = [\"null\"]\n", "", 1);
    assert!(Profile::parse(&none).is_err());
}

#[test]
fn a_first_value_from_another_field_enters_the_first_hash() {
    let profile = r#"
id = "test-implicit"
version = "1"
title = "Test implicit link"
spec_url = "this test"
[detect]
all = ["/n", "/hash"]
[[source]]
kind = "jsonl"
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ prev = "text" }, { lit = "|" }, { field = "/n" }, { lit = "|" }, { field = "/seed" }]
[link]
genesis_field = "/seed"
target = "hash"
"#;
    let mut prev = "s".to_owned();
    let mut records: Vec<Value> = (0..5)
        .map(|n| {
            prev = hex(&sha256(format!("{prev}|{n}|s").as_bytes()));
            json!({"n": n, "seed": "s", "hash": prev})
        })
        .collect();
    let v = judge(profile, &records, "", |ask| ask.expect_head = vec![prev.clone()]);
    hold(&v, PROVEN, OPEN, PROVEN);
    records[0]["seed"] = json!("t");
    assert_eq!(
        judge(profile, &records, "", |_| {}).claims.integrity.outcome,
        REFUTED
    );
}

#[test]
fn a_head_may_be_told_in_any_spelling() {
    let hex_records = maker().chain(3);
    let digest = unhex(hex_records[2]["hash"].as_str().unwrap()).unwrap();
    let witness = maker().witnesskit(3);
    let of_witness = tickmark_crypto::encoding::unbase64(witness[2]["hash"].as_str().unwrap()).unwrap();
    let shipped = tickmark_verify::profile::shipped().unwrap();
    let witnesskit = shipped
        .iter()
        .find(|profile| profile.id == "witnesskit")
        .unwrap()
        .text();
    for (profile, records, digest) in [
        (CHAIN_PROFILE, &hex_records, digest),
        (witnesskit, &witness, of_witness),
    ] {
        let spellings = [
            hex(&digest),
            hex(&digest).to_uppercase(),
            format!("sha256:{}", hex(&digest)),
            base64(&digest),
            base64url(&digest),
            format!(" {}\n", base64(&digest)),
        ];
        for told_head in spellings {
            let v = judge(profile, records, &maker().trust(), |ask| {
                ask.expect_head = vec![told_head.clone()]
            });
            assert_eq!(v.claims.completeness.outcome, PROVEN, "{told_head}: {}", told(&v));
        }
        let mut other = digest.clone();
        other[31] ^= 1;
        for told_head in [
            hex(&other),
            base64(&other),
            base64url(&other),
            hex(&digest[..31]),
            String::new(),
        ] {
            let v = judge(profile, records, &maker().trust(), |ask| {
                ask.expect_head = vec![told_head.clone()]
            });
            assert_eq!(
                v.claims.completeness.outcome,
                REFUTED,
                "{told_head}: {}",
                told(&v)
            );
        }
    }
}

#[test]
fn a_stated_head_may_be_in_another_spelling() {
    let profile = format!("{CHAIN_PROFILE}[expect]\nhead = {{ file = \"head.txt\" }}\n");
    let profile = profile.replacen("kind = \"jsonl\"", "kind = \"jsonl\"\nfile = \"trail.jsonl\"", 1);
    let records = maker().chain(3);
    let mut digest = unhex(records[2]["hash"].as_str().unwrap()).unwrap();
    let mut stated = |outcome| {
        let bundle = Bundle::folder(&[
            ("trail.jsonl", lines(&records)),
            ("head.txt", base64(&digest).into_bytes()),
        ]);
        let v = bundle.verify(&request(&profile, &maker().trust())).unwrap();
        assert_eq!(v.claims.completeness.outcome, outcome, "{}", told(&v));
        digest[0] ^= 1;
    };
    stated(OPEN);
    stated(REFUTED);
}

fn timed(times: &[Value]) -> Vec<Value> {
    let times = times.to_vec();
    maker().resign(maker().chain(times.len() as u64), |record| {
        let index = usize::try_from(record["seq"].as_u64().unwrap() - 1).unwrap();
        record["at"] = times[index].clone();
    })
}

fn with_period(from: &str, to: &str) -> String {
    let mut trust = maker().trust();
    if !from.is_empty() {
        trust.push_str(&format!("valid_from = {from}\n"));
    }
    if !to.is_empty() {
        trust.push_str(&format!("valid_to = {to}\n"));
    }
    trust
}

#[test]
fn a_key_proves_nothing_outside_its_period() {
    let profile = format!("{CHAIN_PROFILE}[time]\nfield = \"/at\"\n");
    let inside = json!("2026-06-01T12:00:00+02:00");
    let (from, to) = ("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z");
    let count = |ask: &mut Request| ask.expect_count = Some(3);
    let all_inside = timed(&[inside.clone(), inside.clone(), json!("2026-12-31T00:00:00Z")]);
    let v = judge(&profile, &all_inside, &with_period(from, to), count);
    hold(&v, PROVEN, PROVEN, PROVEN);
    assert!(
        v.not_proven.iter().any(|line| line.contains("in force")),
        "{:?}",
        v.not_proven
    );

    let outside = [
        json!("2025-12-31T23:59:59Z"),
        json!("2026-12-31T00:00:01Z"),
        // it may be that time in a place where the period is over
        json!("2026-12-30T23:00:00"),
        json!("yesterday"),
        Value::Null,
    ];
    for time in outside {
        let records = timed(&[inside.clone(), time.clone(), inside.clone()]);
        let v = judge(&profile, &records, &with_period(from, to), count);
        hold(&v, PROVEN, OPEN, OPEN);
        assert_eq!(
            v.claims.integrity.basis,
            Some(Basis::SelfConsistent),
            "{time}: {}",
            told(&v)
        );
        assert_eq!(codes(&v), [("key_not_in_force", Some(2))], "{time}: {}", told(&v));
        assert!(
            v.claims.authenticity.sentence.contains("in force"),
            "{}",
            told(&v)
        );
        assert_eq!(v.keys[0].records, 3);
        // the same key without a period proves them all
        hold(
            &judge(&profile, &records, &maker().trust(), count),
            PROVEN,
            PROVEN,
            PROVEN,
        );
    }
    // open ends, and one key pinned for two periods
    let early = timed(&[json!("2025-01-01T00:00:00Z"), inside.clone(), inside.clone()]);
    hold(
        &judge(&profile, &early, &with_period("", to), count),
        PROVEN,
        PROVEN,
        PROVEN,
    );
    hold(
        &judge(&profile, &early, &with_period(from, ""), count),
        PROVEN,
        OPEN,
        OPEN,
    );
    let both = format!(
        "{}{}",
        with_period("", "2025-06-01T00:00:00Z"),
        with_period(from, to)
    );
    hold(&judge(&profile, &early, &both, count), PROVEN, PROVEN, PROVEN);
    // a changed time is a changed record
    let mut changed = all_inside;
    changed[1]["at"] = json!("2026-06-02T12:00:00Z");
    assert_eq!(
        judge(&profile, &changed, &with_period(from, to), count).verdict,
        REFUTED
    );
}

#[test]
fn a_closing_statement_is_held_against_the_times_of_all_records() {
    let profile = format!("{CLOSING_PROFILE}[time]\nfield = \"/at\"\n");
    let inside = json!("2026-06-01T00:00:00Z");
    let ask = |last: Value, trust: &str| {
        let records = timed(&[inside.clone(), inside.clone(), last]);
        let mut bare = maker().unsigned_chain(3);
        for (record, timed) in bare.iter_mut().zip(&records) {
            record["at"] = timed["at"].clone();
        }
        let sealed = maker().rechain_without_key(bare);
        let v = Bundle::folder(&maker().closed(&sealed))
            .verify(&request(&profile, trust))
            .unwrap();
        hold_together(&v);
        v
    };
    let trust = with_period("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z");
    hold(&ask(inside.clone(), &trust), PROVEN, PROVEN, PROVEN);
    hold(
        &ask(json!("2027-01-01T00:00:00Z"), &maker().trust()),
        PROVEN,
        PROVEN,
        PROVEN,
    );
    for outside in [
        json!("2027-01-01T00:00:00Z"),
        json!("2025-01-01T00:00:00Z"),
        Value::Null,
    ] {
        let v = ask(outside, &trust);
        hold(&v, PROVEN, OPEN, OPEN);
        assert_eq!(
            v.claims.integrity.basis,
            Some(Basis::SelfConsistent),
            "{}",
            told(&v)
        );
        assert_eq!(codes(&v), [("key_not_in_force", None)], "{}", told(&v));
        assert!(
            v.claims.authenticity.sentence.contains("in force"),
            "{}",
            told(&v)
        );
    }
}

#[test]
fn several_trails_in_a_row_are_whole_and_never_complete() {
    let profile = CHAIN_PROFILE
        .replacen("[seq]\nfield = \"/seq\"\nstart = 1\n", "", 1)
        .replacen("genesis = [\"null\"]", "genesis = [\"null\"]\nrestarts = true", 1);
    let trust = maker().trust();
    let mut two = maker().chain(3);
    two.extend(maker().resign(maker().chain(4), |record| record["text"] = json!("of the second")));
    let head = two[6]["hash"].as_str().unwrap().to_owned();
    let v = judge(&profile, &two, &trust, |ask| {
        ask.expect_head = vec![head.clone()];
        ask.expect_count = Some(7);
    });
    hold(&v, PROVEN, PROVEN, OPEN);
    assert!(
        v.claims.integrity.sentence.contains("in 2 trails"),
        "{}",
        told(&v)
    );
    // without the key a told head reaches the second trail only
    let v = judge(&profile, &two, "", |ask| ask.expect_head = vec![head.clone()]);
    assert_eq!(
        v.claims.integrity.basis,
        Some(Basis::SelfConsistent),
        "{}",
        told(&v)
    );
    // one trail, and a missing record, are as ever
    hold(
        &judge(&profile, &two[..3], &trust, |ask| ask.expect_count = Some(3)),
        PROVEN,
        PROVEN,
        PROVEN,
    );
    let mut gap = two.clone();
    gap.remove(4);
    assert_eq!(
        codes(&judge(&profile, &gap, &trust, |_| {})),
        [("link_mismatch", Some(5))]
    );
    // a whole trail that stands there twice breaks no link: only the warning tells
    let mut twice = two[..3].to_vec();
    twice.extend_from_slice(&two[..3]);
    let v = judge(&profile, &twice, &trust, |_| {});
    assert!(
        v.warnings
            .contains(&"3 records say the same as an earlier one.".to_owned()),
        "{:?}",
        v.warnings
    );
    // and a format that knows no such thing refutes it
    let strict = profile.replacen("restarts = true", "", 1);
    assert_eq!(
        judge(&strict, &two, &trust, |_| {}).claims.integrity.outcome,
        REFUTED
    );
}

#[test]
fn a_time_that_no_signature_covers_is_refused_and_a_format_without_one_says_so() {
    let uncovered = format!("{CHAIN_PROFILE}[time]\nfield = \"/sig\"\n");
    assert!(
        Profile::parse(&uncovered)
            .unwrap_err()
            .to_string()
            .contains("time.field")
    );
    let v = judge(
        CHAIN_PROFILE,
        &maker().chain(2),
        &with_period("2026-01-01T00:00:00Z", ""),
        |_| {},
    );
    assert_eq!(v.claims.authenticity.outcome, PROVEN);
    assert!(
        v.not_proven.iter().any(|line| line.contains("names no time")),
        "{:?}",
        v.not_proven
    );
}

#[test]
fn a_record_without_what_makes_it_one_is_none() {
    let profile = CHAIN_PROFILE.replacen("[hash]", "[fixed]\n\"/kind\" = \"entry\"\n[hash]", 1);
    let kind = |wrong: Option<u64>| {
        maker().resign(maker().chain(4), |record| {
            let is_wrong = record["seq"].as_u64() == wrong;
            record["kind"] = json!(if is_wrong { "other" } else { "entry" });
        })
    };
    hold(
        &judge(&profile, &kind(None), &maker().trust(), |_| {}),
        PROVEN,
        PROVEN,
        OPEN,
    );
    let v = judge(&profile, &kind(Some(3)), &maker().trust(), |_| {});
    assert_eq!(codes(&v), [("not_a_record", Some(3))], "{}", told(&v));
    assert_eq!(v.verdict, REFUTED);
}

#[test]
fn numbers_may_be_optional() {
    let profile = CHAIN_PROFILE.replacen("start = 1", "start = 1\noptional = true", 1);
    let unnumbered = maker().resign(maker().chain(4), |record| {
        record.as_object_mut().unwrap().remove("seq");
        record["hash"] = json!("");
    });
    let v = judge(&profile, &unnumbered, &maker().trust(), |ask| {
        ask.expect_count = Some(4)
    });
    hold(&v, PROVEN, PROVEN, PROVEN);
    let mut gap = maker().chain(6);
    gap.remove(2);
    let v = judge(&profile, &maker().resign(gap, |_| {}), &maker().trust(), |_| {});
    assert_eq!(codes(&v), [("sequence_gap", Some(3))], "{}", told(&v));
}

#[test]
fn a_link_may_be_spelled_in_another_way() {
    let profile = CHAIN_PROFILE.replacen(
        "target = \"hash\"",
        "target = \"hash\"\nalso = [\"sha256:+hex\", \"b64\"]",
        1,
    );
    let respelled = |spell: fn(&str) -> String| {
        let mut prev = Value::Null;
        let records: Vec<Value> = (1..=3)
            .map(|seq| {
                let mut record = json!({"seq": seq, "prev": prev});
                let hash = hex(&sha256(&jcs(&record)));
                record["sig"] = json!(maker().sign(hash.as_bytes()));
                record["hash"] = json!(hash);
                prev = json!(spell(&hash));
                record
            })
            .collect();
        judge(&profile, &records, &maker().trust(), |_| {})
            .claims
            .integrity
            .outcome
    };
    assert_eq!(respelled(|hash| format!("sha256:{hash}")), PROVEN);
    assert_eq!(respelled(|hash| base64(&unhex(hash).unwrap())), PROVEN);
    assert_eq!(respelled(str::to_owned), PROVEN);
    assert_eq!(
        respelled(|hash| format!("sha256:{}", hash.to_uppercase())),
        REFUTED
    );
    assert_eq!(respelled(|hash| format!("sha512:{hash}")), REFUTED);
}
