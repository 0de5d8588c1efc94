//! Questions to the records: page, count, facets, histogram, time span.

mod condition;
mod page;

use std::collections::BTreeMap;

use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::error::{VaultError, sql};
use crate::id::{BundleNo, EngagementId};
use crate::table::bundle_link::bundles_of;
use crate::table::facet;
use crate::table::record::TABLES;

pub(crate) use condition::Condition;
pub(crate) use page::page;

/// Which records, in which order, and which part of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordQuery {
    /// Where to look.
    pub scope: Scope,
    /// Words that must all occur; a word that ends in `*` matches by its beginning. Nothing in them is an operator.
    pub words: String,
    /// Words of which none may occur.
    pub without_words: Vec<String>,
    /// Conditions on columns; all must hold.
    pub filters: Vec<Filter>,
    /// Keyed token of an identity: only records of exactly that actor.
    pub actor_token: Option<Vec<u8>>,
    /// Not before, in microseconds since 1970.
    pub from: Option<i64>,
    /// Before, in microseconds since 1970.
    pub to: Option<i64>,
    /// Only records with, or only records without a fault.
    pub fault: Option<bool>,
    /// Only records with a fault of this code.
    pub fault_code: Option<String>,
    /// Only records with, or only records without a signature that verifies.
    pub signed: Option<bool>,
    /// Order of the rows.
    pub order: Order,
    /// First row, from 0.
    pub offset: u64,
    /// Rows wanted.
    pub limit: u64,
}

/// Where to look. Only kept bundles are ever seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole vault.
    #[default]
    Vault,
    /// The bundles of an engagement.
    Engagement(EngagementId),
    /// These bundles.
    Bundles(Vec<BundleNo>),
}

/// A condition on a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// The column.
    pub field: Field,
    /// The values of which one must be there; an empty text stands for "no value".
    pub values: Vec<String>,
    /// Whether these values are wanted or unwanted.
    pub wanted: bool,
}

/// A column that can be filtered and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What happened.
    Event,
    /// Who or what acted, as masked.
    Actor,
    /// How it ended.
    Outcome,
    /// Model and version.
    Model,
    /// The chain.
    Chain,
    /// The member of the container.
    Member,
}

/// Order of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As in the bundles, the bundles in the order of their numbers.
    #[default]
    Source,
    /// The other way round.
    SourceReversed,
    /// By stated time, then id; undated last.
    Time,
    /// Latest first; undated last.
    TimeReversed,
    /// By record id.
    Id,
}

/// How often the values of a column occur.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// The column.
    pub field: Field,
    /// Values and counts, most frequent first.
    pub values: Vec<(String, u64)>,
    /// Other values.
    pub more: u64,
    /// Records without a value.
    pub none: u64,
}

/// Width of a histogram's bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day, UTC.
    Day,
    /// A calendar month, UTC.
    Month,
}

/// Records over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// Width of a bar.
    pub unit: Unit,
    /// Bars that are not empty, in time order.
    pub buckets: Vec<Bucket>,
    /// Records that state no time.
    pub undated: u64,
}

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Its start, in microseconds since 1970.
    pub from: i64,
    /// Records.
    pub count: u64,
    /// Records with a fault.
    pub faults: u64,
}

impl Facet {
    fn take(&mut self, value: String, count: u64, most: usize) {
        if value.is_empty() {
            self.none += count;
        } else if self.values.len() < most {
            self.values.push((value, count));
        } else {
            self.more += 1;
        }
    }
}

impl RecordQuery {
    /// Every record of a scope, in source order.
    pub fn of(scope: Scope) -> Self {
        RecordQuery {
            scope,
            ..RecordQuery::default()
        }
    }
}

pub(crate) fn count(connection: &Connection, query: &RecordQuery) -> Result<u64, VaultError> {
    let bundles = bundles_in(connection, &query.scope)?;
    let fits = Condition::of(query, &bundles)?;
    if fits.is_whole {
        records_in(connection, &bundles)
    } else {
        fits.count(connection)
    }
}

pub(crate) fn facet(
    connection: &Connection,
    query: &RecordQuery,
    field: Field,
    most: usize,
) -> Result<Facet, VaultError> {
    let bundles = bundles_in(connection, &query.scope)?;
    let fits = Condition::of(query, &bundles)?;
    let mut facet = Facet {
        field,
        values: Vec::new(),
        more: 0,
        none: 0,
    };
    let counted = if fits.is_whole {
        facet::of_bundles(connection, &bundles, field)?
    } else {
        None
    };
    if let Some(counted) = counted {
        counted
            .into_iter()
            .for_each(|(value, count)| facet.take(value, count, most));
        return Ok(facet);
    }
    let column = field.column();
    let tables = if field == Field::Member {
        TABLES
    } else {
        fits.tables_with_content()
    };
    let text = format!(
        "SELECT coalesce({column}, '') AS value, count(*) AS n FROM {tables} WHERE {} GROUP BY value ORDER BY n DESC, value",
        fits.sql
    );
    let mut statement = connection.prepare_cached(&text).map_err(sql("counting values"))?;
    let mut rows = statement
        .query(params_from_iter(&fits.values))
        .map_err(sql("counting values"))?;
    while let Some(row) = rows.next().map_err(sql("counting values"))? {
        let value: String = row.get(0).map_err(sql("counting values"))?;
        facet.take(
            value,
            crate::table::natural(row, "n").map_err(sql("counting values"))?,
            most,
        );
    }
    Ok(facet)
}

pub(crate) fn histogram(
    connection: &Connection,
    query: &RecordQuery,
    unit: Unit,
) -> Result<Histogram, VaultError> {
    let bundles = bundles_in(connection, &query.scope)?;
    let fits = Condition::of(query, &bundles)?;
    let mut bars: BTreeMap<Option<i64>, (u64, u64)> = BTreeMap::new();
    fits.each_bucket(
        connection,
        unit,
        |from, n| bars.entry(from).or_default().0 += n,
        bars_limit,
    )?;
    let faulty = RecordQuery {
        fault: Some(true),
        ..query.clone()
    };
    if query.fault != Some(false) {
        let fits = Condition::of(&faulty, &bundles)?;
        fits.each_bucket(
            connection,
            unit,
            |from, n| bars.entry(from).or_default().1 += n,
            bars_limit,
        )?;
    }
    let undated = bars.remove(&None).unwrap_or_default().0;
    let buckets = bars
        .into_iter()
        .filter_map(|(from, (count, faults))| {
            Some(Bucket {
                from: from?,
                count,
                faults,
            })
        })
        .collect();
    Ok(Histogram {
        unit,
        buckets,
        undated,
    })
}

pub(crate) fn time_span(
    connection: &Connection,
    query: &RecordQuery,
) -> Result<Option<(i64, i64)>, VaultError> {
    let bundles = bundles_in(connection, &query.scope)?;
    let fits = Condition::of(query, &bundles)?;
    let text = format!(
        "SELECT min(r.time_utc), max(r.time_utc) FROM {} WHERE {}",
        fits.tables(),
        fits.sql
    );
    let ends: (Option<i64>, Option<i64>) = connection
        .prepare_cached(&text)
        .and_then(|mut statement| {
            statement.query_row(params_from_iter(&fits.values), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
        })
        .map_err(sql("reading times"))?;
    Ok(ends.0.zip(ends.1))
}

/// The kept bundles of a scope, in the order of their numbers.
pub(crate) fn bundles_in(connection: &Connection, scope: &Scope) -> Result<Vec<BundleNo>, VaultError> {
    let mut kept = {
        let mut statement = connection
            .prepare_cached("SELECT bundle FROM bundle ORDER BY bundle")
            .map_err(sql("reading bundles"))?;
        let rows = statement
            .query_map([], |row| row.get::<_, BundleNo>(0))
            .map_err(sql("reading bundles"))?;
        rows.collect::<Result<Vec<_>, _>>()
            .map_err(sql("reading bundles"))?
    };
    match scope {
        Scope::Vault => {}
        Scope::Engagement(engagement) => {
            let linked = bundles_of(connection, engagement)?;
            kept.retain(|bundle| linked.binary_search(bundle).is_ok());
        }
        Scope::Bundles(named) => kept.retain(|bundle| named.contains(bundle)),
    }
    Ok(kept)
}

fn records_in(connection: &Connection, bundles: &[BundleNo]) -> Result<u64, VaultError> {
    let list = serde_json::json!(bundles).to_string();
    crate::table::count(
        connection,
        "SELECT coalesce(sum(records), 0) FROM bundle WHERE bundle IN (SELECT value FROM json_each(?1))",
        [list],
    )
}

fn bars_limit(bars: usize) -> Result<(), VaultError> {
    if bars <= MOST_BARS {
        return Ok(());
    }
    Err(VaultError::Refused {
        what: "histogram",
        expected: "a unit that gives at most 100,000 bars",
        found: "more".into(),
    })
}

const MOST_BARS: usize = 100_000;
