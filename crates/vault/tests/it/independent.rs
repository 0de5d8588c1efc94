//! The vault opened without Tickmark: the stock `age` program gives the data key, Python's SQLCipher reads the rows.
//!
//! `TICKMARK_PYTHON` names an interpreter that has `sqlcipher3-binary`; `TICKMARK_INSTALL=1` lets the test make one under
//! the target folder. What is missing is said aloud.

use std::path::{Path, PathBuf};
use std::process::Command;

use tickmark_crypto::sealed::Identity;

use crate::kit::{PASSPHRASE, at, kit};
use crate::raw;

#[test]
fn age_and_sqlcipher_alone_open_the_vault() {
    let kit = kit();
    let lines = ["1 refund ada ok", "2 refund ben declined"];
    kit.import("records.txt", &lines);
    let identity = Identity::generate();
    let slot = kit
        .vault
        .add_recipient_slot(&kit.signer, "Recovery", &identity.recipient(), at(1))
        .unwrap();
    kit.vault.lock();
    let identity_file = kit.dir.path().join("key.txt");
    std::fs::write(&identity_file, identity.to_secret().expose()).unwrap();
    let expected = raw::data_key(&kit.path());

    if !has("age", &["--version"]) {
        println!("skipped: the program age is not installed");
        return;
    }
    let by_identity = age_identity(&identity_file, &kit.path().join(format!("keys/{slot}.age")));
    assert_eq!(by_identity, expected);
    let first = kit.vault.slots().unwrap().remove(0).id;
    match age_passphrase(&kit.path().join(format!("keys/{first}.age")), kit.dir.path()) {
        Some(by_passphrase) => assert_eq!(by_passphrase, expected),
        None => println!("skipped: no terminal for age's passphrase (the program script is not installed)"),
    }

    let Some(python) = python() else {
        println!("skipped: no Python with sqlcipher3 (set TICKMARK_PYTHON, or TICKMARK_INSTALL=1)");
        return;
    };
    let output = Command::new(python)
        .arg("-c")
        .arg(READ)
        .arg(kit.path().join("vault.db"))
        .arg(&by_identity)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let rows: Vec<&str> = said.lines().collect();
    assert_eq!(rows[0], "refund ada ok");
    assert_eq!(rows[1], "refund ben declined");
    // the received bytes, reassembled and searched by another program
    assert_eq!(rows[2], format!("{}\\n{}\\n", lines[0], lines[1]));
    assert_eq!(rows[3], "found 1");
    assert_eq!(rows[4], "append-only: custody_event");
}

/// What `docs/vault.md` shows, in short.
const READ: &str = r#"
import sys
from sqlcipher3 import dbapi2 as sqlcipher
db = sqlcipher.connect(sys.argv[1])
db.execute(f"PRAGMA key = \"x'{sys.argv[2]}'\"")
for row in db.execute("SELECT event, actor, outcome FROM record_content ORDER BY row"):
    print(*row)
chunks = db.execute("SELECT content FROM chunk WHERE bundle = 1 AND file = 1 ORDER BY seq")
print(b"".join(chunk for (chunk,) in chunks).decode().replace("\n", "\\n"))
print("found", db.execute("SELECT count(*) FROM record_index WHERE record_index MATCH 'declined'").fetchone()[0])
try:
    db.execute("DELETE FROM custody_event")
    print("deleted")
except sqlcipher.DatabaseError as error:
    print(error)
"#;

fn age_identity(identity: &Path, slot: &Path) -> String {
    let output = Command::new("age")
        .arg("-d")
        .arg("-i")
        .arg(identity)
        .arg(slot)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    tickmark_crypto::encoding::hex(&output.stdout)
}

/// age asks for a passphrase on a terminal only; `script` makes one.
fn age_passphrase(slot: &Path, folder: &Path) -> Option<String> {
    if !has("script", &["--version"]) {
        return None;
    }
    let out = folder.join("data.key");
    let typed = folder.join("typed");
    std::fs::write(&typed, format!("{PASSPHRASE}\n")).unwrap();
    let command = format!("age -d -o '{}' '{}'", out.display(), slot.display());
    // age throws away what was typed before it asked, so the line comes a moment later
    let script = format!(
        "(sleep 0.7; cat '{}'; sleep 0.5) | script -qec \"{command}\" /dev/null",
        typed.display()
    );
    let output = Command::new("sh").arg("-c").arg(script).output().unwrap();
    let key = std::fs::read(&out).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stdout)));
    Some(tickmark_crypto::encoding::hex(&key))
}

fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sqlcipher-python");
    let made = own.join("bin/python");
    let mut candidates: Vec<PathBuf> = std::env::var_os("TICKMARK_PYTHON")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    candidates.extend([made.clone(), PathBuf::from("python3")]);
    if let Some(python) = candidates.into_iter().find(|python| reads_sqlcipher(python)) {
        return Some(python);
    }
    std::env::var_os("TICKMARK_INSTALL")?;
    let made_one = Command::new("python3")
        .args(["-m", "venv"])
        .arg(&own)
        .status()
        .is_ok_and(|s| s.success())
        && Command::new(&made)
            .args(["-m", "pip", "-q", "install", "sqlcipher3-binary"])
            .status()
            .is_ok_and(|s| s.success());
    (made_one && reads_sqlcipher(&made)).then_some(made)
}

fn reads_sqlcipher(python: &Path) -> bool {
    has(&python.to_string_lossy(), &["-c", "import sqlcipher3"])
}

fn has(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}
