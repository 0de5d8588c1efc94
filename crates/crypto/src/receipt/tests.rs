use proptest::prelude::*;

use super::*;
use crate::{cbor, cose::tests::Message, merkle::Tree, signing::SigningKey};

/// `{ label: [ bstr proof ] }` under header 396.
fn headers(label: u8, proof: &[u8]) -> Vec<u8> {
    let mut out = vec![0xa1, 0x19, 0x01, 0x8c, 0xa1, label, 0x81];
    cbor::write_bytes(&mut out, proof);
    out
}

fn receipt(key: &SigningKey, structure: u8, label: u8, proof: &[u8], root: &Digest) -> Vec<u8> {
    let message = Message {
        protected: vec![0xa2, 0x01, 0x27, 0x19, 0x01, 0x8b, structure],
        unprotected: headers(label, proof),
        payload: None,
    };
    message.signed(key, root.as_bytes())
}

fn path_proof(first: u64, second: u64, path: &[Digest]) -> Vec<u8> {
    let mut out = vec![0x83];
    cbor::write_head(&mut out, 0, first);
    cbor::write_head(&mut out, 0, second);
    cbor::write_head(&mut out, 4, path.len() as u64);
    path.iter()
        .for_each(|digest| cbor::write_bytes(&mut out, digest.as_bytes()));
    out
}

/// A receipt for the last of three entries, as tests above this crate's floor would make it too.
pub(crate) fn rfc9162_receipt(key: &SigningKey, entry: &[u8]) -> Vec<u8> {
    let knobs = Knobs::rfc6962();
    let mut tree = Tree::new(knobs.clone());
    [b"one".as_slice(), b"two", entry]
        .iter()
        .for_each(|leaf| tree.push_leaf_data(leaf));
    let left = knobs.node(&knobs.leaf(b"one"), &knobs.leaf(b"two"));
    receipt(key, 1, INCLUSION_LABEL, &path_proof(3, 2, &[left]), &tree.root())
}

const INCLUSION_LABEL: u8 = 0x20;
const GROWTH_LABEL: u8 = 0x21;

#[test]
fn an_entry_is_in_the_log_and_no_other() {
    let key = SigningKey::generate().unwrap();
    let bytes = rfc9162_receipt(&key, b"entry");
    let read = Receipt::parse(&bytes).unwrap();
    assert_eq!(read.verify_inclusion(b"entry", &key.public()), Ok(()));
    for (entry, key) in [
        (&b"other"[..], key.public()),
        (b"entry", SigningKey::generate().unwrap().public()),
    ] {
        assert!(matches!(
            read.verify_inclusion(entry, &key),
            Err(ReceiptError::Cose(CoseError::Signature(_)))
        ));
    }
}

#[test]
fn a_changed_path_index_or_size_is_refused() {
    let key = SigningKey::generate().unwrap();
    let knobs = Knobs::rfc6962();
    let (one, entry) = (knobs.leaf(b"one"), knobs.leaf(b"entry"));
    let root = knobs.node(&one, &entry);
    let verify = |proof: Vec<u8>| {
        let bytes = receipt(&key, 1, INCLUSION_LABEL, &proof, &root);
        Receipt::parse(&bytes)?.verify_inclusion(b"entry", &key.public())
    };
    assert_eq!(verify(path_proof(2, 1, &[one])), Ok(()));
    assert!(verify(path_proof(2, 1, &[entry])).is_err());
    assert!(verify(path_proof(2, 0, &[one])).is_err());
    assert!(matches!(
        verify(path_proof(2, 2, &[one])),
        Err(ReceiptError::Proof(ProofError::IndexBeyondSize {
            index: 2,
            size: 2
        }))
    ));
    assert!(matches!(
        verify(path_proof(9, 1, &[one])),
        Err(ReceiptError::Proof(ProofError::ProofLength { .. }))
    ));
    assert!(verify(path_proof(2, 1, &[one; 65])).is_err());
    // a node in the place of a leaf
    let node = [one.as_bytes(), entry.as_bytes()].concat();
    let bytes = receipt(&key, 1, INCLUSION_LABEL, &path_proof(1, 0, &[]), &root);
    let read = Receipt::parse(&bytes).unwrap();
    assert!(read.verify_inclusion(&node, &key.public()).is_err());
}

#[test]
fn a_log_has_only_grown() {
    let key = SigningKey::generate().unwrap();
    let knobs = Knobs::rfc6962();
    let (one, two) = (knobs.leaf(b"one"), knobs.leaf(b"two"));
    let root = knobs.node(&one, &two);
    let bytes = receipt(&key, 1, GROWTH_LABEL, &path_proof(1, 2, &[two]), &root);
    let read = Receipt::parse(&bytes).unwrap();
    assert_eq!(read.verify_growth((1, &one), (2, &root), &key.public()), Ok(()));
    assert!(read.verify_growth((1, &two), (2, &root), &key.public()).is_err());
    assert!(read.verify_growth((1, &one), (3, &root), &key.public()).is_err());
    assert_eq!(
        read.verify_inclusion(b"one", &key.public()),
        Err(ReceiptError::OtherProof)
    );
}

/// A CCF receipt: one sibling on the left.
fn ccf_receipt(key: &SigningKey, entry: &[u8], is_left: bool) -> Vec<u8> {
    let data = Algorithm::Sha256.of(entry);
    let (write_set, sibling) = (Algorithm::Sha256.of(b"writes"), Algorithm::Sha256.of(b"sibling"));
    let mut proof = vec![0xa2, 0x01, 0x83];
    cbor::write_bytes(&mut proof, write_set.as_bytes());
    cbor::write_text(&mut proof, "ce:2.35:00");
    cbor::write_bytes(&mut proof, data.as_bytes());
    proof.extend([0x02, 0x81, 0x82, if is_left { 0xf5 } else { 0xf4 }]);
    cbor::write_bytes(&mut proof, sibling.as_bytes());
    let leaf = ccf_leaf(&write_set, "ce:2.35:00", &data);
    let root = Algorithm::Sha256.of(&[sibling.as_bytes(), leaf.as_bytes()].concat());
    receipt(key, 2, INCLUSION_LABEL, &proof, &root)
}

#[test]
fn an_entry_is_in_a_ledger() {
    let key = SigningKey::generate().unwrap();
    let bytes = ccf_receipt(&key, b"entry", true);
    let read = Receipt::parse(&bytes).unwrap();
    assert_eq!(read.verify_inclusion(b"entry", &key.public()), Ok(()));
    assert!(matches!(
        read.verify_inclusion(b"other", &key.public()),
        Err(ReceiptError::OtherEntry { .. })
    ));
    let bytes = ccf_receipt(&key, b"entry", false);
    let read = Receipt::parse(&bytes).unwrap();
    assert!(matches!(
        read.verify_inclusion(b"entry", &key.public()),
        Err(ReceiptError::Cose(CoseError::Signature(_)))
    ));
}

#[test]
fn what_is_no_receipt_is_refused() {
    let key = SigningKey::generate().unwrap();
    let root = Knobs::rfc6962().leaf(b"entry");
    let proof = path_proof(1, 0, &[]);
    let good = receipt(&key, 1, INCLUSION_LABEL, &proof, &root);
    assert!(Receipt::parse(&good).is_ok());
    assert!(matches!(
        Receipt::parse(&receipt(&key, 3, INCLUSION_LABEL, &proof, &root)),
        Err(ReceiptError::Structure { found: 3 })
    ));
    assert!(Receipt::parse(&receipt(&key, 1, 0x22, &proof, &root)).is_err());
    assert!(Receipt::parse(&receipt(&key, 2, INCLUSION_LABEL, &proof, &root)).is_err());
    assert!(Receipt::parse(&receipt(&key, 1, INCLUSION_LABEL, &[0x80], &root)).is_err());
    assert!(Receipt::parse(&Message::of(b"x").signed(&key, b"x")).is_err());
    // the kind of tree where nothing protects it
    let message = Message {
        protected: vec![0xa1, 0x01, 0x27],
        unprotected: [
            &[0xa2, 0x19, 0x01, 0x8b, 0x01],
            &headers(INCLUSION_LABEL, &proof)[1..],
        ]
        .concat(),
        payload: None,
    };
    assert!(Receipt::parse(&message.signed(&key, root.as_bytes())).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>, at in 0_usize..400, change: u8) {
        let _ = Receipt::parse(&bytes);
        let key = SigningKey::from_seed(&crate::secret::SecretBytes::new(vec![7; 32])).unwrap();
        for mut good in [rfc9162_receipt(&key, b"entry"), ccf_receipt(&key, b"entry", true)] {
            let at = at % good.len();
            good[at] ^= change;
            if let Ok(read) = Receipt::parse(&good) {
                let _ = read.verify_inclusion(b"entry", &key.public());
            }
        }
    }
}
