//! Sigstore bundles beside the members that they sign, or around statements about them.

use tickmark_crypto::sigstore::{
    Artefact, Attested, Bundle, Content, Identity, Pins, Signer, SigstoreError, TrustedRoot, Verified,
};
use tickmark_crypto::x509::{Certificate, PathError};

use super::super::{Agreement, Covered, Enclosure, Stamp, Vouched};
use super::attestation::{hold_payload, unsigned};
use super::members::{Members, bare, digest_of, period_note, used, was_in_force};
use super::{Kind, malformed, plain};
use crate::trust::{PinnedIdentity, PinnedInstance};
use crate::verification::{KeyOrigin, KeyUse};

/// A root that travels in the bundle is material that nobody trusts.
pub(super) fn read_root(members: &Members<'_>, member: &str) -> Enclosure {
    let mut enclosure = plain(Kind::SigstoreRoot, member);
    enclosure.is_content = false;
    let pinned = members.sha256(member).is_some_and(|sha256| {
        let mut instances = members.trust.instances().iter();
        instances.any(|pinned| pinned.root.fingerprint() == sha256)
    });
    enclosure.notes.push(if pinned {
        format!("{member} is the Sigstore root that you pinned.")
    } else {
        format!("{member} is a Sigstore root that came with the bundle. It was not used: whoever made the bundle chose it.")
    });
    enclosure
}

/// Reads a bundle.
pub(super) fn read(members: &Members<'_>, member: &str, content: &[u8]) -> Enclosure {
    let bundle = match Bundle::parse(content) {
        Ok(bundle) => bundle,
        Err(error) => return malformed(Kind::Sigstore.name(), member, &error.to_string()),
    };
    let mut enclosure = plain(Kind::Sigstore, member);
    match bundle.content() {
        Content::Envelope(envelope) => {
            enclosure.uncovered = unsigned(content, "/dsseEnvelope");
            enclosure.vouched = judged(members, &bundle, None, &mut enclosure);
            hold_payload(members, envelope, &mut enclosure);
        }
        Content::Message { digest, .. } => {
            // a detached signature is no content of its own
            enclosure.is_content = false;
            let stated = digest.map(|(_, digest)| digest.hex());
            hold_artefact(members, &bundle, stated.as_deref(), &mut enclosure);
        }
    }
    enclosure
}

/// Finds the artefact by the bundle's name, else by the stated digest, and judges the bundle with it.
fn hold_artefact(members: &Members<'_>, bundle: &Bundle, stated: Option<&str>, enclosure: &mut Enclosure) {
    let named = members.about(&enclosure.member, &ENDINGS);
    let found = named.or_else(|| stated.and_then(|digest| members.with_sha256(digest)));
    let Some(artefact) = found else {
        enclosure.is_content = true;
        enclosure.vouched = Vouched::Unpinned {
            carried_verifies: false,
            carried_fails: false,
        };
        enclosure.notes.push(format!(
            "What {} signs is not in the bundle, so its signature was not checked.",
            enclosure.member
        ));
        return;
    };
    let Some(sha256) = members.sha256(artefact).and_then(digest_of) else {
        enclosure.vouched = Vouched::Unpinned {
            carried_verifies: false,
            carried_fails: false,
        };
        enclosure.covers.push(Covered {
            member: artefact.to_owned(),
            agreement: Agreement::Open("it could not be read".to_owned()),
        });
        return;
    };
    let held = Artefact {
        sha256,
        bytes: members.content(artefact),
    };
    enclosure.vouched = judged(members, bundle, Some(&held), enclosure);
    let agrees = match &enclosure.vouched {
        Vouched::Pinned(_) => true,
        Vouched::Wrong { carried_verifies } | Vouched::Unpinned { carried_verifies, .. } => *carried_verifies,
        Vouched::Nobody | Vouched::Malformed => false,
    };
    let found = sha256.hex();
    let agreement = match stated {
        _ if agrees => Agreement::Agrees,
        Some(expected) if expected != found && expected.len() == found.len() => Agreement::Differs {
            expected: expected.to_owned(),
            found,
        },
        _ => Agreement::Open("the signature over it does not verify".to_owned()),
    };
    enclosure.covers.push(Covered {
        member: artefact.to_owned(),
        agreement,
    });
}

fn judged(
    members: &Members<'_>,
    bundle: &Bundle,
    artefact: Option<&Artefact<'_>>,
    enclosure: &mut Enclosure,
) -> Vouched {
    match bundle.signer() {
        Signer::Key { hint } => judged_by_key(members, bundle, artefact, hint, enclosure),
        Signer::Certificate(certificate) => {
            judged_by_certificate(members, bundle, artefact, certificate, enclosure)
        }
    }
}

fn judged_by_key(
    members: &Members<'_>,
    bundle: &Bundle,
    artefact: Option<&Artefact<'_>>,
    hint: &str,
    enclosure: &mut Enclosure,
) -> Vouched {
    let candidates = members.signers(Some(hint).filter(|hint| !hint.is_empty()));
    if candidates.is_empty() {
        return Vouched::Unpinned {
            carried_verifies: false,
            carried_fails: false,
        };
    }
    let keys = bare(&candidates);
    let verify = |root| bundle.verify(artefact, &Pins { root, keys: &keys });
    let (mut verified, refused) = under_instances(members, verify);
    if verified.is_none() && is_elsewhere(&refused) {
        // a log that is not pinned takes nothing from a pinned key
        verified = verify(None).ok().map(|verified| (verified, None));
    }
    let Some((verified, instance)) = verified else {
        enclosure.refuse(&refused);
        return Vouched::Wrong {
            carried_verifies: false,
        };
    };
    let pinned = match verified.by {
        Attested::Key(index) => candidates.get(index).copied(),
        Attested::Certificate { .. } => None,
    };
    enclosure.tell(&verified);
    let Some(pinned) = pinned else {
        return Vouched::Malformed;
    };
    enclosure.keys.push(used(pinned));
    enclosure.keys.extend(instance.map(use_of_instance));
    let at = enclosure.stamp.as_ref().map(|stamp| stamp.at);
    let in_force = match (period_note(pinned), at) {
        (None, _) => true,
        (Some(_), Some(at)) => was_in_force(pinned, at),
        (Some(note), None) => {
            enclosure.notes.push(note);
            return Vouched::Unpinned {
                carried_verifies: false,
                carried_fails: false,
            };
        }
    };
    if in_force {
        Vouched::Pinned(pinned.key.fingerprint())
    } else {
        enclosure.wrong(
            "key_not_in_force",
            "authenticity",
            "the pinned key was not in force when the signature was made",
        );
        Vouched::Wrong {
            carried_verifies: false,
        }
    }
}

fn judged_by_certificate(
    members: &Members<'_>,
    bundle: &Bundle,
    artefact: Option<&Artefact<'_>>,
    certificate: &Certificate,
    enclosure: &mut Enclosure,
) -> Vouched {
    let carried = bundle.verify_carried(artefact);
    let carried_verifies = carried.is_ok();
    let identity = Identity::of(certificate);
    enclosure.keys.push(carried_key(certificate, identity.as_ref()));
    if let Err(error) = &carried {
        if !matches!(error, SigstoreError::OtherArtefact { .. }) {
            enclosure.refuse(error);
        }
        return Vouched::Unpinned {
            carried_verifies: false,
            carried_fails: true,
        };
    }
    let unpinned = Vouched::Unpinned {
        carried_verifies,
        carried_fails: false,
    };
    if members.trust.instances().is_empty() {
        enclosure.notes.push(format!(
            "{} is signed with a certificate, and no Sigstore root is pinned, so neither the certificate nor the log was checked.",
            enclosure.member
        ));
        return unpinned;
    }
    let (verified, refused) =
        under_instances(members, |root| bundle.verify(artefact, &Pins { root, keys: &[] }));
    let Some((verified, instance)) = verified else {
        if is_elsewhere(&refused) {
            enclosure.notes.push(format!(
                "{} is of no pinned Sigstore instance: {refused}.",
                enclosure.member
            ));
            return unpinned;
        }
        enclosure.refuse(&refused);
        return Vouched::Wrong { carried_verifies };
    };
    enclosure.tell(&verified);
    let Some(identity) = identity else {
        enclosure.keys.extend(instance.map(use_of_instance));
        enclosure.notes.push(format!(
            "The certificate in {} names no identity.",
            enclosure.member
        ));
        return unpinned;
    };
    let pinned = members.trust.identities();
    if let Some(own) = pinned.iter().find(|pinned| is_same(pinned, &identity)) {
        enclosure.keys.push(use_of_identity(own));
        enclosure.keys.extend(instance.map(use_of_instance));
        return Vouched::Pinned(own.fingerprint());
    }
    enclosure.keys.extend(instance.map(use_of_instance));
    enclosure.notes.push(format!(
        "{} is signed by {}, as {} vouched. Pin this identity if it is the one you expect: anybody can get a certificate for their own.",
        enclosure.member, identity.subject, identity.issuer
    ));
    if pinned.is_empty() {
        unpinned
    } else {
        Vouched::Wrong { carried_verifies }
    }
}

/// Tries every pinned instance, or none where none is pinned; the first that holds, or why the last refused.
fn under_instances<'t>(
    members: &Members<'t>,
    verify: impl Fn(Option<&'t TrustedRoot>) -> Result<Verified, SigstoreError>,
) -> (Option<(Verified, Option<&'t PinnedInstance>)>, SigstoreError) {
    let instances = members.trust.instances();
    let mut refused = SigstoreError::NoRoot;
    let roots: Vec<Option<_>> = if instances.is_empty() {
        vec![None]
    } else {
        instances.iter().map(Some).collect()
    };
    for pinned in roots {
        match verify(pinned.map(|pinned| &pinned.root)) {
            Ok(verified) => return (Some((verified, pinned)), refused),
            // a refusal that says more than "of another instance" is the one to tell
            Err(error) if is_elsewhere(&refused) => refused = error,
            Err(_) => {}
        }
    }
    (None, refused)
}

/// Whether a refusal only says that the bundle is of another instance of Sigstore.
fn is_elsewhere(error: &SigstoreError) -> bool {
    matches!(
        error,
        SigstoreError::NoRoot
            | SigstoreError::UnknownLog { .. }
            | SigstoreError::Path(PathError::NoIssuer { .. })
    )
}

fn is_same(pinned: &PinnedIdentity, identity: &Identity) -> bool {
    pinned.subject == identity.subject && pinned.issuer == identity.issuer
}

/// How a verification names a pinned identity. The certificate that shows it lives for minutes and is only carried.
fn use_of_identity(pinned: &PinnedIdentity) -> KeyUse {
    KeyUse {
        fingerprint: pinned.fingerprint(),
        algorithm: PinnedIdentity::ALGORITHM.to_owned(),
        kid: Some(pinned.subject.clone()),
        owner: pinned.owner.clone(),
        confirmed: pinned.confirmed.clone(),
        origin: KeyOrigin::Pinned,
        records: 1,
    }
}

/// How a verification names a pinned instance, whose logs and authorities were asked.
fn use_of_instance(pinned: &PinnedInstance) -> KeyUse {
    KeyUse {
        fingerprint: pinned.root.fingerprint().to_owned(),
        algorithm: TrustedRoot::ALGORITHM.to_owned(),
        kid: None,
        owner: pinned.owner.clone(),
        confirmed: pinned.confirmed.clone(),
        origin: KeyOrigin::Pinned,
        records: 1,
    }
}

fn carried_key(certificate: &Certificate, identity: Option<&Identity>) -> KeyUse {
    let key = certificate.public_key(None).ok();
    KeyUse {
        fingerprint: certificate.fingerprint(),
        algorithm: key.map_or_else(|| "x509".to_owned(), |key| key.algorithm().to_string()),
        kid: identity.map(|identity| identity.subject.clone()),
        owner: None,
        confirmed: None,
        origin: KeyOrigin::Carried,
        records: 1,
    }
}

impl Enclosure {
    fn refuse(&mut self, error: &SigstoreError) {
        self.wrong("sigstore_refused", "authenticity", &error.to_string());
    }

    /// Takes over what holds: the time, and what was not checked.
    fn tell(&mut self, verified: &Verified) {
        self.stamp = verified.seen.as_ref().map(|seen| Stamp {
            at: seen.at,
            by: seen.by.clone(),
        });
        self.notes
            .extend(verified.open.iter().map(|note| (*note).to_owned()));
    }
}

/// How bundles are named after what they sign.
const ENDINGS: [&str; 5] = [
    ".sigstore.json",
    ".sigstore",
    ".bundle.json",
    ".bundle",
    ".sigstore.bundle",
];
