//! Writes the rich sample report: `cargo run -p tickmark-report --example sample -- OUT.pdf`.

#![allow(clippy::print_stderr, clippy::print_stdout)]

use std::error::Error;

#[path = "../tests/kit/mod.rs"]
mod kit;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name the PDF to write")?;
    let rendered = tickmark_report::render(&kit::report())?;
    std::fs::write(&path, &rendered.pdf)?;
    println!(
        "{} pages, {} bytes, report.json {}",
        rendered.pages,
        rendered.pdf.len(),
        rendered.digest
    );
    Ok(())
}
