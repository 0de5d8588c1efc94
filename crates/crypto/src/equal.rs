//! Comparison that takes the same time wherever two values differ.

use subtle::ConstantTimeEq;

/// Compares two byte strings in time that depends on their lengths only.
///
/// Use it wherever one side is secret: HMAC tags, tokens, data keys. Different lengths are unequal at once; a length is
/// not a secret.
#[must_use]
pub fn constant_time(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::constant_time;

    #[test]
    fn equal_means_every_byte() {
        assert!(constant_time(b"", b""));
        assert!(constant_time(b"abc", b"abc"));
        assert!(!constant_time(b"abc", b"abd"));
        assert!(!constant_time(b"abc", b"bbc"));
        assert!(!constant_time(b"abc", b"abcd"));
    }
}
