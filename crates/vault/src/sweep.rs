//! Removing what must not stay: staging that no import owns any more, and the content of bundles that were disposed of.
//! Always in bounded transactions, so that work goes on meanwhile and a crash only means that it goes on later.

use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::{Connection, params};

use crate::database::{drain_log, hold};
use crate::error::{VaultError, sql};
use crate::id::BundleNo;
use crate::vault::{Inner, Vault};

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Unfinished imports that are gone.
    pub imports: u64,
    /// Disposed bundles whose content is gone.
    pub disposals: u64,
}

impl Vault {
    /// Removes what unfinished imports left behind, and destroys the content of bundles that were disposed of. `more` is
    /// asked between transactions of a few megabytes and may break off; the next sweep goes on.
    ///
    /// # Errors
    /// `ReadOnly`, `Locked`, or when the database refuses.
    pub fn sweep(&self, more: &mut dyn FnMut() -> ControlFlow<()>) -> Result<Swept, VaultError> {
        let inner = &self.inner;
        let mut swept = Swept::default();
        for bundle in abandoned(inner)? {
            remove_staging(inner, bundle, more)?;
            swept.imports += 1;
        }
        for bundle in disposed(inner)? {
            destroy_content(inner, bundle, more)?;
            swept.disposals += 1;
        }
        Ok(swept)
    }
}

/// Removes the staging rows of an import, and last of all its own row.
pub(crate) fn remove_staging(
    inner: &Arc<Inner>,
    bundle: BundleNo,
    more: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<(), VaultError> {
    remove(inner, more, |connection| {
        for table in ["file", "member"] {
            let text = format!("DELETE FROM {table} WHERE bundle = ?1");
            connection
                .execute(&text, [bundle])
                .map_err(sql("removing staging"))?;
        }
        Ok(step_chunks(connection, bundle)?
            | step_observations(connection, bundle)?
            | step_records(connection, bundle)?)
    })?;
    inner.stage("removing staging", |connection| {
        connection
            .execute("DELETE FROM staging WHERE bundle = ?1", [bundle])
            .map_err(sql("removing staging"))?;
        Ok(())
    })?;
    give_back_pages(inner, more)
}

/// Destroys the content of a bundle that was disposed of. Chunks go last: while one is left, the rest may be too.
fn destroy_content(
    inner: &Arc<Inner>,
    bundle: BundleNo,
    more: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<(), VaultError> {
    // what is destroyed is overwritten as well
    secure_delete(inner, "ON")?;
    let destroyed = overwrite_content(inner, bundle, more);
    secure_delete(inner, "OFF")?;
    destroyed
}

fn secure_delete(inner: &Arc<Inner>, on: &str) -> Result<(), VaultError> {
    inner.with_writer(|connection| {
        connection
            .query_row(&format!("PRAGMA secure_delete = {on}"), [], |_| Ok(()))
            .map_err(sql("destroying content"))
    })
}

fn overwrite_content(
    inner: &Arc<Inner>,
    bundle: BundleNo,
    more: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<(), VaultError> {
    let mut after = 0;
    remove(inner, more, |connection| {
        let rows = rows_after(connection, bundle, after)?;
        let Some(last) = rows.last().copied() else {
            return Ok(step_observations(connection, bundle)? | step_facets(connection, bundle)?);
        };
        delete_content(connection, &rows)?;
        after = last;
        Ok(true)
    })?;
    remove(inner, more, |connection| step_chunks(connection, bundle))?;
    inner.stage("destroying content", |connection| {
        // tombstones in the index still hold words: merge them away
        connection
            .execute("INSERT INTO record_index (record_index) VALUES ('optimize')", [])
            .map_err(sql("destroying content"))?;
        Ok(())
    })?;
    inner.with_writer(|connection| drain_log(connection))?;
    give_back_pages(inner, more)
}

/// Gives free pages back to the disk, four megabytes at a time. Moving pages needs a little room itself; where there is none,
/// the free pages stay in the file and are used again.
fn give_back_pages(inner: &Arc<Inner>, more: &mut dyn FnMut() -> ControlFlow<()>) -> Result<(), VaultError> {
    let free = |connection: &Connection| crate::table::count(connection, "PRAGMA freelist_count", []);
    let given = remove(inner, more, |connection| {
        let before = free(connection)?;
        connection
            .execute_batch("PRAGMA incremental_vacuum(1024)")
            .map_err(sql("giving room back"))?;
        Ok(free(connection)? < before)
    });
    match given {
        Err(VaultError::DiskFull { .. }) => Ok(()),
        other => other,
    }
}

/// Repeats a step, one transaction each, until it finds nothing more.
fn remove(
    inner: &Arc<Inner>,
    more: &mut dyn FnMut() -> ControlFlow<()>,
    mut step: impl FnMut(&Connection) -> Result<bool, VaultError>,
) -> Result<(), VaultError> {
    while inner.stage("removing rows", &mut step)? {
        if more().is_break() {
            return Err(VaultError::Cancelled);
        }
    }
    Ok(())
}

fn step_chunks(connection: &Connection, bundle: BundleNo) -> Result<bool, VaultError> {
    delete(
        connection,
        "DELETE FROM chunk WHERE rowid IN (SELECT rowid FROM chunk WHERE bundle = ?1 LIMIT 64)",
        bundle,
    )
}

fn step_observations(connection: &Connection, bundle: BundleNo) -> Result<bool, VaultError> {
    delete(
        connection,
        "DELETE FROM observation WHERE rowid IN (SELECT rowid FROM observation WHERE bundle = ?1 LIMIT 5000)",
        bundle,
    )
}

fn step_facets(connection: &Connection, bundle: BundleNo) -> Result<bool, VaultError> {
    delete(
        connection,
        "DELETE FROM facet WHERE rowid IN (SELECT rowid FROM facet WHERE bundle = ?1 LIMIT 5000)",
        bundle,
    )
}

fn step_records(connection: &Connection, bundle: BundleNo) -> Result<bool, VaultError> {
    let rows = rows_after(connection, bundle, 0)?;
    delete_content(connection, &rows)?;
    let mut statement = connection
        .prepare_cached("DELETE FROM record WHERE row = ?1")
        .map_err(sql("removing records"))?;
    for row in &rows {
        statement.execute([row]).map_err(sql("removing records"))?;
    }
    Ok(!rows.is_empty())
}

/// The next rows of a bundle. Rows of one bundle ascend with its positions.
fn rows_after(connection: &Connection, bundle: BundleNo, after: i64) -> Result<Vec<i64>, VaultError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT row FROM record WHERE bundle = ?1
             AND position > coalesce((SELECT position FROM record WHERE row = ?2), 0) ORDER BY position LIMIT 2000",
        )
        .map_err(sql("removing records"))?;
    let rows = statement
        .query_map(params![bundle, after], |row| row.get(0))
        .map_err(sql("removing records"))?;
    rows.collect::<Result<_, _>>().map_err(sql("removing records"))
}

fn delete_content(connection: &Connection, rows: &[i64]) -> Result<(), VaultError> {
    for text in [
        "DELETE FROM record_index WHERE rowid = ?1",
        "DELETE FROM record_bytes WHERE row = ?1",
        "DELETE FROM record_content WHERE row = ?1",
    ] {
        let mut statement = connection.prepare_cached(text).map_err(sql("removing records"))?;
        for row in rows {
            statement.execute([row]).map_err(sql("removing records"))?;
        }
    }
    Ok(())
}

fn delete(connection: &Connection, text: &str, bundle: BundleNo) -> Result<bool, VaultError> {
    let removed = connection
        .prepare_cached(text)
        .and_then(|mut statement| statement.execute([bundle]))
        .map_err(sql("removing rows"))?;
    Ok(removed > 0)
}

/// Staging that no import of this process owns. The writer's lock says that no other process owns it either.
fn abandoned(inner: &Arc<Inner>) -> Result<Vec<BundleNo>, VaultError> {
    let all = bundles(inner, "SELECT bundle FROM staging ORDER BY bundle")?;
    let importing = hold(&inner.importing);
    Ok(all
        .into_iter()
        .filter(|bundle| !importing.contains(&bundle.0))
        .collect())
}

fn disposed(inner: &Arc<Inner>) -> Result<Vec<BundleNo>, VaultError> {
    bundles(
        inner,
        "SELECT bundle FROM disposal AS d WHERE EXISTS (SELECT 1 FROM chunk WHERE bundle = d.bundle)
         OR EXISTS (SELECT 1 FROM observation WHERE bundle = d.bundle)
         OR EXISTS (SELECT 1 FROM facet WHERE bundle = d.bundle) ORDER BY bundle",
    )
}

fn bundles(inner: &Arc<Inner>, text: &str) -> Result<Vec<BundleNo>, VaultError> {
    inner.with_writer(|connection| {
        let mut statement = connection
            .prepare_cached(text)
            .map_err(sql("looking for leftovers"))?;
        let rows = statement
            .query_map([], |row| row.get(0))
            .map_err(sql("looking for leftovers"))?;
        rows.collect::<Result<_, _>>()
            .map_err(sql("looking for leftovers"))
    })
}
