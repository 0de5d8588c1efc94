//! Every table that is there refuses to be changed. The list of tables is read from the database, so that a new table
//! cannot be forgotten.

use rusqlite::Connection;
use tickmark_vault::import::{Bytes, Outcome};
use tickmark_vault::table::assessment::{Assessment, Conclusion};
use tickmark_vault::table::disposal::Disposal;
use tickmark_vault::table::draw::Draw;
use tickmark_vault::table::expected_profile::ExpectedProfile;
use tickmark_vault::table::finding::Finding;
use tickmark_vault::table::note::Note;
use tickmark_vault::table::observation::{Observation, ObservationKind};
use tickmark_vault::table::pick::Pick;
use tickmark_vault::table::pinned_key::PinnedKey;
use tickmark_vault::table::plan::Plan;
use tickmark_vault::table::population::Population;
use tickmark_vault::table::report::Report;
use tickmark_vault::table::result::{TestResult, UnitOutcome};
use tickmark_vault::table::review_period::ReviewPeriod;
use tickmark_vault::table::sign_off::SignOff;
use tickmark_vault::table::trail_head::TrailHead;

use crate::kit::{Kit, at, draft, fault, kit, records, stage, verification};
use crate::raw;

/// Tables that are no evidence: an import under way.
const FREE: [&str; 1] = ["staging"];

/// Tables whose rows may be destroyed, never changed: the key of pseudonyms.
const DESTRUCTIBLE: [&str; 1] = ["pseudonym_key"];

#[test]
fn every_table_refuses_update_delete_and_replace() {
    let kit = kit();
    fill(&kit);
    // rows of many tables in one transaction, all bound to its event
    assert_eq!(kit.vault.check_custody().unwrap().faults, []);
    let connection = raw::connection(&kit.path());
    connection
        .execute_batch("PRAGMA recursive_triggers = ON; PRAGMA foreign_keys = OFF")
        .unwrap();
    let mut guarded = 0;
    for table in raw::tables(&connection) {
        if table.starts_with("sqlite_") || table.starts_with("record_index") || FREE.contains(&table.as_str())
        {
            continue;
        }
        assert!(
            raw::count(&connection, &table) > 0,
            "{table} has no row: this test would show nothing"
        );
        let column = first_column(&connection, &table);
        refuses(
            &connection,
            &table,
            &format!("UPDATE {table} SET {column} = {column}"),
        );
        if !DESTRUCTIBLE.contains(&table.as_str()) {
            refuses(&connection, &table, &format!("DELETE FROM {table}"));
            refuses_replace(&connection, &table);
        }
        guarded += 1;
    }
    assert!(guarded >= 30, "{guarded} tables");
}

#[test]
fn this_programs_own_connections_refuse_as_well() {
    let kit = kit();
    let bundle = kit.import("a", &["1 e a ok"]);
    let engagement = kit.engagement();
    let row = kit
        .vault
        .read(|view| view.engagements().get(&engagement))
        .unwrap()
        .row;
    let again = kit.try_write(|txn| txn.engagements_mut().insert(&row));
    assert!(matches!(
        again,
        Err(tickmark_vault::VaultError::Superseded { .. })
    ));
    assert_eq!(
        kit.vault.read(|view| view.bundles().get(bundle)).unwrap().records,
        1
    );
}

fn refuses(connection: &Connection, table: &str, text: &str) {
    let refused = connection.execute(text, []).map_err(|error| error.to_string());
    assert_eq!(refused, Err(format!("append-only: {table}")), "{text}");
}

/// `INSERT OR REPLACE` of a whole row deletes the old one.
fn refuses_replace(connection: &Connection, table: &str) {
    let before = raw::count(connection, table);
    let text = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1");
    let refused = connection.execute(&text, []);
    assert!(refused.is_err(), "{text}");
    assert_eq!(raw::count(connection, table), before);
}

fn first_column(connection: &Connection, table: &str) -> String {
    connection
        .query_row(
            "SELECT name FROM pragma_table_info(?1) ORDER BY cid LIMIT 1",
            [table],
            |row| row.get(0),
        )
        .unwrap()
}

/// At least one row in every table.
fn fill(kit: &Kit) {
    let engagement = kit.engagement();
    let lines = ["1 refund ada ok", "2 refund ben no"];
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    let bytes = stage(&mut import, "a", &lines);
    for (index, mut record) in records(&lines).enumerate() {
        if index == 1 {
            record.bytes = Bytes::Own(lines[1].into());
        }
        import.add_record(record).unwrap();
    }
    let observation = Observation {
        kind: ObservationKind::Evidence,
        name: "retention".into(),
        time_utc: None,
        member: None,
        json: serde_json::json!({}),
    };
    import.add_observation(observation).unwrap();
    let bundle = import.bundle();
    let mut judgement = verification(&bytes);
    judgement.faults = vec![fault(2, "hash_mismatch")];
    let head = TrailHead {
        profile: "aat".into(),
        chain: String::new(),
        signer: String::new(),
        records: 2,
        head: "cd".repeat(32),
        first_seq: None,
        last_seq: None,
        bundle,
    };
    let outcome = Outcome {
        verification: &judgement,
        all_faults: &[],
        heads: &[head],
        importer: Some("lines"),
    };
    import.finish(&kit.signer, &outcome, at(2)).unwrap();

    let digest = tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(b"{}"));
    let json = || serde_json::json!({});
    kit.write(|txn| {
        txn.bundles_mut().link(&engagement, bundle)?;
        txn.pinned_keys_mut().insert(&PinnedKey {
            id: "k".into(),
            version: 1,
            source: None,
            key: "secret".into(),
            algorithm: "hmac-sha256".into(),
            fingerprint: String::new(),
            kid: None,
            owner: "Example Bank".into(),
            confirmed: "by phone".into(),
            second_person: None,
            valid_from: None,
            valid_to: None,
            withdrawn: None,
            replaces: None,
            reason: None,
        })?;
        txn.review_periods_mut().insert(&ReviewPeriod {
            bundle,
            version: 1,
            from: "2026-07-01".into(),
            to: "2026-09-30".into(),
        })?;
        txn.expected_profiles_mut().insert(&ExpectedProfile {
            source: "gateway".into(),
            version: 1,
            profile: "aat".into(),
            profile_version: "1".into(),
            profile_digest: digest.clone(),
            text: "{}".into(),
            reason: None,
        })?;
        txn.populations_mut().insert(&Population {
            id: "p".into(),
            version: 1,
            engagement: engagement.clone(),
            title: "All".into(),
            size: 2,
            frame_digest: digest.clone(),
            digest: digest.clone(),
            json: "{}".into(),
        })?;
        txn.plans_mut().insert(&Plan {
            id: "p".into(),
            version: 1,
            engagement: engagement.clone(),
            population: "p".into(),
            population_version: 1,
            title: "Released".into(),
            digest: digest.clone(),
            json: "{}".into(),
        })?;
        txn.draws_mut().insert(&Draw {
            id: "d".into(),
            version: 1,
            plan: "p".into(),
            plan_version: 1,
            method: "rivest-sha256/1".into(),
            seed: "0".into(),
            seed_source: "dice".into(),
            discarded: None,
            json: json(),
        })?;
        txn.picks_mut().insert(&Pick {
            draw: "d".into(),
            number: 1,
            frame: 1,
            bundle,
            position: 1,
            record: digest.clone(),
            counter: 1,
            stratum: None,
            ticket: None,
            replaces: None,
        })?;
        txn.results_mut().insert(&TestResult {
            draw: "d".into(),
            pick: 1,
            attribute: "released".into(),
            version: 1,
            outcome: UnitOutcome::Pass,
            note: String::new(),
            json: json(),
        })?;
        txn.findings_mut().insert(&Finding {
            id: "f".into(),
            version: 1,
            engagement: engagement.clone(),
            title: "A finding".into(),
            severity: "high".into(),
            status: "draft".into(),
            json: json(),
            evidence: serde_json::json!([]),
        })?;
        txn.notes_mut().insert(&Note {
            id: "n".into(),
            version: 1,
            engagement: None,
            target: "bundle".into(),
            reference: bundle.to_string(),
            text: "A note".into(),
            json: json(),
        })?;
        txn.assessments_mut().insert(&Assessment {
            engagement: engagement.clone(),
            control: "eu-ai-act/12(1)".into(),
            version: 1,
            conclusion: Conclusion::Observed,
            json: json(),
        })?;
        txn.reports_mut().insert(&Report {
            id: "r".into(),
            version: 1,
            engagement: engagement.clone(),
            digest: digest.clone(),
            path: None,
            json: json(),
        })?;
        txn.sign_offs_mut().insert(&SignOff {
            engagement: engagement.clone(),
            target: "report".into(),
            reference: "r".into(),
            digest: digest.clone(),
            meaning: "reviewed".into(),
            note: String::new(),
            signature: None,
        })
    });
    // another bundle is disposed of, so that the rules of the first one are still those of a kept one
    let other = kit.import("b", &["3 refund cy ok"]);
    kit.write(|txn| {
        txn.disposals_mut().insert(&Disposal {
            bundle: other,
            ground: "over".into(),
            approved: "Ben".into(),
        })
    });
}
