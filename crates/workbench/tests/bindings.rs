//! The TypeScript of the contract, generated and held against what is checked in.
//!
//! `TICKMARK_WRITE_BINDINGS=1 cargo test -p tickmark-workbench --test bindings` (or `cargo xtask bindings`) writes it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tickmark_workbench::contract::command::{commands_ts, export_types};

fn checked_in() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/ipc/generated")
}

/// One file with every type, in name order: nothing to import, nothing to forget.
fn generate() -> String {
    let dir = tempfile::tempdir().unwrap();
    let config = ts_rs::Config::new()
        .with_large_int("number")
        .with_out_dir(dir.path());
    export_types(&config).unwrap();
    let mut parts = BTreeMap::new();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let body: String = text
            .lines()
            .filter(|line| {
                !line.starts_with("import type") && !line.starts_with("// This file was generated")
            })
            .map(|line| format!("{}\n", line.trim_end()))
            .collect();
        parts.insert(
            path.file_stem().unwrap().to_string_lossy().into_owned(),
            body.trim().to_owned(),
        );
    }
    let mut text = String::from(
        "// Generated from crates/workbench/src/contract by `cargo xtask bindings`. Do not edit.\n\n",
    );
    for body in parts.values() {
        text.push_str(body);
        text.push_str("\n\n");
    }
    text.push_str(&commands_ts(&config));
    text
}

#[test]
fn bindings_are_current() {
    let path = checked_in().join("contract.ts");
    let text = generate();
    if std::env::var_os("TICKMARK_WRITE_BINDINGS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "ui/src/ipc/generated/contract.ts is not current: run `cargo xtask bindings`"
    );
}
