//! The six documents published with RFC 8785.

use tickmark_formats::canonical::{Dialect, is_spelled, to_vec};
use tickmark_formats::json;
use tickmark_formats::limits::Limits;

use crate::fixtures;

#[test]
fn the_published_documents_come_out_byte_for_byte() {
    let Some(folder) = fixtures::folder("jcs-rfc8785") else {
        return;
    };
    let inputs = fixtures::files(&folder.join("input"));
    assert_eq!(inputs.len(), 6);
    for (name, input) in inputs {
        let expected = fixtures::read(&folder.join("output").join(&name));
        let value = json::parse(&input, &Limits::default()).unwrap();
        let written = to_vec(&value, &Dialect::JCS).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&written),
            String::from_utf8_lossy(&expected),
            "{name}"
        );
        let again = json::parse(&written, &Limits::default()).unwrap();
        assert!(is_spelled(&again, &written, &Dialect::JCS), "{name}");
        let hex: String = written.iter().map(|byte| format!("{byte:02x}")).collect();
        let published = fixtures::read(&folder.join("outhex").join(name.replace(".json", ".txt")));
        let published = String::from_utf8(published).unwrap();
        assert_eq!(hex, published.split_whitespace().collect::<String>(), "{name}");
    }
}
