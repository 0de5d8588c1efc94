//! JSON Web Signatures (RFC 7515, RFC 7797): a token is opened into a record that any profile can point into.
//!
//! The record is the general form with its parts decoded:
//! `{"payload": {…}, "signatures": [{"protected": {…}, "header": {…}, "signature": "…"}]}`. Nothing in a header is
//! trusted: the algorithm is the pinned key's, a carried key (`jwk`, `x5c`, `jku`, `x5u`) is never looked at.

use std::borrow::Cow;

use tickmark_crypto::encoding::unbase64url;
use tickmark_crypto::key::KeyAlgorithm;
use tickmark_formats::canonical::{Escape, write_string};
use tickmark_formats::json::{JsonError, Kind, Value, parse};
use tickmark_formats::limits::Limits;

/// An opened token.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The record, as JSON text.
    pub text: Vec<u8>,
    /// What each signature of the record covers, in their order.
    pub inputs: Vec<Input>,
}

/// What one signature covers.
#[derive(Debug)]
pub(crate) struct Input {
    /// The signed bytes (RFC 7515, section 5.2): header, a dot, payload.
    pub bytes: Vec<u8>,
    /// What its header asks for.
    pub asks: Result<Asks, Refusal>,
}

/// What a header asks for. It chooses among pinned keys and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asks {
    pub algorithm: KeyAlgorithm,
    pub kid: Option<String>,
}

/// Why a signature is not accepted, whatever key made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The signature protects no algorithm.
    #[error("its protected header names no algorithm")]
    NoAlgorithm,
    /// It names one that is none, or that is not known.
    #[error("it names the algorithm “{0}”")]
    Algorithm(String),
    /// It names extensions that must be understood and are not, or names them against the rule.
    #[error("it asks for an extension that is not understood")]
    Critical,
    /// A name stands in both headers.
    #[error("both its headers name “{0}”")]
    TwoHeaders(String),
}

/// Why bytes are no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JwsError {
    /// It has another shape.
    #[error("expected {expected}")]
    Shape { expected: &'static str },
    /// A part is no JSON.
    #[error("its {part}: {error}")]
    Json { part: &'static str, error: JsonError },
}

impl JwsError {
    /// Whether a limit was reached.
    pub fn is_limit(&self) -> bool {
        matches!(self, JwsError::Json { error, .. } if error.is_limit())
    }
}

/// One signature before it is looked into.
struct Raw<'t> {
    /// The protected header in base64url; empty where there is none.
    protected: Cow<'t, str>,
    /// The other header, as JSON text.
    header: Option<&'t [u8]>,
    /// The signature as JSON text.
    signature: Cow<'t, [u8]>,
}

/// Opens a token in compact, flattened or general form.
pub(crate) fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, JwsError> {
    let bytes = bytes.trim_ascii_end();
    if bytes.first() == Some(&b'{') {
        open_json(bytes, limits)
    } else {
        open_compact(bytes, limits)
    }
}

fn open_compact(bytes: &[u8], limits: &Limits) -> Result<Opened, JwsError> {
    let text = std::str::from_utf8(bytes).map_err(|_| shape("three parts of text with dots between"))?;
    let parts: Vec<&str> = text.splitn(4, '.').collect();
    let [protected, payload, signature] = parts.as_slice() else {
        return Err(shape("three parts with dots between"));
    };
    if !signature
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    {
        return Err(shape("a signature in base64url"));
    }
    let raw = Raw {
        protected: Cow::Borrowed(protected),
        header: None,
        signature: Cow::Owned(format!("\"{signature}\"").into_bytes()),
    };
    assemble(payload, &[raw], &[], limits)
}

fn open_json(bytes: &[u8], limits: &Limits) -> Result<Opened, JwsError> {
    let token = parse(bytes, limits).map_err(|error| JwsError::Json { part: "form", error })?;
    let payload = text_of(&token, "payload")?.ok_or_else(|| shape("a payload"))?;
    let members = token.members().unwrap_or_default();
    let beside: Vec<(&str, &[u8])> = members
        .iter()
        .filter(|member| !OWN_NAMES.contains(&&*member.name))
        .map(|member| (&*member.name, member.value.span.of(bytes)))
        .collect();
    let raws: Vec<Raw<'_>> = match token.get("signatures").map(Value::elements) {
        None => vec![raw_of(&token, bytes)?],
        Some(Some(entries)) if is_general(&token) && (1..=MOST_SIGNATURES).contains(&entries.len()) => {
            entries
                .iter()
                .map(|entry| raw_of(entry, bytes))
                .collect::<Result<_, _>>()?
        }
        Some(_) => return Err(shape("either one signature, or a list of one to sixteen")),
    };
    assemble(&payload, &raws, &beside, limits)
}

fn is_general(token: &Value<'_>) -> bool {
    ["protected", "header", "signature"]
        .iter()
        .all(|name| token.get(name).is_none())
}

/// The text of a member that must be text where it is there.
fn text_of<'v>(value: &'v Value<'_>, name: &str) -> Result<Option<Cow<'v, str>>, JwsError> {
    match value.get(name).map(|member| &member.kind) {
        None => Ok(None),
        Some(Kind::String(text)) => Ok(Some(Cow::Borrowed(text.as_ref()))),
        Some(_) => Err(shape("payload and protected header as text")),
    }
}

fn raw_of<'v>(entry: &'v Value<'_>, bytes: &'v [u8]) -> Result<Raw<'v>, JwsError> {
    if entry.get("signature").is_none() && entry.get("protected").is_none() {
        return Err(shape("a protected header and a signature"));
    }
    let header = entry.get("header");
    if header.is_some_and(|header| !header.is_object()) {
        return Err(shape("an object as header"));
    }
    let signature = entry
        .get("signature")
        .map_or(&b"null"[..], |value| value.span.of(bytes));
    Ok(Raw {
        protected: text_of(entry, "protected")?.unwrap_or_default(),
        header: header.map(|header| header.span.of(bytes)),
        signature: Cow::Borrowed(signature),
    })
}

/// Writes the record and what its signatures cover.
fn assemble(
    payload: &str,
    raws: &[Raw<'_>],
    beside: &[(&str, &[u8])],
    limits: &Limits,
) -> Result<Opened, JwsError> {
    let headers = raws
        .iter()
        .map(|raw| protected_of(&raw.protected, limits))
        .collect::<Result<Vec<_>, _>>()?;
    // every signature of a token must encode the payload alike (RFC 7797, section 3)
    let mut encoded = headers.iter().map(|header| is_encoded(header, limits));
    let is_first_encoded = encoded.next().unwrap_or(true);
    if !encoded.all(|one| one == is_first_encoded) {
        return Err(shape("one encoding of the payload for all signatures"));
    }
    let content = if is_first_encoded {
        unbase64url(payload).map_err(|_| shape("a payload in base64url"))?
    } else {
        payload.as_bytes().to_vec()
    };
    let parsed = parse(&content, limits).map_err(|error| JwsError::Json {
        part: "payload",
        error,
    })?;
    if !parsed.is_object() {
        return Err(shape("a JSON object as payload"));
    }
    let mut text = [&b"{\"payload\":"[..], &content, b",\"signatures\":["].concat();
    let mut inputs = Vec::with_capacity(raws.len());
    for (index, (raw, header)) in raws.iter().zip(&headers).enumerate() {
        if index > 0 {
            text.push(b',');
        }
        text.extend_from_slice(b"{\"protected\":");
        text.extend_from_slice(header);
        if let Some(header) = raw.header {
            text.extend_from_slice(b",\"header\":");
            text.extend_from_slice(header);
        }
        text.extend_from_slice(b",\"signature\":");
        text.extend_from_slice(&raw.signature);
        text.push(b'}');
        inputs.push(Input {
            bytes: [raw.protected.as_bytes(), b".", payload.as_bytes()].concat(),
            asks: asks(header, raw.header, limits),
        });
    }
    text.push(b']');
    for (name, value) in beside {
        text.push(b',');
        write_string(name, Escape::Utf8, false, &mut text);
        text.push(b':');
        text.extend_from_slice(value);
    }
    text.push(b'}');
    Ok(Opened { text, inputs })
}

/// The protected header, decoded and held against its form; an empty object where there is none.
fn protected_of(encoded: &str, limits: &Limits) -> Result<Vec<u8>, JwsError> {
    if encoded.is_empty() {
        return Ok(b"{}".to_vec());
    }
    let header = unbase64url(encoded).map_err(|_| shape("a protected header in base64url"))?;
    let parsed = parse(&header, limits).map_err(|error| JwsError::Json {
        part: "protected header",
        error,
    })?;
    if parsed.is_object() {
        Ok(header)
    } else {
        Err(shape("an object as protected header"))
    }
}

/// Whether the payload is in base64url: unless the header says `b64: false` and lists it as critical (RFC 7797).
fn is_encoded(header: &[u8], limits: &Limits) -> bool {
    let Ok(header) = parse(header, limits) else {
        return true;
    };
    let is_listed = header
        .get("crit")
        .and_then(Value::elements)
        .is_some_and(|names| names.iter().any(|name| name.as_str() == Some("b64")));
    !(is_listed && header.get("b64").and_then(Value::as_bool) == Some(false))
}

fn asks(protected: &[u8], other: Option<&[u8]>, limits: &Limits) -> Result<Asks, Refusal> {
    let parsed = |text: &[u8]| -> Vec<(String, Option<String>)> {
        let members = parse(text, limits).ok();
        let members = members.as_ref().and_then(Value::members).unwrap_or_default();
        let text = |value: &Value<'_>| value.as_str().map(str::to_owned);
        members
            .iter()
            .map(|m| (m.name.to_string(), text(&m.value)))
            .collect()
    };
    let own = parsed(protected);
    let others = other.map(parsed).unwrap_or_default();
    let twice = others
        .iter()
        .find(|(name, _)| own.iter().any(|(own, _)| own == name));
    if let Some((name, _)) = twice {
        return Err(Refusal::TwoHeaders(name.clone()));
    }
    let has = |name: &str| own.iter().any(|(own, _)| own == name);
    if others.iter().any(|(name, _)| name == "crit" || name == "b64")
        || !critical_is_understood(protected, limits)
    {
        return Err(Refusal::Critical);
    }
    if !has("alg") {
        return Err(Refusal::NoAlgorithm);
    }
    let named = |name: &str| {
        let all = own.iter().chain(&others);
        all.into_iter()
            .find(|(own, _)| own == name)
            .and_then(|(_, value)| value.clone())
    };
    let name = named("alg").unwrap_or_default();
    let algorithm = algorithm_of(&name).ok_or(Refusal::Algorithm(name))?;
    Ok(Asks {
        algorithm,
        kid: named("kid"),
    })
}

/// The rules of `crit` (RFC 7515, section 4.1.11): a list of names that are there, no name twice, none that every
/// implementation knows. `b64` is the only one understood here, and has no meaning without being listed.
fn critical_is_understood(protected: &[u8], limits: &Limits) -> bool {
    let Ok(header) = parse(protected, limits) else {
        return false;
    };
    let b64 = header.get("b64");
    match header.get("crit") {
        None => b64.is_none(),
        Some(list) => {
            let is_b64_alone = matches!(list.elements(), Some([one]) if one.as_str() == Some("b64"));
            is_b64_alone && b64.is_some_and(|value| value.as_bool().is_some())
        }
    }
}

/// The algorithm of a registered name (RFC 7518, 8037, 9864, 9964).
fn algorithm_of(name: &str) -> Option<KeyAlgorithm> {
    Some(match name {
        "EdDSA" | "Ed25519" => KeyAlgorithm::Ed25519,
        "ES256" => KeyAlgorithm::Es256,
        "ES384" => KeyAlgorithm::Es384,
        "RS256" => KeyAlgorithm::RsaPkcs1Sha256,
        "RS384" => KeyAlgorithm::RsaPkcs1Sha384,
        "RS512" => KeyAlgorithm::RsaPkcs1Sha512,
        "PS256" => KeyAlgorithm::RsaPssSha256,
        "PS384" => KeyAlgorithm::RsaPssSha384,
        "PS512" => KeyAlgorithm::RsaPssSha512,
        "ML-DSA-65" => KeyAlgorithm::MlDsa65,
        "HS256" => KeyAlgorithm::HmacSha256,
        _ => return None,
    })
}

fn shape(expected: &'static str) -> JwsError {
    JwsError::Shape { expected }
}

/// Names that a token has of its own.
const OWN_NAMES: [&str; 5] = ["payload", "protected", "header", "signature", "signatures"];
/// Most signatures of one token.
const MOST_SIGNATURES: usize = 16;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tickmark_crypto::encoding::base64url;

    use super::*;

    fn token(header: &str, payload: &str) -> String {
        format!(
            "{}.{}.AAAA",
            base64url(header.as_bytes()),
            base64url(payload.as_bytes())
        )
    }

    fn opened(text: &str) -> Result<Opened, JwsError> {
        open(text.as_bytes(), &Limits::default())
    }

    fn asked(header: &str) -> Result<Asks, Refusal> {
        opened(&token(header, "{}")).unwrap().inputs.remove(0).asks
    }

    #[test]
    fn the_three_forms_are_one_record() {
        let (header, payload) = (
            base64url(br#"{"alg":"EdDSA","kid":"k"}"#),
            base64url(br#"{"a":1.0}"#),
        );
        let compact = opened(&format!("{header}.{payload}.AAAA")).unwrap();
        let flat = opened(&format!(
            r#"{{"payload":"{payload}","protected":"{header}","signature":"AAAA"}}"#
        ))
        .unwrap();
        let general = opened(&format!(
            r#"{{"payload":"{payload}","signatures":[{{"protected":"{header}","signature":"AAAA"}}]}}"#
        ))
        .unwrap();
        let text = r#"{"payload":{"a":1.0},"signatures":[{"protected":{"alg":"EdDSA","kid":"k"},"signature":"AAAA"}]}"#;
        for one in [&compact, &flat, &general] {
            assert_eq!(one.text, text.as_bytes());
            assert_eq!(one.inputs[0].bytes, format!("{header}.{payload}").into_bytes());
            assert_eq!(one.inputs[0].asks.as_ref().unwrap().kid.as_deref(), Some("k"));
        }
    }

    #[test]
    fn what_is_beside_the_token_is_seen() {
        let text = format!(
            r#"{{"x":[1],"payload":"{}","protected":"e30","signature":7}}"#,
            base64url(b"{}")
        );
        let record = opened(&text).unwrap().text;
        assert_eq!(
            String::from_utf8(record).unwrap(),
            r#"{"payload":{},"signatures":[{"protected":{},"signature":7}],"x":[1]}"#
        );
    }

    #[test]
    fn a_payload_may_stand_as_it_is() {
        let header = base64url(br#"{"alg":"EdDSA","b64":false,"crit":["b64"]}"#);
        let flat = format!(r#"{{"payload":"{{\"a\":1.5}}","protected":"{header}","signature":"AAAA"}}"#);
        let one = opened(&flat).unwrap();
        assert_eq!(
            one.inputs[0].bytes,
            format!("{header}.{{\"a\":1.5}}").into_bytes()
        );
        assert!(one.text.starts_with(br#"{"payload":{"a":1.5}"#));
        // not listed as critical, the payload is base64url and the token is refused
        assert_eq!(asked(r#"{"alg":"EdDSA","b64":false}"#), Err(Refusal::Critical));
        assert!(asked(r#"{"alg":"EdDSA","b64":true,"crit":["b64"]}"#).is_ok());
    }

    #[test]
    fn headers_that_are_not_accepted() {
        let named = |name: &str| Err(Refusal::Algorithm(name.to_owned()));
        assert_eq!(asked(r#"{"alg":"none"}"#), named("none"));
        assert_eq!(asked(r#"{"alg":"None"}"#), named("None"));
        assert_eq!(asked(r#"{"alg":"ES256K"}"#), named("ES256K"));
        assert_eq!(asked(r#"{"alg":7}"#), named(""));
        assert_eq!(asked("{}"), Err(Refusal::NoAlgorithm));
        for crit in [
            r#"["exp"],"exp":1"#,
            "[]",
            r#""b64""#,
            r#"["b64"]"#,
            r#"["b64","b64"],"b64":true"#,
            r#"["b64","x"],"b64":true"#,
        ] {
            assert_eq!(
                asked(&format!(r#"{{"alg":"EdDSA","crit":{crit}}}"#)),
                Err(Refusal::Critical),
                "{crit}"
            );
        }
        let two = format!(
            r#"{{"payload":"e30","protected":"{}","header":{{"alg":"EdDSA"}},"signature":"AAAA"}}"#,
            base64url(br#"{"alg":"EdDSA"}"#)
        );
        assert_eq!(
            opened(&two).unwrap().inputs[0].asks,
            Err(Refusal::TwoHeaders("alg".into()))
        );
        let unprotected = r#"{"payload":"e30","header":{"alg":"EdDSA"},"signature":"AAAA"}"#;
        assert_eq!(
            opened(unprotected).unwrap().inputs[0].asks,
            Err(Refusal::NoAlgorithm)
        );
    }

    #[test]
    fn what_is_no_token() {
        let good = token(r#"{"alg":"EdDSA"}"#, "{}");
        for wrong in [
            String::new(),
            "a.b".into(),
            format!("{good}.x"),
            format!(" {good}"),
            good.replacen("AAAA", "AA\"A", 1),
            good.replacen("e30", "e30=", 1),
            token(r#"{"alg":"EdDSA","alg":"none"}"#, "{}"),
            token(r#"{"alg":"EdDSA"}"#, r#"{"a":1,"a":2}"#),
            token(r#"{"alg":"EdDSA"}"#, r#"{},"x":{}"#),
            token(r#"{"alg":"EdDSA"}"#, "[]"),
            r#"{"payload":"e30"}"#.into(),
            r#"{"payload":"e30","signatures":[]}"#.into(),
            r#"{"payload":"e30","signature":"AAAA","signatures":[{"protected":"e30","signature":"AAAA"}]}"#
                .into(),
            r#"{"payload":{},"protected":"e30","signature":"AAAA"}"#.into(),
            r#"{"payload":"e30","payload":"e30","protected":"e30","signature":"AAAA"}"#.into(),
        ] {
            assert!(opened(&wrong).is_err(), "{wrong}");
        }
        assert!(opened(&format!("{good}\r\n")).is_ok());
    }
}
