//! What can be read: one handle a table. Readers and transactions hand out the same handles.

use std::sync::Arc;

use rusqlite::Connection;

use crate::database::Readers;
use crate::error::{VaultError, sql};
use crate::table::assessment::Assessments;
use crate::table::bundle::Bundles;
use crate::table::custody_event::Custody;
use crate::table::disposal::Disposals;
use crate::table::draw::Draws;
use crate::table::engagement::Engagements;
use crate::table::expected_profile::ExpectedProfiles;
use crate::table::finding::Findings;
use crate::table::note::Notes;
use crate::table::observation::Observations;
use crate::table::pick::Picks;
use crate::table::pinned_key::PinnedKeys;
use crate::table::plan::Plans;
use crate::table::population::Populations;
use crate::table::record::Records;
use crate::table::report::Reports;
use crate::table::result::Results;
use crate::table::review_period::ReviewPeriods;
use crate::table::reviewer::Reviewers;
use crate::table::sign_off::SignOffs;
use crate::table::trail_head::TrailHeads;
use crate::table::verification::Verifications;

/// Read handles on one state of the vault.
#[derive(Clone, Copy)]
pub struct View<'c> {
    connection: &'c Connection,
}

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident -> $handle:ident;)*) => {
        impl<'c> View<'c> {
            $($(#[$doc])* pub fn $name(&self) -> $handle<'c> {
                $handle(self.connection)
            })*
        }
    };
}

handles! {
    /// Reviewers and their public keys.
    reviewers -> Reviewers;
    /// Engagements.
    engagements -> Engagements;
    /// Kept bundles.
    bundles -> Bundles;
    /// The review period of each bundle.
    review_periods -> ReviewPeriods;
    /// Approved disposals.
    disposals -> Disposals;
    /// Records of kept bundles.
    records -> Records;
    /// What exports say besides records.
    observations -> Observations;
    /// Verifications and their faults.
    verifications -> Verifications;
    /// Pinned keys.
    pinned_keys -> PinnedKeys;
    /// The profile that is expected of each source.
    expected_profiles -> ExpectedProfiles;
    /// Remembered heads.
    trail_heads -> TrailHeads;
    /// Populations.
    populations -> Populations;
    /// Plans.
    plans -> Plans;
    /// Draws.
    draws -> Draws;
    /// Drawn units.
    picks -> Picks;
    /// Test results.
    results -> Results;
    /// Findings.
    findings -> Findings;
    /// Notes.
    notes -> Notes;
    /// Conclusions on controls.
    assessments -> Assessments;
    /// Reports.
    reports -> Reports;
    /// Sign-offs.
    sign_offs -> SignOffs;
    /// Custody events.
    custody -> Custody;
}

impl<'c> View<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        View { connection }
    }
}

/// A lent connection that reads one unchanging state of the vault for as long as it lives. Keep it for one question,
/// not for a session: a long-lived reader keeps the write-ahead log from shrinking.
pub struct Reader {
    readers: Arc<Readers>,
    connection: Option<Connection>,
}

impl Reader {
    pub(crate) fn new(readers: &Arc<Readers>) -> Result<Self, VaultError> {
        let connection = readers.lend()?;
        connection
            .execute_batch("BEGIN DEFERRED")
            .map_err(sql("beginning to read"))?;
        Ok(Reader {
            readers: Arc::clone(readers),
            connection: Some(connection),
        })
    }

    /// The read handles.
    pub fn view(&self) -> View<'_> {
        View::new(self.connection())
    }

    pub(crate) fn check_open(&self) -> Result<(), VaultError> {
        self.readers.check_open()
    }

    pub(crate) fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("only drop takes it")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && connection.execute_batch("ROLLBACK").is_ok()
        {
            self.readers.give_back(connection);
        }
    }
}
