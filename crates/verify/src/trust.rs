//! Keys that the reviewer trusts. They come from outside the bundle, and the algorithm is bound to them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{hex, unbase64url};
use tickmark_crypto::key::{KeyAlgorithm, KeyLimits, PublicKey, hmac_key, parse_keys};
use tickmark_crypto::openpgp;
use tickmark_crypto::pin::{Pin, PinError, parse_pins};
use tickmark_crypto::secret::Secret;
use tickmark_crypto::sigstore::{SigstoreError, TrustedRoot};
use tickmark_crypto::x509::TrustAnchor;

use crate::verification::{KeyOrigin, KeyUse};

/// Pinned keys, roots, Sigstore instances and identities.
#[derive(Clone, Default)]
pub struct Trust {
    keys: Vec<PinnedKey>,
    roots: Vec<PinnedRoot>,
    openpgp: Vec<PinnedOpenPgp>,
    instances: Vec<PinnedInstance>,
    identities: Vec<PinnedIdentity>,
}

/// A pinned Sigstore instance: whose certificates, logs and time stamps count.
#[derive(Clone)]
pub struct PinnedInstance {
    /// Its logs and authorities.
    pub root: TrustedRoot,
    /// Who runs it.
    pub owner: Option<String>,
    /// How and by whom its root was confirmed.
    pub confirmed: Option<String>,
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

impl PinnedIdentity {
    /// The word that stands for it where keys have their algorithm.
    pub const ALGORITHM: &'static str = "sigstore-identity";

    /// What names it where keys have their fingerprint: the lower-case hex SHA-256 of subject, line feed, issuer.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex(&sha256(format!("{}\n{}", self.subject, self.issuer).as_bytes()))
    }
}

/// A pinned OpenPGP key with its subkeys.
#[derive(Clone)]
pub struct PinnedOpenPgp {
    /// The key.
    pub certificate: openpgp::Certificate,
    /// Who it belongs to, as pinned; the user ids inside are the owner's own word.
    pub owner: Option<String>,
    /// How and by whom it was confirmed.
    pub confirmed: Option<String>,
}

/// A pinned certificate: whoever shows a path to it counts as expected.
#[derive(Clone)]
pub struct PinnedRoot {
    /// The certificate.
    pub anchor: TrustAnchor,
    /// Who it belongs to.
    pub owner: Option<String>,
    /// How and by whom it was confirmed.
    pub confirmed: Option<String>,
    /// What it may vouch for.
    pub uses: RootUse,
}

/// What a pinned root may vouch for. The root of a public authority vouches for everybody who buys a certificate from it, so
/// that one that is pinned for time stamps should be pinned for them alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RootUse {
    /// Signatures and time stamps.
    #[default]
    Both,
    /// Time stamps (RFC 3161) alone.
    Time,
    /// Signatures (CMS) alone.
    Signatures,
}

impl RootUse {
    /// Whether it may vouch for a time.
    #[must_use]
    pub fn time(self) -> bool {
        self != RootUse::Signatures
    }

    /// Whether it may vouch for who signed.
    #[must_use]
    pub fn signatures(self) -> bool {
        self != RootUse::Time
    }
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
    /// What stands beside it in an allowed_signers line. Without namespaces it signs in the namespace `file` alone.
    pub limits: KeyLimits,
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
    /// A text is no pin of any kind.
    #[error("{file}: {source}")]
    Pin {
        /// The file.
        file: String,
        /// Why.
        source: PinError,
    },
    /// A file is no trusted root of Sigstore, though it says so.
    #[error("{file}: {source}")]
    Instance {
        /// The file.
        file: String,
        /// Why.
        source: SigstoreError,
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

    /// The roots, in the order they were added.
    pub fn roots(&self) -> &[PinnedRoot] {
        &self.roots
    }

    /// The OpenPGP keys, in the order they were added.
    pub fn openpgp(&self) -> &[PinnedOpenPgp] {
        &self.openpgp
    }

    /// Pinned Sigstore instances, in the order they were added.
    pub fn instances(&self) -> &[PinnedInstance] {
        &self.instances
    }

    /// Pinned identities, in the order they were added.
    pub fn identities(&self) -> &[PinnedIdentity] {
        &self.identities
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        let keys = self.keys.is_empty() && self.roots.is_empty() && self.openpgp.is_empty();
        keys && self.instances.is_empty() && self.identities.is_empty()
    }

    /// Whether any key is pinned for a period.
    pub(crate) fn has_periods(&self) -> bool {
        self.keys.iter().any(PinnedKey::has_period)
    }

    /// Whether one of the keys that a verification names is pinned for a period.
    pub(crate) fn has_period_among(&self, used: &[KeyUse]) -> bool {
        let limited = self.keys.iter().filter(|pinned| pinned.has_period());
        let mut prints = limited.map(|pinned| pinned.key.fingerprint());
        prints.any(|print| {
            let is_it = |key: &KeyUse| key.origin == KeyOrigin::Pinned && key.fingerprint == print;
            used.iter().any(is_it)
        })
    }

    /// Adds a trust file: `[[key]]` and `[[identity]]` entries in TOML, a `trusted_root.json` of Sigstore, or bare public keys
    /// and certificates recognised by content (design, section 6).
    ///
    /// # Errors
    /// Names the file and what is wrong in it. Nothing of it is added then.
    pub fn add_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), TrustError> {
        if TrustedRoot::is_one(bytes) {
            let root = TrustedRoot::parse(bytes).map_err(|source| TrustError::Instance {
                file: name.to_owned(),
                source,
            })?;
            self.add_instance(root, None, None);
            return Ok(());
        }
        match std::str::from_utf8(bytes) {
            Ok(text) if is_entries(text) => self.add_entries(name, text),
            _ => self.add_pins(name, bytes, &About::default()),
        }
    }

    /// Adds a Sigstore instance with what is known of it, for which its own file has no place.
    pub fn add_instance(&mut self, root: TrustedRoot, owner: Option<String>, confirmed: Option<String>) {
        self.instances.push(PinnedInstance {
            root,
            owner,
            confirmed,
        });
    }

    fn add_entries(&mut self, file: &str, text: &str) -> Result<(), TrustError> {
        let parsed: File = toml::from_str(text).map_err(|error| TrustError::Shape {
            file: file.to_owned(),
            // the message only: the reader's picture of the line would show a secret
            message: error.message().to_owned(),
        })?;
        let mut added = Trust::default();
        for (index, entry) in parsed.key.into_iter().enumerate() {
            let algorithm = entry.algorithm.as_deref().unwrap_or_default();
            if ![TrustAnchor::ALGORITHM, openpgp::Certificate::ALGORITHM].contains(&algorithm) {
                added.keys.extend(pinned(file, index + 1, entry)?);
                continue;
            }
            let wrong = || TrustError::Entry {
                file: file.to_owned(),
                number: index + 1,
            };
            let (Some(text), None) = (&entry.public_key, &entry.secret) else {
                return Err(wrong());
            };
            let mut one = Trust::default();
            one.add_pins(file, text.trim().as_bytes(), &About::of(&entry))?;
            // the algorithm of an entry binds: a root is no OpenPGP key, and neither is a bare key
            let is_root = algorithm == TrustAnchor::ALGORITHM;
            if !one.keys.is_empty() || one.roots.is_empty() == is_root {
                return Err(wrong());
            }
            added.roots.extend(one.roots);
            added.openpgp.extend(one.openpgp);
        }
        self.keys.extend(added.keys);
        self.roots.extend(added.roots);
        self.openpgp.extend(added.openpgp);
        self.identities
            .extend(parsed.identity.into_iter().map(PinnedIdentity::from));
        Ok(())
    }

    /// Pins of whatever kind, recognised by content.
    fn add_pins(&mut self, file: &str, bytes: &[u8], about: &About) -> Result<(), TrustError> {
        let found = parse_pins(bytes).map_err(|source| match source {
            PinError::Key(source) => TrustError::Key {
                file: file.to_owned(),
                source,
            },
            source => TrustError::Pin {
                file: file.to_owned(),
                source,
            },
        })?;
        for pin in found {
            let (owner, confirmed) = (about.owner.clone(), about.confirmed.clone());
            match pin {
                Pin::Key(found) => self.keys.push(PinnedKey {
                    key: found.key,
                    kid: found.kid,
                    owner: owner.or(found.comment),
                    confirmed,
                    valid_from: None,
                    valid_to: None,
                    limits: found.limits,
                }),
                Pin::Root(anchor) => self.roots.push(PinnedRoot {
                    anchor,
                    owner,
                    confirmed,
                    uses: about.uses,
                }),
                Pin::OpenPgp(certificate) => self.openpgp.push(PinnedOpenPgp {
                    certificate,
                    owner,
                    confirmed,
                }),
            }
        }
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
    /// What an `x509-root` may vouch for: `time` or `signatures`; both without it.
    #[serde(rename = "use")]
    uses: Option<RootUse>,
    /// For OpenSSH signatures: the namespaces in which the key signs, with `*` and `?`.
    namespaces: Option<String>,
}

/// What is known of a pinned root beside itself.
#[derive(Default)]
struct About {
    owner: Option<String>,
    confirmed: Option<String>,
    uses: RootUse,
}

impl About {
    fn of(entry: &Entry) -> About {
        About {
            owner: entry.owner.clone(),
            confirmed: entry.confirmed.clone(),
            uses: entry.uses.unwrap_or_default(),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Text(String),
    Toml(toml::value::Datetime),
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
            .map(|k| (k.key, k.kid, k.limits))
            .collect::<Vec<_>>(),
        (None, Some(secret)) if algorithm.is_none_or(|a| a == KeyAlgorithm::HmacSha256) => {
            vec![(hmac_key(Secret::new(secret)), None, KeyLimits::default())]
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
        .map(|(key, kid, limits)| PinnedKey {
            key,
            kid: entry.kid.clone().or(kid),
            owner: entry.owner.clone(),
            confirmed: entry.confirmed.clone(),
            valid_from,
            valid_to,
            limits: KeyLimits {
                namespaces: entry.namespaces.clone().or(limits.namespaces),
                ..limits
            },
        })
        .collect())
}
