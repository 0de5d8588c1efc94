//! Good bundles: every format, as written and in variations that no verifier may doubt.

use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base64url, hex};
use tickmark_crypto::sealed::{Identity, seal_to, seal_with_passphrase};
use tickmark_crypto::secret::Secret;

use super::case::Must::{Anchored, Proven};
use super::case::{Case, Expect, OpenedBy};
use super::packing::{Members, gzipped, tarred, zipped, zstd_framed};
use super::subject::{self, Follows, Signs, Subject};
use crate::kit::Bundle;
use crate::manner::ecdsa::low_s;
use crate::manner::{self, lines, p256, scu, without};

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = subject::all().iter().flat_map(of).collect();
    let s = subject::named("witnesskit");
    cases.extend(sealed(&s));
    cases.extend(in_parts(&s));
    cases.push(rotated(&s));
    cases.extend(two_chains());
    cases
}

fn of(s: &Subject) -> Vec<Case> {
    let records = s.records();
    let whole = |lie: &str, title: &str| s.case(lie, title, &records, &records, s.whole());
    let mut cases = vec![whole("whole", "As its system writes it.")];
    for (lie, title, count) in [("single", "One record.", 1), ("long", "300 records.", 300)] {
        let records = (s.manner.records)(count);
        cases.push(s.case(lie, title, &records, &records, s.whole()));
    }
    let (mixed, bundle) = manner::with_mixed_content(|| {
        let records = s.records();
        (records.clone(), (s.manner.pack)(&records, &records))
    });
    cases.push(s.case_of(
        "mixed-content",
        "Letters and values that canonical forms disagree about.",
        bundle,
        s.whole(),
    ));
    cases.push(headed(s, "mixed-content-head-told", &mixed));
    cases.push(headed(s, "head-told", &records));
    let mut count = whole("count-told", "The number of records is known.");
    count.told.count = Some(subject::N);
    count.expect = counted(s);
    cases.push(count);
    cases.extend(packed(s, &records));
    cases.extend(respelled(s, &records));
    cases
}

/// A head that is known anchors a linked trail and fixes its end.
fn headed(s: &Subject, lie: &str, records: &[serde_json::Value]) -> Case {
    let is_mixed = lie.starts_with("mixed");
    let bundle = if is_mixed {
        manner::with_mixed_content(|| (s.manner.pack)(records, records))
    } else {
        (s.manner.pack)(records, records)
    };
    let whole = s.whole();
    let expect = if s.is_linked() {
        Expect {
            integrity: Anchored,
            completeness: Proven,
            ..whole
        }
    } else {
        whole
    };
    let mut case = s.case_of(lie, "The last hash is known.", bundle, expect);
    case.told.heads = vec![s.head(records)];
    case
}

/// A count that is known fixes the end where every record is signed with its place.
fn counted(s: &Subject) -> Expect {
    let whole = s.whole();
    let has_place = matches!(s.signs, Signs::Hash | Signs::Content) && s.follows != Follows::Nothing;
    if has_place {
        Expect {
            completeness: Proven,
            ..whole
        }
    } else {
        whole
    }
}

/// The same bytes in other packings.
fn packed(s: &Subject, records: &[serde_json::Value]) -> Vec<Case> {
    let bundle = (s.manner.pack)(records, records);
    let files = bundle.files();
    if let [(name, _)] = files
        && (name.ends_with(".zip") || name.ends_with(".gz"))
    {
        return Vec::new(); // packed by its own system
    }
    let case = |lie: &str, name: &str, bytes: Vec<u8>| {
        let mut case = s.case_of(
            lie,
            "The same members in another packing.",
            Bundle::file(name, bytes.clone()),
            s.whole(),
        );
        case.told.sha256 = Some(hex(&sha256(&bytes)));
        case
    };
    let mut cases = vec![
        s.case_of(
            "folder",
            "The same members in a folder.",
            in_folder(files),
            s.whole(),
        ),
        case("zip", "bundle.zip", zipped(files)),
        case("tar", "bundle.tar", tarred(files)),
        case("tar-gz", "bundle.tar.gz", gzipped(&tarred(files))),
        case("tar-zst", "bundle.tar.zst", zstd_framed(&tarred(files))),
    ];
    if let [(name, bytes)] = files {
        cases.push(case("gz", &format!("{name}.gz"), gzipped(bytes)));
        cases.push(case("zst", &format!("{name}.zst"), zstd_framed(bytes)));
    }
    cases
}

/// The same members below a folder, beside a note, so that it is a folder that is handed over.
fn in_folder(files: &Members) -> Bundle {
    let mut all: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    all.push(("notes.txt", b"exported on Monday\n".to_vec()));
    Bundle::folder(&all)
}

/// What editors and Windows do to a text: a byte order mark before it (RFC 8259, section 8.1: it may be passed over) and
/// CR before LF, which is white space in JSON. No format of the corpus hashes a file's own bytes.
fn respelled(s: &Subject, records: &[Value]) -> Vec<Case> {
    let bundle = (s.manner.pack)(records, records);
    let [(name, bytes)] = bundle.files() else {
        return Vec::new();
    };
    if std::str::from_utf8(bytes).is_err() || !bytes.ends_with(b"}\n") {
        return Vec::new(); // packed, or one document without lines
    }
    let text = String::from_utf8(bytes.clone()).unwrap();
    let case =
        |lie: &str, title: &str, text: String| s.case_of(lie, title, Bundle::file(name, text), s.whole());
    let marked = case(
        "byte-order-mark",
        "A byte order mark stands before the first record.",
        format!("\u{feff}{text}"),
    );
    vec![
        Case {
            expect: Expect {
                warning: Some("byte order mark"),
                ..s.whole()
            },
            ..marked
        },
        case("crlf", "Lines end in CR and LF.", text.replace('\n', "\r\n")),
        case(
            "without-last-line-end",
            "The last line has no end.",
            text.trim_end().to_owned(),
        ),
        case(
            "empty-lines-between",
            "Empty lines stand between the records.",
            text.replace('\n', "\n\n \n"),
        ),
    ]
}

/// Sealed with age (C2SP `age`, version 1), for one recipient or under a passphrase.
fn sealed(s: &Subject) -> Vec<Case> {
    const PASSPHRASE: &str = "correct horse battery staple";
    let trail = lines(&s.records());
    let packed = gzipped(&tarred(&[("trail.jsonl".into(), trail.clone())]));
    let identity = Identity::generate();
    let to_identity = |bytes: &[u8]| seal_to(bytes, &[identity.recipient()]).unwrap();
    // little work: what is tried here is the way in, not the strength of the door
    let to_passphrase =
        |bytes: &[u8]| seal_with_passphrase(bytes, &Secret::new(PASSPHRASE.into()), 10).unwrap();
    let identity_text = || OpenedBy::Identity(identity.to_secret().expose().to_owned());
    let passphrase = || OpenedBy::Passphrase(PASSPHRASE.into());
    let case = |lie: &str, title: &str, name: &str, bytes: Vec<u8>, opened_by: OpenedBy| Case {
        opened_by: Some(opened_by),
        ..s.case_of(lie, title, Bundle::file(name, bytes), s.whole())
    };
    vec![
        case(
            "age-identity",
            "Sealed to one recipient.",
            "trail.jsonl.age",
            to_identity(&trail),
            identity_text(),
        ),
        case(
            "age-passphrase",
            "Sealed under a passphrase.",
            "trail.jsonl.age",
            to_passphrase(&trail),
            passphrase(),
        ),
        case(
            "age-tar-gz",
            "Packed, then sealed to one recipient.",
            "trail.tar.gz.age",
            to_identity(&packed),
            identity_text(),
        ),
        case(
            "age-twice",
            "Sealed to one recipient, then under a passphrase that the same reader knows.",
            "trail.age",
            to_identity(&to_identity(&trail)),
            identity_text(),
        ),
    ]
}

/// A stream of several parts, as writers leave it that append: RFC 1952 (section 2.2) and RFC 8878 (section 3.1) say that
/// what they unfold to is put together.
fn in_parts(s: &Subject) -> Vec<Case> {
    let records = s.records();
    let (first, second) = (lines(&records[..5]), lines(&records[5..]));
    let empty = gzipped(b"");
    let case = |lie: &str, title: &str, name: &str, parts: &[Vec<u8>]| {
        s.case_of(lie, title, Bundle::file(name, parts.concat()), s.whole())
    };
    vec![
        case(
            "gz-two-members",
            "The file is two gzip members.",
            "trail.jsonl.gz",
            &[gzipped(&first), gzipped(&second)],
        ),
        case(
            "gz-padded",
            "An empty member and zero padding follow.",
            "trail.jsonl.gz",
            &[gzipped(&first), gzipped(&second), empty, vec![0; 512]],
        ),
        case(
            "zst-two-frames",
            "The file is two Zstandard frames.",
            "trail.jsonl.zst",
            &[zstd_framed(&first), zstd_framed(&second)],
        ),
        case(
            "zst-skippable-frame",
            "A skippable frame stands between two frames (RFC 8878, section 3.1.2).",
            "trail.jsonl.zst",
            &[
                zstd_framed(&first),
                b"\x50\x2a\x4d\x18\x04\0\0\0note".to_vec(),
                zstd_framed(&second),
            ],
        ),
    ]
}

/// The signer changes its key between record 4 and 5; both are pinned with the time in which they were in force.
fn rotated(s: &Subject) -> Case {
    let own = s.records();
    let other = manner::by_somebody_else(|| s.records());
    // hash and link leave the signature out, so that both trails differ in their signatures only
    let records: Vec<Value> = [&own[..4], &other[4..]].concat();
    let during = |trust: String, period: &str| format!("{trust}{period}\n");
    let later = manner::by_somebody_else(manner::pinned);
    let mut case = s.case(
        "key-rotation",
        "The second half is signed with the next key; both are pinned with their periods.",
        &records,
        &records,
        s.whole(),
    );
    case.trust = during(manner::pinned(), "valid_to = 2026-12-31T00:00:00Z")
        + &during(later, "valid_from = 2026-01-01T00:00:00Z");
    case
}

/// Agent Audit Trail parts its records by session: two chains in one file, each with its own first record.
fn two_chains() -> Vec<Case> {
    let s = subject::named("aat");
    let (one, two) = (session("s1", 8), session("s2", 5));
    let heads = |chains: &[&Vec<Value>]| -> Vec<String> {
        chains
            .iter()
            .map(|chain| hex(&sha256(&scu(chain.last().unwrap()))))
            .collect()
    };
    let mut woven = Vec::new();
    for index in 0..8 {
        woven.extend(one.get(index).cloned());
        woven.extend(two.get(index).cloned());
    }
    let after = [one.clone(), two.clone()].concat();
    let case = |lie: &str, title: &str, records: &[Value], expect: Expect| {
        s.case(lie, title, records, records, expect)
    };
    let mut told = case(
        "two-chains-heads-told",
        "Two chains, and the last hash of each is known.",
        &woven,
        Expect {
            completeness: Proven,
            ..s.whole()
        },
    );
    told.told.heads = heads(&[&one, &two]);
    vec![
        case(
            "two-chains",
            "Two chains, one after the other.",
            &after,
            s.whole(),
        ),
        case(
            "two-chains-woven",
            "Two chains, record by record in turn.",
            &woven,
            s.whole(),
        ),
        told,
    ]
}

/// A session of that many records, signed and linked.
fn session(id: &str, count: u64) -> Vec<Value> {
    let mut prev = Value::Null;
    let record = |seq: u64| {
        let mut record = json!({"record_id": format!("{id}-{seq}"), "timestamp": "2026-11-23T15:00:24.459Z",
            "agent_id": "urn:agent:1", "session_id": id, "action_type": "tool_call", "parent_record_id": null,
            "record_phase": "concurrent", "sig_alg": "ES256", "signer_kid": "k1", "prev_hash": prev});
        record["signature"] = json!(base64url(&low_s(
            &p256().sign(&scu(&without(&record, &["signature"])))
        )));
        prev = json!(hex(&sha256(&scu(&record))));
        record
    };
    (0..count).map(record).collect()
}
