//! Statements of transparency logs, envelopes and ledgers: under the key that signed one it says what was signed.

use std::sync::OnceLock;

use serde_json::json;
use tickmark_crypto::cbor::{self, Value};
use tickmark_crypto::ccf::LedgerReceipt;
use tickmark_crypto::checkpoint::Checkpoint;
use tickmark_crypto::cose::{Sign1, Tagging};
use tickmark_crypto::digest::{Digest, sha256};
use tickmark_crypto::dsse::{Envelope, pae};
use tickmark_crypto::encoding::{base64, hex};
use tickmark_crypto::key::PublicKey;
use tickmark_crypto::merkle::{Knobs, Tree};
use tickmark_crypto::note::{Note, NoteKey, NoteKind, cosigned};
use tickmark_crypto::receipt::Receipt;
use tickmark_crypto::sigstore::{Artefact, Bundle, Pins, TrustedRoot};
use tickmark_crypto::tlog_proof::TlogProof;
use tickmark_crypto::x509::parse_certificates;

use super::keys::{known, known_p256};
use crate::target::{Listed, Target, joined, shape};

pub fn all() -> Vec<Listed> {
    vec![
        Listed::new("note", "a signed note says what was signed", |name| {
            Target::new(name, NOTE, note).seed("two-signatures", signed_note())
        }),
        Listed::new("checkpoint", "a checkpoint has one spelling", |name| {
            Target::new(name, NOTE, checkpoint).seed("extended", format!("{}extension\n", text()))
        }),
        Listed::new("tlog-proof", "a proof stands for no other entry", |name| {
            Target::new(name, NOTE, tlog_proof).seed("second-of-two", proof())
        }),
        Listed::new("dsse", "an envelope says what was signed", |name| {
            Target::new(name, ENVELOPE, dsse)
                .json()
                .seed("statement", envelope())
        }),
        Listed::new(
            "cbor",
            "strict CBOR has one spelling, and nothing in it is longer than it",
            |name| {
                Target::new(name, CBOR, strict_cbor)
                    .seed("map", b"\xa3\x01\x27\x04\x42ab\x20\x83\x01\x02\xf6")
                    .seed("tagged", b"\xd2\x82\x63abc\xf5")
            },
        ),
        Listed::new("cose", "a COSE message says what was signed", |name| {
            Target::new(name, CBOR, cose).seed("attached", signed_message(Some(PAYLOAD), &[], PAYLOAD))
        }),
        Listed::new("receipt", "a COSE receipt stands for no other entry", |name| {
            Target::new(name, CBOR, receipt).seed("last-of-three", cose_receipt())
        }),
        Listed::new(
            "ccf",
            "a ledger's receipt has the claims that were signed",
            |name| Target::new(name, LEDGER, ccf).json(),
        ),
        Listed::new(
            "sigstore-bundle",
            "a Sigstore bundle stands for no other artefact",
            |name| {
                Target::new(name, SIGSTORE, sigstore)
                    .json()
                    .seed("by-key", sigstore_bundle())
            },
        ),
        Listed::new(
            "sigstore-root",
            "a trusted root is read, and its instance vouches for nothing else",
            |name| {
                Target::new(name, SIGSTORE, sigstore_root)
                    .json()
                    .seed("root", trusted_root())
            },
        ),
    ]
}

const ENTRY: &[u8] = b"{\"record\":1}";
const OTHER: &[u8] = b"{\"record\":2}";
const LOG: &str = "log.example/fuzz";
const WITNESS: &str = "witness.example";

fn tree() -> (Digest, Digest) {
    let knobs = Knobs::rfc6962();
    let sibling = knobs.leaf(b"another entry");
    (sibling, knobs.node(&sibling, &knobs.leaf(ENTRY)))
}

fn text() -> String {
    format!("{LOG}\n2\n{}\n", base64(tree().1.as_bytes()))
}

fn note_keys() -> &'static [NoteKey] {
    static KEYS: OnceLock<Vec<NoteKey>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let log = NoteKey::new(LOG, known(3).public(), NoteKind::Ed25519);
        let witness = NoteKey::new(WITNESS, known(4).public(), NoteKind::Cosignature);
        log.into_iter().chain(witness).collect()
    })
}

fn signed_note() -> String {
    let text = text();
    let [log, witness] = note_keys() else {
        panic!("two keys")
    };
    let line = |key: &NoteKey, signed: &[u8]| {
        format!("— {} {}\n", key.name(), base64(&[&key.id()[..], signed].concat()))
    };
    let time = 1_780_272_000_u64;
    let seen = [&time.to_be_bytes()[..], &known(4).sign(&cosigned(time, &text))].concat();
    format!(
        "{text}\n{}{}",
        line(log, &known(3).sign(text.as_bytes())),
        line(witness, &seen)
    )
}

fn proof() -> String {
    format!(
        "c2sp.org/tlog-proof@v1\nindex 1\n{}\n\n{}",
        base64(tree().0.as_bytes()),
        signed_note()
    )
}

fn note(input: &[u8]) -> u64 {
    let read = Note::parse(input);
    let Ok(note) = &read else { return shape(&read) };
    let verified = note.verify(note_keys());
    assert!(
        verified.is_err() || note.text() == text(),
        "it says something else: {}",
        note.text()
    );
    joined(&[shape(&verified), note.signatures().len().min(4) as u64])
}

fn checkpoint(input: &[u8]) -> u64 {
    let Ok(given) = std::str::from_utf8(input) else {
        return 0;
    };
    let read = Checkpoint::parse(given);
    if let Ok(read) = &read {
        let mut written = format!(
            "{}\n{}\n{}\n",
            read.origin,
            read.size,
            base64(read.root.as_bytes())
        );
        read.extensions
            .iter()
            .for_each(|line| written += &format!("{line}\n"));
        assert_eq!(written, given);
    }
    shape(&read)
}

fn tlog_proof(input: &[u8]) -> u64 {
    let read = TlogProof::parse(input);
    let Ok(proof) = &read else { return shape(&read) };
    let verify = |entry| proof.verify(&Knobs::rfc6962().leaf(entry), note_keys());
    assert!(verify(OTHER).is_err(), "it stands for another entry");
    shape(&verify(ENTRY))
}

const KIND: &str = "application/vnd.in-toto+json";
const PAYLOAD: &[u8] = b"{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[]}";

fn envelope() -> String {
    let sig = base64(&known(5).sign(&pae(KIND, PAYLOAD)));
    json!({"payloadType": KIND, "payload": base64(PAYLOAD), "signatures": [{"keyid": "a", "sig": sig}]})
        .to_string()
}

fn key(number: u8) -> PublicKey {
    known(number).public()
}

fn dsse(input: &[u8]) -> u64 {
    let read = Envelope::parse(input);
    let Ok(envelope) = &read else { return shape(&read) };
    let verified = envelope.verify(&[key(5), key(6)], 1);
    if verified.is_ok() {
        assert_eq!(
            (envelope.payload_type.as_str(), envelope.payload.as_slice()),
            (KIND, PAYLOAD)
        );
    }
    assert!(envelope.verify(&[key(5), key(6)], 2).is_err(), "two signed");
    shape(&verified)
}

fn strict_cbor(input: &[u8]) -> u64 {
    let read = Value::parse(input);
    if let Ok(value) = &read {
        let mut written = Vec::new();
        write(value, &mut written);
        assert_eq!(written, input, "it has another spelling");
    }
    shape(&read)
}

/// Writes a value again.
fn write(value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Unsigned(number) => cbor::write_head(out, 0, *number),
        Value::Negative(number) => cbor::write_head(out, 1, *number),
        Value::Bytes(bytes) => cbor::write_bytes(out, bytes),
        Value::Text(text) => cbor::write_text(out, text),
        Value::Array(elements) => {
            cbor::write_head(out, 4, elements.len() as u64);
            elements.iter().for_each(|element| write(element, out));
        }
        Value::Map(pairs) => {
            cbor::write_head(out, 5, pairs.len() as u64);
            for (name, value) in pairs {
                write(name, out);
                write(value, out);
            }
        }
        Value::Tag(number, inside) => {
            cbor::write_head(out, 6, *number);
            write(inside, out);
        }
        Value::Bool(truth) => out.push(0xf4 + u8::from(*truth)),
        Value::Null => out.push(0xf6),
        Value::Undefined => out.push(0xf7),
        Value::Simple(number) if *number < 24 => out.push(0xe0 | number),
        Value::Simple(number) => out.extend([0xf8, *number]),
        Value::Float(bytes) => {
            out.push(match bytes.len() {
                2 => 0xf9,
                4 => 0xfa,
                _ => 0xfb,
            });
            out.extend_from_slice(bytes);
        }
    }
}

/// `[ protected, unprotected, payload, signature ]` under tag 18, by a known key.
fn signed_message(payload: Option<&[u8]>, unprotected: &[u8], signed: &[u8]) -> Vec<u8> {
    message(&[0xa1, 0x01, 0x27], payload, unprotected, signed)
}

fn message(protected: &[u8], payload: Option<&[u8]>, unprotected: &[u8], signed: &[u8]) -> Vec<u8> {
    let mut structure = vec![0x84];
    cbor::write_text(&mut structure, "Signature1");
    for part in [protected, &[], signed] {
        cbor::write_bytes(&mut structure, part);
    }
    let mut out = vec![0xd2, 0x84];
    cbor::write_bytes(&mut out, protected);
    out.extend(if unprotected.is_empty() {
        &[0xa0]
    } else {
        unprotected
    });
    match payload {
        Some(payload) => cbor::write_bytes(&mut out, payload),
        None => out.push(0xf6),
    }
    cbor::write_bytes(&mut out, &known(7).sign(&structure));
    out
}

fn cose(input: &[u8]) -> u64 {
    let read = Sign1::parse(input, Tagging::Optional);
    let Ok(message) = &read else { return shape(&read) };
    let verified = message.verify(&key(7), &[], None);
    assert!(
        verified.is_err() || message.payload() == Some(PAYLOAD),
        "it says something else"
    );
    let detached = message.verify(&key(7), &[], Some(OTHER));
    assert!(detached.is_err(), "it stands for another payload");
    joined(&[shape(&verified), u64::from(message.kid().is_some())])
}

fn cose_receipt() -> Vec<u8> {
    let knobs = Knobs::rfc6962();
    let mut tree = Tree::new(knobs.clone());
    for leaf in [b"one".as_slice(), b"two", ENTRY] {
        tree.push_leaf_data(leaf);
    }
    let left = knobs.node(&knobs.leaf(b"one"), &knobs.leaf(b"two"));
    // [ size 3, index 2, [ left ] ]
    let mut proof = vec![0x83, 0x03, 0x02, 0x81];
    cbor::write_bytes(&mut proof, left.as_bytes());
    // { 396: { -1: [ proof ] } }
    let mut unprotected = vec![0xa1, 0x19, 0x01, 0x8c, 0xa1, 0x20, 0x81];
    cbor::write_bytes(&mut unprotected, &proof);
    // { 1: -8, 395: 1 }
    let protected = [0xa2, 0x01, 0x27, 0x19, 0x01, 0x8b, 0x01];
    message(&protected, None, &unprotected, tree.root().as_bytes())
}

fn receipt(input: &[u8]) -> u64 {
    let read = Receipt::parse(input);
    let Ok(receipt) = &read else { return shape(&read) };
    assert!(
        receipt.verify_inclusion(OTHER, &key(7)).is_err(),
        "it stands for another entry"
    );
    let knobs = Knobs::rfc6962();
    let (one, two) = (knobs.leaf(b"one"), knobs.leaf(b"two"));
    let grown = receipt.verify_growth((1, &one), (2, &two), &key(7));
    assert!(grown.is_err(), "it shows that the log grew");
    joined(&[shape(&receipt.verify_inclusion(ENTRY, &key(7))), shape(&grown)])
}

fn ccf(input: &[u8]) -> u64 {
    static SERVICE: OnceLock<PublicKey> = OnceLock::new();
    let service = SERVICE.get_or_init(|| {
        let root = parse_certificates(include_bytes!("../seeds/pins/root.pem")).unwrap();
        root[0].public_key(None).unwrap()
    });
    let read = LedgerReceipt::parse(input);
    let Ok(receipt) = &read else { return shape(&read) };
    let verified = receipt.verify(std::slice::from_ref(service));
    if verified.is_ok() {
        assert_eq!(receipt.claims_digest().as_bytes(), sha256(b"claims"));
        assert_eq!(receipt.write_set_digest().as_bytes(), sha256(b"write-set"));
        assert_eq!(receipt.transaction(), Some("2.35"));
    }
    assert!(receipt.verify(&[key(1)]).is_err(), "a stranger vouches for it");
    shape(&verified)
}

fn log_id(key: &PublicKey) -> [u8; 32] {
    sha256(key.spki_der())
}

fn trusted_root() -> String {
    let root = parse_certificates(include_bytes!("../seeds/pins/root.pem")).unwrap();
    let log = |number: u8, url: &str| {
        let key = known_p256(number).public();
        json!({"baseUrl": url, "hashAlgorithm": "SHA2_256", "logId": {"keyId": base64(&log_id(&key))},
            "publicKey": {"rawBytes": base64(key.spki_der()), "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "validFor": {"start": "2026-01-01T00:00:00Z"}}})
    };
    json!({
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs": [log(8, "https://rekor.example")],
        "ctlogs": [log(9, "https://ct.example/2026")],
        "certificateAuthorities": [{"uri": "https://fulcio.example", "validFor": {"start": "2026-01-01T00:00:00Z"},
            "certChain": {"certificates": [{"rawBytes": base64(root[0].der())}]}}],
        "timestampAuthorities": [],
    })
    .to_string()
}

fn sigstore_bundle() -> String {
    let signer = known_p256(10);
    let rekor = known_p256(8);
    let signature = signer.sign(ENTRY);
    let body = json!({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {
        "data": {"hash": {"algorithm": "sha256", "value": hex(&sha256(ENTRY))}},
        "signature": {"content": base64(&signature), "publicKey": {"content": base64(signer.public().pem().as_bytes())}},
    }})
    .to_string();
    let knobs = Knobs::rfc6962();
    let sibling = knobs.leaf(b"another entry");
    let root = knobs.node(&sibling, &knobs.leaf(body.as_bytes()));
    let text = format!("rekor.example - 42\n2\n{}\n", base64(root.as_bytes()));
    let id = log_id(&rekor.public());
    let line = [&id[..4], &rekor.sign(text.as_bytes())].concat();
    let time = 1_780_272_000_u64;
    let promised = format!(
        r#"{{"body":"{}","integratedTime":{time},"logID":"{}","logIndex":7}}"#,
        base64(body.as_bytes()),
        hex(&id)
    );
    let entry = json!({
        "logIndex": "7", "logId": {"keyId": base64(&id)}, "kindVersion": {"kind": "hashedrekord", "version": "0.0.1"},
        "integratedTime": time.to_string(),
        "inclusionPromise": {"signedEntryTimestamp": base64(&rekor.sign(promised.as_bytes()))},
        "inclusionProof": {"logIndex": "1", "treeSize": "2", "rootHash": base64(root.as_bytes()),
            "hashes": [base64(sibling.as_bytes())],
            "checkpoint": {"envelope": format!("{text}\n— rekor.example {}\n", base64(&line))}},
        "canonicalizedBody": base64(body.as_bytes()),
    });
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {"hint": "a"}, "tlogEntries": [entry]},
        "messageSignature": {"messageDigest": {"algorithm": "SHA2_256", "digest": base64(&sha256(ENTRY))},
            "signature": base64(&signature)},
    })
    .to_string()
}

fn sigstore(input: &[u8]) -> u64 {
    static ROOT: OnceLock<TrustedRoot> = OnceLock::new();
    let root = ROOT.get_or_init(|| TrustedRoot::parse(trusted_root().as_bytes()).unwrap());
    let read = Bundle::parse(input);
    let Ok(bundle) = &read else { return shape(&read) };
    let pinned = known_p256(10).public();
    let pins = pins(root, &pinned);
    assert!(
        bundle.verify(Some(&Artefact::of(OTHER)), &pins).is_err(),
        "it stands for another artefact"
    );
    let verified = bundle.verify(Some(&Artefact::of(ENTRY)), &pins);
    joined(&[
        shape(&verified),
        shape(&bundle.verify_carried(Some(&Artefact::of(ENTRY)))),
    ])
}

fn pins<'p>(root: &'p TrustedRoot, key: &'p PublicKey) -> Pins<'p> {
    Pins {
        keys: std::slice::from_ref(key),
        root: Some(root),
    }
}

fn sigstore_root(input: &[u8]) -> u64 {
    static BUNDLE: OnceLock<Bundle> = OnceLock::new();
    let bundle = BUNDLE.get_or_init(|| Bundle::parse(sigstore_bundle().as_bytes()).unwrap());
    let read = TrustedRoot::parse(input);
    let Ok(root) = &read else { return shape(&read) };
    assert_eq!(root.fingerprint(), hex(&sha256(input)));
    let stranger = known_p256(11).public();
    let verified = bundle.verify(Some(&Artefact::of(ENTRY)), &pins(root, &stranger));
    assert!(verified.is_err(), "a stranger's key vouches for it");
    let pinned = known_p256(10).public();
    joined(&[
        shape(&verified),
        shape(&bundle.verify(Some(&Artefact::of(ENTRY)), &pins(root, &pinned))),
    ])
}

const NOTE: &[&str] = &[
    "— ",
    "\n\n",
    "\n",
    LOG,
    WITNESS,
    "c2sp.org/tlog-proof@v1\n",
    "index ",
    "extra ",
    "18446744073709551615",
    "0",
    "-1",
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
];
const ENVELOPE: &[&str] = &[
    "\"payloadType\"",
    "\"payload\"",
    "\"signatures\"",
    "\"sig\"",
    "\"keyid\"",
    "[]",
    "{}",
    "null",
    "=",
    KIND,
];
const CBOR: &[&str] = &[
    "\u{0}",
    "\u{18}\u{18}",
    "\u{19}\u{1}\u{1}",
    "`",
    "@",
    "\u{7f}",
    "_",
    "aa",
    "A",
    "X\u{7f}",
    "x\u{7f}",
    "Z\u{0}\u{0}\u{0}\u{1}",
    "[\u{7f}\u{7f}",
    ";\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}",
];
const LEDGER: &[&str] = &[
    "\"cert\"",
    "\"proof\"",
    "\"left\"",
    "\"right\"",
    "\"serviceEndorsements\"",
    "\"receipt\"",
    "\"applicationClaims\"",
    "\"leaf\"",
    "ce:2.35:",
];
const SIGSTORE: &[&str] = &[
    "\"dsseEnvelope\"",
    "\"messageSignature\"",
    "\"certificate\"",
    "\"x509CertificateChain\"",
    "\"publicKey\"",
    "\"tlogEntries\"",
    "\"timestampVerificationData\"",
    "\"rfc3161Timestamps\"",
    "\"signedTimestamp\"",
    "\"kind\":\"dsse\"",
    "\"kind\":\"intoto\"",
    "\"hashedrekord\"",
    "\"0.0.2\"",
    "\"SHA2_384\"",
    "v0.1+json",
    "v0.2+json",
];
