//! Changing JSON as JSON: most broken bytes are refused by the lexer, so values are changed behind it.

use tickmark_formats::json::{Kind, Span, Value, parse};
use tickmark_formats::limits::Limits;

use crate::chance::Chance;
use crate::mutate::NUMBERS;

/// Changes one value or member of a JSON text in `input`. Whether there was one.
pub fn edit(input: &mut Vec<u8>, kept: &[Vec<u8>], chance: &mut Chance) -> bool {
    let Some((start, end)) = text_in(input, chance) else {
        return false;
    };
    let text = &input[start..end];
    let Some(places) = Places::of(text) else {
        return false;
    };
    let other = chance.of(kept).and_then(|other| {
        let (start, end) = text_in(other, chance)?;
        let text = &other[start..end];
        let places = Places::of(text)?;
        Some(chance.of(&places.values)?.of(text).to_vec())
    });
    let Some((span, new)) = change(text, &places, other, chance) else {
        return false;
    };
    input.splice(start + span.start as usize..start + span.end as usize, new);
    true
}

/// Where a JSON text begins and ends: one line, or everything from the first bracket.
fn text_in(input: &[u8], chance: &mut Chance) -> Option<(usize, usize)> {
    let is_bracket = |byte: u8| matches!(byte, b'{' | b'[');
    let from = chance.below(input.len());
    let begins = |&at: &usize| is_bracket(input[at]) && (at < 2 || input[at - 1] == b'\n');
    let line = (from..input.len()).chain(0..from).find(begins)?;
    let end = input[line..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(input.len(), |length| line + length);
    if parse(&input[line..end], &Limits::default()).is_ok() {
        return Some((line, end));
    }
    let start = input.iter().position(|byte| is_bracket(*byte))?;
    let end = input.len()
        - input
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
    Some((start, end))
}

/// Where values and members stand.
#[derive(Default)]
struct Places {
    values: Vec<Span>,
    strings: Vec<Span>,
    numbers: Vec<Span>,
    /// From a member's name to the end of its value.
    members: Vec<Span>,
    names: Vec<Span>,
}

impl Places {
    fn of(text: &[u8]) -> Option<Places> {
        let value = parse(text, &Limits::default()).ok()?;
        let mut places = Places::default();
        places.gather(&value);
        Some(places)
    }

    fn gather(&mut self, value: &Value<'_>) {
        self.values.push(value.span);
        match &value.kind {
            Kind::String(_) => self.strings.push(value.span),
            Kind::Number(_) => self.numbers.push(value.span),
            Kind::Array(elements) => elements.iter().for_each(|element| self.gather(element)),
            Kind::Object(members) => {
                for member in members {
                    self.names.push(member.name_span);
                    self.members.push(Span {
                        start: member.name_span.start,
                        end: member.value.span.end,
                    });
                    self.gather(&member.value);
                }
            }
            Kind::Null | Kind::Bool(_) => {}
        }
    }
}

fn change(
    text: &[u8],
    places: &Places,
    other: Option<Vec<u8>>,
    chance: &mut Chance,
) -> Option<(Span, Vec<u8>)> {
    let mut pick = |spans: &[Span]| chance.of(spans).copied();
    let (value, string, number) = (
        pick(&places.values)?,
        pick(&places.strings),
        pick(&places.numbers),
    );
    let (member, name, second) = (pick(&places.members), pick(&places.names), pick(&places.values)?);
    let another_name = pick(&places.names);
    let whole = |span: Span| span.of(text).to_vec();
    Some(match chance.below(15) {
        0 => (value, chance.of(TOKENS)?.as_bytes().to_vec()),
        1 => (value, whole(second)),
        2 => (value, other?),
        3 => (without_comma(text, member?), Vec::new()),
        4 => (member?, [whole(member?), b",".to_vec(), whole(member?)].concat()),
        5 => (name?, whole(another_name?)),
        6 => (name?, b"\"added\"".to_vec()),
        7 => (string?, respelled(string?.of(text), chance)),
        8 | 9 => (string?, changed(string?.of(text), chance)),
        10 => (number?, renumbered(number?.of(text), chance)),
        11 => (value, [b"[".to_vec(), whole(value), b"]".to_vec()].concat()),
        12 => (member?, [b"\"added\":1,".to_vec(), whole(member?)].concat()),
        13 => (value, [b" ".to_vec(), whole(value), b" ".to_vec()].concat()),
        _ => (number?, chance.of(NUMBERS)?.as_bytes().to_vec()),
    })
}

/// A member with the comma before or behind it.
fn without_comma(text: &[u8], member: Span) -> Span {
    let (start, end) = (member.start as usize, member.end as usize);
    if text.get(end) == Some(&b',') {
        return Span {
            end: member.end + 1,
            ..member
        };
    }
    match start.checked_sub(1).and_then(|before| text.get(before)) {
        Some(b',') => Span {
            start: member.start - 1,
            ..member
        },
        _ => member,
    }
}

/// The same string in another spelling.
fn respelled(token: &[u8], chance: &mut Chance) -> Vec<u8> {
    let places: Vec<usize> = (1..token.len().saturating_sub(1))
        .filter(|&at| token[at].is_ascii_alphanumeric() && !token[..at].ends_with(b"\\"))
        .collect();
    let Some(&at) = chance.of(&places) else {
        return token.to_vec();
    };
    let escape = format!("\\u{:04x}", token[at]);
    [&token[..at], escape.as_bytes(), &token[at + 1..]].concat()
}

/// Another string: one character different, added or gone.
fn changed(token: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut new = token.to_vec();
    let inside = token.len().saturating_sub(2);
    let at = 1 + chance.below(inside);
    let letter = chance.of(LETTERS).copied().unwrap_or(b'x');
    match chance.below(4) {
        0 if inside > 0 => drop(new.remove(at)),
        1 => new.insert(at, letter),
        2 if inside > 0 => new[at] = letter,
        _ => {
            let word = chance.of(STRINGS).copied().unwrap_or_default();
            new.splice(at..at, word.bytes());
        }
    }
    new
}

/// The same number in another spelling, or the next one.
fn renumbered(token: &[u8], chance: &mut Chance) -> Vec<u8> {
    let text = String::from_utf8_lossy(token);
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
    let new = match (chance.below(5), text.parse::<u32>()) {
        (0, _) if is_whole => format!("{text}.0"),
        (1, _) if is_whole => format!("{text}e0"),
        (2, Ok(number)) => format!("{}", u64::from(number) + 1),
        (3, _) if is_whole => format!("{text}.00000000000000000001"),
        _ => format!("-{text}"),
    };
    new.into_bytes()
}

const TOKENS: &[&str] = &[
    "null",
    "true",
    "false",
    "\"\"",
    "[]",
    "{}",
    "0",
    "-1",
    "1e400",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"0000000000000000000000000000000000000000000000000000000000000000\"",
    "[[[[[[[[]]]]]]]]",
    "{\"a\":{\"a\":{\"a\":null}}}",
];

const LETTERS: &[u8] = b"0123456789abcdefABCDEF+/=-_.:~ xz";

const STRINGS: &[&str] = &[
    "\\u0000",
    "\\\\",
    "\\n",
    "\u{e9}",
    "e\u{301}",
    "\u{1f600}",
    "\u{202e}",
    "\\ud83d\\ude00",
    "..",
    "/",
    "sha256:",
    "2026-01-01T00:00:00Z",
];
