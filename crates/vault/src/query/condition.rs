//! A query as SQL: one condition over the tables of records.

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params_from_iter};

use super::{Field, Filter, RecordQuery, Unit};
use crate::error::{VaultError, sql};
use crate::id::BundleNo;
use crate::table::record::TABLES;
use crate::words::expression;

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
    pub(crate) fn tables_with_content(&self) -> &'static str {
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

    pub(crate) fn count(&self, connection: &Connection) -> Result<u64, VaultError> {
        let text = format!("SELECT count(*) FROM {} WHERE {}", self.tables(), self.sql);
        crate::table::count(connection, &text, params_from_iter(&self.values))
    }

    pub(crate) fn each_bucket(
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

    pub(crate) fn column(self) -> &'static str {
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

/// Places of records with a fault, by the newest judgement of each bundle.
const FAULTY: &str = "SELECT f.bundle, f.position FROM fault AS f WHERE f.position IS NOT NULL \
    AND f.verification = (SELECT max(seq) FROM verification WHERE bundle = f.bundle)";
