//! Patterns of member names.

/// A pattern such as `records.jsonl`, `audit/*.jsonl` or `**/manifest.json`.
///
/// `*` stands for any characters but `/`, `**/` for any folders. Without a `/` the pattern means the name in any folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pattern(String);

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        Pattern(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        if !self.0.contains('/') {
            let last = name.rsplit('/').next().unwrap_or(name);
            return segment(self.0.as_bytes(), last.as_bytes());
        }
        let pattern: Vec<&str> = self.0.split('/').collect();
        let name: Vec<&str> = name.split('/').collect();
        path(&pattern, &name)
    }
}

/// Matches segment by segment. `**` is tried against every number of folders, with the standard two-pointer walk, so
/// that the time stays proportional to pattern times name.
fn path(pattern: &[&str], name: &[&str]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while n < name.len() {
        match (pattern.get(p), name.get(n)) {
            (Some(&"**"), _) => {
                retry = Some((p, n));
                p += 1;
            }
            (Some(asked), Some(own)) if segment(asked.as_bytes(), own.as_bytes()) => {
                p += 1;
                n += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    p = star + 1;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|rest| *rest == "**")
}

fn segment(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p, n));
                p += 1;
            }
            Some(asked) if Some(asked) == name.get(n) => {
                p += 1;
                n += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    p = star + 1;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|rest| *rest == b'*')
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_names() {
        let cases = [
            ("manifest.json", "manifest.json", true),
            ("manifest.json", "proof/manifest.json", true),
            ("manifest.json", "proof/xmanifest.json", false),
            ("*.jsonl", "a/b.jsonl", true),
            ("*.jsonl", "a/b.json", false),
            ("audit/*.jsonl", "audit/x.jsonl", true),
            ("audit/*.jsonl", "audit/y/x.jsonl", false),
            ("audit/*.jsonl", "z/audit/x.jsonl", false),
            ("**/audit/*.jsonl", "z/audit/x.jsonl", true),
            ("**/audit/*.jsonl", "audit/x.jsonl", true),
            ("a*b*c", "aXXbYYc", true),
            ("a*b*c", "aXXbYY", false),
            ("*", "anything", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(Pattern::new(pattern).matches(name), expected, "{pattern} {name}");
        }
    }
}
