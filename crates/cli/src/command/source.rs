//! `source`: the systems that bundles come from, and what is expected of each.

use serde_json::json;
use tickmark_workbench::Answer;
use tickmark_workbench::contract::command::Nothing;
use tickmark_workbench::contract::source::{ExpectProfile, ExpectedProfileView, SourceView};

use super::DONE;
use super::session::Session;
use crate::arguments::Source;
use crate::output::Door;
use crate::text::{hanging, moment, number, table, visible};

/// Runs a verb of sources.
///
/// # Errors
/// As the workbench says.
pub fn run(typed: Source, door: &Door) -> Answer<u8> {
    let sources = match typed {
        Source::List(vault) => Session::of(&vault, door)?.bench.source_list(Nothing {})?,
        Source::Expect {
            vault,
            source,
            profile,
            reason,
        } => Session::of(&vault, door)?.bench.source_expect(ExpectProfile {
            source,
            profile,
            reason,
        })?,
    };
    door.result("tickmark.sources/1", &json!({ "sources": sources }), |_| {
        list(&sources)
    });
    Ok(DONE)
}

fn list(sources: &[SourceView]) -> String {
    let row = |s: &SourceView| {
        let (profile, since) = match &s.expected {
            Some(e) => (
                format!("{} {}", e.profile, e.version),
                format!("{} by {}", moment(&e.stated_at), visible(&e.stated_by)),
            ),
            None => ("none yet".into(), String::new()),
        };
        vec![s.name.clone(), number(s.bundles), profile, since]
    };
    let rows: Vec<_> = sources.iter().map(row).collect();
    let heads = ["Source", "Bundles", "Expected profile", "Since"];
    let mut page = table(
        &heads,
        &rows,
        "This vault knows no source yet. `tickmark import --source NAME` names one.",
    );
    for source in sources.iter().filter(|source| !source.superseded.is_empty()) {
        page.push_str(&format!("\n{}\n", visible(&source.name)));
        let all: Vec<&ExpectedProfileView> = source.expected.iter().chain(&source.superseded).collect();
        for pair in all.windows(2) {
            if let [later, before] = pair {
                let told = format!(
                    "{}: {} instead of {}, by {}: {}",
                    moment(&later.stated_at),
                    later.profile,
                    before.profile,
                    visible(&later.stated_by),
                    later.reason.as_deref().unwrap_or_default(),
                );
                page.push_str(&hanging("  ", &told));
            }
        }
    }
    page
}
