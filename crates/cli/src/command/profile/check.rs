//! A profile of one's own, in words: what it says, what it cannot show, what it does on a bundle.

use tickmark_workbench::profiles::{ProfileCheck, TrialView};

use crate::text::{bullets, counted, grouped, hanging, pairs, table, visible};
use crate::verdict;

/// The whole page.
pub(super) fn in_words(profile: &ProfileCheck) -> String {
    let head = pairs(&[
        ("Id", profile.id.clone()),
        ("Version", profile.version.clone()),
        ("Digest", grouped(&profile.digest)),
    ]);
    let mut page = format!(
        "{}\n{head}\nWhat it says\n{}",
        visible(&profile.title),
        bullets(&profile.sentences)
    );
    if !profile.warnings.is_empty() {
        page.push_str(&format!("\nWhat it cannot show\n{}", bullets(&profile.warnings)));
    }
    if let Some(trial) = &profile.trial {
        on_bundle(&mut page, trial);
    }
    page
}

fn on_bundle(page: &mut String, trial: &TrialView) {
    page.push_str(&format!(
        "\nOn the bundle: {} {}\n{}",
        verdict::mark(trial.verdict),
        verdict::word(trial.verdict),
        hanging("", &trial.sentence)
    ));
    let checks: Vec<Vec<String>> = trial
        .checks
        .iter()
        .map(|check| {
            let outcome = serde_json::to_value(check.outcome).ok();
            let word = outcome
                .as_ref()
                .and_then(|word| word.as_str())
                .unwrap_or_default()
                .replace('_', " ");
            vec![
                check.claim.clone(),
                check.title.clone(),
                word,
                check.detail.clone(),
            ]
        })
        .collect();
    page.push('\n');
    page.push_str(&table(
        &["Claim", "Check", "Outcome", "Found"],
        &checks,
        "No check.",
    ));
    let faults: Vec<&str> = trial.faults.iter().map(|fault| fault.sentence.as_str()).collect();
    if !faults.is_empty() {
        page.push_str(&format!("\nFaults\n{}", bullets(&faults)));
    }
    first_record(page, trial);
    edits(page, trial);
}

fn first_record(page: &mut String, trial: &TrialView) {
    let Some(first) = &trial.first else { return };
    page.push_str("\nThe first record, as it is hashed and signed\n");
    for preimage in &first.preimages {
        let cut = if preimage.is_cut { " (the beginning)" } else { "" };
        page.push_str(&pairs(&[
            ("Part", preimage.place.clone()),
            (
                "Bytes",
                format!("{}{cut}", counted(preimage.bytes as u64, "byte", "bytes")),
            ),
            ("Text", preimage.shown.clone()),
            ("Computed", preimage.computed.clone().unwrap_or_default()),
            ("Recorded", preimage.recorded.clone().unwrap_or_default()),
            ("Problem", preimage.problem.clone().unwrap_or_default()),
        ]));
        page.push('\n');
    }
}

fn edits(page: &mut String, trial: &TrialView) {
    let Some(edits) = &trial.mutations else {
        page.push_str(
            "\nNo edit was tried: the bundle contradicts the profile, or its records cannot be cut out.\n",
        );
        return;
    };
    let extent = if edits.is_excerpt {
        format!(
            "the first {} of it, without the statements beside them",
            counted(edits.records, "record", "records")
        )
    } else {
        format!("all {}", counted(edits.records, "record", "records"))
    };
    page.push_str(&format!("\nWhat an edit would do, tried on a copy ({extent})\n"));
    let fields: Vec<Vec<String>> = edits
        .fields
        .iter()
        .map(|edit| {
            let seen = match (edit.by.is_empty(), edit.claims.is_empty()) {
                (true, true) => "not noticed".to_owned(),
                (true, false) => edit.claims.join(", "),
                (false, _) => format!("noticed by {}", edit.by.join(", ")),
            };
            vec![edit.field.clone(), seen]
        })
        .collect();
    page.push_str(&table(
        &["Change of", "Result"],
        &fields,
        "The records have no fields.",
    ));
    if edits.fields_left_out > 0 {
        page.push_str(&format!(
            "  {} more fields were not tried.\n",
            edits.fields_left_out
        ));
    }
    page.push('\n');
    let structure: Vec<Vec<String>> = edits
        .structure
        .iter()
        .map(|edit| vec![edit.title.clone(), edit.sentence.clone()])
        .collect();
    page.push_str(&table(
        &["Somebody could", "Result"],
        &structure,
        "One record has no order.",
    ));
}
