//! `cargo xtask bench`: `tickmark verify` of a long trail beside `openssl dgst -sha256` of the same file, the limit of one
//! pass over the bytes. Ratios travel from machine to machine, times do not.

mod import;

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tickmark_crypto::encoding::base64;
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::SigningKey;

use crate::error::ChoreError;
use crate::program;
use crate::trail::{self, Manner};

pub use import::{ImportFigure, measure_import};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// Records in the trail.
    pub records: u64,
    /// Whether each record is signed.
    pub signed: bool,
    /// How often each program runs; the median counts.
    pub rounds: usize,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What was measured.
    pub course: Course,
    /// Size of the trail.
    pub bytes: u64,
    /// Median wall time of `openssl dgst -sha256`.
    pub digest: Duration,
    /// Median wall time of `tickmark verify`.
    pub verify: Duration,
    /// The largest resident set of a `tickmark verify`, in KiB.
    pub peak_kib: u64,
    /// What one strict Ed25519 verification takes on one core, where records are signed.
    pub strict: Option<Duration>,
}

impl Figure {
    /// How many times longer verifying takes than one SHA-256 pass.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.verify.as_secs_f64() / self.digest.as_secs_f64()
    }

    /// How many times longer verifying takes than one strict verification a record would, shared out over all cores.
    fn strict_ratio(&self) -> Option<f64> {
        let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
        let alone = self.strict?.as_secs_f64() * self.course.records as f64 / cores;
        Some(self.verify.as_secs_f64() / alone)
    }

    /// One sentence for the table of figures.
    #[must_use]
    pub fn sentence(&self) -> String {
        let seconds = self.verify.as_secs_f64();
        let strict = self.strict_ratio().map_or_else(String::new, |ratio| {
            format!(", {ratio:.2} times one strict Ed25519 verification a record on every core")
        });
        format!(
            "{} {} records, {} MB: verified in {seconds:.2} s, {:.1} times `openssl dgst -sha256` ({:.2} s){strict}, {} \
             records a second, peak {} MiB",
            grouped(self.course.records),
            if self.course.signed {
                "chained and signed"
            } else {
                "chained"
            },
            self.bytes / 1_000_000,
            self.ratio(),
            self.digest.as_secs_f64(),
            grouped((self.course.records as f64 / seconds) as u64),
            self.peak_kib / 1024,
        )
    }
}

/// Writes the trail where it is not there yet, and measures.
///
/// # Errors
/// The trail cannot be written, a program is missing or fails, or `tickmark verify` does not judge every record.
pub fn measure(root: &Path, course: Course) -> Result<Figure, ChoreError> {
    let folder = program::target(root).join("bench");
    let trail = trail_file(&folder, course)?;
    let bytes = fs::metadata(&trail).map_err(|source| file(&trail, source))?.len();
    let mut figure = Figure {
        course,
        bytes,
        digest: Duration::ZERO,
        verify: Duration::ZERO,
        peak_kib: 0,
        strict: if course.signed {
            Some(time_strict(root)?)
        } else {
            None
        },
    };
    let (mut digests, mut verifications) = (Vec::new(), Vec::new());
    for _ in 0..course.rounds.max(1) {
        digests.push(time_digest(root, &trail)?); // in turns, so that a busy minute touches both
        let (time, peak_kib) = time_verify(root, &folder, &trail, course)?;
        verifications.push(time);
        figure.peak_kib = figure.peak_kib.max(peak_kib);
    }
    figure.digest = median(digests);
    figure.verify = median(verifications);
    Ok(figure)
}

/// One strict verification, measured by the example of `tickmark-crypto` that does nothing else.
fn time_strict(root: &Path) -> Result<Duration, ChoreError> {
    let program = program::built(root, "--example", "strict_verification")?;
    let answer = program::answer(&program.display().to_string(), &[], root, program::RUST)?;
    let nanos = answer.trim().parse().map_err(|_| ChoreError::Figure {
        what: "the time of one verification",
        expected: "a number of nanoseconds".to_owned(),
        found: answer.trim().to_owned(),
    })?;
    Ok(Duration::from_nanos(nanos))
}

fn time_digest(root: &Path, trail: &Path) -> Result<Duration, ChoreError> {
    let path = trail.display().to_string();
    let start = Instant::now();
    program::answer(
        "openssl",
        &["dgst", "-sha256", &path],
        root,
        "install the package openssl",
    )?;
    Ok(start.elapsed())
}

/// The command line, as it is shipped.
fn tickmark(root: &Path) -> Result<PathBuf, ChoreError> {
    program::built(root, "--bin", "tickmark")
}

fn time_verify(
    root: &Path,
    folder: &Path,
    trail: &Path,
    course: Course,
) -> Result<(Duration, u64), ChoreError> {
    let program = tickmark(root)?.display().to_string();
    let (path, peak) = (
        trail.display().to_string(),
        folder.join("peak").display().to_string(),
    );
    let trust = folder.join("trust").display().to_string();
    let mut args = vec![
        "--format=%M",
        "--output",
        &peak,
        &program,
        "verify",
        &path,
        "--json",
        "--require",
    ];
    args.push(if course.signed {
        "integrity,authenticity"
    } else {
        "integrity"
    });
    if course.signed {
        args.extend(["--trust", &trust]);
    }
    let start = Instant::now();
    let answer = program::answer("/usr/bin/time", &args, root, "install the package time")?;
    let elapsed = start.elapsed();
    check(&answer, course)?;
    let peak = crate::error::read(Path::new(&peak))?;
    let peak_kib = peak.trim().parse().map_err(|_| ChoreError::Figure {
        what: "peak memory",
        expected: "a number of KiB from /usr/bin/time".to_owned(),
        found: peak.trim().to_owned(),
    })?;
    Ok((elapsed, peak_kib))
}

/// A figure means something only when every record was judged and the claims hold.
fn check(answer: &str, course: Course) -> Result<(), ChoreError> {
    let object: serde_json::Value = serde_json::from_str(answer).map_err(|source| ChoreError::Json {
        what: "the answer of tickmark verify --json",
        source,
    })?;
    let outcome = |claim: &str| {
        object["claims"][claim]["outcome"]
            .as_str()
            .unwrap_or("nothing")
            .to_owned()
    };
    let counts = &object["counts"];
    let mut wanted = vec![
        (
            "records",
            course.records.to_string(),
            counts["records"].to_string(),
        ),
        (
            "records checked",
            course.records.to_string(),
            counts["checked"].to_string(),
        ),
        ("integrity", "proven".to_owned(), outcome("integrity")),
    ];
    if course.signed {
        wanted.push((
            "records signed",
            course.records.to_string(),
            counts["signed"].to_string(),
        ));
        wanted.push(("authenticity", "proven".to_owned(), outcome("authenticity")));
    }
    match wanted.into_iter().find(|(_, expected, found)| expected != found) {
        Some((what, expected, found)) => Err(ChoreError::Figure {
            what,
            expected,
            found,
        }),
        None => Ok(()),
    }
}

/// The trail of that course, written once, and the folder of the keys to trust for it.
///
/// # Errors
/// It cannot be written.
pub fn trail_of(root: &Path, course: Course) -> Result<(PathBuf, PathBuf), ChoreError> {
    let folder = program::target(root).join("bench");
    Ok((trail_file(&folder, course)?, folder.join("trust")))
}

/// The trail of that course, written once.
fn trail_file(folder: &Path, course: Course) -> Result<PathBuf, ChoreError> {
    let manner = if course.signed { "signed" } else { "chained" };
    let path = folder.join(format!("{manner}-{}.jsonl", course.records));
    if path.is_file() {
        return Ok(path);
    }
    fs::create_dir_all(folder.join("trust")).map_err(|source| file(folder, source))?;
    let manner = if course.signed {
        signed(folder)?
    } else {
        Manner::Chained
    };
    let unfinished = path.with_extension("part");
    let written = fs::File::create(&unfinished).and_then(|out| {
        let mut out = BufWriter::with_capacity(1 << 20, out);
        trail::write(&manner, course.records, &mut out)?;
        out.flush()
    });
    written
        .and_then(|()| fs::rename(&unfinished, &path))
        .map_err(|source| file(&unfinished, source))?;
    Ok(path)
}

/// A key from a fixed seed: the trail repeats, and nothing real is ever signed with it. Its public half is pinned beside.
fn signed(folder: &Path) -> Result<Manner, ChoreError> {
    let key = SigningKey::from_seed(&SecretBytes::new(vec![7; 32])).expect("a seed of 32 bytes");
    let pinned = format!(
        "[[key]]\nalgorithm = \"ed25519\"\npublic_key = \"{}\"\nowner = \"The bench\"\nconfirmed = \"made by cargo xtask bench\"\n",
        base64(key.public().spki_der())
    );
    let path = folder.join("trust").join("bench.toml");
    fs::write(&path, pinned).map_err(|source| file(&path, source))?;
    Ok(Manner::Signed(Box::new(key)))
}

fn file(path: &Path, source: std::io::Error) -> ChoreError {
    ChoreError::File {
        path: path.to_path_buf(),
        source,
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const COURSE: Course = Course {
        records: 1_000_000,
        signed: true,
        rounds: 3,
    };

    #[test]
    fn a_figure_reads_as_a_sentence() {
        let figure = Figure {
            course: COURSE,
            bytes: 565_000_000,
            digest: Duration::from_millis(500),
            verify: Duration::from_millis(4000),
            peak_kib: 65_536,
            strict: None,
        };
        assert_eq!(
            figure.sentence(),
            "1,000,000 chained and signed records, 565 MB: verified in 4.00 s, 8.0 times `openssl dgst -sha256` (0.50 s), \
             250,000 records a second, peak 64 MiB"
        );
        let cores = std::thread::available_parallelism().unwrap().get() as f64;
        let figure = Figure {
            strict: Some(Duration::from_secs_f64(2e-6 * cores)),
            ..figure
        };
        assert!(
            figure.sentence().contains(
                "(0.50 s), 2.00 times one strict Ed25519 verification a record on every core, 250,000"
            ),
            "{}",
            figure.sentence()
        );
    }

    #[test]
    fn a_figure_needs_every_record_judged() {
        let answer = |records: u64, signed: u64, integrity: &str| {
            format!(
                r#"{{"counts":{{"records":{records},"checked":{records},"signed":{signed}}},
                    "claims":{{"integrity":{{"outcome":"{integrity}"}},"authenticity":{{"outcome":"proven"}}}}}}"#
            )
        };
        assert!(check(&answer(1_000_000, 1_000_000, "proven"), COURSE).is_ok());
        for bad in [
            answer(999_999, 1_000_000, "proven"),
            answer(1_000_000, 0, "proven"),
            answer(1_000_000, 1_000_000, "refuted"),
            "{}".to_owned(),
        ] {
            assert!(check(&bad, COURSE).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_grouped_and_medians_are_in_the_middle() {
        assert_eq!([1, 1000, 1_000_000].map(grouped), ["1", "1,000", "1,000,000"]);
        assert_eq!(
            median([9, 1, 5].map(Duration::from_secs).to_vec()),
            Duration::from_secs(5)
        );
    }

    #[test]
    fn a_trail_is_written_once_and_its_key_pinned() {
        let folder = tempfile::tempdir().unwrap();
        let course = Course {
            records: 3,
            signed: true,
            rounds: 1,
        };
        let path = trail_file(folder.path(), course).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3);
        assert!(
            fs::read_to_string(folder.path().join("trust/bench.toml"))
                .unwrap()
                .contains("ed25519")
        );
        fs::write(&path, "kept").unwrap();
        trail_file(folder.path(), course).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
    }
}
