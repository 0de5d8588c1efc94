//! Checksums, manifests, detached signatures and time stamps over members: what they prove, and the lies that they stop.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

use std::path::Path;
use std::process::{Command, Stdio};

use crate::kit::{Bundle, fixtures, hold_together, told};
use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::encoding::base64;
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::SigningKey;
use tickmark_verify::verification::{Basis, ClaimOutcome, Verification};
use tickmark_verify::{Request, Trust};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;
const LOG: &[u8] = b"line one\nline two\n";
const NOTE: &[u8] = b"a note\n";

type Files = Vec<(String, Vec<u8>)>;
/// What it is, its files, what is pinned, and the four claims.
type Good = (&'static str, Files, Vec<Vec<u8>>, [ClaimOutcome; 4]);

fn files(list: &[(&str, &[u8])]) -> Files {
    list.iter()
        .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    Algorithm::Sha256.of(bytes).hex()
}

fn judge(files: &Files, trust: &[&[u8]]) -> Verification {
    let mut request = Request::default();
    let mut pinned = Trust::default();
    for file in trust {
        pinned.add_file("trust", file).unwrap();
    }
    request.trust = pinned;
    let list: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    let v = Bundle::folder(&list).verify(&request).unwrap();
    hold_together(&v);
    v
}

#[track_caller]
fn hold(v: &Verification, name: &str, expected: [ClaimOutcome; 4]) {
    let c = &v.claims;
    let found = [
        c.integrity.outcome,
        c.authenticity.outcome,
        c.completeness.outcome,
        c.time.outcome,
    ];
    assert_eq!(found, expected, "{name}: {}\n  time {:?}", told(v), c.time);
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&SecretBytes::new(vec![seed; 32])).unwrap()
}

fn text(parts: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::new();
    for part in parts {
        all.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
        all.extend_from_slice(part);
    }
    all
}

fn ssh_key(key: &SigningKey) -> Vec<u8> {
    text(&[b"ssh-ed25519", key.public().ed25519_bytes().unwrap()])
}

/// An OpenSSH signature by a key that names another one, as only a liar would.
fn sshsig_naming(signer: &SigningKey, named: &SigningKey, namespace: &str, message: &[u8]) -> Vec<u8> {
    let digest = Algorithm::Sha512.of(message);
    let signed = [
        b"SSHSIG".to_vec(),
        text(&[namespace.as_bytes(), b"", b"sha512", digest.as_bytes()]),
    ]
    .concat();
    let signature = text(&[b"ssh-ed25519", &signer.sign(&signed)]);
    let blob = [
        b"SSHSIG\0\0\0\x01".to_vec(),
        text(&[&ssh_key(named), namespace.as_bytes(), b"", b"sha512", &signature]),
    ]
    .concat();
    let body = base64(&blob);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(70)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n",
        lines.join("\n")
    )
    .into_bytes()
}

fn sshsig(key: &SigningKey, namespace: &str, message: &[u8]) -> Vec<u8> {
    sshsig_naming(key, key, namespace, message)
}

/// `ssh-ed25519 …`, as in a `.pub` file, or with options before it an allowed_signers line.
fn ssh_pin(key: &SigningKey, before: &str) -> Vec<u8> {
    format!("{before}ssh-ed25519 {}\n", base64(&ssh_key(key))).into_bytes()
}

/// A minisign signature of the old kind, which signs the message itself.
fn minisig(key: &SigningKey, id: u64, message: &[u8]) -> Vec<u8> {
    let signature = key.sign(message);
    let comment = "trusted comment: made here";
    let trusted = "made here";
    let global = key.sign(&[&signature[..], trusted.as_bytes()].concat());
    let first = [b"Ed".as_slice(), &id.to_le_bytes(), &signature].concat();
    format!(
        "untrusted comment: x\n{}\n{comment}\n{}\n",
        base64(&first),
        base64(&global)
    )
    .into_bytes()
}

fn minisign_pin(key: &SigningKey, id: u64) -> Vec<u8> {
    let bytes = [
        b"Ed".as_slice(),
        &id.to_le_bytes(),
        key.public().ed25519_bytes().unwrap(),
    ]
    .concat();
    format!("untrusted comment: minisign public key\n{}\n", base64(&bytes)).into_bytes()
}

fn sums(list: &[(&str, &[u8])]) -> Vec<u8> {
    let lines = list
        .iter()
        .map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes)));
    lines.collect::<String>().into_bytes()
}

fn manifest(extra: &str, list: &[(&str, &[u8])]) -> Vec<u8> {
    let entries: Vec<String> = list
        .iter()
        .map(|(name, bytes)| format!(r#"{{"path":"{name}","sha256":"{}"}}"#, sha256(bytes)))
        .collect();
    format!(r#"{{{extra}"files":[{}]}}"#, entries.join(",")).into_bytes()
}

const BOTH: [(&str, &[u8]); 2] = [("log.txt", LOG), ("note.txt", NOTE)];

fn with(list: &[(&str, &[u8])], more: &[(&str, Vec<u8>)]) -> Files {
    let mut all = files(list);
    all.extend(
        more.iter()
            .map(|(name, bytes)| ((*name).to_owned(), bytes.clone())),
    );
    all
}

/// Two members under a closed manifest that is signed.
fn sealed() -> Files {
    let list = manifest(r#""closed":true,"#, &BOTH);
    let signature = sshsig(&key(1), "file", &list);
    with(
        &BOTH,
        &[("manifest.json", list), ("manifest.json.sig", signature)],
    )
}

#[test]
fn a_signed_closed_manifest_proves_everything_but_time() {
    let v = judge(&sealed(), &[&ssh_pin(&key(1), "")]);
    hold(&v, "sealed", [PROVEN, PROVEN, PROVEN, OPEN]);
    assert_eq!(v.verdict, PROVEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    assert_eq!((v.counts.records, v.counts.signed, v.counts.checked), (2, 2, 2));
    assert_eq!(v.keys.len(), 1, "{:?}", v.keys);
}

#[test]
fn ordinary_folders_are_not_recognised() {
    let many: [Files; 6] = [
        files(&BOTH),
        with(
            &BOTH,
            &[("manifest.json", br#"{"name":"x","version":"1.0"}"#.to_vec())],
        ),
        with(&BOTH, &[("manifest.json", b"no json".to_vec())]),
        with(&BOTH, &[("log.txt.sig", b"some bytes".to_vec())]),
        with(&BOTH, &[("SHA256SUMS", b"words\n".to_vec())]),
        with(&BOTH, &[("SHA256SUMS", sums(&[("elsewhere.txt", LOG)]))]),
    ];
    for files in &many {
        let v = judge(files, &[&ssh_pin(&key(1), "")]);
        assert!(v.profile.is_none(), "{:?}: {}", files.last().unwrap().0, told(&v));
        assert_eq!(v.verdict, OPEN);
    }
}

#[test]
fn what_holds_and_how_far() {
    let open = manifest("", &BOTH);
    let closed = manifest(r#""closed":true,"#, &BOTH);
    let list = sums(&BOTH);
    let (mine, other) = (key(1), key(2));
    let sig = |message: &[u8]| sshsig(&mine, "file", message);
    let pin = ssh_pin(&mine, "");
    let self_consistent = [PROVEN, OPEN, OPEN, OPEN];
    let signed = [PROVEN, PROVEN, OPEN, OPEN];
    let sealed_claims = [PROVEN, PROVEN, PROVEN, OPEN];
    let cases: Vec<Good> = vec![
        (
            "unsigned checksums",
            with(&BOTH, &[("SHA256SUMS", list.clone())]),
            vec![],
            self_consistent,
        ),
        (
            "unsigned checksums and a pin",
            with(&BOTH, &[("SHA256SUMS", list.clone())]),
            vec![pin.clone()],
            self_consistent,
        ),
        (
            "an unsigned open manifest",
            with(&BOTH, &[("manifest.json", open.clone())]),
            vec![],
            self_consistent,
        ),
        (
            "an unsigned closed manifest",
            with(&BOTH, &[("manifest.json", closed.clone())]),
            vec![],
            self_consistent,
        ),
        (
            "a file of one digest",
            with(
                &[BOTH[0]],
                &[("log.txt.sha256", format!("{}\n", sha256(LOG)).into_bytes())],
            ),
            vec![],
            self_consistent,
        ),
        (
            "SHA-512",
            with(
                &[BOTH[0]],
                &[(
                    "SHA512SUMS",
                    format!("{}  log.txt\n", Algorithm::Sha512.of(LOG).hex()).into_bytes(),
                )],
            ),
            vec![],
            self_consistent,
        ),
        (
            "a list of part",
            with(&BOTH, &[("SHA256SUMS", sums(&[BOTH[0]]))]),
            vec![],
            [OPEN, OPEN, OPEN, OPEN],
        ),
        (
            "SHA-1 alone",
            with(
                &[BOTH[0]],
                &[("SHA1SUMS", {
                    let mut hasher = tickmark_crypto::outdated::OutdatedHasher::new(
                        tickmark_crypto::outdated::Outdated::Sha1,
                    );
                    hasher.update(LOG);
                    format!("{}  log.txt\n", hasher.finish_hex()).into_bytes()
                })],
            ),
            vec![pin.clone()],
            [OPEN, OPEN, OPEN, OPEN],
        ),
        (
            "signed checksums",
            with(
                &BOTH,
                &[("SHA256SUMS", list.clone()), ("SHA256SUMS.sig", sig(&list))],
            ),
            vec![pin.clone()],
            signed,
        ),
        (
            "a signed open manifest",
            with(
                &BOTH,
                &[("manifest.json", open.clone()), ("manifest.json.sig", sig(&open))],
            ),
            vec![pin.clone()],
            signed,
        ),
        (
            "signed checksums over a closed manifest",
            {
                let outer = sums(&[("manifest.json", &closed)]);
                with(
                    &BOTH,
                    &[
                        ("manifest.json", closed.clone()),
                        ("SHA256SUMS", outer.clone()),
                        ("SHA256SUMS.sig", sig(&outer)),
                    ],
                )
            },
            vec![pin.clone()],
            sealed_claims,
        ),
        (
            "a closed manifest under minisign",
            with(
                &BOTH,
                &[
                    ("manifest.json", closed.clone()),
                    ("manifest.json.minisig", minisig(&mine, 7, &closed)),
                ],
            ),
            vec![minisign_pin(&mine, 7)],
            sealed_claims,
        ),
        (
            "each member signed by itself",
            with(&BOTH, &[("log.txt.sig", sig(LOG)), ("note.txt.sig", sig(NOTE))]),
            vec![pin.clone()],
            signed,
        ),
        (
            "one of two members signed",
            with(&BOTH, &[("log.txt.sig", sig(LOG))]),
            vec![pin.clone()],
            [OPEN, OPEN, OPEN, OPEN],
        ),
        (
            "a signature whose key is not pinned",
            with(&[BOTH[0]], &[("log.txt.sig", sig(LOG))]),
            vec![],
            self_consistent,
        ),
        (
            "a minisign signature by another key id",
            with(&[BOTH[0]], &[("log.txt.minisig", minisig(&other, 8, LOG))]),
            vec![minisign_pin(&mine, 7)],
            [OPEN, OPEN, OPEN, OPEN],
        ),
        (
            "a key that travels along",
            with(
                &[BOTH[0]],
                &[("log.txt.sig", sig(LOG)), ("signer.pub", pin.clone())],
            ),
            vec![pin.clone()],
            signed,
        ),
        (
            "a namespace that was granted",
            with(&[BOTH[0]], &[("log.txt.sig", sshsig(&mine, "audit", LOG))]),
            vec![ssh_pin(&mine, "a@b namespaces=\"audit\" ")],
            signed,
        ),
        (
            "a namespace by pattern in a trust file",
            with(&[BOTH[0]], &[("log.txt.sig", sshsig(&mine, "audit-2026", LOG))]),
            vec![
                format!(
                    "[[key]]\npublic_key = \"ssh-ed25519 {}\"\nnamespaces = \"audit-*\"\n",
                    base64(&ssh_key(&mine))
                )
                .into_bytes(),
            ],
            signed,
        ),
        (
            "somebody else's signature beside the expected one",
            with(
                &[BOTH[0]],
                &[
                    ("log.txt.sig", sig(LOG)),
                    ("log.txt.sshsig", sshsig(&other, "file", LOG)),
                ],
            ),
            vec![pin.clone()],
            signed,
        ),
        (
            "lines of a JSON Lines member",
            with(
                &[("log.jsonl", b"1\n2\n3\n")],
                &[("SHA256SUMS", sums(&[("log.jsonl", b"1\n2\n3\n")]))],
            ),
            vec![],
            self_consistent,
        ),
        (
            "a list that names itself",
            with(
                &[BOTH[0]],
                &[(
                    "SHA256SUMS",
                    [sums(&[BOTH[0]]), sums(&[("SHA256SUMS", b"")])].concat(),
                )],
            ),
            vec![],
            self_consistent,
        ),
        (
            "an empty member",
            with(
                &[("empty.bin", b"")],
                &[("SHA256SUMS", sums(&[("empty.bin", b"")]))],
            ),
            vec![],
            self_consistent,
        ),
    ];
    assert!(cases.len() >= 20);
    for (name, files, trust, expected) in cases {
        let trust: Vec<&[u8]> = trust.iter().map(Vec::as_slice).collect();
        let v = judge(&files, &trust);
        hold(&v, name, expected);
        assert_eq!(v.faults, [], "{name}");
        let is_anchored = v.claims.integrity.basis == Some(Basis::Anchored);
        assert_eq!(is_anchored, expected[1] == PROVEN, "{name}");
    }
}

#[test]
fn lies() {
    let (mine, other) = (key(1), key(2));
    let pin = ssh_pin(&mine, "");
    let closed = manifest(r#""closed":true,"#, &BOTH);
    let list = sums(&BOTH);
    let sig = |message: &[u8]| sshsig(&mine, "file", message);
    let changed: [(&str, &[u8]); 2] = [("log.txt", b"line one\nline 2\n"), ("note.txt", NOTE)];
    let extra: [(&str, &[u8]); 3] = [BOTH[0], BOTH[1], ("extra.txt", b"x")];
    let signed = |members: &[(&str, &[u8])], list: &[u8], by: &SigningKey| {
        with(
            members,
            &[
                ("manifest.json", list.to_vec()),
                ("manifest.json.sig", sshsig(by, "file", list)),
            ],
        )
    };
    let json =
        |members: &[(&str, &[u8])], text: String| with(members, &[("manifest.json", text.into_bytes())]);
    let sums_file = |members: &[(&str, &[u8])], name: &str, text: Vec<u8>| with(members, &[(name, text)]);
    let hex = sha256(LOG);
    let wrong = "ab".repeat(32);
    let cases: Vec<(&str, Files, &str, &str)> = vec![
        (
            "a member edited",
            signed(&changed, &closed, &mine),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a member edited under checksums",
            sums_file(&changed, "SHA256SUMS", list.clone()),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a member edited under SHA-512",
            sums_file(
                &changed,
                "SHA512SUMS",
                format!("{}  log.txt\n", Algorithm::Sha512.of(LOG).hex()).into_bytes(),
            ),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a member edited under its own digest",
            sums_file(&changed, "log.txt.sha256", hex.clone().into_bytes()),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a member edited under MD5",
            sums_file(
                &changed,
                "MD5SUMS",
                format!("{}  log.txt\n", "0".repeat(32)).into_bytes(),
            ),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a member dropped",
            signed(&[BOTH[0]], &closed, &mine),
            "manifest_missing",
            "completeness",
        ),
        (
            "a member dropped under checksums",
            sums_file(&[BOTH[0]], "SHA256SUMS", list.clone()),
            "manifest_missing",
            "completeness",
        ),
        (
            "a member added",
            signed(&extra, &closed, &mine),
            "manifest_unlisted",
            "completeness",
        ),
        (
            "a member added under an unsigned closed manifest",
            with(&extra, &[("manifest.json", closed.clone())]),
            "manifest_unlisted",
            "completeness",
        ),
        (
            "a program added",
            with(
                &BOTH,
                &[
                    ("manifest.json", closed.clone()),
                    ("manifest.json.sig", sig(&closed)),
                    ("verify.py", b"print('genuine')".to_vec()),
                ],
            ),
            "manifest_unlisted",
            "completeness",
        ),
        (
            "a signature over nothing added",
            with(
                &BOTH,
                &[("manifest.json", closed.clone()), ("extra.txt.sig", sig(b"x"))],
            ),
            "manifest_unlisted",
            "completeness",
        ),
        (
            "everything remade and signed with another key",
            signed(&changed, &manifest(r#""closed":true,"#, &changed), &other),
            "detached_signature_mismatch",
            "authenticity",
        ),
        (
            "the manifest rewritten",
            {
                let mut files = sealed();
                files[0].1 = changed[0].1.to_vec();
                files[2].1 = manifest(r#""closed":true,"#, &changed);
                files
            },
            "detached_signature_mismatch",
            "authenticity",
        ),
        (
            "the pinned key named and not used",
            with(
                &[BOTH[0]],
                &[("log.txt.sig", sshsig_naming(&other, &mine, "file", LOG))],
            ),
            "detached_signature_mismatch",
            "authenticity",
        ),
        (
            "another namespace",
            with(&[BOTH[0]], &[("log.txt.sig", sshsig(&mine, "git", LOG))]),
            "detached_signature_namespace",
            "authenticity",
        ),
        (
            "a signature cut short",
            with(&[BOTH[0]], &[("log.txt.sig", sig(LOG)[..90].to_vec())]),
            "detached_signature_malformed",
            "authenticity",
        ),
        (
            "a signature without its member",
            with(
                &[BOTH[1]],
                &[("SHA256SUMS", sums(&[BOTH[1]])), ("log.txt.sig", sig(LOG))],
            ),
            "",
            "",
        ),
        (
            "a name twice with two digests",
            sums_file(
                &BOTH,
                "SHA256SUMS",
                [list.clone(), format!("{wrong}  log.txt\n").into_bytes()].concat(),
            ),
            "manifest_duplicate",
            "integrity",
        ),
        (
            "a path that leaves the bundle",
            sums_file(
                &BOTH,
                "SHA256SUMS",
                [list.clone(), format!("{wrong}  ../x\n").into_bytes()].concat(),
            ),
            "manifest_path",
            "integrity",
        ),
        (
            "an absolute path",
            sums_file(
                &BOTH,
                "SHA256SUMS",
                [list.clone(), format!("{wrong}  /etc/passwd\n").into_bytes()].concat(),
            ),
            "manifest_path",
            "integrity",
        ),
        (
            "a path on a drive",
            sums_file(
                &BOTH,
                "SHA256SUMS",
                [list.clone(), format!("{wrong}  C:\\x\n").into_bytes()].concat(),
            ),
            "manifest_path",
            "integrity",
        ),
        (
            "a line that is none",
            sums_file(
                &BOTH,
                "SHA256SUMS",
                [list.clone(), b"all is well\n".to_vec()].concat(),
            ),
            "manifest_unreadable",
            "integrity",
        ),
        (
            "a digest cut short",
            sums_file(
                &BOTH,
                "SHA256SUMS",
                [list.clone(), format!("{}  log.txt\n", &hex[..60]).into_bytes()].concat(),
            ),
            "manifest_unreadable",
            "integrity",
        ),
        (
            "another function than the name of the list",
            sums_file(
                &BOTH,
                "SHA256SUMS",
                [
                    list.clone(),
                    format!("MD5 (log.txt) = {}\n", "0".repeat(32)).into_bytes(),
                ]
                .concat(),
            ),
            "manifest_unreadable",
            "integrity",
        ),
        (
            "bytes that are no text",
            sums_file(&BOTH, "SHA256SUMS", [list.clone(), b"\xff\n".to_vec()].concat()),
            "",
            "",
        ),
        (
            "another case of a name",
            sums_file(
                &BOTH,
                "SHA256SUMS",
                [list.clone(), format!("{hex}  LOG.txt\n").into_bytes()].concat(),
            ),
            "manifest_missing",
            "completeness",
        ),
        (
            "names and digests at the top",
            json(&changed, format!(r#"{{"log.txt":"{hex}"}}"#)),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "names and digests below",
            json(
                &changed,
                format!(r#"{{"checksums":{{"log.txt":"sha256:{hex}"}}}}"#),
            ),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a digest in an object",
            json(
                &changed,
                format!(r#"{{"files":[{{"name":"log.txt","digest":{{"sha256":"{hex}"}}}}]}}"#),
            ),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a hash whose function is named beside it",
            json(
                &changed,
                format!(r#"{{"algorithm":"SHA-256","files":[{{"file":"log.txt","hash":"{hex}"}}]}}"#),
            ),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a listed member that never was",
            json(&BOTH, format!(r#"{{"log.txt":"{hex}","gone.txt":"{wrong}"}}"#)),
            "manifest_missing",
            "completeness",
        ),
        (
            "a path that leaves the bundle in JSON",
            json(&BOTH, format!(r#"{{"log.txt":"{hex}","../gone.txt":"{wrong}"}}"#)),
            "manifest_path",
            "integrity",
        ),
        (
            "a name twice in JSON",
            json(&BOTH, format!(r#"{{"log.txt":"{hex}","log.txt":"{wrong}"}}"#)),
            "",
            "",
        ),
        (
            "exhaustive and not",
            json(
                &BOTH,
                format!(r#"{{"exhaustive":true,"files":{{"log.txt":"{hex}"}}}}"#),
            ),
            "manifest_unlisted",
            "completeness",
        ),
        (
            "a manifest in a folder, and a member added there",
            with(
                &[("a/log.txt", LOG), ("a/extra", b"x")],
                &[("a/manifest.json", manifest(r#""closed":true,"#, &[BOTH[0]]))],
            ),
            "manifest_unlisted",
            "completeness",
        ),
        (
            "a minisign signature over other bytes",
            with(&changed, &[("log.txt.minisig", minisig(&mine, 7, LOG))]),
            "detached_signature_mismatch",
            "authenticity",
        ),
        (
            "a trusted comment rewritten",
            with(
                &BOTH,
                &[("log.txt.minisig", {
                    let text = String::from_utf8(minisig(&mine, 7, LOG)).unwrap();
                    text.replace("made here", "made when").into_bytes()
                })],
            ),
            "detached_signature_comment",
            "authenticity",
        ),
    ];
    let minisign = minisign_pin(&mine, 7);
    let mut told_of = 0;
    for (name, files, code, claim) in cases {
        let v = judge(&files, &[&pin, &minisign]);
        assert_ne!(v.verdict, PROVEN, "{name}: {}", told(&v));
        if code.is_empty() {
            // not refuted by this reader alone, and never proven
            assert_ne!(v.claims.authenticity.outcome, PROVEN, "{name}");
            continue;
        }
        assert_eq!(v.verdict, REFUTED, "{name}: {}", told(&v));
        let fault = v.faults.iter().find(|fault| fault.code == code);
        let fault = fault.unwrap_or_else(|| panic!("{name}: no {code}: {}", told(&v)));
        assert_eq!(fault.claim, claim, "{name}");
        told_of += 1;
    }
    assert!(told_of >= 33, "{told_of}");
}

/// Without the right pin nothing is authentic, whatever signature is there.
#[test]
fn stripping_and_carrying_prove_nothing() {
    let mine = ssh_pin(&key(1), "");
    let stripped: Files = sealed()
        .into_iter()
        .filter(|(name, _)| !name.ends_with(".sig"))
        .collect();
    hold(
        &judge(&stripped, &[&mine]),
        "stripped",
        [PROVEN, OPEN, OPEN, OPEN],
    );
    hold(&judge(&sealed(), &[]), "unpinned", [PROVEN, OPEN, OPEN, OPEN]);
    let mut carried = sealed();
    carried.retain(|(name, _)| name != "manifest.json.sig");
    let list = carried[2].1.clone();
    carried.push(("manifest.json.sig".into(), sshsig(&key(3), "file", &list)));
    carried.push(("allowed.pub".into(), ssh_pin(&key(3), "")));
    assert_eq!(judge(&carried, &[&mine]).claims.authenticity.outcome, REFUTED);
}

/// Statements count beside the format of the records: a chained trail in a sealed folder.
#[test]
fn a_profile_and_a_sealed_folder() {
    let Some(fixtures) = fixtures() else {
        println!("SKIPPED: the fixtures are not at hand");
        return;
    };
    let trail = std::fs::read(fixtures.join("emitters/agt-auditlog/entries.jsonl")).unwrap();
    let members: [(&str, &[u8]); 1] = [("entries.jsonl", &trail)];
    let pin = ssh_pin(&key(1), "");
    let plain = judge(&with(&members, &[("readme.txt", b"x".to_vec())]), &[&pin]);
    assert_eq!(plain.profile.as_ref().unwrap().id, "agt-auditlog");
    assert_eq!(plain.claims.integrity.basis, Some(Basis::SelfConsistent));

    let signature = sshsig(&key(1), "file", &trail);
    let v = judge(&with(&members, &[("entries.jsonl.sig", signature)]), &[&pin]);
    assert_eq!(v.profile.as_ref().unwrap().id, "agt-auditlog");
    hold(&v, "signed", [PROVEN, PROVEN, OPEN, OPEN]);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));

    let list = manifest(r#""closed":true,"#, &members);
    let signature = sshsig(&key(1), "file", &list);
    let sealed = with(
        &members,
        &[("manifest.json", list.clone()), ("manifest.json.sig", signature)],
    );
    let v = judge(&sealed, &[&pin]);
    hold(&v, "sealed", [PROVEN, PROVEN, PROVEN, OPEN]);
    assert_eq!(v.verdict, PROVEN);

    // unsigned, the same list proves nothing more than the trail itself
    let v = judge(&with(&members, &[("manifest.json", list)]), &[&pin]);
    hold(&v, "unsigned", [PROVEN, OPEN, OPEN, OPEN]);
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));

    // and it refutes where it is contradicted
    let cut = &trail[..trail.iter().rposition(|byte| *byte == b'{').unwrap()];
    let mut files = sealed;
    files[0].1 = cut.to_vec();
    let v = judge(&files, &[&pin]);
    assert_eq!(v.verdict, REFUTED);
    assert!(v.faults.iter().any(|fault| fault.code == "manifest_mismatch"));
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Option<()> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        println!("SKIPPED: {program} is not installed");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    Some(())
}

#[test]
fn openssh_and_minisign_sign_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let list = manifest(r#""closed":true,"#, &BOTH);
    std::fs::write(at.join("manifest.json"), &list).unwrap();
    let seal = |ending: &str| {
        let signature = std::fs::read(at.join(format!("manifest.json.{ending}"))).unwrap();
        with(
            &BOTH,
            &[
                ("manifest.json", list.clone()),
                (&format!("manifest.json.{ending}"), signature),
            ],
        )
    };
    let all = [PROVEN, PROVEN, PROVEN, OPEN];
    if run(at, "ssh-keygen", &["-q", "-t", "ecdsa", "-N", "", "-f", "id"]).is_some() {
        run(
            at,
            "ssh-keygen",
            &["-q", "-Y", "sign", "-n", "file", "-f", "id", "manifest.json"],
        );
        let pin = std::fs::read(at.join("id.pub")).unwrap();
        hold(&judge(&seal("sig"), &[&pin]), "ssh-keygen", all);
    }
    if run(at, "minisign", &["-G", "-W", "-p", "m.pub", "-s", "m.key"]).is_some() {
        run(at, "minisign", &["-S", "-s", "m.key", "-m", "manifest.json"]);
        let pin = std::fs::read(at.join("m.pub")).unwrap();
        hold(&judge(&seal("minisig"), &[&pin]), "minisign", all);
    }
}

/// The throw-away keys of the fixtures: every kind of signature over one member, and time by a pinned authority.
#[test]
fn signatures_that_other_programs_made() {
    let Some(at) = fixtures().map(|path| path.join("local-tools")) else {
        println!("SKIPPED: the fixtures are not at hand");
        return;
    };
    let read = |name: &str| std::fs::read(at.join(name)).unwrap();
    let data = read("data.json");
    let members: [(&str, &[u8]); 1] = [("data.json", &data)];
    let signed = [PROVEN, PROVEN, OPEN, OPEN];
    let stamped = [PROVEN, OPEN, OPEN, PROVEN];
    for (file, pin, expected) in [
        ("data.json.sshsig", "allowed_signers", signed),
        ("data.json.asc", "pub.asc", signed),
        ("data.p7s", "ca.pem", signed),
        ("data.tsr", "ca.pem", stamped),
        ("data.tst", "ca.pem", stamped),
    ] {
        let bundle = with(&members, &[(file, read(file))]);
        let v = judge(&bundle, &[&read(pin)]);
        hold(&v, file, expected);
        let carries_certificate = !file.ends_with("asc") && !file.ends_with("sshsig");
        if carries_certificate {
            assert!(
                v.warnings
                    .iter()
                    .any(|line| line.contains("revoked was not checked")),
                "{:?}",
                v.warnings
            );
        }
        // without the pin, or over other bytes, it is nothing
        let v = judge(&bundle, &[]);
        assert_ne!(v.claims.authenticity.outcome, PROVEN, "{file}");
        assert_ne!(v.claims.time.outcome, PROVEN, "{file}");
        let other = with(&[("data.json", b"{}")], &[(file, read(file))]);
        assert_eq!(judge(&other, &[&read(pin)]).verdict, REFUTED, "{file}");
    }
    // a root for time vouches for no signer, and the other way round
    let root = |uses: &str| {
        let pem = String::from_utf8(read("ca.pem")).unwrap();
        format!("[[key]]\nalgorithm = \"x509-root\"\nuse = \"{uses}\"\npublic_key = \"\"\"\n{pem}\"\"\"\n")
            .into_bytes()
    };
    let both = with(
        &members,
        &[("data.p7s", read("data.p7s")), ("data.tsr", read("data.tsr"))],
    );
    hold(
        &judge(&both, &[&root("time")]),
        "time",
        [PROVEN, OPEN, OPEN, PROVEN],
    );
    hold(&judge(&both, &[&root("signatures")]), "signatures", signed);
    // a stamp over a signature that a pinned key made reaches what was signed
    let both = with(
        &members,
        &[
            ("data.json.sshsig", read("data.json.sshsig")),
            ("data.tsr", read("data.tsr")),
        ],
    );
    hold(
        &judge(&both, &[&read("allowed_signers"), &read("ca.pem")]),
        "both",
        [PROVEN, PROVEN, OPEN, PROVEN],
    );
}
