//! A QR code, drawn as squares, so that a camera can read the digest from paper.

use qrcode::{Color, EcLevel, QrCode};

use super::colour::Colour;
use super::shape::{Path, Shape, Step};

/// The code of a text in a square of this size with its upper left corner at x, y; `None` when the text is too long.
pub(crate) fn draw(text: &str, x: f32, y: f32, size: f32) -> Option<Shape> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let width = code.width();
    let module = size / width as f32;
    let mut steps = Vec::new();
    let colours = code.to_colors();
    for (row, line) in colours.chunks(width).enumerate() {
        let mut at = 0;
        // neighbours in a row are drawn as one, so that no hairline of paper shows between them
        for run in line.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let (left, right) = (x + at as f32 * module, x + (at + run.len()) as f32 * module);
                let (top, bottom) = (y + row as f32 * module, y + (row + 1) as f32 * module);
                steps.extend([
                    Step::Move(left, top),
                    Step::Line(right, top),
                    Step::Line(right, bottom),
                    Step::Line(left, bottom),
                    Step::Close,
                ]);
            }
            at += run.len();
        }
    }
    Some(Shape::Path(Path {
        steps,
        fill: Some(Colour::TEXT),
        stroke: None,
        dash: None,
        round: false,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_fits() {
        let shape = draw(&"ab".repeat(32), 0.0, 0.0, 50.0).unwrap();
        assert!(matches!(shape, Shape::Path(path) if path.steps.len() > 500));
        assert!(draw(&"x".repeat(5000), 0.0, 0.0, 50.0).is_none());
    }
}
