//! `custody`: who did what, signed.

use serde_json::json;
use tickmark_workbench::Answer;
use tickmark_workbench::contract::activity::{CustodyExported, CustodyPage, CustodyRow};
use tickmark_workbench::contract::command::{AtPath, Page};

use super::DONE;
use super::session::Session;
use crate::arguments::Custody;
use crate::output::Door;
use crate::text::{counted, hanging, moment, number, pairs, to_copy, visible};

/// Runs a verb of custody.
///
/// # Errors
/// As the workbench says.
pub fn run(typed: Custody, door: &Door) -> Answer<u8> {
    match typed {
        Custody::Show { vault, limit } => {
            let page = newest(&Session::of(&vault, door)?, limit)?;
            let value = json!({ "total": page.total, "head": page.head, "events": page.events });
            door.result("tickmark.custody-page/1", &value, |_| in_words(&page));
        }
        Custody::Export { vault, to } => {
            let request = AtPath {
                path: to.display().to_string(),
            };
            let exported = Session::of(&vault, door)?.bench.custody_export(request)?;
            door.result("tickmark.custody-exported/1", &exported, exported_in_words);
        }
    }
    Ok(DONE)
}

/// The newest events, asked for in pages as large as the workbench gives.
fn newest(session: &Session, limit: u64) -> Answer<CustodyPage> {
    let mut whole = session.bench.activity(Page {
        offset: 0,
        limit: limit.min(LARGEST_PAGE),
    })?;
    loop {
        let have = whole.events.len() as u64;
        if have >= limit {
            return Ok(whole);
        }
        let next = session.bench.activity(Page {
            offset: have,
            limit: (limit - have).min(LARGEST_PAGE),
        })?;
        if next.events.is_empty() {
            return Ok(whole);
        }
        whole.events.extend(next.events);
    }
}

fn in_words(page: &CustodyPage) -> String {
    let shown = page.events.len() as u64;
    let events = counted(page.total, "custody event", "custody events");
    let part = if shown < page.total {
        format!("; the newest {} are shown", number(shown))
    } else {
        String::new()
    };
    let head = format!("{events}{part}. Head {}\n\n", visible(&page.head));
    head + &page.events.iter().map(event).collect::<String>()
}

fn event(row: &CustodyRow) -> String {
    let who = format!(
        "{:>6}  {}  {}\n",
        number(row.seq),
        moment(&row.time),
        visible(&row.actor)
    );
    who + &hanging("        ", &row.sentence)
}

fn exported_in_words(exported: &CustodyExported) -> String {
    let rows = pairs(&[
        ("File", exported.path.clone()),
        ("Head", exported.head.clone()),
        ("Signed by", exported.key.clone()),
    ]);
    let events = counted(exported.events, "custody event", "custody events");
    let command = format!(
        "tickmark verify {} --expect-head {} --trust KEYFILE",
        exported.path, exported.head
    );
    let key = "KEYFILE holds the reviewer's public key. The first event states it as custody_key; compare its fingerprint with \
               the one above, as you know it by another way.";
    format!(
        "{events} are written.\n{rows}\nTo judge them\n{}{}",
        to_copy(&[command]),
        hanging("  ", key)
    )
}

const LARGEST_PAGE: u64 = 500;
