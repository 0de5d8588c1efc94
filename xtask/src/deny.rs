//! `cargo xtask deny`: what is shipped, on every platform of `deny.toml`, held against its tables.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::advisories;
use crate::error::{ChoreError, Fault};
use crate::licences;
use crate::policy::{Bans, Level, Policy, Sources};
use crate::shipped::{Shipped, locked_sources};
use crate::workspace::{Kind, Workspace};

/// What was found, and what was not looked at.
#[derive(Debug)]
pub struct Judgement {
    /// Breaches; empty is a pass.
    pub faults: Vec<Fault>,
    /// Said aloud: parts of the policy that were not checked, each with its reason.
    pub not_checked: Vec<String>,
    /// How many packages each platform ships.
    pub shipped: Vec<(String, usize)>,
}

/// Holds the checkout at `root` against its `deny.toml`.
///
/// # Errors
/// Cargo, the policy or the advisory database cannot be read.
pub fn judge(root: &Path, database: Option<&Path>) -> Result<Judgement, ChoreError> {
    let workspace = Workspace::load(root)?;
    let policy = Policy::load(root)?;
    let shipped = shipped(&workspace, &policy)?;
    let own = workspace
        .members
        .iter()
        .map(|member| member.name.as_str())
        .collect();

    let mut faults = licences::faults(&policy.licenses, &shipped, &own)?;
    faults.extend(sources(&policy.sources, root, &own)?);
    faults.extend(wildcards(&policy.bans, &workspace));
    faults.extend(shipped.iter().flat_map(|platform| bans(&policy.bans, platform)));
    let mut not_checked = Vec::new();
    if policy.advisories.yanked != Level::Allow {
        not_checked.push("yanked versions not checked: that is a question to the registry".to_owned());
    }
    match database {
        Some(database) => faults.extend(advisories::faults(
            &policy.advisories,
            database,
            &shipped,
            &named(&workspace),
        )?),
        None => not_checked.push(
            "advisories not checked: no copy of the RustSec database found (--advisories DIR)".to_owned(),
        ),
    }
    faults.sort();
    faults.dedup();
    let shipped = shipped
        .into_iter()
        .map(|platform| (platform.platform, platform.packages.len()))
        .collect();
    Ok(Judgement {
        faults,
        not_checked,
        shipped,
    })
}

/// What the doors ship on each platform of the policy.
///
/// # Errors
/// Cargo cannot be asked.
pub fn shipped(workspace: &Workspace, policy: &Policy) -> Result<Vec<Shipped>, ChoreError> {
    policy
        .graph
        .targets
        .iter()
        .map(|target| Shipped::load(workspace, &target.triple))
        .collect()
}

/// A copy of the RustSec database: `$TICKMARK_ADVISORIES`, or the one that lies beside the checkout.
#[must_use]
pub fn database(root: &Path) -> Option<PathBuf> {
    let named = std::env::var_os("TICKMARK_ADVISORIES").map(PathBuf::from);
    let beside = root.join("../shared/advisory-db");
    [named, Some(beside)]
        .into_iter()
        .flatten()
        .find(|folder| folder.join("crates").is_dir())
}

/// Banned crates and features among what one platform ships.
#[must_use]
pub fn bans(policy: &Bans, shipped: &Shipped) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in &shipped.packages {
        let place = format!("{} {} on {}", package.name, package.version, shipped.platform);
        for ban in policy
            .deny
            .iter()
            .filter(|ban| ban.spec.matches(&package.name, &package.version))
        {
            let parent = package.way.iter().rev().nth(1);
            if parent.is_none_or(|parent| !ban.wrappers.contains(parent)) {
                let instead = ban
                    .use_instead
                    .as_ref()
                    .map(|name| format!("; use {name}"))
                    .unwrap_or_default();
                faults.push(Fault::new(
                    &place,
                    format!("is banned: {}{instead} ({})", ban.reason, package.way_in()),
                ));
            }
        }
        for ban in policy
            .features
            .iter()
            .filter(|ban| ban.spec.matches(&package.name, &package.version))
        {
            for feature in ban
                .deny
                .iter()
                .filter(|feature| package.features.contains(*feature))
            {
                faults.push(Fault::new(
                    &place,
                    format!("has the banned feature {feature} ({})", package.way_in()),
                ));
            }
        }
    }
    faults
}

fn sources(policy: &Sources, root: &Path, own: &BTreeSet<&str>) -> Result<Vec<Fault>, ChoreError> {
    let locked = locked_sources(root)?;
    let faults = locked.iter().filter_map(|((name, version), source)| {
        let sentence = source_sentence(policy, source.as_deref(), own.contains(name.as_str()))?;
        Some(Fault::new(format!("{name} {version}"), sentence))
    });
    Ok(faults.collect())
}

fn source_sentence(policy: &Sources, source: Option<&str>, own: bool) -> Option<String> {
    match source {
        None if own => None,
        None => Some("comes from a folder that is no member of the workspace".to_owned()),
        Some(source) => {
            let (kind, address) = source.split_once('+').unwrap_or(("", source));
            let (level, known) = match kind {
                "git" => (policy.unknown_git, &policy.allow_git),
                _ => (policy.unknown_registry, &policy.allow_registry),
            };
            let address = address.split(['?', '#']).next().unwrap_or(address);
            (level == Level::Deny && !known.iter().any(|known| known == address))
                .then(|| format!("comes from {source}"))
        }
    }
}

fn wildcards(policy: &Bans, workspace: &Workspace) -> Vec<Fault> {
    let mut faults = Vec::new();
    for member in &workspace.members {
        for dependency in member
            .dependencies
            .iter()
            .filter(|dependency| dependency.requirement == "*")
        {
            if policy.wildcards == Level::Deny && !(dependency.by_path && policy.allow_wildcard_paths) {
                faults.push(Fault::new(
                    &member.name,
                    format!("takes any version of {}", dependency.name),
                ));
            }
        }
    }
    faults
}

fn named(workspace: &Workspace) -> BTreeSet<&str> {
    let dependencies = workspace.members.iter().flat_map(|member| &member.dependencies);
    dependencies
        .filter(|dependency| dependency.kind != Kind::Dev)
        .map(|dependency| dependency.name.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped::Package;
    use semver::Version;

    fn package(name: &str, features: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            version: Version::new(1, 0, 0),
            licence: "MIT".to_owned(),
            features: features.iter().map(|feature| (*feature).to_owned()).collect(),
            way: vec!["door".to_owned(), name.to_owned()],
        }
    }

    #[test]
    fn banned_crates_and_features_are_found_with_their_way_in() {
        let policy = Policy::load(&crate::root()).unwrap();
        let shipped = Shipped {
            platform: "any".to_owned(),
            packages: vec![
                package("reqwest", &[]),
                package("tokio", &["rt", "net"]),
                package("serde", &["net"]),
            ],
        };
        let faults = bans(&policy.bans, &shipped);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].sentence.contains("door > reqwest"));
        assert!(faults[1].sentence.contains("feature net"));
    }

    #[test]
    fn a_wrapper_may_name_what_it_wraps() {
        let policy: Bans = toml::from_str(
            "multiple-versions = \"allow\"\nwildcards = \"deny\"\nallow-wildcard-paths = true\n\
             deny = [{ crate = \"wire\", reason = \"x\", wrappers = [\"door\"] }]",
        )
        .unwrap();
        let shipped = |way: &[&str]| Shipped {
            platform: "any".to_owned(),
            packages: vec![Package {
                way: way.iter().map(|name| (*name).to_owned()).collect(),
                ..package("wire", &[])
            }],
        };
        assert_eq!(bans(&policy, &shipped(&["door", "wire"])), []);
        assert_eq!(bans(&policy, &shipped(&["door", "other", "wire"])).len(), 1);
    }

    #[test]
    fn sources_are_one_registry_and_our_own_folders() {
        let policy = Policy::load(&crate::root()).unwrap().sources;
        let index = "registry+https://github.com/rust-lang/crates.io-index";
        assert_eq!(source_sentence(&policy, Some(index), false), None);
        assert_eq!(source_sentence(&policy, None, true), None);
        for (source, own) in [
            (None, false),
            (Some("git+https://example.org/x?rev=1#1"), false),
            (Some("registry+https://example.org/index"), false),
        ] {
            assert!(source_sentence(&policy, source, own).is_some(), "{source:?}");
        }
    }
}
