//! Plain files and folders.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use tickmark_formats::container::{
    Container, ContainerError, FaultKind, NameRefusal, Origin, ReadSeek, Received, fault_in,
};
use tickmark_formats::limits::Limits;

use super::kit::{self, file, origin, packing, seen};

fn folder(files: &[(&str, &[u8])]) -> Container {
    let files = files.iter().map(|(name, bytes)| origin(name, bytes)).collect();
    Container::open(
        Received::Folder {
            name: "case".into(),
            files,
        },
        Limits::default(),
        None,
    )
    .unwrap()
}

#[test]
fn a_plain_file_is_one_member_named_as_the_file() {
    let container = file("in/bundle.jsonl", b"{}\n");
    assert_eq!(packing(&container), "file");
    assert_eq!((container.name(), container.len()), ("in/bundle.jsonl", 3));
    let seen = seen(&container);
    assert_eq!(seen.members, [("bundle.jsonl".to_owned(), b"{}\n".to_vec())]);
    assert_eq!(seen.faults, []);
    assert_eq!(kit::read_member(&container, "bundle.jsonl").unwrap(), b"{}\n");
    assert!(matches!(
        container.open_member("x"),
        Err(ContainerError::NoSuchMember { .. })
    ));
    // content decides, not the name
    assert_eq!(packing(&file("a.zip", b"{}")), "file");
    assert_eq!(packing(&file("empty", b"")), "file");
    assert_eq!(kit::seen(&file("empty.gz", b"")).names(), ["empty.gz"]);
}

#[test]
fn a_folder_is_walked_by_name() {
    let container = folder(&[("b.jsonl", b"2"), ("a/z", b"1"), ("a.txt", b"0")]);
    assert_eq!(packing(&container), "folder");
    assert_eq!((container.name(), container.len()), ("case", 3));
    assert_eq!(seen(&container).names(), ["a.txt", "a/z", "b.jsonl"]);
    assert_eq!(kit::read_member(&container, "a/z").unwrap(), b"1");
}

#[test]
fn names_in_a_folder_are_held_to_the_same_rules() {
    let seen = seen(&folder(&[
        ("../x", b""),
        ("a", b"1"),
        ("a", b"2"),
        ("/etc/x", b""),
    ]));
    assert_eq!(seen.names(), ["a"]);
    assert_eq!(seen.bytes("a"), b"1");
    assert_eq!(
        seen.codes(),
        [("../x", "name"), ("/etc/x", "name"), ("a", "duplicate_name")]
    );
    assert_eq!(
        seen.faults[0].1,
        FaultKind::Name {
            reason: NameRefusal::ParentSegment
        }
    );
}

#[test]
fn a_file_that_cannot_be_opened_is_reported_and_the_rest_is_read() {
    struct Gone;
    impl Origin for Gone {
        fn name(&self) -> &str {
            "gone"
        }
        fn len(&self) -> u64 {
            9
        }
        fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let files: Vec<Arc<dyn Origin>> = vec![Arc::new(Gone), origin("here", b"1")];
    let container = Container::open(
        Received::Folder {
            name: "f".into(),
            files,
        },
        Limits::default(),
        None,
    )
    .unwrap();
    let seen = seen(&container);
    assert_eq!(seen.names(), ["here"]);
    assert_eq!(
        seen.faults[0].1,
        FaultKind::Unreadable {
            kind: io::ErrorKind::PermissionDenied
        }
    );
    assert!(matches!(
        container.open_member("gone"),
        Err(ContainerError::Member { .. })
    ));
    let alone = Container::open(Received::File(Arc::new(Gone)), Limits::default(), None);
    assert!(matches!(alone, Err(ContainerError::Read { .. })));
}

#[test]
fn a_file_that_grew_or_shrank_is_reported() {
    struct Grown;
    impl Origin for Grown {
        fn name(&self) -> &str {
            "grown"
        }
        fn len(&self) -> u64 {
            2
        }
        fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
            Ok(Box::new(io::Cursor::new(b"123".to_vec())))
        }
    }
    let container = Container::open(Received::File(Arc::new(Grown)), Limits::default(), None).unwrap();
    let seen = seen(&container);
    assert_eq!(seen.bytes("grown"), b"123");
    assert_eq!(
        seen.faults[0].1,
        FaultKind::Length {
            expected: 2,
            found: 3
        }
    );
}

#[test]
fn a_seal_or_a_store_that_ends_too_early_is_a_cut() {
    struct Cut(&'static [u8]);
    impl io::Read for Cut {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buf)? {
                0 => Err(io::ErrorKind::UnexpectedEof.into()),
                count => Ok(count),
            }
        }
    }
    impl io::Seek for Cut {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            let io::SeekFrom::Start(at) = to else { return Ok(5) };
            self.0 = &b"12345"[usize::try_from(at).unwrap()..];
            Ok(at)
        }
    }
    struct Short;
    impl Origin for Short {
        fn name(&self) -> &str {
            "short"
        }
        fn len(&self) -> u64 {
            9
        }
        fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
            Ok(Box::new(Cut(b"12345")))
        }
    }
    let received = Received::Folder {
        name: "f".into(),
        files: vec![Arc::new(Short), origin("z", b"1")],
    };
    let seen = seen(&Container::open(received, Limits::default(), None).unwrap());
    assert_eq!(seen.bytes("short"), b"12345");
    assert_eq!(seen.bytes("z"), b"1");
    assert_eq!(
        seen.faults,
        [("short".to_owned(), FaultKind::Truncated { offset: 5 })]
    );
}

#[test]
fn a_walk_can_be_broken_off() {
    let container = folder(&[("a", b"1"), ("b", b"2"), ("c", b"3")]);
    let mut names = Vec::new();
    let walked = container
        .walk(&mut |entry, _| {
            names.push(entry.name.clone());
            if entry.name == "b" {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .unwrap();
    assert_eq!((names, walked.members), (vec!["a".to_owned(), "b".to_owned()], 2));
}

#[test]
fn a_failed_reader_fails_again() {
    let mut packed = kit::gzip(&kit::noise(5000));
    packed.truncate(3000);
    let container = file("x.gz", &packed);
    let mut reader = container.open_member("x").unwrap();
    let mut bytes = Vec::new();
    for _ in 0..3 {
        let error = reader.read_to_end(&mut bytes).unwrap_err();
        assert!(
            matches!(fault_in(&error), Some(FaultKind::Truncated { offset: 3000 })),
            "{error}"
        );
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
    assert_eq!(bytes, kit::noise(5000)[..bytes.len()]);
}

/// Every packed file among the published fixtures, as the programs of their vendors wrote it.
#[test]
fn containers_of_real_programs_have_no_fault() {
    let mut found = 0;
    for set in ["emitters", "exports", "cloudtrail"] {
        let Some(root) = crate::fixtures::folder(set) else {
            return;
        };
        let mut open = vec![root];
        while let Some(folder) = open.pop() {
            open.extend(crate::fixtures::folders(&folder));
            for (name, bytes) in crate::fixtures::files(&folder) {
                let container = file(&name, &bytes);
                if packing(&container) != "file" {
                    let seen = seen(&container);
                    assert_eq!(seen.faults, [], "{name}");
                    assert!(!seen.members.is_empty(), "{name}");
                    found += 1;
                }
            }
        }
    }
    assert!(found > 30, "{found}");
}
