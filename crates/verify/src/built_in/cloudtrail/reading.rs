//! Members as streams: unpacked, hashed on the way, and read in an order that the container allows.

use std::io::{self, Read};
use std::ops::ControlFlow;

use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_formats::container::{FaultKind, Inflated, Packing, fault_in};
use tickmark_formats::limits::Limits;

use super::place::Places;
use crate::built_in::Bundle;

/// What a visitor of members answers: `Break` ends the reading.
pub(super) type Visit<'v> = dyn FnMut(u32, &mut dyn Read) -> ControlFlow<()> + 'v;

/// Hands members to `visit` in the given order; out of a tar file, which knows no places, more than a few in its own.
pub(super) fn each(bundle: &Bundle<'_>, places: &Places<'_>, members: &[u32], visit: &mut Visit<'_>) {
    let is_tar = bundle.container.packing().last() == Some(&Packing::Tar);
    if is_tar && members.len() > FEW {
        in_one_walk(bundle, places, members, visit);
        return;
    }
    for member in members {
        let name = places.name(*member);
        let content = bundle
            .inventory
            .members
            .get(name)
            .and_then(|held| held.content.as_deref());
        let flow = match content {
            Some(mut content) => visit(*member, &mut content),
            None => match bundle.container.open_member(name) {
                Ok(mut reader) => visit(*member, &mut reader),
                Err(error) => visit(*member, &mut Broken(error.to_string())),
            },
        };
        if flow.is_break() {
            return;
        }
    }
}

fn in_one_walk(bundle: &Bundle<'_>, places: &Places<'_>, members: &[u32], visit: &mut Visit<'_>) {
    let mut wanted: Vec<(&str, u32)> = members.iter().map(|m| (places.name(*m), *m)).collect();
    wanted.sort_unstable();
    // what is wrong with the container was told when its inventory was taken
    let _ = bundle.container.walk(&mut |entry, reader| match wanted
        .binary_search_by(|(name, _)| (*name).cmp(&entry.name))
    {
        Ok(at) => wanted
            .get(at)
            .map_or(ControlFlow::Continue(()), |(_, member)| visit(*member, reader)),
        Err(_) => ControlFlow::Continue(()),
    });
}

/// A member that cannot be opened.
struct Broken(String);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other(self.0.clone()))
    }
}

/// A member's unpacked bytes, hashed as they pass. What follows its first gzip member is kept apart: the stream ends there
/// and [`Tee::trailing`] says so.
pub(super) struct Tee<R: Read> {
    bytes: Inflated<R>,
    hasher: Hasher,
    /// Unpacked bytes until now.
    pub length: u64,
    /// Where bytes begin that should not be there.
    pub trailing: Option<u64>,
    /// Why it broke off.
    pub broken: Option<BrokeOff>,
}

/// Why a member's bytes end too early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BrokeOff {
    /// In words.
    pub why: String,
    /// Whether its own packing is damaged, rather than that it could not be read or was over a limit.
    pub is_damage: bool,
}

impl<R: Read> Tee<R> {
    pub fn new(file: R, limits: &Limits) -> io::Result<Self> {
        Ok(Tee {
            bytes: Inflated::new(file, limits)?,
            hasher: Hasher::new(Algorithm::Sha256),
            length: 0,
            trailing: None,
            broken: None,
        })
    }

    /// Reads on to the end and tells the SHA-256 of everything, hex; `None` where it breaks off.
    pub fn digest(&mut self) -> Option<String> {
        let mut buffer = vec![0; BUFFER];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
        let hasher = std::mem::replace(&mut self.hasher, Hasher::new(Algorithm::Sha256));
        Some(hasher.finish().hex())
    }
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.trailing.is_some() {
            return Ok(0);
        }
        match self.bytes.read(buf) {
            Ok(count) => {
                self.hasher.update(buf.get(..count).unwrap_or_default());
                self.length += count as u64;
                Ok(count)
            }
            Err(error) => match fault_in(&error) {
                Some(FaultKind::TrailingBytes { offset }) => {
                    self.trailing = Some(*offset);
                    Ok(0)
                }
                told => {
                    if error.kind() != io::ErrorKind::Interrupted {
                        self.broken = Some(BrokeOff {
                            why: told.map_or_else(|| error.to_string(), ToString::to_string),
                            is_damage: told.is_some_and(is_damage),
                        });
                    }
                    Err(error)
                }
            },
        }
    }
}

fn is_damage(fault: &FaultKind) -> bool {
    matches!(
        fault,
        FaultKind::Truncated { .. }
            | FaultKind::Damaged { .. }
            | FaultKind::Crc32 { .. }
            | FaultKind::Length { .. }
    )
}

const BUFFER: usize = 64 << 10;
/// Members for which a tar file is read again and again.
const FEW: usize = 64;
