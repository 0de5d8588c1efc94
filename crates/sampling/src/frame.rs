//! The list from which units are drawn, named by one digest.

use tickmark_crypto::digest::{Algorithm, Hasher};

/// Why a frame has no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// An id holds the character that separates ids, so two different frames could have one digest.
    #[error("The id at position {at} holds a line feed.")]
    LineFeedInId {
        /// Place in the frame, from 1.
        at: u64,
    },
}

/// The frame digest (design, section 3, Words): hex SHA-256 over the ids in frame order, each followed by LF. The same
/// as `sha256sum` of a file with one id a line.
///
/// # Errors
/// [`FrameError::LineFeedInId`].
pub fn frame_digest<'a, I>(ids: I) -> Result<String, FrameError>
where
    I: IntoIterator<Item = &'a str>,
{
    let mut hasher = Hasher::new(Algorithm::Sha256);
    for (at, id) in (1..).zip(ids) {
        if id.contains('\n') {
            return Err(FrameError::LineFeedInId { at });
        }
        hasher.update(id.as_bytes());
        hasher.update(b"\n");
    }
    Ok(hasher.finish().hex())
}
