//! Trails as AWS CloudTrail delivers them, with keys of this test's own.
#![allow(dead_code, clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base64, hex};
use tickmark_crypto::rsa_signing::RsaSigningKey;

/// Members of a bundle by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A signer and the fingerprint under which its key is listed.
pub struct Signer {
    key: RsaSigningKey,
    pub fingerprint: String,
}

impl Signer {
    fn new(fingerprint: &str) -> Self {
        Signer {
            key: RsaSigningKey::generate().unwrap(),
            fingerprint: fingerprint.to_owned(),
        }
    }

    pub fn sign(&self, message: &str) -> String {
        hex(&self.key.sign(message.as_bytes()).unwrap())
    }

    /// What `aws cloudtrail list-public-keys` prints of it, under any fingerprint.
    pub fn listed_as(&self, fingerprint: &str) -> String {
        json!({"PublicKeyList": [{
            "Value": base64(&self.key.public_pkcs1()),
            "ValidityStartTime": "2026-09-01T00:00:00Z",
            "ValidityEndTime": "2026-12-01T00:00:00Z",
            "Fingerprint": fingerprint,
        }]})
        .to_string()
    }

    pub fn listed(&self) -> String {
        self.listed_as(&self.fingerprint)
    }
}

/// The key of AWS in these tests.
pub fn aws() -> &'static Signer {
    static KEY: OnceLock<Signer> = OnceLock::new();
    KEY.get_or_init(|| Signer::new("30ca1dd7d9f1aee4dc54086557d687c3"))
}

/// Somebody else's key.
pub fn stranger() -> &'static Signer {
    static KEY: OnceLock<Signer> = OnceLock::new();
    KEY.get_or_init(|| Signer::new("00000000000000000000000000000bad"))
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut plain).unwrap();
    plain
}

/// A chain of digests that is to be made.
pub struct Trail<'t> {
    pub region: &'t str,
    pub bucket: &'t str,
    /// Hours from midnight of 1 October 2026 for which there is a digest.
    pub hours: Vec<i64>,
    /// Hours whose digest names none before it, the first one apart.
    pub restarts: Vec<i64>,
    pub is_backfill: bool,
    pub signer: &'t Signer,
    /// The fingerprint that digests name.
    pub fingerprint: &'t str,
    /// Changes a digest before it is hashed and signed.
    pub edit: &'t dyn Fn(i64, &mut Value),
    /// Events of a log, given its hour and minute.
    pub events: &'t dyn Fn(i64, i64) -> Vec<u8>,
}

/// The events of a usual log.
pub fn events(hour: i64, minute: i64) -> Vec<u8> {
    let event = |number: i64| {
        format!(
            "{{\"eventVersion\": \"1.09\", \"eventTime\": \"2026-10-01T{:02}:{minute:02}:00Z\", \"eventName\": \"InvokeModel\", \
             \"eventSource\": \"bedrock.amazonaws.com\", \"eventID\": \"e{hour}-{minute}-{number}\"}}",
            hour % 24
        )
    };
    format!("{{\"Records\": [{}, {}]}}", event(1), event(2)).into_bytes()
}

impl Default for Trail<'_> {
    fn default() -> Self {
        Trail {
            region: "us-east-1",
            bucket: "example-bucket",
            hours: (0..6).collect(),
            restarts: Vec::new(),
            is_backfill: false,
            signer: aws(),
            fingerprint: &aws().fingerprint,
            edit: &|_, _| {},
            events: &events,
        }
    }
}

/// What a trail comes to.
#[derive(Clone)]
pub struct Made {
    pub files: Files,
    /// Digests by hour: their members.
    pub digests: BTreeMap<i64, String>,
    /// Logs by hour: their members.
    pub logs: BTreeMap<i64, Vec<String>>,
    /// `BUCKET/KEY` and metadata.
    pub metadata: serde_json::Map<String, Value>,
    /// SHA-256 of the newest digest.
    pub head: String,
}

/// The member that the metadata is written to.
pub const SIDECAR: &str = "s3-object-metadata.json";

fn hour_at(hour: i64) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-10-01T00:00:00Z")
        .unwrap()
        .to_utc()
        + TimeDelta::hours(hour)
}

impl Trail<'_> {
    pub fn make(&self) -> Made {
        let mut made = Made {
            files: Files::new(),
            digests: BTreeMap::new(),
            logs: BTreeMap::new(),
            metadata: serde_json::Map::new(),
            head: String::new(),
        };
        let mut previous: Option<(String, String, String)> = None;
        for hour in &self.hours {
            if self.restarts.contains(hour) {
                previous = None;
            }
            let digest = self.digest(*hour, previous.as_ref(), &mut made);
            previous = Some(digest);
        }
        made.head = previous.map_or_else(String::new, |(_, hash, _)| hash);
        made.write_metadata();
        made
    }

    fn digest(
        &self,
        hour: i64,
        previous: Option<&(String, String, String)>,
        made: &mut Made,
    ) -> (String, String, String) {
        let (start, end) = (hour_at(hour), hour_at(hour + 1));
        let logs = self.logs(hour, made);
        let suffix = if self.is_backfill { "_backfill" } else { "" };
        let key = format!(
            "AWSLogs/123456789012/CloudTrail-Digest/{0}/{1}/123456789012_CloudTrail-Digest_{0}_mgmt_us-east-1_{2}{suffix}.json.gz",
            self.region,
            end.format("%Y/%m/%d"),
            end.format("%Y%m%dT%H%M%SZ")
        );
        let text = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let field = |value: Option<&String>| value.map_or(Value::Null, |text| json!(text));
        let mut digest = json!({
            "awsAccountId": "123456789012",
            "digestStartTime": text(start),
            "digestEndTime": text(end),
            "digestS3Bucket": self.bucket,
            "digestS3Object": key,
            "digestPublicKeyFingerprint": self.fingerprint,
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": text(start),
            "oldestEventTime": text(start),
            "previousDigestS3Bucket": field(previous.map(|_| self.bucket.to_owned()).as_ref()),
            "previousDigestS3Object": field(previous.map(|p| &p.0)),
            "previousDigestHashValue": field(previous.map(|p| &p.1)),
            "previousDigestHashAlgorithm": field(previous.map(|_| "SHA-256".to_owned()).as_ref()),
            "previousDigestSignature": field(previous.map(|p| &p.2)),
            "logFiles": logs,
        });
        (self.edit)(hour, &mut digest);
        let bytes = digest.to_string().into_bytes();
        let hash = hex(&sha256(&bytes));
        let said = |name: &str| digest[name].as_str().unwrap_or_default().to_owned();
        let message = format!(
            "{}\n{}/{}\n{hash}\n{}",
            said("digestEndTime"),
            said("digestS3Bucket"),
            said("digestS3Object"),
            digest["previousDigestSignature"].as_str().unwrap_or("null")
        );
        let signature = self.signer.sign(&message);
        let member = format!("{}/{key}", self.bucket);
        let mut metadata = json!({"signature": signature, "signature-algorithm": "SHA256withRSA"});
        if self.is_backfill {
            metadata["backfill-generation-timestamp"] = json!("2026-10-02T00:00:00Z");
        }
        made.metadata.insert(member.clone(), metadata);
        made.files.insert(member.clone(), gzip(&bytes));
        made.digests.insert(hour, member);
        (key, hash, signature)
    }

    /// Two logs an hour, none in the third, and their entries.
    fn logs(&self, hour: i64, made: &mut Made) -> Vec<Value> {
        let minutes: &[i64] = if hour == 2 || self.is_backfill {
            &[]
        } else {
            &[0, 5]
        };
        let mut listed = Vec::new();
        for minute in minutes {
            let at = hour_at(hour) + TimeDelta::minutes(*minute);
            let bytes = (self.events)(hour, *minute);
            let hash = hex(&sha256(&bytes));
            let key = format!(
                "AWSLogs/123456789012/CloudTrail/{0}/{1}/123456789012_CloudTrail_{0}_{2}_{3}.json.gz",
                self.region,
                at.format("%Y/%m/%d"),
                at.format("%Y%m%dT%H%MZ"),
                &hash[..16]
            );
            let event = at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            listed.push(json!({
                "s3Bucket": self.bucket, "s3Object": key, "hashValue": hash, "hashAlgorithm": "SHA-256",
                "newestEventTime": event, "oldestEventTime": event,
            }));
            let member = format!("{}/{key}", self.bucket);
            made.logs.entry(hour).or_default().push(member.clone());
            made.files.insert(member, gzip(&bytes));
        }
        listed
    }
}

impl Made {
    pub fn write_metadata(&mut self) {
        let bytes = Value::Object(self.metadata.clone()).to_string().into_bytes();
        self.files.insert(SIDECAR.to_owned(), bytes);
    }

    pub fn remove(&mut self, member: &str) {
        self.files.remove(member).unwrap();
    }

    /// Removes an hour's digest, and its logs too.
    pub fn remove_hour(&mut self, hour: i64, with_logs: bool) {
        let digest = self.digests[&hour].clone();
        self.remove(&digest);
        if with_logs {
            for log in self.logs.get(&hour).cloned().unwrap_or_default() {
                self.remove(&log);
            }
        }
    }

    /// Changes a packed member's content.
    pub fn change(&mut self, member: &str, from: &str, to: &str) {
        let text = String::from_utf8(gunzip(&self.files[member])).unwrap();
        assert!(text.contains(from), "{from} in {text}");
        self.files
            .insert(member.to_owned(), gzip(text.replacen(from, to, 1).as_bytes()));
    }

    /// Gives members other names.
    pub fn rename(&mut self, name: impl Fn(&str) -> String) {
        self.files = std::mem::take(&mut self.files)
            .into_iter()
            .map(|(old, bytes)| (name(&old), bytes))
            .collect();
    }

    pub fn join(mut self, other: Made) -> Made {
        self.files.extend(other.files);
        self.metadata.extend(other.metadata);
        self.write_metadata();
        self
    }
}
