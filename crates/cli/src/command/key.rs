//! `key`: show, pin, list, view, withdraw.

use std::path::Path;

use serde_json::json;
use tickmark_workbench::contract::command::{ById, Nothing};
use tickmark_workbench::contract::trust::{
    KeyEdge, KeyRead, PinKey, PinnedKeyView, QrPicture, ReadKey, WithdrawKey,
};
use tickmark_workbench::error::Code;
use tickmark_workbench::received::small_file;
use tickmark_workbench::{Answer, Error, trust};

use super::DONE;
use super::session::Session;
use crate::arguments::Key;
use crate::output::Door;
use crate::text::{bullets, grouped, moment, number, pairs, table, visible};

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
        Key::Show { file, algorithm } => {
            let text = text_of(&file)?;
            let read = trust::read_key(&ReadKey { text, algorithm })?;
            door.result("tickmark.key-read/1", &read, shown);
        }
        Key::View { vault, key } => {
            let session = Session::of(&vault, door)?;
            let bench = &session.bench;
            let keys = bench.key_list(Nothing {})?;
            let found = keys.into_iter().find(|known| known.id == key);
            let Some(found) = found else {
                return Err(
                    Error::new(Code::NotFound, format!("There is no key “{}”.", visible(&key)))
                        .hint("`tickmark key list` lists them."),
                );
            };
            let picture = bench.key_picture(ById { id: key }).ok();
            door.result("tickmark.key/1", &found, |key| view(key, picture.as_ref()));
        }
        Key::Pin {
            vault,
            file,
            owner,
            confirmed,
            second_person,
            source,
            replaces,
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
                source,
                valid_from,
                valid_to,
                replaces,
            };
            let session = Session::of(&vault, door)?;
            let bench = &session.bench;
            let key = bench.key_pin(request)?;
            let picture = bench.key_picture(ById { id: key.id.clone() }).ok();
            door.result("tickmark.key/1", &key, |key| pinned(key, picture.as_ref()));
        }
        Key::Withdraw { vault, key, reason } => {
            let request = WithdrawKey { id: key, reason };
            let keys = Session::of(&vault, door)?.bench.key_withdraw(request)?;
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

fn pinned(key: &PinnedKeyView, picture: Option<&QrPicture>) -> String {
    let next = "Bundles that are here already keep their verdict until `tickmark verify-again` judges them with this key.";
    format!(
        "The key of {} is pinned.\n{}{}\n{next}\n",
        visible(&key.owner),
        facts(key),
        drawn(picture)
    )
}

fn view(key: &PinnedKeyView, picture: Option<&QrPicture>) -> String {
    let versions: Vec<String> = key
        .history
        .iter()
        .map(|version| {
            let why = version
                .reason
                .as_deref()
                .map_or(String::new(), |why| format!(": {why}"));
            format!(
                "{}, {} by {}{why}",
                moment(&version.at),
                version.change,
                version.by
            )
        })
        .collect();
    format!(
        "{}\n{}{}\nHistory\n{}",
        visible(&key.owner),
        facts(key),
        drawn(picture),
        bullets(&versions)
    )
}

fn facts(key: &PinnedKeyView) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let edge = |edge: &Option<KeyEdge>| {
        edge.as_ref().map_or_else(String::new, |edge| {
            format!(
                "{} ({}), from {}",
                edge.key,
                grouped(&edge.fingerprint),
                moment(&edge.at)
            )
        })
    };
    let rows = [
        ("Id", key.id.clone()),
        ("Algorithm", key.algorithm.clone()),
        ("Fingerprint", grouped(&key.fingerprint)),
        ("Name in records", text(&key.kid)),
        (
            "For the source",
            key.source.clone().unwrap_or("every source".into()),
        ),
        ("Confirmed", key.confirmed.clone()),
        (
            "Second person",
            key.second_person.clone().unwrap_or("none".into()),
        ),
        (
            "Pinned",
            format!("{} by {}", moment(&key.pinned_at), key.pinned_by),
        ),
        ("From", text(&key.valid_from)),
        ("Until", text(&key.valid_to)),
        ("Takes over from", edge(&key.replaces)),
        ("Replaced by", edge(&key.replaced_by)),
        (
            "Withdrawn",
            key.withdrawn_at.as_deref().map(moment).unwrap_or_default(),
        ),
        ("Why", text(&key.withdrawn_why)),
    ];
    let said: Vec<_> = rows.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    pairs(&said)
}

fn shown(read: &KeyRead) -> String {
    let mut rows = vec![("Algorithm", read.algorithm.clone())];
    if read.fingerprint.is_empty() {
        rows.push(("Fingerprint", "not told: this is a secret".into()));
    } else {
        rows.push(("Fingerprint", grouped(&read.fingerprint)));
    }
    if let Some(kid) = &read.kid {
        rows.push(("Name in the file", kid.clone()));
    }
    format!(
        "{}{}\nCompare it with what the owner tells you by another way, group by group, before you pin it.\n",
        pairs(&rows),
        drawn(read.picture.as_ref())
    )
}

/// A QR picture in half blocks: light modules are drawn, so that it reads on a dark terminal, where the ground is dark.
fn drawn(picture: Option<&QrPicture>) -> String {
    let Some(picture) = picture else {
        return String::new();
    };
    let dark = |row: isize, column: isize| {
        let row = usize::try_from(row).ok().and_then(|row| picture.rows.get(row));
        let column = usize::try_from(column).ok();
        row.zip(column)
            .and_then(|(row, column)| row.as_bytes().get(column))
            .is_some_and(|module| *module == b'1')
    };
    let size = isize::try_from(picture.rows.len()).unwrap_or_default();
    let mut text = String::from("\n");
    for row in (-QUIET..size + QUIET).step_by(2) {
        text.push_str("  ");
        text.extend(
            (-QUIET..size + QUIET).map(|column| match (dark(row, column), dark(row + 1, column)) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            }),
        );
        text.push('\n');
    }
    text
}

/// Light modules around a QR picture (ISO/IEC 18004, 6.3.8).
const QUIET: isize = 4;
const LARGEST_KEY: u64 = 1024 * 1024;
