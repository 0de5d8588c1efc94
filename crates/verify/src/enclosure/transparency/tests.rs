use proptest::prelude::*;
use serde_json::{Value, json};
use tickmark_crypto::cbor;
use tickmark_crypto::digest::{Algorithm, sha256};
use tickmark_crypto::dsse::pae;
use tickmark_crypto::encoding::{base64, hex};
use tickmark_crypto::merkle::Knobs;
use tickmark_crypto::note::{NoteKey, NoteKind, cosigned};
use tickmark_crypto::signing::{EcdsaSigningKey, SigningKey};

use super::*;
use crate::enclosure::{Agreement, Covered};
use crate::inventory::{Held, Inventory};
use crate::trust::Trust;

/// A bundle in memory with what is pinned.
#[derive(Default)]
struct Desk {
    inventory: Inventory,
    trust: Trust,
}

impl Desk {
    fn with(mut self, member: &str, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref();
        let held = Held {
            bytes: Some(content.len() as u64),
            sha256: Some(hex(&sha256(content))),
            content: Some(content.to_vec()),
        };
        self.inventory.order.push(member.to_owned());
        self.inventory.members.insert(member.to_owned(), held);
        self
    }

    fn pin(mut self, file: impl AsRef<[u8]>) -> Self {
        self.trust.add_file("trust", file.as_ref()).unwrap();
        self
    }

    fn read(&self) -> Vec<Enclosure> {
        read_all(&Members::new(&self.inventory, &self.trust))
    }

    fn only(&self) -> Enclosure {
        let mut all = self.read();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
}

fn agrees(member: &str) -> Covered {
    Covered {
        member: member.to_owned(),
        agreement: Agreement::Agrees,
    }
}

const UNPINNED: Vouched = Vouched::Unpinned {
    carried_verifies: false,
    carried_fails: false,
};
const WRONG: Vouched = Vouched::Wrong {
    carried_verifies: false,
};

fn key() -> SigningKey {
    SigningKey::generate().unwrap()
}

// ----- envelopes -----

fn statement(subjects: &[(&str, &str)]) -> String {
    let subjects: Vec<Value> = subjects
        .iter()
        .map(|(name, digest)| json!({"name": name, "digest": {"sha256": digest}}))
        .collect();
    json!({
        "_type": "https://in-toto.io/Statement/v1", "subject": subjects,
        "predicateType": "https://example.com/audit/v1", "predicate": {},
    })
    .to_string()
}

fn envelope(key: &SigningKey, payload: &str) -> String {
    let kind = "application/vnd.in-toto+json";
    let sig = base64(&key.sign(&pae(kind, payload.as_bytes())));
    json!({"payloadType": kind, "payload": base64(payload.as_bytes()), "signatures": [{"keyid": "x", "sig": sig}]})
        .to_string()
}

#[test]
fn a_pinned_statement_reaches_the_members_that_it_names() {
    let key = key();
    let (log, other) = (hex(&sha256(b"log")), hex(&sha256(b"other")));
    let desk = |payload: &str| {
        Desk::default()
            .with("log.jsonl", "log")
            .with("log.intoto.json", envelope(&key, payload))
    };
    let enclosure = desk(&statement(&[("log.jsonl", &log)]))
        .pin(key.public().pem())
        .only();
    assert_eq!(enclosure.kind, "in-toto");
    assert_eq!(enclosure.vouched, Vouched::Pinned(key.public().fingerprint()));
    assert_eq!(enclosure.covers, [agrees("log.jsonl")]);
    assert!(enclosure.is_content && enclosure.faults.is_empty());
    // found by its digest under another name
    let renamed = desk(&statement(&[("original.jsonl", &log)])).only();
    assert_eq!(
        (renamed.covers, renamed.vouched),
        (vec![agrees("log.jsonl")], UNPINNED)
    );
    // the name is here and the bytes are others
    let changed = desk(&statement(&[("log.jsonl", &other)])).only();
    assert_eq!(
        changed.covers[0].agreement,
        Agreement::Differs {
            expected: other.clone(),
            found: log.clone()
        }
    );
    // one of two is missing; none of one is elsewhere
    let missing = desk(&statement(&[("log.jsonl", &log), ("gone", &other)])).only();
    assert_eq!(missing.covers[1].agreement, Agreement::Missing);
    assert!(
        desk(&statement(&[("elsewhere", &other)]))
            .only()
            .covers
            .is_empty()
    );
}

#[test]
fn what_stands_beside_the_signed_members_is_uncovered() {
    let key = key();
    let payload = statement(&[("elsewhere", &hex(&sha256(b"other")))]);
    let mut dressed: Value = serde_json::from_str(&envelope(&key, &payload)).unwrap();
    dressed["note"] = json!({"approved": [true]});
    dressed["signatures"][0]["time"] = json!("2026-11-23T15:00:00Z");
    let desk = Desk::default()
        .with("dressed.json", dressed.to_string())
        .pin(key.public().pem());
    let enclosure = desk.only();
    assert_eq!(enclosure.vouched, Vouched::Pinned(key.public().fingerprint()));
    assert_eq!(
        enclosure.uncovered,
        ["/note/approved/*", "/signatures/*/keyid", "/signatures/*/time"]
    );
    // a hint at the key is a hint
    let plain = Desk::default()
        .with("plain.json", envelope(&key, &payload))
        .only();
    assert_eq!(plain.uncovered, ["/signatures/*/keyid"]);
}

#[test]
fn an_envelope_is_of_its_key_and_payload() {
    let key = key();
    let payload = statement(&[("log.jsonl", &hex(&sha256(b"log")))]);
    let whole = envelope(&key, &payload);
    let read = |text: &str, pins: &[&SigningKey]| {
        let desk = Desk::default().with("a.json", text);
        pins.iter()
            .fold(desk, |desk, key| desk.pin(key.public().pem()))
            .only()
            .vouched
    };
    let stranger = self::key();
    assert_eq!(read(&whole, &[]), UNPINNED);
    assert_eq!(read(&whole, &[&stranger]), WRONG);
    assert!(matches!(read(&whole, &[&stranger, &key]), Vouched::Pinned(_)));
    let moved = whole.replace("application/vnd.in-toto+json", "application/vnd.in-toto+json ");
    assert_eq!(read(&moved, &[&key]), WRONG);
    // a member twice: which of the two was verified would be anybody's guess
    let twice = whole.replacen('{', r#"{"payloadType":"x","#, 1);
    assert_eq!(read(&twice, &[&key]), Vouched::Malformed);
    let no_statement = envelope(&key, r#"{"_type":"https://in-toto.io/Statement/v9"}"#);
    assert_eq!(read(&no_statement, &[&key]), Vouched::Malformed);
    let twice_inside = envelope(&key, &payload.replacen('{', r#"{"_type":"x","#, 1));
    assert_eq!(read(&twice_inside, &[&key]), Vouched::Malformed);
}

#[test]
fn a_key_with_a_period_needs_a_time() {
    let key = key();
    let payload = statement(&[("log.jsonl", &hex(&sha256(b"log")))]);
    let pin = format!(
        "[[key]]\npublic_key = \"{}\"\nvalid_to = \"2026-01-01T00:00:00Z\"\n",
        base64(key.public().spki_der())
    );
    let enclosure = Desk::default()
        .with("a.json", envelope(&key, &payload))
        .pin(pin)
        .only();
    assert_eq!(enclosure.vouched, UNPINNED);
    assert!(enclosure.notes.iter().any(|note| note.contains("period")));
}

// ----- notes -----

struct Log {
    log: SigningKey,
    witness: SigningKey,
}

impl Log {
    fn new() -> Self {
        Log {
            log: key(),
            witness: key(),
        }
    }

    fn keys(&self) -> [NoteKey; 2] {
        [
            NoteKey::new("example.com/log", self.log.public(), NoteKind::Ed25519).unwrap(),
            NoteKey::new("witness.example", self.witness.public(), NoteKind::Cosignature).unwrap(),
        ]
    }

    /// A checkpoint over two leaves, cosigned.
    fn checkpoint(&self, leaves: [&[u8]; 2]) -> String {
        let knobs = Knobs::rfc6962();
        let root = knobs.node(&knobs.leaf(leaves[0]), &knobs.leaf(leaves[1]));
        let text = format!("example.com/log\n2\n{}\n", base64(root.as_bytes()));
        let [log, witness] = self.keys();
        let line = |key: &NoteKey, signature: &[u8]| {
            format!(
                "— {} {}\n",
                key.name(),
                base64(&[&key.id()[..], signature].concat())
            )
        };
        let time = 1_780_272_000_u64;
        let seen = [
            &time.to_be_bytes()[..],
            &self.witness.sign(&cosigned(time, &text)),
        ]
        .concat();
        format!(
            "{text}\n{}{}",
            line(&log, &self.log.sign(text.as_bytes())),
            line(&witness, &seen)
        )
    }

    fn proof(&self, leaves: [&[u8]; 2]) -> String {
        let sibling = base64(Knobs::rfc6962().leaf(leaves[0]).as_bytes());
        format!(
            "c2sp.org/tlog-proof@v1\nindex 1\n{sibling}\n\n{}",
            self.checkpoint(leaves)
        )
    }
}

#[test]
fn a_pinned_log_vouches_and_a_pinned_witness_dates() {
    let log = Log::new();
    let [own, witness] = log.keys();
    let desk = || Desk::default().with("checkpoint", log.checkpoint([b"one", b"two"]));
    let both = desk()
        .pin(own.vkey().unwrap())
        .pin(witness.vkey().unwrap())
        .only();
    assert_eq!(both.vouched, Vouched::Pinned(log.log.public().fingerprint()));
    let stamp = both.stamp.unwrap();
    assert_eq!(
        (stamp.at.timestamp(), stamp.by.as_str()),
        (1_780_272_000, "witness.example")
    );
    // the log's own word is no time, and a witness's word is not the log's
    let log_alone = desk().pin(own.vkey().unwrap()).only();
    assert!(log_alone.stamp.is_none() && matches!(log_alone.vouched, Vouched::Pinned(_)));
    let witness_alone = desk().pin(witness.vkey().unwrap()).only();
    assert!(witness_alone.stamp.is_some() && witness_alone.vouched == UNPINNED);
    assert_eq!(desk().only().vouched, UNPINNED);
    // a known key whose signature fails refuses the whole note
    let text = log.checkpoint([b"one", b"two"]).replace("\n2\n", "\n3\n");
    let changed = Desk::default()
        .with("checkpoint", text)
        .pin(own.vkey().unwrap())
        .only();
    assert_eq!(changed.vouched, WRONG);
    assert_eq!(changed.faults.len(), 1);
}

#[test]
fn a_proof_reaches_the_entry_that_is_here() {
    let log = Log::new();
    let [own, _] = log.keys();
    let proof = log.proof([b"one", b"two"]);
    let desk = |content: &str, name: &str| {
        Desk::default()
            .with(name, content)
            .with("entry.tlog-proof", &proof)
            .pin(own.vkey().unwrap())
            .only()
    };
    for name in ["entry", "another-name"] {
        let enclosure = desk("two", name);
        assert_eq!(enclosure.covers, [agrees(name)]);
        assert!(!enclosure.is_content);
        // a log takes entries of many, so that its key does not say who made one
        assert_eq!(
            enclosure.vouched,
            Vouched::Unpinned {
                carried_verifies: true,
                carried_fails: false
            }
        );
    }
    assert!(matches!(
        desk("three", "entry").covers[0].agreement,
        Agreement::Differs { .. }
    ));
    let elsewhere = desk("three", "another-name");
    assert!(elsewhere.covers.is_empty() && elsewhere.is_content);
}

#[test]
fn two_trees_of_one_size_are_a_split_view() {
    let log = Log::new();
    let [own, _] = log.keys();
    let pinned = |desk: Desk| desk.pin(own.vkey().unwrap()).read();
    let two = || {
        Desk::default()
            .with("a", log.checkpoint([b"one", b"two"]))
            .with("b", log.checkpoint([b"one", b"three"]))
    };
    let all = pinned(two());
    assert_eq!(all[1].faults[0].code, "split_view");
    // anybody can write a checkpoint: without a pin it contradicts nothing
    assert!(two().read().iter().all(|enclosure| enclosure.faults.is_empty()));
    let same = Desk::default()
        .with("a", log.checkpoint([b"one", b"two"]))
        .with("b", log.checkpoint([b"one", b"two"]));
    assert!(pinned(same).iter().all(|enclosure| enclosure.faults.is_empty()));
}

// ----- COSE -----

/// A message signed with EdDSA; `unprotected` and `payload` as they are to stand there.
fn cose(key: &SigningKey, unprotected: &[u8], payload: &[u8], inside: bool, protected: &[u8]) -> Vec<u8> {
    let mut signed = vec![0x84];
    cbor::write_text(&mut signed, "Signature1");
    cbor::write_bytes(&mut signed, protected);
    cbor::write_bytes(&mut signed, b"");
    cbor::write_bytes(&mut signed, payload);
    let mut out = vec![0xd2, 0x84];
    cbor::write_bytes(&mut out, protected);
    out.extend_from_slice(unprotected);
    if inside {
        cbor::write_bytes(&mut out, payload);
    } else {
        out.push(0xf6);
    }
    cbor::write_bytes(&mut out, &key.sign(&signed));
    out
}

const EDDSA: &[u8] = &[0xa1, 0x01, 0x27];

#[test]
fn a_message_stands_under_its_pinned_key() {
    let key = key();
    let message = cose(&key, &[0xa0], b"payload", true, EDDSA);
    let read = |pin: &SigningKey| Desk::default().with("a", &message).pin(pin.public().pem()).only();
    assert_eq!(read(&key).vouched, Vouched::Pinned(key.public().fingerprint()));
    assert!(read(&key).is_content);
    assert_eq!(read(&self::key()).vouched, WRONG);
    assert_eq!(Desk::default().with("a", &message).only().vouched, UNPINNED);
    // a key of another algorithm is no candidate
    let other = EcdsaSigningKey::generate().unwrap().public().pem();
    assert_eq!(
        Desk::default().with("a", &message).pin(other).only().vouched,
        UNPINNED
    );
    let mut longer = message.clone();
    longer.push(0);
    assert_eq!(
        Desk::default().with("a", longer).only().vouched,
        Vouched::Malformed
    );
    let twice = cose(&key, &[0xa2, 0x04, 0x40, 0x04, 0x40], b"payload", true, EDDSA);
    assert_eq!(
        Desk::default().with("a", twice).only().vouched,
        Vouched::Malformed
    );
}

#[test]
fn a_payload_elsewhere_is_the_member_of_that_name() {
    let key = key();
    let message = cose(&key, &[0xa0], b"log", false, EDDSA);
    let read = |content: &str| {
        Desk::default()
            .with("log.jsonl", content)
            .with("log.jsonl.cose", &message)
            .pin(key.public().pem())
            .only()
    };
    let good = read("log");
    assert_eq!((good.covers, good.is_content), (vec![agrees("log.jsonl")], false));
    let bad = read("gol");
    assert_eq!(bad.vouched, WRONG);
    assert!(matches!(bad.covers[0].agreement, Agreement::Open(_)));
    // alg EdDSA and a payload that is a SHA-256 (258: -16)
    let hashed = cose(
        &key,
        &[0xa0],
        &sha256(b"log"),
        true,
        &[0xa2, 0x01, 0x27, 0x19, 0x01, 0x02, 0x2f],
    );
    let desk = Desk::default().with("log.jsonl", "log").with("statement", hashed);
    assert_eq!(desk.only().covers, [agrees("log.jsonl")]);
}

#[test]
fn a_receipt_holds_under_the_pinned_service() {
    let (issuer, service) = (key(), key());
    let bare = cose(&issuer, &[0xa0], b"statement", true, EDDSA);
    let knobs = Knobs::rfc6962();
    let left = knobs.leaf(b"before");
    let receipt = |entry: &[u8]| {
        let root = knobs.node(&left, &knobs.leaf(entry));
        let mut proof = vec![0x83, 0x02, 0x01, 0x81];
        cbor::write_bytes(&mut proof, left.as_bytes());
        let mut headers = vec![0xa1, 0x19, 0x01, 0x8c, 0xa1, 0x20, 0x81];
        cbor::write_bytes(&mut headers, &proof);
        // alg EdDSA, kid "service", vds 1
        let protected = [
            &[0xa3, 0x01, 0x27, 0x04, 0x47],
            &b"service"[..],
            &[0x19, 0x01, 0x8b, 0x01],
        ]
        .concat();
        cose(&service, &headers, root.as_bytes(), false, &protected)
    };
    let with = |receipt: &[u8]| {
        let mut headers = vec![0xa1, 0x19, 0x01, 0x8a, 0x81];
        cbor::write_bytes(&mut headers, receipt);
        cose(&issuer, &headers, b"statement", true, EDDSA)
    };
    let pin = format!(
        "[[key]]\nkid = \"service\"\npublic_key = \"{}\"\n",
        base64(service.public().spki_der())
    );
    let read = |receipt: &[u8]| {
        Desk::default()
            .with("a", with(receipt))
            .pin(issuer.public().pem())
            .pin(&pin)
            .only()
    };
    let good = read(&receipt(&bare));
    assert!(
        good.faults.is_empty() && good.notes.iter().any(|note| note.contains("holds")),
        "{good:?}"
    );
    assert_eq!((good.keys.len(), good.stamp.is_none()), (2, true));
    // the receipt of another statement, and what is none
    assert_eq!(read(&receipt(b"another")).faults[0].code, "receipt_mismatch");
    assert_eq!(read(b"none").faults[0].code, "receipt_malformed");
    // a service that is not pinned was not checked
    let alone = Desk::default()
        .with("a", with(&receipt(b"another")))
        .pin(issuer.public().pem())
        .only();
    assert!(alone.faults.is_empty() && alone.notes.iter().any(|note| note.contains("not checked")));
}

// ----- Sigstore -----

const ARTEFACT: &[u8] = b"the artefact";

/// A bundle of a pinned key, whose entry is the only one of a log that nobody pinned.
fn sigstore(key: &EcdsaSigningKey, artefact: &[u8]) -> Value {
    let signature = key.sign(artefact);
    let digest = sha256(artefact);
    let body = json!({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {
        "data": {"hash": {"algorithm": "sha256", "value": hex(&digest)}},
        "signature": {"content": base64(&signature),
            "publicKey": {"content": base64(key.public().pem().as_bytes())}},
    }})
    .to_string();
    let root = base64(Knobs::rfc6962().leaf(body.as_bytes()).as_bytes());
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {"hint": ""}, "tlogEntries": [{
            "logIndex": "0", "logId": {"keyId": base64(&[7; 32])}, "canonicalizedBody": base64(body.as_bytes()),
            "kindVersion": {"kind": "hashedrekord", "version": "0.0.1"},
            "inclusionProof": {"logIndex": "0", "treeSize": "1", "rootHash": root, "hashes": [],
                "checkpoint": {"envelope": format!("rekor.example\n1\n{root}\n\n— rekor.example AAAAAAA=\n")}},
        }]},
        "messageSignature": {"messageDigest": {"algorithm": "SHA2_256", "digest": base64(&digest)},
            "signature": base64(&signature)},
    })
}

#[test]
fn a_bundle_of_a_pinned_key_covers_its_artefact() {
    let key = EcdsaSigningKey::generate().unwrap();
    let bundle = sigstore(&key, ARTEFACT).to_string();
    let read = |name: &str, content: &[u8], pin: &EcdsaSigningKey| {
        Desk::default()
            .with(name, content)
            .with("log.jsonl.sigstore.json", &bundle)
            .pin(pin.public().pem())
            .only()
    };
    for name in ["log.jsonl", "another-name"] {
        let good = read(name, ARTEFACT, &key);
        assert_eq!(
            good.vouched,
            Vouched::Pinned(key.public().fingerprint()),
            "{good:?}"
        );
        assert_eq!(good.covers, [agrees(name)]);
        assert!(good.stamp.is_none() && good.notes.iter().any(|note| note.contains("No Sigstore root")));
    }
    let bad = read("log.jsonl", b"other", &key);
    assert!(matches!(bad.vouched, Vouched::Wrong { .. }));
    assert!(matches!(bad.covers[0].agreement, Agreement::Differs { .. }));
    let stranger = EcdsaSigningKey::generate().unwrap();
    assert_eq!(read("log.jsonl", ARTEFACT, &stranger).vouched, WRONG);
    let elsewhere = read("another-name", b"other", &key);
    assert_eq!((elsewhere.vouched, elsewhere.covers), (UNPINNED, Vec::new()));
}

#[test]
fn an_entry_for_another_body_refuses_a_pinned_key_too() {
    let key = EcdsaSigningKey::generate().unwrap();
    let mut bundle = sigstore(&key, ARTEFACT);
    let other = sigstore(&key, b"other")["verificationMaterial"].clone();
    bundle["verificationMaterial"] = other;
    let enclosure = Desk::default()
        .with("log.jsonl", ARTEFACT)
        .with("log.jsonl.sigstore.json", bundle.to_string())
        .pin(key.public().pem())
        .only();
    assert_eq!(enclosure.vouched, WRONG);
    assert_eq!(enclosure.faults[0].code, "sigstore_refused");
}

// ----- digests of ledger databases -----

fn sql(block: u64, hash: &str, at: &str) -> String {
    json!({"database_name": "audit", "block_id": block, "hash": format!("0x{hash}"),
        "last_transaction_commit_time": at, "digest_time": at})
    .to_string()
}

#[test]
fn digests_of_a_database_prove_nothing_and_may_not_contradict() {
    let (one, two) = ("AA".repeat(32), "BB".repeat(32));
    let faults = |first: String, second: String| -> Vec<String> {
        let all = Desk::default()
            .with("1.json", first)
            .with("2.json", second)
            .read();
        assert!(
            all.iter()
                .all(|enclosure| enclosure.vouched == Vouched::Nobody && enclosure.covers.is_empty())
        );
        assert!(all[0].notes[0].contains("proves anything"));
        all.into_iter()
            .flat_map(|enclosure| enclosure.faults)
            .map(|fault| fault.code)
            .collect()
    };
    let early = "2026-01-01T00:00:00.0000000";
    let late = "2026-02-01T00:00:00.0000000";
    assert!(faults(sql(1, &one, early), sql(2, &two, late)).is_empty());
    assert!(faults(sql(1, &one, early), sql(1, &one.to_lowercase(), early)).is_empty());
    assert_eq!(
        faults(sql(1, &one, early), sql(1, &two, early)),
        ["ledger_digest_conflict"]
    );
    assert_eq!(
        faults(sql(2, &one, early), sql(1, &two, late)),
        ["ledger_digest_conflict"]
    );
    let lines = format!("{}\n{}\n", sql(1, &one, late), sql(2, &two, early));
    assert_eq!(Desk::default().with("d.json", lines).only().faults.len(), 1);
}

// ----- all of them -----

#[test]
fn plain_members_are_no_statements() {
    let desk = Desk::default()
        .with("a.json", r#"{"a": 1}"#)
        .with("b.jsonl", "{\"payload\": 1}\n{\"payload\": 2}\n")
        .with("c.txt", "words\n\n— and a dash\n")
        .with("d.json", r#"{"receipt": "none", "note": "commitEvidence\""}"#)
        .with("e", [0xd2, 0x81])
        .with("f", "");
    assert!(desk.read().is_empty());
    assert_eq!(Algorithm::Sha256.len(), 32);
}

proptest! {
    #[test]
    fn any_member_is_read_without_panic(bytes: Vec<u8>, text: String, kind in 0_usize..6) {
        let marked = match kind {
            0 => format!("c2sp.org/tlog-proof@v1\n{text}").into_bytes(),
            1 => [&[0xd2, 0x84], &bytes[..]].concat(),
            2 => json!({"payloadType": text, "payload": text, "signatures": [{"sig": text}]}).to_string().into_bytes(),
            3 => json!({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": text})
                .to_string().into_bytes(),
            4 => json!({"cert": text, "proof": [], "signature": text, "leafComponents": {"commitEvidence": text}})
                .to_string().into_bytes(),
            _ => bytes.clone(),
        };
        let desk = Desk::default().with("a", marked).with("b", &bytes);
        let _ = desk.read();
    }
}
