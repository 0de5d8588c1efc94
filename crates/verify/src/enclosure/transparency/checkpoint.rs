//! Checkpoints of transparency logs, and proofs that a member is in one.

use chrono::DateTime;
use tickmark_crypto::checkpoint::Checkpoint;
use tickmark_crypto::merkle::Knobs;
use tickmark_crypto::note::{Note, NoteError, NoteKey, NoteKind, Verified};
use tickmark_crypto::tlog_proof::TlogProof;

use super::super::{Agreement, Covered, Enclosure, Stamp, Vouched};
use super::members::{Members, period_note, used};
use super::{Kind, malformed, plain};
use crate::trust::PinnedKey;

/// Whether some text is a signed note around a checkpoint.
pub(super) fn is_one(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else {
        return false;
    };
    // a damaged signature line leaves it a checkpoint
    text.split_once("\n\n— ")
        .is_some_and(|(body, _)| Checkpoint::parse(&format!("{body}\n")).is_ok())
}

/// Reads a checkpoint.
pub(super) fn read(members: &Members<'_>, member: &str, content: &[u8]) -> Enclosure {
    let kind = Kind::Checkpoint;
    let note = match Note::parse(content) {
        Ok(note) => note,
        Err(error) => return malformed(kind.name(), member, &error.to_string()),
    };
    let checkpoint = match Checkpoint::parse(note.text()) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return malformed(kind.name(), member, &error.to_string()),
    };
    let mut enclosure = plain(kind, member);
    let signers = Signers::of(members);
    enclosure.vouched = signers.vouched(note.verify(&signers.keys), &checkpoint.origin, &mut enclosure);
    enclosure.notes.push(format!(
        "{member} states that the log {} has {} entries. It proves nothing of records that do not come with a proof.",
        checkpoint.origin, checkpoint.size
    ));
    enclosure
}

/// Reads a proof that an entry is in a log. The entry is the member that the proof is named after, or else any one that fits.
pub(super) fn read_proof(members: &Members<'_>, member: &str, content: &[u8]) -> Enclosure {
    let kind = Kind::TlogProof;
    let proof = match TlogProof::parse(content) {
        Ok(proof) => proof,
        Err(error) => return malformed(kind.name(), member, &error.to_string()),
    };
    let mut enclosure = plain(kind, member);
    enclosure.is_content = false;
    let signers = Signers::of(members);
    let verified = proof.note.verify(&signers.keys);
    enclosure.vouched = signers.vouched(verified, &proof.checkpoint.origin, &mut enclosure);
    if let Vouched::Pinned(_) = enclosure.vouched {
        // many may write to a log: that it took an entry does not make the entry the expected party's
        enclosure.vouched = Vouched::Unpinned {
            carried_verifies: true,
            carried_fails: false,
        };
        enclosure.notes.push(format!(
            "The pinned log {} vouches for the entry that {member} is for, which does not say who made it.",
            proof.checkpoint.origin
        ));
    }
    if proof.extra.is_some() {
        enclosure.notes.push(format!(
            "{member} has extra data that nothing authenticates; it was not used."
        ));
    }
    let leads = |content: &[u8]| proof.verify_path(&Knobs::rfc6962().leaf(content)).is_ok();
    let named = members.about(member, &[".tlog-proof"]);
    let (entry, agreement) = match named {
        Some(named) => match members.content(named) {
            Some(content) if leads(content) => (Some(named), Agreement::Agrees),
            Some(content) => {
                let agreement = Agreement::Differs {
                    expected: "an entry from which the proof leads to the log's root".to_owned(),
                    found: Knobs::rfc6962().leaf(content).hex(),
                };
                (Some(named), agreement)
            }
            None => (
                Some(named),
                Agreement::Open("it is too large to be held against the proof".to_owned()),
            ),
        },
        None => {
            let mut others = members
                .at_hand()
                .filter(|(name, _)| *name != member)
                .take(SEARCHED);
            let found = others.find(|(_, content)| leads(content));
            (found.map(|(name, _)| name), Agreement::Agrees)
        }
    };
    match entry {
        Some(entry) => enclosure.covers.push(Covered {
            member: entry.to_owned(),
            agreement,
        }),
        None => {
            enclosure.is_content = true;
            enclosure.notes.push(format!(
                "No member is the entry that {member} is for. What the log made its entry of may be something else than a whole file."
            ));
        }
    }
    enclosure
}

/// Two checkpoints of one log under pinned keys that have one size have one root.
pub(super) fn hold_together(members: &Members<'_>, all: &mut [Enclosure]) {
    let mut seen: Vec<(Checkpoint, String)> = Vec::new();
    for enclosure in all.iter_mut() {
        let is_pinned = matches!(enclosure.vouched, Vouched::Pinned(_));
        if enclosure.kind != Kind::Checkpoint.name() || !is_pinned {
            continue;
        }
        let checkpoint = members
            .content(&enclosure.member)
            .and_then(|content| Note::parse(content).ok())
            .and_then(|note| Checkpoint::parse(note.text()).ok());
        let Some(checkpoint) = checkpoint else {
            continue;
        };
        let other = seen.iter().find(|(other, _)| {
            other.origin == checkpoint.origin
                && other.size == checkpoint.size
                && other.root != checkpoint.root
        });
        if let Some((_, other)) = other {
            let why = format!("the log signed another tree of the same size than in {other}: a split view");
            enclosure.wrong("split_view", "integrity", &why);
        }
        seen.push((checkpoint, enclosure.member.clone()));
    }
}

/// Pinned logs and witnesses.
struct Signers<'b> {
    keys: Vec<NoteKey>,
    pinned: Vec<&'b PinnedKey>,
}

impl<'b> Signers<'b> {
    fn of(members: &Members<'b>) -> Self {
        let (keys, pinned) = members.note_keys().into_iter().unzip();
        Signers { keys, pinned }
    }

    /// A pinned log vouches for its own checkpoint; pinned witnesses for the time at which they saw it.
    fn vouched(
        &self,
        verified: Result<Vec<Verified>, NoteError>,
        origin: &str,
        enclosure: &mut Enclosure,
    ) -> Vouched {
        let unpinned = Vouched::Unpinned {
            carried_verifies: false,
            carried_fails: false,
        };
        let verified = match verified {
            Ok(verified) => verified,
            Err(NoteError::NoKnownKey) => return unpinned,
            Err(error) => {
                enclosure.wrong(
                    "checkpoint_signature_mismatch",
                    "authenticity",
                    &error.to_string(),
                );
                return Vouched::Wrong {
                    carried_verifies: false,
                };
            }
        };
        let mut vouched = unpinned;
        for one in verified {
            let (Some(key), Some(pinned)) = (self.keys.get(one.key), self.pinned.get(one.key)) else {
                continue;
            };
            enclosure.keys.push(used(pinned));
            if key.kind() == NoteKind::Cosignature {
                let earlier = one.time.and_then(|time| stamp(time, key.name()));
                let current = enclosure.stamp.take();
                enclosure.stamp = [current, earlier]
                    .into_iter()
                    .flatten()
                    .min_by_key(|stamp| stamp.at);
            } else if key.name() == origin {
                match period_note(pinned) {
                    None => vouched = Vouched::Pinned(pinned.key.fingerprint()),
                    Some(note) => enclosure.notes.push(note),
                }
            } else {
                enclosure.notes.push(format!(
                    "{} is signed by {}, and not by the log {origin} that it names.",
                    enclosure.member,
                    key.name()
                ));
            }
        }
        vouched
    }
}

fn stamp(time: u64, by: &str) -> Option<Stamp> {
    let at = DateTime::from_timestamp(i64::try_from(time).ok()?, 0)?;
    Some(Stamp {
        at,
        by: by.to_owned(),
    })
}

/// How many members are tried as the entry of a proof that is named after none.
const SEARCHED: usize = 10_000;
