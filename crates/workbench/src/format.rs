//! What a bundle can be judged as: a profile, shipped or from a file, or a built-in verifier. One id stands for one of them.

use std::path::Path;

use tickmark_verify::{BuiltIn, Profile, ProfileChoice, built_in, built_in_named};

use crate::error::{Answer, Code, Error};
use crate::received::small_file;

/// A format, by whichever way it is described.
#[derive(Debug)]
pub enum Format {
    /// Described by data.
    Profile(Box<Profile>),
    /// Verified by code.
    BuiltIn(&'static BuiltIn),
}

impl Format {
    /// A built-in verifier or shipped profile by its id, or a profile from a file.
    ///
    /// # Errors
    /// `not_found` for an unknown id; `invalid_input` for a file that is no profile.
    pub fn named(name: &str) -> Answer<Format> {
        if let Some(found) = built_in_named(name) {
            return Ok(Format::BuiltIn(found));
        }
        let shipped = shipped()?;
        if let Some(found) = shipped.iter().find(|profile| profile.id == name) {
            return Ok(Format::Profile(Box::new(found.clone())));
        }
        if Path::new(name).is_file() {
            return Ok(Format::Profile(Box::new(profile_file(Path::new(name))?)));
        }
        let profiles = shipped.iter().map(|profile| profile.id.as_str());
        let mut ids: Vec<&str> = profiles.chain(built_in().iter().map(|one| one.id)).collect();
        ids.sort_unstable();
        Err(Error::new(
            Code::NotFound,
            format!("“{name}” is neither a shipped profile, nor a built-in verifier, nor a file."),
        )
        .hint(format!("Known: {}.", ids.join(", "))))
    }

    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Format::Profile(profile) => &profile.id,
            Format::BuiltIn(found) => found.id,
        }
    }

    /// Its version.
    pub fn version(&self) -> &str {
        match self {
            Format::Profile(profile) => &profile.version,
            Format::BuiltIn(found) => found.version,
        }
    }

    /// Its digest, as a verification names it.
    pub fn digest(&self) -> String {
        match self {
            Format::Profile(profile) => profile.digest().to_owned(),
            Format::BuiltIn(found) => found.digest(),
        }
    }

    /// A profile's TOML text; empty for a built-in verifier.
    pub fn text(&self) -> &str {
        match self {
            Format::Profile(profile) => profile.text(),
            Format::BuiltIn(_) => "",
        }
    }

    /// To judge under this format, and to tell where the bundle looks like another.
    pub fn expectation(self) -> ProfileChoice {
        match self {
            Format::Profile(profile) => ProfileChoice::Expected(profile),
            Format::BuiltIn(found) => ProfileChoice::ExpectedBuiltIn(found),
        }
    }

    /// To judge under this format and no other.
    pub fn choice(self) -> ProfileChoice {
        match self {
            Format::Profile(profile) => ProfileChoice::Named(profile),
            Format::BuiltIn(found) => ProfileChoice::BuiltIn(found),
        }
    }
}

/// Under which format a bundle is to be judged: the named one, or whichever is recognised.
///
/// # Errors
/// As [`Format::named`].
pub fn choice(name: Option<&str>) -> Answer<ProfileChoice> {
    name.map_or(Ok(ProfileChoice::Detect), |name| {
        Format::named(name).map(Format::choice)
    })
}

/// Under which format a bundle is to be judged again. A profile that is not at hand any more is looked for by shape.
pub fn choice_again(before: Option<&str>) -> ProfileChoice {
    choice(before).unwrap_or(ProfileChoice::Detect)
}

/// The shipped profiles, by id.
///
/// # Errors
/// `internal` when one is damaged.
pub fn shipped() -> Answer<&'static [Profile]> {
    tickmark_verify::profile::shipped().map_err(|(id, message)| {
        Error::new(
            Code::Internal,
            format!("The shipped profile {id} cannot be read: {message}"),
        )
    })
}

/// A profile from a file.
///
/// # Errors
/// `invalid_input`, naming what was expected, found and where.
pub fn profile_file(path: &Path) -> Answer<Profile> {
    let name = path.display();
    let bytes = small_file(path, tickmark_verify::profile::LONGEST as u64)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{name} holds no text.")))?;
    Profile::parse(&text).map_err(|error| Error::invalid(format!("{name}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_format_names_the_known_ones() {
        let error = Format::named("nonsense").unwrap_err();
        assert!(format!("{error:?}").contains("witnesskit"), "{error:?}");
    }

    #[test]
    fn a_shipped_profile_is_found_by_its_id() {
        let found = Format::named("witnesskit").unwrap();
        assert!(matches!(found, Format::Profile(profile) if profile.id == "witnesskit"));
    }

    #[test]
    fn every_built_in_verifier_is_found_by_its_id() {
        for one in built_in() {
            let found = Format::named(one.id).unwrap();
            assert!(matches!(found.choice(), ProfileChoice::BuiltIn(found) if found.id == one.id));
        }
    }
}
