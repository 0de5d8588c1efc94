//! A reviewer's own signing keys: Ed25519 for custody, P-256 for reports, sealed under that reviewer's secret and never
//! under the data key. Whoever can open the vault can still not sign for another reviewer.
//!
//! Plain content of `signers/ID.age`:
//! `{"v":"tickmark.signer/1","reviewer":"ID","custody_seed":"<64 hex>","report_secret":"<64 hex>"}`

use serde::Deserialize;
use tickmark_crypto::encoding::{base64, hex, unbase64, unhex};
use tickmark_crypto::key::PublicKey;
use tickmark_crypto::sealed::{Opener, SealError, open, seal_with_passphrase};
use tickmark_crypto::secret::{Secret, SecretBytes};
use tickmark_crypto::signature::EcdsaForm;
use tickmark_crypto::signing::{EcdsaSigningKey, SigningKey};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::id::ReviewerId;
use crate::table::reviewer::Reviewer;

/// An unlocked reviewer. The keys are wiped when it is dropped; it has no `Debug` and no `Clone`.
pub struct Signer {
    reviewer: ReviewerId,
    name: String,
    custody: SigningKey,
    report: EcdsaSigningKey,
    fingerprint: String,
}

impl Signer {
    /// Makes a new reviewer's keys.
    pub(crate) fn generate(name: &str) -> Result<Self, VaultError> {
        let no_randomness = |error: tickmark_crypto::random::RandomError| VaultError::Key {
            found: error.to_string(),
        };
        let custody = SigningKey::generate().map_err(no_randomness)?;
        let report = EcdsaSigningKey::generate().map_err(no_randomness)?;
        Ok(Self::new(ReviewerId::random()?, name.to_owned(), custody, report))
    }

    /// The reviewer's id.
    pub fn reviewer(&self) -> &ReviewerId {
        &self.reviewer
    }

    /// The reviewer's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Fingerprint of the key that signs custody events.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The key that signs reports.
    pub fn report_key(&self) -> &EcdsaSigningKey {
        &self.report
    }

    /// Signs a custody event's text; base64.
    pub(crate) fn sign(&self, text: &[u8]) -> String {
        base64(&self.custody.sign(text))
    }

    /// The first version of this reviewer's row.
    pub(crate) fn row(&self, roles: &[String]) -> Reviewer {
        let (custody, report) = (self.custody.public(), self.report.public());
        Reviewer {
            id: self.reviewer.clone(),
            version: 1,
            name: self.name.clone(),
            roles: roles.to_vec(),
            custody_key: base64(custody.spki_der()),
            custody_key_digest: custody.fingerprint(),
            report_key: base64(report.spki_der()),
            report_key_digest: report.fingerprint(),
            active: true,
        }
    }

    /// Seals the keys under a secret.
    pub(crate) fn seal(&self, secret: &Secret, work_factor: u8) -> Result<Vec<u8>, VaultError> {
        // room for the whole text at once, so that growing leaves no unwiped copy behind
        let mut plain = Zeroizing::new(String::with_capacity(512));
        plain.push_str("{\"v\":\"tickmark.signer/1\",\"reviewer\":\"");
        plain.push_str(self.reviewer.as_str());
        plain.push_str("\",\"custody_seed\":\"");
        plain.push_str(&Zeroizing::new(hex(self.custody.seed().expose())));
        plain.push_str("\",\"report_secret\":\"");
        plain.push_str(&Zeroizing::new(hex(self.report.to_secret_bytes().expose())));
        plain.push_str("\"}");
        seal_with_passphrase(plain.as_bytes(), secret, work_factor).map_err(|error| refused(&error))
    }

    /// Opens sealed keys and compares them with the reviewer's row.
    pub(crate) fn unseal(sealed: &[u8], secret: &Secret, row: &Reviewer) -> Result<Self, VaultError> {
        let piece = format!("signers/{}.age", row.id);
        let opener = Opener::Passphrase(Secret::new(secret.expose().to_owned()));
        let plain = open(sealed, &opener).map_err(|error| match error {
            SealError::WrongSecret | SealError::NeedsIdentity => VaultError::WrongSecret { tried: 1 },
            other => damaged(&piece, "an age file", &other.to_string()),
        })?;
        let (custody, report) =
            parse(plain.expose()).ok_or_else(|| damaged(&piece, "signing keys", "something else"))?;
        let signer = Self::new(row.id.clone(), row.name.clone(), custody, report);
        if signer.fingerprint != row.custody_key_digest
            || signer.report.public().fingerprint() != row.report_key_digest
        {
            return Err(damaged(
                &piece,
                &format!("the keys of {}", row.custody_key_digest),
                &signer.fingerprint,
            ));
        }
        Ok(signer)
    }

    fn new(reviewer: ReviewerId, name: String, custody: SigningKey, report: EcdsaSigningKey) -> Self {
        let fingerprint = custody.public().fingerprint();
        Signer {
            reviewer,
            name,
            custody,
            report,
            fingerprint,
        }
    }
}

/// Whether a base64 signature over a text verifies under a key.
pub(crate) fn verifies(key: &PublicKey, text: &[u8], signature: &str) -> bool {
    unbase64(signature).is_ok_and(|signature| key.verify(text, &signature, EcdsaForm::Der).is_ok())
}

fn parse(plain: &[u8]) -> Option<(SigningKey, EcdsaSigningKey)> {
    #[derive(Deserialize)]
    struct Sealed<'a> {
        v: &'a str,
        custody_seed: &'a str,
        report_secret: &'a str,
    }
    let sealed: Sealed<'_> = serde_json::from_slice(plain).ok()?;
    if sealed.v != "tickmark.signer/1" {
        return None;
    }
    let custody = SecretBytes::new(unhex(sealed.custody_seed).ok()?);
    let report = SecretBytes::new(unhex(sealed.report_secret).ok()?);
    Some((
        SigningKey::from_seed(&custody).ok()?,
        EcdsaSigningKey::from_secret_bytes(&report).ok()?,
    ))
}

fn refused(error: &SealError) -> VaultError {
    VaultError::Key {
        found: error.to_string(),
    }
}

fn damaged(piece: &str, expected: &str, found: &str) -> VaultError {
    VaultError::Damaged {
        piece: piece.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}
