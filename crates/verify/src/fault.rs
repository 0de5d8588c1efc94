//! Faults: what is wrong, where, and in which words. All are counted; the list is capped.

use std::collections::BTreeMap;

use crate::verification::{Fault, FaultGroup};

/// The faults of one bundle.
#[derive(Debug)]
pub(crate) struct Faults {
    listed: Vec<Fault>,
    groups: BTreeMap<String, FaultGroup>,
    order: Vec<String>,
    total: u64,
    cap: usize,
}

impl Faults {
    pub fn new(cap: usize) -> Self {
        let cap = if cap == 0 { DEFAULT_CAP } else { cap };
        Faults {
            listed: Vec::new(),
            groups: BTreeMap::new(),
            order: Vec::new(),
            total: 0,
            cap,
        }
    }

    pub fn add(&mut self, fault: Fault) {
        self.total += 1;
        let order = &mut self.order;
        let group = self.groups.entry(fault.code.clone()).or_insert_with(|| {
            order.push(fault.code.clone());
            FaultGroup {
                code: fault.code.clone(),
                title: title(&fault.code).to_owned(),
                count: 0,
                records: Vec::new(),
            }
        });
        group.count += 1;
        if let Some(record) = fault.record
            && group.records.len() < RECORDS_PER_GROUP
        {
            group.records.push(record);
        }
        if self.listed.len() < self.cap {
            self.listed.push(short(fault));
        }
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    /// Whether a fault of the same code on the same member is listed already.
    pub fn is_listed(&self, fault: &Fault) -> bool {
        self.groups.contains_key(&fault.code)
            && self.listed.iter().any(|other| {
                other.code == fault.code && other.member == fault.member && other.record.is_none()
            })
    }

    pub fn first(&self) -> Option<&Fault> {
        self.listed.first()
    }

    /// The listed faults, and all of them by code in the order of their first.
    pub fn to_parts(&self) -> (Vec<Fault>, Vec<FaultGroup>) {
        let groups = self
            .order
            .iter()
            .filter_map(|code| self.groups.get(code))
            .cloned();
        (self.listed.clone(), groups.collect())
    }
}

/// A fault of a code, to be filled in.
pub(crate) fn fault(code: &str, claim: &str, sentence: impl Into<String>) -> Fault {
    Fault {
        code: code.to_owned(),
        claim: claim.to_owned(),
        record: None,
        line: None,
        member: None,
        field: None,
        expected: None,
        found: None,
        sentence: sentence.into(),
    }
}

/// A fault whose texts are bounded: what a record holds may be as long as a line.
fn short(mut fault: Fault) -> Fault {
    for text in [&mut fault.field, &mut fault.expected, &mut fault.found]
        .into_iter()
        .flatten()
        .chain([&mut fault.sentence])
    {
        if let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT) {
            text.truncate(end);
            text.push('…');
        }
    }
    fault
}

/// A short title for a group of faults.
fn title(code: &str) -> &'static str {
    match code {
        "hash_mismatch" => "Content does not match its recorded hash",
        "hash_missing" => "The recorded hash is missing",
        "field_hash_mismatch" => "A part does not match its recorded hash",
        "link_mismatch" => "Does not follow the record before it",
        "sequence_gap" => "A number is missing in the record's own count",
        "sequence_missing" => "The record's own number is missing",
        "duplicate_member" => "Same member name twice",
        "not_a_token" => "Is no signed token",
        "signature_refused" => "The signature is of a kind that is not accepted",
        "not_json" => "Cannot be read as a record",
        "not_a_record" => "Is no record of this format",
        "not_readable" => "The document cannot be read to its end",
        "member_changed" => "A member changed while it was read",
        "statement_too_long" => "A statement of the bundle is larger than is read",
        "limit_line" | "limit_record" => "Larger than is read",
        "key_not_in_force" => "Signed outside the time for which the key is pinned",
        "signature_missing" => "A required signature is missing",
        "signature_mismatch" => "The signature does not fit the pinned key",
        "carried_signature_mismatch" => "The signature does not fit the key in the bundle",
        "carried_key_differs" => "The carried key is not the one that signed",
        "signature_malformed" => "The signature cannot be read",
        "statement_signature_malformed" => "The signature on the closing statement cannot be read",
        "record_after_end" => "Stands after the record that closes the trail",
        "head_mismatch" => "The last hash is not the expected one",
        "count_mismatch" => "The number of records is not the expected one",
        "stated_count_mismatch" => "The number of records is not the one that the bundle states",
        "statement_unreadable" => "A statement over all records cannot be read",
        "stated_head_mismatch" => "The last hash is not the one that the bundle states",
        "root_mismatch" => "The tree over all records has another root than stated",
        "closing_mismatch" => "The digest over all records is not the one that the bundle states",
        "statement_signature_mismatch" => "The signature on the closing statement does not fit",
        "statement_signature_missing" => "The closing statement is not signed",
        "manifest_mismatch" => "A member is not the one that the manifest lists",
        "manifest_missing" => "A member that the manifest lists is not here",
        "manifest_unlisted" => "A member is not listed in a closed manifest",
        "manifest_duplicate" => "The manifest lists a member twice",
        "manifest_path" => "The manifest lists a name that means no place in the bundle",
        "bag_declaration" => "The bag does not declare itself as BagIt has it",
        "bag_incomplete" => "The bag has no list of its payload",
        "bag_extent" => "The payload has another size than the bag states",
        "bag_fetch" => "The bag names files elsewhere in a way that BagIt does not have",
        "detached_signature_mismatch" => "A signature over members does not fit the pinned key",
        "detached_signature_malformed" => "A signature over members cannot be read",
        "detached_signature_namespace" => "A signature was made for another purpose",
        "detached_signature_comment" => "A signature's trusted comment is not the one that was signed",
        "time_stamp_mismatch" => "A time stamp does not hold under the pinned root",
        "time_stamp_malformed" => "A time stamp cannot be read",
        "statement_malformed" => "A statement about members breaks the rules of its format",
        "sigstore_refused" => "A Sigstore bundle does not hold",
        "checkpoint_signature_mismatch" => "A log's checkpoint does not fit the pinned key",
        "split_view" => "A log signed two different trees of one size",
        "cose_signature_mismatch" => "A COSE signature does not fit the pinned key",
        "receipt_malformed" => "A receipt in a signed statement cannot be read",
        "receipt_mismatch" => "A receipt is not for the statement that carries it",
        "ledger_receipt_mismatch" => "A ledger's receipt does not hold",
        "ledger_digest_conflict" => "Digests of a ledger database contradict each other",
        "manifest_unreadable" => "The manifest cannot be read",
        "bundle_digest_mismatch" => "The bundle is not the one that the sender named",
        "rollback" => "Shorter than at an earlier import",
        "fork" => "Differs from an earlier import of the same trail",
        "other_profile" => "Recognised under another profile than expected",
        "trailing_bytes" => "Bytes after the end",
        "digest_format" => "A digest has an invalid format",
        "digest_moved" => "A digest lies elsewhere than it was written",
        "digest_link_mismatch" => "A digest is not the one that the next one links to",
        "digest_apart" => "A digest stands beside its chain",
        "digest_missing" => "A digest that another one names is missing",
        "digest_gap" => "The digests break off and begin anew, or leave a span of time out",
        "digest_signature_mismatch" => "The signature of a digest is invalid",
        "digest_signature_malformed" => "The signature of a digest cannot be read",
        "log_mismatch" => "A log is not the one that its digest lists",
        "log_missing" => "A log that a digest lists is missing",
        "log_moved" => "A log lies elsewhere than it was written",
        "log_unlisted" => "A log is listed in no digest",
        "result_sign_format" => "The signed list of result files cannot be read",
        "result_mismatch" => "A result file is not the one that is listed",
        "result_missing" => "A result file that is listed is missing",
        "result_unlisted" => "A result file is not listed",
        "result_signature_mismatch" => "The signature of the query result is invalid",
        _ => "A member cannot be read",
    }
}

const DEFAULT_CAP: usize = 10_000;
const LONGEST_TEXT: usize = 2_000;
const RECORDS_PER_GROUP: usize = 100;
