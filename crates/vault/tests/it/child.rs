//! Processes that a test may kill or starve: this test binary, started again for one ignored test.

use std::path::Path;
use std::process::{Command, Stdio};

/// The command that runs one ignored test of this binary on a folder.
pub fn command(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]);
    command
        .env("TICKMARK_CHILD", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The same under a shell that first limits the size of files, in KiB. A file that would grow further gives an error, as
/// a full disk does.
pub fn limited(test: &str, folder: &Path, kib: u64) -> Command {
    let mut command = Command::new("bash");
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    command
        .arg("-c")
        .arg(script)
        .arg(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]);
    command
        .env("TICKMARK_CHILD", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The folder that the parent named; `None` when somebody runs the ignored tests by hand.
pub fn folder() -> Option<std::path::PathBuf> {
    std::env::var_os("TICKMARK_CHILD").map(Into::into)
}
