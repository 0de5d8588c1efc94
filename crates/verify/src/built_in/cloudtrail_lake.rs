//! AWS CloudTrail Lake: the result of a query, as files with one signed list of their hashes.
//!
//! Other than in a trail, the hashes are over the files as delivered, packed, and the signature stands in the list itself.
//! It covers the hashes and their order, and nothing else of the list.
//!
//! Source: "Validate saved query results" in the AWS CloudTrail user guide.

mod claims;
mod list;
mod results;

use std::collections::BTreeMap;

use super::aws::{Keys, Signed, Signer};
use super::{Bundle, Cancelled, Judgement, Verifier, Watch};
use crate::fault::fault;
use crate::ledger::Tally;
use crate::verification::Fault;

use list::List;

/// The verifier.
pub(super) struct CloudTrailLake;

impl Verifier for CloudTrailLake {
    fn recognises(&self, bundle: &Bundle<'_>) -> bool {
        bundle.inventory.members.keys().any(|name| base(name) == LIST)
    }

    fn judge(&self, bundle: &Bundle<'_>, watch: &mut Watch<'_>) -> Result<Judgement, Cancelled> {
        let mut case = Case {
            bundle,
            keys: Keys::of(bundle),
            queries: Vec::new(),
            tally: Tallies::default(),
            signers: BTreeMap::new(),
            judgement: Judgement::open(bundle.request),
        };
        case.read_lists();
        case.hold_files();
        case.tell_records(watch)?;
        Ok(case.conclude())
    }
}

/// A bundle that is being judged.
struct Case<'c> {
    bundle: &'c Bundle<'c>,
    keys: Keys<'c>,
    queries: Vec<Query>,
    tally: Tallies,
    signers: BTreeMap<Signer, u64>,
    judgement: Judgement,
}

/// The result of one query: the files of one folder.
struct Query {
    /// The folder with `/` at its end, or nothing.
    folder: String,
    list: List,
    signed: Signed,
    files: Vec<File>,
    records: u64,
}

/// A result file that is here.
struct File {
    member: String,
    /// Whether it is listed, and whether its bytes are the listed ones.
    agrees: Option<bool>,
    /// Told at its first row.
    faults: Vec<Fault>,
}

/// What was counted.
#[derive(Debug, Default)]
struct Tallies {
    lists: Tally,
    files: Tally,
    files_unread: u64,
    missing: u64,
    unlisted: u64,
    readable: Tally,
    over_limit: u64,
    trailing: u64,
    unreached_records: u64,
    beside: u64,
}

impl Case<'_> {
    fn tell(&mut self, fault: Fault) {
        self.judgement.faults.add(fault);
    }

    fn read_lists(&mut self) {
        let inventory = self.bundle.inventory;
        for (name, held) in inventory.members.iter().filter(|(name, _)| base(name) == LIST) {
            let content = held.content.as_deref();
            let read = content.map(|content| List::read(content, &self.bundle.request.limits));
            match read {
                Some(Ok(list)) => {
                    self.tally.lists.count(true);
                    let message = list.to_sign();
                    let signed =
                        self.keys
                            .check(&list.fingerprint, message.as_bytes(), &list.signature, |_| true);
                    self.tell_signature(name, &list, signed);
                    let folder = name.strip_suffix(LIST).unwrap_or_default().to_owned();
                    self.queries.push(Query {
                        folder,
                        list,
                        signed,
                        files: Vec::new(),
                        records: 0,
                    });
                }
                Some(Err(why)) => {
                    self.tally.lists.count(false);
                    let sentence = format!("The signed list {name} cannot be used: {why}.");
                    self.tell(about(name, fault("result_sign_format", "integrity", sentence)));
                }
                None => {
                    self.tally.files_unread += 1;
                    let sentence = format!(
                        "The signed list {name} was not judged: it cannot be read, or is larger than is read."
                    );
                    self.tell(about(name, fault("statement_too_long", "integrity", sentence)));
                }
            }
        }
    }

    fn tell_signature(&mut self, name: &str, list: &List, signed: Signed) {
        let (claim, why) = match signed {
            Signed::Wrong { .. } => ("authenticity", "does not fit the pinned key"),
            Signed::Malformed => ("authenticity", "is no hex text"),
            Signed::CarriedFails => ("integrity", "does not fit the key in the bundle"),
            _ => return,
        };
        let sentence = format!(
            "The signature in {name} is invalid: it {why} {}.",
            list.fingerprint
        );
        self.tell(about(name, fault("result_signature_mismatch", claim, sentence)));
    }

    /// Holds every listed file against its hash, and finds those that are not listed.
    fn hold_files(&mut self) {
        let mut queries = std::mem::take(&mut self.queries);
        for query in &mut queries {
            for (file, expected) in query.list.files.clone() {
                self.hold_file(query, &file, &expected);
            }
            self.find_unlisted(query);
        }
        self.queries = queries;
    }

    fn hold_file(&mut self, query: &mut Query, file: &str, expected: &str) {
        let member = format!("{}{file}", query.folder);
        let Some(held) = self.bundle.inventory.members.get(&member) else {
            self.tally.missing += 1;
            let sentence = format!("The result file {file} is missing: the signed list names it.");
            let told = fault("result_missing", "completeness", sentence);
            let list = format!("{}{LIST}", query.folder);
            self.tell(about(&list, told.between(file, "no such member")));
            return;
        };
        let mut faults = Vec::new();
        let agrees = match &held.sha256 {
            Some(found) if found == expected => {
                self.tally.files.count(true);
                true
            }
            Some(found) => {
                self.tally.files.count(false);
                let sentence =
                    format!("The result file {file} is not the one that is listed: it was altered.");
                let told = fault("result_mismatch", "integrity", sentence);
                faults.push(about(&member, told.between(expected, found)));
                false
            }
            None => {
                self.tally.files_unread += 1;
                false
            }
        };
        query.files.push(File {
            member,
            agrees: Some(agrees),
            faults,
        });
    }

    fn find_unlisted(&mut self, query: &mut Query) {
        let here = self.bundle.inventory.members.keys().filter(|name| {
            let rest = name.strip_prefix(query.folder.as_str());
            rest.is_some_and(|rest| !rest.contains('/') && rest != LIST)
        });
        for name in here {
            if query.files.iter().any(|file| file.member == *name) {
                continue;
            }
            if !is_result(base(name)) {
                self.tally.beside += 1;
                continue;
            }
            self.tally.unlisted += 1;
            let sentence = format!("The result file {} is in no signed list.", base(name));
            query.files.push(File {
                member: name.clone(),
                agrees: None,
                faults: vec![about(name, fault("result_unlisted", "completeness", sentence))],
            });
        }
    }
}

/// Whether a name is one that CloudTrail gives to a result file: `result_1.csv.gz`.
fn is_result(name: &str) -> bool {
    let number = name
        .strip_prefix("result_")
        .and_then(|name| name.strip_suffix(".csv.gz").or_else(|| name.strip_suffix(".csv")));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn about(member: &str, mut fault: Fault) -> Fault {
    fault.member = Some(member.to_owned());
    fault
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The name of the signed list.
const LIST: &str = "result_sign.json";
