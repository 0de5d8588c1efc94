//! One case: a bundle, what its reviewer knows, and what it must come to.

use crate::kit::Bundle;

/// What a claim must come to. Integrity that is proven says on what it rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Must {
    /// Integrity only: proven, and anchored outside the bundle.
    Anchored,
    /// Integrity only: proven, and the bundle agrees with itself only.
    SelfConsistent,
    /// Proven.
    Proven,
    /// Neither proven nor refuted.
    NotProven,
    /// Refuted.
    Refuted,
}

impl Must {
    /// The outcome's word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Must::Anchored | Must::SelfConsistent | Must::Proven => "proven",
            Must::NotProven => "not_proven",
            Must::Refuted => "refuted",
        }
    }

    /// The word of what integrity rests on.
    pub fn basis(self) -> Option<&'static str> {
        match self {
            Must::Anchored => Some("anchored"),
            Must::SelfConsistent => Some("self_consistent"),
            _ => None,
        }
    }
}

/// What a case must come to. Time is never proven: no format of the corpus carries somebody else's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expect {
    /// Integrity.
    pub integrity: Must,
    /// Authenticity.
    pub authenticity: Must,
    /// Completeness.
    pub completeness: Must,
    /// Fault codes that must be among those told. With none, no fault may be told.
    pub faults: Vec<&'static str>,
    /// A piece of a warning that must be told.
    pub warning: Option<&'static str>,
    /// A field that must be named as reached by no hash.
    pub uncovered: Option<&'static str>,
    /// Whether nothing can be judged at all: exit code 2.
    pub refused: bool,
}

/// What a case must come to.
pub fn must(integrity: Must, authenticity: Must, completeness: Must, faults: &[&'static str]) -> Expect {
    Expect {
        integrity,
        authenticity,
        completeness,
        faults: faults.to_vec(),
        warning: None,
        uncovered: None,
        refused: false,
    }
}

impl Expect {
    /// Nothing can be judged.
    pub fn refused() -> Expect {
        Expect {
            refused: true,
            ..must(Must::NotProven, Must::NotProven, Must::NotProven, &[])
        }
    }

    /// The verdict's word, by the rule of the design: never better than the weakest claim.
    pub fn verdict(&self) -> &'static str {
        let claims = [self.integrity, self.authenticity, self.completeness];
        if claims.contains(&Must::Refuted) {
            "refuted"
        } else if claims == [Must::Anchored, Must::Proven, Must::Proven] {
            "proven"
        } else {
            "not_proven"
        }
    }

    /// The exit code of `tickmark verify`.
    pub fn exit(&self) -> u8 {
        match self.verdict() {
            _ if self.refused => 2,
            "refuted" => 1,
            "proven" => 0,
            _ => 3,
        }
    }
}

/// The head of an earlier import, as a vault remembers it.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// The chain, where the format has several.
    pub chain: Option<String>,
    /// Id of the trail's first record.
    pub first_id: String,
    /// How many records it had.
    pub records: u64,
    /// Its last hash.
    pub head: String,
}

/// What the reviewer knows by another way than the bundle.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Last hashes.
    pub heads: Vec<String>,
    /// The number of records.
    pub count: Option<u64>,
    /// The bundle's digest.
    pub sha256: Option<String>,
    /// An earlier import; known to a vault only, so the command line cannot be asked.
    pub remembered: Option<Remembered>,
}

/// The profile that a reviewer names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A shipped one, by its id.
    Shipped(&'static str),
    /// One of their own, as a TOML file.
    Own(String),
}

/// What opens a bundle that is sealed with age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenedBy {
    /// An X25519 identity.
    Identity(String),
    /// A passphrase.
    Passphrase(String),
}

/// One case.
pub struct Case {
    /// The format, by its profile.
    pub format: String,
    /// What is done to it, in a few words joined by `-`.
    pub lie: String,
    /// One line for people.
    pub title: String,
    /// What the attacker did.
    pub attack: String,
    /// The bundle.
    pub bundle: Bundle,
    /// Whether it is handed over as a folder.
    pub is_folder: bool,
    /// The profile that is named; recognised where there is none.
    pub profile: Option<Asked>,
    /// What opens the bundle, where it is sealed.
    pub opened_by: Option<OpenedBy>,
    /// The trust file; empty where no key is pinned.
    pub trust: String,
    /// What is known by another way.
    pub told: Told,
    /// What it must come to.
    pub expect: Expect,
}

impl Case {
    /// The folder of the case.
    pub fn name(&self) -> String {
        format!("{}--{}", self.format, self.lie)
    }

    /// `case.toml`: everything but the bundle's bytes.
    pub fn toml(&self) -> String {
        let e = &self.expect;
        let mut out = String::new();
        let mut line = |name: &str, value: String| out.push_str(&format!("{name} = {value}\n"));
        line("title", quoted(&self.title));
        line("attack", quoted(&self.attack));
        line(
            "bundle",
            list(self.bundle.files().iter().map(|(name, _)| name.as_str())),
        );
        match &self.profile {
            Some(Asked::Shipped(id)) => line("profile", quoted(id)),
            Some(Asked::Own(text)) => line("profile_toml", format!("'''\n{text}'''")),
            None => {}
        }
        if !self.trust.is_empty() {
            line(
                "trust",
                format!("'''\n{}'''", self.trust.replace("'''", "\"\"\"")),
            );
        }
        out.push_str(&self.told_toml());
        out.push_str("\n[expect]\n");
        let mut line = |name: &str, value: String| out.push_str(&format!("{name} = {value}\n"));
        line("exit", e.exit().to_string());
        if e.refused {
            return out;
        }
        line("verdict", quoted(e.verdict()));
        line("integrity", quoted(e.integrity.word()));
        if let Some(basis) = e.integrity.basis() {
            line("basis", quoted(basis));
        }
        line("authenticity", quoted(e.authenticity.word()));
        line("completeness", quoted(e.completeness.word()));
        line("time", quoted("not_proven"));
        line("faults", list(e.faults.iter().copied()));
        if let Some(warning) = e.warning {
            line("warning", quoted(warning));
        }
        if let Some(uncovered) = e.uncovered {
            line("uncovered", quoted(uncovered));
        }
        out
    }

    fn told_toml(&self) -> String {
        let told = &self.told;
        let mut out = String::new();
        if !told.heads.is_empty() {
            let heads = list(told.heads.iter().map(String::as_str));
            out.push_str(&format!("told_heads = {heads}\n"));
        }
        if let Some(count) = told.count {
            out.push_str(&format!("told_count = {count}\n"));
        }
        if let Some(sha256) = &told.sha256 {
            out.push_str(&format!("told_sha256 = {}\n", quoted(sha256)));
        }
        if let Some(head) = &told.remembered {
            out.push_str(&format!(
                "earlier_import = \"{} records, head {}\"\n",
                head.records, head.head
            ));
        }
        out
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let quoted: Vec<String> = texts.map(quoted).collect();
    format!("[{}]", quoted.join(", "))
}
