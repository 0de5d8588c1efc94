//! `demo` and `selftest`.

use serde_json::json;
use tickmark_workbench::ports::System;
use tickmark_workbench::selftest::{self, SelftestRow};
use tickmark_workbench::{Answer, DemoMade, make_demo};

use super::{AGAINST, DONE};
use crate::arguments::Demo;
use crate::output::Door;
use crate::progress::Line;
use crate::text::{counted, hanging, pairs, to_copy};

/// Writes a demo engagement.
///
/// # Errors
/// When the folder exists or cannot be written.
pub fn make(typed: &Demo, door: &Door) -> Answer<u8> {
    let mut line = Line::new(door);
    let made = make_demo(&typed.dir, Box::new(System::new()), &mut |progress| {
        line.show(&progress);
    })?;
    drop(line);
    door.result("tickmark.demo/1", &made, made_in_words);
    Ok(DONE)
}

/// Runs known answers through every primitive.
///
/// # Errors
/// None; a known answer that does not come is exit code 1.
pub fn selftest(door: &Door) -> Answer<u8> {
    let rows = selftest::run();
    let failed = rows.iter().filter(|row| row.outcome != PASS).count() as u64;
    // an empty list tested nothing
    let sound = failed == 0 && !rows.is_empty();
    door.result(
        "tickmark.selftest/1",
        &json!({ "failed": failed, "tests": rows }),
        |_| in_words(&rows, failed),
    );
    Ok(if sound { DONE } else { AGAINST })
}

fn in_words(rows: &[SelftestRow], failed: u64) -> String {
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let lines: String = rows
        .iter()
        .map(|row| format!("{:<4}  {:<width$}  {}\n", row.outcome, row.name, row.detail))
        .collect();
    let known = counted(rows.len() as u64, "known answer", "known answers");
    format!(
        "{lines}\n{known}, {} not as known\n",
        if failed == 0 {
            "none".into()
        } else {
            failed.to_string()
        }
    )
}

fn made_in_words(made: &DemoMade) -> String {
    let rows = pairs(&[
        ("Folder", made.dir.clone()),
        ("Vault", made.vault.clone()),
        ("Passphrase", made.passphrase.clone()),
        ("Trust", made.trust.clone()),
        ("Report", made.report_pdf.clone()),
        ("Its figures", made.report_json.clone()),
    ]);
    let bundles: String = made
        .bundles
        .iter()
        .map(|bundle| format!(" --bundle {bundle}"))
        .collect();
    let next = [
        format!(
            "tickmark verify --each {}/bundles --trust {}",
            made.dir, made.trust
        ),
        format!("tickmark bundles --vault {}", made.vault),
        format!(
            "tickmark verify-report {} --trust {}{bundles}",
            made.report_pdf, made.trust
        ),
    ];
    format!(
        "The demo engagement is written.\n{rows}\nBundles\n{}\nTry\n{}\n{}",
        to_copy(&made.bundles),
        to_copy(&next),
        hanging(
            "",
            "Its passphrase is known to everybody: keep nothing of your own in it."
        )
    )
}

const PASS: &str = "pass";
