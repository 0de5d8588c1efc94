use std::fs;
use std::ops::ControlFlow;

use tickmark_vault::{Mode, Vault, VaultError};

use crate::kit::{PASSPHRASE, at, go_on, kit, passphrase};
use crate::raw;

#[test]
fn a_backup_is_a_vault_of_its_own() {
    let kit = kit();
    let bundle = kit.import("a", &["1 refund ada ok"]);
    let copy = kit.dir.path().join("copy.vault");
    let mut told = Vec::new();
    let mut progress = |done, total| {
        told.push((done, total));
        ControlFlow::Continue(())
    };
    kit.vault
        .backup(&kit.signer, &copy, at(9), &mut progress)
        .unwrap();
    assert!(
        told.last()
            .is_some_and(|(done, total)| done == total && *total > 0)
    );
    assert_eq!(raw::dump(&copy), raw::dump(&kit.path()));
    // later work is not in it, and it stands without the first one
    kit.import("b", &["2 refund ben ok"]);
    kit.vault.lock();
    fs::remove_dir_all(kit.path()).unwrap();
    let vault = Vault::open(&copy, &passphrase(PASSPHRASE)).unwrap();
    assert_eq!(vault.mode(), Mode::ReadWrite);
    assert_eq!(vault.read(|view| view.bundles().list()).unwrap().len(), 1);
    assert_eq!(
        vault.read(|view| view.records().bytes(bundle, 1)).unwrap().bytes,
        b"1 refund ada ok"
    );
    let last = vault.read(|view| view.custody().last()).unwrap().unwrap();
    assert_eq!(last.action, "vault.backed_up");
    assert!(vault.check(&mut |_, _| go_on(0)).unwrap().is_sound());
}

#[test]
fn a_backup_never_overwrites_and_a_broken_off_one_leaves_nothing() {
    let kit = kit();
    let there = kit.vault.backup(&kit.signer, &kit.path(), at(9), &mut |_, _| {
        ControlFlow::Continue(())
    });
    assert!(matches!(there, Err(VaultError::AlreadyExists { .. })));
    let copy = kit.dir.path().join("copy.vault");
    let broken = kit
        .vault
        .backup(&kit.signer, &copy, at(9), &mut |_, _| ControlFlow::Break(()));
    assert!(matches!(broken, Err(VaultError::Cancelled)));
    assert_eq!(fs::read_dir(kit.dir.path()).unwrap().count(), 1);
}

#[test]
fn a_backup_is_restored_beside_what_is_there() {
    let kit = kit();
    kit.import("a", &["1 refund ada ok"]);
    let copy = kit.dir.path().join("copy.vault");
    kit.vault
        .backup(&kit.signer, &copy, at(9), &mut |_, _| ControlFlow::Continue(()))
        .unwrap();
    let before: Vec<_> = fs::read(copy.join("vault.db")).unwrap();
    let taken = Vault::restore(&copy, &kit.path(), &passphrase(PASSPHRASE));
    assert!(matches!(taken.err(), Some(VaultError::AlreadyExists { .. })));
    let to = kit.dir.path().join("restored.vault");
    assert!(matches!(
        Vault::restore(&copy, &to, &passphrase("guess")).err(),
        Some(VaultError::WrongSecret { .. })
    ));
    let restored = Vault::restore(&copy, &to, &passphrase(PASSPHRASE)).unwrap();
    assert_eq!(raw::dump(&to), raw::dump(&copy));
    restored.lock();
    assert_eq!(fs::read(copy.join("vault.db")).unwrap(), before);
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let kit = kit();
    kit.import("a", &["1 refund ada ok"]);
    let copy = kit.dir.path().join("copy.vault");
    kit.vault
        .backup(&kit.signer, &copy, at(9), &mut |_, _| ControlFlow::Continue(()))
        .unwrap();
    let path = copy.join("vault.db");
    let whole = fs::read(&path).unwrap();
    let pages = whole.len() / 4096;
    for page in [1, pages / 2, pages - 1] {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 77] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        let to = kit.dir.path().join("restored.vault");
        let refused = Vault::restore(&copy, &to, &passphrase(PASSPHRASE));
        assert!(
            matches!(refused.err(), Some(VaultError::Damaged { .. })),
            "page {page} of {pages}"
        );
        assert!(!to.exists());
    }
}

/// Every byte of the database is under a page's authentication code.
#[test]
fn every_flipped_byte_is_found() {
    let kit = kit();
    kit.import("a", &["1 refund ada ok"]);
    kit.vault.lock();
    let path = kit.path().join("vault.db");
    let whole = fs::read(&path).unwrap();
    let mut state = 1_u32;
    for _ in 0..25 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let at = state as usize % whole.len();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (state % 8);
        fs::write(&path, &bytes).unwrap();
        let found = match Vault::open(&kit.path(), &passphrase(PASSPHRASE)) {
            Err(VaultError::Damaged { .. }) => true,
            Err(other) => panic!("byte {at}: {other}"),
            Ok(vault) => match vault.check(&mut |_, _| go_on(0)) {
                Ok(health) => !health.is_sound(),
                Err(VaultError::Damaged { .. }) => true,
                Err(other) => panic!("byte {at}: {other}"),
            },
        };
        assert!(found, "byte {at}");
    }
}
