//! What bytes are, by their beginning.

use std::io::{self, Read, SeekFrom};

use super::Packing;
use super::gzip::Gunzip;
use super::members::Bytes;
use super::meter::Packed;
use super::tar;
use super::zstandard::{Unzstd, is_frame};

/// The first bytes; the reader stands at the beginning again.
pub(super) fn head(bytes: &mut Bytes) -> io::Result<Vec<u8>> {
    bytes.seek(SeekFrom::Start(0))?;
    let head = first(bytes)?;
    bytes.seek(SeekFrom::Start(0))?;
    Ok(head)
}

/// The first bytes that come out of a compressed stream; fewer when it is damaged.
pub(super) fn head_of_packed<R: Read>(packing: Packing, packed: Packed<R>) -> io::Result<Vec<u8>> {
    // What is wrong with the stream is told when it is walked.
    Ok(match packing {
        Packing::Zstd => first(&mut Unzstd::new(packed)?),
        _ => first(&mut Gunzip::new(packed)),
    }
    .unwrap_or_default())
}

/// Whether an age file begins here, binary or armored.
pub(super) fn is_age(head: &[u8]) -> bool {
    let start = head
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(0);
    head.starts_with(AGE) || head.get(start..).is_some_and(|text| text.starts_with(AGE_ARMOR))
}

/// What begins here. A ZIP file behind other bytes is not seen.
pub(super) fn packing(head: &[u8]) -> Packing {
    match head {
        [0x1F, 0x8B, 0x08, ..] => Packing::Gzip,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Packing::Zip,
        _ if is_frame(head) => Packing::Zstd,
        _ if tar::looks_like_header(head) => Packing::Tar,
        _ => Packing::File,
    }
}

fn first(stream: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    let mut chunk = [0; HEAD];
    while head.len() < HEAD {
        match stream.read(chunk.get_mut(..HEAD - head.len()).unwrap_or_default()) {
            Ok(0) => break,
            Ok(count) => head.extend_from_slice(chunk.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return if head.is_empty() { Err(error) } else { Ok(head) },
        }
    }
    Ok(head)
}

const AGE: &[u8] = b"age-encryption.org/";
const AGE_ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
/// One tar header.
const HEAD: usize = 512;
