//! Known answers through every primitive, so that a reviewer can see that this program computes what it should.

use serde::Serialize;
use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::encoding::{hex, unhex};
use tickmark_crypto::key::{KeyAlgorithm, parse_keys};
use tickmark_crypto::sealed;
use tickmark_crypto::secret::{Secret, SecretBytes};
use tickmark_crypto::signature::EcdsaForm;
use tickmark_crypto::signing::{SigningKey, hmac_sha256};

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelftestRow {
    /// What was tried, with its source.
    pub name: String,
    /// `pass` or `fail`.
    pub outcome: String,
    /// What was found.
    pub detail: String,
}

/// Runs every known answer.
pub fn run() -> Vec<SelftestRow> {
    let mut rows = Vec::new();
    for (algorithm, expected) in DIGESTS {
        let found = algorithm.of(b"abc").hex();
        rows.push(row(
            &format!("{algorithm} of “abc”"),
            found.starts_with(expected),
            &found,
        ));
    }
    let tag = hex(&hmac_sha256(b"Jefe", b"what do ya want for nothing?"));
    rows.push(row("HMAC-SHA256 (RFC 4231, case 2)", tag == HMAC, &tag));
    rows.extend(ed25519());
    let canonical = canonical();
    rows.push(row(
        "Canonical JSON (RFC 8785)",
        canonical == CANONICAL,
        &canonical,
    ));
    rows.push(sealed_round());
    rows.extend(sampling());
    match tickmark_verify::profile::shipped() {
        Ok(profiles) => rows.push(row(
            "Shipped profiles",
            true,
            &format!("{} can be read", profiles.len()),
        )),
        Err((id, message)) => rows.push(row("Shipped profiles", false, &format!("{id}: {message}"))),
    }
    rows
}

fn row(name: &str, passes: bool, detail: &str) -> SelftestRow {
    SelftestRow {
        name: name.to_owned(),
        outcome: if passes { "pass" } else { "fail" }.to_owned(),
        detail: detail.to_owned(),
    }
}

/// One good signature, and two that must be refused: another message, and a scalar that is too large.
fn ed25519() -> Vec<SelftestRow> {
    let made = || -> Option<Vec<SelftestRow>> {
        let key = SigningKey::from_seed(&SecretBytes::new(unhex(SEED).ok()?)).ok()?;
        let public = parse_keys(PUBLIC.as_bytes(), Some(KeyAlgorithm::Ed25519))
            .ok()?
            .into_iter()
            .next()?
            .key;
        let signature = key.sign(b"");
        let mut large = unhex(SIGNATURE).ok()?;
        // S + L is the same point and another text
        let (mut carry, order) = (0_u16, unhex(ORDER).ok()?);
        for (byte, add) in large.get_mut(32..)?.iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        let good = public.verify(b"", &signature, EcdsaForm::Der).is_ok();
        let other = public.verify(b"x", &signature, EcdsaForm::Der).is_err();
        let malleable = public.verify(b"", &large, EcdsaForm::Der).is_err();
        Some(vec![
            row(
                "Ed25519 signs and verifies (RFC 8032, test 1)",
                good && hex(&signature) == SIGNATURE,
                &hex(&signature),
            ),
            row("Ed25519 refuses another message", other, ""),
            row("Ed25519 refuses a scalar beyond the order", malleable, ""),
        ])
    };
    made().unwrap_or_else(|| vec![row("Ed25519", false, "the known key cannot be read")])
}

fn canonical() -> String {
    let source =
        br#"{"b":[1e-7,1.0,333333333.33333329],"a":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}"#;
    let limits = tickmark_formats::limits::Limits::default();
    let Ok(value) = tickmark_formats::json::parse(source, &limits) else {
        return String::new();
    };
    let bytes = tickmark_formats::canonical::to_vec(&value, &tickmark_formats::canonical::Dialect::JCS)
        .unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn sealed_round() -> SelftestRow {
    let secret = || Secret::new("selftest".to_owned());
    let opened = sealed::seal_with_passphrase(b"abc", &secret(), 4)
        .ok()
        .and_then(|bytes| sealed::open(&bytes, &sealed::Opener::Passphrase(secret())).ok());
    let passes = opened.is_some_and(|plain| plain.expose() == b"abc");
    row("age seals and opens", passes, "")
}

fn sampling() -> Vec<SelftestRow> {
    let size = |expected: &str| {
        let figures = crate::contract::sampling::PlanSize {
            tolerable: "5%".into(),
            expected: expected.into(),
            confidence: "95%".into(),
            population: None,
        };
        crate::figures::plan(&figures).map_or((0, 0), |p| (p.n, p.acceptable))
    };
    let draw =
        tickmark_sampling::rivest("42", 100, 3).map(|p| p.iter().map(|x| x.position).collect::<Vec<_>>());
    let by_hand: Vec<u64> = (1..=3).map(|i| by_definition("42", 100, i)).collect();
    vec![
        row(
            "Sample size 95 %, 5 %, none expected (AICPA A-1)",
            size("0%") == (59, 0),
            &format!("{:?}", size("0%")),
        ),
        row(
            "Sample size 95 %, 5 %, 1 % expected (AICPA A-1)",
            size("1%") == (93, 1),
            &format!("{:?}", size("1%")),
        ),
        row(
            "Draw agrees with its published definition",
            draw.as_ref() == Ok(&by_hand),
            &format!("{by_hand:?}"),
        ),
    ]
}

/// 1 + SHA-256(seed "," i) mod N, by long division over the digest's bytes.
fn by_definition(seed: &str, population: u64, i: u64) -> u64 {
    let digest = Algorithm::Sha256.of(format!("{seed},{i}").as_bytes());
    1 + digest
        .as_bytes()
        .iter()
        .fold(0, |rest, byte| (rest * 256 + u64::from(*byte)) % population)
}

const DIGESTS: [(Algorithm, &str); 5] = [
    (
        Algorithm::Sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ),
    (
        Algorithm::Sha384,
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163",
    ),
    (
        Algorithm::Sha512,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2",
    ),
    (
        Algorithm::Sha3_256,
        "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    ),
    (
        Algorithm::Blake3,
        "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
    ),
];
const HMAC: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const SIGNATURE: &str = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
const CANONICAL: &str = "{\"a\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"b\":[1e-7,1,333333333.3333333]}";

#[cfg(test)]
mod tests {
    #[test]
    fn every_known_answer_is_met() {
        for row in super::run() {
            assert_eq!(row.outcome, "pass", "{}: {}", row.name, row.detail);
        }
    }
}
