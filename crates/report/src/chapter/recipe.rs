//! Chapter 13: how to perform the report again.

use crate::model::{Report, Tool};
use crate::pdf::colour::Colour;
use crate::pdf::flow::{Flow, Paper};
use crate::pdf::piece::{Align, Piece, block};
use crate::pdf::structure::{Role, Tree};
use crate::pdf::text::{Span, Style, plain};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report, digest: &str) {
    flow.chapter("13", "Performing it again");
    flow.text(&report.recipe.needs);
    flow.rich(&made_by(&report.header.tool));
    flow.section("13.1", "This file and its data");
    flow.text("The PDF carries report.json. Any PDF reader can save the attachment; its SHA-256 is the digest on the cover and at the foot of every page.");
    flow.command("sha256sum report.json");
    expected(flow, &[format!("{digest}  report.json")]);
    for (number, step) in report.recipe.steps.iter().enumerate() {
        flow.need(70.0);
        flow.section(&format!("13.{}", number + 2), &step.title);
        if !step.text.is_empty() {
            flow.text(&step.text);
        }
        if !step.command.is_empty() {
            flow.command(&step.command);
        }
        expected(flow, &step.expected);
    }
}

fn expected(flow: &mut Flow, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let node = flow.ink.tree.add(Tree::ROOT, Role::Paragraph);
    let mut spans = Vec::new();
    for line in lines {
        if !spans.is_empty() {
            spans.push(Span::Break);
        }
        spans.push(Span::Text(line.clone(), Style::SMALL.mono().colour(Colour::TEXT)));
    }
    let indent = flow.ink.fonts.width(Style::SMALL.face, Style::SMALL.size, WORD) + 8.0;
    let shown = block(
        &flow.ink,
        Some(node),
        &spans,
        Paper::MEASURE - indent,
        11.5,
        Align::Left,
    );
    let mut piece = block(
        &flow.ink,
        Some(node),
        &plain(WORD, Style::SMALL),
        indent,
        11.5,
        Align::Left,
    );
    piece.height = shown.height;
    piece.paste(&shown, indent, 0.0);
    flow.place(&[piece, Piece::space(2.0)]);
}

fn made_by(tool: &Tool) -> Vec<Span> {
    let mut spans = vec![Span::Text(
        format!("Made by {} {}", tool.name, tool.version),
        Style::BODY,
    )];
    if let Some(digest) = &tool.digest {
        spans.push(Span::Text(", SHA-256 of the program ".into(), Style::BODY));
        spans.push(Span::Text(words::digest(digest), Style::BODY.mono()));
    }
    spans.push(Span::Text(".".into(), Style::BODY));
    spans
}

const WORD: &str = "Expected";
