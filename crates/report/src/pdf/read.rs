//! Reading a report's PDF back: what it carries and what it prints.
//!
//! The file may come from anybody. Nothing is unfolded beyond a limit, and nothing in it is run or followed.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};

use lopdf::content::Content;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream};

use super::file::ATTACHMENT;
use crate::ReportError;
use crate::json::MAX_JSON;

/// The bytes of the `report.json` that a PDF carries.
///
/// # Errors
/// When the file is no PDF, carries no such attachment, or the attachment is larger than 256 MiB.
pub fn embedded_json(pdf: &[u8]) -> Result<Vec<u8>, ReportError> {
    unbroken(|| attachment(pdf))
}

fn attachment(pdf: &[u8]) -> Result<Vec<u8>, ReportError> {
    let document = load(pdf)?;
    let names = document
        .catalog()
        .ok()
        .and_then(|catalog| dictionary(&document, catalog, b"Names"))
        .and_then(|names| dictionary(&document, names, b"EmbeddedFiles"))
        .and_then(|files| array(&document, files, b"Names"))
        .ok_or(ReportError::Missing { what: "attachment" })?;
    let mut pairs = names.chunks_exact(2);
    let found = pairs.find_map(|pair| {
        let [Object::String(name, _), file] = pair else {
            return None;
        };
        (name == ATTACHMENT.as_bytes())
            .then(|| resolve(&document, file).as_dict().ok())
            .flatten()
    });
    let stream = found
        .and_then(|file| dictionary(&document, file, b"EF"))
        .and_then(|files| files.get(b"F").ok())
        .and_then(|stream| resolve(&document, stream).as_stream().ok())
        .ok_or(ReportError::Missing {
            what: "attachment report.json",
        })?;
    unfold(stream, MAX_JSON, "report.json")
}

/// The report digest that stands on the cover, read from the letters of the page: 64 lower-case hex digits.
///
/// # Errors
/// When the file is no PDF, or no digest stands on its first page.
pub fn printed_digest(pdf: &[u8]) -> Result<String, ReportError> {
    let text = unbroken(|| first_page_text(pdf))?;
    let missing = ReportError::Missing {
        what: "digest on its cover",
    };
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let Some((_, after)) = text.split_once(BEFORE_DIGEST) else {
        return Err(missing);
    };
    let digest: String = after
        .chars()
        .take_while(|letter| letter.is_ascii_digit() || ('a'..='f').contains(letter))
        .collect();
    // the words after the digest begin with a capital
    if digest.len() == 64 {
        Ok(digest)
    } else {
        Err(missing)
    }
}

fn first_page_text(pdf: &[u8]) -> Result<String, ReportError> {
    let document = load(pdf)?;
    let page = document
        .get_pages()
        .into_values()
        .next()
        .ok_or(ReportError::Missing { what: "page" })?;
    let letters = page_letters(&document, page);
    let content = page_content(&document, page)?;
    let content = Content::decode(&content).map_err(|error| ReportError::Unreadable {
        reason: error.to_string(),
    })?;
    let mut text = String::new();
    let mut font: Option<&BTreeMap<u16, String>> = None;
    for operation in &content.operations {
        match (operation.operator.as_str(), operation.operands.as_slice()) {
            ("Tf", [Object::Name(name), ..]) => font = letters.get(name),
            ("Tj", [shown]) => show(shown, font, &mut text),
            ("TJ", [Object::Array(parts)]) => parts.iter().for_each(|part| show(part, font, &mut text)),
            _ => {}
        }
        if text.len() > MAX_TEXT {
            return Err(ReportError::TooLarge {
                what: "text of the first page",
                limit: MAX_TEXT,
            });
        }
    }
    Ok(text)
}

fn show(shown: &Object, font: Option<&BTreeMap<u16, String>>, text: &mut String) {
    let (Object::String(bytes, _), Some(letters)) = (shown, font) else {
        return;
    };
    for code in bytes.chunks_exact(2) {
        if let [high, low] = code {
            text.push_str(
                letters
                    .get(&u16::from_be_bytes([*high, *low]))
                    .map_or("\u{fffd}", String::as_str),
            );
        }
    }
}

/// The letters of each font of a page, by their codes.
fn page_letters(document: &Document, page: ObjectId) -> BTreeMap<Vec<u8>, BTreeMap<u16, String>> {
    let page = document.get_dictionary(page).ok();
    let fonts = page
        .and_then(|page| dictionary(document, page, b"Resources"))
        .and_then(|resources| dictionary(document, resources, b"Font"));
    let mut letters = BTreeMap::new();
    for (name, font) in fonts.into_iter().flat_map(Dictionary::iter).take(MAX_FONTS) {
        let table = resolve(document, font)
            .as_dict()
            .ok()
            .and_then(|font| font.get(b"ToUnicode").ok())
            .and_then(|table| resolve(document, table).as_stream().ok())
            .and_then(|table| unfold(table, MAX_TABLE, "letter table").ok());
        if let Some(table) = table {
            letters.insert(name.clone(), letter_table(&String::from_utf8_lossy(&table)));
        }
    }
    letters
}

/// The `bfchar` lines of a table: `<0041> <0061>`.
fn letter_table(table: &str) -> BTreeMap<u16, String> {
    let mut letters = BTreeMap::new();
    for line in table.lines() {
        let mut parts = line
            .split(['<', '>'])
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let (Some(code), Some(units), None) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let units: Vec<u16> = (0..units.len())
            .step_by(4)
            .filter_map(|at| u16::from_str_radix(units.get(at..at + 4)?, 16).ok())
            .collect();
        if let Ok(code) = u16::from_str_radix(code, 16) {
            letters.insert(code, String::from_utf16_lossy(&units));
        }
    }
    letters
}

fn page_content(document: &Document, page: ObjectId) -> Result<Vec<u8>, ReportError> {
    let page = document
        .get_dictionary(page)
        .map_err(|error| ReportError::Unreadable {
            reason: error.to_string(),
        })?;
    let contents = page.get(b"Contents").map(|contents| resolve(document, contents));
    let parts: Vec<&Object> = match contents {
        Ok(Object::Array(parts)) => parts.iter().map(|part| resolve(document, part)).collect(),
        Ok(one) => vec![one],
        Err(_) => Vec::new(),
    };
    let mut bytes = Vec::new();
    for stream in parts.into_iter().filter_map(|part| part.as_stream().ok()) {
        bytes.extend(unfold(stream, MAX_PAGE - bytes.len(), "first page")?);
        bytes.push(b'\n');
        if bytes.len() >= MAX_PAGE {
            return Err(ReportError::TooLarge {
                what: "first page",
                limit: MAX_PAGE,
            });
        }
    }
    Ok(bytes)
}

/// Reads a PDF with a library that may break off over numbers which no file means; that file is unreadable then.
fn unbroken<T>(read: impl FnOnce() -> Result<T, ReportError>) -> Result<T, ReportError> {
    panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(ReportError::Unreadable {
            reason: "its objects contradict each other".into(),
        })
    })
}

fn load(pdf: &[u8]) -> Result<Document, ReportError> {
    let options = LoadOptions::with_max_decompressed_size(MAX_OBJECTS);
    let unreadable = |reason: String| ReportError::Unreadable { reason };
    if !pdf.starts_with(b"%PDF-") {
        return Err(unreadable("it does not begin like one".into()));
    }
    Document::load_mem_with_options(pdf, options).map_err(|error| unreadable(error.to_string()))
}

fn unfold(stream: &Stream, limit: usize, what: &'static str) -> Result<Vec<u8>, ReportError> {
    if stream.dict.get(b"Filter").is_err() {
        let whole = stream.content.len() <= limit;
        return if whole {
            Ok(stream.content.clone())
        } else {
            Err(ReportError::TooLarge { what, limit })
        };
    }
    match stream.decompressed_content_with_limit(limit) {
        Ok(bytes) if bytes.len() <= limit => Ok(bytes),
        Ok(_) => Err(ReportError::TooLarge { what, limit }),
        Err(error) => Err(ReportError::Unreadable {
            reason: format!("{what}: {error}"),
        }),
    }
}

/// Follows a reference, a few steps at most.
fn resolve<'a>(document: &'a Document, object: &'a Object) -> &'a Object {
    let mut at = object;
    for _ in 0..8 {
        match at {
            Object::Reference(id) => match document.get_object(*id) {
                Ok(next) => at = next,
                Err(_) => return at,
            },
            other => return other,
        }
    }
    at
}

fn dictionary<'a>(document: &'a Document, holder: &'a Dictionary, name: &[u8]) -> Option<&'a Dictionary> {
    holder
        .get(name)
        .ok()
        .and_then(|object| resolve(document, object).as_dict().ok())
}

fn array<'a>(document: &'a Document, holder: &'a Dictionary, name: &[u8]) -> Option<&'a Vec<Object>> {
    holder
        .get(name)
        .ok()
        .and_then(|object| resolve(document, object).as_array().ok())
}

/// What stands on the cover before the digest, without its spaces.
const BEFORE_DIGEST: &str = "SHA-256oftheembeddedreport.json";
const MAX_OBJECTS: usize = 256 << 20;
const MAX_PAGE: usize = 16 << 20;
const MAX_TABLE: usize = 4 << 20;
const MAX_TEXT: usize = 4 << 20;
const MAX_FONTS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_pdf_is_refused() {
        for bad in [
            &b""[..],
            b"%PDF",
            b"%PDF-1.7\n",
            b"{}",
            b"%PDF-1.7\nxref\n0 0\ntrailer<<>>\nstartxref\n9\n%%EOF",
        ] {
            assert!(embedded_json(bad).is_err());
            assert!(printed_digest(bad).is_err());
        }
    }

    #[test]
    fn deep_nesting_does_not_exhaust_the_stack() {
        for (open, close) in [("[", "]"), ("<</A ", ">>"), ("(", ")")] {
            for closed in [true, false] {
                let deep = open.repeat(200_000)
                    + &if closed {
                        close.repeat(200_000)
                    } else {
                        String::new()
                    };
                let head = "%PDF-1.7\n";
                let object = format!("1 0 obj\n{deep}\nendobj\n");
                let xref = head.len() + object.len();
                let table = format!("xref\n0 2\n0000000000 65535 f \n{:010} 00000 n \n", head.len());
                let file =
                    format!("{head}{object}{table}trailer<</Size 2/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF");
                assert!(embedded_json(file.as_bytes()).is_err());
                let trailer = format!(
                    "{head}xref\n0 1\n0000000000 65535 f \ntrailer<</Size 2/Root {deep}>>\nstartxref\n9\n%%EOF"
                );
                assert!(printed_digest(trailer.as_bytes()).is_err());
            }
        }
    }

    #[test]
    fn a_table_of_objects_beyond_all_numbers_is_unreadable() {
        let table = "xref\n18446744073709551615 2\n0000000009 00000 n \n0000000009 00000 n \n";
        let file = format!("%PDF-1.7\n{table}trailer<</Size 2/Root 1 0 R>>\nstartxref\n9\n%%EOF");
        assert!(matches!(
            embedded_json(file.as_bytes()),
            Err(ReportError::Unreadable { .. })
        ));
        assert!(matches!(
            printed_digest(file.as_bytes()),
            Err(ReportError::Unreadable { .. })
        ));
    }

    #[test]
    fn letter_tables_are_read() {
        let letters = letter_table(
            "2 beginbfchar\n<0001> <0041>\n<0002> <D83DDE00>\nendbfchar\n<0003> <00>\n<zz> <0041>",
        );
        assert_eq!(letters.get(&1).map(String::as_str), Some("A"));
        assert_eq!(letters.get(&2).map(String::as_str), Some("😀"));
        assert_eq!(letters.get(&3).map(String::as_str), Some(""));
    }

    proptest! {
        #[test]
        fn no_file_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut file = b"%PDF-1.7\n".to_vec();
            file.extend(bytes);
            let _ = embedded_json(&file);
            let _ = printed_digest(&file);
        }
    }
}
