//! A report that is handed back: its JSON, and the PDF around it.

use tickmark_report::model::Report;
use tickmark_report::{embedded_json, printed_digest};

use crate::target::{Listed, Target, joined, shape};

// the reports are those of the report's own tests, so that nothing is made twice
#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]
#[path = "../../../crates/report/tests/kit/mod.rs"]
mod kit;

pub fn all() -> Vec<Listed> {
    vec![
        Listed::new(
            "report-json",
            "a report that is read has a canonical form, and that form the same digest",
            |name| {
                let empty = kit::empty().canonical_json().unwrap();
                Target::new(name, super::formats::JSON, report)
                    .json()
                    .seed("empty", empty)
            },
        ),
        Listed::new(
            "report-pdf",
            "a PDF gives its report and digest or says why not",
            |name| {
                Target::new(name, PDF, |input| {
                    joined(&[shape(&embedded_json(input)), shape(&printed_digest(input))])
                })
                .seed("attached", pdf())
            },
        ),
    ]
}

fn report(input: &[u8]) -> u64 {
    let read = Report::from_json(input);
    let Ok(report) = &read else { return shape(&read) };
    let checked = report.check();
    let written = report.canonical_json();
    if let Ok(text) = &written {
        let again = Report::from_json(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.canonical_json().unwrap(), *text);
        assert_eq!(again.digest().unwrap(), tickmark_report::digest_of(text));
    }
    joined(&[shape(&checked), shape(&written)])
}

/// A small PDF with `report.json` attached and a few letters on its page.
fn pdf() -> Vec<u8> {
    let content = "BT /F1 12 Tf 72 700 Td <00010002> Tj ET";
    let letters = "/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0001> <0041> <0002> <0042> endbfchar end";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(report.json) 4 0 R]>>>>>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R/Resources<</Font<</F1 7 0 R>>>>>>"
            .to_owned(),
        "<</Type/Filespec/F(report.json)/EF<</F 5 0 R>>>>".to_owned(),
        "<</Type/EmbeddedFile/Length 2>>\nstream\n{}\nendstream".to_owned(),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 8 0 R/DescendantFonts[]>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{letters}\nendstream", letters.len()),
    ];
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let start = file.len();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    places
        .iter()
        .for_each(|place| file += &format!("{place:010} 00000 n \n"));
    file += &format!(
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.into_bytes()
}

const PDF: &[&str] = &[
    "<<",
    ">>",
    "[",
    "]",
    "(",
    ")",
    "1 0 R",
    "3 0 R",
    "5 0 R",
    "/Names",
    "/EmbeddedFiles",
    "/EF",
    "/F",
    "/Filter/FlateDecode",
    "/Filter/ASCIIHexDecode",
    "/Filter[/LZWDecode/ASCII85Decode]",
    "/Length",
    "/Length 5 0 R",
    "stream\n",
    "\nendstream",
    "endobj",
    "1 0 obj",
    "xref\n",
    "trailer\n",
    "startxref\n",
    "/Type/ObjStm/N 100/First 10",
    "/Type/XRef/W[1 2 1]",
    "/Encrypt",
    "/Prev 9",
    "/Kids[2 0 R]",
    "/Parent 3 0 R",
    "BT",
    "Tj",
    "TJ",
    "/DecodeParms<</Predictor 12/Columns 1000000000>>",
];
