//! What the doors ship on one platform: every package that `cargo tree` reaches over normal dependencies, with the
//! features that are really switched on (tests' features do not count).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use semver::Version;

use crate::workspace::Workspace;
use crate::{ChoreError, program};

/// The packages shipped on one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    /// The target triple.
    pub platform: String,
    /// One entry a name and version.
    pub packages: Vec<Package>,
}

/// One shipped package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// The SPDX expression of its manifest; empty where it states none.
    pub licence: String,
    /// The features that are on.
    pub features: BTreeSet<String>,
    /// The names from a door down to this package, the package itself included.
    pub way: Vec<String>,
}

impl Package {
    /// `window > tauri > http`: how the package came in.
    #[must_use]
    pub fn way_in(&self) -> String {
        self.way.join(" > ")
    }
}

impl Shipped {
    /// Asks `cargo tree` what the doors of `workspace` ship on `platform`.
    ///
    /// # Errors
    /// Cargo fails, or answers in another shape.
    pub fn load(workspace: &Workspace, platform: &str) -> Result<Self, ChoreError> {
        let mut args = vec![
            "tree",
            "--edges",
            "normal",
            "--prefix",
            "depth",
            "--format",
            "{p}|{l}|{f}",
            "--target",
            platform,
        ];
        for door in workspace.doors() {
            args.extend(["--package", door]);
        }
        let answer = program::answer(
            &program::cargo(),
            &args,
            &workspace.root,
            "install Rust with rustup",
        )?;
        Ok(Self {
            platform: platform.to_owned(),
            packages: parse(&answer)?,
        })
    }

    /// The packages of that name, in all versions.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Package> {
        self.packages.iter().filter(move |package| package.name == name)
    }
}

/// The versions that were locked, each with the registry or repository it comes from; `None` for our own.
///
/// # Errors
/// `Cargo.lock` cannot be read.
pub fn locked_sources(root: &Path) -> Result<BTreeMap<(String, Version), Option<String>>, ChoreError> {
    #[derive(serde::Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    #[derive(serde::Deserialize)]
    struct Locked {
        name: String,
        version: Version,
        source: Option<String>,
    }
    let path = root.join("Cargo.lock");
    let lock: Lock = toml::from_str(&crate::error::read(&path)?).map_err(|source| ChoreError::Toml {
        path,
        source: Box::new(source),
    })?;
    Ok(lock
        .package
        .into_iter()
        .map(|locked| ((locked.name, locked.version), locked.source))
        .collect())
}

/// Reads `cargo tree --prefix depth --format '{p}|{l}|{f}'`.
fn parse(answer: &str) -> Result<Vec<Package>, ChoreError> {
    let mut packages: BTreeMap<(String, Version), Package> = BTreeMap::new();
    let mut way: Vec<String> = Vec::new();
    for (number, line) in answer.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let broken = || ChoreError::TreeLine {
            line: number + 1,
            found: line.to_owned(),
        };
        let (depth, package) = parse_line(line).ok_or_else(broken)?;
        way.truncate(depth);
        way.push(package.name.clone());
        let key = (package.name.clone(), package.version.clone());
        let known = packages.entry(key).or_insert_with(|| Package {
            way: way.clone(),
            ..package.clone()
        });
        known.features.extend(package.features);
    }
    Ok(packages.into_values().collect())
}

fn parse_line(line: &str) -> Option<(usize, Package)> {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let (depth, rest) = line.split_at_checked(digits)?;
    let mut parts = rest.splitn(3, '|');
    let mut spec = parts.next()?.split_whitespace();
    let licence = parts.next()?.trim().to_owned();
    let features = parts.next()?.trim_end_matches(" (*)");
    let package = Package {
        name: spec.next()?.to_owned(),
        version: Version::parse(spec.next()?.strip_prefix('v')?).ok()?,
        licence,
        features: features
            .split(',')
            .filter(|feature| !feature.is_empty())
            .map(str::to_owned)
            .collect(),
        way: Vec::new(),
    };
    Some((depth.parse().ok()?, package))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "\
0door v0.1.0 (/house/door)|MIT|
1web v2.0.0|MIT OR Apache-2.0|default,net
2wire v1.1.0 (proc-macro)||
1wire v1.1.0||extra (*)

0cli v0.1.0 (/house/cli)|MIT|
1web v2.0.0|MIT OR Apache-2.0|default,net (*)
";

    #[test]
    fn every_package_once_with_its_features_and_its_way_in() {
        let packages = parse(ANSWER).unwrap();
        assert_eq!(
            packages.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
            ["cli", "door", "web", "wire"]
        );
        assert_eq!(packages[3].way_in(), "door > web > wire");
        assert_eq!(packages[3].features, ["extra".to_owned()].into());
        assert_eq!(packages[2].features.len(), 2);
        assert_eq!(packages[2].licence, "MIT OR Apache-2.0");
    }

    #[test]
    fn another_shape_is_an_error_with_its_line() {
        let error = parse("0door v0.1.0|MIT|\nweb 2.0.0|MIT|").unwrap_err();
        assert!(matches!(error, ChoreError::TreeLine { line: 2, .. }), "{error}");
    }
}
