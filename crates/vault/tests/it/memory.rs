//! Memory stays bounded, whatever the size.

use std::io::{Read, Seek, SeekFrom};

use tickmark_vault::Vault;
use tickmark_vault::import::{Bytes, NewRecord, Outcome};

use crate::child;
use crate::kit::{
    PASSPHRASE, REVIEWER_SECRET, at, draft, go_on, kit, passphrase, records, secret, verification,
};

/// Bytes of the file that the child imports.
const SIZE: u64 = 160 << 20;

/// What the child may use beyond what it used with the vault open: a transaction of chunks, a batch of records, the page
/// caches of the writer (32 MiB) and of a reader (8 MiB), and the index's own buffers.
const MOST: u64 = 88 << 20;

#[cfg(target_os = "linux")]
#[test]
fn an_import_and_its_reading_use_bounded_memory() {
    let kit = kit();
    kit.vault.lock();
    let output = child::command("memory::child_imports", &kit.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let used = said
        .split_once("used ")
        .and_then(|(_, rest)| rest.lines().next()?.parse::<u64>().ok());
    let used = used.unwrap_or_else(|| panic!("{said}\n{}", String::from_utf8_lossy(&output.stderr)));
    println!("{} MiB for a file of {} MiB", used >> 20, SIZE >> 20);
    assert!(used < MOST, "{} MiB", used >> 20);
}

#[test]
#[ignore = "the child of an_import_and_its_reading_use_bounded_memory"]
fn child_imports() {
    let Some(path) = child::folder() else { return };
    let vault = Vault::open(&path, &passphrase(PASSPHRASE)).unwrap();
    let reviewer = vault
        .read(|view| view.reviewers().list())
        .unwrap()
        .remove(0)
        .row
        .id;
    let signer = vault.unlock_signer(&reviewer, &secret(REVIEWER_SECRET)).unwrap();
    let before = peak();
    let mut import = vault.begin_import(draft("a"), at(1)).unwrap();
    let file = import
        .add_file("a", &mut std::io::repeat(b'x').take(SIZE), &mut go_on)
        .unwrap();
    let origin = import.origins().unwrap().remove(0);
    let mut stream = origin.open().unwrap();
    assert_eq!(std::io::copy(&mut stream, &mut std::io::sink()).unwrap(), SIZE);
    stream.seek(SeekFrom::Start(SIZE / 2)).unwrap();
    // records of 64 KiB, out of a packed member: 32 MiB of them
    let template = records(&["1 refund ada ok"]).next().unwrap();
    for position in 1..=512_u64 {
        let bytes = vec![b'x'; 64 << 10];
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&position.to_be_bytes());
        let id = tickmark_vault::id::RecordId::new(digest, 1);
        let text = format!("refund {position} {}", "word ".repeat(2_000));
        import
            .add_record(NewRecord {
                position,
                id,
                bytes: Bytes::Own(bytes),
                text,
                ..template.clone()
            })
            .unwrap();
    }
    let mut judgement = verification(b"");
    judgement.bundle.sha256 = file.sha256;
    let outcome = Outcome {
        verification: &judgement,
        all_faults: &[],
        heads: &[],
        importer: None,
    };
    import.finish(&signer, &outcome, at(2)).unwrap();
    println!("used {}", peak() - before);
}

/// The most memory that this process ever had resident.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .unwrap_or_default()
        * 1024
}
