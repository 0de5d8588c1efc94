//! A fingerprint as a QR picture, for a second machine to read instead of a person.

use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};

use crate::contract::trust::QrPicture;
use crate::error::{Answer, Code, Error};

/// The picture of `algorithm:fingerprint`; `None` where there is no fingerprint to show.
///
/// # Errors
/// `internal` when it does not fit, which no fingerprint is long enough for.
pub(crate) fn of(algorithm: &str, fingerprint: &str) -> Answer<Option<QrPicture>> {
    if fingerprint.is_empty() {
        return Ok(None);
    }
    let text = format!("{algorithm}:{fingerprint}");
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).map_err(|error| {
        Error::new(
            Code::Internal,
            format!("The fingerprint cannot be drawn: {error}."),
        )
    })?;
    let modules = code.to_colors();
    let rows: Vec<String> = modules
        .chunks(code.width().max(1))
        .map(|row| {
            row.iter()
                .map(|color| if *color == Color::Dark { '1' } else { '0' })
                .collect()
        })
        .collect();
    Ok(Some(QrPicture {
        text,
        size: rows.len() as u64,
        rows,
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_square_and_has_its_three_corners() {
        let picture = of("ed25519", &"7c".repeat(32)).unwrap().unwrap();
        let size = usize::try_from(picture.size).unwrap();
        assert_eq!(picture.text, format!("ed25519:{}", "7c".repeat(32)));
        assert!(picture.rows.iter().all(|row| row.len() == size));
        assert_eq!(picture.rows.len(), size);
        // a finder pattern: seven dark modules, and light beside them (ISO/IEC 18004, 6.3.3)
        let (top, bottom) = (&picture.rows[0], &picture.rows[size - 1]);
        assert!(top.starts_with("11111110") && top.ends_with("01111111"));
        assert!(bottom.starts_with("11111110") && !bottom.ends_with("01111111"));
        assert_eq!(of("hmac-sha256", "").unwrap(), None);
    }
}
