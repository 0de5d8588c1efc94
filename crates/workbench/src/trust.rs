//! Keys that the reviewer trusts: pinned in the vault, or given to a single verification.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tickmark_vault::id::KeyId;
use tickmark_vault::table::Kept;
use tickmark_vault::table::pinned_key::PinnedKey;
use tickmark_vault::view::View;
use tickmark_verify::trust::Trust;
use tickmark_verify::verification::KeyOrigin;

use crate::contract::command::{ById, Nothing};
use crate::contract::trust::{PinKey, PinnedKeyView};
use crate::desk::Workbench;
use crate::error::{Answer, Error};
use crate::moment;
use crate::received::{small_file, unreadable};

impl Workbench {
    /// Every pinned key, withdrawn ones too.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn key_list(&self, _request: Nothing) -> Answer<Vec<PinnedKeyView>> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        view.pinned_keys()
            .list()?
            .iter()
            .map(|key| key_view(&view, key))
            .collect()
    }

    /// Pins a key. From now on a bundle of its algorithm is judged with it.
    ///
    /// # Errors
    /// `invalid_input` when the text holds no key, several, a private one, or the owner is missing.
    pub fn key_pin(&self, request: PinKey) -> Answer<PinnedKeyView> {
        if request.owner.trim().is_empty() {
            return Err(Error::invalid("The key has no owner: whose key is it?"));
        }
        if request.confirmed.trim().is_empty() {
            return Err(Error::invalid("It is not stated how the key was confirmed.")
                .hint("For example: fingerprint read aloud by telephone, 20 Nov 2026."));
        }
        let entry = trust_entry(&PinKey {
            text: text_or_file(&request.text)?,
            ..request.clone()
        });
        let mut parsed = Trust::default();
        parsed
            .add_file("pinned key", entry.as_bytes())
            .map_err(|e| Error::invalid(e.to_string()))?;
        let [key] = parsed.keys() else {
            return Err(Error::invalid(format!(
                "The text holds {} keys. Pin one at a time, so that each is confirmed.",
                parsed.keys().len()
            )));
        };
        let row = PinnedKey {
            id: KeyId::random()?,
            version: 1,
            source: None,
            key: entry,
            algorithm: key.key.algorithm().to_string(),
            fingerprint: key.key.fingerprint(),
            kid: key.kid.clone(),
            owner: request.owner,
            confirmed: request.confirmed,
            second_person: request.second_person.filter(|p| !p.trim().is_empty()),
            valid_from: request.valid_from.filter(|t| !t.trim().is_empty()),
            valid_to: request.valid_to.filter(|t| !t.trim().is_empty()),
            withdrawn: None,
        };
        let desk = self.desk()?;
        let subject = json!({
            "key": row.id.as_str(), "fingerprint": row.fingerprint, "algorithm": row.algorithm, "owner": row.owner,
            "confirmed": row.confirmed, "second_person": row.second_person,
        });
        desk.write(self.now(), "key.pin", subject, |txn| {
            txn.pinned_keys_mut().insert(&row)
        })?;
        let reader = desk.read()?;
        let view = reader.view();
        key_view(&view, &view.pinned_keys().get(&row.id)?)
    }

    /// Withdraws a key. Judgements made with it stay on file; verify again to judge without it.
    ///
    /// # Errors
    /// `not_found`; `invalid_input` when it is withdrawn already.
    pub fn key_withdraw(&self, request: ById) -> Answer<Vec<PinnedKeyView>> {
        let desk = self.desk()?;
        let next = {
            let reader = desk.read()?;
            let kept = reader.view().pinned_keys().get(&KeyId::from(request.id))?;
            if kept.withdrawn.is_some() {
                return Err(Error::invalid("This key is withdrawn already."));
            }
            let mut next = kept.row;
            next.version += 1;
            next.withdrawn = Some("withdrawn by the reviewer".into());
            next
        };
        let subject = json!({"key": next.id.as_str(), "fingerprint": next.fingerprint, "owner": next.owner});
        desk.write(self.now(), "key.withdraw", subject, |txn| {
            txn.pinned_keys_mut().insert(&next)
        })?;
        self.key_list(Nothing {})
    }
}

/// The keys that are pinned in a vault for every source or for this one, for a verification.
pub(crate) fn pinned(view: &View<'_>, source: Option<&str>) -> Answer<Trust> {
    let mut trust = Trust::default();
    for key in view.pinned_keys().trusted_for(source)? {
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

/// The text itself, or what the file that it names holds: a door may hand on a path where a key is asked for.
fn text_or_file(text: &str) -> Answer<String> {
    let trimmed = text.trim();
    let path = Path::new(trimmed);
    if trimmed.len() > LONGEST_PATH || trimmed.contains('\n') || !path.is_absolute() || !path.is_file() {
        return Ok(text.to_owned());
    }
    String::from_utf8(small_file(path, LARGEST_TRUST_FILE)?).map_err(|_| {
        Error::invalid(format!(
            "{trimmed} holds no text. Export the key as text, for example as PEM."
        ))
    })
}

/// The pinned key as an entry of a trust file, so that one reader serves both.
fn trust_entry(request: &PinKey) -> String {
    let mut entry = toml::Table::new();
    let mut put = |name: &str, value: &str| {
        if !value.trim().is_empty() {
            entry.insert(name.into(), toml::Value::String(value.trim().into()));
        }
    };
    let secret = request.algorithm.as_deref() == Some("hmac-sha256");
    put(if secret { "secret" } else { "public_key" }, &request.text);
    put("algorithm", request.algorithm.as_deref().unwrap_or_default());
    put("kid", request.kid.as_deref().unwrap_or_default());
    put("owner", &request.owner);
    put("confirmed", &request.confirmed);
    put("valid_from", request.valid_from.as_deref().unwrap_or_default());
    put("valid_to", request.valid_to.as_deref().unwrap_or_default());
    let mut file = toml::Table::new();
    file.insert("key".into(), toml::Value::Array(vec![toml::Value::Table(entry)]));
    file.to_string()
}

fn key_view(view: &View<'_>, key: &Kept<PinnedKey>) -> Answer<PinnedKeyView> {
    let first = view.pinned_keys().versions(&key.id)?;
    let first = first.first().unwrap_or(key);
    let mut bundles = 0;
    for bundle in view.bundles().list()? {
        let judged = view.verifications().latest(bundle.bundle)?;
        let used = judged.verification.keys.iter().any(|used| {
            used.origin == KeyOrigin::Pinned && used.records > 0 && used.fingerprint == key.fingerprint
        });
        bundles += u64::from(used);
    }
    Ok(PinnedKeyView {
        id: key.id.to_string(),
        fingerprint: key.fingerprint.clone(),
        algorithm: key.algorithm.clone(),
        kid: key.kid.clone(),
        owner: key.owner.clone(),
        confirmed: key.confirmed.clone(),
        second_person: key.second_person.clone(),
        valid_from: key.valid_from.clone(),
        valid_to: key.valid_to.clone(),
        pinned_at: moment::stated(first.at),
        pinned_by: first.by.clone(),
        withdrawn_at: key.withdrawn.as_ref().map(|_| moment::stated(key.at)),
        bundles,
    })
}

const LONGEST_PATH: usize = 4_096;
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
