//! Bytes to values and back: JSON as evidence, canonical forms, containers. No clock, no randomness, no hashing.
