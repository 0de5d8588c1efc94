use tickmark_vault::VaultError;
use tickmark_vault::frame::FrameOrder;
use tickmark_vault::id::BundleNo;
use tickmark_vault::query::{Field, Filter, Order, RecordQuery, Scope, Unit};
use tickmark_vault::table::record::RecordRow;

use crate::kit::{Kit, fault, kit, verification};

/// Everything that SQL or FTS5 could take for more than a word.
const HOSTILE: [&str; 42] = [
    "\"",
    "\"\"",
    "'",
    "';--",
    "' OR 1=1 --",
    "*",
    "**",
    "a*b",
    "*a",
    "(",
    ")",
    "()",
    "((",
    "NEAR",
    "NEAR(a b)",
    "NEAR(\"a\" \"b\", 2)",
    "AND",
    "OR",
    "NOT",
    "a AND",
    "OR a",
    "NOT a",
    "a OR b",
    "text:a",
    "text : a",
    "{text}: a",
    "- text: a",
    "^a",
    "+",
    "a + b",
    "-a",
    ":",
    "\\",
    "%",
    "_",
    "\u{0}",
    "a\u{0}b",
    "\u{202e}",
    "\u{feff}",
    "record_index MATCH 'a'",
    "); DROP TABLE record; --",
    "🦀",
];

#[test]
fn no_word_is_an_operator() {
    let kit = kit();
    kit.import(
        "a",
        &[
            "1 e ada ok alpha",
            "2 e ada ok beta",
            "3 e ada ok near and or not text",
        ],
    );
    for words in HOSTILE {
        let query = RecordQuery {
            words: words.into(),
            limit: 10,
            ..RecordQuery::default()
        };
        let page = kit.vault.read(|view| view.records().page(&query)).unwrap();
        assert_eq!(page.rows.len() as u64, page.total, "{words:?}");
        let query = RecordQuery {
            without_words: vec![words.into()],
            limit: 10,
            ..RecordQuery::default()
        };
        kit.vault.read(|view| view.records().page(&query)).unwrap();
        let filter = Filter {
            field: Field::Event,
            values: vec![words.into()],
            wanted: true,
        };
        let query = RecordQuery {
            filters: vec![filter],
            limit: 10,
            ..RecordQuery::default()
        };
        assert_eq!(
            kit.vault.read(|view| view.records().page(&query)).unwrap().total,
            0,
            "{words:?}"
        );
        let query = RecordQuery {
            fault_code: Some(words.into()),
            limit: 10,
            ..RecordQuery::default()
        };
        assert_eq!(
            kit.vault.read(|view| view.records().page(&query)).unwrap().total,
            0,
            "{words:?}"
        );
    }
    // operators by name are words by content
    for (words, total) in [
        ("NOT", 1),
        ("OR", 1),
        ("NEAR and", 1),
        ("alpha OR beta", 0),
        ("al*", 1),
        ("al", 0),
        ("-", 0),
    ] {
        assert_eq!(count(&kit, words), total, "{words}");
    }
    assert_eq!(count(&kit, ""), 3);
}

#[test]
fn words_are_found_whole_folded_and_by_their_beginning() {
    let kit = kit();
    let lines = [
        "1 e agent-7 ok Ünïcode Straße",
        "2 e agent-8 ok user@example.com",
        "3 e agent ok 7 agents",
    ];
    kit.import("a", &lines);
    for (words, total) in [
        ("unicode", 1),
        ("ÜNÏCODE", 1),
        ("straße", 1),
        ("agent-7", 1),
        ("agent", 3),
        ("agent 7", 2),
        ("user@example.com", 1),
        ("example.org", 0),
        ("exam*", 1),
        ("agent ok", 3),
        ("nothing agent", 0),
    ] {
        assert_eq!(count(&kit, words), total, "{words}");
    }
}

fn count(kit: &Kit, words: &str) -> u64 {
    let query = RecordQuery {
        words: words.into(),
        ..RecordQuery::default()
    };
    kit.vault.read(|view| view.records().count(&query)).unwrap()
}

/// Three bundles of records made from a counter, one of them outside the engagement.
fn desk() -> (Kit, Vec<RecordRow>, Scope) {
    let kit = kit();
    let engagement = kit.engagement();
    let mut all = Vec::new();
    for name in ["a", "b", "c"] {
        let lines: Vec<String> = (0..400_u32)
            .map(|n| {
                let mixed = n
                    .wrapping_mul(2_654_435_761)
                    .rotate_left(u32::from(name.as_bytes()[0]))
                    >> 8;
                let time = if mixed.is_multiple_of(5) {
                    "-".to_owned()
                } else {
                    (i64::from(mixed % 97) * 3600 - 90_000).to_string()
                };
                let event = ["refund", "refund", "escalate", "-"][(mixed % 4) as usize];
                let actor = ["ada", "ben", "cy"][(mixed % 3) as usize];
                let outcome = if mixed.is_multiple_of(7) { "declined" } else { "ok" };
                // a few are word for word the same
                format!(
                    "{time} {event} {actor} {outcome} {name} word{}",
                    if n.is_multiple_of(50) { 0 } else { n }
                )
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let bundle = kit.import_with(name, &lines, |index, record| {
            record.chain = Some(["x", "y"][index % 2].into());
        });
        if name != "c" {
            kit.write(|txn| txn.bundles_mut().link(&engagement, bundle));
        }
        if name == "b" {
            let bytes: Vec<u8> = lines
                .iter()
                .flat_map(|line| [line.as_bytes(), b"\n"].concat())
                .collect();
            let mut judgement = verification(&bytes);
            judgement.faults = vec![fault(3, "hash_mismatch"), fault(3, "gap"), fault(200, "gap")];
            kit.write(|txn| txn.verifications_mut().insert(bundle, &judgement));
        }
        for position in 1..=400 {
            all.push(
                kit.vault
                    .read(|view| view.records().get(bundle, position))
                    .unwrap(),
            );
        }
    }
    (kit, all, Scope::Engagement(engagement))
}

fn wanted(field: Field, values: &[&str]) -> Filter {
    Filter {
        field,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        wanted: true,
    }
}

type Naive = Box<dyn Fn(&RecordRow) -> bool>;

/// Queries beside the plain Rust that says what they mean.
fn questions() -> Vec<(RecordQuery, Naive)> {
    let hour = 3_600_000_000_i64;
    let default = RecordQuery::default;
    vec![
        (default(), Box::new(|_| true)),
        (
            RecordQuery {
                words: "ada".into(),
                ..default()
            },
            Box::new(|r| r.actor.as_deref() == Some("ada")),
        ),
        (
            RecordQuery {
                words: "refund".into(),
                without_words: vec!["declined".into()],
                ..default()
            },
            Box::new(|r| r.event.as_deref() == Some("refund") && r.outcome.as_deref() != Some("declined")),
        ),
        (
            RecordQuery {
                filters: vec![wanted(Field::Event, &["escalate", ""])],
                ..default()
            },
            Box::new(|r| matches!(r.event.as_deref(), Some("escalate") | None)),
        ),
        (
            RecordQuery {
                filters: vec![Filter {
                    wanted: false,
                    ..wanted(Field::Event, &["escalate"])
                }],
                ..default()
            },
            Box::new(|r| r.event.as_deref() != Some("escalate")),
        ),
        (
            RecordQuery {
                filters: vec![
                    wanted(Field::Actor, &["ada", "ben"]),
                    wanted(Field::Chain, &["x"]),
                ],
                signed: Some(true),
                ..default()
            },
            Box::new(|r| {
                matches!(r.actor.as_deref(), Some("ada" | "ben"))
                    && r.chain.as_deref() == Some("x")
                    && r.signed
            }),
        ),
        (
            RecordQuery {
                signed: Some(false),
                ..default()
            },
            Box::new(|r| !r.signed),
        ),
        (
            RecordQuery {
                from: Some(-10 * hour),
                to: Some(20 * hour),
                ..default()
            },
            Box::new(move |r| r.time_utc.is_some_and(|t| (-10 * hour..20 * hour).contains(&t))),
        ),
        (
            RecordQuery {
                fault: Some(true),
                ..default()
            },
            Box::new(|r| r.faults > 0),
        ),
        (
            RecordQuery {
                fault: Some(false),
                ..default()
            },
            Box::new(|r| r.faults == 0),
        ),
        (
            RecordQuery {
                fault_code: Some("gap".into()),
                ..default()
            },
            Box::new(|r| r.faults > 0),
        ),
        (
            RecordQuery {
                fault_code: Some("other".into()),
                ..default()
            },
            Box::new(|_| false),
        ),
        (
            RecordQuery {
                filters: vec![wanted(Field::Member, &["records.txt"])],
                ..default()
            },
            Box::new(|_| true),
        ),
        (
            RecordQuery {
                filters: vec![wanted(Field::Model, &["gpt"])],
                ..default()
            },
            Box::new(|_| false),
        ),
    ]
}

fn sorted(mut rows: Vec<RecordRow>, order: Order) -> Vec<RecordRow> {
    let source = |row: &RecordRow| (row.bundle, row.position);
    match order {
        Order::Source => rows.sort_by_key(source),
        Order::SourceReversed => rows.sort_by_key(|row| std::cmp::Reverse(source(row))),
        Order::Id => rows.sort_by_key(|row| (row.id.to_string(), source(row))),
        Order::Time => rows.sort_by_key(|row| (row.time_utc.is_none(), row.time_utc, row.id.to_string())),
        Order::TimeReversed => rows.sort_by(|a, b| {
            let undated = |row: &RecordRow| row.time_utc.is_none();
            undated(a).cmp(&undated(b)).then_with(|| {
                if undated(a) {
                    a.id.cmp(&b.id)
                } else {
                    (b.time_utc, &b.id).cmp(&(a.time_utc, &a.id))
                }
            })
        }),
    }
    rows
}

#[test]
fn pages_are_what_plain_rust_says() {
    let (kit, all, engagement) = desk();
    let scopes = [
        Scope::Vault,
        engagement,
        Scope::Bundles(vec![BundleNo(2)]),
        Scope::Bundles(vec![BundleNo(77)]),
    ];
    let inside = |scope: &Scope, row: &RecordRow| match scope {
        Scope::Vault => true,
        Scope::Engagement(_) => row.bundle.0 <= 2,
        Scope::Bundles(bundles) => bundles.contains(&row.bundle),
    };
    let orders = [
        Order::Source,
        Order::SourceReversed,
        Order::Time,
        Order::TimeReversed,
        Order::Id,
    ];
    let mut compared = 0;
    for scope in &scopes {
        for (question, naive) in questions() {
            let of = all.iter().filter(|row| inside(scope, row)).count() as u64;
            let fits: Vec<RecordRow> = all
                .iter()
                .filter(|row| inside(scope, row) && naive(row))
                .cloned()
                .collect();
            let question = RecordQuery {
                scope: scope.clone(),
                ..question
            };
            assert_eq!(
                kit.vault.read(|view| view.records().count(&question)).unwrap(),
                fits.len() as u64,
                "{question:?}"
            );
            for order in orders {
                let expected = sorted(fits.clone(), order);
                for (offset, limit) in [(0, 50), (37, 300), (expected.len() as u64, 10), (0, 10_000)] {
                    let query = RecordQuery {
                        order,
                        offset,
                        limit,
                        ..question.clone()
                    };
                    let page = kit.vault.read(|view| view.records().page(&query)).unwrap();
                    assert_eq!((page.total, page.of), (fits.len() as u64, of), "{query:?}");
                    let slice: Vec<RecordRow> = expected
                        .iter()
                        .skip(offset as usize)
                        .take(limit as usize)
                        .cloned()
                        .collect();
                    assert_eq!(page.rows, slice, "{query:?}");
                    compared += page.rows.len();
                }
            }
        }
    }
    assert!(compared > 50_000, "{compared}");
}

#[test]
fn frames_are_what_plain_rust_says() {
    let (kit, all, engagement) = desk();
    for (question, naive) in questions() {
        let fits: Vec<RecordRow> = all
            .iter()
            .filter(|row| row.bundle.0 <= 2 && naive(row))
            .cloned()
            .collect();
        let query = RecordQuery {
            scope: engagement.clone(),
            ..question
        };
        for (frame, order) in [
            (FrameOrder::Source, Order::Source),
            (FrameOrder::Id, Order::Id),
            (FrameOrder::TimeId, Order::Time),
        ] {
            let units: Vec<_> = kit
                .vault
                .frame(&query, frame)
                .unwrap()
                .map(|unit| unit.unwrap())
                .collect();
            let expected: Vec<_> = sorted(fits.clone(), order)
                .into_iter()
                .map(|row| (row.bundle, row.position, row.id))
                .collect();
            let found: Vec<_> = units
                .into_iter()
                .map(|unit| (unit.bundle, unit.position, unit.id))
                .collect();
            assert_eq!(found, expected, "{query:?} {frame:?}");
        }
    }
}

#[test]
fn a_frame_reads_in_steps_and_loses_nothing() {
    let kit = kit();
    // more than two steps of a frame; every third undated, many times the same
    let lines: Vec<String> = (0..6_500)
        .map(|n| {
            if n % 3 == 0 {
                format!("- e a ok {n}")
            } else {
                format!("{} e a ok {n}", n % 10)
            }
        })
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let bundle = kit.import("a", &lines);
    let query = RecordQuery::of(Scope::Bundles(vec![bundle]));
    for order in [FrameOrder::Source, FrameOrder::Id, FrameOrder::TimeId] {
        let units: Vec<_> = kit
            .vault
            .frame(&query, order)
            .unwrap()
            .map(|unit| unit.unwrap())
            .collect();
        assert_eq!(units.len(), 6_500);
        let ordered = units.windows(2).all(|pair| match order {
            FrameOrder::Source => pair[0].position < pair[1].position,
            FrameOrder::Id => pair[0].id < pair[1].id,
            FrameOrder::TimeId => {
                let key = |unit: &tickmark_vault::frame::FrameUnit| {
                    let n = unit.position as i64 - 1;
                    (n % 3 == 0, if n % 3 == 0 { 0 } else { n % 10 }, unit.id.clone())
                };
                key(&pair[0]) < key(&pair[1])
            }
        });
        assert!(ordered, "{order:?}");
    }
}

#[test]
fn facets_and_histograms_are_what_plain_rust_says() {
    let (kit, all, engagement) = desk();
    for (question, naive) in questions() {
        let fits: Vec<&RecordRow> = all.iter().filter(|row| row.bundle.0 <= 2 && naive(row)).collect();
        let query = RecordQuery {
            scope: engagement.clone(),
            ..question
        };
        kit.vault
            .read(|view| {
                let facet = view.records().facet(&query, Field::Actor, 2)?;
                let count = |actor: &str| {
                    fits.iter()
                        .filter(|row| row.actor.as_deref() == Some(actor))
                        .count() as u64
                };
                let mut expected: Vec<(String, u64)> = ["ada", "ben", "cy"]
                    .map(|actor| (actor.to_owned(), count(actor)))
                    .into();
                expected.retain(|(_, n)| *n > 0);
                expected.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
                assert_eq!(facet.more, expected.len().saturating_sub(2) as u64, "{query:?}");
                expected.truncate(2);
                assert_eq!(facet.values, expected, "{query:?}");
                let none = view.records().facet(&query, Field::Event, 9)?.none;
                assert_eq!(none, fits.iter().filter(|row| row.event.is_none()).count() as u64);
                for (unit, width) in [(Unit::Hour, 3_600), (Unit::Day, 86_400)] {
                    let histogram = view.records().histogram(&query, unit)?;
                    let mut bars = std::collections::BTreeMap::<i64, (u64, u64)>::new();
                    for row in &fits {
                        if let Some(time) = row.time_utc {
                            let bar = bars
                                .entry(time.div_euclid(width * 1_000_000) * width * 1_000_000)
                                .or_default();
                            bar.0 += 1;
                            bar.1 += u64::from(row.faults > 0);
                        }
                    }
                    let found: std::collections::BTreeMap<_, _> = histogram
                        .buckets
                        .iter()
                        .map(|bar| (bar.from, (bar.count, bar.faults)))
                        .collect();
                    assert_eq!(found, bars, "{query:?}");
                    assert_eq!(
                        histogram.undated,
                        fits.iter().filter(|row| row.time_utc.is_none()).count() as u64
                    );
                }
                let months = view.records().histogram(&query, Unit::Month)?;
                let dated: u64 = fits.iter().filter(|row| row.time_utc.is_some()).count() as u64;
                assert_eq!(months.buckets.iter().map(|bar| bar.count).sum::<u64>(), dated);
                assert!(
                    months
                        .buckets
                        .iter()
                        .all(|bar| [-2_678_400_000_000, 0].contains(&bar.from))
                );
                let times = || fits.iter().filter_map(|row| row.time_utc);
                assert_eq!(
                    view.records().time_span(&query)?,
                    times().min().zip(times().max())
                );
                Ok::<_, VaultError>(())
            })
            .unwrap();
    }
}
