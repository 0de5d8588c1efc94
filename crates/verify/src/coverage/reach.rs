//! What a digest or signature reaches, directly and through the digests that it covers.

use tickmark_formats::pointer::Pointer;

use super::Shapes;
use crate::profile::{Gaps, Json, Link, Part, Profile, Required, TARGET, Target};

/// Pointers that something reaches: whole branches, less branches that are left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    branches: Vec<Branch>,
    /// Whether the record before enters by its own value.
    pub takes_previous: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Branch {
    root: String,
    without: Vec<String>,
}

impl Reach {
    /// What hashes and signatures of a profile reach. What is compared with them counts as reached where it has to be there:
    /// recorded hashes, links, signatures and numbers, and so does what is fixed. A carried key does not: where another key
    /// is pinned nobody misses it.
    pub fn of(profile: &Profile) -> Reach {
        let mut reach = Reach::content(profile);
        let hash = profile.hash.iter().filter_map(|hash| hash.field.as_deref());
        let link = profile.link.iter().filter_map(|link| link.field.as_deref());
        let checks = profile.checks.iter().filter(|check| !check.optional);
        let signatures = profile
            .signatures
            .iter()
            .filter(|s| s.required != Required::Never);
        let numbers = profile
            .seq
            .iter()
            .filter(|seq| !seq.optional && seq.gaps == Gaps::Fail);
        let compared = hash
            .chain(link)
            .chain(checks.map(|check| check.field.as_str()))
            .chain(signatures.map(|signature| signature.field.as_str()))
            .chain(numbers.map(|seq| seq.field.as_str()))
            .chain(profile.fixed.keys().map(String::as_str));
        for field in compared {
            reach.add_field(field);
        }
        reach
    }

    /// Some fields, each with all that is below it.
    pub fn of_fields(fields: &[&str]) -> Reach {
        let mut reach = Reach::default();
        fields.iter().for_each(|field| reach.add_field(field));
        reach
    }

    /// What enters any preimage, leaf or signed message. What only tells of a signature, and is reached by no more than the
    /// next record's link, is not counted: on the last record nothing reaches it.
    pub fn content(profile: &Profile) -> Reach {
        let mut reach = Reach::default();
        for (place, parts) in profile.part_lists() {
            let before = reach.branches.len();
            reach.add(parts);
            if place == TARGET {
                let envelopes = profile.signatures.iter().filter_map(|s| s.envelope.as_ref());
                let envelopes: Vec<&String> = envelopes.collect();
                for branch in reach.branches.iter_mut().skip(before) {
                    branch
                        .without
                        .extend(envelopes.iter().map(|envelope| (*envelope).clone()));
                }
            }
        }
        reach
    }

    /// What one signature reaches, through the digests that it covers.
    pub fn of_signature(profile: &Profile, index: usize) -> Reach {
        let parts = profile.signatures.get(index).map(|s| s.message.as_slice());
        Reach::grown(profile, parts.unwrap_or_default())
    }

    /// What the value that a next record names reaches.
    pub fn of_target(profile: &Profile) -> Option<Reach> {
        let link = profile.link.as_ref()?;
        Some(match &link.target {
            Target::Hash => Reach::of_field(profile, profile.hash.as_ref()?.field.as_deref()?),
            Target::Field(field) => Reach::of_field(profile, field),
            Target::Preimage(target) => Reach::grown(profile, &target.parts),
        })
    }

    /// What a recorded digest reaches.
    pub fn of_field(profile: &Profile, field: &str) -> Reach {
        let mut reach = Reach::default();
        reach.add_field(field);
        reach.grow(profile);
        reach
    }

    /// What parts reach, through the digests that they cover.
    pub fn grown(profile: &Profile, parts: &[Part]) -> Reach {
        let mut reach = Reach::default();
        reach.add(parts);
        reach.grow(profile);
        reach
    }

    /// Takes another reach in.
    pub fn join(&mut self, other: &Reach) {
        self.branches.extend(other.branches.iter().cloned());
        self.takes_previous |= other.takes_previous;
    }

    /// Whether a leaf lies in a branch and in none that is left out of it.
    pub fn covers(&self, leaf: &str) -> bool {
        self.branches.iter().any(|branch| branch.covers(leaf))
    }

    /// Whether it reaches everything that enters any preimage of the profile. The recorded hashes, links and signatures
    /// themselves need not be reached: they are compared with what is.
    pub fn covers_content(&self, profile: &Profile, seen: &Shapes) -> bool {
        let own = own_fields(profile);
        let is_own = |pointer: &str| own.iter().any(|field| is_in(pointer, field));
        let content = Reach::content(profile);
        let every_leaf = seen.all(|leaf| is_own(leaf) || !content.covers(leaf) || self.covers(leaf));
        every_leaf || self.covers_branches(&content, &is_own, seen)
    }

    /// The same without knowing every leaf: each branch lies in one that is reached.
    fn covers_branches(&self, content: &Reach, is_own: &dyn Fn(&str) -> bool, seen: &Shapes) -> bool {
        content
            .branches
            .iter()
            .filter(|wanted| !is_own(&wanted.root))
            .all(|wanted| {
                self.branches.iter().any(|branch| {
                    let harmless = |out: &String| {
                        is_own(out) || wanted.without.iter().any(|w| is_in(out, w)) || !seen.have(out)
                    };
                    branch.covers(&wanted.root)
                        && branch
                            .without
                            .iter()
                            .filter(|out| is_in(out, &wanted.root))
                            .all(harmless)
                })
            })
    }

    /// Whether it fixes the order of records: it reaches what names the record before.
    pub fn covers_link(&self, profile: &Profile) -> bool {
        match &profile.link {
            Some(Link {
                field: Some(field), ..
            }) => self.covers(field),
            Some(Link { field: None, .. }) => self.takes_previous,
            None => false,
        }
    }

    /// Adds what the covered digests were made of, until nothing is added.
    fn grow(&mut self, profile: &Profile) {
        let hash = profile
            .hash
            .iter()
            .filter_map(|hash| Some((hash.field.as_deref()?, hash.preimage.as_slice())));
        let checks = profile
            .checks
            .iter()
            .map(|check| (check.field.as_str(), check.preimage.as_slice()));
        let mut open: Vec<_> = hash.chain(checks).collect();
        loop {
            let before = open.len();
            open.retain(|(field, preimage)| {
                let covered = self.covers(field);
                if covered {
                    self.add(preimage);
                }
                !covered
            });
            if open.len() == before {
                return;
            }
        }
    }

    fn add(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Field { pointer, .. } => self.add_field(pointer),
                Part::Digest { parts, .. } => self.add(parts),
                Part::Json(json) => self.add_json(json),
                Part::RawLine => self.add_field(""),
                Part::SigningInput => {
                    self.add_field("/payload");
                    self.add_field("/signatures/*/protected");
                }
                Part::Previous(_) => self.takes_previous = true,
                Part::Literal(_) => {}
            }
        }
    }

    fn add_field(&mut self, pointer: &str) {
        self.branches.push(Branch {
            root: pointer.to_owned(),
            without: Vec::new(),
        });
    }

    fn add_json(&mut self, json: &Json) {
        let below = |pointer: &str| format!("{}{pointer}", json.of);
        // what is set to a constant before hashing is not reached either
        let without: Vec<String> = json
            .exclude
            .iter()
            .chain(json.set.keys())
            .map(|p| below(p))
            .collect();
        let Some(include) = &json.include else {
            self.branches.push(Branch {
                root: json.of.clone(),
                without,
            });
            return;
        };
        for name in include {
            let name = name.trim_end_matches('?').replace('~', "~0").replace('/', "~1");
            self.branches.push(Branch {
                root: below(&format!("/{name}")),
                without: without.clone(),
            });
        }
    }
}

impl Branch {
    fn covers(&self, leaf: &str) -> bool {
        is_in(leaf, &self.root) && !self.without.iter().any(|out| is_in(leaf, out))
    }
}

/// Fields that hold what is compared: recorded hashes, links and signatures.
fn own_fields(profile: &Profile) -> Vec<&str> {
    let mut fields: Vec<&str> = Vec::new();
    fields.extend(profile.hash.iter().filter_map(|hash| hash.field.as_deref()));
    fields.extend(profile.checks.iter().map(|check| check.field.as_str()));
    fields.extend(profile.signatures.iter().map(|s| s.field.as_str()));
    fields.extend(profile.link.iter().filter_map(|link| link.field.as_deref()));
    fields
}

/// Whether a leaf pattern lies in a branch.
pub(super) fn is_in(leaf: &str, branch: &str) -> bool {
    if branch.is_empty() || leaf == branch {
        return true;
    }
    if let Some(rest) = leaf.strip_prefix(branch) {
        return rest.starts_with('/');
    }
    // an index in the profile and any index in the pattern
    branch.contains("/*")
        && match (Pointer::parse(leaf), Pointer::parse(branch)) {
            (Ok(leaf), Ok(branch)) => leaf.is_beneath(&branch),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use tickmark_formats::json::parse;
    use tickmark_formats::limits::Limits;

    use super::*;
    use crate::profile::shipped;

    fn profile(id: &str) -> &'static Profile {
        shipped().unwrap().iter().find(|p| p.id == id).unwrap()
    }

    fn seen(record: &str) -> Shapes {
        let mut shapes = Shapes::default();
        shapes.note(&parse(record.as_bytes(), &Limits::default()).unwrap());
        shapes
    }

    #[test]
    fn a_branch_is_no_prefix_of_a_name() {
        assert!(is_in("/data/x", "/data") && is_in("/data", "/data") && is_in("/data", ""));
        assert!(!is_in("/database", "/data") && !is_in("/data", "/data/x"));
    }

    #[test]
    fn a_signed_hash_brings_what_it_was_made_of() {
        let reach = Reach::of_signature(profile("vcp"), 0);
        assert!(reach.covers("/Header/Sequence") && reach.covers("/Payload/x"));
        assert!(!reach.covers("/Security/MerkleIndex"));
    }

    #[test]
    fn the_links_of_signet_are_hashed_and_not_signed() {
        let signet = profile("signet");
        let signed = Reach::of_signature(signet, 0);
        assert!(signed.covers_content(signet, &seen("{}")) && !signed.covers_link(signet));
        assert!(Reach::of_target(signet).unwrap().covers_link(signet));
    }

    #[test]
    fn a_root_of_roots_reaches_the_payload() {
        let reach = Reach::of_target(profile("merkle-audit")).unwrap();
        assert!(reach.covers("/payload/x") && reach.takes_previous && !reach.covers("/actor"));
    }

    #[test]
    fn what_only_the_next_record_names_is_not_signed() {
        let aat = profile("aat");
        let signed = Reach::of_signature(aat, 0);
        assert!(signed.covers_content(aat, &seen(r#"{"record_id":1,"signature":""}"#)));
        let hybrid = seen(r#"{"record_id":1,"signature":"","signature_classical":""}"#);
        assert!(!signed.covers_content(aat, &hybrid));
    }
}
