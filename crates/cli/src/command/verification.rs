//! `verify`: judge bundles without a vault.

use tickmark_workbench::Answer;
use tickmark_workbench::error::{Code, Error};
use tickmark_workbench::judging::{self, Judged, JudgedBundle, VerifyRequest};

use crate::arguments::{ClaimName, Sealed, Verify};
use crate::output::Door;
use crate::progress::Line;
use crate::text::counted;
use crate::{secret, verdict};

/// Judges bundles.
///
/// # Errors
/// When trust, profile or a secret cannot be read.
pub fn verify(typed: Verify, door: &Door) -> Answer<u8> {
    let request = request(typed)?;
    let mut line = Line::new(door);
    let judged = judging::verify(&request, &mut |progress| line.show(&progress))?;
    drop(line);
    say(&judged, door);
    Ok(judged.exit)
}

fn request(typed: Verify) -> Answer<VerifyRequest> {
    let (passphrase, identity) = opened_with(&typed.sealed)?;
    Ok(VerifyRequest {
        paths: typed.paths,
        each: typed.each,
        trust: typed.trust,
        profile: typed.profile,
        expect_head: typed.expect_head,
        expect_count: typed.expect_count,
        expect_sha256: typed.expect_sha256,
        period: typed.period,
        require: typed.require.iter().map(|claim| claim.name().into()).collect(),
        passphrase,
        identity,
        max_members: typed.limits.max_members,
        max_ratio: typed.limits.max_ratio,
        max_line: typed.limits.max_line,
    })
}

/// What opens an encrypted bundle: passphrase and identity.
///
/// # Errors
/// When a file cannot be read or holds something else.
pub fn opened_with(sealed: &Sealed) -> Answer<(Option<String>, Option<String>)> {
    let passphrase = sealed
        .bundle_passphrase_file
        .as_deref()
        .map(secret::from_file)
        .transpose()?;
    let identity = sealed.identity.as_deref().map(secret::identity).transpose()?;
    Ok((passphrase, identity))
}

fn say(judged: &Judged, door: &Door) {
    if judged.is_set {
        door.result(SET, &judged.set, |_| list(judged));
        return;
    }
    for bundle in &judged.bundles {
        match (&bundle.verification, &bundle.error) {
            (Some(verification), _) => door.result(ONE, verification, verdict::page),
            (None, Some(error)) => door.refused(error),
            (None, None) => door.error(&Error::new(
                Code::Internal,
                "The bundle was neither judged nor refused.",
            )),
        }
    }
}

fn list(judged: &Judged) -> String {
    let entries: String = judged.bundles.iter().map(entry).collect();
    let worst = judged.set.verdict;
    let bundles = counted(judged.bundles.len() as u64, "bundle", "bundles");
    format!(
        "{entries}\n{} {}: the weakest of {bundles}\n",
        verdict::mark(worst),
        verdict::word(worst)
    )
}

fn entry(bundle: &JudgedBundle) -> String {
    match (&bundle.verification, &bundle.error) {
        (Some(verification), _) => verdict::entry(&bundle.path, verification),
        (None, Some(error)) => verdict::not_judged(&bundle.path, &error.message),
        (None, None) => verdict::not_judged(&bundle.path, "No reason is known."),
    }
}

impl ClaimName {
    fn name(self) -> &'static str {
        match self {
            ClaimName::Integrity => "integrity",
            ClaimName::Authenticity => "authenticity",
            ClaimName::Completeness => "completeness",
            ClaimName::Time => "time",
        }
    }
}

/// Schema of a verification.
pub const ONE: &str = "tickmark.verification/1";
const SET: &str = "tickmark.verification-set/1";
