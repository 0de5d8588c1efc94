//! What the vault remembers of every trail it has seen: heads, and the records before them.

use std::sync::{Arc, Mutex, PoisonError};

use tickmark_vault::id::BundleNo;
use tickmark_vault::table::Kept;
use tickmark_vault::table::trail_head::TrailHead;
use tickmark_vault::view::View;
use tickmark_vault::{Vault, VaultError};
use tickmark_verify::verification::{KeyOrigin, Relation, Verification};
use tickmark_verify::{Memory, RememberedHead};

use crate::error::Answer;
use crate::moment;

/// The heads that imports before this one showed, oldest first, with the first record of each trail.
///
/// # Errors
/// When the vault cannot be read.
pub(crate) fn remembered(
    view: &View<'_>,
    before: Option<BundleNo>,
    source: Option<&str>,
) -> Answer<Vec<RememberedHead>> {
    let mut found = Vec::new();
    for head in view.trail_heads().list()? {
        // a later import says nothing against an earlier one that is judged again
        if before.is_some_and(|before| head.bundle.0 >= before.0) {
            continue;
        }
        let chain = Some(head.chain.clone()).filter(|chain| !chain.is_empty());
        let Some(first) = first_of_chain(view, head.bundle, chain.as_deref())? else {
            continue;
        };
        let came_from = view.bundles().get(head.bundle)?.source.clone();
        found.push(one(&head, chain, first, came_from.as_deref(), source));
    }
    Ok(found)
}

fn one(
    head: &Kept<TrailHead>,
    chain: Option<String>,
    first_id: String,
    came_from: Option<&str>,
    source: Option<&str>,
) -> RememberedHead {
    RememberedHead {
        chain,
        first_id,
        records: head.records,
        head: head.head.clone(),
        imported_at: moment::stated(head.at),
        import: Some(head.bundle.to_string()),
        profile: Some(head.profile.clone()),
        first_seq: head.first_seq.clone(),
        last_seq: head.last_seq.clone(),
        same_source: source.is_some() && came_from == source,
    }
}

fn first_of_chain(view: &View<'_>, bundle: BundleNo, chain: Option<&str>) -> Answer<Option<String>> {
    use tickmark_vault::query::{Field, Filter, RecordQuery, Scope};
    let mut query = RecordQuery::of(Scope::Bundles(vec![bundle]));
    query.limit = 1;
    if let Some(chain) = chain {
        query.filters.push(Filter {
            field: Field::Chain,
            values: vec![chain.to_owned()],
            wanted: true,
        });
    }
    let page = view.records().page(&query)?;
    Ok(page
        .rows
        .first()
        .map(|row| tickmark_crypto::encoding::hex(row.id.digest())))
}

/// The heads that a judgement shows, to be remembered.
pub(crate) fn heads_of(verification: &Verification, bundle: BundleNo) -> Vec<TrailHead> {
    let Some(profile) = &verification.profile else {
        return Vec::new();
    };
    let signer = verification
        .keys
        .iter()
        .find(|key| key.origin == KeyOrigin::Pinned)
        .map(|key| key.fingerprint.clone());
    verification
        .chains
        .iter()
        .filter(|chain| chain.records > 0 && !chain.head.is_empty())
        .map(|chain| TrailHead {
            profile: profile.id.clone(),
            chain: chain.chain.clone().unwrap_or_default(),
            signer: signer.clone().unwrap_or_default(),
            records: chain.records,
            head: chain.head.clone(),
            first_seq: chain.first_seq.clone(),
            last_seq: chain.last_seq.clone(),
            bundle,
        })
        .collect()
}

/// The source of an earlier import of which a record is here: what nobody named can be found.
///
/// # Errors
/// When the vault cannot be read.
pub(crate) fn source_of(view: &View<'_>, verification: &Verification) -> Answer<Option<String>> {
    let shown = |relation: Relation| relation != Relation::Unknown;
    for continuity in verification.continuity.iter().filter(|c| shown(c.relation)) {
        let Some(bundle) = continuity
            .earlier
            .import
            .as_deref()
            .and_then(|id| id.parse().ok())
        else {
            continue;
        };
        if let Some(source) = view.bundles().get(bundle)?.source.clone() {
            return Ok(Some(source));
        }
    }
    Ok(None)
}

/// The records of earlier imports, as the vault keeps them.
pub(crate) struct KeptRecords {
    vault: Arc<Vault>,
    failed: Mutex<Option<VaultError>>,
}

impl KeptRecords {
    pub fn new(vault: &Arc<Vault>) -> Arc<Self> {
        Arc::new(KeptRecords {
            vault: Arc::clone(vault),
            failed: Mutex::default(),
        })
    }

    /// What kept an answer from being given, if anything did: the judgement then rests on too little.
    pub fn failure(&self) -> Option<VaultError> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Memory for KeptRecords {
    fn place(&self, head: &RememberedHead, record: &[u8; 32]) -> Option<u64> {
        let bundle = head.import.as_deref()?.parse().ok()?;
        let chain = head.chain.as_deref();
        let place = self
            .vault
            .read(|view| view.records().place_in_chain(bundle, chain, record));
        match place {
            Ok(place) => place,
            Err(error) => {
                *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                None
            }
        }
    }
}
