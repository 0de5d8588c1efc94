//! Statements of the transparency family, judged as whole bundles. Genuine ones where the fixtures are at hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

use crate::kit::{Bundle, fixtures, hold_together, told};
use serde_json::json;
use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::dsse::pae;
use tickmark_crypto::encoding::base64;
use tickmark_crypto::merkle::Knobs;
use tickmark_crypto::note::{NoteKey, NoteKind, cosigned};
use tickmark_crypto::signing::SigningKey;
use tickmark_verify::verification::{Basis, ClaimOutcome, Verification};
use tickmark_verify::{Request, Trust};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;

fn judged(files: &[(&str, &[u8])], pins: &[&[u8]]) -> Verification {
    let files: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|(name, bytes)| (*name, bytes.to_vec()))
        .collect();
    let mut trust = Trust::default();
    for pin in pins {
        trust.add_file("pin", pin).unwrap();
    }
    let request = Request {
        trust,
        ..Request::default()
    };
    let v = Bundle::folder(&files).verify(&request).unwrap();
    hold_together(&v);
    v
}

const LOG: &[u8] = b"{\"n\":1}\n{\"n\":2}\n";

fn attestation(key: &SigningKey, digest: &str) -> Vec<u8> {
    let kind = "application/vnd.in-toto+json";
    let payload = json!({
        "_type": "https://in-toto.io/Statement/v1", "predicateType": "https://example.com/audit/v1",
        "subject": [{"name": "log.jsonl", "digest": {"sha256": digest}}],
    })
    .to_string();
    let sig = base64(&key.sign(&pae(kind, payload.as_bytes())));
    json!({"payloadType": kind, "payload": base64(payload.as_bytes()), "signatures": [{"sig": sig}]})
        .to_string()
        .into_bytes()
}

#[test]
fn an_attestation_anchors_what_it_names() {
    let key = SigningKey::generate().unwrap();
    let pem = key.public().pem();
    let digest = Algorithm::Sha256.of(LOG).hex();
    let statement = attestation(&key, &digest);
    let bundle = [("log.jsonl", LOG), ("log.intoto.json", &statement[..])];
    let pinned = judged(&bundle, &[pem.as_bytes()]);
    assert_eq!(pinned.claims.authenticity.outcome, PROVEN, "{}", told(&pinned));
    assert_eq!(pinned.claims.integrity.outcome, PROVEN, "{}", told(&pinned));
    assert_eq!(pinned.claims.integrity.basis, Some(Basis::Anchored));
    // a list that is not closed fixes no extent, and no third party saw it
    assert_eq!(pinned.claims.completeness.outcome, OPEN);
    assert_eq!(pinned.claims.time.outcome, OPEN);
    let unpinned = judged(&bundle, &[]);
    assert_eq!(unpinned.claims.authenticity.outcome, OPEN, "{}", told(&unpinned));
    assert_ne!(unpinned.claims.integrity.basis, Some(Basis::Anchored));
    let stranger = SigningKey::generate().unwrap().public().pem();
    let wrong = judged(&bundle, &[stranger.as_bytes()]);
    assert_eq!(wrong.claims.authenticity.outcome, REFUTED, "{}", told(&wrong));
    // the log was changed after it was attested
    let changed = judged(
        &[
            ("log.jsonl", b"{\"n\":1}\n{\"n\":3}\n"),
            ("log.intoto.json", &statement),
        ],
        &[pem.as_bytes()],
    );
    assert_eq!(changed.claims.integrity.outcome, REFUTED, "{}", told(&changed));
    // a member that nobody attested is reached by nothing
    let more = judged(
        &[
            ("log.jsonl", LOG),
            ("more.jsonl", b"{\"n\":9}\n"),
            ("log.intoto.json", &statement),
        ],
        &[pem.as_bytes()],
    );
    assert_ne!(more.claims.authenticity.outcome, PROVEN, "{}", told(&more));
}

#[test]
fn a_proof_with_a_witness_dates_its_entry() {
    let (log, witness) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let own = NoteKey::new("example.com/log", log.public(), NoteKind::Ed25519).unwrap();
    let seen = NoteKey::new("witness.example", witness.public(), NoteKind::Cosignature).unwrap();
    let root = base64(Knobs::rfc6962().leaf(LOG).as_bytes());
    let text = format!("example.com/log\n1\n{root}\n");
    let line = |key: &NoteKey, signature: &[u8]| {
        format!(
            "— {} {}\n",
            key.name(),
            base64(&[&key.id()[..], signature].concat())
        )
    };
    let time = 1_780_272_000_u64;
    let cosignature = [&time.to_be_bytes()[..], &witness.sign(&cosigned(time, &text))].concat();
    let proof = format!(
        "c2sp.org/tlog-proof@v1\nindex 0\n\n{text}\n{}{}",
        line(&own, &log.sign(text.as_bytes())),
        line(&seen, &cosignature)
    );
    // no path for the only entry of a tree: the blank line follows the index
    let bundle = [("log.jsonl", LOG), ("log.jsonl.tlog-proof", proof.as_bytes())];
    let (own, seen) = (own.vkey().unwrap(), seen.vkey().unwrap());
    let both = judged(&bundle, &[own.as_bytes(), seen.as_bytes()]);
    // anybody may write to a log, so that its key does not say who made an entry
    assert_eq!(both.claims.authenticity.outcome, OPEN, "{}", told(&both));
    assert_eq!(both.claims.time.outcome, PROVEN, "{}", both.claims.time.sentence);
    let log_alone = judged(&bundle, &[own.as_bytes()]);
    assert_eq!(log_alone.claims.time.outcome, OPEN);
    let nobody = judged(&bundle, &[]);
    assert_eq!((nobody.verdict, nobody.claims.time.outcome), (OPEN, OPEN));
}

#[test]
fn what_an_envelope_does_not_sign_is_told() {
    let key = SigningKey::generate().unwrap();
    let pem = key.public().pem();
    let mut envelope: serde_json::Value =
        serde_json::from_slice(&attestation(&key, &Algorithm::Sha256.of(LOG).hex())).unwrap();
    envelope["approved"] = json!("by nobody");
    let text = envelope.to_string();
    let v = judged(
        &[("log.jsonl", LOG), ("log.intoto.json", text.as_bytes())],
        &[pem.as_bytes()],
    );
    assert_eq!(v.claims.authenticity.outcome, PROVEN, "{}", told(&v));
    assert_eq!(v.uncovered_fields, ["log.intoto.json: /approved"]);
    assert!(
        v.not_proven.iter().any(|line| line.contains("/approved")),
        "{:?}",
        v.not_proven
    );
    // a list with its digest reaches the whole of it
    let list = format!(
        "{}  log.intoto.json\n",
        Algorithm::Sha256.of(text.as_bytes()).hex()
    );
    let v = judged(
        &[
            ("log.jsonl", LOG),
            ("log.intoto.json", text.as_bytes()),
            ("SHA256SUMS", list.as_bytes()),
        ],
        &[pem.as_bytes()],
    );
    assert_eq!(v.uncovered_fields, [] as [&str; 0], "{}", told(&v));
}

#[test]
fn digests_of_a_ledger_database_prove_nothing() {
    let digest = |block: u64, at: &str| {
        json!({"database_name": "audit", "block_id": block, "hash": format!("0x{}", "AB".repeat(32)),
            "last_transaction_commit_time": at, "digest_time": at})
        .to_string()
    };
    let (first, second) = (digest(1, "2026-01-01T00:00:00"), digest(2, "2026-02-01T00:00:00"));
    let v = judged(
        &[("1.json", first.as_bytes()), ("2.json", second.as_bytes())],
        &[],
    );
    for claim in [
        &v.claims.integrity,
        &v.claims.authenticity,
        &v.claims.completeness,
        &v.claims.time,
    ] {
        assert_eq!(claim.outcome, OPEN, "{}", told(&v));
    }
    let told = [&v.warnings[..], &v.not_proven].concat();
    assert!(
        told.iter().any(|note| note.contains("only the database server")),
        "{told:?}"
    );
}

const IDENTITY: &[u8] = b"[[identity]]\nsubject = \"https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main\"\nissuer = \"https://token.actions.githubusercontent.com\"\n";

#[test]
fn a_genuine_sigstore_bundle() {
    let Some(folder) = fixtures() else {
        println!("skipped: fixtures not present");
        return;
    };
    let read = |name: &str| std::fs::read(folder.join("sigstore-conformance").join(name)).unwrap();
    let (artefact, root) = (read("a.txt"), read("rekor2-happy-path/trusted_root.json"));
    let bundle = read("rekor2-happy-path/bundle.sigstore.json");
    let files = [("a.txt", &artefact[..]), ("a.txt.sigstore.json", &bundle)];
    let pinned = judged(&files, &[&root, IDENTITY]);
    assert_eq!(pinned.claims.authenticity.outcome, PROVEN, "{}", told(&pinned));
    assert_eq!(
        pinned.claims.time.outcome, PROVEN,
        "{}",
        pinned.claims.time.sentence
    );
    // the root vouches for the time and for nobody
    let root_alone = judged(&files, &[&root]);
    assert_eq!(
        root_alone.claims.authenticity.outcome,
        OPEN,
        "{}",
        told(&root_alone)
    );
    // a root inside the bundle is as good as none
    let carried = [files[0], files[1], ("trusted_root.json", &root)];
    let carried = judged(&carried, &[IDENTITY]);
    assert_eq!(carried.claims.authenticity.outcome, OPEN, "{}", told(&carried));
    assert_eq!(carried.claims.time.outcome, OPEN);
    let changed = judged(&[("a.txt", b"another"), files[1]], &[&root, IDENTITY]);
    assert_eq!(changed.verdict, REFUTED, "{}", told(&changed));
    // another identity of the same instance is a stranger
    let other = String::from_utf8_lossy(IDENTITY).replace("refs/heads/main", "refs/heads/other");
    let stranger = judged(&files, &[&root, other.as_bytes()]);
    assert_eq!(
        stranger.claims.authenticity.outcome,
        REFUTED,
        "{}",
        told(&stranger)
    );
    // a time stamp from outside the certificate's days
    let late = read("rekor2-timestamp-with-incorrect-time_fail/bundle.sigstore.json");
    let late = judged(&[files[0], ("a.txt.sigstore.json", &late)], &[&root, IDENTITY]);
    assert_eq!(late.claims.authenticity.outcome, REFUTED, "{}", told(&late));
    assert_eq!(late.claims.time.outcome, OPEN);
    let has_code = |fault: &tickmark_verify::verification::Fault| fault.code == "sigstore_refused";
    assert!(late.faults.iter().any(has_code), "{}", told(&late));
}

#[test]
fn a_genuine_ledger_receipt() {
    let Some(folder) = fixtures() else {
        println!("skipped: fixtures not present");
        return;
    };
    let folder = folder.join("azure-confidential-ledger");
    let receipt = std::fs::read(folder.join("receipt1.json")).unwrap();
    let pem = std::fs::read(folder.join("service_cert1.pem")).unwrap();
    let judged_under = |receipt: &[u8], pins: &[&[u8]]| {
        judged(
            &[("ledger/receipt.json", receipt), ("ledger/note.txt", b"x")],
            pins,
        )
    };
    let of_receipt = |v: &Verification, code: &str| v.faults.iter().any(|fault| fault.code == code);
    let pinned = judged_under(&receipt, &[&pem]);
    assert!(
        !of_receipt(&pinned, "ledger_receipt_mismatch"),
        "{}",
        told(&pinned)
    );
    assert!(!pinned.keys.is_empty(), "{}", told(&pinned));
    assert_ne!(pinned.verdict, REFUTED, "{}", told(&pinned));
    // the note beside it is reached by nothing
    assert_eq!(pinned.claims.authenticity.outcome, OPEN, "{}", told(&pinned));
    let changed = String::from_utf8(receipt)
        .unwrap()
        .replace("ce:2.35:fa", "ce:2.35:fb");
    let changed = judged_under(changed.as_bytes(), &[&pem]);
    assert!(
        of_receipt(&changed, "ledger_receipt_mismatch"),
        "{}",
        told(&changed)
    );
    assert_eq!(changed.verdict, REFUTED, "{}", told(&changed));
}
