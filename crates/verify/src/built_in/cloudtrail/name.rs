//! Names of digests and logs, as CloudTrail gives them to its objects.

use chrono::{DateTime, NaiveDateTime, Utc};

/// A digest's name: `ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOMEREGION_TIME[_backfill].json.gz`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DigestName<'n> {
    /// Everything before the time: account, region, trail and home region.
    pub stem: &'n str,
    /// Whether it belongs to the chain of digests that CloudTrail made afterwards.
    pub is_backfill: bool,
}

impl<'n> DigestName<'n> {
    /// Reads the last part of a member's name or an object's key, packed or not.
    pub fn of(path: &'n str) -> Option<Self> {
        let name = unpacked(base(path)).strip_suffix(".json")?;
        let (name, is_backfill) = match name.strip_suffix("_backfill") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (stem, stamp) = name.rsplit_once('_')?;
        let (account, rest) = stem.split_once('_')?;
        let is_one =
            is_account(account) && rest.starts_with("CloudTrail-Digest_") && is_stamp(stamp, DIGEST_STAMP);
        is_one.then_some(DigestName { stem, is_backfill })
    }

    /// The chain that it belongs to.
    pub fn chain(&self) -> String {
        let backfill = if self.is_backfill { "_backfill" } else { "" };
        format!("{}{backfill}", self.stem)
    }
}

/// A log's name: `ACCOUNT_CloudTrail_REGION_TIME_RANDOM.json.gz`, also `CloudTrail-Insight` and others of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LogName<'n> {
    pub account: &'n str,
    pub region: &'n str,
    /// When it was delivered, to the minute.
    pub at: DateTime<Utc>,
}

impl<'n> LogName<'n> {
    /// Reads the last part of a member's name, packed or not.
    pub fn of(path: &'n str) -> Option<Self> {
        let name = unpacked(base(path)).strip_suffix(".json")?;
        let mut parts = name.split('_');
        let (account, kind) = (parts.next()?, parts.next()?);
        let (region, stamp, _random) = (parts.next()?, parts.next()?, parts.next()?);
        let is_log = is_account(account)
            && (kind == "CloudTrail" || kind.starts_with("CloudTrail-"))
            && kind != "CloudTrail-Digest"
            && is_stamp(stamp, LOG_STAMP)
            && parts.next().is_none();
        // chrono wants the seconds that this name leaves out
        let at = time(&stamp.replace('Z', "00Z"))?;
        is_log.then_some(LogName { account, region, at })
    }

    /// What the names of digests begin with that may list it.
    pub fn stem(&self) -> String {
        format!("{}_CloudTrail-Digest_{}_", self.account, self.region)
    }
}

/// The last part of a path.
pub(super) fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A name without the ending of a packed file, so that an object and its unpacked copy have the same one.
pub(super) fn unpacked(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a time is written with these many digits, `T` and `Z` in their places.
fn is_stamp(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(found, due)| match due {
            b'0' => found.is_ascii_digit(),
            due => found == due,
        })
}

fn time(stamp: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%M%SZ")
        .ok()
        .map(|at| at.and_utc())
}

const DIGEST_STAMP: &str = "00000000T000000Z";
const LOG_STAMP: &str = "00000000T0000Z";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_told_by_their_names() {
        let name = DigestName::of(
            "b/AWSLogs/1/CloudTrail-Digest/123456789012_CloudTrail-Digest_eu-west-1_my_trail_us-east-1_20261001T010000Z.json.gz",
        )
        .unwrap();
        assert_eq!(
            name.stem,
            "123456789012_CloudTrail-Digest_eu-west-1_my_trail_us-east-1"
        );
        assert!(!name.is_backfill);
        let later =
            DigestName::of("123456789012_CloudTrail-Digest_r_t_r_20261001T010000Z_backfill.json").unwrap();
        assert_eq!(later.chain(), "123456789012_CloudTrail-Digest_r_t_r_backfill");
        for other in [
            "123456789012_CloudTrail_us-east-1_20261001T0000Z_abc.json.gz",
            "12345678901_CloudTrail-Digest_r_t_r_20261001T010000Z.json.gz",
            "123456789012_CloudTrail-Digest_r_t_r_20261001T0100Z.json.gz",
            "123456789012_CloudTrail-Digest_r_t_r_20261001T010000Z.json.gz.head.json",
            "123456789012_CloudTrail-Digest_r_t_r_20261001T010000Z.txt",
        ] {
            assert_eq!(DigestName::of(other), None, "{other}");
        }
    }

    #[test]
    fn logs_are_told_by_their_names() {
        let log = LogName::of("x/123456789012_CloudTrail_us-east-1_20261001T0005Z_ddfe.json.gz").unwrap();
        assert_eq!(log.at.to_rfc3339(), "2026-10-01T00:05:00+00:00");
        assert_eq!(log.stem(), "123456789012_CloudTrail-Digest_us-east-1_");
        assert!(LogName::of("123456789012_CloudTrail-Insight_us-east-1_20261001T0005Z_d.json").is_some());
        for other in [
            "123456789012_CloudTrail-Digest_us-east-1_20261001T0005Z_d.json.gz",
            "123456789012_CloudTrail_us-east-1_20261001T0005Z.json.gz",
            "123456789012_Config_us-east-1_20261001T0005Z_d.json.gz",
            "123456789012_CloudTrail_us-east-1_20261301T0005Z_d.json.gz",
        ] {
            assert_eq!(LogName::of(other), None, "{other}");
        }
    }
}
