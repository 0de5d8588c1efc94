//! Lies in the spelling of records: names twice, numbers and letters that readers take differently, delimiters, depth.

use serde_json::{Value, json};

use super::case::Must::{NotProven, Refuted, SelfConsistent};
use super::case::{Case, Expect, must};
use super::subject::{self, Signs, States, Subject};
use super::trail::remove;
use crate::kit::Bundle;

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = subject::open().iter().flat_map(lines).collect();
    cases.extend(strays());
    cases.extend(lacking());
    cases.extend(numbers());
    cases.extend(delimiters());
    cases.extend(clocks());
    cases
}

/// Lies about the line of record 4, for formats that are one record a line.
fn lines(s: &Subject) -> Vec<Case> {
    if s.states == States::Manifest || s.states == States::Closing || s.states == States::Unsigned {
        return Vec::new(); // packed, or one document
    }
    let records = s.records();
    let own = records[3].to_string();
    let signed = match s.signs {
        Signs::Nothing | Signs::Closing => NotProven,
        _ => NotProven, // a record that cannot be read is reached by no signature
    };
    let completeness = if s.states == States::Root {
        Refuted
    } else {
        NotProven
    };
    let twice = own.replacen('{', "{\"action\":\"refund\",\"action\":\"none\",", 1);
    let first_name = own[2..].split('"').next().unwrap();
    let escaped = own.replacen(
        '{',
        &format!(
            "{{\"\\u{:04x}{}\":\"hidden\",",
            first_name.as_bytes()[0],
            &first_name[1..]
        ),
        1,
    );
    let refuting = [
        (
            "duplicate-member",
            "Record 4 names a member twice.",
            twice,
            "duplicate_member",
        ),
        (
            "duplicate-member-escaped",
            "Record 4 names a member twice, once with an escape.",
            escaped,
            "duplicate_member",
        ),
        (
            "record-cut-off",
            "Record 4 is cut off in its middle.",
            own[..own.len() / 2].to_owned(),
            "not_json",
        ),
        (
            "record-is-no-object",
            "Record 4 is an array.",
            format!("[{own}]"),
            "not_a_record",
        ),
        (
            "record-with-comment",
            "A comment follows record 4 on its line.",
            format!("{own} // ok"),
            "not_json",
        ),
        (
            "lone-surrogate",
            "A member of record 4 holds half a surrogate pair.",
            own.replacen('{', "{\"x\":\"\\ud83d\",", 1),
            "not_json",
        ),
        (
            "not-a-number",
            "A member of record 4 is NaN.",
            own.replacen('{', "{\"x\":NaN,", 1),
            "not_json",
        ),
        (
            "bare-control",
            "A text in record 4 holds a raw control character.",
            own.replacen('{', "{\"x\":\"a\u{1}b\",", 1),
            "not_json",
        ),
    ];
    let mut cases: Vec<Case> = refuting
        .into_iter()
        .map(|(lie, title, line, code)| {
            s.case_of(
                lie,
                title,
                with_line(s, &records, &line),
                must(Refuted, signed, completeness, &[code]),
            )
        })
        .collect();
    // over a limit: not judged, so nothing is proven of it
    let unread = must(NotProven, signed, NotProven, &["limit_record"]);
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    cases.push(s.case_of(
        "record-too-deep",
        "Record 4 nests 200,000 arrays.",
        with_line(s, &records, &deep),
        unread.clone(),
    ));
    if s.name == "witnesskit" {
        let wide = format!("{{\"x\":[{}0]}}", "0,".repeat(150_000));
        cases.push(s.case_of(
            "record-too-wide",
            "Record 4 has 150,001 elements.",
            with_line(s, &records, &wide),
            unread,
        ));
        let long = format!("{{\"x\":\"{}\"}}", "x".repeat(17 << 20));
        let over = must(NotProven, signed, NotProven, &["limit_line"]);
        cases.push(s.case_of(
            "line-too-long",
            "Record 4 is a line of 17 MiB.",
            with_line(s, &records, &long),
            over,
        ));
    }
    cases
}

/// What stands before the first record is no record, and does not hide what follows: a record that cannot be read refutes
/// integrity, and no signature reaches it.
fn strays() -> Vec<Case> {
    let s = subject::named("witnesskit");
    let records = s.records();
    let trail = String::from_utf8(crate::manner::lines(&records)).unwrap();
    let refuted = |code| must(Refuted, NotProven, NotProven, &[code]);
    let first = [
        ("first-line-is-a-list", "[]", "not_a_record"),
        ("first-line-is-a-number", "1", "not_a_record"),
        ("first-line-is-a-comment", "#c", "not_json"),
    ];
    let mut cases: Vec<Case> = first
        .into_iter()
        .map(|(lie, line, code)| {
            let bundle = Bundle::file("trail.jsonl", format!("{line}\n{trail}"));
            s.case_of(
                lie,
                "A line that is no record stands before the first.",
                bundle,
                refuted(code),
            )
        })
        .collect();
    let mut elements = vec![Value::Null];
    elements.extend(records);
    let bundle = Bundle::file("chain.json", json!({ "entries": elements }).to_string());
    cases.push(s.case_of(
        "document-begins-with-null",
        "The first element of the document's array is null.",
        bundle,
        refuted("not_a_record"),
    ));
    cases
}

/// A record without a member that its signature covers is none of its format: nobody can have signed it so.
fn lacking() -> Vec<Case> {
    let s = subject::named("asqav-hash");
    let records = s.records();
    let mut held = records.clone();
    remove(&mut held[3], "/policy_decision");
    vec![s.case(
        "signed-member-removed",
        "Record 4 lacks a member that its signature covers.",
        &records,
        &held,
        must(
            Refuted,
            Refuted,
            NotProven,
            &["not_a_record", "signature_malformed"],
        ),
    )]
}

/// The bundle with another line in place of record 4.
fn with_line(s: &Subject, records: &[Value], line: &str) -> Bundle {
    let bundle = (s.manner.pack)(records, records);
    let own = records[3].to_string();
    let files: Vec<(&str, Vec<u8>)> = bundle
        .files()
        .iter()
        .map(|(name, bytes)| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            (name.as_str(), text.replacen(&own, line, 1).into_bytes())
        })
        .collect();
    match files.as_slice() {
        [(name, bytes)] => Bundle::file(name, bytes.clone()),
        many => Bundle::folder(many),
    }
}

/// Numbers that are equal as doubles and other texts.
fn numbers() -> Vec<Case> {
    let mut cases = Vec::new();
    // formats that hash the number as it stands in the file
    for (name, from, to) in [
        ("autonomous-audit", "\"n\":3", "\"n\":3.0"),
        ("agentproofchain", "\"n\":3", "\"n\":3e0"),
        ("agt-fileauditsink", "\"n\":3", "\"n\":30e-1"),
    ] {
        let s = subject::named(name);
        let records = s.records();
        let line = records[3].to_string().replacen(from, to, 1);
        let authenticity = if s.signs == Signs::Content {
            Refuted
        } else {
            NotProven
        };
        cases.push(s.case_of(
            "number-respelled",
            "A number of record 4 has the same value and another text, and the text is hashed.",
            with_line(&s, &records, &line),
            must(Refuted, authenticity, NotProven, &["hash_mismatch"]),
        ));
    }
    for (lie, to) in [
        ("number-beyond-double", "\"n\":3.0000000000000001e400".to_owned()),
        ("number-1e400", "\"n\":1e400".to_owned()),
        ("number-minus-zero", "\"n\":-0".to_owned()),
        // as a whole number it takes a slow reader minutes
        ("number-very-long", format!("\"n\":{}", "7".repeat(1 << 20))),
    ] {
        let s = subject::named("autonomous-audit");
        let records = s.records();
        let line = records[3].to_string().replacen("\"n\":3", &to, 1);
        cases.push(s.case_of(
            lie,
            "A number of record 4 is one that readers round or refuse.",
            with_line(&s, &records, &line),
            must(Refuted, NotProven, NotProven, &["hash_mismatch"]),
        ));
    }
    // RFC 8785 (section 3.2.2.3) writes doubles: a number that is none has no canonical form, so that no hash of it can be
    // the recorded one
    for (lie, to) in [
        ("number-without-double", "\"n\":1e400".to_owned()),
        ("number-very-long", format!("\"n\":{}", "7".repeat(1 << 20))),
    ] {
        let s = subject::named("witnesskit");
        let records = s.records();
        let line = records[3].to_string().replacen("\"n\":3", &to, 1);
        cases.push(s.case_of(
            lie,
            "A number of record 4 is one that no double holds.",
            with_line(&s, &records, &line),
            must(Refuted, NotProven, NotProven, &["not_a_record"]),
        ));
    }
    // texts that look alike
    for (lie, to) in [
        ("text-decomposed", "e\u{301}"),
        ("text-homoglyph", "\u{435}\u{301}"),
        ("text-bidi", "\u{202e}\u{e9}"),
        ("text-zero-width", "\u{e9}\u{200b}"),
    ] {
        let s = subject::named("witnesskit");
        let records = s.records();
        let mut lie_records = records.clone();
        let text = records[3]["payload"]["note"].as_str().unwrap().replace('é', to);
        lie_records[3]["payload"]["note"] = json!(text);
        cases.push(s.case(
            lie,
            "A text of record 4 looks the same and is another.",
            &records,
            &lie_records,
            must(Refuted, NotProven, NotProven, &["hash_mismatch"]),
        ));
    }
    cases
}

/// Fields joined by a delimiter: it moves from one field to the next, and the hash stays.
fn delimiters() -> Vec<Case> {
    let s = subject::named("aivs");
    let mut bare = s.records();
    bare.iter_mut()
        .for_each(|record| record["tool_name"] = json!("browser:open"));
    let records = (s.manner.remake)(bare);
    let mut lie = records.clone();
    lie[3]["action_type"] = json!("tool_call:browser");
    lie[3]["tool_name"] = json!("open");
    let expect = Expect {
        warning: Some("delimiter inside a field"),
        ..s.whole()
    };
    let title = "The delimiter moves from one field of record 4 to the next, and the hash stays.";
    vec![s.case("delimiter-injection", title, &records, &lie, expect)]
}

/// Times that a clock does not tell.
fn clocks() -> Vec<Case> {
    let s = subject::named("agt-auditlog");
    let records = s.records();
    let mut cases: Vec<Case> = [
        ("clock-no-offset", "2026-11-23T15:02:17"),
        ("clock-thirteenth-month", "2026-13-23T15:02:17Z"),
        ("clock-year-ten-thousand", "10000-01-01T00:00:00Z"),
        ("clock-words", "yesterday"),
    ]
    .into_iter()
    .map(|(lie, time)| {
        let mut held = records.clone();
        held[3]["timestamp"] = json!(time);
        s.case(
            lie,
            "The time of record 4 is none, and the format hashes it in another spelling.",
            &records,
            &held,
            must(Refuted, NotProven, NotProven, &["not_a_record"]),
        )
    })
    .collect();
    // the spelling that is hashed has six digits of a second: one more may not go by unseen
    let mut finer = records.clone();
    let time = records[3]["timestamp"].as_str().unwrap();
    let end = time.rfind(|c: char| c.is_ascii_digit()).unwrap() + 1;
    assert!(time[..end].contains('.'), "a fraction in {time}");
    finer[3]["timestamp"] = json!(format!("{}9{}", &time[..end], &time[end..]));
    cases.push(s.case(
        "clock-finer-digits",
        "The time of record 4 has a digit more than the spelling in which it is hashed.",
        &records,
        &finer,
        must(Refuted, NotProven, NotProven, &["not_a_record"]),
    ));
    // the emitter's own clock goes back, and it signs that: nothing that is hashed contradicts it, and no time is proven
    let s = subject::named("witnesskit");
    let mut records = s.records();
    records[5]["timestamp"] = json!("1999-01-01T00:00:00Z");
    cases.push(s.case(
        "clock-set-back-afterwards",
        "The time of record 6 is set back by years.",
        &s.records(),
        &records,
        must(Refuted, NotProven, NotProven, &["hash_mismatch"]),
    ));
    let remade = (s.manner.remake)(records);
    cases.push(s.case(
        "clock-set-back-and-rechained",
        "The time of record 6 is set back by years, and hashes and links are made anew without the key.",
        &s.records(),
        &remade,
        must(SelfConsistent, Refuted, NotProven, &["signature_mismatch"]),
    ));
    cases
}
