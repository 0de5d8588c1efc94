//! A small sRGB profile of our own making (ICC.1:2010, version 4.3): three primaries and one curve, no foreign file.

/// The profile's bytes.
pub(crate) fn srgb() -> Vec<u8> {
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", text("sRGB")),
        (b"cprt", text("No rights reserved")),
        (b"wtpt", xyz([0.9642, 1.0, 0.8249])),
        (b"chad", matrix()),
        (b"rXYZ", xyz([0.436_07, 0.222_49, 0.013_92])),
        (b"gXYZ", xyz([0.385_15, 0.716_87, 0.097_08])),
        (b"bXYZ", xyz([0.143_07, 0.060_61, 0.714_10])),
        (b"rTRC", curve()),
        (b"gTRC", Vec::new()),
    ];
    let count = tags.len() + 1;
    let mut table = (count as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    let start = HEADER + 4 + 12 * count;
    let mut last = (0u32, 0u32);
    for (name, bytes) in &tags {
        if !bytes.is_empty() {
            last = ((start + data.len()) as u32, bytes.len() as u32);
            data.extend_from_slice(bytes);
            data.resize(data.len().next_multiple_of(4), 0);
        }
        // the three channels share one curve
        entry(&mut table, name, last);
    }
    entry(&mut table, b"bTRC", last);
    let mut profile = header((start + data.len()) as u32);
    profile.extend(table);
    profile.extend(data);
    profile
}

fn entry(table: &mut Vec<u8>, name: &[u8; 4], (offset, length): (u32, u32)) {
    table.extend_from_slice(name);
    table.extend(offset.to_be_bytes());
    table.extend(length.to_be_bytes());
}

fn header(size: u32) -> Vec<u8> {
    let mut header = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(place) = header.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    };
    put(0, &size.to_be_bytes());
    put(8, &[4, 0x30, 0, 0]);
    put(12, b"mntrRGB XYZ ");
    // 1 January 2026, 00:00:00
    put(24, &[0x07, 0xea, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    put(36, b"acsp");
    for (at, part) in [0.9642, 1.0, 0.8249].into_iter().enumerate() {
        put(68 + 4 * at, &fixed(part));
    }
    header
}

fn text(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut tag = b"mluc\0\0\0\0".to_vec();
    tag.extend(1u32.to_be_bytes());
    tag.extend(12u32.to_be_bytes());
    tag.extend_from_slice(b"enUS");
    tag.extend((units.len() as u32).to_be_bytes());
    tag.extend(28u32.to_be_bytes());
    tag.extend(units);
    tag
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    let mut tag = b"XYZ \0\0\0\0".to_vec();
    tag.extend(values.into_iter().flat_map(fixed));
    tag
}

/// From the daylight of sRGB to that of the profile connection space (Bradford).
fn matrix() -> Vec<u8> {
    let mut tag = b"sf32\0\0\0\0".to_vec();
    let values = [
        1.047_88, 0.022_92, -0.050_22, 0.029_59, 0.990_48, -0.017_07, -0.009_25, 0.015_08, 0.751_68,
    ];
    tag.extend(values.into_iter().flat_map(fixed));
    tag
}

/// Y = ((X + 0.055) / 1.055)^2.4 above 0.04045, X / 12.92 below (IEC 61966-2-1).
fn curve() -> Vec<u8> {
    let mut tag = b"para\0\0\0\0\0\x03\0\0".to_vec();
    let values = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045];
    tag.extend(values.into_iter().flat_map(fixed));
    tag
}

fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

const HEADER: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_says_its_own_size() {
        let profile = srgb();
        assert_eq!(
            u32::from_be_bytes(profile[..4].try_into().unwrap()) as usize,
            profile.len()
        );
        assert_eq!(&profile[36..40], b"acsp");
        let count = u32::from_be_bytes(profile[128..132].try_into().unwrap()) as usize;
        for at in 0..count {
            let entry = &profile[132 + 12 * at..144 + 12 * at];
            let (offset, length) = (
                u32::from_be_bytes(entry[4..8].try_into().unwrap()),
                u32::from_be_bytes(entry[8..12].try_into().unwrap()),
            );
            assert!(
                offset % 4 == 0 && length > 0 && (offset + length) as usize <= profile.len(),
                "{at}"
            );
        }
    }
}
