//! Sources: the systems that bundles come from. The first import under a source pins its profile; only a reviewer with a
//! reason changes it, so that a stripped bundle cannot steer to a weaker one.

use std::collections::BTreeMap;

use serde_json::json;
use tickmark_vault::table::Kept;
use tickmark_vault::table::expected_profile::ExpectedProfile;
use tickmark_vault::view::View;
use tickmark_verify::{Profile, ProfileChoice, built_in_named, verification::Verification};

use crate::contract::command::Nothing;
use crate::contract::source::{ExpectProfile, ExpectedProfileView, SourceView};
use crate::desk::Workbench;
use crate::error::{Answer, Error};
use crate::format::Format;
use crate::moment;

impl Workbench {
    /// Every source that a bundle was imported under or that a profile was stated for, by name.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn source_list(&self, _request: Nothing) -> Answer<Vec<SourceView>> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        sources(&reader.view())
    }

    /// States the profile that is expected of a source. What was expected before stays on file, and so do judgements.
    ///
    /// # Errors
    /// `invalid_input` without a name, without a reason where a profile was expected already, or when it is the same one;
    /// `not_found` for an unknown profile.
    pub fn source_expect(&self, request: ExpectProfile) -> Answer<Vec<SourceView>> {
        let typed = name(Some(&request.source))?
            .ok_or_else(|| Error::invalid("The source has no name: which system is it?"))?;
        let stated = Format::named(request.profile.trim())?;
        let reason = request.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
        let desk = self.desk()?;
        let (row, before) = {
            let reader = desk.read()?;
            let view = reader.view();
            let source = spelled(&view, typed)?;
            let before = view.expected_profiles().of(&source)?;
            (statement(source, &stated, before.as_ref(), reason)?, before)
        };
        let subject = json!({
            "source": row.source, "profile": row.profile, "version": row.profile_version, "digest": row.profile_digest,
            "before": before.map(|before| before.row.profile_digest), "reason": row.reason,
        });
        desk.write(self.now(), "source.expect", subject, |txn| {
            txn.expected_profiles_mut().insert(&row)
        })?;
        self.source_list(Nothing {})
    }
}

fn statement(
    source: String,
    stated: &Format,
    before: Option<&Kept<ExpectedProfile>>,
    reason: Option<&str>,
) -> Answer<ExpectedProfile> {
    if before.is_some_and(|before| before.profile_digest == stated.digest()) {
        return Err(Error::invalid(format!(
            "The profile {} is expected of {source} already.",
            stated.id()
        )));
    }
    if let (Some(before), None) = (before, reason) {
        return Err(Error::invalid(format!(
            "It is not stated why {} is expected of {source} instead of {}.",
            stated.id(),
            before.profile
        ))
        .hint("For example: the operator changed the format on 1 November 2026, as their letter of that day says."));
    }
    Ok(ExpectedProfile {
        version: before.map_or(1, |before| before.version + 1),
        reason: reason.map(str::to_owned),
        ..first(source, stated)
    })
}

/// The first statement about a source: what its first import showed.
pub(crate) fn first(source: String, stated: &Format) -> ExpectedProfile {
    ExpectedProfile {
        source,
        version: 1,
        profile: stated.id().to_owned(),
        profile_version: stated.version().to_owned(),
        profile_digest: stated.digest(),
        text: stated.text().to_owned(),
        reason: None,
    }
}

/// A source's name as typed: white space at its ends and repeated within says nothing.
///
/// # Errors
/// `invalid_input` when it is too long or holds characters that nobody sees.
pub(crate) fn name(typed: Option<&str>) -> Answer<Option<String>> {
    let words: Vec<&str> = typed.unwrap_or_default().split_whitespace().collect();
    let name = words.join(" ");
    if name.is_empty() {
        return Ok(None);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid(format!(
            "A source's name has at most {LONGEST_NAME} characters; this one has {}.",
            name.chars().count()
        )));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid("A source's name holds no control characters."));
    }
    Ok(Some(name))
}

/// The name as the vault has it, where it differs in case only: a slip of the hand must not make a new source, of which
/// nothing would be expected.
pub(crate) fn spelled(view: &View<'_>, name: String) -> Answer<String> {
    let folded = name.to_lowercase();
    let known = sources(view)?
        .into_iter()
        .find(|known| known.name.to_lowercase() == folded);
    Ok(known.map_or(name, |known| known.name))
}

/// Under which profile a bundle of this source is judged.
///
/// # Errors
/// `invalid_input` when another profile is named than the one that is expected; `not_found` for an unknown one.
pub(crate) fn choice(view: &View<'_>, source: Option<&str>, named: Option<&str>) -> Answer<ProfileChoice> {
    let named = named.map(Format::named).transpose()?;
    let expected = match source {
        Some(source) => view.expected_profiles().of(source)?,
        None => None,
    };
    let Some(expected) = expected else {
        return Ok(named.map_or(ProfileChoice::Detect, Format::choice));
    };
    if let Some(named) = named.filter(|named| named.digest() != expected.profile_digest) {
        let which = if named.id() == expected.profile {
            format!("another text of {}", named.id())
        } else {
            named.id().to_owned()
        };
        return Err(Error::invalid(format!(
            "The profile {} is expected of {}; you named {which}.",
            expected.profile, expected.source
        ))
        .hint("State the new profile for the source first, with the reason: `tickmark source expect`."));
    }
    at_hand(&expected).map(Format::expectation)
}

/// The format that is expected, as it was when it was stated.
fn at_hand(expected: &ExpectedProfile) -> Answer<Format> {
    let unreadable = |why: &str| {
        Error::invalid(format!(
            "The profile {} that is expected of {} cannot be used by this program: {why}",
            expected.profile, expected.source
        ))
        .hint("State the profile for the source anew, with the reason: `tickmark source expect`.")
    };
    if !expected.text.is_empty() {
        let parsed = Profile::parse(&expected.text).map_err(|error| unreadable(&error.to_string()))?;
        return Ok(Format::Profile(Box::new(parsed)));
    }
    match built_in_named(&expected.profile) {
        Some(found) if found.digest() == expected.profile_digest => Ok(Format::BuiltIn(found)),
        Some(found) => Err(unreadable(&format!(
            "it was version {}, and this program has version {}.",
            expected.profile_version, found.version
        ))),
        None => Err(unreadable("it has no such built-in verifier.")),
    }
}

/// What the first import under a source pins: the profile that it was judged under.
///
/// # Errors
/// When the vault cannot be read.
pub(crate) fn pin(
    view: &View<'_>,
    source: Option<&str>,
    asked: &ProfileChoice,
    verification: &Verification,
) -> Answer<Option<ExpectedProfile>> {
    let (Some(source), Some(used)) = (source, &verification.profile) else {
        return Ok(None);
    };
    if view.expected_profiles().of(source)?.is_some() {
        return Ok(None);
    }
    let used = match asked {
        ProfileChoice::Named(named) | ProfileChoice::Expected(named) => Format::Profile(named.clone()),
        ProfileChoice::BuiltIn(named) | ProfileChoice::ExpectedBuiltIn(named) => Format::BuiltIn(named),
        ProfileChoice::Detect => Format::named(&used.id)?,
    };
    Ok(Some(first(source.to_owned(), &used)))
}

/// Whether a bundle of this source is judged with another profile, or with keys of its own.
///
/// # Errors
/// When the vault cannot be read.
pub(crate) fn judges_otherwise(
    view: &View<'_>,
    source: Option<&str>,
    verification: &Verification,
) -> Answer<bool> {
    let Some(source) = source else { return Ok(false) };
    let used = verification
        .profile
        .as_ref()
        .map(|profile| profile.digest.as_str());
    let expected = view.expected_profiles().of(source)?;
    let is_other = expected.is_some_and(|expected| Some(expected.profile_digest.as_str()) != used);
    let (own, general) = (
        view.pinned_keys().trusted_for(Some(source))?,
        view.pinned_keys().trusted_for(None)?,
    );
    Ok(is_other || own.len() != general.len())
}

fn sources(view: &View<'_>) -> Answer<Vec<SourceView>> {
    let mut found: BTreeMap<String, SourceView> = BTreeMap::new();
    let entry = |name: &str| SourceView {
        name: name.to_owned(),
        bundles: 0,
        expected: None,
        superseded: Vec::new(),
    };
    for bundle in view.bundles().list()? {
        if let Some(source) = &bundle.source {
            let known = found.entry(source.clone()).or_insert_with(|| entry(source));
            known.bundles += 1;
        }
    }
    for stated in view.expected_profiles().list()? {
        let known = found
            .entry(stated.source.clone())
            .or_insert_with(|| entry(&stated.source));
        if let Some(before) = known.expected.replace(expected_view(&stated)) {
            known.superseded.insert(0, before);
        }
    }
    Ok(found.into_values().collect())
}

fn expected_view(stated: &Kept<ExpectedProfile>) -> ExpectedProfileView {
    ExpectedProfileView {
        profile: stated.profile.clone(),
        version: stated.profile_version.clone(),
        digest: stated.profile_digest.clone(),
        stated_at: moment::stated(stated.at),
        stated_by: stated.by.clone(),
        reason: stated.reason.clone(),
    }
}

const LONGEST_NAME: usize = 200;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_words() {
        assert_eq!(
            name(Some("  Example Bank,\t gateway ")).unwrap().as_deref(),
            Some("Example Bank, gateway")
        );
        assert_eq!(name(Some("  ")).unwrap(), None);
        assert_eq!(name(None).unwrap(), None);
        assert!(name(Some("gate\u{7}way")).is_err());
        assert!(name(Some(&"x".repeat(201))).is_err());
    }
}
