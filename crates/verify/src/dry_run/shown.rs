//! The first record as it is hashed and signed: the bytes, escaped, beside what is computed and what is recorded.

use serde::Serialize;
use tickmark_crypto::digest::Algorithm;
use tickmark_formats::json::parse;
use tickmark_formats::limits::Limits;

use crate::examine::target_encoding;
use crate::preimage::{Material, at, build, scalar};
use crate::profile::{Encoding, Genesis, Part, Profile, Target};

/// The bytes of one list of parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preimage {
    /// Its place in the profile, for example `hash.preimage`.
    pub place: String,
    /// The bytes: printable ASCII as it is, everything else as `\n`, `\t`, `\\` or `\xNN`.
    pub shown: String,
    /// Their number.
    pub bytes: usize,
    /// Whether `shown` is only their beginning.
    pub is_cut: bool,
    /// The digest that follows from them, as the profile writes it; for a signed message none.
    pub computed: Option<String>,
    /// What is recorded: in the record, or for a link in the next one.
    pub recorded: Option<String>,
    /// Why the bytes cannot be built from this record.
    pub problem: Option<String>,
}

/// The first record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirstRecord {
    /// Everything that is hashed or signed in it.
    pub preimages: Vec<Preimage>,
}

/// Shows the first of a trail's records.
pub(super) fn first(profile: &Profile, records: &[Vec<u8>], limits: &Limits) -> Option<FirstRecord> {
    let text = records.first()?;
    let record = parse(text, limits).ok()?;
    let genesis = profile
        .link
        .iter()
        .flat_map(|link| &link.genesis)
        .find_map(|genesis| match genesis {
            Genesis::Text(text) => Some(text.as_str()),
            Genesis::Absent | Genesis::Null => None,
        });
    let material = Material {
        record: &record,
        text,
        line: text,
        previous: genesis.map(|text| (text, target_encoding(profile))),
        planned: None,
    };
    let recorded = |field: Option<&str>| {
        let text = at(&record, field?).and_then(scalar)?;
        Some(clipped(&text))
    };
    let mut preimages = Vec::new();
    if let Some(hash) = &profile.hash {
        let digested = Some((hash.alg, &hash.enc));
        let found = recorded(hash.field.as_deref());
        preimages.push(preimage(
            "hash.preimage",
            &hash.preimage,
            &material,
            digested,
            found,
        ));
    }
    for check in &profile.checks {
        let place = format!("checks.preimage ({})", check.field);
        let found = recorded(Some(&check.field));
        preimages.push(preimage(
            &place,
            &check.preimage,
            &material,
            Some((check.alg, &check.enc)),
            found,
        ));
    }
    if let Some(link) = &profile.link
        && let Target::Preimage(target) = &link.target
    {
        let next = records.get(1).and_then(|next| {
            let next = parse(next, limits).ok()?;
            at(&next, link.field.as_deref()?)
                .and_then(scalar)
                .map(|text| clipped(&text))
        });
        let digested = Some((target.alg, &target.enc));
        preimages.push(preimage(
            "link.target.preimage",
            &target.parts,
            &material,
            digested,
            next,
        ));
    }
    for signature in &profile.signatures {
        let place = format!("signatures.message ({})", signature.field);
        let found = recorded(Some(&signature.field));
        preimages.push(preimage(&place, &signature.message, &material, None, found));
    }
    preimages.truncate(MOST_SHOWN);
    Some(FirstRecord { preimages })
}

fn preimage(
    place: &str,
    parts: &[Part],
    material: &Material<'_>,
    digested: Option<(Algorithm, &Encoding)>,
    recorded: Option<String>,
) -> Preimage {
    let mut bytes = Vec::new();
    let problem = build(parts, material, &mut bytes)
        .err()
        .map(|error| error.to_string());
    let (shown, is_cut) = escaped(&bytes);
    Preimage {
        place: place.to_owned(),
        shown,
        bytes: bytes.len(),
        is_cut,
        computed: digested
            .filter(|_| problem.is_none())
            .map(|(alg, enc)| enc.write(alg.of(&bytes).as_bytes())),
        recorded,
        problem,
    }
}

/// Bytes as printable ASCII, and whether some were left out.
fn escaped(bytes: &[u8]) -> (String, bool) {
    use std::fmt::Write;
    let mut out = String::new();
    for byte in bytes.iter().take(LONGEST_SHOWN) {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            0x20..0x7f => out.push(char::from(*byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    (out, bytes.len() > LONGEST_SHOWN)
}

fn clipped(text: &str) -> String {
    text.chars().take(1_024).collect()
}

const LONGEST_SHOWN: usize = 2_048;
const MOST_SHOWN: usize = 16;

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn bytes_are_shown_as_printable_ascii() {
        assert_eq!(
            escaped("a\\b\n\té\u{0}".as_bytes()).0,
            "a\\\\b\\n\\t\\xc3\\xa9\\x00"
        );
        assert!(escaped(&vec![b'x'; 5_000]).1);
    }
}
