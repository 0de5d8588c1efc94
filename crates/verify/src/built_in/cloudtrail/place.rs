//! Where an object of a bucket lies in a bundle.
//!
//! A bundle holds the bucket's folders, with or without a folder for the bucket, below any folder: then an object is where
//! its key says. A bundle that does not hold the folders at all is searched by name alone, since a flat copy says nothing
//! about where an object stood.

use std::collections::BTreeMap;

use super::name::{base, unpacked};
use crate::inventory::Inventory;

/// The members of a bundle by the last part of their names.
pub(super) struct Places<'b> {
    names: Vec<&'b str>,
    by_base: BTreeMap<&'b str, Vec<u32>>,
}

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At its key.
    Here(u32),
    /// By its name alone: the bundle does not keep the bucket's folders.
    Unplaced(u32),
    /// A member of its name lies at another key.
    Moved(u32),
    /// No member has its name.
    Nowhere,
}

impl Place {
    pub fn member(self) -> Option<u32> {
        match self {
            Place::Here(member) | Place::Unplaced(member) | Place::Moved(member) => Some(member),
            Place::Nowhere => None,
        }
    }
}

impl<'b> Places<'b> {
    pub fn of(inventory: &'b Inventory) -> Self {
        let names: Vec<&str> = inventory.members.keys().map(String::as_str).collect();
        let mut by_base: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (member, name) in (0_u32..).zip(&names) {
            by_base.entry(unpacked(base(name))).or_default().push(member);
        }
        Places { names, by_base }
    }

    /// The name of a member.
    pub fn name(&self, member: u32) -> &'b str {
        self.names.get(member as usize).copied().unwrap_or_default()
    }

    /// Every member with its name.
    pub fn all(&self) -> impl Iterator<Item = (u32, &'b str)> + '_ {
        (0_u32..).zip(self.names.iter().copied())
    }

    /// Where an object is.
    pub fn find(&self, bucket: &str, object: &str) -> Place {
        let candidates = self.by_base.get(unpacked(base(object))).into_iter().flatten();
        let best = candidates
            .map(|member| (self.rank(*member, bucket, object), *member))
            // of equals the first by name
            .reduce(|best, other| if other.0 > best.0 { other } else { best });
        match best {
            Some((Rank::InBucket | Rank::AtKey, member)) => Place::Here(member),
            Some((Rank::ByName, member)) => Place::Unplaced(member),
            Some((Rank::Elsewhere, member)) => Place::Moved(member),
            None => Place::Nowhere,
        }
    }

    /// Whether a member is where an object should be.
    pub fn holds(&self, member: u32, bucket: &str, object: &str) -> Place {
        if unpacked(base(self.name(member))) != unpacked(base(object)) {
            return Place::Moved(member);
        }
        match self.rank(member, bucket, object) {
            Rank::InBucket | Rank::AtKey => Place::Here(member),
            Rank::ByName => Place::Unplaced(member),
            Rank::Elsewhere => Place::Moved(member),
        }
    }

    fn rank(&self, member: u32, bucket: &str, object: &str) -> Rank {
        let (name, object) = (unpacked(self.name(member)), unpacked(object));
        let folder = match name.strip_suffix(object) {
            Some("") => return Rank::AtKey,
            Some(folder) => folder.strip_suffix('/'),
            None => None,
        };
        match folder {
            Some(folder) if base(folder) == bucket => Rank::InBucket,
            Some(_) => Rank::AtKey,
            None if !name.contains(LAYOUT) => Rank::ByName,
            None => Rank::Elsewhere,
        }
    }
}

/// How well a member fits an object, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Elsewhere,
    ByName,
    AtKey,
    InBucket,
}

/// The folder that every trail's objects lie below.
const LAYOUT: &str = "AWSLogs/";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Held;

    fn find(names: &[&str], object: &str) -> Place {
        let mut inventory = Inventory::default();
        for name in names {
            inventory.members.insert((*name).to_owned(), Held::default());
        }
        Places::of(&inventory).find("bucket", object)
    }

    #[test]
    fn an_object_is_found_below_any_folder() {
        let object = "p/AWSLogs/1/x.json.gz";
        assert_eq!(find(&["p/AWSLogs/1/x.json.gz"], object), Place::Here(0));
        assert_eq!(
            find(&["export/bucket/p/AWSLogs/1/x.json.gz"], object),
            Place::Here(0)
        );
        assert_eq!(find(&["p/AWSLogs/1/x.json"], object), Place::Here(0), "unpacked");
        let both = ["another/p/AWSLogs/1/x.json.gz", "bucket/p/AWSLogs/1/x.json.gz"];
        assert_eq!(find(&both, object), Place::Here(1), "its own bucket first");
    }

    #[test]
    fn another_folder_is_another_place() {
        let object = "AWSLogs/1/x.json.gz";
        assert_eq!(find(&["AWSLogs/2/x.json.gz"], object), Place::Moved(0));
        assert_eq!(find(&["xAWSLogs/1/x.json.gz"], object), Place::Moved(0));
        assert_eq!(find(&["flat/x.json.gz"], object), Place::Unplaced(0));
        assert_eq!(find(&["AWSLogs/1/y.json.gz"], object), Place::Nowhere);
    }
}
