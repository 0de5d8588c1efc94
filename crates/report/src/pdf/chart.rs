//! Figures of the report: when the records were made, and how far the limits reach.

use super::colour::Colour;
use super::flow::Paper;
use super::font::Face;
use super::mark::{Mark, circle};
use super::piece::{Align, Ink, label};
use super::shape::{Path, Placed, Shape};
use super::structure::NodeId;
use super::text::{Style, natural_width, plain};
use crate::model::{BucketUnit, Sample, Timeline};
use crate::words;

/// Bars by time, with faults marked and silent intervals hatched.
pub(crate) struct TimelineChart<'a> {
    timeline: &'a Timeline,
    /// Buckets that are drawn as one bar.
    step: usize,
    /// Records and faults by bar.
    bars: Vec<(u64, u64)>,
}

impl<'a> TimelineChart<'a> {
    /// How tall it is.
    pub const HEIGHT: f32 = 116.0;

    /// From a timeline. More buckets than fit are drawn several to a bar.
    pub fn new(timeline: &'a Timeline) -> TimelineChart<'a> {
        let step = timeline.buckets.len().div_ceil(MAX_BARS).max(1);
        let sum = |part: &[crate::model::Bucket]| {
            let records = part
                .iter()
                .fold(0u64, |sum, bucket| sum.saturating_add(bucket.records));
            let faults = part
                .iter()
                .fold(0u64, |sum, bucket| sum.saturating_add(bucket.faults));
            (records, faults)
        };
        TimelineChart {
            timeline,
            step,
            bars: timeline.buckets.chunks(step).map(sum).collect(),
        }
    }

    /// What a bar is, in words.
    pub fn reading(&self) -> String {
        let unit = match self.timeline.unit {
            BucketUnit::Hour => ("hour", "hours"),
            BucketUnit::Day => ("day", "days"),
        };
        let bar = if self.step == 1 {
            format!("one {}", unit.0)
        } else {
            words::counted(self.step as u64, unit.0, unit.1)
        };
        format!(
            "Each bar is {bar}, counted in {}, by the times that the records state.",
            self.timeline.zone
        )
    }

    /// Draws it from the upper left corner of the measure.
    pub fn draw(&self, ink: &Ink, node: NodeId) -> Vec<Placed> {
        let mut shapes = Vec::new();
        let put = |shapes: &mut Vec<Placed>, shape: Shape| {
            shapes.push(Placed {
                node: Some(node),
                shape,
            })
        };
        let highest = self
            .bars
            .iter()
            .map(|(records, _)| *records)
            .max()
            .unwrap_or(0)
            .max(1);
        let small = Style::SMALL.size(7.5);
        let top_text = format!("{} records", words::count(highest));
        shapes.extend(label(
            ink,
            Some(node),
            &top_text,
            small,
            0.0,
            PLOT_TOP - 4.0,
            Align::Left,
        ));
        put(
            &mut shapes,
            line(0.0, PLOT_TOP, Paper::MEASURE, PLOT_TOP, 0.3, Colour::RULE),
        );
        for silence in &self.timeline.silences {
            shapes.extend(self.silence(ink, node, silence));
        }
        let width = self.bar_width();
        for (at, (records, faults)) in self.bars.iter().enumerate() {
            let x = at as f32 * width;
            let height = (*records as f64 / highest as f64) as f32 * (PLOT_BOTTOM - PLOT_TOP);
            if *records > 0 {
                let gap = (width * 0.18).min(1.0);
                let height = height.max(0.5);
                put(
                    &mut shapes,
                    Shape::Fill {
                        x: x + gap / 2.0,
                        y: PLOT_BOTTOM - height,
                        width: width - gap,
                        height,
                        colour: Colour::SERIES,
                    },
                );
            }
            if *faults > 0 {
                let middle = x + width / 2.0;
                put(
                    &mut shapes,
                    line(middle, PLOT_TOP, middle, PLOT_BOTTOM, 0.5, Colour::REFUTED),
                );
                for shape in Mark::Cross.draw(middle - 3.0, PLOT_TOP - 7.5, 6.0) {
                    put(&mut shapes, shape);
                }
            }
        }
        put(
            &mut shapes,
            line(
                0.0,
                PLOT_BOTTOM,
                Paper::MEASURE,
                PLOT_BOTTOM,
                0.6,
                Colour::RULE_STRONG,
            ),
        );
        shapes.extend(self.axis(ink, node));
        shapes.extend(self.legend(ink, node));
        shapes
    }

    fn bar_width(&self) -> f32 {
        Paper::MEASURE / self.bars.len().max(1) as f32
    }

    fn place_of(&self, bucket: u64) -> f32 {
        let buckets = self.timeline.buckets.len().max(1) as f32;
        (bucket as f32 / buckets).clamp(0.0, 1.0) * Paper::MEASURE
    }

    fn silence(&self, ink: &Ink, node: NodeId, silence: &crate::model::Silence) -> Vec<Placed> {
        let left = self.place_of(silence.first);
        let right = self
            .place_of(silence.last.saturating_add(1))
            .max(left + 1.5)
            .min(Paper::MEASURE);
        let mut shapes: Vec<Placed> = hatch(left, PLOT_TOP, right, PLOT_BOTTOM)
            .map(|shape| Placed {
                node: Some(node),
                shape,
            })
            .collect();
        let frame = [
            (left, PLOT_TOP, left, PLOT_BOTTOM),
            (right, PLOT_TOP, right, PLOT_BOTTOM),
        ];
        shapes.extend(frame.map(|(a, b, c, d)| Placed {
            node: Some(node),
            shape: line(a, b, c, d, 0.4, Colour::UNPROVEN),
        }));
        let style = Style::SMALL.size(7.5).colour(Colour::UNPROVEN);
        let wide = ink.fonts.width(Face::Text, 7.5, "silent");
        let middle = ((left + right) / 2.0 - wide / 2.0).clamp(0.0, Paper::MEASURE - wide);
        shapes.extend(label(
            ink,
            Some(node),
            "silent",
            style,
            middle,
            PLOT_BOTTOM + 18.5,
            Align::Left,
        ));
        shapes.push(Placed {
            node: Some(node),
            shape: line(
                (left + right) / 2.0,
                PLOT_BOTTOM,
                (left + right) / 2.0,
                PLOT_BOTTOM + 11.5,
                0.4,
                Colour::UNPROVEN,
            ),
        });
        shapes
    }

    /// A few labels: as many as can be read.
    fn axis(&self, ink: &Ink, node: NodeId) -> Vec<Placed> {
        let mut shapes = Vec::new();
        let style = Style::SMALL.size(7.5);
        let mut free = f32::MIN;
        let every = self.timeline.buckets.len().div_ceil(LABELS).max(1);
        for (at, bucket) in self.timeline.buckets.iter().enumerate() {
            let month = bucket.start.get(8..10) == Some("01")
                && bucket.start.get(11..13).is_none_or(|hour| hour == "00");
            let long = self.timeline.buckets.len() > LONG_DAYS && self.timeline.unit == BucketUnit::Day;
            let wanted = if long { month || at == 0 } else { at % every == 0 };
            if !wanted {
                continue;
            }
            let x = self.place_of(at as u64);
            let text = short_start(&bucket.start, self.timeline.unit);
            let wide = ink.fonts.width(Face::Text, 7.5, &text);
            shapes.push(Placed {
                node: Some(node),
                shape: line(x, PLOT_BOTTOM, x, PLOT_BOTTOM + 3.0, 0.5, Colour::RULE_STRONG),
            });
            if x < free || x + wide > Paper::MEASURE {
                continue;
            }
            shapes.extend(label(
                ink,
                Some(node),
                &text,
                style,
                x,
                PLOT_BOTTOM + 10.5,
                Align::Left,
            ));
            free = x + wide + 8.0;
        }
        shapes
    }

    fn legend(&self, ink: &Ink, node: NodeId) -> Vec<Placed> {
        let mut shapes = Vec::new();
        let style = Style::SMALL.size(7.5);
        let mut right = Paper::MEASURE;
        let faults = self
            .bars
            .iter()
            .fold(0u64, |sum, (_, faults)| sum.saturating_add(*faults));
        if !self.timeline.silences.is_empty() {
            shapes.extend(label(
                ink,
                Some(node),
                "no records",
                style,
                right,
                LEGEND,
                Align::Right,
            ));
            right -= ink.fonts.width(Face::Text, 7.5, "no records") + 15.0;
            shapes.extend(
                hatch(right, LEGEND - 6.0, right + 11.0, LEGEND + 0.5).map(|shape| Placed {
                    node: Some(node),
                    shape,
                }),
            );
            right -= 12.0;
        }
        if faults > 0 {
            let text = words::counted(faults, "fault", "faults");
            shapes.extend(label(ink, Some(node), &text, style, right, LEGEND, Align::Right));
            right -= ink.fonts.width(Face::Text, 7.5, &text) + 9.5;
            let cross = Mark::Cross.draw(right, LEGEND - 5.8, 6.0);
            shapes.extend(cross.into_iter().map(|shape| Placed {
                node: Some(node),
                shape,
            }));
        }
        shapes
    }
}

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
            })
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

fn short_start(start: &str, unit: BucketUnit) -> String {
    let day = words::day(start.get(..10).unwrap_or(start));
    let short = day
        .rsplit_once(' ')
        .map_or(day.clone(), |(short, _)| short.to_string());
    match unit {
        BucketUnit::Day => short,
        BucketUnit::Hour => format!("{short} {}", start.get(11..16).unwrap_or_default()),
    }
}

const MAX_BARS: usize = 235;
const LABELS: usize = 8;
const LONG_DAYS: usize = 45;
const PLOT_TOP: f32 = 20.0;
const PLOT_BOTTOM: f32 = 90.0;
const LEGEND: f32 = 9.0;
const HATCH: f32 = 3.2;
const LIMIT_ROW: f32 = 22.5;
/// Least and most room for the names.
const LIMIT_LEFT: (f32, f32) = (110.0, 215.0);
const TICKS: [f32; 6] = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0];
const MAX_NAME: usize = 80;
