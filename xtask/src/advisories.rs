//! Known weaknesses of what is shipped, from a copy of the RustSec advisory database.
//!
//! An advisory is a Markdown file `crates/NAME/RUSTSEC-*.md` that begins with a fenced TOML block. It holds for a version
//! that no requirement of `versions.patched` or `versions.unaffected` matches, on the platforms that `affected` names
//! (all where it names none). Withdrawn advisories do not count.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use semver::{Version, VersionReq};
use serde::Deserialize;

use crate::error::{ChoreError, Fault, read};
use crate::policy::{Advisories, Level, Scope};
use crate::shipped::{Package, Shipped};

/// One advisory, as far as it is judged here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisory {
    /// Such as `RUSTSEC-2024-0429`.
    pub id: String,
    /// The crate.
    pub package: String,
    /// Empty for a vulnerability; else `unmaintained`, `unsound` or `notice`.
    pub informational: String,
    /// The first heading below the TOML block.
    pub title: String,
    unharmed: Vec<VersionReq>,
    systems: Vec<String>,
    architectures: Vec<String>,
}

impl Advisory {
    /// Reads one file; `None` where the advisory was withdrawn.
    ///
    /// # Errors
    /// The file does not begin with a TOML block of the known shape.
    pub fn parse(place: &str, text: &str) -> Result<Option<Self>, ChoreError> {
        let broken = |found: &str| ChoreError::Unreadable {
            place: place.to_owned(),
            expected: "an advisory with a TOML block at its head",
            found: found.to_owned(),
        };
        let (block, rest) = text
            .strip_prefix("```toml\n")
            .and_then(|text| text.split_once("\n```"))
            .ok_or_else(|| broken(text.lines().next().unwrap_or_default()))?;
        let raw: Raw = toml::from_str(block).map_err(|source| ChoreError::Toml {
            path: PathBuf::from(place),
            source: Box::new(source),
        })?;
        if raw.advisory.withdrawn.is_some() {
            return Ok(None);
        }
        let requirements = raw.versions.patched.iter().chain(&raw.versions.unaffected);
        let affected = raw.affected.unwrap_or_default();
        Ok(Some(Self {
            id: raw.advisory.id,
            package: raw.advisory.package,
            informational: raw.advisory.informational.unwrap_or_default().trim().to_owned(),
            title: rest
                .lines()
                .find_map(|line| line.strip_prefix("# "))
                .unwrap_or_default()
                .to_owned(),
            unharmed: requirements
                .map(|text| VersionReq::parse(text).map_err(|_| broken(text)))
                .collect::<Result<_, _>>()?,
            systems: affected.os,
            architectures: affected.arch,
        }))
    }

    /// Whether `version` on `platform` has the weakness.
    #[must_use]
    pub fn holds_for(&self, version: &Version, platform: &str) -> bool {
        let named = |names: &[String]| names.is_empty() || names.iter().any(|name| part_of(platform, name));
        named(&self.systems)
            && named(&self.architectures)
            && !self.unharmed.iter().any(|unharmed| unharmed.matches(version))
    }
}

/// Whether the target triple has the system or architecture; a triple says `darwin` for what advisories call `macos`.
fn part_of(platform: &str, name: &str) -> bool {
    platform
        .split('-')
        .any(|part| part == name || (part == "darwin" && name == "macos"))
}

/// Weaknesses that hold and are not excused, and excuses that nothing needs.
///
/// `named` are the packages that our own manifests name.
///
/// # Errors
/// The database cannot be read.
pub fn faults(
    policy: &Advisories,
    database: &Path,
    shipped: &[Shipped],
    named: &BTreeSet<&str>,
) -> Result<Vec<Fault>, ChoreError> {
    let mut faults = BTreeSet::new();
    let mut excused = BTreeSet::new();
    for platform in shipped {
        for package in &platform.packages {
            for advisory in advisories_of(database, &package.name)? {
                if !advisory.holds_for(&package.version, &platform.platform)
                    || !counts(policy, &advisory, named)
                {
                    continue;
                }
                if policy.ignore.iter().any(|excuse| excuse.id == advisory.id) {
                    excused.insert(advisory.id);
                } else {
                    faults.insert(fault(package, &advisory));
                }
            }
        }
    }
    if policy.unused_ignored_advisory == Level::Deny {
        let unneeded = policy
            .ignore
            .iter()
            .filter(|excuse| !excused.contains(&excuse.id));
        faults.extend(unneeded.map(|excuse| {
            Fault::new(
                "deny.toml",
                format!("excuses {}, which holds for nothing shipped", excuse.id),
            )
        }));
    }
    Ok(faults.into_iter().collect())
}

fn counts(policy: &Advisories, advisory: &Advisory, named: &BTreeSet<&str>) -> bool {
    let ours = named.contains(advisory.package.as_str());
    match (advisory.informational.as_str(), policy.unmaintained) {
        ("unmaintained", Scope::None) => false,
        ("unmaintained", Scope::Workspace) => ours,
        ("unmaintained", Scope::Transitive) => !ours,
        _ => true,
    }
}

fn fault(package: &Package, advisory: &Advisory) -> Fault {
    let kind = if advisory.informational.is_empty() {
        "vulnerability"
    } else {
        &advisory.informational
    };
    let place = format!("{} {}", package.name, package.version);
    Fault::new(
        place,
        format!(
            "{} ({kind}): {} ({})",
            advisory.id,
            advisory.title,
            package.way_in()
        ),
    )
}

fn advisories_of(database: &Path, package: &str) -> Result<Vec<Advisory>, ChoreError> {
    let folder = database.join("crates").join(package);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let broken = |source| ChoreError::File {
        path: folder.clone(),
        source,
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(broken)? {
        let path = entry.map_err(broken)?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            found.extend(Advisory::parse(&path.display().to_string(), &read(&path)?)?);
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
struct Raw {
    advisory: RawAdvisory,
    versions: RawVersions,
    affected: Option<RawAffected>,
}

#[derive(Deserialize)]
struct RawAdvisory {
    id: String,
    package: String,
    informational: Option<String>,
    withdrawn: Option<toml::Value>,
}

#[derive(Deserialize)]
struct RawVersions {
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

#[derive(Deserialize, Default)]
struct RawAffected {
    #[serde(default)]
    os: Vec<String>,
    #[serde(default)]
    arch: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advisory(extra: &str, versions: &str) -> Option<Advisory> {
        let text = format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"wire\"\n{extra}\n[versions]\n{versions}\n```\n\n# It leaks\n\nText.\n"
        );
        Advisory::parse("wire.md", &text).unwrap()
    }

    fn holds(advisory: &Advisory, version: &str, platform: &str) -> bool {
        advisory.holds_for(&Version::parse(version).unwrap(), platform)
    }

    const LINUX: &str = "x86_64-unknown-linux-gnu";

    #[test]
    fn patched_and_unaffected_versions_are_spared() {
        let advisory = advisory(
            "",
            "patched = [\">= 1.2.3, < 2.0.0\", \">= 2.1.0\"]\nunaffected = [\"< 0.5.0\"]",
        )
        .unwrap();
        assert_eq!(advisory.title, "It leaks");
        for (version, expected) in [
            ("0.4.9", false),
            ("0.5.0", true),
            ("1.2.2", true),
            ("1.2.3", false),
            ("2.0.0", true),
            ("2.1.0", false),
        ] {
            assert_eq!(holds(&advisory, version, LINUX), expected, "{version}");
        }
    }

    #[test]
    fn without_a_patch_every_version_is_weak() {
        assert!(holds(&advisory("", "patched = []").unwrap(), "99.0.0", LINUX));
    }

    #[test]
    fn a_weakness_of_another_system_does_not_count() {
        let weak = advisory("", "patched = []\n[affected]\nos = [\"windows\", \"macos\"]").unwrap();
        assert!(!holds(&weak, "1.0.0", LINUX));
        assert!(
            holds(&weak, "1.0.0", "x86_64-pc-windows-msvc") && holds(&weak, "1.0.0", "aarch64-apple-darwin")
        );
    }

    #[test]
    fn a_withdrawn_advisory_is_none() {
        assert_eq!(advisory("withdrawn = \"2026-01-01\"", "patched = []"), None);
    }

    #[test]
    fn excuses_and_scopes() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("crates/wire")).unwrap();
        let text = "```toml\n[advisory]\nid = \"R-1\"\npackage = \"wire\"\ninformational = \"unmaintained\"\n[versions]\npatched = []\n```\n# Rests\n";
        std::fs::write(folder.path().join("crates/wire/R-1.md"), text).unwrap();
        let package = Package {
            name: "wire".to_owned(),
            version: Version::new(1, 0, 0),
            licence: "MIT".to_owned(),
            features: BTreeSet::new(),
            way: vec!["wire".to_owned()],
        };
        let shipped = [Shipped {
            platform: LINUX.to_owned(),
            packages: vec![package],
        }];
        let judge = |scope: &str, ignore: &str, named: &[&str]| {
            let policy = format!(
                "unmaintained = \"{scope}\"\nyanked = \"deny\"\nunused-ignored-advisory = \"deny\"\nignore = [{ignore}]"
            );
            let named = named.iter().copied().collect();
            faults(&toml::from_str(&policy).unwrap(), folder.path(), &shipped, &named)
                .unwrap()
                .len()
        };
        assert_eq!(judge("all", "", &[]), 1);
        assert_eq!(judge("workspace", "", &[]), 0);
        assert_eq!(judge("workspace", "", &["wire"]), 1);
        assert_eq!(judge("all", "{ id = \"R-1\", reason = \"x\" }", &[]), 0);
        assert_eq!(
            judge("none", "{ id = \"R-1\", reason = \"x\" }", &[]),
            1,
            "an excuse that nothing needs"
        );
    }
}
