//! Bundles in memory, and keys to pin.
#![allow(dead_code, clippy::unwrap_used, clippy::disallowed_methods)]

use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tickmark_formats::container::{Origin, ReadSeek, Received};
use tickmark_verify::verification::{Basis, CheckOutcome, ClaimOutcome, Verification};
use tickmark_verify::{Request, Trust, Unwatched, VerifyError, verify};

/// The shared fixtures, where they are at hand.
pub fn fixtures() -> Option<PathBuf> {
    let path = std::env::var_os("TICKMARK_FIXTURES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"),
        PathBuf::from,
    );
    path.is_dir().then_some(path)
}

/// A trust file that pins the key in `path`.
pub fn key_file(algorithm: &str, path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.trim().replace('\n', "\\n");
    let field = if algorithm == "hmac-sha256" {
        "secret"
    } else {
        "public_key"
    };
    format!("[[key]]\nalgorithm = \"{algorithm}\"\nowner = \"Example Bank\"\n{field} = \"{text}\"\n")
}

struct InMemory {
    name: String,
    bytes: Arc<[u8]>,
}

struct Shared(Arc<[u8]>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Origin for InMemory {
    fn name(&self) -> &str {
        &self.name
    }

    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
        Ok(Box::new(Cursor::new(Shared(Arc::clone(&self.bytes)))))
    }
}

/// A bundle in memory.
pub struct Bundle {
    files: Vec<(String, Vec<u8>)>,
}

impl Bundle {
    pub fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Bundle {
            files: vec![(name.to_owned(), bytes.into())],
        }
    }

    pub fn folder(files: &[(&str, Vec<u8>)]) -> Self {
        Bundle {
            files: files
                .iter()
                .map(|(name, bytes)| ((*name).to_owned(), bytes.clone()))
                .collect(),
        }
    }

    pub fn from_file(path: &Path) -> Self {
        Bundle::file(
            &path.file_name().unwrap().to_string_lossy(),
            std::fs::read(path).unwrap(),
        )
    }

    /// The files, by name.
    pub fn files(&self) -> &[(String, Vec<u8>)] {
        &self.files
    }

    pub fn received(&self) -> Received {
        let origin = |(name, bytes): &(String, Vec<u8>)| -> Arc<dyn Origin> {
            Arc::new(InMemory {
                name: name.clone(),
                bytes: Arc::from(bytes.as_slice()),
            })
        };
        match self.files.as_slice() {
            [one] => Received::File(origin(one)),
            many => Received::Folder {
                name: "bundle".into(),
                files: many.iter().map(origin).collect(),
            },
        }
    }

    pub fn verify_with(&self, trust: Option<&str>) -> Result<Verification, VerifyError> {
        let mut request = Request::default();
        if let Some(text) = trust {
            let mut pinned = Trust::default();
            pinned.add_file("pinned.toml", text.as_bytes()).unwrap();
            request.trust = pinned;
        }
        self.verify(&request)
    }

    pub fn verify(&self, request: &Request) -> Result<Verification, VerifyError> {
        verify(self.received(), request, &mut Unwatched)
    }
}

/// A verification in a few lines, for messages.
pub fn told(v: &Verification) -> String {
    let claim =
        |c: &tickmark_verify::verification::Claim| format!("{:?} {:?} {}", c.outcome, c.basis, c.sentence);
    let faults: Vec<_> = v
        .faults
        .iter()
        .take(6)
        .map(|f| {
            format!(
                "{} at {:?}: {} | {:?} | {:?}",
                f.code, f.record, f.sentence, f.expected, f.found
            )
        })
        .collect();
    format!(
        "  {:?} under {:?}, {} records\n  integrity {}\n  authenticity {}\n  completeness {}\n  faults {:#?}",
        v.verdict,
        v.profile.as_ref().map(|p| &p.id),
        v.counts.records,
        claim(&v.claims.integrity),
        claim(&v.claims.authenticity),
        claim(&v.claims.completeness),
        faults
    )
}

/// What holds of every verification, whatever was judged.
#[track_caller]
pub fn hold_together(v: &Verification) {
    let c = &v.claims;
    let named = [
        ("integrity", &c.integrity),
        ("authenticity", &c.authenticity),
        ("completeness", &c.completeness),
        ("time", &c.time),
    ];
    let any_refuted = named
        .iter()
        .any(|(_, claim)| claim.outcome == ClaimOutcome::Refuted);
    let all_proven = named
        .iter()
        .take(3)
        .all(|(_, claim)| claim.outcome == ClaimOutcome::Proven);
    let is_anchored = c.integrity.basis == Some(Basis::Anchored);
    let verdict = match (any_refuted, all_proven && is_anchored) {
        (true, _) => ClaimOutcome::Refuted,
        (false, true) => ClaimOutcome::Proven,
        (false, false) => ClaimOutcome::NotProven,
    };
    assert_eq!(v.verdict, verdict, "{}", told(v));
    for (name, claim) in named {
        let fails = claim
            .checks
            .iter()
            .any(|check| check.outcome == CheckOutcome::Fail);
        assert_eq!(
            fails,
            claim.outcome == ClaimOutcome::Refuted,
            "{name}: {}",
            told(v)
        );
        let is_based = name == "integrity" && claim.outcome == ClaimOutcome::Proven;
        assert_eq!(claim.basis.is_some(), is_based, "{name}: {}", told(v));
        assert!(claim.sentence.ends_with('.'), "{name}: {}", claim.sentence);
        if claim.outcome == ClaimOutcome::Proven {
            let fault = v.faults.iter().find(|fault| fault.claim == name);
            assert!(fault.is_none(), "{name} is proven in spite of {fault:?}");
        }
    }
    assert!(
        !any_refuted || v.counts.faults > 0,
        "refuted without a fault: {}",
        told(v)
    );
    let counts = &v.counts;
    assert_eq!(counts.signed + counts.unsigned, counts.records);
    assert!(counts.checked <= counts.records);
    for fault in &v.faults {
        assert!(
            fault.record.is_none_or(|n| (1..=counts.records).contains(&n)),
            "{fault:?}"
        );
    }
    let grouped: u64 = v.fault_groups.iter().map(|group| group.count).sum();
    assert_eq!(grouped, counts.faults);
}
