//! Where results, errors and progress go.

use std::cell::Cell;
use std::io::{self, ErrorKind, IsTerminal, Write};

use serde::Serialize;
use serde_json::{Map, Value};
use tickmark_workbench::Error;
use tickmark_workbench::contract::ErrorView;

use crate::text::{bullets, escaped, hanging, visible};

/// The two streams and how they are used.
pub struct Door {
    json: bool,
    progress: bool,
    broken: Cell<bool>,
    left: Cell<bool>,
}

impl Door {
    /// With `json`, results and errors are JSON objects. Progress is shown only on a terminal and only when wanted.
    pub fn new(json: bool, quiet: bool) -> Self {
        Door {
            json,
            progress: !quiet && io::stderr().is_terminal(),
            broken: Cell::new(false),
            left: Cell::new(false),
        }
    }

    /// Whether JSON is wanted.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Whether progress is shown.
    pub fn shows_progress(&self) -> bool {
        self.progress
    }

    /// Whether something could not be written to stdout.
    pub fn is_broken(&self) -> bool {
        self.broken.get()
    }

    /// Whether nobody reads stdout any more, so that nothing more need be asked for.
    pub fn is_left_alone(&self) -> bool {
        self.left.get()
    }

    /// Prints a result: as a JSON object under its schema's name, or as text.
    pub fn result<T: Serialize>(&self, schema: &str, value: &T, text: impl FnOnce(&T) -> String) {
        if self.json {
            self.object(schema, value);
        } else {
            self.text(&text(value));
        }
    }

    /// Prints one JSON object on one line. Its first member names its schema.
    pub fn object<T: Serialize>(&self, schema: &str, value: &T) {
        match serde_json::to_value(value) {
            Ok(Value::Object(members)) => {
                self.text(&escaped(&Value::Object(named(schema, members)).to_string()));
            }
            Ok(other) => self.text(&escaped(&other.to_string())),
            Err(_) => self.broken.set(true),
        }
    }

    /// Prints text.
    pub fn text(&self, text: &str) {
        self.bytes(format!("{}\n", text.trim_end_matches('\n')).as_bytes());
    }

    /// Prints bytes as they are. A reader that has gone away (`| head`) is no error; a full disk is one.
    pub fn bytes(&self, bytes: &[u8]) {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.left.set(true),
            Err(error) => {
                self.broken.set(true);
                self.note(&format!(
                    "tickmark: The result could not be written to stdout: {error}"
                ));
            }
        }
    }

    /// Says something beside the result.
    pub fn note(&self, text: &str) {
        // nobody is left to tell when stderr is gone too
        let _ = writeln!(io::stderr(), "{}", visible(text));
    }

    /// Prints an error: `tickmark.error/1` on stdout with JSON, else words on stderr.
    pub fn error(&self, error: &Error) {
        self.refused(&ErrorView::from(error.clone()));
    }

    /// Prints an error that came with an answer, as [`Door::error`] does.
    pub fn refused(&self, error: &ErrorView) {
        if self.json {
            self.object(ERROR, error);
        } else {
            let _ = write!(io::stderr(), "{}", in_words(error));
        }
    }
}

/// An error in words, with what can be done.
pub fn in_words(error: &ErrorView) -> String {
    let message = hanging("          ", &error.message);
    format!("tickmark: {}{}", message.trim_start(), bullets(&error.hints))
}

fn named(schema: &str, members: Map<String, Value>) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert(SCHEMA.into(), schema.into());
    object.extend(members.into_iter().filter(|(name, _)| name != SCHEMA));
    object
}

const SCHEMA: &str = "schema";
const ERROR: &str = "tickmark.error/1";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn members(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn an_object_names_its_schema_once_and_first() {
        let object = named("tickmark.x/1", members(&json!({"a": 1})));
        assert_eq!(
            Value::Object(object).to_string(),
            r#"{"schema":"tickmark.x/1","a":1}"#
        );
        let own = named(
            "tickmark.x/1",
            members(&json!({"a": 1, "schema": "tickmark.x/1"})),
        );
        assert_eq!(
            Value::Object(own).to_string(),
            r#"{"schema":"tickmark.x/1","a":1}"#
        );
    }

    #[test]
    fn an_error_says_what_can_be_done() {
        let view = ErrorView::from(Error::invalid("The seed is empty.").hint("Roll dice."));
        assert_eq!(in_words(&view), "tickmark: The seed is empty.\n  - Roll dice.\n");
    }
}
