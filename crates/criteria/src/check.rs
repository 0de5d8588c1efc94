//! The questions that can be asked of imported records, by the words that the catalogue uses for them.

use std::fmt;
use std::str::FromStr;

macro_rules! check_words {
    ($($name:ident = $word:literal, $doc:literal;)+) => {
        /// One question that can be asked of imported records. The spelling is the catalogue's, such as `seq.gapless`;
        /// what each one counts stands in the catalogue's `[checks]` table ([`crate::Catalogue::describe`]).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CheckWord {
            $(#[doc = $doc] $name,)+
        }

        impl CheckWord {
            /// Every word, in the catalogue's order.
            pub const ALL: &'static [CheckWord] = &[$(CheckWord::$name,)+];

            /// The spelling in catalogues.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(CheckWord::$name => $word,)+
                }
            }
        }
    };
}

check_words! {
    ChainIntact = "chain.intact", "The chain of digests recomputed over the whole import.";
    SignaturesPinned = "sig.valid", "Signatures under pinned keys.";
    SequenceGapless = "seq.gapless", "Sequence numbers without gaps or repeats.";
    TimeOrder = "time.order", "Times that can be read, do not go back, and do not lie after the import.";
    TimeSync = "time.sync", "Clock sources and synchronisation events.";
    PeriodCovered = "period.covered", "First and last record against the review period, and silent intervals.";
    RetentionSpan = "retention.span", "Age of the oldest record at import against a required minimum.";
    RetentionDeletion = "retention.deletion", "Deletions and redactions, and who made them.";
    FieldActor = "field.actor", "Records that name an actor.";
    FieldTime = "field.time", "Records with date, time and zone.";
    FieldEventType = "field.event_type", "Records with a kind of event.";
    FieldOutcome = "field.outcome", "Records with an outcome or a decision.";
    FieldOrigin = "field.origin", "Records with an origin: host, service or session.";
    FieldObject = "field.object", "Records that name what was affected.";
    FieldModel = "field.model", "Records of inference with model and version.";
    FieldInput = "field.input_ref", "Records with an input or its digest.";
    FieldOutput = "field.output_ref", "Records with an output or its digest.";
    EventOverride = "event.override", "Overrides, approvals and stops by people.";
    EventChange = "event.change", "Changes of model, configuration, prompt or policy.";
    EventIncident = "event.incident", "Errors, incidents, refusals and violations of policy.";
    EventAccess = "event.access", "Reading and exporting of the log itself.";
    EventLifecycle = "event.lifecycle", "Start, stop, pause and failure of logging.";
    EventNotice = "event.notice", "Notices toward the affected person.";
    EventAdverse = "event.adverse", "Adverse decisions and what followed them.";
    ReviewPerformed = "review.performed", "Notes, samples and sign-offs in this vault.";
    PersonalDataScan = "pii.scan", "Patterns of personal data in record text, counted.";
    SelectionRate = "stat.selection_rate", "Selection rates by category.";
}

/// A check word that Tickmark does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{found}\" is not a check that Tickmark performs.")]
pub struct UnknownCheckWord {
    /// The word as written.
    pub found: String,
}

impl FromStr for CheckWord {
    type Err = UnknownCheckWord;

    fn from_str(text: &str) -> Result<CheckWord, UnknownCheckWord> {
        let known = CheckWord::ALL.iter().find(|word| word.as_str() == text);
        known.copied().ok_or_else(|| UnknownCheckWord {
            found: text.to_owned(),
        })
    }
}

impl fmt::Display for CheckWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for CheckWord {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
