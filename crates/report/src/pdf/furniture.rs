//! Head and foot of every page: decoration, so that a reader who listens is not told them thirty times.

use super::colour::Colour;
use super::flow::{Flow, Paper};
use super::font::Face;
use super::piece::{Align, label, rule};
use super::text::Style;
use crate::model::{Report, Status};
use crate::words;

/// Draws them. The number of pages has to be known.
pub(crate) fn add(flow: &mut Flow, report: &Report, digest: &str) {
    let pages = flow.sheets.len();
    let header = &report.header;
    let status = status(header.status);
    let left = format!("{}, version {}, {status}", header.id, header.version);
    let short = words::short_digest(digest);
    let title = header.title.replace('\n', " ");
    for (at, sheet) in flow.sheets.iter_mut().enumerate() {
        let ink = &flow.ink;
        if !sheet.plain {
            let middle = Paper::MEASURE * 0.62;
            sheet
                .shapes
                .extend(fitted(ink, &title, Paper::LEFT, HEAD, middle, Align::Left));
            let right = Paper::MEASURE - middle - 12.0;
            sheet.shapes.extend(fitted(
                ink,
                &header.classification,
                Paper::RIGHT,
                HEAD,
                right,
                Align::Right,
            ));
            sheet.shapes.push(rule(
                Paper::LEFT,
                HEAD_RULE,
                Paper::MEASURE,
                0.6,
                Colour::RULE_STRONG,
            ));
        }
        sheet
            .shapes
            .push(rule(Paper::LEFT, FOOT_RULE, Paper::MEASURE, 0.4, Colour::RULE));
        sheet.shapes.extend(fitted(
            ink,
            &left,
            Paper::LEFT,
            FOOT,
            Paper::MEASURE * 0.42,
            Align::Left,
        ));
        let name = "report.json ";
        let mono = Style {
            face: Face::Mono,
            size: 7.2,
            colour: Colour::MUTED,
        };
        let wide = ink.fonts.width(Face::Text, 8.0, name) + ink.fonts.width(Face::Mono, 7.2, &short);
        let x = Paper::LEFT + (Paper::MEASURE - wide) / 2.0 + 6.0;
        sheet
            .shapes
            .extend(label(ink, None, name, Style::SMALL, x, FOOT, Align::Left));
        let after = x + ink.fonts.width(Face::Text, 8.0, name);
        sheet
            .shapes
            .extend(label(ink, None, &short, mono, after, FOOT, Align::Left));
        let page = format!("Page {} of {pages}", at + 1);
        sheet.shapes.extend(label(
            ink,
            None,
            &page,
            Style::SMALL,
            Paper::RIGHT,
            FOOT,
            Align::Right,
        ));
    }
}

/// `DRAFT` or `FINAL`.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "DRAFT",
        Status::Final => "FINAL",
    }
}

/// One line, cut with an ellipsis where it is too long: the whole text stands on the cover.
fn fitted(
    ink: &super::piece::Ink,
    text: &str,
    x: f32,
    y: f32,
    width: f32,
    align: Align,
) -> Vec<super::shape::Placed> {
    let wide = |text: &str| super::text::natural_width(&ink.fonts, &super::text::plain(text, Style::SMALL));
    let mut cut = text.to_string();
    let mut left = MAX_HEAD.min(cut.chars().count());
    if text.chars().count() > MAX_HEAD || wide(&cut) > width {
        while left > 0 && wide(&cut) > width {
            left -= 1;
            cut = text.chars().take(left).collect::<String>().trim_end().to_string() + " …";
        }
    }
    label(ink, None, &cut, Style::SMALL, x, y, align)
}

const HEAD: f32 = 36.6;
const HEAD_RULE: f32 = 43.6;
const FOOT_RULE: f32 = 799.8;
const FOOT: f32 = 812.6;
/// Longer titles are cut before they are measured.
const MAX_HEAD: usize = 160;
