//! The programs that people sign with: ssh-keygen, minisign, OpenSSL and GnuPG sign and stamp, we verify.
//!
//! Where one is not installed its test is skipped visibly.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr
)]

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
};

use chrono::{DateTime, Utc};
use tickmark_crypto::{
    cms::{CmsError, CmsRequest, SignedData, Signer},
    digest::Algorithm,
    key::{self, Candidate, FoundKey},
    message::Message,
    minisign,
    openpgp::{self, Document, KeyFault, OpenPgpError},
    sshsig::{self, SshsigError},
    timestamp::{Binding, Timestamp, TimestampError, Token},
    x509::{Certificate, CertificateFault, PathError, Purpose, TrustAnchor, parse_certificates},
};

const MESSAGE: &[u8] = b"{\"record\":1,\"note\":\"caf\xc3\xa9\"}\n";

/// Runs a program in a folder; `None` where it is not installed.
fn run(folder: &Path, program: &str, arguments: &str) -> Option<Vec<u8>> {
    let output = Command::new(program)
        .args(arguments.split(' '))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: {program} is not installed");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments}: {said}");
    Some(output.stdout)
}

fn taken(mut message: Message, bytes: &[u8]) -> Message {
    message.update(bytes);
    message
}

#[test]
fn ssh_keygen_signs_and_we_verify() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("message"), MESSAGE).unwrap();
    for (kind, hash) in [
        ("ed25519", "sha512"),
        ("ed25519", "sha256"),
        ("ecdsa -b 256", "sha512"),
        ("ecdsa -b 384", "sha256"),
        ("rsa -b 2048", "sha512"),
        ("rsa -b 3072", "sha256"),
    ] {
        let name = format!("{kind}{hash}").replace(' ', "");
        if run(at, "ssh-keygen", &format!("-q -t {kind} -N  -C x -f {name}")).is_none() {
            return;
        }
        let _ = fs::remove_file(at.join("message.sig"));
        let sign = format!("-q -Y sign -O hashalg={hash} -n audit-bundle -f {name} message");
        run(at, "ssh-keygen", &sign);
        let signature = sshsig::Signature::parse(&fs::read(at.join("message.sig")).unwrap()).unwrap();
        assert_eq!(signature.hash().name(), hash);
        let found = key::parse_keys(&fs::read(at.join(format!("{name}.pub"))).unwrap(), None)
            .unwrap()
            .remove(0);
        let verify = |message: &[u8], namespace: &str, found: &FoundKey| {
            signature.verify(&taken(signature.message(), message), namespace, &[found.into()])
        };
        assert_eq!(verify(MESSAGE, "audit-bundle", &found), Ok(0), "{name}");
        assert!(matches!(
            verify(MESSAGE, "file", &found),
            Err(SshsigError::Namespace { .. })
        ));
        assert!(matches!(
            verify(b"other", "audit-bundle", &found),
            Err(SshsigError::Signature(_))
        ));
        assert_eq!(signature.carried().spki_der(), found.key.spki_der());
    }
}

/// One allowed_signers file, read by both: whom ssh-keygen lets pass and whom we let pass are the same.
#[test]
fn ssh_keygen_and_we_agree_about_allowed_signers() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("message"), MESSAGE).unwrap();
    if run(at, "ssh-keygen", "-q -t ed25519 -N  -C x -f id").is_none() {
        return;
    }
    run(at, "ssh-keygen", "-q -Y sign -n audit-bundle -f id message");
    let public = fs::read_to_string(at.join("id.pub")).unwrap();
    let signature = sshsig::Signature::parse(&fs::read(at.join("message.sig")).unwrap()).unwrap();
    let now: DateTime<Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
    for (options, passes) in [
        ("", true),
        ("namespaces=\"audit-bundle\"", true),
        ("namespaces=\"git,audit-*\"", true),
        ("namespaces=\"!audit-bundle,*\"", false),
        ("namespaces=\"git\"", false),
        ("valid-after=\"20261120Z\",valid-before=\"20261121Z\"", true),
        ("valid-after=\"20261121Z\"", false),
        (
            "namespaces=\"audit-bundle\",valid-before=\"202611201159Z\"",
            false,
        ),
    ] {
        let line = format!("reviewer@example {options} {public}");
        fs::write(at.join("allowed"), &line).unwrap();
        let verify = "-Y verify -f allowed -I reviewer@example -n audit-bundle -s message.sig -O verify-time=20261120120000Z";
        let theirs = Command::new("ssh-keygen")
            .args(verify.split(' '))
            .current_dir(at)
            .stdin(File::open(at.join("message")).unwrap())
            .output()
            .unwrap();
        let found = key::parse_keys(line.as_bytes(), None).unwrap();
        let candidates: Vec<Candidate<'_>> = found
            .iter()
            .filter(|found| {
                key::matches_list(found.comment.as_deref().unwrap_or_default(), "reviewer@example")
                    && found.limits.allow_namespace("audit-bundle")
                    && found.limits.allow_moment(now).unwrap()
            })
            .map(Candidate::from)
            .collect();
        let message = taken(signature.message(), MESSAGE);
        let ours = signature.verify(&message, "audit-bundle", &candidates).is_ok();
        let said = String::from_utf8_lossy(&theirs.stderr);
        assert_eq!(
            (ours, theirs.status.success()),
            (passes, passes),
            "{options}: {said}"
        );
    }
}

#[test]
fn minisign_signs_and_we_verify() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("message"), MESSAGE).unwrap();
    if run(at, "minisign", "-G -W -f -p public -s secret").is_none() {
        return;
    }
    let found = key::parse_keys(&fs::read(at.join("public")).unwrap(), None)
        .unwrap()
        .remove(0);
    for (flag, prehashed) in [("-H", true), ("-l", false)] {
        let sign = format!("-S {flag} -s secret -m message -x message.minisig -t month:2026-11");
        run(at, "minisign", &sign);
        let signature = minisign::Signature::parse(&fs::read(at.join("message.minisig")).unwrap()).unwrap();
        assert_eq!(signature.is_prehashed(), prehashed);
        let verify =
            |message: &[u8]| signature.verify(&taken(signature.message(), message), &[(&found).into()]);
        assert_eq!(verify(MESSAGE), Ok(0));
        assert!(verify(b"other").is_err());
        assert_eq!(signature.trusted_comment(), "month:2026-11");
    }
}

/// A root authority and certificates under it, made by OpenSSL in a folder.
struct Office<'a> {
    at: &'a Path,
}

impl<'a> Office<'a> {
    fn open(at: &'a Path) -> Option<Self> {
        fs::write(at.join("message"), MESSAGE).unwrap();
        let root = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem \
                    -days 30 -subj /CN=Root -addext keyUsage=critical,keyCertSign";
        run(
            at,
            "openssl",
            &root.split_whitespace().collect::<Vec<_>>().join(" "),
        )?;
        Some(Self { at })
    }

    /// Makes `name.pem` and `name.key`; `lines` are the certificate's extensions.
    fn certify(&self, name: &str, kind: &str, lines: &str, how: &str) {
        let at = self.at;
        run(
            at,
            "openssl",
            &format!("genpkey -algorithm {kind} -out {name}.key"),
        );
        run(
            at,
            "openssl",
            &format!("req -new -key {name}.key -subj /O=Example/CN={name} -out {name}.csr"),
        );
        fs::write(at.join("extensions"), lines).unwrap();
        let sign = format!(
            "x509 -req -in {name}.csr -CA root.pem -CAkey root.key -CAcreateserial -days 20 -extfile extensions \
             -out {name}.pem{how}"
        );
        run(at, "openssl", &sign);
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.at.join(name)).unwrap()
    }

    fn certificate(&self, name: &str) -> Certificate {
        parse_certificates(&self.read(name)).unwrap().remove(0)
    }

    fn anchors(&self) -> [TrustAnchor; 1] {
        [TrustAnchor::pin(self.certificate("root.pem"))]
    }
}

const KINDS: [(&str, &str); 5] = [
    ("rsa", "RSA -pkeyopt rsa_keygen_bits:2048"),
    ("p256", "EC -pkeyopt ec_paramgen_curve:P-256"),
    ("p384", "EC -pkeyopt ec_paramgen_curve:P-384"),
    ("edwards", "ED25519"),
    (
        "pss",
        "RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32",
    ),
];

fn check_cms(office: &Office<'_>, bytes: &[u8], message: &[u8]) -> Result<Signer, CmsError> {
    let signed = SignedData::parse(bytes)?;
    let anchors = office.anchors();
    let request = CmsRequest {
        anchors: &anchors,
        material: &[],
        moment: anchors[0].certificate().not_before() + chrono::TimeDelta::hours(1),
        purpose: Purpose::EmailProtection,
    };
    if signed.content().is_some() {
        assert_eq!(signed.content(), Some(message));
        signed.verify_attached(&request)
    } else {
        signed.verify(&taken(signed.message(), message), &request)
    }
}

#[test]
fn openssl_signs_cms_and_we_verify() {
    let folder = tempfile::tempdir().unwrap();
    let Some(office) = Office::open(folder.path()) else {
        return;
    };
    let lines = "keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
    for (name, kind) in KINDS {
        office.certify(name, kind, lines, " -sha384");
        if name == "edwards" {
            continue; // OpenSSL 3.0 signs no CMS with Ed25519; our own tests do
        }
        let mut ways = vec![
            "",
            " -md sha512",
            " -keyid",
            " -cades",
            " -nodetach",
            " -outform PEM",
            " -noattr",
        ];
        let pss = " -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest";
        match name {
            "rsa" => ways.push(pss),
            "pss" => ways = vec![pss], // without it OpenSSL 3.0 names another padding than it uses
            _ => {}
        }
        for way in ways {
            let outform = if way.contains("PEM") { "" } else { " -outform DER" };
            let sign = format!(
                "cms -sign -binary -in message -signer {name}.pem -inkey {name}.key -out signed{outform}{way}"
            );
            run(office.at, "openssl", &sign);
            let bytes = office.read("signed");
            let signer = check_cms(&office, &bytes, MESSAGE);
            let signer = signer.unwrap_or_else(|error| panic!("{name}{way}: {error}"));
            assert_eq!(signer.subject, format!("CN={name},O=Example"));
            assert_eq!(signer.claimed_time.is_some(), way != " -noattr");
            if !way.contains("nodetach") {
                assert!(check_cms(&office, &bytes, b"other").is_err());
            }
        }
    }
    // BER's indefinite lengths, as streaming writes them, and a weak digest
    run(
        office.at,
        "openssl",
        "cms -sign -binary -nodetach -stream -in message -signer rsa.pem -inkey rsa.key -outform DER -out signed",
    );
    let refused = SignedData::parse(&office.read("signed"));
    assert!(matches!(refused, Err(CmsError::Structure(_))), "{refused:?}");
    run(
        office.at,
        "openssl",
        "cms -sign -binary -md sha1 -in message -signer rsa.pem -inkey rsa.key -outform DER -out signed",
    );
    let refused = SignedData::parse(&office.read("signed")).unwrap_err();
    assert!(refused.to_string().contains("SHA-1"), "{refused}");
}

const STAMPING: &str = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n";

fn stamp(office: &Office<'_>, name: &str, query: &str, hash: &str) -> Vec<u8> {
    let configuration = format!(
        "[tsa]\ndefault_tsa=one\n[one]\nserial=serial\ncrypto_device=builtin\nsigner_digest=sha256\n\
         default_policy=1.2.3.4.1\ndigests=sha1,sha256,sha384,sha512\naccuracy=secs:1,millisecs:500\nordering=yes\n\
         ess_cert_id_alg={hash}\n"
    );
    fs::write(office.at.join("tsa.cnf"), configuration).unwrap();
    fs::write(office.at.join("serial"), "01\n").unwrap();
    run(
        office.at,
        "openssl",
        &format!("ts -query -data message {query} -out query"),
    );
    let reply = format!(
        "ts -reply -config tsa.cnf -section one -queryfile query -signer {name}.pem -inkey {name}.key -out reply"
    );
    run(office.at, "openssl", &reply);
    office.read("reply")
}

fn check_stamp(office: &Office<'_>, bytes: &[u8], message: &[u8]) -> Result<Timestamp, TimestampError> {
    let token = Token::parse(bytes)?;
    token.verify(&taken(token.message(), message), &office.anchors(), &[])
}

#[test]
fn openssl_stamps_and_we_verify() {
    let folder = tempfile::tempdir().unwrap();
    let Some(office) = Office::open(folder.path()) else {
        return;
    };
    for (name, kind) in &KINDS[..3] {
        office.certify(name, kind, STAMPING, " -sha256");
        for (hash, binding) in [
            ("sha256", Binding::V2(Algorithm::Sha256)),
            ("sha512", Binding::V2(Algorithm::Sha512)),
            ("sha1", Binding::V1Sha1),
        ] {
            let reply = stamp(&office, name, "-sha384 -cert", hash);
            let found = check_stamp(&office, &reply, MESSAGE)
                .unwrap_or_else(|error| panic!("{name} {hash}: {error}"));
            assert_eq!(found.binding, binding);
            assert_eq!(
                (found.imprint, found.policy.as_str()),
                (Algorithm::Sha384, "1.2.3.4.1")
            );
            assert_eq!(found.signer, format!("CN={name},O=Example"));
            assert_eq!(found.accuracy.unwrap().to_string(), "1.5 s");
            assert!(matches!(
                check_stamp(&office, &reply, b"other"),
                Err(TimestampError::Imprint { .. })
            ));
            run(office.at, "openssl", "ts -reply -in reply -token_out -out token");
            assert_eq!(
                check_stamp(&office, &office.read("token"), MESSAGE).as_ref(),
                Ok(&found)
            );
        }
    }
    // without its certificate the token needs material
    let reply = stamp(&office, "rsa", "-sha256", "sha256");
    assert!(check_stamp(&office, &reply, MESSAGE).is_err());
    let token = Token::parse(&reply).unwrap();
    let message = taken(token.message(), MESSAGE);
    let material = [office.certificate("rsa.pem")];
    assert!(token.verify(&message, &office.anchors(), &material).is_ok());
    let reply = stamp(&office, "rsa", "-sha1 -cert", "sha256");
    assert!(matches!(
        Token::parse(&reply),
        Err(TimestampError::ImprintAlgorithm(_))
    ));
}

/// OpenSSL refuses to stamp with such a certificate, so an ordinary one signs and is put to the path by itself.
#[test]
fn openssl_certifies_and_we_refuse_what_must_be_refused() {
    let folder = tempfile::tempdir().unwrap();
    let Some(office) = Office::open(folder.path()) else {
        return;
    };
    let find = |name: &str, purpose| {
        let anchors = office.anchors();
        tickmark_crypto::x509::PathRequest {
            anchors: &anchors,
            material: &[],
            moment: anchors[0].certificate().not_before() + chrono::TimeDelta::hours(1),
            purpose,
        }
        .find(&office.certificate(&format!("{name}.pem")))
    };
    let kind = KINDS[1].1;
    office.certify("good", kind, STAMPING, "");
    assert!(find("good", Purpose::TimeStamping).is_ok());
    office.certify(
        "loose",
        kind,
        &STAMPING.replace("critical,timeStamping", "timeStamping"),
        "",
    );
    office.certify(
        "both",
        kind,
        &STAMPING.replace("timeStamping", "timeStamping,emailProtection"),
        "",
    );
    for name in ["loose", "both"] {
        let refused = find(name, Purpose::TimeStamping);
        assert!(
            matches!(
                refused,
                Err(PathError::Certificate {
                    fault: CertificateFault::Purpose { .. },
                    ..
                })
            ),
            "{refused:?}"
        );
    }
    office.certify(
        "unknown",
        kind,
        &format!("{STAMPING}1.2.3.4=critical,ASN1:NULL\n"),
        "",
    );
    office.certify("sha1", kind, STAMPING, " -sha1");
    for (name, said) in [("unknown", "critical extension 1.2.3.4"), ("sha1", "SHA-1")] {
        let refused = find(name, Purpose::TimeStamping).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

/// GnuPG with a home of its own, whose agent is stopped at the end.
struct Gnupg<'a> {
    at: &'a Path,
}

impl Gnupg<'_> {
    fn run(&self, arguments: &str) -> Option<Vec<u8>> {
        run(
            self.at,
            "gpg",
            &format!(
                "--homedir . --batch --no-tty --quiet --yes --pinentry-mode loopback --passphrase  {arguments}"
            ),
        )
    }

    fn certificate(&self, who: &str) -> openpgp::Certificate {
        let bytes = self.run(&format!("--export {who}")).unwrap();
        let armored = self.run(&format!("--armor --export {who}")).unwrap();
        let read = openpgp::parse_certificates(&bytes).unwrap();
        assert_eq!(openpgp::parse_certificates(&armored), Ok(read.clone()));
        read.into_iter().next().unwrap()
    }

    fn check(
        &self,
        file: &str,
        message: &[u8],
        pinned: &openpgp::Certificate,
    ) -> Result<openpgp::Signer, OpenPgpError> {
        let signature = openpgp::Signature::parse(&fs::read(self.at.join(file)).unwrap())?;
        let moment = "2030-01-01T00:00:00Z".parse().unwrap();
        signature.verify(&taken(signature.message(), message), &[pinned], moment)
    }
}

impl Drop for Gnupg<'_> {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf")
            .args(["--homedir", ".", "--kill", "all"])
            .current_dir(self.at)
            .status();
    }
}

#[test]
fn gnupg_signs_and_we_verify() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("message"), MESSAGE).unwrap();
    let gnupg = Gnupg { at };
    for kind in ["rsa2048", "nistp256", "nistp384", "ed25519"] {
        if gnupg
            .run(&format!("--quick-gen-key {kind}@example {kind} sign 1y"))
            .is_none()
        {
            return;
        }
        let pinned = gnupg.certificate(&format!("{kind}@example"));
        for how in ["", "--armor ", "--textmode ", "--digest-algo SHA512 "] {
            gnupg.run(&format!(
                "--local-user {kind}@example {how}--output signature --detach-sign message"
            ));
            let signer = gnupg.check("signature", MESSAGE, &pinned);
            let signer = signer.unwrap_or_else(|error| panic!("{kind} {how}: {error}"));
            assert_eq!(signer.key, pinned.fingerprint());
            assert_eq!(signer.document == Document::Text, how == "--textmode ");
            assert!(matches!(
                gnupg.check("signature", b"other", &pinned),
                Err(OpenPgpError::Signature(_))
            ));
        }
    }
    gnupg.run("--local-user rsa2048@example --digest-algo SHA1 --output signature --detach-sign message");
    assert_eq!(
        gnupg.check("signature", MESSAGE, &gnupg.certificate("rsa2048@example")),
        Err(OpenPgpError::Weak { name: "SHA-1" })
    );
    gnupg.run("--local-user ed25519@example --output signature --detach-sign message");
    assert!(matches!(
        gnupg.check("signature", MESSAGE, &gnupg.certificate("rsa2048@example")),
        Err(OpenPgpError::NotPinned { .. })
    ));
}

#[test]
fn gnupg_binds_and_revokes_and_we_agree() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("message"), MESSAGE).unwrap();
    let gnupg = Gnupg { at };
    if gnupg
        .run("--quick-gen-key owner@example ed25519 cert 2y")
        .is_none()
    {
        return;
    }
    let fingerprint = gnupg.certificate("owner@example").fingerprint();
    gnupg.run(&format!("--quick-add-key {fingerprint} ed25519 sign 1y"));
    gnupg.run(&format!("--quick-add-key {fingerprint} cv25519 encr 1y"));
    gnupg.run("--local-user owner@example --output signature --detach-sign message");
    let pinned = gnupg.certificate("owner@example");
    assert_eq!(pinned.user_ids().collect::<Vec<_>>(), ["owner@example"]);
    let signer = gnupg.check("signature", MESSAGE, &pinned).unwrap();
    assert_ne!(signer.key, fingerprint, "the subkey signed");

    // the certificate that gpg keeps for revoking is made without a reason
    let stored = fs::read_to_string(at.join(format!("openpgp-revocs.d/{fingerprint}.rev"))).unwrap();
    fs::write(at.join("revocation"), stored.replace(":-----BEGIN", "-----BEGIN")).unwrap();
    gnupg.run("--import revocation");
    let revoked = gnupg.check("signature", MESSAGE, &gnupg.certificate("owner@example"));
    assert!(
        matches!(
            revoked,
            Err(OpenPgpError::Unusable {
                fault: KeyFault::Revoked { .. },
                ..
            })
        ),
        "{revoked:?}"
    );
    let secret = gnupg.run("--export-secret-keys owner@example").unwrap();
    assert_eq!(openpgp::parse_certificates(&secret), Err(OpenPgpError::Secret));
}
