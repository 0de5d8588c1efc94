//! Whether a profile holds together: what single tables cannot show.

use tickmark_crypto::encoding::unhex;
use tickmark_crypto::key::KeyAlgorithm;
use tickmark_formats::json::{Kind, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;

use super::{
    As, CarriedKey, DropNull, Genesis, Json, Link, Part, Place, Profile, ProfileError, Required,
    StatementSignature, Target,
};
use crate::carried;
use crate::coverage::Reach;
use crate::examine::target_encoding;

/// Holds a profile against the rules of `docs/profiles.md`.
pub(super) fn check(profile: &Profile) -> Result<(), ProfileError> {
    names(profile)?;
    pointers(profile)?;
    for (at, parts) in profile.part_lists() {
        part_list(at, parts)?;
    }
    link(profile)?;
    tokens(profile)?;
    order(profile)?;
    time(profile)?;
    keys(profile)?;
    statements(profile)
}

fn names(profile: &Profile) -> Result<(), ProfileError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if profile.id.is_empty() || profile.id.len() > 64 || !profile.id.chars().all(plain) {
        let expected = "lower-case letters, digits and hyphens, at most 64";
        return Err(value("id", expected, &profile.id));
    }
    if profile.detect.all.is_empty() && profile.detect.constant.is_empty() {
        return Err(value("detect", "a pointer in all or const", "neither"));
    }
    if profile.source.is_empty() {
        return Err(value("source", "at least one source", "none"));
    }
    if profile.hash.is_none() && profile.signatures.is_empty() && profile.manifest.is_none() {
        return Err(value(
            "profile",
            "a hash, a signature or a manifest",
            "none of them",
        ));
    }
    if profile.seq.as_ref().is_some_and(|seq| seq.step == 0) {
        return Err(value("seq.step", "a number other than 0", "0"));
    }
    Ok(())
}

fn pointers(profile: &Profile) -> Result<(), ProfileError> {
    let mut all: Vec<(&'static str, &str)> = Vec::new();
    all.extend(profile.detect.all.iter().map(|p| ("detect.all", p.as_str())));
    all.extend(profile.detect.none.iter().map(|p| ("detect.none", p.as_str())));
    all.extend(
        profile
            .detect
            .constant
            .keys()
            .map(|p| ("detect.const", p.as_str())),
    );
    for source in &profile.source {
        all.push(("source.at", &source.at));
        all.extend(source.partition.as_deref().map(|p| ("source.partition", p)));
        all.extend(source.order.pointer().map(|p| ("source.order", p)));
    }
    all.extend(profile.time.iter().map(|t| ("time.field", t.field.as_str())));
    all.extend(profile.seq.iter().map(|s| ("seq.field", s.field.as_str())));
    all.extend(
        profile
            .hash
            .iter()
            .filter_map(|h| Some(("hash.field", h.field.as_deref()?))),
    );
    all.extend(profile.fixed.keys().map(|p| ("fixed", p.as_str())));
    all.extend(profile.checks.iter().map(|c| ("checks.field", c.field.as_str())));
    if let Some(link) = &profile.link {
        all.extend(link.field.as_deref().map(|p| ("link.field", p)));
        all.extend(link.genesis_field.as_deref().map(|p| ("link.genesis_field", p)));
        if let Target::Field(field) = &link.target {
            all.push(("link.target.field", field));
        }
    }
    for signature in &profile.signatures {
        all.push(("signatures.field", &signature.field));
        if let Required::If(condition) = &signature.required {
            all.push(("signatures.required", condition));
        }
        all.extend(signature.envelope.as_deref().map(|p| ("signatures.envelope", p)));
        let key = &signature.key;
        let places = [&key.kid, &key.digest, &key.field, &key.at];
        all.extend(
            places
                .into_iter()
                .filter_map(|p| Some(("signatures.key", p.as_deref()?))),
        );
    }
    all.extend(
        profile
            .manifest
            .iter()
            .map(|m| ("manifest.entries", m.entries.as_str())),
    );
    let terminal = profile.expect.iter().filter_map(|e| e.terminal.as_ref());
    all.extend(terminal.map(|t| ("expect.terminal.field", t.field.as_str())));
    all.into_iter().try_for_each(|(at, text)| pointer(at, text))
}

fn pointer(at: &str, text: &str) -> Result<(), ProfileError> {
    match Pointer::parse(text) {
        Ok(_) => Ok(()),
        Err(_) => Err(value(at, "a JSON pointer such as /chain/prev", text)),
    }
}

/// Bounds number and depth, holds every pointer and text against its form, and refuses what says nothing of the record.
fn part_list(at: &str, parts: &[Part]) -> Result<(), ProfileError> {
    let mut left = MOST;
    walk(at, parts, DEEPEST, &mut left)?;
    if parts.iter().any(reads_record) {
        Ok(())
    } else {
        Err(value(
            at,
            "a part that is taken from the record",
            "constants only",
        ))
    }
}

fn reads_record(part: &Part) -> bool {
    match part {
        Part::Field { .. } | Part::RawLine | Part::SigningInput => true,
        Part::Json(json) => json.include.as_ref().is_none_or(|names| !names.is_empty()),
        Part::Digest { parts, .. } => parts.iter().any(reads_record),
        Part::Literal(_) | Part::Previous(_) => false,
    }
}

fn walk(at: &str, parts: &[Part], depth: usize, left: &mut usize) -> Result<(), ProfileError> {
    for part in parts {
        if *left == 0 || depth == 0 {
            return Err(ProfileError::TooManyParts {
                at: at.to_owned(),
                limit: MOST,
                depth: DEEPEST,
            });
        }
        *left -= 1;
        match part {
            Part::Field { pointer: field, .. } => pointer(at, field)?,
            Part::Digest { parts, .. } => walk(at, parts, depth - 1, left)?,
            Part::Json(json) => json_part(at, json)?,
            Part::Literal(_) | Part::Previous(_) | Part::RawLine | Part::SigningInput => {}
        }
    }
    Ok(())
}

fn json_part(at: &str, json: &Json) -> Result<(), ProfileError> {
    pointer(at, &json.of)?;
    json.exclude.iter().try_for_each(|p| pointer(at, p))?;
    if let DropNull::Some(listed) = &json.drop_null {
        listed.iter().try_for_each(|p| pointer(at, p))?;
    }
    for (field, form) in &json.reformat {
        pointer(at, field)?;
        if !matches!(form, As::IsoMs | As::PyIsoformat) {
            return Err(value(at, "iso-ms or py-isoformat in reformat", field));
        }
    }
    for (field, text) in json.set.iter().chain(&json.default) {
        pointer(at, field)?;
        let parsed = parse(text.as_bytes(), &Limits::default());
        let is_scalar =
            parsed.is_ok_and(|value| matches!(value.kind, Kind::Null | Kind::Bool(_) | Kind::String(_)));
        if !is_scalar {
            return Err(value(at, "a JSON text such as \"null\" or \"\\\"\\\"\"", text));
        }
    }
    Ok(())
}

fn link(profile: &Profile) -> Result<(), ProfileError> {
    let takes_previous = profile.needs_previous();
    let is_partitioned = profile.source.iter().any(|source| source.partition.is_some());
    if is_partitioned && takes_previous {
        let expected = "no preimage that takes the previous record";
        return Err(value("source.partition", expected, "one that does"));
    }
    let Some(link) = &profile.link else {
        return if takes_previous {
            Err(value("link", "a link, for a preimage that takes prev", "none"))
        } else {
            Ok(())
        };
    };
    let has_hash = profile.hash.as_ref().is_some_and(|hash| hash.field.is_some());
    if matches!(link.target, Target::Hash) && !has_hash {
        return Err(value("link.target", "a hash with a field", "no recorded hash"));
    }
    if let Target::Preimage(target) = &link.target
        && target.parts.iter().any(Part::takes_previous)
    {
        return Err(value("link.target.preimage", "no part prev", "one"));
    }
    if link.genesis.is_empty() && link.genesis_field.is_none() {
        return Err(value("link.genesis", "a value, or genesis_field", "neither"));
    }
    if let Some(field) = &link.genesis_field {
        genesis_field(profile, link, field)?;
    }
    if !link.also.is_empty() && target_encoding(profile).is_none() {
        return Err(value(
            "link.also",
            "a target whose own spelling is known",
            "another",
        ));
    }
    if link.field.is_none() {
        implicit(link, takes_previous)?;
    }
    Ok(())
}

/// A field that anybody can write, or the link itself, would make any record a first one.
fn genesis_field(profile: &Profile, link: &Link, field: &str) -> Result<(), ProfileError> {
    let expected = "a field other than the link, which the target covers";
    let is_covered = Reach::of_target(profile).is_some_and(|reach| reach.covers(field));
    if link.field.as_deref() == Some(field) || !is_covered {
        return Err(value("link.genesis_field", expected, field));
    }
    Ok(())
}

/// Signed tokens have the signatures of signed tokens, and nothing else has.
fn tokens(profile: &Profile) -> Result<(), ProfileError> {
    let tokens = profile
        .source
        .iter()
        .filter(|source| source.kind.is_jws())
        .count();
    if tokens > 0 && tokens < profile.source.len() {
        return Err(value(
            "source.kind",
            "signed tokens in all sources or in none",
            "both",
        ));
    }
    let holds = |parts: &[Part]| parts.iter().any(holds_signing_input);
    let lists = profile.part_lists();
    let signed = profile
        .signatures
        .iter()
        .filter(|signature| signature.is_jws())
        .count();
    let all = lists.iter().filter(|(_, parts)| holds(parts)).count();
    let is_elsewhere = all != signed
        || profile
            .statement_signatures()
            .any(|signature| holds(&signature.message));
    if is_elsewhere || (signed > 0) != (tokens > 0) || signed > 1 {
        let expected = "raw = \"jws\" as the whole message of one signature, over sources of kind jws";
        return Err(value("signatures.message", expected, "another use"));
    }
    Ok(())
}

fn holds_signing_input(part: &Part) -> bool {
    match part {
        Part::SigningInput => true,
        Part::Digest { parts, .. } => parts.iter().any(holds_signing_input),
        _ => false,
    }
}

/// A preimage that takes the record before is built while records are read, in file order.
fn order(profile: &Profile) -> Result<(), ProfileError> {
    let by = profile.source.iter().find_map(|source| source.order.pointer());
    match by {
        Some(by) if profile.needs_previous() => {
            let expected = "file, where a preimage takes the previous record";
            Err(value("source.order", expected, by))
        }
        _ => Ok(()),
    }
}

/// A time that nothing covers is nobody's word.
fn time(profile: &Profile) -> Result<(), ProfileError> {
    let Some(time) = &profile.time else { return Ok(()) };
    let mut signatures = 0..profile.signatures.len();
    let is_covered = if profile.signatures.is_empty() {
        Reach::content(profile).covers(&time.field)
    } else {
        signatures.any(|index| Reach::of_signature(profile, index).covers(&time.field))
    };
    if is_covered {
        Ok(())
    } else {
        Err(value(
            "time.field",
            "a field that a signature covers, or else a hash",
            &time.field,
        ))
    }
}

/// A link that stands in no field enters the preimage, and has one beginning.
fn implicit(link: &Link, takes_previous: bool) -> Result<(), ProfileError> {
    if !takes_previous || matches!(link.target, Target::Preimage(_)) {
        let expected = "a field, or a recorded target and prev in a preimage";
        return Err(value("link.field", expected, "none"));
    }
    match (link.genesis.as_slice(), &link.genesis_field) {
        ([Genesis::Text(_)], None) | ([], Some(_)) => Ok(()),
        _ => Err(value(
            "link.genesis",
            "one text, or else genesis_field, for a link without a field",
            "another",
        )),
    }
}

fn keys(profile: &Profile) -> Result<(), ProfileError> {
    for signature in &profile.signatures {
        if signature.may_be_keyed() && signature.algorithms.len() > 1 {
            return Err(value("signatures.alg", "hmac-sha256 alone", "beside others"));
        }
        let is_ecdsa = |alg: &KeyAlgorithm| matches!(alg, KeyAlgorithm::Es256 | KeyAlgorithm::Es384);
        if signature.low_s && !signature.algorithms.iter().any(is_ecdsa) {
            return Err(value("signatures.low_s", "es256 or es384 in alg", "neither"));
        }
        key("signatures.key.enc", &signature.key, &signature.algorithms)?;
    }
    for signature in profile.statement_signatures() {
        key("signature.key.enc", &signature.key, &[signature.alg])?;
    }
    Ok(())
}

fn key(at: &str, key: &CarriedKey, algorithms: &[KeyAlgorithm]) -> Result<(), ProfileError> {
    match &key.enc {
        Some(enc) if carried::encoding(enc).is_none() => Err(value(
            at,
            "hex, b64, b64url, pem, did, did-url, jwk, or a prefix, + and hex, b64 or b64url",
            enc,
        )),
        Some(enc) if algorithms.contains(&KeyAlgorithm::HmacSha256) => {
            Err(value(at, "no carried key for hmac-sha256", enc))
        }
        _ => Ok(()),
    }
}

fn statements(profile: &Profile) -> Result<(), ProfileError> {
    let has_hash = profile.hash.as_ref().is_some_and(|hash| hash.field.is_some());
    if let Some(closing) = &profile.closing {
        if !has_hash {
            return Err(value("final", "a hash with a field", "no recorded hash"));
        }
        closing.stated.iter().try_for_each(|p| place("final.stated", p))?;
    }
    if let Some(tree) = &profile.tree {
        for (at, prefix) in [
            ("tree.leaf_prefix", &tree.leaf_prefix),
            ("tree.node_prefix", &tree.node_prefix),
        ] {
            if unhex(prefix).is_err() {
                return Err(value(at, "lower-case hex", prefix));
            }
        }
        tree.root.iter().try_for_each(|p| place("tree.root", p))?;
    }
    if let Some(expect) = &profile.expect {
        for stated in expect.count.iter().chain(&expect.head) {
            place("expect", stated)?;
        }
    }
    profile.statement_signatures().try_for_each(statement_signature)
}

fn statement_signature(signature: &StatementSignature) -> Result<(), ProfileError> {
    use super::Over;
    place("signature.place", &signature.place)?;
    if signature.over == Over::Document {
        part_list("signature.message", &signature.message)?;
        if signature.message.iter().any(Part::takes_previous) {
            return Err(value("signature.message", "no part prev", "one"));
        }
    }
    Ok(())
}

fn place(at: &str, place: &Place) -> Result<(), ProfileError> {
    place.at.iter().try_for_each(|p| pointer(at, p))?;
    match (&place.file, &place.at, &place.line) {
        (None, None, _) => Err(value(at, "a file, or a pointer around the records", "neither")),
        (_, Some(_), Some(_)) => Err(value(at, "at or line", "both")),
        _ => Ok(()),
    }
}

fn value(at: &str, expected: &'static str, found: &str) -> ProfileError {
    ProfileError::Value {
        at: at.to_owned(),
        expected,
        found: found.chars().take(120).collect(),
    }
}

/// Most parts of one list, nested ones counted.
const MOST: usize = 64;
/// Deepest nesting of digests.
const DEEPEST: usize = 4;
