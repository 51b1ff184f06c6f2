//! Official schemas of formats; `harness/tests/data/machine-formats.md` says where each comes from.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::path::Path;

/// A schema of `harness/tests/data`.
pub fn official(name: &str) -> Validator {
    let schema = parse(name);
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a JSON Schema")
}

/// HAR's, whose parts are files that name each other: bundled into one by their ids.
pub fn har() -> Validator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("harness/tests/data/har-1.2");
    let mut parts = serde_json::Map::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            let mut part = parse(&format!("har-1.2/{name}"));
            part["$id"] = format!("http://har.example/{name}").into();
            parts.insert(name, part);
        }
    }
    assert_eq!(parts.len(), 18);
    let bundle = json!({
        "$schema": "http://json-schema.org/draft-06/schema#",
        "$id": "http://har.example/bundle.json",
        "allOf": [{ "$ref": "har.json" }],
        "definitions": parts,
    });
    jsonschema::options().should_validate_formats(true).build(&bundle).expect("a JSON Schema")
}

fn parse(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("harness/tests/data").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    // This pattern of OASIS has a bracket too many, which is no regular expression of ECMA-262.
    let text = text.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    serde_json::from_str(&text).expect("JSON")
}

/// Panics with every violation.
#[track_caller]
pub fn valid(validator: &Validator, instance: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
