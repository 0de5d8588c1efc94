//! Figures, not a test: `cargo test -p tickmark-vault --release --test it -- --ignored --nocapture speed`.
//! `TICKMARK_RECORDS` says how many records (default 100,000).

use std::time::Instant;

use tickmark_crypto::digest::sha256;
use tickmark_vault::VaultError;
use tickmark_vault::frame::FrameOrder;
use tickmark_vault::id::RecordId;
use tickmark_vault::import::{Bytes, NewRecord, Outcome};
use tickmark_vault::query::{Field, Order, RecordQuery, Unit};

use crate::kit::{at, draft, go_on, kit, records, verification};

#[test]
#[ignore = "prints figures"]
fn figures() {
    let count: u64 = std::env::var("TICKMARK_RECORDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    let kit = kit();
    let lines: Vec<String> = (0..count).map(line).collect();
    let bytes: Vec<u8> = lines
        .iter()
        .flat_map(|line| [line.as_bytes(), b"\n"].concat())
        .collect();
    let megabytes = bytes.len() as f64 / 1e6;
    let template = records(&["1 refund ada ok"]).next().unwrap();

    let start = Instant::now();
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    import.add_file("a", &mut &bytes[..], &mut go_on).unwrap();
    let received = start.elapsed();
    let mut offset = 0;
    for (line, position) in lines.iter().zip(1..) {
        let length = line.len() as u64;
        import
            .add_record(record(&template, line, position, offset, length))
            .unwrap();
        offset += length + 1;
    }
    let recorded = start.elapsed();
    let judgement = verification(&bytes);
    let outcome = Outcome {
        verification: &judgement,
        all_faults: &[],
        heads: &[],
        importer: None,
    };
    import.finish(&kit.signer, &outcome, at(2)).unwrap();
    println!(
        "{count} records, {megabytes:.0} MB: received {received:.2?}, recorded {recorded:.2?}, kept {:.2?}",
        start.elapsed()
    );
    let size = std::fs::metadata(kit.path().join("vault.db")).unwrap().len() as f64 / 1e6;
    println!(
        "vault.db {size:.0} MB, {:.0} bytes a record",
        size * 1e6 / count as f64
    );

    let all = RecordQuery {
        limit: 200,
        ..RecordQuery::default()
    };
    time("page", || kit.vault.read(|view| view.records().page(&all)));
    let deep = RecordQuery {
        offset: count / 2,
        ..all.clone()
    };
    time("page in the middle", || {
        kit.vault.read(|view| view.records().page(&deep))
    });
    let by_time = RecordQuery {
        order: Order::TimeReversed,
        ..all.clone()
    };
    time("page, latest first", || {
        kit.vault.read(|view| view.records().page(&by_time))
    });
    let rare = RecordQuery {
        words: "unusual7".into(),
        ..all.clone()
    };
    time("rare word", || kit.vault.read(|view| view.records().page(&rare)));
    let common = RecordQuery {
        words: "escalated refund".into(),
        ..all.clone()
    };
    time("two common words", || {
        kit.vault.read(|view| view.records().page(&common))
    });
    let prefix = RecordQuery {
        words: "esc*".into(),
        ..all.clone()
    };
    time("beginning of a word", || {
        kit.vault.read(|view| view.records().page(&prefix))
    });
    for field in [Field::Event, Field::Actor] {
        time("facet of everything", || {
            kit.vault.read(|view| view.records().facet(&all, field, 10))
        });
    }
    time("facet of two words", || {
        kit.vault
            .read(|view| view.records().facet(&common, Field::Actor, 10))
    });
    time("histogram", || {
        kit.vault.read(|view| view.records().histogram(&all, Unit::Hour))
    });
    for order in [FrameOrder::Source, FrameOrder::Id, FrameOrder::TimeId] {
        time("frame", || {
            kit.vault
                .frame(&all, order)?
                .map(|unit| unit.map(|unit| unit.position))
                .sum::<Result<u64, VaultError>>()
        });
    }
    time("a record's bytes", || {
        let bundle = kit.vault.read(|view| view.bundles().list())?.remove(0).bundle;
        kit.vault.read(|view| view.records().bytes(bundle, count / 2))
    });
    time("check", || kit.vault.check(&mut |_, _| go_on(0)));
}

fn time<T>(what: &str, work: impl Fn() -> Result<T, VaultError>) {
    let start = Instant::now();
    work().unwrap();
    println!("{what}: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
}

fn line(n: u64) -> String {
    let mixed = n.wrapping_mul(6_364_136_223_846_793_005).rotate_right(29);
    let event = ["refund", "escalated", "answered", "declined"][(mixed % 4) as usize];
    let rare = if n.is_multiple_of(9_973) {
        "unusual7"
    } else {
        "usual"
    };
    format!(
        "{{\"seq\":{n},\"time\":{},\"event\":\"{event}\",\"actor\":\"agent-{}\",\"outcome\":\"ok\",\"text\":\"the customer {} asked for a refund of order {} because the parcel {} arrived late and the {rare} rule {} applies to case {}\",\"hash\":\"{:064x}\"}}",
        1_790_000_000 + n / 3,
        mixed % 500,
        mixed % 90_000,
        n * 7 % 1_000_003,
        mixed % 70_001,
        mixed % 50,
        mixed % 300_007,
        mixed
    )
}

fn record(template: &NewRecord, line: &str, position: u64, offset: u64, length: u64) -> NewRecord {
    let mixed = (position - 1)
        .wrapping_mul(6_364_136_223_846_793_005)
        .rotate_right(29);
    NewRecord {
        position,
        id: RecordId::new(sha256(line.as_bytes()), 1),
        bytes: Bytes::InFile {
            file: 1,
            offset,
            length,
        },
        line: Some(position),
        time_utc: Some((1_790_000_000 + position as i64 / 3) * 1_000_000),
        time_text: Some("2026-09-21T14:13:20Z".into()),
        event: Some(["refund", "escalated", "answered", "declined"][(mixed % 4) as usize].into()),
        actor: Some(format!("agent-{}", mixed % 500)),
        text: line.to_owned(),
        summary: line.chars().skip(80).take(120).collect(),
        link: Some(format!("{mixed:064x}")),
        ..template.clone()
    }
}
