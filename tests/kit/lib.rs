//! The test kit: bundles, tampering, temporary vaults.
