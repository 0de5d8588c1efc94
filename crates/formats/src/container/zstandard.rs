//! Zstandard streams (RFC 8878): frames one after another, and nothing after the last one but zero padding.

use std::io::{self, Read};

use zstd::stream::read::Decoder;

use super::error::{FaultKind, fault_in};
use super::gzip::skip_zeros;
use super::meter::Packed;

/// Unpacks a Zstandard stream. Good bytes come first; then its error, if it has one.
pub(super) struct Unzstd<R: Read> {
    state: State<R>,
}

enum State<R: Read> {
    Frame(Box<Decoder<'static, Packed<R>>>),
    Finished,
    Failed(FaultKind),
}

impl<R: Read> Unzstd<R> {
    pub(super) fn new(packed: Packed<R>) -> io::Result<Self> {
        Ok(Unzstd {
            state: State::Frame(Box::new(frame(packed)?)),
        })
    }
}

fn frame<R: Read>(packed: Packed<R>) -> io::Result<Decoder<'static, Packed<R>>> {
    let mut decoder = Decoder::with_buffer(packed)?.single_frame();
    // the largest window that is opened, and so the memory that a frame can ask for: 128 MiB
    decoder.window_log_max(WINDOW_LOG)?;
    Ok(decoder)
}

/// After one frame: another one, the end, or bytes that should not be there.
fn after_frame<R: Read>(mut packed: Packed<R>) -> io::Result<State<R>> {
    if is_frame(packed.peek(4)?) {
        return Ok(State::Frame(Box::new(frame(packed)?)));
    }
    Ok(skip_zeros(&mut packed)?.map_or(State::Finished, |offset| {
        State::Failed(FaultKind::TrailingBytes { offset })
    }))
}

/// Whether a frame or a skippable frame begins here (RFC 8878 sections 3.1.1 and 3.1.2).
pub(super) fn is_frame(head: &[u8]) -> bool {
    matches!(
        head,
        [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..]
    )
}

fn fault(error: &io::Error, position: u64) -> FaultKind {
    match error.kind() {
        _ if fault_in(error).is_some() => FaultKind::of(error),
        io::ErrorKind::UnexpectedEof => FaultKind::Truncated { offset: position },
        // the decoder's own errors are of kind Other
        io::ErrorKind::Other | io::ErrorKind::InvalidData => FaultKind::Damaged { offset: position },
        kind => FaultKind::Unreadable { kind },
    }
}

impl<R: Read> Read for Unzstd<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            let decoder = match &mut self.state {
                State::Frame(decoder) => decoder,
                State::Finished => return Ok(0),
                State::Failed(fault) => return Err(fault.clone().into_io()),
            };
            match decoder.read(buf) {
                Ok(0) => {
                    if let State::Frame(decoder) = std::mem::replace(&mut self.state, State::Finished) {
                        self.state = after_frame(decoder.finish())
                            .unwrap_or_else(|error| State::Failed(FaultKind::of(&error)));
                    }
                }
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
                Err(error) => {
                    self.state = State::Failed(fault(&error, decoder.get_ref().position()));
                }
            }
        }
    }
}

const WINDOW_LOG: u32 = 27;
