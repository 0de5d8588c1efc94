//! What others published or made: CCTV's Ed25519 vectors, the proofs of a transparency log, keys and roots of real exports.
//!
//! The fixtures lie outside the repository (`TICKMARK_FIXTURES`, or beside the checkout) and are skipped visibly where absent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use tickmark_crypto::{
    digest::{Algorithm, Digest},
    encoding,
    key::{self, KeyAlgorithm, KeyEncoding, KeyError},
    merkle::{self, Combine, Knobs, Odd, Side, Tree},
    signature::EcdsaForm,
};

fn fixtures() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let folder = std::env::var_os("TICKMARK_FIXTURES").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if !folder.is_dir() {
        eprintln!("skipped: fixtures not present");
        return None;
    }
    Some(folder)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member]
        .as_str()
        .unwrap_or_else(|| panic!("{member} in {value}"))
}

fn hex_digest(text: &str) -> Digest {
    Digest::from_slice(&encoding::unhex(text).unwrap()).unwrap()
}

/// Each of the 914 vectors holds or not by the flags that it carries:
///
/// | flag | refused, and why |
/// |---|---|
/// | `low_order_A` | at the key: a point of small order signs everything |
/// | `low_order_component_A` | at the key: verifiers with and without the cofactor would disagree |
/// | `non_canonical_A` | at the key: a second spelling of a key |
/// | `low_order_R` | the nonce point has small order |
/// | `low_order_component_R` | never without a residue or a component in A, see below |
/// | `low_order_residue` | the equation holds with the cofactor only |
/// | `non_canonical_R`, `reencoded_k` | a second spelling of a signature |
#[test]
fn cctv_ed25519_all_914() {
    let Some(folder) = fixtures() else { return };
    let vectors = json(&folder.join("cctv-ed25519/ed25519vectors.json"));
    let vectors = vectors.as_array().unwrap();
    assert_eq!(vectors.len(), 914);
    let (mut at_key, mut at_signature, mut accepted) = (0, 0, 0);
    for vector in vectors {
        let flags: Vec<&str> = vector["flags"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|flag| flag.as_str().unwrap())
            .collect();
        let has = |flag| flags.contains(&flag);
        let bad_key = has("low_order_A") || has("low_order_component_A") || has("non_canonical_A");
        let signature = encoding::unhex(text(vector, "sig")).unwrap();
        match key::parse_keys(text(vector, "key").as_bytes(), None) {
            Err(KeyError::WeakPoint | KeyError::NotOnCurve { .. }) => {
                assert!(bad_key, "{vector}");
                at_key += 1;
            }
            Err(error) => panic!("{error}: {vector}"),
            Ok(keys) => {
                assert!(!bad_key, "{vector}");
                match keys[0]
                    .key
                    .verify(text(vector, "msg").as_bytes(), &signature, EcdsaForm::Der)
                {
                    Ok(()) => {
                        assert!(flags.is_empty(), "{vector}");
                        accepted += 1;
                    }
                    Err(_) => {
                        assert!(!flags.is_empty(), "{vector}");
                        at_signature += 1;
                    }
                }
            }
        }
    }
    assert_eq!((at_key, at_signature, accepted), (886, 27, 1));
}

fn base64_digest(value: &Value) -> Option<Digest> {
    Digest::from_slice(&encoding::unbase64(value.as_str()?).ok()?).ok()
}

/// `None` where the vector cannot even be read as digests, which also refuses it.
fn proof_holds(vector: &Value) -> Option<bool> {
    let proof: Vec<Digest> = vector["proof"]
        .as_array()
        .into_iter()
        .flatten()
        .map(base64_digest)
        .collect::<Option<_>>()?;
    let knobs = Knobs::rfc6962();
    let number = |member: &str| vector[member].as_u64();
    Some(if vector.get("leafIdx").is_some() {
        let (leaf, root) = (
            base64_digest(&vector["leafHash"])?,
            base64_digest(&vector["root"])?,
        );
        merkle::verify_inclusion(
            &knobs,
            &leaf,
            number("leafIdx")?,
            number("treeSize")?,
            &proof,
            &root,
        )
        .is_ok()
    } else {
        let earlier = (number("size1")?, &base64_digest(&vector["root1"])?);
        let later = (number("size2")?, &base64_digest(&vector["root2"])?);
        merkle::verify_consistency(&knobs, earlier, later, &proof).is_ok()
    })
}

#[test]
fn rfc6962_proofs_all_127() {
    let Some(folder) = fixtures() else { return };
    let (mut held, mut refused) = (0, 0);
    for kind in ["inclusion", "consistency"] {
        for number in fs::read_dir(folder.join("rfc6962-proofs").join(kind)).unwrap() {
            for entry in fs::read_dir(number.unwrap().path()).unwrap() {
                let path = entry.unwrap().path();
                let vector = json(&path);
                let holds = proof_holds(&vector).unwrap_or(false);
                assert_eq!(holds, !vector["wantErr"].as_bool().unwrap(), "{}", path.display());
                if holds { held += 1 } else { refused += 1 }
            }
        }
    }
    assert_eq!((held, refused), (8, 119));
}

#[test]
fn keys_as_other_tools_wrote_them() {
    let Some(folder) = fixtures() else { return };
    use KeyAlgorithm::{Ed25519, Es256, MlDsa65, RsaPkcs1Sha256};
    let cases = [
        ("minisign/pub.key", Ed25519, Some("E7620F1842B4E81F")),
        (
            "c2sp-signed-note/vkey.txt",
            Ed25519,
            Some("example.com/foo+530d903a"),
        ),
        ("local-tools/id_ed25519.pub", Ed25519, None),
        ("local-tools/allowed_signers", Ed25519, None),
        (
            "cloudtrail/list-public-keys.json",
            RsaPkcs1Sha256,
            Some("30ca1dd7d9f1aee4dc54086557d687c3"),
        ),
        ("vcp-rta/pubkey.hex", Ed25519, None),
        ("emitters/agent-receipts/pubkey.pem", Ed25519, None),
        ("emitters/aat-mcp/pubkey.pem", Es256, None),
        ("emitters/witnesskit/pubkey.b64", Ed25519, None),
        ("emitters/signet/pubkey.txt", Ed25519, None),
        ("emitters/cap-srp/pubkey.b64", Ed25519, None),
        ("emitters/scopeblind-pydantic-ai/pubkey.hex", Ed25519, None),
        ("emitters/agentproofchain/pubkey.b64", Ed25519, None),
        ("emitters/ai-audit-trail/unz/public_key.hex", Ed25519, None),
        ("sigstore-conformance/managed-key-happy-path/key.pub", Es256, None),
        (
            "asqav-conformance/asqav-01-genesis-permit/jwks.json",
            Ed25519,
            Some("asqav-oracle-vec-key"),
        ),
        (
            "asqav-conformance/asqav-06-mldsa65-payload-prod/jwks.json",
            MlDsa65,
            Some("mxYqaLBR_T76ThNw0Kiekw"),
        ),
        (
            "asqav-conformance/dsse-attestation-ml-dsa-65/jwks.json",
            MlDsa65,
            Some("dsseAttestDemo_kid01"),
        ),
        (
            "asqav-conformance/acta-01-genesis/acta-keys.json",
            Ed25519,
            Some("sb:issuer:acta-oracle-vec-key"),
        ),
        (
            "asqav-conformance/aerf-01-genesis/keys.json",
            Ed25519,
            Some("10ba682c8ad13513"),
        ),
        (
            "asqav-conformance/pipelock-ev2-01-proxy-decision/keys.json",
            Ed25519,
            Some("receipt-signing-test"),
        ),
    ];
    for (name, algorithm, kid) in cases {
        let bytes = fs::read(folder.join(name)).unwrap();
        let keys = key::parse_keys(&bytes, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(keys[0].key.algorithm(), algorithm, "{name}");
        assert_eq!(keys[0].kid.as_deref(), kid, "{name}");
        assert_eq!(key::parse_keys(&bytes, Some(algorithm)).unwrap(), keys, "{name}");
    }
    let signers = key::parse_keys(
        &fs::read(folder.join("local-tools/allowed_signers")).unwrap(),
        None,
    )
    .unwrap();
    let alone = key::parse_keys(
        &fs::read(folder.join("local-tools/id_ed25519.pub")).unwrap(),
        None,
    )
    .unwrap();
    assert_eq!(signers[0].key, alone[0].key);
    assert_eq!(signers[0].limits.namespaces.as_deref(), Some("audit-bundle"));
    assert_eq!(signers[0].comment.as_deref(), Some("reviewer@example"));
}

#[test]
fn did_keys_of_agent_receipts() {
    let Some(folder) = fixtures() else { return };
    let vectors = json(&folder.join("asqav-conformance/agentreceipts-upstream-interop/did_key_vectors.json"));
    let mut seen = 0;
    for vector in vectors["vectors"].as_array().unwrap() {
        let members: Vec<&str> = vector
            .as_object()
            .unwrap()
            .values()
            .filter_map(Value::as_str)
            .collect();
        let hex = members
            .iter()
            .find(|member| member.len() == 64 && encoding::unhex(member).is_ok())
            .unwrap();
        let did = members
            .iter()
            .find(|member| member.starts_with("did:key:"))
            .unwrap();
        let read = |text: &str| key::parse_keys(text.as_bytes(), None).map(|mut keys| keys.remove(0).key);
        assert_eq!(read(did), read(hex), "{did}");
        seen += 1;
    }
    assert!(seen > 0);
}

fn lines(path: &Path) -> Vec<Value> {
    let content = fs::read_to_string(path).unwrap();
    content
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// VCP calls its tree RFC 6962, but duplicates the last node of an odd level; leaves are the raw event digests.
#[test]
fn the_tree_of_a_vcp_export() {
    let Some(folder) = fixtures() else { return };
    let anchor = json(&folder.join("vcp-rta/anchor_reference.json"));
    let root = text(&anchor["AnchorRecord"], "MerkleRoot");
    let events = lines(&folder.join("vcp-rta/vcp_rta_events.jsonl"));
    let duplicate = Knobs {
        odd: Odd::Duplicate,
        ..Knobs::rfc6962()
    };
    let grow = |knobs: &Knobs| {
        let mut tree = Tree::new(knobs.clone());
        for event in &events {
            tree.push_leaf_data(hex_digest(text(&event["Security"], "EventHash")).as_bytes());
        }
        tree.root().hex()
    };
    assert_eq!(grow(&duplicate), root);
    assert_ne!(grow(&Knobs::rfc6962()), root);
    for event in &events {
        let security = &event["Security"];
        let path: Vec<_> = security["AuditPath"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| {
                let side = if text(step, "position") == "left" {
                    Side::Left
                } else {
                    Side::Right
                };
                (side, hex_digest(text(step, "hash")))
            })
            .collect();
        let leaf = duplicate.leaf(hex_digest(text(security, "EventHash")).as_bytes());
        assert_eq!(merkle::root_of_path(&duplicate, &leaf, &path).hex(), root);
    }
    let key = key::parse_carried(
        text(&json(&folder.join("vcp-rta/public_key.json")), "PublicKey"),
        &KeyEncoding::Hex,
        KeyAlgorithm::Ed25519,
    );
    let signature = encoding::unhex(text(&anchor["AnchorRecord"], "Signature")).unwrap();
    assert_eq!(
        key.unwrap()
            .verify(hex_digest(root).as_bytes(), &signature, EcdsaForm::Der),
        Ok(())
    );
}

/// Microsoft AGT: leaves are the entry digests, children are joined as hex text, the rest is padded with zeros.
#[test]
fn the_tree_of_an_agt_export() {
    let Some(folder) = fixtures() else { return };
    let export = json(&folder.join("emitters/agt-auditlog/export.json"));
    let mut tree = Tree::new(Knobs {
        leaf_prefix: Vec::new(),
        node_prefix: Vec::new(),
        odd: Odd::ZeroPad,
        combine: Combine::HexText,
        algorithm: Algorithm::Sha256,
    });
    for entry in export["entries"].as_array().unwrap() {
        tree.push_leaf_hash(hex_digest(text(entry, "entry_hash")));
    }
    assert_eq!(Some(tree.len()), export["entry_count"].as_u64());
    assert_eq!(tree.root().hex(), text(&export, "merkle_root"));
}

#[test]
fn a_ccf_receipt_signs_a_digest() {
    let Some(folder) = fixtures() else { return };
    let path = fs::read_dir(folder.join("azure-confidential-ledger"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "json"))
        .unwrap();
    let receipt = json(&path);
    let receipt = receipt.get("receipt").unwrap_or(&receipt);
    let knobs = Knobs {
        leaf_prefix: Vec::new(),
        node_prefix: Vec::new(),
        ..Knobs::rfc6962()
    };
    let components = &receipt["leafComponents"];
    let leaf = [
        hex_digest(text(components, "writeSetDigest")).as_bytes(),
        Algorithm::Sha256
            .of(text(components, "commitEvidence").as_bytes())
            .as_bytes(),
        hex_digest(text(components, "claimsDigest")).as_bytes(),
    ]
    .concat();
    let proof: Vec<_> = receipt["proof"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| match step["left"].as_str() {
            Some(left) => (Side::Left, hex_digest(left)),
            None => (Side::Right, hex_digest(text(step, "right"))),
        })
        .collect();
    let root = merkle::root_of_path(&knobs, &knobs.leaf(&leaf), &proof);
    // The key is the SubjectPublicKeyInfo inside the certificate; nodeId is its fingerprint.
    let certificate = text(receipt, "cert")
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect::<String>();
    let certificate = encoding::unbase64(&certificate).unwrap();
    let key = (0..certificate.len())
        .filter(|at| certificate[*at] == 0x30)
        .flat_map(|at| [91, 120].map(|length| certificate.get(at..at + length)))
        .flatten()
        .find_map(|spki| key::PublicKey::from_spki_der(spki, None).ok())
        .unwrap();
    assert_eq!(key.fingerprint(), text(receipt, "nodeId"));
    let signature = encoding::unbase64(text(receipt, "signature")).unwrap();
    assert_eq!(
        key.verify_digest(root.as_bytes(), &signature, EcdsaForm::Der),
        Ok(())
    );
    assert!(
        key.verify(root.as_bytes(), &signature, EcdsaForm::Der).is_err(),
        "not hashed again"
    );
}
