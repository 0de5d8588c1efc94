//! A profile in plain sentences: what it says, and what it cannot show.

use crate::coverage::Reach;
use crate::profile::{
    As, DropNull, Gaps, Genesis, Json, Link, Part, Previous, Profile, Required, Signature, SourceKind, Target,
};

/// What a profile says, each part in a plain sentence.
pub fn explain(profile: &Profile) -> Vec<String> {
    let mut said = Vec::new();
    for source in &profile.source {
        let from = source
            .file
            .as_deref()
            .map_or("any member that looks like it".to_owned(), |file| {
                format!("members named {file}")
            });
        said.push(match source.kind {
            SourceKind::Jsonl => format!("Records stand one a line, in {from}."),
            SourceKind::Json if source.at.is_empty() => {
                format!("Records are the elements of a JSON array, in {from}.")
            }
            SourceKind::Json => format!(
                "Records are the elements of the array at {}, in {from}.",
                source.at
            ),
            SourceKind::Files => format!("Each member is one record, in {from}."),
            SourceKind::Jws => format!("Each line is a signed token that holds a record, in {from}."),
            SourceKind::JwsFiles => format!("Each member is a signed token that holds a record, in {from}."),
        });
        if let Some(partition) = &source.partition {
            said.push(format!(
                "The text at {partition} says to which chain a record belongs."
            ));
        }
    }
    said.extend(profile.source.iter().filter_map(|source| {
        let pointer = source.order.pointer()?;
        Some(format!(
            "Records are judged in the order of {pointer}, and told in the order of the file."
        ))
    }));
    said.extend(
        profile
            .fixed
            .iter()
            .map(|(pointer, text)| format!("Every record must have “{}” at {pointer}.", clipped(text))),
    );
    if let Some(time) = &profile.time {
        said.push(format!(
            "{} tells when a record was made, by the recorder's own word.",
            time.field
        ));
    }
    if let Some(seq) = &profile.seq {
        said.push(format!(
            "Records number themselves at {}, from {} in steps of {}{}.",
            seq.field,
            seq.start,
            seq.step,
            if seq.gaps == Gaps::Report {
                "; a gap is told and is no fault"
            } else {
                "; a gap is a fault"
            }
        ));
    }
    match &profile.hash {
        Some(hash) => {
            let made = parts_in_words(&hash.preimage);
            said.push(match &hash.field {
                Some(field) => format!(
                    "Each record carries its own hash at {field}: {} of {made}.",
                    hash.alg
                ),
                None => format!(
                    "Each record has a hash that it does not carry: {} of {made}.",
                    hash.alg
                ),
            });
        }
        None => said.push("Records carry no hash of their own.".to_owned()),
    }
    for check in &profile.checks {
        said.push(format!(
            "{} is {} of {}.",
            check.field,
            check.alg,
            parts_in_words(&check.preimage)
        ));
    }
    said.push(
        profile
            .link
            .as_ref()
            .map_or("Records do not name the one before.".to_owned(), link_in_words),
    );
    if profile.signatures.is_empty() {
        said.push("Records are not signed.".to_owned());
    }
    said.extend(profile.signatures.iter().map(signature_in_words));
    statements(profile, &mut said);
    if !profile.signatures.is_empty() {
        said.push(
            "Authenticity needs a key that you pin; a key found in the bundle proves only that the bundle agrees with itself."
                .to_owned(),
        );
    }
    said
}

fn link_in_words(link: &Link) -> String {
    let named = match &link.target {
        Target::Hash => "the hash of the record before".to_owned(),
        Target::Field(field) => format!("{field} of the record before"),
        Target::Preimage(target) => format!(
            "{} of {} of the record before",
            target.alg,
            parts_in_words(&target.parts)
        ),
    };
    let genesis: Vec<String> = link
        .genesis
        .iter()
        .map(|genesis| match genesis {
            Genesis::Absent => "is left out".to_owned(),
            Genesis::Null => "is null".to_owned(),
            Genesis::Text(text) if text.is_empty() => "is an empty text".to_owned(),
            Genesis::Text(text) => format!("is “{}”", clipped(text)),
        })
        .collect();
    match (&link.field, genesis.is_empty()) {
        (Some(field), true) => format!("{field} names {named}."),
        (Some(field), false) => format!(
            "{field} names {named}; in a first record it {}.",
            genesis.join(" or ")
        ),
        (None, _) if genesis.is_empty() => format!("{named} enters what is hashed, and stands in no field."),
        (None, _) => format!(
            "{named} enters what is hashed, and stands in no field; before a first record it {}.",
            genesis.join(" or ")
        ),
    }
}

fn signature_in_words(signature: &Signature) -> String {
    let when = match &signature.required {
        Required::Always => "Every record must have it.".to_owned(),
        Required::Never => "It may be missing.".to_owned(),
        Required::If(pointer) => format!("It must be there when {pointer} is."),
    };
    let range = if signature.low_s {
        " Of the two values that s can have only the lower one counts."
    } else {
        ""
    };
    format!(
        "{} is a signature ({}) over {}. {when}{range}",
        signature.field,
        signature
            .algorithms
            .iter()
            .map(|alg| alg.name())
            .collect::<Vec<_>>()
            .join(" or "),
        parts_in_words(&signature.message)
    )
}

fn statements(profile: &Profile, said: &mut Vec<String>) {
    let signed = |is_signed: bool| {
        if is_signed {
            ", and is signed"
        } else {
            ", and is not signed"
        }
    };
    if let Some(manifest) = &profile.manifest {
        said.push(format!(
            "{} lists the members with their digests{}.",
            manifest.file,
            signed(manifest.signature.is_some())
        ));
    }
    if let Some(closing) = &profile.closing {
        said.push(format!(
            "A digest over all hashes closes the trail{}.",
            signed(closing.signature.is_some())
        ));
    }
    if let Some(tree) = &profile.tree {
        said.push(format!(
            "A tree of digests covers all records{}.",
            signed(tree.signature.is_some())
        ));
    }
    if let Some(expect) = &profile.expect {
        if expect.count.is_some() {
            said.push("The bundle states how many records it has.".to_owned());
        }
        if expect.head.is_some() {
            said.push("The bundle states its last hash.".to_owned());
        }
        if let Some(terminal) = &expect.terminal {
            said.push(format!(
                "A record whose {} is “{}” closes the trail.",
                terminal.field,
                clipped(&terminal.is)
            ));
        }
    }
}

/// A list of parts in words.
fn parts_in_words(parts: &[Part]) -> String {
    let words: Vec<String> = parts.iter().map(part_in_words).collect();
    match words.as_slice() {
        [one] => one.clone(),
        many => format!("these, joined: {}", many.join(", ")),
    }
}

fn part_in_words(part: &Part) -> String {
    match part {
        Part::Literal(text) => format!("the text “{}”", clipped(&text.escape_debug().to_string())),
        Part::RawLine => "the record exactly as received".to_owned(),
        Part::SigningInput => "the signed token, as RFC 7515 says".to_owned(),
        Part::Previous(Previous::Text) => "the value of the record before".to_owned(),
        Part::Previous(Previous::Raw) => "the bytes of the value of the record before".to_owned(),
        Part::Field {
            pointer,
            spelled,
            prefix,
            ..
        } => {
            let form = match spelled {
                As::Token => "",
                As::Pyrepr => " as Python writes the number",
                As::Es6 => " as JavaScript writes the number",
                As::HexBytes | As::B64Bytes => " decoded to bytes",
                _ => " as a time in a fixed form",
            };
            let length = if prefix.is_some() { " after its length" } else { "" };
            format!("{pointer}{form}{length}")
        }
        Part::Digest { parts, alg, .. } => format!("{alg} of ({})", parts_in_words(parts)),
        Part::Json(json) => json_in_words(json),
    }
}

fn json_in_words(json: &Json) -> String {
    let what = if json.of.is_empty() {
        "the record as JSON".to_owned()
    } else {
        format!("{} as JSON", json.of)
    };
    let mut out = match &json.include {
        Some(names) => format!("{what}, only {}", clipped(&names.join(", "))),
        None if json.exclude.is_empty() => what,
        None => format!("{what}, without {}", clipped(&json.exclude.join(", "))),
    };
    if !matches!(json.drop_null, DropNull::None) {
        out.push_str(", nulls left out");
    }
    if !json.set.is_empty() {
        out.push_str(&format!(
            ", {} overwritten",
            json.set.keys().cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    out
}

/// What a profile cannot show, however well a bundle agrees with it.
pub fn warnings(profile: &Profile) -> Vec<String> {
    let mut told = Vec::new();
    for (place, parts) in profile.part_lists() {
        part_warnings(place, parts, &mut told);
    }
    link_warnings(profile, &mut told);
    signature_warnings(profile, &mut told);
    statement_warnings(profile, &mut told);
    let mut seen = std::collections::HashSet::new();
    told.retain(|sentence| seen.insert(sentence.clone()));
    told
}

fn part_warnings(place: &str, parts: &[Part], told: &mut Vec<String>) {
    for pair in parts.windows(2) {
        match pair {
            [
                Part::Field {
                    pointer,
                    spelled: As::Token,
                    prefix: None,
                    ..
                },
                Part::Literal(text),
            ] if !text.is_empty() => {
                told.push(format!(
                    "{place}: where {pointer} itself contains “{}”, two different records can have one hash.",
                    clipped(&text.escape_debug().to_string())
                ));
            }
            [
                Part::Field {
                    pointer,
                    spelled: As::Token,
                    prefix: None,
                    ..
                },
                Part::Field {
                    pointer: next,
                    prefix: None,
                    ..
                },
            ] => {
                told.push(format!(
                    "{place}: {pointer} and {next} are joined with nothing between them, so characters can move from one to the other unnoticed."
                ));
            }
            _ => {}
        }
    }
    for part in parts {
        match part {
            Part::Json(json) => {
                if json.include.is_some() {
                    told.push(format!("{place}: only listed members are covered. A member that is not listed can be added, changed or removed unnoticed."));
                }
                if !matches!(json.drop_null, DropNull::None) {
                    told.push(format!("{place}: nulls are left out, so a member that is null can be added or removed unnoticed."));
                }
                if json.canon.0.numbers != tickmark_formats::canonical::Numbers::Token {
                    told.push(format!("{place}: numbers are written anew, so digits beyond what a computer's number holds can change unnoticed."));
                }
            }
            Part::Digest { parts, .. } => part_warnings(place, parts, told),
            _ => {}
        }
    }
}

fn link_warnings(profile: &Profile, told: &mut Vec<String>) {
    let Some(link) = &profile.link else {
        let numbered = if profile.seq.is_some() {
            "; only their numbers show a gap"
        } else {
            ""
        };
        told.push(format!(
            "Records are not linked: removed, added or exchanged ones do not break a hash{numbered}."
        ));
        return;
    };
    if link.genesis.is_empty() {
        told.push("No value is known with which a trail begins, so that its first records can be missing unnoticed.".to_owned());
    }
    let target = Reach::of_target(profile);
    if !target.is_some_and(|reach| reach.covers_link(profile)) {
        told.push("What a record names of the one before does not cover that one's own link: a link says nothing of the records further back.".to_owned());
    }
}

fn signature_warnings(profile: &Profile, told: &mut Vec<String>) {
    if profile.signatures.is_empty() && profile.statement_signatures().next().is_none() {
        told.push("Nothing is signed: whoever can write the file can make every hash anew.".to_owned());
    }
    let seen = crate::coverage::Shapes::default();
    for (index, signature) in profile.signatures.iter().enumerate() {
        let field = &signature.field;
        let reach = Reach::of_signature(profile, index);
        if profile.link.is_some() && !reach.covers_link(profile) {
            told.push(format!(
                "The signature at {field} does not reach the link: it does not fix the order of records."
            ));
        }
        if !reach.covers_content(profile, &seen) {
            told.push(format!(
                "The signature at {field} does not reach everything that the hashes reach."
            ));
        }
        if !matches!(signature.required, Required::Always) {
            told.push(format!(
                "The signature at {field} may be missing, so that it can be removed unnoticed."
            ));
        }
        if signature.may_be_keyed() {
            told.push(format!(
                "{field} is made with a shared secret: whoever can check it can make it."
            ));
        }
    }
    for check in profile.checks.iter().filter(|check| check.optional) {
        told.push(format!(
            "{} may be missing, so that it can be removed unnoticed unless another hash covers it.",
            check.field
        ));
    }
}

fn statement_warnings(profile: &Profile, told: &mut Vec<String>) {
    let expect = profile.expect.as_ref();
    let is_stated = profile.closing.is_some()
        || profile.tree.is_some()
        || profile.manifest.is_some()
        || expect.is_some_and(|e| e.count.is_some() || e.head.is_some() || e.terminal.is_some());
    if !is_stated {
        told.push("Nothing says where a trail ends: its last records can be missing unnoticed. Ask for the last hash or the number of records by another way.".to_owned());
        return;
    }
    let is_signed =
        profile.statement_signatures().next().is_some() || expect.is_some_and(|e| e.terminal.is_some());
    if !is_signed {
        told.push(
            "What the bundle states of its end is not signed: it can be changed together with the records."
                .to_owned(),
        );
    }
    if let Some(manifest) = profile.manifest.as_ref().filter(|manifest| !manifest.closed) {
        told.push(format!(
            "{} need not list every member: one that it does not list is not covered.",
            manifest.file
        ));
    }
}

/// The kinds of check that fault codes belong to, the strongest first.
pub(super) fn by(codes: &[String]) -> Vec<String> {
    let kind = |code: &str| match code {
        "hash_mismatch" | "hash_missing" => "hash",
        "field_hash_mismatch" => "check",
        "link_mismatch" => "link",
        "signature_missing"
        | "signature_mismatch"
        | "carried_signature_mismatch"
        | "carried_key_differs"
        | "signature_malformed" => "signature",
        "sequence_gap" | "sequence_missing" => "number",
        "not_json" | "not_a_record" | "duplicate_member" => "form",
        _ => "statement",
    };
    let found: Vec<&str> = codes.iter().map(|code| kind(code)).collect();
    [
        "signature",
        "hash",
        "check",
        "link",
        "number",
        "statement",
        "form",
    ]
    .into_iter()
    .filter(|kind| found.contains(kind))
    .map(str::to_owned)
    .collect()
}

fn clipped(text: &str) -> String {
    const LONGEST: usize = 200;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}…")
}
