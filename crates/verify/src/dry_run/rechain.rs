//! What a forger without a key can do: edit one record, and make every hash and link behind it anew.

use tickmark_formats::canonical::{Escape, write_string};
use tickmark_formats::json::{Value, parse};
use tickmark_formats::limits::Limits;

use super::copy::Copy;
use super::edit::changed;
use crate::coverage::Reach;
use crate::examine::target_encoding;
use crate::preimage::{Material, at, build};
use crate::profile::{Genesis, Part, Profile, Target};

/// The records with one of them edited and everything that follows from it made anew. `None` when there is nothing to make
/// anew, or no text to edit.
pub(super) fn remade(profile: &Profile, copy: &Copy, limits: &Limits) -> Option<Vec<Vec<u8>>> {
    let has_chain = profile.hash.is_some() || profile.link.is_some();
    let middle = copy.records.len() / 2;
    let edited = edited(profile, copy.text(middle), limits).filter(|_| has_chain)?;
    let mut texts: Vec<Vec<u8>> = (0..copy.records.len())
        .map(|index| copy.text(index).to_vec())
        .collect();
    *texts.get_mut(middle)? = edited;
    let forger = Forger { profile, limits };
    for index in middle..texts.len() {
        let before = index.checked_sub(1).and_then(|before| texts.get(before).cloned());
        let made = forger.made(texts.get(index)?, before.as_deref(), index > middle)?;
        *texts.get_mut(index)? = made;
    }
    Some(texts)
}

/// A record with another text in a leaf that the profile covers and that is no hash, link, signature or number itself.
fn edited(profile: &Profile, text: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let value = parse(text, limits).ok()?;
    let content = Reach::content(profile);
    let mut own: Vec<&str> = profile.checks.iter().map(|check| check.field.as_str()).collect();
    own.extend(profile.hash.iter().filter_map(|hash| hash.field.as_deref()));
    own.extend(profile.link.iter().filter_map(|link| link.field.as_deref()));
    own.extend(profile.seq.iter().map(|seq| seq.field.as_str()));
    for signature in &profile.signatures {
        own.push(&signature.field);
        own.extend(signature.key.field.as_deref());
        own.extend(signature.key.kid.as_deref());
    }
    own.extend(
        profile
            .source
            .iter()
            .filter_map(|source| source.partition.as_deref()),
    );
    own.extend(profile.detect.constant.keys().map(String::as_str));
    let (_, leaf) = value.leaves().into_iter().find(|(place, leaf)| {
        let pointer = place.to_string();
        let is_own = own
            .iter()
            .any(|field| pointer == *field || pointer.starts_with(&format!("{field}/")));
        let first = leaf.as_str().and_then(|text| text.chars().next());
        first.is_some_and(|c| c.is_ascii_alphabetic()) && !is_own && content.covers(&pointer)
    })?;
    let token = String::from_utf8_lossy(leaf.span.of(text)).into_owned();
    let mut out = text.get(..leaf.span.start as usize)?.to_vec();
    out.extend_from_slice(changed(leaf, &token).as_bytes());
    out.extend_from_slice(text.get(leaf.span.end as usize..)?);
    Some(out)
}

struct Forger<'f> {
    profile: &'f Profile,
    limits: &'f Limits,
}

impl Forger<'_> {
    /// A record with its link, checks and hash as they follow from its content and the record before.
    fn made(&self, text: &[u8], before: Option<&[u8]>, relink: bool) -> Option<Vec<u8>> {
        let mut text = text.to_vec();
        let previous = match before {
            Some(before) => self.target(before),
            None => self.profile.link.as_ref().and_then(|link| {
                link.genesis.iter().find_map(|genesis| match genesis {
                    Genesis::Text(text) => Some(text.clone()),
                    Genesis::Absent | Genesis::Null => None,
                })
            }),
        };
        if relink
            && let Some(field) = self.profile.link.as_ref().and_then(|link| link.field.as_deref())
            && let Some(target) = &previous
        {
            text = self.with_text(&text, field, target)?;
        }
        // a hash may cover a check and a check a hash; what is left open after so many rounds cannot be forged
        for _ in 0..ROUNDS {
            let mut next = text.clone();
            for check in &self.profile.checks {
                let made = self.digest(&next, &check.preimage, check.alg, previous.as_deref());
                if let Some(digest) = made {
                    next = self
                        .with_text(&next, &check.field, &check.enc.write(digest.as_bytes()))
                        .unwrap_or(next);
                }
            }
            if let Some(hash) = &self.profile.hash
                && let Some(field) = &hash.field
                && let Some(digest) = self.digest(&next, &hash.preimage, hash.alg, previous.as_deref())
            {
                next = self
                    .with_text(&next, field, &hash.enc.write(digest.as_bytes()))
                    .unwrap_or(next);
            }
            if next == text {
                break;
            }
            text = next;
        }
        Some(text)
    }

    fn digest(
        &self,
        text: &[u8],
        parts: &[Part],
        alg: tickmark_crypto::digest::Algorithm,
        previous: Option<&str>,
    ) -> Option<tickmark_crypto::digest::Digest> {
        let record = parse(text, self.limits).ok()?;
        let material = Material {
            record: &record,
            text,
            line: text,
            previous: previous.map(|text| (text, target_encoding(self.profile))),
            planned: None,
        };
        let mut bytes = Vec::new();
        build(parts, &material, &mut bytes).ok()?;
        Some(alg.of(&bytes))
    }

    /// What a next record names.
    fn target(&self, text: &[u8]) -> Option<String> {
        let field = |pointer: &str| {
            let record = parse(text, self.limits).ok()?;
            at(&record, pointer)?.as_str().map(str::to_owned)
        };
        match &self.profile.link.as_ref()?.target {
            Target::Hash => field(self.profile.hash.as_ref()?.field.as_deref()?),
            Target::Field(pointer) => field(pointer),
            Target::Preimage(target) => {
                let digest = self.digest(text, &target.parts, target.alg, None)?;
                Some(target.enc.write(digest.as_bytes()))
            }
        }
    }

    /// A record with another text in a field that is there.
    fn with_text(&self, text: &[u8], pointer: &str, new: &str) -> Option<Vec<u8>> {
        let record = parse(text, self.limits).ok()?;
        let value: &Value<'_> = at(&record, pointer)?;
        let mut out = text.get(..value.span.start as usize)?.to_vec();
        write_string(new, Escape::Utf8, false, &mut out);
        out.extend_from_slice(text.get(value.span.end as usize..)?);
        Some(out)
    }
}

const ROUNDS: usize = 4;
