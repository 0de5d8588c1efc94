//! Upper limits beside tolerable rates.

use super::line;
use crate::model::Sample;
use crate::pdf::colour::Colour;
use crate::pdf::flow::Paper;
use crate::pdf::font::Face;
use crate::pdf::mark::circle;
use crate::pdf::piece::{Align, Ink, label};
use crate::pdf::shape::{Path, Placed, Shape};
use crate::pdf::structure::NodeId;
use crate::pdf::text::{Style, natural_width, plain};
use crate::words;

/// One line a sample: from zero to the upper limit, a ring at the rate that was seen, a dashed line at the tolerable rate.
pub(crate) struct LimitChart<'a> {
    rows: Vec<LimitRow<'a>>,
    /// The right end of the axis, in percent.
    end: f32,
    /// Distance of its ticks, in percent.
    tick: f32,
    /// Where the axis begins, right of the names.
    left: f32,
}

struct LimitRow<'a> {
    sample: &'a Sample,
    rate: f32,
    limit: f32,
    tolerable: f32,
}

impl<'a> LimitChart<'a> {
    /// From samples that have an evaluation.
    pub fn new(ink: &Ink, samples: &'a [Sample]) -> LimitChart<'a> {
        let percent = |text: &str| {
            text.parse::<f32>()
                .ok()
                .filter(|value| value.is_finite())
                .map(|value| value * 100.0)
        };
        let entered = |text: &str| {
            text.trim()
                .trim_end_matches('%')
                .trim()
                .parse::<f32>()
                .ok()
                .filter(|value| value.is_finite())
        };
        let rows: Vec<LimitRow<'_>> = samples
            .iter()
            .filter_map(|sample| {
                let evaluation = sample.evaluation.as_ref()?;
                Some(LimitRow {
                    sample,
                    rate: percent(&evaluation.point_rate)?,
                    limit: percent(&evaluation.upper_limit)?,
                    tolerable: entered(&sample.plan.tolerable)?,
                })
            })
            .collect();
        let furthest = rows
            .iter()
            .map(|row| row.limit.max(row.tolerable))
            .fold(1.0f32, f32::max)
            .min(100.0);
        let tick = TICKS
            .into_iter()
            .find(|tick| furthest * 1.12 / tick <= 6.0)
            .unwrap_or(25.0);
        let end = ((furthest * 1.12 / tick).ceil() * tick).min(100.0).max(tick);
        let name = |row: &LimitRow<'_>| {
            ink.fonts.width(Face::Strong, 9.0, &row.sample.label)
                + 17.0
                + natural_width(&ink.fonts, &plain(row.sample.attribute.as_str(), Style::TABLE))
        };
        let left = rows
            .iter()
            .map(name)
            .fold(LIMIT_LEFT.0, f32::max)
            .min(LIMIT_LEFT.1);
        LimitChart {
            rows,
            end,
            tick,
            left,
        }
    }

    /// How tall it is.
    pub fn height(&self) -> f32 {
        self.rows.len() as f32 * LIMIT_ROW + 36.0
    }

    /// Draws it from the upper left corner of the measure.
    pub fn draw(&self, ink: &Ink, node: NodeId) -> Vec<Placed> {
        let mut shapes = Vec::new();
        let bottom = self.rows.len() as f32 * LIMIT_ROW + 5.0;
        let mut at = 0.0;
        while at <= self.end + 0.001 {
            let x = self.x(at);
            shapes.push(Placed {
                node: Some(node),
                shape: line(x, 2.0, x, bottom, 0.5, Colour::RULE),
            });
            let text = if at + self.tick > self.end + 0.001 {
                format!("{at}\u{202f}%")
            } else {
                format!("{at}")
            };
            let wide = ink.fonts.width(Face::Text, 8.0, &text);
            shapes.extend(label(
                ink,
                Some(node),
                &text,
                Style::SMALL,
                x - wide / 2.0,
                bottom + 10.0,
                Align::Left,
            ));
            at += self.tick;
        }
        for (number, row) in self.rows.iter().enumerate() {
            shapes.extend(self.row(ink, node, row, 5.0 + (number as f32 + 0.5) * LIMIT_ROW));
        }
        shapes.extend(self.tolerable(ink, node, bottom));
        shapes
    }

    fn x(&self, percent: f32) -> f32 {
        let right = Paper::MEASURE - 14.0;
        self.left + (percent / self.end).clamp(0.0, 1.0) * (right - self.left)
    }

    fn row(&self, ink: &Ink, node: NodeId, row: &LimitRow<'_>, y: f32) -> Vec<Placed> {
        let mut shapes = Vec::new();
        let baseline = y + 3.2;
        shapes.extend(label(
            ink,
            Some(node),
            &row.sample.label,
            Style::TABLE.strong(),
            0.0,
            baseline,
            Align::Left,
        ));
        let indent = ink.fonts.width(Face::Strong, 9.0, &row.sample.label) + 5.0;
        let name = cut(ink, &row.sample.attribute, self.left - indent - 11.0);
        shapes.extend(label(
            ink,
            Some(node),
            &name,
            Style::TABLE,
            indent,
            baseline,
            Align::Left,
        ));
        let (start, ring, end) = (self.x(0.0), self.x(row.rate), self.x(row.limit));
        let mut put = |shape: Shape| {
            shapes.push(Placed {
                node: Some(node),
                shape,
            });
        };
        put(line(start, y, end, y, 1.6, Colour::TEXT));
        put(line(end, y - 5.0, end, y + 5.0, 1.6, Colour::TEXT));
        put(Shape::Path(Path {
            steps: circle(ring, y, 3.4),
            fill: Some(Colour::PAPER),
            stroke: Some((Colour::TEXT, 1.3)),
            dash: None,
            round: false,
        }));
        let text = words::percent_up(
            &row.sample
                .evaluation
                .as_ref()
                .map(|e| e.upper_limit.clone())
                .unwrap_or_default(),
        )
        .unwrap_or_default();
        let style = Style::TABLE.strong();
        let wide = ink.fonts.width(Face::Strong, 9.0, &text);
        let x = (end + 7.0).min(Paper::MEASURE - wide);
        // the figure stands on paper, so that no line of the grid runs through it
        shapes.push(Placed {
            node: None,
            shape: Shape::Fill {
                x: x - 2.0,
                y: y - 6.0,
                width: wide + 4.0,
                height: 12.0,
                colour: Colour::PAPER,
            },
        });
        shapes.extend(label(ink, Some(node), &text, style, x, baseline, Align::Left));
        shapes
    }

    fn tolerable(&self, ink: &Ink, node: NodeId, bottom: f32) -> Vec<Placed> {
        let mut shapes = Vec::new();
        let dash = |x: f32, top: f32, foot: f32| Placed {
            node: Some(node),
            shape: Shape::Rule {
                from: (x, top),
                to: (x, foot),
                width: 1.0,
                colour: Colour::ACCENT,
                dash: Some((3.0, 2.2)),
            },
        };
        let first = self.rows.first().map(|row| row.tolerable);
        let same = self.rows.iter().all(|row| Some(row.tolerable) == first);
        let style = Style::SMALL.strong().colour(Colour::ACCENT);
        let text = match (first, same) {
            (Some(_), true) => format!(
                "tolerable {}",
                words::entered_percent(self.rows.first().map_or("", |row| &row.sample.plan.tolerable))
            ),
            _ => "dashed: the tolerable rate of each".to_string(),
        };
        let wide = ink.fonts.width(Face::Strong, 8.0, &text);
        if same {
            let x = self.x(first.unwrap_or_default());
            shapes.push(dash(x, -1.0, bottom + 1.0));
            shapes.extend(label(
                ink,
                Some(node),
                &text,
                style,
                (x - wide / 2.0).min(Paper::MEASURE - wide),
                bottom + 20.5,
                Align::Left,
            ));
        } else {
            for (number, row) in self.rows.iter().enumerate() {
                let y = 5.0 + number as f32 * LIMIT_ROW;
                shapes.push(dash(self.x(row.tolerable), y, y + LIMIT_ROW));
            }
            shapes.extend(label(
                ink,
                Some(node),
                &text,
                style,
                self.left,
                bottom + 20.5,
                Align::Left,
            ));
        }
        shapes
    }
}

/// A text that fits this width, cut with an ellipsis; the whole stands in the table below.
fn cut(ink: &Ink, text: &str, width: f32) -> String {
    let wide = |text: &str| natural_width(&ink.fonts, &plain(text, Style::TABLE));
    let short: String = text.chars().take(MAX_NAME).collect();
    if short.len() == text.len() && wide(text) <= width {
        return text.to_string();
    }
    let mut kept = short.chars().count();
    loop {
        let candidate: String = short
            .chars()
            .take(kept)
            .collect::<String>()
            .trim_end()
            .to_string()
            + " …";
        if kept == 0 || wide(&candidate) <= width {
            return candidate;
        }
        kept -= 1;
    }
}

const LIMIT_ROW: f32 = 22.5;
/// Least and most room for the names.
const LIMIT_LEFT: (f32, f32) = (110.0, 215.0);
const MAX_NAME: usize = 80;
/// Distances of the ticks of the axis, in percent.
const TICKS: [f32; 6] = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0];
