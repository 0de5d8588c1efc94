//! Bundles as they arrive: sealed, packed, cut off, with members that should not be, in parts, in any order.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::semicolon_if_nothing_returned
)]

use crate::kit;
use crate::manner;

use std::io::{Cursor, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::kit::{Bundle, told};
use crate::manner::{Manner, lines};
use serde_json::{Value, json};
use tickmark_crypto::sealed::{Identity, Opener, seal_to, seal_with_passphrase};
use tickmark_crypto::secret::Secret;
use tickmark_formats::container::{Origin, ReadSeek, Received};
use tickmark_verify::profile::shipped;
use tickmark_verify::verification::{Basis, CheckOutcome, ClaimOutcome, Verification};
use tickmark_verify::{ProfileChoice, Request, Unwatched, VerifyError, verify};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;

fn manner(profile: &str) -> Manner {
    let mut all = manner::all().into_iter();
    all.find(|manner| manner.profile == profile).unwrap()
}

fn request(manner: &Manner) -> Request {
    let mut request = Request::default();
    request
        .trust
        .add_file("pinned.toml", manner.trust.as_bytes())
        .unwrap();
    request
}

fn judge(bundle: &Bundle, request: &Request) -> Verification {
    let v = bundle.verify(request).unwrap();
    kit::hold_together(&v);
    v
}

#[track_caller]
fn hold(v: &Verification, integrity: ClaimOutcome, authenticity: ClaimOutcome, completeness: ClaimOutcome) {
    let c = &v.claims;
    let found = (
        c.integrity.outcome,
        c.authenticity.outcome,
        c.completeness.outcome,
    );
    assert_eq!(found, (integrity, authenticity, completeness), "{}", told(v));
}

fn codes(v: &Verification) -> Vec<&str> {
    v.faults.iter().map(|fault| fault.code.as_str()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, bytes.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

// --- sealed --------------------------------------------------------------------------------------------------------

fn openers(opener: Opener) -> Arc<[Opener]> {
    Arc::from(vec![opener])
}

#[test]
fn a_sealed_bundle_opens_with_its_secret_only() {
    let manner = manner("witnesskit");
    let plain = lines(&(manner.records)(5));
    let secret = |text: &str| Secret::new(text.to_owned());
    let identity = Identity::generate();
    let by_passphrase = seal_with_passphrase(&plain, &secret("right"), 2).unwrap();
    let by_identity = seal_to(&plain, &[identity.recipient()]).unwrap();
    let wrong = [
        (&by_passphrase, Opener::Passphrase(secret("wrong"))),
        (&by_passphrase, Opener::Identity(Identity::generate())),
        (&by_identity, Opener::Identity(Identity::generate())),
        (&by_identity, Opener::Passphrase(secret("right"))),
    ];
    for (sealed, opener) in wrong {
        let mut request = request(&manner);
        request.openers = openers(opener);
        let found = Bundle::file("trail.jsonl.age", sealed.clone()).verify(&request);
        assert!(matches!(found, Err(VerifyError::Container(_))));
    }
    let found = Bundle::file("trail.jsonl.age", by_identity.clone()).verify(&request(&manner));
    assert!(matches!(found, Err(VerifyError::Sealed)));
    let right = [
        (by_passphrase, Opener::Passphrase(secret("right"))),
        (by_identity, Opener::Identity(identity)),
    ];
    for (sealed, opener) in right {
        let mut request = request(&manner);
        request.openers = openers(opener);
        let v = judge(&Bundle::file("trail.jsonl.age", sealed.clone()), &request);
        hold(&v, PROVEN, PROVEN, OPEN);
        assert_eq!(v.bundle.packing, ["age", "file"]);
        let digest = tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(&sealed));
        assert_eq!(v.bundle.sha256, digest, "the digest is of what was received");
    }
}

// --- packed --------------------------------------------------------------------------------------------------------

#[test]
fn one_packed_file_is_read_like_a_plain_one() {
    let manner = manner("witnesskit");
    let packed = gzip(&lines(&(manner.records)(5)));
    let v = judge(&Bundle::file("trail.jsonl.gz", packed.clone()), &request(&manner));
    hold(&v, PROVEN, PROVEN, OPEN);
    assert_eq!(v.bundle.packing, ["gzip", "file"]);
    let digest = tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(&packed));
    assert_eq!(v.bundle.sha256, digest);

    // zero padding is none of anybody's bytes
    let padded = [packed.clone(), vec![0; 512]].concat();
    hold(
        &judge(&Bundle::file("t.gz", padded), &request(&manner)),
        PROVEN,
        PROVEN,
        OPEN,
    );
    // bytes after the last member
    let trailing = [packed.clone(), b"and more".to_vec()].concat();
    let v = judge(&Bundle::file("t.gz", trailing), &request(&manner));
    assert_eq!(v.claims.integrity.outcome, REFUTED, "{}", told(&v));
    assert_eq!(codes(&v), ["trailing_bytes"]);
    // cut off: what is there is judged, and nothing is proven of it
    let v = judge(
        &Bundle::file("t.gz", packed[..packed.len() * 2 / 3].to_vec()),
        &request(&manner),
    );
    hold(&v, OPEN, OPEN, OPEN);
    assert_eq!(codes(&v), ["truncated"]);
}

#[test]
fn what_was_told_is_not_held_against_a_bundle_that_is_cut_off() {
    let manner = manner("witnesskit");
    let packed = gzip(&lines(&(manner.records)(9)));
    let mut request = request(&manner);
    request.expect_count = Some(9);
    request.expect_head = vec!["f".repeat(44)];
    let v = judge(
        &Bundle::file("t.gz", packed[..packed.len() / 2].to_vec()),
        &request,
    );
    hold(&v, OPEN, OPEN, OPEN);
}

#[test]
fn members_that_should_not_be_are_told_and_the_rest_is_judged() {
    let manner = manner("witnesskit");
    let records = lines(&(manner.records)(5));
    let escaping = zip(&[
        ("trail.jsonl", records.clone()),
        ("../../etc/passwd", b"x".to_vec()),
    ]);
    let v = judge(&Bundle::file("b.zip", escaping), &request(&manner));
    hold(&v, OPEN, PROVEN, OPEN);
    assert_eq!((codes(&v), v.counts.records), (vec!["name"], 5));

    // two members of one name: the directory is patched, because no writer makes it
    let twice = zip(&[("trail.jsonl", records.clone()), ("trail.jsonx", b"{}".to_vec())]);
    let mut twice = twice;
    let places: Vec<usize> = (0..twice.len() - 11)
        .filter(|at| &twice[*at..at + 11] == b"trail.jsonx")
        .collect();
    for at in places {
        twice[at + 10] = b'l';
    }
    let v = judge(&Bundle::file("b.zip", twice), &request(&manner));
    assert_ne!(v.claims.integrity.outcome, PROVEN, "{}", told(&v));
    assert!(codes(&v).contains(&"duplicate_name"), "{}", told(&v));

    // bytes behind the end of a zip file
    let behind = [zip(&[("trail.jsonl", records)]), b"behind".to_vec()].concat();
    let v = judge(&Bundle::file("b.zip", behind), &request(&manner));
    assert_eq!(v.claims.integrity.outcome, REFUTED, "{}", told(&v));
}

#[test]
fn a_bomb_is_refused_by_name() {
    let manner = manner("witnesskit");
    let mut request = request(&manner);
    request.limits.ratio_from = 1 << 20;
    let bomb = gzip(&vec![b' '; 8 << 20]);
    match Bundle::file("b.jsonl.gz", bomb).verify(&request) {
        Ok(v) => assert_eq!(v.verdict, OPEN, "{}", told(&v)),
        Err(error) => assert!(matches!(error, VerifyError::Container(_))),
    }
    let blanks = zip(&[("trail.jsonl", vec![b'\n'; 8 << 20])]);
    match Bundle::file("b.zip", blanks).verify(&request) {
        Ok(v) => assert_eq!(v.verdict, OPEN, "{}", told(&v)),
        Err(error) => assert!(matches!(error, VerifyError::Container(_))),
    }
}

// --- in parts ------------------------------------------------------------------------------------------------------

/// One trail in files of a few records each, named by number.
fn parts(records: &[Value], size: usize) -> Vec<(String, Vec<u8>)> {
    records
        .chunks(size)
        .enumerate()
        .map(|(index, part)| (format!("log/{index:04}.jsonl"), lines(part)))
        .collect()
}

fn folder(members: &[(String, Vec<u8>)]) -> Bundle {
    let members: Vec<(&str, Vec<u8>)> = members
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    Bundle::folder(&members)
}

#[test]
fn a_trail_in_parts_is_one_trail() {
    let manner = manner("witnesskit");
    for size in [3, 1] {
        let members = parts(&(manner.records)(100), size);
        let in_order = tar(&members);
        let mut reversed = members.clone();
        reversed.reverse();
        let bundles = [
            folder(&members),
            Bundle::file("b.tar", in_order.clone()),
            Bundle::file("b.tar.gz", gzip(&in_order)),
        ];
        for bundle in bundles {
            let v = judge(&bundle, &request(&manner));
            hold(&v, PROVEN, PROVEN, OPEN);
            assert_eq!((v.counts.records, v.counts.chains), (100, 1));
        }
        // few parts of a tar file are read by name, whatever its order
        if size == 3 {
            let v = judge(&Bundle::file("b.tar", tar(&reversed)), &request(&manner));
            hold(&v, PROVEN, PROVEN, OPEN);
        }
        // a part that is gone leaves a broken link
        let mut gone = members.clone();
        gone.remove(5);
        let v = judge(&folder(&gone), &request(&manner));
        assert_eq!(v.claims.integrity.outcome, REFUTED, "{}", told(&v));
        assert_eq!(v.faults[0].record, Some(5 * size as u64 + 1));
    }
}

#[test]
fn records_are_named_by_member_and_line() {
    let manner = manner("witnesskit");
    let mut records = (manner.records)(9);
    records[7]["actor"] = json!("changed");
    let v = judge(&folder(&parts(&records, 4)), &request(&manner));
    let fault = &v.faults[0];
    assert_eq!(
        (fault.record, fault.member.as_deref(), fault.line),
        (Some(8), Some("log/0001.jsonl"), Some(4))
    );
}

#[test]
fn one_record_a_file() {
    let manner = manner("actionproof");
    let records = (manner.records)(70);
    let mut members: Vec<(String, Vec<u8>)> = records
        .iter()
        .enumerate()
        .map(|(n, record)| (format!("{n:03}.json"), serde_json::to_vec_pretty(record).unwrap()))
        .collect();
    let v = judge(&folder(&members), &request(&manner));
    assert_eq!((v.counts.records, v.counts.signed), (70, 70), "{}", told(&v));
    hold(&v, PROVEN, PROVEN, OPEN);
    // a file that is no receipt any more is not silently left out
    members[66].1 = b"{\"receipt\": {\"v\": \"ap1\"}}".to_vec();
    let v = judge(&folder(&members), &request(&manner));
    assert!(
        v.warnings.iter().any(|warning| warning.contains("066.json")) || v.verdict == REFUTED,
        "{:?}",
        v.warnings
    );
}

// --- read twice ----------------------------------------------------------------------------------------------------

/// Gives other bytes from the third opening on.
struct Changing {
    opened: AtomicUsize,
    first: Vec<u8>,
    later: Vec<u8>,
    after: usize,
}

impl Origin for Changing {
    fn name(&self) -> &str {
        "trail.jsonl"
    }

    fn len(&self) -> u64 {
        self.first.len() as u64
    }

    fn open(&self) -> std::io::Result<Box<dyn ReadSeek + Send>> {
        let is_first = self.opened.fetch_add(1, Ordering::Relaxed) < self.after;
        let bytes = if is_first { &self.first } else { &self.later };
        Ok(Box::new(Cursor::new(bytes.clone())))
    }
}

#[test]
fn bytes_that_change_while_they_are_read_prove_nothing() {
    let manner = manner("witnesskit");
    let records = (manner.records)(5);
    let mut other = records.clone();
    other.pop();
    let head = {
        let v = judge(&Bundle::file("t.jsonl", lines(&other)), &request(&manner));
        v.chains[0].head.clone()
    };
    let mut proven_of_the_first = 0;
    for after in 0..6 {
        let origin = Changing {
            opened: AtomicUsize::new(0),
            first: lines(&records),
            later: lines(&other),
            after,
        };
        let mut request = request(&manner);
        request.expect_head = vec![head.clone()];
        let received = Received::Folder {
            name: "bundle".into(),
            files: vec![Arc::new(origin)],
        };
        let v = verify(received, &request, &mut Unwatched).unwrap();
        kit::hold_together(&v);
        let is_told = v.faults.iter().any(|fault| fault.code == "member_changed");
        if v.verdict == PROVEN {
            // every reading that counts was of the later bytes
            assert_eq!(v.counts.records, 4);
            proven_of_the_first += usize::from(after > 2);
        } else {
            assert!(is_told || !v.faults.is_empty(), "after {after}: {}", told(&v));
        }
    }
    assert_eq!(proven_of_the_first, 0);
}

// --- hostile lines -------------------------------------------------------------------------------------------------

#[test]
fn two_hundred_thousand_brackets() {
    let manner = manner("witnesskit");
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let object = format!("{}1{}", "{\"a\":".repeat(200_000), "}".repeat(200_000));
    for text in [deep, object] {
        for name in ["t.jsonl", "t.json"] {
            if let Ok(v) = Bundle::file(name, text.clone()).verify(&request(&manner)) {
                kit::hold_together(&v);
                assert_ne!(v.verdict, PROVEN);
            }
        }
        let mut between = lines(&(manner.records)(3));
        between.extend(text.as_bytes());
        between.push(b'\n');
        let v = judge(&Bundle::file("t.jsonl", between), &request(&manner));
        assert_eq!((v.verdict, v.counts.records), (OPEN, 4), "{}", told(&v));
    }
}

#[test]
fn a_skipped_line_hides_no_gap() {
    let manner = manner("witnesskit");
    let records = (manner.records)(9);
    let mut request = request(&manner);
    request.limits.line = 2_000;
    request.expect_count = Some(9);
    let long = format!("{{\"x\":\"{}\"}}\n", "x".repeat(3_000));
    for place in [0, 4, 9] {
        let mut text: Vec<String> = records.iter().map(|record| format!("{record}\n")).collect();
        text.insert(place, long.clone());
        let v = judge(&Bundle::file("t.jsonl", text.concat()), &request);
        hold(&v, OPEN, OPEN, OPEN);
        assert_eq!(codes(&v), ["limit_line"], "place {place}");
        // in place of a record
        if place < 9 {
            text.remove(place + 1);
            let v = judge(&Bundle::file("t.jsonl", text.concat()), &request);
            hold(&v, OPEN, OPEN, OPEN);
            assert_eq!(codes(&v), ["limit_line"], "place {place}");
        }
    }
}

#[test]
fn a_value_as_long_as_a_line_is_not_kept() {
    let manner = manner("witnesskit");
    let mut records = (manner.records)(4);
    for name in ["hash", "prev_hash"] {
        records[2][name] = json!("é".repeat(400_000));
    }
    let v = judge(&Bundle::file("t.jsonl", lines(&records)), &request(&manner));
    assert_eq!(v.claims.integrity.outcome, REFUTED);
    for fault in &v.faults {
        for text in [&fault.expected, &fault.found].into_iter().flatten() {
            assert!(text.len() < 10_000, "{} bytes", text.len());
        }
    }
}

// --- chains that enter their hashes --------------------------------------------------------------------------------

#[test]
fn an_implicit_chain_holds_over_many_batches() {
    let manner = manner("merkle-audit");
    let records = (manner.records)(1_300);
    let v = judge(&Bundle::file("t.jsonl", lines(&records)), &Request::default());
    hold(&v, PROVEN, OPEN, OPEN);
    assert!(v.chains[0].starts_at_genesis);
    for place in [511, 512, 513, 1_024] {
        let mut lie = records.clone();
        lie.remove(place);
        let v = judge(&Bundle::file("t.jsonl", lines(&lie)), &Request::default());
        assert_eq!(v.faults[0].record, Some(place as u64 + 1), "{}", told(&v));
        let mut text: Vec<String> = records.iter().map(|record| format!("{record}\n")).collect();
        text[place] = "nonsense\n".into();
        let v = judge(&Bundle::file("t.jsonl", text.concat()), &Request::default());
        assert_eq!(codes(&v), ["not_json"], "{}", told(&v));
        assert_eq!(v.faults[0].record, Some(place as u64 + 1));
    }
}

#[test]
fn what_follows_a_skipped_record_is_not_judged_by_it() {
    let manner = manner("merkle-audit");
    let records = (manner.records)(600);
    let mut request = Request::default();
    request.limits.line = 4_000;
    for place in [3, 511, 512] {
        let mut text: Vec<String> = records.iter().map(|record| format!("{record}\n")).collect();
        text[place] = format!("{{\"x\":\"{}\"}}\n", "x".repeat(5_000));
        let v = judge(&Bundle::file("t.jsonl", text.concat()), &request);
        hold(&v, OPEN, OPEN, OPEN);
        assert_eq!(codes(&v), ["limit_line"], "{place}: {}", told(&v));
    }
}

// --- several chains ------------------------------------------------------------------------------------------------

fn named_chain(manner: &Manner, name: &str, n: u64) -> Vec<Value> {
    let mut records = (manner.records)(n);
    for record in &mut records {
        record["credentialSubject"]["chain"]["chain_id"] = json!(name);
    }
    records
}

#[test]
fn a_chain_that_an_earlier_import_held_is_missed() {
    // signed anew, so that the chain's name is signed too
    let manner = manner("aat");
    let session = |name: &str| {
        let mut records = (manner.records)(4);
        for record in &mut records {
            record["session_id"] = json!(name);
        }
        records
    };
    let (a, b) = (session("a"), session("b"));
    let mut request = Request::default();
    let remember = |records: &[Value], chain: &str| {
        let first = records[0].to_string();
        tickmark_verify::RememberedHead {
            chain: Some(chain.into()),
            first_id: tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(first.as_bytes())),
            records: 4,
            head: (manner.remake)(records.to_vec())
                .last()
                .map(|_| String::new())
                .unwrap_or_default(),
            imported_at: "20 Nov 2026".into(),
            ..tickmark_verify::RememberedHead::default()
        }
    };
    let whole = judge(
        &Bundle::file("t.jsonl", lines(&(manner.remake)(a.clone()))),
        &Request::default(),
    );
    let remade = (manner.remake)(a.clone());
    let mut head_a = remember(&remade, "a");
    head_a.head.clone_from(&whole.chains[0].head);
    request.remembered = vec![head_a, remember(&b, "b")];
    let v = judge(&Bundle::file("t.jsonl", lines(&remade)), &request);
    let checks = &v.claims.completeness.checks;
    let check = checks.iter().find(|check| check.id == "earlier_import").unwrap();
    assert_eq!(check.outcome, CheckOutcome::NotChecked, "{check:?}");
    assert_ne!(v.claims.completeness.outcome, PROVEN);
}

#[test]
fn a_record_that_cannot_be_placed_breaks_no_other_chain() {
    let manner = manner("agent-receipts");
    let (a, b) = (named_chain(&manner, "a", 4), named_chain(&manner, "b", 4));
    let (a, b) = ((manner.remake)(a), (manner.remake)(b));
    let mixed: Vec<String> = a
        .iter()
        .zip(&b)
        .flat_map(|(a, b)| [format!("{a}\n"), format!("{b}\n")])
        .collect();
    let v = judge(&Bundle::file("t.jsonl", mixed.concat()), &Request::default());
    assert_eq!(v.counts.chains, 2, "{}", told(&v));
    let mut text = mixed.clone();
    text[4] = "nonsense\n".into();
    let v = judge(&Bundle::file("t.jsonl", text.concat()), &Request::default());
    assert_eq!(codes(&v), ["not_json"], "{}", told(&v));
}

#[test]
fn a_trail_continues_where_an_earlier_import_ended() {
    let manner = manner("signet");
    let records = (manner.records)(9);
    let earlier = judge(&Bundle::file("t.jsonl", lines(&records[..5])), &request(&manner));
    let mut request = request(&manner);
    request.remembered = vec![tickmark_verify::RememberedHead {
        chain: None,
        first_id: "0".repeat(64),
        records: 5,
        head: earlier.chains[0].head.clone(),
        imported_at: "20 Nov 2026".into(),
        ..tickmark_verify::RememberedHead::default()
    }];
    let later = Bundle::file("t.jsonl", lines(&records[5..]));
    let v = judge(&later, &request);
    let start = v
        .claims
        .completeness
        .checks
        .iter()
        .find(|check| check.id == "start")
        .unwrap();
    assert_eq!(start.outcome, CheckOutcome::Pass, "{}", told(&v));
    assert!(start.detail.contains("20 Nov 2026"));
    assert_eq!(v.claims.completeness.outcome, OPEN);
    let whole = judge(&Bundle::file("t.jsonl", lines(&records)), &request_of(&manner));
    request.expect_head = vec![whole.chains[0].head.clone()];
    let v = judge(&later, &request);
    assert_eq!(
        (v.verdict, v.claims.integrity.basis),
        (PROVEN, Some(Basis::Anchored)),
        "{}",
        told(&v)
    );
}

fn request_of(manner: &Manner) -> Request {
    request(manner)
}

// --- recognising ---------------------------------------------------------------------------------------------------

#[test]
fn two_profiles_that_fit_are_both_named() {
    let manner = manner("witnesskit");
    let ours = shipped()
        .unwrap()
        .iter()
        .find(|profile| profile.id == "witnesskit")
        .unwrap();
    let twin = ours
        .text()
        .replace("id = \"witnesskit\"", "id = \"witnesskit-twin\"");
    let mut request = request(&manner);
    request.extra_profiles = vec![tickmark_verify::Profile::parse(&twin).unwrap()];
    match Bundle::file("t.jsonl", lines(&(manner.records)(3))).verify(&request) {
        Err(VerifyError::Ambiguous { candidates }) => {
            assert_eq!(candidates, ["witnesskit", "witnesskit-twin"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_named_profile_without_its_member_is_an_error() {
    let aivs = shipped()
        .unwrap()
        .iter()
        .find(|profile| profile.id == "aivs")
        .unwrap();
    let request = Request {
        profile: ProfileChoice::Named(Box::new(aivs.clone())),
        ..Request::default()
    };
    let bundle = Bundle::folder(&[("a.txt", b"no record".to_vec()), ("b.txt", b"none".to_vec())]);
    assert!(matches!(
        bundle.verify(&request),
        Err(VerifyError::NoSource { .. })
    ));
}

#[test]
fn a_delimiter_inside_a_field_is_told() {
    let manner = manner("aivs");
    let mut records = (manner.records)(3);
    records[1]["tool_name"] = json!("browser:navigate");
    let records = (manner.remake)(records);
    let v = judge(
        &Bundle::file("audit_log.jsonl", lines(&records)),
        &Request::default(),
    );
    assert_eq!(v.claims.integrity.outcome, PROVEN, "{}", told(&v));
    assert!(
        v.warnings.iter().any(|warning| warning.contains("delimiter")),
        "{:?}",
        v.warnings
    );
}

#[test]
fn a_program_in_the_bundle_is_told() {
    let manner = manner("ai-audit-trail");
    let records = (manner.records)(3);
    let v = judge(&(manner.pack)(&records, &records), &request(&manner));
    assert!(
        v.warnings.iter().any(|warning| warning.contains("verify.py")),
        "{:?}",
        v.warnings
    );
}

#[test]
fn a_manifest_that_lost_its_signature_is_refuted() {
    let manner = manner("ai-audit-trail");
    let records = (manner.records)(3);
    let members = |manifest: Value| {
        Bundle::folder(&[
            ("receipts.jsonl", lines(&records)),
            ("manifest.json", manifest.to_string().into_bytes()),
        ])
    };
    let digest = tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(&lines(&records)));
    let sums = json!({"checksums": {"receipts.jsonl": digest}});
    let v = judge(&members(sums), &request(&manner));
    assert_eq!(v.claims.authenticity.outcome, REFUTED, "{}", told(&v));
    assert_eq!(codes(&v), ["statement_signature_missing"]);
    // a manifest that lists nothing, or is none
    for manifest in [
        json!({"checksums": {}, "signature": "00"}),
        json!([]),
        json!({"checksums": {"receipts.jsonl": 7}}),
    ] {
        let v = judge(&members(manifest), &request(&manner));
        assert_eq!(v.verdict, REFUTED, "{}", told(&v));
    }
}

#[test]
fn a_large_manifest_is_read_too() {
    let manner = manner("ai-audit-trail");
    let records = (manner.records)(3);
    let digest = tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(&lines(&records)));
    let mut manifest = json!({"checksums": {"receipts.jsonl": digest}, "padding": "x".repeat(3 << 20)});
    manifest["signature"] = json!(manner::sign_hex(&manner::ssa(&manifest)));
    let bundle = Bundle::folder(&[
        ("receipts.jsonl", lines(&records)),
        ("manifest.json", manifest.to_string().into_bytes()),
    ]);
    let v = judge(&bundle, &request(&manner));
    hold(&v, PROVEN, PROVEN, PROVEN);
}
