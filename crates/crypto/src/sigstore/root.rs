//! A trusted root: the logs and authorities of one Sigstore instance, as `trusted_root.json` lists them.

use chrono::{DateTime, Utc};

use super::{SigstoreError, json};
use crate::{
    digest, encoding,
    key::{KeyAlgorithm, PublicKey, from_pkcs1_der},
    x509::{Certificate, TrustAnchor},
};

/// The logs and authorities of one Sigstore instance. It is trusted because somebody pinned it; one that travels in a
/// bundle is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedRoot {
    pub(super) logs: Vec<Log>,
    pub(super) authorities: Vec<Authority>,
    pub(super) certificate_logs: Vec<Log>,
    pub(super) stampers: Vec<Authority>,
    skipped: usize,
    fingerprint: String,
}

/// A transparency log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its name: the host of its address, which its checkpoints carry.
    pub name: String,
    /// The id by which entries name it.
    pub id: Vec<u8>,
    /// Its key.
    pub key: PublicKey,
    /// When its word counts.
    pub window: Window,
}

/// An authority for certificates or time stamps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its address: shown, never asked.
    pub name: String,
    /// Where its paths end.
    pub anchor: TrustAnchor,
    /// Certificates between, and the stamper's own.
    pub material: Vec<Certificate>,
    /// When its word counts.
    pub window: Window,
}

/// A span of time; open where there is no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first instant.
    pub start: Option<DateTime<Utc>>,
    /// The last instant.
    pub end: Option<DateTime<Utc>>,
}

impl TrustedRoot {
    /// The word that stands for it where keys have their algorithm.
    pub const ALGORITHM: &'static str = "sigstore-root";

    /// What its media type begins with.
    pub const MEDIA_TYPE: &'static str = "application/vnd.dev.sigstore.trustedroot";

    /// Whether some JSON says of itself that it is a trusted root.
    #[must_use]
    pub fn is_one(json: &[u8]) -> bool {
        #[derive(serde::Deserialize)]
        struct Kind {
            #[serde(rename = "mediaType")]
            media_type: String,
        }
        json.trim_ascii_start().starts_with(b"{")
            && serde_json::from_slice(json)
                .is_ok_and(|kind: Kind| kind.media_type.starts_with(Self::MEDIA_TYPE))
    }

    /// Reads a `trusted_root.json`. Logs whose keys are of a kind that is not read here are passed over and counted.
    ///
    /// # Errors
    /// [`SigstoreError`].
    pub fn parse(json: &[u8]) -> Result<Self, SigstoreError> {
        if json.len() > ROOT_LIMIT {
            return Err(SigstoreError::TooLarge {
                limit: ROOT_LIMIT,
                found: json.len(),
            });
        }
        let read: json::Root = serde_json::from_slice(json).map_err(|error| SigstoreError::Shape {
            message: error.to_string(),
        })?;
        if !read.media_type.starts_with(Self::MEDIA_TYPE) {
            return Err(SigstoreError::Version {
                found: read.media_type,
            });
        }
        let listed = read.tlogs.len() + read.ctlogs.len();
        let logs = logs(&read.tlogs)?;
        let certificate_logs = self::logs(&read.ctlogs)?;
        let authorities =
            |list: &[json::Authority]| list.iter().map(authority).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            skipped: listed - logs.len() - certificate_logs.len(),
            logs,
            certificate_logs,
            authorities: authorities(&read.certificate_authorities)?,
            stampers: authorities(&read.timestamp_authorities)?,
            fingerprint: encoding::hex(&digest::sha256(json)),
        })
    }

    /// The lower-case hex SHA-256 of the file.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// How many logs were passed over, because their keys are not read here.
    #[must_use]
    pub const fn skipped(&self) -> usize {
        self.skipped
    }

    /// The transparency logs.
    #[must_use]
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }
}

impl Window {
    /// Whether a moment lies in it.
    #[must_use]
    pub fn holds(&self, moment: DateTime<Utc>) -> bool {
        self.start.is_none_or(|start| start <= moment) && self.end.is_none_or(|end| moment <= end)
    }

    fn read(read: &json::ValidFor) -> Result<Self, SigstoreError> {
        let time = |text: &Option<String>| {
            text.as_deref()
                .map(|text| {
                    DateTime::parse_from_rfc3339(text)
                        .map(|time| time.to_utc())
                        .map_err(|_| json::wrong("validFor", "two instants"))
                })
                .transpose()
        };
        Ok(Self {
            start: time(&read.start)?,
            end: time(&read.end)?,
        })
    }
}

fn logs(list: &[json::Log]) -> Result<Vec<Log>, SigstoreError> {
    let mut logs = Vec::with_capacity(list.len());
    for log in list {
        let raw = json::bytes("publicKey", &log.public_key.raw_bytes)?;
        let Some(key) = key_of(&log.public_key.key_details, &raw) else {
            continue;
        };
        logs.push(Log {
            name: host(&log.base_url).to_owned(),
            id: json::bytes("logId", &log.log_id.key_id)?,
            key,
            window: Window::read(&log.public_key.valid_for)?,
        });
    }
    Ok(logs)
}

fn authority(read: &json::Authority) -> Result<Authority, SigstoreError> {
    let chain = &read.cert_chain.certificates;
    let mut certificates = chain
        .iter()
        .map(|raw| Ok(Certificate::from_der(&json::bytes("certChain", &raw.raw_bytes)?)?))
        .collect::<Result<Vec<_>, SigstoreError>>()?;
    // leaf or intermediates first, the root last
    let anchor = certificates
        .pop()
        .ok_or(json::wrong("certChain", "at least one certificate"))?;
    Ok(Authority {
        name: read.uri.clone(),
        anchor: TrustAnchor::pin(anchor),
        material: certificates,
        window: Window::read(&read.valid_for)?,
    })
}

/// A key by its details (PublicKeyDetails of protobuf-specs).
fn key_of(details: &str, raw: &[u8]) -> Option<PublicKey> {
    let spki = |algorithm| PublicKey::from_spki_der(raw, Some(algorithm)).ok();
    match details {
        "PKIX_ECDSA_P256_SHA_256" => spki(KeyAlgorithm::Es256),
        "PKIX_ECDSA_P384_SHA_384" => spki(KeyAlgorithm::Es384),
        "PKIX_ED25519" => spki(KeyAlgorithm::Ed25519),
        "PKIX_RSA_PKCS1V15_2048_SHA256"
        | "PKIX_RSA_PKCS1V15_3072_SHA256"
        | "PKIX_RSA_PKCS1V15_4096_SHA256" => spki(KeyAlgorithm::RsaPkcs1Sha256),
        "PKCS1_RSA_PKCS1V5" => from_pkcs1_der(raw, KeyAlgorithm::RsaPkcs1Sha256).ok(),
        _ => None,
    }
}

/// The host of an address: what stands between `//` and the next `/`.
fn host(url: &str) -> &str {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// The most bytes of a root: 4 MiB.
const ROOT_LIMIT: usize = 4 << 20;
