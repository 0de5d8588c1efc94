//! `assessment`: what the reviewer concludes on a control. Versions; the last one holds.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, from_word, natural, number, parsed, select, text, word, written};
use crate::error::VaultError;
use crate::id::EngagementId;
use crate::txn::Txn;

/// One version of a conclusion on a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The engagement.
    pub engagement: EngagementId,
    /// Framework and clause.
    pub control: String,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// The conclusion.
    pub conclusion: Conclusion,
    /// Further fields; an object.
    pub json: serde_json::Value,
}
/// What is concluded on a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// The records show it.
    Observed,
    /// The records show otherwise.
    Exception,
    /// These records cannot show it.
    NotEvaluable,
}

impl Row for Assessment {
    const TABLE: &'static str = "assessment";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("engagement", (&self.engagement).into()),
            ("control", text(&self.control)),
            ("version", number(self.version)?),
            ("conclusion", word(&self.conclusion)?),
            ("json", written(&self.json)?),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Assessment {
            engagement: row.get("engagement")?,
            control: row.get("control")?,
            version: natural(row, "version")?,
            conclusion: from_word(row, "conclusion")?,
            json: parsed(row, "json")?,
        })
    }
}

/// Reads assessments.
#[derive(Clone, Copy)]
pub struct Assessments<'c>(pub(crate) &'c Connection);

impl Assessments<'_> {
    /// The version in force for every control of an engagement.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, engagement: &EngagementId) -> Result<Vec<Kept<Assessment>>, VaultError> {
        select(
            self.0,
            "WHERE t.engagement = ?1 AND t.version = (SELECT max(version) FROM assessment
               WHERE engagement = t.engagement AND control = t.control) ORDER BY t.control",
            [engagement],
        )
    }

    /// Every version for one control, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(
        &self,
        engagement: &EngagementId,
        control: &str,
    ) -> Result<Vec<Kept<Assessment>>, VaultError> {
        select(
            self.0,
            "WHERE t.engagement = ?1 AND t.control = ?2 ORDER BY t.version",
            [engagement.as_str(), control],
        )
    }
}

/// Writes assessments.
pub struct AssessmentsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl AssessmentsMut<'_, '_> {
    /// Writes a version.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one.
    pub fn insert(&mut self, row: &Assessment) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn a_control_has_one_conclusion_in_force() {
        let kit = kit();
        let first = Assessment {
            engagement: kit.engagement(),
            control: "eu-ai-act/12(1)".into(),
            version: 1,
            conclusion: Conclusion::Observed,
            json: serde_json::json!({}),
        };
        let second = Assessment {
            version: 2,
            conclusion: Conclusion::NotEvaluable,
            ..first.clone()
        };
        kit.write(|txn| txn.assessments_mut().insert(&first));
        kit.write(|txn| txn.assessments_mut().insert(&second));
        let refused = kit.try_write(|txn| txn.assessments_mut().insert(&first));
        assert!(matches!(refused, Err(VaultError::Superseded { .. })));
        let of = kit
            .vault
            .read(|view| view.assessments().of(&first.engagement))
            .unwrap();
        assert_eq!(of.into_iter().map(|kept| kept.row).collect::<Vec<_>>(), [second]);
        let all = kit
            .vault
            .read(|view| view.assessments().versions(&first.engagement, &first.control))
            .unwrap();
        assert_eq!(all.len(), 2);
    }
}
