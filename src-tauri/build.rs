//! Gives every command of the contract its own permission, and hides SQLCipher's symbols.

use std::path::Path;

fn main() {
    // The commands stand in one table of the workbench; it is read as text, because a build script that linked the
    // workbench would build SQLCipher twice.
    let table = Path::new("../crates/workbench/src/contract/command.rs");
    println!("cargo:rerun-if-changed={}", table.display());
    let names: &'static [&'static str] = Box::leak(command_names(table).into_boxed_slice());

    // WebKitGTK loads the system's libsqlite3, which would bind to our static `sqlite3_*`; see research on SQLCipher.
    println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");

    let manifest = tauri_build::AppManifest::new().commands(names);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}

/// The names between `commands! {` and its closing brace.
fn command_names(table: &Path) -> Vec<&'static str> {
    let text = std::fs::read_to_string(table).unwrap_or_default();
    let body = text.rsplit_once("commands! {").map_or("", |(_, rest)| rest);
    body.lines()
        .take_while(|line| !line.starts_with('}'))
        .filter_map(|line| line.trim().split_once('('))
        .filter(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        .map(|(name, _)| &*Box::leak(name.to_owned().into_boxed_str()))
        .collect()
}
