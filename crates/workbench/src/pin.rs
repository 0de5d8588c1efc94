//! What a text pins, recognised by content: keys, root certificates, OpenPGP keys, Sigstore instances and identities.

use std::path::Path;

use chrono::{DateTime, Utc};
use tickmark_crypto::key::{FoundKey, KeyAlgorithm, is_key_set, parse_keys};
use tickmark_crypto::openpgp::Certificate;
use tickmark_crypto::pin::parse_pins;
use tickmark_crypto::sigstore::TrustedRoot;
use tickmark_crypto::x509::TrustAnchor;
use tickmark_verify::Trust;
use tickmark_verify::trust::{PinnedIdentity, RootUse};

use crate::contract::trust::{KeyRead, PinKey, ReadKey, SigstoreIdentity, Vouches};
use crate::error::{Answer, Code, Error};
use crate::received::small_file;
use crate::{moment, picture};

/// One pin as it was read, before anybody confirmed it.
pub(crate) struct Pin {
    pub algorithm: String,
    pub fingerprint: String,
    pub kid: Option<String>,
    /// What it says of itself.
    pub says: Vec<String>,
    /// The period that it states itself.
    pub stated: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    /// Where a key's algorithm was named rather than read from it.
    bound: Option<String>,
    form: Form,
}

/// How it is kept.
enum Form {
    Key(String),
    Secret(String),
    Root(String),
    OpenPgp(String),
    Instance(String),
    Identity(SigstoreIdentity),
}

impl Pin {
    /// Reads what is asked for: one pin, or all keys of a list that one owner publishes.
    ///
    /// # Errors
    /// `invalid_input` when it pins nothing, several things that may be of several owners, or is private.
    pub fn read(asked: &ReadKey) -> Answer<Vec<Pin>> {
        if let Some(identity) = &asked.identity {
            if !asked.text.trim().is_empty() {
                return Err(Error::invalid(
                    "There is a key and an identity. Pin one at a time, so that each is confirmed.",
                ));
            }
            return Ok(vec![Pin::of_identity(identity)?]);
        }
        let text = text_or_file(&asked.text)?;
        let algorithm = asked.algorithm.as_deref().filter(|word| !word.trim().is_empty());
        let pins = match algorithm {
            None if TrustedRoot::is_one(text.as_bytes()) => vec![Pin::of_instance(&text)?],
            None => Pin::recognised(&text)?,
            Some(TrustedRoot::ALGORITHM) => vec![Pin::of_instance(&text)?],
            Some(word @ (TrustAnchor::ALGORITHM | Certificate::ALGORITHM)) => {
                let found = Pin::recognised(&text)?;
                if found.iter().any(|pin| pin.algorithm != word) {
                    return Err(Error::invalid(format!("The text is not of the kind {word}.")));
                }
                found
            }
            Some(word) => Pin::of_algorithm(&text, word)?,
        };
        match pins.len() {
            1 => Ok(pins),
            _ if is_key_set(&text) => Ok(pins),
            several => Err(Error::invalid(format!(
                "The text holds {several} keys or certificates. Pin one at a time, so that each is confirmed.",
            ))),
        }
    }

    fn recognised(text: &str) -> Answer<Vec<Pin>> {
        let whole = || text.trim().to_owned();
        let found = parse_pins(text.trim().as_bytes()).map_err(refused)?;
        found
            .into_iter()
            .map(|pin| match pin {
                tickmark_crypto::pin::Pin::Key(key) => Pin::of_key(key, text, None),
                tickmark_crypto::pin::Pin::Root(anchor) => {
                    let certificate = anchor.certificate();
                    Ok(Pin {
                        says: vec![certificate.subject().to_owned()],
                        stated: (Some(certificate.not_before()), Some(certificate.not_after())),
                        ..Pin::of(TrustAnchor::ALGORITHM, anchor.fingerprint(), Form::Root(whole()))
                    })
                }
                tickmark_crypto::pin::Pin::OpenPgp(certificate) => Ok(Pin {
                    says: certificate.user_ids().collect(),
                    ..Pin::of(
                        Certificate::ALGORITHM,
                        certificate.fingerprint(),
                        Form::OpenPgp(whole()),
                    )
                }),
            })
            .collect()
    }

    /// Keys whose algorithm was named.
    fn of_algorithm(text: &str, word: &str) -> Answer<Vec<Pin>> {
        let algorithm: KeyAlgorithm = word.parse().map_err(refused)?;
        if algorithm == KeyAlgorithm::HmacSha256 {
            let secret = Form::Secret(text.trim().to_owned());
            return Ok(vec![Pin::of(word, String::new(), secret)]);
        }
        let found = parse_keys(text.trim().as_bytes(), Some(algorithm)).map_err(refused)?;
        found
            .into_iter()
            .map(|key| Pin::of_key(key, text, Some(word)))
            .collect()
    }

    /// A key of a set stands for itself, with its own name and period. Another is kept as it was entered, with whatever
    /// restricts it there.
    fn of_key(found: FoundKey, text: &str, bound: Option<&str>) -> Answer<Pin> {
        let algorithm = found.key.algorithm().name();
        let fingerprint = found.key.fingerprint();
        if !is_key_set(text) {
            return Ok(Pin {
                kid: found.kid,
                bound: bound.map(str::to_owned),
                ..Pin::of(algorithm, fingerprint, Form::Key(text.trim().to_owned()))
            });
        }
        Ok(Pin {
            kid: found.kid,
            stated: (
                found.limits.begin().map_err(refused)?,
                found.limits.end().map_err(refused)?,
            ),
            bound: Some(algorithm.to_owned()),
            ..Pin::of(algorithm, fingerprint, Form::Key(found.key.pem()))
        })
    }

    fn of_instance(text: &str) -> Answer<Pin> {
        let root = TrustedRoot::parse(text.as_bytes()).map_err(refused)?;
        Ok(Pin {
            says: root.logs().iter().map(|log| log.name.clone()).collect(),
            ..Pin::of(
                TrustedRoot::ALGORITHM,
                root.fingerprint().to_owned(),
                Form::Instance(text.to_owned()),
            )
        })
    }

    fn of_identity(identity: &SigstoreIdentity) -> Answer<Pin> {
        let (subject, issuer) = (identity.subject.trim(), identity.issuer.trim());
        if subject.is_empty() || issuer.is_empty() {
            return Err(Error::invalid("An identity is a subject and its issuer: one is missing.")
                .hint("Both stand in the certificate; the issuer is an address, such as https://accounts.example.com."));
        }
        let pinned = PinnedIdentity {
            subject: subject.to_owned(),
            issuer: issuer.to_owned(),
            owner: None,
            confirmed: None,
        };
        let form = Form::Identity(SigstoreIdentity {
            subject: subject.to_owned(),
            issuer: issuer.to_owned(),
        });
        Ok(Pin {
            says: vec![subject.to_owned(), issuer.to_owned()],
            ..Pin::of(PinnedIdentity::ALGORITHM, pinned.fingerprint(), form)
        })
    }

    fn of(algorithm: &str, fingerprint: String, form: Form) -> Pin {
        Pin {
            algorithm: algorithm.to_owned(),
            fingerprint,
            kid: None,
            says: Vec::new(),
            stated: (None, None),
            bound: None,
            form,
        }
    }

    /// Whether it is a bare key, which alone has a name in records and is pinned for a period.
    pub fn is_key(&self) -> bool {
        matches!(self.form, Form::Key(_) | Form::Secret(_))
    }

    /// What is shown before it is pinned.
    pub fn shown(&self) -> Answer<KeyRead> {
        Ok(KeyRead {
            picture: picture::of(&self.algorithm, &self.fingerprint)?,
            fingerprint: self.fingerprint.clone(),
            algorithm: self.algorithm.clone(),
            kid: self.kid.clone(),
            says: self.says.clone(),
            valid_from: self.stated.0.map(moment::stated),
            valid_to: self.stated.1.map(moment::stated),
            pinned_for: None,
        })
    }

    /// The period for which it is pinned: the stated one, else that of its list.
    pub fn period(&self, request: &PinKey) -> (Option<String>, Option<String>) {
        let own = |at: Option<DateTime<Utc>>| at.filter(|_| self.is_key()).map(moment::stated);
        (
            some(request.valid_from.as_deref()).or_else(|| own(self.stated.0)),
            some(request.valid_to.as_deref()).or_else(|| own(self.stated.1)),
        )
    }

    /// The pin as it is kept: an entry of a trust file, or the file of a Sigstore root, so that one reader serves both.
    ///
    /// # Errors
    /// `invalid_input` when something is stated that this kind cannot have, or in a form that is not read.
    pub fn entry(&self, request: &PinKey) -> Answer<String> {
        self.refuse_misplaced(request)?;
        let mut entry = toml::Table::new();
        let mut put = |name: &str, value: &str| {
            if !value.trim().is_empty() {
                entry.insert(name.into(), toml::Value::String(value.trim().into()));
            }
        };
        put("owner", &request.owner);
        put("confirmed", &request.confirmed);
        let (from, to) = self.period(request);
        let table = match &self.form {
            Form::Instance(text) => return Ok(text.clone()),
            Form::Identity(identity) => {
                put("subject", &identity.subject);
                put("issuer", &identity.issuer);
                "identity"
            }
            Form::Root(text) | Form::OpenPgp(text) => {
                put("public_key", text);
                put("algorithm", &self.algorithm);
                put("use", request.vouches.map_or("", root_use));
                "key"
            }
            Form::Key(text) | Form::Secret(text) => {
                let is_secret = matches!(self.form, Form::Secret(_));
                put(if is_secret { "secret" } else { "public_key" }, text);
                let algorithm = if is_secret {
                    Some(&self.algorithm)
                } else {
                    self.bound.as_ref()
                };
                put("algorithm", algorithm.map_or("", String::as_str));
                put("kid", self.name(request).as_deref().unwrap_or_default());
                put("valid_from", from.as_deref().unwrap_or_default());
                put("valid_to", to.as_deref().unwrap_or_default());
                "key"
            }
        };
        let mut file = toml::Table::new();
        file.insert(table.into(), toml::Value::Array(vec![toml::Value::Table(entry)]));
        let text = file.to_string();
        self.hold(&text)?;
        Ok(text)
    }

    /// The name that records use for it: the stated one, else the one that came with it.
    pub fn name(&self, request: &PinKey) -> Option<String> {
        some(request.kid.as_deref()).or_else(|| self.kid.clone())
    }

    fn refuse_misplaced(&self, request: &PinKey) -> Answer<()> {
        let is_root = matches!(self.form, Form::Root(_));
        if is_root != request.vouches.is_some() {
            return Err(if is_root {
                Error::invalid("It is not stated what the root vouches for: time stamps, signatures, or both.").hint(
                    "The root of a public authority vouches for everybody who buys from it: pin one for time stamps for time alone.",
                )
            } else {
                Error::invalid("Only a root certificate is pinned for time stamps or for signatures.")
            });
        }
        let given = |text: &Option<String>| some(text.as_deref()).is_some();
        if self.is_key() {
            return Ok(());
        }
        if given(&request.kid) {
            return Err(Error::invalid(
                "Records name bare keys only; what is pinned here has no such name.",
            ));
        }
        if given(&request.valid_from) || given(&request.valid_to) || given(&request.replaces) {
            return Err(
                Error::invalid("Only a bare key is pinned for a period or takes over from another.")
                    .hint("Certificates, OpenPGP keys and Sigstore roots hold for the time that they state. Pin the new one, and withdraw the old one."),
            );
        }
        Ok(())
    }

    /// Whether the entry says the same to the reader that judges with it.
    fn hold(&self, entry: &str) -> Answer<()> {
        let mut trust = Trust::default();
        trust.add_file("pinned key", entry.as_bytes()).map_err(refused)?;
        if let [key] = trust.keys()
            && let (Some(from), Some(to)) = (key.valid_from, key.valid_to)
            && from >= to
        {
            return Err(Error::invalid("The key would end before it begins to hold."));
        }
        let pins =
            trust.keys().len() + trust.roots().len() + trust.openpgp().len() + trust.identities().len();
        if pins == 1 {
            return Ok(());
        }
        Err(Error::new(
            Code::Internal,
            format!("The pin is kept as {pins} entries of a trust file."),
        ))
    }
}

/// What a kept pin says beside its columns.
pub(crate) struct Kept {
    pub says: Vec<String>,
    pub identity: Option<SigstoreIdentity>,
    pub vouches: Option<Vouches>,
}

impl Kept {
    /// Reads a pin as it is kept. One that cannot be read says nothing.
    pub fn of(entry: &str) -> Kept {
        let mut trust = Trust::default();
        // what cannot be read stops every judgement, and says so there
        let _ = trust.add_file("pinned key", entry.as_bytes());
        let identity = trust.identities().first().map(|pinned| SigstoreIdentity {
            subject: pinned.subject.clone(),
            issuer: pinned.issuer.clone(),
        });
        let subjects = trust
            .roots()
            .iter()
            .map(|root| root.anchor.certificate().subject().to_owned());
        let users = trust
            .openpgp()
            .iter()
            .flat_map(|pinned| pinned.certificate.user_ids());
        let logs = trust
            .instances()
            .iter()
            .flat_map(|one| one.root.logs())
            .map(|log| log.name.clone());
        let names = identity
            .iter()
            .flat_map(|one| [one.subject.clone(), one.issuer.clone()]);
        Kept {
            says: subjects.chain(users).chain(logs).chain(names).collect(),
            vouches: trust.roots().first().map(|root| match root.uses {
                RootUse::Both => Vouches::Both,
                RootUse::Time => Vouches::Time,
                RootUse::Signatures => Vouches::Signatures,
            }),
            identity,
        }
    }
}

/// How a trust file spells it.
fn root_use(vouches: Vouches) -> &'static str {
    match vouches {
        Vouches::Both => "both",
        Vouches::Time => "time",
        Vouches::Signatures => "signatures",
    }
}

/// The text itself, or what the file that it names holds: a door may hand on a path where a key is asked for.
fn text_or_file(text: &str) -> Answer<String> {
    let trimmed = text.trim();
    let path = Path::new(trimmed);
    if trimmed.len() > LONGEST_PATH || trimmed.contains('\n') || !path.is_absolute() || !path.is_file() {
        return Ok(text.to_owned());
    }
    String::from_utf8(small_file(path, LARGEST_PIN)?).map_err(|_| {
        Error::invalid(format!(
            "{trimmed} holds no text. Export the key as text, for example as PEM."
        ))
    })
}

fn some(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn refused(error: impl std::fmt::Display) -> Error {
    Error::invalid(error.to_string())
}

const LONGEST_PATH: usize = 4_096;
const LARGEST_PIN: u64 = 4 * 1024 * 1024;
