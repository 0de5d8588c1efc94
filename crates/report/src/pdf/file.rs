//! Pages to a file: structure, outline, metadata, the embedded `report.json`, and an id made from the content.
//!
//! The file follows PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1). It holds no script and no link, and the same model
//! gives the same bytes: the dates are the model's, the id is a digest.

use lopdf::{Dictionary, Document, Object, ObjectId, SaveOptions, Stream, StringFormat, dictionary};
use tickmark_crypto::digest::sha256;

use super::flow::{Anchor, Paper};
use super::icc;
use super::structure::{Kid, Node, Role, Tree};
use super::xmp;
use crate::ReportError;
use crate::model::{Report, Status};

/// What the file says about itself.
pub(crate) struct About {
    /// Title.
    pub title: String,
    /// Author.
    pub author: String,
    /// What it is, in one sentence.
    pub subject: String,
    /// The program.
    pub creator: String,
    /// Language, BCP 47.
    pub lang: String,
    /// RFC 3339.
    pub made_at: String,
    /// The report's id, which stays over its versions.
    pub id: String,
}

impl About {
    /// From the cover.
    pub fn new(report: &Report) -> About {
        let header = &report.header;
        let status = match header.status {
            Status::Draft => "draft",
            Status::Final => "final",
        };
        About {
            title: header.title.replace('\n', " "),
            author: header.prepared_by.clone(),
            subject: format!(
                "Report of procedures and findings, {}, version {}, {status}",
                header.id, header.version
            ),
            creator: format!("Tickmark {}", header.tool.version),
            lang: header.lang.clone(),
            made_at: header.made_at.clone(),
            id: header.id.clone(),
        }
    }
}

/// Writes the file.
///
/// # Errors
/// When the model's time is no RFC 3339 time, or the document cannot be written.
pub(crate) fn write(
    mut document: Document,
    about: &About,
    tree: &Tree,
    anchors: &[Anchor],
    json: &[u8],
) -> Result<Vec<u8>, ReportError> {
    document.version = "1.7".into();
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    for (number, page) in pages.iter().enumerate() {
        let page = page_of(&mut document, *page)?;
        page.remove(b"Annots");
        page.set("StructParents", number as i64);
        page.set("Tabs", Object::Name(b"S".to_vec()));
    }
    mend_fonts(&mut document);
    let structure = write_structure(&mut document, tree, &pages);
    let outline = write_outline(&mut document, anchors, &pages);
    let attachment = attach(&mut document, json, &pdf_date(&about.made_at)?);
    document.compress();
    let intent = output_intent(&mut document);
    let metadata = write_metadata(&mut document, about);
    write_info(&mut document, about)?;

    let catalog = catalog_of(&mut document)?;
    catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
    catalog.set("PageLayout", Object::Name(b"SinglePage".to_vec()));
    catalog.set("Lang", Object::string_literal(about.lang.as_str()));
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalog.set("StructTreeRoot", structure);
    catalog.set("Outlines", outline);
    catalog.set("Metadata", metadata);
    catalog.set("OutputIntents", vec![Object::Reference(intent)]);
    catalog.set("AF", vec![Object::Reference(attachment)]);
    let names =
        dictionary! { "Names" => vec![Object::string_literal(ATTACHMENT), Object::Reference(attachment)] };
    catalog.set("Names", dictionary! { "EmbeddedFiles" => names });

    write_id(&mut document, about, json);
    let mut bytes = Vec::new();
    // small objects are packed into streams: the structure of a long report is ten times smaller
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .compression_level(9)
        .build();
    let saved = document.save_with_options(&mut bytes, options);
    saved.map_err(|error| ReportError::Write {
        reason: error.to_string(),
    })?;
    Ok(bytes)
}

/// The name of the embedded file.
pub(crate) const ATTACHMENT: &str = "report.json";

/// An RFC 3339 time as `D:20261204112000+01'00'` (ISO 32000-1, 7.9.4).
pub(crate) fn pdf_date(time: &str) -> Result<String, ReportError> {
    let spelling = || ReportError::Spelling {
        place: "header.made_at".into(),
        expected: "an RFC 3339 time with zone",
        found: time.into(),
    };
    let digits = |from: usize, to: usize| {
        time.get(from..to)
            .filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
            .ok_or_else(spelling)
    };
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators
        .iter()
        .any(|(at, byte)| time.as_bytes().get(*at) != Some(byte))
    {
        return Err(spelling());
    }
    let stamp = [
        digits(0, 4)?,
        digits(5, 7)?,
        digits(8, 10)?,
        digits(11, 13)?,
        digits(14, 16)?,
        digits(17, 19)?,
    ]
    .concat();
    let rest = time.get(19..).unwrap_or_default();
    let zone = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let zone = match (zone, zone.as_bytes()) {
        ("Z", _) => "Z".to_string(),
        (_, [b'+' | b'-', h1, h2, b':', m1, m2]) if [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()) => {
            format!(
                "{}'{}'",
                zone.get(..3).unwrap_or_default(),
                zone.get(4..6).unwrap_or_default()
            )
        }
        _ => return Err(spelling()),
    };
    Ok(format!("D:{stamp}{zone}"))
}

fn page_of(document: &mut Document, id: ObjectId) -> Result<&mut Dictionary, ReportError> {
    let found = document.get_object_mut(id).and_then(Object::as_dict_mut);
    found.map_err(|error| ReportError::Write {
        reason: error.to_string(),
    })
}

fn catalog_of(document: &mut Document) -> Result<&mut Dictionary, ReportError> {
    document.catalog_mut().map_err(|error| ReportError::Write {
        reason: error.to_string(),
    })
}

/// The page engine cannot know the height of capitals, and takes the ascent.
fn mend_fonts(document: &mut Document) {
    for object in document.objects.values_mut() {
        if let Object::Dictionary(font) = object
            && font.has_type(b"FontDescriptor")
        {
            let mono = font
                .get(b"FontName")
                .and_then(Object::as_name)
                .is_ok_and(|name| name.ends_with(b"JetBrainsMono-Regular"));
            font.set("CapHeight", if mono { 730 } else { 727 });
            // glyphs of a cut-down font have no standard letters behind them
            font.set("Flags", if mono { 5 } else { 4 });
        }
    }
}

fn write_structure(document: &mut Document, tree: &Tree, pages: &[ObjectId]) -> ObjectId {
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = tree.nodes().iter().map(|_| document.new_object_id()).collect();
    let mut owners: Vec<Vec<Object>> = vec![Vec::new(); pages.len()];
    for (node, id) in tree.nodes().iter().zip(&ids) {
        let parent = node.parent.and_then(|parent| ids.get(parent.0)).unwrap_or(&root);
        document.set_object(*id, element(node, *parent, &ids, pages));
        for kid in &node.kids {
            if let Kid::Content { page, number } = kid
                && let Some(owners) = owners.get_mut(*page)
            {
                owners.resize((*number + 1).max(owners.len()), Object::Null);
                if let Some(owner) = owners.get_mut(*number) {
                    *owner = Object::Reference(*id);
                }
            }
        }
    }
    let mut numbers = Vec::new();
    for (page, owners) in owners.into_iter().enumerate() {
        numbers.push(Object::Integer(page as i64));
        numbers.push(Object::Reference(document.add_object(Object::Array(owners))));
    }
    let next = pages.len() as i64;
    let parents = document.add_object(dictionary! { "Nums" => numbers });
    let whole = ids.first().copied().unwrap_or(root);
    document.set_object(
        root,
        dictionary! {
            "Type" => "StructTreeRoot",
            "K" => vec![Object::Reference(whole)],
            "ParentTree" => parents,
            "ParentTreeNextKey" => next,
        },
    );
    root
}

fn element(node: &Node, parent: ObjectId, ids: &[ObjectId], pages: &[ObjectId]) -> Dictionary {
    let mut element = dictionary! {
        "Type" => "StructElem",
        "S" => Object::Name(node.role.tag().into_bytes()),
        "P" => parent,
    };
    let on_pages = || {
        node.kids.iter().filter_map(|kid| match kid {
            Kid::Content { page, .. } => Some(*page),
            Kid::Node(_) => None,
        })
    };
    let first = on_pages().next();
    let home = first.filter(|first| on_pages().all(|page| page == *first));
    if let Some(page) = home.and_then(|page| pages.get(page)) {
        element.set("Pg", *page);
    }
    let mut kids = Vec::new();
    for kid in &node.kids {
        match kid {
            Kid::Node(id) => kids.extend(ids.get(id.0).map(|id| Object::Reference(*id))),
            Kid::Content { number, .. } if home.is_some() => kids.push(Object::Integer(*number as i64)),
            Kid::Content { page, number } => kids.extend(pages.get(*page).map(|page| {
                Object::Dictionary(dictionary! { "Type" => "MCR", "Pg" => *page, "MCID" => *number as i64 })
            })),
        }
    }
    element.set("K", kids);
    match &node.role {
        Role::HeadCell => element.set("A", scope("Column")),
        Role::RowHeadCell => element.set("A", scope("Row")),
        Role::WideCell(columns) => {
            element.set("A", dictionary! { "O" => "Table", "ColSpan" => *columns as i64 });
        }
        Role::Figure(alt) => {
            element.set("Alt", text_string(alt));
            let [left, top, right, bottom] = node.frame.unwrap_or_default();
            let frame = [left, Paper::HEIGHT - bottom, right, Paper::HEIGHT - top]
                .map(Object::Real)
                .to_vec();
            element.set(
                "A",
                dictionary! { "O" => "Layout", "Placement" => "Block", "BBox" => frame },
            );
        }
        _ => {}
    }
    element
}

fn scope(scope: &str) -> Dictionary {
    dictionary! { "O" => "Table", "Scope" => scope }
}

fn write_outline(document: &mut Document, anchors: &[Anchor], pages: &[ObjectId]) -> ObjectId {
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = anchors.iter().map(|_| document.new_object_id()).collect();
    let chapter_of = |at: usize| {
        (0..=at)
            .rev()
            .find(|before| anchors.get(*before).is_some_and(|a| a.entry.level <= 1))
    };
    let level = |at: usize| anchors.get(at).map_or(0, |anchor| anchor.entry.level);
    let mut chapters = 0;
    for (at, (anchor, id)) in anchors.iter().zip(&ids).enumerate() {
        let chapter = anchor.entry.level <= 1;
        chapters += i64::from(chapter);
        let parent = if chapter {
            root
        } else {
            chapter_of(at).and_then(|c| ids.get(c)).copied().unwrap_or(root)
        };
        let title = [anchor.entry.number.as_str(), anchor.entry.title.as_str()]
            .join(" ")
            .trim()
            .to_string();
        let mut entry = dictionary! { "Title" => text_string(&title), "Parent" => parent };
        if let Some(page) = pages.get(anchor.page) {
            let top = (Paper::HEIGHT - anchor.top + 8.0).round() as i64;
            entry.set(
                "Dest",
                vec![
                    Object::Reference(*page),
                    Object::Name(b"XYZ".to_vec()),
                    Object::Integer(0),
                    Object::Integer(top),
                    Object::Null,
                ],
            );
        }
        // brothers lie under the same chapter, or are chapters themselves
        let brother = |range: &mut dyn Iterator<Item = usize>| {
            let mut between = range.take_while(|i| chapter || level(*i) > 1);
            between
                .find(|i| (level(*i) <= 1) == chapter)
                .and_then(|i| ids.get(i))
                .copied()
        };
        if let Some(before) = brother(&mut (0..at).rev()) {
            entry.set("Prev", before);
        }
        if let Some(after) = brother(&mut (at + 1..anchors.len())) {
            entry.set("Next", after);
        }
        if chapter {
            let sections: Vec<ObjectId> = (at + 1..anchors.len())
                .take_while(|i| level(*i) > 1)
                .filter_map(|i| ids.get(i))
                .copied()
                .collect();
            if let (Some(first), Some(last)) = (sections.first(), sections.last()) {
                entry.set("First", *first);
                entry.set("Last", *last);
                // closed: a reader opens with the chapters in view
                entry.set("Count", -(sections.len() as i64));
            }
        }
        document.set_object(*id, entry);
    }
    let mut outline = dictionary! { "Type" => "Outlines", "Count" => chapters };
    let mut ends = (0..anchors.len())
        .filter(|at| level(*at) <= 1)
        .filter_map(|at| ids.get(at));
    if let Some(first) = ends.next() {
        outline.set("First", *first);
        outline.set("Last", *ends.next_back().unwrap_or(first));
    }
    document.set_object(root, outline);
    root
}

fn attach(document: &mut Document, json: &[u8], date: &str) -> ObjectId {
    let file = document.add_object(Stream::new(
        dictionary! {
            "Type" => "EmbeddedFile",
            "Subtype" => Object::Name(b"application/json".to_vec()),
            "Params" => dictionary! { "Size" => json.len() as i64, "ModDate" => Object::string_literal(date) },
        },
        json.to_vec(),
    ));
    document.add_object(dictionary! {
        "Type" => "Filespec",
        "F" => Object::string_literal(ATTACHMENT),
        "UF" => Object::string_literal(ATTACHMENT),
        "Desc" => text_string("The data that this report prints, in canonical form (RFC 8785)"),
        "AFRelationship" => "Source",
        "EF" => dictionary! { "F" => file, "UF" => file },
    })
}

fn output_intent(document: &mut Document) -> ObjectId {
    let profile = document.add_object(Stream::new(dictionary! { "N" => 3 }, icc::srgb()));
    document.add_object(dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => Object::string_literal("sRGB"),
        "Info" => Object::string_literal("sRGB IEC61966-2.1"),
        "DestOutputProfile" => profile,
    })
}

fn write_metadata(document: &mut Document, about: &About) -> ObjectId {
    let packet = xmp::packet(about);
    let stream = Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        packet.into_bytes(),
    );
    document.add_object(stream.with_compression(false))
}

fn write_info(document: &mut Document, about: &About) -> Result<(), ReportError> {
    let date = pdf_date(&about.made_at)?;
    let info = dictionary! {
        "Title" => text_string(&xmp::visible(&about.title)),
        "Author" => text_string(&xmp::visible(&about.author)),
        "Subject" => text_string(&xmp::visible(&about.subject)),
        "Creator" => text_string(&xmp::visible(&about.creator)),
        "Producer" => text_string(PRODUCER),
        "CreationDate" => Object::string_literal(date.as_str()),
        "ModDate" => Object::string_literal(date.as_str()),
    };
    match document.trailer.get(b"Info").and_then(Object::as_reference) {
        Ok(id) => document.set_object(id, info),
        Err(_) => {
            let id = document.add_object(info);
            document.trailer.set("Info", id);
        }
    }
    Ok(())
}

fn write_id(document: &mut Document, about: &About, json: &[u8]) {
    let id = |parts: &[&[u8]]| {
        let digest = sha256(&parts.concat());
        Object::String(
            digest.iter().take(16).copied().collect(),
            StringFormat::Hexadecimal,
        )
    };
    let permanent = id(&[b"tickmark.report ", about.id.as_bytes()]);
    let changing = id(&[b"tickmark.report/1 ", about.creator.as_bytes(), b" ", json]);
    document.trailer.set("ID", vec![permanent, changing]);
}

/// A text string: UTF-16 with its mark (ISO 32000-1, 7.9.2.2).
fn text_string(text: &str) -> Object {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    Object::String(
        units.flat_map(u16::to_be_bytes).collect(),
        StringFormat::Hexadecimal,
    )
}

/// The program that wrote the pages.
pub(crate) const PRODUCER: &str = "Tickmark with printpdf 0.12.8";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_keep_their_zone() {
        assert_eq!(
            pdf_date("2026-12-04T11:20:00+01:00").unwrap(),
            "D:20261204112000+01'00'"
        );
        assert_eq!(pdf_date("2026-12-04T11:20:00.5Z").unwrap(), "D:20261204112000Z");
        for bad in [
            "",
            "2026-12-04",
            "2026-12-04 11:20:00Z",
            "2026-12-04T11:20:00",
            "2026-12-04T11:20:00+1:00",
            "२026-12-04T11:20:00Z",
        ] {
            assert!(pdf_date(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_date_makes_it_panic(text in ".{0,30}") {
            let _ = pdf_date(&text);
        }
    }
}
