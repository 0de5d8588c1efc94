//! `custody_event`: the custody chain as it is kept.

use std::collections::BTreeMap;
use std::io::Write;

use rusqlite::Connection;
use tickmark_crypto::encoding::unbase64;
use tickmark_crypto::key::PublicKey;

use super::{count, natural, parsed};
use crate::canonical::canonical;
use crate::custody::{ChainCheck, CustodyCheck, CustodyEvent, SCHEMA};
use crate::error::{VaultError, sql};
use crate::txn::int;

/// Appends an event; a trigger refuses one that does not follow the last.
pub(crate) fn append(connection: &Connection, event: &CustodyEvent) -> Result<(), VaultError> {
    let subject = canonical(&event.subject)?;
    connection
        .prepare_cached(
            "INSERT INTO custody_event (seq, time, actor, key, action, subject, prev, hash, signature)
             VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)",
        )
        .and_then(|mut statement| {
            statement.execute(rusqlite::params![
                i64::try_from(event.seq).unwrap_or(i64::MAX),
                event.time,
                event.actor,
                event.key,
                event.action,
                subject,
                event.prev,
                event.hash,
                event.signature
            ])
        })
        .map_err(sql("writing a custody event"))?;
    Ok(())
}

/// Reads the custody chain.
#[derive(Clone, Copy)]
pub struct Custody<'c>(pub(crate) &'c Connection);

impl Custody<'_> {
    /// How many events there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self) -> Result<u64, VaultError> {
        count(self.0, "SELECT count(*) FROM custody_event", [])
    }

    /// The last event.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last(&self) -> Result<Option<CustodyEvent>, VaultError> {
        Ok(self.select("ORDER BY seq DESC LIMIT 1", [])?.pop())
    }

    /// A page, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest(&self, offset: u64, limit: u64) -> Result<Vec<CustodyEvent>, VaultError> {
        self.select(
            "ORDER BY seq DESC LIMIT ?2 OFFSET ?1",
            [int(offset)?, int(limit)?],
        )
    }

    /// One event.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, seq: u64) -> Result<CustodyEvent, VaultError> {
        self.select("WHERE seq = ?1", [int(seq)?])?
            .pop()
            .ok_or_else(|| VaultError::NotFound {
                what: "custody event",
                id: seq.to_string(),
            })
    }

    /// Writes every event as one line of canonical JSON, oldest first: a bundle like any other, judged by the profile
    /// `tickmark-custody`. Returns how many.
    ///
    /// # Errors
    /// When the database cannot be read or the writer fails.
    pub fn export(&self, out: &mut dyn Write) -> Result<u64, VaultError> {
        let mut events = 0;
        self.each(|event| {
            let mut line = event.line()?;
            line.push('\n');
            events += 1;
            out.write_all(line.as_bytes())
                .map_err(|source| VaultError::Source {
                    name: "the custody export".into(),
                    source,
                })
        })?;
        Ok(events)
    }

    /// Checks the whole chain: sequence, links, hashes, signatures under keys that the chain itself introduced, and the
    /// rows that each event binds, as they are now.
    ///
    /// The first event introduces the first reviewer's key; a later reviewer is introduced by an event that a known one
    /// signed. So the chain proves nothing about who started it: compare its head, or the first key, with a copy that
    /// left the vault (a printed report, an export).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn check(&self) -> Result<CustodyCheck, VaultError> {
        let mut rows = crate::rows::recompute(self.0)?;
        let mut chain = ChainCheck::new(&vault_id(self.0)?);
        let mut keys: BTreeMap<String, PublicKey> = BTreeMap::new();
        self.each(|event| {
            if event.seq == 1 {
                introduce(&mut keys, event);
            }
            chain.next(event, keys.get(&event.key))?;
            introduce(&mut keys, event);
            let bound = event
                .subject
                .get("rows")
                .and_then(|digest| digest.as_str())
                .unwrap_or("none");
            let found = rows.remove(&event.seq).unwrap_or_else(|| "none".into());
            if bound != found {
                chain.fault(event.seq, "rows", bound, &found);
            }
            Ok(())
        })?;
        for (seq, found) in rows {
            chain.fault(seq, "rows", "no such event", &found);
        }
        Ok(chain.finish())
    }

    /// The slots that the last event about slots says there are.
    pub(crate) fn last_slots(&self) -> Result<Option<Vec<String>>, VaultError> {
        let event = self
            .select(
                "WHERE action IN ('vault.created', 'slot.added', 'slot.removed', 'slot.passphrase_changed')
                 ORDER BY seq DESC LIMIT 1",
                [],
            )?
            .pop();
        let slots = event.and_then(|event| event.subject.get("slots").cloned());
        Ok(slots.and_then(|slots| serde_json::from_value(slots).ok()))
    }

    /// Walks the events, oldest first, one in memory at a time.
    fn each(&self, mut work: impl FnMut(&CustodyEvent) -> Result<(), VaultError>) -> Result<(), VaultError> {
        let vault = vault_id(self.0)?;
        let mut statement = self
            .0
            .prepare("SELECT * FROM custody_event ORDER BY seq")
            .map_err(sql("reading custody"))?;
        let mut rows = statement.query([]).map_err(sql("reading custody"))?;
        while let Some(row) = rows.next().map_err(sql("reading custody"))? {
            work(&read(row, &vault).map_err(sql("reading custody"))?)?;
        }
        Ok(())
    }

    fn select(&self, tail: &str, values: impl rusqlite::Params) -> Result<Vec<CustodyEvent>, VaultError> {
        let vault = vault_id(self.0)?;
        let text = format!("SELECT * FROM custody_event {tail}");
        let mut statement = self.0.prepare_cached(&text).map_err(sql("reading custody"))?;
        let rows = statement
            .query_map(values, |row| read(row, &vault))
            .map_err(sql("reading custody"))?;
        rows.collect::<Result<_, _>>().map_err(sql("reading custody"))
    }
}

/// The vault's id, as the database knows it.
pub(crate) fn vault_id(connection: &Connection) -> Result<String, VaultError> {
    connection
        .query_row("SELECT value FROM meta WHERE name = 'vault'", [], |row| {
            row.get(0)
        })
        .map_err(sql("reading the vault's id"))
}

fn read(row: &rusqlite::Row<'_>, vault: &str) -> rusqlite::Result<CustodyEvent> {
    Ok(CustodyEvent {
        v: SCHEMA.into(),
        vault: vault.to_owned(),
        seq: natural(row, "seq")?,
        time: row.get("time")?,
        actor: row.get("actor")?,
        key: row.get("key")?,
        action: row.get("action")?,
        subject: parsed(row, "subject")?,
        prev: row.get("prev")?,
        hash: row.get("hash")?,
        signature: row.get("signature")?,
    })
}

/// Takes a reviewer's key from the event that introduces it, or drops the key of one who may no longer act.
fn introduce(keys: &mut BTreeMap<String, PublicKey>, event: &CustodyEvent) {
    let Some(reviewer) = event.subject.get("reviewer") else {
        return;
    };
    let member = |name: &str| reviewer.get(name).and_then(|value| value.as_str());
    let (Some(digest), Some(key)) = (member("custody_key_digest"), member("custody_key")) else {
        return;
    };
    if reviewer.get("active").and_then(serde_json::Value::as_bool) != Some(true) {
        keys.remove(digest);
        return;
    }
    let key = unbase64(key)
        .ok()
        .and_then(|spki| PublicKey::from_spki_der(&spki, None).ok());
    if let Some(key) = key.filter(|key| key.fingerprint() == digest) {
        keys.insert(digest.to_owned(), key);
    }
}
