//! Figures of the report: when the records were made, and how far the limits reach.

mod limit;
mod timeline;

pub(crate) use limit::LimitChart;
pub(crate) use timeline::TimelineChart;

use super::colour::Colour;
use super::shape::Shape;

fn line(x1: f32, y1: f32, x2: f32, y2: f32, width: f32, colour: Colour) -> Shape {
    Shape::Rule {
        from: (x1, y1),
        to: (x2, y2),
        width,
        colour,
        dash: None,
    }
}

/// Slanted lines within a rectangle.
fn hatch(left: f32, top: f32, right: f32, bottom: f32) -> impl Iterator<Item = Shape> {
    let (width, height) = (right - left, bottom - top);
    let count = ((width + height) / HATCH).ceil().max(0.0) as usize;
    (0..=count).filter_map(move |at| {
        // the line x + y = d, cut to the rectangle
        let d = at as f32 * HATCH;
        let (from, to) = ((d - height).max(0.0), d.min(width));
        (from < to).then(|| {
            line(
                left + from,
                top + (d - from),
                left + to,
                top + (d - to),
                0.4,
                Colour::UNPROVEN,
            )
        })
    })
}

/// Distance of the lines of a hatch.
const HATCH: f32 = 3.2;
