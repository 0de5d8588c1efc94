//! ECDSA signatures over P-256, as two numbers of 32 bytes.

/// The order of the group of P-256 (FIPS 186-5, SP 800-186).
const N: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// The two integers of a DER signature, as they stand.
pub fn r_and_s(der: &[u8]) -> [Vec<u8>; 2] {
    let r = &der[4..4 + usize::from(der[3])];
    let s = &der[6 + r.len()..];
    [r.to_vec(), s.to_vec()]
}

/// Side by side, 32 bytes each.
pub fn p1363(der: &[u8]) -> Vec<u8> {
    let padded = |number: &[u8]| {
        let digits = &number[number.len().saturating_sub(32)..];
        [vec![0; 32 - digits.len()], digits.to_vec()].concat()
    };
    let [r, s] = r_and_s(der);
    [padded(&r), padded(&s)].concat()
}

/// r, and n - s: it verifies as well.
pub fn other_s(signature: &[u8]) -> Vec<u8> {
    let mut out = signature.to_vec();
    let mut borrow = 0;
    for at in (0..32).rev() {
        let difference = i16::from(N[at]) - i16::from(signature[32 + at]) - borrow;
        borrow = i16::from(difference < 0);
        out[32 + at] = difference.to_le_bytes()[0];
    }
    out
}

/// Side by side, with the lower of the two values of s.
pub fn low_s(der: &[u8]) -> Vec<u8> {
    let (one, other) = (p1363(der), other_s(&p1363(der)));
    if one[32..] <= other[32..] { one } else { other }
}
