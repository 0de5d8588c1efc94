//! Inference: genuine logs without their profile, a synthetic trail for each axis of the search, noise, and hostile input.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

use crate::kit::{Bundle, fixtures, key_file, told};
use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::encoding::{base64, base64url, hex};
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::SigningKey;
use tickmark_formats::canonical::{self, Dialect};
use tickmark_formats::json::{Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_verify::infer::{Inference, Outcome, infer, infer_within};
use tickmark_verify::verification::ClaimOutcome;
use tickmark_verify::{Profile, ProfileChoice, Request};

fn inferred(bundle: &Bundle, trust: Option<&str>) -> Inference {
    let mut request = Request::default();
    if let Some(text) = trust {
        request.trust.add_file("pinned.toml", text.as_bytes()).unwrap();
    }
    infer(bundle.received(), &request, "found").unwrap()
}

fn shown(found: &Inference) -> String {
    let faults = found.verification.as_ref().map_or(String::new(), |v| told(v));
    format!(
        "{:?}: {} (effort {} of {})\n{:#?}\n{}\n{faults}",
        found.outcome,
        found.sentence,
        found.effort,
        found.effort_limit,
        found.unexplained,
        found.profile.as_deref().unwrap_or("no profile")
    )
}

fn profile_of(found: &Inference) -> Profile {
    Profile::parse(found.profile.as_deref().unwrap()).unwrap()
}

/// Judges under the inferred profile.
fn judged(bundle: &Bundle, found: &Inference) -> ClaimOutcome {
    let request = Request {
        profile: ProfileChoice::Named(Box::new(profile_of(found))),
        ..Request::default()
    };
    bundle.verify(&request).unwrap().claims.integrity.outcome
}

/// How bytes are written.
type Spell<'s> = &'s dyn Fn(&[u8]) -> String;

/// A genuine log: path, pinned key, and where its records lie in a JSON document.
type Log = (&'static str, Option<(&'static str, &'static str)>, &'static str);

const LOGS: &[Log] = &[
    ("emitters/witnesskit/chain.json", None, "/entries"),
    (
        "emitters/agentproofchain/log.jsonl",
        Some(("ed25519", "emitters/agentproofchain/pubkey.b64")),
        "",
    ),
    (
        "emitters/agent-receipts/receipts.jsonl",
        Some(("ed25519", "emitters/agent-receipts/pubkey.pem")),
        "",
    ),
    ("emitters/agt-auditlog/entries.jsonl", None, ""),
    ("emitters/agt-auditlog/export.json", None, "/entries"),
    (
        "emitters/agt-filesink-hmac/audit.jsonl",
        Some(("hmac-sha256", "emitters/agt-filesink-hmac/hmac_secret.txt")),
        "",
    ),
    ("emitters/ms-mcp-receipt-governed/receipts.jsonl", None, ""),
    ("emitters/signet/audit_dir/audit/2026-11-23.jsonl", None, ""),
    ("emitters/cap-srp/export.json", None, "/events"),
    (
        "emitters/aat-mcp/records.jsonl",
        Some(("es256", "emitters/aat-mcp/pubkey.pem")),
        "",
    ),
    (
        "emitters/ai-audit-trail/unz/receipts.jsonl",
        Some(("ed25519", "emitters/ai-audit-trail/unz/public_key.hex")),
        "",
    ),
    ("emitters/ai-audit-trail/evidence_nonascii.zip", None, ""),
    ("aivs/audit-log.jsonl", None, ""),
    (
        "emitters/scopeblind-pydantic-ai/receipts.jsonl",
        Some(("ed25519", "emitters/scopeblind-pydantic-ai/pubkey.hex")),
        "",
    ),
    ("emitters/autonomous-audit/audit.jsonl", None, ""),
    ("emitters/merkle-audit/entries.jsonl", None, ""),
    ("emitters/actionproof/receipts.jsonl", None, ""),
    (
        "vcp-rta/vcp_rta_events.jsonl",
        Some(("ed25519", "vcp-rta/pubkey.hex")),
        "",
    ),
];

/// The first five records as lines.
fn five(bytes: &[u8], at: &str) -> Option<Vec<u8>> {
    if at.is_empty() {
        let text = std::str::from_utf8(bytes).ok()?;
        return Some(
            text.split_inclusive('\n')
                .take(5)
                .collect::<String>()
                .into_bytes(),
        );
    }
    let document = parse(bytes, &Limits::default()).ok()?;
    let records = document.at(&Pointer::parse(at).ok()?)?.elements()?;
    let mut out = Vec::new();
    for record in records.iter().take(5) {
        // on one line, in the document's own spelling of numbers and texts
        let text = String::from_utf8(record.span.of(bytes).to_vec()).ok()?;
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        out.extend_from_slice(lines.join(" ").as_bytes());
        out.push(b'\n');
    }
    Some(out)
}

/// An edit of one text leaf that is not among the uncovered fields is seen.
fn sees_an_edit(bytes: &[u8], found: &Inference, name: &str) -> bool {
    let explained: Vec<&str> = found.explained.iter().map(|e| e.field.as_str()).collect();
    let text = std::str::from_utf8(bytes).unwrap();
    let start = text
        .find('\n')
        .map_or(0, |at| if name.ends_with(".jsonl") { at + 1 } else { 0 });
    let end = if name.ends_with(".jsonl") {
        text[start..].find('\n').map_or(bytes.len(), |at| start + at)
    } else {
        bytes.len()
    };
    let record = parse(&bytes[start..end], &Limits::default()).unwrap();
    for (place, leaf) in record.leaves() {
        let pointer = place.to_string();
        let is_text = leaf
            .as_str()
            .is_some_and(|t| t.chars().next().is_some_and(|c| c.is_ascii_alphabetic()));
        if !is_text
            || explained.contains(&pointer.as_str())
            || pointer.contains("/0")
            || found.uncovered_fields.contains(&pointer)
        {
            continue;
        }
        if !name.ends_with(".jsonl") && pointer.matches('/').count() < 2 {
            continue;
        }
        let mut lie = bytes.to_vec();
        let at = start + leaf.span.start as usize + 1;
        lie[at] = if lie[at] == b'q' { b'r' } else { b'q' };
        return judged(&Bundle::file(name, lie), found) == ClaimOutcome::Refuted;
    }
    panic!("no leaf to edit in {name}");
}

#[test]
fn genuine_logs_are_inferred_without_their_profile() {
    let Some(root) = fixtures() else {
        println!("skipped: fixtures not present");
        return;
    };
    let mut wrong = Vec::new();
    let (mut whole, mut short) = (0, 0);
    for (path, key, at) in LOGS {
        let bytes = std::fs::read(root.join(path)).unwrap();
        let trust = key.map(|(alg, path)| key_file(alg, &root.join(path)));
        let name = path.rsplit('/').next().unwrap();
        let found = inferred(&Bundle::file(name, bytes.clone()), trust.as_deref());
        println!(
            "{path}: {:?}, effort {}, explained {:?}",
            found.outcome,
            found.effort,
            found
                .explained
                .iter()
                .map(|e| format!("{} {}", e.role, e.field))
                .collect::<Vec<_>>()
        );
        if found.outcome == Outcome::Reproduced {
            whole += 1;
            if name.ends_with(".jsonl") && !sees_an_edit(&bytes, &found, name) {
                wrong.push(format!("{path}: an edit goes unnoticed\n{}", shown(&found)));
            }
        } else {
            wrong.push(format!("{path}: {}", shown(&found)));
        }
        let Some(first) = (!name.ends_with(".zip")).then(|| five(&bytes, at)).flatten() else {
            continue;
        };
        let found = inferred(&Bundle::file("five.jsonl", first.clone()), trust.as_deref());
        if found.outcome == Outcome::Reproduced {
            short += 1;
            if !sees_an_edit(&first, &found, "five.jsonl") {
                wrong.push(format!("{path}, five: an edit goes unnoticed\n{}", shown(&found)));
            }
        } else {
            wrong.push(format!("{path}, five: {}", shown(&found)));
        }
    }
    println!(
        "{whole} of {} genuine logs reproduced whole, {short} of {} from five records",
        LOGS.len(),
        LOGS.len() - 1
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What a synthetic system does.
struct Maker<'m> {
    dialect: Dialect,
    alg: Algorithm,
    enc: &'m dyn Fn(&[u8]) -> String,
    genesis: &'m str,
    preimage: &'m dyn Fn(&Maker<'_>, &str, &str) -> Vec<u8>,
    /// Members of a record, without hash; `{prev}` and `{n}` are filled in.
    members: &'m str,
}

fn canon(text: &str, dialect: &Dialect) -> Vec<u8> {
    canonical::to_vec(&parse(text.as_bytes(), &Limits::default()).unwrap(), dialect).unwrap()
}

impl Maker<'_> {
    fn lines(&self, count: usize) -> Vec<u8> {
        let mut prev = self.genesis.to_owned();
        let mut out = Vec::new();
        for n in 0..count {
            let body = self
                .members
                .replace("{prev}", &prev)
                .replace("{n}", &n.to_string());
            let record = format!("{{{body}}}");
            let digest = self.alg.of(&(self.preimage)(self, &record, &prev));
            let hash = (self.enc)(digest.as_bytes());
            out.extend_from_slice(format!("{{{body}, \"hash\": \"{hash}\"}}\n").as_bytes());
            prev = hash;
        }
        out
    }
}

fn member<'v>(value: &'v Value<'_>, name: &str) -> &'v str {
    value.get(name).unwrap().as_str().unwrap()
}

const PLAIN: &str = "\"seq\": {n}, \"actor\": \"agént {n}\", \"what\": {\"b\": 1.0, \"a\": \"<x> & y\"}, \"prev\": \"{prev}\"";

fn whole_record(maker: &Maker<'_>, record: &str, _prev: &str) -> Vec<u8> {
    canon(record, &maker.dialect)
}

fn holds(name: &str, lines: &[u8]) -> Inference {
    let bundle = Bundle::file("log.jsonl", lines.to_vec());
    let found = inferred(&bundle, None);
    assert_eq!(found.outcome, Outcome::Reproduced, "{name}: {}", shown(&found));
    assert!(
        sees_an_edit(lines, &found, "log.jsonl"),
        "{name}: {}",
        shown(&found)
    );
    found
}

#[test]
fn every_canonical_form_is_found() {
    let hex_text = |bytes: &[u8]| hex(bytes);
    let spaced = Dialect {
        sort: canonical::Sort::None,
        ..Dialect::SSA
    };
    let go = Dialect {
        escape: canonical::Escape::GoHtml,
        ..Dialect::SCU
    };
    let net = Dialect {
        escape: canonical::Escape::DotNet,
        ..Dialect::OCU
    };
    let dialects = [
        Dialect::SSA,
        Dialect::SCU,
        Dialect::SCA,
        Dialect::JCS,
        Dialect::OCU,
        spaced,
        go,
        net,
    ];
    for dialect in dialects {
        let maker = Maker {
            dialect,
            alg: Algorithm::Sha256,
            enc: &hex_text,
            genesis: "",
            preimage: &whole_record,
            members: PLAIN,
        };
        let found = holds(&format!("{dialect:?}"), &maker.lines(5));
        assert!(
            found
                .explained
                .iter()
                .any(|e| e.role == "seq" && e.field == "/seq")
        );
    }
}

#[test]
fn every_digest_and_encoding_is_found() {
    let prefixed = |bytes: &[u8]| format!("sha256:{}", hex(bytes));
    let in_base64 = |bytes: &[u8]| base64(bytes);
    let in_base64url = |bytes: &[u8]| base64url(bytes);
    let in_hex = |bytes: &[u8]| hex(bytes);
    let encodings: [Spell<'_>; 4] = [&prefixed, &in_base64, &in_base64url, &in_hex];
    for enc in encodings {
        let maker = Maker {
            dialect: Dialect::SCA,
            alg: Algorithm::Sha256,
            enc,
            genesis: "genesis",
            preimage: &whole_record,
            members: PLAIN,
        };
        holds("encoding", &maker.lines(5));
    }
    for alg in Algorithm::ALL {
        let maker = Maker {
            dialect: Dialect::SSA,
            alg,
            enc: &in_hex,
            genesis: "",
            preimage: &whole_record,
            members: PLAIN,
        };
        holds(alg.name(), &maker.lines(5));
    }
}

#[test]
fn every_place_of_the_record_before_is_found() {
    let enc = |bytes: &[u8]| hex(bytes);
    let zeros = "0".repeat(64);
    let bare = "\"seq\": {n}, \"actor\": \"agént {n}\", \"what\": \"did {n}\"";
    type Preimage = fn(&Maker<'_>, &str, &str) -> Vec<u8>;
    let before: Preimage =
        |maker, record, prev| [prev.as_bytes(), b"\n", &canon(record, &maker.dialect)].concat();
    let behind: Preimage =
        |maker, record, prev| [&canon(record, &maker.dialect)[..], prev.as_bytes()].concat();
    let joined: Preimage = |_, record, prev| {
        let value = parse(record.as_bytes(), &Limits::default()).unwrap();
        let seq = value.get("seq").unwrap().as_number().unwrap();
        format!(
            "{prev}|{seq}|{}|{}",
            member(&value, "actor"),
            member(&value, "what")
        )
        .into_bytes()
    };
    for (name, preimage) in [("before", before), ("behind", behind), ("joined", joined)] {
        let maker = Maker {
            dialect: Dialect::SCU,
            alg: Algorithm::Sha256,
            enc: &enc,
            genesis: &zeros,
            preimage: &preimage,
            members: bare,
        };
        let found = holds(name, &maker.lines(6));
        assert!(
            found.profile.as_deref().unwrap().contains("prev = \"text\""),
            "{name}: {}",
            shown(&found)
        );
    }
    // the same with the link in a field that the hashed text leaves out
    let outside: Preimage = |maker, record, prev| {
        let text = String::from_utf8(canon(record, &maker.dialect)).unwrap();
        let cut = format!(",\"prev\":\"{prev}\"");
        [prev.as_bytes(), text.replace(&cut, "").as_bytes()].concat()
    };
    let maker = Maker {
        dialect: Dialect::SCU,
        alg: Algorithm::Sha256,
        enc: &enc,
        genesis: &zeros,
        preimage: &outside,
        members: "\"seq\": {n}, \"actor\": \"a {n}\", \"aa\": 1, \"prev\": \"{prev}\"",
    };
    holds("outside", &maker.lines(5));
}

#[test]
fn joined_fields_and_members_left_out_are_found() {
    let enc = |bytes: &[u8]| hex(bytes);
    type Preimage = fn(&Maker<'_>, &str, &str) -> Vec<u8>;
    let members = "\"seq\": {n}, \"actor\": \"agént {n}\", \"act\": \"b{n}\", \"note\": \"n{n}\", \"res\": \"r{n}\", \"prev\": \"{prev}\"";
    let some: Preimage = |_, record, prev| {
        let value = parse(record.as_bytes(), &Limits::default()).unwrap();
        format!(
            "{}:{}:{}:{prev}",
            value.get("seq").unwrap().as_number().unwrap(),
            member(&value, "actor"),
            member(&value, "res")
        )
        .into_bytes()
    };
    let lengths: Preimage = |_, record, prev| {
        let value = parse(record.as_bytes(), &Limits::default()).unwrap();
        let mut out = vec![1];
        for text in [member(&value, "actor"), member(&value, "act"), prev] {
            out.extend_from_slice(&u32::try_from(text.len()).unwrap().to_be_bytes());
            out.extend_from_slice(text.as_bytes());
        }
        out
    };
    let few: Preimage = |maker, record, prev| {
        let value = parse(record.as_bytes(), &Limits::default()).unwrap();
        let seq = value.get("seq").unwrap().as_number().unwrap();
        canon(
            &format!(
                "{{\"seq\": {seq}, \"res\": \"{}\", \"prev\": \"{prev}\"}}",
                member(&value, "res")
            ),
            &maker.dialect,
        )
    };
    let emptied: Preimage =
        |maker, record, _| canon(&record.replace('}', ", \"hash\": \"\"}"), &maker.dialect);
    let lf: Preimage = |maker, record, _| [&canon(record, &maker.dialect)[..], b"\n"].concat();
    for (name, preimage) in [
        ("some", some),
        ("lengths", lengths),
        ("few", few),
        ("emptied", emptied),
        ("lf", lf),
    ] {
        let maker = Maker {
            dialect: Dialect::SSA,
            alg: Algorithm::Sha256,
            enc: &enc,
            genesis: "",
            preimage: &preimage,
            members,
        };
        let lines = maker.lines(5);
        let found = inferred(&Bundle::file("log.jsonl", lines), None);
        assert_eq!(found.outcome, Outcome::Reproduced, "{name}: {}", shown(&found));
        if name == "some" || name == "few" {
            assert!(
                found.uncovered_fields.contains(&"/note".to_owned()),
                "{name}: {}",
                shown(&found)
            );
        }
        if name == "few" {
            assert!(
                found.alternatives.iter().any(|a| a.other.contains("include")),
                "{:?}",
                found.alternatives
            );
        }
    }
}

/// Records that name a digest over the whole one before; signed by a key that each carries.
fn signed_lines(message: impl Fn(&str, &str) -> Vec<u8>) -> Vec<u8> {
    let key = SigningKey::from_seed(&SecretBytes::new(vec![7; 32])).unwrap();
    let public = hex(key.public().ed25519_bytes().unwrap());
    let mut prev = "null".to_owned();
    let mut out = Vec::new();
    for n in 1..=6 {
        let body = format!("{{\"n\":{n},\"text\":\"café {n}\",\"prev\":{prev},\"key\":\"{public}\"");
        let hash = hex(&tickmark_crypto::digest::sha256(&canon(
            &format!("{body}}}"),
            &Dialect::JCS,
        )));
        let signature = base64url(&key.sign(&message(&format!("{body}}}"), &hash)));
        let record = format!("{body},\"sig\":\"{signature}\"}}");
        prev = format!(
            "\"{}\"",
            hex(&tickmark_crypto::digest::sha256(&canon(&record, &Dialect::JCS)))
        );
        out.extend_from_slice(record.as_bytes());
        out.push(b'\n');
    }
    out
}

#[test]
fn links_over_the_whole_record_before_and_signatures_are_found() {
    let found = holds("bytes", &signed_lines(|record, _| canon(record, &Dialect::JCS)));
    let roles: Vec<&str> = found.explained.iter().map(|e| e.role.as_str()).collect();
    assert_eq!(roles, ["link", "signature", "key", "seq"], "{}", shown(&found));
    let authenticity = found.verification.unwrap().claims.authenticity.outcome;
    assert_eq!(
        authenticity,
        ClaimOutcome::NotProven,
        "a carried key proves nothing"
    );
    let digest = |record: &str| tickmark_crypto::digest::sha256(&canon(record, &Dialect::JCS));
    let found = holds("digest", &signed_lines(|record, _| digest(record).to_vec()));
    assert!(found.profile.unwrap().contains("digest ="));
}

#[test]
fn what_cannot_be_told_apart_is_listed() {
    let enc = |bytes: &[u8]| hex(bytes);
    let plain = "\"seq\": {n}, \"a\": \"x\", \"b\": \"x\", \"prev\": \"{prev}\"";
    let maker = Maker {
        dialect: Dialect::SCA,
        alg: Algorithm::Sha256,
        enc: &enc,
        genesis: "",
        preimage: &whole_record,
        members: plain,
    };
    let found = holds("ascii", &maker.lines(5));
    for name in ["sca", "jcs"] {
        assert!(
            found.alternatives.iter().any(|a| a.other.contains(name)),
            "{name}: {:#?}",
            found.alternatives
        );
    }
    let twins: fn(&Maker<'_>, &str, &str) -> Vec<u8> = |_, _, prev| format!("x|{prev}").into_bytes();
    let maker = Maker {
        preimage: &twins,
        ..maker
    };
    let found = inferred(&Bundle::file("log.jsonl", maker.lines(5)), None);
    assert_eq!(found.outcome, Outcome::Reproduced, "{}", shown(&found));
    assert!(
        found
            .alternatives
            .iter()
            .any(|a| a.proposed.contains("/a") && a.other.contains("/b")),
        "{:#?}",
        found.alternatives
    );
}

#[test]
fn an_edited_record_is_told_and_not_claimed() {
    let enc = |bytes: &[u8]| hex(bytes);
    let maker = Maker {
        dialect: Dialect::SSA,
        alg: Algorithm::Sha256,
        enc: &enc,
        genesis: "",
        preimage: &whole_record,
        members: PLAIN,
    };
    let text = String::from_utf8(maker.lines(9))
        .unwrap()
        .replace("agént 5", "agént 6");
    let found = inferred(&Bundle::file("log.jsonl", text), None);
    assert_eq!(found.outcome, Outcome::Partly, "{}", shown(&found));
    let hash = found.explained.iter().find(|e| e.role == "hash").unwrap();
    assert_eq!((hash.reproduced, hash.of), (8, 9));
}

/// Numbers that look like chance and are the same in every run.
fn noise(seed: u64, index: u64) -> String {
    hex(&tickmark_crypto::digest::sha256(
        format!("{seed}/{index}").as_bytes(),
    ))
}

#[test]
fn noise_gives_nothing() {
    for seed in 0..3 {
        let lines: String = (0..20)
            .map(|n| {
                format!(
                    "{{\"n\":{n},\"hash\":\"{}\",\"prev\":\"{}\",\"text\":\"t{n}\"}}\n",
                    noise(seed, n),
                    noise(seed, n + 1_000)
                )
            })
            .collect();
        let found = inferred(&Bundle::file("log.jsonl", lines), None);
        assert!(
            matches!(found.outcome, Outcome::None | Outcome::GaveUp),
            "{}",
            shown(&found)
        );
        assert!(found.profile.is_none());
        assert_eq!(found.unexplained.len(), 2);
    }
    // a link that is only repeated text is no proof of anything
    let lines: String = (0..20)
        .map(|n| {
            format!(
                "{{\"n\":{n},\"hash\":\"{}\",\"prev\":\"{}\"}}\n",
                noise(9, n + 1),
                noise(9, n)
            )
        })
        .collect();
    let found = inferred(&Bundle::file("log.jsonl", lines), None);
    assert!(found.profile.is_none(), "{}", shown(&found));
    for text in ["", "not json at all", "{\"a\":1}\n", "[1,2,3]"] {
        let found = inferred(&Bundle::file("log.jsonl", text), None);
        assert_eq!(found.outcome, Outcome::None, "{text}");
    }
}

#[test]
fn hostile_records_end_within_the_budget() {
    let deep = format!("{}1{}", "{\"a\":".repeat(60), "}".repeat(60));
    let wide: String = (0..2_000)
        .map(|n| format!("\"k{n}\":\"{}\",", noise(1, n)))
        .collect();
    let long = "k".repeat(100_000);
    let many: String = (0..200).map(|n| format!("\"f{n}\":\"v{n}\",")).collect();
    let records: [(&str, &dyn Fn(u64) -> String); 4] = [
        ("deep", &|n| {
            format!("{{\"n\":{n},\"d\":{deep},\"hash\":\"{}\"}}\n", noise(2, n))
        }),
        ("wide", &|n| format!("{{{wide}\"n\":{n}}}\n")),
        ("long", &|n| {
            format!(
                "{{\"{long}\":{n},\"hash\":\"{}\",\"prev\":\"{}\"}}\n",
                noise(3, n),
                noise(3, n + 50)
            )
        }),
        ("many", &|n| {
            format!(
                "{{{many}\"hash\":\"{}\",\"prev\":\"{}\"}}\n",
                noise(4, n + 1),
                noise(4, n)
            )
        }),
    ];
    for (name, record) in records {
        let lines: String = (0..6).map(record).collect();
        let limit = 200_000;
        let found = infer_within(
            Bundle::file("log.jsonl", lines).received(),
            &Request::default(),
            "found",
            limit,
        )
        .unwrap();
        assert!(found.profile.is_none(), "{name}");
        // what was begun is finished, and no more
        assert!(found.effort <= limit + 20_000, "{name}: {}", found.effort);
        println!("{name}: {:?} after {} blocks", found.outcome, found.effort);
    }
}
