//! Long trails for measuring, in the manner of two systems in use. The same call writes the same bytes.
//!
//! Both are one JSON object a line, spelled as Python's `json.dumps` spells it, and hash the spelling with sorted names:
//!
//! - [`Manner::Chained`], as autonomous-audit 0.1.0 writes it: `hash = hex SHA-256(sorted(record - hash))`; `prev_hash` is
//!   the predecessor's `hash`, at first 64 zeros.
//! - [`Manner::Signed`], as agentproofchain 0.1.0 writes it: `signature = base64 Ed25519(body)` with
//!   `body = sorted(record - signature - entry_hash)`, and `entry_hash = hex SHA-256(body ‖ signature)`; `prev_hash` is the
//!   predecessor's `entry_hash`, at first `genesis`.

use std::io::{self, Write};

use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base64, hex};
use tickmark_crypto::signing::SigningKey;

/// How the records are linked and signed.
pub enum Manner {
    /// A SHA-256 chain.
    Chained,
    /// A SHA-256 chain and an Ed25519 signature on each record.
    Signed(Box<SigningKey>),
}

/// Writes a trail of `records` records.
///
/// # Errors
/// What `out` refuses.
pub fn write(manner: &Manner, records: u64, out: &mut impl Write) -> io::Result<()> {
    let mut previous = match manner {
        Manner::Chained => "0".repeat(64),
        Manner::Signed(_) => "genesis".to_owned(),
    };
    for number in 0..records {
        let (line, digest) = match manner {
            Manner::Chained => chained(number, &previous),
            Manner::Signed(key) => signed(number, &previous, key),
        };
        out.write_all(line.as_bytes())?;
        previous = digest;
    }
    Ok(())
}

fn chained(number: u64, previous: &str) -> (String, String) {
    let (decision, time) = (decision(number), time(number));
    let body = format!(r#"{{"decision": {decision}, "prev_hash": "{previous}", "ts": "{time}"}}"#);
    let digest = hex(&sha256(body.as_bytes()));
    let line = format!(
        "{{\"ts\": \"{time}\", \"decision\": {decision}, \"prev_hash\": \"{previous}\", \"hash\": \"{digest}\"}}\n"
    );
    (line, digest)
}

fn signed(number: u64, previous: &str, key: &SigningKey) -> (String, String) {
    let (decision, time) = (decision(number), time(number));
    let body = format!(
        r#"{{"data": {decision}, "prev_hash": "{previous}", "signed_at": "{time}", "type": "tool_call"}}"#
    );
    let signature = base64(&key.sign(body.as_bytes()));
    let digest = hex(&sha256(format!("{body}{signature}").as_bytes()));
    let line = format!(
        "{{\"type\": \"tool_call\", \"data\": {decision}, \"prev_hash\": \"{previous}\", \"signed_at\": \"{time}\", \
         \"signature\": \"{signature}\", \"entry_hash\": \"{digest}\"}}\n"
    );
    (line, digest)
}

/// One decision of a lending agent, names sorted, all ASCII: the same spelling in the line and in what is hashed.
fn decision(number: u64) -> String {
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let pick =
        |list: &[&'static str], salt: u32| list[(mixed.rotate_right(salt) % list.len() as u64) as usize];
    let outcome = pick(&["approved", "declined", "referred"], 3);
    let reason = pick(&REASONS, 11);
    format!(
        "{{\"agent\": \"agent-{agent:02}\", \"amount\": {amount}, \"case\": \"C-{number:09}\", \"currency\": \"EUR\", \
         \"model\": \"{model}\", \"outcome\": \"{outcome}\", \"policy\": \"{policy}\", \"reason\": \"{reason}\", \"reviewed\": {reviewed}, \
         \"score\": 0.{score:04}, \"session\": \"{mixed:016x}\", \"tool\": \"{tool}\"}}",
        agent = mixed % 24,
        policy = "credit policy 7.3, section 4, revision of 12 January 2026",
        amount = mixed % 250_000,
        model = pick(&["lending-2026-04", "lending-2026-09", "screening-3"], 17),
        reviewed = if mixed.is_multiple_of(7) { "true" } else { "false" },
        // a last digit that is never 0, as Python would print it
        score = (mixed >> 7) % 1000 * 10 + 1 + (mixed >> 17) % 9,
        tool = pick(
            &[
                "credit_bureau.lookup",
                "income.verify",
                "policy.check",
                "message.send"
            ],
            23
        ),
    )
}

/// From 1 January 2026 on, a record every 20 seconds.
fn time(number: u64) -> String {
    let seconds = number * 20;
    let (day, rest) = (seconds / 86_400, seconds % 86_400);
    let (month, day_of_month) = month_of(day % 365);
    let year = 2026 + day / 365; // years of 365 days: no reader of these trails minds a missing 29 February
    format!(
        "{year}-{month:02}-{day_of_month:02}T{:02}:{:02}:{:02}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

fn month_of(mut day: u64) -> (usize, u64) {
    for (index, length) in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30]
        .into_iter()
        .enumerate()
    {
        if day < length {
            return (index + 1, day + 1);
        }
        day -= length;
    }
    (12, day + 1)
}

const REASONS: [&str; 4] = [
    "stated income agrees with three months of statements",
    "two instalments of an earlier loan were late",
    "the address could not be matched with the register",
    "debt to income below the limit of the policy, section 4",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(manner: &Manner, records: u64) -> Vec<serde_json::Value> {
        let mut out = Vec::new();
        write(manner, records, &mut out).unwrap();
        String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn text<'a>(line: &'a serde_json::Value, name: &str) -> &'a str {
        line[name].as_str().unwrap()
    }

    #[test]
    fn records_follow_one_another_and_repeat() {
        let trail = lines(&Manner::Chained, 50);
        assert_eq!(text(&trail[0], "prev_hash"), "0".repeat(64));
        assert!(
            trail
                .windows(2)
                .all(|pair| pair[1]["prev_hash"] == pair[0]["hash"])
        );
        assert_eq!(trail, lines(&Manner::Chained, 50));
    }

    #[test]
    fn a_line_is_as_long_as_the_figures_assume() {
        let mut out = Vec::new();
        write(&Manner::Chained, 1000, &mut out).unwrap();
        assert!((520_000..610_000).contains(&out.len()), "{}", out.len());
    }

    #[test]
    fn the_hash_is_over_the_sorted_spelling_without_it() {
        for line in lines(&Manner::Chained, 5) {
            let body = format!(
                r#"{{"decision": {}, "prev_hash": "{}", "ts": "{}"}}"#,
                spaced(&line["decision"]),
                text(&line, "prev_hash"),
                text(&line, "ts")
            );
            assert_eq!(hex(&sha256(body.as_bytes())), text(&line, "hash"));
        }
    }

    /// Python's default spelling of a flat object.
    fn spaced(object: &serde_json::Value) -> String {
        let members = object
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("\"{name}\": {value}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn days_become_dates() {
        assert_eq!(time(0), "2026-01-01T00:00:00Z");
        assert_eq!(time(4320 * 59 + 1), "2026-03-01T00:00:20Z");
        assert_eq!(time(4320 * 364), "2026-12-31T00:00:00Z");
        assert_eq!(time(4320 * 365), "2027-01-01T00:00:00Z");
    }
}
