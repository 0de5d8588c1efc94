//! Sealed files in the age format (C2SP `age`, version 1): vault slots, signer files, encrypted bundles.
//!
//! A sealed file keeps its content secret and whole. It does not say who sealed it.

use std::{
    fmt,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    str::FromStr,
};

use age::{
    DecryptError, Decryptor, EncryptError, Encryptor,
    armor::ArmoredReader,
    secrecy::{ExposeSecret as _, SecretString},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::secret::{Secret, SecretBytes};

/// The greatest scrypt work factor that is opened: 2^22, about 16 seconds and 4 GiB. A file asks for it before anybody
/// knows who wrote the file.
pub const WORK_FACTOR_LIMIT: u8 = 22;

/// The longest header that is read, in bytes: room for some hundreds of recipients.
pub const HEADER_LIMIT: usize = 64 << 10;

/// Why a file was not sealed or opened.
#[derive(Debug, Error)]
pub enum SealError {
    /// The passphrase or identity is well formed and is not the one that this file was sealed for.
    #[error("this passphrase or identity does not open the file")]
    WrongSecret,
    /// The file was sealed with a passphrase, and only identities were offered.
    #[error("the file was sealed with a passphrase")]
    NeedsPassphrase,
    /// The file was sealed to recipients, and only passphrases were offered.
    #[error("the file was sealed to a recipient and needs that recipient's identity")]
    NeedsIdentity,
    /// The bytes do not begin like an age file.
    #[error("the file is not an age file")]
    NotAge,
    /// The file names a version of the format that is not known.
    #[error("the file is of a newer age version")]
    NewerVersion,
    /// The header is malformed, longer than [`HEADER_LIMIT`], or its seal (MAC) is broken.
    #[error("the header of the sealed file is damaged")]
    DamagedHeader,
    /// The content is cut off, changed, or followed by other bytes.
    #[error("the content of the sealed file is damaged or cut off")]
    DamagedContent,
    /// The file asks for more work than [`WORK_FACTOR_LIMIT`].
    #[error("the file asks for 2^{found} rounds of work; at most 2^{limit} are done")]
    ExcessiveWork {
        /// The limit, as a power of two.
        limit: u8,
        /// What the file asks for, as a power of two.
        found: u8,
    },
    /// A work factor outside 1 to [`WORK_FACTOR_LIMIT`] was asked for when sealing.
    #[error("a work factor lies between 1 and {limit}; here is {found}")]
    WorkFactor {
        /// The greatest one.
        limit: u8,
        /// The one given.
        found: u8,
    },
    /// No recipient was given to seal to, or no passphrase or identity to open with.
    #[error("nobody was named to seal to or to open with")]
    Nobody,
    /// The text is not an X25519 recipient (`age1…`).
    #[error("the text is not an age recipient (age1…)")]
    NotARecipient,
    /// The text is not an X25519 identity (`AGE-SECRET-KEY-1…`). It is not repeated.
    #[error("the text is not an age identity (AGE-SECRET-KEY-1…)")]
    NotAnIdentity,
    /// Reading or writing failed below this crate.
    #[error("reading the sealed file failed: {kind}")]
    Io {
        /// The operating system's reason.
        kind: io::ErrorKind,
    },
}

/// A reader that can be positioned: a file, a member of a container, bytes in memory.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek + ?Sized> ReadSeek for T {}

/// An X25519 identity, the secret half (`AGE-SECRET-KEY-1…`); without `Debug` and `Clone`.
pub struct Identity(age::x25519::Identity);

impl Identity {
    /// Makes a new identity from the operating system's randomness.
    #[must_use]
    pub fn generate() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// Reads an identity, either alone or as `age-keygen` writes it with comment lines.
    ///
    /// # Errors
    /// [`SealError::NotAnIdentity`]; the text is not repeated.
    pub fn parse(secret: &Secret) -> Result<Self, SealError> {
        let mut lines = secret
            .expose()
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        match (lines.next(), lines.next()) {
            (Some(line), None) => line.parse().map(Self).map_err(|_| SealError::NotAnIdentity),
            _ => Err(SealError::NotAnIdentity),
        }
    }

    /// The public half.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// The identity as text, to be kept where only its owner can read it.
    #[must_use]
    pub fn to_secret(&self) -> Secret {
        Secret::new(self.0.to_string().expose_secret().to_owned())
    }
}

/// An X25519 recipient, the public half (`age1…`).
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(age::x25519::Recipient);

impl FromStr for Recipient {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        text.trim()
            .parse()
            .map(Self)
            .map_err(|_| SealError::NotARecipient)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({self})")
    }
}

/// What somebody offers to open a file with.
pub enum Opener {
    /// A passphrase (scrypt).
    Passphrase(Secret),
    /// An identity (X25519).
    Identity(Identity),
}

impl Opener {
    fn to_age(&self) -> Box<dyn age::Identity> {
        match self {
            Self::Passphrase(passphrase) => {
                let mut identity = age::scrypt::Identity::new(secret_string(passphrase));
                identity.set_max_work_factor(WORK_FACTOR_LIMIT);
                Box::new(identity)
            }
            Self::Identity(identity) => Box::new(identity.0.clone()),
        }
    }
}

/// Seals bytes with a passphrase: scrypt with 2^`work_factor` rounds, r = 8, p = 1.
///
/// Vault slots use 18, about a second of work.
///
/// # Errors
/// [`SealError::WorkFactor`] outside 1 to [`WORK_FACTOR_LIMIT`].
pub fn seal_with_passphrase(
    plain: &[u8],
    passphrase: &Secret,
    work_factor: u8,
) -> Result<Vec<u8>, SealError> {
    seal(plain, |output| {
        SealedWriter::with_passphrase(output, passphrase, work_factor)
    })
}

/// Seals bytes to one or more recipients, any of whom can open them.
///
/// # Errors
/// [`SealError::Nobody`] without a recipient.
pub fn seal_to(plain: &[u8], recipients: &[Recipient]) -> Result<Vec<u8>, SealError> {
    seal(plain, |output| SealedWriter::to_recipients(output, recipients))
}

/// Seals piece by piece what is too large for memory: a package that is handed over, a backup.
///
/// [`SealedWriter::finish`] writes the end. Without it the file is cut off, and whoever opens it is told so.
pub struct SealedWriter<W: Write>(age::stream::StreamWriter<W>);

impl<W: Write> SealedWriter<W> {
    /// Begins a file that a passphrase opens; see [`seal_with_passphrase`].
    ///
    /// # Errors
    /// [`SealError::WorkFactor`], or [`SealError::Io`] of the output.
    pub fn with_passphrase(output: W, passphrase: &Secret, work_factor: u8) -> Result<Self, SealError> {
        if !(1..=WORK_FACTOR_LIMIT).contains(&work_factor) {
            return Err(SealError::WorkFactor {
                limit: WORK_FACTOR_LIMIT,
                found: work_factor,
            });
        }
        let mut recipient = age::scrypt::Recipient::new(secret_string(passphrase));
        recipient.set_work_factor(work_factor);
        Self::begin(output, std::iter::once(&recipient as &dyn age::Recipient))
    }

    /// Begins a file that any of the recipients opens; see [`seal_to`].
    ///
    /// # Errors
    /// [`SealError::Nobody`], or [`SealError::Io`] of the output.
    pub fn to_recipients(output: W, recipients: &[Recipient]) -> Result<Self, SealError> {
        Self::begin(
            output,
            recipients
                .iter()
                .map(|recipient| &recipient.0 as &dyn age::Recipient),
        )
    }

    /// Writes the end of the content and gives the output back.
    ///
    /// # Errors
    /// [`SealError::Io`] of the output.
    pub fn finish(self) -> Result<W, SealError> {
        self.0.finish().map_err(|error| io_error(&error))
    }

    fn begin<'a>(
        output: W,
        recipients: impl Iterator<Item = &'a dyn age::Recipient>,
    ) -> Result<Self, SealError> {
        let encryptor = Encryptor::with_recipients(recipients).map_err(|error| match error {
            EncryptError::Io(error) => io_error(&error),
            _ => SealError::Nobody, // our recipients are all of one kind, so only their absence is left
        })?;
        encryptor
            .wrap_output(output)
            .map(Self)
            .map_err(|error| io_error(&error))
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        self.0.write(plain)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Opens a sealed file that fits into memory, binary or armored.
///
/// Nothing is returned before the whole content has proven undamaged.
///
/// # Errors
/// [`SealError`]; a wrong secret, a foreign file and a damaged one are told apart.
pub fn open(sealed: &[u8], opener: &Opener) -> Result<SecretBytes, SealError> {
    let mut reader = opened(io::Cursor::new(sealed), std::slice::from_ref(opener))?;
    // Reserved at once, so that growing leaves no unwiped copies behind: the content is shorter than the sealed file.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader
        .read_to_end(&mut plain)
        .map_err(|error| content_error(&error))?;
    Ok(SecretBytes::new(std::mem::take(&mut *plain)))
}

/// Opens a sealed file for reading piece by piece, binary or armored; the reader can be positioned anywhere.
///
/// Every 64 KiB are checked before they are given out. That the end was not cut off shows at the end: until a read has
/// returned 0 or `seek(End)` has succeeded, the content may be the beginning of something longer. A damaged or cut content
/// is an [`io::ErrorKind::InvalidData`] or [`io::ErrorKind::UnexpectedEof`] of the reader.
///
/// # Errors
/// [`SealError`], for everything that the header tells.
pub fn open_stream(
    sealed: Box<dyn ReadSeek + Send>,
    openers: &[Opener],
) -> Result<Box<dyn ReadSeek + Send>, SealError> {
    Ok(Box::new(opened(sealed, openers)?))
}

/// Says whether bytes begin like an age file, binary or armored (blanks may stand before armor). 64 bytes are enough where
/// nothing stands before.
#[must_use]
pub fn is_sealed(beginning: &[u8]) -> bool {
    beginning.trim_ascii_start().starts_with(ARMOR_BEGIN) || beginning.starts_with(MAGIC)
}

fn seal(
    plain: &[u8],
    begin: impl FnOnce(Vec<u8>) -> Result<SealedWriter<Vec<u8>>, SealError>,
) -> Result<Vec<u8>, SealError> {
    let mut writer = begin(Vec::with_capacity(plain.len() + 512))?;
    writer.write_all(plain).map_err(|error| io_error(&error))?;
    writer.finish()
}

type Opened<R> = age::stream::StreamReader<ArmoredReader<BufReader<R>>>;

fn opened<R: Read + Seek>(mut sealed: R, openers: &[Opener]) -> Result<Opened<R>, SealError> {
    if openers.is_empty() {
        return Err(SealError::Nobody);
    }
    check_header_bounds(&mut sealed)?;
    let decryptor =
        Decryptor::new_buffered(ArmoredReader::new(sealed)).map_err(|error| header_error(&error))?;
    let by_passphrase = decryptor.is_scrypt();
    let fitting: Vec<Box<dyn age::Identity>> = openers
        .iter()
        .filter(|opener| matches!(opener, Opener::Passphrase(_)) == by_passphrase)
        .map(Opener::to_age)
        .collect();
    if fitting.is_empty() {
        return Err(if by_passphrase {
            SealError::NeedsPassphrase
        } else {
            SealError::NeedsIdentity
        });
    }
    decryptor
        .decrypt(fitting.iter().map(AsRef::as_ref))
        .map_err(|error| header_error(&error))
}

/// Reads the header once within a bound, since the format itself sets none, and returns to where it begins.
fn check_header_bounds(sealed: &mut (impl Read + Seek)) -> Result<(), SealError> {
    let start = sealed.stream_position().map_err(|error| io_error(&error))?;
    let mut beginning = Vec::new();
    // Armor makes four characters of three bytes and adds line ends.
    let read = (&mut *sealed)
        .take(2 * HEADER_LIMIT as u64)
        .read_to_end(&mut beginning);
    read.map_err(|error| io_error(&error))?;
    if !is_sealed(&beginning) {
        return Err(SealError::NotAge);
    }
    // Only armor may have blanks before it.
    let blanks = beginning.len() - beginning.trim_ascii_start().len();
    let position = sealed.seek(SeekFrom::Start(start + blanks as u64));
    position.map_err(|error| io_error(&error))?;
    let armored = ArmoredReader::new(io::Cursor::new(beginning.trim_ascii_start()));
    let mut header = BufReader::new(armored.take(HEADER_LIMIT as u64));
    let mut line = Vec::new();
    loop {
        line.clear();
        match header.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return Err(SealError::DamagedHeader),
            Ok(_) if line.starts_with(b"--- ") => return Ok(()),
            Ok(_) => {}
        }
    }
}

fn header_error(error: &DecryptError) -> SealError {
    match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => {
            SealError::WrongSecret
        }
        DecryptError::ExcessiveWork { required, .. } => SealError::ExcessiveWork {
            limit: WORK_FACTOR_LIMIT,
            found: *required,
        },
        DecryptError::UnknownFormat => SealError::NewerVersion,
        DecryptError::Io(error) if !is_damage(error) => io_error(error),
        _ => SealError::DamagedHeader,
    }
}

fn content_error(error: &io::Error) -> SealError {
    if is_damage(error) {
        SealError::DamagedContent
    } else {
        io_error(error)
    }
}

fn io_error(error: &io::Error) -> SealError {
    SealError::Io { kind: error.kind() }
}

fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

fn secret_string(secret: &Secret) -> SecretString {
    SecretString::from(secret.expose().to_owned())
}

const MAGIC: &[u8] = b"age-encryption.org/";
const ARMOR_BEGIN: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

#[cfg(test)]
mod tests;
