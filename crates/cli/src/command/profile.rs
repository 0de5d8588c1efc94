//! `profiles`: how systems hash, link and sign.

use serde_json::json;
use tickmark_workbench::Answer;
use tickmark_workbench::profiles::{self, FormatKind, ProfileExplanation, ProfileRow};

use super::DONE;
use crate::arguments::Profiles;
use crate::output::Door;
use crate::text::{bullets, grouped, pairs, table, visible};

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
        Profiles::Check { file } => {
            door.result("tickmark.profile-check/1", &profiles::check(&file)?, explained);
        }
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

fn explained(profile: &ProfileExplanation) -> String {
    let head = pairs(&[
        ("Id", profile.id.clone()),
        ("Version", profile.version.clone()),
        ("Digest", grouped(&profile.digest)),
    ]);
    format!(
        "{}\n{head}\nWhat it says\n{}",
        visible(&profile.title),
        bullets(&profile.sentences)
    )
}
