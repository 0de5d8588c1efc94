//! A proposed profile in words.

use tickmark_workbench::profiles::ProposedProfile;

use crate::text::{bullets, counted, grouped, hanging, pairs, visible};

/// The answer, what it rests on, and the profile itself where it was not written.
pub(super) fn in_words(found: &ProposedProfile) -> String {
    let mut page = hanging("", &found.sentence);
    page.push_str(&pairs(&[
        ("Searched", counted(found.sampled as u64, "record", "records")),
        ("Digest", found.digest.as_deref().map(grouped).unwrap_or_default()),
        ("Written to", found.written.clone().unwrap_or_default()),
    ]));
    let explained: Vec<&str> = found
        .explained
        .iter()
        .map(|line| line.sentence.as_str())
        .collect();
    section(&mut page, "What was reproduced", &explained);
    let unexplained: Vec<&str> = found
        .unexplained
        .iter()
        .map(|line| line.sentence.as_str())
        .collect();
    section(&mut page, "What stays unexplained", &unexplained);
    section(
        &mut page,
        "Reached by no digest and no signature that was found",
        &found.uncovered_fields,
    );
    section(&mut page, "Assumed", &found.notes);
    let others: Vec<String> = found
        .alternatives
        .iter()
        .map(|other| {
            format!(
                "{}: proposed is {}; {} reproduces the same. {}",
                other.place, other.proposed, other.other, other.sentence
            )
        })
        .collect();
    section(&mut page, "What these records cannot tell apart", &others);
    if let Some(trail) = &found.trail {
        let faults: Vec<&str> = trail.faults.iter().map(|fault| fault.sentence.as_str()).collect();
        section(&mut page, "What contradicts it", &faults);
    }
    if found.profile.is_some() && found.written.is_none() {
        page.push_str("\nThe profile\n\n");
        for line in found.profile.iter().flat_map(|text| text.lines()) {
            page.push_str(&visible(line));
            page.push('\n');
        }
    }
    page.push_str("\nA profile that reproduces a trail says how it was made, not that it is true. Ask its author to confirm it.\n");
    page
}

fn section<T: AsRef<str>>(page: &mut String, title: &str, lines: &[T]) {
    if !lines.is_empty() {
        page.push_str(&format!("\n{title}\n{}", bullets(lines)));
    }
}
