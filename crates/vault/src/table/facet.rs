//! `facet`: how often each value of a column occurs in a bundle, counted while it is imported.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, params};

use crate::error::{VaultError, sql};
use crate::id::BundleNo;
use crate::import::NewRecord;
use crate::query::Field;
use crate::txn::int;

/// Counts values while records come in.
#[derive(Default)]
pub(crate) struct Counting {
    fields: HashMap<Field, HashMap<String, u64>>,
}

impl Counting {
    /// Counts a record.
    pub(crate) fn add(&mut self, record: &NewRecord) {
        for field in Field::ALL {
            let value = match field {
                Field::Event => &record.event,
                Field::Actor => &record.actor,
                Field::Outcome => &record.outcome,
                Field::Model => &record.model,
                Field::Chain => &record.chain,
                Field::Member => &record.member,
            };
            let values = self.fields.entry(field).or_default();
            let value = value.as_deref().unwrap_or_default();
            if let Some(count) = values.get_mut(value) {
                *count += 1;
            } else if values.len() <= MOST_VALUES {
                // one over the limit marks the column as uncounted; it grows no further
                values.insert(value.to_owned(), 1);
            }
        }
    }

    /// Writes what was counted; a column with too many values is left out.
    pub(crate) fn write(&self, connection: &Connection, bundle: BundleNo) -> Result<(), VaultError> {
        let mut statement = connection
            .prepare_cached("INSERT INTO facet (bundle, field, value, count) VALUES (?1, ?2, ?3, ?4)")
            .map_err(sql("writing counts"))?;
        for (field, values) in self
            .fields
            .iter()
            .filter(|(_, values)| values.len() <= MOST_VALUES)
        {
            for (value, count) in values {
                statement
                    .execute(params![bundle, field.name(), value, int(*count)?])
                    .map_err(sql("writing counts"))?;
            }
        }
        Ok(())
    }
}

/// The values of a column over whole bundles, most frequent first; `None` when they were not counted for all of them.
pub(crate) fn of_bundles(
    connection: &Connection,
    bundles: &[BundleNo],
    field: Field,
) -> Result<Option<Vec<(String, u64)>>, VaultError> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for bundle in bundles {
        let mut statement = connection
            .prepare_cached("SELECT value, count FROM facet WHERE bundle = ?1 AND field = ?2")
            .map_err(sql("reading counts"))?;
        let mut rows = statement
            .query(params![bundle, field.name()])
            .map_err(sql("reading counts"))?;
        let mut counted = 0;
        while let Some(row) = rows.next().map_err(sql("reading counts"))? {
            let count = super::natural(row, "count").map_err(sql("reading counts"))?;
            counted += count;
            *sums
                .entry(row.get(0).map_err(sql("reading counts"))?)
                .or_default() += count;
        }
        // every record has one value or none: a sum that falls short was not counted
        let records = super::count(
            connection,
            "SELECT records FROM bundle WHERE bundle = ?1",
            [bundle],
        )?;
        if counted != records {
            return Ok(None);
        }
    }
    let mut values: Vec<(String, u64)> = sums.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(Some(values))
}

/// Values of a column that are counted at import. An identity column of millions would only fill memory.
const MOST_VALUES: usize = 10_000;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;
    use crate::query::{Filter, RecordQuery};

    #[test]
    fn counted_values_are_those_that_counting_again_finds() {
        let kit = kit();
        kit.import("a", &["1 refund ada ok", "2 refund ben ok", "- - ada -"]);
        kit.import("b", &["1 note ada ok", "1 note cy -"]);
        // a condition that always holds makes the same question count the rows
        let always = Filter {
            field: Field::Member,
            values: vec!["records.txt".into()],
            wanted: true,
        };
        let counted = RecordQuery {
            filters: vec![always],
            ..RecordQuery::default()
        };
        for field in Field::ALL {
            kit.vault
                .read(|view| {
                    let facet = view.records().facet(&RecordQuery::default(), field, 9)?;
                    assert_eq!(facet, view.records().facet(&counted, field, 9)?);
                    assert_eq!(facet.values.iter().map(|(_, n)| n).sum::<u64>() + facet.none, 5);
                    Ok::<_, VaultError>(())
                })
                .unwrap();
        }
    }

    #[test]
    fn a_column_with_too_many_values_is_counted_when_asked() {
        let kit = kit();
        let lines: Vec<String> = (0..10_050).map(|n| format!("{n} e user-{n} ok")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let bundle = kit.import("a", &lines);
        kit.vault
            .read(|view| {
                let facet = view.records().facet(&RecordQuery::default(), Field::Actor, 3)?;
                assert_eq!((facet.values.len(), facet.more, facet.none), (3, 10_047, 0));
                Ok::<_, VaultError>(())
            })
            .unwrap();
        let reader = kit.vault.reader().unwrap();
        assert_eq!(
            of_bundles(reader.connection(), &[bundle], Field::Actor).unwrap(),
            None
        );
        assert_eq!(
            of_bundles(reader.connection(), &[bundle], Field::Event)
                .unwrap()
                .unwrap(),
            [("e".into(), 10_050)]
        );
    }
}
