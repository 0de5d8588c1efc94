//! What a signature says beside the signature (RFC 9580, section 5.2.3).

use super::{
    OpenPgpError,
    packet::{Reader, malformed, new_length},
};

/// The subpackets that a judgement depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Subpackets {
    /// When the signature says it was made, in seconds since 1970.
    pub(super) created: u32,
    /// How many seconds the signature holds.
    pub(super) lifetime: Option<u32>,
    /// How many seconds after its making the signed key holds.
    pub(super) key_lifetime: Option<u32>,
    pub(super) flags: Option<u8>,
    pub(super) revocation_reason: Option<u8>,
    pub(super) issuer: Option<[u8; 8]>,
    pub(super) issuer_fingerprint: Option<Vec<u8>>,
    /// The body of an embedded signature packet, which proves itself.
    pub(super) embedded: Option<Vec<u8>>,
    /// A critical subpacket that is not understood.
    pub(super) unknown_critical: Option<u8>,
}

impl Subpackets {
    /// Reads the signed area and the unsigned one. What nobody signed is a hint about the issuer, or proves itself.
    pub(super) fn read(signed: &[u8], unsigned: &[u8]) -> Result<Self, OpenPgpError> {
        let mut read = Self::default();
        let mut created = None;
        each(signed, |kind, critical, mut body| {
            match kind {
                CREATED => once(&mut created, body.long()?)?,
                LIFETIME => once(&mut read.lifetime, body.long()?)?,
                KEY_LIFETIME => once(&mut read.key_lifetime, body.long()?)?,
                FLAGS => {
                    let flags = body.rest.first().copied().unwrap_or_default();
                    return once(&mut read.flags, flags);
                }
                REASON => {
                    let reason = body.byte()?;
                    return once(&mut read.revocation_reason, reason);
                }
                _ => return read.take(kind, critical, body),
            }
            body.end()
        })?;
        each(unsigned, |kind, _, body| read.take(kind, false, body))?;
        read.created = created.ok_or(malformed("a signed time in the signature"))?;
        Ok(read)
    }

    fn take(&mut self, kind: u8, critical: bool, mut body: Reader<'_>) -> Result<(), OpenPgpError> {
        match kind {
            ISSUER => {
                let issuer = body.array()?;
                self.issuer.get_or_insert(issuer);
                body.end()
            }
            ISSUER_FINGERPRINT => {
                // the version of the key, then its fingerprint
                let version = body.byte()?;
                let fingerprint = body.rest.to_vec();
                if version == 4 && fingerprint.len() != 20 {
                    return Err(malformed("a fingerprint of 20 bytes"));
                }
                self.issuer_fingerprint.get_or_insert(fingerprint);
                Ok(())
            }
            EMBEDDED => {
                let embedded = body.rest.to_vec();
                self.embedded.get_or_insert(embedded);
                Ok(())
            }
            _ if critical && !INFORMING.contains(&kind) => {
                self.unknown_critical.get_or_insert(kind);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn each(
    area: &[u8],
    mut take: impl FnMut(u8, bool, Reader<'_>) -> Result<(), OpenPgpError>,
) -> Result<(), OpenPgpError> {
    let mut reader = Reader::new(area);
    while !reader.rest.is_empty() {
        let length = new_length(&mut reader, true)?;
        let mut body = Reader::new(reader.take(length)?);
        let kind = body.byte()?;
        take(kind & 0x7f, kind & 0x80 != 0, body)?;
    }
    Ok(())
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<(), OpenPgpError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(malformed("every subpacket once")),
    }
}

const CREATED: u8 = 2;
const LIFETIME: u8 = 3;
const KEY_LIFETIME: u8 = 9;
const ISSUER: u8 = 16;
const FLAGS: u8 = 27;
const REASON: u8 = 29;
const EMBEDDED: u8 = 32;
const ISSUER_FINGERPRINT: u8 = 33;

/// Subpackets that change no judgement here, even where they are critical: whether a certification may be exported or
/// revoked, preferences, the primary user id, addresses, features, the signer's user id.
const INFORMING: [u8; 13] = [4, 7, 11, 21, 22, 23, 24, 25, 26, 28, 30, 34, 39];
