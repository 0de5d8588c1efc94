//! CloudTrail: what a trail proves that is whole, and what is said of each lie about it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::semicolon_if_nothing_returned,
    clippy::needless_pass_by_value
)]

use crate::kit;
use crate::trail;

use std::io::Write as _;
use std::path::Path;

use crate::kit::{Bundle, fixtures, told};
use crate::trail::{Files, Made, SIDECAR, Trail, aws, gunzip, gzip, stranger};
use serde_json::{Value, json};
use tickmark_verify::verification::{Basis, ClaimOutcome, KeyOrigin, Verification};
use tickmark_verify::{ProfileChoice, RememberedHead, Request, built_in_named};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;
const PERIOD: &str = "2026-10-01T00:00:00Z..2026-10-01T06:00:00Z";

fn bundle(files: &Files) -> Bundle {
    let files: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    Bundle::folder(&files)
}

fn request() -> Request {
    let mut request = Request {
        period: Some(PERIOD.to_owned()),
        ..Request::default()
    };
    request
        .trust
        .add_file("keys.json", aws().listed().as_bytes())
        .unwrap();
    request
}

#[track_caller]
fn judge(files: &Files) -> Verification {
    judge_as(files, &request())
}

#[track_caller]
fn judge_as(files: &Files, request: &Request) -> Verification {
    let v = bundle(files).verify(request).unwrap();
    assert_eq!(
        v.profile.as_ref().map(|profile| profile.id.as_str()),
        Some("cloudtrail"),
        "{}",
        told(&v)
    );
    kit::hold_together(&v);
    v
}

#[track_caller]
fn hold(v: &Verification, integrity: ClaimOutcome, authenticity: ClaimOutcome, completeness: ClaimOutcome) {
    let c = &v.claims;
    let found = (
        c.integrity.outcome,
        c.authenticity.outcome,
        c.completeness.outcome,
    );
    assert_eq!(
        found,
        (integrity, authenticity, completeness),
        "{}\n{:?}",
        told(v),
        v.claims.time
    );
    assert_eq!(c.time.outcome, OPEN);
}

#[track_caller]
fn hold_proven(v: &Verification) {
    hold(v, PROVEN, PROVEN, PROVEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored), "{}", told(v));
    assert_eq!(v.verdict, PROVEN);
    assert_eq!(v.counts.faults, 0);
}

fn codes(v: &Verification) -> Vec<&str> {
    v.faults.iter().map(|fault| fault.code.as_str()).collect()
}

/// One lie about the usual trail: what is claimed then, and the faults.
#[track_caller]
fn lie(
    tell: impl FnOnce(&mut Made),
    claims: (ClaimOutcome, ClaimOutcome, ClaimOutcome),
    faults: &[&str],
) -> Verification {
    lie_about(Trail::default(), tell, claims, faults)
}

#[track_caller]
fn lie_about(
    trail: Trail<'_>,
    tell: impl FnOnce(&mut Made),
    claims: (ClaimOutcome, ClaimOutcome, ClaimOutcome),
    faults: &[&str],
) -> Verification {
    let mut made = trail.make();
    tell(&mut made);
    let v = judge(&made.files);
    hold(&v, claims.0, claims.1, claims.2);
    let mut found = codes(&v);
    found.sort_unstable();
    assert_eq!(found, faults, "{}", told(&v));
    v
}

// ---- what is whole ----------------------------------------------------------------------------------------------------

#[test]
fn a_whole_trail_is_proven() {
    let made = Trail::default().make();
    let v = judge(&made.files);
    hold_proven(&v);
    assert_eq!(
        (v.counts.records, v.counts.signed, v.counts.checked),
        (20, 20, 20)
    );
    assert_eq!(v.chains.len(), 1);
    let chain = &v.chains[0];
    assert_eq!(
        chain.chain.as_deref(),
        Some("123456789012_CloudTrail-Digest_us-east-1_mgmt_us-east-1")
    );
    assert_eq!((chain.records, chain.starts_at_genesis), (20, true));
    assert_eq!(chain.head, made.head);
    assert_eq!(chain.last_seq.as_deref(), Some("2026-10-01T06:00:00Z"));
    assert_eq!(
        (v.keys.len(), v.keys[0].origin, v.keys[0].records),
        (1, KeyOrigin::Pinned, 20)
    );
    assert_eq!(v.keys[0].kid.as_deref(), Some(aws().fingerprint.as_str()));
    assert!(v.warnings.is_empty(), "{:?}", v.warnings);
    assert!(
        v.claims.authenticity.sentence.contains("account 123456789012"),
        "{}",
        told(&v)
    );
    assert!(v.uncovered_fields.is_empty());
}

#[test]
fn records_are_the_events_with_their_bytes_and_places() {
    struct Seen(Vec<(String, u64, u64, Vec<u8>, bool)>);
    impl tickmark_verify::Observer for Seen {
        fn record(&mut self, record: &tickmark_verify::SeenRecord<'_>) -> std::ops::ControlFlow<()> {
            self.0.push((
                record.member.to_owned(),
                record.position,
                record.offset,
                record.bytes.to_vec(),
                record.signed,
            ));
            std::ops::ControlFlow::Continue(())
        }
    }
    let mut made = Trail::default().make();
    let late = made.logs[&0][0].replace("T0000Z", "T0700Z");
    made.files.insert(late.clone(), gzip(&trail::events(7, 0)));
    let mut seen = Seen(Vec::new());
    tickmark_verify::verify(bundle(&made.files).received(), &request(), &mut seen).unwrap();
    assert_eq!(seen.0.len(), 22);
    let order: Vec<&String> = made.logs.values().flatten().chain([&late]).collect();
    for (index, (member, position, offset, bytes, signed)) in seen.0.iter().enumerate() {
        assert_eq!(
            member,
            order[index / 2],
            "digest order, then log order, unlisted last"
        );
        assert_eq!(*position, index as u64 + 1);
        let whole = gunzip(&made.files[member]);
        let at = usize::try_from(*offset).unwrap();
        assert_eq!(&whole[at..at + bytes.len()], bytes.as_slice());
        assert!(serde_json::from_slice::<Value>(bytes).unwrap()["eventID"].is_string());
        assert_eq!(*signed, member != &late);
    }
}

#[test]
fn every_way_of_packing_is_the_same_trail() {
    let made = Trail::default().make();
    let mut without_bucket = made.clone();
    without_bucket.rename(|name| name.trim_start_matches("example-bucket/").to_owned());
    hold_proven(&judge(&without_bucket.files));
    let mut deeper = made.clone();
    deeper.rename(|name| format!("export/2026/{name}"));
    hold_proven(&judge(&deeper.files));
    let mut unpacked = made.clone();
    unpacked.files = made
        .files
        .iter()
        .map(|(name, bytes)| match name.strip_suffix(".gz") {
            Some(plain) => (plain.to_owned(), gunzip(bytes)),
            None => (name.clone(), bytes.clone()),
        })
        .collect();
    hold_proven(&judge(&unpacked.files));
    let mut flat = made.clone();
    flat.rename(|name| name.rsplit('/').next().unwrap().to_owned());
    let v = judge(&flat.files);
    hold_proven(&v);
    assert!(
        v.warnings.iter().any(|line| line.contains("by name alone")),
        "{:?}",
        v.warnings
    );
}

#[test]
fn zip_and_tar_files_are_the_same_trail() {
    let made = Trail {
        hours: (0..48).collect(),
        ..Trail::default()
    }
    .make();
    assert!(made.files.len() > 64, "so that a tar file is read in one pass");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in made.files.iter().rev() {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, bytes.as_slice()).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let tar = tar.into_inner().unwrap();
    for (name, bytes) in [
        ("trail.zip", zip),
        ("trail.tar", tar.clone()),
        ("trail.tar.gz", gzip(&tar)),
    ] {
        let v = Bundle::file(name, bytes).verify(&request()).unwrap();
        kit::hold_together(&v);
        hold_proven(&v);
        assert_eq!(v.counts.records, 48 * 4 - 4, "{name}");
    }
}

#[test]
fn head_object_answers_are_as_good_as_a_map() {
    let mut made = Trail::default().make();
    made.remove(SIDECAR);
    let newest = made.digests[&5].clone();
    let answer = json!({"ContentLength": 1, "ETag": "\"x\"", "Metadata": made.metadata[&newest]});
    made.files
        .insert(format!("{newest}.head.json"), answer.to_string().into_bytes());
    hold_proven(&judge(&made.files));
}

#[test]
fn zero_padding_is_no_trailing_data() {
    let mut made = Trail::default().make();
    made.files.get_mut(&made.logs[&1][0]).unwrap().extend([0; 100]);
    hold_proven(&judge(&made.files));
}

#[test]
fn a_period_within_the_digests_is_covered() {
    let made = Trail::default().make();
    for period in [
        "2026-10-01T01:30:00Z..2026-10-01T05:59:59Z",
        "2026-10-01T02:00:00+02:00..2026-10-01T04:00:00+02:00",
    ] {
        let v = judge_as(
            &made.files,
            &Request {
                period: Some(period.into()),
                ..request()
            },
        );
        hold_proven(&v);
    }
}

#[test]
fn a_period_beyond_the_digests_is_not_covered() {
    let made = Trail::default().make();
    for period in [
        "2026-09-30..2026-10-01",
        "2026-10-01T00:00:00Z..2026-10-01T06:00:01Z",
        "2026-09-30T23:59:59Z..2026-10-01T01:00:00Z",
    ] {
        let v = judge_as(
            &made.files,
            &Request {
                period: Some(period.into()),
                ..request()
            },
        );
        hold(&v, PROVEN, PROVEN, OPEN);
    }
}

#[test]
fn without_a_period_both_ends_have_to_be_known() {
    let made = Trail::default().make();
    let without = || Request {
        period: None,
        ..request()
    };
    let v = judge_as(&made.files, &without());
    hold(&v, PROVEN, PROVEN, OPEN);
    assert!(
        v.claims
            .completeness
            .sentence
            .contains("Between the first and the last digest"),
        "{}",
        told(&v)
    );
    let v = judge_as(
        &made.files,
        &Request {
            expect_head: vec![made.head.clone()],
            ..without()
        },
    );
    hold_proven(&v);
    let v = judge_as(
        &made.files,
        &Request {
            expect_head: vec!["ab".repeat(32)],
            ..without()
        },
    );
    hold(&v, PROVEN, PROVEN, REFUTED);
    // a period that cannot be read is none that is covered
    let v = judge_as(
        &made.files,
        &Request {
            period: Some("October".into()),
            expect_head: vec![made.head.clone()],
            ..request()
        },
    );
    hold(&v, PROVEN, PROVEN, OPEN);
    let mut cut = made.clone();
    cut.remove_hour(0, true);
    let v = judge_as(
        &cut.files,
        &Request {
            expect_head: vec![made.head.clone()],
            ..without()
        },
    );
    hold(&v, PROVEN, PROVEN, OPEN);
}

#[test]
fn digests_that_were_made_afterwards_are_a_chain_of_their_own() {
    let backfill = || Trail {
        is_backfill: true,
        hours: vec![0, 3],
        ..Trail::default()
    };
    let made = Trail::default().make().join(backfill().make());
    let v = judge(&made.files);
    hold_proven(&v);
    assert_eq!(v.chains.len(), 2);
    let mut alone = backfill().make();
    let log = Trail::default().make();
    alone
        .files
        .insert(log.logs[&0][0].clone(), log.files[&log.logs[&0][0]].clone());
    hold(&judge(&alone.files), OPEN, OPEN, OPEN);
    let mut undated = made;
    let last = undated
        .metadata
        .keys()
        .find(|key| key.contains("T040000Z_backfill"))
        .unwrap()
        .clone();
    undated.metadata[&last]
        .as_object_mut()
        .unwrap()
        .remove("backfill-generation-timestamp");
    undated.write_metadata();
    let v = judge(&undated.files);
    hold(&v, REFUTED, OPEN, OPEN);
    assert_eq!(codes(&v), ["digest_format"]);
}

#[test]
fn each_claim_is_that_of_the_weakest_chain() {
    let other = || Trail {
        region: "eu-west-1",
        ..Trail::default()
    };
    let both = Trail::default().make().join(other().make());
    let v = judge(&both.files);
    hold_proven(&v);
    assert_eq!((v.chains.len(), v.counts.records), (2, 40));
    let mut short = other().make();
    short.remove_hour(5, true);
    let v = judge(&Trail::default().make().join(short).files);
    hold(&v, PROVEN, PROVEN, OPEN);
    assert!(
        v.claims.completeness.sentence.contains("eu-west-1"),
        "{}",
        told(&v)
    );
}

// ---- lies about logs ---------------------------------------------------------------------------------------------------

#[test]
fn an_altered_event() {
    let v = lie(
        |made| {
            let log = made.logs[&3][1].clone();
            made.change(&log, "InvokeModel", "DeleteModel");
        },
        (REFUTED, OPEN, OPEN),
        &["log_mismatch"],
    );
    assert_eq!(v.faults[0].record, Some(11));
    assert_eq!(v.counts.signed, 18);
}

#[test]
fn a_log_cut_short_or_damaged() {
    lie(
        |made| {
            let log = made.files.get_mut(&made.logs[&3][1]).unwrap();
            log.truncate(log.len() - 9);
        },
        (REFUTED, OPEN, OPEN),
        &["log_mismatch"],
    );
    lie(
        |made| {
            let log = made.logs[&3][1].clone();
            made.files.insert(log, gzip(b"{\"Records\": [{\"a\": "));
        },
        (REFUTED, OPEN, OPEN),
        &["log_mismatch"],
    );
    lie(
        |made| {
            let log = made.logs[&3][1].clone();
            made.files.insert(log, b"nothing of the kind".to_vec());
        },
        (REFUTED, OPEN, OPEN),
        &["log_mismatch"],
    );
}

#[test]
fn a_missing_log() {
    lie(
        |made| made.remove(&made.logs[&3][1].clone()),
        (PROVEN, PROVEN, REFUTED),
        &["log_missing"],
    );
}

#[test]
fn a_missing_log_outside_the_period_is_a_warning() {
    let mut made = Trail::default().make();
    made.remove(&made.logs[&5][0].clone());
    let period = Some("2026-10-01T00:00:00Z..2026-10-01T04:00:00Z".to_owned());
    let v = judge_as(&made.files, &Request { period, ..request() });
    hold_proven(&v);
    assert!(
        v.warnings
            .iter()
            .any(|line| line.contains("outside the review period")),
        "{:?}",
        v.warnings
    );
}

#[test]
fn a_late_log_of_the_period_is_missed() {
    // an event of the period, listed by a digest after it
    let late = |hour: i64, digest: &mut Value| {
        if hour == 4 {
            digest["logFiles"][0]["oldestEventTime"] = json!("2026-10-01T03:59:00Z");
        }
    };
    let mut made = Trail {
        edit: &late,
        ..Trail::default()
    }
    .make();
    made.remove(&made.logs[&4][0].clone());
    let period = Some("2026-10-01T00:00:00Z..2026-10-01T04:00:00Z".to_owned());
    let v = judge_as(&made.files, &Request { period, ..request() });
    hold(&v, PROVEN, PROVEN, REFUTED);
    assert_eq!(codes(&v), ["log_missing"]);
}

#[test]
fn a_log_that_nobody_lists() {
    let add = |made: &mut Made, minute: &str| {
        let name = made.logs[&1][0].replace("T0100Z", minute);
        made.files.insert(name, gzip(&trail::events(3, 30)));
    };
    lie(
        |made| add(made, "T0330Z"),
        (OPEN, OPEN, REFUTED),
        &["log_unlisted"],
    );
    // what was delivered last may stand in a digest that is not here
    lie(|made| add(made, "T0530Z"), (OPEN, OPEN, OPEN), &["log_unlisted"]);
    lie(|made| add(made, "T0730Z"), (OPEN, OPEN, OPEN), &["log_unlisted"]);
}

#[test]
fn bytes_behind_the_first_gzip_member() {
    for more in [gzip(&trail::events(1, 1)), b"{}".to_vec(), vec![0x1F]] {
        let more = &more;
        lie(
            |made| made.files.get_mut(&made.logs[&1][1]).unwrap().extend(more),
            (REFUTED, PROVEN, OPEN),
            &["trailing_bytes"],
        );
        lie(
            |made| made.files.get_mut(&made.digests[&1]).unwrap().extend(more),
            (REFUTED, PROVEN, OPEN),
            &["trailing_bytes"],
        );
    }
}

#[test]
fn an_event_that_can_be_read_in_two_ways() {
    let twice = |hour: i64, minute: i64| match (hour, minute) {
        (1, 0) => b"{\"Records\": [{\"eventID\": \"a\", \"eventID\": \"b\"}]}".to_vec(),
        (1, 5) => b"{\"Records\": [17]}".to_vec(),
        _ => trail::events(hour, minute),
    };
    lie_about(
        Trail {
            events: &twice,
            ..Trail::default()
        },
        |_| {},
        (REFUTED, PROVEN, PROVEN),
        &["duplicate_member", "not_a_record"],
    );
}

#[test]
fn a_log_that_is_no_log() {
    let other = |hour: i64, minute: i64| match (hour, minute) {
        (1, 0) => b"{\"Other\": []}".to_vec(),
        _ => trail::events(hour, minute),
    };
    lie_about(
        Trail {
            events: &other,
            ..Trail::default()
        },
        |_| {},
        (REFUTED, OPEN, OPEN),
        &["not_readable"],
    );
}

#[test]
fn a_moved_object() {
    lie(
        |made| {
            let log = made.logs[&1][1].clone();
            made.rename(|name| {
                if name == log {
                    name.replace("/10/01/", "/09/30/")
                } else {
                    name.to_owned()
                }
            });
        },
        (REFUTED, PROVEN, OPEN),
        &["log_moved"],
    );
    lie(
        |made| {
            let digest = made.digests[&1].clone();
            made.rename(|name| {
                if name == digest {
                    name.replace("/10/01/", "/09/30/")
                } else {
                    name.to_owned()
                }
            });
        },
        (REFUTED, PROVEN, OPEN),
        &["digest_moved"],
    );
    // under another hour's name
    lie(
        |made| {
            let digest = made.digests[&5].clone();
            made.rename(|name| {
                if name == digest {
                    name.replace("T060000Z", "T070000Z")
                } else {
                    name.to_owned()
                }
            });
        },
        (REFUTED, PROVEN, OPEN),
        &["digest_moved"],
    );
}

// ---- lies about digests ------------------------------------------------------------------------------------------------

#[test]
fn an_altered_digest() {
    // the next digest has another hash of it, and no signature fits
    let v = lie(
        |made| {
            let digest = made.digests[&2].clone();
            made.change(&digest, ",", ", ");
        },
        (REFUTED, REFUTED, OPEN),
        &["digest_link_mismatch", "digest_signature_mismatch"],
    );
    assert_eq!(v.verdict, REFUTED);
    let v = lie(
        |made| {
            let digest = made.digests[&5].clone();
            made.change(&digest, ",", ", ");
        },
        (PROVEN, REFUTED, OPEN),
        &["digest_signature_mismatch"],
    );
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
}

#[test]
fn a_log_taken_out_with_its_entry() {
    lie(
        |made| {
            let (digest, log) = (made.digests[&5].clone(), made.logs[&5][1].clone());
            let mut value: Value = serde_json::from_slice(&gunzip(&made.files[&digest])).unwrap();
            value["logFiles"].as_array_mut().unwrap().pop();
            made.files.insert(digest, gzip(value.to_string().as_bytes()));
            made.remove(&log);
        },
        (PROVEN, REFUTED, OPEN),
        &["digest_signature_mismatch"],
    );
}

#[test]
fn a_missing_digest() {
    let v = lie(
        |made| made.remove_hour(3, true),
        (PROVEN, PROVEN, REFUTED),
        &["digest_missing"],
    );
    assert!(
        v.faults[0].expected.as_ref().unwrap().contains("T040000Z"),
        "{}",
        told(&v)
    );
    // its logs are then in no digest
    lie(
        |made| made.remove_hour(3, false),
        (OPEN, OPEN, REFUTED),
        &["digest_missing", "log_unlisted", "log_unlisted"],
    );
}

#[test]
fn several_digests_in_a_row_are_all_told() {
    lie(
        |made| [1, 2, 3].iter().for_each(|hour| made.remove_hour(*hour, true)),
        (PROVEN, PROVEN, REFUTED),
        &["digest_missing"; 3],
    );
}

#[test]
fn a_missing_digest_outside_the_period_is_a_warning() {
    let mut made = Trail::default().make();
    made.remove_hour(1, true);
    let period = Some("2026-10-01T03:00:00Z..2026-10-01T06:00:00Z".to_owned());
    let v = judge_as(&made.files, &Request { period, ..request() });
    hold_proven(&v);
    assert!(
        v.warnings
            .iter()
            .any(|line| line.contains("outside the review period")),
        "{:?}",
        v.warnings
    );
}

#[test]
fn a_cut_off_end_or_start_is_never_proven() {
    lie(|made| made.remove_hour(5, true), (PROVEN, PROVEN, OPEN), &[]);
    lie(|made| made.remove_hour(0, true), (PROVEN, PROVEN, OPEN), &[]);
}

#[test]
fn a_gap_is_no_lie_and_no_coverage() {
    let gap = || Trail {
        hours: vec![0, 1, 3, 4, 5],
        restarts: vec![3],
        ..Trail::default()
    };
    let v = lie_about(gap(), |_| {}, (PROVEN, PROVEN, OPEN), &["digest_gap"]);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    let later = Some("2026-10-01T03:00:00Z..2026-10-01T06:00:00Z".to_owned());
    hold_proven(&judge_as(
        &gap().make().files,
        &Request {
            period: later,
            ..request()
        },
    ));
    // two gaps are two
    let twice = Trail {
        hours: vec![0, 2, 3, 5],
        restarts: vec![2, 5],
        ..Trail::default()
    };
    lie_about(
        twice,
        |_| {},
        (PROVEN, PROVEN, OPEN),
        &["digest_gap", "digest_gap"],
    );
    // a chain that goes on after an hour without a digest leaves the hour open all the same
    let linked = Trail {
        hours: vec![0, 1, 3, 4, 5],
        ..Trail::default()
    };
    lie_about(linked, |_| {}, (PROVEN, PROVEN, OPEN), &["digest_gap"]);
}

#[test]
fn a_restart_without_a_pause_is_told() {
    let restarted = Trail {
        restarts: vec![3],
        ..Trail::default()
    };
    let v = lie_about(restarted, |_| {}, (PROVEN, PROVEN, OPEN), &["digest_gap"]);
    assert!(
        v.claims.completeness.sentence.contains("break off 1 time"),
        "{}",
        told(&v)
    );
}

#[test]
fn digests_in_another_form() {
    let forms: [&dyn Fn(&mut Value); 7] = [
        &|d| d["digestSignatureAlgorithm"] = json!("SHA1withRSA"),
        &|d| d["logFiles"][0]["hashAlgorithm"] = json!("MD5"),
        &|d| d["previousDigestHashAlgorithm"] = json!("MD5"),
        &|d| d["digestEndTime"] = json!("yesterday"),
        &|d| d["previousDigestHashValue"] = Value::Null,
        &|d| drop(d.as_object_mut().unwrap().remove("previousDigestSignature")),
        &|d| drop(d.as_object_mut().unwrap().remove("logFiles")),
    ];
    for form in forms {
        let edit = |hour: i64, digest: &mut Value| {
            if hour == 5 {
                form(digest);
            }
        };
        lie_about(
            Trail {
                edit: &edit,
                ..Trail::default()
            },
            |made| {
                for log in made.logs[&5].clone() {
                    made.remove(&log);
                }
            },
            (REFUTED, OPEN, OPEN),
            &["digest_format"],
        );
    }
    for bytes in [
        b"no json".to_vec(),
        gzip(b"[]"),
        gzip(b"{\"a\": 1, \"a\": 2, \"logFiles\": []}"),
    ] {
        let bytes = &bytes;
        lie(
            |made| {
                made.remove_hour(5, true);
                made.files.insert(made.digests[&5].clone(), bytes.clone());
            },
            (REFUTED, OPEN, OPEN),
            &["digest_format"],
        );
    }
}

#[test]
fn two_digests_for_one_place() {
    let other = |hour: i64, digest: &mut Value| {
        if hour == 5 {
            digest["newestEventTime"] = json!("2026-10-01T05:59:59Z");
        }
    };
    let fork = Trail {
        edit: &other,
        ..Trail::default()
    }
    .make();
    let (name, bytes) = (fork.digests[&5].clone(), fork.files[&fork.digests[&5]].clone());
    lie(
        |made| drop(made.files.insert(format!("copy/{name}"), bytes.clone())),
        (REFUTED, REFUTED, OPEN),
        &["digest_apart", "digest_signature_mismatch"],
    );
    // the same digest twice is one
    let mut made = Trail::default().make();
    let (name, bytes) = (made.digests[&5].clone(), made.files[&made.digests[&5]].clone());
    made.files.insert(format!("copy/{name}"), bytes);
    hold_proven(&judge(&made.files));
}

#[test]
fn a_digest_beside_the_chain() {
    // signed by the pinned key, and passed over by the next one
    let stray = Trail {
        hours: vec![2],
        ..Trail::default()
    };
    let stray = stray.make();
    let name = stray.digests[&2].replace("T030000Z", "T023000Z");
    let edit = |_: i64, digest: &mut Value| {
        digest["digestEndTime"] = json!("2026-10-01T02:30:00Z");
        digest["digestS3Object"] = json!(name.trim_start_matches("example-bucket/"));
    };
    let stray = Trail {
        hours: vec![2],
        edit: &edit,
        ..Trail::default()
    }
    .make();
    let bytes = stray.files[&stray.digests[&2]].clone();
    let metadata = stray.metadata[&stray.digests[&2]].clone();
    lie(
        |made| {
            made.files.insert(name.clone(), bytes.clone());
            made.metadata.insert(name.clone(), metadata.clone());
            made.write_metadata();
        },
        (REFUTED, PROVEN, OPEN),
        &["digest_apart", "digest_gap"],
    );
}

// ---- lies about keys and signatures ------------------------------------------------------------------------------------

#[test]
fn without_metadata_the_newest_digest_is_unsigned() {
    let v = lie(|made| made.remove(SIDECAR), (PROVEN, OPEN, OPEN), &[]);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
    assert!(
        v.claims.authenticity.sentence.contains("20261001T060000Z"),
        "{}",
        told(&v)
    );
    assert_eq!(v.counts.signed, 16);
    // a period that ends before it is covered all the same
    let mut made = Trail::default().make();
    made.remove(SIDECAR);
    let period = Some("2026-10-01T00:00:00Z..2026-10-01T05:00:00Z".to_owned());
    let v = judge_as(&made.files, &Request { period, ..request() });
    hold(&v, PROVEN, OPEN, PROVEN);
    assert_eq!(v.verdict, OPEN);
}

#[test]
fn a_wrong_signature_in_the_metadata() {
    let change = |made: &mut Made, hour: i64, signature: Value| {
        let digest = made.digests[&hour].clone();
        made.metadata[&digest]["signature"] = signature;
        made.write_metadata();
    };
    for hour in [2, 5] {
        let other = aws().sign("something else");
        lie(
            |made| change(made, hour, json!(other)),
            (PROVEN, REFUTED, OPEN),
            &["digest_signature_mismatch"],
        );
        lie(
            |made| change(made, hour, json!("not hex")),
            (PROVEN, REFUTED, OPEN),
            &["digest_signature_malformed"],
        );
    }
    lie(
        |made| {
            let digest = made.digests[&5].clone();
            made.metadata[&digest]["signature-algorithm"] = json!("none");
            made.write_metadata();
        },
        (REFUTED, OPEN, OPEN),
        &["digest_format"],
    );
}

#[test]
fn without_a_pinned_key_nobody_is_known() {
    let made = Trail::default().make();
    let unpinned = Request {
        period: Some(PERIOD.into()),
        ..Request::default()
    };
    let v = judge_as(&made.files, &unpinned);
    hold(&v, PROVEN, OPEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
    let mut carrying = made;
    carrying
        .files
        .insert("list-public-keys.json".into(), aws().listed().into_bytes());
    let v = judge_as(&carrying.files, &unpinned);
    hold(&v, PROVEN, OPEN, OPEN);
    assert!(
        v.claims.authenticity.sentence.contains("agrees with itself"),
        "{}",
        told(&v)
    );
    assert_eq!((v.keys[0].origin, v.keys[0].records), (KeyOrigin::Carried, 20));
    assert_eq!(v.counts.signed, 20);
}

#[test]
fn a_carried_key_that_does_not_fit() {
    let mut made = Trail::default().make();
    let carried = stranger().listed_as(&aws().fingerprint);
    made.files
        .insert("list-public-keys.json".into(), carried.into_bytes());
    let unpinned = Request {
        period: Some(PERIOD.into()),
        ..Request::default()
    };
    hold(&judge_as(&made.files, &unpinned), REFUTED, OPEN, OPEN);
    hold_proven(&judge(&made.files));
}

#[test]
fn a_remade_trail_is_never_proven() {
    let remade = |fingerprint| Trail {
        signer: stranger(),
        fingerprint,
        ..Trail::default()
    };
    let v = judge(&remade(&aws().fingerprint).make().files);
    hold(&v, PROVEN, REFUTED, OPEN);
    assert_eq!(v.counts.signed, 0);
    let mut carrying = remade(&aws().fingerprint).make();
    let carried = stranger().listed_as(&aws().fingerprint);
    carrying.files.insert("keys.json".into(), carried.into_bytes());
    let v = judge(&carrying.files);
    hold(&v, PROVEN, REFUTED, OPEN);
    assert!(
        v.claims
            .authenticity
            .sentence
            .contains("it fits the key that the bundle carries"),
        "{}",
        told(&v)
    );
    // under a fingerprint that nobody pinned
    let mut own = remade(&stranger().fingerprint).make();
    own.files
        .insert("keys.json".into(), stranger().listed().into_bytes());
    let v = judge(&own.files);
    hold(&v, PROVEN, OPEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
}

#[test]
fn a_trail_without_digests_is_not_this_format() {
    let mut made = Trail::default().make();
    for digest in made.digests.clone().values() {
        made.remove(digest);
    }
    let v = bundle(&made.files).verify(&request()).unwrap();
    assert_ne!(v.verdict, PROVEN);
    assert!(
        v.profile
            .as_ref()
            .is_none_or(|profile| profile.id != "cloudtrail"),
        "{}",
        told(&v)
    );
    let named = Request {
        profile: ProfileChoice::BuiltIn(built_in_named("cloudtrail").unwrap()),
        ..request()
    };
    let v = judge_as(&made.files, &named);
    hold(&v, OPEN, OPEN, OPEN);
    assert_eq!(v.counts.records, 20);
    assert_eq!(v.counts.signed, 0);
}

#[test]
fn digests_without_logs_prove_nothing() {
    let mut made = Trail::default().make();
    made.files.retain(|name, _| !name.contains("/CloudTrail/"));
    let v = judge(&made.files);
    hold(&v, OPEN, OPEN, REFUTED);
    assert_eq!(v.counts.records, 0);
}

#[test]
fn an_earlier_import_is_remembered() {
    let made = Trail::default().make();
    let first = {
        let log = gunzip(&made.files[&made.logs[&0][0]]);
        let text = String::from_utf8(log).unwrap();
        let event = &text[text.find('[').unwrap() + 1..=text.find('}').unwrap()];
        tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(event.as_bytes()))
    };
    let remembered = |head: &str| {
        vec![RememberedHead {
            chain: Some("123456789012_CloudTrail-Digest_us-east-1_mgmt_us-east-1".into()),
            first_id: first.clone(),
            records: 8,
            head: head.into(),
            imported_at: "20 Nov 2026".into(),
            ..RememberedHead::default()
        }]
    };
    let earlier = tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(&gunzip(
        &made.files[&made.digests[&2]],
    )));
    hold_proven(&judge_as(
        &made.files,
        &Request {
            remembered: remembered(&earlier),
            ..request()
        },
    ));
    let v = judge_as(
        &made.files,
        &Request {
            remembered: remembered(&"ab".repeat(32)),
            ..request()
        },
    );
    hold(&v, PROVEN, PROVEN, REFUTED);
    assert_eq!(codes(&v), ["rollback"]);
}

/// One changed byte anywhere in what is hashed, and in the metadata: never proven.
#[test]
fn a_changed_byte_anywhere_is_never_proven() {
    let made = Trail {
        hours: (0..3).collect(),
        ..Trail::default()
    }
    .make();
    let period = || Some("2026-10-01T00:00:00Z..2026-10-01T03:00:00Z".to_owned());
    hold_proven(&judge_as(
        &made.files,
        &Request {
            period: period(),
            ..request()
        },
    ));
    let mut tried = 0;
    for (name, bytes) in &made.files {
        let is_packed = name.ends_with(".gz");
        let plain = if is_packed { gunzip(bytes) } else { bytes.clone() };
        for at in (0..plain.len()).step_by(41) {
            let mut changed = plain.clone();
            changed[at] ^= 1;
            let mut files = made.files.clone();
            files.insert(name.clone(), if is_packed { gzip(&changed) } else { changed });
            let v = bundle(&files)
                .verify(&Request {
                    period: period(),
                    ..request()
                })
                .unwrap();
            kit::hold_together(&v);
            tried += 1;
            // metadata of digests whose signature the next one repeats is not needed
            assert!(v.verdict != PROVEN || !is_packed, "{name} at {at}: {}", told(&v));
        }
    }
    assert!(tried > 150, "{tried}");
}

// ---- the fixture that the AWS command line accepts ---------------------------------------------------------------------

#[test]
fn the_trail_that_the_aws_command_line_accepts() {
    let Some(folder) = fixtures()
        .map(|path| path.join("cloudtrail"))
        .filter(|path| path.is_dir())
    else {
        println!("NOT RUN: the fixtures are not at hand");
        return;
    };
    let mut files = Files::new();
    read(
        &folder.join("audit-example-bucket"),
        "audit-example-bucket",
        &mut files,
    );
    files.insert(SIDECAR.into(), std::fs::read(folder.join(SIDECAR)).unwrap());
    let keys = std::fs::read(folder.join("list-public-keys.json")).unwrap();
    let ask = |period: &str| {
        let mut request = Request {
            period: Some(period.into()),
            ..Request::default()
        };
        request.trust.add_file("keys.json", &keys).unwrap();
        request
    };
    let v = judge_as(&files, &ask(PERIOD));
    hold(&v, PROVEN, PROVEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    assert_eq!(codes(&v), ["digest_gap"], "the chain begins anew");
    hold_proven(&judge_as(
        &files,
        &ask("2026-10-01T00:00:00Z..2026-10-01T04:00:00Z"),
    ));
}

fn read(folder: &Path, name: &str, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let inner = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            read(&entry.path(), &inner, files);
        } else {
            files.insert(inner, std::fs::read(entry.path()).unwrap());
        }
    }
}

/// The key of AWS as it is listed with this period.
fn listed_for(from: &str, to: &str) -> String {
    let listed = aws().listed();
    let mut list: Value = serde_json::from_str(&listed).unwrap();
    let key = &mut list["PublicKeyList"][0];
    key["ValidityStartTime"] = serde_json::from_str(from).unwrap();
    key["ValidityEndTime"] = serde_json::from_str(to).unwrap();
    list.to_string()
}

fn trusting(lists: &[String]) -> Request {
    let mut request = Request {
        period: Some(PERIOD.to_owned()),
        ..Request::default()
    };
    for (number, list) in lists.iter().enumerate() {
        let name = format!("keys-{number}.json");
        request.trust.add_file(&name, list.as_bytes()).unwrap();
    }
    request
}

#[test]
fn a_key_of_another_time_shows_not_who_signed() {
    let files = Trail::default().make().files;
    let ended = listed_for("\"2026-09-01T00:00:00Z\"", "\"2026-10-01T00:59:59Z\"");
    let v = judge_as(&files, &trusting(&[ended]));
    // it verifies, so nothing is refuted; it is not shown who signed, so nothing rests on it
    hold(&v, PROVEN, OPEN, OPEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
    assert_eq!(v.faults, []);
    assert!(
        v.claims
            .authenticity
            .sentence
            .contains("(1 Sep 2026, 00:00 UTC to 1 Oct 2026, 00:59:59 UTC)"),
        "{}",
        told(&v)
    );
    assert!(
        v.next_steps.iter().any(|step| step.contains("another time")),
        "{:?}",
        v.next_steps
    );
}

#[test]
fn a_period_is_held_against_the_time_of_signing() {
    let files = Trail::default().make().files;
    let holds = |from: &str, to: &str| judge_as(&files, &trusting(&[listed_for(from, to)])).verdict == PROVEN;
    // the first hour ends at 01:00 and its digest is signed within the two after it, the last one's from 06:00 on
    assert!(holds("\"2026-10-01T03:00:00Z\"", "\"2026-10-01T06:00:00Z\""));
    assert!(!holds("\"2026-10-01T03:00:01Z\"", "\"2026-11-01T00:00:00Z\""));
    assert!(!holds("\"2026-09-01T00:00:00Z\"", "\"2026-10-01T05:59:59Z\""));
    // seconds since 1970, as the AWS command line prints them
    assert!(holds("1788220800.0", "1793491200.0"));
    assert!(!holds("1788220800.0", "1790812799.0"));
    // a period that cannot be read holds never; none at all holds always
    assert!(!holds("\"September\"", "\"2026-12-01T00:00:00Z\""));
    assert!(holds("null", "null"));
    // one key in two lists
    let early = listed_for("\"2026-08-01T00:00:00Z\"", "\"2026-09-01T00:00:00Z\"");
    let lists = [early, aws().listed()];
    assert_eq!(judge_as(&files, &trusting(&lists)).verdict, PROVEN);
}

#[test]
fn a_later_digest_is_signed_when_it_says() {
    let later = Trail {
        is_backfill: true,
        hours: vec![0, 3],
        ..Trail::default()
    };
    let made = Trail::default().make().join(later.make());
    let ask = |to: &str| {
        let v = judge_as(
            &made.files,
            &trusting(&[listed_for("\"2026-10-01T00:00:00Z\"", to)]),
        );
        v.claims.authenticity.outcome
    };
    // made on 2 October, 00:00, an hour more or less
    assert_eq!(ask("\"2026-10-01T23:00:00Z\""), PROVEN);
    assert_eq!(ask("\"2026-10-01T22:59:59Z\""), OPEN);
}
