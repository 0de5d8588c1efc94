//! `pick`: the drawn units, in draw order.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, natural, natural_or_none, number, number_or_null, select, text, text_or_null};
use crate::error::VaultError;
use crate::id::{BundleNo, DrawId};
use crate::txn::Txn;

/// A drawn unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// Its draw.
    pub draw: DrawId,
    /// Place in draw order, from 1.
    pub number: u64,
    /// Place in the frame, from 1.
    pub frame: u64,
    /// The record's bundle.
    pub bundle: BundleNo,
    /// The record's number in its bundle.
    pub position: u64,
    /// The record's id.
    pub record: String,
    /// Counter of the sampler that gave it.
    pub counter: u64,
    /// Its stratum.
    pub stratum: Option<String>,
    /// Its ticket, where the method has tickets.
    pub ticket: Option<String>,
    /// The pick that it replaces.
    pub replaces: Option<u64>,
}

impl Row for Pick {
    const TABLE: &'static str = "pick";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("draw", (&self.draw).into()),
            ("number", number(self.number)?),
            ("frame", number(self.frame)?),
            ("bundle", self.bundle.0.into()),
            ("position", number(self.position)?),
            ("record", text(&self.record)),
            ("counter", number(self.counter)?),
            ("stratum", text_or_null(self.stratum.as_deref())),
            ("ticket", text_or_null(self.ticket.as_deref())),
            ("replaces", number_or_null(self.replaces)?),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Pick {
            draw: row.get("draw")?,
            number: natural(row, "number")?,
            frame: natural(row, "frame")?,
            bundle: row.get("bundle")?,
            position: natural(row, "position")?,
            record: row.get("record")?,
            counter: natural(row, "counter")?,
            stratum: row.get("stratum")?,
            ticket: row.get("ticket")?,
            replaces: natural_or_none(row, "replaces")?,
        })
    }
}

/// Reads picks.
#[derive(Clone, Copy)]
pub struct Picks<'c>(pub(crate) &'c Connection);

impl Picks<'_> {
    /// The units of a draw.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, draw: &DrawId) -> Result<Vec<Kept<Pick>>, VaultError> {
        select(self.0, "WHERE t.draw = ?1 ORDER BY t.number", [draw])
    }
}

/// Writes picks.
pub struct PicksMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl PicksMut<'_, '_> {
    /// Writes a drawn unit.
    ///
    /// # Errors
    /// When the draw has a unit of this number.
    pub fn insert(&mut self, row: &Pick) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

/// A drawn unit over a fresh draw, for tests.
#[cfg(test)]
pub(crate) fn picked(kit: &crate::kit::Kit) -> Pick {
    let draw = super::draw::drawn(kit);
    let pick = Pick {
        draw: draw.id,
        number: 1,
        frame: 3,
        bundle: kit.import("a", &["1 e a ok"]),
        position: 1,
        record: "ab".repeat(32),
        counter: 1,
        stratum: None,
        ticket: None,
        replaces: None,
    };
    kit.write(|txn| txn.picks_mut().insert(&pick));
    pick
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn a_place_in_a_draw_is_taken_once() {
        let kit = kit();
        let pick = picked(&kit);
        assert!(kit.try_write(|txn| txn.picks_mut().insert(&pick)).is_err());
        let next = Pick {
            number: 2,
            replaces: Some(1),
            ..pick.clone()
        };
        kit.write(|txn| txn.picks_mut().insert(&next));
        let picks = kit.vault.read(|view| view.picks().of(&pick.draw)).unwrap();
        assert_eq!(
            picks.into_iter().map(|kept| kept.row).collect::<Vec<_>>(),
            [pick, next]
        );
    }
}
