//! A certificate: a primary key, what it says about itself, and its subkeys (RFC 9580, section 10.1).

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    KeyFault, OpenPgpError, armor,
    key::Key,
    packet::{
        self, MARKER, PUBLIC_KEY, PUBLIC_SUBKEY, SECRET_KEY, SECRET_SUBKEY, SIGNATURE, TRUST, USER_ATTRIBUTE,
        USER_ID, malformed,
    },
    signature::{Signature, seconds},
};
use crate::digest::Hasher;

/// A pinned OpenPGP key. It comes from a person who confirmed its fingerprint, never from a bundle.
#[derive(Clone)]
pub struct Certificate {
    primary: Key,
    /// What stands directly on the primary key.
    own: Certifications,
    users: Vec<(Vec<u8>, Certifications)>,
    subkeys: Vec<(Key, Certifications)>,
}

/// The signatures on one part of a certificate.
#[derive(Clone, Default)]
struct Certifications {
    signatures: Vec<Signature>,
    /// Whether a revocation is there that may count and cannot be verified here, such as one with SHA-1.
    doubtful: bool,
}

/// Reads certificates, armored or binary: one or, in a keyring, several.
///
/// # Errors
/// [`OpenPgpError`]; [`OpenPgpError::Secret`] for secret keys.
pub fn parse_certificates(bytes: &[u8]) -> Result<Vec<Certificate>, OpenPgpError> {
    if bytes.len() > CERTIFICATE_LIMIT {
        return Err(OpenPgpError::TooLarge {
            limit: CERTIFICATE_LIMIT,
            found: bytes.len(),
        });
    }
    let bytes = armor::unarmored(bytes, "PUBLIC KEY BLOCK")?;
    let mut certificates: Vec<Certificate> = Vec::new();
    let mut place = Place::Own;
    for packet in packet::split(&bytes)? {
        match (packet.kind, certificates.last_mut()) {
            (SECRET_KEY | SECRET_SUBKEY, _) => return Err(OpenPgpError::Secret),
            (MARKER | TRUST, _) => {}
            (PUBLIC_KEY, _) => {
                certificates.push(Certificate::of(Key::read(packet.body)?));
                place = Place::Own;
            }
            (_, None) => return Err(malformed("a public key at the beginning")),
            (SIGNATURE, Some(certificate)) => certificate.certify(place, packet.body),
            (USER_ID, Some(certificate)) => {
                certificate
                    .users
                    .push((packet.body.to_vec(), Certifications::default()));
                place = Place::User;
            }
            (USER_ATTRIBUTE, Some(_)) => place = Place::Elsewhere,
            (PUBLIC_SUBKEY, Some(certificate)) => match Key::read(packet.body) {
                Ok(key) => {
                    certificate.subkeys.push((key, Certifications::default()));
                    place = Place::Subkey;
                }
                Err(_) => place = Place::Elsewhere, // of another version; it verifies nothing here
            },
            _ => return Err(malformed("a public key with its signatures")),
        }
    }
    if certificates.is_empty() {
        return Err(malformed("a public key"));
    }
    Ok(certificates)
}

/// On what the next signature packet stands.
#[derive(Clone, Copy)]
enum Place {
    Own,
    User,
    Subkey,
    Elsewhere,
}

impl Certificate {
    const fn of(primary: Key) -> Self {
        Self {
            primary,
            own: Certifications {
                signatures: Vec::new(),
                doubtful: false,
            },
            users: Vec::new(),
            subkeys: Vec::new(),
        }
    }

    /// The word by which trust files call it where keys have their algorithm.
    pub const ALGORITHM: &'static str = "openpgp";

    /// The fingerprint of the primary key in 40 upper-case hex digits, as gpg shows it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.primary.said()
    }

    /// The user ids, as they are written; what they say is the owner's word.
    pub fn user_ids(&self) -> impl Iterator<Item = String> + '_ {
        self.users
            .iter()
            .map(|(text, _)| String::from_utf8_lossy(text).into_owned())
    }

    pub(super) const fn primary(&self) -> &Key {
        &self.primary
    }

    pub(super) fn subkeys(&self) -> impl Iterator<Item = &Key> {
        self.subkeys.iter().map(|(key, _)| key)
    }

    /// Keeps a signature that may be the owner's; those of others say nothing about the key's use.
    fn certify(&mut self, place: Place, body: &[u8]) {
        let certifications = match place {
            Place::Own => &mut self.own,
            Place::User => match self.users.last_mut() {
                Some((_, certifications)) => certifications,
                None => return,
            },
            Place::Subkey => match self.subkeys.last_mut() {
                Some((_, certifications)) => certifications,
                None => return,
            },
            Place::Elsewhere => return,
        };
        match Signature::read(body) {
            Ok(signature) if signature.may_be_of(&self.primary) => certifications.signatures.push(signature),
            // by somebody whom the owner may have entitled to it
            Ok(signature) => certifications.doubtful |= REVOCATIONS.contains(&signature.kind),
            // A revocation that cannot be read may still be the owner's. Its type is the second byte, in version 3 the third.
            Err(_) => {
                certifications.doubtful |= match body {
                    [2 | 3, _, kind, ..] | [_, kind, ..] => REVOCATIONS.contains(kind),
                    _ => false,
                };
            }
        }
    }

    /// Whether the primary key was in force at a time, and meant for signing where that is asked.
    pub(super) fn check_primary(&self, time: u32, signing: bool) -> Result<(), KeyFault> {
        check_made(&self.primary, time)?;
        self.check_revocation(&self.own, KEY_REVOCATION, time, |hasher| {
            self.primary.hash(hasher);
        })?;
        let mut said: Vec<&Signature> = Vec::new();
        for signature in self.own.of(&[DIRECT]) {
            if self.stands(signature, |hasher| self.primary.hash(hasher)) {
                said.push(signature);
            }
        }
        for (text, certifications) in &self.users {
            let cover = |hasher: &mut Hasher| {
                self.primary.hash(hasher);
                hasher.update(&[0xb4]);
                hasher.update(&(text.len() as u32).to_be_bytes()); // a packet's length has four bytes
                hasher.update(text);
            };
            let mut revoked = certifications.of(&[USER_REVOCATION]);
            if revoked.any(|signature| self.stands(signature, cover)) {
                continue;
            }
            let certified = certifications.of(&CERTIFICATIONS);
            said.extend(certified.filter(|signature| self.stands(signature, cover)));
        }
        let said = in_force(&said, time).ok_or(KeyFault::NoSelfSignature)?;
        check_lifetime(&self.primary, said, time)?;
        // Where no flags are there, a primary key may sign what its algorithm can.
        if signing && said.said.flags.is_some_and(|flags| flags & FOR_SIGNING == 0) {
            return Err(KeyFault::NotForSigning);
        }
        Ok(())
    }

    /// Whether a subkey was in force, bound and meant for signing at a time.
    pub(super) fn check_subkey(&self, number: usize, time: u32) -> Result<(), KeyFault> {
        let Some((key, certifications)) = self.subkeys.get(number) else {
            return Err(KeyFault::NotBound);
        };
        let cover = |hasher: &mut Hasher| {
            self.primary.hash(hasher);
            key.hash(hasher);
        };
        self.check_primary(time, false)?;
        check_made(key, time)?;
        self.check_revocation(certifications, SUBKEY_REVOCATION, time, cover)?;
        let bindings = certifications.of(&[BINDING]);
        let bindings: Vec<&Signature> = bindings
            .filter(|signature| self.stands(signature, cover))
            .collect();
        let binding = in_force(&bindings, time).ok_or(KeyFault::NotBound)?;
        check_lifetime(key, binding, time)?;
        if binding.said.flags.is_none_or(|flags| flags & FOR_SIGNING == 0) {
            return Err(KeyFault::NotForSigning);
        }
        let embedded = binding.said.embedded.as_deref();
        let back = embedded
            .and_then(|body| Signature::read(body).ok())
            .filter(|back| back.kind == BACK);
        match back {
            Some(back) if verify(&back, key, cover).is_ok() => Ok(()),
            _ => Err(KeyFault::NoBackSignature),
        }
    }

    /// Whether a signature is the primary key's over what `cover` takes in.
    fn stands(&self, signature: &Signature, cover: impl Fn(&mut Hasher)) -> bool {
        verify(signature, &self.primary, cover).is_ok()
    }

    fn check_revocation(
        &self,
        certifications: &Certifications,
        kind: u8,
        time: u32,
        cover: impl Fn(&mut Hasher),
    ) -> Result<(), KeyFault> {
        if certifications.doubtful {
            return Err(KeyFault::DoubtfulRevocation);
        }
        for signature in certifications.of(&[kind]) {
            match verify(signature, &self.primary, &cover) {
                Ok(()) => {}
                Err(OpenPgpError::Signature(_)) => continue, // somebody else put it there
                Err(_) => return Err(KeyFault::DoubtfulRevocation),
            }
            let reason = match signature.said.revocation_reason {
                // A key that was replaced or given up made good signatures before (RFC 9580, section 5.2.3.31).
                Some(1 | 3) if time < signature.said.created => continue,
                Some(1) => "it was replaced",
                Some(3) => "it was given up",
                Some(2) => "its secret was disclosed",
                _ => "without a reason that spares earlier signatures",
            };
            return Err(KeyFault::Revoked { reason });
        }
        Ok(())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "openpgp::Certificate({})", self.fingerprint())
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.primary.fingerprint() == other.primary.fingerprint()
    }
}

impl Eq for Certificate {}

impl Certifications {
    fn of<'a>(&'a self, kinds: &'a [u8]) -> impl Iterator<Item = &'a Signature> {
        self.signatures
            .iter()
            .filter(move |signature| kinds.contains(&signature.kind))
    }
}

fn verify(signature: &Signature, key: &Key, cover: impl Fn(&mut Hasher)) -> Result<(), OpenPgpError> {
    let mut hasher = Hasher::new(signature.hash());
    cover(&mut hasher);
    signature.verify_hashed(key, hasher)
}

/// The statement in force at a time: the last one made until then, which still holds.
///
/// Programs that change an expiry replace the earlier statement, so where none is that old the first later one counts: the
/// same owner vouches for the same key.
fn in_force<'a>(said: &[&'a Signature], time: u32) -> Option<&'a Signature> {
    let holds = |signature: &&&Signature| {
        let said = &signature.said;
        said.lifetime
            .is_none_or(|life| life == 0 || u64::from(said.created) + u64::from(life) > u64::from(time))
    };
    let created = |signature: &&&Signature| signature.said.created;
    let until = said
        .iter()
        .filter(holds)
        .filter(|signature| signature.said.created <= time);
    let after = said
        .iter()
        .filter(holds)
        .filter(|signature| signature.said.created > time);
    until
        .max_by_key(created)
        .or_else(|| after.min_by_key(created))
        .copied()
}

fn check_made(key: &Key, time: u32) -> Result<(), KeyFault> {
    if key.created <= time {
        return Ok(());
    }
    Err(KeyFault::NotYetMade {
        created: seconds(key.created),
        stated: seconds(time),
    })
}

/// A key's life is counted in seconds from its making; zero means without end (RFC 9580, section 5.2.3.13).
fn check_lifetime(key: &Key, said: &Signature, time: u32) -> Result<(), KeyFault> {
    let end = u64::from(key.created) + u64::from(said.said.key_lifetime.unwrap_or_default());
    if end == u64::from(key.created) || u64::from(time) < end {
        return Ok(());
    }
    Err(KeyFault::Expired {
        expired: i64::try_from(end)
            .ok()
            .and_then(|end| DateTime::<Utc>::from_timestamp(end, 0))
            .unwrap_or_default(),
        stated: seconds(time),
    })
}

const FOR_SIGNING: u8 = 0x02;

/// Types of signatures (RFC 9580, section 5.2.1).
const CERTIFICATIONS: [u8; 4] = [0x10, 0x11, 0x12, 0x13];
const BINDING: u8 = 0x18;
const BACK: u8 = 0x19;
const DIRECT: u8 = 0x1f;
const KEY_REVOCATION: u8 = 0x20;
const SUBKEY_REVOCATION: u8 = 0x28;
const REVOCATIONS: [u8; 2] = [KEY_REVOCATION, SUBKEY_REVOCATION];
const USER_REVOCATION: u8 = 0x30;

/// The most bytes of a file of certificates: 4 MiB. Keys with thousands of foreign signatures stay below.
const CERTIFICATE_LIMIT: usize = 4 << 20;
