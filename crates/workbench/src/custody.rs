//! Who did what: the custody chain, shown and exported.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};
use tickmark_crypto::openpgp::Certificate;
use tickmark_crypto::sigstore::TrustedRoot;
use tickmark_crypto::x509::TrustAnchor;
use tickmark_vault::custody::CustodyEvent;
use tickmark_verify::trust::PinnedIdentity;

use crate::contract::activity::{CustodyExported, CustodyPage, CustodyRow};
use crate::contract::command::{AtPath, Page};
use crate::desk::Workbench;
use crate::error::{Answer, Code, Error};
use crate::period;
use crate::received::unreadable;

impl Workbench {
    /// A page of custody events, newest first.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn activity(&self, request: Page) -> Answer<CustodyPage> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let custody = reader.view().custody();
        let events = custody.newest(request.offset, request.limit.min(MOST_EVENTS))?;
        Ok(CustodyPage {
            total: custody.count()?,
            head: custody.last()?.map_or_else(String::new, |event| event.hash),
            events: events.iter().map(row).collect(),
        })
    }

    /// Writes the whole chain to a new file: a bundle like any other, which `tickmark verify` judges.
    ///
    /// # Errors
    /// `invalid_input` when the file exists; `disk_full`, `unreadable`.
    pub fn custody_export(&self, request: AtPath) -> Answer<CustodyExported> {
        let desk = self.desk()?;
        let path = Path::new(request.path.trim());
        if path.as_os_str().is_empty() {
            return Err(Error::invalid("The export has no path."));
        }
        if desk.signer.is_some() {
            let subject = json!({"file": path.file_name().map(|n| n.to_string_lossy().into_owned())});
            desk.write(self.now(), "custody.export", subject, |_| Ok(()))?;
        }
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::AlreadyExists => Error::invalid(format!(
                    "{} exists already. Nothing was overwritten.",
                    path.display()
                )),
                std::io::ErrorKind::StorageFull => Error::new(Code::DiskFull, "The disk is full."),
                _ => unreadable(path, &error),
            })?;
        let mut out = BufWriter::new(file);
        let reader = desk.read()?;
        let view = reader.view();
        let events = view.custody().export(&mut out)?;
        out.flush().map_err(|error| unreadable(path, &error))?;
        let signers: Vec<_> = view
            .reviewers()
            .list()?
            .iter()
            .map(|r| format!("{} {}", r.name, r.custody_key_digest))
            .collect();
        Ok(CustodyExported {
            path: path.display().to_string(),
            events,
            head: view
                .custody()
                .last()?
                .map_or_else(String::new, |event| event.hash),
            key: signers.join(", "),
        })
    }
}

/// An event as lists show it.
pub(crate) fn row(event: &CustodyEvent) -> CustodyRow {
    CustodyRow {
        seq: event.seq,
        time: event.time.clone(),
        actor: event.actor.clone(),
        key: event.key.clone(),
        action: event.action.clone(),
        sentence: sentence(event),
        hash: event.hash.clone(),
    }
}

/// An event in words.
pub(crate) fn sentence(event: &CustodyEvent) -> String {
    let subject = &event.subject;
    let text = |name: &str| match &subject[name] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match event.action.as_str() {
        "vault.created" => "created the vault".to_owned(),
        "vault.backed_up" => "backed the vault up".to_owned(),
        "slot.added" => "added a way to open the vault".to_owned(),
        "slot.removed" => "removed a way to open the vault".to_owned(),
        "engagement.create" => format!("created the engagement “{}”", text("title")),
        "bundle.kept" | "bundle.import" => format!(
            "imported {}{}",
            first(&[text("name"), text("bundle")]),
            for_period(&text("period"))
        ),
        "bundle.link" => format!("took bundle {} into the engagement", text("bundle")),
        "bundle.verify_again" => format!(
            "judged bundle {} again{}: {}",
            text("bundle"),
            for_period(&text("period")),
            text("verdict").replace('_', " ")
        ),
        "bundle.export" => format!("exported the original bytes of bundle {}", text("bundle")),
        "source.expect" => format!(
            "stated that the profile {} is expected of {}",
            text("profile"),
            text("source")
        ),
        "key.pin" => match &subject["keys"] {
            Value::Array(keys) => format!(
                "pinned {} {} keys of {}",
                keys.len(),
                text("algorithm"),
                text("owner")
            ),
            _ => format!("pinned the {} of {}", pin_word(&text("algorithm")), text("owner")),
        },
        "key.withdraw" => format!(
            "withdrew the {} of {}",
            pin_word(&text("algorithm")),
            text("owner")
        ),
        "plan.freeze" => format!(
            "froze a plan: {} of {} records",
            text("sample_size"),
            text("population")
        ),
        "sample.draw" => format!("drew {} units from the seed “{}”", text("units"), text("seed")),
        "result.record" => format!(
            "recorded unit {}: {}",
            text("unit"),
            text("result").replace('_', " ")
        ),
        "finding.write" => format!("wrote the finding “{}”", text("title")),
        "finding.supersede" => format!("superseded the finding “{}”", text("title")),
        "note.write" => format!("wrote a note on {} {}", text("on"), text("of")),
        "report.write" => format!("wrote the report “{}”", text("title")),
        "custody.export" => format!("exported the custody chain to {}", text("file")),
        other => other.replace(['.', '_'], " "),
    }
}

/// What is pinned, in words.
fn pin_word(algorithm: &str) -> String {
    match algorithm {
        TrustAnchor::ALGORITHM => "root certificate".to_owned(),
        Certificate::ALGORITHM => "OpenPGP key".to_owned(),
        TrustedRoot::ALGORITHM => "Sigstore root".to_owned(),
        PinnedIdentity::ALGORITHM => "identity".to_owned(),
        "" => "key".to_owned(),
        key => format!("{key} key"),
    }
}

fn first(choices: &[String]) -> String {
    choices
        .iter()
        .find(|text| !text.is_empty())
        .cloned()
        .unwrap_or_default()
}

/// What a sentence adds about the review period `FROM..TO`, if the event names one.
fn for_period(text: &str) -> String {
    period::parse(text).map_or_else(
        |_| String::new(),
        |named| format!(" for the review period {}", period::words(&named)),
    )
}

const MOST_EVENTS: u64 = 500;
