//! Reviewers: their signing keys, and who may act.

use chrono::{DateTime, Utc};
use serde_json::json;
use tickmark_crypto::secret::Secret;

use crate::database::hold;
use crate::descriptor::Descriptor;
use crate::error::VaultError;
use crate::folder::{prepare, read_small, write_atomically};
use crate::id::ReviewerId;
use crate::signer::Signer;
use crate::vault::{Vault, not_acting, signer_entry};

impl Vault {
    /// Unlocks a reviewer's signing keys.
    ///
    /// # Errors
    /// `WrongSecret`, `NotFound`, `Damaged`, or `Refused` when the reviewer may no longer act.
    pub fn unlock_signer(&self, reviewer: &ReviewerId, secret: &Secret) -> Result<Signer, VaultError> {
        let row = self.read(|view| view.reviewers().get(reviewer))?.row;
        if !row.active {
            return Err(not_acting(&row.name));
        }
        let path = self.inner.folder.signer(reviewer.as_str());
        if !path.is_file() {
            let missing = format!("signers/{reviewer}.age");
            return Err(VaultError::Incomplete {
                path: self.path().to_owned(),
                missing,
            });
        }
        Signer::unseal(&read_small(&path)?, secret, &row)
    }

    /// Adds a reviewer, with new signing keys under that reviewer's own secret.
    ///
    /// # Errors
    /// As [`Vault::write`]; `Refused` when an active reviewer has this name.
    pub fn add_reviewer(
        &self,
        signer: &Signer,
        name: &str,
        roles: &[String],
        secret: &Secret,
        work_factor: u8,
        now: DateTime<Utc>,
    ) -> Result<ReviewerId, VaultError> {
        let _pieces = hold(&self.inner.pieces);
        let new = Signer::generate(name)?;
        let row = new.row(roles);
        let sealed = new.seal(secret, work_factor)?;
        let file = prepare(&self.inner.folder.signer(row.id.as_str()), &sealed)?;
        // the file first: a reviewer without a file could not sign, a file without a reviewer harms nobody
        file.commit()?;
        let written = self.write(signer, "reviewer.added", json!({ "reviewer": row }), now, |txn| {
            if txn
                .view()
                .reviewers()
                .list()?
                .iter()
                .any(|other| other.active && other.name == name)
            {
                return Err(VaultError::Refused {
                    what: "name of a reviewer",
                    expected: "another one than the active reviewers have",
                    found: name.to_owned(),
                });
            }
            txn.insert(&row)
        });
        if let Err(error) = written {
            let _ = std::fs::remove_file(self.inner.folder.signer(row.id.as_str()));
            return Err(error);
        }
        let mut descriptor = Descriptor::read(&self.inner.folder)?;
        descriptor.signers.push(signer_entry(&row));
        write_atomically(&self.inner.folder.descriptor(), &descriptor.bytes()?)?;
        Ok(row.id)
    }

    /// Writes a reviewer's next version: other roles, or no longer active. Name and keys stay.
    ///
    /// # Errors
    /// As [`Vault::write`]; `NotFound` when the reviewer is unknown.
    pub fn change_reviewer(
        &self,
        signer: &Signer,
        reviewer: &ReviewerId,
        roles: &[String],
        active: bool,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        let mut row = self.read(|view| view.reviewers().get(reviewer))?.row;
        row.version += 1;
        row.roles = roles.to_vec();
        row.active = active;
        self.write(
            signer,
            "reviewer.changed",
            json!({ "reviewer": row }),
            now,
            |txn| txn.insert(&row),
        )
    }

    /// Seals an unlocked reviewer's keys under another secret.
    ///
    /// # Errors
    /// As [`Vault::write`].
    pub fn change_signer_secret(
        &self,
        signer: &Signer,
        secret: &Secret,
        work_factor: u8,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        let _pieces = hold(&self.inner.pieces);
        let path = self.inner.folder.signer(signer.reviewer().as_str());
        let file = prepare(&path, &signer.seal(secret, work_factor)?)?;
        let subject = json!({ "reviewer_id": signer.reviewer() });
        self.write(signer, "reviewer.secret_changed", subject, now, |_| {
            Ok::<_, VaultError>(())
        })?;
        file.commit()
    }
}
