//! The workspace as cargo sees it: its members, what each names as a dependency, and our own tables in the root manifest.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{ChoreError, program};

/// The members and the tables under `[workspace.metadata]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The top folder.
    pub root: PathBuf,
    /// `[workspace.metadata.floors]`: member to floor.
    pub floors: BTreeMap<String, u32>,
    /// `[workspace.metadata.only]`: external crate to the one member that may name it.
    pub only: BTreeMap<String, String>,
    /// Every member.
    pub members: Vec<Member>,
}

/// One package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its package name.
    pub name: String,
    /// The folder of its manifest.
    pub folder: PathBuf,
    /// What its manifest names.
    pub dependencies: Vec<Dependency>,
}

/// One line of a `[dependencies]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The crate.
    pub name: String,
    /// Where it stands.
    pub kind: Kind,
    /// The version requirement, such as `^1.2`.
    pub requirement: String,
    /// Whether it lies in this checkout.
    pub by_path: bool,
}

/// For what a dependency is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `[dependencies]`: it is shipped.
    Normal,
    /// `[build-dependencies]`.
    Build,
    /// `[dev-dependencies]`: tests only.
    Dev,
}

impl Workspace {
    /// Asks `cargo metadata` about the workspace at `root`. Needs no network.
    ///
    /// # Errors
    /// Cargo cannot be started or refuses the manifests, or its answer has another shape.
    pub fn load(root: &Path) -> Result<Self, ChoreError> {
        let args = ["metadata", "--format-version", "1", "--no-deps", "--offline"];
        Self::parse(&program::answer(
            &program::cargo(),
            &args,
            root,
            "install Rust with rustup",
        )?)
    }

    /// Reads the answer of `cargo metadata --format-version 1 --no-deps`.
    ///
    /// # Errors
    /// [`ChoreError::Json`] where it has another shape.
    pub fn parse(metadata: &str) -> Result<Self, ChoreError> {
        let raw: RawMetadata = serde_json::from_str(metadata).map_err(|source| ChoreError::Json {
            what: "the answer of cargo metadata",
            source,
        })?;
        let tables = raw.metadata.unwrap_or_default();
        let members = raw.packages.into_iter().map(Member::from_raw).collect();
        Ok(Self {
            root: raw.workspace_root,
            floors: tables.floors,
            only: tables.only,
            members,
        })
    }

    /// The crates on the top floor: the doors, which are what is shipped.
    #[must_use]
    pub fn doors(&self) -> Vec<&str> {
        let top = self.floors.values().max();
        let names = self.floors.iter().filter(|(_, floor)| Some(*floor) == top);
        names
            .map(|(name, _)| name.as_str())
            .filter(|name| self.member(name).is_some())
            .collect()
    }

    /// The member of that name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl Member {
    fn from_raw(raw: RawPackage) -> Self {
        let folder = raw
            .manifest_path
            .parent()
            .map(Path::to_path_buf)
            .unwrap_or_default();
        let dependencies = raw.dependencies.into_iter().map(Dependency::from_raw).collect();
        Self {
            name: raw.name,
            folder,
            dependencies,
        }
    }
}

impl Dependency {
    fn from_raw(raw: RawDependency) -> Self {
        let kind = match raw.kind.as_deref() {
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            _ => Kind::Normal,
        };
        Self {
            name: raw.name,
            kind,
            requirement: raw.req,
            by_path: raw.path.is_some(),
        }
    }
}

#[derive(Deserialize)]
struct RawMetadata {
    workspace_root: PathBuf,
    packages: Vec<RawPackage>,
    metadata: Option<Tables>,
}

#[derive(Deserialize, Default)]
struct Tables {
    #[serde(default)]
    floors: BTreeMap<String, u32>,
    #[serde(default)]
    only: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct RawPackage {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<RawDependency>,
}

#[derive(Deserialize)]
struct RawDependency {
    name: String,
    kind: Option<String>,
    req: String,
    path: Option<PathBuf>,
}
