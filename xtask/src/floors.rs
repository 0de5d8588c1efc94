//! `cargo xtask floors`: a crate knows lower floors only, never its neighbour, never above; floors 0 and 1 know no disk,
//! no clock, no chance and no screen; some crates are named by one member only.
//!
//! The tables are `[workspace.metadata.floors]` and `[workspace.metadata.only]` in the root manifest.

use std::path::{Path, PathBuf};

use crate::code::shipped_code;
use crate::error::{ChoreError, Fault, read};
use crate::workspace::{Dependency, Kind, Member, Workspace};

/// Every breach of the house's order in the workspace at `root`.
///
/// # Errors
/// Cargo or a source file cannot be read.
pub fn faults(root: &Path) -> Result<Vec<Fault>, ChoreError> {
    let workspace = Workspace::load(root)?;
    let mut faults = order(&workspace);
    faults.extend(sole_users(&workspace));
    for member in low_members(&workspace) {
        faults.extend(sources(&workspace.root, member)?);
    }
    faults.extend(lint_settings(&workspace)?);
    faults.sort();
    Ok(faults)
}

/// Dependencies that go up or sideways, members without a floor, floors without a member.
#[must_use]
pub fn order(workspace: &Workspace) -> Vec<Fault> {
    let mut faults: Vec<Fault> = workspace
        .members
        .iter()
        .flat_map(|member| order_of(workspace, member))
        .collect();
    for name in workspace
        .floors
        .keys()
        .filter(|name| workspace.member(name).is_none())
    {
        faults.push(Fault::new(
            "Cargo.toml",
            format!("{name} has a floor but is no member of the workspace"),
        ));
    }
    faults
}

fn order_of(workspace: &Workspace, member: &Member) -> Vec<Fault> {
    let Some(own) = workspace.floors.get(&member.name) else {
        return if in_the_house(workspace, member) {
            vec![Fault::new(
                &member.name,
                "has no floor in [workspace.metadata.floors]",
            )]
        } else {
            Vec::new() // tests and chores stand beside the house
        };
    };
    let inner = member
        .dependencies
        .iter()
        .filter(|dependency| workspace.member(&dependency.name).is_some());
    let breaches = inner.filter_map(|dependency| match workspace.floors.get(&dependency.name) {
        Some(floor) if floor < own => None,
        Some(floor) => Some(format!(
            "is on floor {own} and names {} on floor {floor}",
            dependency.name
        )),
        None => Some(format!(
            "is on floor {own} and names {}, which stands beside the house",
            dependency.name
        )),
    });
    breaches
        .map(|sentence| Fault::new(&member.name, sentence))
        .collect()
}

fn in_the_house(workspace: &Workspace, member: &Member) -> bool {
    member.folder.starts_with(workspace.root.join("crates"))
        || member.folder == workspace.root.join("src-tauri")
}

/// Members that name a crate which another member keeps to itself. Tests may name it.
#[must_use]
pub fn sole_users(workspace: &Workspace) -> Vec<Fault> {
    let mut faults = Vec::new();
    for member in workspace
        .members
        .iter()
        .filter(|member| workspace.floors.contains_key(&member.name))
    {
        for Dependency { name, .. } in member
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != Kind::Dev)
        {
            match workspace.only.get(name) {
                Some(keeper) if *keeper != member.name => {
                    faults.push(Fault::new(
                        &member.name,
                        format!("names {name}, which only {keeper} may name"),
                    ));
                }
                _ => {}
            }
        }
    }
    faults
}

fn low_members(workspace: &Workspace) -> impl Iterator<Item = &Member> {
    workspace.members.iter().filter(|member| {
        workspace
            .floors
            .get(&member.name)
            .is_some_and(|floor| *floor <= 1)
    })
}

fn sources(root: &Path, member: &Member) -> Result<Vec<Fault>, ChoreError> {
    let mut faults = Vec::new();
    for path in rust_files(&member.folder.join("src"))? {
        let place = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        faults.extend(source_faults(&place, &read(&path)?));
    }
    Ok(faults)
}

/// What a source file of floor 0 or 1 may not name, outside its tests.
#[must_use]
pub fn source_faults(place: &str, source: &str) -> Vec<Fault> {
    let code = shipped_code(source);
    let mut faults = Vec::new();
    for (number, line) in code.lines().enumerate() {
        for (word, why) in FORBIDDEN.iter().filter(|(word, _)| names(line, word)) {
            faults.push(Fault::new(
                format!("{place}:{}", number + 1),
                format!("{word}: {why}"),
            ));
        }
    }
    faults.extend(grouped_imports(place, &code));
    faults
}

/// Whether `line` has `word` with no letter, digit or underscore before or behind it.
fn names(line: &str, word: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        !is_word(line[..at].chars().next_back()) && !is_word(line[at + word.len()..].chars().next())
    })
}

/// `use std::{fs, io};` and its like, over several lines too.
fn grouped_imports(place: &str, code: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, _) in code.match_indices("std::{") {
        let group = code[at..].split(';').next().unwrap_or_default();
        let line = code[..at].matches('\n').count() + 1;
        for module in ["fs", "net", "process", "env"]
            .into_iter()
            .filter(|module| names(group, module))
        {
            faults.push(Fault::new(
                format!("{place}:{line}"),
                format!("std::{module}: floors 0 and 1 know no surroundings"),
            ));
        }
    }
    faults
}

/// Floors 0 and 1 carry one and the same strict clippy.toml.
fn lint_settings(workspace: &Workspace) -> Result<Vec<Fault>, ChoreError> {
    let mut first: Option<(String, String)> = None;
    let mut faults = Vec::new();
    for member in low_members(workspace) {
        let path = member.folder.join("clippy.toml");
        if !path.is_file() {
            faults.push(Fault::new(
                &member.name,
                "has no clippy.toml of its own, so floors 0 and 1 are linted too mildly",
            ));
            continue;
        }
        let text = read(&path)?;
        match &first {
            Some((name, expected)) if *expected != text => {
                faults.push(Fault::new(
                    &member.name,
                    format!("has another clippy.toml than {name}"),
                ));
            }
            Some(_) => {}
            None => first = Some((member.name.clone(), text)),
        }
    }
    Ok(faults)
}

/// Every `.rs` file below `folder`, in name order.
///
/// # Errors
/// A folder cannot be read.
pub fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, ChoreError> {
    let broken = |source| ChoreError::File {
        path: folder.to_path_buf(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(broken)? {
        let path = entry.map_err(broken)?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

const DISK: &str = "floors 0 and 1 know no disk";
const CLOCK: &str = "floors 0 and 1 know no clock";
const SCREEN: &str = "floors 0 and 1 know no screen";
const SURROUNDINGS: &str = "floors 0 and 1 know no surroundings";

const FORBIDDEN: &[(&str, &str)] = &[
    ("std::fs", DISK),
    ("File::open", DISK),
    ("File::create", DISK),
    ("SystemTime", CLOCK),
    ("Instant::now", CLOCK),
    ("Utc::now", CLOCK),
    ("Local::now", CLOCK),
    ("println!", SCREEN),
    ("print!", SCREEN),
    ("eprintln!", SCREEN),
    ("eprint!", SCREEN),
    ("dbg!", SCREEN),
    ("std::net", SURROUNDINGS),
    ("std::process", SURROUNDINGS),
    ("std::env", SURROUNDINGS),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(dependencies: &[(&str, &str, Kind)]) -> Workspace {
        let member = |name: &str, folder: &str| Member {
            name: name.to_owned(),
            folder: PathBuf::from(folder),
            dependencies: dependencies
                .iter()
                .filter(|(from, ..)| *from == name)
                .map(|(_, to, kind)| Dependency {
                    name: (*to).to_owned(),
                    kind: *kind,
                    requirement: "^1".to_owned(),
                    by_path: true,
                })
                .collect(),
        };
        let floors = [("bytes", 0), ("maths", 0), ("judge", 1), ("door", 2)];
        Workspace {
            root: PathBuf::from("/house"),
            floors: floors
                .into_iter()
                .map(|(name, floor)| (name.to_owned(), floor))
                .collect(),
            only: [("sha2".to_owned(), "maths".to_owned())].into(),
            members: vec![
                member("bytes", "/house/crates/bytes"),
                member("maths", "/house/crates/maths"),
                member("judge", "/house/crates/judge"),
                member("door", "/house/src-tauri"),
                member("chores", "/house/chores"),
            ],
        }
    }

    #[test]
    fn stairs_go_down() {
        let fine = [
            ("door", "judge", Kind::Normal),
            ("judge", "bytes", Kind::Normal),
            ("chores", "door", Kind::Normal),
        ];
        assert_eq!(order(&workspace(&fine)), []);
    }

    #[test]
    fn up_sideways_and_out_are_breaches_for_tests_too() {
        for (from, to, kind) in [
            ("bytes", "judge", Kind::Normal),
            ("bytes", "maths", Kind::Build),
            ("bytes", "maths", Kind::Dev),
            ("judge", "chores", Kind::Normal),
        ] {
            let faults = order(&workspace(&[(from, to, kind)]));
            assert_eq!(faults.len(), 1, "{from} -> {to}");
            assert_eq!(faults[0].place, from);
        }
    }

    #[test]
    fn a_crate_needs_a_floor_and_a_floor_a_crate() {
        let mut house = workspace(&[]);
        house.floors.remove("judge");
        house.floors.insert("attic".to_owned(), 9);
        let faults = order(&house);
        assert_eq!(
            faults.iter().map(|f| f.place.as_str()).collect::<Vec<_>>(),
            ["judge", "Cargo.toml"]
        );
    }

    #[test]
    fn a_kept_crate_is_named_by_its_keeper_and_by_tests() {
        let fine = [
            ("maths", "sha2", Kind::Normal),
            ("judge", "sha2", Kind::Dev),
            ("chores", "sha2", Kind::Normal),
        ];
        assert_eq!(sole_users(&workspace(&fine)), []);
        assert_eq!(
            sole_users(&workspace(&[("judge", "sha2", Kind::Normal)])).len(),
            1
        );
    }

    #[test]
    fn low_sources_name_no_disk_no_clock_no_screen() {
        for code in [
            "use std::fs;",
            "let x = std::fs::read(p);",
            "use std::{\n    io,\n    fs::File,\n};",
            "let t = SystemTime::now();",
            "println!(\"x\");",
            "let h = std::env::var(\"HOME\");",
        ] {
            assert!(!source_faults("a.rs", code).is_empty(), "{code}");
        }
        for code in [
            "// std::fs",
            "let offs = 1;",
            "use std::{io, fmt};",
            "my_println!(x)",
            "#[cfg(test)]\nmod tests { use std::fs; }",
        ] {
            assert_eq!(source_faults("a.rs", code), [], "{code}");
        }
        assert_eq!(source_faults("a.rs", "\n\nuse std::fs;")[0].place, "a.rs:3");
    }
}
