//! Keys that the reviewer trusts. They come from outside the bundle, and the algorithm is bound to them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{hex, unbase64url};
use tickmark_crypto::key::{KeyAlgorithm, PublicKey, hmac_key, parse_keys};
use tickmark_crypto::secret::Secret;
use tickmark_crypto::sigstore::TrustedRoot;

/// Pinned keys, Sigstore instances and identities.
#[derive(Clone, Default)]
pub struct Trust {
    keys: Vec<PinnedKey>,
    instances: Vec<TrustedRoot>,
    identities: Vec<PinnedIdentity>,
}

/// A pinned identity: whose certificate from a pinned Sigstore instance counts. Anybody can get a certificate of their own,
/// so an instance alone says nothing about who signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedIdentity {
    /// The e-mail address or URI in the certificate.
    pub subject: String,
    /// The address of the OpenID Connect issuer in the certificate.
    pub issuer: String,
    /// Who it belongs to.
    pub owner: Option<String>,
    /// How and by whom it was confirmed.
    pub confirmed: Option<String>,
}

/// A pinned key.
#[derive(Clone)]
pub struct PinnedKey {
    /// The key.
    pub key: PublicKey,
    /// The name that records use for it.
    pub kid: Option<String>,
    /// Who it belongs to.
    pub owner: Option<String>,
    /// How and by whom it was confirmed.
    pub confirmed: Option<String>,
    /// From when it holds.
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when it holds.
    pub valid_to: Option<DateTime<Utc>>,
}

/// Why a trust file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// It is no TOML of a trust file.
    #[error("{file}: {message}")]
    Shape {
        /// The file.
        file: String,
        /// What is wrong and where.
        message: String,
    },
    /// An entry has neither a public key nor a secret, or both.
    #[error("{file}, key {number}: expected public_key, or secret for hmac-sha256")]
    Entry {
        /// The file.
        file: String,
        /// The entry, from 1.
        number: usize,
    },
    /// A text is no key.
    #[error("{file}: {source}")]
    Key {
        /// The file.
        file: String,
        /// Why.
        source: tickmark_crypto::key::KeyError,
    },
    /// A file is no trusted root of Sigstore, though it says so.
    #[error("{file}: {source}")]
    Root {
        /// The file.
        file: String,
        /// Why.
        source: tickmark_crypto::sigstore::SigstoreError,
    },
    /// A time is no RFC 3339 instant.
    #[error("{file}, key {number}: {field} is no instant such as 2026-01-01T00:00:00Z")]
    Time {
        /// The file.
        file: String,
        /// The entry, from 1.
        number: usize,
        /// The field.
        field: &'static str,
    },
}

impl Trust {
    /// The keys, in the order they were added.
    pub fn keys(&self) -> &[PinnedKey] {
        &self.keys
    }

    /// Pinned Sigstore instances, in the order they were added.
    pub fn instances(&self) -> &[TrustedRoot] {
        &self.instances
    }

    /// Pinned identities, in the order they were added.
    pub fn identities(&self) -> &[PinnedIdentity] {
        &self.identities
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.instances.is_empty() && self.identities.is_empty()
    }

    /// Adds a trust file: `[[key]]` and `[[identity]]` entries in TOML, a `trusted_root.json` of Sigstore, or bare public keys
    /// recognised by content (design, section 6).
    ///
    /// # Errors
    /// Names the file and what is wrong in it. Nothing of it is added then.
    pub fn add_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), TrustError> {
        if TrustedRoot::is_one(bytes) {
            let root = TrustedRoot::parse(bytes).map_err(|source| TrustError::Root {
                file: name.to_owned(),
                source,
            })?;
            self.instances.push(root);
            return Ok(());
        }
        let found = match std::str::from_utf8(bytes) {
            Ok(text) if is_entries(text) => {
                let (keys, identities) = entries(name, text)?;
                self.identities.extend(identities);
                keys
            }
            _ => parse_keys(bytes, None)
                .map_err(|source| TrustError::Key {
                    file: name.to_owned(),
                    source,
                })?
                .into_iter()
                .map(|found| PinnedKey {
                    key: found.key,
                    kid: found.kid,
                    owner: found.comment,
                    confirmed: None,
                    valid_from: None,
                    valid_to: None,
                })
                .collect(),
        };
        self.keys.extend(found);
        Ok(())
    }

    /// Candidates for a signature: keys of its algorithms whose name equals the record's, where both name one.
    pub(crate) fn candidates(
        &self,
        algorithms: &[KeyAlgorithm],
        kid: Option<&str>,
    ) -> impl Iterator<Item = (usize, &PinnedKey)> {
        self.keys.iter().enumerate().filter(move |(_, pinned)| {
            algorithms.contains(&pinned.key.algorithm())
                && match (pinned.kid.as_deref(), kid) {
                    (Some(own), Some(named)) => own == named,
                    _ => true,
                }
        })
    }
}

impl PinnedKey {
    /// Whether a digest in a record names this key: SHA-256 in hex, after an optional name, of its bytes or of its
    /// SubjectPublicKeyInfo, or its thumbprint (RFC 7638) in hex or base64url.
    pub(crate) fn is_named_by(&self, digest: &str) -> bool {
        let bare = digest.rsplit_once(':').map_or(digest, |(_, bare)| bare);
        let spki = self.key.spki_der();
        // the last bytes of these keys' SubjectPublicKeyInfo are the key
        let length = match self.key.algorithm() {
            KeyAlgorithm::Ed25519 => 32,
            KeyAlgorithm::MlDsa65 => 1952,
            _ => spki.len(),
        };
        let bytes = spki.get(spki.len().saturating_sub(length)..).unwrap_or_default();
        let thumbprint = self.key.thumbprint();
        let in_hex = thumbprint
            .as_deref()
            .and_then(|text| unbase64url(text).ok())
            .map(|bytes| hex(&bytes));
        [
            Some(hex(&sha256(spki))),
            Some(hex(&sha256(bytes))),
            thumbprint,
            in_hex,
        ]
        .into_iter()
        .flatten()
        .any(|own| own == bare)
    }
}

fn is_entries(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("[[key]]") || line.starts_with("[[identity]]")
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    key: Vec<Entry>,
    #[serde(default)]
    identity: Vec<IdentityEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentityEntry {
    subject: String,
    issuer: String,
    owner: Option<String>,
    confirmed: Option<String>,
}

impl From<IdentityEntry> for PinnedIdentity {
    fn from(entry: IdentityEntry) -> Self {
        PinnedIdentity {
            subject: entry.subject,
            issuer: entry.issuer,
            owner: entry.owner,
            confirmed: entry.confirmed,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    algorithm: Option<String>,
    public_key: Option<String>,
    secret: Option<String>,
    kid: Option<String>,
    owner: Option<String>,
    confirmed: Option<String>,
    valid_from: Option<Moment>,
    valid_to: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Text(String),
    Toml(toml::value::Datetime),
}

fn entries(file: &str, text: &str) -> Result<(Vec<PinnedKey>, Vec<PinnedIdentity>), TrustError> {
    let parsed: File = toml::from_str(text).map_err(|error| TrustError::Shape {
        file: file.to_owned(),
        // the message only: the reader's picture of the line would show a secret
        message: error.message().to_owned(),
    })?;
    let mut keys = Vec::new();
    for (index, entry) in parsed.key.into_iter().enumerate() {
        keys.extend(pinned(file, index + 1, entry)?);
    }
    let identities = parsed.identity.into_iter().map(PinnedIdentity::from);
    Ok((keys, identities.collect()))
}

fn pinned(file: &str, number: usize, entry: Entry) -> Result<Vec<PinnedKey>, TrustError> {
    let wrong = |source| TrustError::Key {
        file: file.to_owned(),
        source,
    };
    let algorithm = match &entry.algorithm {
        Some(text) => Some(text.parse::<KeyAlgorithm>().map_err(|error| TrustError::Shape {
            file: file.to_owned(),
            message: error.to_string(),
        })?),
        None => None,
    };
    let found = match (entry.public_key, entry.secret) {
        (Some(text), None) => parse_keys(text.as_bytes(), algorithm)
            .map_err(wrong)?
            .into_iter()
            .map(|k| (k.key, k.kid))
            .collect(),
        (None, Some(secret)) if algorithm.is_none_or(|a| a == KeyAlgorithm::HmacSha256) => {
            vec![(hmac_key(Secret::new(secret)), None)]
        }
        _ => {
            return Err(TrustError::Entry {
                file: file.to_owned(),
                number,
            });
        }
    };
    let moment = |value: Option<Moment>, field| match value {
        None => Ok(None),
        Some(value) => {
            let text = match value {
                Moment::Text(text) => text,
                Moment::Toml(at) => at.to_string(),
            };
            DateTime::parse_from_rfc3339(&text)
                .map(|at| Some(at.to_utc()))
                .map_err(|_| TrustError::Time {
                    file: file.to_owned(),
                    number,
                    field,
                })
        }
    };
    let valid_from = moment(entry.valid_from, "valid_from")?;
    let valid_to = moment(entry.valid_to, "valid_to")?;
    Ok(found
        .into_iter()
        .map(|(key, kid): (PublicKey, Option<String>)| PinnedKey {
            key,
            kid: entry.kid.clone().or(kid),
            owner: entry.owner.clone(),
            confirmed: entry.confirmed.clone(),
            valid_from,
            valid_to,
        })
        .collect())
}
