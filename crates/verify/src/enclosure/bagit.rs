//! Bags (RFC 8493, BagIt 1.0; and the drafts 0.93 to 0.97): a payload below `data/`, lists of it, lists of those lists.
//!
//! A payload manifest has to list every payload file, so it is closed. A bag is a statement of whoever packed it and signed
//! by nobody: a signature over a tag manifest makes it somebody's. What `fetch.txt` names is never fetched.

mod declaration;
mod fetch;
mod manifest;
mod tag;

use std::collections::BTreeSet;

use super::listing::{Function, Listed, Listing};
use super::{names, pass};
use crate::built_in::Bundle;
use crate::inventory::Inventory;

use declaration::Declaration;
use tag::Encoding;

/// The bags of a bundle, by their folders. A bag inside another one's payload is payload.
#[derive(Debug, Default)]
pub(super) struct Bags(BTreeSet<String>);

impl Bags {
    /// Finds folders that hold `bagit.txt`, or a payload manifest and a payload.
    pub fn find(inventory: &Inventory) -> Bags {
        let mut folders: BTreeSet<&str> = BTreeSet::new();
        for member in inventory.members.keys() {
            let (folder, base) = (names::folder(member), names::base(member));
            let is_manifest = matches!(TagFile::of(base), Some(TagFile::Manifest(_)));
            let has_payload = || {
                let payload = names::joined(folder, "data/");
                inventory
                    .members
                    .range(payload.clone()..)
                    .next()
                    .is_some_and(|(next, _)| next.starts_with(&payload))
            };
            if base == "bagit.txt" || (is_manifest && has_payload()) {
                folders.insert(folder);
            }
        }
        // a folder above it that is called data, in a bag
        let is_inner = |folder: &str| {
            let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
            ends.filter_map(|end| folder.get(..end))
                .any(|above| names::base(above) == "data" && folders.contains(names::folder(above)))
        };
        let outer = folders.iter().filter(|folder| !is_inner(folder));
        Bags(outer.map(|folder| (*folder).to_owned()).collect())
    }

    /// Whether a member is a tag file of a bag, with a meaning in BagIt.
    pub fn own(&self, member: &str) -> bool {
        self.0.contains(names::folder(member)) && TagFile::of(names::base(member)).is_some()
    }
}

/// A tag file with a meaning.
#[derive(Debug, PartialEq, Eq)]
enum TagFile {
    Declaration,
    Info,
    Fetch,
    /// With the name of its function.
    Manifest(String),
    TagManifest(String),
}

impl TagFile {
    fn of(base: &str) -> Option<TagFile> {
        match base {
            "bagit.txt" => return Some(TagFile::Declaration),
            // 0.93 to 0.95 called it package-info.txt
            "bag-info.txt" | "package-info.txt" => return Some(TagFile::Info),
            "fetch.txt" => return Some(TagFile::Fetch),
            _ => {}
        }
        let stem = base.strip_suffix(".txt")?;
        let function = |name: &str| {
            let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            is_word.then(|| name.to_ascii_lowercase())
        };
        match stem.strip_prefix("tagmanifest-") {
            Some(name) => function(name).map(TagFile::TagManifest),
            None => function(stem.strip_prefix("manifest-")?).map(TagFile::Manifest),
        }
    }
}

/// Reads every bag.
pub(super) fn read(bundle: &Bundle<'_>, bags: &Bags) -> Vec<Listing> {
    bags.0
        .iter()
        .flat_map(|folder| Bag::open(bundle, folder).listings())
        .collect()
}

/// One bag.
struct Bag<'b> {
    bundle: &'b Bundle<'b>,
    folder: &'b str,
    declaration: Declaration,
    /// The bag itself; faults on the whole go here.
    whole: Listing,
}

impl<'b> Bag<'b> {
    fn open(bundle: &'b Bundle<'b>, folder: &'b str) -> Self {
        let member = names::joined(folder, "bagit.txt");
        let mut whole = Listing::new("bagit", &member);
        let read = match pass::content(bundle, &member) {
            Ok(content) => declaration::parse(&content),
            Err(why) => Err(why),
        };
        let declaration = read.unwrap_or_else(|why| {
            let what = format!("does not declare a bag as BagIt has it: {why}");
            whole.wrong("bag_declaration", "integrity", &what);
            Declaration::default()
        });
        Bag {
            bundle,
            folder,
            declaration,
            whole,
        }
    }

    fn listings(mut self) -> Vec<Listing> {
        let fetched = self.fetched();
        let mut payload = Vec::new();
        let mut tags = Vec::new();
        let mut others = Vec::new();
        let members: Vec<String> = self.tag_files();
        for member in members {
            match TagFile::of(names::base(&member)) {
                Some(TagFile::Manifest(function)) => {
                    payload.push(self.manifest(&member, &function, Some(&fetched)));
                }
                Some(TagFile::TagManifest(function)) => tags.push(self.manifest(&member, &function, None)),
                Some(TagFile::Info | TagFile::Fetch) => others.push(Listing::new("bagit-tag-file", &member)),
                _ => {}
            }
        }
        if payload.is_empty() {
            let what = "stands in a bag without a payload manifest, so nothing says what belongs to it";
            self.whole.wrong("bag_incomplete", "completeness", what);
        }
        self.close(&mut payload);
        self.hold_fetched(&fetched, &payload);
        self.hold_extent(&fetched);
        let mut all = vec![self.whole];
        all.extend(payload);
        all.extend(tags);
        all.extend(others);
        all
    }

    fn tag_files(&self) -> Vec<String> {
        let inventory = self.bundle.inventory;
        inventory
            .members
            .keys()
            .filter(|member| names::folder(member) == self.folder)
            .cloned()
            .collect()
    }

    fn payload_folder(&self) -> String {
        names::joined(self.folder, "data")
    }

    fn payload(&self) -> impl Iterator<Item = (&String, &crate::inventory::Held)> {
        let below = format!("{}/", self.payload_folder());
        let members = &self.bundle.inventory.members;
        members
            .range(below.clone()..)
            .take_while(move |(name, _)| name.starts_with(&below))
    }

    /// The text of a tag file in the encoding that the bag declares.
    fn text(&self, member: &str) -> Result<String, Unread> {
        let content = pass::content(self.bundle, member).map_err(Unread::Whole)?;
        let encoding = Encoding::named(&self.declaration.encoding)
            .ok_or_else(|| Unread::Encoding(self.declaration.encoding.clone()))?;
        encoding.decode(&content).map_err(Unread::Text)
    }

    fn manifest(&self, member: &str, function: &str, payload: Option<&BTreeSet<String>>) -> Listing {
        let kind = if payload.is_some() {
            "bagit-manifest"
        } else {
            "bagit-tagmanifest"
        };
        let mut listing = Listing::new(kind, member);
        let text = match self.text(member) {
            Ok(text) => text,
            Err(unread) => {
                unread.tell(&mut listing);
                listing.is_read = false;
                return listing;
            }
        };
        let rules = manifest::Rules {
            function: Function::named(function),
            name: function.to_owned(),
            encodes_percent: self.declaration.encodes_percent(),
            is_payload: payload.is_some(),
        };
        for (number, line) in tag::lines(&text).enumerate() {
            if line.is_empty() {
                continue;
            }
            let read = rules.line(line, |path| {
                self.bundle
                    .inventory
                    .members
                    .contains_key(&names::joined(self.folder, path))
            });
            match read {
                Ok((path, stated)) => {
                    let member = names::joined(self.folder, &path);
                    let is_elsewhere = payload.is_some_and(|fetched| fetched.contains(&member));
                    listing.entries.push(Listed {
                        member,
                        stated,
                        is_elsewhere,
                    });
                }
                Err(manifest::Refusal::Line) => {
                    let what = format!("cannot be read as a list of digests at line {}", number + 1);
                    listing.wrong("manifest_unreadable", "integrity", &what);
                }
                Err(manifest::Refusal::Path { path, why }) => listing.refuse_name(&path, why),
            }
        }
        listing.settle(self.declaration.forbids_repeats());
        listing
    }

    /// A payload manifest lists every payload file; before 1.0 all of them together do.
    fn close(&mut self, payload: &mut [Listing]) {
        let folder = self.payload_folder();
        if self.declaration.each_lists_all() || payload.len() == 1 {
            for listing in payload.iter_mut().filter(|listing| listing.is_read) {
                listing.closed_below = Some(folder.clone());
            }
            return;
        }
        if payload.iter().any(|listing| !listing.is_read) {
            return;
        }
        let listed: BTreeSet<&str> = payload
            .iter()
            .flat_map(|listing| &listing.entries)
            .map(|entry| entry.member.as_str())
            .collect();
        let unlisted: Vec<String> = self
            .payload()
            .map(|(name, _)| name)
            .filter(|name| !listed.contains(name.as_str()))
            .cloned()
            .collect();
        for name in &unlisted {
            let sentence = format!("{name} is listed in no payload manifest of its bag.");
            let mut told = crate::fault::fault("manifest_unlisted", "completeness", sentence);
            told.member = Some(name.clone());
            self.whole.faults.push(told);
        }
        let all: BTreeSet<String> = self.payload().map(|(name, _)| name.clone()).collect();
        for listing in payload {
            let own: BTreeSet<&str> = listing
                .entries
                .iter()
                .map(|entry| entry.member.as_str())
                .collect();
            if all.iter().all(|name| own.contains(name.as_str())) {
                listing.closed_below = Some(folder.clone());
            }
        }
    }

    /// What `fetch.txt` names, by its place in the container.
    fn fetched(&mut self) -> BTreeSet<String> {
        let member = names::joined(self.folder, "fetch.txt");
        let mut fetched = BTreeSet::new();
        if !self.bundle.inventory.members.contains_key(&member) {
            return fetched;
        }
        let text = match self.text(&member) {
            Ok(text) => text,
            Err(unread) => {
                unread.tell(&mut self.whole);
                return fetched;
            }
        };
        let rules = fetch::Rules {
            encodes_percent: self.declaration.encodes_percent(),
        };
        for (number, line) in tag::lines(&text).enumerate() {
            if line.is_empty() {
                continue;
            }
            match rules.path(line) {
                Ok(path) => {
                    fetched.insert(names::joined(self.folder, &path));
                }
                Err(manifest::Refusal::Path { path, why }) => self.whole.refuse_name(&path, why),
                Err(manifest::Refusal::Line) => {
                    let what = format!(
                        "stands beside a fetch.txt that cannot be read at line {}",
                        number + 1
                    );
                    self.whole.wrong("bag_fetch", "integrity", &what);
                }
            }
        }
        fetched
    }

    fn hold_fetched(&mut self, fetched: &BTreeSet<String>, payload: &[Listing]) {
        let inventory = self.bundle.inventory;
        let entries = payload.iter().flat_map(|listing| &listing.entries);
        let listed: BTreeSet<&String> = entries.map(|entry| &entry.member).collect();
        let mut absent = 0;
        for member in fetched {
            absent += u64::from(!inventory.members.contains_key(member));
            if !listed.contains(member) {
                let what = format!("stands beside a fetch.txt that names {member}, which no manifest lists");
                self.whole.wrong("bag_fetch", "completeness", &what);
            }
        }
        if absent > 0 {
            self.whole.notes.push(format!(
                "fetch.txt names {} of the payload elsewhere. Tickmark fetches nothing, so the bag is not whole.",
                crate::phrase::counted(absent, "file", "files")
            ));
        }
    }

    /// `Payload-Oxum: OCTETS.FILES` in the bag's information.
    fn hold_extent(&mut self, fetched: &BTreeSet<String>) {
        let inventory = self.bundle.inventory;
        let info = ["bag-info.txt", "package-info.txt"]
            .map(|base| names::joined(self.folder, base))
            .into_iter()
            .find(|member| inventory.members.contains_key(member));
        let Some(info) = info else { return };
        let Ok(text) = self.text(&info) else {
            self.whole.notes.push(format!("{info} could not be read."));
            return;
        };
        let stated: Vec<String> = tag::fields(&text)
            .into_iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("payload-oxum"))
            .map(|(_, value)| value)
            .collect();
        let Some(first) = stated.first() else { return };
        let is_whole = fetched
            .iter()
            .all(|member| inventory.members.contains_key(member));
        let (mut bytes, mut files) = (0_u64, 0_u64);
        for (_, held) in self.payload() {
            let Some(length) = held.bytes.filter(|_| held.sha256.is_some()) else {
                return;
            };
            bytes = bytes.saturating_add(length);
            files += 1;
        }
        let found = format!("{bytes}.{files}");
        if stated.iter().all(|stated| *stated == found) || !is_whole {
            return;
        }
        let sentence = format!("{info} states another size of the payload (Payload-Oxum) than it has.");
        let mut told = crate::fault::fault("bag_extent", "completeness", sentence).between(first, &found);
        told.member = Some(info);
        self.whole.faults.push(told);
    }
}

/// Why a tag file gave no text.
enum Unread {
    Whole(&'static str),
    Encoding(String),
    Text(&'static str),
}

impl Unread {
    fn tell(&self, listing: &mut Listing) {
        match self {
            Unread::Whole(why) => listing.wrong("statement_too_long", "completeness", why),
            Unread::Text(why) => {
                let what = format!("cannot be read: {why}");
                listing.wrong("manifest_unreadable", "integrity", &what);
            }
            Unread::Encoding(name) => {
                let note = format!(
                    "{} was not read: its bag declares the encoding {name}, and UTF-8, UTF-16, ISO-8859-1 and US-ASCII \
                     are read.",
                    listing.member
                );
                listing.notes.push(note);
            }
        }
    }
}
