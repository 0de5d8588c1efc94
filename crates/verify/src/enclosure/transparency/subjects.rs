//! In-toto statements (v0.1 and v1): what they say of which artefacts.

use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::encoding::unhex;
use tickmark_formats::json::Value;

use super::super::{Agreement, Covered};
use super::members::{Members, strict};

/// What a statement says.
#[derive(Debug)]
pub(super) struct Statement {
    /// What kind of claim it makes; a URI.
    pub predicate: String,
    subjects: Vec<Subject>,
}

#[derive(Debug)]
struct Subject {
    name: String,
    /// Digests by function, strongest first; only those that prove something.
    digests: Vec<(Algorithm, String)>,
}

impl Statement {
    /// What an envelope's payload type says when it holds a statement.
    pub const PAYLOAD_TYPE: &'static str = "application/vnd.in-toto+json";

    /// Reads a statement.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(payload: &[u8]) -> Result<Statement, String> {
        let value = strict(payload)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let kind = text("_type").unwrap_or_default();
        if !TYPES.contains(&kind) {
            return Err(format!(
                "its payload is no in-toto statement of a known version ({kind})"
            ));
        }
        let subjects = value
            .get("subject")
            .and_then(Value::elements)
            .filter(|subjects| !subjects.is_empty())
            .ok_or("its statement names no subject")?;
        Ok(Statement {
            predicate: text("predicateType")
                .ok_or("its statement has no predicate")?
                .to_owned(),
            subjects: subjects.iter().map(Subject::read).collect::<Result<_, _>>()?,
        })
    }

    /// How many subjects it has.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Holds the subjects against the members. Where none of them is here, the statement speaks of things elsewhere and
    /// stands for itself.
    pub fn covers(&self, members: &Members<'_>, beside: &str) -> Vec<Covered> {
        let covers: Vec<Covered> = self
            .subjects
            .iter()
            .map(|subject| subject.covered(members, beside))
            .collect();
        if covers
            .iter()
            .all(|covered| covered.agreement == Agreement::Missing)
        {
            return Vec::new();
        }
        covers
    }
}

impl Subject {
    fn read(value: &Value<'_>) -> Result<Subject, String> {
        let digests = value.get("digest").and_then(Value::members);
        let digests = digests.ok_or("a subject of its statement has no digest")?;
        let mut strong = Vec::new();
        for (name, algorithm) in FUNCTIONS {
            let Some(member) = digests.iter().find(|member| member.name == name) else {
                continue;
            };
            let text = member.value.as_str().unwrap_or_default();
            match unhex(text) {
                Ok(bytes) if bytes.len() == algorithm.len() => strong.push((algorithm, text.to_owned())),
                _ => return Err(format!("a subject's {name} is no digest in lower-case hex")),
            }
        }
        Ok(Subject {
            name: value
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            digests: strong,
        })
    }

    /// Every strong digest has to be the member's own.
    fn covered(&self, members: &Members<'_>, beside: &str) -> Covered {
        let sha256 = self
            .digests
            .iter()
            .find(|(algorithm, _)| *algorithm == Algorithm::Sha256);
        let by_digest = sha256.and_then(|(_, digest)| members.with_sha256(digest));
        let by_name = members.named(&self.name, beside);
        // a member of that name is the one that is meant, unless another has the digest
        let member = match (by_name, sha256) {
            (Some(named), Some((_, digest))) if members.sha256(named) == Some(digest) => Some(named),
            _ => by_digest.or(by_name),
        };
        let Some(member) = member else {
            return Covered {
                member: self.name.clone(),
                agreement: Agreement::Missing,
            };
        };
        Covered {
            member: member.to_owned(),
            agreement: self.agreement(members, member),
        }
    }

    fn agreement(&self, members: &Members<'_>, member: &str) -> Agreement {
        if self.digests.is_empty() {
            return Agreement::Open("the statement has no digest of it that proves anything".to_owned());
        }
        for (algorithm, expected) in &self.digests {
            let found = match algorithm {
                Algorithm::Sha256 => members.sha256(member).map(str::to_owned),
                _ => members.content(member).map(|content| algorithm.of(content).hex()),
            };
            match found {
                Some(found) if found == *expected => {}
                Some(found) => {
                    return Agreement::Differs {
                        expected: expected.clone(),
                        found,
                    };
                }
                None if *algorithm == Algorithm::Sha256 || self.digests.len() == 1 => {
                    return Agreement::Open(format!("its {algorithm} could not be taken"));
                }
                None => {}
            }
        }
        Agreement::Agrees
    }
}

const TYPES: [&str; 2] = [
    "https://in-toto.io/Statement/v1",
    "https://in-toto.io/Statement/v0.1",
];

/// The functions of in-toto's digest sets that prove something.
const FUNCTIONS: [(&str, Algorithm); 3] = [
    ("sha256", Algorithm::Sha256),
    ("sha384", Algorithm::Sha384),
    ("sha512", Algorithm::Sha512),
];
