//! The chapters of the report, in the order of an audit file. Their numbers are fixed, so that one can say "chapter 7".

mod appendix;
mod contents;
mod controls;
mod cover;
mod custody;
mod draw;
mod evidence;
mod exceptions;
mod integrity;
mod limitations;
mod phrase;
mod population;
mod recipe;
mod results;
mod scope;
mod sign_off;
mod summary;

use crate::ReportError;
use crate::model::Report;
use crate::pdf::flow::Flow;

/// Sets the whole report.
///
/// # Errors
/// When a figure cannot be printed.
pub(crate) fn all(flow: &mut Flow, report: &Report, digest: &str) -> Result<(), ReportError> {
    cover::set(flow, report, digest);
    flow.turn();
    summary::set(flow, report)?;
    let contents = contents::reserve(flow);
    scope::set(flow, report);
    evidence::set(flow, report);
    integrity::set(flow, report);
    population::set(flow, report);
    draw::set(flow, report);
    results::set(flow, report)?;
    exceptions::set(flow, report);
    controls::set(flow, report);
    limitations::set(flow, report);
    custody::set(flow, report);
    sign_off::set(flow, report);
    recipe::set(flow, report, digest);
    appendix::set(flow, report);
    contents::fill(flow, &contents);
    Ok(())
}
