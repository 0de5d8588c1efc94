//! One tar header of 512 bytes, and the records of a pax extension.

use super::super::SpecialFile;

/// What a header says, as far as it matters here.
pub(super) struct Header {
    pub(super) kind: Kind,
    /// The name with its prefix, as bytes.
    pub(super) path: Vec<u8>,
    /// Length of the data in bytes.
    pub(super) size: u64,
}

/// What kind of entry a header begins.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    File,
    Folder,
    HardLink,
    SymbolicLink,
    Device,
    Pipe,
    Sparse,
    PaxNext,
    PaxGlobal,
    LongName,
    LongLink,
    Unknown,
}

impl Kind {
    fn of(flag: u8) -> Self {
        match flag {
            0 | b'0' | b'7' => Kind::File,
            b'1' => Kind::HardLink,
            b'2' => Kind::SymbolicLink,
            b'3' | b'4' => Kind::Device,
            b'5' => Kind::Folder,
            b'6' => Kind::Pipe,
            b'S' => Kind::Sparse,
            b'x' | b'X' => Kind::PaxNext,
            b'g' => Kind::PaxGlobal,
            b'L' => Kind::LongName,
            b'K' => Kind::LongLink,
            _ => Kind::Unknown,
        }
    }

    /// Whether blocks of data follow the header. Links and folders may state a length and have none.
    pub(super) fn has_data(self) -> bool {
        !matches!(
            self,
            Kind::HardLink | Kind::SymbolicLink | Kind::Device | Kind::Folder | Kind::Pipe
        )
    }

    /// What it is, when it is no regular file.
    pub(super) fn special(self) -> Option<SpecialFile> {
        match self {
            Kind::HardLink => Some(SpecialFile::HardLink),
            Kind::SymbolicLink => Some(SpecialFile::SymbolicLink),
            Kind::Device => Some(SpecialFile::Device),
            Kind::Pipe => Some(SpecialFile::Pipe),
            Kind::Sparse => Some(SpecialFile::Sparse),
            Kind::Unknown => Some(SpecialFile::Unknown),
            _ => None,
        }
    }
}

impl Header {
    /// Reads a header block; `None` when its checksum or a number does not hold.
    pub(super) fn parse(block: &[u8; 512]) -> Option<Self> {
        if !looks_like_header(block) {
            return None;
        }
        let name = text(field(block, 0, 100));
        let prefix = text(field(block, 345, 155));
        // only POSIX headers have a prefix; GNU keeps times in those bytes
        let has_prefix = field(block, 257, 6) == b"ustar\0" && !prefix.is_empty();
        let path = if has_prefix {
            [prefix, b"/", name].concat()
        } else {
            name.to_vec()
        };
        let flag = *block.get(156)?;
        Some(Header {
            kind: Kind::of(flag),
            path,
            size: number(field(block, 124, 12))?,
        })
    }
}

/// Whether a block's checksum (bytes 148 to 155) is the sum of its bytes, that field taken as spaces.
pub(in super::super) fn looks_like_header(block: &[u8]) -> bool {
    let Some(block) = block.get(..512) else {
        return false;
    };
    let stated = octal(field(block, 148, 8));
    let sum = |byte: fn(u8) -> i64| -> i64 {
        let all = block.iter().enumerate();
        all.map(|(index, &value)| {
            if (148..156).contains(&index) {
                32
            } else {
                byte(value)
            }
        })
        .sum()
    };
    let is_zero = block.iter().all(|&byte| byte == 0);
    // early writers summed signed bytes
    let agrees =
        |stated: i64| stated == sum(i64::from) || stated == sum(|byte| i64::from(byte.cast_signed()));
    !is_zero
        && stated
            .and_then(|stated| i64::try_from(stated).ok())
            .is_some_and(agrees)
}

/// What pax records say about a member.
#[derive(Default)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) sparse: bool,
    has_link: bool,
}

impl Pax {
    /// Parses records of the form `LENGTH SP KEY=VALUE LF`; `None` when one does not hold, or when a name or a length
    /// is stated twice.
    pub(super) fn parse(mut records: &[u8]) -> Option<Self> {
        let mut pax = Pax::default();
        while !records.is_empty() {
            let space = records.iter().position(|&byte| byte == b' ')?;
            let length = usize::try_from(decimal(records.get(..space)?)?).ok()?;
            let record = records.get(space + 1..length)?.strip_suffix(b"\n")?;
            let equals = record.iter().position(|&byte| byte == b'=')?;
            pax.take(record.get(..equals)?, record.get(equals + 1..)?)?;
            records = records.get(length..)?;
        }
        Some(pax)
    }

    fn take(&mut self, key: &[u8], value: &[u8]) -> Option<()> {
        match key {
            b"path" if self.path.is_none() => self.path = Some(value.to_vec()),
            b"size" if self.size.is_none() => self.size = Some(decimal(value)?),
            b"path" | b"size" => return None,
            b"linkpath" => self.has_link = true,
            _ if key.starts_with(b"GNU.sparse.") => self.sparse = true,
            _ => {}
        }
        Some(())
    }

    /// Whether anything is said that only one member can be.
    pub(super) fn names_or_sizes(&self) -> bool {
        self.path.is_some() || self.size.is_some() || self.sparse || self.has_link
    }
}

fn field(block: &[u8], start: usize, length: usize) -> &[u8] {
    block.get(start..start + length).unwrap_or_default()
}

/// The bytes before the first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// Octal digits, or a big-endian number marked by the first bit (GNU).
fn number(field: &[u8]) -> Option<u64> {
    match field.split_first() {
        Some((0x80, rest)) => {
            let (head, tail) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
            let is_small = head.iter().all(|&byte| byte == 0);
            is_small.then(|| tail.try_into().ok().map(u64::from_be_bytes))?
        }
        Some((first, _)) if first & 0x80 != 0 => None,
        _ => octal(field),
    }
}

/// Octal digits with spaces before and spaces or NUL behind; all blank is 0.
fn octal(field: &[u8]) -> Option<u64> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | 0);
    let start = field.iter().position(|byte| *byte != b' ').unwrap_or(field.len());
    let rest = field.get(start..)?;
    let end = rest.iter().position(is_blank).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at_checked(end)?;
    if !tail.iter().all(is_blank) {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, &digit| match digit {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

fn decimal(digits: &[u8]) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| std::str::from_utf8(digits).ok()?.parse().ok())?
}
