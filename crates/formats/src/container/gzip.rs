//! gzip streams (RFC 1952): members one after another, or one only, and nothing after the last one but zero padding.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::error::{FaultKind, fault_in};
use super::meter::Packed;

/// Unpacks a gzip stream. Good bytes come first; then its error, if it has one.
pub(super) struct Gunzip<R: Read> {
    state: State<R>,
    /// Where the current member began.
    member_start: u64,
    members: u64,
    /// Whether a second member is one too many.
    one_only: bool,
}

enum State<R: Read> {
    Member(Box<GzDecoder<Packed<R>>>),
    Finished,
    Failed(FaultKind),
}

impl<R: Read> Gunzip<R> {
    pub(super) fn new(packed: Packed<R>) -> Self {
        let member_start = packed.position();
        Gunzip {
            state: State::Member(Box::new(GzDecoder::new(packed))),
            member_start,
            members: 0,
            one_only: false,
        }
    }

    /// Unpacks a single member; another one after it counts as bytes that should not be there.
    pub(super) fn one_member(packed: Packed<R>) -> Self {
        Gunzip {
            one_only: true,
            ..Gunzip::new(packed)
        }
    }

    /// What an error of the decoder comes to.
    fn fault(&self, error: &io::Error, position: u64) -> FaultKind {
        match error.kind() {
            _ if fault_in(error).is_some() => FaultKind::of(error),
            io::ErrorKind::UnexpectedEof => FaultKind::Truncated { offset: position },
            // what follows a whole member and is no member's header
            io::ErrorKind::InvalidInput if self.members > 0 && position <= self.member_start + HEADER => {
                FaultKind::TrailingBytes {
                    offset: self.member_start,
                }
            }
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                FaultKind::Damaged { offset: position }
            }
            kind => FaultKind::Unreadable { kind },
        }
    }

    /// After one member: another one, the end, or bytes that should not be there.
    fn after_member(&mut self, mut packed: Packed<R>) -> io::Result<State<R>> {
        self.members += 1;
        if let (false, [0x1F, ..]) = (self.one_only, packed.peek(1)?) {
            self.member_start = packed.position();
            return Ok(State::Member(Box::new(GzDecoder::new(packed))));
        }
        Ok(skip_zeros(&mut packed)?.map_or(State::Finished, |offset| {
            State::Failed(FaultKind::TrailingBytes { offset })
        }))
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            let decoder = match &mut self.state {
                State::Member(decoder) => decoder,
                State::Finished => return Ok(0),
                State::Failed(fault) => return Err(fault.clone().into_io()),
            };
            match decoder.read(buf) {
                Ok(0) => {
                    if let State::Member(decoder) = std::mem::replace(&mut self.state, State::Finished) {
                        self.state = self
                            .after_member(decoder.into_inner())
                            .unwrap_or_else(|error| State::Failed(FaultKind::of(&error)));
                    }
                }
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
                Err(error) => {
                    let position = decoder.get_ref().position();
                    self.state = State::Failed(self.fault(&error, position));
                }
            }
        }
    }
}

/// Takes zero padding; says where something else begins, if it does.
pub(super) fn skip_zeros<R: Read>(packed: &mut Packed<R>) -> io::Result<Option<u64>> {
    loop {
        let chunk = packed.fill_buf()?;
        if chunk.is_empty() {
            return Ok(None);
        }
        let zeros = chunk.iter().position(|&byte| byte != 0);
        let count = zeros.unwrap_or(chunk.len());
        packed.consume(count);
        if zeros.is_some() {
            return Ok(Some(packed.position()));
        }
    }
}

/// Bytes of a member's fixed header (RFC 1952 section 2.3).
const HEADER: u64 = 10;
