//! Keys and whatever else vouches that the reviewer trusts: pinned in the vault, or given to a single verification.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tickmark_crypto::sigstore::TrustedRoot;
use tickmark_vault::id::KeyId;
use tickmark_vault::table::Kept;
use tickmark_vault::table::pinned_key::PinnedKey;
use tickmark_vault::view::View;
use tickmark_verify::trust::Trust;
use tickmark_verify::verification::KeyOrigin;

use crate::contract::command::{ById, Nothing};
use crate::contract::trust::{
    KeyEdge, KeyRead, KeyVersion, PinKey, PinnedKeyView, QrPicture, ReadKey, WithdrawKey,
};
use crate::desk::Workbench;
use crate::error::{Answer, Code, Error};
use crate::pin::{Kept as KeptPin, Pin};
use crate::received::{small_file, unreadable};
use crate::{moment, picture, source};

impl Workbench {
    /// Every pinned key, withdrawn ones too.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn key_list(&self, _request: Nothing) -> Answer<Vec<PinnedKeyView>> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        let all = view.pinned_keys().list()?;
        all.iter().map(|key| key_view(&view, key, &all)).collect()
    }

    /// Reads what a text pins without pinning it, so that each fingerprint can be compared with what was heard by another
    /// way. Only a list of keys that one owner publishes holds several.
    ///
    /// # Errors
    /// `invalid_input` when the text pins nothing, several things of whoever, or is private.
    pub fn key_read(&self, request: ReadKey) -> Answer<Vec<KeyRead>> {
        let mut read = read_keys(&request)?;
        if let Ok(desk) = self.desk() {
            let reader = desk.read()?;
            let pinned = reader.view().pinned_keys().list()?;
            for one in &mut read {
                let same = pinned.iter().find(|key| {
                    let is_told = !one.fingerprint.is_empty();
                    key.withdrawn.is_none() && is_told && key.fingerprint == one.fingerprint
                });
                one.pinned_for = same.map(|key| key.owner.clone());
            }
        }
        Ok(read)
    }

    /// The fingerprint of a pinned key as a QR picture.
    ///
    /// # Errors
    /// `not_found`; `invalid_input` for a secret.
    pub fn key_picture(&self, request: ById) -> Answer<QrPicture> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let key = reader.view().pinned_keys().get(&KeyId::from(request.id))?;
        picture::of(&key.algorithm, &key.fingerprint)?
            .ok_or_else(|| Error::invalid("A secret has no fingerprint that may be shown."))
    }

    /// Pins a key, a root, an OpenPGP key, a Sigstore root or an identity, or every key of a list, in one transaction. From
    /// now on bundles are judged with it. Where a key takes over from another, that one holds until the same moment, and
    /// both are written together.
    ///
    /// # Errors
    /// `invalid_input` when the text pins nothing, several things of whoever, or is private, the owner is missing, something
    /// is stated that its kind cannot have, or a rotation names no moment; `not_found` when the key that it replaces is not
    /// pinned.
    pub fn key_pin(&self, request: PinKey) -> Answer<Vec<PinnedKeyView>> {
        if request.owner.trim().is_empty() {
            return Err(Error::invalid("The key has no owner: whose key is it?"));
        }
        if request.confirmed.trim().is_empty() {
            return Err(Error::invalid("It is not stated how the key was confirmed.")
                .hint("For example: fingerprint read aloud by telephone, 20 Nov 2026."));
        }
        let pins = Pin::read(&asked(&request))?;
        refuse_one_for_several(&pins, &request)?;
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        let source = match source::name(request.source.as_deref())? {
            Some(name) => Some(source::spelled(&view, name)?),
            None => None,
        };
        let rows = pins
            .iter()
            .map(|pin| row(pin, &request, source.clone()))
            .collect::<Answer<Vec<_>>>()?;
        let ended = match rows.as_slice() {
            [new] => ended(&view, new)?,
            _ => None,
        };
        let subject = pinned_subject(&rows, ended.as_ref());
        desk.write(self.now(), "key.pin", subject, |txn| {
            let mut keys = txn.pinned_keys_mut();
            rows.iter().chain(&ended).try_for_each(|row| keys.insert(row))
        })?;
        let reader = desk.read()?;
        let view = reader.view();
        rows.iter().map(|row| one_key(&view, &row.id)).collect()
    }

    /// Withdraws a key. Judgements made with it stay on file; verify again to judge without it.
    ///
    /// # Errors
    /// `not_found`; `invalid_input` without a reason, or when it is withdrawn already.
    pub fn key_withdraw(&self, request: WithdrawKey) -> Answer<Vec<PinnedKeyView>> {
        let reason = request.reason.trim();
        if reason.is_empty() {
            return Err(Error::invalid("It is not stated why the key is withdrawn.")
                .hint("For example: the operator reported it lost on 20 Nov 2026."));
        }
        let desk = self.desk()?;
        let next = {
            let reader = desk.read()?;
            let kept = reader.view().pinned_keys().get(&KeyId::from(request.id))?;
            if kept.withdrawn.is_some() {
                return Err(Error::invalid("This key is withdrawn already."));
            }
            let mut next = kept.row;
            next.version += 1;
            next.withdrawn = Some(reason.to_owned());
            next.reason = Some(reason.to_owned());
            next
        };
        let subject = json!({
            "key": next.id.as_str(), "fingerprint": next.fingerprint, "algorithm": next.algorithm,
            "owner": next.owner, "reason": reason,
        });
        desk.write(self.now(), "key.withdraw", subject, |txn| {
            txn.pinned_keys_mut().insert(&next)
        })?;
        self.key_list(Nothing {})
    }
}

/// Reads what a text pins without a vault: each fingerprint in figures and as a picture.
///
/// # Errors
/// `invalid_input` when the text pins nothing, several things of whoever, or is private.
pub fn read_keys(request: &ReadKey) -> Answer<Vec<KeyRead>> {
    Pin::read(request)?.iter().map(Pin::shown).collect()
}

fn asked(request: &PinKey) -> ReadKey {
    ReadKey {
        text: request.text.clone(),
        algorithm: request.algorithm.clone(),
        identity: request.identity.clone(),
    }
}

/// What belongs to one key cannot be stated of a list.
fn refuse_one_for_several(pins: &[Pin], request: &PinKey) -> Answer<()> {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if pins.len() > 1 && (given(&request.kid) || given(&request.replaces)) {
        return Err(Error::invalid(format!(
            "The list holds {} keys, each with its own name. One name, or one key that they take over from, does not fit all.",
            pins.len()
        )));
    }
    Ok(())
}

fn row(pin: &Pin, request: &PinKey, source: Option<String>) -> Answer<PinnedKey> {
    let some = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let entry = pin.entry(request)?;
    let (valid_from, valid_to) = pin.period(request);
    Ok(PinnedKey {
        id: KeyId::random()?,
        version: 1,
        source,
        key: entry,
        algorithm: pin.algorithm.clone(),
        fingerprint: pin.fingerprint.clone(),
        kid: pin.name(request),
        owner: request.owner.trim().to_owned(),
        confirmed: request.confirmed.trim().to_owned(),
        second_person: some(&request.second_person),
        valid_from,
        valid_to,
        withdrawn: None,
        replaces: some(&request.replaces).map(KeyId::from),
        reason: None,
    })
}

/// What the custody chain says of a ceremony: of one pin by itself, of several each by its fingerprint.
fn pinned_subject(rows: &[PinnedKey], ended: Option<&PinnedKey>) -> Value {
    let one = |row: &PinnedKey| {
        json!({
            "key": row.id.as_str(), "fingerprint": row.fingerprint, "algorithm": row.algorithm,
            "valid_from": row.valid_from, "valid_to": row.valid_to,
        })
    };
    let Some(first) = rows.first() else {
        return Value::Null;
    };
    let mut subject = json!({
        "owner": first.owner, "confirmed": first.confirmed, "second_person": first.second_person,
        "source": first.source,
    });
    if let [row] = rows {
        subject["replaces"] = json!(ended.map(|old| &old.fingerprint));
        if let (Value::Object(subject), Value::Object(own)) = (&mut subject, one(row)) {
            subject.extend(own);
        }
    } else {
        subject["algorithm"] = json!(first.algorithm);
        subject["keys"] = rows.iter().map(one).collect();
    }
    subject
}

/// The bare key of an entry.
fn only_key(entry: &str) -> Answer<tickmark_verify::PinnedKey> {
    let mut parsed = Trust::default();
    parsed
        .add_file("pinned key", entry.as_bytes())
        .map_err(|e| Error::invalid(e.to_string()))?;
    match parsed.keys() {
        [key] => Ok(key.clone()),
        _ => Err(Error::invalid("Only a bare key can be replaced by another.")
            .hint("Pin the new one, and withdraw the old one.")),
    }
}

/// The version of the old key that ends where the new one begins, where it takes over from one.
fn ended(view: &View<'_>, new: &PinnedKey) -> Answer<Option<PinnedKey>> {
    let Some(old) = &new.replaces else {
        return Ok(None);
    };
    let (Some(edge), Some(stated)) = (only_key(&new.key)?.valid_from, &new.valid_from) else {
        return Err(Error::invalid(
            "The rotation has no moment: from when does the new key sign?",
        ));
    };
    let before = view.pinned_keys().get(old)?.row;
    if before.withdrawn.is_some() {
        return Err(Error::invalid(
            "A withdrawn key cannot be replaced: it is not trusted any more.",
        ));
    }
    if before.fingerprint == new.fingerprint {
        return Err(Error::invalid(
            "The new key is the old one: their fingerprints are the same.",
        ));
    }
    let holds = only_key(&before.key)?;
    if holds.valid_from.is_some_and(|begin| begin >= edge) {
        return Err(Error::invalid(format!(
            "The key of {} would end before it begins to hold.",
            before.owner
        )));
    }
    // an end that was stated earlier stays: the rotation only makes it come sooner
    let is_earlier = holds.valid_to.is_some_and(|end| end <= edge);
    let (key, valid_to) = if is_earlier {
        (before.key, before.valid_to)
    } else {
        (with_end(&before.key, stated)?, Some(stated.clone()))
    };
    Ok(Some(PinnedKey {
        version: before.version + 1,
        reason: Some(replaced(new)),
        key,
        valid_to,
        ..before
    }))
}

fn replaced(new: &PinnedKey) -> String {
    let from = new.valid_from.as_deref().unwrap_or_default();
    format!("replaced by the key {} from {from}", new.fingerprint)
}

/// The same entry of a trust file with another end.
fn with_end(entry: &str, end: &str) -> Answer<String> {
    let damaged = || {
        Error::new(
            Code::Damaged,
            "A pinned key is not kept as an entry of a trust file.",
        )
    };
    let mut file: toml::Table = toml::from_str(entry).map_err(|_| damaged())?;
    let key = file
        .get_mut("key")
        .and_then(|keys| keys.as_array_mut()?.first_mut()?.as_table_mut())
        .ok_or_else(damaged)?;
    key.insert("valid_to".into(), toml::Value::String(end.to_owned()));
    Ok(file.to_string())
}

/// What is pinned in a vault for every source or for this one, for a verification.
pub(crate) fn pinned(view: &View<'_>, source: Option<&str>) -> Answer<Trust> {
    let mut trust = Trust::default();
    for key in view.pinned_keys().trusted_for(source)? {
        if key.algorithm == TrustedRoot::ALGORITHM {
            let root = TrustedRoot::parse(key.key.as_bytes()).map_err(|e| Error::invalid(e.to_string()))?;
            trust.add_instance(root, Some(key.owner.clone()), Some(key.confirmed.clone()));
            continue;
        }
        trust
            .add_file("pinned key", key.key.as_bytes())
            .map_err(|e| Error::invalid(e.to_string()))?;
    }
    Ok(trust)
}

/// Reads trust files, and the files directly inside trust folders.
///
/// # Errors
/// `unreadable`; `invalid_input` when a file holds no key.
pub fn read<P: AsRef<Path>>(paths: &[P]) -> Answer<Trust> {
    let mut trust = Trust::default();
    for path in files(paths)? {
        add(&mut trust, &path)?;
    }
    Ok(trust)
}

/// Trust files that may pin a key for a bundle, and those that lie inside it: whoever made the bundle made them too, so
/// that they count as carried and pin nothing.
///
/// # Errors
/// `unreadable`.
pub fn outside<P: AsRef<Path>>(paths: &[P], bundle: &Path) -> Answer<(Vec<PathBuf>, Vec<PathBuf>)> {
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let bundle = real(bundle);
    let (inside, outside) = files(paths)?
        .into_iter()
        .partition(|file| real(file).starts_with(&bundle));
    Ok((outside, inside))
}

fn files<P: AsRef<Path>>(paths: &[P]) -> Answer<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in paths {
        let path = path.as_ref();
        if path.is_dir() {
            let mut files: Vec<_> = fs::read_dir(path)
                .map_err(|e| unreadable(path, &e))?
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .filter(|file| file.is_file())
                .collect();
            files.sort();
            all.append(&mut files);
        } else {
            all.push(path.to_owned());
        }
    }
    Ok(all)
}

fn add(trust: &mut Trust, path: &Path) -> Answer<()> {
    let bytes = small_file(path, LARGEST_TRUST_FILE)?;
    let name = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    trust
        .add_file(&name, &bytes)
        .map_err(|e| Error::invalid(format!("{}: {e}", path.display())))
}

fn one_key(view: &View<'_>, id: &KeyId) -> Answer<PinnedKeyView> {
    let all = view.pinned_keys().list()?;
    key_view(view, &view.pinned_keys().get(id)?, &all)
}

fn key_view(view: &View<'_>, key: &Kept<PinnedKey>, all: &[Kept<PinnedKey>]) -> Answer<PinnedKeyView> {
    let versions = view.pinned_keys().versions(&key.id)?;
    let first = versions.first().unwrap_or(key);
    let mut bundles = 0;
    for bundle in view.bundles().list()? {
        let judged = view.verifications().latest(bundle.bundle)?;
        let used = judged.verification.keys.iter().any(|used| {
            used.origin == KeyOrigin::Pinned && used.records > 0 && used.fingerprint == key.fingerprint
        });
        bundles += u64::from(used);
    }
    let edge = |other: &Kept<PinnedKey>, at: &Option<String>| KeyEdge {
        key: other.id.to_string(),
        fingerprint: other.fingerprint.clone(),
        owner: other.owner.clone(),
        at: at.clone().unwrap_or_default(),
    };
    let older = all.iter().find(|other| Some(&other.id) == key.replaces.as_ref());
    let newer = all.iter().find(|other| other.replaces.as_ref() == Some(&key.id));
    let kept = KeptPin::of(&key.key);
    Ok(PinnedKeyView {
        id: key.id.to_string(),
        fingerprint: key.fingerprint.clone(),
        algorithm: key.algorithm.clone(),
        kid: key.kid.clone(),
        says: kept.says,
        identity: kept.identity,
        vouches: kept.vouches,
        owner: key.owner.clone(),
        confirmed: key.confirmed.clone(),
        second_person: key.second_person.clone(),
        source: key.source.clone(),
        valid_from: key.valid_from.clone(),
        valid_to: key.valid_to.clone(),
        pinned_at: moment::stated(first.at),
        pinned_by: first.by.clone(),
        withdrawn_at: key.withdrawn.as_ref().map(|_| moment::stated(key.at)),
        withdrawn_why: key.withdrawn.clone(),
        replaces: older.map(|older| edge(older, &key.valid_from)),
        replaced_by: newer.map(|newer| edge(newer, &newer.valid_from)),
        history: versions.iter().rev().map(version_view).collect(),
        bundles,
    })
}

fn version_view(kept: &Kept<PinnedKey>) -> KeyVersion {
    let change = match (kept.version, &kept.withdrawn) {
        (1, _) => "pinned",
        (_, Some(_)) => "withdrawn",
        (_, None) => "changed",
    };
    KeyVersion {
        version: kept.version,
        at: moment::stated(kept.at),
        by: kept.by.clone(),
        change: change.to_owned(),
        reason: kept.reason.clone(),
        valid_from: kept.valid_from.clone(),
        valid_to: kept.valid_to.clone(),
    }
}

const LARGEST_TRUST_FILE: u64 = 4 * 1024 * 1024;

#[cfg(test)]
mod inside {
    use super::*;

    #[test]
    fn a_key_file_inside_the_bundle_pins_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (bundle, pins) = (folder.path().join("bundle"), folder.path().join("pins"));
        for path in [&bundle, &pins] {
            fs::create_dir(path).unwrap();
            fs::write(path.join("keys.json"), "{}").unwrap();
        }
        let round = bundle.join("../bundle/keys.json");
        let asked = [
            bundle.join("keys.json"),
            bundle.clone(),
            round.clone(),
            pins.clone(),
        ];
        let (kept, carried) = outside(&asked, &bundle).unwrap();
        assert_eq!(kept, [pins.join("keys.json")]);
        assert_eq!(
            carried,
            [bundle.join("keys.json"), bundle.join("keys.json"), round]
        );
        // a bundle beside the keys keeps them
        let (kept, carried) = outside(&[&pins], &folder.path().join("bundle")).unwrap();
        assert_eq!((kept.len(), carried.len()), (1, 0));
    }
}
