//! How much one profile may ask for. Work is the product of profile and record: a record may be large, so the other factor
//! is kept small. Every format that is known stays far below.

use super::{DropNull, Json, Part, Profile, ProfileError};

/// Refuses a profile that asks for more than any format needs.
pub(super) fn check(profile: &Profile) -> Result<(), ProfileError> {
    let detect = &profile.detect;
    let statements = profile
        .closing
        .iter()
        .map(|closing| closing.stated.len())
        .chain(profile.tree.iter().map(|tree| tree.root.len()));
    let mut parts = 0;
    let mut names = 0;
    for (_, list) in profile.part_lists() {
        count(list, &mut parts, &mut names);
    }
    for signature in profile.statement_signatures() {
        count(&signature.message, &mut parts, &mut names);
    }
    let genesis = profile
        .link
        .as_ref()
        .map_or(0, |link| link.genesis.len() + link.also.len());
    let counted = [
        (
            "detect",
            MOST_POINTERS,
            "at most 64 pointers",
            detect.all.len() + detect.none.len() + detect.constant.len() + profile.fixed.len(),
        ),
        ("source", MOST_LISTED, "at most 16 sources", profile.source.len()),
        (
            "link",
            MOST_LISTED,
            "at most 16 values of genesis and also",
            genesis,
        ),
        ("stated, root", MOST_LISTED, "at most 16 places", statements.sum()),
        (
            "profile",
            MOST_PARTS,
            "at most 256 parts in all preimages and messages",
            parts,
        ),
        (
            "profile",
            MOST_NAMES,
            "at most 1024 names and pointers in all json parts",
            names,
        ),
    ];
    match counted.into_iter().find(|(_, most, _, found)| found > most) {
        Some((at, _, expected, found)) => Err(ProfileError::Value {
            at: at.to_owned(),
            expected,
            found: found.to_string(),
        }),
        None => Ok(()),
    }
}

fn count(list: &[Part], parts: &mut usize, names: &mut usize) {
    for part in list {
        *parts += 1;
        match part {
            Part::Digest { parts: inner, .. } => count(inner, parts, names),
            Part::Json(json) => *names += named(json),
            _ => {}
        }
    }
}

fn named(json: &Json) -> usize {
    let nulls = match &json.drop_null {
        DropNull::Some(pointers) => pointers.len(),
        DropNull::None | DropNull::All(_) => 0,
    };
    let included = json.include.as_ref().map_or(0, Vec::len);
    included + json.exclude.len() + json.set.len() + json.default.len() + json.reformat.len() + nulls
}

const MOST_POINTERS: usize = 64;
const MOST_LISTED: usize = 16;
const MOST_PARTS: usize = 256;
const MOST_NAMES: usize = 1_024;
