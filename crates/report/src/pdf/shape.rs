//! What can be drawn, in points, with y downwards from the upper edge.

use std::rc::Rc;

use super::colour::Colour;
use super::font::Letters;
use super::structure::NodeId;

/// One drawn thing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Letters on their baseline.
    Letters {
        x: f32,
        baseline: f32,
        size: f32,
        colour: Colour,
        letters: Rc<Letters>,
    },
    /// A straight line.
    Rule {
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        colour: Colour,
        dash: Option<(f32, f32)>,
    },
    /// A filled rectangle.
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        colour: Colour,
    },
    /// Anything else.
    Path(Path),
}

/// Lines and curves, filled or stroked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    /// The way of the pen.
    pub steps: Vec<Step>,
    /// Fill.
    pub fill: Option<Colour>,
    /// Stroke: colour and width.
    pub stroke: Option<(Colour, f32)>,
    /// Dash and gap of the stroke.
    pub dash: Option<(f32, f32)>,
    /// Round ends and corners.
    pub round: bool,
}

/// One step of the pen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// Go there without drawing.
    Move(f32, f32),
    /// Draw a line there.
    Line(f32, f32),
    /// Draw a curve: two handles and the end.
    Curve(f32, f32, f32, f32, f32, f32),
    /// Draw a line to where it began.
    Close,
}

/// A shape and the part of the document's structure that it belongs to; `None` for what only decorates.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    /// The part of the structure.
    pub node: Option<NodeId>,
    /// The shape.
    pub shape: Shape,
}

impl Placed {
    /// The same, moved.
    pub fn moved(&self, dx: f32, dy: f32) -> Placed {
        Placed {
            node: self.node,
            shape: self.shape.moved(dx, dy),
        }
    }
}

impl Shape {
    /// A height that lies within the line of text that the shape belongs to: by it, a tall cell is cut into lines.
    pub fn line(&self) -> f32 {
        match self {
            Shape::Letters { baseline, size, .. } => baseline - size * 0.3,
            Shape::Rule { from, .. } => from.1,
            Shape::Fill { y, height, .. } => y + height / 2.0,
            Shape::Path(path) => {
                let heights = || path.steps.iter().filter_map(|step| step.end()).map(|(_, y)| y);
                (heights().fold(f32::MAX, f32::min) + heights().fold(f32::MIN, f32::max)) / 2.0
            }
        }
    }

    fn moved(&self, dx: f32, dy: f32) -> Shape {
        match self {
            Shape::Letters {
                x,
                baseline,
                size,
                colour,
                letters,
            } => Shape::Letters {
                x: x + dx,
                baseline: baseline + dy,
                size: *size,
                colour: *colour,
                letters: Rc::clone(letters),
            },
            Shape::Rule {
                from,
                to,
                width,
                colour,
                dash,
            } => Shape::Rule {
                from: (from.0 + dx, from.1 + dy),
                to: (to.0 + dx, to.1 + dy),
                width: *width,
                colour: *colour,
                dash: *dash,
            },
            Shape::Fill {
                x,
                y,
                width,
                height,
                colour,
            } => Shape::Fill {
                x: x + dx,
                y: y + dy,
                width: *width,
                height: *height,
                colour: *colour,
            },
            Shape::Path(path) => Shape::Path(Path {
                steps: path.steps.iter().map(|s| s.moved(dx, dy)).collect(),
                ..path.clone()
            }),
        }
    }
}

impl Step {
    fn end(self) -> Option<(f32, f32)> {
        match self {
            Step::Move(x, y) | Step::Line(x, y) | Step::Curve(_, _, _, _, x, y) => Some((x, y)),
            Step::Close => None,
        }
    }

    fn moved(self, dx: f32, dy: f32) -> Step {
        match self {
            Step::Move(x, y) => Step::Move(x + dx, y + dy),
            Step::Line(x, y) => Step::Line(x + dx, y + dy),
            Step::Curve(a, b, c, d, x, y) => Step::Curve(a + dx, b + dy, c + dx, d + dy, x + dx, y + dy),
            Step::Close => Step::Close,
        }
    }
}
