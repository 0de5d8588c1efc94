use std::io::Cursor;

use proptest::prelude::*;

use super::*;

const LOW: u8 = 2; // work factor: these tests ask what is opened, not how long it takes

fn passphrase(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn opener(text: &str) -> Opener {
    Opener::Passphrase(passphrase(text))
}

fn armored(sealed: &[u8]) -> Vec<u8> {
    let mut writer =
        age::armor::ArmoredWriter::wrap_output(Vec::new(), age::armor::Format::AsciiArmor).unwrap();
    writer.write_all(sealed).unwrap();
    writer.finish().unwrap()
}

/// The error without its secret-free but awkward `Ok` side.
fn refusal(sealed: &[u8], opener: &Opener) -> SealError {
    open(sealed, opener).err().expect("refused")
}

#[test]
fn what_is_sealed_is_opened() {
    let by_passphrase = seal_with_passphrase(b"a data key", &passphrase("four words of mine"), LOW).unwrap();
    assert_eq!(
        open(&by_passphrase, &opener("four words of mine"))
            .unwrap()
            .expose(),
        b"a data key"
    );

    let (identity, other) = (Identity::generate(), Identity::generate());
    let sealed = seal_to(b"a data key", &[other.recipient(), identity.recipient()]).unwrap();
    for form in [
        sealed.clone(),
        armored(&sealed),
        [b"\n".to_vec(), armored(&sealed)].concat(),
    ] {
        let again = Opener::Identity(Identity::parse(&identity.to_secret()).unwrap());
        assert_eq!(open(&form, &again).unwrap().expose(), b"a data key");
        assert!(is_sealed(&form));
    }
    assert!(
        seal_to(b"", &[identity.recipient()])
            .is_ok_and(|empty| open(&empty, &Opener::Identity(identity)).is_ok())
    );
}

#[test]
fn a_wrong_secret_is_told_from_everything_else() {
    let sealed = seal_with_passphrase(b"x", &passphrase("right"), LOW).unwrap();
    assert!(matches!(
        refusal(&sealed, &opener("wrong")),
        SealError::WrongSecret
    ));
    assert!(matches!(refusal(&sealed, &opener("")), SealError::WrongSecret));
    let identity = Identity::generate();
    assert!(matches!(
        refusal(&sealed, &Opener::Identity(identity)),
        SealError::NeedsPassphrase
    ));

    let to_another = seal_to(b"x", &[Identity::generate().recipient()]).unwrap();
    assert!(matches!(
        refusal(&to_another, &Opener::Identity(Identity::generate())),
        SealError::WrongSecret
    ));
    assert!(matches!(
        refusal(&to_another, &opener("right")),
        SealError::NeedsIdentity
    ));
    assert!(matches!(seal_to(b"x", &[]), Err(SealError::Nobody)));
    assert!(matches!(
        open_stream(Box::new(Cursor::new(to_another)), &[]),
        Err(SealError::Nobody)
    ));
}

#[test]
fn foreign_cut_and_changed_files_are_told_apart() {
    let sealed = seal_with_passphrase(&[7; 100_000], &passphrase("right"), LOW).unwrap();
    let body = sealed.windows(4).position(|window| window == b"\n---").unwrap() + 1 + 4 + 43 + 1;
    let open = |bytes: &[u8]| refusal(bytes, &opener("right"));
    for foreign in [&b""[..], b"PK\x03\x04", b"age", b"-----BEGIN PUBLIC KEY-----\n"] {
        assert!(matches!(open(foreign), SealError::NotAge));
        assert!(!is_sealed(foreign));
    }
    let newer = [b"age-encryption.org/v9\n", &sealed[22..]].concat();
    assert!(
        matches!(open(&newer), SealError::NewerVersion | SealError::DamagedHeader),
        "{:?}",
        open(&newer)
    );
    for cut in [22, 40, body - 10, body, body + 15] {
        assert!(
            matches!(
                open(&sealed[..cut]),
                SealError::DamagedHeader | SealError::WrongSecret
            ),
            "{cut}"
        );
    }
    for cut in [body + 16, body + 17, body + 16 + 65_552, sealed.len() - 1] {
        assert!(
            matches!(open(&sealed[..cut]), SealError::DamagedContent),
            "{cut} {:?}",
            open(&sealed[..cut])
        );
    }
    for at in [body + 16, body + 70_000, sealed.len() - 1] {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(matches!(open(&changed), SealError::DamagedContent), "{at}");
    }
    assert!(matches!(
        open(&[sealed.clone(), vec![0]].concat()),
        SealError::DamagedContent
    ));
    let mut mac = sealed.clone();
    mac[body - 10] = if mac[body - 10] == b'A' { b'B' } else { b'A' };
    assert!(matches!(open(&mac), SealError::DamagedHeader));
    let armor = armored(&sealed);
    assert!(
        matches!(open(&armor[..armor.len() - 60]), SealError::DamagedContent),
        "{:?}",
        open(&armor[..armor.len() - 60])
    );
}

#[test]
fn work_is_bounded() {
    for found in [0, 23, 64, 255] {
        let refused = seal_with_passphrase(b"x", &passphrase("right"), found);
        assert!(
            matches!(refused, Err(SealError::WorkFactor { limit: 22, .. })),
            "{found}"
        );
    }
    let sealed = seal_with_passphrase(b"x", &passphrase("right"), LOW).unwrap();
    let text = String::from_utf8_lossy(&sealed[..100]);
    let line = text.lines().nth(1).unwrap();
    for found in [23, 40, 63] {
        let asking = line.replacen(&format!(" {LOW}"), &format!(" {found}"), 1);
        assert_ne!(asking, line);
        let changed = [
            b"age-encryption.org/v1\n",
            asking.as_bytes(),
            &sealed[22 + line.len()..],
        ]
        .concat();
        let refused = refusal(&changed, &opener("right"));
        assert!(
            matches!(refused, SealError::ExcessiveWork { limit: 22, found: asked } if asked == found),
            "{refused:?}"
        );
    }
}

#[test]
fn a_header_without_end_is_not_read_to_the_end() {
    struct Endless(u64);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += buffer.len() as u64;
            assert!(self.0 < 1 << 20, "reads on and on");
            let line = b"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
            buffer
                .iter_mut()
                .zip(line.iter().cycle())
                .for_each(|(place, byte)| *place = *byte);
            Ok(buffer.len())
        }
    }
    impl Seek for Endless {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Ok(0)
        }
    }
    let magic = Cursor::new(b"age-encryption.org/v1\n".to_vec());
    struct Then<A, B>(A, B);
    impl<A: Read, B: Read> Read for Then<A, B> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => self.1.read(buffer),
                some => Ok(some),
            }
        }
    }
    impl<A: Seek, B> Seek for Then<A, B> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let refused = open_stream(Box::new(Then(magic, Endless(0))), &[opener("x")]).err();
    assert!(matches!(refused, Some(SealError::DamagedHeader)), "{refused:?}");
}

#[test]
fn a_stream_can_be_positioned_anywhere() {
    let plain: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    let identity = Identity::generate();
    let sealed = seal_to(&plain, &[identity.recipient()]).unwrap();
    let openers = [opener("not this one"), Opener::Identity(identity)];
    for form in [sealed.clone(), armored(&sealed)] {
        let mut stream = open_stream(Box::new(Cursor::new(form)), &openers).unwrap();
        assert_eq!(stream.seek(SeekFrom::End(0)).unwrap(), plain.len() as u64);
        for at in [0, 1, 65_535, 65_536, 65_537, 400_000, 1_199_000] {
            let mut piece = [0; 900];
            stream.seek(SeekFrom::Start(at as u64)).unwrap();
            stream.read_exact(&mut piece).unwrap();
            assert_eq!(piece, plain[at..at + 900], "{at}");
        }
        let mut whole = Vec::new();
        stream.rewind().unwrap();
        stream.read_to_end(&mut whole).unwrap();
        assert_eq!(whole, plain);
    }
    for cut in [sealed.len() - 1, sealed.len() - 65_552, 70_000] {
        let mut stream = open_stream(Box::new(Cursor::new(sealed[..cut].to_vec())), &openers).unwrap();
        let error = stream.read_to_end(&mut Vec::new()).unwrap_err();
        assert!(is_damage(&error), "{error:?}");
        let mut stream = open_stream(Box::new(Cursor::new(sealed[..cut].to_vec())), &openers).unwrap();
        assert!(stream.seek(SeekFrom::End(0)).is_err(), "a cut end is no end");
    }
}

#[test]
fn what_is_sealed_piece_by_piece_needs_its_end() {
    let plain = vec![9; 200_000];
    let sealed = |finished: bool| {
        let mut output = Vec::new();
        let mut writer = SealedWriter::with_passphrase(&mut output, &passphrase("right"), LOW).unwrap();
        plain
            .chunks(1_000)
            .for_each(|piece| writer.write_all(piece).unwrap());
        if finished {
            writer.finish().unwrap();
        }
        output
    };
    assert_eq!(open(&sealed(true), &opener("right")).unwrap().expose(), plain);
    assert!(matches!(
        refusal(&sealed(false), &opener("right")),
        SealError::DamagedContent
    ));
    assert!(matches!(
        SealedWriter::to_recipients(Vec::new(), &[]),
        Err(SealError::Nobody)
    ));
}

#[test]
fn recipients_and_identities_are_read_back() {
    let identity = Identity::generate();
    let recipient = identity.recipient();
    assert_eq!(
        recipient.to_string().parse::<Recipient>().ok(),
        Some(recipient.clone())
    );
    assert!(recipient.to_string().starts_with("age1"));
    let file = format!(
        "# created: 2026-11-24\n# public key: {recipient}\n{}\n",
        identity.to_secret().expose()
    );
    assert_eq!(
        Identity::parse(&Secret::new(file)).unwrap().recipient(),
        recipient
    );
    for text in [
        "",
        "age1",
        "AGE-SECRET-KEY-1",
        &recipient.to_string(),
        "ssh-ed25519 AAAA",
    ] {
        let refused = Identity::parse(&passphrase(text)).err();
        assert!(matches!(refused, Some(SealError::NotAnIdentity)), "{text}");
    }
    let twice = [identity.to_secret().expose(), "\n", identity.to_secret().expose()].concat();
    assert!(Identity::parse(&Secret::new(twice)).is_err());
    for text in ["", "age1", "age1qqqq", identity.to_secret().expose()] {
        assert!(matches!(text.parse::<Recipient>(), Err(SealError::NotARecipient)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(prefix in prop::sample::select(vec!["", "age-encryption.org/v1\n-> scrypt ", "-----BEGIN AGE ENCRYPTED FILE-----\n"]), bytes: Vec<u8>) {
        let _ = open(&[prefix.as_bytes(), &bytes].concat(), &opener("x"));
    }

    #[test]
    fn no_changed_file_opens(at in 0_usize..10_000, bit in 0_u8..8) {
        let sealed = seal_with_passphrase(&[1; 200], &passphrase("x"), 1).unwrap();
        let mut changed = sealed.clone();
        let at = at % sealed.len();
        changed[at] ^= 1 << bit;
        prop_assert!(open(&changed, &opener("x")).is_err(), "byte {}", at);
    }
}
