//! `engagement`: list and create.

use serde_json::json;
use tickmark_workbench::contract::command::Nothing;
use tickmark_workbench::contract::session::{EngagementView, WriteEngagement};
use tickmark_workbench::{Answer, Error};

use super::DONE;
use super::session::Session;
use crate::arguments::Engagement;
use crate::output::Door;
use crate::text::{moment, pairs, table, visible};

/// Runs a verb of engagements.
///
/// # Errors
/// As the workbench says.
pub fn run(typed: Engagement, door: &Door) -> Answer<u8> {
    match typed {
        Engagement::List(vault) => {
            let engagements = Session::of(&vault, door)?.bench.engagement_list(Nothing {})?;
            door.result(
                "tickmark.engagements/1",
                &json!({ "engagements": engagements }),
                |_| list(&engagements),
            );
        }
        Engagement::Create {
            vault,
            title,
            addressee,
            scope,
            period,
            classification,
        } => {
            let (period_from, period_to) = days(period.as_deref())?;
            let request = WriteEngagement {
                title,
                addressee,
                scope,
                period_from,
                period_to,
                classification,
            };
            let created = Session::of(&vault, door)?.bench.engagement_create(request)?;
            door.result("tickmark.engagement/1", &created, in_words);
        }
    }
    Ok(DONE)
}

/// `2026-07-01..2026-09-30`; whether these are days, the workbench says.
fn days(period: Option<&str>) -> Answer<(Option<String>, Option<String>)> {
    let Some(period) = period else {
        return Ok((None, None));
    };
    let Some((from, to)) = period.split_once("..") else {
        return Err(Error::invalid(format!("“{period}” is no period."))
            .hint("Write the first and the last day as 2026-07-01..2026-09-30."));
    };
    let day = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok((day(from), day(to)))
}

fn list(engagements: &[EngagementView]) -> String {
    let rows: Vec<_> = engagements
        .iter()
        .map(|e| {
            vec![
                e.id.clone(),
                e.title.clone(),
                period(e),
                moment(&e.created_at),
                e.created_by.clone(),
            ]
        })
        .collect();
    table(
        &["Id", "Title", "Period", "Created", "By"],
        &rows,
        "This vault has no engagement yet.",
    )
}

fn in_words(engagement: &EngagementView) -> String {
    let rows = pairs(&[
        ("Id", engagement.id.clone()),
        ("For", engagement.addressee.clone()),
        ("Scope", engagement.scope.clone()),
        ("Period", period(engagement)),
        ("Classified", engagement.classification.clone()),
    ]);
    format!("Engagement “{}” is created.\n{rows}", visible(&engagement.title))
}

fn period(engagement: &EngagementView) -> String {
    match (&engagement.period_from, &engagement.period_to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (None, None) => String::new(),
    }
}
