//! A verification as text: verdict, four claims with one sentence each, faults, what is not proven, what to do next.

use std::fmt::Write;

use tickmark_workbench::contract::verification::{
    Basis, CheckOutcome, Claim, ClaimOutcome, Fault, FaultGroup, HeadSeen, KeyOrigin, KeyUse, Relation,
    Verification,
};

use crate::text::{bullets, counted, grouped, hanging, moment, number, pairs, size, visible};

/// The verdict's word.
pub fn word(outcome: ClaimOutcome) -> &'static str {
    match outcome {
        ClaimOutcome::Proven => "Proven",
        ClaimOutcome::Refuted => "Refuted",
        ClaimOutcome::NotProven => "Not proven",
    }
}

/// A mark that stays readable without colour.
pub fn mark(outcome: ClaimOutcome) -> &'static str {
    match outcome {
        ClaimOutcome::Proven => "[+]",
        ClaimOutcome::Refuted => "[x]",
        ClaimOutcome::NotProven => "[-]",
    }
}

/// The whole page.
pub fn page(v: &Verification) -> String {
    let mut out = String::new();
    heading(&mut out, v);
    let _ = writeln!(out, "\n{} {}", mark(v.verdict), word(v.verdict));
    out.push_str(&hanging("    ", &v.sentence));
    for (name, claim) in claims(v) {
        claim_lines(&mut out, name, claim);
    }
    heads(&mut out, v);
    faults(&mut out, v);
    section(&mut out, "Keys", &v.keys.iter().map(key_line).collect::<Vec<_>>());
    section(
        &mut out,
        "Fields that no hash or signature reaches",
        &uncovered(v),
    );
    section(&mut out, "Notice", &v.warnings);
    section(&mut out, "What this does not prove", &v.not_proven);
    section(&mut out, "What to do next", &v.next_steps);
    out
}

/// A bundle of a list: verdict, name, and the sentence below.
pub fn entry(name: &str, v: &Verification) -> String {
    format!(
        "{} {:<11}  {}\n{}",
        mark(v.verdict),
        word(v.verdict),
        visible(name),
        hanging(BELOW_NAME, &v.sentence)
    )
}

/// A bundle of a list that could not be judged, with the reason.
pub fn not_judged(name: &str, why: &str) -> String {
    format!(
        "[ ] {:<11}  {}\n{}",
        "Not checked",
        visible(name),
        hanging(BELOW_NAME, why)
    )
}

fn heading(out: &mut String, v: &Verification) {
    let packing = v.bundle.packing.join(", ");
    let judged = match &v.profile {
        Some(profile) => format!("under {} ({} {})", profile.title, profile.id, profile.version),
        None => {
            let level = v.counts.proof_level.as_deref().unwrap_or("P0");
            format!("no profile describes this bundle; proof level {level}")
        }
    };
    let records = counted(v.counts.records, "record", "records");
    let _ = writeln!(out, "{}", visible(&v.bundle.name));
    out.push_str(&pairs(&[
        (
            "Received",
            format!("{}, {packing}, {records}", size(v.bundle.bytes)),
        ),
        ("SHA-256", grouped(&v.bundle.sha256)),
        ("Judged", judged),
    ]));
}

fn claims(v: &Verification) -> [(&'static str, &Claim); 4] {
    [
        ("Integrity", &v.claims.integrity),
        ("Authenticity", &v.claims.authenticity),
        ("Completeness", &v.claims.completeness),
        ("Time", &v.claims.time),
    ]
}

fn claim_lines(out: &mut String, name: &str, claim: &Claim) {
    let basis = match claim.basis {
        Some(Basis::Anchored) => " (anchored outside the bundle)",
        Some(Basis::SelfConsistent) => " (agrees with itself only)",
        None => "",
    };
    let _ = writeln!(
        out,
        "\n{} {:<12}  {}{basis}",
        mark(claim.outcome),
        name,
        word(claim.outcome)
    );
    out.push_str(&hanging("    ", &claim.sentence));
    for check in &claim.checks {
        let detail = if check.detail.is_empty() {
            String::new()
        } else {
            format!(": {}", check.detail)
        };
        let paragraph = hanging(BELOW_CHECK, &format!("{}{detail}", check.title));
        let _ = write!(
            out,
            "      {:<14}  {}",
            outcome(check.outcome),
            paragraph.trim_start_matches(' ')
        );
    }
}

fn outcome(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Pass => "pass",
        CheckOutcome::Fail => "fail",
        CheckOutcome::NotChecked => "not checked",
        CheckOutcome::NotApplicable => "not applicable",
    }
}

/// The ends of earlier imports beside the ends that are here.
fn heads(out: &mut String, v: &Verification) {
    if v.continuity.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nEarlier imports of this trail");
    for told in v.continuity.iter().take(SHOWN_CHAINS) {
        let relation = match told.relation {
            Relation::Extends => "extends",
            Relation::Equal => "ends alike",
            Relation::Shorter => "shorter",
            Relation::Forks => "forks",
            Relation::Unknown => "not shown",
        };
        let chain = told
            .chain
            .as_deref()
            .map_or(String::new(), |chain| format!("chain {chain}, "));
        out.push_str(&hanging("  ", &format!("{chain}{relation}: {}", told.sentence)));
        let side = |who: &str, head: &HeadSeen| {
            let import = head
                .import
                .as_deref()
                .map_or(String::new(), |id| format!(", bundle {id}"));
            let at = head
                .at
                .as_deref()
                .map_or(String::new(), |at| format!(", {}", moment(at)));
            let ended = if head.head.is_empty() {
                "no end"
            } else {
                head.head.as_str()
            };
            format!(
                "      {:<12}  {:>12}  {}{}\n",
                who,
                counted(head.records, "record", "records"),
                visible(ended),
                visible(&format!("{import}{at}"))
            )
        };
        out.push_str(&side("earlier", &told.earlier));
        out.push_str(&side("this bundle", &told.here));
        if let (Some(due), Some(found)) = (told.due, &told.found) {
            let _ = writeln!(
                out,
                "      {:<12}  {:>12}  {}",
                "",
                format!("at record {}", number(due)),
                visible(found)
            );
        }
    }
    if v.continuity.len() > SHOWN_CHAINS {
        let more = (v.continuity.len() - SHOWN_CHAINS) as u64;
        let _ = writeln!(
            out,
            "  and {} more; --json lists them",
            counted(more, "chain", "chains")
        );
    }
}

fn faults(out: &mut String, v: &Verification) {
    if v.counts.faults == 0 {
        return;
    }
    let _ = writeln!(out, "\n{}", counted(v.counts.faults, "fault", "faults"));
    for group in &v.fault_groups {
        out.push_str(&hanging("  ", &group_line(group)));
        let mut shown = 0;
        for fault in v
            .faults
            .iter()
            .filter(|f| f.code == group.code)
            .take(SHOWN_PER_GROUP)
        {
            fault_lines(out, fault);
            shown += 1;
        }
        if group.count > shown {
            let _ = writeln!(
                out,
                "      and {} more; --json lists them",
                number(group.count - shown)
            );
        }
    }
}

fn group_line(group: &FaultGroup) -> String {
    let records: Vec<_> = group.records.iter().take(8).map(|r| number(*r)).collect();
    let more = if group.count > records.len() as u64 {
        " …"
    } else {
        ""
    };
    let at = match records.as_slice() {
        [] => String::new(),
        [one] if more.is_empty() => format!(", record {one}"),
        several => format!(", records {}{more}", several.join("; ")),
    };
    format!("{}{at}  [{}]", group.title, group.code)
}

fn fault_lines(out: &mut String, fault: &Fault) {
    out.push_str(&hanging("      ", &fault.sentence));
    let line = fault.line.map(|l| format!("line {}", number(l)));
    let place: Vec<_> = [fault.member.clone(), line, fault.field.clone()]
        .into_iter()
        .flatten()
        .collect();
    let place = (!place.is_empty()).then(|| place.join(", "));
    for (label, value) in [
        ("at", &place),
        ("expected", &fault.expected),
        ("found", &fault.found),
    ] {
        if let Some(value) = value {
            let _ = writeln!(out, "        {label:<8}  {}", visible(value));
        }
    }
}

fn key_line(key: &KeyUse) -> String {
    let origin = match key.origin {
        KeyOrigin::Pinned => "pinned by you",
        KeyOrigin::Carried => "found in the bundle, so it does not show who signed",
    };
    let owner = key.owner.as_deref().unwrap_or("owner not stated");
    let print = if key.fingerprint.is_empty() {
        String::new()
    } else {
        format!(", {}", grouped(&key.fingerprint))
    };
    let reach = match key.records {
        0 => "no record agrees with it".into(),
        1 => "1 record agrees with it".into(),
        several => format!("{} records agree with it", number(several)),
    };
    format!("{} {owner}{print}; {origin}; {reach}", key.algorithm)
}

fn uncovered(v: &Verification) -> Vec<String> {
    if v.uncovered_fields.is_empty() {
        Vec::new()
    } else {
        vec![v.uncovered_fields.join(", ")]
    }
}

fn section(out: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        let _ = writeln!(out, "\n{title}");
        out.push_str(&bullets(lines));
    }
}

const SHOWN_PER_GROUP: usize = 3;
const SHOWN_CHAINS: usize = 20;
const BELOW_NAME: &str = "                 ";
const BELOW_CHECK: &str = "                      ";
