//! What can be wrong with a container as a whole, and with one member.

use std::io;

use thiserror::Error;

use super::UnlockError;

/// Why a container cannot be opened or walked to its end.
#[derive(Debug, Error)]
pub enum ContainerError {
    /// The bytes cannot be opened or read.
    #[error("{name} cannot be read: {source}")]
    Read {
        /// The container's name.
        name: String,
        /// What the store says.
        source: io::Error,
    },
    /// The container is sealed with age and no way to unlock it was given.
    #[error("{name} is encrypted with age; a key or passphrase is needed")]
    Sealed {
        /// The container's name.
        name: String,
    },
    /// The container is sealed with age and stays closed.
    #[error("{name} is encrypted with age and stays closed: {source}")]
    Locked {
        /// The container's name.
        name: String,
        /// Why.
        source: UnlockError,
    },
    /// The container is sealed again inside its seals.
    #[error("{name} is encrypted more than {limit} times over")]
    SealedTooOften {
        /// The container's name.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// A limit was passed.
    #[error("{name}: {exceeded}")]
    Limit {
        /// The container's name.
        name: String,
        /// Which limit.
        exceeded: Exceeded,
    },
    /// No member has that name.
    #[error("{name} has no member {member:?}")]
    NoSuchMember {
        /// The container's name.
        name: String,
        /// The name asked for.
        member: String,
    },
    /// The member asked for cannot be given.
    #[error("{name}: {fault}")]
    Member {
        /// The container's name.
        name: String,
        /// What is wrong with it.
        fault: MemberFault,
    },
}

/// A limit that was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Exceeded {
    /// The members are longer than allowed, all together.
    #[error("it unfolds to more than {limit} bytes")]
    Total {
        /// [`crate::limits::Limits::total`].
        limit: u64,
    },
    /// There are more members than allowed.
    #[error("it has more than {limit} members")]
    Members {
        /// [`crate::limits::Limits::members`].
        limit: u64,
    },
    /// It unfolds to far more than it holds.
    #[error("{packed} packed bytes unfold to {unpacked} and more; allowed are {limit} for each")]
    Ratio {
        /// [`crate::limits::Limits::ratio`].
        limit: u64,
        /// Packed bytes read until then.
        packed: u64,
        /// Bytes they unfolded to.
        unpacked: u64,
    },
    /// The names of the members are longer than allowed, all together.
    #[error("the names of its members are longer than {limit} bytes together")]
    Names {
        /// The limit.
        limit: u64,
    },
}

/// Something wrong with one member, or with the container around the members.
///
/// Where a reader of this module fails, its [`io::Error`] carries one ([`fault_in`]).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{member:?}: {kind}")]
pub struct MemberFault {
    /// The member's name, as far as it can be shown; the container's name for what belongs to no member.
    pub member: String,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong with a member or around it.
///
/// Offsets count from 0 inside the seals: in a ZIP file and in a compressed stream the packed bytes, in a tar file the
/// bytes of the tar file itself.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FaultKind {
    /// Bytes follow the end: after the last gzip member or Zstandard frame, after the end of a tar or ZIP file, after
    /// the compressed data of one member. Zero padding is no fault for gzip, Zstandard and tar.
    #[error("bytes follow the end, from byte {offset}")]
    TrailingBytes {
        /// The first such byte.
        offset: u64,
    },
    /// Bytes stand before the beginning of a ZIP file.
    #[error("{length} bytes stand before the beginning")]
    LeadingBytes {
        /// How many.
        length: u64,
    },
    /// A ZIP file holds bytes that belong to no member that it lists.
    #[error("{length} bytes from byte {offset} belong to no listed member")]
    UnlistedBytes {
        /// The first such byte.
        offset: u64,
        /// How many.
        length: u64,
    },
    /// The container ends inside the member; the bytes before that were given.
    #[error("the container ends too early, at byte {offset}")]
    Truncated {
        /// The container's length.
        offset: u64,
    },
    /// The packed bytes contradict their format.
    #[error("the packed bytes are damaged near byte {offset}")]
    Damaged {
        /// About where.
        offset: u64,
    },
    /// The unpacked bytes do not have the stated CRC-32.
    #[error("expected CRC-32 {expected:08x}, found {found:08x}")]
    Crc32 {
        /// As the container states.
        expected: u32,
        /// As computed.
        found: u32,
    },
    /// The unpacked bytes do not have the stated length.
    #[error("expected {expected} bytes, found {found}")]
    Length {
        /// As the container states.
        expected: u64,
        /// As counted; counting ends one byte beyond what a ZIP file states.
        found: u64,
    },
    /// A ZIP file describes the member in two ways.
    #[error(
        "the ZIP file states two values for the {field}: {central} in its directory, {local} at the member"
    )]
    HeadersDisagree {
        /// Which description: `name`, `method`, `encryption`, `CRC-32`, `packed length`, `length`.
        field: &'static str,
        /// In the central directory.
        central: String,
        /// At the member.
        local: String,
    },
    /// A tar file states two lengths for the member.
    #[error("the tar file states two lengths: {header} in its header, {pax} in its pax record")]
    LengthsDisagree {
        /// In the header.
        header: u64,
        /// In the pax record.
        pax: u64,
    },
    /// A ZIP member shares bytes with another one.
    #[error("its bytes overlap those of another member")]
    Overlaps,
    /// A ZIP member is encrypted.
    #[error("it is encrypted inside the ZIP file")]
    Encrypted,
    /// A ZIP member is packed in a way that is not read here (only stored and deflated members are).
    #[error("it is packed by method {method}; stored (0) and deflated (8) members are read")]
    UnknownMethod {
        /// The method's number (APPNOTE 4.4.5).
        method: u16,
    },
    /// The ZIP file has no directory at its end: it is cut off, or its end is damaged. Members are read in the order
    /// in which they stand.
    #[error("the ZIP file has no directory at its end")]
    DirectoryMissing,
    /// The ZIP file's directory contradicts itself.
    #[error("the ZIP file's directory states {expected} members and holds {found}")]
    DirectoryCount {
        /// As stated.
        expected: u64,
        /// As counted.
        found: u64,
    },
    /// The ZIP file has more than one directory; two readers may see two containers.
    #[error("the ZIP file has more than one directory")]
    TwoDirectories,
    /// A second member of this name; the first one was given.
    #[error("another member has the same name")]
    DuplicateName,
    /// A name that no member should have; the member was not given.
    #[error("its name is refused: {reason}")]
    Name {
        /// Why.
        reason: NameRefusal,
    },
    /// No regular file; not followed, not given.
    #[error("it is {what}, not a regular file")]
    NotAFile {
        /// What it is.
        what: SpecialFile,
    },
    /// The member's bytes cannot be read.
    #[error("its bytes cannot be read ({kind})")]
    Unreadable {
        /// What the store says.
        kind: io::ErrorKind,
    },
    /// A limit was passed; nothing more is read.
    #[error(transparent)]
    Limit(#[from] Exceeded),
}

/// Why a name is refused. Names are never used as paths; two readers shall see the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameRefusal {
    /// It has no character.
    #[error("it is empty")]
    Empty,
    /// It is longer than 4,096 bytes.
    #[error("it is longer than {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// It is not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// It begins with `/`.
    #[error("it begins at the root")]
    Absolute,
    /// It begins with a letter and a colon.
    #[error("it begins with a drive letter")]
    DriveLetter,
    /// It contains `\`.
    #[error("it contains a backslash")]
    Backslash,
    /// It contains NUL.
    #[error("it contains NUL")]
    Nul,
    /// A segment is `..`.
    #[error("it climbs out of its folder")]
    ParentSegment,
    /// A segment is `.`.
    #[error("it contains the segment \".\"")]
    SelfSegment,
    /// A segment is empty (`a//b`).
    #[error("it contains an empty segment")]
    EmptySegment,
    /// It contains a control character that ends no line.
    #[error("it contains a control character")]
    Control,
    /// A segment ends in a dot or a blank, which Windows drops.
    #[error("a part of it ends in a dot or a blank, which Windows drops")]
    DroppedEnd,
    /// A colon parts a file from a stream behind it.
    #[error("a colon in it names a hidden stream of another file")]
    Stream,
    /// A segment is the name of a device on Windows, such as CON, NUL or COM1.
    #[error("a part of it is the name of a device on Windows")]
    Device,
}

/// What a member is that is no regular file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SpecialFile {
    /// A symbolic link.
    #[error("a symbolic link")]
    SymbolicLink,
    /// A hard link.
    #[error("a hard link")]
    HardLink,
    /// A character or block device.
    #[error("a device")]
    Device,
    /// A named pipe or socket.
    #[error("a pipe or socket")]
    Pipe,
    /// A sparse file, whose holes the container describes.
    #[error("a sparse file")]
    Sparse,
    /// Something of an unknown type.
    #[error("of an unknown type")]
    Unknown,
}

impl MemberFault {
    /// A fault of the member of that name.
    pub(super) fn new(member: &str, kind: FaultKind) -> Self {
        MemberFault {
            member: member.to_owned(),
            kind,
        }
    }

    /// The fault as an error of a reader, with the fault inside.
    pub(super) fn into_io(self) -> io::Error {
        io::Error::new(self.kind.io_kind(), self)
    }
}

impl FaultKind {
    /// A short stable name for logs and data: `trailing_bytes`, `truncated` …
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            FaultKind::TrailingBytes { .. } => "trailing_bytes",
            FaultKind::LeadingBytes { .. } => "leading_bytes",
            FaultKind::UnlistedBytes { .. } => "unlisted_bytes",
            FaultKind::Truncated { .. } => "truncated",
            FaultKind::Damaged { .. } => "damaged",
            FaultKind::Crc32 { .. } => "crc32",
            FaultKind::Length { .. } => "length",
            FaultKind::HeadersDisagree { .. } => "headers_disagree",
            FaultKind::LengthsDisagree { .. } => "lengths_disagree",
            FaultKind::Overlaps => "overlaps",
            FaultKind::Encrypted => "encrypted",
            FaultKind::UnknownMethod { .. } => "unknown_method",
            FaultKind::DirectoryMissing => "directory_missing",
            FaultKind::DirectoryCount { .. } => "directory_count",
            FaultKind::TwoDirectories => "two_directories",
            FaultKind::DuplicateName => "duplicate_name",
            FaultKind::Name { .. } => "name",
            FaultKind::NotAFile { .. } => "not_a_file",
            FaultKind::Unreadable { .. } => "unreadable",
            FaultKind::Limit(_) => "limit",
        }
    }

    /// The fault as an error of a stream that does not know its member's name.
    pub(super) fn into_io(self) -> io::Error {
        io::Error::new(self.io_kind(), self)
    }

    /// The fault that a stream's error carries, or what an error of the store comes to.
    pub(super) fn of(error: &io::Error) -> FaultKind {
        fault_in(error)
            .cloned()
            .unwrap_or(FaultKind::Unreadable { kind: error.kind() })
    }

    fn io_kind(&self) -> io::ErrorKind {
        match self {
            FaultKind::Truncated { .. } => io::ErrorKind::UnexpectedEof,
            FaultKind::Limit(_) => io::ErrorKind::QuotaExceeded,
            FaultKind::Unreadable { kind } => *kind,
            _ => io::ErrorKind::InvalidData,
        }
    }
}

/// The fault that an error of one of this module's readers carries.
#[must_use]
pub fn fault_in(error: &io::Error) -> Option<&FaultKind> {
    let inner = error.get_ref()?;
    inner
        .downcast_ref::<MemberFault>()
        .map(|fault| &fault.kind)
        .or_else(|| inner.downcast_ref::<FaultKind>())
}
