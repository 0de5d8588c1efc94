//! `pseudonym_key`: the key of an engagement's pseudonyms. It is made with the engagement and travels in its package.

use rusqlite::{Connection, OptionalExtension};
use tickmark_crypto::secret::SecretBytes;
use zeroize::Zeroizing;

use crate::error::{VaultError, sql};
use crate::id::EngagementId;
use crate::txn::{Txn, int};

/// The key of an engagement's pseudonyms: 32 random bytes for HMAC-SHA-256.
///
/// # Errors
/// `NotFound` when the engagement is unknown or its key was destroyed.
pub(crate) fn get(connection: &Connection, engagement: &EngagementId) -> Result<SecretBytes, VaultError> {
    let key: Option<Vec<u8>> = connection
        .query_row(
            "SELECT key FROM pseudonym_key WHERE engagement = ?1",
            [engagement],
            |row| row.get(0),
        )
        .optional()
        .map_err(sql("reading a pseudonym key"))?;
    let key = key.ok_or_else(|| VaultError::NotFound {
        what: "pseudonym key of",
        id: engagement.to_string(),
    })?;
    Ok(SecretBytes::new(key))
}

/// Makes the key of a new engagement.
pub(crate) fn create(txn: &Txn<'_>, engagement: &EngagementId) -> Result<(), VaultError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    tickmark_crypto::random::fill(&mut key[..]).map_err(|error| VaultError::Key {
        found: error.to_string(),
    })?;
    txn.connection()
        .execute(
            "INSERT INTO pseudonym_key (engagement, key, event) VALUES (?1, ?2, ?3)",
            rusqlite::params![engagement, &key[..], int(txn.custody_seq())?],
        )
        .map_err(sql("writing a pseudonym key"))?;
    Ok(())
}
