//! Keeps it: the encrypted vault. The only crate that contains SQL.
