//! CloudTrail Lake: query results with a signed list of their files, and lies about them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout
)]

use crate::kit;

use crate::kit::{Bundle, fixtures, told};
use crate::trail::{Files, Signer, aws, gzip, stranger};
use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::hex;
use tickmark_verify::Request;
use tickmark_verify::verification::{Basis, ClaimOutcome, KeyOrigin, Verification};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;
const ROWS: &str = "eventTime,eventName,note\r\n2026-10-01,InvokeModel,\"two\nlines, \"\"quoted\"\"\"\r\n2026-10-02,PutObject,x\r\n";

fn list(files: &[(&str, &[u8])], signer: &Signer) -> Value {
    let hashes: Vec<String> = files.iter().map(|(_, bytes)| hex(&sha256(bytes))).collect();
    let entries: Vec<Value> = files
        .iter()
        .zip(&hashes)
        .map(|((name, _), hash)| json!({"fileHashValue": hash, "fileName": name}))
        .collect();
    json!({
        "region": "us-east-1", "files": entries, "hashAlgorithm": "SHA-256", "signatureAlgorithm": "SHA256withRSA",
        "hashSignature": signer.sign(&hashes.join(" ")), "publicKeyFingerprint": aws().fingerprint,
        "queryCompleteTime": "2026-10-02T00:00:00Z",
    })
}

fn result(signer: &Signer) -> Files {
    let (one, two) = (
        gzip(ROWS.as_bytes()),
        gzip(b"eventTime,eventName,note\n2026-10-03,GetObject,y\n"),
    );
    let list = list(&[("result_1.csv.gz", &one), ("result_2.csv.gz", &two)], signer);
    [
        ("q/result_1.csv.gz".to_owned(), one),
        ("q/result_2.csv.gz".to_owned(), two),
        ("q/result_sign.json".to_owned(), list.to_string().into_bytes()),
    ]
    .into()
}

fn request() -> Request {
    let mut request = Request::default();
    request
        .trust
        .add_file("keys.json", aws().listed().as_bytes())
        .unwrap();
    request
}

#[track_caller]
fn judge(files: &Files, request: &Request) -> Verification {
    let files: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    let v = Bundle::folder(&files).verify(request).unwrap();
    assert_eq!(
        v.profile.as_ref().map(|profile| profile.id.as_str()),
        Some("cloudtrail-lake"),
        "{}",
        told(&v)
    );
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

#[track_caller]
fn lie(tell: impl FnOnce(&mut Files), claims: (ClaimOutcome, ClaimOutcome, ClaimOutcome), fault: &str) {
    let mut files = result(aws());
    tell(&mut files);
    let v = judge(&files, &request());
    hold(&v, claims.0, claims.1, claims.2);
    assert!(
        v.faults.iter().any(|found| found.code == fault),
        "{fault}: {}",
        told(&v)
    );
}

fn relist(files: &mut Files, edit: impl FnOnce(&mut Value)) {
    let list = files.get_mut("q/result_sign.json").unwrap();
    let mut value: Value = serde_json::from_slice(list).unwrap();
    edit(&mut value);
    *list = value.to_string().into_bytes();
}

#[test]
fn a_whole_result_is_proven() {
    let v = judge(&result(aws()), &request());
    hold(&v, PROVEN, PROVEN, PROVEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    assert_eq!((v.verdict, v.claims.time.outcome), (PROVEN, OPEN));
    assert_eq!(
        (v.counts.records, v.counts.signed),
        (3, 3),
        "rows without the first, one over two lines"
    );
    assert_eq!(
        v.uncovered_fields,
        ["/region", "/queryCompleteTime", "/files/*/fileName"]
    );
    assert_eq!(v.keys[0].origin, KeyOrigin::Pinned);
}

#[test]
fn what_is_not_signed_can_be_changed() {
    let mut files = result(aws());
    relist(&mut files, |list| list["region"] = json!("elsewhere"));
    hold(&judge(&files, &request()), PROVEN, PROVEN, PROVEN);
}

#[test]
fn without_a_pinned_key_it_agrees_with_itself_only() {
    let v = judge(&result(aws()), &Request::default());
    hold(&v, PROVEN, OPEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
    let v = judge(&result(stranger()), &request());
    hold(&v, PROVEN, REFUTED, OPEN);
}

#[test]
fn lies_about_files() {
    lie(
        |files| drop(files.insert("q/result_1.csv.gz".into(), gzip(b"eventTime\nx\n"))),
        (REFUTED, OPEN, OPEN),
        "result_mismatch",
    );
    // packed anew: the same rows in other bytes
    lie(
        |files| drop(files.insert("q/result_1.csv.gz".into(), ROWS.as_bytes().to_vec())),
        (REFUTED, OPEN, OPEN),
        "result_mismatch",
    );
    lie(
        |files| drop(files.remove("q/result_2.csv.gz")),
        (PROVEN, PROVEN, REFUTED),
        "result_missing",
    );
    lie(
        |files| drop(files.insert("q/result_3.csv.gz".into(), gzip(b"a\nb\n"))),
        (OPEN, OPEN, REFUTED),
        "result_unlisted",
    );
}

#[test]
fn lies_about_the_list() {
    let signature = (PROVEN, REFUTED, OPEN);
    let wrong = "result_signature_mismatch";
    lie(
        |files| relist(files, |l| l["files"].as_array_mut().unwrap().reverse()),
        signature,
        wrong,
    );
    lie(
        |files| relist(files, |l| l["hashSignature"] = json!("zz")),
        signature,
        wrong,
    );
    lie(
        |files| {
            relist(files, |l| drop(l["files"].as_array_mut().unwrap().pop()));
            files.remove("q/result_2.csv.gz");
        },
        signature,
        wrong,
    );
}

#[test]
fn lists_that_cannot_be_used() {
    let edits: [&dyn Fn(&mut Value); 7] = [
        &|l| l["files"] = json!([]),
        &|l| l["files"][0]["fileName"] = json!("../result_1.csv.gz"),
        &|l| l["files"][1] = l["files"][0].clone(),
        &|l| l["files"][0]["fileHashValue"] = json!("AB"),
        &|l| l["hashAlgorithm"] = json!("MD5"),
        &|l| l["signatureAlgorithm"] = json!("none"),
        &|l| drop(l.as_object_mut().unwrap().remove("publicKeyFingerprint")),
    ];
    for edit in edits {
        let mut files = result(aws());
        relist(&mut files, edit);
        let v = judge(&files, &request());
        assert_eq!(v.verdict, REFUTED, "{}", told(&v));
        assert_eq!(v.claims.integrity.outcome, REFUTED, "{}", told(&v));
        assert_eq!(v.faults[0].code, "result_sign_format");
    }
}

/// The list is genuine; the file that it lists was never published in text.
#[test]
fn a_genuine_list_without_its_file() {
    let path = fixtures().map(|path| path.join("aws-cloudtrail-lake-query/result_sign.json"));
    let Some(path) = path.filter(|path| path.is_file()) else {
        println!("NOT RUN: the fixtures are not at hand");
        return;
    };
    let files: Files = [
        ("result_sign.json".to_owned(), std::fs::read(path).unwrap()),
        ("notes.txt".to_owned(), b"x".to_vec()),
    ]
    .into();
    let v = judge(&files, &request());
    hold(&v, OPEN, OPEN, REFUTED);
}
