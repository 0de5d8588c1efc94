use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    digest::Algorithm,
    signing::EcdsaSigningKey,
    x509::tests::{BASIC, authority, issue_p256},
};

struct Ledger {
    service: EcdsaSigningKey,
    node: EcdsaSigningKey,
}

impl Ledger {
    fn new() -> Self {
        Self {
            service: EcdsaSigningKey::generate().unwrap(),
            node: EcdsaSigningKey::generate().unwrap(),
        }
    }

    /// A receipt as CCF writes it: one sibling on either side.
    fn receipt(&self) -> Value {
        let hex = |text: &str| Algorithm::Sha256.of(text.as_bytes());
        let (write_set, claims) = (hex("writes"), hex("claims"));
        let (left, right) = (hex("left"), hex("right"));
        let leaf = ccf_leaf(&write_set, "ce:2.35:00ff", &claims);
        let node = Algorithm::Sha256.of(&[left.as_bytes(), leaf.as_bytes()].concat());
        let root = Algorithm::Sha256.of(&[node.as_bytes(), right.as_bytes()].concat());
        let cert = issue_p256("node", "service", &self.node.public(), &self.service, &[]);
        let spki = self.node.public();
        json!({
            "cert": pem(&cert),
            "nodeId": encoding::hex(&digest::sha256(spki.spki_der())),
            "serviceEndorsements": [],
            "leafComponents": {
                "claimsDigest": claims.hex(), "commitEvidence": "ce:2.35:00ff", "writeSetDigest": write_set.hex(),
            },
            "proof": [{"left": left.hex()}, {"right": right.hex()}],
            "signature": encoding::base64(&self.node.sign_prehashed(root.as_bytes())),
        })
    }
}

fn pem(der: &[u8]) -> String {
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        encoding::base64(der)
    )
}

fn verify(receipt: &Value, services: &[PublicKey]) -> Result<usize, LedgerError> {
    LedgerReceipt::parse(receipt.to_string().as_bytes())?.verify(services)
}

#[test]
fn a_receipt_stands_under_its_service_and_no_other() {
    let ledger = Ledger::new();
    let receipt = ledger.receipt();
    let other = EcdsaSigningKey::generate().unwrap().public();
    assert_eq!(verify(&receipt, &[other.clone(), ledger.service.public()]), Ok(1));
    assert_eq!(verify(&receipt, &[other]), Err(LedgerError::NotEndorsed));
    assert_eq!(verify(&receipt, &[]), Err(LedgerError::NotEndorsed));
    let read = LedgerReceipt::parse(receipt.to_string().as_bytes()).unwrap();
    assert_eq!(read.transaction(), Some("2.35"));
}

#[test]
fn every_part_of_the_leaf_and_the_path_counts() {
    let ledger = Ledger::new();
    let services = [ledger.service.public()];
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut receipt = ledger.receipt();
        change(&mut receipt);
        verify(&receipt, &services)
    };
    let zeros = "00".repeat(32);
    for member in ["claimsDigest", "writeSetDigest"] {
        let result = changed(&|receipt| receipt["leafComponents"][member] = json!(zeros));
        assert_eq!(
            result,
            Err(LedgerError::Signature(SignatureError::Mismatch)),
            "{member}"
        );
    }
    let moved = changed(&|receipt| receipt["leafComponents"]["commitEvidence"] = json!("ce:2.36:00ff"));
    assert!(matches!(moved, Err(LedgerError::Signature(_))));
    let turned = changed(&|receipt| {
        let left = receipt["proof"][0]["left"].clone();
        receipt["proof"][0] = json!({"right": left});
    });
    assert!(matches!(turned, Err(LedgerError::Signature(_))));
    let named = changed(&|receipt| receipt["nodeId"] = json!(zeros));
    assert!(matches!(named, Err(LedgerError::Node { .. })));
    // no claims: the digest of no claims is zeros, and not whatever was there
    let gone = changed(&|receipt| {
        receipt["leafComponents"]
            .as_object_mut()
            .unwrap()
            .remove("claimsDigest");
    });
    assert!(matches!(gone, Err(LedgerError::Signature(_))));
}

#[test]
fn both_spellings_and_never_both_at_once() {
    let ledger = Ledger::new();
    let services = [ledger.service.public()];
    let mut receipt = ledger.receipt();
    let leaf = receipt["leafComponents"].clone();
    let snake = json!({
        "claims_digest": leaf["claimsDigest"], "commit_evidence": leaf["commitEvidence"],
        "write_set_digest": leaf["writeSetDigest"],
    });
    receipt["leaf_components"] = snake;
    assert!(matches!(
        verify(&receipt, &services),
        Err(LedgerError::Member { .. })
    ));
    let object = receipt.as_object_mut().unwrap();
    object.remove("leafComponents");
    object.remove("serviceEndorsements");
    let id = object.remove("nodeId").unwrap();
    object.insert("node_id".to_owned(), id);
    assert_eq!(verify(&receipt, &services), Ok(0));
    let wrapped = json!({"receipt": receipt, "state": "Ready", "transactionId": "2.35"});
    assert_eq!(verify(&wrapped, &services), Ok(0));
}

#[test]
fn a_later_service_endorses_an_earlier_one() {
    let ledger = Ledger::new();
    let later = EcdsaSigningKey::generate().unwrap();
    let mut receipt = ledger.receipt();
    let ca = [(BASIC, true, authority(None))];
    let endorsement = issue_p256("service", "service", &ledger.service.public(), &later, &ca);
    receipt["serviceEndorsements"] = json!([pem(&endorsement)]);
    assert_eq!(verify(&receipt, &[later.public()]), Ok(0));
    // one that is no authority, and one for another key
    let leaf = issue_p256("service", "service", &ledger.service.public(), &later, &[]);
    receipt["serviceEndorsements"] = json!([pem(&leaf)]);
    assert_eq!(verify(&receipt, &[later.public()]), Err(LedgerError::NotEndorsed));
    let stranger = EcdsaSigningKey::generate().unwrap().public();
    let other = issue_p256("service", "service", &stranger, &later, &ca);
    receipt["serviceEndorsements"] = json!([pem(&other)]);
    assert_eq!(verify(&receipt, &[later.public()]), Err(LedgerError::NotEndorsed));
}

#[test]
fn claims_beside_the_receipt_are_those_in_its_leaf() {
    let ledger = Ledger::new();
    let services = [ledger.service.public()];
    let claim = |contents: &str| {
        json!([{"kind": "LedgerEntry", "ledgerEntry": {
            "collectionId": "subledger:0", "contents": contents, "secretKey": "AAAA", "protocol": "LedgerEntryV1",
        }}])
    };
    let wrapped = json!({"receipt": ledger.receipt(), "applicationClaims": claim("Hello")});
    assert!(matches!(
        verify(&wrapped, &services),
        Err(LedgerError::Claims { .. })
    ));
    let unknown = json!({"receipt": ledger.receipt(), "applicationClaims": [{"kind": "Other"}]});
    assert!(matches!(
        verify(&unknown, &services),
        Err(LedgerError::ClaimsShape(_))
    ));
    let digest = |claims: &Value| {
        claims::digest(&serde_json::from_value::<Vec<claims::Claim>>(claims.clone()).unwrap()).unwrap()
    };
    assert_ne!(digest(&claim("Hello")), digest(&claim("hello")));
    // computed with the formula above by another program (Python's hmac and hashlib)
    assert_eq!(digest(&claim("Hello")).hex(), CLAIMS_OF_HELLO);
}

const CLAIMS_OF_HELLO: &str = "46e3d5d109cc14c53e790d3d2a798d48234afe6efd6c6064377b41f342b26a6c";

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>, text: String) {
        let _ = LedgerReceipt::parse(&bytes);
        let receipt = json!({"cert": text, "leafComponents": {"writeSetDigest": text, "commitEvidence": text},
            "proof": [{"left": text}], "signature": text});
        let _ = LedgerReceipt::parse(receipt.to_string().as_bytes());
    }
}
