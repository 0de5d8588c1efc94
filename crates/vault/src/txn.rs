//! One mutation: rows and their custody event in one transaction, or nothing.

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde_json::{Map, Value};

use crate::custody::{CustodyEvent, Statement};
use crate::error::{VaultError, sql};
use crate::id::ReviewerId;
use crate::rows::RowDigests;
use crate::signer::Signer;
use crate::table::Row;
use crate::table::assessment::AssessmentsMut;
use crate::table::bundle::BundlesMut;
use crate::table::disposal::DisposalsMut;
use crate::table::draw::DrawsMut;
use crate::table::engagement::EngagementsMut;
use crate::table::expected_profile::ExpectedProfilesMut;
use crate::table::finding::FindingsMut;
use crate::table::note::NotesMut;
use crate::table::pick::PicksMut;
use crate::table::pinned_key::PinnedKeysMut;
use crate::table::plan::PlansMut;
use crate::table::population::PopulationsMut;
use crate::table::report::ReportsMut;
use crate::table::result::ResultsMut;
use crate::table::review_period::ReviewPeriodsMut;
use crate::table::sign_off::SignOffsMut;
use crate::table::trail_head::TrailHeadsMut;
use crate::table::verification::VerificationsMut;
use crate::view::View;

/// An open transaction. Only it hands out write handles; when its work succeeds, its custody event is written, and only
/// then does it commit.
pub struct Txn<'t> {
    connection: &'t Connection,
    seq: u64,
    prev: Option<String>,
    now: DateTime<Utc>,
    by: ReviewerId,
    subject: Map<String, Value>,
    rows: RowDigests,
}

impl<'t> Txn<'t> {
    /// Begins inside a transaction of `connection`.
    pub(crate) fn begin(
        connection: &'t Connection,
        signer: &Signer,
        subject: Value,
        now: DateTime<Utc>,
    ) -> Result<Self, VaultError> {
        let Value::Object(subject) = subject else {
            return Err(VaultError::Refused {
                what: "subject of a custody event",
                expected: "a JSON object",
                found: subject.to_string().chars().take(40).collect(),
            });
        };
        let (seq, prev) = last_event(connection)?;
        let (seq, by) = (seq + 1, signer.reviewer().clone());
        Ok(Txn {
            connection,
            seq,
            prev,
            now,
            by,
            subject,
            rows: RowDigests::default(),
        })
    }

    /// Number of the custody event that this transaction will write.
    pub fn custody_seq(&self) -> u64 {
        self.seq
    }

    /// The time that the caller stated.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Who acts.
    pub fn by(&self) -> &ReviewerId {
        &self.by
    }

    /// Adds a member to the event's subject, for what is known only once the work is done.
    pub fn tell(&mut self, member: &str, value: impl Into<Value>) {
        self.subject.insert(member.to_owned(), value.into());
    }

    /// Reads what is there, with what this transaction has written so far.
    pub fn view(&self) -> View<'_> {
        View::new(self.connection)
    }

    /// Inserts a row into a table that is bound to custody events.
    pub(crate) fn insert<R: Row>(&mut self, row: &R) -> Result<(), VaultError> {
        let mut cells = row.cells()?;
        cells.push(("custody", int(self.seq)?.into()));
        insert(self.connection, R::TABLE, &cells)?;
        self.rows.add_inserted(self.connection, R::TABLE)
    }

    pub(crate) fn connection(&self) -> &'t Connection {
        self.connection
    }

    /// Writes the custody event. The caller commits.
    pub(crate) fn close(
        self,
        vault: &str,
        action: &str,
        signer: &Signer,
    ) -> Result<CustodyEvent, VaultError> {
        let mut subject = self.subject;
        if let Some(digest) = self.rows.finish() {
            subject.insert("rows".into(), digest.into());
        }
        let statement = Statement {
            vault,
            seq: self.seq,
            time: self.now,
            action,
            subject,
            prev: self.prev,
        };
        let event = CustodyEvent::sign(statement, signer)?;
        crate::table::custody_event::append(self.connection, &event)?;
        Ok(event)
    }
}

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident -> $handle:ident;)*) => {
        impl<'t> Txn<'t> {
            $($(#[$doc])* pub fn $name(&mut self) -> $handle<'_, 't> {
                $handle(self)
            })*
        }
    };
}

handles! {
    /// Writes assessments.
    assessments_mut -> AssessmentsMut;
    /// Takes bundles into engagements and out of them.
    bundles_mut -> BundlesMut;
    /// Writes disposals.
    disposals_mut -> DisposalsMut;
    /// Writes draws.
    draws_mut -> DrawsMut;
    /// Writes engagements.
    engagements_mut -> EngagementsMut;
    /// States the profile that is expected of a source.
    expected_profiles_mut -> ExpectedProfilesMut;
    /// Writes findings.
    findings_mut -> FindingsMut;
    /// Writes notes.
    notes_mut -> NotesMut;
    /// Writes picks.
    picks_mut -> PicksMut;
    /// Writes pinned keys.
    pinned_keys_mut -> PinnedKeysMut;
    /// Writes plans.
    plans_mut -> PlansMut;
    /// Writes populations.
    populations_mut -> PopulationsMut;
    /// Writes reports.
    reports_mut -> ReportsMut;
    /// Writes results.
    results_mut -> ResultsMut;
    /// States the review period of a bundle.
    review_periods_mut -> ReviewPeriodsMut;
    /// Writes sign offs.
    sign_offs_mut -> SignOffsMut;
    /// Remembers heads.
    trail_heads_mut -> TrailHeadsMut;
    /// Writes verifications.
    verifications_mut -> VerificationsMut;
}

/// Inserts named cells into a table.
pub(crate) fn insert(
    connection: &Connection,
    table: &str,
    cells: &[(&'static str, Cell)],
) -> Result<(), VaultError> {
    let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
    let marks = vec!["?"; cells.len()].join(", ");
    let text = format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "));
    let mut statement = connection.prepare_cached(&text).map_err(sql("writing a row"))?;
    statement
        .execute(rusqlite::params_from_iter(cells.iter().map(|(_, cell)| cell)))
        .map_err(sql("writing a row"))?;
    Ok(())
}

/// A count as SQLite keeps it.
pub(crate) fn int(number: u64) -> Result<i64, VaultError> {
    i64::try_from(number).map_err(|_| VaultError::Refused {
        what: "number",
        expected: "at most 2^63 - 1",
        found: number.to_string(),
    })
}

fn last_event(connection: &Connection) -> Result<(u64, Option<String>), VaultError> {
    let mut statement = connection
        .prepare_cached("SELECT seq, hash FROM custody_event ORDER BY seq DESC LIMIT 1")
        .map_err(sql("reading custody"))?;
    let mut rows = statement.query([]).map_err(sql("reading custody"))?;
    let Some(row) = rows.next().map_err(sql("reading custody"))? else {
        return Ok((0, None));
    };
    let seq: i64 = row.get(0).map_err(sql("reading custody"))?;
    Ok((
        u64::try_from(seq).unwrap_or_default(),
        Some(row.get(1).map_err(sql("reading custody"))?),
    ))
}
