//! Every JSON object against its page in `docs/schemas`: it fits, and nothing in it is left undescribed.

use std::path::Path;

use serde_json::Value;

/// Fails unless the object fits the schema and the schema describes every member of the object.
#[track_caller]
pub fn holds(name: &str, object: &Value) {
    let schema = read(name);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(object)
        .map(|e| format!("{} at {}", e, e.instance_path()))
        .collect();
    assert!(
        errors.is_empty(),
        "tickmark.{name}/1: {}\n{object}",
        errors.join("; ")
    );
    let mut silent = Vec::new();
    undescribed(&schema, &schema, object, "", &mut silent);
    assert!(
        silent.is_empty(),
        "docs/schemas/{name}.json does not describe {silent:?}"
    );
}

fn read(name: &str) -> Value {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas"))
}

/// Walks object and schema side by side.
fn undescribed(root: &Value, schema: &Value, value: &Value, at: &str, silent: &mut Vec<String>) {
    let schema = resolved(root, schema);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let at = format!("{at}/{name}");
                match schema["properties"].get(name) {
                    Some(page) if page.get("description").is_some() => {
                        undescribed(root, page, member, &at, silent);
                    }
                    _ => silent.push(at),
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| undescribed(root, &schema["items"], item, at, silent)),
        _ => {}
    }
}

fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return root.pointer(reference.trim_start_matches('#')).unwrap_or(schema);
    }
    match schema.get("anyOf").and_then(Value::as_array) {
        Some(choices) => choices
            .iter()
            .find(|one| one.get("$ref").is_some())
            .map_or(schema, |one| resolved(root, one)),
        None => schema,
    }
}

#[test]
fn every_schema_is_one_and_names_its_object() {
    let mut seen = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let schema = read(&name);
        assert_eq!(
            schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
            "{name}"
        );
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{name}");
        assert_eq!(
            schema["properties"]["schema"]["const"],
            format!("tickmark.{name}/1")
        );
        assert_eq!(schema["$id"], format!("urn:tickmark:schema:{name}/1"));
        assert_ne!(
            schema["additionalProperties"],
            Value::Bool(false),
            "{name} only grows"
        );
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

#[test]
#[should_panic(expected = "required")]
fn an_object_that_lacks_a_member_is_seen() {
    holds(
        "error",
        &serde_json::json!({"schema": "tickmark.error/1", "code": "limit", "message": "x"}),
    );
}

#[test]
#[should_panic(expected = "does not describe")]
fn a_member_that_no_page_describes_is_seen() {
    let error = serde_json::json!({"schema": "tickmark.error/1", "code": "limit", "message": "x", "hints": [], "new": 1});
    holds("error", &error);
}
