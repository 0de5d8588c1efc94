//! What somebody with the data key, but without this program, can do to a vault.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use tickmark_crypto::sealed::{Opener, open};

use crate::kit::{PASSPHRASE, passphrase};

/// The raw data key, out of the first slot that a passphrase opens.
pub fn data_key(vault: &Path) -> String {
    data_key_with(vault, &passphrase(PASSPHRASE))
}

pub fn data_key_with(vault: &Path, opener: &Opener) -> String {
    let slots = fs::read_dir(vault.join("keys")).unwrap();
    let key = slots
        .filter_map(|slot| open(&fs::read(slot.unwrap().path()).unwrap(), opener).ok())
        .next()
        .unwrap();
    tickmark_crypto::encoding::hex(key.expose())
}

/// A plain SQLCipher connection, with nothing that this program sets.
pub fn connection(vault: &Path) -> Connection {
    let key = data_key(vault);
    let connection = Connection::open(vault.join("vault.db")).unwrap();
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{key}'\";"))
        .unwrap();
    connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
        .unwrap();
    connection
}

/// Every row of every table, as text: two vaults with the same dump hold the same.
pub fn dump(vault: &Path) -> Vec<String> {
    let connection = connection(vault);
    let mut rows = Vec::new();
    for table in tables(&connection) {
        // where the index keeps its parts is its own affair
        if table.starts_with("record_index") || table.starts_with("sqlite_") {
            continue;
        }
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let width = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let cells: Vec<String> = (0..width)
                .map(|i| format!("{:?}", row.get_ref(i).unwrap()))
                .collect();
            rows.push(format!("{table}: {}", cells.join(" | ")));
        }
    }
    rows.sort();
    rows
}

pub fn tables(connection: &Connection) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

pub fn count(connection: &Connection, table: &str) -> i64 {
    connection
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
        .unwrap()
}
