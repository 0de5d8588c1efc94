//! Bytes out of a vault, as they came in. Each export is a custody event.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use serde_json::json;

use crate::browse::number;
use crate::desk::Workbench;
use crate::error::{Answer, Code, Error};

impl Workbench {
    /// Writes the received bytes of a bundle: a file, or for a folder a folder. Nothing is overwritten.
    ///
    /// # Errors
    /// `not_found`; `invalid_input` when something is at the place already; `disk_full`.
    pub fn export_original(&self, bundle: &str, to: &Path) -> Answer<u64> {
        let desk = self.desk()?;
        let no = number(bundle)?;
        let kept = desk.vault.read(|view| view.bundles().get(no))?;
        let files = desk.vault.originals(no)?;
        let folder = kept.packing.first().is_some_and(|layer| layer == "folder");
        let subject = json!({"bundle": bundle, "sha256": kept.sha256});
        desk.write(self.now(), "bundle.export", subject, |_| Ok(()))?;
        let mut bytes = 0;
        for file in &files {
            let path = if folder {
                to.join(file.name())
            } else {
                to.to_path_buf()
            };
            if let Some(parent) = path.parent().filter(|_| folder) {
                fs::create_dir_all(parent).map_err(|error| refused(parent, &error))?;
            }
            let mut out = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)
                .map_err(|e| refused(&path, &e))?;
            let mut source = file.open().map_err(|error| refused(&path, &error))?;
            bytes += io::copy(&mut source, &mut out).map_err(|error| refused(&path, &error))?;
            out.sync_all().map_err(|error| refused(&path, &error))?;
        }
        Ok(bytes)
    }

    /// One record's received bytes.
    ///
    /// # Errors
    /// `not_found`.
    pub fn export_record(&self, bundle: &str, position: u64) -> Answer<Vec<u8>> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        Ok(reader.view().records().bytes(number(bundle)?, position)?.bytes)
    }
}

fn refused(path: &Path, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::AlreadyExists => Error::invalid(format!(
            "{} exists already. Nothing was overwritten.",
            path.display()
        )),
        io::ErrorKind::StorageFull => Error::new(
            Code::DiskFull,
            format!("The disk is full; {} is not whole.", path.display()),
        ),
        _ => Error::new(
            Code::Unreadable,
            format!("{} cannot be written ({error}).", path.display()),
        ),
    }
}
