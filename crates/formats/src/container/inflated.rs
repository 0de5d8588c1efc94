//! One packed file by itself: a member of a container that is gzip, as platforms deliver their logs.

use std::io::{self, Read};

use super::gzip::Gunzip;
use super::meter::{Meter, Metered, Packed};
use crate::limits::Limits;

/// Unpacks a file that is one gzip member (RFC 1952), and passes on a file that is not packed.
///
/// What counts is the first two bytes, 1F 8B, never a name. Whoever hashes such a file hashes its first gzip member;
/// other programs unpack every member there is. So everything behind the first one, zero padding apart, is an error that
/// carries [`FaultKind::TrailingBytes`](super::FaultKind::TrailingBytes): it comes after all good bytes.
pub struct Inflated<R: Read> {
    bytes: Bytes<R>,
}

enum Bytes<R: Read> {
    Packed(Metered<Gunzip<R>>),
    Plain(Metered<Packed<R>>),
}

impl<R: Read> Inflated<R> {
    /// Looks at the first bytes of `file`. `limits.total` and `limits.ratio` hold for what comes out of it.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(file: R, limits: &Limits) -> io::Result<Self> {
        let meter = Meter::new(limits);
        let mut packed = Packed::new(file, 0, meter.clone());
        let is_packed = packed.peek(MAGIC.len())? == MAGIC;
        let bytes = if is_packed {
            Bytes::Packed(Metered::new(Gunzip::one_member(packed), meter))
        } else {
            Bytes::Plain(Metered::new(packed, meter))
        };
        Ok(Inflated { bytes })
    }

    /// Whether the file is packed.
    pub fn is_packed(&self) -> bool {
        matches!(self.bytes, Bytes::Packed(_))
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.bytes {
            Bytes::Packed(bytes) => bytes.read(buf),
            Bytes::Plain(bytes) => bytes.read(buf),
        }
    }
}

/// ID1 and ID2 of RFC 1952 section 2.3.1.
const MAGIC: [u8; 2] = [0x1F, 0x8B];

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::super::{Exceeded, FaultKind, fault_in};
    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// What comes out, and the fault after it.
    fn unpack(file: &[u8], limits: &Limits) -> (Vec<u8>, Option<FaultKind>) {
        let mut bytes = Vec::new();
        let read = Inflated::new(file, limits).unwrap().read_to_end(&mut bytes);
        let fault = read.err().and_then(|error| fault_in(&error).cloned());
        (bytes, fault)
    }

    #[test]
    fn a_plain_file_stays_as_it_is() {
        for plain in [&b""[..], b"{", b"\x1f", b"{\"Records\": []}"] {
            assert_eq!(unpack(plain, &Limits::default()), (plain.to_vec(), None));
            assert!(!Inflated::new(plain, &Limits::default()).unwrap().is_packed());
        }
    }

    #[test]
    fn one_member_with_zero_padding_is_whole() {
        let mut file = gzip(b"events");
        assert!(Inflated::new(&file[..], &Limits::default()).unwrap().is_packed());
        assert_eq!(unpack(&file, &Limits::default()), (b"events".to_vec(), None));
        file.extend([0; 512]);
        assert_eq!(unpack(&file, &Limits::default()), (b"events".to_vec(), None));
    }

    #[test]
    fn whatever_follows_the_first_member_is_told_after_it() {
        let whole = gzip(b"events");
        let offset = whole.len() as u64;
        for more in [gzip(b"more"), gzip(b""), b"x".to_vec(), vec![0x1F]] {
            let mut file = whole.clone();
            file.extend(more);
            let fault = Some(FaultKind::TrailingBytes { offset });
            assert_eq!(unpack(&file, &Limits::default()), (b"events".to_vec(), fault));
        }
    }

    #[test]
    fn a_file_cut_off_anywhere_is_truncated() {
        let whole = gzip(b"events");
        for length in 2..whole.len() {
            let (_, fault) = unpack(&whole[..length], &Limits::default());
            assert!(
                matches!(fault, Some(FaultKind::Truncated { .. })),
                "{length}: {fault:?}"
            );
        }
    }

    #[test]
    fn a_bomb_ends_at_the_ratio() {
        let limits = Limits {
            ratio_from: 1 << 10,
            ..Limits::default()
        };
        let (bytes, fault) = unpack(&gzip(&vec![0; 4 << 20]), &limits);
        assert!(
            matches!(fault, Some(FaultKind::Limit(Exceeded::Ratio { .. }))),
            "{fault:?}"
        );
        assert!(bytes.len() < 2 << 20);
    }
}
