//! Proofs that an entry is in a transparency log, to be checked without it (C2SP tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! index 73894
//! gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
//! …
//!
//! example.com/fancylog
//! 109482
//! sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=
//!
//! — example.com/fancylog hI2DJw…
//! ```

use thiserror::Error;

use crate::{
    checkpoint::{Checkpoint, CheckpointError, decimal, sha256_of},
    digest::Digest,
    encoding::{self, EncodingError},
    merkle::{Knobs, ProofError, verify_inclusion},
    note::{Note, NoteError, NoteKey, NoteKind, Verified},
};

/// A proof as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof<'a> {
    /// What the application added. Nothing authenticates it.
    pub extra: Option<Vec<u8>>,
    /// The entry's index, from 0.
    pub index: u64,
    /// The path from the leaf's sibling to the child of the root.
    pub path: Vec<Digest>,
    /// The note around the checkpoint.
    pub note: Note<'a>,
    /// The checkpoint.
    pub checkpoint: Checkpoint,
}

/// What a proof shows once it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Which of the log keys signed the checkpoint, from 0.
    pub log: usize,
    /// Witnesses that cosigned it; `key` counts among the witness keys.
    pub witnesses: Vec<Verified>,
}

/// Why a proof is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TlogProofError {
    /// A line of the proof is not what belongs there.
    #[error("line {line}: {expected} is expected")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What belongs there.
        expected: &'static str,
    },
    /// The extra data does not decode.
    #[error("the extra data does not decode: {0}")]
    Extra(EncodingError),
    /// More digests than a path can have.
    #[error("the path has {found} digests; no tree is deeper than 64")]
    Path {
        /// How many there are.
        found: usize,
    },
    /// The note is refused.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The note holds no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is not signed by a key of the log that it names.
    #[error("no known key of the log `{origin}` signed the checkpoint")]
    Origin {
        /// The log that the checkpoint names.
        origin: String,
    },
    /// The path does not lead to the checkpoint's root.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl<'a> TlogProof<'a> {
    /// Reads a proof.
    ///
    /// # Errors
    /// [`TlogProofError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, TlogProofError> {
        let expected = |line, expected| TlogProofError::Line { line, expected };
        let text = std::str::from_utf8(bytes).map_err(|_| expected(1, "UTF-8"))?;
        let rest = text
            .strip_prefix(FIRST_LINE)
            .ok_or_else(|| expected(1, "`c2sp.org/tlog-proof@v1`"))?;
        let (head, note) = rest
            .split_once("\n\n")
            .ok_or_else(|| expected(2, "a blank line before the checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        let extra = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            Some(text) => {
                lines.next();
                Some(encoding::unbase64(text).map_err(TlogProofError::Extra)?)
            }
            None => None,
        };
        let at = 2 + usize::from(extra.is_some());
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(decimal)
            .ok_or_else(|| expected(at, "`index` and a plain decimal number"))?;
        let lines: Vec<&str> = lines.collect();
        if lines.len() > 64 {
            return Err(TlogProofError::Path { found: lines.len() });
        }
        let path = lines
            .into_iter()
            .enumerate()
            .map(|(number, line)| {
                sha256_of(line).map_err(|_| expected(at + 1 + number, "a SHA-256 in base64"))
            })
            .collect::<Result<_, _>>()?;
        let note = Note::parse(note.as_bytes())?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self {
            extra,
            index,
            path,
            note,
            checkpoint,
        })
    }

    /// Verifies that a leaf is in the log: the path leads to the checkpoint's root, a key of the log that the checkpoint
    /// names signed it, and whatever known witnesses wrote under it fits.
    ///
    /// `leaf` is SHA-256(0x00 ‖ entry); what an entry is made of is the application's to say.
    ///
    /// # Errors
    /// [`TlogProofError`].
    pub fn verify(&self, leaf: &Digest, keys: &[NoteKey]) -> Result<Logged, TlogProofError> {
        let verified = self.note.verify(keys)?;
        let key = |verified: &Verified| keys.get(verified.key);
        let is_witness =
            |verified: &Verified| key(verified).is_some_and(|key| key.kind() == NoteKind::Cosignature);
        let log = verified
            .iter()
            .find(|verified| {
                !is_witness(verified) && key(verified).is_some_and(|key| key.name() == self.checkpoint.origin)
            })
            .ok_or_else(|| TlogProofError::Origin {
                origin: self.checkpoint.origin.clone(),
            })?;
        self.verify_path(leaf)?;
        Ok(Logged {
            log: log.key,
            witnesses: verified.iter().copied().filter(is_witness).collect(),
        })
    }

    /// Verifies the path alone: it leads from a leaf to the checkpoint's root, whoever signed that.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn verify_path(&self, leaf: &Digest) -> Result<(), ProofError> {
        verify_inclusion(
            &Knobs::rfc6962(),
            leaf,
            self.index,
            self.checkpoint.size,
            &self.path,
            &self.checkpoint.root,
        )
    }
}

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1\n";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{merkle::Tree, note::cosigned, signing::SigningKey};

    struct Log {
        log: SigningKey,
        witness: SigningKey,
        keys: Vec<NoteKey>,
    }

    impl Log {
        fn new() -> Self {
            let (log, witness) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
            let keys = vec![
                NoteKey::new("example.com/log", log.public(), NoteKind::Ed25519).unwrap(),
                NoteKey::new("witness.example", witness.public(), NoteKind::Cosignature).unwrap(),
            ];
            Self { log, witness, keys }
        }

        /// A proof of the second of two leaves.
        fn proof(&self, origin: &str) -> String {
            let knobs = Knobs::rfc6962();
            let mut tree = Tree::new(knobs.clone());
            [b"one", b"two"]
                .iter()
                .for_each(|leaf| tree.push_leaf_data(*leaf));
            let text = format!("{origin}\n2\n{}\n", encoding::base64(tree.root().as_bytes()));
            let line = |key: &NoteKey, signature: &[u8]| {
                let bytes = [&key.id()[..], signature].concat();
                format!("— {} {}\n", key.name(), encoding::base64(&bytes))
            };
            let time = 1_700_000_000_u64;
            let seen = [
                &time.to_be_bytes()[..],
                &self.witness.sign(&cosigned(time, &text)),
            ]
            .concat();
            format!(
                "{FIRST_LINE}index 1\n{}\n\n{text}\n{}{}",
                encoding::base64(knobs.leaf(b"one").as_bytes()),
                line(&self.keys[0], &self.log.sign(text.as_bytes())),
                line(&self.keys[1], &seen)
            )
        }
    }

    #[test]
    fn an_entry_is_in_the_log_and_no_other() {
        let log = Log::new();
        let text = log.proof("example.com/log");
        let proof = TlogProof::parse(text.as_bytes()).unwrap();
        let leaf = |data: &[u8]| Knobs::rfc6962().leaf(data);
        let logged = proof.verify(&leaf(b"two"), &log.keys).unwrap();
        assert_eq!(logged.log, 0);
        assert_eq!(
            logged.witnesses,
            [Verified {
                key: 1,
                time: Some(1_700_000_000)
            }]
        );
        assert!(matches!(
            proof.verify(&leaf(b"three"), &log.keys),
            Err(TlogProofError::Proof(ProofError::Root { .. }))
        ));
        // a leaf that is hashed like a node, or not at all
        let plain = crate::digest::Algorithm::Sha256.of(b"two");
        assert!(proof.verify(&plain, &log.keys).is_err());
        // a witness alone does not speak for the log
        assert!(matches!(
            proof.verify(&leaf(b"two"), &log.keys[1..]),
            Err(TlogProofError::Origin { .. })
        ));
    }

    #[test]
    fn the_log_that_signs_is_the_log_that_is_named() {
        let log = Log::new();
        let text = log.proof("example.com/other");
        let proof = TlogProof::parse(text.as_bytes()).unwrap();
        let leaf = Knobs::rfc6962().leaf(b"two");
        assert!(matches!(
            proof.verify(&leaf, &log.keys),
            Err(TlogProofError::Origin { .. })
        ));
    }

    #[test]
    fn one_spelling() {
        let text = Log::new().proof("example.com/log");
        let with_extra = text.replace("index 1\n", "extra AAAA\nindex 1\n");
        let read = TlogProof::parse(with_extra.as_bytes()).unwrap();
        assert_eq!(read.extra, Some(vec![0, 0, 0]));
        for wrong in [
            text.replace("index 1\n", "index 01\n"),
            text.replace("index 1\n", "index\n"),
            text.replace("@v1", "@v2"),
            text.replace("index 1\n", "index 1\n\n"),
            text.replace("index 1\n", "index 1\nAAAA\n"),
            text.replace("index 1\n", "extra AAA\nindex 1\n"),
            text.replace("index 1\n", "index 1\nextra AAAA\n"),
            text.replace('\n', "\r\n"),
        ] {
            assert!(TlogProof::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let sibling = text.lines().nth(2).unwrap().to_owned() + "\n";
        let deep = text.replace(&sibling, &sibling.repeat(65));
        assert_eq!(
            TlogProof::parse(deep.as_bytes()),
            Err(TlogProofError::Path { found: 65 })
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(bytes: Vec<u8>, text: String) {
            let _ = TlogProof::parse(&bytes);
            let _ = TlogProof::parse(format!("{FIRST_LINE}index 1\n{text}\n\n{text}").as_bytes());
        }
    }
}
