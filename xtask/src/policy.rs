//! `deny.toml`, in cargo-deny's own words. A field that this program does not know is an error, so that no line of the
//! policy is passed over in silence.

use std::path::Path;

use semver::{Version, VersionReq};
use serde::Deserialize;

use crate::error::{ChoreError, read};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// Which graph is judged.
    pub graph: Graph,
    /// Known weaknesses.
    pub advisories: Advisories,
    /// Licences.
    pub licenses: Licences,
    /// Registries and repositories.
    pub sources: Sources,
    /// Crates and features.
    pub bans: Bans,
}

/// `[graph]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Graph {
    /// The platforms that are shipped.
    pub targets: Vec<Target>,
    /// Always true here: the graph of tests is not shipped.
    pub exclude_dev: bool,
    /// Members that are never shipped.
    pub exclude: Vec<String>,
}

/// One platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The target triple.
    pub triple: String,
}

/// `[advisories]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Advisories {
    /// Which unmaintained packages count.
    pub unmaintained: Scope,
    /// Yanked versions; asked of the registry by cargo-deny only.
    pub yanked: Level,
    /// What an excuse means that nothing needs.
    pub unused_ignored_advisory: Level,
    /// The excuses.
    pub ignore: Vec<Excuse>,
}

/// Which packages a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Every package.
    All,
    /// Packages that our own manifests name.
    Workspace,
    /// Packages that only others name.
    Transitive,
    /// No package.
    None,
}

/// How grave a breach is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// It fails the check.
    Deny,
    /// It is said, and passes.
    Warn,
    /// It is not looked at.
    Allow,
}

/// An advisory that does not count, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excuse {
    /// Such as `RUSTSEC-2024-0429`.
    pub id: String,
    /// One sentence.
    pub reason: String,
}

/// `[licenses]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Licences {
    /// For cargo-deny, which also reads licence files.
    pub confidence_threshold: f64,
    /// What an allowed licence means that nothing needs.
    pub unused_allowed_license: Level,
    /// Our own packages.
    pub private: Private,
    /// SPDX names.
    pub allow: Vec<String>,
    /// Licences that single crates may have.
    pub exceptions: Vec<Exception>,
}

/// Packages that are not published.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Private {
    /// Whether they are passed over.
    pub ignore: bool,
}

/// A licence that one crate may have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The crate.
    #[serde(rename = "crate")]
    pub spec: Spec,
    /// SPDX names.
    pub allow: Vec<String>,
}

/// `[sources]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sources {
    /// Other registries.
    pub unknown_registry: Level,
    /// Other repositories.
    pub unknown_git: Level,
    /// Index addresses.
    pub allow_registry: Vec<String>,
    /// Repository addresses.
    pub allow_git: Vec<String>,
}

/// `[bans]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Bans {
    /// Several versions of one crate.
    pub multiple_versions: Level,
    /// A requirement of `*`.
    pub wildcards: Level,
    /// Whether `*` is fine for crates of this checkout.
    pub allow_wildcard_paths: bool,
    /// The banned crates.
    pub deny: Vec<Ban>,
    /// The banned features.
    #[serde(default)]
    pub features: Vec<FeatureBan>,
}

/// One banned crate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ban {
    /// The crate.
    #[serde(rename = "crate")]
    pub spec: Spec,
    /// One sentence.
    pub reason: String,
    /// What does the same work.
    pub use_instead: Option<String>,
    /// Crates that may name it all the same.
    #[serde(default)]
    pub wrappers: Vec<String>,
}

/// Banned features of one crate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureBan {
    /// The crate.
    #[serde(rename = "crate")]
    pub spec: Spec,
    /// The features.
    pub deny: Vec<String>,
}

/// `name`, `name@1.2.3` or `name:<=0.7`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Spec {
    /// The crate.
    pub name: String,
    /// The versions meant; all where absent.
    pub versions: Option<VersionReq>,
}

impl Spec {
    /// Whether the package is meant.
    #[must_use]
    pub fn matches(&self, name: &str, version: &Version) -> bool {
        self.name == name
            && self
                .versions
                .as_ref()
                .is_none_or(|versions| versions.matches(version))
    }
}

impl TryFrom<String> for Spec {
    type Error = semver::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (name, versions) = match (text.split_once('@'), text.split_once(':')) {
            (Some((name, version)), _) => (name, Some(VersionReq::parse(&format!("={version}"))?)),
            (None, Some((name, versions))) => (name, Some(VersionReq::parse(versions)?)),
            (None, None) => (text.as_str(), None),
        };
        Ok(Self {
            name: name.to_owned(),
            versions,
        })
    }
}

impl Policy {
    /// Reads `deny.toml` of the checkout at `root`.
    ///
    /// # Errors
    /// The file cannot be read, or has a field that is not known here.
    pub fn load(root: &Path) -> Result<Self, ChoreError> {
        let path = root.join("deny.toml");
        let text = read(&path)?;
        toml::from_str(&text).map_err(|source| ChoreError::Toml {
            path,
            source: Box::new(source),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_policy_is_read_to_the_last_field() {
        let policy = Policy::load(&crate::root()).unwrap();
        assert_eq!(policy.graph.targets.len(), 3);
        assert!(policy.graph.exclude_dev);
        assert!(policy.bans.deny.iter().any(|ban| ban.spec.name == "reqwest"));
    }

    #[test]
    fn a_spec_names_versions() {
        let matches = |spec: &str, version: &str| {
            Spec::try_from(spec.to_owned())
                .unwrap()
                .matches("rsa", &Version::parse(version).unwrap())
        };
        assert!(matches("rsa", "0.1.0") && matches("rsa@0.9.6", "0.9.6") && matches("rsa:<=0.9", "0.9.6"));
        assert!(!matches("rsa@0.9.6", "0.9.7") && !matches("rsa:<=0.8", "0.9.6") && !matches("dsa", "0.1.0"));
    }
}
