//! The received bytes: stored once, read from there ever after.

use std::path::Path;
use std::sync::Arc;

use tickmark_formats::container::Received;
use tickmark_vault::id::BundleNo;
use tickmark_vault::import::Import;

use crate::contract::bundle::Progress;
use crate::desk::{Desk, Workbench};
use crate::error::Answer;
use crate::task::Meter;

impl Workbench {
    /// Stores the received bytes. They are read once, here; everything after reads what is stored.
    pub(super) fn store(
        &self,
        import: &mut Import,
        received: &Received,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<()> {
        let files = match received {
            Received::File(file) => std::slice::from_ref(file),
            Received::Folder { files, .. } => files.as_slice(),
        };
        let total = received.len();
        let mut meter = Meter::new("receiving", "bytes");
        let mut before = 0;
        for file in files {
            let mut source = file
                .open()
                .map_err(|error| crate::received::unreadable(Path::new(file.name()), &error))?;
            let stored = import.add_file(file.name(), &mut source, &mut |bytes| {
                if let Some(told) = meter.at(before + bytes, Some(total), 0) {
                    progress(told);
                }
                self.flow()
            })?;
            before += stored.bytes;
        }
        Ok(())
    }
}

/// The received files of a kept bundle, for a reader of bundles.
pub(super) fn stored(desk: &Desk, bundle: BundleNo) -> Answer<Received> {
    let kept = desk.vault.read(|view| view.bundles().get(bundle))?;
    let files = desk.vault.originals(bundle)?;
    let folder = kept.packing.first().is_some_and(|layer| layer == "folder");
    match (folder, files.as_slice()) {
        (false, [file]) => Ok(Received::File(Arc::clone(file))),
        _ => Ok(Received::Folder {
            name: kept.name.clone(),
            files,
        }),
    }
}

/// The received files of an import under way, for a reader of bundles.
pub(super) fn received_of(import: &Import, received: &Received) -> Answer<Received> {
    let files = import.origins()?;
    match (received, files.as_slice()) {
        (Received::File(_), [file]) => Ok(Received::File(Arc::clone(file))),
        _ => Ok(Received::Folder {
            name: received.name().to_owned(),
            files,
        }),
    }
}
