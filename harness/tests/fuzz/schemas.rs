//! The self-check of the strategies: on schemas that were not written for them (those of the specs, of OpenAPI 3.1 and of
//! JSON Schema itself) what is called valid is valid, and what is called invalid breaks the constraint of its name.

use jsonschema::{Draft, Registry, Validator};
use proofmark::fuzz::strategy::{negatives, positive, runner, sample, sample_negative};
use proofmark::model::source::SourceFile;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// A document and the pointers of the schemas in it.
type Corpus = Vec<(String, Arc<Value>, Vec<String>)>;

fn corpus() -> Corpus {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Corpus = Vec::new();
    for entry in std::fs::read_dir(root.join("specs")).expect("a folder").flatten() {
        let path = entry.path().join("openapi.yaml");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let mut problems = Vec::new();
        let node = proofmark::yaml::parse(&SourceFile::new("openapi.yaml", &path, text), &mut problems)
            .expect("YAML");
        let document = node.to_json();
        let mut pointers = Vec::new();
        schemas(&document, "", &mut pointers);
        found.push((path.display().to_string(), Arc::new(document), pointers));
    }
    let text = include_str!("../data/openapi-3.1.schema.json");
    let document: Value = serde_json::from_str(text).expect("JSON");
    let defs = document["$defs"].as_object().expect("definitions").keys();
    let pointers = defs.map(|name| format!("/$defs/{}", name.replace('/', "~1"))).collect();
    found.push(("openapi-3.1.schema.json".into(), Arc::new(document.clone()), pointers));
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn schemas(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                let at = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                match key.as_str() {
                    "schema" if child.get("$ref").is_none() => found.push(at),
                    "schemas" if pointer == "/components" => {
                        found.extend(
                            child.as_object().into_iter().flatten().map(|(k, _)| format!("{at}/{k}")),
                        );
                    }
                    "example" | "examples" => {}
                    _ => schemas(child, &at, found),
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, v)| schemas(v, &format!("{pointer}/{i}"), found));
        }
        _ => {}
    }
}

/// The schema at a pointer, judged by the `jsonschema` crate, within its document.
fn validator(document: &Value, pointer: &str) -> Option<Validator> {
    let mut document = document.clone();
    // Its own name and dialect would take it out of the registry.
    if let Value::Object(map) = &mut document {
        map.remove("$id");
        map.remove("$schema");
    }
    let registry =
        Registry::new().draft(Draft::Draft202012).add("corpus:/x", document).ok()?.prepare().ok()?;
    let fragment: String = pointer
        .bytes()
        .map(|b| match b.is_ascii_alphanumeric() || b"/~-._$".contains(&b) {
            true => char::from(b).to_string(),
            false => format!("%{b:02X}"),
        })
        .collect();
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&json!({ "$ref": format!("corpus:/x#{fragment}") }))
        .ok()
}

#[test]
fn valid_is_valid_and_invalid_breaks_what_it_says() {
    let (mut all, mut reached, mut constraints, mut broken) = (0, 0, 0, 0);
    let (mut without, mut unbroken) = (Vec::new(), Vec::new());
    for (name, document, pointers) in corpus() {
        for pointer in pointers {
            let schema = document.pointer(&pointer).expect("a schema");
            let Some(validator) = validator(&document, &pointer) else { panic!("{name}{pointer}") };
            let mut runner = runner(11);
            all += 1;
            let good = positive(schema, &document);
            match sample(&good, &validator, &mut runner) {
                Some(tree) => {
                    reached += 1;
                    assert!(validator.is_valid(&tree.current()), "{name}{pointer}: {}", tree.current());
                }
                None => without.push(format!("{name}{pointer}")),
            }
            for negative in negatives(schema, &document).iter().take(40) {
                constraints += 1;
                match sample_negative(negative, &validator, &mut runner) {
                    Some(tree) => {
                        broken += 1;
                        assert!(!validator.is_valid(&tree.current()), "{name}{pointer}: {}", tree.current());
                    }
                    None => unbroken.push(format!("{name}{pointer} {} at {}", negative.keyword, negative.at)),
                }
            }
        }
    }
    println!(
        "valid instances of {reached} of {all} schemas; {broken} of {constraints} constraints broken by themselves"
    );
    println!("none of {without:#?}\nnot broken {unbroken:#?}");
    assert!(all >= 80, "only {all} schemas");
    assert!(reached * 100 >= all * 98, "valid instances of {reached} of {all}: none of {without:#?}");
    assert!(broken * 100 >= constraints * 90, "{broken} of {constraints} constraints: {unbroken:#?}");
}

/// What the corpus has not: every keyword by itself.
#[test]
fn every_keyword_is_kept_and_broken() {
    let schemas = [
        json!({"type": "integer", "minimum": 3, "exclusiveMaximum": 5}),
        json!({"type": "integer", "multipleOf": 7, "minimum": 50}),
        json!({"type": "number", "exclusiveMinimum": 0, "maximum": 0.5}),
        json!({"type": "string", "minLength": 4, "maxLength": 5}),
        json!({"type": "string", "pattern": "^a\\d{2}[^x-z\\s]$"}),
        json!({"type": "string", "format": "date"}),
        json!({"type": "string", "format": "ipv6"}),
        json!({"enum": ["a", 1, null]}),
        json!({"const": {"a": 1}}),
        json!({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3}),
        json!({"type": "array", "uniqueItems": true, "items": {"type": "boolean"}}),
        json!({"type": "array", "prefixItems": [{"type": "string"}], "items": false, "minItems": 1}),
        json!({"type": "array", "contains": {"const": 7}, "minContains": 2}),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "null"}}, "additionalProperties": false}),
        json!({"type": "object", "patternProperties": {"^x[0-9]$": {"type": "integer"}}, "minProperties": 1, "additionalProperties": false}),
        json!({"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "additionalProperties": {"type": "integer"}, "maxProperties": 2}),
        json!({"type": "object", "properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}}),
        json!({"type": "object", "properties": {"a": {}}, "dependentSchemas": {"a": {"required": ["b"]}}}),
        json!({"allOf": [{"type": "integer", "minimum": 2}, {"maximum": 4, "minimum": 1}]}),
        json!({"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 2}]}),
        json!({"oneOf": [{"type": "integer", "minimum": 0}, {"type": "integer", "maximum": -3}]}),
        json!({"type": "string", "not": {"const": "x"}}),
        json!({"type": "object", "properties": {"k": {"enum": ["a", "b"]}}, "required": ["k"],
            "if": {"properties": {"k": {"const": "a"}}}, "then": {"required": ["a"]}, "else": {"required": ["b"]}}),
        json!({"allOf": [{"properties": {"a": {"type": "integer"}}}], "type": "object", "unevaluatedProperties": false}),
        json!({"$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}, "v": {"type": "integer"}}, "required": ["v"]}}, "$ref": "#/$defs/node"}),
    ];
    for schema in schemas {
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
        let document = Arc::new(schema.clone());
        let mut runner = runner(5);
        let good = positive(&schema, &document);
        for _ in 0..10 {
            assert!(sample(&good, &validator, &mut runner).is_some(), "no valid instance of {schema}");
        }
        let bad = negatives(&schema, &document);
        assert!(!bad.is_empty(), "{schema}");
        for negative in bad {
            let tree = sample_negative(&negative, &validator, &mut runner);
            assert!(tree.is_some(), "`{}` at `{}` of {schema} is not broken", negative.keyword, negative.at);
        }
    }
}

/// A value shrinks to the smallest that is still invalid for the same reason.
#[test]
fn values_shrink() {
    let schema = json!({"type": "integer", "maximum": 100});
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let negative = negatives(&schema, &Arc::new(schema.clone()))
        .into_iter()
        .find(|n| n.keyword == "maximum")
        .expect("one");
    let mut tree = sample_negative(&negative, &validator, &mut runner(3)).expect("one");
    let before = tree.current();
    while tree.simplify() {}
    let after = tree.current();
    assert!(!validator.is_valid(&after) && after.as_f64() <= before.as_f64(), "{before} {after}");
    assert_eq!(after.as_f64(), Some(101.0));
}
