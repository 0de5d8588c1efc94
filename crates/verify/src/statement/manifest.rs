//! The manifest: which members a bundle lists, and with which digests.

use std::collections::BTreeMap;
use std::io;

use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_crypto::encoding::unhex;
use tickmark_formats::json::{Value, parse};

use super::{Shelf, Standing, Stated};
use crate::fault::fault;
use crate::ledger::Ledger;
use crate::preimage::at;
use crate::profile::{Encoding, Manifest, Profile};

/// What a manifest lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    /// Whether every member that holds records is listed with its digest.
    pub covers_records: bool,
    /// Members that it lists and that are not here.
    pub missing: u64,
    /// Members that are here and not listed.
    pub unlisted: u64,
}

impl Listing {
    /// Whether it lists every member that is here, and every member that it lists is here.
    pub fn is_whole(&self) -> bool {
        self.covers_records && self.missing == 0 && self.unlisted == 0
    }
}

impl Shelf<'_> {
    /// Holds the manifest against the members.
    pub(super) fn manifest(
        &self,
        profile: &Profile,
        ledger: &mut Ledger<'_>,
        record_members: &[String],
    ) -> (Stated, Option<Listing>) {
        let nothing = (Stated::default(), None);
        let Some(spec) = &profile.manifest else {
            return nothing;
        };
        let Some(name) = self
            .inventory
            .fitting(&spec.file)
            .first()
            .map(|name| (*name).to_owned())
        else {
            return nothing;
        };
        let Some(content) = self.content(&name) else {
            tell(
                ledger,
                "statement_too_long",
                "completeness",
                &name,
                "is larger than is read",
            );
            let standing = Standing::Open("the manifest could not be read");
            return (
                Stated {
                    standing,
                    ..Stated::default()
                },
                None,
            );
        };
        let signed = self.signature(spec.signature.as_ref(), None, &spec.enc, ledger);
        let Some(listed) = self.listed(spec, &name, &content) else {
            tell(
                ledger,
                "manifest_unreadable",
                "integrity",
                &name,
                "cannot be read as a list of members with their digests",
            );
            let standing = Standing::Differs;
            return (Stated { standing, signed }, None);
        };
        let (standing, listing) = self.compare(spec, &name, &listed, ledger, record_members);
        (Stated { standing, signed }, Some(listing))
    }

    /// The members that a manifest lists, by their names in the container; `None` when it lists nothing.
    fn listed(&self, spec: &Manifest, name: &str, content: &[u8]) -> Option<BTreeMap<String, String>> {
        let document = parse(content, self.limits).ok()?;
        let entries = at(&document, &spec.entries).and_then(Value::members)?;
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut listed = BTreeMap::new();
        for entry in entries {
            let member = match folder {
                "" => entry.name.to_string(),
                folder => format!("{folder}/{}", entry.name),
            };
            listed.insert(member, entry.value.as_str()?.to_owned());
        }
        (!listed.is_empty()).then_some(listed)
    }

    fn compare(
        &self,
        spec: &Manifest,
        name: &str,
        listed: &BTreeMap<String, String>,
        ledger: &mut Ledger<'_>,
        record_members: &[String],
    ) -> (Standing, Listing) {
        let mut listing = Listing {
            covers_records: !record_members.is_empty()
                && record_members.iter().all(|member| listed.contains_key(member)),
            ..Listing::default()
        };
        let mut standing = Standing::Agrees;
        for (member, stated) in listed {
            let is_here = self.inventory.members.contains_key(member);
            let found = self.digest(member, spec.alg, &spec.enc);
            if found.as_ref() == Some(stated) {
                continue;
            }
            if is_here && found.is_none() {
                // told already as a member that cannot be read
                if standing == Standing::Agrees {
                    standing = Standing::Open("a listed member could not be read");
                }
                continue;
            }
            let (code, claim, what) = if is_here {
                standing = Standing::Differs;
                (
                    "manifest_mismatch",
                    "integrity",
                    "is not the one that the manifest lists",
                )
            } else {
                listing.missing += 1;
                (
                    "manifest_missing",
                    "completeness",
                    "is listed in the manifest and is not here",
                )
            };
            let mut told = fault(code, claim, format!("{member} {what}."));
            told.member = Some(member.clone());
            told.expected = Some(stated.clone());
            told.found = found;
            ledger.faults.add(told);
        }
        let unlisted = self
            .inventory
            .members
            .keys()
            .filter(|member| *member != name && !listed.contains_key(*member));
        for member in unlisted {
            listing.unlisted += 1;
            if spec.closed {
                tell(
                    ledger,
                    "manifest_unlisted",
                    "completeness",
                    member,
                    "is not listed in the manifest",
                );
            }
        }
        (standing, listing)
    }

    /// A member's digest. SHA-256 was taken with the inventory; another algorithm reads the member again.
    fn digest(&self, member: &str, algorithm: Algorithm, encoding: &Encoding) -> Option<String> {
        let held = self.inventory.members.get(member)?;
        if algorithm == Algorithm::Sha256 {
            return unhex(held.sha256.as_ref()?)
                .ok()
                .map(|bytes| encoding.write(&bytes));
        }
        let mut digest = Digesting(Hasher::new(algorithm));
        io::copy(&mut self.container.open_member(member).ok()?, &mut digest).ok()?;
        Some(encoding.write(digest.0.finish().as_bytes()))
    }
}

struct Digesting(Hasher);

impl io::Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn tell(ledger: &mut Ledger<'_>, code: &str, claim: &str, member: &str, what: &str) {
    let mut told = fault(code, claim, format!("{member} {what}."));
    told.member = Some(member.to_owned());
    ledger.faults.add(told);
}
