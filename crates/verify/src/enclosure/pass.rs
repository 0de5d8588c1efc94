//! Members read once more, for digests and signatures that the inventory does not have.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::ops::ControlFlow;

use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_crypto::outdated::OutdatedHasher;

use super::listing::Function;
use crate::built_in::Bundle;
use crate::inventory::Inventory;

/// What takes in the bytes of members.
pub(super) trait Taker {
    /// The next bytes of a member.
    fn bytes(&mut self, member: &str, part: &[u8]);

    /// The member is at its end, or why its bytes say nothing.
    fn end(&mut self, member: &str, whole: Result<(), &'static str>);
}

/// Feeds each of the named members: from memory where it is at hand, the others in one walk over the container. A member
/// whose bytes are not those of the inventory says nothing.
pub(super) fn feed(bundle: &Bundle<'_>, names: &BTreeSet<String>, taker: &mut dyn Taker) {
    let mut left = BTreeSet::new();
    for name in names {
        match bundle.inventory.members.get(name) {
            Some(held) if held.sha256.is_none() => taker.end(name, Err(UNREAD)),
            Some(held) => match &held.content {
                Some(content) => {
                    taker.bytes(name, content);
                    taker.end(name, Ok(()));
                }
                None => {
                    left.insert(name.as_str());
                }
            },
            None => taker.end(name, Err("it is not here")),
        }
    }
    if left.is_empty() {
        return;
    }
    let mut buffer = vec![0; 256 * 1024];
    // a walk that fails leaves members over, which is told of each
    let _ = bundle.container.walk(&mut |entry, reader| {
        if left.remove(entry.name.as_str()) {
            let whole = feed_one(bundle.inventory, &entry.name, reader, taker, &mut buffer);
            taker.end(&entry.name, whole);
        }
        if left.is_empty() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    for name in left {
        taker.end(name, Err(UNREAD));
    }
}

fn feed_one(
    inventory: &Inventory,
    name: &str,
    reader: &mut dyn Read,
    taker: &mut dyn Taker,
    buffer: &mut [u8],
) -> Result<(), &'static str> {
    let mut hasher = Hasher::new(Algorithm::Sha256);
    loop {
        let part = match reader.read(buffer) {
            Ok(0) => break,
            Ok(read) => buffer.get(..read).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(UNREAD),
        };
        hasher.update(part);
        taker.bytes(name, part);
    }
    let before = inventory
        .members
        .get(name)
        .and_then(|held| held.sha256.as_deref());
    if before == Some(hasher.finish().hex().as_str()) {
        Ok(())
    } else {
        Err("it changed while it was read")
    }
}

/// Digests of members, by function.
#[derive(Default)]
pub(super) struct Digests {
    wanted: BTreeMap<String, BTreeSet<Function>>,
    known: BTreeMap<(String, Function), String>,
    under_way: Vec<(Function, Hashing)>,
    refused: BTreeMap<String, &'static str>,
}

enum Hashing {
    Strong(Hasher),
    Outdated(OutdatedHasher),
}

impl Digests {
    /// Asks for the digest of a member that is here.
    pub fn want(&mut self, inventory: &Inventory, member: &str, function: Function) {
        let Some(held) = inventory.members.get(member) else {
            return;
        };
        match (&held.sha256, function) {
            (Some(sha256), Function::Strong(Algorithm::Sha256)) => {
                self.known.insert((member.to_owned(), function), sha256.clone());
            }
            _ => {
                self.wanted.entry(member.to_owned()).or_default().insert(function);
            }
        }
    }

    /// Reads what is needed.
    pub fn take(&mut self, bundle: &Bundle<'_>) {
        let names: BTreeSet<String> = self.wanted.keys().cloned().collect();
        feed(bundle, &names, self);
    }

    /// The digest, in lower-case hex.
    ///
    /// # Errors
    /// Why there is none.
    pub fn get(&self, member: &str, function: Function) -> Result<&str, &'static str> {
        if let Some(digest) = self.known.get(&(member.to_owned(), function)) {
            return Ok(digest);
        }
        Err(self.refused.get(member).copied().unwrap_or(UNREAD))
    }
}

impl Taker for Digests {
    fn bytes(&mut self, member: &str, part: &[u8]) {
        if self.under_way.is_empty() {
            let functions = self.wanted.get(member).into_iter().flatten();
            self.under_way = functions
                .map(|function| (*function, Hashing::new(*function)))
                .collect();
        }
        for (_, hashing) in &mut self.under_way {
            hashing.update(part);
        }
    }

    fn end(&mut self, member: &str, whole: Result<(), &'static str>) {
        // an empty member has no bytes at all
        self.bytes(member, &[]);
        let done = std::mem::take(&mut self.under_way);
        match whole {
            Ok(()) => {
                for (function, hashing) in done {
                    self.known.insert((member.to_owned(), function), hashing.finish());
                }
            }
            Err(why) => {
                self.refused.insert(member.to_owned(), why);
            }
        }
    }
}

impl Hashing {
    fn new(function: Function) -> Self {
        match function {
            Function::Strong(algorithm) => Hashing::Strong(Hasher::new(algorithm)),
            Function::Outdated(function) => Hashing::Outdated(OutdatedHasher::new(function)),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Hashing::Strong(hasher) => hasher.update(bytes),
            Hashing::Outdated(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> String {
        match self {
            Hashing::Strong(hasher) => hasher.finish().hex(),
            Hashing::Outdated(hasher) => hasher.finish_hex(),
        }
    }
}

/// The content of a member that holds a statement: at hand, or read again up to a limit.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn content<'b>(
    bundle: &Bundle<'b>,
    member: &str,
) -> Result<std::borrow::Cow<'b, [u8]>, &'static str> {
    let held = bundle.inventory.members.get(member).ok_or("it is not here")?;
    if let Some(content) = &held.content {
        return Ok(content.as_slice().into());
    }
    let before = held.sha256.as_deref().ok_or(UNREAD)?;
    let reader = bundle.container.open_member(member).map_err(|_| UNREAD)?;
    let mut content = Vec::new();
    reader
        .take(STATEMENT_LIMIT + 1)
        .read_to_end(&mut content)
        .map_err(|_| UNREAD)?;
    if content.len() as u64 > STATEMENT_LIMIT {
        return Err("it is larger than is read");
    }
    if Algorithm::Sha256.of(&content).hex() != before {
        return Err("it changed while it was read");
    }
    Ok(content.into())
}

const UNREAD: &str = "it could not be read";

/// The most bytes of one statement: 64 MiB, a list of about half a million members.
const STATEMENT_LIMIT: u64 = 64 << 20;
