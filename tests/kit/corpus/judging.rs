//! What a verification comes to, held against its case. Both doors are judged by it: what it reads is the JSON object
//! `tickmark.verification/1`.

use serde_json::Value;

use super::case::{Case, Must};

/// What differs from the case.
pub fn differs(case: &Case, verification: &Value, exit: u8) -> Option<String> {
    difference(case, verification, exit).map(|what| format!("{what}\n    {}", told(verification)))
}

fn difference(case: &Case, v: &Value, exit: u8) -> Option<String> {
    let e = &case.expect;
    let claims = [
        ("integrity", e.integrity),
        ("authenticity", e.authenticity),
        ("completeness", e.completeness),
        ("time", Must::NotProven),
    ];
    for (name, must) in claims {
        let claim = &v["claims"][name];
        if claim["outcome"] != must.word() || claim["basis"].as_str() != must.basis() {
            return Some(format!("{name} must be {must:?}"));
        }
    }
    if v["verdict"] != e.verdict() || exit != e.exit() {
        return Some(format!(
            "the verdict must be {} with exit code {}, and not {exit}",
            e.verdict(),
            e.exit()
        ));
    }
    let codes: Vec<&str> = texts(&v["fault_groups"], "code");
    if let Some(code) = e.faults.iter().find(|code| !codes.contains(*code)) {
        return Some(format!("the fault {code} must be told"));
    }
    if e.faults.is_empty() && !codes.is_empty() {
        return Some("no fault may be told".into());
    }
    let tells = |list: &Value, holds: &dyn Fn(&str) -> bool| {
        list.as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .any(holds)
    };
    if e.warning
        .is_some_and(|warning| !tells(&v["warnings"], &|told| told.contains(warning)))
    {
        return Some(format!("a warning must be told: {}", v["warnings"]));
    }
    if e.uncovered
        .is_some_and(|field| !tells(&v["uncovered_fields"], &|told| told == field))
    {
        return Some(format!(
            "a field must be named as uncovered: {}",
            v["uncovered_fields"]
        ));
    }
    None
}

fn texts<'v>(list: &'v Value, name: &str) -> Vec<&'v str> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(|item| item[name].as_str()).collect()
}

/// A verification in a line, for messages.
pub fn told(v: &Value) -> String {
    let claim = |name: &str| {
        let claim = &v["claims"][name];
        claim["basis"]
            .as_str()
            .or(claim["outcome"].as_str())
            .unwrap_or("-")
            .to_owned()
    };
    format!(
        "{}: {} {} {} {:?}",
        v["profile"]["id"],
        claim("integrity"),
        claim("authenticity"),
        claim("completeness"),
        texts(&v["fault_groups"], "code")
    )
}
