//! `records`, `record`, `search`, `export`.

use std::fmt::Write;

use serde_json::json;
use tickmark_workbench::Answer;
use tickmark_workbench::contract::command::RecordAt;
use tickmark_workbench::contract::record::{
    ChainNeighbour, RecordOrder, RecordRow, RecordView, RecordsPage, RecordsQuery,
};

use super::DONE;
use super::bundle::notes;
use super::session::Session;
use crate::arguments::{Export, RecordOf, Records, Search};
use crate::output::Door;
use crate::text::{counted, hanging, moment, number, pairs, size, table, visible};

/// Lists the records that fit a query.
///
/// # Errors
/// As the workbench says.
pub fn list(typed: &Records, door: &Door) -> Answer<u8> {
    let session = Session::of(&typed.vault, door)?;
    let query = RecordsQuery {
        bundle: typed.bundle.clone(),
        query: typed.query.clone(),
        order: RecordOrder::Source,
        offset: typed.offset,
        limit: 0,
    };
    pages(&session, query, typed.limit, door)
}

/// Lists the records that contain all of some words.
///
/// # Errors
/// As the workbench says.
pub fn search(typed: &Search, door: &Door) -> Answer<u8> {
    let session = Session::of(&typed.vault, door)?;
    let query = typed
        .words
        .iter()
        .map(|word| quoted(word))
        .collect::<Vec<_>>()
        .join(" ");
    let query = RecordsQuery {
        bundle: None,
        query,
        order: RecordOrder::Source,
        offset: 0,
        limit: 0,
    };
    pages(&session, query, typed.limit, door)
}

/// A word is a word, whatever it looks like: `after:today` is searched for as text.
fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', " "))
}

/// Asks page by page, so that any number of records needs the memory of one page.
fn pages(session: &Session, mut query: RecordsQuery, limit: u64, door: &Door) -> Answer<u8> {
    let mut shown = 0;
    loop {
        query.limit = (limit - shown).min(LARGEST_PAGE);
        let page = session.bench.records_page(query.clone())?;
        if door.json() {
            page.rows.iter().for_each(|row| door.object(RECORD, row));
        } else if !page.rows.is_empty() {
            door.text(&rows(&page.rows));
        }
        let found = page.rows.len() as u64;
        shown = limit.min(shown.saturating_add(found));
        query.offset = query.offset.saturating_add(found);
        if found == 0 || shown == limit || query.offset >= page.total || door.is_left_alone() {
            say_count(&page, shown, door);
            return Ok(DONE);
        }
    }
}

fn say_count(page: &RecordsPage, shown: u64, door: &Door) {
    if door.json() {
        return;
    }
    let fitting = if page.total == shown {
        String::new()
    } else {
        format!(" of {} that fit", number(page.total))
    };
    let whole = counted(page.of, "record", "records");
    door.text(&hanging(
        "",
        &format!(
            "{} shown{fitting}, out of {whole}. {}",
            number(shown),
            page.reads_as
        ),
    ));
}

fn rows(rows: &[RecordRow]) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
    let row = |r: &RecordRow| {
        vec![
            format!("{}:{}", r.bundle, r.position),
            r.time.as_deref().map(moment).unwrap_or_default(),
            or_none(&r.event),
            or_none(&r.actor),
            or_none(&r.outcome),
            or_none(&r.model),
            marks(r),
            or_none(&r.summary),
        ]
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    table(
        &[
            "Record", "Time", "Event", "Actor", "Outcome", "Model", "Marks", "Text",
        ],
        &rows,
        "",
    )
}

/// What else is known of a record, in words.
fn marks(row: &RecordRow) -> String {
    let mut marks = Vec::new();
    if row.faults > 0 {
        marks.push(counted(row.faults, "fault", "faults"));
    }
    if row.notes > 0 {
        marks.push(counted(row.notes, "note", "notes"));
    }
    if row.signed {
        marks.push("signed".into());
    }
    marks.join(", ")
}

/// Shows one record.
///
/// # Errors
/// As the workbench says.
pub fn show(typed: RecordOf, door: &Door) -> Answer<u8> {
    let session = Session::of(&typed.vault, door)?;
    let view = session.bench.record_view(RecordAt {
        bundle: typed.bundle,
        position: typed.position,
    })?;
    door.result("tickmark.record-view/1", &view, in_words);
    Ok(DONE)
}

fn in_words(view: &RecordView) -> String {
    let row = &view.row;
    let mut out = format!(
        "Record {} of bundle {}\n",
        number(row.position),
        visible(&row.bundle)
    );
    out.push_str(&pairs(&[
        ("Id", row.id.clone()),
        (
            "Place",
            format!(
                "{}, line {}, byte {}",
                view.member,
                number(view.line),
                number(view.offset)
            ),
        ),
        ("Time", row.time.as_deref().map(moment).unwrap_or_default()),
        ("Event", row.event.clone().unwrap_or_default()),
        ("Actor", row.actor.clone().unwrap_or_default()),
        ("Outcome", row.outcome.clone().unwrap_or_default()),
        ("Model", row.model.clone().unwrap_or_default()),
        ("Marks", marks(row)),
        ("Findings", view.findings.join(", ")),
    ]));
    let _ = writeln!(out, "\nReceived bytes\n  {}", visible(&view.text));
    out.push_str("\nFields\n");
    for field in &view.fields {
        let reach = if field.covered {
            ""
        } else {
            "  (no hash or signature reaches it)"
        };
        let _ = writeln!(
            out,
            "  {}  {}{reach}",
            visible(&field.pointer),
            visible(&field.value)
        );
    }
    out.push_str("\nIn the chain\n");
    let neighbours = [
        ("before", view.before.as_ref()),
        ("itself", Some(&view.own)),
        ("after", view.after.as_ref()),
    ];
    for (place, neighbour) in neighbours {
        out.push_str(&neighbour_line(place, neighbour));
    }
    for fault in &view.faults {
        out.push('\n');
        out.push_str(&hanging("", &fault.sentence));
    }
    out.push_str(&notes(&view.notes));
    out
}

fn neighbour_line(place: &str, neighbour: Option<&ChainNeighbour>) -> String {
    let Some(neighbour) = neighbour else {
        return format!("  {place:<6}  none\n");
    };
    let link = neighbour
        .link
        .as_deref()
        .map_or_else(|| "states no hash".into(), visible);
    let faults = if neighbour.faults == 0 {
        String::new()
    } else {
        format!("  ({})", counted(neighbour.faults, "fault", "faults"))
    };
    format!("  {place:<6}  {}  {link}{faults}\n", number(neighbour.position))
}

/// Writes received bytes out of a vault.
///
/// # Errors
/// As the workbench says.
pub fn export(typed: Export, door: &Door) -> Answer<u8> {
    match typed {
        Export::Original { vault, bundle, to } => {
            let bytes = Session::of(&vault, door)?.bench.export_original(&bundle, &to)?;
            let path = to.display().to_string();
            let written = json!({ "path": path, "bytes": bytes });
            door.result("tickmark.export/1", &written, |_| {
                format!("{} written to {}, as received", size(bytes), visible(&path))
            });
        }
        Export::Record(RecordOf {
            vault,
            bundle,
            position,
        }) => {
            door.bytes(
                &Session::of(&vault, door)?
                    .bench
                    .export_record(&bundle, position)?,
            );
        }
    }
    Ok(DONE)
}

const RECORD: &str = "tickmark.record/1";
/// Most rows that the workbench gives at once.
const LARGEST_PAGE: u64 = 500;
