//! The extensions of a certificate that a path depends on (RFC 5280, section 4.2.1).

use crate::asn1::{self, Asn1Error, BIT_STRING, Der, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};

/// What the extensions say. Those that only inform are passed over; a critical one that is not understood is kept by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Extensions {
    /// basicConstraints: whether it is an authority, and how many may follow below it.
    pub(super) authority: bool,
    pub(super) path_length: Option<u32>,
    /// keyUsage: bit 0 is the most significant.
    pub(super) key_usage: Option<u16>,
    pub(super) purposes: Option<Purposes>,
    pub(super) subject_key: Option<Vec<u8>>,
    pub(super) authority_key: Option<Vec<u8>>,
    /// The first critical extension that is not understood.
    pub(super) unknown_critical: Option<String>,
    /// A restriction on names or policies.
    pub(super) constraint: Option<&'static str>,
}

/// extKeyUsage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Purposes {
    pub(super) critical: bool,
    /// The object identifiers, at least one.
    pub(super) listed: Vec<Vec<u8>>,
}

impl Extensions {
    /// Reads `Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension`; one extension stands there once.
    pub(super) fn read(list: &mut Der<'_>) -> Result<Self, Asn1Error> {
        let mut seen: Vec<&[u8]> = Vec::new();
        let mut read = Self::default();
        let mut extensions = list.enter(SEQUENCE, "a SEQUENCE of extensions")?;
        if extensions.is_at_end() {
            return Err(extensions.wrong("at least one extension"));
        }
        while !extensions.is_at_end() {
            let again = extensions.wrong("every extension once, and at most 64");
            let mut extension = extensions.enter(SEQUENCE, "an extension")?;
            let oid = extension.value(OBJECT_IDENTIFIER, "an extension's identifier")?;
            let critical =
                extension.peek() == Some(asn1::BOOLEAN) && extension.boolean("whether it is critical")?;
            let mut value = extension.enter(OCTET_STRING, "an extension's value")?;
            extension.end()?;
            if seen.contains(&oid) || seen.len() == 64 {
                return Err(again);
            }
            seen.push(oid);
            read.take(oid, critical, &mut value)?;
        }
        Ok(read)
    }

    fn take(&mut self, oid: &[u8], critical: bool, value: &mut Der<'_>) -> Result<(), Asn1Error> {
        match oid {
            BASIC_CONSTRAINTS => {
                let mut inside = value.enter(SEQUENCE, "basicConstraints")?;
                self.authority = inside.peek() == Some(asn1::BOOLEAN) && inside.boolean("cA")?;
                if !inside.is_at_end() {
                    self.path_length = Some(inside.small(INTEGER, "pathLenConstraint")?);
                }
                inside.end()?;
            }
            KEY_USAGE => self.key_usage = Some(bits(value)?),
            EXTENDED_KEY_USAGE => {
                let mut inside = value.enter(SEQUENCE, "extKeyUsage")?;
                let mut listed = vec![inside.value(OBJECT_IDENTIFIER, "a purpose")?.to_vec()];
                while !inside.is_at_end() {
                    listed.push(inside.value(OBJECT_IDENTIFIER, "a purpose")?.to_vec());
                }
                self.purposes = Some(Purposes { critical, listed });
            }
            SUBJECT_KEY_IDENTIFIER => {
                self.subject_key = Some(value.value(OCTET_STRING, "a key identifier")?.to_vec());
            }
            AUTHORITY_KEY_IDENTIFIER => {
                let mut inside = value.enter(SEQUENCE, "authorityKeyIdentifier")?;
                if inside.peek() == Some(0x80) {
                    self.authority_key = Some(inside.value(0x80, "a key identifier")?.to_vec());
                }
                return value.end(); // issuer and serial number are a hint that is not needed
            }
            NAME_CONSTRAINTS => return self.restrict("name constraints"),
            POLICY_CONSTRAINTS => return self.restrict("policy constraints"),
            INHIBIT_ANY_POLICY => return self.restrict("policy restrictions"),
            // They inform, and no policy or name is asked for here.
            CERTIFICATE_POLICIES | SUBJECT_ALTERNATIVE_NAME | ISSUER_ALTERNATIVE_NAME => return Ok(()),
            _ if critical => {
                self.unknown_critical.get_or_insert_with(|| asn1::dotted(oid));
                return Ok(());
            }
            _ => return Ok(()),
        }
        value.end()
    }

    fn restrict(&mut self, name: &'static str) -> Result<(), Asn1Error> {
        self.constraint.get_or_insert(name);
        Ok(())
    }
}

/// Reads a BIT STRING of named bits, at most 16 of them.
fn bits(value: &mut Der<'_>) -> Result<u16, Asn1Error> {
    let wrong = value.wrong("keyUsage as a BIT STRING of at most 16 bits");
    let (unused, bytes) = match value.value(BIT_STRING, "keyUsage")? {
        [unused @ 0..=7, bytes @ ..] => (*unused, bytes),
        _ => return Err(wrong),
    };
    let bits = match *bytes {
        [] if unused == 0 => 0,
        [high] => u16::from(high) << 8,
        [high, low] => u16::from(high) << 8 | u16::from(low),
        _ => return Err(wrong),
    };
    let used = 8 * bytes.len() as u32 - u32::from(unused); // at most 16; `unused` is 0 where there are no bytes
    if u32::from(bits) << used & 0xffff == 0 {
        Ok(bits)
    } else {
        Err(wrong)
    }
}

pub(super) const DIGITAL_SIGNATURE: u16 = 0x8000;
pub(super) const CONTENT_COMMITMENT: u16 = 0x4000;
pub(super) const KEY_CERT_SIGN: u16 = 0x0400;

const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x0e];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const ISSUER_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x12];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1d, 0x20];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];
const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x24];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1d, 0x36];
