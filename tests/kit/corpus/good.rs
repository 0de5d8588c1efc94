//! Good bundles: every format, as written and in variations that no verifier may doubt.

use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::hex;

use super::case::Must::{Anchored, Proven};
use super::case::{Case, Expect};
use super::container::{gzipped, tarred, zipped};
use super::subject::{self, Follows, Signs, Subject};
use crate::kit::Bundle;
use crate::manner;

pub fn cases() -> Vec<Case> {
    subject::all().iter().flat_map(of).collect()
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
        case("zip", "bundle.zip", zipped(files)),
        case("tar", "bundle.tar", tarred(files)),
        case("tar-gz", "bundle.tar.gz", gzipped(&tarred(files))),
        case(
            "tar-zst",
            "bundle.tar.zst",
            zstd::encode_all(tarred(files).as_slice(), 3).unwrap(),
        ),
    ];
    if let [(name, bytes)] = files {
        cases.push(case("gz", &format!("{name}.gz"), gzipped(bytes)));
        cases.push(case(
            "zst",
            &format!("{name}.zst"),
            zstd::encode_all(bytes.as_slice(), 3).unwrap(),
        ));
    }
    cases
}
