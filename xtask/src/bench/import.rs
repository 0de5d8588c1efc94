//! `tickmark import` of a long trail into a new vault: wall time, and the largest resident set once the vault is open.
//! Opening a vault costs its passphrase's memory (scrypt, 256 MiB) for a moment, whatever is imported; it is left out.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{file, grouped, tickmark};
use crate::error::ChoreError;
use crate::program;

/// What was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFigure {
    /// Records in the trail.
    pub records: u64,
    /// Size of the trail.
    pub bytes: u64,
    /// Wall time of `tickmark import`, opening the vault included.
    pub time: Duration,
    /// The largest resident set while records were written, in KiB.
    pub peak_kib: u64,
}

impl ImportFigure {
    /// One sentence for the table of figures.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "{} chained records, {} MB: imported into a new vault in {:.1} s, peak {} MiB while records were written",
            grouped(self.records),
            self.bytes / 1_000_000,
            self.time.as_secs_f64(),
            self.peak_kib / 1024,
        )
    }
}

/// Imports the trail of `records` chained records into a new vault.
///
/// # Errors
/// The trail or the vault cannot be written, the program is missing or fails, or not every record arrived.
pub fn measure_import(root: &Path, records: u64) -> Result<ImportFigure, ChoreError> {
    let folder = program::target(root).join("bench");
    let course = super::Course {
        records,
        signed: false,
        rounds: 1,
    };
    let trail = super::trail_file(&folder, course)?;
    let bytes = fs::metadata(&trail).map_err(|source| file(&trail, source))?.len();
    let vault = folder.join("import.vault");
    if vault.exists() {
        fs::remove_dir_all(&vault).map_err(|source| file(&vault, source))?;
    }
    let passphrase = folder.join("passphrase");
    fs::write(&passphrase, "a passphrase for measuring only\n")
        .map_err(|source| file(&passphrase, source))?;
    create(root, &vault, &passphrase)?;
    let start = Instant::now();
    let (answer, peak_kib) = import(root, &trail, &vault, &passphrase)?;
    let time = start.elapsed();
    let object: serde_json::Value = serde_json::from_str(&answer).map_err(|source| ChoreError::Json {
        what: "the answer of tickmark import --json",
        source,
    })?;
    let found = object["bundles"][0]["counts"]["records"].to_string();
    fs::remove_dir_all(&vault).map_err(|source| file(&vault, source))?;
    if found != records.to_string() {
        return Err(ChoreError::Figure {
            what: "records imported",
            expected: records.to_string(),
            found,
        });
    }
    Ok(ImportFigure {
        records,
        bytes,
        time,
        peak_kib,
    })
}

fn create(root: &Path, vault: &Path, passphrase: &Path) -> Result<(), ChoreError> {
    let (vault, passphrase) = (vault.display().to_string(), passphrase.display().to_string());
    let args = [
        "vault",
        "create",
        &vault,
        "--reviewer",
        "The bench",
        "--engagement-title",
        "Measuring",
        "--passphrase-file",
        &passphrase,
    ];
    let program = tickmark(root)?.display().to_string();
    program::answer(&program, &args, root, program::RUST).map(|_| ())
}

/// Runs the import and watches its memory from the moment at which the database grows.
fn import(root: &Path, trail: &Path, vault: &Path, passphrase: &Path) -> Result<(String, u64), ChoreError> {
    let program = tickmark(root)?;
    let output = program::target(root).join("bench").join("import.json");
    let said = fs::File::create(&output).map_err(|source| file(&output, source))?;
    let before = database_bytes(vault);
    let mut child = Command::new(&program)
        .arg("import")
        .arg(trail)
        .arg("--vault")
        .arg(vault)
        .arg("--passphrase-file")
        .arg(passphrase)
        .arg("--json")
        .stdin(Stdio::null())
        .stdout(said)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|source| ChoreError::NotStarted {
            program: program.display().to_string(),
            source,
            remedy: program::RUST,
        })?;
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|source| file(&program, source))? {
            break status;
        }
        if database_bytes(vault) > before + (1 << 20) {
            peak = peak.max(resident_kib(child.id()));
        }
        sleep(Duration::from_millis(10));
    };
    let answer = crate::error::read(&output)?;
    if !status.success() {
        return Err(ChoreError::Failed {
            command: format!("{} import", program.display()),
            status,
            stderr: answer,
        });
    }
    Ok((answer, peak))
}

/// The database and its log.
fn database_bytes(vault: &Path) -> u64 {
    let length = |name: &str| fs::metadata(vault.join(name)).map_or(0, |data| data.len());
    length("vault.db") + length("vault.db-wal")
}

/// `VmRSS` of a process; 0 where it is gone.
fn resident_kib(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_reads_as_a_sentence() {
        let figure = ImportFigure {
            records: 1_000_000,
            bytes: 565_000_000,
            time: Duration::from_millis(91_250),
            peak_kib: 204_800,
        };
        assert_eq!(
            figure.sentence(),
            "1,000,000 chained records, 565 MB: imported into a new vault in 91.2 s, peak 200 MiB while records were written"
        );
    }

    #[test]
    fn the_memory_of_a_process_is_read() {
        assert!(resident_kib(std::process::id()) > 0);
        assert_eq!(resident_kib(u32::MAX), 0);
    }
}
