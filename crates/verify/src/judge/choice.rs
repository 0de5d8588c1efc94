//! Under which profile a bundle is judged, and where its records lie.

use tickmark_formats::container::{Container, Packing};

use crate::claims::Sighting;
use crate::detect::{Found, Recognised, Scout};
use crate::inventory::Inventory;
use crate::profile::{Profile, Source};
use crate::request::{ProfileChoice, Request, VerifyError};

/// What a bundle is judged as.
pub(super) struct Choice<'p> {
    pub profile: Option<&'p Profile>,
    /// Its records; `None` where there are none.
    pub found: Option<Found>,
    pub sighting: Sighting,
}

/// Chooses as the request says; never silently between two.
pub(super) fn choose<'p>(
    container: &Container,
    inventory: &Inventory,
    request: &'p Request,
    all: &[&'p Profile],
) -> Result<Choice<'p>, VerifyError> {
    let mut scout = Scout::new(container, inventory, &request.trust, &request.limits);
    let (profile, found, sighting) = match &request.profile {
        ProfileChoice::Detect => match scout.recognise(all) {
            Recognised::One(profile, found) => (Some(profile), Some(found), Sighting::NotAsked),
            Recognised::Several(candidates) => return Err(VerifyError::Ambiguous { candidates }),
            Recognised::None(found) => (None, found, Sighting::NotAsked),
        },
        ProfileChoice::Named(profile) => {
            let found = records_of(&mut scout, profile, container, inventory);
            if found.is_none() && !container.is_empty() {
                return Err(VerifyError::NoSource {
                    profile: profile.id.clone(),
                    expected: expected_members(profile),
                });
            }
            (Some(&**profile), found, Sighting::NotAsked)
        }
        ProfileChoice::Expected(profile) => {
            // the expected one may be another version than the shipped one, or not shipped at all
            let others = all.iter().copied().filter(|other| other.id != profile.id);
            let candidates: Vec<&Profile> = others.chain([&**profile]).collect();
            let sighting = sighted(scout.recognise(&candidates), profile);
            let found = records_of(&mut scout, profile, container, inventory);
            (Some(&**profile), found, sighting)
        }
    };
    Ok(Choice {
        profile,
        found: found.map(|found| in_order(found, container, inventory)),
        sighting,
    })
}

fn sighted(recognised: Recognised<'_>, expected: &Profile) -> Sighting {
    match recognised {
        Recognised::One(found, _) if found.id == expected.id => Sighting::Expected,
        Recognised::One(found, _) => Sighting::Other(found.id.clone()),
        Recognised::Several(candidates) if candidates.contains(&expected.id) => Sighting::Expected,
        Recognised::Several(candidates) => Sighting::Other(candidates.join(" or ")),
        Recognised::None(Some(_)) => Sighting::Other(UNKNOWN.to_owned()),
        // no record is there to look like anything: what cannot be read is told where it lies
        Recognised::None(None) => Sighting::Unrecognised,
    }
}

/// The profile's records, even where they do not look like it: what cannot be read there becomes faults. An empty bundle
/// has none, and that is no fault.
fn records_of(
    scout: &mut Scout<'_>,
    profile: &Profile,
    container: &Container,
    inventory: &Inventory,
) -> Option<Found> {
    if container.is_empty() {
        return None;
    }
    let of_source = |source: &Source| {
        let member = match &source.file {
            Some(pattern) => (*inventory.fitting(pattern).first()?).to_owned(),
            None if inventory.order.len() == 1 => inventory.order.first()?.clone(),
            None => return None,
        };
        Some(Found {
            members: vec![member],
            kind: source.kind,
            at: source.at.clone(),
            partition: source.partition.clone(),
            in_one_pass: false,
        })
    };
    let seen = scout.source(profile);
    seen.or_else(|| profile.source.iter().find_map(of_source))
}

fn expected_members(profile: &Profile) -> String {
    let names: Vec<&str> = profile
        .source
        .iter()
        .map(|source| source.file.as_deref().unwrap_or("a member that holds records"))
        .collect();
    names.join(" or ")
}

/// Members are read by name. A tar file knows no places, so that it is read once for every member: more than a few are
/// read in one pass instead, and in the tar file's own order where that is another.
fn in_order(mut found: Found, container: &Container, inventory: &Inventory) -> Found {
    if found.members.len() < 2 || container.packing().last() != Some(&Packing::Tar) {
        return found;
    }
    let in_container_order: Vec<String> = inventory
        .order
        .iter()
        .filter(|name| found.members.contains(name))
        .cloned()
        .collect();
    if in_container_order == found.members || found.members.len() > FEW {
        found.members = in_container_order;
        found.in_one_pass = true;
    }
    found
}

/// What a bundle looks like whose records no profile describes.
const UNKNOWN: &str = "no known format";

/// Members for which a tar file is read again and again.
const FEW: usize = 64;
