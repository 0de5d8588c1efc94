//! The programs that people already have: OpenSSL, ssh-keygen, minisign and age agree with us, in both directions.
//!
//! Where one is not installed its test is skipped visibly.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr
)]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use tickmark_crypto::{
    digest::Algorithm,
    key::{self, KeyAlgorithm, KeyError},
    sealed::{self, Identity, Opener, Recipient},
    secret::Secret,
    signature::EcdsaForm,
    signing::{EcdsaSigningKey, SigningKey},
};

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

const MESSAGE: &[u8] = b"{\"record\":1,\"note\":\"caf\xc3\xa9\"}\n";

#[test]
fn openssl_signs_and_we_verify() {
    use KeyAlgorithm::{
        Ed25519, Es256, Es384, RsaPkcs1Sha256, RsaPkcs1Sha384, RsaPkcs1Sha512, RsaPssSha256, RsaPssSha384,
        RsaPssSha512,
    };
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("message"), MESSAGE).unwrap();
    let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest";
    let cases: [(&str, &[(KeyAlgorithm, String)]); 6] = [
        (
            "ED25519",
            &[(Ed25519, "pkeyutl -sign -rawin -in message".to_owned())],
        ),
        (
            "EC -pkeyopt ec_paramgen_curve:P-256",
            &[(Es256, "dgst -sha256".to_owned())],
        ),
        (
            "EC -pkeyopt ec_paramgen_curve:P-384",
            &[(Es384, "dgst -sha384".to_owned())],
        ),
        (
            "RSA -pkeyopt rsa_keygen_bits:2048",
            &[
                (RsaPkcs1Sha256, "dgst -sha256".to_owned()),
                (RsaPkcs1Sha384, "dgst -sha384".to_owned()),
                (RsaPkcs1Sha512, "dgst -sha512".to_owned()),
                (RsaPssSha256, format!("dgst -sha256 {pss}")),
                (RsaPssSha384, format!("dgst -sha384 {pss}")),
                (RsaPssSha512, format!("dgst -sha512 {pss}")),
            ],
        ),
        (
            "RSA-PSS -pkeyopt rsa_keygen_bits:2048",
            &[(RsaPssSha256, format!("dgst -sha256 {pss}"))],
        ),
        (
            "RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha512 \
             -pkeyopt rsa_pss_keygen_mgf1_md:sha512 -pkeyopt rsa_pss_keygen_saltlen:64",
            &[(RsaPssSha512, format!("dgst -sha512 {pss}"))],
        ),
    ];
    for (kind, signatures) in cases {
        if run(at, "openssl", &format!("genpkey -algorithm {kind} -out key.pem")).is_none() {
            return;
        }
        run(at, "openssl", "pkey -in key.pem -pubout -out public.pem");
        let public = fs::read(at.join("public.pem")).unwrap();
        let der = run(at, "openssl", "pkey -in key.pem -pubout -outform DER").unwrap();
        assert!(matches!(
            key::parse_keys(&fs::read(at.join("key.pem")).unwrap(), None),
            Err(KeyError::Secret { .. })
        ));
        let private = run(at, "openssl", "pkey -in key.pem -outform DER").unwrap();
        assert!(
            matches!(key::parse_keys(&private, None), Err(KeyError::Secret { .. })),
            "{kind}"
        );
        for (algorithm, command) in signatures {
            let command = match command.strip_prefix("dgst ") {
                Some(rest) => format!("dgst {rest} -sign key.pem -out signature message"),
                None => format!("{command} -inkey key.pem -out signature"),
            };
            run(at, "openssl", &command);
            let signature = fs::read(at.join("signature")).unwrap();
            let key = key::parse_keys(&public, Some(*algorithm)).unwrap().remove(0).key;
            assert_eq!(
                key.verify(MESSAGE, &signature, EcdsaForm::Der),
                Ok(()),
                "{kind} {algorithm}"
            );
            assert!(key.verify(b"other", &signature, EcdsaForm::Der).is_err());
            assert_eq!(key::parse_keys(&der, Some(*algorithm)).unwrap()[0].key, key);
            if !kind.starts_with("RSA-PSS") {
                assert_eq!(
                    key.spki_der(),
                    der,
                    "the fingerprint is the one that OpenSSL users compute"
                );
            }
            if algorithm.is_rsa() {
                for other in KeyAlgorithm::ALL
                    .into_iter()
                    .filter(|other| other.is_rsa() && other != algorithm)
                {
                    let Ok(bound) = key.bound_to(other) else {
                        panic!("{other}")
                    };
                    assert!(
                        bound.verify(MESSAGE, &signature, EcdsaForm::Der).is_err(),
                        "{algorithm} as {other}"
                    );
                }
                let hash = match algorithm {
                    RsaPkcs1Sha256 | RsaPssSha256 => Algorithm::Sha256,
                    RsaPkcs1Sha384 | RsaPssSha384 => Algorithm::Sha384,
                    _ => Algorithm::Sha512,
                };
                let digest = hash.of(MESSAGE);
                assert_eq!(
                    key.verify_digest(digest.as_bytes(), &signature, EcdsaForm::Der),
                    Ok(())
                );
                assert!(
                    key.verify_digest(&digest.as_bytes()[1..], &signature, EcdsaForm::Der)
                        .is_err()
                );
            }
        }
    }
}

#[test]
fn we_sign_and_openssl_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("message"), MESSAGE).unwrap();
    let (edwards, p256) = (
        SigningKey::generate().unwrap(),
        EcdsaSigningKey::generate().unwrap(),
    );
    let cases = [
        (edwards.public(), edwards.sign(MESSAGE).to_vec(), "-rawin"),
        (p256.public(), p256.sign(MESSAGE), "-rawin -digest sha256"),
    ];
    for (public, signature, how) in cases {
        fs::write(at.join("public.der"), public.spki_der()).unwrap();
        fs::write(at.join("signature"), signature).unwrap();
        let verify = format!(
            "pkeyutl -verify -pubin -keyform DER -inkey public.der {how} -in message -sigfile signature"
        );
        run(at, "openssl", &verify);
    }
}

#[test]
fn ssh_keygen_writes_and_we_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (kind, algorithm) in [
        ("ed25519", KeyAlgorithm::Ed25519),
        ("ecdsa -b 256", KeyAlgorithm::Es256),
        ("ecdsa -b 384", KeyAlgorithm::Es384),
        ("rsa -b 2048", KeyAlgorithm::RsaPkcs1Sha256),
    ] {
        let name = kind.replace(' ', "");
        let Some(_) = run(
            at,
            "ssh-keygen",
            &format!("-q -t {kind} -N  -C reviewer -f {name}"),
        ) else {
            return;
        };
        let read = |bytes: &[u8]| key::parse_keys(bytes, None).unwrap().remove(0);
        let line = fs::read(at.join(format!("{name}.pub"))).unwrap();
        let found = read(&line);
        assert_eq!(
            (found.key.algorithm(), found.comment.as_deref()),
            (algorithm, Some("reviewer"))
        );
        if name != "ed25519" {
            let as_pem = run(at, "ssh-keygen", &format!("-e -m PKCS8 -f {name}.pub")).unwrap();
            assert_eq!(read(&as_pem).key, found.key);
        }
        let private = fs::read(at.join(&name)).unwrap();
        assert!(matches!(
            key::parse_keys(&private, None),
            Err(KeyError::Secret { .. })
        ));
    }
}

#[test]
fn minisign_writes_and_we_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    if run(at, "minisign", "-G -W -f -p public -s secret").is_none() {
        return;
    }
    let found = key::parse_keys(&fs::read(at.join("public")).unwrap(), None)
        .unwrap()
        .remove(0);
    let kid = found.kid.unwrap();
    assert!(
        found.comment.is_some_and(|comment| comment.ends_with(&kid)),
        "{kid}"
    );
    let secret = key::parse_keys(&fs::read(at.join("secret")).unwrap(), None);
    assert!(matches!(secret, Err(KeyError::Secret { .. })), "{secret:?}");
}

#[test]
fn age_opens_what_we_seal_and_seals_what_we_open() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    if run(at, "age-keygen", "-o identity").is_none() {
        return;
    }
    let theirs = Identity::parse(&Secret::new(fs::read_to_string(at.join("identity")).unwrap())).unwrap();
    let public = run(at, "age-keygen", "-y identity").unwrap();
    let recipient: Recipient = String::from_utf8(public).unwrap().parse().unwrap();
    assert_eq!(recipient, theirs.recipient());

    fs::write(
        at.join("sealed"),
        sealed::seal_to(MESSAGE, std::slice::from_ref(&recipient)).unwrap(),
    )
    .unwrap();
    assert_eq!(run(at, "age", "-d -i identity sealed").unwrap(), MESSAGE);

    fs::write(at.join("plain"), MESSAGE).unwrap();
    let opener = Opener::Identity(theirs);
    for armor in ["", "-a "] {
        let sealed = run(at, "age", &format!("-e {armor}-r {recipient} plain")).unwrap();
        assert_eq!(sealed::open(&sealed, &opener).unwrap().expose(), MESSAGE);
    }
}
