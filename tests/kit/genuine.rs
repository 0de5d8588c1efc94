//! Genuine trails to be broken: every format as its system writes it, with what a reviewer may know of it.

use serde_json::Value;

use crate::corpus::Told;
use crate::corpus::subject;
use crate::kit::Bundle;
use crate::manner::{self, Manner};

/// A genuine trail.
pub struct Genuine {
    /// The format's name; two ways to write one format have two names.
    pub name: String,
    /// The shipped profile.
    pub profile: &'static str,
    /// The bundle.
    pub bundle: Bundle,
    /// The trust file; empty where nothing is signed.
    pub trust: String,
    /// What may be known by another way: nothing, the last hash, the number of records.
    pub told: Vec<Told>,
    /// Whether records are linked or numbered.
    pub is_ordered: bool,
    /// Pointer of a text that a hash or signature reaches.
    pub covered: &'static str,
    records: Vec<Value>,
    remake: fn(Vec<Value>) -> Vec<Value>,
    pack: fn(&[Value], &[Value]) -> Bundle,
}

impl Genuine {
    /// A bundle with other records, whose hashes and links somebody without the key made anew. What the system states of all
    /// records, and signs, stays as it was. Panics over records that are none.
    pub fn remade(&self, records: Vec<Value>) -> Bundle {
        (self.pack)(&self.records, &(self.remake)(records))
    }
}

/// The names of all.
pub fn names() -> Vec<String> {
    manner::all()
        .iter()
        .enumerate()
        .map(|(at, manner)| name_of(at, manner))
        .collect()
}

/// The trail of that name.
pub fn named(name: &str) -> Genuine {
    let (at, manner) = manner::all()
        .into_iter()
        .enumerate()
        .find(|(at, manner)| name_of(*at, manner) == name)
        .unwrap_or_else(|| panic!("no format is called {name}"));
    let mut told = vec![Told::default()];
    if let Some(subject) = subject::all()
        .into_iter()
        .find(|subject| subject.name == name_of(at, &manner))
    {
        let records = subject.records();
        told.push(Told {
            heads: vec![subject.head(&records)],
            ..Told::default()
        });
    }
    told.push(Told {
        count: Some(subject::N),
        ..Told::default()
    });
    let records = (manner.records)(subject::N);
    Genuine {
        name: name_of(at, &manner),
        profile: manner.profile,
        bundle: (manner.pack)(&records, &records),
        trust: manner.trust,
        told,
        is_ordered: manner.is_ordered,
        covered: manner.covered,
        records,
        remake: manner.remake,
        pack: manner.pack,
    }
}

/// The second way to write a format is called by its lines, as in the corpus.
fn name_of(at: usize, manner: &Manner) -> String {
    let before = manner::all()
        .iter()
        .take(at)
        .filter(|other| other.profile == manner.profile)
        .count();
    match before {
        0 => manner.profile.to_owned(),
        _ => format!("{}-lines", manner.profile),
    }
}
