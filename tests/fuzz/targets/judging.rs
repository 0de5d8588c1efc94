//! `crates/verify` as a whole: any profile, any lines, any folder; and statements over members under pinned keys.

use std::ops::ControlFlow;

use serde_json::json;
use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::dsse::{Envelope, pae};
use tickmark_crypto::encoding::base64;
use tickmark_tests::genuine;
use tickmark_tests::kit::{Bundle, hold_together, told};
use tickmark_verify::infer::infer_within;
use tickmark_verify::profile::shipped;
use tickmark_verify::verification::{Basis, ClaimOutcome, Verification};
use tickmark_verify::{Observer, Profile, ProfileChoice, Request, SeenRecord, Trust, verify};

use super::keys::known;
use crate::target::{Listed, Target, joined, shape, words_of};

pub fn all() -> Vec<Listed> {
    vec![
        Listed::new(
            "profile",
            "a profile is refused, or judges without a key and proves nothing by it",
            |name| {
                let mut target = Target::new(name, PROFILE, profile);
                for shipped in shipped().unwrap_or_default() {
                    target = target.seed(&shipped.id, shipped.text());
                }
                target
            },
        ),
        Listed::new(
            "judge",
            "any lines under any shipped profile come to a verdict that holds together",
            |name| {
                let mut target = Target::new(name, super::formats::JSON, judge).json();
                for (at, shipped) in shipped().unwrap_or_default().iter().enumerate() {
                    target = target.seed(
                        &shipped.id,
                        [
                            &[at as u8],
                            b"{\"n\":1,\"hash\":\"00\",\"prev\":\"\"}\n".as_slice(),
                        ]
                        .concat(),
                    );
                }
                target
            },
        ),
        Listed::new(
            "infer",
            "an inference ends within its limit, and proposes only what reproduces the trail",
            |name| {
                Target::new(name, super::formats::JSON, infer)
                    .json()
                    .seed("chained", first_lines("autonomous-audit"))
                    .seed("hashed", first_lines("agt-mcp-receipts"))
            },
        ),
        Listed::new(
            "folder",
            "any folder without a pinned key is judged, and nothing in it is authentic",
            |name| folder_seeds(Target::new(name, FOLDER, folder)),
        ),
        Listed::new(
            "statements",
            "statements over members vouch for no other records than those signed",
            |name| folder_seeds(Target::new(name, FOLDER, statements)),
        ),
        Listed::new(
            "catalogue",
            "a catalogue of criteria is read or refused",
            |name| {
                Target::new(
                    name,
                    &[
                        "[[control]]\n",
                        "[checks]\n",
                        "id = \"a\"\n",
                        "schema = 1\n",
                        "verify = \"own\"\n",
                    ],
                    |input| {
                        let Ok(text) = std::str::from_utf8(input) else {
                            return 0;
                        };
                        shape(&tickmark_criteria::Catalogue::parse(text))
                    },
                )
                .seed("own", CATALOGUE)
            },
        ),
    ]
}

fn first_lines(format: &str) -> Vec<u8> {
    let genuine = genuine::named(format);
    let (_, bytes) = &genuine.bundle.files()[0];
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .take(4)
        .collect::<Vec<_>>()
        .concat()
}

/// What a verification came to, in one number.
pub fn answer(judged: &Verification) -> u64 {
    let claims = &judged.claims;
    let outcomes = [
        &claims.integrity,
        &claims.authenticity,
        &claims.completeness,
        &claims.time,
    ];
    let outcomes = outcomes.map(|claim| words_of(&claim.outcome));
    let groups = judged.fault_groups.iter().take(4);
    let faults: Vec<u64> = groups
        .map(|group| {
            group
                .code
                .bytes()
                .fold(7, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte))
        })
        .collect();
    let profile = judged
        .profile
        .as_ref()
        .map_or(0, |profile| profile.id.len() as u64);
    joined(&[joined(&outcomes), joined(&faults), profile])
}

/// Without a pinned key, a told head or an earlier import nothing is anchored and nobody is known.
fn proves_nothing(judged: &Verification) {
    hold_together(judged);
    assert_ne!(judged.verdict, ClaimOutcome::Proven, "{}", told(judged));
    assert_ne!(
        judged.claims.authenticity.outcome,
        ClaimOutcome::Proven,
        "{}",
        told(judged)
    );
    assert_ne!(
        judged.claims.time.outcome,
        ClaimOutcome::Proven,
        "{}",
        told(judged)
    );
    assert_ne!(
        judged.claims.integrity.basis,
        Some(Basis::Anchored),
        "{}",
        told(judged)
    );
}

fn named(profile: Profile) -> Request {
    Request {
        profile: ProfileChoice::Named(Box::new(profile)),
        ..Request::default()
    }
}

fn profile(input: &[u8]) -> u64 {
    let Ok(text) = std::str::from_utf8(input) else {
        return 0;
    };
    let read = Profile::parse(text);
    let Ok(profile) = &read else { return shape(&read) };
    assert_eq!(profile.text(), text);
    const LINES: &[u8] = b"{\"seq\":1,\"hash\":\"aa\",\"prev_hash\":\"\",\"signature\":\"AA==\",\"payload\":{\"n\":1}}\n{\"seq\":2,\"hash\":\"bb\",\"prev_hash\":\"aa\"}\n";
    let judged = Bundle::file("trail.jsonl", LINES).verify(&named(profile.clone()));
    if let Ok(judged) = &judged {
        proves_nothing(judged);
    }
    joined(&[shape(&judged), judged.as_ref().map_or(0, answer)])
}

fn judge(input: &[u8]) -> u64 {
    let Some((first, bytes)) = input.split_first() else {
        return 0;
    };
    let shipped = shipped().unwrap_or_default();
    let profile = shipped[usize::from(*first) % shipped.len()].clone();
    let name = if profile.id == "jws" {
        "trail.jws"
    } else {
        "trail.jsonl"
    };
    let judged = Bundle::file(name, bytes).verify(&named(profile));
    if let Ok(judged) = &judged {
        proves_nothing(judged);
    }
    joined(&[shape(&judged), judged.as_ref().map_or(0, answer)])
}

fn infer(input: &[u8]) -> u64 {
    const LIMIT: u64 = 20_000;
    let found = infer_within(
        Bundle::file("trail.jsonl", input).received(),
        &Request::default(),
        "found",
        LIMIT,
    );
    let Ok(found) = &found else { return shape(&found) };
    assert!(found.effort < 2 * LIMIT, "{} blocks", found.effort);
    if let Some(text) = &found.profile {
        assert!(
            Profile::parse(text).is_ok(),
            "what is proposed cannot be read: {text}"
        );
    }
    joined(&[
        words_of(&found.outcome),
        found.explained.len().min(6) as u64,
        found.unexplained.len().min(4) as u64,
    ])
}

/// Members, each after a line `=== NAME`. The line end before that line is not part of a member.
fn members(input: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut members: Vec<(String, Vec<u8>)> = Vec::new();
    for line in input.split(|byte| *byte == b'\n') {
        match (line.strip_prefix(b"=== "), members.last_mut()) {
            (Some(name), _) => {
                let name = String::from_utf8_lossy(name).into_owned();
                // a folder holds one file of a name
                if members.iter().any(|(known, _)| *known == name) {
                    continue;
                }
                members.push((name, Vec::new()));
            }
            (None, Some((_, bytes))) => {
                bytes.extend_from_slice(line);
                bytes.push(b'\n');
            }
            (None, None) => {}
        }
    }
    for (_, bytes) in &mut members {
        bytes.pop();
    }
    members.truncate(40);
    members
}

fn framed(members: &[(&str, &[u8])]) -> Vec<u8> {
    let frames = members
        .iter()
        .map(|(name, bytes)| [b"=== ", name.as_bytes(), b"\n", bytes].concat());
    frames.collect::<Vec<_>>().join(&b'\n')
}

fn as_bundle(input: &[u8]) -> Option<Bundle> {
    let members = members(input);
    let files: Vec<(&str, Vec<u8>)> = members
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    match files.as_slice() {
        [] => None,
        [(name, bytes)] => Some(Bundle::file(name, bytes.clone())),
        many => Some(Bundle::folder(many)),
    }
}

fn folder(input: &[u8]) -> u64 {
    let Some(bundle) = as_bundle(input) else { return 0 };
    let judged = bundle.verify(&Request::default());
    if let Ok(judged) = &judged {
        proves_nothing(judged);
    }
    joined(&[shape(&judged), judged.as_ref().map_or(0, answer)])
}

/// The keys below signed statements about [`LOG`] and [`NOTE`] and about nothing else. So whatever is judged authentic, or
/// anchored, is one of these.
fn statements(input: &[u8]) -> u64 {
    let Some(bundle) = as_bundle(input) else { return 0 };
    let mut trust = Trust::default();
    trust
        .add_file("key.pem", known(20).public().pem().as_bytes())
        .unwrap();
    let request = Request {
        trust,
        ..Request::default()
    };
    let mut heard = Heard(Vec::new());
    let judged = verify(bundle.received(), &request, &mut heard);
    let Ok(judged) = &judged else {
        return shape(&judged);
    };
    hold_together(judged);
    let claims = &judged.claims;
    let is_believed = claims.authenticity.outcome == ClaimOutcome::Proven
        || claims.integrity.basis == Some(Basis::Anchored);
    if is_believed {
        let lines: Vec<&[u8]> = LOG.split(|byte| *byte == b'\n').collect();
        for record in &heard.0 {
            let bytes = record.as_slice();
            let is_genuine = bytes == LOG || bytes == NOTE || lines.contains(&bytes) || is_attestation(bytes);
            assert!(
                is_genuine,
                "{:?} was never signed\n{}",
                String::from_utf8_lossy(bytes),
                told(judged)
            );
        }
    }
    answer(judged)
}

/// Whether an envelope holds what was signed.
fn is_attestation(bytes: &[u8]) -> bool {
    let payload =
        |bytes: &[u8]| Envelope::parse(bytes).map(|envelope| (envelope.payload_type, envelope.payload));
    payload(bytes).is_ok_and(|found| payload(&attestation()).is_ok_and(|genuine| found == genuine))
}

struct Heard(Vec<Vec<u8>>);

impl Observer for Heard {
    fn record(&mut self, record: &SeenRecord<'_>) -> ControlFlow<()> {
        self.0.push(record.bytes.to_vec());
        ControlFlow::Continue(())
    }
}

const LOG: &[u8] = b"line one\nline two\n";
const NOTE: &[u8] = b"a note\n";

fn sums() -> String {
    let line = |name: &str, bytes: &[u8]| format!("{}  {name}\n", Algorithm::Sha256.of(bytes).hex());
    line("log.txt", LOG) + &line("note.txt", NOTE)
}

fn folder_seeds(target: Target) -> Target {
    let both: [(&str, &[u8]); 2] = [("log.txt", LOG), ("note.txt", NOTE)];
    let with = |more: &[(&str, &[u8])]| framed(&[&both[..], more].concat());
    let sums = sums();
    let list = json!({"closed": true, "files": [
        {"path": "log.txt", "sha256": Algorithm::Sha256.of(LOG).hex()}, {"path": "note.txt", "sha256": Algorithm::Sha256.of(NOTE).hex()},
    ]})
    .to_string();
    target
        .seed("sums", with(&[("SHA256SUMS", sums.as_bytes())]))
        .seed(
            "signed-sums",
            with(&[
                ("SHA256SUMS", sums.as_bytes()),
                ("SHA256SUMS.sig", &sshsig(sums.as_bytes())),
            ]),
        )
        .seed(
            "signed-manifest",
            with(&[
                ("manifest.json", list.as_bytes()),
                ("manifest.json.sig", &sshsig(list.as_bytes())),
            ]),
        )
        .seed(
            "signed-members",
            with(&[("log.txt.sig", &sshsig(LOG)), ("note.txt.sig", &sshsig(NOTE))]),
        )
        .seed(
            "minisigned",
            with(&[
                ("SHA256SUMS", sums.as_bytes()),
                ("SHA256SUMS.minisig", &minisig(sums.as_bytes())),
            ]),
        )
        .seed("attested", with(&[("log.intoto.json", &attestation())]))
        .seed("bag", bag())
        .seed("cloudtrail", cloudtrail())
        .seed(
            "jws",
            framed(&[("trail.jws", b"eyJhbGciOiJFZERTQSJ9.eyJuIjoxfQ.AAAA\n")]),
        )
        .seed(
            "rows",
            framed(&[
                ("export.csv", b"time,event\n2026-11-20,\"a, b\"\n"),
                ("trail.jsonl", b"{\"n\":1}\n"),
            ]),
        )
}

fn text(parts: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::new();
    for part in parts {
        all.extend((part.len() as u32).to_be_bytes());
        all.extend_from_slice(part);
    }
    all
}

/// An OpenSSH signature over a member.
fn sshsig(message: &[u8]) -> Vec<u8> {
    let key = known(20);
    let public = key.public().ed25519_bytes().copied().unwrap_or_default();
    let named = text(&[b"ssh-ed25519", &public]);
    let digest = Algorithm::Sha512.of(message);
    let signed = [
        &b"SSHSIG"[..],
        &text(&[b"file", b"", b"sha512", digest.as_bytes()]),
    ]
    .concat();
    let signature = text(&[b"ssh-ed25519", &key.sign(&signed)]);
    let blob = [
        &b"SSHSIG\0\0\0\x01"[..],
        &text(&[&named, b"file", b"", b"sha512", &signature]),
    ]
    .concat();
    let body = base64(&blob);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(70)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n",
        lines.join("\n")
    )
    .into_bytes()
}

/// A minisign signature of the old kind.
fn minisig(message: &[u8]) -> Vec<u8> {
    let key = known(20);
    let signature = key.sign(message);
    let global = key.sign(&[&signature[..], b"made here"].concat());
    let first = [&b"Ed"[..], &7_u64.to_le_bytes(), &signature].concat();
    format!(
        "untrusted comment: x\n{}\ntrusted comment: made here\n{}\n",
        base64(&first),
        base64(&global)
    )
    .into_bytes()
}

fn attestation() -> Vec<u8> {
    let kind = "application/vnd.in-toto+json";
    let subject = |name: &str, bytes: &[u8]| json!({"name": name, "digest": {"sha256": Algorithm::Sha256.of(bytes).hex()}});
    let payload = json!({
        "_type": "https://in-toto.io/Statement/v1", "predicateType": "https://example.com/audit/v1",
        "subject": [subject("log.txt", LOG), subject("note.txt", NOTE)],
    })
    .to_string();
    let sig = base64(&known(20).sign(&pae(kind, payload.as_bytes())));
    json!({"payloadType": kind, "payload": base64(payload.as_bytes()), "signatures": [{"sig": sig}]})
        .to_string()
        .into_bytes()
}

fn bag() -> Vec<u8> {
    let line = |name: &str, bytes: &[u8]| format!("{}  {name}\n", Algorithm::Sha256.of(bytes).hex());
    let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
    let about = "Payload-Oxum: 25.2\nBagging-Date: 2026-11-20\n";
    let listed = line("data/log.txt", LOG) + &line("data/note.txt", NOTE);
    let tags = line("bagit.txt", declaration.as_bytes())
        + &line("bag-info.txt", about.as_bytes())
        + &line("manifest-sha256.txt", listed.as_bytes());
    framed(&[
        ("bagit.txt", declaration.as_bytes()),
        ("bag-info.txt", about.as_bytes()),
        ("data/log.txt", LOG),
        ("data/note.txt", NOTE),
        ("manifest-sha256.txt", listed.as_bytes()),
        ("tagmanifest-sha256.txt", tags.as_bytes()),
    ])
}

/// A log and its digest, plain as a browser unpacks them, with a signature of nobody.
fn cloudtrail() -> Vec<u8> {
    const LOG_PATH: &str = "AWSLogs/123456789012/CloudTrail/us-east-1/2026/10/01/123456789012_CloudTrail_us-east-1_20261001T0005Z_aaaaaaaaaaaaaaaa.json.gz";
    const DIGEST_PATH: &str = "AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2026/10/01/123456789012_CloudTrail-Digest_us-east-1_trail_us-east-1_20261001T010000Z.json.gz";
    let log =
        br#"{"Records": [{"eventVersion": "1.09", "eventTime": "2026-10-01T00:04:00Z", "eventID": "e1"}]}"#;
    let digest = json!({
        "awsAccountId": "123456789012", "digestStartTime": "2026-10-01T00:00:00Z", "digestEndTime": "2026-10-01T01:00:00Z",
        "digestS3Bucket": "example-bucket", "digestS3Object": DIGEST_PATH, "digestPublicKeyFingerprint": "30ca1dd7d9f1aee4dc54086557d687c3",
        "digestSignatureAlgorithm": "SHA256withRSA", "newestEventTime": "2026-10-01T00:04:00Z", "oldestEventTime": "2026-10-01T00:04:00Z",
        "previousDigestS3Bucket": null, "previousDigestS3Object": null, "previousDigestHashValue": null,
        "previousDigestHashAlgorithm": null, "previousDigestSignature": null,
        "logFiles": [{"s3Bucket": "example-bucket", "s3Object": LOG_PATH, "hashValue": Algorithm::Sha256.of(log).hex(),
            "hashAlgorithm": "SHA-256", "newestEventTime": "2026-10-01T00:04:00Z", "oldestEventTime": "2026-10-01T00:04:00Z"}],
    })
    .to_string();
    framed(&[(LOG_PATH, log), (DIGEST_PATH, digest.as_bytes())])
}

const PROFILE: &[&str] = &[
    "[detect]\n",
    "[source]\n",
    "[hash]\n",
    "[link]\n",
    "[[signature]]\n",
    "[[checks]]\n",
    "[tree]\n",
    "[final]\n",
    "[expect]\n",
    "kind = \"jsonl\"\n",
    "kind = \"json\"\n",
    "at = \"/entries\"\n",
    "field = \"/hash\"\n",
    "algorithm = \"sha256\"\n",
    "preimage = [",
    "{ json = \"\" }",
    "canon = \"jcs\"\n",
    "exclude = [\"/hash\"]\n",
    "encoding = \"hex\"\n",
    "genesis = [\"\"]\n",
    "/*",
    "\"\"",
    "'",
    "[[",
    "]]",
    "=",
    "true",
    "1e9",
];

const FOLDER: &[&str] = &[
    "\n=== ",
    "=== SHA256SUMS\n",
    "=== manifest.json\n",
    "=== bagit.txt\n",
    "=== log.txt\n",
    "=== ../a\n",
    "=== data/\n",
    "=== trail.jsonl\n",
    "=== bag-info.txt\n",
    "=== log.txt.sig\n",
    "=== checkpoint\n",
    "=== fetch.txt\n",
    "=== manifest-md5.txt\n",
    "\"closed\":true",
    "  ",
    " *",
    "\\",
    "MD5 (",
    "SHA256 (log.txt) = ",
    "{\"n\":1}\n",
    "-----BEGIN SSH SIGNATURE-----",
    "untrusted comment: ",
    "%0A",
    "%25",
];

const CATALOGUE: &str = r#"schema = 1
version = "1"
disclaimer = "Own."

[[control]]
id = "own/1"
framework = "own"
clause = "1"
role = "both"
summary = "Own."
evaluable = "partial"
checks = []
shows = "Own."
cannot = "Own."
applies_from = "now"
verify = "own"
"#;
