//! Keeping a vault well: check, backup, restore, and who can open it.

use std::ops::ControlFlow;
use std::path::Path;

use serde::Serialize;
use tickmark_crypto::sealed::{Opener, Recipient};
use tickmark_crypto::secret::Secret;
use tickmark_vault::descriptor::Slot;
use tickmark_vault::{Signer, Vault};

use crate::contract::command::Nothing;
use crate::contract::session::{OpenVault, SessionView};
use crate::desk::{Desk, Workbench};
use crate::error::{Answer, Error};

/// `tickmark vault open --json`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VaultSummary {
    /// Always `tickmark.vault-summary/1`.
    pub schema: &'static str,
    /// What is open.
    pub session: SessionView,
    /// Bundles in the vault.
    pub bundles: u64,
    /// Records in the vault.
    pub records: u64,
    /// Hash of the last custody event.
    pub custody_head: String,
}

/// `tickmark vault check --json`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VaultCheck {
    /// Always `tickmark.vault-check/1`.
    pub schema: &'static str,
    /// Whether nothing is wrong.
    pub sound: bool,
    /// What was asked, and what is wrong.
    pub findings: Vec<String>,
    /// In words.
    pub sentence: String,
}

/// Who can open a vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlotRow {
    /// Its id.
    pub id: String,
    /// `passphrase` or `recipient`.
    pub kind: String,
    /// Its label.
    pub label: String,
    /// The age recipient, where it is one.
    pub recipient: Option<String>,
    /// When it was made.
    pub created: String,
}

/// Makes a vault from a backup. Nothing is overwritten.
///
/// # Errors
/// As opening; `invalid_input` when something is at the place already.
pub fn restore(from: &Path, passphrase: &str, to: &Path) -> Answer<()> {
    Vault::restore(from, to, &opener(passphrase))?.lock();
    Ok(())
}

impl Workbench {
    /// Opens a vault and sums it up.
    ///
    /// # Errors
    /// As [`Workbench::vault_open`].
    pub fn vault_summary(&self, path: &Path, passphrase: &str) -> Answer<VaultSummary> {
        let session = self.vault_open(OpenVault {
            path: path.display().to_string(),
            passphrase: passphrase.to_owned(),
        })?;
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        let bundles = view.bundles().list()?;
        Ok(VaultSummary {
            schema: "tickmark.vault-summary/1",
            session,
            bundles: bundles.len() as u64,
            records: bundles.iter().map(|bundle| bundle.records).sum(),
            custody_head: view
                .custody()
                .last()?
                .map_or_else(String::new, |event| event.hash),
        })
    }

    /// Checks every page, every stored digest and the custody chain.
    ///
    /// # Errors
    /// When the vault cannot be opened.
    pub fn vault_check(&self, path: &Path, passphrase: &str) -> Answer<VaultCheck> {
        let vault = Vault::open_read_only(path, &opener(passphrase))?;
        let health = vault.check(&mut |_, _| ControlFlow::Continue(()))?;
        vault.lock();
        let mut findings = Vec::new();
        for check in &health.checks {
            if check.faults.is_empty() {
                findings.push(format!("pass  {} ({} looked at)", check.title, check.looked_at));
            }
            findings.extend(
                check
                    .faults
                    .iter()
                    .map(|fault| format!("fail  {}: {fault}", check.title)),
            );
        }
        let sound = health.is_sound();
        let sentence = if sound {
            "The vault is sound: every page, stored byte and custody event is as it was written."
        } else {
            "Something in the vault is not as it was written."
        };
        Ok(VaultCheck {
            schema: "tickmark.vault-check/1",
            sound,
            findings,
            sentence: sentence.to_owned(),
        })
    }

    /// Copies the vault, and checks the copy before saying so.
    ///
    /// # Errors
    /// As opening; `disk_full`.
    pub fn vault_backup(&self, path: &Path, passphrase: &str, to: &Path) -> Answer<()> {
        let desk = self.seat(path, passphrase)?;
        desk.vault.backup(signer(&desk)?, to, self.now(), &mut |_, _| {
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    /// Who can open a vault. Needs no secret.
    ///
    /// # Errors
    /// `not_a_vault`.
    pub fn slots(&self, path: &Path) -> Answer<Vec<SlotRow>> {
        Ok(Vault::slots_at(path)?.iter().map(row).collect())
    }

    /// Adds a passphrase.
    ///
    /// # Errors
    /// As opening.
    pub fn slot_add_passphrase(
        &self,
        path: &Path,
        passphrase: &str,
        label: &str,
        new: &str,
    ) -> Answer<Vec<SlotRow>> {
        let desk = self.seat(path, passphrase)?;
        let new = Secret::new(new.to_owned());
        desk.vault.add_passphrase_slot(
            signer(&desk)?,
            label,
            &new,
            self.ports().work_factor(),
            self.now(),
        )?;
        self.slots(path)
    }

    /// Adds an age recipient.
    ///
    /// # Errors
    /// As opening; `invalid_input` when it is none.
    pub fn slot_add_recipient(
        &self,
        path: &Path,
        passphrase: &str,
        label: &str,
        recipient: &str,
    ) -> Answer<Vec<SlotRow>> {
        let recipient: Recipient = recipient.trim().parse().map_err(|_| {
            Error::invalid(format!("“{recipient}” is no age recipient.")).hint("It begins with age1.")
        })?;
        let desk = self.seat(path, passphrase)?;
        desk.vault
            .add_recipient_slot(signer(&desk)?, label, &recipient, self.now())?;
        self.slots(path)
    }

    /// Removes a slot; the last one stays.
    ///
    /// # Errors
    /// As opening; `not_found`; `invalid_input` for the last one.
    pub fn slot_remove(&self, path: &Path, passphrase: &str, slot: &str) -> Answer<Vec<SlotRow>> {
        let desk = self.seat(path, passphrase)?;
        desk.vault.remove_slot(signer(&desk)?, &slot.into(), self.now())?;
        self.slots(path)
    }

    fn seat(&self, path: &Path, passphrase: &str) -> Answer<Desk> {
        self.vault_open(OpenVault {
            path: path.display().to_string(),
            passphrase: passphrase.to_owned(),
        })?;
        self.session(Nothing {})?;
        self.desk()
    }
}

fn signer(desk: &Desk) -> Answer<&Signer> {
    desk.signer()
}

fn opener(passphrase: &str) -> Opener {
    Opener::Passphrase(Secret::new(passphrase.to_owned()))
}

fn row(slot: &Slot) -> SlotRow {
    SlotRow {
        id: slot.id.clone(),
        kind: crate::finding::word(&slot.kind),
        label: slot.label.clone(),
        recipient: slot.recipient.clone(),
        created: slot.created.clone(),
    }
}
