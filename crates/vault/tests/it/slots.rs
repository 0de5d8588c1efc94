use std::fs;

use tickmark_crypto::sealed::{Identity, Opener};
use tickmark_vault::descriptor::SlotKind;
use tickmark_vault::id::SlotId;
use tickmark_vault::{Vault, VaultError};

use crate::kit::{PASSPHRASE, WORK_FACTOR, at, go_on, kit, passphrase, secret};

fn sound(vault: &Vault) -> bool {
    vault.check(&mut |_, _| go_on(0)).unwrap().is_sound()
}

#[test]
fn every_slot_opens_the_same_vault() {
    let kit = kit();
    let identity = Identity::generate();
    kit.vault
        .add_passphrase_slot(&kit.signer, "Deputy", &secret("deputy"), WORK_FACTOR, at(1))
        .unwrap();
    kit.vault
        .add_recipient_slot(
            &kit.signer,
            "Recovery key in the safe",
            &identity.recipient(),
            at(2),
        )
        .unwrap();
    let slots = kit.vault.slots().unwrap();
    let kinds: Vec<_> = slots
        .iter()
        .map(|slot| (slot.kind, slot.label.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            (SlotKind::Passphrase, "Passphrase"),
            (SlotKind::Passphrase, "Deputy"),
            (SlotKind::Recipient, "Recovery key in the safe"),
        ]
    );
    assert_eq!(
        slots[2].recipient.as_deref(),
        Some(identity.recipient().to_string().as_str())
    );
    assert!(sound(&kit.vault));
    kit.vault.lock();
    for opener in [
        passphrase(PASSPHRASE),
        passphrase("deputy"),
        Opener::Identity(identity),
    ] {
        let vault = Vault::open(&kit.path(), &opener).unwrap();
        assert_eq!(vault.id(), kit.vault.id());
    }
    let wrong = Vault::open(&kit.path(), &passphrase("guess"));
    assert!(matches!(wrong.err(), Some(VaultError::WrongSecret { tried: 2 })));
}

#[test]
fn a_removed_slot_opens_nothing_and_the_last_one_stays() {
    let kit = kit();
    let first = SlotId::from(kit.vault.slots().unwrap().remove(0).id);
    let refused = kit.vault.remove_slot(&kit.signer, &first, at(1));
    assert!(matches!(refused, Err(VaultError::LastSlot)));
    let id = kit
        .vault
        .add_passphrase_slot(&kit.signer, "Deputy", &secret("deputy"), WORK_FACTOR, at(1))
        .unwrap();
    kit.vault.remove_slot(&kit.signer, &first, at(2)).unwrap();
    assert!(matches!(
        kit.vault.remove_slot(&kit.signer, &id, at(3)),
        Err(VaultError::LastSlot)
    ));
    assert!(matches!(
        kit.vault.remove_slot(&kit.signer, &first, at(3)),
        Err(VaultError::NotFound { .. })
    ));
    assert!(sound(&kit.vault));
    kit.vault.lock();
    assert_eq!(fs::read_dir(kit.path().join("keys")).unwrap().count(), 1);
    assert!(Vault::open(&kit.path(), &passphrase(PASSPHRASE)).is_err());
    Vault::open(&kit.path(), &passphrase("deputy")).unwrap();
}

#[test]
fn changing_a_passphrase_rewrites_one_slot_and_nothing_else() {
    let kit = kit();
    kit.vault
        .add_passphrase_slot(&kit.signer, "Deputy", &secret("deputy"), WORK_FACTOR, at(1))
        .unwrap();
    let slots = kit.vault.slots().unwrap();
    let other = fs::read(kit.path().join(format!("keys/{}.age", slots[1].id))).unwrap();
    let id = SlotId::from(slots[0].id.clone());
    let change = |old: &str, new: &str| {
        kit.vault
            .change_passphrase(&kit.signer, &id, &secret(old), &secret(new), WORK_FACTOR, at(2))
    };
    // another slot's passphrase does not entitle to this one
    for wrong in ["guess", "deputy"] {
        assert!(matches!(
            change(wrong, "new"),
            Err(VaultError::WrongSecret { .. })
        ));
    }
    // a second name for the old file keeps the old content: the new one is another file, renamed into place
    let path = kit.path().join(format!("keys/{}.age", slots[0].id));
    let aside = kit.dir.path().join("aside");
    fs::hard_link(&path, &aside).unwrap();
    let before = fs::read(&path).unwrap();
    change(PASSPHRASE, "new").unwrap();
    assert_eq!(fs::read(&aside).unwrap(), before);
    assert_ne!(fs::read(&path).unwrap(), before);
    assert_eq!(
        fs::read(kit.path().join(format!("keys/{}.age", slots[1].id))).unwrap(),
        other
    );
    assert!(sound(&kit.vault));
    kit.vault.lock();
    assert!(Vault::open(&kit.path(), &passphrase(PASSPHRASE)).is_err());
    Vault::open(&kit.path(), &passphrase("new")).unwrap();
}

#[test]
fn a_slot_that_no_event_knows_is_found() {
    let kit = kit();
    let descriptor = kit.path().join("vault.json");
    let mut json: serde_json::Value = serde_json::from_slice(&fs::read(&descriptor).unwrap()).unwrap();
    let slot = json["slots"][0].clone();
    let id = slot["id"].as_str().unwrap();
    fs::copy(
        kit.path().join(format!("keys/{id}.age")),
        kit.path().join("keys/backdoor.age"),
    )
    .unwrap();
    json["slots"]
        .as_array_mut()
        .unwrap()
        .push(serde_json::json!({ "id": "backdoor", "kind": "passphrase",
        "label": "x", "recipient": null, "created": slot["created"] }));
    fs::write(&descriptor, json.to_string()).unwrap();
    let health = kit.vault.check(&mut |_, _| go_on(0)).unwrap();
    let pieces = health.checks.iter().find(|check| check.id == "pieces").unwrap();
    assert!(
        pieces.faults.iter().any(|fault| fault.contains("backdoor")),
        "{pieces:?}"
    );
}

#[test]
fn a_reviewers_secret_is_not_the_vaults() {
    let kit = kit();
    let id = kit.signer.reviewer().clone();
    let wrong = kit.vault.unlock_signer(&id, &secret(PASSPHRASE));
    assert!(matches!(wrong.err(), Some(VaultError::WrongSecret { .. })));
    kit.vault
        .change_signer_secret(&kit.signer, &secret("newer"), WORK_FACTOR, at(1))
        .unwrap();
    let old = kit.vault.unlock_signer(&id, &secret(crate::kit::REVIEWER_SECRET));
    assert!(matches!(old.err(), Some(VaultError::WrongSecret { .. })));
    let again = kit.vault.unlock_signer(&id, &secret("newer")).unwrap();
    assert_eq!(again.fingerprint(), kit.signer.fingerprint());
    // another reviewer's file under this name is not this reviewer
    let ben = kit
        .vault
        .add_reviewer(&kit.signer, "Ben", &[], &secret("newer"), WORK_FACTOR, at(2))
        .unwrap();
    let signers = kit.path().join("signers");
    fs::copy(
        signers.join(format!("{ben}.age")),
        signers.join(format!("{id}.age")),
    )
    .unwrap();
    let swapped = kit.vault.unlock_signer(&id, &secret("newer"));
    assert!(matches!(swapped.err(), Some(VaultError::Damaged { .. })));
}
