//! From SignedData to a signer under a pinned root.

use chrono::{DateTime, Utc};

use super::{CmsError, SignedData, SignerInfo};
use crate::{
    digest::Digest,
    message::Message,
    x509::{Certificate, Path, PathRequest, Purpose, TrustAnchor},
};

/// What a CMS signature is asked for.
#[derive(Debug, Clone, Copy)]
pub struct CmsRequest<'a> {
    /// The pinned certificates.
    pub anchors: &'a [TrustAnchor],
    /// Certificates beside those that the signature carries; never trusted by themselves.
    pub material: &'a [Certificate],
    /// When the signer's path must have been valid. A signature alone cannot tell when it was made.
    pub moment: DateTime<Utc>,
    /// What the signer's certificate must be for.
    pub purpose: Purpose,
}

/// A signer whose signature stands, with a path to a pinned root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Whose certificate, as RFC 4514 writes names.
    pub subject: String,
    /// Which signer of the signature, from 0.
    pub number: usize,
    /// When the signer says it signed: its word only.
    pub claimed_time: Option<DateTime<Utc>>,
    /// The way to the pinned root.
    pub path: Path,
}

impl SignedData {
    /// Verifies a detached signature over a message; gives the first signer that stands under a pinned root.
    ///
    /// # Errors
    /// [`CmsError`], of the first signer where none stands. [`CmsError::Content`] where the signature carries content.
    pub fn verify(&self, message: &Message, request: &CmsRequest<'_>) -> Result<Signer, CmsError> {
        if self.content.is_some() {
            return Err(CmsError::Content {
                expected: "no",
                found: "its own",
            });
        }
        self.verify_message(message, request)
    }

    /// Verifies a signature over the content that it carries ([`Self::content`]).
    ///
    /// # Errors
    /// [`CmsError`]; [`CmsError::Content`] where it carries none.
    pub fn verify_attached(&self, request: &CmsRequest<'_>) -> Result<Signer, CmsError> {
        let content = self.content.as_ref().ok_or(CmsError::Content {
            expected: "its own",
            found: "no",
        })?;
        let mut message = self.message();
        message.update(content);
        self.verify_message(&message, request)
    }

    fn verify_message(&self, message: &Message, request: &CmsRequest<'_>) -> Result<Signer, CmsError> {
        let mut refusal = None;
        for (number, signer) in self.signers.iter().enumerate() {
            let digest = message.digest(signer.digest)?;
            match self.verify_signer(signer, &digest, request) {
                Ok(path) => {
                    return Ok(Signer {
                        subject: path
                            .certificates
                            .first()
                            .map_or_else(String::new, |certificate| certificate.subject().to_owned()),
                        number,
                        claimed_time: signer
                            .attributes
                            .as_ref()
                            .and_then(|attributes| attributes.signing_time),
                        path,
                    });
                }
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        Err(refusal.unwrap_or(CmsError::Signers { limit: 1, found: 0 }))
    }

    /// Verifies one signer over the digest of the content, and finds the path of its certificate.
    pub(crate) fn verify_signer(
        &self,
        signer: &SignerInfo,
        digest: &Digest,
        request: &CmsRequest<'_>,
    ) -> Result<Path, CmsError> {
        self.check_attributes(signer, digest)?;
        let anchors = request.anchors.iter().map(TrustAnchor::certificate);
        let mut named: Vec<&Certificate> = Vec::new();
        for certificate in anchors.chain(&self.certificates).chain(request.material) {
            if signer.id.names(certificate) && !named.contains(&certificate) && named.len() < NAMESAKES {
                named.push(certificate);
            }
        }
        let mut refusal = CmsError::NoCertificate {
            signer: signer.id.said(),
        };
        let material = [&self.certificates, request.material].concat();
        let paths = PathRequest {
            anchors: request.anchors,
            material: &material,
            moment: request.moment,
            purpose: request.purpose,
        };
        // Anybody can put in a certificate of the same name and number, so all of them are tried; the refusal that is told
        // is that of the one whose key fits the signature, where there is one.
        let mut fitting = false;
        for certificate in named {
            match signer.verify_signature(certificate, digest) {
                Ok(()) => match paths.find(certificate) {
                    Ok(path) => return Ok(path),
                    Err(error) => {
                        refusal = error.into();
                        fitting = true;
                    }
                },
                Err(error) if !fitting => refusal = error,
                Err(_) => {}
            }
        }
        Err(refusal)
    }

    fn check_attributes(&self, signer: &SignerInfo, digest: &Digest) -> Result<(), CmsError> {
        match &signer.attributes {
            Some(attributes) if attributes.content_type != self.content_type => Err(CmsError::Attributes {
                expected: "the type of the content",
            }),
            Some(attributes) if attributes.message_digest != digest.as_bytes() => Err(CmsError::Digest {
                expected: crate::encoding::hex(&attributes.message_digest),
                found: digest.hex(),
            }),
            // RFC 5652, section 5.3: other content than plain data needs them.
            None if self.content_type != DATA => Err(CmsError::Attributes {
                expected: "signed attributes for this type of content",
            }),
            _ => Ok(()),
        }
    }
}

impl SignerInfo {
    fn verify_signature(&self, certificate: &Certificate, digest: &Digest) -> Result<(), CmsError> {
        let verified = match &self.attributes {
            Some(attributes) => self
                .scheme
                .verify(certificate.spki(), &attributes.signed, &self.signature),
            None => self.scheme.verify_digest(
                certificate.spki(),
                self.digest,
                digest.as_bytes(),
                &self.signature,
            ),
        };
        Ok(verified?)
    }
}

/// The most certificates of the same name and number that are tried.
const NAMESAKES: usize = 8;

const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
