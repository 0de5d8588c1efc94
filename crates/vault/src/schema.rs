//! The schema and its versions: `PRAGMA user_version` counts the migrations that a vault has seen.

use rusqlite::Connection;

use crate::error::{VaultError, sql};

/// Every released migration, in order. A released one is never edited.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_vault.sql")];

/// Marks the file as ours (`PRAGMA application_id`): "TkMk".
const APPLICATION_ID: i64 = 0x546b_4d6b;

/// Brings a database to the newest schema, in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), VaultError> {
    let transaction = connection.transaction().map_err(sql("preparing the schema"))?;
    let from = version(&transaction)?;
    for (number, migration) in MIGRATIONS.iter().enumerate().skip(from) {
        transaction
            .execute_batch(migration)
            .map_err(sql("writing the schema"))?;
        let to = number + 1;
        transaction
            .execute_batch(&format!(
                "PRAGMA user_version = {to}; PRAGMA application_id = {APPLICATION_ID};"
            ))
            .map_err(sql("writing the schema"))?;
    }
    transaction.commit().map_err(sql("writing the schema"))
}

/// Refuses a database that is not ours or that a newer program wrote.
pub(crate) fn check(connection: &Connection) -> Result<(), VaultError> {
    let found = version(connection)?;
    let ours: i64 = connection
        .query_row("PRAGMA application_id", [], |row| row.get(0))
        .map_err(sql("reading the schema"))?;
    if ours != APPLICATION_ID || found == 0 {
        return Err(VaultError::Damaged {
            piece: "vault.db".into(),
            expected: "a Tickmark schema".into(),
            found: "another one".into(),
        });
    }
    Ok(())
}

/// The schema version, refused when it is newer than this program.
fn version(connection: &Connection) -> Result<usize, VaultError> {
    let found: u32 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(sql("reading the schema"))?;
    let supported = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    if found > supported {
        return Err(VaultError::NewerFormat { found, supported });
    }
    Ok(usize::try_from(found).unwrap_or(usize::MAX))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_written_once_and_known_again() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        check(&connection).unwrap();
    }

    #[test]
    fn a_newer_schema_and_a_foreign_one_are_told_apart() {
        let connection = Connection::open_in_memory().unwrap();
        assert!(matches!(check(&connection), Err(VaultError::Damaged { .. })));
        connection.execute_batch("PRAGMA user_version = 99;").unwrap();
        assert!(matches!(
            check(&connection),
            Err(VaultError::NewerFormat { found: 99, .. })
        ));
    }
}
