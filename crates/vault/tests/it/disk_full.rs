//! No room left: the error says so, and the vault is as it was.

use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use tickmark_vault::import::Outcome;
use tickmark_vault::{Vault, VaultError};

use crate::child;
use crate::kit::{PASSPHRASE, REVIEWER_SECRET, at, draft, kit, passphrase, records, secret, verification};
use crate::raw;

/// A file that may not grow further, at sizes that fall into every part of an import.
#[cfg(unix)]
#[test]
fn a_limit_on_files_is_met_anywhere_and_harms_nothing() {
    let kit = kit();
    let path = kit.path();
    kit.import("kept", &["1 refund ada ok"]);
    kit.vault.lock();
    let before = raw::dump(&path);
    let size = std::fs::metadata(path.join("vault.db")).unwrap().len() / 1024;
    let mut refused = 0;
    for room in [16, 300, 700, 1_500, 3_000, 4_500] {
        let output = child::limited("disk_full::child_imports", &path, size + room)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            said.contains("disk full"),
            "{room} KiB: {said}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        refused += 1;
        same_as_before(&path, &before, &format!("{room} KiB"));
    }
    assert_eq!(refused, 6);
    // and without the limit the same import goes through
    let output = child::command("disk_full::child_imports", &path)
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("kept"));
}

/// A small medium that really fills up, where this machine lets us make one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_medium_is_told_and_harms_nothing() {
    let medium = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"])
        .arg(medium.path())
        .output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        println!("skipped: this account may not mount a medium");
        return;
    }
    let path = medium.path().join("demo.vault");
    let outcome = std::panic::catch_unwind(|| {
        Vault::create(&path, &crate::kit::create()).unwrap().lock();
        let before = raw::dump(&path);
        for spare in [5_500, 3_000, 1_000, 200, 0] {
            let filler = medium.path().join("filler");
            fill(&filler, medium.path(), spare);
            let output = child::command("disk_full::child_imports", &path)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(
                said.contains("disk full"),
                "{spare} KiB: {said}\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
            std::fs::remove_file(&filler).unwrap();
            same_as_before(&path, &before, &format!("{spare} KiB"));
        }
        // no vault is half-created either
        fill(&medium.path().join("filler"), medium.path(), 100);
        let refused = Vault::create(&medium.path().join("second.vault"), &crate::kit::create());
        assert!(matches!(refused.err(), Some(VaultError::DiskFull { .. })));
        assert!(!medium.path().join("second.vault").exists());
    });
    Command::new("umount")
        .arg("-l")
        .arg(medium.path())
        .status()
        .unwrap();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// Leaves so many KiB on the medium.
#[cfg(target_os = "linux")]
fn fill(filler: &Path, medium: &Path, spare: u64) {
    let output = Command::new("df")
        .args(["--output=avail", "-k"])
        .arg(medium)
        .output()
        .unwrap();
    let free: u64 = String::from_utf8_lossy(&output.stdout)
        .lines()
        .nth(1)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let size = usize::try_from(free.saturating_sub(spare) * 1024).unwrap();
    std::fs::write(filler, vec![0; size]).unwrap();
}

fn same_as_before(path: &Path, before: &[String], when: &str) {
    let vault = Vault::open(path, &passphrase(PASSPHRASE)).unwrap_or_else(|error| panic!("{when}: {error}"));
    vault.sweep(&mut || ControlFlow::Continue(())).unwrap();
    assert_eq!(vault.check_custody().unwrap().faults, [], "{when}");
    let health = vault.check(&mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(health.is_sound(), "{when}: {health:?}");
    vault.lock();
    assert_eq!(raw::dump(path), before, "{when}");
}

#[test]
#[ignore = "the child of the tests in this file"]
fn child_imports() {
    let Some(path) = child::folder() else { return };
    match import(&path) {
        Ok(()) => println!("kept"),
        Err(VaultError::DiskFull { doing }) => println!("disk full while {doing}"),
        Err(other) => println!("something else: {other:?}"),
    }
}

fn import(path: &Path) -> Result<(), VaultError> {
    let vault = Vault::open(path, &passphrase(PASSPHRASE))?;
    let reviewer = vault.read(|view| view.reviewers().list())?.remove(0).row.id;
    let signer = vault.unlock_signer(&reviewer, &secret(REVIEWER_SECRET))?;
    let mut import = vault.begin_import(draft("a"), at(1))?;
    let lines: Vec<String> = (0..12_000)
        .map(|n| format!("{n} refund ada ok {}", "padding ".repeat(50)))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let bytes: Vec<u8> = lines
        .iter()
        .flat_map(|line| [line.as_bytes(), b"\n"].concat())
        .collect();
    import.add_file("a", &mut &bytes[..], &mut crate::kit::go_on)?;
    for record in records(&lines) {
        import.add_record(record)?;
    }
    let judgement = verification(&bytes);
    let outcome = Outcome {
        verification: &judgement,
        all_faults: &[],
        heads: &[],
        importer: None,
    };
    import.finish(&signer, &outcome, at(2))?;
    Ok(())
}
