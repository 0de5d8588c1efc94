//! Turns of phrase that several chapters share: an outcome with its mark, a bundle with its label, a quoted text.

use tickmark_verify::verification::{CheckOutcome, ClaimOutcome};

use crate::model::{ControlResult, Evidence, Report, UnitResult};
use crate::pdf::colour::Colour;
use crate::pdf::mark::Mark;
use crate::pdf::piece::marked;
use crate::pdf::text::{Rich, Span, Style};
use crate::words;

/// Mark and word of a claim or verdict.
pub(super) fn outcome(outcome: ClaimOutcome, style: Style) -> Rich {
    marked(outcome_mark(outcome), words::outcome(outcome), style, 9.4)
}

/// The mark of a claim or verdict.
pub(super) fn outcome_mark(outcome: ClaimOutcome) -> Mark {
    match outcome {
        ClaimOutcome::Proven => Mark::Proven,
        ClaimOutcome::Refuted => Mark::Refuted,
        ClaimOutcome::NotProven => Mark::NotProven,
    }
}

/// Mark and word of a check.
pub(super) fn check(outcome: CheckOutcome, style: Style) -> Rich {
    let mark = match outcome {
        CheckOutcome::Pass => Mark::Tick,
        CheckOutcome::Fail => Mark::Cross,
        CheckOutcome::NotChecked => Mark::Ring,
        CheckOutcome::NotApplicable => Mark::Dash,
    };
    marked(mark, words::check(outcome), style, 7.5)
}

/// Mark and word of a unit's result.
pub(super) fn unit_result(result: Option<UnitResult>, style: Style) -> Rich {
    let Some(result) = result else {
        return marked(Mark::Ring, "not tested", style, 7.0);
    };
    let mark = match result {
        UnitResult::Pass => Mark::Tick,
        UnitResult::Deviation => Mark::Cross,
        UnitResult::NotApplicable => Mark::Dash,
        UnitResult::CouldNotTest => Mark::Ring,
    };
    marked(mark, words::unit_result(result), style, 7.0)
}

/// Mark and word of a control or census check.
pub(super) fn control_result(result: ControlResult, style: Style) -> Rich {
    let mark = match result {
        ControlResult::Observed => Mark::Tick,
        ControlResult::Exception => Mark::Cross,
        ControlResult::NotEvaluable => Mark::Dash,
    };
    marked(mark, words::control_result(result), style.strong(), 7.5)
}

/// Mark and word of a sample's conclusion.
pub(super) fn supports(supports: Option<bool>, style: Style) -> Rich {
    match supports {
        Some(true) => marked(Mark::Tick, "supports", style.strong(), 7.5),
        Some(false) => marked(Mark::Cross, "does not support", style.strong(), 7.5),
        None => marked(Mark::Ring, "not finished", style.strong(), 7.5),
    }
}

/// A text from a record or a person, shortened only with a word about it.
pub(super) fn quoted(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_string();
    }
    let start: String = text.chars().take(most).collect();
    format!(
        "{start} … (shortened: {} characters in report.json)",
        words::count(count as u64)
    )
}

/// A digest in the fixed-width face, in groups of four.
pub(super) fn digest(text: &str, style: Style) -> Rich {
    // a digest of 64 digits fits the column of values in one line
    let size = if text.len() == 64 {
        style.size * 0.845
    } else {
        style.mono().size
    };
    vec![Span::Text(words::digest(text), style.mono().size(size))]
}

/// Text in the table's style.
pub(super) fn cell(text: impl Into<String>) -> Rich {
    vec![Span::Text(text.into(), Style::TABLE)]
}

/// A text that somebody was asked for, or that it was not stated.
pub(super) fn stated(text: &str) -> Rich {
    if text.trim().is_empty() {
        muted("not stated")
    } else {
        cell(text)
    }
}

/// Text in the table's style, muted.
pub(super) fn muted(text: impl Into<String>) -> Rich {
    vec![Span::Text(text.into(), Style::TABLE.colour(Colour::MUTED))]
}

/// Text in the table's style, strong.
pub(super) fn strong(text: impl Into<String>) -> Rich {
    vec![Span::Text(text.into(), Style::TABLE.strong())]
}

/// A count in the table's style.
pub(super) fn figure(number: u64) -> Rich {
    cell(words::count(number))
}

/// A bundle by its label and name: `B1 credit-assistant-2026-Q3`.
pub(super) fn bundle_name(evidence: &Evidence) -> String {
    format!("{} {}", evidence.label, evidence.verification.bundle.name)
}

/// The bundle of a label.
pub(super) fn bundle<'a>(report: &'a Report, label: &str) -> Option<&'a Evidence> {
    report.evidence.iter().find(|evidence| evidence.label == label)
}

/// A size in bytes, with a shorter unit before it where that helps.
pub(super) fn size(bytes: u64) -> String {
    let exact = words::counted(bytes, "byte", "bytes");
    let (unit, name) = match bytes {
        0..10_000 => return exact,
        10_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes / (unit / 10);
    format!("{}.{} {name} ({exact})", words::count(tenths / 10), tenths % 10)
}

/// What all of them are, if they are all the same.
pub(super) fn common(parts: impl Iterator<Item = Option<String>>) -> Option<String> {
    let mut parts = parts;
    let first = parts.next()??;
    parts.all(|part| part.as_ref() == Some(&first)).then_some(first)
}

/// `a, b and c`.
pub(super) fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_their_bytes() {
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(9_999), "9,999 bytes");
        assert_eq!(size(12_418_304), "12.4 MB (12,418,304 bytes)");
        assert_eq!(size(3_000_000_000), "3.0 GB (3,000,000,000 bytes)");
    }

    #[test]
    fn a_shortened_text_says_so() {
        assert_eq!(quoted("abc", 3), "abc");
        assert_eq!(
            quoted("abcd", 3),
            "abc … (shortened: 4 characters in report.json)"
        );
    }
}
