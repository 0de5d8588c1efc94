//! What a person pins: keys, root certificates and OpenPGP keys, recognised by content and never by name.

use thiserror::Error;

use crate::{
    key::{self, FoundKey, KeyError},
    openpgp::{self, OpenPgpError},
    x509::{self, CertificateError, TrustAnchor},
};

/// Something that signatures are verified with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pin {
    /// A public key, bound to one algorithm.
    Key(FoundKey),
    /// A certificate where paths end: `x509-root`.
    Root(TrustAnchor),
    /// An OpenPGP key: `openpgp`.
    OpenPgp(openpgp::Certificate),
}

/// Why a text or file is not read as pins.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PinError {
    /// It is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It is no certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// It is no OpenPGP key.
    #[error(transparent)]
    OpenPgp(#[from] OpenPgpError),
}

impl Pin {
    /// The word that stands for its algorithm: that of the key, `x509-root` or `openpgp`.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        match self {
            Self::Key(found) => found.key.algorithm().name(),
            Self::Root(_) => TrustAnchor::ALGORITHM,
            Self::OpenPgp(_) => openpgp::Certificate::ALGORITHM,
        }
    }

    /// What people compare over the phone: SHA-256 of a key's SubjectPublicKeyInfo or of a certificate, in lower-case hex;
    /// the 40 upper-case hex digits of an OpenPGP key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        match self {
            Self::Key(found) => found.key.fingerprint(),
            Self::Root(anchor) => anchor.fingerprint(),
            Self::OpenPgp(certificate) => certificate.fingerprint(),
        }
    }
}

/// Reads pins: X.509 certificates (PEM, DER), OpenPGP keys (armored, binary), or keys in every form of
/// [`key::parse_key_file`]. One file holds pins of one kind.
///
/// # Errors
/// [`PinError`]. A secret is refused and never repeated.
pub fn parse_pins(bytes: &[u8]) -> Result<Vec<Pin>, PinError> {
    let holds = |mark: &[u8]| bytes.windows(mark.len()).any(|part| part == mark);
    // A short look at the beginning tells packets from DER; a raw key of 32 bytes is no OpenPGP key, whatever it begins with.
    let packets = matches!(bytes, [0x98..=0x9a | 0xc6, ..]) && bytes.len() > 40;
    if holds(b"-----BEGIN PGP PUBLIC KEY BLOCK-----") || packets && key::parse_keys(bytes, None).is_err() {
        let read = openpgp::parse_certificates(bytes)?;
        return Ok(read.into_iter().map(Pin::OpenPgp).collect());
    }
    let certificate = bytes.first() == Some(&0x30) && x509::Certificate::from_der(bytes).is_ok();
    if certificate || holds(b"-----BEGIN CERTIFICATE-----") {
        let read = x509::parse_certificates(bytes)?;
        return Ok(read
            .into_iter()
            .map(|one| Pin::Root(TrustAnchor::pin(one)))
            .collect());
    }
    let read = key::parse_keys(bytes, None)?;
    Ok(read.into_iter().map(Pin::Key).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        openpgp::tests::{BORN, certificate_bytes, key_body},
        x509::tests::{Draft, key},
    };

    fn only(bytes: &[u8]) -> Pin {
        let mut pins = parse_pins(bytes).unwrap();
        assert_eq!(pins.len(), 1);
        pins.remove(0)
    }

    fn armored(label: &str, between: &str, bytes: &[u8]) -> String {
        let base64 = crate::encoding::base64(bytes);
        format!("-----BEGIN {label}-----\n{between}{base64}\n-----END {label}-----\n")
    }

    #[test]
    fn every_kind_is_recognised_by_content() {
        let root = Draft::authority("root", "root").signed(&key(1), &key(1));
        let public = key(1).public();
        let pgp = certificate_bytes();
        for (bytes, algorithm) in [
            (root.clone(), "x509-root"),
            (armored("CERTIFICATE", "", &root).into_bytes(), "x509-root"),
            (pgp.clone(), "openpgp"),
            (
                armored("PGP PUBLIC KEY BLOCK", "\n", &pgp).into_bytes(),
                "openpgp",
            ),
            (public.spki_der().to_vec(), "ed25519"),
            (public.pem().into_bytes(), "ed25519"),
            (public.ed25519_bytes().unwrap().to_vec(), "ed25519"),
        ] {
            let pin = only(&bytes);
            assert_eq!(pin.algorithm(), algorithm);
            assert!(pin.fingerprint().len() >= 40);
        }
        let Pin::Root(anchor) = only(&root) else { panic!() };
        assert_eq!(
            anchor.fingerprint(),
            crate::digest::Algorithm::Sha256.of(&root).hex()
        );
        assert_eq!(anchor.certificate().der(), root);
        let many = armored("CERTIFICATE", "", &root).repeat(3);
        assert_eq!(parse_pins(many.as_bytes()).unwrap().len(), 3);
    }

    #[test]
    fn secrets_and_mixtures_are_refused() {
        let root = Draft::authority("root", "root").signed(&key(1), &key(1));
        let mixed = armored("CERTIFICATE", "", &root) + &key(1).public().pem();
        let secret = armored("CERTIFICATE", "", &root) + &armored("PRIVATE KEY", "", &[1, 2, 3]);
        let body = key_body(&key(1), BORN);
        let pgp = [&[0xc5, body.len() as u8], &body[..]].concat();
        for bytes in [mixed.as_bytes(), secret.as_bytes(), &pgp, b"", &root[1..]] {
            assert!(parse_pins(bytes).is_err());
        }
        let Err(PinError::Certificate(error)) = parse_pins(secret.as_bytes()) else {
            panic!()
        };
        assert!(error.to_string().contains("disclosed"), "{error}");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>, first in prop::sample::select(vec![0x30_u8, 0x98, 0x99, 0xc6, 0x2d])) {
            let _ = parse_pins(&bytes);
            let _ = parse_pins(&[&[first], &bytes[..]].concat());
        }
    }
}
