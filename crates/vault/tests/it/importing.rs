use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use tickmark_vault::VaultError;
use tickmark_vault::id::BundleNo;
use tickmark_vault::import::{Finished, Outcome};
use tickmark_vault::query::RecordQuery;
use tickmark_vault::table::file::CHUNK;

use crate::kit::{at, draft, finish, go_on, kit, records, stage, verification};
use crate::raw;

#[test]
fn nothing_is_visible_before_the_last_transaction() {
    let kit = kit();
    let lines = ["1 refund ada ok", "2 refund ben no"];
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    let bundle = import.bundle();
    let bytes = stage(&mut import, "a", &lines);
    // enough for several batches to be committed while it is still staging
    let many: Vec<String> = (0..25_000).map(|n| format!("{n} refund ada ok")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for record in records(&many) {
        import.add_record(record).unwrap();
    }
    let visible = || {
        kit.vault
            .read(|view| {
                let words = RecordQuery {
                    words: "refund".into(),
                    limit: 10,
                    ..RecordQuery::default()
                };
                let page = view.records().page(&words)?;
                assert_eq!(page.rows.len() as u64, page.total.min(10));
                assert_eq!(view.records().get(bundle, 1).is_ok(), page.total > 0);
                assert_eq!(view.bundles().get(bundle).is_ok(), page.total > 0);
                Ok::<_, VaultError>((page.total, page.of, view.bundles().list()?.len()))
            })
            .unwrap()
    };
    let staged: i64 = raw::count(&raw::connection(&kit.path()), "record");
    assert!(staged >= 20_000, "{staged}");
    assert_eq!(visible(), (0, 0, 0));
    assert!(
        matches!(finish(import, &kit, &bytes), Finished::Kept { bundle: kept, custody: 2 } if kept == bundle)
    );
    assert_eq!(visible(), (25_000, 25_000, 1));
}

#[test]
fn a_cancelled_import_leaves_the_vault_as_it_was() {
    let kit = kit();
    kit.import("kept", &["1 refund ada ok"]);
    let before = raw::dump(&kit.path());
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    let many: Vec<String> = (0..12_000).map(|n| format!("{n} cancelled ada ok")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    stage(&mut import, "a", &many);
    for record in records(&many) {
        import.add_record(record).unwrap();
    }
    assert_ne!(raw::dump(&kit.path()), before);
    import.cancel().unwrap();
    assert_eq!(raw::dump(&kit.path()), before);
    let hits: i64 = raw::connection(&kit.path())
        .query_row(
            "SELECT count(*) FROM record_index WHERE record_index MATCH 'cancelled'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(hits, 0);
}

#[test]
fn an_import_that_was_dropped_is_swept_away_and_a_living_one_is_not() {
    let kit = kit();
    let before = raw::dump(&kit.path());
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    stage(&mut import, "a", &["1 refund ada ok"]);
    drop(import);
    let mut living = kit.vault.begin_import(draft("b"), at(1)).unwrap();
    let bytes = stage(&mut living, "b", &["2 refund ada ok"]);
    let swept = kit.vault.sweep(&mut || ControlFlow::Continue(())).unwrap();
    assert_eq!(swept.imports, 1);
    living.cancel().unwrap();
    assert_eq!(raw::dump(&kit.path()), before);
    // numbers are never handed out twice
    let next = kit.vault.begin_import(draft("c"), at(1)).unwrap();
    assert_eq!(next.bundle(), BundleNo(3));
    drop(next);
    assert_eq!(bytes.len(), 16);
}

#[test]
fn a_sweep_can_be_broken_off_and_goes_on() {
    let kit = kit();
    let before = raw::dump(&kit.path());
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    let many: Vec<String> = (0..11_000).map(|n| format!("{n} refund ada ok")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for record in records(&many) {
        import.add_record(record).unwrap();
    }
    drop(import);
    let broken = kit.vault.sweep(&mut || ControlFlow::Break(()));
    assert!(matches!(broken, Err(VaultError::Cancelled)));
    let left = raw::count(&raw::connection(&kit.path()), "record");
    assert!(left > 0 && left < 10_000, "{left}");
    kit.vault.sweep(&mut || ControlFlow::Continue(())).unwrap();
    assert_eq!(raw::dump(&kit.path()), before);
}

#[test]
fn the_same_bytes_are_kept_once() {
    let kit = kit();
    let first = kit.import("a", &["1 refund ada ok"]);
    let mut import = kit.vault.begin_import(draft("again"), at(5)).unwrap();
    let bytes = stage(&mut import, "again", &["1 refund ada ok"]);
    assert_eq!(import.already_kept(false).unwrap(), Some(first));
    assert_eq!(
        finish(import, &kit, &bytes),
        Finished::AlreadyKept { bundle: first }
    );
    assert_eq!(kit.vault.read(|view| view.bundles().list()).unwrap().len(), 1);
    assert_eq!(raw::count(&raw::connection(&kit.path()), "staging"), 0);
    assert_eq!(raw::count(&raw::connection(&kit.path()), "chunk"), 1);
}

#[test]
fn two_imports_at_once_do_not_disturb_each_other() {
    let kit = kit();
    let mut one = kit.vault.begin_import(draft("one"), at(1)).unwrap();
    let mut two = kit.vault.begin_import(draft("two"), at(1)).unwrap();
    let lines: Vec<String> = (0..21_000).map(|n| format!("{n} refund ada ok")).collect();
    let (left, right): (Vec<&str>, Vec<&str>) = {
        let all: Vec<&str> = lines.iter().map(String::as_str).collect();
        (all[..10_500].to_vec(), all[10_500..].to_vec())
    };
    let (bytes_one, bytes_two) = (stage(&mut one, "one", &left), stage(&mut two, "two", &right));
    for (a, b) in records(&left).zip(records(&right)) {
        one.add_record(a).unwrap();
        two.add_record(b).unwrap();
    }
    let (first, second) = (one.bundle(), two.bundle());
    finish(two, &kit, &bytes_two);
    finish(one, &kit, &bytes_one);
    kit.vault
        .read(|view| {
            assert_eq!(
                view.records().bytes(first, 10_500)?.bytes,
                left[10_499].as_bytes()
            );
            assert_eq!(view.records().bytes(second, 1)?.bytes, right[0].as_bytes());
            Ok::<_, VaultError>(())
        })
        .unwrap();
    assert!(kit.vault.check(&mut |_, _| go_on(0)).unwrap().is_sound());
}

#[test]
fn a_judgement_about_other_bytes_is_refused() {
    let kit = kit();
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    stage(&mut import, "a", &["1 refund ada ok"]);
    let other = verification(b"other bytes");
    let outcome = Outcome {
        verification: &other,
        all_faults: &[],
        heads: &[],
        importer: None,
    };
    let refused = import.finish(&kit.signer, &outcome, at(2));
    assert!(matches!(
        refused,
        Err(VaultError::Refused {
            what: "judgement",
            ..
        })
    ));
    assert!(kit.vault.read(|view| view.bundles().list()).unwrap().is_empty());
}

#[test]
fn a_stream_that_fails_or_is_broken_off_names_itself() {
    struct Failing(u64);
    impl Read for Failing {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            self.0 = self.0.saturating_sub(out.len() as u64);
            if self.0 == 0 {
                Err(io::Error::other("the medium was taken out"))
            } else {
                Ok(out.len())
            }
        }
    }
    let kit = kit();
    let before = raw::dump(&kit.path());
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    let failed = import.add_file("evidence.zip", &mut Failing(20 << 20), &mut go_on);
    assert!(matches!(failed, Err(VaultError::Source { name, .. }) if name == "evidence.zip"));
    import.cancel().unwrap();
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    let broken = import.add_file("zeros", &mut io::repeat(0), &mut |bytes| {
        if bytes > 16 << 20 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(matches!(broken, Err(VaultError::Cancelled)));
    import.cancel().unwrap();
    assert_eq!(raw::dump(&kit.path()), before);
}

#[test]
fn records_come_in_order_and_ids_are_not_repeated() {
    let kit = kit();
    let mut import = kit.vault.begin_import(draft("a"), at(1)).unwrap();
    let mut pair: Vec<_> = records(&["1 e a ok", "2 e a ok"]).collect();
    assert!(matches!(
        import.add_record(pair[1].clone()),
        Err(VaultError::Refused { .. })
    ));
    // two records under one id: the importer forgot the #2
    pair[1].id = pair[0].id.clone();
    let bytes = stage(&mut import, "a", &["1 e a ok", "2 e a ok"]);
    import.add_record(pair.remove(0)).unwrap();
    import.add_record(pair.remove(0)).unwrap();
    let judgement = verification(&bytes);
    let outcome = Outcome {
        verification: &judgement,
        all_faults: &[],
        heads: &[],
        importer: None,
    };
    assert!(import.finish(&kit.signer, &outcome, at(2)).is_err());
    assert!(kit.vault.read(|view| view.bundles().list()).unwrap().is_empty());
}

#[test]
fn originals_come_out_byte_identical() {
    let kit = kit();
    let chunk = CHUNK as usize;
    let mut import = kit.vault.begin_import(draft("folder"), at(1)).unwrap();
    let mut files = Vec::new();
    for (number, size) in [0, 1, chunk - 1, chunk, chunk + 1, 9 * chunk + 7]
        .into_iter()
        .enumerate()
    {
        let mut state = number as u32 + 1;
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(size)
        .collect();
        let name = format!("part-{number}");
        let file = import.add_file(&name, &mut &bytes[..], &mut go_on).unwrap();
        assert_eq!(
            file.sha256,
            tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(&bytes))
        );
        files.push((name, bytes));
    }
    // what is judged is what is kept, while it is still staging
    for (origin, (name, bytes)) in import.origins().unwrap().iter().zip(&files) {
        assert_eq!((origin.name(), origin.len()), (name.as_str(), bytes.len() as u64));
        assert_eq!(&whole(origin.as_ref()), bytes);
    }
    let mut judgement = verification(b"");
    judgement.bundle.packing = vec!["folder".into()];
    judgement.bundle.sha256 = import.sha256(true);
    let mut lines: Vec<String> = import
        .origins()
        .unwrap()
        .iter()
        .zip(&files)
        .map(|(origin, (name, _))| {
            format!(
                "{}  {name}\n",
                tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(&whole(origin.as_ref())))
            )
        })
        .collect();
    lines.sort_by_key(|line| line[66..].to_owned());
    let listed = tickmark_crypto::digest::sha256(lines.concat().as_bytes());
    assert_eq!(judgement.bundle.sha256, tickmark_crypto::encoding::hex(&listed));
    let bundle = import.bundle();
    let outcome = Outcome {
        verification: &judgement,
        all_faults: &[],
        heads: &[],
        importer: None,
    };
    import.finish(&kit.signer, &outcome, at(2)).unwrap();
    let kit = kit.reopen();
    let originals = kit.vault.originals(bundle).unwrap();
    for (origin, (_, bytes)) in originals.iter().zip(&files) {
        assert_eq!(&whole(origin.as_ref()), bytes);
    }
    seek_about(originals[5].as_ref(), &files[5].1);
    assert!(kit.vault.check(&mut |_, _| go_on(0)).unwrap().is_sound());
}

fn whole(origin: &dyn tickmark_formats::container::Origin) -> Vec<u8> {
    let mut bytes = Vec::new();
    origin.open().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn seek_about(origin: &dyn tickmark_formats::container::Origin, bytes: &[u8]) {
    let mut stream = origin.open().unwrap();
    let mut out = [0; 300];
    for step in 0..200_u64 {
        let at = (step * 7_919_333) % bytes.len() as u64;
        stream.seek(SeekFrom::Start(at)).unwrap();
        let got = stream.read(&mut out).unwrap();
        let start = at as usize;
        assert_eq!(&out[..got], &bytes[start..start + got]);
        assert!(got > 0);
    }
    assert_eq!(stream.seek(SeekFrom::End(-1)).unwrap(), bytes.len() as u64 - 1);
    assert_eq!(stream.read(&mut out).unwrap(), 1);
    assert_eq!(stream.read(&mut out).unwrap(), 0);
    assert_eq!(stream.seek(SeekFrom::End(5)).unwrap(), bytes.len() as u64 + 5);
    assert_eq!(stream.read(&mut out).unwrap(), 0);
    assert!(stream.seek(SeekFrom::Current(-(bytes.len() as i64) - 6)).is_err());
}

#[test]
fn the_index_holds_what_it_is_given_and_the_bytes_stay_whole() {
    let kit = kit();
    let bundle = kit.import_with("a", &["1 refund ada.example@bank.example ok"], |_, record| {
        record.text = "1 refund [EMAIL-1] ok".into();
        record.summary = record.text.clone();
        record.actor = Some("[EMAIL-1]".into());
        record.actor_token = Some(vec![7; 32]);
    });
    kit.vault
        .read(|view| {
            let count = |query: RecordQuery| view.records().count(&query);
            assert_eq!(
                count(RecordQuery {
                    words: "bank".into(),
                    ..RecordQuery::default()
                })?,
                0
            );
            assert_eq!(
                count(RecordQuery {
                    words: "refund".into(),
                    ..RecordQuery::default()
                })?,
                1
            );
            assert_eq!(
                count(RecordQuery {
                    actor_token: Some(vec![7; 32]),
                    ..RecordQuery::default()
                })?,
                1
            );
            assert_eq!(
                count(RecordQuery {
                    actor_token: Some(vec![8; 32]),
                    ..RecordQuery::default()
                })?,
                0
            );
            assert_eq!(
                view.records().bytes(bundle, 1)?.bytes,
                b"1 refund ada.example@bank.example ok"
            );
            Ok::<_, VaultError>(())
        })
        .unwrap();
}
