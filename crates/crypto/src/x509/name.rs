//! Distinguished names as people read them (RFC 4514).

use std::fmt::Write as _;

use crate::{
    asn1::{self, Asn1Error, Der, OBJECT_IDENTIFIER, SEQUENCE, SET},
    encoding,
};

/// Writes a name, the most particular part first: `CN=Example TSA,O=Example,C=CH`.
pub(super) fn written(name: &[u8]) -> Result<String, Asn1Error> {
    let mut outer = Der::new(name);
    let mut sequence = outer.enter(SEQUENCE, "a name")?;
    outer.end()?;
    let mut parts = Vec::new();
    while !sequence.is_at_end() {
        let mut set = sequence.enter(SET, "a part of a name")?;
        let mut pairs = vec![pair(&mut set)?];
        while !set.is_at_end() {
            pairs.push(pair(&mut set)?);
        }
        parts.push(pairs.join("+"));
    }
    parts.reverse();
    Ok(parts.join(","))
}

fn pair(set: &mut Der<'_>) -> Result<String, Asn1Error> {
    let mut pair = set.enter(SEQUENCE, "a pair in a name")?;
    let oid = pair.value(OBJECT_IDENTIFIER, "a name's attribute")?;
    let element = pair.any("an attribute's value")?;
    pair.end()?;
    let short = SHORT.iter().find(|(known, _)| *known == oid);
    let key = short.map_or_else(|| asn1::dotted(oid), |(_, short)| (*short).to_owned());
    Ok(match text(element) {
        Some(text) => format!("{key}={}", escaped(&text)),
        None => format!("{key}=#{}", encoding::hex(element)),
    })
}

/// The value of a string type, where it is one.
fn text(element: &[u8]) -> Option<String> {
    let tag = *element.first()?;
    let value = Der::new(element).value(tag, "a string").ok()?;
    match tag {
        UTF8_STRING | PRINTABLE_STRING | IA5_STRING => String::from_utf8(value.to_vec()).ok(),
        BMP_STRING if value.len().is_multiple_of(2) => {
            let units = value.chunks_exact(2).map(|unit| match *unit {
                [high, low] => u16::from(high) << 8 | u16::from(low),
                _ => 0xfffd,
            });
            char::decode_utf16(units).collect::<Result<_, _>>().ok()
        }
        _ => None,
    }
}

/// RFC 4514, section 2.4; control characters are written in hex, so that a name stays one line.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let last = text.chars().count().saturating_sub(1);
    for (at, sign) in text.chars().enumerate() {
        match sign {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => written.extend(['\\', sign]),
            '#' if at == 0 => written.push_str("\\#"),
            ' ' if at == 0 || at == last => written.push_str("\\ "),
            sign if sign.is_control() => {
                for byte in sign.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(written, "\\{byte:02x}"); // writing to a String does not fail
                }
            }
            sign => written.push(sign),
        }
    }
    written
}

const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
const BMP_STRING: u8 = 0x1e;

/// RFC 4514, section 3, and the address that older certificates put into the name.
const SHORT: [(&[u8], &str); 10] = [
    (&[0x55, 0x04, 0x03], "CN"),
    (&[0x55, 0x04, 0x06], "C"),
    (&[0x55, 0x04, 0x07], "L"),
    (&[0x55, 0x04, 0x08], "ST"),
    (&[0x55, 0x04, 0x09], "STREET"),
    (&[0x55, 0x04, 0x0a], "O"),
    (&[0x55, 0x04, 0x0b], "OU"),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x01],
        "UID",
    ),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19],
        "DC",
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01],
        "emailAddress",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::element;

    fn name(parts: &[(&[u8], u8, &[u8])]) -> Vec<u8> {
        let parts = parts.iter().flat_map(|(oid, tag, value)| {
            let pair = [element(OBJECT_IDENTIFIER, oid), element(*tag, value)].concat();
            element(SET, &element(SEQUENCE, &pair))
        });
        element(SEQUENCE, &parts.collect::<Vec<u8>>())
    }

    #[test]
    fn names_are_written_as_in_rfc_4514() {
        let cn = &[0x55, 0x04, 0x03][..];
        let o = &[0x55, 0x04, 0x0a][..];
        for (parts, expected) in [
            (
                vec![(o, UTF8_STRING, &b"A, B"[..]), (cn, PRINTABLE_STRING, b"x")],
                "CN=x,O=A\\, B",
            ),
            (vec![(cn, UTF8_STRING, b" #x\n")], "CN=\\ #x\\0a"),
            (vec![(cn, UTF8_STRING, b"#x ")], "CN=\\#x\\ "),
            (vec![(cn, BMP_STRING, &[0, 0x41, 0x20, 0xac])], "CN=A\u{20ac}"),
            (vec![(cn, 0x02, &[7])], "CN=#020107"),
            (vec![(&[0x55, 0x04, 0x61], UTF8_STRING, b"x")], "2.5.4.97=x"),
            (vec![], ""),
        ] {
            assert_eq!(written(&name(&parts)).as_deref(), Ok(expected));
        }
        assert!(written(&[SEQUENCE, 2, SET, 0]).is_err(), "an empty part");
    }
}
