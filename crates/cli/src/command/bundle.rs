//! `import`, `bundles`, `verify-again`: bundles of a vault.

use std::path::Path;

use serde_json::json;
use tickmark_workbench::contract::bundle::{
    BundleRow, BundleView, ImportBundle, ImportCounts, ImportSummary, ImportedBundle, Intake,
    VerifyAgain as VerifyRequest,
};
use tickmark_workbench::contract::command::{ById, Nothing};
use tickmark_workbench::contract::finding::NoteView;
use tickmark_workbench::{Answer, Error, period};

use super::session::Session;
use super::verification::opened_with;
use super::{CANNOT, DONE};
use crate::arguments::{Bundles, Import, VerifyAgain};
use crate::output::Door;
use crate::progress::Line;
use crate::text::{counted, hanging, moment, number, pairs, table, visible};
use crate::verdict;

/// Takes bundles into a vault, one after the other. One that cannot be stored does not keep the others out.
///
/// # Errors
/// When the vault cannot be opened, or the only bundle cannot be stored.
pub fn import(typed: Import, door: &Door) -> Answer<u8> {
    let (passphrase, identity) = opened_with(&typed.sealed)?;
    let session = Session::of(&typed.vault, door)?;
    let intake = Intake {
        received_from: typed.received_from,
        received_at: typed.received_at,
        medium: typed.medium,
        request: typed.request,
        sender_sha256: typed.sender_sha256,
        period: typed.period.as_deref().map(period::parse).transpose()?,
    };
    let mut summary = ImportSummary {
        schema: IMPORT.into(),
        bundles: Vec::new(),
    };
    for path in &typed.paths {
        let request = ImportBundle {
            path: path.display().to_string(),
            intake: intake.clone(),
            source: typed.source.clone(),
            profile: typed.profile.clone(),
            passphrase: passphrase.clone(),
            identity: identity.clone(),
            expect_head: typed.expect_head.clone(),
            expect_count: typed.expect_count,
        };
        let mut line = Line::new(door);
        match session
            .bench
            .bundle_import(request, &mut |progress| line.show(&progress))
        {
            Ok(one) => summary.bundles.extend(one.bundles),
            Err(error) if typed.paths.len() == 1 => return Err(error),
            Err(error) => summary.bundles.push(refused(path, error)),
        }
    }
    let stored = summary.bundles.iter().any(|bundle| bundle.bundle.is_some());
    door.result(IMPORT, &summary, |s| s.bundles.iter().map(imported).collect());
    Ok(if stored { DONE } else { CANNOT })
}

/// Lists the bundles, or shows one.
///
/// # Errors
/// As the workbench says.
pub fn show(typed: Bundles, door: &Door) -> Answer<u8> {
    let session = Session::of(&typed.vault, door)?;
    match typed.bundle {
        Some(id) => say(&session.bench.bundle_view(ById { id })?, door),
        None => {
            let bundles = session.bench.bundle_list(Nothing {})?;
            door.result("tickmark.bundles/1", &json!({ "bundles": bundles }), |_| {
                list(&bundles)
            });
        }
    }
    Ok(DONE)
}

/// Judges a stored bundle again.
///
/// # Errors
/// As the workbench says.
pub fn verify_again(typed: VerifyAgain, door: &Door) -> Answer<u8> {
    let request = VerifyRequest {
        period: typed.period.as_deref().map(period::parse).transpose()?,
        id: typed.bundle.bundle,
    };
    let session = Session::of(&typed.bundle.vault, door)?;
    let mut line = Line::new(door);
    let view = session
        .bench
        .bundle_verify_again(request, &mut |progress| line.show(&progress))?;
    drop(line);
    say(&view, door);
    Ok(DONE)
}

fn say(view: &BundleView, door: &Door) {
    door.result("tickmark.bundle/1", view, in_words);
}

fn refused(path: &Path, error: Error) -> ImportedBundle {
    ImportedBundle {
        name: path.display().to_string(),
        bundle: None,
        source: None,
        under_source: None,
        pins_profile: None,
        verdict: None,
        already_held: false,
        period: None,
        counts: ImportCounts {
            records: 0,
            metrics: 0,
            evidence: 0,
            fairness: 0,
            pii: 0,
        },
        faults: Vec::new(),
        error: Some(error.into()),
    }
}

fn imported(bundle: &ImportedBundle) -> String {
    let name = visible(&bundle.name);
    let (Some(id), Some(outcome)) = (&bundle.bundle, bundle.verdict) else {
        let why = bundle
            .error
            .as_ref()
            .map_or("No reason is known.", |error| &error.message);
        return format!("[ ] Not stored  {name}\n{}", hanging("    ", why));
    };
    let held = if bundle.already_held {
        "; the same bytes were in the vault already"
    } else {
        ""
    };
    let period = bundle.period.as_ref().map_or_else(String::new, |period| {
        format!("; judged for {}", period::words(period))
    });
    let mut rows = format!(
        "{} {}  {name}\n    Bundle {}: {}, {}{held}{period}\n",
        verdict::mark(outcome),
        verdict::word(outcome),
        visible(id),
        counted(bundle.counts.records, "record", "records"),
        counted(bundle.faults.len() as u64, "fault", "faults"),
    );
    if let (Some(source), Some(profile)) = (&bundle.under_source, &bundle.pins_profile) {
        let pinned = format!(
            "First import under the source {}: the profile {profile} is expected of it from now on.",
            visible(source)
        );
        rows.push_str(&hanging("    ", &pinned));
    }
    // what is wrong with the bundle as a whole says more than its first records
    let (whole, records): (Vec<_>, Vec<_>) = bundle.faults.iter().partition(|fault| fault.record.is_none());
    for fault in whole.into_iter().chain(records).take(SHOWN_FAULTS) {
        rows.push_str(&hanging("    ", &fault.sentence));
    }
    rows
}

fn list(bundles: &[BundleRow]) -> String {
    let row = |b: &BundleRow| {
        let mut row = vec![b.id.clone(), b.name.clone(), number(b.records), number(b.faults)];
        let claims = [b.verdict, b.integrity, b.authenticity, b.completeness, b.time];
        row.extend(claims.map(|claim| String::from(verdict::word(claim))));
        row.push(moment(&b.imported_at));
        row
    };
    let heads = [
        "Id",
        "Name",
        "Records",
        "Faults",
        "Verdict",
        "Integrity",
        "Authenticity",
        "Completeness",
        "Time",
        "Imported",
    ];
    let rows: Vec<_> = bundles.iter().map(row).collect();
    table(
        &heads,
        &rows,
        "This vault holds no bundle yet. `tickmark import` takes one in.",
    )
}

fn in_words(view: &BundleView) -> String {
    let stated = |text: &str| {
        if text.is_empty() {
            String::from("not stated")
        } else {
            text.into()
        }
    };
    let digest = match (&view.intake.sender_sha256, view.digest_agrees) {
        (Some(sha256), Some(true)) => format!("{sha256}: agrees with the received bytes"),
        (Some(sha256), Some(false)) => format!("{sha256}: the received bytes have another digest"),
        (Some(sha256), None) => format!("{sha256}: not compared"),
        (None, _) => "not stated".into(),
    };
    let kept = pairs(&[
        ("Bundle", view.row.id.clone()),
        ("Source", view.row.source.clone().unwrap_or("not stated".into())),
        ("Received from", stated(&view.intake.received_from)),
        ("Received at", stated(&moment(&view.intake.received_at))),
        ("Medium", stated(&view.intake.medium)),
        ("Request", stated(&view.intake.request)),
        (
            "Review period",
            stated(
                &view
                    .intake
                    .period
                    .as_ref()
                    .map_or_else(String::new, period::words),
            ),
        ),
        ("Sender's digest", digest),
        ("Files", number(view.files)),
        (
            "Imported",
            format!("{} by {}", moment(&view.row.imported_at), view.row.imported_by),
        ),
        ("Custody event", number(view.custody_seq)),
        (
            "Judged",
            format!(
                "{} (judgement {})",
                moment(&view.judged_at),
                number(view.judgements)
            ),
        ),
    ]);
    format!(
        "{}\nHow it came and where it is kept\n{kept}{}",
        verdict::page(&view.verification),
        notes(&view.notes)
    )
}

/// The notes that are in force.
pub fn notes(notes: &[NoteView]) -> String {
    let lines: String = notes
        .iter()
        .filter(|note| !note.superseded)
        .map(|note| {
            let head = format!(
                "  {}, {} ({})\n",
                visible(&note.author),
                moment(&note.written_at),
                visible(&note.id)
            );
            head + &hanging("    ", &note.text)
        })
        .collect();
    if lines.is_empty() {
        lines
    } else {
        format!("\nNotes\n{lines}")
    }
}

const IMPORT: &str = "tickmark.import/1";
const SHOWN_FAULTS: usize = 3;
