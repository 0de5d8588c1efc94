//! Verification without a vault: for scripts, and for anybody who checks a report.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tickmark_crypto::sealed::{Identity, Opener};
use tickmark_crypto::secret::Secret;
use tickmark_formats::limits::Limits;
use tickmark_verify::verification::{ClaimOutcome, Verification};
use tickmark_verify::{ClaimName, Decision, Observer, Request, decide};

use crate::contract::ErrorView;
use crate::contract::bundle::Progress;
use crate::error::{Answer, Error};
use crate::format;
use crate::received::at_path;
use crate::task::Meter;
use crate::{period, trust};

/// What `verify` is asked.
#[derive(Default, Clone)]
pub struct VerifyRequest {
    /// Files or folders; each is one bundle.
    pub paths: Vec<PathBuf>,
    /// A folder whose entries are bundles of their own.
    pub each: Option<PathBuf>,
    /// Trust files or folders.
    pub trust: Vec<PathBuf>,
    /// Id of a shipped profile or built-in verifier, or path of a profile file.
    pub profile: Option<String>,
    /// Last hashes that are known by another way.
    pub expect_head: Vec<String>,
    /// A number of records that is known by another way.
    pub expect_count: Option<u64>,
    /// A digest that is known by another way.
    pub expect_sha256: Option<String>,
    /// The review period.
    pub period: Option<String>,
    /// Claims that are required by name.
    pub require: Vec<String>,
    /// Opens an age-encrypted bundle.
    pub passphrase: Option<String>,
    /// An age identity that opens it.
    pub identity: Option<String>,
    /// Most members of a container.
    pub max_members: Option<u64>,
    /// Most bytes unpacked for one packed.
    pub max_ratio: Option<u64>,
    /// Longest line, in MiB.
    pub max_line: Option<usize>,
}

/// What was judged, and the exit code that follows.
pub struct Judged {
    /// One entry a bundle, in the order asked.
    pub bundles: Vec<JudgedBundle>,
    /// Whether several bundles were asked for.
    pub is_set: bool,
    /// 0 proven, 1 refuted, 3 not proven, 2 nothing could be judged.
    pub exit: u8,
    /// The set as it is printed.
    pub set: VerificationSet,
}

/// One bundle of a set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JudgedBundle {
    /// The path as given.
    pub path: String,
    /// Its verification, if it could be judged.
    pub verification: Option<Verification>,
    /// Why it could not.
    pub error: Option<ErrorView>,
}

/// `tickmark.verification-set/1`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VerificationSet {
    /// Always `tickmark.verification-set/1`.
    pub schema: String,
    /// The worst verdict; not proven when a bundle could not be judged.
    pub verdict: ClaimOutcome,
    /// Every bundle.
    pub bundles: Vec<JudgedBundle>,
}

/// Judges bundles.
///
/// # Errors
/// When the request itself cannot be used: an unknown profile, an unreadable trust file, no path.
pub fn verify(request: &VerifyRequest, progress: &mut dyn FnMut(Progress)) -> Answer<Judged> {
    let required = request
        .require
        .iter()
        .map(|name| name.parse::<ClaimName>().map_err(Error::invalid))
        .collect::<Answer<Vec<_>>>()?;
    let mut paths = request.paths.clone();
    if let Some(folder) = &request.each {
        paths.extend(entries(folder)?);
    }
    if paths.is_empty() {
        return Err(Error::invalid("There is no bundle to judge."));
    }
    let is_set = request.each.is_some() || paths.len() > 1;
    // what cannot be used at all is told before any bundle is read
    asked(request)?;
    let mut bundles = Vec::new();
    let mut exits = Vec::new();
    for path in &paths {
        let judged = judge(path, request, progress);
        exits.push(match &judged {
            Ok(verification) => decide(verification, &required).exit_code(),
            Err(_) => CANNOT,
        });
        let (verification, error) = match judged {
            Ok(verification) => (Some(verification), None),
            Err(error) => (None, Some(ErrorView::from(error))),
        };
        bundles.push(JudgedBundle {
            path: path.display().to_string(),
            verification,
            error,
        });
    }
    let set = VerificationSet {
        schema: "tickmark.verification-set/1".into(),
        verdict: worst(&bundles),
        bundles: bundles.clone(),
    };
    Ok(Judged {
        bundles,
        is_set,
        exit: exit_of(&exits),
        set,
    })
}

/// The request of the engine that a set of arguments stands for.
///
/// # Errors
/// As [`verify`].
pub fn asked(request: &VerifyRequest) -> Answer<Request> {
    let mut limits = Limits::default();
    limits.members = request.max_members.unwrap_or(limits.members);
    limits.ratio = request.max_ratio.unwrap_or(limits.ratio);
    if let Some(text) = &request.period {
        period::parse(text)?;
    }
    limits.line = request
        .max_line
        .map_or(limits.line, |mib| mib.saturating_mul(1 << 20));
    Ok(Request {
        profile: format::choice(request.profile.as_deref())?,
        trust: trust::read(&request.trust)?,
        expect_head: request.expect_head.clone(),
        expect_count: request.expect_count,
        expect_sha256: request.expect_sha256.clone(),
        period: request.period.clone(),
        openers: openers(request.passphrase.clone(), request.identity.clone())?,
        limits,
        ..Request::default()
    })
}

/// What opens a sealed bundle.
///
/// # Errors
/// `invalid_input` when the identity is none.
pub(crate) fn openers(passphrase: Option<String>, identity: Option<String>) -> Answer<Arc<[Opener]>> {
    let mut openers = Vec::new();
    if let Some(text) = passphrase.filter(|text| !text.is_empty()) {
        openers.push(Opener::Passphrase(Secret::new(text)));
    }
    for line in identity.iter().flat_map(|text| text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let identity = Identity::parse(&Secret::new(line.to_owned())).map_err(|_| {
            Error::invalid("The identity is no age identity.").hint("It begins with AGE-SECRET-KEY-1.")
        })?;
        openers.push(Opener::Identity(identity));
    }
    Ok(openers.into())
}

fn judge(path: &Path, request: &VerifyRequest, progress: &mut dyn FnMut(Progress)) -> Answer<Verification> {
    let (trust, carried) = trust::outside(&request.trust, path)?;
    let asked = asked(&VerifyRequest {
        trust,
        ..request.clone()
    })?;
    let received = at_path(path)?;
    let mut watch = Watch {
        meter: Meter::new("judging", "bytes"),
        progress,
    };
    let mut verification = tickmark_verify::verify(received, &asked, &mut watch)?;
    verification.warnings.extend(carried.iter().map(|file| {
        format!(
            "The key file {} lies inside the bundle, so it pins nothing: whoever made the bundle made it too.",
            file.display()
        )
    }));
    Ok(verification)
}

struct Watch<'w> {
    meter: Meter,
    progress: &'w mut dyn FnMut(Progress),
}

impl Observer for Watch<'_> {
    fn sees_records(&self) -> bool {
        false
    }

    fn progress(&mut self, at: &tickmark_verify::Progress) -> ControlFlow<()> {
        if let Some(told) = self.meter.at(at.bytes_done, at.bytes_total, at.records) {
            (self.progress)(told);
        }
        ControlFlow::Continue(())
    }
}

fn entries(folder: &Path) -> Answer<Vec<PathBuf>> {
    let read = std::fs::read_dir(folder).map_err(|error| crate::received::unreadable(folder, &error))?;
    let mut paths: Vec<_> = read.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn worst(bundles: &[JudgedBundle]) -> ClaimOutcome {
    bundles
        .iter()
        .map(|bundle| {
            bundle
                .verification
                .as_ref()
                .map_or(ClaimOutcome::NotProven, |v| v.verdict)
        })
        .min()
        .unwrap_or(ClaimOutcome::NotProven)
}

/// 1 if any is refuted; 2 only if nothing could be judged; 3 if anything is not proven or could not be judged; else 0.
fn exit_of(exits: &[u8]) -> u8 {
    let refuted = Decision::Refuted.exit_code();
    if exits.contains(&refuted) {
        refuted
    } else if exits.iter().all(|exit| *exit == CANNOT) {
        CANNOT
    } else if exits.iter().any(|exit| *exit != 0) {
        Decision::NotProven.exit_code()
    } else {
        0
    }
}

const CANNOT: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_exit_wins() {
        assert_eq!(exit_of(&[0, 0]), 0);
        assert_eq!(exit_of(&[0, 3]), 3);
        assert_eq!(exit_of(&[0, 1, 3, 2]), 1);
        assert_eq!(exit_of(&[2, 2]), 2);
        assert_eq!(exit_of(&[0, 2]), 3);
    }
}
