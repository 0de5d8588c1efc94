//! Bombs: a container that asks for more than it should gets a named error, and soon.

use std::io::Read;
use std::ops::ControlFlow;

use tickmark_formats::container::{ContainerError, Exceeded, FaultKind, fault_in};
use tickmark_formats::limits::Limits;

use super::crafted::{built, deflated};
use super::kit::{self, file_within, gzip, zstandard};

fn exceeded(name: &str, bytes: &[u8], limits: Limits) -> Exceeded {
    let container = match file_within(name, bytes, limits) {
        Ok(container) => container,
        Err(ContainerError::Limit { exceeded, .. }) => return exceeded,
        Err(other) => panic!("{other}"),
    };
    let outcomes = [true, false].map(|reads| match kit::walk(&container, reads) {
        Err(ContainerError::Limit { exceeded, .. }) => exceeded,
        other => panic!("{other:?}"),
    });
    outcomes[0]
}

/// 200 MiB of zeros, packed about 1000 to 1.
#[test]
fn a_bomb_goes_off_at_the_ratio_and_not_later() {
    let zeros = vec![0; 200 << 20];
    let tar = kit::tar(&[("zeros", &zeros)]);
    for (name, packed) in [
        ("gz", gzip(&zeros)),
        ("zst", zstandard(&zeros)),
        ("tgz", gzip(&tar)),
        ("zip", built(&[deflated("z", &zeros)])),
    ] {
        let container = file_within(name, &packed, Limits::default()).unwrap();
        let mut read = 0;
        let walked = container.walk(&mut |_, bytes| {
            let mut chunk = vec![0; 1 << 16];
            while let Ok(count) = bytes.read(&mut chunk) {
                if count == 0 {
                    break;
                }
                read += count;
            }
            ControlFlow::Continue(())
        });
        let Err(ContainerError::Limit {
            exceeded: Exceeded::Ratio { limit, unpacked, .. },
            ..
        }) = walked
        else {
            panic!("{name}: {walked:?}")
        };
        assert_eq!(limit, 100);
        assert!((63 << 20..65 << 20).contains(&read), "{name}: {read}");
        assert!(unpacked < 65 << 20);
    }
}

fn tight() -> Limits {
    Limits {
        ratio_from: 10_000,
        ..Limits::default()
    }
}

#[test]
fn the_ratio_counts_for_each_zip_member_and_for_all_together() {
    let one = built(&[
        deflated("noise", &kit::noise(100_000)),
        deflated("zeros", &[0; 50_000]),
    ]);
    assert!(matches!(
        exceeded("x", &one, tight()),
        Exceeded::Ratio {
            unpacked: 10_001..,
            ..
        }
    ));
    // each member is small enough to be let through, together they are not
    let parts: Vec<_> = (0..50).map(|n| deflated(&format!("{n}"), &[0; 9_000])).collect();
    assert!(matches!(
        exceeded("x", &built(&parts), tight()),
        Exceeded::Ratio { .. }
    ));
    // and what is packed honestly is let through
    let honest = built(&[deflated("a", &kit::noise(100_000)), deflated("b", &[0; 9_000])]);
    assert_eq!(
        kit::walk(&file_within("x", &honest, tight()).unwrap(), true)
            .unwrap()
            .0
            .codes(),
        []
    );
}

#[test]
fn the_ratio_is_measured_on_bytes_and_not_on_headers() {
    // a stated length that is too small does not hide the bomb, a stated length that is large does not make one
    let mut part = deflated("z", &[0; 50_000]);
    (part.local.unpacked, part.central.unpacked) = (100, 100);
    let container = file_within("x", &built(&[part]), tight()).unwrap();
    let (seen, _) = kit::walk(&container, true).unwrap();
    assert!(matches!(
        seen.faults[0].1,
        FaultKind::Length { expected: 100, .. }
    ));
    assert!(seen.bytes("z").len() <= 100);
}

#[test]
fn the_total_is_counted_over_all_members() {
    let limits = || Limits {
        total: 50_000,
        ..Limits::default()
    };
    let noise = kit::noise(30_000);
    let tar = kit::tar(&[("a", &noise), ("b", &noise)]);
    for packed in [
        gzip(&tar),
        zstandard(&tar),
        tar.clone(),
        kit::zip(&[("a", &noise), ("b", &noise)]),
        kit::noise(60_000),
    ] {
        assert_eq!(
            exceeded("x", &packed, limits()),
            Exceeded::Total { limit: 50_000 }
        );
    }
    let files = ["a", "b"].map(|name| kit::origin(name, &noise)).to_vec();
    let received = tickmark_formats::container::Received::Folder {
        name: "f".into(),
        files,
    };
    let folder = tickmark_formats::container::Container::open(received, limits(), None).unwrap();
    let stopped = kit::walk(&folder, true).unwrap_err();
    assert_eq!(stopped.to_string(), "f: it unfolds to more than 50000 bytes");
    // one member that is asked for by name is counted alone, and its reader says why it stops
    assert_eq!(kit::read_member(&folder, "b").unwrap(), noise);
    let container = file_within("x", &kit::noise(60_000), limits()).unwrap();
    let error = container
        .open_member("x")
        .unwrap()
        .read_to_end(&mut Vec::new())
        .unwrap_err();
    assert_eq!(
        fault_in(&error),
        Some(&FaultKind::Limit(Exceeded::Total { limit: 50_000 }))
    );
}

#[test]
fn members_are_counted_whatever_they_are() {
    let limits = || Limits {
        members: 2,
        ..Limits::default()
    };
    let three: [(&str, &[u8]); 3] = [("a", b""), ("b", b""), ("c", b"")];
    for packed in [kit::tar(&three), kit::zip(&three), gzip(&kit::tar(&three))] {
        assert_eq!(exceeded("x", &packed, limits()), Exceeded::Members { limit: 2 });
    }
    // folders count, too
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["d/", "d/e/", "d/e/f/"] {
        writer
            .add_directory(name, zip::write::SimpleFileOptions::default())
            .unwrap();
    }
    let folders = writer.finish().unwrap().into_inner();
    assert_eq!(exceeded("x", &folders, limits()), Exceeded::Members { limit: 2 });
    assert!(file_within("x", &kit::tar(&three[..2]), limits()).is_ok_and(|c| kit::walk(&c, true).is_ok()));
}

#[test]
fn a_zip_file_that_lists_one_bomb_many_times_gives_nothing() {
    // Fifield's construction shares bytes between members; sharing alone is refused
    let bytes = built(&[deflated("a", &[0; 9_000])]);
    let directory_at = bytes
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    let end_at = bytes.len() - 22;
    let entry = &bytes[directory_at..end_at];
    let mut whole = bytes[..directory_at].to_vec();
    let count = 2000_u16;
    for n in 0..count {
        let mut copy = entry.to_vec();
        let name = format!("{n:05}");
        copy[28] = 5;
        copy.splice(46..47, name.bytes());
        whole.extend(copy);
    }
    let size = whole.len() - directory_at;
    let mut end = bytes[end_at..].to_vec();
    end[8..10].copy_from_slice(&count.to_le_bytes());
    end[10..12].copy_from_slice(&count.to_le_bytes());
    end[12..16].copy_from_slice(&(size as u32).to_le_bytes());
    whole.extend(end);
    let (seen, _) = kit::walk(&kit::file("x", &whole), true).unwrap();
    assert_eq!(seen.members, []);
    assert_eq!(seen.faults.len(), usize::from(count));
    assert!(seen.faults.iter().all(|(_, kind)| *kind == FaultKind::Overlaps));
}
