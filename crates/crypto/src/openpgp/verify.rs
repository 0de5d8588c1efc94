//! From a signature to a pinned certificate.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Certificate, OpenPgpError,
    key::Key,
    signature::{Signature, TEXT},
};
use crate::message::{Message, MessageError};

/// What was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// The bytes as they stand.
    Binary,
    /// A text, whatever its line ends were: LF and CR LF are not told apart.
    Text,
}

/// A signature that stands under a pinned certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The position of the certificate among the candidates.
    pub candidate: usize,
    /// The fingerprint of the key that signed: the primary key's, or a subkey's.
    pub key: String,
    /// When the signer says it signed: its word only.
    pub claimed_time: DateTime<Utc>,
    /// What was signed.
    pub document: Document,
}

impl Signature {
    /// Verifies the signature over a message under the pinned certificate that it names.
    ///
    /// `moment` is the time of reading: a signature that states a later time, or that its signer let expire before, is
    /// refused. Everything else is judged at the time that the signature states. Whoever holds the secret key can state
    /// any time; a key whose secret was disclosed therefore proves nothing, and a revocation for that reason refuses all.
    ///
    /// # Errors
    /// [`OpenPgpError::NotPinned`] where no candidate is named; otherwise why the named key's signature is refused.
    pub fn verify(
        &self,
        message: &Message,
        candidates: &[&Certificate],
        moment: DateTime<Utc>,
    ) -> Result<Signer, OpenPgpError> {
        let is_text = self.kind == TEXT;
        if message.is_text() != is_text {
            return Err(MessageError::Foreign.into());
        }
        let mut refusal = None;
        for (candidate, certificate) in candidates.iter().enumerate() {
            for (subkey, key) in self.keys_of(certificate) {
                let verified = self.verify_key(message, key).and_then(|()| {
                    let time = self.said.created;
                    let usable = match subkey {
                        None => certificate.check_primary(time, true),
                        Some(number) => certificate.check_subkey(number, time),
                    };
                    usable.map_err(|fault| OpenPgpError::Unusable {
                        key: key.said(),
                        fault,
                    })
                });
                match verified.and_then(|()| self.check_times(moment)) {
                    Ok(()) => {
                        return Ok(Signer {
                            candidate,
                            key: key.said(),
                            claimed_time: self.stated_time(),
                            document: if is_text { Document::Text } else { Document::Binary },
                        });
                    }
                    Err(error) => refusal = refusal.or(Some(error)),
                }
            }
        }
        Err(refusal.unwrap_or_else(|| OpenPgpError::NotPinned {
            issuer: self.issuer(),
        }))
    }

    /// The keys of a certificate that the signature names, each with its number where it is a subkey.
    fn keys_of<'a>(&self, certificate: &'a Certificate) -> Vec<(Option<usize>, &'a Key)> {
        // A signature that names nobody would have to be tried with every key; none that is in use does so.
        if self.issuer().is_empty() {
            return Vec::new();
        }
        let subkeys = certificate.subkeys().enumerate();
        std::iter::once((None, certificate.primary()))
            .chain(subkeys.map(|(number, key)| (Some(number), key)))
            .filter(|(_, key)| self.may_be_of(key))
            .collect()
    }

    fn verify_key(&self, message: &Message, key: &Key) -> Result<(), OpenPgpError> {
        self.verify_hashed(key, message.hasher(self.hash())?)
    }

    fn check_times(&self, moment: DateTime<Utc>) -> Result<(), OpenPgpError> {
        let stated = self.stated_time();
        if stated > moment {
            return Err(OpenPgpError::Future { stated, moment });
        }
        let life = self.said.lifetime.filter(|life| *life > 0);
        let until = life.and_then(|life| stated.checked_add_signed(TimeDelta::seconds(life.into())));
        match until {
            Some(until) if moment >= until => Err(OpenPgpError::Expired { until, moment }),
            _ => Ok(()),
        }
    }
}
