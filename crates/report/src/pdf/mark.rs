//! The outcome marks: their outlines differ, so that they survive a black-and-white printer.

use super::colour::Colour;
use super::shape::{Path, Shape, Step};

/// A mark beside a word. The word always stands with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Filled disc with a tick: proven.
    Proven,
    /// Filled square with a cross: refuted.
    Refuted,
    /// Broken ring with a dash: not proven.
    NotProven,
    /// Bare tick: pass, supports, observed.
    Tick,
    /// Bare cross: fail, deviation, exception.
    Cross,
    /// Small broken ring: not checked.
    Ring,
    /// Dash: not applicable, not evaluable.
    Dash,
}

impl Mark {
    /// The colour of its meaning; the word beside it has the same.
    pub fn colour(self) -> Colour {
        match self {
            Mark::Proven | Mark::Tick => Colour::PROVEN,
            Mark::Refuted | Mark::Cross => Colour::REFUTED,
            Mark::NotProven | Mark::Ring => Colour::UNPROVEN,
            Mark::Dash => Colour::NONE,
        }
    }

    /// Draws it in a square whose upper left corner is at x, y.
    pub fn draw(self, x: f32, y: f32, size: f32) -> Vec<Shape> {
        let at = |px: f32, py: f32| (x + px * size, y + py * size);
        let stroke = |points: &[(f32, f32)], width: f32, colour: Colour| {
            let steps = points.iter().enumerate().map(|(i, p)| {
                let p = at(p.0, p.1);
                if i == 0 {
                    Step::Move(p.0, p.1)
                } else {
                    Step::Line(p.0, p.1)
                }
            });
            Shape::Path(Path {
                steps: steps.collect(),
                fill: None,
                stroke: Some((colour, width * size)),
                dash: None,
                round: true,
            })
        };
        let colour = self.colour();
        let tick: &[(f32, f32)] = &[(0.28, 0.52), (0.44, 0.68), (0.73, 0.35)];
        let cross: [&[(f32, f32)]; 2] = [&[(0.32, 0.32), (0.68, 0.68)], &[(0.68, 0.32), (0.32, 0.68)]];
        match self {
            Mark::Proven => {
                let disc = Path {
                    steps: circle(x + size / 2.0, y + size / 2.0, size / 2.0),
                    fill: Some(colour),
                    stroke: None,
                    dash: None,
                    round: false,
                };
                vec![Shape::Path(disc), stroke(tick, 0.115, Colour::PAPER)]
            }
            Mark::Refuted => {
                let square = Shape::Path(Path {
                    steps: rounded(
                        x + 0.02 * size,
                        y + 0.02 * size,
                        0.96 * size,
                        0.96 * size,
                        0.17 * size,
                    ),
                    fill: Some(colour),
                    stroke: None,
                    dash: None,
                    round: false,
                });
                vec![
                    square,
                    stroke(cross[0], 0.115, Colour::PAPER),
                    stroke(cross[1], 0.115, Colour::PAPER),
                ]
            }
            Mark::NotProven => vec![
                broken_ring(
                    x + size / 2.0,
                    y + size / 2.0,
                    size * 0.445,
                    size * 0.11,
                    colour,
                    8.0,
                ),
                stroke(&[(0.32, 0.5), (0.68, 0.5)], 0.115, colour),
            ],
            Mark::Tick => vec![stroke(&[(0.14, 0.54), (0.38, 0.78), (0.86, 0.25)], 0.14, colour)],
            Mark::Cross => vec![
                stroke(&[(0.2, 0.2), (0.8, 0.8)], 0.14, colour),
                stroke(&[(0.8, 0.2), (0.2, 0.8)], 0.14, colour),
            ],
            Mark::Ring => vec![broken_ring(
                x + size / 2.0,
                y + size / 2.0,
                size * 0.36,
                size * 0.13,
                colour,
                6.0,
            )],
            Mark::Dash => vec![stroke(&[(0.16, 0.5), (0.84, 0.5)], 0.14, colour)],
        }
    }
}

/// A circle as four curves.
pub(crate) fn circle(x: f32, y: f32, r: f32) -> Vec<Step> {
    let k = r * ARC;
    vec![
        Step::Move(x + r, y),
        Step::Curve(x + r, y + k, x + k, y + r, x, y + r),
        Step::Curve(x - k, y + r, x - r, y + k, x - r, y),
        Step::Curve(x - r, y - k, x - k, y - r, x, y - r),
        Step::Curve(x + k, y - r, x + r, y - k, x + r, y),
        Step::Close,
    ]
}

/// A rectangle with round corners.
pub(crate) fn rounded(x: f32, y: f32, w: f32, h: f32, r: f32) -> Vec<Step> {
    let k = r * (1.0 - ARC);
    vec![
        Step::Move(x + r, y),
        Step::Line(x + w - r, y),
        Step::Curve(x + w - k, y, x + w, y + k, x + w, y + r),
        Step::Line(x + w, y + h - r),
        Step::Curve(x + w, y + h - k, x + w - k, y + h, x + w - r, y + h),
        Step::Line(x + r, y + h),
        Step::Curve(x + k, y + h, x, y + h - k, x, y + h - r),
        Step::Line(x, y + r),
        Step::Curve(x, y + k, x + k, y, x + r, y),
        Step::Close,
    ]
}

fn broken_ring(x: f32, y: f32, r: f32, width: f32, colour: Colour, parts: f32) -> Shape {
    let period = std::f32::consts::TAU * r / parts;
    let dash = Some((period * 0.6, period * 0.4));
    Shape::Path(Path {
        steps: circle(x, y, r),
        fill: None,
        stroke: Some((colour, width)),
        dash,
        round: false,
    })
}

/// Length of the handles by which a curve comes nearest to a quarter of a circle of radius one.
const ARC: f32 = 0.552_284_8;
