//! Text from a real emitter, written again in the emitter's dialect.

use tickmark_formats::canonical::{Dialect, Escape, Separators, is_spelled, to_vec};
use tickmark_formats::json;
use tickmark_formats::limits::Limits;
use tickmark_formats::records::Lines;

use crate::fixtures;

/// Every JSONL file of the emitters is strict JSON line by line, and writing it again in its own order with its own
/// separators gives it back.
#[test]
fn records_of_real_emitters_are_read_and_written_again() {
    let Some(folder) = fixtures::folder("emitters") else {
        return;
    };
    let mut records = 0;
    for path in fixtures::folders(&folder) {
        for (name, bytes) in fixtures::files(&path)
            .iter()
            .filter(|(name, _)| name.ends_with(".jsonl"))
        {
            for line in Lines::new(&bytes[..], &Limits::default()) {
                let line = line.unwrap();
                let value = json::parse(&line.bytes, &Limits::default())
                    .unwrap_or_else(|error| panic!("{name}: {error}"));
                let dialects = [Separators::Compact, Separators::Spaced].map(|separators| {
                    [Escape::Utf8, Escape::PyAscii].map(|escape| Dialect {
                        separators,
                        escape,
                        ..Dialect::OCU
                    })
                });
                let own = dialects
                    .iter()
                    .flatten()
                    .find(|dialect| is_spelled(&value, &line.bytes, dialect));
                let own = own.unwrap_or_else(|| panic!("{name} line {} is in no known dialect", line.number));
                assert_eq!(to_vec(&value, own).unwrap(), line.bytes);
                records += 1;
            }
        }
    }
    assert!(records > 50, "{records}");
}
