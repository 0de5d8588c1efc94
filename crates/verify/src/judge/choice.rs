//! Under which profile a bundle is judged, and where its records lie.

use tickmark_formats::container::{Container, Packing};

use crate::built_in::{BuiltIn, Bundle, built_in};
use crate::claims::Sighting;
use crate::detect::{Found, Recognised, Scout};
use crate::inventory::Inventory;
use crate::profile::{Profile, Source};
use crate::request::{ProfileChoice, Request, VerifyError};

/// What a bundle is judged as.
pub(super) enum Choice<'p> {
    /// Records under a profile, or under none.
    Trail(Trail<'p>),
    /// By a built-in verifier.
    BuiltIn(&'static BuiltIn, Sighting),
}

/// Records, and the profile that describes them.
pub(super) struct Trail<'p> {
    pub profile: Option<&'p Profile>,
    /// Its records; `None` where there are none.
    pub found: Option<Found>,
    pub sighting: Sighting,
}

/// Chooses as the request says; never silently between two.
pub(super) fn choose<'p>(
    bundle: &Bundle<'_>,
    request: &'p Request,
    all: &[&'p Profile],
) -> Result<Choice<'p>, VerifyError> {
    let (container, inventory) = (bundle.container, bundle.inventory);
    let mut scout = Scout::new(container, inventory, &request.trust, &request.limits);
    let trail = |profile, found: Option<Found>, sighting| {
        let found = found.map(|found| in_order(found, container, inventory));
        Ok(Choice::Trail(Trail {
            profile,
            found,
            sighting,
        }))
    };
    match &request.profile {
        ProfileChoice::Detect => match recognise(&mut scout, bundle, all) {
            Seen::Profile(profile, found) => trail(Some(profile), Some(found), Sighting::NotAsked),
            Seen::BuiltIn(built_in) => Ok(Choice::BuiltIn(built_in, Sighting::NotAsked)),
            Seen::Several(candidates) => Err(VerifyError::Ambiguous { candidates }),
            Seen::Nothing(found) => trail(None, found, Sighting::NotAsked),
        },
        ProfileChoice::Named(profile) => {
            let found = records_of(&mut scout, profile, container, inventory);
            if found.is_none() && !container.is_empty() {
                return Err(VerifyError::NoSource {
                    profile: profile.id.clone(),
                    expected: expected_members(profile),
                });
            }
            trail(Some(&**profile), found, Sighting::NotAsked)
        }
        ProfileChoice::Expected(profile) => {
            // the expected one may be another version than the shipped one, or not shipped at all
            let others = all.iter().copied().filter(|other| other.id != profile.id);
            let candidates: Vec<&Profile> = others.chain([&**profile]).collect();
            let sighting = recognise(&mut scout, bundle, &candidates).held_against(&profile.id);
            let found = records_of(&mut scout, profile, container, inventory);
            trail(Some(&**profile), found, sighting)
        }
        ProfileChoice::BuiltIn(built_in) => Ok(Choice::BuiltIn(built_in, Sighting::NotAsked)),
        ProfileChoice::ExpectedBuiltIn(built_in) => {
            let sighting = recognise(&mut scout, bundle, all).held_against(built_in.id);
            Ok(Choice::BuiltIn(built_in, sighting))
        }
    }
}

/// What a bundle looks like.
enum Seen<'p> {
    Profile(&'p Profile, Found),
    BuiltIn(&'static BuiltIn),
    /// Ids of formats between which the bundle does not decide.
    Several(Vec<String>),
    /// None; the records that are there all the same.
    Nothing(Option<Found>),
}

/// Holds the bundle against every profile and every built-in verifier. One that speaks of whole members, whatever they
/// hold, comes last: it is taken only where no other format is seen.
fn recognise<'p>(scout: &mut Scout<'_>, bundle: &Bundle<'_>, all: &[&'p Profile]) -> Seen<'p> {
    let mut shaped: Vec<&'static BuiltIn> = Vec::new();
    let mut fallback = None;
    for candidate in built_in().iter().filter(|one| one.verifier.recognises(bundle)) {
        if candidate.is_fallback {
            fallback = fallback.or(Some(candidate));
        } else {
            shaped.push(candidate);
        }
    }
    let recognised = scout.recognise(all);
    let mut candidates: Vec<String> = match &recognised {
        Recognised::One(profile, _) => vec![profile.id.clone()],
        Recognised::Several(candidates) => candidates.clone(),
        Recognised::None(_) => Vec::new(),
    };
    candidates.extend(shaped.iter().map(|one| one.id.to_owned()));
    match (recognised, shaped.first(), fallback) {
        _ if candidates.len() > 1 => Seen::Several(candidates),
        (_, Some(built_in), _) => Seen::BuiltIn(built_in),
        (Recognised::One(profile, found), ..) => Seen::Profile(profile, found),
        (Recognised::Several(candidates), ..) => Seen::Several(candidates),
        (Recognised::None(_), None, Some(built_in)) => Seen::BuiltIn(built_in),
        (Recognised::None(found), None, None) => Seen::Nothing(found),
    }
}

impl Seen<'_> {
    /// What that means where one format is expected.
    fn held_against(self, expected: &str) -> Sighting {
        let found = match self {
            Seen::Profile(found, _) => vec![found.id.clone()],
            Seen::BuiltIn(found) => vec![found.id.to_owned()],
            Seen::Several(candidates) => candidates,
            Seen::Nothing(Some(_)) => vec![UNKNOWN.to_owned()],
            // no record is there to look like anything: what cannot be read is told where it lies
            Seen::Nothing(None) => return Sighting::Unrecognised,
        };
        if found.iter().any(|id| id == expected) {
            Sighting::Expected
        } else {
            Sighting::Other(found.join(" or "))
        }
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
            order: source.order.pointer().map(str::to_owned),
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
