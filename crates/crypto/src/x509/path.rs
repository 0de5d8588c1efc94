//! From a certificate to a pinned root at a given moment (RFC 5280, section 6, for one purpose and no policies).

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    Certificate, CertificateFault, PathError, TrustAnchor,
    extensions::{CONTENT_COMMITMENT, DIGITAL_SIGNATURE, Extensions, KEY_CERT_SIGN},
};
use crate::{asn1::Der, scheme::Scheme};

/// What a path is asked for.
#[derive(Debug, Clone, Copy)]
pub struct PathRequest<'a> {
    /// The pinned certificates.
    pub anchors: &'a [TrustAnchor],
    /// Certificates that may lie between; never trusted by themselves.
    pub material: &'a [Certificate],
    /// When every certificate on the path must have been valid.
    pub moment: DateTime<Utc>,
    /// What the signer's certificate must be for.
    pub purpose: Purpose,
}

/// What a signer's certificate must be for (extKeyUsage, RFC 5280, section 4.2.1.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Any: the extension is not looked at.
    Any,
    /// Time stamping, critical and nothing else beside it (RFC 3161, section 2.3).
    TimeStamping,
    /// Code signing, named explicitly.
    CodeSigning,
    /// E-mail protection, named explicitly.
    EmailProtection,
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::TimeStamping => "critical and for time stamping alone",
            Self::CodeSigning => "for code signing",
            Self::EmailProtection => "for e-mail protection",
        })
    }
}

/// Whether someone may have revoked a certificate on the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// Nobody asked: nothing is fetched, and lists that travel along are not read.
    NotChecked,
}

impl fmt::Display for Revocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("revocation: not checked")
    }
}

/// A path that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The certificates, from the signer's to the pinned one; one alone where the signer's is pinned itself.
    pub certificates: Vec<Certificate>,
    /// The position of the pinned one among [`PathRequest::anchors`].
    pub anchor: usize,
    /// The moment at which all of them were valid.
    pub moment: DateTime<Utc>,
    /// Never checked, and said aloud.
    pub revocation: Revocation,
}

impl PathRequest<'_> {
    /// Finds a path from a certificate to a pinned one.
    ///
    /// The signer's certificate must be valid at the moment, for digital signatures and for the purpose. Every issuer must
    /// be valid then, be an authority with keyCertSign, allow as many authorities as follow below it, and not exclude the
    /// purpose by its own extKeyUsage. Names of subject and issuer are compared byte by byte. Critical extensions that are
    /// not understood, and name and policy constraints, refuse a certificate. Signatures are RSA PKCS#1 or PSS with SHA-2,
    /// ECDSA on P-256 and P-384 with SHA-2, or Ed25519. The signature on a pinned certificate is not looked at.
    ///
    /// # Errors
    /// [`PathError`], of the way that led farthest.
    pub fn find(&self, signer: &Certificate) -> Result<Path, PathError> {
        let mut search = Search {
            request: self,
            signatures: 0,
            farthest: None,
        };
        self.check_signer(signer).map_err(|fault| at(signer, fault))?;
        let mut chain = vec![signer.clone()];
        match search.extend(&mut chain)? {
            Some(anchor) => Ok(Path {
                certificates: chain,
                anchor,
                moment: self.moment,
                revocation: Revocation::NotChecked,
            }),
            None => Err(search.farthest.map_or_else(
                || PathError::NoIssuer {
                    subject: signer.subject().to_owned(),
                    issuer: signer.issuer().to_owned(),
                },
                |(_, error)| error,
            )),
        }
    }

    fn check_signer(&self, certificate: &Certificate) -> Result<(), CertificateFault> {
        self.check_any(certificate)?;
        let extensions = certificate.extensions();
        need_usage(
            extensions,
            DIGITAL_SIGNATURE | CONTENT_COMMITMENT,
            "digital signatures",
        )?;
        let purposes = extensions.purposes.as_ref();
        let fits = match (self.purpose, self.purpose.oid()) {
            (Purpose::TimeStamping, Some(needed)) => {
                purposes.is_some_and(|purposes| purposes.critical && purposes.listed == [needed])
            }
            (_, Some(needed)) => {
                purposes.is_some_and(|purposes| purposes.listed.iter().any(|oid| oid == needed))
            }
            (_, None) => true,
        };
        self.fits_purpose(fits)
    }

    /// `below` counts the authorities that follow below this one and did not issue themselves.
    fn check_issuer(&self, certificate: &Certificate, below: u32) -> Result<(), CertificateFault> {
        self.check_any(certificate)?;
        let extensions = certificate.extensions();
        if !extensions.authority {
            return Err(CertificateFault::NotAuthority);
        }
        need_usage(extensions, KEY_CERT_SIGN, "the signing of certificates")?;
        if let Some(limit) = extensions.path_length.filter(|limit| below > *limit) {
            return Err(CertificateFault::PathLength { limit, found: below });
        }
        let fits = match (&extensions.purposes, self.purpose.oid()) {
            (Some(purposes), Some(needed)) => purposes
                .listed
                .iter()
                .any(|oid| oid == needed || oid == ANY_PURPOSE),
            _ => true,
        };
        self.fits_purpose(fits)
    }

    fn check_any(&self, certificate: &Certificate) -> Result<(), CertificateFault> {
        let moment = self.moment;
        let (from, to) = (certificate.not_before(), certificate.not_after());
        if moment < from {
            return Err(CertificateFault::NotYetValid { from, moment });
        }
        if moment > to {
            return Err(CertificateFault::Expired { to, moment });
        }
        let extensions = certificate.extensions();
        if let Some(oid) = &extensions.unknown_critical {
            return Err(CertificateFault::Critical { oid: oid.clone() });
        }
        match extensions.constraint {
            Some(name) => Err(CertificateFault::Constraint { name }),
            None => Ok(()),
        }
    }

    const fn fits_purpose(&self, fits: bool) -> Result<(), CertificateFault> {
        if fits {
            Ok(())
        } else {
            Err(CertificateFault::Purpose {
                purpose: self.purpose,
            })
        }
    }
}

/// A search in depth, bounded in length and in signatures.
struct Search<'a> {
    request: &'a PathRequest<'a>,
    signatures: usize,
    /// The refusal of the longest way, and its length.
    farthest: Option<(usize, PathError)>,
}

impl Search<'_> {
    /// Extends a chain whose last certificate is already acceptable in its place; gives the anchor it reached.
    fn extend(&mut self, chain: &mut Vec<Certificate>) -> Result<Option<usize>, PathError> {
        let Some(last) = chain.last().cloned() else {
            return Ok(None);
        };
        let pinned = |anchor: &TrustAnchor| *anchor.certificate() == last;
        if let Some(anchor) = self.request.anchors.iter().position(pinned) {
            return Ok(Some(anchor));
        }
        let mut issuer_known = false;
        if chain.len() < LONGEST {
            let request = self.request;
            let anchors = request.anchors.iter().map(TrustAnchor::certificate);
            for issuer in anchors.chain(request.material) {
                if !may_issue(issuer, &last) || chain.contains(issuer) {
                    continue;
                }
                issuer_known = true;
                match self.link(issuer, &last, chain) {
                    Ok(()) => {
                        chain.push(issuer.clone());
                        if let Some(anchor) = self.extend(chain)? {
                            return Ok(Some(anchor));
                        }
                        chain.pop();
                    }
                    Err(error @ PathError::TooMuch { .. }) => return Err(error),
                    Err(error) => self.refuse(chain.len(), error),
                }
            }
        }
        if !issuer_known {
            let error = PathError::NoIssuer {
                subject: last.subject().to_owned(),
                issuer: last.issuer().to_owned(),
            };
            self.refuse(chain.len(), error);
        }
        Ok(None)
    }

    fn link(
        &mut self,
        issuer: &Certificate,
        last: &Certificate,
        chain: &[Certificate],
    ) -> Result<(), PathError> {
        let between = chain.iter().skip(1);
        let below = between
            .filter(|certificate| certificate.subject_der() != certificate.issuer_der())
            .count();
        self.request
            .check_issuer(issuer, below as u32) // at most LONGEST
            .map_err(|fault| at(issuer, fault))?;
        if self.signatures == SIGNATURES {
            return Err(PathError::TooMuch { limit: SIGNATURES });
        }
        self.signatures += 1;
        verify_signature(issuer, last).map_err(|fault| at(last, fault))
    }

    fn refuse(&mut self, length: usize, error: PathError) {
        if self
            .farthest
            .as_ref()
            .is_none_or(|(farthest, _)| *farthest < length)
        {
            self.farthest = Some((length, error));
        }
    }
}

/// Whether names, and key identifiers where both are there, allow that one issued the other.
fn may_issue(issuer: &Certificate, certificate: &Certificate) -> bool {
    issuer.subject_der() == certificate.issuer_der()
        && match (issuer.subject_key(), &certificate.extensions().authority_key) {
            (Some(own), Some(named)) => own == named,
            _ => true,
        }
}

fn verify_signature(issuer: &Certificate, certificate: &Certificate) -> Result<(), CertificateFault> {
    let (inner, outer) = certificate.algorithms();
    if inner != outer {
        return Err(CertificateFault::Algorithms);
    }
    let (oid, parameters) = Der::new(outer)
        .algorithm("an algorithm")
        .map_err(|_| CertificateFault::Algorithms)?;
    Scheme::read(oid, parameters, None)
        .and_then(|scheme| scheme.verify(issuer.spki(), certificate.tbs(), certificate.signature()))
        .map_err(CertificateFault::Signature)
}

fn need_usage(extensions: &Extensions, bits: u16, needed: &'static str) -> Result<(), CertificateFault> {
    match extensions.key_usage {
        Some(usage) if usage & bits == 0 => Err(CertificateFault::KeyUsage { needed }),
        _ => Ok(()),
    }
}

fn at(certificate: &Certificate, fault: CertificateFault) -> PathError {
    PathError::Certificate {
        subject: certificate.subject().to_owned(),
        fault,
    }
}

impl Purpose {
    const fn oid(self) -> Option<&'static [u8]> {
        match self {
            Self::Any => None,
            Self::TimeStamping => Some(&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08]),
            Self::CodeSigning => Some(&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03]),
            Self::EmailProtection => Some(&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04]),
        }
    }
}

const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 0x25, 0x00];

/// The most certificates of a path; those in use have three or four.
const LONGEST: usize = 8;

/// The most signatures that one search verifies.
const SIGNATURES: usize = 64;
