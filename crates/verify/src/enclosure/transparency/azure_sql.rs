//! Database digests of Azure SQL ledger and SQL Server: custody only.
//!
//! How rows are hashed is internal to the server, so nothing outside of it can recompute a digest. What can be asked is whether
//! several digests of one database contradict each other.

use std::collections::BTreeMap;

use tickmark_formats::json::Value;

use super::super::Enclosure;
use super::members::{Members, strict};
use super::{Kind, plain};

/// Whether every line, or the whole, is a digest.
pub(super) fn is_one(content: &[u8]) -> bool {
    !digests(content).is_empty()
}

/// Reads a file of digests.
pub(super) fn read(member: &str) -> Enclosure {
    let mut enclosure = plain(Kind::SqlDigests, member);
    enclosure.notes.push(format!(
        "{member} holds digests of a ledger database. They were kept and compared with each other only: no digest proves anything of rows here, because only the database server can recompute it (sp_verify_database_ledger)."
    ));
    enclosure
}

/// Digests of one database may not contradict each other: a block has one hash, and later blocks are not earlier in time.
pub(super) fn hold_together(members: &Members<'_>, all: &mut [Enclosure]) {
    let mut blocks: BTreeMap<(String, u64), (Digest, String)> = BTreeMap::new();
    for enclosure in all
        .iter_mut()
        .filter(|enclosure| enclosure.kind == Kind::SqlDigests.name())
    {
        let content = members.content(&enclosure.member).unwrap_or_default();
        for digest in digests(content) {
            let key = (digest.database.clone(), digest.block);
            let known = blocks.get(&key).filter(|(other, _)| other.hash != digest.hash);
            if let Some((_, other)) = known {
                let why = format!(
                    "block {} of {} has another hash in {other}",
                    digest.block, digest.database
                );
                enclosure.wrong("ledger_digest_conflict", "integrity", &why);
            }
            let before = blocks.range(..&key).next_back();
            let after = blocks
                .range((std::ops::Bound::Excluded(&key), std::ops::Bound::Unbounded))
                .next();
            let is_same = |entry: &(&(String, u64), &(Digest, String))| entry.0.0 == digest.database;
            let backwards = before
                .filter(is_same)
                .is_some_and(|(_, (other, _))| other.committed > digest.committed)
                || after
                    .filter(is_same)
                    .is_some_and(|(_, (other, _))| other.committed < digest.committed);
            if backwards {
                let why = format!(
                    "block {} of {} is out of order in time",
                    digest.block, digest.database
                );
                enclosure.wrong("ledger_digest_conflict", "integrity", &why);
            }
            blocks
                .entry(key)
                .or_insert_with(|| (digest, enclosure.member.clone()));
        }
    }
}

/// One digest. Times are compared as they are written: UTC, most significant first.
struct Digest {
    database: String,
    block: u64,
    hash: String,
    committed: String,
}

/// The digests of a file: one object, or one a line; none where anything else stands there.
fn digests(content: &[u8]) -> Vec<Digest> {
    if let Ok(value) = strict(content) {
        return Digest::read(&value).into_iter().collect();
    }
    let lines = content.split(|byte| *byte == b'\n');
    let filled = lines.filter(|line| !line.trim_ascii().is_empty());
    let read = filled.map(|line| strict(line).ok().and_then(|value| Digest::read(&value)));
    read.collect::<Option<Vec<_>>>().unwrap_or_default()
}

impl Digest {
    fn read(value: &Value<'_>) -> Option<Digest> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let hash = text("hash")?;
        let digits = hash.strip_prefix("0x")?;
        let is_digest = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        text("digest_time")?;
        is_digest.then_some(Digest {
            database: text("database_name")?.to_owned(),
            block: value.get("block_id")?.as_u64()?,
            hash: digits.to_ascii_lowercase(),
            committed: text("last_transaction_commit_time")?
                .trim_end_matches('Z')
                .to_owned(),
        })
    }
}
