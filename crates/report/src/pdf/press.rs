//! Shapes to page content: printpdf's operations, with every part of the structure marked.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{
    Codepoint, Color, DictItem, FontId, FontMetrics, Line, LineCapStyle, LineDashPattern, LineJoinStyle,
    LinePoint, Mm, Op, PaintMode, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfFontMetricsStub,
    PdfPage, PdfParseErrorSeverity, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rect, Rgb, TextItem,
    TextMatrix, WindingOrder,
};
use subsetter::GlyphRemapper;

use super::colour::Colour;
use super::flow::{Paper, Sheet};
use super::font::{Face, Letters};
use super::shape::{Path, Placed, Shape, Step};
use super::structure::{NodeId, Tree};
use crate::ReportError;

/// Prints sheets into a PDF document, and notes in the tree which content belongs to which part.
///
/// # Errors
/// When a font cannot be cut down to its used letters, or the page engine refuses an operation.
pub(crate) fn print(sheets: &[Sheet], tree: &mut Tree) -> Result<lopdf::Document, ReportError> {
    let case = Case::collect(sheets)?;
    let mut document = PdfDocument::new("report");
    for (face, font) in &case.fonts {
        document
            .resources
            .fonts
            .map
            .insert(resource(*face), PdfFont::new(font.clone()));
    }
    let (width, height) = (Mm::from(Pt(Paper::WIDTH)), Mm::from(Pt(Paper::HEIGHT)));
    for (page, sheet) in sheets.iter().enumerate() {
        let ops = Content {
            case: &case,
            ops: Vec::new(),
            font: None,
            colour: None,
            in_text: false,
        }
        .page(sheet, page, tree);
        document.pages.push(PdfPage::new(width, height, ops));
    }
    let mut warnings = Vec::new();
    let options = PdfSaveOptions {
        optimize: false,
        subset_fonts: false,
        secure: true,
        image_optimization: None,
    };
    let document = document.to_lopdf_document(&options, &mut warnings);
    match warnings
        .into_iter()
        .find(|warning| warning.severity == PdfParseErrorSeverity::Error)
    {
        Some(warning) => Err(ReportError::Page {
            page: warning.page,
            reason: warning.msg,
        }),
        None => Ok(document),
    }
}

/// The letters that a report uses: a printer's case.
struct Case {
    fonts: BTreeMap<Face, ParsedFont>,
    glyphs: BTreeMap<(Face, u16), Sort>,
}

/// One glyph in the case.
struct Sort {
    /// Its number in the cut-down font.
    id: u16,
    /// Its width in the PDF's table, in whole thousandths of an em.
    width: i64,
    /// The text that it stands for when it stands alone.
    text: String,
}

impl Case {
    fn collect(sheets: &[Sheet]) -> Result<Case, ReportError> {
        let mut used: BTreeMap<Face, BTreeSet<u16>> = BTreeMap::new();
        let mut texts: BTreeMap<(Face, u16), (String, f32)> = BTreeMap::new();
        let letters = sheets
            .iter()
            .flat_map(|sheet| &sheet.shapes)
            .filter_map(|placed| match &placed.shape {
                Shape::Letters { letters, .. } => Some(letters),
                _ => None,
            });
        for letters in letters {
            for (at, glyph) in letters.glyphs.iter().enumerate() {
                used.entry(letters.face).or_default().insert(glyph.id);
                let entry = texts
                    .entry((letters.face, glyph.id))
                    .or_insert((String::new(), glyph.nominal));
                let next_joins = letters
                    .glyphs
                    .get(at + 1)
                    .is_some_and(|next| next.text.is_empty());
                if entry.0.is_empty() && !next_joins {
                    entry.0.clone_from(&glyph.text);
                }
            }
        }
        let mut case = Case {
            fonts: BTreeMap::new(),
            glyphs: BTreeMap::new(),
        };
        for (face, glyphs) in used {
            case.cut(face, &glyphs, &texts)?;
        }
        Ok(case)
    }

    fn cut(
        &mut self,
        face: Face,
        used: &BTreeSet<u16>,
        texts: &BTreeMap<(Face, u16), (String, f32)>,
    ) -> Result<(), ReportError> {
        let mut remapper = GlyphRemapper::new();
        let mut widths = BTreeMap::new();
        for glyph in used {
            let id = remapper.remap(*glyph);
            let (text, nominal) = texts.get(&(face, *glyph)).cloned().unwrap_or_default();
            widths.insert(id, nominal.round().clamp(0.0, 65535.0) as u16);
            self.glyphs.insert(
                (face, *glyph),
                Sort {
                    id,
                    width: nominal.round() as i64,
                    text,
                },
            );
        }
        let bytes = subsetter::subset(face.bytes(), 0, &remapper)
            .map_err(|_| ReportError::Font { face: face.name() })?;
        let whole = ParsedFont::from_bytes(face.bytes(), 0, &mut Vec::new())
            .ok_or(ReportError::Font { face: face.name() })?;
        let scale =
            |units: i16| (f32::from(units) * 1000.0 / f32::from(whole.units_per_em.max(1))).round() as i16;
        let metrics = &whole.pdf_font_metrics;
        let mut font = ParsedFont::with_glyph_data(
            bytes,
            0,
            Some(format!("{}+{}", tag(face, used), face.name())),
            BTreeMap::new(),
            widths,
            // widths and metrics are handed over in thousandths of an em, so that nothing is rounded twice
            1000,
            FontMetrics {
                ascent: scale(whole.font_metrics.ascent),
                descent: scale(whole.font_metrics.descent),
            },
        );
        font.pdf_font_metrics = PdfFontMetricsStub {
            units_per_em: 1000,
            x_min: scale(metrics.x_min),
            y_min: scale(metrics.y_min),
            x_max: scale(metrics.x_max),
            y_max: scale(metrics.y_max),
            caret_slope_rise: metrics.caret_slope_rise,
            caret_slope_run: metrics.caret_slope_run,
            us_weight_class: metrics.us_weight_class,
        };
        self.fonts.insert(face, font);
        Ok(())
    }
}

/// The content of one page.
struct Content<'a> {
    case: &'a Case,
    ops: Vec<Op>,
    font: Option<(Face, f32)>,
    colour: Option<Colour>,
    in_text: bool,
}

impl Content<'_> {
    fn page(mut self, sheet: &Sheet, page: usize, tree: &mut Tree) -> Vec<Op> {
        let mut number = 0;
        for group in sheet.shapes.chunk_by(|one, next| one.node == next.node) {
            let Some(first) = group.first() else { continue };
            self.begin(first.node, page, number, tree);
            number += usize::from(first.node.is_some());
            for Placed { shape, .. } in group {
                self.draw(shape);
            }
            self.end_text();
            self.ops.push(Op::EndMarkedContent);
        }
        self.ops
    }

    fn begin(&mut self, node: Option<NodeId>, page: usize, number: usize, tree: &mut Tree) {
        let Some((node, role)) = node.and_then(|node| Some((node, tree.get(node)?.role.tag()))) else {
            self.ops.push(Op::BeginMarkedContent {
                tag: "Artifact".into(),
            });
            return;
        };
        tree.mark(node, page, number);
        let map = BTreeMap::from([("MCID".to_string(), DictItem::Int(number as i64))]);
        self.ops.push(Op::BeginMarkedContentWithProperties {
            tag: role,
            properties: DictItem::Dict { map },
        });
    }

    fn draw(&mut self, shape: &Shape) {
        match shape {
            Shape::Letters {
                x,
                baseline,
                size,
                colour,
                letters,
            } => self.letters(*x, *baseline, *size, *colour, letters),
            Shape::Rule {
                from,
                to,
                width,
                colour,
                dash,
            } => {
                let path = Path {
                    steps: vec![Step::Move(from.0, from.1), Step::Line(to.0, to.1)],
                    fill: None,
                    stroke: Some((*colour, *width)),
                    dash: *dash,
                    round: false,
                };
                self.path(&path);
            }
            Shape::Fill {
                x,
                y,
                width,
                height,
                colour,
            } => {
                self.end_text();
                self.fill(*colour);
                self.ops.push(Op::DrawRectangle {
                    rectangle: Rect {
                        x: Pt(round(*x)),
                        y: Pt(round(Paper::HEIGHT - y - height)),
                        width: Pt(round(*width)),
                        height: Pt(round(*height)),
                        mode: Some(PaintMode::Fill),
                        winding_order: None,
                    },
                });
            }
            Shape::Path(path) => self.path(path),
        }
    }

    fn letters(&mut self, x: f32, baseline: f32, size: f32, colour: Colour, letters: &Letters) {
        if letters.glyphs.is_empty() {
            return;
        }
        self.fill(colour);
        if !self.in_text {
            self.ops.push(Op::StartTextSection);
            self.in_text = true;
        }
        if self.font != Some((letters.face, size)) {
            self.ops.push(Op::SetFont {
                font: PdfFontHandle::External(resource(letters.face)),
                size: Pt(size),
            });
            self.font = Some((letters.face, size));
        }
        // a glyph can stand for one text only in the font's own table; where it stands for another one, say so
        let spelled = !self.speaks_for_itself(letters);
        if spelled {
            let map = BTreeMap::from([("ActualText".to_string(), utf16(&letters.text))]);
            self.ops.push(Op::BeginMarkedContentWithProperties {
                tag: "Span".into(),
                properties: DictItem::Dict { map },
            });
        }
        self.runs(x, baseline, size, letters);
        if spelled {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn speaks_for_itself(&self, letters: &Letters) -> bool {
        letters.glyphs.iter().all(|glyph| {
            let sort = self.case.glyphs.get(&(letters.face, glyph.id));
            sort.is_some_and(|sort| !sort.text.is_empty() && sort.text == glyph.text)
        })
    }

    /// Shows glyphs: one run a baseline, with the kerning as offsets against the width table.
    fn runs(&mut self, x: f32, baseline: f32, size: f32, letters: &Letters) {
        let mut pen = 0.0;
        let mut run: Vec<Codepoint> = Vec::new();
        let (mut start, mut shown) = (0.0, 0.0f32);
        for (at, glyph) in letters.glyphs.iter().enumerate() {
            let Some(sort) = self.case.glyphs.get(&(letters.face, glyph.id)) else {
                continue;
            };
            let shifted = glyph.dx != 0.0 || glyph.dy != 0.0;
            let before_shifted = at > 0
                && letters
                    .glyphs
                    .get(at - 1)
                    .is_some_and(|g| g.dx != 0.0 || g.dy != 0.0);
            if (shifted || before_shifted) && !run.is_empty() {
                self.show(x + start * size / 1000.0, baseline, std::mem::take(&mut run));
            }
            if run.is_empty() {
                start = pen + glyph.dx;
                shown = 0.0;
            }
            let raised = if shifted { glyph.dy * size / 1000.0 } else { 0.0 };
            pen += glyph.advance;
            shown += sort.width as f32;
            let offset = if shifted {
                0.0
            } else {
                (shown - (pen - start)).round()
            };
            shown -= offset;
            let text = if sort.text.is_empty() {
                "\u{fffd}"
            } else {
                sort.text.as_str()
            };
            run.push(Codepoint::with_cid(sort.id, offset, text.to_string()));
            if shifted {
                self.show(
                    x + start * size / 1000.0,
                    baseline - raised,
                    std::mem::take(&mut run),
                );
            }
        }
        if !run.is_empty() {
            self.show(x + start * size / 1000.0, baseline, run);
        }
    }

    fn show(&mut self, x: f32, baseline: f32, glyphs: Vec<Codepoint>) {
        let matrix = TextMatrix::Translate(Pt(round(x)), Pt(round(Paper::HEIGHT - baseline)));
        self.ops.push(Op::SetTextMatrix { matrix });
        self.ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(glyphs)],
        });
    }

    fn path(&mut self, path: &Path) {
        self.end_text();
        if let Some(colour) = path.fill {
            self.fill(colour);
        }
        if let Some((colour, width)) = path.stroke {
            self.ops.push(Op::SaveGraphicsState);
            self.ops.push(Op::SetOutlineColor { col: rgb(colour) });
            self.ops.push(Op::SetOutlineThickness { pt: Pt(round(width)) });
            if path.round {
                self.ops.push(Op::SetLineCapStyle {
                    cap: LineCapStyle::Round,
                });
                self.ops.push(Op::SetLineJoinStyle {
                    join: LineJoinStyle::Round,
                });
            }
            if let Some((on, off)) = path.dash {
                self.ops.push(Op::SetLineDashPattern {
                    dash: LineDashPattern::new(0.0, &[round(on), round(off)]),
                });
            }
        }
        self.rings(path);
        if path.stroke.is_some() {
            self.ops.push(Op::RestoreGraphicsState);
        }
    }

    fn rings(&mut self, path: &Path) {
        let mode = match (path.fill, path.stroke) {
            (Some(_), Some(_)) => PaintMode::FillStroke,
            (Some(_), None) => PaintMode::Fill,
            _ => PaintMode::Stroke,
        };
        let open = path.fill.is_none() && !path.steps.contains(&Step::Close);
        let rings: Vec<Vec<LinePoint>> = ways(&path.steps);
        if open {
            let lines = rings.into_iter().map(|points| Op::DrawLine {
                line: Line {
                    points,
                    is_closed: false,
                },
            });
            self.ops.extend(lines);
        } else {
            let rings = rings.into_iter().map(|points| PolygonRing { points }).collect();
            self.ops.push(Op::DrawPolygon {
                polygon: Polygon {
                    rings,
                    mode,
                    winding_order: WindingOrder::NonZero,
                },
            });
        }
    }

    fn fill(&mut self, colour: Colour) {
        if self.colour != Some(colour) {
            self.ops.push(Op::SetFillColor { col: rgb(colour) });
            self.colour = Some(colour);
        }
    }

    fn end_text(&mut self) {
        if self.in_text {
            self.ops.push(Op::EndTextSection);
            self.in_text = false;
        }
    }
}

fn ways(steps: &[Step]) -> Vec<Vec<LinePoint>> {
    let mut ways: Vec<Vec<LinePoint>> = Vec::new();
    let point = |x: f32, y: f32, bezier: bool| LinePoint {
        p: Point {
            x: Pt(round(x)),
            y: Pt(round(Paper::HEIGHT - y)),
        },
        bezier,
    };
    for step in steps {
        if let Step::Move(..) = step {
            ways.push(Vec::new());
        }
        let Some(way) = ways.last_mut() else { continue };
        match *step {
            Step::Move(x, y) | Step::Line(x, y) => way.push(point(x, y, false)),
            Step::Curve(a, b, c, d, x, y) => {
                way.extend([point(a, b, true), point(c, d, true), point(x, y, false)]);
            }
            Step::Close => {}
        }
    }
    ways
}

fn rgb(colour: Colour) -> Color {
    let [r, g, b] = colour.parts();
    Color::Rgb(Rgb {
        r,
        g,
        b,
        icc_profile: None,
    })
}

fn resource(face: Face) -> FontId {
    FontId(face.name().to_string())
}

/// The six letters that mark a cut-down font (ISO 32000-1, 9.6.4), made from the glyphs it keeps.
fn tag(face: Face, used: &BTreeSet<u16>) -> String {
    let mut sum = face as u64 + 1;
    for glyph in used {
        sum = sum
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(u64::from(*glyph) + 1);
    }
    let letter = |at: u32| char::from(b'A' + u8::try_from((sum >> (8 + at * 8)) % 26).unwrap_or(0));
    (0..6).map(letter).collect()
}

fn utf16(text: &str) -> DictItem {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    DictItem::String {
        data: units.flat_map(u16::to_be_bytes).collect(),
        literal: false,
    }
}

/// Thousandths of a point are finer than any printer, and keep the file small.
fn round(points: f32) -> f32 {
    (points * 1000.0).round() / 1000.0
}
