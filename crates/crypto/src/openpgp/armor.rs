//! The text around OpenPGP packets (RFC 9580, section 6).

use super::OpenPgpError;
use crate::encoding;

/// The bytes inside the only armored block of a label, or the bytes themselves where they are packets.
pub(super) fn unarmored(bytes: &[u8], label: &str) -> Result<Vec<u8>, OpenPgpError> {
    // Every packet's first byte has its highest bit set, which no armor has.
    if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        return Ok(bytes.to_vec());
    }
    let wrong = |expected| OpenPgpError::Armor { expected };
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("text"))?;
    if text.contains("PGP PRIVATE KEY BLOCK") {
        return Err(OpenPgpError::Secret);
    }
    let mut lines = text.trim().lines().map(str::trim_end);
    if lines.next() != Some(&format!("-----BEGIN PGP {label}-----")) {
        return Err(wrong("the BEGIN line of a signature or public key"));
    }
    // Headers such as `Comment: …` say nothing that is signed.
    for line in lines.by_ref() {
        match line {
            "" => break,
            line if line.contains(": ") => {}
            _ => return Err(wrong("an empty line before the base64")),
        }
    }
    let end = format!("-----END PGP {label}-----");
    let (mut body, mut checksum) = (String::new(), None);
    loop {
        let line = lines.next().ok_or(wrong("the END line"))?;
        if line == end {
            break;
        }
        match line.strip_prefix('=') {
            Some(sum) if sum.len() == 4 && checksum.is_none() => checksum = Some(encoding::unbase64(sum)?),
            None if checksum.is_none() && !line.is_empty() => body.push_str(line),
            _ => return Err(wrong("base64, a checksum and the END line")),
        }
    }
    if lines.next().is_some() {
        return Err(wrong("nothing after the END line"));
    }
    let packets = encoding::unbase64(&body)?;
    match checksum {
        Some(sum) if sum != crc24(&packets) => Err(wrong("the checksum of the bytes")),
        _ => Ok(packets),
    }
}

/// RFC 9580, section 6.1.1.
fn crc24(bytes: &[u8]) -> [u8; 3] {
    let crc = bytes.iter().fold(0x00b7_04ce_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 16, |crc, _| {
            let shifted = crc << 1;
            if shifted & 0x0100_0000 == 0 {
                shifted
            } else {
                shifted ^ 0x0186_4cfb
            }
        })
    });
    let [_, high, middle, low] = crc.to_be_bytes();
    [high, middle, low]
}
