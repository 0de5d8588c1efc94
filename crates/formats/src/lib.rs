//! Bytes to values and back: JSON as evidence, canonical forms, records, containers. No clock, no randomness, no
//! hashing, no file system.
//!
//! What comes out of here is faithful to what went in: a number keeps its text, an object its order and every value
//! the byte range it was read from. What cannot be read in one way only (two members of one name, half a surrogate
//! pair, a path that leaves its folder) is refused with a named error.
//!
//! | module | from | to |
//! |---|---|---|
//! | [`json`] | text of one record | [`json::Value`] with spans |
//! | [`mod@pointer`] | `/chain/prev` | [`pointer::Pointer`] (RFC 6901) |
//! | [`canonical`], [`number`] | a value | the bytes that an emitter hashed |
//! | [`records`] | a stream | lines or array items, in bounded memory |
//! | [`container`] | a file or folder as received | its members, streaming |

pub mod canonical;
pub mod container;
pub mod json;
pub mod limits;
pub mod number;
pub mod pointer;
pub mod records;
