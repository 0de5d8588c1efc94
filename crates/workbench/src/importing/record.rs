//! Records, kept in the pass that judges them.

use std::collections::HashMap;
use std::ops::ControlFlow;

use tickmark_formats::limits::Limits;
use tickmark_sources::facts;
use tickmark_vault::id::RecordId;
use tickmark_vault::import::{Bytes, Import, NewRecord};
use tickmark_verify::{Observer, SeenRecord};

use crate::contract::bundle::Progress;
use crate::desk::Workbench;
use crate::error::Error;
use crate::task::Meter;

/// Keeps every record in the pass that judges it.
pub(super) struct Keep<'k> {
    pub bench: &'k Workbench,
    pub import: Option<Import>,
    /// Numbers of the received files, by name.
    pub files: HashMap<String, u64>,
    pub meter: Meter,
    pub progress: &'k mut dyn FnMut(Progress),
    pub failed: Option<Error>,
    pub limits: Limits,
}

impl Observer for Keep<'_> {
    fn progress(&mut self, at: &tickmark_verify::Progress) -> ControlFlow<()> {
        if let Some(told) = self.meter.at(at.bytes_done, at.bytes_total, at.records) {
            (self.progress)(told);
        }
        self.bench.flow()
    }

    fn record(&mut self, record: &SeenRecord<'_>) -> ControlFlow<()> {
        self.meter.found(record.faults);
        let kept = self.new_record(record);
        match self.import.as_mut().map(|import| import.add_record(kept)) {
            Some(Ok(())) => ControlFlow::Continue(()),
            Some(Err(error)) => {
                self.failed = Some(error.into());
                ControlFlow::Break(())
            }
            None => ControlFlow::Break(()),
        }
    }
}

impl Keep<'_> {
    fn new_record(&self, record: &SeenRecord<'_>) -> NewRecord {
        let parsed = tickmark_formats::json::parse(record.bytes, &self.limits);
        let told = parsed.ok().map(|value| facts(&value));
        let fact = |pick: fn(&tickmark_sources::Facts) -> &Option<tickmark_sources::Fact>| {
            told.as_ref()
                .and_then(|facts| pick(facts).as_ref().map(|fact| fact.value.clone()))
        };
        let time = told.as_ref().and_then(|facts| facts.time.as_ref());
        NewRecord {
            position: record.position,
            id: RecordId::new(record.id, record.occurrence),
            bytes: match self.files.get(record.member) {
                Some(file) => Bytes::InFile {
                    file: *file,
                    offset: record.offset,
                    length: record.bytes.len() as u64,
                },
                None => Bytes::Own(record.bytes.to_vec()),
            },
            member: Some(record.member.to_owned()),
            line: Some(record.line),
            time_utc: time.map(|time| time.utc_nanos.div_euclid(1_000)),
            time_text: time.map(|time| time.text.clone()),
            event: fact(|facts| &facts.event),
            actor: fact(|facts| &facts.actor),
            actor_token: None,
            outcome: fact(|facts| &facts.outcome),
            model: fact(|facts| &facts.model),
            summary: fact(|facts| &facts.summary).unwrap_or_default(),
            text: told.map_or_else(
                || {
                    String::from_utf8_lossy(record.bytes)
                        .chars()
                        .take(UNREAD_TEXT)
                        .collect()
                },
                |f| f.text.text,
            ),
            link: record.link.map(str::to_owned),
            chain: record.chain.map(str::to_owned),
            signed: record.signed,
            masks: Vec::new(),
        }
    }
}

/// Characters of an unreadable record that the index holds.
const UNREAD_TEXT: usize = 8 * 1024;
