//! Text and bytes that are wiped when dropped and that cannot be printed.

use zeroize::Zeroizing;

/// A secret text: a passphrase, a shared secret, an identity.
///
/// It has no `Debug`, `Display`, `Clone` or `Serialize`; its memory is wiped when it is dropped. What it holds is reached by
/// one greppable word: `expose`.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of a text, so that the caller keeps no copy.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Shows the secret to the code that has to use it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        std::mem::take(&mut *self.0).into_bytes()
    }

    /// Says whether the text has no characters at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Secret bytes: a data key, a signing seed, the plain content of a sealed file.
///
/// The same rules as for [`Secret`].
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes ownership of bytes, so that the caller keeps no copy.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Shows the bytes to the code that has to use them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The number of bytes, which is not a secret.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Says whether there are no bytes at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compiles only while neither type implements the trait: a second impl would make the choice ambiguous.
    macro_rules! never {
        ($kind:ty: $bound:path) => {{
            trait Ambiguous<A> {
                fn chosen() {}
            }
            struct Taken;
            impl<T: ?Sized> Ambiguous<()> for T {}
            impl<T: ?Sized + $bound> Ambiguous<Taken> for T {}
            <$kind as Ambiguous<_>>::chosen();
        }};
    }

    #[test]
    fn secrets_cannot_be_printed_or_copied() {
        never!(Secret: std::fmt::Debug);
        never!(Secret: std::fmt::Display);
        never!(Secret: Clone);
        never!(Secret: serde::Serialize);
        never!(SecretBytes: std::fmt::Debug);
        never!(SecretBytes: Clone);
        never!(SecretBytes: serde::Serialize);
        never!(crate::signing::SigningKey: std::fmt::Debug);
        never!(crate::signing::EcdsaSigningKey: std::fmt::Debug);
        never!(crate::sealed::Identity: std::fmt::Debug);
        never!(crate::sealed::Opener: std::fmt::Debug);
    }

    #[test]
    fn what_goes_in_is_exposed() {
        assert_eq!(Secret::new("a b".to_owned()).expose(), "a b");
        assert!(Secret::new(String::new()).is_empty());
        assert_eq!(SecretBytes::new(vec![1, 2]).expose(), [1, 2]);
        assert_eq!(SecretBytes::new(vec![1, 2]).len(), 2);
        assert!(SecretBytes::new(Vec::new()).is_empty());
    }
}
