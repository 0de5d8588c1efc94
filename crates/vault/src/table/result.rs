//! `result`: what the reviewer saw for a drawn unit. Versions; the last one holds, earlier ones stay.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, from_word, natural, number, parsed, select, text, word, written};
use crate::error::VaultError;
use crate::id::DrawId;
use crate::txn::Txn;

/// One version of a test result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// The draw.
    pub draw: DrawId,
    /// The drawn unit.
    pub pick: u64,
    /// What was asked of it.
    pub attribute: String,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// What was seen.
    pub outcome: UnitOutcome,
    /// Why; empty for a plain pass.
    pub note: String,
    /// Further fields; an object.
    pub json: serde_json::Value,
}
/// What was seen for a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitOutcome {
    /// The control worked in this case.
    Pass,
    /// It did not.
    Deviation,
    /// The attribute does not apply; the next draw replaces the unit.
    NotApplicable,
    /// Evidence is missing; counts as a deviation.
    CouldNotTest,
}

impl Row for TestResult {
    const TABLE: &'static str = "result";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("draw", (&self.draw).into()),
            ("pick", number(self.pick)?),
            ("attribute", text(&self.attribute)),
            ("version", number(self.version)?),
            ("outcome", word(&self.outcome)?),
            ("note", text(&self.note)),
            ("json", written(&self.json)?),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(TestResult {
            draw: row.get("draw")?,
            pick: natural(row, "pick")?,
            attribute: row.get("attribute")?,
            version: natural(row, "version")?,
            outcome: from_word(row, "outcome")?,
            note: row.get("note")?,
            json: parsed(row, "json")?,
        })
    }
}

/// Reads results.
#[derive(Clone, Copy)]
pub struct Results<'c>(pub(crate) &'c Connection);

impl Results<'_> {
    /// The version in force for every unit of a draw, in draw order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, draw: &DrawId) -> Result<Vec<Kept<TestResult>>, VaultError> {
        select(
            self.0,
            "WHERE t.draw = ?1 AND t.version = (SELECT max(version) FROM result
               WHERE draw = t.draw AND pick = t.pick AND attribute = t.attribute) ORDER BY t.pick, t.attribute",
            [draw],
        )
    }

    /// Every version of every result of a draw, in the order written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn history(&self, draw: &DrawId) -> Result<Vec<Kept<TestResult>>, VaultError> {
        select(self.0, "WHERE t.draw = ?1 ORDER BY t.seq", [draw])
    }
}

/// Writes results.
pub struct ResultsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl ResultsMut<'_, '_> {
    /// Writes a version.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one.
    pub fn insert(&mut self, row: &TestResult) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn a_correction_supersedes_and_the_first_answer_stays() {
        let kit = kit();
        let pick = crate::table::pick::picked(&kit);
        let first = TestResult {
            draw: pick.draw.clone(),
            pick: 1,
            attribute: "released by a person".into(),
            version: 1,
            outcome: UnitOutcome::Pass,
            note: String::new(),
            json: serde_json::json!({}),
        };
        let second = TestResult {
            version: 2,
            outcome: UnitOutcome::Deviation,
            note: "nobody".into(),
            ..first.clone()
        };
        kit.write(|txn| txn.results_mut().insert(&first));
        kit.write(|txn| txn.results_mut().insert(&second));
        let again = kit.try_write(|txn| txn.results_mut().insert(&second));
        assert!(matches!(again, Err(VaultError::Superseded { .. })));
        let nowhere = TestResult { pick: 9, ..first };
        assert!(kit.try_write(|txn| txn.results_mut().insert(&nowhere)).is_err());
        let of = kit.vault.read(|view| view.results().of(&pick.draw)).unwrap();
        assert_eq!(of.into_iter().map(|kept| kept.row).collect::<Vec<_>>(), [second]);
        assert_eq!(
            kit.vault
                .read(|view| view.results().history(&pick.draw))
                .unwrap()
                .len(),
            2
        );
    }
}
