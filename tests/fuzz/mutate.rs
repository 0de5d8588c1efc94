//! Breaking bytes: whatever is done to files by accident, and most of what is done to them on purpose.

use crate::chance::Chance;
use crate::edit;

/// The longest input; what is special about longer ones are limits, which have tests of their own.
pub const LONGEST: usize = 64 << 10;

/// What a mutation may draw from.
pub struct Material<'m> {
    /// Inputs that were kept, to splice from.
    pub kept: &'m [Vec<u8>],
    /// Words of the format.
    pub words: &'m [&'m str],
    /// Whether the format is JSON, so that values can be changed as values.
    pub is_json: bool,
}

/// Breaks an input in one or a few places.
pub fn mutate(input: &mut Vec<u8>, material: &Material<'_>, chance: &mut Chance) {
    let times = if chance.once_in(8) {
        1 + chance.below(12)
    } else {
        1 + chance.below(3)
    };
    for _ in 0..times {
        if material.is_json && chance.below(3) > 0 && edit::edit(input, material.kept, chance) {
            continue;
        }
        break_once(input, material, chance);
    }
    input.truncate(LONGEST);
}

fn break_once(input: &mut Vec<u8>, material: &Material<'_>, chance: &mut Chance) {
    match chance.below(16) {
        0 => {
            if let Some(byte) = at(input, chance) {
                *byte ^= 1 << (chance.number() % 8);
            }
        }
        1 => {
            let new = chance.of(BYTES).copied().unwrap_or_default();
            if let Some(byte) = at(input, chance) {
                *byte = new;
            }
        }
        2 => {
            if let Some(byte) = at(input, chance) {
                *byte = chance.byte();
            }
        }
        3 => insert_bytes(input, chance),
        4 | 5 => drop(input.drain(chunk(input, chance))),
        6 => {
            let copy = input[chunk(input, chance)].to_vec();
            let place = chance.below(input.len() + 1);
            input.splice(place..place, copy);
        }
        7 => splice(input, material.kept, chance),
        8 | 9 => {
            let word = chance.of(material.words).map_or(&b""[..], |word| word.as_bytes());
            let start = chance.below(input.len() + 1);
            let end = if chance.once_in(2) {
                start
            } else {
                (start + word.len()).min(input.len())
            };
            input.splice(start..end, word.iter().copied());
        }
        10 => change_digits(input, chance),
        11 => write_length(input, chance),
        12 => repeat(input, chance),
        13 => input.truncate(chance.below(input.len())),
        14 => move_lines(input, chance),
        _ => swap_chunks(input, chance),
    }
}

fn at<'i>(input: &'i mut [u8], chance: &mut Chance) -> Option<&'i mut u8> {
    let place = chance.below(input.len());
    input.get_mut(place)
}

fn chunk(input: &[u8], chance: &mut Chance) -> std::ops::Range<usize> {
    let most = if chance.once_in(4) { input.len() } else { 16 };
    chance.range(input.len(), most)
}

fn insert_bytes(input: &mut Vec<u8>, chance: &mut Chance) {
    let place = chance.below(input.len() + 1);
    let count = 1 + chance.below(8);
    let bytes: Vec<u8> = (0..count).map(|_| chance.byte()).collect();
    input.splice(place..place, bytes);
}

/// The beginning of this one and the end of another.
fn splice(input: &mut Vec<u8>, kept: &[Vec<u8>], chance: &mut Chance) {
    let Some(other) = chance.of(kept) else { return };
    let from = chance.below(other.len());
    let to = from + chance.below(other.len() - from + 1);
    let place = chance.below(input.len() + 1);
    let end = if chance.once_in(2) { input.len() } else { place };
    input.splice(place..end, other[from..to].iter().copied());
}

/// Puts an extreme in the place of a number in figures.
fn change_digits(input: &mut Vec<u8>, chance: &mut Chance) {
    let from = chance.below(input.len());
    let Some(start) = (from..input.len()).find(|&at| input[at].is_ascii_digit()) else {
        return;
    };
    let end = (start..input.len())
        .find(|&at| !input[at].is_ascii_digit())
        .unwrap_or(input.len());
    let number = chance.of(NUMBERS).copied().unwrap_or_default();
    input.splice(start..end, number.bytes());
}

/// Writes an extreme where a length in binary may stand.
fn write_length(input: &mut [u8], chance: &mut Chance) {
    let number = match chance.below(6) {
        0 => 0,
        1 => u64::MAX,
        2 => i64::MAX as u64,
        3 => input.len() as u64,
        4 => 1_u64 << chance.below(64),
        _ => chance.number() % 1024,
    };
    let width = [1, 2, 4, 8][chance.below(4)];
    let mut bytes = number.to_be_bytes();
    let mut bytes = &mut bytes[8 - width..];
    if chance.once_in(2) {
        bytes.reverse();
    }
    let place = chance.below(input.len());
    let fits = bytes.len().min(input.len() - place);
    bytes = &mut bytes[..fits];
    input[place..place + fits].copy_from_slice(bytes);
}

/// A piece many times in a row: deep nesting, long lists.
fn repeat(input: &mut Vec<u8>, chance: &mut Chance) {
    let piece = input[chance.range(input.len(), 12)].to_vec();
    if piece.is_empty() {
        return;
    }
    let most = LONGEST / 4 / piece.len();
    let times = if chance.once_in(4) {
        most
    } else {
        2 + chance.below(most.min(200))
    };
    let place = chance.below(input.len() + 1);
    input.splice(place..place, piece.repeat(times));
}

/// Two lines change places, or one goes, or comes twice.
fn move_lines(input: &mut Vec<u8>, chance: &mut Chance) {
    let mut lines: Vec<Vec<u8>> = input
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let (one, other) = (chance.below(lines.len()), chance.below(lines.len()));
    if lines.is_empty() {
        return;
    }
    match chance.below(3) {
        0 => lines.swap(one, other),
        1 => drop(lines.remove(one)),
        _ => lines.insert(other, lines[one].clone()),
    }
    *input = lines.concat();
}

fn swap_chunks(input: &mut Vec<u8>, chance: &mut Chance) {
    let (one, other) = (chunk(input, chance), chunk(input, chance));
    let (first, second) = if one.start < other.start {
        (one, other)
    } else {
        (other, one)
    };
    if first.end > second.start {
        return;
    }
    let swapped = [
        &input[..first.start],
        &input[second.clone()],
        &input[first.end..second.start],
        &input[first.clone()],
        &input[second.end..],
    ]
    .concat();
    *input = swapped;
}

const BYTES: &[u8] = &[
    0, 1, 0x7f, 0x80, 0xff, b'\n', b'\r', b'\t', b' ', b'"', b'\\', b'{', b'}', b'[', b']', b':', b',', b'-',
    b'=', b'/', b'.', b'0', b'9', 0x30, 0xc0, 0xe2, 0xed, 0xf4,
];

/// Numbers at which a width or a precision ends.
pub const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "255",
    "256",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9007199254740992",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "1e308",
    "1e309",
    "5e-324",
    "1e-400",
    "0.1",
    "1.0",
    "1E+2",
    "99999999999999999999999999999999999999999999999999999999999999999999999999999999",
    "1e99999999999",
];
