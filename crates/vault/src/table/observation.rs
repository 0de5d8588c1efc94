//! `observation`: what an export says besides records: metrics, control evidence, fairness findings, personal data
//! that another tool found.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{from_word, natural, parsed, word, written};
use crate::error::{VaultError, sql};
use crate::id::BundleNo;
use crate::txn::int;

/// Which kind of observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservationKind {
    /// A sample of a metric.
    Metric,
    /// Evidence of a control: retention, immutability.
    Evidence,
    /// A fairness, quality or drift finding.
    Fairness,
    /// Personal data that another tool found.
    Pii,
}

/// One observation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Its kind.
    pub kind: ObservationKind,
    /// What it is about, as the export names it.
    pub name: String,
    /// When, in microseconds since 1970, where stated.
    pub time_utc: Option<i64>,
    /// Member of the container.
    pub member: Option<String>,
    /// What it says; an object.
    pub json: serde_json::Value,
}

/// Writes an observation into staging.
pub(crate) fn insert(
    connection: &Connection,
    bundle: BundleNo,
    number: u64,
    row: &Observation,
) -> Result<(), VaultError> {
    let mut statement = connection
        .prepare_cached("INSERT INTO observation (bundle, number, kind, name, time_utc, member, json) VALUES (?1,?2,?3,?4,?5,?6,?7)")
        .map_err(sql("writing observations"))?;
    let values = rusqlite::params![
        bundle,
        int(number)?,
        word(&row.kind)?,
        row.name,
        row.time_utc,
        row.member,
        written(&row.json)?
    ];
    statement.execute(values).map_err(sql("writing observations"))?;
    Ok(())
}

/// Reads observations of kept bundles.
#[derive(Clone, Copy)]
pub struct Observations<'c>(pub(crate) &'c Connection);

impl Observations<'_> {
    /// A page of a bundle's observations of one kind, in the order read, each with its number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(
        &self,
        bundle: BundleNo,
        kind: ObservationKind,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<(u64, Observation)>, VaultError> {
        let mut statement = self
            .0
            .prepare_cached(
                "SELECT * FROM observation WHERE bundle = ?1 AND kind = ?2 AND bundle IN (SELECT bundle FROM bundle)
                 ORDER BY number LIMIT ?4 OFFSET ?3",
            )
            .map_err(sql("reading observations"))?;
        let read = |row: &rusqlite::Row<'_>| {
            let observation = Observation {
                kind: from_word(row, "kind")?,
                name: row.get("name")?,
                time_utc: row.get("time_utc")?,
                member: row.get("member")?,
                json: parsed(row, "json")?,
            };
            Ok((natural(row, "number")?, observation))
        };
        let values = rusqlite::params![bundle, word(&kind)?, int(offset)?, int(limit)?];
        let rows = statement
            .query_map(values, read)
            .map_err(sql("reading observations"))?;
        rows.collect::<Result<_, _>>()
            .map_err(sql("reading observations"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::{at, draft, finish, kit, stage};

    #[test]
    fn observations_come_back_by_kind_once_the_bundle_is_kept() {
        let kit = kit();
        let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
        let bundle = import.bundle();
        let bytes = stage(&mut import, "a", &["x"]);
        let metric = Observation {
            kind: ObservationKind::Metric,
            name: "latency_seconds".into(),
            time_utc: Some(1),
            member: Some("metrics.json".into()),
            json: serde_json::json!({"value": "0.25"}),
        };
        import.add_observation(metric.clone()).unwrap();
        import
            .add_observation(Observation {
                kind: ObservationKind::Pii,
                ..metric.clone()
            })
            .unwrap();
        let of = |kind| {
            kit.vault
                .read(|view| view.observations().of(bundle, kind, 0, 10))
                .unwrap()
        };
        assert_eq!(of(ObservationKind::Metric), []);
        finish(import, &kit, &bytes);
        assert_eq!(of(ObservationKind::Metric), [(1, metric)]);
        assert_eq!(of(ObservationKind::Pii).len(), 1);
        let kept = kit.vault.read(|view| view.bundles().get(bundle)).unwrap();
        assert_eq!(
            (kept.counts.metrics, kept.counts.pii, kept.counts.fairness),
            (1, 1, 0)
        );
    }
}
