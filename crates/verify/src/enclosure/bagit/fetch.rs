//! Lines of `fetch.txt` (RFC 8493, section 2.2.3): an address, a length or `-`, a path in the payload.

use super::super::names;
use super::manifest::{Refusal, decode};

pub(super) struct Rules {
    pub encodes_percent: bool,
}

impl Rules {
    /// The path that a line names. Nothing is ever fetched, so the address is not looked at.
    pub fn path(&self, line: &str) -> Result<String, Refusal> {
        let mut parts = line.splitn(2, [' ', '\t']);
        let (_, rest) = (parts.next(), parts.next().ok_or(Refusal::Line)?);
        let (length, written) = rest
            .trim_start_matches([' ', '\t'])
            .split_once([' ', '\t'])
            .ok_or(Refusal::Line)?;
        if length != "-" && !length.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Line);
        }
        let decoded = decode(written.trim_start_matches([' ', '\t']), self.encodes_percent);
        let refused = |why| Refusal::Path {
            path: decoded.clone(),
            why,
        };
        let path = names::below(&decoded).map_err(refused)?;
        if names::is_below(path, "data") {
            Ok(path.to_owned())
        } else {
            Err(refused("lies outside the payload"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_payload() {
        let rules = Rules {
            encodes_percent: true,
        };
        let path = |line: &str| rules.path(line).ok();
        assert_eq!(path("http://x/y - data/a b").as_deref(), Some("data/a b"));
        assert_eq!(path("http://x/y 12 data/a").as_deref(), Some("data/a"));
        for line in [
            "",
            "http://x",
            "http://x -",
            "http://x many data/a",
            "http://x - ../a",
            "http://x - b/a",
        ] {
            assert_eq!(path(line), None, "{line}");
        }
    }
}
