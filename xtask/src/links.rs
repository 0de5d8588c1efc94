//! `cargo xtask links`: every relative link in a Markdown file leads to something, and every `#heading` too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::{ChoreError, Fault, read};
use crate::program;

/// Links of the checkout's Markdown files that lead nowhere.
///
/// # Errors
/// Git cannot list the files, or one cannot be read.
pub fn faults(root: &Path) -> Result<Vec<Fault>, ChoreError> {
    let args = [
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
        "--",
        "*.md",
    ];
    let listed = program::answer("git", &args, root, "install git")?;
    let mut faults = Vec::new();
    for name in listed
        .split('\0')
        .filter(|name| !name.is_empty() && root.join(name).is_file())
    {
        faults.extend(file_faults(root, Path::new(name), &read(&root.join(name))?)?);
    }
    Ok(faults)
}

fn file_faults(root: &Path, name: &Path, text: &str) -> Result<Vec<Fault>, ChoreError> {
    let mut faults = Vec::new();
    for (line, target) in links(text) {
        let place = format!("{}:{line}", name.display());
        let (path, heading) = target.split_once('#').unwrap_or((&target, ""));
        let file = if path.is_empty() {
            root.join(name)
        } else {
            resolve(root, name, path)
        };
        if !file.exists() {
            faults.push(Fault::new(place, format!("{target} leads to nothing")));
        } else if !heading.is_empty()
            && file.extension().is_some_and(|e| e == "md")
            && !headings(&read(&file)?).contains(heading)
        {
            faults.push(Fault::new(
                place,
                format!("{target} names a heading that is not there"),
            ));
        }
    }
    Ok(faults)
}

fn resolve(root: &Path, name: &Path, path: &str) -> PathBuf {
    match path.strip_prefix('/') {
        Some(absolute) => root.join(absolute),
        None => root.join(name).parent().unwrap_or(root).join(path),
    }
}

/// Relative targets of `[text](target)`, `![text](target)`, `[name]: target`, `src="target"` and `href="target"`, each
/// with its line. Fenced and inline code is passed over.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let line = without_code(line);
            let targets = inline_targets(&line)
                .chain(definition_target(&line))
                .filter(|target| is_relative(target));
            found.extend(targets.map(|target| (number + 1, target.to_owned())));
        }
    }
    found
}

fn without_code(line: &str) -> String {
    line.split('`')
        .enumerate()
        .filter(|(part, _)| part % 2 == 0)
        .map(|(_, text)| text)
        .collect()
}

fn inline_targets(line: &str) -> impl Iterator<Item = &str> {
    const OPENERS: [(&str, char); 3] = [("](", ')'), ("src=\"", '"'), ("href=\"", '"')];
    OPENERS.into_iter().flat_map(move |(open, close)| {
        line.split(open)
            .skip(1)
            .filter_map(move |rest| rest.split(close).next()?.split_whitespace().next())
    })
}

fn definition_target(line: &str) -> Option<&str> {
    line.strip_prefix('[')?
        .split_once("]: ")?
        .1
        .split_whitespace()
        .next()
}

fn is_relative(target: &str) -> bool {
    !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
}

/// The anchors of a Markdown file, as they are made from its headings: lower case, punctuation gone, blanks to hyphens.
fn headings(text: &str) -> BTreeSet<String> {
    let titles = text
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.trim_start_matches('#').trim());
    titles.map(anchor).collect()
}

fn anchor(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_and_code_is_not() {
        let text = "[a](b.md) and ![c](d.svg \"title\")\n```\n[x](y)\n```\n`[no](code)` [e](https://example.org)\n[f]: g.md\n<img src=\"h.png\">";
        let found: Vec<_> = links(text)
            .into_iter()
            .map(|(line, target)| format!("{line} {target}"))
            .collect();
        assert_eq!(found, ["1 b.md", "1 d.svg", "6 g.md", "7 h.png"]);
    }

    #[test]
    fn a_link_leads_to_a_file_and_a_heading() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("docs")).unwrap();
        std::fs::write(folder.path().join("docs/b.md"), "# One `two`, three\n").unwrap();
        let text = "[1](docs/b.md) [2](docs/b.md#one-two-three) [3](#here) [4](/docs/b.md)\n[5](c.md)\n[6](docs/b.md#four)\n## Here\n";
        std::fs::write(folder.path().join("a.md"), text).unwrap();
        let faults = file_faults(folder.path(), Path::new("a.md"), text).unwrap();
        assert_eq!(
            faults
                .iter()
                .map(|fault| fault.place.as_str())
                .collect::<Vec<_>>(),
            ["a.md:2", "a.md:3"]
        );
    }
}
