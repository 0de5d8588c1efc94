//! How to perform a report again, and the words it uses.

use tickmark_report::model::{Recipe, Report, Step, Term};
use tickmark_verify::verification::ClaimOutcome;

use crate::moment::grouped;

/// The steps, with what each prints.
pub(super) fn recipe(report: &Report) -> Recipe {
    let mut steps = Vec::new();
    let step = |title: &str, text: &str, command: String, expected: Vec<String>| Step {
        title: title.to_owned(),
        text: text.to_owned(),
        command,
        expected,
    };
    for evidence in &report.evidence {
        let v = &evidence.verification;
        let name = &v.bundle.name;
        if v.bundle.packing.first().is_some_and(|p| p != "folder") {
            steps.push(step(
                &format!("The bundle {} is the one that was examined", evidence.label),
                "Any tool that computes SHA-256 will do.",
                format!("sha256sum {name}"),
                vec![v.bundle.sha256.clone()],
            ));
        }
        let profile = v
            .profile
            .as_ref()
            .map_or_else(String::new, |p| format!(" --profile {}", p.id));
        steps.push(step(
            &format!("What {} proves", evidence.label),
            "TRUST is the folder with the keys that this report names. They must not come from the bundle.",
            format!("tickmark verify {name}{profile} --trust TRUST"),
            vec![
                word(v.verdict).to_owned(),
                format!("{} records", grouped(v.counts.records)),
            ],
        ));
    }
    for sample in &report.samples {
        steps.push(step(
            &format!("The size of the sample {}", sample.label),
            "The exact hypergeometric count.",
            format!(
                "tickmark plan --tolerable {} --expected {} --confidence {} --population {}",
                sample.plan.tolerable, sample.plan.expected, sample.plan.confidence, sample.population.size
            ),
            vec![format!(
                "{} units, {} acceptable",
                sample.plan.sample_size, sample.plan.acceptable
            )],
        ));
        if let Some(draw) = &sample.draw {
            let first: Vec<_> = draw
                .units
                .iter()
                .take(5)
                .map(|unit| unit.pick.to_string())
                .collect();
            steps.push(step(
                &format!("The draw of {}", sample.label),
                "Pick i is 1 + (SHA-256 of seed, comma, i, as a whole number) modulo the population; repeats are passed over (Rivest, 2011).",
                format!(
                    "tickmark draw --method rivest --seed {:?} --population {} --count {}",
                    draw.seed,
                    sample.population.size,
                    draw.units.len()
                ),
                vec![format!("the first picks are {}", first.join(", "))],
            ));
        }
        if let Some(evaluation) = &sample.evaluation {
            steps.push(step(
                &format!("The limit of {}", sample.label),
                "The largest number of deviations in the population that the sample does not rule out.",
                format!(
                    "tickmark evaluate --sample {} --deviations {} --confidence {} --population {}",
                    evaluation.tested, evaluation.deviations, sample.plan.confidence, sample.population.size
                ),
                vec![format!("upper limit {}", evaluation.upper_limit)],
            ));
        }
    }
    steps.push(step(
        "All figures at once",
        "Compares the PDF with report.json and recomputes every figure from the bundles.",
        {
            let bundles: String = report
                .evidence
                .iter()
                .map(|e| format!(" --bundle {}", e.verification.bundle.name))
                .collect();
            format!("tickmark verify-report report.pdf{bundles} --trust TRUST")
        },
        vec!["Every figure agrees".to_owned()],
    ));
    Recipe {
        needs: "The bundles, the keys, this report and its report.json; no network and no vault.".to_owned(),
        steps,
    }
}

fn word(outcome: ClaimOutcome) -> &'static str {
    match outcome {
        ClaimOutcome::Proven => "Proven",
        ClaimOutcome::Refuted => "Refuted",
        ClaimOutcome::NotProven => "Not proven",
    }
}

/// The words of the report.
pub(super) fn glossary() -> Vec<Term> {
    TERMS
        .iter()
        .map(|(term, meaning)| Term {
            term: (*term).to_owned(),
            meaning: (*meaning).to_owned(),
        })
        .collect()
}

const TERMS: [(&str, &str); 12] = [
    (
        "Anchored",
        "Something outside the bundle, such as a pinned key or an expected hash, reaches every record and link.",
    ),
    (
        "Authenticity",
        "Whether the expected party recorded it, shown by a signature under a key that did not come from the bundle.",
    ),
    ("Bundle", "The file or folder that was handed over."),
    (
        "Completeness",
        "Whether everything is here that a named statement says is there; never that all events were recorded.",
    ),
    (
        "Deviation",
        "A drawn unit in which the control did not work as prescribed.",
    ),
    (
        "Digest",
        "A short number computed from bytes with SHA-256; other bytes give another digest.",
    ),
    (
        "Frame",
        "The population in a fixed order, from which units are drawn by their place.",
    ),
    (
        "Integrity",
        "Whether the records agree with the hashes and links that accompany them.",
    ),
    (
        "Not proven",
        "Nothing contradicts it, and not everything that would prove it is there.",
    ),
    (
        "Pinned key",
        "A key that the reviewer obtained and confirmed outside the bundle.",
    ),
    (
        "Record id",
        "The SHA-256 of a record's received bytes; a repeated record adds #2, #3 and so on.",
    ),
    (
        "Upper limit",
        "The rate of deviations in the population that the sample does not rule out at the stated confidence.",
    ),
];
