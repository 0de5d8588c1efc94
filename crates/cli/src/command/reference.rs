//! What a finding or note is about, as it is typed.
//!
//! ```text
//! BUNDLE            a bundle             b1
//! BUNDLE:RECORD     a record, from 1     b1:4711
//! BUNDLE#CHECK      a check of a bundle  b1#record_hash
//! plan:PLAN/UNIT    a drawn unit         plan:p3/17
//! ```

use tickmark_workbench::contract::finding::{EvidenceKind, EvidenceRef};
use tickmark_workbench::{Answer, Error};

use crate::text::visible;

/// Reads a reference. Whether the thing is in the vault, the workbench says.
///
/// # Errors
/// `invalid_input` when it has none of the four forms.
pub fn parse(text: &str) -> Answer<EvidenceRef> {
    let found = if let Some(unit) = text.strip_prefix("plan:") {
        unit.rsplit_once('/')
            .and_then(|(plan, unit)| Some(of_unit(filled(plan)?, counted(unit)?)))
    } else if let Some((bundle, check)) = text.split_once('#') {
        filled(bundle)
            .zip(filled(check))
            .map(|(bundle, check)| of_check(bundle, check))
    } else if let Some((bundle, record)) = text.split_once(':') {
        filled(bundle)
            .zip(counted(record))
            .map(|(bundle, position)| of_record(bundle, position))
    } else {
        filled(text).map(|bundle| EvidenceRef {
            bundle: Some(bundle),
            ..nothing(EvidenceKind::Bundle)
        })
    };
    found.ok_or_else(|| {
        Error::invalid(format!(
            "“{text}” names neither a bundle, a record, a check nor a drawn unit."
        ))
        .hint("Write BUNDLE, BUNDLE:RECORD, BUNDLE#CHECK or plan:PLAN/UNIT, with ids as they are listed.")
    })
}

/// The same the other way round.
pub fn spelled(reference: &EvidenceRef) -> String {
    let or_unknown = |text: &Option<String>| text.as_deref().map_or_else(|| "?".into(), visible);
    let bundle = or_unknown(&reference.bundle);
    let count = |value: Option<u64>| value.map_or_else(|| "?".into(), |v| v.to_string());
    match reference.kind {
        EvidenceKind::Bundle => bundle,
        EvidenceKind::Record => format!("{bundle}:{}", count(reference.position)),
        EvidenceKind::Check => format!("{bundle}#{}", or_unknown(&reference.check)),
        EvidenceKind::Unit => format!(
            "plan:{}/{}",
            or_unknown(&reference.plan),
            count(reference.ordinal)
        ),
    }
}

fn of_record(bundle: String, position: u64) -> EvidenceRef {
    EvidenceRef {
        bundle: Some(bundle),
        position: Some(position),
        ..nothing(EvidenceKind::Record)
    }
}

fn of_check(bundle: String, check: String) -> EvidenceRef {
    EvidenceRef {
        bundle: Some(bundle),
        check: Some(check),
        ..nothing(EvidenceKind::Check)
    }
}

fn of_unit(plan: String, ordinal: u64) -> EvidenceRef {
    EvidenceRef {
        plan: Some(plan),
        ordinal: Some(ordinal),
        ..nothing(EvidenceKind::Unit)
    }
}

fn nothing(kind: EvidenceKind) -> EvidenceRef {
    EvidenceRef {
        kind,
        bundle: None,
        position: None,
        record_id: None,
        check: None,
        plan: None,
        ordinal: None,
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.into())
}

fn counted(text: &str) -> Option<u64> {
    text.parse().ok().filter(|value| *value > 0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_written_the_same() {
        for text in ["b1", "b1:4711", "b1#record_hash", "plan:p3/17"] {
            assert_eq!(spelled(&parse(text).unwrap()), text);
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            ":",
            "b1:",
            "b1:0",
            "b1:x",
            "b1:-1",
            "#c",
            "b1#",
            "plan:",
            "plan:p3",
            "plan:/1",
            "plan:p3/0",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
