//! JSONTestSuite: what must be read, what must be refused, and how we decide where both are allowed.

use tickmark_formats::json::{self, JsonErrorKind};
use tickmark_formats::limits::Limits;

use crate::fixtures;

/// Valid by RFC 8259, refused here: a name that occurs twice (design, section 9).
const REFUSED_ALTHOUGH_VALID: &[&str] = &[
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
];

/// Where the suite leaves it open, we read these: numbers keep their text, however large or small.
const READ_WHERE_OPEN: &[&str] = &[
    "i_number_double_huge_neg_exp.json",
    "i_number_huge_exp.json",
    "i_number_neg_int_huge_exp.json",
    "i_number_pos_double_huge_exp.json",
    "i_number_real_neg_overflow.json",
    "i_number_real_pos_overflow.json",
    "i_number_real_underflow.json",
    "i_number_too_big_neg_int.json",
    "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json",
];

#[test]
fn what_must_be_read_is_read_and_what_must_be_refused_is_refused() {
    let Some(folder) = fixtures::folder("json-test-suite") else {
        return;
    };
    let (mut read, mut refused, mut open) = (0, 0, 0);
    for (name, bytes) in fixtures::files(&folder.join("test_parsing")) {
        let is_read = json::parse(&bytes, &Limits::default()).is_ok();
        match name.get(..2) {
            Some("y_") => {
                assert_eq!(
                    is_read,
                    !REFUSED_ALTHOUGH_VALID.contains(&name.as_str()),
                    "{name}"
                );
                read += 1;
            }
            Some("n_") => {
                assert!(!is_read, "{name}");
                refused += 1;
            }
            _ => {
                assert_eq!(is_read, READ_WHERE_OPEN.contains(&name.as_str()), "{name}");
                open += 1;
            }
        }
    }
    assert_eq!((read, refused, open), (95, 188, 35));
}

#[test]
fn names_that_a_reader_might_merge_are_refused_or_kept_apart() {
    let Some(folder) = fixtures::folder("json-test-suite") else {
        return;
    };
    for (name, bytes) in fixtures::files(&folder.join("test_transform")) {
        let result = json::parse(&bytes, &Limits::default());
        let as_expected = match name.as_str() {
            _ if name.starts_with("object_same_key") => {
                matches!(&result, Err(error) if matches!(error.kind, JsonErrorKind::DuplicateMember { .. }))
            }
            // two normalization forms are two names
            _ if name.starts_with("object_key_nf") => {
                result.is_ok_and(|value| value.members().unwrap().len() == 2)
            }
            _ if name.contains("escaped_invalid_codepoint") => {
                matches!(&result, Err(error) if error.kind == JsonErrorKind::LoneSurrogate)
            }
            _ if name.contains("invalid_codepoint") => {
                matches!(&result, Err(error) if error.kind == JsonErrorKind::NotUtf8)
            }
            _ => result.is_ok(),
        };
        assert!(as_expected, "{name}");
    }
}
