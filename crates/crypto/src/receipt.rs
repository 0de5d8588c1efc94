//! COSE Receipts (RFC 9942): a transparency service's signature over the root to which an inclusion proof leads.

use thiserror::Error;

use crate::{
    cbor::{CborError, Value},
    cose::{CoseError, Sign1, Tagging},
    digest::{self, Algorithm, Digest},
    key::PublicKey,
    merkle::{Combine, Knobs, Odd, ProofError, Side, root_of_path, verify_consistency, verify_inclusion},
};

/// A receipt as it was received.
///
/// ```text
/// protected[395]   = 1 (RFC9162_SHA256) or 2 (CCF_LEDGER_SHA256)
/// unprotected[396] = { -1: [ inclusion proof, … ], -2: [ consistency proof, … ] }
/// payload          = nil; signed is the root that the proofs lead to
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt<'a> {
    message: Sign1<'a>,
    proofs: Proofs<'a>,
}

/// The proofs of a receipt, each for the one root that is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Proofs<'a> {
    /// `bstr .cbor [ size, index, [ path ] ]`: the entry is a leaf of a tree of RFC 9162.
    Rfc9162(Vec<Inclusion>),
    /// `bstr .cbor [ earlier size, later size, [ path ] ]`: the tree has only grown.
    Growth(Vec<Inclusion>),
    /// `bstr .cbor { 1: leaf, 2: path }`: the entry is in the ledger of a Confidential Consortium Framework.
    Ccf(Vec<CcfInclusion<'a>>),
}

/// Two numbers and a path.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Inclusion {
    first: u64,
    second: u64,
    path: Vec<Digest>,
}

/// A leaf of a CCF ledger with its way to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CcfInclusion<'a> {
    write_set: Digest,
    evidence: &'a str,
    data: Digest,
    path: Vec<(Side, Digest)>,
}

/// Why a receipt is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// It is no signed message, or its signature does not fit the root to which the proof leads.
    #[error(transparent)]
    Cose(#[from] CoseError),
    /// A proof in it is no strict CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// A part is not what the format asks for.
    #[error("this is no receipt: {expected} is expected")]
    Shape {
        /// What belongs there.
        expected: &'static str,
    },
    /// The tree is of a kind that is not read.
    #[error("verifiable data structure {found} is not read here")]
    Structure {
        /// Its number in the registry.
        found: i64,
    },
    /// It proves growth of the log, not that an entry is in it; or the other way round.
    #[error("the receipt holds no proof of this kind")]
    OtherProof,
    /// A proof leads nowhere.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The leaf is that of another entry.
    #[error("the receipt is for another entry: its digest is {expected}, this one's is {found}")]
    OtherEntry {
        /// The digest in the leaf.
        expected: Digest,
        /// The digest of the entry that was given.
        found: Digest,
    },
}

impl<'a> Receipt<'a> {
    /// Reads a receipt.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ReceiptError> {
        let message = Sign1::parse(bytes, Tagging::Optional)?;
        if message.payload().is_some() {
            return Err(shape("a payload that stands elsewhere"));
        }
        let structure = message
            .protected(STRUCTURE)
            .and_then(Value::integer)
            .ok_or_else(|| shape("the kind of tree as a protected header"))?;
        let proofs = message
            .unprotected(PROOFS)
            .ok_or_else(|| shape("proofs as an unprotected header"))?;
        let (inclusion, growth) = (proofs.get(INCLUSION), proofs.get(GROWTH));
        let proofs = match (structure, inclusion, growth) {
            (RFC9162, Some(list), None) => Proofs::Rfc9162(each(list, inclusion_of)?),
            (RFC9162, None, Some(list)) => Proofs::Growth(each(list, inclusion_of)?),
            (CCF, Some(list), None) => Proofs::Ccf(each(list, ccf_inclusion_of)?),
            (RFC9162 | CCF, ..) => return Err(shape("proofs of one kind")),
            (found, ..) => return Err(ReceiptError::Structure { found }),
        };
        Ok(Self { message, proofs })
    }

    /// The signed message around the proofs, for its key id and claims.
    #[must_use]
    pub const fn message(&self) -> &Sign1<'a> {
        &self.message
    }

    /// Verifies that an entry was in the log when the service signed: every proof leads from it to a root that the
    /// signature fits.
    ///
    /// ```text
    /// RFC9162_SHA256      leaf = SHA-256(0x00 ‖ entry)
    /// CCF_LEDGER_SHA256   leaf = SHA-256(write set ‖ SHA-256(evidence) ‖ data), where data = SHA-256(entry)
    /// ```
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn verify_inclusion(&self, entry: &[u8], key: &PublicKey) -> Result<(), ReceiptError> {
        match &self.proofs {
            Proofs::Rfc9162(proofs) => {
                let leaf = Knobs::rfc6962().leaf(entry);
                proofs.iter().try_for_each(|proof| {
                    let root = proof.root(&leaf)?;
                    self.hold(&root, key)
                })
            }
            Proofs::Ccf(proofs) => {
                let found = Algorithm::Sha256.of(entry);
                proofs.iter().try_for_each(|proof| {
                    if proof.data != found {
                        return Err(ReceiptError::OtherEntry {
                            expected: proof.data,
                            found,
                        });
                    }
                    self.hold(&proof.root(), key)
                })
            }
            Proofs::Growth(_) => Err(ReceiptError::OtherProof),
        }
    }

    /// Verifies that the log of `later` leaves, whose root the service signed, begins with the one of `earlier`.
    ///
    /// The later root is not in the receipt and has to be known, as RFC 9942, section 5.3 says.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn verify_growth(
        &self,
        earlier: (u64, &Digest),
        later: (u64, &Digest),
        key: &PublicKey,
    ) -> Result<(), ReceiptError> {
        let Proofs::Growth(proofs) = &self.proofs else {
            return Err(ReceiptError::OtherProof);
        };
        for proof in proofs {
            if (proof.first, proof.second) != (earlier.0, later.0) {
                return Err(ReceiptError::Proof(ProofError::Sizes {
                    earlier: proof.first,
                    later: proof.second,
                }));
            }
            verify_consistency(&Knobs::rfc6962(), earlier, later, &proof.path)?;
        }
        self.hold(later.1, key)
    }

    fn hold(&self, root: &Digest, key: &PublicKey) -> Result<(), ReceiptError> {
        Ok(self.message.verify(key, b"", Some(root.as_bytes()))?)
    }
}

impl Inclusion {
    /// The root to which the path leads; its length must be the one for these numbers.
    fn root(&self, leaf: &Digest) -> Result<Digest, ReceiptError> {
        // Held against a root that cannot be, the proof tells the one that it leads to.
        let nowhere = Digest::zero(Algorithm::Sha256);
        match verify_inclusion(
            &Knobs::rfc6962(),
            leaf,
            self.second,
            self.first,
            &self.path,
            &nowhere,
        ) {
            Ok(()) => Ok(nowhere),
            Err(ProofError::Root { found, .. }) => Ok(found),
            Err(error) => Err(error.into()),
        }
    }
}

impl CcfInclusion<'_> {
    fn root(&self) -> Digest {
        let leaf = ccf_leaf(&self.write_set, self.evidence, &self.data);
        root_of_path(&ccf_knobs(), &leaf, &self.path)
    }
}

/// The leaf of a CCF ledger: SHA-256(write set digest ‖ SHA-256(commit evidence) ‖ claims digest).
pub(crate) fn ccf_leaf(write_set: &Digest, evidence: &str, claims: &Digest) -> Digest {
    let evidence = digest::sha256(evidence.as_bytes());
    Algorithm::Sha256.of(&[write_set.as_bytes(), &evidence, claims.as_bytes()].concat())
}

/// The tree of a CCF ledger: nodes and leaves without prefixes. A leaf hashes 96 bytes and a node 64, so that neither can
/// pass for the other.
pub(crate) fn ccf_knobs() -> Knobs {
    Knobs {
        leaf_prefix: Vec::new(),
        node_prefix: Vec::new(),
        odd: Odd::Promote,
        combine: Combine::Raw,
        algorithm: Algorithm::Sha256,
    }
}

/// The most digests of a path: no tree is deeper.
pub(crate) const PATH_LIMIT: usize = 64;

/// Reads a list of proofs, each as CBOR within bytes; at least one.
fn each<'a, T>(
    list: &Value<'a>,
    read: impl Fn(&Value<'a>) -> Result<T, ReceiptError>,
) -> Result<Vec<T>, ReceiptError> {
    let proofs = list
        .array()
        .filter(|proofs| !proofs.is_empty() && proofs.len() <= PATH_LIMIT)
        .ok_or_else(|| shape("a list of proofs"))?;
    let inner = |proof: &Value<'a>| {
        let bytes = proof.bytes().ok_or_else(|| shape("a proof as bytes"))?;
        read(&Value::parse(bytes)?)
    };
    proofs.iter().map(inner).collect()
}

fn inclusion_of(proof: &Value<'_>) -> Result<Inclusion, ReceiptError> {
    let Some(
        [
            Value::Unsigned(first),
            Value::Unsigned(second),
            Value::Array(path),
        ],
    ) = proof.array()
    else {
        return Err(shape("two numbers and a path"));
    };
    if path.len() > PATH_LIMIT {
        return Err(shape("a path of at most 64 digests"));
    }
    Ok(Inclusion {
        first: *first,
        second: *second,
        path: path.iter().map(sha256_of).collect::<Result<_, _>>()?,
    })
}

fn ccf_inclusion_of<'a>(proof: &Value<'a>) -> Result<CcfInclusion<'a>, ReceiptError> {
    let leaf = proof.get(1).and_then(Value::array);
    let path = proof.get(2).and_then(Value::array);
    let (Some([write_set, Value::Text(evidence), data]), Some(path)) = (leaf, path) else {
        return Err(shape("a leaf of three and a path"));
    };
    if path.len() > PATH_LIMIT {
        return Err(shape("a path of at most 64 digests"));
    }
    let step = |step: &Value<'_>| match step.array() {
        Some([Value::Bool(is_left), sibling]) => {
            let side = if *is_left { Side::Left } else { Side::Right };
            Ok((side, sha256_of(sibling)?))
        }
        _ => Err(shape("a side and a digest")),
    };
    Ok(CcfInclusion {
        write_set: sha256_of(write_set)?,
        evidence,
        data: sha256_of(data)?,
        path: path.iter().map(step).collect::<Result<_, _>>()?,
    })
}

fn sha256_of(value: &Value<'_>) -> Result<Digest, ReceiptError> {
    value
        .bytes()
        .filter(|bytes| bytes.len() == 32)
        .and_then(|bytes| Digest::from_slice(bytes).ok())
        .ok_or_else(|| shape("a SHA-256 as bytes"))
}

const fn shape(expected: &'static str) -> ReceiptError {
    ReceiptError::Shape { expected }
}

// RFC 9942, sections 4 and 5; draft-birkholz-cose-receipts-ccf-profile
const STRUCTURE: i64 = 395;
const PROOFS: i64 = 396;
const INCLUSION: i64 = -1;
const GROWTH: i64 = -2;
const RFC9162: i64 = 1;
const CCF: i64 = 2;

#[cfg(test)]
pub(crate) mod tests;
