//! What one strict Ed25519 verification costs on one core, in nanoseconds: `cargo run --release -p tickmark-crypto
//! --example strict_verification`. `cargo xtask bench` holds the time for a signed trail against it.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signature::EcdsaForm;
use tickmark_crypto::signing::SigningKey;

const ROUNDS: usize = 5;
const VERIFICATIONS: usize = 4_000;

fn main() -> Result<(), Box<dyn Error>> {
    let key = SigningKey::from_seed(&SecretBytes::new(vec![7; 32]))?;
    // as long as what a record signs in the trail that is measured
    let messages: Vec<Vec<u8>> = (0..64_u8).map(|byte| vec![byte; 480]).collect();
    let signed: Vec<_> = messages
        .iter()
        .map(|message| (message, key.sign(message)))
        .collect();
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for (message, signature) in signed.iter().cycle().take(VERIFICATIONS) {
            key.public()
                .verify(black_box(message), black_box(signature), EcdsaForm::P1363)?;
        }
        rounds.push(start.elapsed().as_nanos() / VERIFICATIONS as u128);
    }
    rounds.sort_unstable();
    println!("{}", rounds.get(ROUNDS / 2).copied().unwrap_or_default());
    Ok(())
}
