//! Questions to the records: page, count, facets, histogram, time span.

use std::collections::BTreeMap;

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::error::{VaultError, sql};
use crate::id::{BundleNo, EngagementId};
use crate::table::bundle_link::bundles_of;
use crate::table::facet;
use crate::table::record::{COLUMNS, RecordPage, RecordRow, TABLES, read};
use crate::txn::int;
use crate::words::expression;

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

/// The condition of a query, as SQL over [`TABLES`].
pub(crate) struct Condition {
    pub sql: String,
    pub values: Vec<Cell>,
    /// No condition but the scope.
    pub is_whole: bool,
    /// Whether the condition names the content or member table.
    needs_content: bool,
}

impl Condition {
    pub(crate) fn of(query: &RecordQuery, bundles: &[BundleNo]) -> Result<Self, VaultError> {
        let mut condition = Condition {
            sql: String::new(),
            values: Vec::new(),
            is_whole: false,
            needs_content: false,
        };
        condition.in_bundles(bundles);
        let before = condition.sql.len();
        condition.words(query)?;
        query.filters.iter().for_each(|filter| condition.filter(filter));
        condition.rest(query);
        condition.is_whole = condition.sql.len() == before;
        Ok(condition)
    }

    /// Adds a condition with its values; `?` marks are numbered as they come.
    pub(crate) fn and(&mut self, text: &str, values: impl IntoIterator<Item = Cell>) {
        if !self.sql.is_empty() {
            self.sql.push_str(" AND ");
        }
        self.sql.push_str(text);
        self.values.extend(values);
    }

    /// The tables that the condition needs, and the content.
    fn tables_with_content(&self) -> &'static str {
        if self.needs_content {
            TABLES
        } else {
            "record AS r LEFT JOIN record_content AS c ON c.row = r.row"
        }
    }

    /// The tables that the condition needs; counting need not join the content.
    pub(crate) fn tables(&self) -> &'static str {
        if self.needs_content { TABLES } else { "record AS r" }
    }

    fn in_bundles(&mut self, bundles: &[BundleNo]) {
        match bundles {
            [] => self.and("0", []),
            [one] => self.and("r.bundle = ?", [one.0.into()]),
            many => {
                let list = serde_json::json!(many).to_string();
                self.and("r.bundle IN (SELECT value FROM json_each(?))", [list.into()]);
            }
        }
    }

    fn words(&mut self, query: &RecordQuery) -> Result<(), VaultError> {
        if !query.words.trim().is_empty() {
            match expression(&query.words)? {
                Some(words) => {
                    self.and(
                        "r.row IN (SELECT rowid FROM record_index WHERE record_index MATCH ?)",
                        [words.into()],
                    );
                }
                // only signs that the index does not hold: nothing can be found
                None => self.and("0", []),
            }
        }
        for words in &query.without_words {
            if let Some(words) = expression(words)? {
                self.and(
                    "r.row NOT IN (SELECT rowid FROM record_index WHERE record_index MATCH ?)",
                    [words.into()],
                );
            }
        }
        Ok(())
    }

    fn filter(&mut self, filter: &Filter) {
        let column = filter.field.column();
        let not = if filter.wanted { "" } else { "NOT " };
        let list = serde_json::json!(filter.values).to_string();
        self.needs_content |= filter.field != Field::Chain;
        self.and(
            &format!("coalesce({column}, '') {not}IN (SELECT value FROM json_each(?))"),
            [list.into()],
        );
    }

    fn rest(&mut self, query: &RecordQuery) {
        if let Some(token) = &query.actor_token {
            self.needs_content = true;
            self.and("c.actor_token = ?", [token.clone().into()]);
        }
        if let Some(from) = query.from {
            self.and("r.time_utc >= ?", [from.into()]);
        }
        if let Some(to) = query.to {
            self.and("r.time_utc < ?", [to.into()]);
        }
        if let Some(signed) = query.signed {
            self.and("r.signed = ?", [i64::from(signed).into()]);
        }
        if let Some(fault) = query.fault {
            let not = if fault { "" } else { "NOT " };
            self.and(&format!("(r.bundle, r.position) {not}IN ({FAULTY})"), []);
        }
        if let Some(code) = &query.fault_code {
            self.and(
                &format!("(r.bundle, r.position) IN ({FAULTY} AND f.code = ?)"),
                [code.clone().into()],
            );
        }
    }

    fn count(&self, connection: &Connection) -> Result<u64, VaultError> {
        let text = format!("SELECT count(*) FROM {} WHERE {}", self.tables(), self.sql);
        crate::table::count(connection, &text, params_from_iter(&self.values))
    }

    fn each_bucket(
        &self,
        connection: &Connection,
        unit: Unit,
        mut work: impl FnMut(Option<i64>, u64),
        limit: fn(usize) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let text = format!(
            "SELECT {} AS start, count(*) FROM {} WHERE {} GROUP BY start",
            unit.start(),
            self.tables(),
            self.sql
        );
        let mut statement = connection
            .prepare_cached(&text)
            .map_err(sql("counting over time"))?;
        let mut rows = statement
            .query(params_from_iter(&self.values))
            .map_err(sql("counting over time"))?;
        let mut seen = 0;
        while let Some(row) = rows.next().map_err(sql("counting over time"))? {
            seen += 1;
            limit(seen)?;
            let count: i64 = row.get(1).map_err(sql("counting over time"))?;
            work(
                row.get(0).map_err(sql("counting over time"))?,
                u64::try_from(count).unwrap_or_default(),
            );
        }
        Ok(())
    }
}

impl Field {
    /// Every column that can be counted.
    pub(crate) const ALL: [Field; 6] = [
        Field::Event,
        Field::Actor,
        Field::Outcome,
        Field::Model,
        Field::Chain,
        Field::Member,
    ];

    /// Its name in the table of counted values.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Field::Event => "event",
            Field::Actor => "actor",
            Field::Outcome => "outcome",
            Field::Model => "model",
            Field::Chain => "chain",
            Field::Member => "member",
        }
    }

    fn column(self) -> &'static str {
        match self {
            Field::Event => "c.event",
            Field::Actor => "c.actor",
            Field::Outcome => "c.outcome",
            Field::Model => "c.model",
            Field::Chain => "r.chain",
            Field::Member => "m.path",
        }
    }
}

impl Unit {
    /// The start of a record's bar, in microseconds; NULL where it states no time. Floors also before 1970.
    fn start(self) -> String {
        let width: i64 = match self {
            Unit::Minute => 60_000_000,
            Unit::Hour => 3_600_000_000,
            Unit::Day => 86_400_000_000,
            Unit::Month => {
                return "CAST(strftime('%s', r.time_utc / 1000000, 'unixepoch', 'start of month') AS INTEGER) * 1000000"
                    .into();
            }
        };
        format!("r.time_utc - ((r.time_utc % {width}) + {width}) % {width}")
    }
}

fn records_in(connection: &Connection, bundles: &[BundleNo]) -> Result<u64, VaultError> {
    let list = serde_json::json!(bundles).to_string();
    crate::table::count(
        connection,
        "SELECT coalesce(sum(records), 0) FROM bundle WHERE bundle IN (SELECT value FROM json_each(?1))",
        [list],
    )
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

/// Places of records with a fault, by the newest judgement of each bundle.
const FAULTY: &str = "SELECT f.bundle, f.position FROM fault AS f WHERE f.position IS NOT NULL \
    AND f.verification = (SELECT max(seq) FROM verification WHERE bundle = f.bundle)";

/// A page never holds more rows, whatever is asked.
const MOST_ROWS: u64 = 10_000;
const MOST_BARS: usize = 100_000;
