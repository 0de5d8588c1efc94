//! `key`: show, pin, list, view, withdraw.

use std::path::Path;

use serde_json::json;
use tickmark_workbench::contract::command::{ById, Nothing};
use tickmark_workbench::contract::trust::{
    KeyEdge, KeyRead, PinKey, PinnedKeyView, QrPicture, ReadKey, SigstoreIdentity, Vouches, WithdrawKey,
};
use tickmark_workbench::error::Code;
use tickmark_workbench::received::small_file;
use tickmark_workbench::{Answer, Error, trust};

use super::DONE;
use super::session::Session;
use crate::arguments::{Key, ToPin, VouchesFor};
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
        Key::Show { what } => match trust::read_keys(&asked(what)?)?.as_slice() {
            [one] => door.result("tickmark.key-read/1", one, shown),
            several => door.result("tickmark.keys-read/1", &json!({ "keys": several }), |_| {
                all_shown(several)
            }),
        },
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
            what,
            vouches_for,
            owner,
            confirmed,
            second_person,
            source,
            replaces,
            kid,
            valid_from,
            valid_to,
        } => {
            let ReadKey {
                text,
                algorithm,
                identity,
            } = asked(what)?;
            let request = PinKey {
                text,
                algorithm,
                identity,
                vouches: vouches_for.map(vouches),
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
            match bench.key_pin(request)?.as_slice() {
                [key] => {
                    let picture = bench.key_picture(ById { id: key.id.clone() }).ok();
                    door.result("tickmark.key/1", key, |key| pinned(key, picture.as_ref()));
                }
                several => {
                    door.result("tickmark.keys/1", &json!({ "keys": several }), |_| {
                        all_pinned(several)
                    });
                }
            }
        }
        Key::Withdraw { vault, key, reason } => {
            let request = WithdrawKey { id: key, reason };
            let keys = Session::of(&vault, door)?.bench.key_withdraw(request)?;
            say(&keys, door);
        }
    }
    Ok(DONE)
}

fn asked(what: ToPin) -> Answer<ReadKey> {
    let identity = what.subject.map(|subject| SigstoreIdentity {
        subject,
        issuer: what.issuer.unwrap_or_default(),
    });
    Ok(ReadKey {
        text: what.file.as_deref().map(text_of).transpose()?.unwrap_or_default(),
        algorithm: what.algorithm,
        identity,
    })
}

fn vouches(typed: VouchesFor) -> Vouches {
    match typed {
        VouchesFor::Time => Vouches::Time,
        VouchesFor::Signatures => Vouches::Signatures,
        VouchesFor::Both => Vouches::Both,
    }
}

/// A key file as text; the workbench finds out which spelling it is.
fn text_of(file: &Path) -> Answer<String> {
    let bytes = small_file(file, LARGEST_KEY)?;
    String::from_utf8(bytes).map_err(|_| {
        Error::invalid(format!("{} holds no text.", file.display()))
            .hint("A key in DER is binary: `openssl pkey -pubin -inform DER -in FILE` prints it as PEM.")
            .hint("So does `openssl x509 -inform DER -in FILE` with a certificate; `gpg --armor --export` writes an OpenPGP key as text.")
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
    format!(
        "The key of {} is pinned.\n{}{}\n{AGAIN}\n",
        visible(&key.owner),
        facts(key),
        drawn(picture)
    )
}

fn all_pinned(keys: &[PinnedKeyView]) -> String {
    let owner = keys.first().map_or("", |key| &key.owner);
    let all: Vec<_> = keys.iter().map(facts).collect();
    format!(
        "{} keys of {} are pinned.\n\n{}\n{AGAIN}\n",
        keys.len(),
        visible(owner),
        all.join("\n")
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
        ("Says of itself", key.says.join("; ")),
        ("Vouches for", key.vouches.map_or(String::new(), vouched)),
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

fn vouched(vouches: Vouches) -> String {
    match vouches {
        Vouches::Both => "time stamps and signatures",
        Vouches::Time => "time stamps",
        Vouches::Signatures => "signatures",
    }
    .to_owned()
}

fn shown(read: &KeyRead) -> String {
    format!("{}\n{COMPARE}\n", read_facts(read))
}

fn all_shown(read: &[KeyRead]) -> String {
    let all: Vec<_> = read.iter().map(read_facts).collect();
    format!(
        "{} keys in one list\n\n{}\n{COMPARE}\n",
        read.len(),
        all.join("\n")
    )
}

fn read_facts(read: &KeyRead) -> String {
    let mut rows = vec![("Algorithm", read.algorithm.clone())];
    if read.fingerprint.is_empty() {
        rows.push(("Fingerprint", "not told: this is a secret".into()));
    } else {
        rows.push(("Fingerprint", grouped(&read.fingerprint)));
    }
    if let Some(kid) = &read.kid {
        rows.push(("Name in the file", kid.clone()));
    }
    if !read.says.is_empty() {
        rows.push(("Says of itself", read.says.join("; ")));
    }
    for (label, at) in [("From", &read.valid_from), ("Until", &read.valid_to)] {
        rows.extend(at.as_deref().map(|at| (label, moment(at))));
    }
    format!("{}{}", pairs(&rows), drawn(read.picture.as_ref()))
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
const LARGEST_KEY: u64 = 4 * 1024 * 1024;
const AGAIN: &str = "Bundles that are here already keep their verdict until `tickmark verify-again` judges them with what is pinned now.";
const COMPARE: &str = "Compare every fingerprint with what the owner tells you by another way, group by group, before you pin it.";
