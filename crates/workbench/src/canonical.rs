//! Frozen things are kept as canonical JSON (RFC 8785), so that their digest can be computed again by anybody.

use serde_json::Value;
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::hex;

/// The canonical text of a value that holds text, whole numbers, booleans, lists and objects.
///
/// Rates are text ("5%") in everything that is frozen, so that no number needs rounding.
pub fn text(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut names: Vec<_> = members.keys().collect();
            // RFC 8785 section 3.2.3: by UTF-16 code units
            names.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            let parts: Vec<_> = names
                .into_iter()
                .map(|name| {
                    format!(
                        "{}:{}",
                        Value::from(name.as_str()),
                        text(members.get(name).unwrap_or(&Value::Null))
                    )
                })
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// Lower-case hex SHA-256 of a text.
pub fn digest(text: &str) -> String {
    hex(&sha256(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_sorted_at_every_level() {
        let value = json!({"b": {"z": 1, "a": [true, null]}, "a": "é\u{2028}\""});
        assert_eq!(
            text(&value),
            "{\"a\":\"é\u{2028}\\\"\",\"b\":{\"a\":[true,null],\"z\":1}}"
        );
    }

    #[test]
    fn agrees_with_the_canonical_writer() {
        let value =
            json!({"\u{10000}": 1, "\u{e000}": 2, "b": {"z": 1, "a": [true, null]}, "a": "é\u{7f}\u{1}\""});
        let source = value.to_string();
        let limits = tickmark_formats::limits::Limits::default();
        let parsed = tickmark_formats::json::parse(source.as_bytes(), &limits);
        let mut out = Vec::new();
        let written = parsed.map(|v| {
            tickmark_formats::canonical::write(&v, &tickmark_formats::canonical::Dialect::JCS, &mut out)
        });
        assert!(matches!(written, Ok(Ok(()))));
        assert_eq!(text(&value).into_bytes(), out);
    }
}
