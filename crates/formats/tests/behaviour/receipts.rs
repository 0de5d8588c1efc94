//! The canonicalization vectors published with Agent Receipts, as far as they are pure RFC 8785.

use tickmark_formats::canonical::{Dialect, to_vec};
use tickmark_formats::json;
use tickmark_formats::limits::Limits;

use crate::fixtures;

#[test]
fn the_published_vectors_come_out_byte_for_byte() {
    let Some(folder) = fixtures::folder("agent-receipts-vectors") else {
        return;
    };
    let text = fixtures::read(&folder.join("canonicalization_vectors.json"));
    let document = json::parse(&text, &Limits::default()).unwrap();
    let vectors = document
        .get("canonicalization_vectors")
        .and_then(json::Value::elements)
        .unwrap();
    assert_eq!(vectors.len(), 32);
    let mut compared = 0;
    for vector in vectors {
        let name = vector.get("name").and_then(json::Value::as_str).unwrap();
        let written = to_vec(vector.get("input").unwrap(), &Dialect::JCS).unwrap();
        if let Some(expected) = vector.get("canonical").and_then(json::Value::as_str) {
            assert_eq!(String::from_utf8(written).unwrap(), expected, "{name}");
            compared += 1;
        }
    }
    assert!(
        compared >= 30,
        "only {compared} vectors state their canonical text"
    );
}
