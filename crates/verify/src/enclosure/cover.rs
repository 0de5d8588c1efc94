//! How far statements reach: from a pinned signature to the list that it signs, to the members that the list names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Agreement, Enclosure, Stamp, Vouched, names};
use crate::inventory::Inventory;

/// How far statements reach one member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// A digest that stands beside it in the bundle is its own.
    pub listed: bool,
    /// A signature under a key that nobody pinned verifies over it.
    pub carried: bool,
    /// The pinned key whose signature reaches it, by itself or through lists.
    pub pinned: Option<String>,
    /// A list that a pinned signature reaches names it.
    pub listed_under_pin: bool,
    /// The earliest pinned time stamp that reaches it.
    pub stamped: Option<Stamp>,
}

/// Statements by the member in which they stand, and what follows from them together.
pub(super) struct Cover<'e> {
    all: &'e [Enclosure],
    by_member: BTreeMap<&'e str, Vec<usize>>,
    /// Statements about a member, by the members in which they stand.
    speakers: BTreeMap<&'e str, Vec<&'e str>>,
    standings: BTreeMap<String, Standing>,
}

impl<'e> Cover<'e> {
    pub fn of(all: &'e [Enclosure]) -> Self {
        let mut by_member: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut speakers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (index, enclosure) in all.iter().enumerate() {
            by_member.entry(&enclosure.member).or_default().push(index);
            for covered in enclosure.covers.iter().filter(|_| !enclosure.is_content) {
                let of_covered = speakers.entry(&covered.member).or_default();
                of_covered.push(&enclosure.member);
            }
        }
        let mut cover = Cover {
            all,
            by_member,
            speakers,
            standings: BTreeMap::new(),
        };
        cover.spread_itself();
        cover.spread_pins();
        cover.spread_stamps();
        cover
    }

    pub fn into_standings(self) -> BTreeMap<String, Standing> {
        self.standings
    }

    fn at(&mut self, member: &str) -> &mut Standing {
        if !self.standings.contains_key(member) {
            self.standings.insert(member.to_owned(), Standing::default());
        }
        self.standings.entry(member.to_owned()).or_default()
    }

    /// What the bundle says of itself.
    fn spread_itself(&mut self) {
        for enclosure in self.all {
            let carried = matches!(
                enclosure.vouched,
                Vouched::Unpinned {
                    carried_verifies: true,
                    ..
                }
            );
            let is_list = enclosure.vouched == Vouched::Nobody;
            for member in agreeing(enclosure) {
                let standing = self.at(member);
                standing.listed |= is_list;
                standing.carried |= carried;
            }
            if enclosure.is_content && carried {
                self.at(&enclosure.member).carried = true;
            }
        }
    }

    /// What pinned signatures reach.
    fn spread_pins(&mut self) {
        for enclosure in self.all {
            let Vouched::Pinned(key) = &enclosure.vouched else {
                continue;
            };
            let mut first: Vec<&str> = agreeing(enclosure).collect();
            if enclosure.is_content {
                first.push(&enclosure.member);
            }
            let (reached, listed) = self.spread(&first, |standings, member| {
                // somebody pinned was here before
                standings
                    .get(member)
                    .is_some_and(|standing| standing.pinned.is_some())
            });
            for member in reached {
                self.at(member).pinned.get_or_insert_with(|| key.clone());
            }
            for member in listed {
                self.at(member).listed_under_pin = true;
            }
        }
    }

    /// What pinned time stamps reach, the earliest first.
    fn spread_stamps(&mut self) {
        let mut stamped: Vec<(&Stamp, &Enclosure)> = self
            .all
            .iter()
            .filter_map(|enclosure| Some((enclosure.stamp.as_ref()?, enclosure)))
            .collect();
        stamped.sort_by_key(|(stamp, _)| stamp.at);
        for (stamp, enclosure) in stamped {
            let mut first: Vec<&str> = agreeing(enclosure).collect();
            if enclosure.is_content {
                first.push(&enclosure.member);
            }
            let (reached, _) = self.spread(&first, |standings, member| {
                standings
                    .get(member)
                    .is_some_and(|standing| standing.stamped.is_some())
            });
            for member in reached {
                self.at(member).stamped.get_or_insert_with(|| stamp.clone());
            }
        }
    }

    /// Goes from members to what the statements in them pass on: a list what it lists, a signature what a pinned key signed.
    /// Gives the members that are reached, and of these the ones that a reached list names.
    fn spread(
        &self,
        first: &[&'e str],
        is_known: impl Fn(&BTreeMap<String, Standing>, &str) -> bool,
    ) -> (BTreeSet<&'e str>, BTreeSet<&'e str>) {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut listed = BTreeSet::new();
        let mut next: VecDeque<&str> = VecDeque::new();
        for member in first {
            if !is_known(&self.standings, member) && reached.insert(member) {
                next.push_back(member);
            }
        }
        while let Some(member) = next.pop_front() {
            for index in self.by_member.get(member).into_iter().flatten() {
                let Some(enclosure) = self.all.get(*index) else {
                    continue;
                };
                if !passes_on(enclosure) {
                    continue;
                }
                for covered in agreeing(enclosure) {
                    if enclosure.vouched == Vouched::Nobody {
                        listed.insert(covered);
                    }
                    if !is_known(&self.standings, covered) && reached.insert(covered) {
                        next.push_back(covered);
                    }
                }
            }
        }
        (reached, listed)
    }

    /// Members below a closed list's folder that it does not list. The list itself, and statements about it, lie outside.
    pub fn unlisted<'i>(&self, closed: &Enclosure, folder: &str, inventory: &'i Inventory) -> Vec<&'i str> {
        let listed: BTreeSet<&str> = closed
            .covers
            .iter()
            .map(|covered| covered.member.as_str())
            .collect();
        let about = self.about(&closed.member);
        inventory
            .members
            .range(folder.to_owned()..)
            .map(|(member, _)| member.as_str())
            .take_while(|member| member.starts_with(folder))
            .filter(|member| names::is_below(member, folder))
            .filter(|member| !listed.contains(member) && !about.contains(member))
            .collect()
    }

    /// A statement, and the statements about it.
    fn about<'m>(&'m self, member: &'m str) -> BTreeSet<&'m str> {
        let mut about = BTreeSet::from([member]);
        let mut next = vec![member];
        while let Some(member) = next.pop() {
            for speaker in self.speakers.get(member).into_iter().flatten() {
                if about.insert(speaker) {
                    next.push(speaker);
                }
            }
        }
        about
    }
}

/// Whether what reaches a statement reaches what it speaks of. The bytes of a list or a time stamp hold the digests of what
/// they are about; a signature holds none, and says what it is over only where it verifies under a key that was fixed before.
fn passes_on(enclosure: &Enclosure) -> bool {
    matches!(enclosure.vouched, Vouched::Nobody | Vouched::Pinned(_))
}

fn agreeing(enclosure: &Enclosure) -> impl Iterator<Item = &str> {
    enclosure
        .covers
        .iter()
        .filter(|covered| covered.agreement == Agreement::Agrees)
        .map(|covered| covered.member.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enclosure::Covered;

    fn enclosure(member: &str, covers: &[&str], vouched: Vouched) -> Enclosure {
        Enclosure {
            kind: "test",
            member: member.into(),
            covers: covers
                .iter()
                .map(|member| Covered {
                    member: (*member).into(),
                    agreement: Agreement::Agrees,
                })
                .collect(),
            closed_below: None,
            is_content: false,
            vouched,
            stamp: None,
            uncovered: Vec::new(),
            keys: Vec::new(),
            faults: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn pinned() -> Vouched {
        Vouched::Pinned("key".into())
    }

    fn unpinned() -> Vouched {
        Vouched::Unpinned {
            carried_verifies: true,
            carried_fails: false,
        }
    }

    fn stamp(mut enclosure: Enclosure, second: i64) -> Enclosure {
        enclosure.stamp = Some(Stamp {
            at: chrono::DateTime::from_timestamp(second, 0).unwrap(),
            by: "somebody".into(),
        });
        enclosure
    }

    fn standing(all: &[Enclosure], member: &str) -> Standing {
        Cover::of(all)
            .into_standings()
            .get(member)
            .cloned()
            .unwrap_or_default()
    }

    #[test]
    fn a_pinned_signature_goes_through_lists() {
        let all = [
            enclosure("tags.sig", &["tags"], pinned()),
            enclosure("tags", &["list"], Vouched::Nobody),
            enclosure("list", &["a", "b"], Vouched::Nobody),
        ];
        let a = standing(&all, "a");
        assert!(a.listed && a.listed_under_pin && a.pinned.is_some());
        assert!(!standing(&all, "tags").listed_under_pin);
    }

    #[test]
    fn lists_alone_pin_nothing() {
        let all = [
            enclosure("tags", &["list"], Vouched::Nobody),
            enclosure("list", &["a"], Vouched::Nobody),
        ];
        assert!(standing(&all, "a").listed);
        assert_eq!(standing(&all, "a").pinned, None);
    }

    #[test]
    fn an_unpinned_signature_passes_nothing_on() {
        let all = [
            enclosure("list.sig.sig", &["list.sig"], pinned()),
            enclosure("list.sig", &["list"], unpinned()),
            enclosure("list", &["a"], Vouched::Nobody),
        ];
        assert!(standing(&all, "list.sig").pinned.is_some());
        assert_eq!(standing(&all, "a").pinned, None);
        assert!(standing(&all, "list").carried);
        assert!(!standing(&all, "a").carried);
    }

    #[test]
    fn a_stamp_over_a_pinned_signature_reaches_what_was_signed() {
        let token = stamp(enclosure("list.sig.tsr", &["list.sig"], Vouched::Nobody), 7);
        let list = enclosure("list", &["a"], Vouched::Nobody);
        let with = |vouched| {
            [
                token.clone(),
                enclosure("list.sig", &["list"], vouched),
                list.clone(),
            ]
        };
        assert!(standing(&with(pinned()), "a").stamped.is_some());
        assert_eq!(standing(&with(unpinned()), "a").stamped, None);
        assert_eq!(standing(&with(pinned()), "list.sig").pinned, None);
    }

    #[test]
    fn the_earliest_stamp_counts_and_circles_end() {
        let all = [
            stamp(enclosure("2.tsr", &["list"], Vouched::Nobody), 2),
            stamp(enclosure("1.tsr", &["list"], Vouched::Nobody), 1),
            enclosure("list", &["a", "list"], Vouched::Nobody),
            enclosure("a", &["list"], Vouched::Nobody),
        ];
        assert_eq!(standing(&all, "a").stamped.unwrap().at.timestamp(), 1);
    }
}
