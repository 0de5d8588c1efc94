//! Lies of tar files, whose extension headers say things a second time.

use super::super::case::{Case, Expect};
use super::super::packing::{pax, tar_header, tar_member, tar_of};
use super::super::subject::Subject;
use super::{NAMES, nothing, odd, of, unread};

pub fn cases(s: &Subject, trail: &[u8]) -> Vec<Case> {
    let first = tar_member(b"trail.jsonl", b'0', trail);
    let case = |lie: &str, title: &str, bytes: Vec<u8>, expect: Expect| {
        of(s, &format!("tar-{lie}"), title, "b.tar", bytes, expect)
    };
    let with = |lie: &str, title: &str, parts: &[Vec<u8>], expect: Expect| {
        case(
            lie,
            title,
            tar_of(&[vec![first.clone()], parts.to_vec()].concat()),
            expect,
        )
    };
    let mut cases: Vec<Case> = NAMES
        .into_iter()
        .map(|(lie, name)| {
            with(
                lie,
                "A member has a name that another system takes for another place, device or file.",
                &[tar_member(name.as_bytes(), b'0', b"x")],
                unread("name"),
            )
        })
        .collect();
    for (lie, kind) in [
        ("symlink", b'2'),
        ("hardlink", b'1'),
        ("device", b'3'),
        ("fifo", b'6'),
        ("sparse", b'S'),
    ] {
        let special = tar_header(b"second.jsonl", kind, 0);
        cases.push(with(
            lie,
            "A member is no regular file.",
            &[special],
            unread("not_a_file"),
        ));
    }
    cases.push(with(
        "duplicate-name",
        "Two members have one name.",
        &[tar_member(b"trail.jsonl", b'0', b"{}\n")],
        unread("duplicate_name"),
    ));
    let mut behind = first.clone();
    behind.resize(behind.len() + 1024, 0);
    behind.extend([b'x'; 512]);
    cases.push(case(
        "bytes-behind",
        "Bytes stand behind the end of the tar file.",
        behind,
        odd("trailing_bytes"),
    ));
    let mut unsummed = tar_member(b"second.jsonl", b'0', b"x");
    unsummed[0] = b'S';
    cases.push(with(
        "header-checksum",
        "The checksum of the second member's header is wrong, so that what follows is unknown.",
        &[unsummed],
        unread("damaged"),
    ));
    cases.extend(extended(&with));
    // the trail itself: a reader of the header takes half of it, a reader of the record all
    let halved = tar_of(&[pax(&[("size", &(trail.len() / 2).to_string())]), first.clone()]);
    cases.push(case(
        "pax-size-of-trail",
        "The extension header states half the length that the trail's own header states.",
        halved,
        nothing("lengths_disagree"),
    ));
    cases
}

type With<'w> = &'w dyn Fn(&str, &str, &[Vec<u8>], Expect) -> Case;

/// What extension headers say: it is taken where it is said once, and held to the same rules.
fn extended(with: With<'_>) -> Vec<Case> {
    let plain = || tar_member(b"notes.txt", b'0', b"x");
    let long = |name: &[u8]| tar_member(b"././@LongLink", b'L', name);
    let more = |size| pax(&[("size", size)]);
    vec![
        with(
            "pax-path",
            "An extension header gives a harmless member a name that leaves the package.",
            &[pax(&[("path", "a/../../b")]), plain()],
            unread("name"),
        ),
        with(
            "pax-path-of-trail",
            "An extension header gives another member the trail's name.",
            &[pax(&[("path", "trail.jsonl")]), plain()],
            unread("duplicate_name"),
        ),
        with(
            "pax-size",
            "The extension header states another length than the member's own header.",
            &[more("512"), plain()],
            unread("lengths_disagree"),
        ),
        with(
            "pax-size-twice",
            "The extension header states two lengths.",
            &[pax(&[("size", "1"), ("size", "512")]), plain()],
            unread("damaged"),
        ),
        with(
            "pax-two-headers",
            "Two extension headers give one member two names.",
            &[pax(&[("path", "a.txt")]), pax(&[("path", "b.txt")]), plain()],
            unread("damaged"),
        ),
        with(
            "pax-global-path",
            "A header for all members gives them one name.",
            &[tar_member(b"pax", b'g', b"20 path=trail.jsonl\n"), plain()],
            unread("damaged"),
        ),
        with(
            "pax-sparse",
            "An extension header declares holes, which readers fill or do not.",
            &[
                pax(&[("GNU.sparse.major", "1"), ("GNU.sparse.realsize", "1048576")]),
                plain(),
            ],
            unread("not_a_file"),
        ),
        with(
            "long-name",
            "A GNU long name leaves the package.",
            &[long(b"x/../../y\0"), plain()],
            unread("name"),
        ),
        with(
            "long-name-with-nul",
            "A GNU long name goes on behind a NUL: one reader stops there.",
            &[long(b"trail.jsonl\0.txt\0"), plain()],
            unread("name"),
        ),
        with(
            "long-name-twice",
            "Two GNU long names stand before one member.",
            &[long(b"a.txt\0"), long(b"b.txt\0"), plain()],
            unread("damaged"),
        ),
        with(
            "long-name-and-pax-path",
            "A GNU long name and an extension header give one member two names.",
            &[long(b"a.txt\0"), pax(&[("path", "b.txt")]), plain()],
            unread("damaged"),
        ),
        with(
            "long-name-without-member",
            "A GNU long name stands before no member.",
            &[long(b"a.txt\0")],
            unread("damaged"),
        ),
    ]
}
