//! Chapter 12: who signs for what.

use super::phrase;
use crate::model::{Report, SignOff};
use crate::pdf::flow::Flow;
use crate::pdf::table::Table;
use crate::pdf::text::{Style, prose};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    flow.chapter("12", "Sign-off");
    if report.sign_offs.is_empty() {
        flow.text("Nobody has signed this report.");
        return;
    }
    flow.text("Each signature states a printed name, a time and what it means, and is made with the key named beside it.");
    for (number, sign_off) in report.sign_offs.iter().enumerate() {
        signature(flow, sign_off, &format!("12.{}", number + 1));
    }
    let mut names: Vec<&str> = report.sign_offs.iter().map(|s| s.name.as_str()).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    if names.len() < all {
        flow.caption("Two of these signatures carry the same name: they are not a second person’s review.");
    }
}

fn signature(flow: &mut Flow, sign_off: &SignOff, number: &str) {
    flow.need(120.0);
    flow.section(number, &sign_off.role);
    let mut table = Table::pairs(92.0);
    table.pair("Name", phrase::strong(sign_off.name.clone()));
    table.pair("Meaning", prose(&format!("“{}”", sign_off.meaning), Style::TABLE));
    table.pair(
        "When",
        phrase::cell(format!("{}, {}", words::time(&sign_off.at), sign_off.clock)),
    );
    table.pair("Key", phrase::digest(&sign_off.key, Style::TABLE));
    if let Some(statement) = &sign_off.statement {
        table.pair("Signed statement", phrase::digest(statement, Style::TABLE));
    }
    if let Some(signature) = &sign_off.signature {
        table.pair(
            "Signature",
            vec![crate::pdf::text::Span::Text(
                signature.clone(),
                Style::TABLE.mono(),
            )],
        );
    }
    flow.table_together(&table);
}
