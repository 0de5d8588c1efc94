//! Invented credit decisions: who applied, what the model proposed, who reviewed.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Map, Value, json};

/// A small generator of repeatable numbers (xorshift, Marsaglia 2003); no secret depends on it.
pub struct Numbers(u64);

impl Numbers {
    /// Starts from `seed`, which must not be 0.
    pub fn from(seed: u64) -> Self {
        Numbers(seed | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }

    /// One of the choices.
    pub fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.below(choices.len() as u64)).unwrap_or(0);
        choices.get(index).copied().unwrap_or_default()
    }

    /// Hex text of `bytes` bytes.
    pub fn hex(&mut self, bytes: usize) -> String {
        (0..bytes).map(|_| format!("{:02x}", self.below(256))).collect()
    }
}

/// One decision.
pub struct Decision {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// `approved`, `declined` or `referred`.
    pub outcome: &'static str,
    /// Its members, as a gateway would write them.
    pub body: Map<String, Value>,
}

/// `count` decisions from `start` on, during working hours of a busy quarter.
pub fn decisions(count: usize, start: DateTime<Utc>, seed: u64) -> Vec<Decision> {
    let mut numbers = Numbers::from(seed);
    let mut at = start;
    (0..count)
        .map(|index| {
            at += pause(at, &mut numbers);
            decision(index, at, &mut numbers)
        })
        .collect()
}

/// Minutes by day, hours by night, and once a silence of 31 hours that nobody explains.
fn pause(at: DateTime<Utc>, numbers: &mut Numbers) -> Duration {
    use chrono::Timelike;
    let hour = at.hour();
    if !(7..18).contains(&hour) {
        return Duration::minutes(i64::from((31 - hour) % 24) * 60 + 5);
    }
    if at.format("%Y-%m-%d").to_string() == "2026-08-13" && hour >= 15 {
        return Duration::hours(31);
    }
    Duration::milliseconds(i64::try_from(60_000 + numbers.below(3_600_000)).unwrap_or(60_000))
}

fn decision(index: usize, at: DateTime<Utc>, numbers: &mut Numbers) -> Decision {
    let outcome = match numbers.below(100) {
        0..34 => "declined",
        34..38 => "referred",
        _ => "approved",
    };
    let reason = match outcome {
        "declined" => numbers.pick(&[
            "R-07 repayment ratio",
            "R-02 income proof",
            "R-11 prior default",
            "R-04 residence",
        ]),
        "referred" => "R-20 unclear",
        _ => "none",
    };
    let amount = 500 * (2 + numbers.below(60));
    let ratio = 180 + numbers.below(300);
    let mut body = Map::new();
    body.insert(
        "action".into(),
        json!(if outcome == "approved" { "allow" } else { "deny" }),
    );
    body.insert(
        "applicant".into(),
        json!(format!("P-{:04X}", 4096 + numbers.below(60_000))),
    );
    body.insert("event".into(), json!("decision"));
    body.insert(
        "model_id".into(),
        json!(if numbers.below(12) == 0 {
            "credit-scorer 4.2.0"
        } else {
            "credit-scorer 4.2.1"
        }),
    );
    body.insert("outcome".into(), json!(outcome));
    body.insert("question".into(), json!(question(amount, numbers)));
    body.insert("ratio_permille".into(), json!(ratio));
    body.insert("reason".into(), json!(reason));
    body.insert("review".into(), review(outcome, at, numbers));
    body.insert("sequence".into(), json!(index + 1));
    body.insert(
        "timestamp".into(),
        json!(at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
    );
    Decision { at, outcome, body }
}

fn question(amount: u64, numbers: &mut Numbers) -> String {
    let purpose = numbers.pick(&[
        "a used car",
        "a new kitchen",
        "moving house",
        "a heat pump",
        "tuition fees",
        "a café",
    ]);
    let tail = numbers.pick(&[
        "Will it be accepted?",
        "How long does it take?",
        "Peut-on répondre en français ?",
        "Kann ich früher zurückzahlen?",
        "Please answer today.",
    ]);
    format!("I apply for {amount} euros for {purpose}. {tail}")
}

/// A person looks at every case before it is declined. In a few cases nobody did, and that is what a sample can find.
fn review(outcome: &str, at: DateTime<Utc>, numbers: &mut Numbers) -> Value {
    if outcome != "declined" || numbers.below(60) == 0 {
        return Value::Null;
    }
    let seconds = i64::try_from(20 + numbers.below(600)).unwrap_or(20);
    json!({
        "at": (at - Duration::seconds(seconds)).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        "by": numbers.pick(&["P-OP-03", "P-OP-07", "P-OP-12", "P-OP-21"]),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_decisions() {
        let start = "2026-07-01T07:00:00Z".parse().unwrap();
        let one = decisions(300, start, 7);
        let two = decisions(300, start, 7);
        assert!(one.iter().zip(&two).all(|(a, b)| a.body == b.body));
        let declined = one.iter().filter(|d| d.outcome == "declined").count();
        assert!((60..150).contains(&declined), "{declined} declined");
        assert!(one.windows(2).all(|pair| pair[0].at < pair[1].at));
    }
}
