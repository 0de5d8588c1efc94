//! A draft in words and as TOML.

use tickmark_formats::json::Value;

use super::{Linked, Work};
use crate::infer::signing::Signed;
use crate::infer::{Explained, Unexplained, form, writing};
use crate::profile::{Form, SourceKind};

impl Work<'_, '_, '_> {
    fn pointer(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", |field| field.pointer.as_str())
    }

    /// What is explained, and what is not.
    pub(super) fn tell(&mut self) {
        let mut told = Vec::new();
        let line = |field: &str, role: &str, reproduced: usize, of: usize, sentence: String| Explained {
            field: field.to_owned(),
            role: role.to_owned(),
            reproduced,
            of,
            sentence,
        };
        if let Some((index, found)) = &self.draft.hash {
            let field = self.pointer(*index);
            let sentence = format!(
                "{field} is {} of the record's content: recomputed and equal in {} of {} records.",
                found.alg.name(),
                found.reproduced,
                found.of
            );
            told.push(line(field, "hash", found.reproduced, found.of, sentence));
        }
        match &self.draft.link {
            Some(Linked::Text(link, target)) => {
                let (field, named) = (self.pointer(*link), self.pointer(*target));
                let steps = self.before.iter().flatten().count();
                let agreeing = self.agreeing(*link, *target);
                let sentence = format!(
                    "{field} repeats {named} of the record before, in {agreeing} of {steps} records."
                );
                told.push(line(field, "link", agreeing, steps, sentence));
            }
            Some(Linked::Digest(link, found)) => {
                let field = self.pointer(*link);
                let sentence = format!(
                    "{field} is {} of the record before: recomputed and equal in {} of {} records.",
                    found.alg.name(),
                    found.reproduced,
                    found.of
                );
                told.push(line(field, "link", found.reproduced, found.of, sentence));
            }
            Some(Linked::Entering(target, _)) => {
                let sentence = format!(
                    "{} of the record before enters the hash; no field of the record repeats it.",
                    self.pointer(*target)
                );
                let (reproduced, of) = self
                    .draft
                    .hash
                    .as_ref()
                    .map_or((0, 0), |(_, f)| (f.reproduced, f.of));
                told.push(line(self.pointer(*target), "link", reproduced, of, sentence));
            }
            None => {}
        }
        for (index, found) in &self.draft.checks {
            let field = self.pointer(*index);
            let sentence = format!(
                "{field} is {} of {}: equal in {} of {} records.",
                found.alg.name(),
                writing::parts(&found.parts),
                found.reproduced,
                found.of
            );
            told.push(line(field, "check", found.reproduced, found.of, sentence));
        }
        for signed in &self.draft.signed {
            let field = self.pointer(signed.field);
            let whose = if signed.key.is_pinned {
                "a key that you pinned"
            } else {
                "a key that the bundle itself carries, which does not show who signed"
            };
            let sentence = format!(
                "{field} is an {} signature that verifies under {whose}, in {} of {} records.",
                signed.key.alg.name(),
                signed.reproduced,
                signed.of
            );
            told.push(line(field, "signature", signed.reproduced, signed.of, sentence));
            if let Some(key) = &signed.key.carried.field {
                told.push(line(
                    key,
                    "key",
                    signed.reproduced,
                    signed.of,
                    format!("{key} is the key under which it verifies."),
                ));
            }
        }
        if let Some(numbered) = &self.draft.seq {
            let field = self.pointer(numbered.field);
            let steps = self.before.iter().flatten().count();
            let sentence = format!(
                "{field} grows by {} from record to record, in {} of {steps} records.",
                numbered.step, numbered.reproduced
            );
            told.push(line(field, "seq", numbered.reproduced, steps, sentence));
        }
        let is_told = |pointer: &str| told.iter().any(|line: &Explained| line.field == pointer);
        let unexplained: Vec<Unexplained> = self
            .fields
            .iter()
            .filter(|field| !is_told(&field.pointer))
            .filter_map(|field| {
                let shape = field.shape.as_ref()?;
                let sentence = format!(
                    "{} holds {}. Nothing that was tried gives it{}.",
                    field.pointer,
                    shape.in_words(),
                    if shape.digests().is_empty() || shape.len == 64 {
                        ", or the key is not among those that were given or are carried"
                    } else {
                        "; what it is a digest of may not be in the records"
                    }
                );
                Some(Unexplained {
                    field: field.pointer.clone(),
                    sentence,
                })
            })
            .take(MOST_UNEXPLAINED)
            .collect();
        self.proposal.explained = told;
        self.proposal.unexplained = unexplained;
    }

    fn agreeing(&self, link: usize, target: usize) -> usize {
        let (Some(field), Some(named)) = (self.fields.get(link), self.fields.get(target)) else {
            return 0;
        };
        let steps = self
            .before
            .iter()
            .enumerate()
            .filter_map(|(record, before)| Some((record, (*before)?)));
        steps
            .filter(|(record, before)| {
                field.text(*record).is_some() && field.text(*record) == named.text(*before)
            })
            .count()
    }

    /// The draft as TOML; `None` when nothing was reproduced.
    pub(super) fn write(&self, id: &str) -> Option<String> {
        use std::fmt::Write;
        if !self.draft.is_worth_proposing() {
            return None;
        }
        let mut out = format!(
            "# Proposed by inference from {} records; not told by the system's author.\nid = {}\nversion = \"1\"\n\
             title = \"Inferred: {id}\"\nspec_url = \"inferred from records\"\n\n[detect]\nall = {}\n\n",
            self.records.len(),
            writing::quoted(id),
            writing::list(&self.members_of_all())
        );
        let kind = match self.trail.kind {
            SourceKind::Jsonl => "jsonl",
            SourceKind::Json => "json",
            SourceKind::Files => "files",
            SourceKind::Jws => "jws",
            SourceKind::JwsFiles => "jws-files",
        };
        let _ = writeln!(out, "[[source]]\nkind = \"{kind}\"");
        if self.trail.kind == SourceKind::Json {
            let _ = writeln!(out, "at = {}", writing::quoted(&self.trail.at));
        }
        if let Some(partition) = &self.draft.partition {
            let _ = writeln!(out, "partition = {}", writing::quoted(partition));
        }
        if let Some(numbered) = &self.draft.seq {
            let _ = writeln!(
                out,
                "\n[seq]\nfield = {}\nstart = {}\nstep = {}",
                writing::quoted(self.pointer(numbered.field)),
                numbered.start,
                numbered.step
            );
        }
        self.write_digests(&mut out);
        self.write_link(&mut out);
        for signed in &self.draft.signed {
            self.write_signature(signed, &mut out);
        }
        Some(out)
    }

    /// First-level members that every record has, signatures left out: a trail without them must still be recognised.
    fn members_of_all(&self) -> Vec<String> {
        let first = self.records.first().and_then(Value::members).unwrap_or_default();
        let signatures: Vec<&str> = self
            .draft
            .signed
            .iter()
            .map(|signed| self.pointer(signed.field))
            .collect();
        first
            .iter()
            .map(|member| member.name.as_ref())
            .filter(|name| self.records.iter().all(|record| record.get(name).is_some()))
            .map(form::pointer_of)
            .filter(|pointer| {
                !signatures
                    .iter()
                    .any(|signature| signature.starts_with(pointer.as_str()))
            })
            .take(12)
            .collect()
    }

    fn write_digests(&self, out: &mut String) {
        use std::fmt::Write;
        let encoding = |index: usize| {
            let shape = self.fields.get(index).and_then(|field| field.shape.as_ref());
            shape.map_or(String::new(), |shape| writing::encoding(&shape.encoding))
        };
        if let Some((index, found)) = &self.draft.hash {
            let _ = writeln!(
                out,
                "\n[hash]\nalg = \"{}\"\nenc = {}\nfield = {}\npreimage = {}",
                found.alg.name(),
                writing::quoted(&encoding(*index)),
                writing::quoted(self.pointer(*index)),
                writing::parts(&found.parts)
            );
        } else if let (Some(Linked::Digest(index, found)), true) =
            (&self.draft.link, self.draft.signed.is_empty())
        {
            // no record carries its own digest; the next one does
            let _ = writeln!(
                out,
                "\n[hash]\nalg = \"{}\"\nenc = {}\npreimage = {}",
                found.alg.name(),
                writing::quoted(&encoding(*index)),
                writing::parts(&found.parts)
            );
        }
        for (index, found) in &self.draft.checks {
            let is_optional = self.fields.get(*index).is_some_and(|field| {
                found.of < self.records.len() || field.values.iter().any(Option::is_none)
            });
            let _ = writeln!(
                out,
                "\n[[checks]]\nfield = {}\nalg = \"{}\"\nenc = {}\npreimage = {}{}",
                writing::quoted(self.pointer(*index)),
                found.alg.name(),
                writing::quoted(&encoding(*index)),
                writing::parts(&found.parts),
                if is_optional { "\noptional = true" } else { "" }
            );
        }
    }

    fn write_link(&self, out: &mut String) {
        use std::fmt::Write;
        let Some(link) = &self.draft.link else { return };
        let genesis: Vec<String> = self.draft.genesis.iter().map(writing::genesis).collect();
        let (field, target) = match link {
            Linked::Text(field, target) => {
                let is_hash = self.draft.hash.as_ref().is_some_and(|(hash, _)| hash == target);
                let target = if is_hash {
                    "\"hash\"".to_owned()
                } else {
                    format!("{{ field = {} }}", writing::quoted(self.pointer(*target)))
                };
                (Some(*field), target)
            }
            Linked::Entering(target, _) => {
                let is_hash = self.draft.hash.as_ref().is_some_and(|(hash, _)| hash == target);
                let target = if is_hash {
                    "\"hash\"".to_owned()
                } else {
                    format!("{{ field = {} }}", writing::quoted(self.pointer(*target)))
                };
                (None, target)
            }
            Linked::Digest(field, _) => (Some(*field), String::new()),
        };
        out.push_str("\n[link]\n");
        if let Some(field) = field {
            let _ = writeln!(out, "field = {}", writing::quoted(self.pointer(field)));
        }
        let _ = writeln!(out, "genesis = {}", writing::list(&genesis));
        if let Linked::Digest(index, found) = link {
            let shape = self.fields.get(*index).and_then(|field| field.shape.as_ref());
            let _ = writeln!(
                out,
                "\n[link.target.preimage]\nalg = \"{}\"\nenc = {}\nparts = {}",
                found.alg.name(),
                writing::quoted(&shape.map_or(String::new(), |shape| writing::encoding(&shape.encoding))),
                writing::parts(&found.parts)
            );
        } else {
            let _ = writeln!(out, "target = {target}");
        }
    }

    fn write_signature(&self, signed: &Signed, out: &mut String) {
        use std::fmt::Write;
        let encoding = &signed.shape.encoding;
        let _ = writeln!(
            out,
            "\n[[signatures]]\nfield = {}\nenc = {}\nalg = \"{}\"\nmessage = {}",
            writing::quoted(self.pointer(signed.field)),
            writing::quoted(&writing::encoding(encoding)),
            signed.key.alg.name(),
            writing::parts(&signed.message)
        );
        if signed.form == Form::Der {
            out.push_str("form = \"der\"\n");
        }
        if !signed.is_everywhere {
            out.push_str("required = \"never\"\n");
        }
        let key = &signed.key.carried;
        let named = [
            ("kid", &key.kid),
            ("field", &key.field),
            ("file", &key.file),
            ("at", &key.at),
            ("enc", &key.enc),
        ];
        let pairs: Vec<String> = named
            .into_iter()
            .filter_map(|(name, text)| Some(format!("{name} = {}", writing::quoted(text.as_deref()?))))
            .collect();
        if !pairs.is_empty() {
            let _ = writeln!(out, "key = {{ {} }}", pairs.join(", "));
        }
    }
}

const MOST_UNEXPLAINED: usize = 32;
