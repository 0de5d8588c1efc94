//! Result files: CSV, packed or not, of which every row behind the first is a record.

use std::io::BufReader;

use tickmark_crypto::digest::sha256;
use tickmark_formats::container::{FaultKind, Inflated, fault_in};
use tickmark_formats::records::{LineAt, RecordsError, Rows};

use super::{Case, File, Query, about, base};
use crate::built_in::{Cancelled, Sight, Watch};
use crate::fault::fault;
use crate::verification::Fault;

impl Case<'_> {
    /// Shows every row of every result file, listed ones first.
    pub(super) fn tell_records(&mut self, watch: &mut Watch<'_>) -> Result<(), Cancelled> {
        let mut queries = std::mem::take(&mut self.queries);
        for query in &mut queries {
            for mut file in std::mem::take(&mut query.files) {
                let refused = self.tell_file(query, &mut file, watch)?;
                file.faults.extend(refused);
                for fault in file.faults {
                    self.tell(fault);
                }
            }
        }
        self.queries = queries;
        Ok(())
    }

    fn tell_file(
        &mut self,
        query: &mut Query,
        file: &mut File,
        watch: &mut Watch<'_>,
    ) -> Result<Option<Fault>, Cancelled> {
        let limits = &self.bundle.request.limits;
        let held = self.bundle.inventory.members.get(&file.member);
        let bytes_here = held.and_then(|held| held.bytes).unwrap_or_default();
        let opened = self.bundle.container.open_member(&file.member);
        let inflated = opened.ok().and_then(|reader| Inflated::new(reader, limits).ok());
        let Some(inflated) = inflated else {
            self.tally.files_unread += 1;
            self.judgement.extent_is_known = false;
            return Ok(None);
        };
        let mut rows = Rows::new(BufReader::new(inflated), limits);
        let (mut bytes, mut is_head) = (Vec::new(), true);
        let refused = loop {
            match rows.next_row(&mut bytes) {
                Ok(None) => break None,
                // the first row names the columns
                Ok(Some(_)) if is_head => is_head = false,
                Ok(Some(place)) => self.tell_row(query, file, place, &bytes, watch)?,
                Err(error) if error.is_passing() => {
                    self.tally.over_limit += 1;
                    self.judgement.extent_is_known = false;
                    let sentence = format!("{}: {error}, and was not judged.", file.member);
                    self.tell(about(&file.member, fault("limit_record", "integrity", sentence)));
                }
                Err(error) => break Some(error),
            }
        };
        watch.read(bytes_here)?;
        Ok(refused.and_then(|error| self.refuse(file, &error)))
    }

    fn tell_row(
        &mut self,
        query: &mut Query,
        file: &mut File,
        place: LineAt,
        bytes: &[u8],
        watch: &mut Watch<'_>,
    ) -> Result<(), Cancelled> {
        let mut faults = std::mem::take(&mut file.faults);
        for fault in &mut faults {
            fault.record = Some(watch.next());
            fault.line = Some(place.number);
            self.judgement.faults.add(fault.clone());
        }
        self.tally.readable.count(true);
        let agrees = file.agrees == Some(true);
        let signed = agrees && query.signed.verifies();
        self.judgement.checked += u64::from(file.agrees.is_some());
        self.judgement.signed += u64::from(signed);
        if let Some(signer) = query.signed.signer().filter(|_| agrees) {
            *self.signers.entry(signer).or_default() += 1;
        }
        self.tally.unreached_records += u64::from(!agrees);
        query.records += 1;
        watch.record(&Sight {
            member: &file.member,
            line: place.number,
            offset: place.offset,
            bytes,
            id: sha256(bytes),
            faults: &faults,
            signed,
            link: None,
            chain: None,
        })
    }

    /// A result file that cannot be read to its end. One that is known to be altered was told already.
    fn refuse(&mut self, file: &File, error: &RecordsError) -> Option<Fault> {
        self.judgement.extent_is_known = false;
        if file.agrees == Some(false) {
            return None;
        }
        let packing = match error {
            RecordsError::Read { source, .. } => fault_in(source),
            _ => None,
        };
        if let Some(FaultKind::TrailingBytes { offset }) = packing {
            self.judgement.extent_is_known = true;
            self.tally.trailing += 1;
            let sentence = format!(
                "{} goes on after its first gzip member, at byte {offset}.",
                file.member
            );
            return Some(about(
                &file.member,
                fault("trailing_bytes", "integrity", sentence),
            ));
        }
        if error.is_limit() || matches!(packing, Some(FaultKind::Limit(_) | FaultKind::Unreadable { .. })) {
            self.tally.over_limit += 1;
        } else {
            self.tally.readable.count(false);
        }
        let sentence = format!(
            "The result file {} cannot be read to its end: {error}.",
            base(&file.member)
        );
        Some(about(&file.member, fault("not_readable", "integrity", sentence)))
    }
}
