//! `key`: pin, list, withdraw.

use std::path::Path;

use serde_json::json;
use tickmark_workbench::contract::command::{ById, Nothing};
use tickmark_workbench::contract::trust::{PinKey, PinnedKeyView};
use tickmark_workbench::received::small_file;
use tickmark_workbench::{Answer, Error};

use super::DONE;
use super::session::Session;
use crate::arguments::Key;
use crate::output::Door;
use crate::text::{grouped, moment, number, pairs, table, visible};

/// Runs a verb of keys.
///
/// # Errors
/// As the workbench says.
pub fn run(typed: Key, door: &Door) -> Answer<u8> {
    match typed {
        Key::List(vault) => {
            let keys = Session::of(&vault, door)?.bench.key_list(Nothing {})?;
            say(&keys, door);
        }
        Key::Pin {
            vault,
            file,
            owner,
            confirmed,
            second_person,
            algorithm,
            kid,
            valid_from,
            valid_to,
        } => {
            let text = text_of(&file)?;
            let request = PinKey {
                text,
                algorithm,
                kid,
                owner,
                confirmed,
                second_person,
                valid_from,
                valid_to,
            };
            let key = Session::of(&vault, door)?.bench.key_pin(request)?;
            door.result("tickmark.key/1", &key, pinned);
        }
        Key::Withdraw { vault, key } => {
            let keys = Session::of(&vault, door)?.bench.key_withdraw(ById { id: key })?;
            say(&keys, door);
        }
    }
    Ok(DONE)
}

/// A key file as text; the workbench finds out which spelling it is.
fn text_of(file: &Path) -> Answer<String> {
    let bytes = small_file(file, LARGEST_KEY)?;
    String::from_utf8(bytes).map_err(|_| {
        Error::invalid(format!("{} holds no text.", file.display()))
            .hint("A key in DER is binary: `openssl pkey -pubin -inform DER -in FILE` prints it as PEM.")
    })
}

fn say(keys: &[PinnedKeyView], door: &Door) {
    door.result("tickmark.keys/1", &json!({ "keys": keys }), |_| list(keys));
}

fn list(keys: &[PinnedKeyView]) -> String {
    let row = |k: &PinnedKeyView| {
        let state = k
            .withdrawn_at
            .as_deref()
            .map_or("pinned".into(), |at| format!("withdrawn {}", moment(at)));
        let print: String = k.fingerprint.chars().take(16).collect();
        vec![
            k.id.clone(),
            k.algorithm.clone(),
            grouped(&print),
            k.owner.clone(),
            state,
            number(k.bundles),
        ]
    };
    let rows: Vec<_> = keys.iter().map(row).collect();
    let heads = ["Id", "Algorithm", "Fingerprint", "Owner", "State", "Bundles"];
    table(
        &heads,
        &rows,
        "This vault trusts no key yet. `tickmark key pin` pins one.",
    )
}

fn pinned(key: &PinnedKeyView) -> String {
    let rows = pairs(&[
        ("Id", key.id.clone()),
        ("Algorithm", key.algorithm.clone()),
        ("Fingerprint", grouped(&key.fingerprint)),
        ("Name in records", key.kid.clone().unwrap_or_default()),
        ("Confirmed", key.confirmed.clone()),
        ("Also by", key.second_person.clone().unwrap_or_default()),
        ("From", key.valid_from.clone().unwrap_or_default()),
        ("Until", key.valid_to.clone().unwrap_or_default()),
    ]);
    let next = "Bundles that are here already keep their verdict until `tickmark verify-again` judges them with this key.";
    format!("The key of {} is pinned.\n{rows}\n{next}\n", visible(&key.owner))
}

const LARGEST_KEY: u64 = 1024 * 1024;
