//! A page of records: the row numbers in order first, then the columns of those few.

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params_from_iter};

use super::condition::Condition;
use super::{Order, RecordQuery, bundles_in, records_in};
use crate::error::{VaultError, sql};
use crate::id::BundleNo;
use crate::table::record::{COLUMNS, RecordPage, RecordRow, read};
use crate::txn::int;

/// A page, the number of records that fit, and the number in scope.
pub(crate) fn page(connection: &Connection, query: &RecordQuery) -> Result<RecordPage, VaultError> {
    let bundles = bundles_in(connection, &query.scope)?;
    let of = records_in(connection, &bundles)?;
    let fits = Condition::of(query, &bundles)?;
    let total = if fits.is_whole {
        of
    } else {
        fits.count(connection)?
    };
    let rows = match query.order {
        Order::Source | Order::SourceReversed if fits.is_whole => {
            rows_of_bundles(connection, query, &bundles)?
        }
        _ => rows(connection, query, &fits)?,
    };
    Ok(RecordPage { total, of, rows })
}

/// The rows of a page. Undated records come last in time order, whichever way it runs, so that order is two lists.
fn rows(
    connection: &Connection,
    query: &RecordQuery,
    fits: &Condition,
) -> Result<Vec<RecordRow>, VaultError> {
    let limit = query.limit.min(MOST_ROWS);
    let order = match query.order {
        Order::Source => "r.bundle, r.position",
        Order::SourceReversed => "r.bundle DESC, r.position DESC",
        Order::Id => "r.id, r.again, r.bundle, r.position",
        Order::Time | Order::TimeReversed => return rows_by_time(connection, query, fits, limit),
    };
    select(connection, fits, "", order, query.offset, limit)
}

/// A page of whole bundles in source order. Positions have no gaps, so the page is found without counting up to it.
fn rows_of_bundles(
    connection: &Connection,
    query: &RecordQuery,
    bundles: &[BundleNo],
) -> Result<Vec<RecordRow>, VaultError> {
    let reversed = query.order == Order::SourceReversed;
    let (mut rows, mut skip, limit) = (Vec::new(), query.offset, query.limit.min(MOST_ROWS));
    let in_order: Vec<BundleNo> = if reversed {
        bundles.iter().rev().copied().collect()
    } else {
        bundles.to_vec()
    };
    for bundle in in_order {
        let missing = limit - rows.len() as u64;
        let records = records_in(connection, &[bundle])?;
        if missing == 0 {
            break;
        }
        if skip >= records {
            skip -= records;
            continue;
        }
        let mut fits = Condition::of(&RecordQuery::default(), &[bundle])?;
        let order = if reversed {
            fits.and("r.position <= ?", [int(records - skip)?.into()]);
            "r.position DESC"
        } else {
            fits.and("r.position > ?", [int(skip)?.into()]);
            "r.position"
        };
        rows.extend(select(connection, &fits, "", order, 0, missing)?);
        skip = 0;
    }
    Ok(rows)
}

fn rows_by_time(
    connection: &Connection,
    query: &RecordQuery,
    fits: &Condition,
    limit: u64,
) -> Result<Vec<RecordRow>, VaultError> {
    let order = match query.order {
        Order::TimeReversed => "r.time_utc DESC, r.id DESC, r.again DESC, r.bundle",
        _ => "r.time_utc, r.id, r.again, r.bundle",
    };
    let mut rows = select(
        connection,
        fits,
        " AND r.time_utc IS NOT NULL",
        order,
        query.offset,
        limit,
    )?;
    let missing = limit - rows.len() as u64;
    if missing > 0 {
        let text = format!(
            "SELECT count(*) FROM {} WHERE {} AND r.time_utc IS NOT NULL",
            fits.tables(),
            fits.sql
        );
        let dated = crate::table::count(connection, &text, params_from_iter(&fits.values))?;
        let offset = query.offset.saturating_sub(dated);
        rows.extend(select(
            connection,
            fits,
            " AND r.time_utc IS NULL",
            "r.id, r.again, r.bundle",
            offset,
            missing,
        )?);
    }
    Ok(rows)
}

/// First the row numbers in order, then the columns of those few: a sort never carries whole rows.
fn select(
    connection: &Connection,
    fits: &Condition,
    further: &str,
    order: &str,
    offset: u64,
    limit: u64,
) -> Result<Vec<RecordRow>, VaultError> {
    let text = format!(
        "SELECT {COLUMNS} FROM (SELECT r.row AS wanted FROM {} WHERE {}{further} ORDER BY {order} LIMIT ? OFFSET ?) AS w
         CROSS JOIN record AS r ON r.row = w.wanted LEFT JOIN record_content AS c ON c.row = r.row
         LEFT JOIN member AS m ON m.bundle = r.bundle AND m.number = r.member ORDER BY {order}",
        fits.tables(),
        fits.sql
    );
    let mut values = fits.values.clone();
    values.extend([Cell::Integer(int(limit)?), Cell::Integer(int(offset)?)]);
    let mut statement = connection.prepare_cached(&text).map_err(sql("reading records"))?;
    let rows = statement
        .query_map(params_from_iter(&values), read)
        .map_err(sql("reading records"))?;
    rows.collect::<Result<_, _>>().map_err(sql("reading records"))
}

/// A page never holds more rows, whatever is asked.
const MOST_ROWS: u64 = 10_000;
