//! Chapter 13: how to perform the report again.

use crate::model::{Report, Tool};
use crate::pdf::colour::Colour;
use crate::pdf::flow::Flow;
use crate::pdf::text::{Span, Style};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report, digest: &str) {
    flow.chapter("13", "Performing it again");
    flow.text(&report.recipe.needs);
    flow.text(&made_by(&report.header.tool));
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
    let mut spans = vec![Span::Text("Expected: ".into(), Style::SMALL)];
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            spans.push(Span::Break);
        }
        spans.push(Span::Text(line.clone(), Style::SMALL.mono().colour(Colour::TEXT)));
    }
    flow.spans(&spans, crate::pdf::flow::Paper::MEASURE, 11.0);
    flow.gap(2.0);
}

fn made_by(tool: &Tool) -> String {
    let digest = tool.digest.as_ref().map_or(String::new(), |digest| {
        format!(", SHA-256 of the program {}", words::digest(digest))
    });
    format!("Made by {} {}{digest}.", tool.name, tool.version)
}
