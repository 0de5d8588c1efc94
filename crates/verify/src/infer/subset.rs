//! Searches the members that a hashed JSON object has: all but a few, and then any choice of them. Prefixes are shared, so
//! that a choice costs the bytes in which it differs from the one before.

use tickmark_crypto::digest::{Algorithm, Hasher};

use super::effort::Effort;
use super::form::{Form, pointer_of};
use crate::profile::{Json, Part};

/// Finds which members, left out of a form, make its digest the expected one.
pub(super) fn without(
    form: &Form,
    alg: Algorithm,
    expected: &[u8],
    left_out: usize,
    effort: &mut Effort,
) -> Option<Vec<String>> {
    // the walk is as deep as there are members
    if left_out > form.members.len() || (left_out > 0 && form.members.len() > MOST_MEMBERS) {
        return None;
    }
    let mut hasher = Hasher::new(alg);
    hasher.update(b"{");
    let mut walk = Walk {
        form,
        expected,
        effort,
        out: Vec::new(),
    };
    walk.step(0, hasher, 1, true, left_out)
        .then(|| walk.out.iter().map(|name| (*name).to_owned()).collect())
}

struct Walk<'f, 'e> {
    form: &'f Form,
    expected: &'f [u8],
    effort: &'e mut Effort,
    out: Vec<&'f str>,
}

impl<'f> Walk<'f, '_> {
    /// Goes on from a member: `hasher` has what stands before it, `bytes` of them since the last block was paid for.
    fn step(&mut self, index: usize, mut hasher: Hasher, bytes: usize, is_first: bool, left: usize) -> bool {
        let form = self.form;
        if left == 0 {
            // all that is left is taken
            let mut count = bytes;
            let mut is_first = is_first;
            for (_, text) in form.members.get(index..).unwrap_or_default() {
                if !is_first {
                    hasher.update(form.comma());
                }
                is_first = false;
                hasher.update(text);
                count += text.len() + 2;
            }
            hasher.update(b"}");
            return self.effort.bytes(count) && hasher.finish().as_bytes() == self.expected;
        }
        let Some((name, text)) = form.members.get(index) else {
            return false;
        };
        let remaining = form.members.len() - index;
        if remaining < left {
            return false;
        }
        self.out.push(name);
        if self.step(index + 1, hasher.clone(), bytes % 64, is_first, left - 1) {
            return true;
        }
        self.out.pop();
        if remaining == left || !self.effort.bytes(text.len()) {
            return false;
        }
        if !is_first {
            hasher.update(form.comma());
        }
        hasher.update(text);
        self.step(index + 1, hasher, (bytes + text.len()) % 64, false, left)
    }
}

/// The part that leaves members out of a form.
pub(super) fn part(form: &Form, out: &[String]) -> Part {
    let mut exclude = form.json.exclude.clone();
    exclude.extend(out.iter().map(|name| pointer_of(name)));
    exclude.sort();
    exclude.dedup();
    Part::Json(Box::new(Json {
        exclude,
        ..form.json.clone()
    }))
}

/// Members among which a choice is searched.
const MOST_MEMBERS: usize = 256;
