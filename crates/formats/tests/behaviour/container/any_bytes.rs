//! Containers that nobody wrote on purpose: random bytes, and good containers with bytes changed.

use proptest::prelude::*;
use tickmark_formats::container::{Container, ContainerError};
use tickmark_formats::limits::Limits;

use super::kit::{self, file_within, gzip, zstandard};

fn small() -> Limits {
    Limits {
        total: 1 << 20,
        ratio_from: 1 << 16,
        members: 100,
        ..Limits::default()
    }
}

/// Walks it both ways and asks for a member; only a limit may end a walk.
fn try_all(container: &Container) {
    for reads in [true, false] {
        match kit::walk(container, reads) {
            Ok(_) | Err(ContainerError::Limit { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    let _ = kit::read_member(container, "a");
}

/// Members by name.
type Members = Vec<(String, Vec<u8>)>;

fn good() -> Vec<(Vec<u8>, Members)> {
    let members: [(&str, &[u8]); 3] = [("a", b"first\n"), ("d/b", &[b'x'; 700]), ("c", b"")];
    let listed: Vec<_> = members
        .iter()
        .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
        .collect();
    let tar = kit::tar(&members);
    let single = vec![("x".to_owned(), b"first\n".repeat(50))];
    vec![
        (gzip(&tar), listed.clone()),
        (kit::zip(&members), listed.clone()),
        (gzip(&single[0].1), single),
        (zstandard(&tar), listed.clone()),
        (tar, listed),
    ]
}

/// Those whose bytes are covered by a checksum of the container.
const WITH_CHECKSUM: usize = 3;

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), head in 0_usize..8) {
        let heads: [&[u8]; 8] = [
            b"", b"\x1F\x8B\x08", b"PK\x03\x04", b"PK\x05\x06", b"\x28\xB5\x2F\xFD", b"\x50\x2A\x4D\x18", b"PK\x01\x02", b"age-e",
        ];
        let bytes = [heads[head], &bytes].concat();
        if let Ok(container) = file_within("x", &bytes, small()) {
            try_all(&container);
        }
    }

    #[test]
    fn a_changed_container_is_told_or_harmless(
        which in 0_usize..5,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let (mut bytes, expected) = good().swap_remove(which);
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        let Ok(container) = file_within("x", &bytes, small()) else { return Ok(()) };
        try_all(&container);
        let is_still_one = kit::packing(&container) != "file";
        if let Ok((seen, _)) = kit::walk(&container, true)
            && which < WITH_CHECKSUM
            && is_still_one
        {
            prop_assert!(seen.members == expected || !seen.faults.is_empty(), "{:?}", seen);
        }
    }

    #[test]
    fn a_cut_container_is_told(which in 0_usize..5, at in any::<prop::sample::Index>()) {
        let (bytes, expected) = good().swap_remove(which);
        let cut = at.index(bytes.len());
        let container = file_within("x", &bytes[..cut], small()).unwrap();
        try_all(&container);
        if kit::packing(&container) != "file" {
            let (seen, _) = kit::walk(&container, true).unwrap();
            prop_assert!(!seen.faults.is_empty(), "{which} cut at {cut}");
            // too short to tell what is packed inside
            if kit::packing(&container) != kit::packing(&file_within("x", &bytes, small()).unwrap()) {
                return Ok(());
            }
            // what is given is a beginning of what was there
            for ((name, bytes), (whole_name, whole)) in seen.members.iter().zip(&expected) {
                prop_assert_eq!(name, whole_name);
                prop_assert!(whole.starts_with(bytes));
            }
        }
    }
}
