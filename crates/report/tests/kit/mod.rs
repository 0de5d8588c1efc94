//! A rich report for tests and for the example: three bundles, three samples, six findings, two hundred custody events,
//! and texts that would like to be something else. Everything in it is invented; its sampling figures hang together.

#![allow(clippy::unwrap_used, clippy::panic, dead_code, missing_docs)]

mod bundle;
mod cover;
mod custody;
mod finding;
mod sample;

use tickmark_report::model::{
    Custody, Engagement, Header, Recipe, Redaction, Report, SCHEMA, Status, Summary,
};

use bundle::{not_proven, proven, refuted, timelines};
use cover::{engagement, header, summary};
use custody::{custody, glossary, recipe, sign_offs};
use finding::{controls, findings};
use sample::{census, judgement, samples};

/// The report.
pub fn report() -> Report {
    Report {
        schema: SCHEMA.into(),
        header: header(),
        engagement: engagement(),
        summary: summary(),
        evidence: vec![refuted(), proven(), not_proven()],
        timelines: timelines(),
        samples: samples(),
        census: census(),
        judgement: judgement(),
        findings: findings(),
        controls: controls(),
        limitations: vec![
            "The bundle holds one quarter. Whether records are kept for six months can be seen only when they are older.".into(),
            "Complaints that came by telephone are not in these records.".into(),
        ],
        redactions: vec![
            Redaction { kind: "e-mail address".into(), rule: "email/2".into(), count: 1_204, ground: "not needed for the findings".into() },
            Redaction { kind: "IBAN".into(), rule: "iban/1, checksum".into(), count: 37, ground: "not needed for the findings".into() },
        ],
        custody: custody(),
        sign_offs: sign_offs(),
        recipe: recipe(),
        glossary: glossary(),
    }
}

/// A report with nothing in it but what every report has.
pub fn empty() -> Report {
    let whole = report();
    Report {
        evidence: Vec::new(),
        timelines: Vec::new(),
        samples: Vec::new(),
        census: Vec::new(),
        judgement: Vec::new(),
        findings: Vec::new(),
        controls: Vec::new(),
        limitations: Vec::new(),
        redactions: Vec::new(),
        custody: Custody {
            count: 0,
            head: hex("no event"),
            events: Vec::new(),
            signers: Vec::new(),
        },
        sign_offs: Vec::new(),
        recipe: Recipe {
            needs: "Nothing.".into(),
            steps: Vec::new(),
        },
        glossary: Vec::new(),
        summary: Summary {
            lead: vec!["Nothing was received.".into()],
            examined: Vec::new(),
            not_shown: Vec::new(),
            conclusion: None,
        },
        engagement: Engagement {
            criteria: Vec::new(),
            criteria_map: None,
            responsibilities: Vec::new(),
            independence: None,
            ..whole.engagement
        },
        header: Header {
            status: Status::Draft,
            reviewed_by: None,
            sealed_at: None,
            ..whole.header
        },
        ..whole
    }
}

/// Texts that a record or a person could bring along.
pub const HOSTILE: [&str; 12] = [
    "user\u{202e}nimda\u{202c} approved",
    "zero\u{200b}width\u{feff}join\u{2060}er",
    "=HYPERLINK(\"http://example.test\",\"click\")",
    "<script>alert(1)</script> & <b>bold</b>",
    "null \u{0} bell \u{7} escape \u{1b}[31m red",
    "中文 and العربية and עברית and हिन्दी and Ελληνικά and Русский",
    "Z\u{351}\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}algo",
    "a->b != c, 3x4, fi fl ffi, www.example.test",
    "tag\u{e0041}\u{e0042} private \u{e000} variation \u{fe0f}",
    "/a/very/long/path/without/any/space/that/goes/on/and/on/decision/reviewer/approved/by/name/and/then/some/more/so/that/it/has/to/be/broken",
    "\u{1f600} face, \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} family",
    "line one\nline two\r\nline three\ttab",
];

/// Invented digests: the SHA-256 of a name.
pub fn hex(name: &str) -> String {
    tickmark_report::digest_of(name.as_bytes())
}

/// A small generator of invented numbers, the same on every machine.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
