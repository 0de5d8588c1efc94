//! What a record says in the reviewer's words, and where it says it.
//!
//! A reading aid that proves nothing. The order of preference is the table in `rules.rs`.

use serde::{Serialize, Serializer};
use tickmark_formats::json::{Kind, Value};
use tickmark_formats::pointer::Pointer;

use crate::rules::{Asked, MEANINGS, PLACES, folded};
use crate::text::{IndexedText, indexed_text, prefix};
use crate::time::{Moment, Precision, parse_number, parse_text};

/// What a record says. Every part is as recorded, cut to [`MAX_FACT`] characters.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// When it says that it happened.
    pub time: Option<RecordedTime>,
    /// What stands where a time belongs, if none of it can be read as a moment.
    pub unread_time: Option<Fact>,
    /// What happened.
    pub event: Option<Fact>,
    /// Who or what acted.
    pub actor: Option<Fact>,
    /// How it ended.
    pub outcome: Option<Fact>,
    /// Which model.
    pub model: Option<Fact>,
    /// A line about it.
    pub summary: Option<Fact>,
    /// What the full-text index holds.
    pub text: IndexedText,
}

/// One fact and its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The value as recorded; a number or boolean as it is spelled.
    pub value: String,
    /// Where the record says it.
    #[serde(serialize_with = "as_text")]
    pub pointer: Pointer,
}

/// A time that the record states. It is the recorder's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedTime {
    /// As recorded.
    pub text: String,
    /// Where the record says it.
    #[serde(serialize_with = "as_text")]
    pub pointer: Pointer,
    /// Nanoseconds since 1970-01-01T00:00:00Z. Where no zone is given, UTC is assumed.
    pub utc_nanos: i64,
    /// Whether the record says which zone it means.
    pub zone_given: bool,
    /// How finely it is written.
    pub precision: Precision,
}

/// Reads the facts of a record. A record that is no object says nothing but its text.
#[must_use]
pub fn facts(value: &Value<'_>) -> Facts {
    let candidates = Candidates::gather(value);
    let (time, unread_time) = candidates.time(value);
    Facts {
        time,
        unread_time,
        event: candidates.fact(value, Asked::Event),
        actor: candidates.fact(value, Asked::Actor),
        outcome: candidates.fact(value, Asked::Outcome),
        model: candidates.fact(value, Asked::Model),
        summary: candidates.fact(value, Asked::Summary),
        text: indexed_text(value),
    }
}

/// Members of a record whose names belong to a rule.
struct Candidates<'v, 'a> {
    found: Vec<Candidate<'v, 'a>>,
}

struct Candidate<'v, 'a> {
    asked: Asked,
    /// Envelopes around it, then its place in them, then the place of its name: the least is preferred.
    order: (usize, [usize; 2], usize),
    name: &'static str,
    pointer: Pointer,
    value: &'v Value<'a>,
}

impl<'v, 'a> Candidates<'v, 'a> {
    /// Looks at the record, at the envelopes in it, and at the envelopes in those.
    fn gather(record: &'v Value<'a>) -> Self {
        let mut candidates = Candidates { found: Vec::new() };
        candidates.look_into(record, &Pointer::root(), &mut Vec::new());
        candidates
            .found
            .sort_by_key(|candidate| (candidate.asked, candidate.order));
        candidates
    }

    fn look_into(&mut self, value: &'v Value<'a>, at: &Pointer, around: &mut Vec<usize>) {
        let Kind::Object(members) = &value.kind else {
            return;
        };
        let places = [
            around.first().copied().unwrap_or(0),
            around.get(1).copied().unwrap_or(0),
        ];
        for member in members {
            let Some(meaning) = folded(&member.name).and_then(|name| MEANINGS.get(name.as_str())) else {
                continue;
            };
            let pointer = at.child(member.name.clone());
            for (asked, rank, name) in &meaning.asked {
                self.found.push(Candidate {
                    asked: *asked,
                    order: (around.len(), places, *rank),
                    name,
                    pointer: pointer.clone(),
                    value: &member.value,
                });
            }
            if let Some(envelope) = meaning.envelope.filter(|_| around.len() < MOST_ENVELOPES) {
                around.push(envelope);
                self.look_into(&member.value, &pointer, around);
                around.pop();
            }
        }
    }

    fn fact(&self, record: &'v Value<'a>, asked: Asked) -> Option<Fact> {
        let said = |(name, pointer, value): (&str, Pointer, &'v Value<'a>)| {
            let value = scalar(value)?;
            asked.is_said_by(name, value).then(|| Fact {
                value: cut(value),
                pointer,
            })
        };
        self.places(record, asked).find_map(said)
    }

    fn time(&self, record: &'v Value<'a>) -> (Option<RecordedTime>, Option<Fact>) {
        let mut unread = None;
        for (_, pointer, value) in self.places(record, Asked::Time) {
            if let Some(moment) = moment(value) {
                let text = scalar(value).map(cut).unwrap_or_default();
                let Moment {
                    utc_nanos,
                    zone_given,
                    precision,
                } = moment;
                return (
                    Some(RecordedTime {
                        text,
                        pointer,
                        utc_nanos,
                        zone_given,
                        precision,
                    }),
                    None,
                );
            }
            if let Some(text) = scalar(value).filter(|text| !text.trim().is_empty())
                && unread.is_none()
            {
                unread = Some(Fact {
                    value: cut(text),
                    pointer,
                });
            }
        }
        (None, unread)
    }

    /// Every place at which a fact may stand, the preferred one first.
    fn places<'s>(
        &'s self,
        record: &'v Value<'a>,
        asked: Asked,
    ) -> impl Iterator<Item = (&'static str, Pointer, &'v Value<'a>)> + 's
    where
        'v: 's,
        'a: 's,
    {
        let known = PLACES.get(asked as usize).map(Vec::as_slice).unwrap_or_default();
        let known = known.iter().filter_map(move |segments| resolve(record, segments));
        let named = self
            .found
            .iter()
            .filter(move |candidate| candidate.asked == asked)
            .flat_map(move |candidate| {
                let inside = asked
                    .rule()
                    .inner
                    .split_whitespace()
                    .filter_map(move |name| inner(candidate, name));
                std::iter::once((candidate.name, candidate.pointer.clone(), candidate.value)).chain(inside)
            });
        known.map(|(pointer, value)| ("", pointer, value)).chain(named)
    }
}

fn inner<'v, 'a>(
    candidate: &Candidate<'v, 'a>,
    wanted: &str,
) -> Option<(&'static str, Pointer, &'v Value<'a>)> {
    let Kind::Object(members) = &candidate.value.kind else {
        return None;
    };
    let member = members
        .iter()
        .find(|member| folded(&member.name).is_some_and(|name| name == wanted))?;
    Some((
        candidate.name,
        candidate.pointer.child(member.name.clone()),
        &member.value,
    ))
}

/// Follows a known place; the pointer that is given back names array elements by their index.
fn resolve<'v, 'a>(record: &'v Value<'a>, segments: &[String]) -> Option<(Pointer, &'v Value<'a>)> {
    let (mut pointer, mut value) = (Pointer::root(), record);
    for segment in segments {
        let key = segment.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match (&value.kind, key) {
            (Kind::Array(elements), Some(key)) => {
                let is_keyed = |element: &Value<'_>| element.get("key").and_then(Value::as_str) == Some(key);
                let at = elements.iter().position(is_keyed)?;
                pointer.push(at.to_string());
                value = elements.get(at)?;
            }
            (Kind::Array(elements), None) => {
                value = elements.get(segment.parse::<usize>().ok()?)?;
                pointer.push(segment.clone());
            }
            _ => {
                value = value.get(segment)?;
                pointer.push(segment.clone());
            }
        }
    }
    Some((pointer, value))
}

/// A value that is no container, as it is spelled.
fn scalar<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    match &value.kind {
        Kind::String(text) => Some(text),
        Kind::Number(token) => Some(token),
        Kind::Bool(true) => Some("true"),
        Kind::Bool(false) => Some("false"),
        _ => None,
    }
}

fn moment(value: &Value<'_>) -> Option<Moment> {
    match &value.kind {
        Kind::String(text) => parse_text(text),
        Kind::Number(token) => parse_number(token),
        _ => None,
    }
}

fn cut(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(MAX_FACT) {
        Some((end, _)) => format!("{}…", prefix(text, end)),
        None => text.to_owned(),
    }
}

fn as_text<S: Serializer>(pointer: &Pointer, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(pointer)
}

/// Most characters of a fact; the record itself is never cut.
pub const MAX_FACT: usize = 200;
/// An envelope within an envelope is opened, not more.
const MOST_ENVELOPES: usize = 2;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;
    use tickmark_formats::json::parse;
    use tickmark_formats::limits::Limits;

    use super::*;

    fn read(json: &str) -> Facts {
        facts(&parse(json.as_bytes(), &Limits::default()).unwrap())
    }

    fn pairs(json: &str) -> Vec<(String, String)> {
        let found = read(json);
        let time = found.time.map(|time| Fact {
            value: time.text,
            pointer: time.pointer,
        });
        [
            time,
            found.event,
            found.actor,
            found.outcome,
            found.model,
            found.summary,
        ]
        .into_iter()
        .map(|fact| {
            fact.map(|fact| (fact.value, fact.pointer.to_string()))
                .unwrap_or_default()
        })
        .collect()
    }

    fn expect(json: &str, expected: [(&str, &str); 6]) {
        let expected: Vec<(String, String)> =
            expected.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        assert_eq!(pairs(json), expected, "{json}");
    }

    const NONE: (&str, &str) = ("", "");

    #[test]
    fn a_flat_record() {
        expect(
            r#"{"timestamp":"2026-11-23T15:00:24Z","event_type":"tool_call","agent_id":"bot-7","outcome":"success",
                "model_id":"m-1","message":"searched"}"#,
            [
                ("2026-11-23T15:00:24Z", "/timestamp"),
                ("tool_call", "/event_type"),
                ("bot-7", "/agent_id"),
                ("success", "/outcome"),
                ("m-1", "/model_id"),
                ("searched", "/message"),
            ],
        );
    }

    #[test]
    fn a_receipt_in_an_envelope() {
        expect(
            r#"{"receipt":{"ts":"2026-11-23T15:00:24.493Z","agent":{"id":"did:key:z6"},"action":{"type":"pay","summary":"Paid",
                "outcome":"ok"}},"sig":"x"}"#,
            [
                ("2026-11-23T15:00:24.493Z", "/receipt/ts"),
                ("pay", "/receipt/action/type"),
                ("did:key:z6", "/receipt/agent/id"),
                ("ok", "/receipt/action/outcome"),
                NONE,
                ("Paid", "/receipt/action/summary"),
            ],
        );
    }

    #[test]
    fn a_credential() {
        expect(
            r#"{"type":["VerifiableCredential"],"issuer":{"id":"did:a"},"issuanceDate":"2026-11-23T15:00:25Z",
                "credentialSubject":{"principal":{"id":"did:user:1"},"action":{"type":"file.read",
                "timestamp":"2026-11-23T15:00:24Z"},"outcome":{"status":"success"}}}"#,
            [
                ("2026-11-23T15:00:24Z", "/credentialSubject/action/timestamp"),
                ("file.read", "/credentialSubject/action/type"),
                ("did:user:1", "/credentialSubject/principal/id"),
                ("success", "/credentialSubject/outcome/status"),
                NONE,
                NONE,
            ],
        );
    }

    #[test]
    fn a_bare_decision_is_an_outcome() {
        expect(
            r#"{"timestamp":1795446137.916069,"tool_name":"search","action":"allow","model":null,"error":""}"#,
            [
                ("1795446137.916069", "/timestamp"),
                ("search", "/tool_name"),
                NONE,
                ("allow", "/action"),
                NONE,
                ("search", "/tool_name"),
            ],
        );
        assert_eq!(
            pairs(r#"{"action":"transfer"}"#)[3],
            (String::new(), String::new())
        );
    }

    #[test]
    fn attributes_as_keys_and_values() {
        expect(
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"chat x","startTimeUnixNano":"1795446156309291195",
                "attributes":[{"key":"other","value":{"stringValue":"o"}},
                {"key":"gen_ai.request.model","value":{"stringValue":"x-1"}}]}]}]}]}"#,
            [
                (
                    "1795446156309291195",
                    "/resourceSpans/0/scopeSpans/0/spans/0/startTimeUnixNano",
                ),
                ("chat x", "/resourceSpans/0/scopeSpans/0/spans/0/name"),
                NONE,
                NONE,
                (
                    "x-1",
                    "/resourceSpans/0/scopeSpans/0/spans/0/attributes/1/value/stringValue",
                ),
                NONE,
            ],
        );
    }

    #[test]
    fn the_outermost_statement_is_preferred_and_nulls_are_passed_over() {
        let found = read(
            r#"{"data":{"timestamp":"2020-01-01T00:00:00Z"},"CREATED-AT":"2021-01-01T00:00:00","time":null}"#,
        );
        let time = found.time.unwrap();
        assert_eq!(
            (time.text.as_str(), time.zone_given),
            ("2021-01-01T00:00:00", false)
        );
        assert_eq!(time.pointer.to_string(), "/CREATED-AT");
    }

    #[test]
    fn a_time_that_cannot_be_read_is_kept_as_such() {
        let found = read(r#"{"timestamp":"yesterday","created_at":7}"#);
        assert_eq!(found.time, None);
        let unread = found.unread_time.unwrap();
        assert_eq!(
            (unread.value.as_str(), unread.pointer.to_string().as_str()),
            ("yesterday", "/timestamp")
        );
        let found = read(r#"{"timestamp":"yesterday","created_at":1795446137}"#);
        assert!(found.time.is_some() && found.unread_time.is_none());
    }

    #[test]
    fn what_is_no_object_has_only_a_text() {
        let found = read(r#"["timestamp","2026-11-23T15:00:24Z"]"#);
        assert_eq!((found.time, found.event), (None, None));
        assert_eq!(found.text.text, "timestamp 2026-11-23T15:00:24Z");
    }

    #[test]
    fn a_long_value_is_cut() {
        let found = read(&format!(r#"{{"message":"{}"}}"#, "é".repeat(500)));
        assert_eq!(found.summary.unwrap().value, format!("{}…", "é".repeat(MAX_FACT)));
    }

    proptest! {
        #[test]
        fn every_pointer_leads_to_its_value(
            names in proptest::collection::vec("timestamp|created_at|eventType|action|actor|user|status|model|data|payload|x", 1..8),
            values in proptest::collection::vec(r#""[a-z ]{0,8}"|17[0-9]{8}|null|true|\{"id":"u","type":"t","ts":"2026-11-23"\}"#, 8),
        ) {
            let mut seen = std::collections::HashSet::new();
            let members: Vec<String> = names
                .iter()
                .zip(&values)
                .filter(|(name, _)| seen.insert((*name).clone()))
                .map(|(name, value)| format!("\"{name}\":{value}"))
                .collect();
            let json = format!("{{{}}}", members.join(","));
            let value = parse(json.as_bytes(), &Limits::default()).unwrap();
            let found = facts(&value);
            prop_assert_eq!(&facts(&value), &found);
            for fact in [&found.event, &found.actor, &found.outcome, &found.model, &found.summary].into_iter().flatten() {
                let there = value.at(&fact.pointer).and_then(scalar).unwrap();
                prop_assert_eq!(there.trim(), &fact.value);
            }
            if let Some(time) = found.time {
                prop_assert_eq!(value.at(&time.pointer).and_then(scalar).unwrap(), &time.text);
            }
        }
    }
}
