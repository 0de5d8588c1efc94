//! Bars by time.

use super::{hatch, line};
use crate::model::{BucketUnit, Timeline};
use crate::pdf::colour::Colour;
use crate::pdf::flow::Paper;
use crate::pdf::font::Face;
use crate::pdf::mark::Mark;
use crate::pdf::piece::{Align, Ink, label};
use crate::pdf::shape::{Placed, Shape};
use crate::pdf::structure::NodeId;
use crate::pdf::text::Style;
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
            });
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
