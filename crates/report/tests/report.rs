//! The rich sample report in all its forms: does every figure stand on a page, is the file sound, are reruns the same?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    missing_docs
)]

mod kit;

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tickmark_report::model::{Report, Status};
use tickmark_report::{Rendered, ReportError, csv, digest_of, embedded_json, printed_digest, render};

static SAMPLE: LazyLock<Rendered> = LazyLock::new(|| render(&kit::report()).unwrap());

/// Set by the parent of [`two_processes_give_the_same_bytes`].
const CHILD: &str = "TICKMARK_REPORT_CHILD";

#[test]
fn the_pdf_carries_the_data_and_prints_its_digest() {
    let json = embedded_json(&SAMPLE.pdf).unwrap();
    assert_eq!(json, SAMPLE.json);
    assert_eq!(SAMPLE.digest, digest_of(&json));
    assert_eq!(printed_digest(&SAMPLE.pdf).unwrap(), SAMPLE.digest);
    assert_eq!(Report::from_json(&json).unwrap(), kit::report());
    assert!(SAMPLE.pages > 10, "{}", SAMPLE.pages);
}

#[test]
fn the_data_is_canonical() {
    // what RFC 8785 asks: sorted members, no white space, whole numbers; a second pass changes nothing
    let again = Report::from_json(&SAMPLE.json).unwrap().canonical_json().unwrap();
    assert_eq!(again, SAMPLE.json);
    assert_eq!(kit::report().digest().unwrap(), SAMPLE.digest);
    let value: Value = serde_json::from_slice(&SAMPLE.json).unwrap();
    let mut names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let found = names.clone();
    names.sort_unstable();
    assert_eq!(found, names);
}

#[test]
fn the_same_model_gives_the_same_bytes_within_a_process() {
    assert_eq!(render(&kit::report()).unwrap(), *SAMPLE);
}

#[test]
fn two_processes_give_the_same_bytes() {
    if std::env::var_os(CHILD).is_some() {
        // an odd number of documents before it, so that counters of the process stand elsewhere
        let _ = render(&kit::empty()).unwrap();
        println!("\nPDF {}", digest_of(&render(&kit::report()).unwrap().pdf));
        return;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "two_processes_give_the_same_bytes", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let digest = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("PDF "))
        .unwrap_or_else(|| panic!("{text}"));
    assert_eq!(digest, digest_of(&SAMPLE.pdf));
}

#[test]
fn another_figure_gives_other_bytes() {
    let mut report = kit::report();
    report.evidence[1].verification.counts.members += 1;
    let other = render(&report).unwrap();
    assert_ne!(other.digest, SAMPLE.digest);
    assert_ne!(other.pdf, SAMPLE.pdf);
    assert_eq!(printed_digest(&other.pdf).unwrap(), other.digest);
}

#[test]
fn the_schema_describes_every_member() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/report.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in [kit::report(), kit::empty()] {
        let value: Value = serde_json::from_slice(&report.canonical_json().unwrap()).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let mut unknown = BTreeSet::new();
        undescribed(&value, &schema, &schema, "", &mut unknown);
        assert!(unknown.is_empty(), "not in the schema: {unknown:?}");
    }
    let mut value: Value = serde_json::from_slice(&SAMPLE.json).unwrap();
    value["samples"][0]["evaluation"]["upper_limit"] = Value::from(0.066);
    assert!(!validator.is_valid(&value));
}

fn undescribed(value: &Value, schema: &Value, root: &Value, place: &str, unknown: &mut BTreeSet<String>) {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(name) => &root["$defs"][name.trim_start_matches("#/$defs/")],
        None => schema,
    };
    match value {
        // described by its own schema
        Value::Object(_) if place.ends_with("/verification") => {}
        Value::Object(members) => {
            for (name, member) in members {
                match schema["properties"].get(name) {
                    Some(schema) => undescribed(member, schema, root, &format!("{place}/{name}"), unknown),
                    None => drop(unknown.insert(format!("{place}/{name}"))),
                }
            }
        }
        Value::Array(elements) => {
            elements
                .iter()
                .for_each(|element| undescribed(element, &schema["items"], root, place, unknown));
        }
        _ => {}
    }
}

#[test]
fn a_report_that_contradicts_itself_is_not_made() {
    let refused = |change: &dyn Fn(&mut Report)| {
        let mut report = kit::report();
        change(&mut report);
        render(&report).err()
    };
    let disagrees =
        |change: &dyn Fn(&mut Report)| matches!(refused(change), Some(ReportError::FigureDisagrees { .. }));
    assert!(disagrees(&|r| r.samples[0].population.size += 1));
    assert!(disagrees(
        &|r| r.samples[0].population.excluded[0].count = u64::MAX
    ));
    assert!(disagrees(&|r| r.samples[0]
        .evaluation
        .as_mut()
        .unwrap()
        .deviations = 1));
    assert!(disagrees(&|r| r.samples[0]
        .evaluation
        .as_mut()
        .unwrap()
        .passed += 1));
    assert!(disagrees(&|r| r.samples[0]
        .evaluation
        .as_mut()
        .unwrap()
        .upper_printed = "6.5 %".into()));
    assert!(disagrees(&|r| r.samples[0]
        .evaluation
        .as_mut()
        .unwrap()
        .supports = Some(true)));
    assert!(disagrees(&|r| r.samples[2].plan.tolerable = "4.9%".into()));
    assert!(disagrees(&|r| r.samples[1]
        .evaluation
        .as_mut()
        .unwrap()
        .finished = false));
    assert!(disagrees(&|r| r.custody.head = kit::hex("another")));
    assert!(disagrees(&|r| r.custody.count = 199));
    assert!(matches!(
        refused(&|r| r.schema = "tickmark.report/2".into()),
        Some(ReportError::Schema { .. })
    ));
    assert!(matches!(
        refused(&|r| r.header.made_at = "today".into()),
        Some(ReportError::Spelling { .. })
    ));
    assert!(matches!(
        refused(&|r| r.samples[0].draw.as_mut().unwrap().units[0].bundle = "B9".into()),
        Some(ReportError::Spelling { .. })
    ));
    assert!(matches!(
        refused(&|r| r.evidence[0].verification.bundle.bytes = 1 << 53),
        Some(ReportError::Number { .. })
    ));
}

#[test]
fn an_empty_draft_is_made() {
    let rendered = render(&kit::empty()).unwrap();
    assert_eq!(printed_digest(&rendered.pdf).unwrap(), rendered.digest);
    if let Some(text) = pdf_text(&rendered.pdf) {
        let text = squeezed(&text);
        assert!(
            text.contains("DRAFT") && text.contains("Nobody has signed this report."),
            "{text}"
        );
    }
}

#[test]
fn the_file_is_sound() {
    let document = lopdf::Document::load_mem(&SAMPLE.pdf).unwrap();
    assert_eq!(document.get_pages().len(), SAMPLE.pages);
    assert_eq!(document.version, "1.7");
    // nothing runs, nothing leads out
    for object in document.objects.values() {
        let text = format!("{object:?}");
        for forbidden in [
            "/JavaScript",
            "/JS",
            "/URI",
            "/Launch",
            "/OpenAction",
            "/SubmitForm",
            "/AA",
        ] {
            assert!(!text.contains(&format!("{forbidden} ")), "{forbidden} in {text}");
        }
    }
    match run("qpdf", &["--check", FILE], &SAMPLE.pdf) {
        Some(said) => assert!(
            said.contains("No syntax or stream encoding errors found"),
            "{said}"
        ),
        None => eprintln!("skipped: qpdf is not present"),
    }
}

#[test]
fn every_page_says_which_it_is() {
    let Some(text) = pdf_text(&SAMPLE.pdf) else { return };
    let pages: Vec<&str> = text
        .split('\u{c}')
        .filter(|page| !page.trim().is_empty())
        .collect();
    assert_eq!(pages.len(), SAMPLE.pages);
    let short = format!(
        "report.json {} {} {} {} …",
        &SAMPLE.digest[..4],
        &SAMPLE.digest[4..8],
        &SAMPLE.digest[8..12],
        &SAMPLE.digest[12..16]
    );
    for (at, page) in pages.iter().enumerate() {
        let page = squeezed(page);
        assert!(
            page.contains(&format!("Page {} of {}", at + 1, SAMPLE.pages)),
            "{page}"
        );
        assert!(
            page.contains("TM-2026-0147, version 1.0, FINAL") && page.contains(&short),
            "{page}"
        );
    }
}

#[test]
fn every_figure_stands_on_a_page() {
    let Some(text) = pdf_text(&SAMPLE.pdf) else { return };
    let text = squeezed(&text);
    // cells of two lines are read line by line in one order and cell by cell in the other
    let cells = run("pdftotext", &["-raw", "-enc", "UTF-8", FILE, "-"], &SAMPLE.pdf).unwrap();
    let dense: String = [text.as_str(), cells.as_str()]
        .join(" ")
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let report = kit::report();
    let mut missing = Vec::new();
    let mut expect = |what: String| {
        let what: String = what.chars().filter(|letter| !letter.is_whitespace()).collect();
        if !dense.contains(&what) {
            missing.push(what);
        }
    };
    for evidence in &report.evidence {
        let verification = &evidence.verification;
        expect(verification.bundle.sha256.clone());
        for number in [
            verification.bundle.bytes,
            verification.counts.records,
            verification.counts.checked,
            verification.counts.signed,
            verification.counts.members,
        ] {
            expect(tickmark_report::words::count(number));
        }
        verification
            .keys
            .iter()
            .for_each(|key| expect(key.fingerprint.clone()));
        verification
            .chains
            .iter()
            .for_each(|chain| expect(chain.head.clone()));
        verification
            .uncovered_fields
            .iter()
            .for_each(|field| expect(field.clone()));
        verification
            .not_proven
            .iter()
            .for_each(|sentence| expect(sentence.clone()));
        for fault in verification
            .faults
            .iter()
            .filter(|fault| fault.code == "hash_mismatch")
        {
            expect(fault.sentence.clone());
            expect(fault.expected.clone().unwrap());
            expect(fault.found.clone().unwrap());
        }
    }
    for sample in &report.samples {
        expect(sample.population.frame_digest.clone());
        expect(sample.plan.digest.clone());
        expect(
            format!("({}", tickmark_report::words::count(sample.population.size))
                .trim_start_matches('(')
                .into(),
        );
        let evaluation = sample.evaluation.as_ref().unwrap();
        expect(evaluation.upper_limit.clone());
        expect(evaluation.upper_printed.clone());
        expect(format!(
            "atmost{}of",
            tickmark_report::words::count(evaluation.upper_count.unwrap())
        ));
        let draw = sample.draw.as_ref().unwrap();
        expect(draw.seed.clone());
        for unit in &draw.units {
            let id = &unit.record_id;
            expect(format!(
                "{}{}{}",
                tickmark_report::words::count(unit.pick),
                unit.bundle,
                tickmark_report::words::count(unit.position)
            ));
            expect(format!("{}…", &id[..16]));
        }
    }
    for finding in &report.findings {
        expect(finding.id.clone());
        expect(finding.title.clone());
        finding
            .evidence
            .iter()
            .filter_map(|reference| reference.record_id.clone())
            .for_each(&mut expect);
    }
    for event in &report.custody.events {
        expect(format!("{}…", &event.hash[..8]));
    }
    expect(report.custody.head.clone());
    report
        .sign_offs
        .iter()
        .for_each(|sign_off| expect(sign_off.key.clone()));
    assert!(
        missing.is_empty(),
        "{} figures stand on no page: {missing:#?}",
        missing.len()
    );
    let forbidden = ["compliant", "Compliant", "verified", "genuine", "tampered"];
    for word in forbidden {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn hostile_letters_are_named() {
    let Some(text) = pdf_text(&SAMPLE.pdf) else { return };
    for hidden in [
        '\u{202e}',
        '\u{200b}',
        '\u{feff}',
        '\u{2060}',
        '\u{0}',
        '\u{7}',
        '\u{1b}',
        '\u{e0041}',
        '\u{e000}',
        '\u{fe0f}',
    ] {
        assert!(!text.contains(hidden), "{hidden:?}");
        let name = format!("U+{:04X}", hidden as u32);
        assert!(text.contains(&name), "{name}");
    }
    // no face draws these; they are named, not dropped
    for name in ["U+4E2D", "U+6587", "U+0627", "U+05E2", "U+1F600"] {
        assert!(text.contains(name), "{name}");
    }
    assert!(
        text.contains("Ελληνικά") && text.contains("Русский") && text.contains("a->b != c, 3x4, fi fl ffi"),
        "{text}"
    );
}

#[test]
fn lists_open_in_a_spreadsheet_without_running() {
    let sample = String::from_utf8(csv::sample(&kit::report()).unwrap()).unwrap();
    assert_eq!(sample.split("\r\n").next().unwrap().split(',').count(), 15);
    assert!(
        sample.contains("'=HYPERLINK")
            && !sample.contains(",=HYPERLINK")
            && !sample.contains(",\"=HYPERLINK")
    );
    assert_eq!(sample.matches("\r\nA").count(), 94 + 93 + 59);
    let exceptions = String::from_utf8(csv::exceptions(&kit::report()).unwrap()).unwrap();
    assert!(
        exceptions.contains("F-06") && exceptions.contains("B1 record 61874"),
        "{exceptions}"
    );
}

#[test]
fn long_and_odd_reports_are_made() {
    let mut report = kit::report();
    report.header.title = "a".repeat(5_000);
    report.header.classification = "b ".repeat(2_000);
    report.header.status = Status::Draft;
    report.header.id = "\u{202e}TM\n1".into();
    report.header.lang = "x\u{0}y".into();
    report.findings[0].condition = "long ".repeat(4_000);
    report.limitations = vec!["c".repeat(20_000)];
    report.timelines[0].buckets = Vec::new();
    report.timelines[1].silences = vec![tickmark_report::model::Silence {
        first: (1 << 53) - 1,
        last: 0,
        sentence: String::new(),
    }];
    report.evidence[2].verification.bundle.name = kit::HOSTILE.join("");
    report.sign_offs.extend(kit::report().sign_offs);
    let rendered = render(&report).unwrap();
    assert_eq!(embedded_json(&rendered.pdf).unwrap(), rendered.json);
    assert_eq!(printed_digest(&rendered.pdf).unwrap(), rendered.digest);
    match run("qpdf", &["--check", FILE], &rendered.pdf) {
        Some(said) => assert!(
            said.contains("No syntax or stream encoding errors found"),
            "{said}"
        ),
        None => eprintln!("skipped: qpdf is not present"),
    }
}

#[test]
fn a_changed_file_is_noticed() {
    // a byte of the attachment changes: it can no longer be unfolded, or its digest is another
    let document = lopdf::Document::load_mem(&SAMPLE.pdf).unwrap();
    let attachment = document
        .objects
        .values()
        .find_map(|object| {
            object
                .as_stream()
                .ok()
                .filter(|s| s.dict.has_type(b"EmbeddedFile"))
        })
        .unwrap();
    let at = SAMPLE
        .pdf
        .windows(32)
        .position(|window| Some(window) == attachment.content.get(1000..1032))
        .unwrap();
    let mut pdf = SAMPLE.pdf.clone();
    pdf[at + 7] ^= 0x20;
    let noticed = embedded_json(&pdf).map_or(true, |json| digest_of(&json) != printed_digest(&pdf).unwrap());
    assert!(noticed);
}

/// The text of a PDF by pdftotext, pages separated by form feeds; `None`, said aloud, when the program is not there.
fn pdf_text(pdf: &[u8]) -> Option<String> {
    let text = run("pdftotext", &["-layout", "-enc", "UTF-8", FILE, "-"], pdf);
    if text.is_none() {
        eprintln!("skipped: pdftotext is not present");
    }
    text
}

/// Runs a program over a file and gives what it prints; `None` when it is not installed.
fn run(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("tickmark-report-{}-{number}.pdf", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::File::create(&path).unwrap().write_all(pdf).unwrap();
    let file = path.to_string_lossy().to_string();
    let arguments = arguments.iter().map(|argument| {
        if *argument == FILE {
            file.as_str()
        } else {
            argument
        }
    });
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).to_string());
    let _ = std::fs::remove_file(&path);
    text
}

/// Stands for the file among a program's arguments.
const FILE: &str = "FILE";

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn no_damaged_file_makes_it_panic() {
    // flipped bytes, cut ends, repeated pieces: the sum of it is deterministic
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = |limit: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % limit
    };
    let whole = render(&kit::empty()).unwrap().pdf;
    for round in 0..ROUNDS {
        let mut pdf = whole.clone();
        match round % 4 {
            0 => pdf.truncate(next(whole.len())),
            1 => {
                let at = next(whole.len() - 64);
                let piece = pdf[at..at + 64].to_vec();
                let to = next(whole.len());
                pdf.splice(to..to, piece);
            }
            _ => {
                for _ in 0..=next(20) {
                    let at = next(pdf.len());
                    pdf[at] = u8::try_from(next(256)).unwrap();
                }
            }
        }
        let _ = embedded_json(&pdf);
        let _ = printed_digest(&pdf);
    }
}

/// Damaged files that are read.
const ROUNDS: usize = 400;
