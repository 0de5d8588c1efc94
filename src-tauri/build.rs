//! Gives every command of the contract its own permission, and hides SQLCipher's symbols.

use std::path::Path;

fn main() {
    if let Err(problem) = prepare() {
        println!("cargo:warning={problem}");
        std::process::exit(1);
    }
}

fn prepare() -> Result<(), String> {
    // The commands stand in one table of the workbench; it is read as text, because a build script that linked the
    // workbench would build SQLCipher twice.
    let table = Path::new("../crates/workbench/src/contract/command.rs");
    println!("cargo:rerun-if-changed={}", table.display());
    let text = std::fs::read_to_string(table).map_err(|error| format!("{}: {error}", table.display()))?;
    let names = command_names(&text);
    if names.is_empty() {
        return Err(format!("{} names no command", table.display()));
    }

    // WebKitGTK loads the system's libsqlite3, which would bind to the `sqlite3_*` of our SQLCipher if they were shown.
    println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");

    let manifest = tauri_build::AppManifest::new().commands(Box::leak(names.into_boxed_slice()));
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
        .map_err(|error| format!("{error:#}"))
}

/// The names between `commands! {` and its closing brace.
fn command_names(text: &str) -> Vec<&'static str> {
    let body = text.rsplit_once("commands! {").map_or("", |(_, rest)| rest);
    body.lines()
        .take_while(|line| !line.starts_with('}'))
        .filter_map(|line| line.trim().split_once('('))
        .filter(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        .map(|(name, _)| &*Box::leak(name.to_owned().into_boxed_str()))
        .collect()
}
