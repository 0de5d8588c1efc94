//! `vault`: create, open, check, back up, restore; the slots that open it.

use std::path::Path;

use serde_json::json;
use tickmark_workbench::contract::session::{CreateVault, SessionView, WriteEngagement};
use tickmark_workbench::error::Code;
use tickmark_workbench::vaults::{self, SlotRow, VaultCheck, VaultSummary};
use tickmark_workbench::{Answer, Error};

use super::session::bench;
use super::{AGAINST, DONE};
use crate::arguments::{Slots, Vault, VaultSecret};
use crate::output::Door;
use crate::secret;
use crate::text::{bullets, hanging, moment, number, pairs, table, visible};

/// Runs a verb of a vault.
///
/// # Errors
/// As the workbench says.
pub fn run(typed: Vault, door: &Door) -> Answer<u8> {
    match typed {
        Vault::Create {
            dir,
            reviewer,
            engagement_title,
            passphrase_file,
        } => create(&dir, reviewer, engagement_title, passphrase_file.as_deref(), door),
        Vault::Open { dir, secret } => {
            let summary = bench().vault_summary(&dir, &passphrase(&secret)?)?;
            door.result("tickmark.vault-summary/1", &summary, summary_in_words);
            Ok(DONE)
        }
        Vault::Check { dir, secret } => check(&dir, &secret, door),
        Vault::Backup { dir, to, secret } => {
            bench().vault_backup(&dir, &passphrase(&secret)?, &to)?;
            say_copied(&dir, &to, "The copy was opened and checked", door);
            Ok(DONE)
        }
        Vault::Restore { from, dir, secret } => {
            vaults::restore(&from, &passphrase(&secret)?, &dir)?;
            say_copied(&from, &dir, "The vault was opened and checked", door);
            Ok(DONE)
        }
        Vault::Slots { verb: Some(verb), .. } => slots(verb, door),
        Vault::Slots {
            dir: Some(dir),
            verb: None,
        } => slots(Slots::List { dir }, door),
        Vault::Slots {
            dir: None,
            verb: None,
        } => Err(Error::invalid("The vault's folder is missing.")),
    }
}

fn create(dir: &Path, reviewer: String, title: String, passphrase: Option<&Path>, door: &Door) -> Answer<u8> {
    let request = CreateVault {
        path: dir.display().to_string(),
        passphrase: secret::new_passphrase(passphrase)?,
        reviewer,
        engagement: Some(WriteEngagement {
            title,
            addressee: String::new(),
            scope: String::new(),
            period_from: None,
            period_to: None,
            classification: "restricted".into(),
        }),
    };
    let created = bench().vault_create(request)?;
    door.result("tickmark.session/1", &created, created_in_words);
    Ok(DONE)
}

fn created_in_words(session: &SessionView) -> String {
    let Some(vault) = &session.vault else {
        return "The vault is created.".into();
    };
    let engagement = vault
        .engagement
        .as_ref()
        .map(|e| e.title.clone())
        .unwrap_or_default();
    let rows = pairs(&[
        ("Folder", vault.path.clone()),
        ("Vault", vault.id.clone()),
        ("Reviewer", vault.reviewer.clone().unwrap_or_default()),
        ("Signs with", vault.reviewer_key.clone().unwrap_or_default()),
        ("Engagement", engagement),
    ]);
    let next = hanging(
        "",
        "Nobody can open it without the passphrase. Keep the passphrase where you keep such things, or add a second way in \
         with `tickmark vault slots`.",
    );
    format!("The vault is created.\n{rows}\n{next}")
}

fn check(dir: &Path, secret: &VaultSecret, door: &Door) -> Answer<u8> {
    let checked = match bench().vault_check(dir, &passphrase(secret)?) {
        Ok(checked) => checked,
        Err(error) if error.code() == Code::Damaged => {
            door.error(&error);
            return Ok(AGAINST);
        }
        Err(error) => return Err(error),
    };
    door.result("tickmark.vault-check/1", &checked, checked_in_words);
    Ok(if checked.sound { DONE } else { AGAINST })
}

fn checked_in_words(checked: &VaultCheck) -> String {
    hanging("", &checked.sentence) + &bullets(&checked.findings)
}

fn say_copied(from: &Path, to: &Path, checked: &str, door: &Door) {
    let (from, to) = (from.display().to_string(), to.display().to_string());
    door.result(
        "tickmark.vault-copy/1",
        &json!({ "from": from, "to": to }),
        |_| format!("{} is written from {}. {checked}.", visible(&to), visible(&from)),
    );
}

fn slots(typed: Slots, door: &Door) -> Answer<u8> {
    let bench = bench();
    let slots = match typed {
        Slots::List { dir } => bench.slots(&dir)?,
        Slots::AddPassphrase {
            dir,
            label,
            new_passphrase_file,
            secret,
        } => {
            let passphrase = passphrase(&secret)?;
            let new = secret::further_passphrase(new_passphrase_file.as_deref())?;
            bench.slot_add_passphrase(&dir, &passphrase, &label, &new)?
        }
        Slots::AddRecipient {
            dir,
            recipient,
            label,
            secret,
        } => bench.slot_add_recipient(&dir, &passphrase(&secret)?, &label, &recipient)?,
        Slots::Remove { dir, slot, secret } => bench.slot_remove(&dir, &passphrase(&secret)?, &slot)?,
    };
    door.result("tickmark.slots/1", &json!({ "slots": slots }), |_| {
        slots_in_words(&slots)
    });
    Ok(DONE)
}

fn passphrase(secret: &VaultSecret) -> Answer<String> {
    secret::passphrase(secret.passphrase_file.as_deref())
}

fn summary_in_words(summary: &VaultSummary) -> String {
    let Some(vault) = &summary.session.vault else {
        return "The vault is open.".into();
    };
    let writing = match (&vault.held_by, vault.read_only) {
        (Some(why), true) => format!("no: {why}"),
        (None, true) => "no".into(),
        (_, false) => "yes".into(),
    };
    let rows = pairs(&[
        ("Folder", vault.path.clone()),
        ("Vault", vault.id.clone()),
        ("Can be written", writing),
        (
            "Reviewer",
            vault
                .reviewer
                .clone()
                .unwrap_or_else(|| "nobody is signed in".into()),
        ),
        (
            "Engagement",
            vault
                .engagement
                .as_ref()
                .map(|e| e.title.clone())
                .unwrap_or_default(),
        ),
        ("Bundles", number(summary.bundles)),
        ("Records", number(summary.records)),
        ("Custody events", number(vault.custody_seq)),
        ("Custody head", summary.custody_head.clone()),
    ]);
    format!("The passphrase opens the vault {}.\n{rows}", visible(&vault.name))
}

fn slots_in_words(slots: &[SlotRow]) -> String {
    let row = |slot: &SlotRow| {
        let recipient = slot.recipient.clone().unwrap_or_default();
        vec![
            slot.id.clone(),
            slot.kind.clone(),
            slot.label.clone(),
            moment(&slot.created),
            recipient,
        ]
    };
    let rows: Vec<_> = slots.iter().map(row).collect();
    table(
        &["Slot", "Kind", "Label", "Made", "Recipient"],
        &rows,
        "No slot opens this vault.",
    )
}
