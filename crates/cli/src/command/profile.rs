//! `profiles`: how systems hash, link and sign.

mod check;
mod inference;

use serde_json::json;
use tickmark_workbench::Answer;
use tickmark_workbench::profiles::{self, CheckRequest, FormatKind, InferRequest, ProfileRow};

use super::verification::opened_with;
use super::{AGAINST, DONE};
use crate::arguments::{CheckProfile, Infer, Profiles};
use crate::output::Door;
use crate::text::table;

/// Runs a verb of profiles. None needs a vault.
///
/// # Errors
/// When no profile has the id, or the file is none.
pub fn run(typed: Profiles, door: &Door) -> Answer<u8> {
    match typed {
        Profiles::List => {
            let list = profiles::list()?;
            door.result("tickmark.profiles/1", &json!({ "profiles": list }), |_| {
                in_words(&list)
            });
        }
        Profiles::Show { id } => {
            let toml = profiles::show(&id)?;
            door.result("tickmark.profile/1", &json!({ "id": id, "toml": toml }), |_| {
                toml.clone()
            });
        }
        Profiles::Infer(typed) => return infer(typed, door),
        Profiles::Check(typed) => return check(typed, door),
    }
    Ok(DONE)
}

fn in_words(list: &[ProfileRow]) -> String {
    let rows: Vec<_> = list
        .iter()
        .map(|p| {
            vec![
                p.id.clone(),
                p.version.clone(),
                p.title.clone(),
                match p.kind {
                    FormatKind::Profile => "profile".to_owned(),
                    FormatKind::BuiltIn => "built in".to_owned(),
                },
                p.spec_url.clone(),
            ]
        })
        .collect();
    table(
        &["Id", "Version", "Title", "As", "Specification"],
        &rows,
        "No profile is shipped.",
    )
}

fn infer(typed: Infer, door: &Door) -> Answer<u8> {
    let (passphrase, identity) = opened_with(&typed.sealed)?;
    let found = profiles::infer(&InferRequest {
        bundle: typed.path,
        write_to: typed.output,
        trust: typed.trust,
        passphrase,
        identity,
    })?;
    door.result("tickmark.profile-inference/1", &found, inference::in_words);
    Ok(found.exit())
}

fn check(typed: CheckProfile, door: &Door) -> Answer<u8> {
    let (passphrase, identity) = opened_with(&typed.sealed)?;
    let found = profiles::check(&CheckRequest {
        profile: typed.profile,
        bundle: typed.bundle,
        trust: typed.trust,
        passphrase,
        identity,
    })?;
    door.result("tickmark.profile-check/1", &found, check::in_words);
    let holds = found.trial.as_ref().is_none_or(|trial| trial.holds);
    Ok(if holds { DONE } else { AGAINST })
}
