//! Lies about trails that this file makes itself: each rule of the claims has a case that runs everywhere.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::semicolon_if_nothing_returned,
    clippy::needless_pass_by_value,
    clippy::type_complexity
)]

use crate::maker;

use crate::kit::{Bundle, told};
use crate::maker::{Maker, Signs, array, lines};
use serde_json::{Value, json};
use tickmark_verify::verification::{Basis, CheckOutcome, ClaimOutcome, Verification};
use tickmark_verify::{Profile, ProfileChoice, RememberedHead, Request, Trust};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;

/// Judges lines under a profile.
fn judge(profile: &str, bytes: Vec<u8>, trust: Option<&str>) -> Verification {
    judge_with(profile, Bundle::file("trail.jsonl", bytes), trust, |_| {})
}

fn judge_with(
    profile: &str,
    bundle: Bundle,
    trust: Option<&str>,
    ask: impl FnOnce(&mut Request),
) -> Verification {
    let mut request = Request {
        profile: ProfileChoice::Named(Box::new(Profile::parse(profile).unwrap())),
        ..Request::default()
    };
    if let Some(text) = trust {
        let mut pinned = Trust::default();
        pinned.add_file("pinned.toml", text.as_bytes()).unwrap();
        request.trust = pinned;
    }
    ask(&mut request);
    bundle.verify(&request).unwrap()
}

#[track_caller]
fn hold(v: &Verification, integrity: ClaimOutcome, authenticity: ClaimOutcome, completeness: ClaimOutcome) {
    let found = (
        v.claims.integrity.outcome,
        v.claims.authenticity.outcome,
        v.claims.completeness.outcome,
    );
    assert_eq!(found, (integrity, authenticity, completeness), "{}", told(v));
    sane(v);
}

/// What holds of every verification.
#[track_caller]
fn sane(v: &Verification) {
    let claims = [
        &v.claims.integrity,
        &v.claims.authenticity,
        &v.claims.completeness,
        &v.claims.time,
    ];
    let worst = claims.iter().any(|c| c.outcome == REFUTED);
    assert_eq!(v.verdict == REFUTED, worst, "{}", told(v));
    for claim in claims {
        let fails = claim
            .checks
            .iter()
            .any(|check| check.outcome == CheckOutcome::Fail);
        assert!(
            !fails || claim.outcome == REFUTED,
            "a failed check under {claim:?}"
        );
        assert!(!claim.sentence.is_empty());
    }
    let mut ids: Vec<_> = claims
        .iter()
        .flat_map(|c| &c.checks)
        .map(|c| c.id.as_str())
        .collect();
    ids.sort_unstable();
    let before = ids.len();
    ids.dedup();
    assert_eq!(before, ids.len(), "a check appears twice: {ids:?}");
    for fault in &v.faults {
        let open = [
            "limit_line",
            "limit_record",
            "member_unreadable",
            "truncated",
            "damaged",
            "crc32",
            "limit",
        ];
        assert!(
            worst || open.contains(&fault.code.as_str()),
            "a fault refutes nothing: {fault:?}"
        );
    }
    if worst {
        assert!(!v.faults.is_empty(), "refuted without a fault: {}", told(v));
    }
    assert_eq!(v.counts.signed + v.counts.unsigned, v.counts.records);
}

fn at(v: &Verification) -> Vec<(&str, u64)> {
    v.faults
        .iter()
        .map(|f| (f.code.as_str(), f.record.unwrap_or(0)))
        .collect()
}

fn codes(v: &Verification) -> Vec<&str> {
    v.faults.iter().map(|f| f.code.as_str()).collect()
}

const CHAIN: &str = maker::CHAIN_PROFILE;

fn twelve() -> (Maker, Vec<Value>) {
    let maker = Maker::new(Signs::Ed25519);
    let records = maker.chain(12);
    (maker, records)
}

#[test]
fn a_whole_trail_proves_what_its_format_can() {
    let (maker, records) = twelve();
    let v = judge(CHAIN, lines(&records), Some(&maker.trust()));
    hold(&v, PROVEN, PROVEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    assert_eq!(v.verdict, OPEN);
    assert_eq!(v.counts.signed, 12);
    // the carried key is not missed where another way pins it
    assert_eq!(v.uncovered_fields, ["/key"]);
    let head = records[11]["hash"].as_str().unwrap().to_owned();
    assert_eq!(v.chains[0].head, head);
    assert!(v.chains[0].starts_at_genesis);
}

#[test]
fn an_edit_is_one_fault_at_its_record() {
    let (maker, mut records) = twelve();
    records[4]["text"] = json!("changed");
    let v = judge(CHAIN, lines(&records), Some(&maker.trust()));
    assert_eq!(at(&v), [("hash_mismatch", 5)]);
    assert_eq!(v.claims.integrity.outcome, REFUTED);
    sane(&v);
}

#[test]
fn dropped_swapped_doubled_at_the_right_record() {
    let (maker, records) = twelve();
    let trust = maker.trust();
    let mut dropped = records.clone();
    dropped.remove(4);
    let v = judge(CHAIN, lines(&dropped), Some(&trust));
    assert_eq!(at(&v), [("link_mismatch", 5)]);
    hold(&v, REFUTED, PROVEN, REFUTED);

    let mut swapped = records.clone();
    swapped.swap(4, 5);
    let v = judge(CHAIN, lines(&swapped), Some(&trust));
    assert_eq!(at(&v)[0], ("link_mismatch", 5));
    assert_eq!(
        at(&v).iter().map(|(_, record)| *record).collect::<Vec<_>>(),
        [5, 6, 7]
    );
    assert_eq!(v.claims.integrity.outcome, REFUTED);

    let mut doubled = records.clone();
    doubled.insert(5, records[4].clone());
    let v = judge(CHAIN, lines(&doubled), Some(&trust));
    assert_eq!(at(&v), [("link_mismatch", 6)]);
    assert_eq!(v.claims.integrity.outcome, REFUTED);
}

#[test]
fn remade_without_the_key_is_never_anchored() {
    let (maker, mut records) = twelve();
    records.remove(4);
    let remade = maker.rechain_without_key(records);
    let v = judge(CHAIN, lines(&remade), Some(&maker.trust()));
    assert_ne!(v.claims.integrity.basis, Some(Basis::Anchored));
    assert_eq!(v.verdict, REFUTED, "{}", told(&v));
    let v = judge(CHAIN, lines(&remade), None);
    assert_ne!(v.claims.integrity.basis, Some(Basis::Anchored));
    assert_ne!(v.verdict, PROVEN);
    sane(&v);
}

#[test]
fn a_cut_tail_is_never_complete() {
    let (maker, mut records) = twelve();
    let head = records[11]["hash"].as_str().unwrap().to_owned();
    records.truncate(9);
    let trust = maker.trust();
    let v = judge(CHAIN, lines(&records), Some(&trust));
    hold(&v, PROVEN, PROVEN, OPEN);
    let told_head = |v: &mut Request| v.expect_head = vec![head.clone()];
    let v = judge_with(
        CHAIN,
        Bundle::file("t.jsonl", lines(&records)),
        Some(&trust),
        told_head,
    );
    hold(&v, PROVEN, PROVEN, REFUTED);
    let v = judge_with(
        CHAIN,
        Bundle::file("t.jsonl", lines(&records)),
        Some(&trust),
        |r| r.expect_count = Some(12),
    );
    hold(&v, PROVEN, PROVEN, REFUTED);
    assert_eq!(codes(&v), ["count_mismatch"]);
}

#[test]
fn what_was_told_completes_a_trail() {
    let (maker, records) = twelve();
    let head = records[11]["hash"].as_str().unwrap().to_owned();
    let bundle = || Bundle::file("t.jsonl", lines(&records));
    let trust = maker.trust();
    for told_head in [
        head.clone(),
        head.to_uppercase(),
        format!(" {head}\n"),
        format!("sha256:{head}"),
    ] {
        let v = judge_with(CHAIN, bundle(), Some(&trust), |r| r.expect_head = vec![told_head]);
        hold(&v, PROVEN, PROVEN, PROVEN);
        assert_eq!(v.verdict, PROVEN);
    }
    let v = judge_with(CHAIN, bundle(), Some(&trust), |r| r.expect_count = Some(12));
    assert_eq!(v.verdict, PROVEN, "{}", told(&v));
    // a head without a key anchors integrity and completes; nobody is shown to have recorded it
    let v = judge_with(CHAIN, bundle(), None, |r| r.expect_head = vec![head.clone()]);
    hold(&v, PROVEN, OPEN, PROVEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    // a count without signatures proves nothing
    let v = judge_with(CHAIN, bundle(), None, |r| r.expect_count = Some(12));
    hold(&v, PROVEN, OPEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
}

#[test]
fn a_wrong_key_refutes_and_says_whether_the_carried_one_fits() {
    let (_, records) = twelve();
    let v = judge(CHAIN, lines(&records), Some(&Maker::other().trust()));
    hold(&v, PROVEN, REFUTED, OPEN);
    assert!(
        v.claims.authenticity.sentence.contains("found in the bundle"),
        "{}",
        told(&v)
    );
}

#[test]
fn a_carried_key_proves_nobody() {
    let (_, records) = twelve();
    let v = judge(CHAIN, lines(&records), None);
    hold(&v, PROVEN, OPEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
    assert!(
        v.claims
            .integrity
            .sentence
            .ends_with("whoever can write this file can remake it.")
    );
}

#[test]
fn a_carried_key_that_is_not_the_signer_is_a_fault() {
    let (maker, mut records) = twelve();
    records[3]["key"] = json!(Maker::other().public_hex());
    let v = judge(CHAIN, lines(&records), Some(&maker.trust()));
    assert_eq!(at(&v), [("carried_key_differs", 4)], "{}", told(&v));
    assert_eq!(v.verdict, REFUTED);
    let v = judge(CHAIN, lines(&records), None);
    assert_eq!(v.verdict, REFUTED, "{}", told(&v));
}

#[test]
fn stripped_and_malformed_signatures_refute() {
    let (maker, records) = twelve();
    for trust in [None, Some(maker.trust())] {
        for value in [json!(null), json!(""), json!("zz"), json!(7), json!("AAAA")] {
            let mut some = records.clone();
            some[6]["sig"] = value.clone();
            let v = judge(CHAIN, lines(&some), trust.as_deref());
            assert_eq!(v.verdict, REFUTED, "{value} {}", told(&v));
            assert_eq!(v.faults.iter().filter_map(|f| f.record).collect::<Vec<_>>(), [7]);
            sane(&v);
        }
        let mut all = records.clone();
        all.iter_mut()
            .for_each(|r| drop(r.as_object_mut().unwrap().remove("sig")));
        let v = judge(CHAIN, lines(&all), trust.as_deref());
        assert_eq!(v.claims.authenticity.outcome, REFUTED, "{}", told(&v));
        assert_eq!(v.counts.faults, 12);
    }
}

#[test]
fn a_stripped_hash_or_link_refutes() {
    let (maker, records) = twelve();
    for (field, code) in [("hash", "hash_missing"), ("prev", "hash_mismatch")] {
        let mut some = records.clone();
        some[6].as_object_mut().unwrap().remove(field);
        let v = judge(CHAIN, lines(&some), Some(&maker.trust()));
        assert_eq!(v.claims.integrity.outcome, REFUTED, "{}", told(&v));
        assert_eq!(at(&v)[0], (code, 7), "{}", told(&v));
    }
}

#[test]
fn names_twice_and_garbage_refute_at_their_record_and_the_rest_is_judged() {
    let (maker, records) = twelve();
    let twice = |line: &str| line.replacen("{", "{\"seq\":99,", 1);
    let cases: [(&str, &dyn Fn(&str) -> String); 4] = [
        ("duplicate_member", &twice),
        ("not_json", &|_| "{\"seq\":".to_owned()),
        ("not_json", &|_| "nonsense".to_owned()),
        ("not_a_record", &|_| "[1,2]".to_owned()),
    ];
    for (code, lie) in cases {
        let mut text: Vec<String> = records.iter().map(Value::to_string).collect();
        text[4] = lie(&text[4]);
        let v = judge(CHAIN, text.join("\n").into_bytes(), Some(&maker.trust()));
        assert_eq!(at(&v), [(code, 5)], "{}", told(&v));
        assert_eq!(v.claims.integrity.outcome, REFUTED);
        assert_ne!(v.claims.authenticity.outcome, PROVEN);
        assert_eq!(v.counts.records, 12);
        assert_eq!(v.counts.signed, 11);
        sane(&v);
    }
}

#[test]
fn a_line_over_the_limit_is_not_judged_and_nothing_is_proven_of_it() {
    let (maker, records) = twelve();
    let mut text: Vec<String> = records.iter().map(Value::to_string).collect();
    text[4] = format!("{{\"seq\":\"{}\"}}", "x".repeat(5000));
    let bundle = Bundle::file("t.jsonl", text.join("\n"));
    let v = judge_with(CHAIN, bundle, Some(&maker.trust()), |r| r.limits.line = 4096);
    hold(&v, OPEN, OPEN, OPEN);
    assert_eq!(codes(&v), ["limit_line"]);
    assert_eq!(v.faults[0].line, Some(5));
    // too deep
    text[4] = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let bundle = Bundle::file("t.jsonl", text.join("\n"));
    let v = judge_with(CHAIN, bundle, Some(&maker.trust()), |_| {});
    hold(&v, OPEN, OPEN, OPEN);
    assert_eq!(at(&v), [("limit_record", 5)]);
}

#[test]
fn a_trail_may_begin_in_the_middle_and_is_then_not_complete() {
    let (maker, records) = twelve();
    let tail = records[5..].to_vec();
    let head = records[11]["hash"].as_str().unwrap().to_owned();
    let v = judge_with(
        CHAIN,
        Bundle::file("t.jsonl", lines(&tail)),
        Some(&maker.trust()),
        |r| {
            r.expect_head = vec![head];
        },
    );
    hold(&v, PROVEN, PROVEN, OPEN);
    assert!(v.faults.is_empty());
    assert!(!v.chains[0].starts_at_genesis);
}

#[test]
fn no_records_prove_nothing() {
    let maker = Maker::new(Signs::Ed25519);
    for text in ["", "\n\n", "  \n"] {
        let v = judge(CHAIN, text.into(), Some(&maker.trust()));
        hold(&v, OPEN, OPEN, OPEN);
        assert_eq!(v.counts.records, 0);
        let v = judge_with(CHAIN, Bundle::file("t.jsonl", text), None, |r| {
            r.expect_count = Some(3)
        });
        assert_eq!(v.claims.completeness.outcome, REFUTED, "{}", told(&v));
        sane(&v);
    }
}

#[test]
fn the_sender_s_digest_is_held_against_the_bytes() {
    let (_, records) = twelve();
    let bytes = lines(&records);
    let digest = tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(&bytes));
    let v = judge_with(CHAIN, Bundle::file("t.jsonl", bytes.clone()), None, |r| {
        r.expect_sha256 = Some(digest.clone())
    });
    assert_eq!(v.bundle.sha256, digest);
    hold(&v, PROVEN, OPEN, OPEN);
    let v = judge_with(CHAIN, Bundle::file("t.jsonl", bytes), None, |r| {
        r.expect_sha256 = Some("0".repeat(64))
    });
    assert_eq!(v.claims.integrity.outcome, REFUTED);
    sane(&v);
}

#[test]
fn an_earlier_import_is_remembered() {
    let (maker, records) = twelve();
    let whole = judge(CHAIN, lines(&records), Some(&maker.trust()));
    let first_id = tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(
        records[0].to_string().as_bytes(),
    ));
    let head = RememberedHead {
        chain: None,
        first_id,
        records: 12,
        head: whole.chains[0].head.clone(),
        imported_at: "20 Nov 2026".into(),
        ..RememberedHead::default()
    };
    let ask = |records: &[Value], head: &RememberedHead| {
        let head = head.clone();
        judge_with(
            CHAIN,
            Bundle::file("t.jsonl", lines(records)),
            Some(&maker.trust()),
            move |r| r.remembered = vec![head],
        )
    };
    let v = ask(&records, &head);
    hold(&v, PROVEN, PROVEN, OPEN);
    let v = ask(&records[..9], &head);
    hold(&v, PROVEN, PROVEN, REFUTED);
    assert_eq!(codes(&v), ["rollback"]);
    assert!(v.claims.completeness.sentence.contains("12") && v.claims.completeness.sentence.contains('9'));
    let fork = RememberedHead {
        records: 6,
        head: "f".repeat(64),
        ..head
    };
    let v = ask(&records, &fork);
    hold(&v, PROVEN, PROVEN, REFUTED);
    assert_eq!(at(&v), [("fork", 6)]);
}

#[test]
fn the_name_of_a_key_decides_who_is_asked() {
    let profile = CHAIN.replace(
        "key = { field = \"/key\", enc = \"hex\" }",
        "key = { kid = \"/kid\" }",
    );
    let (maker, mut records) = twelve();
    records = maker.resign(records, |record| record["kid"] = json!("agent-7"));
    let named = |kid: &str| maker.trust().replace("owner", &format!("kid = \"{kid}\"\nowner"));
    let v = judge(&profile, lines(&records), Some(&named("agent-7")));
    assert_eq!(v.claims.authenticity.outcome, PROVEN, "{}", told(&v));
    let v = judge(&profile, lines(&records), Some(&named("agent-8")));
    hold(&v, PROVEN, OPEN, OPEN);
    let v = judge(&profile, lines(&records), Some(&maker.trust()));
    assert_eq!(v.claims.authenticity.outcome, PROVEN);
}

#[test]
fn the_record_never_chooses_the_algorithm() {
    let (maker, records) = twelve();
    // the public key as an HMAC secret, pinned as Ed25519: the tag is 32 bytes and no Ed25519 signature
    let mut some = records.clone();
    let hash = some[3]["hash"].as_str().unwrap().to_owned();
    let tag = tickmark_crypto::signing::hmac_sha256(maker.public_hex().as_bytes(), hash.as_bytes());
    some[3]["sig"] = json!(tickmark_crypto::encoding::base64(&tag));
    some[3]["alg"] = json!("HS256");
    let v = judge(CHAIN, lines(&some), Some(&maker.trust()));
    assert_eq!(v.verdict, REFUTED, "{}", told(&v));
    // a key of another algorithm is no candidate
    let other = "[[key]]\nalgorithm = \"hmac-sha256\"\nowner = \"x\"\nsecret = \"s\"\n";
    let v = judge(CHAIN, lines(&records), Some(other));
    hold(&v, PROVEN, OPEN, OPEN);
}

#[test]
fn a_keyed_digest_says_who_can_make_it() {
    let maker = Maker::new(Signs::Hmac);
    let records = maker.chain(5);
    let v = judge(maker::HMAC_PROFILE, lines(&records), Some(&maker.trust()));
    hold(&v, PROVEN, PROVEN, OPEN);
    assert!(v.claims.authenticity.sentence.contains("holder of the secret"));
    assert!(v.claims.authenticity.sentence.contains("whoever checks it"));
    assert!(v.keys.iter().all(|key| key.fingerprint.is_empty()));
    let v = judge(maker::HMAC_PROFILE, lines(&records), None);
    hold(&v, PROVEN, OPEN, OPEN);
}

#[test]
fn links_that_are_not_signed_are_not_anchored_and_a_count_does_not_help() {
    let maker = Maker::new(Signs::Ed25519);
    let records = maker.loose(12);
    let v = judge(maker::LOOSE_PROFILE, lines(&records), Some(&maker.trust()));
    assert_eq!(v.claims.integrity.outcome, PROVEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
    // one record dropped, one doubled, chain remade without the key: as many records, each signed
    let mut lie = records.clone();
    lie.remove(4);
    lie.insert(8, records[2].clone());
    let lie = maker.rechain_loose(lie);
    let v = judge_with(
        maker::LOOSE_PROFILE,
        Bundle::file("t.jsonl", lines(&lie)),
        Some(&maker.trust()),
        |r| {
            r.expect_count = Some(12);
        },
    );
    assert_ne!(v.claims.completeness.outcome, PROVEN, "{}", told(&v));
    assert_ne!(v.verdict, PROVEN);
}

#[test]
fn single_signed_receipts_are_never_complete() {
    let maker = Maker::new(Signs::Ed25519);
    let records = maker.receipts(6);
    let profile = maker::RECEIPT_PROFILE;
    let v = judge(profile, lines(&records), Some(&maker.trust()));
    hold(&v, PROVEN, PROVEN, OPEN);
    let v = judge_with(
        profile,
        Bundle::file("t.jsonl", lines(&records)),
        Some(&maker.trust()),
        |r| r.expect_count = Some(6),
    );
    assert_ne!(v.claims.completeness.outcome, PROVEN);
    let v = judge(profile, lines(&records), None);
    hold(&v, OPEN, OPEN, OPEN);
    let mut edited = records.clone();
    edited[2]["body"]["n"] = json!(77);
    let v = judge(profile, lines(&edited), Some(&maker.trust()));
    hold(&v, REFUTED, REFUTED, OPEN);
    assert_eq!(at(&v), [("signature_mismatch", 3)]);
}

#[test]
fn a_signed_sequence_counts_for_order() {
    let maker = Maker::new(Signs::Ed25519);
    let profile = format!(
        "{}\n[seq]\nfield = \"/body/n\"\nstart = 0\n",
        maker::RECEIPT_PROFILE
    );
    let records = maker.receipts(6);
    let trust = maker.trust();
    let v = judge(&profile, lines(&records), Some(&trust));
    hold(&v, PROVEN, PROVEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    let v = judge_with(
        &profile,
        Bundle::file("t.jsonl", lines(&records)),
        Some(&trust),
        |r| r.expect_count = Some(6),
    );
    assert_eq!(v.verdict, PROVEN, "{}", told(&v));
    let mut dropped = records.clone();
    dropped.remove(2);
    let v = judge(&profile, lines(&dropped), Some(&trust));
    assert_eq!(at(&v), [("sequence_gap", 3)]);
    assert_ne!(v.claims.integrity.basis, Some(Basis::Anchored));
    assert_eq!(v.claims.completeness.outcome, REFUTED);
    let mut swapped = records.clone();
    swapped.swap(2, 3);
    let v = judge(&profile, lines(&swapped), Some(&trust));
    assert_eq!(at(&v)[0], ("sequence_gap", 3));
    assert_eq!(v.verdict, REFUTED);
    // the same hole in a trail whose numbers may have holes is told and completes nothing
    let reported = profile.replace("start = 0", "start = 0\ngaps = \"report\"");
    let v = judge(&reported, lines(&dropped), Some(&trust));
    assert!(v.faults.is_empty());
    assert_ne!(v.claims.completeness.outcome, PROVEN);
    assert_ne!(v.claims.integrity.basis, Some(Basis::Anchored));
}

#[test]
fn an_unsigned_root_and_count_refute_and_never_prove() {
    let maker = Maker::new(Signs::Ed25519);
    let records = maker.chain(7);
    let document = maker.document(&records);
    let profile = maker::DOCUMENT_PROFILE;
    let ask = |document: &Value, trust: Option<&str>| {
        judge_with(
            profile,
            Bundle::file("export.json", document.to_string()),
            trust,
            |_| {},
        )
    };
    let trust = maker.trust();
    let v = ask(&document, Some(&trust));
    hold(&v, PROVEN, PROVEN, OPEN);
    let mut short = document.clone();
    short["entries"].as_array_mut().unwrap().pop();
    let v = ask(&short, Some(&trust));
    hold(&v, PROVEN, PROVEN, REFUTED);
    assert!(codes(&v).contains(&"root_mismatch") && codes(&v).contains(&"stated_count_mismatch"));
    // restated without a key: nothing to see, nothing proven
    let restated = maker.document(&records[..6]);
    let v = ask(&restated, Some(&trust));
    hold(&v, PROVEN, PROVEN, OPEN);
}

#[test]
fn a_signed_root_fixes_number_and_order() {
    let maker = Maker::new(Signs::Ed25519);
    let records = maker.unsigned_chain(7);
    let document = maker.signed_document(&records);
    let profile = maker::ROOT_PROFILE;
    let ask = |document: &Value, trust: Option<&str>| {
        judge_with(
            profile,
            Bundle::file("export.json", document.to_string()),
            trust,
            |_| {},
        )
    };
    let v = ask(&document, Some(&maker.trust()));
    hold(&v, PROVEN, PROVEN, PROVEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    let v = ask(&document, None);
    hold(&v, PROVEN, OPEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
    let v = ask(&document, Some(&Maker::other().trust()));
    hold(&v, PROVEN, REFUTED, OPEN);
    let mut short = document.clone();
    short["entries"].as_array_mut().unwrap().pop();
    let v = ask(&short, Some(&maker.trust()));
    assert_eq!(v.claims.completeness.outcome, REFUTED);
    assert_ne!(v.claims.integrity.basis, Some(Basis::Anchored));
    // the tree pairs an odd node with itself: a doubled last record has the same root, and its link tells
    let mut doubled = document.clone();
    let last = doubled["entries"][6].clone();
    doubled["entries"].as_array_mut().unwrap().push(last);
    let v = ask(&doubled, Some(&maker.trust()));
    assert_eq!(v.verdict, REFUTED, "{}", told(&v));
}

#[test]
fn a_signed_manifest_lists_what_belongs_here() {
    let maker = Maker::new(Signs::Ed25519);
    let records = maker.unsigned_chain(5);
    let files = maker.packed(&records, &["records.jsonl", "note.txt"]);
    let ask = |profile: &str, files: &[(&str, Vec<u8>)], trust: Option<&str>| {
        judge_with(profile, Bundle::folder(files), trust, |_| {})
    };
    let closed = maker::MANIFEST_PROFILE;
    let open = closed.replace("closed = true", "closed = false");
    let trust = maker.trust();
    for profile in [closed, open.as_str()] {
        let v = ask(profile, &files, Some(&trust));
        // an open manifest may leave members out, so only a closed one fixes the end
        hold(&v, PROVEN, PROVEN, if profile == closed { PROVEN } else { OPEN });
        assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
        let v = ask(profile, &files, None);
        hold(&v, PROVEN, OPEN, OPEN);
        let mut changed = files.clone();
        changed[1].1 = b"another note".to_vec();
        let v = ask(profile, &changed, Some(&trust));
        assert_eq!(v.claims.integrity.outcome, REFUTED, "{}", told(&v));
        let mut missing = files.clone();
        missing.remove(1);
        let v = ask(profile, &missing, Some(&trust));
        assert_eq!(v.claims.completeness.outcome, REFUTED, "{}", told(&v));
    }
    let mut more = files.clone();
    more.push(("extra.txt", b"smuggled".to_vec()));
    let v = ask(closed, &more, Some(&trust));
    assert_eq!(v.claims.completeness.outcome, REFUTED);
    let v = ask(&open, &more, Some(&trust));
    assert_eq!(v.claims.completeness.outcome, OPEN, "{}", told(&v));
    // a manifest that does not list the records covers none of them
    let files = maker.packed(&records, &["note.txt"]);
    let v = ask(&open, &files, Some(&trust));
    assert_ne!(v.claims.integrity.basis, Some(Basis::Anchored), "{}", told(&v));
    assert_ne!(v.claims.authenticity.outcome, PROVEN);
    assert_ne!(v.claims.completeness.outcome, PROVEN);
}

#[test]
fn a_closing_statement_covers_all_hashes_in_order() {
    let maker = Maker::new(Signs::Ed25519);
    let records = maker.unsigned_chain(5);
    let files = maker.closed(&records);
    let ask = |files: &[(&str, Vec<u8>)], trust: Option<&str>| {
        judge_with(maker::CLOSING_PROFILE, Bundle::folder(files), trust, |_| {})
    };
    let trust = maker.trust();
    let v = ask(&files, Some(&trust));
    hold(&v, PROVEN, PROVEN, PROVEN);
    let v = ask(&files, None);
    hold(&v, PROVEN, OPEN, OPEN);
    let mut cut = files.clone();
    cut[0].1 = lines(&records[..4]);
    let v = ask(&cut, Some(&trust));
    hold(&v, PROVEN, OPEN, REFUTED);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
}

#[test]
fn a_signed_last_record_closes_the_trail() {
    let maker = Maker::new(Signs::Ed25519);
    let profile = format!("{CHAIN}\n[expect]\nterminal = {{ field = \"/last\", is = \"true\" }}\n");
    let records = maker.resign(maker.chain(5), |r| {
        if r["seq"] == json!(5) {
            r["last"] = json!(true);
        }
    });
    let trust = maker.trust();
    let v = judge(&profile, lines(&records), Some(&trust));
    hold(&v, PROVEN, PROVEN, PROVEN);
    let v = judge(&profile, lines(&records[..4]), Some(&trust));
    hold(&v, PROVEN, PROVEN, OPEN);
    let more = maker.resign(maker.chain(6), |r| {
        if r["seq"] == json!(4) {
            r["last"] = json!(true);
        }
    });
    let v = judge(&profile, lines(&more), Some(&trust));
    assert_eq!(v.claims.completeness.outcome, REFUTED, "{}", told(&v));
    assert_eq!(at(&v)[0], ("record_after_end", 5));
}

#[test]
fn several_chains_are_as_good_as_the_weakest() {
    let maker = Maker::new(Signs::Ed25519);
    let profile = CHAIN.replace("kind = \"jsonl\"", "kind = \"jsonl\"\npartition = \"/stream\"");
    let stream = |name: &str, n: u64| maker.resign(maker.chain(n), |r| r["stream"] = json!(name));
    let (a, b) = (stream("a", 4), stream("b", 3));
    let mixed: Vec<Value> = vec![&a[0], &b[0], &a[1], &a[2], &b[1], &b[2], &a[3]]
        .into_iter()
        .cloned()
        .collect();
    let trust = maker.trust();
    let heads = vec![
        a[3]["hash"].as_str().unwrap().to_owned(),
        b[2]["hash"].as_str().unwrap().to_owned(),
    ];
    let ask = |records: &[Value], heads: &[String]| {
        let heads = heads.to_vec();
        judge_with(
            &profile,
            Bundle::file("t.jsonl", lines(records)),
            Some(&trust),
            move |r| r.expect_head = heads,
        )
    };
    let v = ask(&mixed, &heads);
    assert_eq!(v.verdict, PROVEN, "{}", told(&v));
    assert_eq!(v.counts.chains, 2);
    let v = ask(&mixed, &heads[..1]);
    assert_ne!(
        v.claims.completeness.outcome,
        PROVEN,
        "one chain's end is not known: {}",
        told(&v)
    );
    assert_ne!(v.claims.completeness.outcome, REFUTED, "{}", told(&v));
    let mut cut = mixed.clone();
    cut.pop();
    let v = ask(&cut, &heads);
    assert_eq!(v.claims.completeness.outcome, REFUTED);
}

#[test]
fn a_plain_path_is_a_name_and_no_place() {
    let (maker, records) = twelve();
    let v = judge_with(
        CHAIN,
        Bundle::file("/mnt/usb/evidence/trail.jsonl", lines(&records)),
        Some(&maker.trust()),
        |_| {},
    );
    hold(&v, PROVEN, PROVEN, OPEN);
}

#[test]
fn a_byte_order_mark_is_odd_and_no_fault() {
    let (maker, records) = twelve();
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    bytes.extend(lines(&records));
    let v = judge(CHAIN, bytes, Some(&maker.trust()));
    hold(&v, PROVEN, PROVEN, OPEN);
    assert!(
        v.warnings.iter().any(|w| w.contains("byte order mark")),
        "{:?}",
        v.warnings
    );
}

#[test]
fn one_strange_record_does_not_hide_the_profile() {
    // detection, on the shipped witnesskit profile
    let maker = Maker::new(Signs::Ed25519);
    let records = maker.witnesskit(10);
    let detect = |records: &[Value]| {
        let mut request = Request::default();
        request.trust.add_file("k", maker.trust().as_bytes()).unwrap();
        Bundle::file("trail.jsonl", lines(records))
            .verify(&request)
            .unwrap()
    };
    let v = detect(&records);
    assert_eq!(v.profile.as_ref().map(|p| p.id.as_str()), Some("witnesskit"));
    hold(&v, PROVEN, PROVEN, OPEN);
    assert_eq!(v.uncovered_fields, ["/signature/alg", "/signature/public_key"]);
    for field in ["hash", "prev_hash", "signature", "version"] {
        let mut lie = records.clone();
        lie[3].as_object_mut().unwrap().remove(field);
        let v = detect(&lie);
        assert_eq!(v.verdict, REFUTED, "{field}: {}", told(&v));
    }
    // every signature stripped: still this profile, and refuted
    let mut lie = records.clone();
    lie.iter_mut()
        .for_each(|r| drop(r.as_object_mut().unwrap().remove("signature")));
    let v = detect(&lie);
    assert_eq!(v.claims.authenticity.outcome, REFUTED, "{}", told(&v));
}

#[test]
fn another_profile_than_the_expected_one_is_a_fault() {
    let maker = Maker::new(Signs::Ed25519);
    let records = maker.witnesskit(5);
    let shipped = tickmark_verify::profile::shipped().unwrap();
    let aat = shipped.iter().find(|p| p.id == "aat").unwrap();
    let request = Request {
        profile: ProfileChoice::Expected(Box::new(aat.clone())),
        ..Request::default()
    };
    let v = Bundle::file("t.jsonl", lines(&records)).verify(&request).unwrap();
    assert!(codes(&v).contains(&"other_profile"), "{}", told(&v));
    assert_eq!(v.verdict, REFUTED);
    sane(&v);
}

#[test]
fn records_without_a_profile_are_read_and_prove_nothing() {
    let records: Vec<Value> = (0..5).map(|n| json!({"event": "x", "n": n})).collect();
    let shapes = [
        ("a.jsonl", lines(&records)),
        ("a.json", array(&records)),
        (
            "a.json",
            json!({"meta": 1, "rows": records}).to_string().into_bytes(),
        ),
    ];
    for (name, bytes) in shapes {
        let v = Bundle::file(name, bytes).verify(&Request::default()).unwrap();
        hold(&v, OPEN, OPEN, OPEN);
        assert_eq!(v.counts.records, 5, "{name}");
        assert!(v.profile.is_none());
        assert_eq!(v.counts.proof_level.as_deref(), Some("P0"));
    }
    let one = |n: u64| json!({"event": "x", "n": n}).to_string().into_bytes();
    let v = Bundle::folder(&[("1.json", one(1)), ("2.json", one(2))])
        .verify(&Request::default())
        .unwrap();
    assert_eq!(v.counts.records, 2);
}

#[test]
fn programs_are_named_and_never_run() {
    let (maker, records) = twelve();
    let files = [
        ("trail.jsonl", lines(&records)),
        ("verify.py", b"print('VERIFIED')".to_vec()),
    ];
    let v = judge_with(CHAIN, Bundle::folder(&files), Some(&maker.trust()), |_| {});
    assert!(
        v.warnings.iter().any(|w| w.contains("verify.py")),
        "{:?}",
        v.warnings
    );
    hold(&v, PROVEN, PROVEN, OPEN);
}

#[test]
fn a_second_document_beside_the_trail_is_not_taken_for_records_and_is_told() {
    let (maker, records) = twelve();
    let files = [
        ("trail.jsonl", lines(&records)),
        ("about.json", b"{\"note\":\"compact\"}".to_vec()),
    ];
    let v = judge_with(CHAIN, Bundle::folder(&files), Some(&maker.trust()), |_| {});
    hold(&v, PROVEN, PROVEN, OPEN);
    assert_eq!(v.counts.records, 12);
    assert!(
        v.warnings.iter().any(|w| w.contains("about.json")),
        "{:?}",
        v.warnings
    );
}

#[test]
fn faults_are_capped_in_the_list_and_not_in_the_count() {
    let (maker, mut records) = twelve();
    records.iter_mut().for_each(|r| r["text"] = json!("changed"));
    let v = judge_with(
        CHAIN,
        Bundle::file("t.jsonl", lines(&records)),
        Some(&maker.trust()),
        |r| r.fault_cap = 5,
    );
    assert_eq!(v.faults.len(), 5);
    assert_eq!(v.counts.faults, 12);
    assert_eq!(v.fault_groups[0].count, 12);
    assert_eq!(v.fault_groups[0].records, (1..=12).collect::<Vec<_>>());
}
