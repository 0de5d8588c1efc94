//! Chapter 4: what each bundle proves, check by check, and what it does not.

use tickmark_verify::verification::{Basis, ChainHead, Claim, Fault, KeyOrigin, KeyUse, Verification};

use super::phrase;
use crate::model::{Evidence, Report};
use crate::pdf::chart::TimelineChart;
use crate::pdf::colour::Colour;
use crate::pdf::flow::{Flow, Paper};
use crate::pdf::font::Face;
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Rich, Span, Style};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    flow.chapter("4", "What the evidence proves");
    if report.evidence.is_empty() {
        flow.text("No bundle was imported.");
        return;
    }
    flow.text(HOW_TO_READ);
    for (number, evidence) in report.evidence.iter().enumerate() {
        bundle(flow, report, evidence, &format!("4.{}", number + 1));
    }
}

fn bundle(flow: &mut Flow, report: &Report, evidence: &Evidence, number: &str) {
    let verification = &evidence.verification;
    flow.need(170.0);
    flow.section(number, &phrase::bundle_name(evidence));
    verdict(flow, verification);
    flow.gap(2.0);
    flow.table(&claims(verification));
    profile(flow, verification);
    checks(flow, verification);
    faults(flow, verification);
    timeline(flow, report, evidence);
    uncovered(flow, verification);
    keys(flow, &verification.keys);
    chains(flow, &verification.chains);
    sentences(flow, "What this does not prove", &verification.not_proven);
    sentences(flow, "What is odd, and no fault", &verification.warnings);
    sentences(flow, "What can be done next", &verification.next_steps);
}

fn verdict(flow: &mut Flow, verification: &Verification) {
    let strong = Style {
        face: Face::Strong,
        size: 12.0,
        colour: Colour::TEXT,
    };
    let mark = phrase::outcome_mark(verification.verdict);
    let word = words::outcome(verification.verdict);
    let spans = vec![
        Span::Mark(mark, 12.5),
        Span::Text(word.into(), strong.colour(mark.colour())),
    ];
    flow.spans(&spans, Paper::MEASURE, 17.0);
    flow.text(&verification.sentence);
}

fn claims(verification: &Verification) -> Table {
    let mut table = Table::new(vec![
        Column::words("Claim", Width::Points(66.0)),
        Column::words("Outcome", Width::Points(70.0)),
        Column::words("Why", Width::Share(1.0)),
    ]);
    for (name, claim) in named(verification) {
        let mut why = phrase::cell(claim.sentence.clone());
        if let Some(basis) = claim.basis {
            why.push(Span::Break);
            why.push(Span::Text(basis_words(basis).into(), Style::SMALL));
        }
        table.row(vec![
            phrase::strong(name),
            phrase::outcome(claim.outcome, Style::TABLE),
            why,
        ]);
    }
    table
}

fn named(verification: &Verification) -> [(&'static str, &Claim); 4] {
    let claims = &verification.claims;
    [
        ("Integrity", &claims.integrity),
        ("Authenticity", &claims.authenticity),
        ("Completeness", &claims.completeness),
        ("Time", &claims.time),
    ]
}

fn basis_words(basis: Basis) -> &'static str {
    match basis {
        Basis::Anchored => "Anchored: something from outside the bundle reaches every record and link.",
        Basis::SelfConsistent => {
            "Self-consistent: the bundle agrees with itself, and nothing from outside it reaches every record."
        }
    }
}

fn profile(flow: &mut Flow, verification: &Verification) {
    let counts = &verification.counts;
    let small = |text: String| Span::Text(text, Style::SMALL);
    let mut spans = match &verification.profile {
        Some(profile) => vec![
            small(format!(
                "Judged under the profile {} ({}, version {}, SHA-256 ",
                profile.title, profile.id, profile.version
            )),
            Span::Text(words::digest(&profile.digest), Style::SMALL.mono()),
            small(").".into()),
        ],
        None => {
            let level = counts.proof_level.as_ref();
            let level = level.map_or(String::new(), |level| {
                format!("; as a platform export it has proof level {level}")
            });
            vec![small(format!("No profile describes this bundle{level}."))]
        }
    };
    spans.push(small(format!(
        " {} in {}: {} checked, {} signed, {} unsigned; {}. Judged by {} {}.",
        words::counted(counts.records, "record", "records"),
        words::counted(counts.chains, "chain", "chains"),
        words::count(counts.checked),
        words::count(counts.signed),
        words::count(counts.unsigned),
        words::counted(counts.faults, "fault", "faults"),
        verification.tool.name,
        verification.tool.version,
    )));
    flow.caption_of(&spans);
}

fn checks(flow: &mut Flow, verification: &Verification) {
    flow.part("Checks");
    let mut table = Table::new(vec![
        Column::words("Outcome", Width::Fit),
        Column::words("What was asked", Width::Share(1.1)),
        Column::figures("Passed"),
        Column::figures("Failed"),
        Column::words("What was found, or why not", Width::Share(1.0)),
    ]);
    table.padding = 3.0;
    table.leading = 12.0;
    table.named_rows = false;
    for (name, claim) in named(verification) {
        for check in &claim.checks {
            let mut title = phrase::cell(check.title.clone());
            title.push(Span::Text(
                format!("  {name}, {}", check.id),
                Style::SMALL.colour(Colour::QUIET),
            ));
            table.row(vec![
                phrase::check(check.outcome, Style::TABLE),
                title,
                phrase::figure(check.passed),
                phrase::figure(check.failed),
                phrase::cell(phrase::quoted(&check.detail, 400)),
            ]);
        }
    }
    flow.table(&table);
}

fn faults(flow: &mut Flow, verification: &Verification) {
    if verification.counts.faults == 0 && verification.faults.is_empty() {
        return;
    }
    flow.part(&format!("Faults ({})", words::count(verification.counts.faults)));
    if !verification.fault_groups.is_empty() {
        let groups: Vec<String> = verification
            .fault_groups
            .iter()
            .map(|group| format!("{}: {}", group.title, words::count(group.count)))
            .collect();
        flow.text(&format!("{}.", groups.join("; ")));
    }
    let mut table = Table::new(vec![
        Column::figures("Record"),
        Column::words("What is wrong", Width::Share(1.0)),
    ]);
    table.padding = 3.2;
    for fault in verification.faults.iter().take(MOST_FAULTS) {
        table.row(vec![
            fault.record.map_or_else(|| phrase::muted("none"), phrase::figure),
            fault_words(fault),
        ]);
    }
    flow.table(&table);
    let printed = verification.faults.len().min(MOST_FAULTS) as u64;
    if printed < verification.counts.faults {
        let listed = verification.faults.len() as u64;
        flow.caption(&format!(
            "{} of {} faults are printed, {} are listed in report.json; all are counted.",
            words::count(printed),
            words::count(verification.counts.faults),
            words::count(listed)
        ));
    }
}

fn fault_words(fault: &Fault) -> Rich {
    let mut spans = phrase::cell(phrase::quoted(&fault.sentence, MOST_LETTERS));
    let muted = Style::SMALL;
    let mut where_it_is = vec![fault.code.clone(), fault.claim.clone()];
    where_it_is.extend(fault.line.map(|line| format!("line {}", words::count(line))));
    where_it_is.extend(
        fault
            .member
            .as_ref()
            .map(|member| format!("member {}", phrase::quoted(member, MOST_LETTERS))),
    );
    where_it_is.extend(
        fault
            .field
            .as_ref()
            .map(|field| format!("field {}", phrase::quoted(field, MOST_LETTERS))),
    );
    spans.push(Span::Break);
    spans.push(Span::Text(where_it_is.join(", "), muted));
    for (name, value) in [("expected ", &fault.expected), ("found ", &fault.found)] {
        if let Some(value) = value {
            spans.push(Span::Break);
            spans.push(Span::Text(name.into(), muted));
            spans.push(Span::Text(
                words::digest(&phrase::quoted(value, MOST_LETTERS)),
                muted.mono().colour(Colour::TEXT),
            ));
        }
    }
    spans
}

fn timeline(flow: &mut Flow, report: &Report, evidence: &Evidence) {
    for timeline in report
        .timelines
        .iter()
        .filter(|timeline| timeline.bundle == evidence.label && !timeline.buckets.is_empty())
    {
        flow.part("When the records were made");
        let chart = TimelineChart::new(timeline);
        let silences: Vec<String> = timeline
            .silences
            .iter()
            .map(|silence| silence.sentence.clone())
            .collect();
        let alt = format!(
            "Bar chart of the records of {} by time. {} {}",
            evidence.label,
            timeline.sentence,
            silences.join(" ")
        );
        flow.figure(&alt, TimelineChart::HEIGHT, |ink, node| chart.draw(ink, node));
        let mut caption = format!("{} {}", timeline.sentence, chart.reading());
        if !silences.is_empty() {
            caption.push_str(&format!(" Hatched: {}.", silences.join("; ")));
        }
        flow.caption(caption.trim());
    }
}

fn uncovered(flow: &mut Flow, verification: &Verification) {
    if verification.uncovered_fields.is_empty() {
        return;
    }
    flow.part("Fields that no hash and no signature reaches");
    flow.text("Whoever can write the file can change these without a check noticing.");
    let mut spans: Rich = Vec::new();
    for field in verification.uncovered_fields.iter().take(MOST_FIELDS) {
        if !spans.is_empty() {
            spans.push(Span::Text("    ".into(), Style::BODY));
        }
        spans.push(Span::Text(field.clone(), Style::BODY.mono()));
    }
    if verification.uncovered_fields.len() > MOST_FIELDS {
        let more = (verification.uncovered_fields.len() - MOST_FIELDS) as u64;
        spans.push(Span::Text(
            format!("    and {} more in report.json", words::count(more)),
            Style::BODY,
        ));
    }
    flow.rich(&spans);
}

fn keys(flow: &mut Flow, keys: &[KeyUse]) {
    flow.part("Keys");
    if keys.is_empty() {
        flow.text("No key was used or found.");
        return;
    }
    let mut table = Table::new(vec![
        Column::words("Key", Width::Share(1.0)),
        Column::words("Origin", Width::Points(84.0)),
        Column::figures("Records"),
    ]);
    for key in keys {
        let mut name = phrase::strong(key.owner.clone().unwrap_or_else(|| "owner not known".into()));
        let kid = key
            .kid
            .as_ref()
            .map_or(String::new(), |kid| format!(", named {kid} in the records"));
        name.push(Span::Text(
            format!("  {}{kid}", key.algorithm),
            Style::TABLE.colour(Colour::MUTED),
        ));
        name.push(Span::Break);
        let fingerprint = if key.fingerprint.is_empty() {
            "fingerprint of a secret is not told".into()
        } else {
            words::digest(&key.fingerprint)
        };
        name.push(Span::Text(fingerprint, Style::SMALL.mono().colour(Colour::TEXT)));
        if let Some(confirmed) = &key.confirmed {
            name.push(Span::Break);
            name.push(Span::Text(format!("Confirmed: {confirmed}"), Style::SMALL));
        }
        let origin = match key.origin {
            KeyOrigin::Pinned => "pinned by the reviewer, from outside the bundle",
            KeyOrigin::Carried => "carried in the bundle: a statement, no ground for trust",
        };
        table.row(vec![name, phrase::cell(origin), phrase::figure(key.records)]);
    }
    flow.table(&table);
}

fn chains(flow: &mut Flow, chains: &[ChainHead]) {
    if chains.is_empty() {
        return;
    }
    flow.part("Chains");
    let mut table = Table::new(vec![
        Column::words("Chain", Width::Points(88.0)),
        Column::figures("Records"),
        Column::words("From, to", Width::Points(86.0)),
        Column::words("Start and head", Width::Share(1.0)),
    ]);
    for chain in chains.iter().take(MOST_CHAINS) {
        let start = if chain.starts_at_genesis {
            "starts at an accepted first value"
        } else {
            "does not start at an accepted first value"
        };
        let mut head = phrase::cell(format!("{start}; its head, to be remembered:"));
        head.push(Span::Break);
        head.push(Span::Text(
            words::digest(&chain.head),
            Style::SMALL.mono().colour(Colour::TEXT),
        ));
        let ends = match (&chain.first_seq, &chain.last_seq) {
            (Some(first), Some(last)) => format!("{first}, {last}"),
            _ => "not numbered".to_string(),
        };
        table.row(vec![
            phrase::cell(chain.chain.clone().unwrap_or_else(|| "the only one".into())),
            phrase::figure(chain.records),
            phrase::cell(ends),
            head,
        ]);
    }
    flow.table(&table);
    if chains.len() > MOST_CHAINS {
        flow.caption(&format!(
            "{} of {} chains are printed; report.json has all.",
            words::count(MOST_CHAINS as u64),
            words::count(chains.len() as u64)
        ));
    }
}

fn sentences(flow: &mut Flow, title: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    flow.part(title);
    let mut table = Table::new(vec![Column::words("", Width::Share(1.0))]);
    table.padding = 2.8;
    table.named_rows = false;
    for sentence in sentences {
        table.row(vec![phrase::cell(sentence.clone())]);
    }
    flow.table(&table);
}

const HOW_TO_READ: &str = "Four claims are judged for every bundle, each by its checks. A claim is never better than its weakest \
check; what was not checked is said. A bundle is proven when its integrity is anchored in something from outside it and its \
authenticity and completeness are proven; it is refuted when any claim is. That a chain holds does not show what was left out \
before it was written, nor where a trail ends that nothing outside it closes.";
const MOST_FAULTS: usize = 40;
const MOST_FIELDS: usize = 60;
const MOST_CHAINS: usize = 30;
const MOST_LETTERS: usize = 300;
