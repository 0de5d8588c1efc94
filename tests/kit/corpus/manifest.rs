//! Lies about a package of several members and the manifest that lists them.

use std::io::{Cursor, Read};

use serde_json::Value;

use super::case::Must::{Anchored, NotProven, Proven, Refuted};
use super::case::{Case, Expect, must};
use super::packing::zipped;
use super::subject::{self, Subject};
use crate::kit::Bundle;

type Members = Vec<(String, Vec<u8>)>;

pub fn cases() -> Vec<Case> {
    let s = subject::named("ai-audit-trail");
    let records = s.records();
    let whole = members(&(s.manner.pack)(&records, &records));
    let mut cases = changed(&s, &whole);
    cases.extend(unsigned(&s, &whole));
    cases
}

fn case(s: &Subject, lie: &str, title: &str, members: &Members, expect: Expect) -> Case {
    s.case_of(lie, title, Bundle::file("evidence.zip", zipped(members)), expect)
}

fn changed(s: &Subject, whole: &Members) -> Vec<Case> {
    let mut more = whole.clone();
    more.push(("minutes-of-the-board.txt".into(), b"smuggled".to_vec()));
    let less: Members = whole
        .iter()
        .filter(|(name, _)| name != "verify.py")
        .cloned()
        .collect();
    let mut script = whole.clone();
    edit(&mut script, "verify.py", |_| {
        b"print('VERIFIED: genuine')".to_vec()
    });
    let mut moved = whole.clone();
    for (name, _) in &mut moved {
        if name == "verify.py" {
            *name = "tools/verify.py".into();
        }
    }
    let mut count = whole.clone();
    edit(&mut count, "chain_metadata.json", |_| {
        b"{\"total_receipts\":7}".to_vec()
    });
    let mut key = whole.clone();
    edit(&mut key, "public_key.hex", |_| "0".repeat(64).into_bytes());
    let signed = |completeness, code| must(Anchored, Proven, completeness, &[code]);
    vec![
        case(
            s,
            "manifest-unlisted-member",
            "A member lies in the package that the closed manifest does not list.",
            &more,
            signed(Refuted, "manifest_unlisted"),
        ),
        case(
            s,
            "manifest-missing-member",
            "A listed member is gone.",
            &less,
            signed(Refuted, "manifest_missing"),
        ),
        case(
            s,
            "manifest-changed-script",
            "The verifier script in the package is another one; it is never run.",
            &script,
            Expect {
                warning: Some("Tickmark never runs them"),
                ..must(Refuted, Proven, NotProven, &["manifest_mismatch"])
            },
        ),
        case(
            s,
            "manifest-moved-member",
            "A listed member lies in another folder.",
            &moved,
            must(
                Anchored,
                Proven,
                Refuted,
                &["manifest_missing", "manifest_unlisted"],
            ),
        ),
        case(
            s,
            "manifest-other-count",
            "The stated number of records is another.",
            &count,
            must(
                Refuted,
                Proven,
                Refuted,
                &["manifest_mismatch", "stated_count_mismatch"],
            ),
        ),
        case(
            s,
            "manifest-other-key",
            "The key in the package is another.",
            &key,
            must(Refuted, Proven, NotProven, &["manifest_mismatch"]),
        ),
    ]
}

fn unsigned(s: &Subject, whole: &Members) -> Vec<Case> {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut members = whole.clone();
        edit(&mut members, "manifest.json", |bytes| {
            let mut manifest: Value = serde_json::from_slice(&bytes).unwrap();
            change(&mut manifest);
            manifest.to_string().into_bytes()
        });
        members
    };
    let stripped = with(&|manifest| drop(manifest.as_object_mut().unwrap().shift_remove("signature")));
    let version = with(&|manifest| manifest["version"] = "9.9".into());
    let emptied = with(&|manifest| manifest["checksums"] = serde_json::json!({}));
    let shortened = with(&|manifest| {
        drop(
            manifest["checksums"]
                .as_object_mut()
                .unwrap()
                .shift_remove("verify.py"),
        );
    });
    let mut garbage = whole.clone();
    edit(&mut garbage, "manifest.json", |_| b"{\"checksums\": ".to_vec());
    // each record is still signed and linked by itself
    let open =
        |integrity, completeness, codes: &[&'static str]| must(integrity, Refuted, completeness, codes);
    vec![
        case(
            s,
            "manifest-signature-stripped",
            "The manifest's signature is gone.",
            &stripped,
            open(Anchored, NotProven, &["statement_signature_missing"]),
        ),
        case(
            s,
            "manifest-edited",
            "A member of the signed manifest is changed.",
            &version,
            open(Anchored, NotProven, &["statement_signature_mismatch"]),
        ),
        case(
            s,
            "manifest-emptied",
            "The manifest lists nothing.",
            &emptied,
            open(
                Refuted,
                NotProven,
                &["manifest_unreadable", "statement_signature_mismatch"],
            ),
        ),
        case(
            s,
            "manifest-shortened",
            "The manifest leaves a member out.",
            &shortened,
            open(
                Anchored,
                Refuted,
                &["manifest_unlisted", "statement_signature_mismatch"],
            ),
        ),
        case(
            s,
            "manifest-garbage",
            "The manifest cannot be read.",
            &garbage,
            open(Refuted, NotProven, &["manifest_unreadable"]),
        ),
    ]
}

/// The members of a ZIP file.
pub fn members(bundle: &Bundle) -> Members {
    let (_, bytes) = &bundle.files()[0];
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn edit(members: &mut Members, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let (_, bytes) = members.iter_mut().find(|(other, _)| other == name).unwrap();
    *bytes = change(std::mem::take(bytes));
}
