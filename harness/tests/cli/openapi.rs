//! Every spec is valid OpenAPI 3.1 by the official schema, and every schema in it by that of JSON Schema 2020-12.

use jsonschema::Validator;
use proofmark::model::source::SourceFile;
use serde_json::{Value, json};
use std::path::Path;

fn official() -> Validator {
    let schema: Value = serde_json::from_str(include_str!("../data/openapi-3.1.schema.json")).expect("JSON");
    assert_eq!(schema["$id"], "https://spec.openapis.org/oas/3.1/schema/2022-10-07");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a JSON Schema")
}

/// The specs of this repository, by file name.
fn specs() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path().join("openapi.yaml");
        if let Ok(text) = std::fs::read_to_string(&path) {
            let mut problems = Vec::new();
            let node = proofmark::yaml::parse(&SourceFile::new("openapi.yaml", &path, text), &mut problems);
            assert!(problems.is_empty(), "{}: {}", path.display(), problems[0].message);
            found.push((path.display().to_string(), node.expect("a document").to_json()));
        }
    }
    assert!(found.len() >= 3, "only {} specs", found.len());
    found
}

fn errors(validator: &Validator, instance: &Value) -> Vec<String> {
    validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

#[test]
fn every_spec_is_valid() {
    let official = official();
    for (name, spec) in specs() {
        let errors = errors(&official, &spec);
        assert!(errors.is_empty(), "{name}:\n{}", errors.join("\n"));
    }
}

/// Schema Objects: under `schema` of parameters, headers and media types, and under `components.schemas`.
fn schemas<'a>(value: &'a Value, pointer: &str, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                let at = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                match key.as_str() {
                    "schema" => found.push((at, child)),
                    "schemas" if pointer == "/components" => {
                        found.extend(
                            child.as_object().into_iter().flatten().map(|(k, s)| (format!("{at}/{k}"), s)),
                        );
                    }
                    "example" | "examples" => {}
                    _ => schemas(child, &at, found),
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, v)| schemas(v, &format!("{pointer}/{i}"), found))
        }
        _ => {}
    }
}

#[test]
fn every_schema_is_valid() {
    for (name, spec) in specs() {
        let mut found = Vec::new();
        schemas(&spec, "", &mut found);
        assert!(found.len() > 5, "{name}: only {} schemas", found.len());
        for (pointer, schema) in found {
            let valid = jsonschema::draft202012::meta::validate(schema).map_err(|e| e.to_string());
            assert_eq!(valid, Ok(()), "{name}{pointer}");
            // A `$ref` leads somewhere, and patterns compile.
            let reference = json!({ "$ref": format!("spec:/x#{}", escaped(&pointer)) });
            let registry = jsonschema::Registry::new()
                .draft(jsonschema::Draft::Draft202012)
                .add("spec:/x", spec.clone())
                .and_then(|r| r.prepare())
                .expect("a registry");
            let built = jsonschema::options()
                .with_draft(jsonschema::Draft::Draft202012)
                .with_registry(&registry)
                .build(&reference);
            assert!(
                built.is_ok(),
                "{name}{pointer}: {}",
                built.err().map(|e| e.to_string()).unwrap_or_default()
            );
        }
    }
}

fn escaped(pointer: &str) -> String {
    pointer
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"/~-._".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// The schema would notice.
#[test]
fn what_is_not_openapi_is_not_valid() {
    let official = official();
    let (_, spec) = specs().remove(0);
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut spec = spec.clone();
        change(&mut spec);
        !errors(&official, &spec).is_empty()
    };
    assert!(!broken(&|_| {}));
    assert!(broken(&|s| s["openapi"] = json!("3.0.3")));
    assert!(broken(&|s| s["infos"] = json!({})));
    assert!(broken(&|s| s["info"] = json!({ "title": "no version" })));
    assert!(broken(&|s| s["paths"] = json!({ "no-slash": {} })));
    assert!(broken(&|s| s["paths"] = json!({ "/x": { "fetch": {} } })));
    assert!(broken(&|s| s["paths"] =
        json!({ "/x": { "get": { "parameters": [ { "name": "p", "in": "path", "schema": {} } ] } } })));
    assert!(broken(&|s| s["paths"] = json!({ "/x": { "get": { "responses": { "200": {} } } } })));
}
