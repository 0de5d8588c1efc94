//! The report as PDF: A4, tagged, with its data inside.

pub(crate) mod chart;
pub(crate) mod colour;
pub(crate) mod compose;
pub(crate) mod file;
pub(crate) mod flow;
pub(crate) mod font;
pub(crate) mod furniture;
pub(crate) mod icc;
pub(crate) mod letter;
pub(crate) mod mark;
pub(crate) mod piece;
pub(crate) mod press;
pub(crate) mod qr;
pub mod read;
pub(crate) mod shape;
pub(crate) mod structure;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod xmp;

use crate::ReportError;
use crate::chapter;
use crate::json::digest_of;
use crate::model::Report;

/// A report in all its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The PDF; it carries `json` as the attachment `report.json`.
    pub pdf: Vec<u8>,
    /// `report.json`, canonical (RFC 8785).
    pub json: Vec<u8>,
    /// SHA-256 of `json`, lower-case hex; it stands on the cover and at the foot of every page.
    pub digest: String,
    /// Pages of the PDF.
    pub pages: usize,
}

/// Renders a report. The same model gives the same bytes.
///
/// # Errors
/// When the model contradicts itself ([`Report::check`]), has a number or time that cannot be printed, or the pages
/// cannot be drawn.
pub fn render(report: &Report) -> Result<Rendered, ReportError> {
    report.check()?;
    let json = report.canonical_json()?;
    let digest = digest_of(&json);
    let mut flow = flow::Flow::new(piece::Ink {
        fonts: font::Fonts::open()?,
        tree: structure::Tree::new(),
    });
    chapter::all(&mut flow, report, &digest)?;
    flow.settle();
    furniture::add(&mut flow, report, &digest);
    let flow::Flow {
        ink, sheets, anchors, ..
    } = flow;
    let mut tree = ink.tree;
    let document = press::print(&sheets, &mut tree)?;
    let pdf = file::write(document, &file::About::new(report), &tree, &anchors, &json)?;
    Ok(Rendered {
        pdf,
        json,
        digest,
        pages: sheets.len(),
    })
}
