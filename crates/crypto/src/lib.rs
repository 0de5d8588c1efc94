//! Mathematics under our names: digests, signatures, keys, trees, secrets. The only crate that names hash and signature crates.
