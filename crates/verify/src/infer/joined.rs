//! Searches preimages that are joined of pieces: fields with delimiters or lengths, the value of the record before, raw
//! digests, JSON texts one after the other.

use tickmark_crypto::digest::{Algorithm, Hasher};

use super::effort::Effort;
use crate::profile::{Part, Prefix};

/// One piece that a preimage may have.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The part that gives it.
    pub part: Part,
    /// Its bytes in the probed record.
    pub bytes: Vec<u8>,
    /// The field of the record before, for `prev`.
    pub previous: Option<usize>,
}

/// What stands between pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// A text.
    Text(&'static str),
    /// A length of four bytes before each field, after a leading byte or none.
    Lengths(&'static str),
}

/// Joins in use, the frequent ones first.
pub(super) const JOINS: &[Join] = &[
    Join::Text(":"),
    Join::Text("|"),
    Join::Text(""),
    Join::Text("\n"),
    Join::Text(","),
    Join::Text("."),
    Join::Text(";"),
    Join::Text("-"),
    Join::Text("_"),
    Join::Text(" "),
    Join::Text("||"),
    Join::Text("\t"),
    Join::Text("\0"),
    Join::Lengths(""),
    Join::Lengths("\u{1}"),
];

/// Joins of JSON texts.
pub(super) const FEW_JOINS: &[Join] = &[
    Join::Text(""),
    Join::Text("\n"),
    Join::Text(":"),
    Join::Text("|"),
    Join::Text("."),
];

impl Join {
    fn opening(self) -> &'static str {
        match self {
            Join::Text(_) => "",
            Join::Lengths(lead) => lead,
        }
    }

    fn between(self) -> &'static str {
        match self {
            Join::Text(text) => text,
            Join::Lengths(_) => "",
        }
    }

    fn takes(self, piece: &Piece) -> bool {
        match self {
            Join::Text(_) => true,
            Join::Lengths(_) => matches!(piece.part, Part::Field { .. }),
        }
    }

    fn add(self, hasher: &mut Hasher, bytes: &[u8], is_first: bool) {
        match self {
            Join::Text(text) if !is_first => hasher.update(text.as_bytes()),
            Join::Lengths(_) => hasher.update(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes()),
            Join::Text(_) => {}
        }
        hasher.update(bytes);
    }
}

/// An arrangement that was found.
#[derive(Debug, Clone)]
pub(super) struct Arrangement {
    /// Indices of pieces, in order.
    pub order: Vec<usize>,
    /// What stands between them.
    pub join: Join,
    /// Whether a line feed ends them.
    pub ends_in_lf: bool,
}

impl Arrangement {
    /// Its parts, and the field that enters as `prev`.
    pub fn parts(&self, pieces: &[Piece]) -> (Vec<Part>, Option<usize>) {
        let mut parts = Vec::new();
        let mut previous = None;
        let literal = |text: &str| (!text.is_empty()).then(|| Part::Literal(text.to_owned()));
        parts.extend(literal(self.join.opening()));
        for (place, piece) in self
            .order
            .iter()
            .filter_map(|index| pieces.get(*index))
            .enumerate()
        {
            if place > 0 {
                parts.extend(literal(self.join.between()));
            }
            previous = previous.or(piece.previous);
            parts.push(match (self.join, &piece.part) {
                (
                    Join::Lengths(_),
                    Part::Field {
                        pointer,
                        spelled,
                        default,
                        ..
                    },
                ) => Part::Field {
                    pointer: pointer.clone(),
                    spelled: *spelled,
                    default: default.clone(),
                    prefix: Some(Prefix::U32be),
                },
                (_, part) => part.clone(),
            });
        }
        if self.ends_in_lf {
            parts.extend(literal("\n"));
        }
        (parts, previous)
    }
}

/// What is looked for.
pub(super) struct Wanted<'w> {
    /// Algorithm.
    pub alg: Algorithm,
    /// The digest.
    pub expected: &'w [u8],
}

/// Tries every order of `length` pieces.
pub(super) fn any_order(
    pieces: &[Piece],
    joins: &[Join],
    length: usize,
    wanted: &Wanted<'_>,
    effort: &mut Effort,
) -> Option<Arrangement> {
    joins.iter().find_map(|join| {
        let mut hasher = Hasher::new(wanted.alg);
        hasher.update(join.opening().as_bytes());
        let mut walk = Walk {
            pieces,
            join: *join,
            wanted,
            effort,
            order: Vec::new(),
            ends_in_lf: false,
        };
        walk.any(hasher, length).then(|| walk.done())
    })
}

/// Tries the pieces in their own order, `left_out` of them left out.
pub(super) fn in_order(
    pieces: &[Piece],
    joins: &[Join],
    left_out: usize,
    wanted: &Wanted<'_>,
    effort: &mut Effort,
) -> Option<Arrangement> {
    if left_out + 2 > pieces.len() {
        return None;
    }
    joins.iter().find_map(|join| {
        let mut hasher = Hasher::new(wanted.alg);
        hasher.update(join.opening().as_bytes());
        let mut walk = Walk {
            pieces,
            join: *join,
            wanted,
            effort,
            order: Vec::new(),
            ends_in_lf: false,
        };
        walk.next(0, hasher, left_out).then(|| walk.done())
    })
}

struct Walk<'w, 'e> {
    pieces: &'w [Piece],
    join: Join,
    wanted: &'w Wanted<'w>,
    effort: &'e mut Effort,
    order: Vec<usize>,
    ends_in_lf: bool,
}

impl Walk<'_, '_> {
    fn done(self) -> Arrangement {
        Arrangement {
            order: self.order,
            join: self.join,
            ends_in_lf: self.ends_in_lf,
        }
    }

    fn any(&mut self, hasher: Hasher, left: usize) -> bool {
        if left == 0 {
            return self.ends(hasher);
        }
        for (index, piece) in self.pieces.iter().enumerate() {
            let is_second_previous = piece.previous.is_some()
                && self
                    .order
                    .iter()
                    .any(|taken| self.pieces.get(*taken).is_some_and(|p| p.previous.is_some()));
            if self.order.contains(&index) || is_second_previous || !self.join.takes(piece) {
                continue;
            }
            if !self.effort.bytes(piece.bytes.len()) {
                return false;
            }
            let mut hasher = hasher.clone();
            self.join.add(&mut hasher, &piece.bytes, self.order.is_empty());
            self.order.push(index);
            if self.any(hasher, left - 1) {
                return true;
            }
            self.order.pop();
        }
        false
    }

    fn next(&mut self, index: usize, hasher: Hasher, left: usize) -> bool {
        let Some(piece) = self.pieces.get(index) else {
            return left == 0 && self.ends(hasher);
        };
        let remaining = self.pieces.len() - index;
        if remaining < left || !self.effort.bytes(piece.bytes.len()) {
            return false;
        }
        if left > 0 && self.next(index + 1, hasher.clone(), left - 1) {
            return true;
        }
        if remaining == left || !self.join.takes(piece) {
            return false;
        }
        let mut hasher = hasher;
        self.join.add(&mut hasher, &piece.bytes, self.order.is_empty());
        self.order.push(index);
        if self.next(index + 1, hasher, left) {
            return true;
        }
        self.order.pop();
        false
    }

    fn ends(&mut self, mut hasher: Hasher) -> bool {
        if !self.effort.bytes(64) {
            return false;
        }
        let is_lines = matches!(self.join, Join::Text("" | "\n"));
        let with_lf = is_lines.then(|| hasher.clone());
        if hasher_is(hasher, self.wanted.expected) {
            return true;
        }
        if let Some(longer) = with_lf {
            hasher = longer;
            hasher.update(b"\n");
            self.ends_in_lf = hasher_is(hasher, self.wanted.expected);
        }
        self.ends_in_lf
    }
}

fn hasher_is(hasher: Hasher, expected: &[u8]) -> bool {
    hasher.finish().as_bytes() == expected
}
