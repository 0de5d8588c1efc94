//! Receipts of the Confidential Consortium Framework and of Azure Confidential Ledger in JSON.
//!
//! ```text
//! leaf      = SHA-256(write set digest ‖ SHA-256(commit evidence) ‖ claims digest)
//! root      = the leaf folded with its siblings, SHA-256(left ‖ right)
//! signature = ECDSA by the node over the root itself; the root is not hashed again
//! node      = certificate signed by the service, or by a service that a later one endorsed
//! ```

mod claims;

use serde::Deserialize;
use thiserror::Error;

pub use claims::ClaimsError;

use crate::{
    digest::{self, Digest},
    encoding::{self, EncodingError},
    key::{KeyError, PublicKey},
    merkle::{Side, root_of_path},
    receipt::{PATH_LIMIT, ccf_knobs, ccf_leaf},
    signature::{EcdsaForm, SignatureError},
    x509::{Certificate, CertificateError, parse_certificates},
};

/// A receipt as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerReceipt {
    node: Certificate,
    node_id: String,
    endorsements: Vec<Certificate>,
    write_set: Digest,
    evidence: String,
    claims: Digest,
    application_claims: Option<Digest>,
    path: Vec<(Side, Digest)>,
    signature: Vec<u8>,
}

/// Why a receipt is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// It is no JSON of a receipt.
    #[error("this is no ledger receipt: {message}")]
    Shape {
        /// What the reader of JSON says.
        message: String,
    },
    /// A member is missing, stands there in both spellings, or is not what it must be.
    #[error("the receipt's `{member}` is not {expected}")]
    Member {
        /// Its name in the spelling with capitals.
        member: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// The signature is no base64.
    #[error("the receipt's signature does not decode: {0}")]
    Encoding(#[from] EncodingError),
    /// A certificate in it is malformed.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The node's key is not one that is read here.
    #[error("the node's key: {0}")]
    Key(#[from] KeyError),
    /// The node's id is not the digest of its key.
    #[error("the receipt names node {expected}, and its certificate is of node {found}")]
    Node {
        /// The id that is stated.
        expected: String,
        /// SHA-256 of the certificate's key.
        found: String,
    },
    /// The claims that stand beside the receipt are not those in its leaf.
    #[error("the claims beside the receipt have digest {found}; the receipt is for {expected}")]
    Claims {
        /// The digest in the leaf.
        expected: Digest,
        /// The digest of the claims.
        found: Digest,
    },
    /// The claims that stand beside the receipt cannot be read.
    #[error(transparent)]
    ClaimsShape(#[from] ClaimsError),
    /// The node's signature does not fit the root.
    #[error("the node's signature on the root: {0}")]
    Signature(#[from] SignatureError),
    /// No pinned service vouches for the node.
    #[error(
        "no pinned service signed the node's certificate, by itself or through an endorsement in the receipt"
    )]
    NotEndorsed,
}

impl LedgerReceipt {
    /// Reads a receipt, with or without the answer of the ledger's interface around it; member names in either spelling.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn parse(json: &[u8]) -> Result<Self, LedgerError> {
        let shape = |error: serde_json::Error| LedgerError::Shape {
            message: error.to_string(),
        };
        let outer: Answer = serde_json::from_slice(json).map_err(shape)?;
        let receipt = match outer.receipt {
            Some(receipt) => receipt,
            None => serde_json::from_slice(json).map_err(shape)?,
        };
        let application_claims = outer.application_claims.map(|claims| claims::digest(&claims));
        let mut read = Self::from_json(receipt)?;
        read.application_claims = application_claims.transpose()?;
        Ok(read)
    }

    /// The digest of what the application claims to have recorded; zeros where it claims nothing.
    #[must_use]
    pub const fn claims_digest(&self) -> &Digest {
        &self.claims
    }

    /// The digest of the transaction's writes.
    #[must_use]
    pub const fn write_set_digest(&self) -> &Digest {
        &self.write_set
    }

    /// The transaction, such as `2.35`, as the commit evidence names it.
    #[must_use]
    pub fn transaction(&self) -> Option<&str> {
        self.evidence.strip_prefix("ce:")?.split(':').next()
    }

    /// The certificate of the node that signed: carried, trusted by nobody.
    #[must_use]
    pub const fn node(&self) -> &Certificate {
        &self.node
    }

    /// Verifies everything that needs no trust: the claims beside it, the node's id, and the node's signature on the root.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn verify_signature(&self) -> Result<(), LedgerError> {
        if let Some(found) = self.application_claims
            && found != self.claims
        {
            return Err(LedgerError::Claims {
                expected: self.claims,
                found,
            });
        }
        let found = encoding::hex(&digest::sha256(self.node.spki()));
        if !self.node_id.is_empty() && self.node_id != found {
            return Err(LedgerError::Node {
                expected: self.node_id.clone(),
                found,
            });
        }
        let leaf = ccf_leaf(&self.write_set, &self.evidence, &self.claims);
        let root = root_of_path(&ccf_knobs(), &leaf, &self.path);
        let key = self.node.public_key(None)?;
        Ok(key.verify_digest(root.as_bytes(), &self.signature, EcdsaForm::Der)?)
    }

    /// Verifies the receipt under pinned services, and answers which one vouches for the node, from 0.
    ///
    /// The services' keys are pinned and not their certificates' dates: these are short, and a receipt carries no time to
    /// hold them against.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn verify(&self, services: &[PublicKey]) -> Result<usize, LedgerError> {
        self.verify_signature()?;
        let mut current = &self.node;
        let mut left: Vec<&Certificate> = self.endorsements.iter().collect();
        loop {
            let signed = |key: &PublicKey| current.verify_signed_by(key.spki_der()).is_ok();
            if let Some(service) = services.iter().position(signed) {
                return Ok(service);
            }
            let endorsed =
                |by: &&Certificate| by.is_authority() && current.verify_signed_by(by.spki()).is_ok();
            let Some(next) = left.iter().position(endorsed) else {
                return Err(LedgerError::NotEndorsed);
            };
            current = left.swap_remove(next);
        }
    }

    fn from_json(read: Json) -> Result<Self, LedgerError> {
        let leaf = one("leafComponents", read.leaf_components, read.leaf_components_snake)?
            .ok_or_else(|| wrong("leafComponents", "there"))?;
        let write_set = one(
            "writeSetDigest",
            leaf.write_set_digest,
            leaf.write_set_digest_snake,
        )?
        .ok_or_else(|| wrong("writeSetDigest", "there"))?;
        let evidence = one("commitEvidence", leaf.commit_evidence, leaf.commit_evidence_snake)?
            .ok_or_else(|| wrong("commitEvidence", "there"))?;
        let claims = one("claimsDigest", leaf.claims_digest, leaf.claims_digest_snake)?;
        let endorsements = one(
            "serviceEndorsements",
            read.service_endorsements,
            read.service_endorsements_snake,
        )?
        .unwrap_or_default();
        if read.proof.len() > PATH_LIMIT || endorsements.len() > PATH_LIMIT {
            return Err(wrong("proof", "of at most 64 steps"));
        }
        Ok(Self {
            node: certificate("cert", &read.cert)?,
            node_id: one("nodeId", read.node_id, read.node_id_snake)?.unwrap_or_default(),
            endorsements: endorsements
                .iter()
                .map(|pem| certificate("serviceEndorsements", pem))
                .collect::<Result<_, _>>()?,
            write_set: sha256_of("writeSetDigest", &write_set)?,
            evidence,
            // a ledger without application claims leaves the digest out and hashes zeros
            claims: match claims {
                Some(claims) => sha256_of("claimsDigest", &claims)?,
                None => Digest::zero(digest::Algorithm::Sha256),
            },
            application_claims: None,
            path: read.proof.iter().map(Step::read).collect::<Result<_, _>>()?,
            signature: encoding::unbase64(&read.signature)?,
        })
    }
}

/// What the ledger's interface puts around a receipt.
#[derive(Deserialize)]
struct Answer {
    receipt: Option<Json>,
    #[serde(rename = "applicationClaims")]
    application_claims: Option<Vec<claims::Claim>>,
}

#[derive(Deserialize)]
struct Json {
    cert: String,
    #[serde(rename = "nodeId")]
    node_id: Option<String>,
    #[serde(rename = "node_id")]
    node_id_snake: Option<String>,
    #[serde(rename = "serviceEndorsements")]
    service_endorsements: Option<Vec<String>>,
    #[serde(rename = "service_endorsements")]
    service_endorsements_snake: Option<Vec<String>>,
    #[serde(rename = "leafComponents")]
    leaf_components: Option<Leaf>,
    #[serde(rename = "leaf_components")]
    leaf_components_snake: Option<Leaf>,
    proof: Vec<Step>,
    signature: String,
}

#[derive(Deserialize)]
struct Leaf {
    #[serde(rename = "writeSetDigest")]
    write_set_digest: Option<String>,
    #[serde(rename = "write_set_digest")]
    write_set_digest_snake: Option<String>,
    #[serde(rename = "commitEvidence")]
    commit_evidence: Option<String>,
    #[serde(rename = "commit_evidence")]
    commit_evidence_snake: Option<String>,
    #[serde(rename = "claimsDigest")]
    claims_digest: Option<String>,
    #[serde(rename = "claims_digest")]
    claims_digest_snake: Option<String>,
}

/// One sibling: `{"left": hex}` or `{"right": hex}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    left: Option<String>,
    right: Option<String>,
}

impl Step {
    fn read(&self) -> Result<(Side, Digest), LedgerError> {
        match (&self.left, &self.right) {
            (Some(left), None) => Ok((Side::Left, sha256_of("proof", left)?)),
            (None, Some(right)) => Ok((Side::Right, sha256_of("proof", right)?)),
            _ => Err(wrong("proof", "a list of siblings, each left or right")),
        }
    }
}

/// A member in the one spelling in which it stands there.
fn one<T>(member: &'static str, camel: Option<T>, snake: Option<T>) -> Result<Option<T>, LedgerError> {
    match (camel, snake) {
        (Some(_), Some(_)) => Err(wrong(member, "there in one spelling only")),
        (camel, snake) => Ok(camel.or(snake)),
    }
}

fn certificate(member: &'static str, pem: &str) -> Result<Certificate, LedgerError> {
    let mut found = parse_certificates(pem.as_bytes())?;
    match found.pop() {
        Some(certificate) if found.is_empty() => Ok(certificate),
        _ => Err(wrong(member, "one certificate")),
    }
}

fn sha256_of(member: &'static str, hex: &str) -> Result<Digest, LedgerError> {
    encoding::unhex(hex)
        .ok()
        .filter(|bytes| bytes.len() == 32)
        .and_then(|bytes| Digest::from_slice(&bytes).ok())
        .ok_or_else(|| wrong(member, "a SHA-256 in lower-case hex"))
}

const fn wrong(member: &'static str, expected: &'static str) -> LedgerError {
    LedgerError::Member { member, expected }
}

#[cfg(test)]
mod tests;
