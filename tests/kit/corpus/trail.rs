//! Lies about the records of a trail: edited, dropped, swapped, doubled, made anew, stripped.

use serde_json::{Value, json};

use super::case::Must::{Anchored, NotProven, Proven, Refuted, SelfConsistent};
use super::case::{Case, Expect, Must, must};
use super::subject::{self, Follows, Signs, States, Subject};

pub fn cases() -> Vec<Case> {
    subject::open().iter().flat_map(of).collect()
}

fn of(s: &Subject) -> Vec<Case> {
    let records = s.records();
    let mut cases = vec![edited(s, &records), cut_head(s, &records), cut_tail(s, &records)];
    cases.extend(moved(s, &records));
    cases.extend(remade(s, &records));
    cases.extend(hash_lost(s, &records));
    cases.extend(stripped(s, &records));
    cases.extend(uncovered(s, &records));
    cases
}

/// Content differs from what was hashed: no signature over a hash reaches it any more.
fn edited(s: &Subject, records: &[Value]) -> Case {
    let mut lie = records.to_vec();
    *lie[3].pointer_mut(s.manner.covered).unwrap() = json!("changed");
    let authenticity = match s.signs {
        Signs::Content | Signs::LooseContent => Refuted,
        Signs::Hash | Signs::Nothing | Signs::Closing => NotProven,
    };
    let code = match s.follows {
        // the leaf is over the payload's recorded hash, which is what differs
        Follows::Silently => "field_hash_mismatch",
        _ if s.has_hash() => "hash_mismatch",
        _ => "signature_mismatch",
    };
    let expect = must(Refuted, authenticity, NotProven, &with_manifest(s, &[code]));
    s.case(
        "edit",
        "One covered value of record 4 is changed.",
        records,
        &lie,
        expect,
    )
}

fn uncovered(s: &Subject, records: &[Value]) -> Option<Case> {
    let pointer = s.uncovered?;
    let mut lie = records.to_vec();
    *lie[3].pointer_mut(pointer).unwrap() = json!("changed");
    let expect = Expect {
        uncovered: Some(pointer),
        ..s.whole()
    };
    let title = "A field of record 4 is changed that no hash or signature reaches.";
    Some(s.case("edit-uncovered-field", title, records, &lie, expect))
}

fn cut_head(s: &Subject, records: &[Value]) -> Case {
    let whole = s.whole();
    let (integrity, code) = match (s.states, s.follows) {
        (States::Manifest, _) => (Refuted, Some("manifest_mismatch")),
        // the hash of the first record needs the one before
        (_, Follows::Silently) => (Refuted, Some("hash_mismatch")),
        (States::Closing, _) => (SelfConsistent, Some("closing_mismatch")),
        // each record is signed with its number
        (States::Root, _) => (Anchored, Some("root_mismatch")),
        (States::Unsigned, _) => (whole.integrity, Some("root_mismatch")),
        (States::Nothing, _) => (whole.integrity, None),
    };
    let expect = must(
        integrity,
        without_closing(s, whole.authenticity),
        extent(s, true),
        &codes(code),
    );
    s.case(
        "drop-head",
        "The first two records are gone.",
        records,
        &records[2..],
        expect,
    )
}

fn cut_tail(s: &Subject, records: &[Value]) -> Case {
    s.case(
        "drop-tail",
        "The last two records are gone.",
        records,
        &records[..6],
        after_cut_tail(s),
    )
}

/// What a trail comes to whose last records are gone.
pub fn after_cut_tail(s: &Subject) -> Expect {
    let whole = s.whole();
    let (integrity, code) = match s.states {
        States::Manifest => (Refuted, Some("manifest_mismatch")),
        States::Closing => (SelfConsistent, Some("closing_mismatch")),
        States::Root => (Anchored, Some("root_mismatch")),
        States::Unsigned => (whole.integrity, Some("root_mismatch")),
        States::Nothing => (whole.integrity, None),
    };
    must(
        integrity,
        without_closing(s, whole.authenticity),
        extent(s, true),
        &codes(code),
    )
}

/// Dropped from the middle, swapped, doubled; nothing is made anew.
fn moved(s: &Subject, records: &[Value]) -> Vec<Case> {
    let (dropped, swapped, doubled) = (dropped(records), swapped(records), doubled(records));
    let authenticity = match (s.signs, s.follows) {
        (Signs::Nothing | Signs::Closing, _) => NotProven,
        _ => Proven, // each record still has its own signature
    };
    let expect = |changes_number: bool, completeness: Must| {
        let integrity = match s.follows {
            _ if s.has_manifest() => Refuted,
            Follows::Nothing => Anchored,
            Follows::Number => SelfConsistent,
            _ => Refuted,
        };
        let statement = if s.states == States::Nothing {
            NotProven
        } else {
            extent(s, changes_number)
        };
        let completeness = if completeness == Refuted {
            Refuted
        } else {
            statement
        };
        must(integrity, authenticity, completeness, &codes(s.break_code()))
    };
    let by_number = if s.is_numbered { Refuted } else { NotProven };
    // numbers of records whose hash differs say nothing, and with two swapped every number differs that could tell
    let by_swapped = if s.follows == Follows::Silently {
        NotProven
    } else {
        by_number
    };
    vec![
        s.case(
            "drop-middle",
            "Record 4 is gone.",
            records,
            &dropped,
            expect(true, by_number),
        ),
        s.case(
            "swap",
            "Records 4 and 5 change places.",
            records,
            &swapped,
            expect(false, by_swapped),
        ),
        s.case(
            "duplicate",
            "Record 4 stands there twice.",
            records,
            &doubled,
            expect(true, by_number),
        ),
    ]
}

/// The same, and every hash and link made anew by somebody without the key.
fn remade(s: &Subject, records: &[Value]) -> Vec<Case> {
    let remake = s.manner.remake;
    let (integrity, authenticity) = match (s.signs, s.follows) {
        (_, Follows::Nothing) => (Anchored, Proven),
        (Signs::LooseContent, _) => (SelfConsistent, Proven),
        (Signs::Nothing | Signs::Closing, _) => (SelfConsistent, NotProven),
        // no hash stands beside the content: a signature that fails among others shows the difference
        (_, Follows::Digest) => (Refuted, Refuted),
        _ => (SelfConsistent, Refuted),
    };
    let integrity = if s.has_manifest() { Refuted } else { integrity };
    let code = match (authenticity, s.states) {
        (Refuted, _) => Some("signature_mismatch"),
        (_, States::Closing) => Some("closing_mismatch"),
        (_, States::Unsigned | States::Root) => Some("root_mismatch"),
        _ => None,
    };
    let expect = |changes_number| must(integrity, authenticity, extent(s, changes_number), &codes(code));
    vec![
        s.case(
            "delete-and-rechain",
            "Record 4 is gone; hashes and links are made anew without the key.",
            records,
            &remake(dropped(records)),
            expect(true),
        ),
        s.case(
            "reorder-and-rechain",
            "Records 4 and 5 change places; hashes and links are made anew without the key.",
            records,
            &remake(swapped(records)),
            expect(false),
        ),
        s.case(
            "duplicate-and-rechain",
            "Record 4 stands there twice; hashes and links are made anew without the key.",
            records,
            &remake(doubled(records)),
            expect(true),
        ),
    ]
}

fn hash_lost(s: &Subject, records: &[Value]) -> Vec<Case> {
    let Some(pointer) = s.manner.hash else {
        return Vec::new();
    };
    let is_signed_hash = s.signs == Signs::Hash || s.name == "tickmark-custody";
    let authenticity = if is_signed_hash { Refuted } else { NotProven };
    let completeness = match s.states {
        States::Nothing | States::Manifest => NotProven,
        _ => Refuted, // the statement is over the recorded hashes
    };
    let expect = |code| must(Refuted, authenticity, completeness, &with_manifest(s, &[code]));
    let mut gone = records.to_vec();
    remove(&mut gone[3], pointer);
    let mut changed = records.to_vec();
    let place = changed[3].pointer_mut(pointer).unwrap();
    let text = place.as_str().unwrap();
    let at = text.rfind(':').map_or(0, |colon| colon + 1);
    let other = if text[at..].starts_with('0') { "1" } else { "0" };
    *place = json!(format!("{}{other}{}", &text[..at], &text[at + 1..]));
    vec![
        s.case(
            "hash-removed",
            "The recorded hash of record 4 is gone.",
            records,
            &gone,
            expect("hash_missing"),
        ),
        s.case(
            "hash-changed",
            "The recorded hash of record 4 is another.",
            records,
            &changed,
            expect("hash_mismatch"),
        ),
    ]
}

/// Signatures are taken away, and hashes that covered them made anew.
fn stripped(s: &Subject, records: &[Value]) -> Vec<Case> {
    let Some(pointer) = s.manner.signature.filter(|_| s.signs_records()) else {
        return Vec::new();
    };
    let strip = |which: std::ops::Range<usize>| {
        let mut lie = records.to_vec();
        lie[which].iter_mut().for_each(|record| remove(record, pointer));
        // where the hash is over the signature's text it cannot be made anew without one
        if s.name == "agentproofchain" {
            lie
        } else {
            (s.manner.remake)(lie)
        }
    };
    let completeness = if s.states == States::Root {
        Proven
    } else {
        NotProven
    };
    let integrity = |is_one: bool| match (s.states, s.follows) {
        (States::Manifest, _) => Refuted,
        (States::Root, _) => Anchored,
        _ if s.name == "agentproofchain" => Refuted,
        (_, Follows::Digest) if is_one => SelfConsistent, // the next record's link reaches the bare one
        // nothing but signatures reached the last record, or any
        (_, Follows::Digest | Follows::Nothing) => NotProven,
        _ => SelfConsistent,
    };
    let expect = |is_one| {
        must(
            integrity(is_one),
            Refuted,
            completeness,
            &with_manifest(s, &["signature_missing"]),
        )
    };
    let mut cases = vec![s.case(
        "strip-signatures",
        "Every signature is gone.",
        records,
        &strip(0..8),
        expect(false),
    )];
    // where the link covers the signature, the records after it would have to be signed anew
    if !s.links_signature() {
        cases.push(s.case(
            "strip-one-signature",
            "The signature of record 4 is gone.",
            records,
            &strip(3..4),
            expect(true),
        ));
    }
    cases
}

pub fn dropped(records: &[Value]) -> Vec<Value> {
    let mut lie = records.to_vec();
    lie.remove(3);
    lie
}

pub fn swapped(records: &[Value]) -> Vec<Value> {
    let mut lie = records.to_vec();
    lie.swap(3, 4);
    lie
}

pub fn doubled(records: &[Value]) -> Vec<Value> {
    let mut lie = records.to_vec();
    lie.insert(4, records[3].clone());
    lie
}

/// Takes a member away.
pub fn remove(record: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = record.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    parent.shift_remove(name).unwrap();
}

/// What the bundle's own statement makes of completeness when its records are others.
fn extent(s: &Subject, changes_number: bool) -> Must {
    match s.states {
        States::Nothing => NotProven,
        // the manifest's digests bear on integrity; only the number bears on completeness
        States::Manifest if !changes_number => NotProven,
        _ => Refuted,
    }
}

fn without_closing(s: &Subject, whole: Must) -> Must {
    if s.signs == Signs::Closing {
        NotProven
    } else {
        whole
    }
}

fn codes(code: Option<&'static str>) -> Vec<&'static str> {
    code.into_iter().collect()
}

fn with_manifest(s: &Subject, codes: &[&'static str]) -> Vec<&'static str> {
    let mut all = codes.to_vec();
    if s.has_manifest() {
        all.push("manifest_mismatch");
    }
    all
}
