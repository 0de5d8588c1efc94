use std::fs;
use std::path::Path;

use tickmark_vault::{Mode, ReadOnlyReason, Vault, VaultError};

use crate::kit::{PASSPHRASE, create, kit, passphrase};
use crate::raw;

fn open(path: &Path) -> Result<Vault, VaultError> {
    Vault::open(path, &passphrase(PASSPHRASE))
}

#[test]
fn what_was_written_is_there_after_locking_and_opening() {
    let kit = kit();
    let engagement = kit.engagement();
    let bundle = kit.import("a", &["1 refund ada ok"]);
    assert_eq!(kit.vault.mode(), Mode::ReadWrite);
    let kit = kit.reopen();
    kit.vault
        .read(|view| {
            assert_eq!(
                view.engagements().get(&engagement)?.title,
                "Model gateway, third quarter"
            );
            assert_eq!(view.records().bytes(bundle, 1)?.bytes, b"1 refund ada ok");
            Ok::<_, VaultError>(())
        })
        .unwrap();
    assert_eq!(kit.vault.check_custody().unwrap().faults, []);
}

#[test]
fn a_locked_vault_does_nothing_any_more() {
    let kit = kit();
    let bundle = kit.import("a", &["1 refund ada ok"]);
    let original = kit.vault.originals(bundle).unwrap().remove(0);
    let mut stream = original.open().unwrap();
    kit.vault.lock();
    assert!(std::io::Read::read(&mut stream, &mut [0; 4]).is_err());
    drop(stream);
    assert!(matches!(kit.vault.reader().err(), Some(VaultError::Locked)));
    assert!(matches!(kit.try_write(|_| Ok(())), Err(VaultError::Locked)));
    assert!(matches!(
        kit.vault
            .begin_import(crate::kit::draft("b"), crate::kit::at(1))
            .err(),
        Some(VaultError::Locked)
    ));
    assert!(original.open().is_err());
    // and the lock is free for the next one
    assert_eq!(open(&kit.path()).unwrap().mode(), Mode::ReadWrite);
}

#[test]
fn a_wrong_secret_is_told_as_such() {
    let kit = kit();
    kit.vault.lock();
    let wrong = Vault::open(&kit.path(), &passphrase("guess"));
    assert!(matches!(wrong.err(), Some(VaultError::WrongSecret { tried: 1 })));
    let identity = tickmark_crypto::sealed::Opener::Identity(tickmark_crypto::sealed::Identity::generate());
    assert!(matches!(
        Vault::open(&kit.path(), &identity).err(),
        Some(VaultError::WrongSecret { tried: 0 })
    ));
}

#[test]
fn a_folder_that_is_no_vault_is_told_as_such() {
    let dir = crate::kit::folder();
    for path in [dir.path().to_owned(), dir.path().join("nowhere")] {
        match open(&path).err() {
            Some(VaultError::NotAVault { missing, .. }) => assert_eq!(missing, "vault.json"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_missing_piece_is_named() {
    let kit = kit();
    kit.vault.lock();
    let path = kit.path();
    let signer = format!("signers/{}.age", kit.signer.reviewer());
    let slot = kit.vault.slots().unwrap().remove(0).id;
    for piece in ["vault.db".to_owned(), format!("keys/{slot}.age")] {
        let aside = kit.dir.path().join("aside");
        fs::rename(path.join(&piece), &aside).unwrap();
        match open(&path).err() {
            Some(VaultError::Incomplete { missing, .. }) => assert_eq!(missing, piece),
            other => panic!("{piece}: {other:?}"),
        }
        fs::rename(&aside, path.join(&piece)).unwrap();
    }
    // without a signer's file everything can be read, and that signer cannot sign
    std::fs::remove_file(path.join(&signer)).unwrap();
    let vault = open(&path).unwrap();
    match vault
        .unlock_signer(
            kit.signer.reviewer(),
            &crate::kit::secret(crate::kit::REVIEWER_SECRET),
        )
        .err()
    {
        Some(VaultError::Incomplete { missing, .. }) => assert_eq!(missing, signer),
        other => panic!("{other:?}"),
    }
    assert!(!vault.check(&mut |_, _| crate::kit::go_on(0)).unwrap().is_sound());
}

#[test]
fn a_newer_format_is_told_as_such() {
    let kit = kit();
    kit.vault.lock();
    let descriptor = kit.path().join("vault.json");
    let text = fs::read_to_string(&descriptor).unwrap();
    fs::write(&descriptor, text.replace("\"format\": 1", "\"format\": 2")).unwrap();
    assert!(matches!(
        open(&kit.path()).err(),
        Some(VaultError::NewerFormat {
            found: 2,
            supported: 1
        })
    ));
    fs::write(&descriptor, &text).unwrap();
    raw::connection(&kit.path())
        .execute_batch("PRAGMA user_version = 7")
        .unwrap();
    assert!(matches!(
        open(&kit.path()).err(),
        Some(VaultError::NewerFormat {
            found: 7,
            supported: 1
        })
    ));
}

#[test]
fn a_database_that_anybody_could_read_is_refused() {
    let kit = kit();
    kit.vault.lock();
    let database = kit.path().join("vault.db");
    fs::remove_file(&database).unwrap();
    rusqlite::Connection::open(&database)
        .unwrap()
        .execute_batch("CREATE TABLE meta (name, value)")
        .unwrap();
    assert!(matches!(
        open(&kit.path()).err(),
        Some(VaultError::NotEncrypted { .. })
    ));
    fs::write(&database, b"").unwrap();
    assert!(matches!(
        open(&kit.path()).err(),
        Some(VaultError::Damaged { .. })
    ));
}

#[test]
fn the_database_is_encrypted_from_its_first_byte() {
    let kit = kit();
    kit.import("a", &["1 refund ada findmeifyoucan"]);
    kit.vault.lock();
    let bytes = fs::read(kit.path().join("vault.db")).unwrap();
    assert!(bytes.len() > 100_000);
    for plain in [
        &b"SQLite format 3"[..],
        b"findmeifyoucan",
        b"custody_event",
        b"Ada Example",
    ] {
        assert!(!bytes.windows(plain.len()).any(|window| window == plain));
    }
    assert!(
        !fs::read_to_string(kit.path().join("vault.json"))
            .unwrap()
            .contains("Ada")
    );
}

#[test]
fn a_damaged_page_is_told_from_a_wrong_secret() {
    let kit = kit();
    kit.vault.lock();
    let database = kit.path().join("vault.db");
    let mut bytes = fs::read(&database).unwrap();
    bytes[2000] ^= 1;
    fs::write(&database, &bytes).unwrap();
    match open(&kit.path()).err() {
        Some(VaultError::Damaged { piece, .. }) => assert_eq!(piece, "vault.db"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_damaged_slot_is_told_from_a_wrong_secret() {
    let kit = kit();
    kit.vault.lock();
    let slot = fs::read_dir(kit.path().join("keys"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let whole = fs::read(&slot).unwrap();
    for broken in [&b""[..], b"no age file", &whole[..whole.len() - 5], &whole[..60]] {
        fs::write(&slot, broken).unwrap();
        match open(&kit.path()).err() {
            Some(VaultError::Damaged { piece, .. }) => assert!(piece.starts_with("keys/")),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn pieces_of_two_vaults_do_not_mix() {
    let (one, two) = (kit(), kit());
    one.vault.lock();
    two.vault.lock();
    // the same passphrase opens the slot, but its key is another vault's
    fs::copy(two.path().join("vault.db"), one.path().join("vault.db")).unwrap();
    assert!(matches!(
        open(&one.path()).err(),
        Some(VaultError::Damaged { .. })
    ));
    // with the key as well, vault.json is the odd one out
    for folder in ["keys", "signers"] {
        fs::remove_dir_all(one.path().join(folder)).unwrap();
        fs::rename(two.path().join(folder), one.path().join(folder)).unwrap();
    }
    let text = fs::read_to_string(two.path().join("vault.json")).unwrap();
    fs::write(
        one.path().join("vault.json"),
        text.replace(two.vault.id(), one.vault.id()),
    )
    .unwrap();
    match open(&one.path()).err() {
        Some(VaultError::Damaged { piece, .. }) => assert_eq!(piece, "vault.json"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_second_opener_reads_and_is_told_why() {
    let kit = kit();
    let bundle = kit.import("a", &["1 refund ada ok"]);
    let second = open(&kit.path()).unwrap();
    assert_eq!(
        second.mode(),
        Mode::ReadOnly(ReadOnlyReason::HeldByAnotherProcess)
    );
    assert_eq!(
        second
            .read(|view| view.records().get(bundle, 1))
            .unwrap()
            .position,
        1
    );
    let refused = second.write(
        &kit.signer,
        "test.done",
        serde_json::json!({}),
        crate::kit::at(1),
        |_| Ok::<_, VaultError>(()),
    );
    assert!(matches!(
        refused,
        Err(VaultError::ReadOnly {
            reason: ReadOnlyReason::HeldByAnotherProcess
        })
    ));
    // what the first one writes meanwhile is seen at the next read
    let later = kit.import("b", &["2 refund ben ok"]);
    assert_eq!(second.read(|view| view.bundles().list()).unwrap().len(), 2);
    assert_eq!(
        second.read(|view| view.records().bytes(later, 1)).unwrap().bytes,
        b"2 refund ben ok"
    );
    kit.vault.lock();
    assert_eq!(open(&kit.path()).unwrap().mode(), Mode::ReadWrite);
}

#[test]
fn a_vault_can_be_opened_for_reading_only() {
    let kit = kit();
    kit.vault.lock();
    let reader = Vault::open_read_only(&kit.path(), &passphrase(PASSPHRASE)).unwrap();
    assert_eq!(reader.mode(), Mode::ReadOnly(ReadOnlyReason::Asked));
    assert_eq!(reader.read(|view| view.custody().count()).unwrap(), 1);
    // and takes nobody's place
    assert_eq!(open(&kit.path()).unwrap().mode(), Mode::ReadWrite);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_pieces() {
    use std::os::unix::fs::PermissionsExt;
    let kit = kit();
    kit.import("a", &["1 refund ada ok"]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut folders = vec![kit.path()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
                files += 1;
            }
        }
    }
    // vault.json, vault.db with its two log files, vault.lock, a slot, a signer
    assert_eq!(files, 7);
}

#[test]
fn a_place_that_is_taken_is_refused() {
    let kit = kit();
    for name in ["demo.vault", "a file", "a folder"] {
        let path = kit.dir.path().join(name);
        match name {
            "a file" => fs::write(&path, b"x").unwrap(),
            "a folder" => fs::create_dir_all(path.join("inner")).unwrap(),
            _ => {}
        }
        assert!(
            matches!(
                Vault::create(&path, &create()).err(),
                Some(VaultError::AlreadyExists { .. })
            ),
            "{name}"
        );
    }
    // nothing half-made is left beside them
    assert_eq!(fs::read_dir(kit.dir.path()).unwrap().count(), 3);
    // an empty folder is no obstacle, and odd names are only names
    for name in ["empty", "ünïcode % ?mode=memory&x=1 #frag.vault"] {
        let path = kit.dir.path().join(name);
        fs::create_dir_all(&path).unwrap();
        Vault::create(&path, &create()).unwrap().lock();
        assert_eq!(open(&path).unwrap().mode(), Mode::ReadWrite);
        assert!(path.join("vault.db").is_file());
    }
}

/// A medium that cannot be written, where this machine lets us make one.
#[cfg(target_os = "linux")]
#[test]
fn a_read_only_medium_is_read() {
    let kit = kit();
    let bundle = kit.import("a", &["1 refund ada ok"]);
    let medium = crate::kit::folder();
    let mount = |arguments: &[&str]| {
        let output = std::process::Command::new("mount")
            .args(arguments)
            .arg(medium.path())
            .output();
        output.is_ok_and(|output| output.status.success())
    };
    if !mount(&["-t", "tmpfs", "-o", "size=16m", "tmpfs"]) {
        println!("skipped: this account may not mount a medium");
        return;
    }
    let unmount = || {
        std::process::Command::new("umount")
            .arg("-l")
            .arg(medium.path())
            .status()
            .unwrap()
    };
    let copy = |to: &str| {
        let status = std::process::Command::new("cp")
            .arg("-r")
            .arg(kit.path())
            .arg(medium.path().join(to))
            .status();
        assert!(status.unwrap().success());
    };
    copy("unfinished.vault");
    kit.vault.lock();
    copy("whole.vault");
    assert!(mount(&["-o", "remount,ro"]));
    let whole = open(&medium.path().join("whole.vault"));
    let unfinished = open(&medium.path().join("unfinished.vault"));
    let read = whole
        .as_ref()
        .map(|vault| (vault.mode(), vault.read(|view| view.records().bytes(bundle, 1))));
    unmount();
    match read {
        Ok((mode, bytes)) => {
            assert_eq!(mode, Mode::ReadOnly(ReadOnlyReason::ReadOnlyMedium));
            assert_eq!(bytes.unwrap().bytes, b"1 refund ada ok");
        }
        Err(error) => panic!("{error}"),
    }
    assert!(matches!(
        unfinished.err(),
        Some(VaultError::UnfinishedOnReadOnlyMedium { .. })
    ));
}
