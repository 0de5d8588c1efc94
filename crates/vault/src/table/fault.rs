//! `fault`: the faults of each verification, for look-up by record.

use rusqlite::Connection;
use tickmark_verify::verification::Fault;

use super::parsed;
use crate::error::{VaultError, sql};
use crate::id::BundleNo;
use crate::txn::int;

/// Writes the faults of a verification that is not yet written. Number 1 is the first.
pub(crate) fn insert(
    connection: &Connection,
    bundle: BundleNo,
    verification: u64,
    first_number: u64,
    faults: &[Fault],
) -> Result<(), VaultError> {
    let mut statement = connection
        .prepare_cached(
            "INSERT INTO fault (bundle, verification, number, position, code, claim, json) VALUES (?1,?2,?3,?4,?5,?6,?7)",
        )
        .map_err(sql("writing faults"))?;
    for (number, fault) in (first_number..).zip(faults) {
        let position = fault.record.map(int).transpose()?;
        let json = super::written(fault)?;
        statement
            .execute(rusqlite::params![
                bundle,
                int(verification)?,
                int(number)?,
                position,
                fault.code,
                fault.claim,
                json
            ])
            .map_err(sql("writing faults"))?;
    }
    Ok(())
}

/// The faults on one record, by the newest verification of its bundle.
pub(crate) fn on_record(
    connection: &Connection,
    bundle: BundleNo,
    position: u64,
) -> Result<Vec<Fault>, VaultError> {
    select(
        connection,
        "WHERE bundle = ?1 AND position = ?2
         AND verification = (SELECT max(seq) FROM verification WHERE bundle = ?1) ORDER BY number",
        rusqlite::params![bundle, int(position)?],
    )
}

/// A page of a verification's faults, in the order they were found.
pub(crate) fn page(
    connection: &Connection,
    bundle: BundleNo,
    verification: u64,
    offset: u64,
    limit: u64,
) -> Result<Vec<Fault>, VaultError> {
    select(
        connection,
        "WHERE bundle = ?1 AND verification = ?2 ORDER BY number LIMIT ?4 OFFSET ?3",
        rusqlite::params![bundle, int(verification)?, int(offset)?, int(limit)?],
    )
}

fn select(
    connection: &Connection,
    tail: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Fault>, VaultError> {
    let text = format!("SELECT json FROM fault {tail}");
    let mut statement = connection.prepare_cached(&text).map_err(sql("reading faults"))?;
    let rows = statement
        .query_map(values, |row| parsed(row, "json"))
        .map_err(sql("reading faults"))?;
    rows.collect::<Result<_, _>>().map_err(sql("reading faults"))
}
