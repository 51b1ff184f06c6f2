//! The JSON Schemas that editors get: fresh, true of our own files, and as strict as the readers.

use crate::support::Suite;
use jsonschema::Validator;
use proofmark::model::problem::Problem;
use proofmark::model::source::SourceFile;
use proofmark::suite::{
    CASE_KEYS, EXPECT_KEYS, case_schema, config_schema, defects_schema, read_case_file, waivers_schema,
};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const NAMES: [&str; 4] =
    ["cases/case.schema.json", "proofmark.schema.json", "specs/defects.schema.json", "waivers.schema.json"];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_committed_schemas_are_what_the_command_writes() {
    let suite = Suite::empty().folder("cases").folder("specs");
    suite.proofmark(&["schema", "--write", "."]).output().exits(0);
    for name in NAMES {
        let (fresh, committed) = (suite.path().join(name), repository().join(name));
        let read =
            |path: &Path| std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(read(&fresh), read(&committed), "{name} is stale: run `proofmark schema --write .`");
    }
    let printed = suite.proofmark(&["schema"]).output().exits(0);
    let all: Value = serde_json::from_str(&printed.stdout).expect("JSON");
    assert_eq!(
        all,
        serde_json::json!({ NAMES[0]: case_schema(), NAMES[1]: config_schema(), NAMES[2]: defects_schema(), NAMES[3]: waivers_schema() })
    );
}

#[test]
fn a_folder_without_a_suite_gets_no_schemas() {
    let output = Suite::empty().proofmark(&["schema", "--write", "."]).output().exits(2);
    assert!(
        output.stderr.starts_with("error: cannot write `./cases/case.schema.json`: "),
        "{}",
        output.stderr
    );
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).expect("a JSON Schema")
}

/// A YAML file as JSON, read as suites are read.
fn tree(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    yaml(&text)
}

fn yaml(text: &str) -> Value {
    let mut problems: Vec<Problem> = Vec::new();
    let node = proofmark::yaml::parse(&SourceFile::new("t.yaml", "t.yaml", text.to_owned()), &mut problems);
    assert!(problems.is_empty(), "{}", problems[0].message);
    node.expect("a document").to_json()
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.extension().and_then(|e| e.to_str()) {
            _ if path.is_dir() => found.extend(yaml_files(&path)),
            Some("yaml") => found.push(path),
            _ => {}
        }
    }
    found
}

#[track_caller]
fn valid(schema: &Validator, path: &Path) {
    let instance = tree(path);
    let errors: Vec<String> =
        schema.iter_errors(&instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}:\n{}", path.display(), errors.join("\n"));
}

#[test]
fn every_file_of_the_suite_is_valid() {
    let cases = yaml_files(&repository().join("cases"));
    assert!(cases.len() > 10, "only {} files of cases", cases.len());
    let schema = validator(&case_schema());
    cases.iter().for_each(|path| valid(&schema, path));

    valid(&validator(&config_schema()), &repository().join("proofmark.yaml"));

    let defects: Vec<PathBuf> =
        yaml_files(&repository().join("specs")).into_iter().filter(|p| p.ends_with("defects.yaml")).collect();
    assert!(defects.len() >= 3, "only {} files of defects", defects.len());
    let schema = validator(&defects_schema());
    defects.iter().for_each(|path| valid(&schema, path));
}

/// What editors underline: every mistake that a schema can know of.
#[test]
fn mistakes_are_not_valid() {
    let rows = [
        (case_schema(), "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c } ]", true),
        (case_schema(), "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, steps: [ { call: c } ] } ]", true),
        (case_schema(), "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, use: login } ]", true),
        (
            case_schema(),
            "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, use: { login: , other: { a: 1 } } } ]",
            true,
        ),
        (
            case_schema(),
            "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, without: q, expect: { code: 0, status: 2XX } } ]",
            true,
        ),
        (
            case_schema(),
            "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, examples: [ { name: 1, a: [] } ] } ]",
            true,
        ),
        (
            case_schema(),
            "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, headers: { X: null, Y: 1, Z: true } } ]",
            true,
        ),
        (case_schema(), "api: a\nvars: { v: 1 }", true),
        (case_schema(), "api: a\ncass: []", false),
        (case_schema(), "cases: []", false),
        (case_schema(), "api: a\ncases: [ { id: x, titel: T, title: T, doc: d.txt#1, call: c } ]", false),
        (case_schema(), "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, level: shall } ]", false),
        (
            case_schema(),
            "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, expect: { outcom: success } } ]",
            false,
        ),
        (case_schema(), "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, steps: [ { cal: c } ] } ]", false),
        (case_schema(), "api: a\ncases: [ { id: X y, title: T, doc: d.txt#1, call: c } ]", false),
        (case_schema(), "api: a\ncases: [ { id: x, title: T, call: c } ]", false),
        (case_schema(), "api: a\ncases: [ { id: x, title: T, doc: d.txt#1 } ]", false),
        (
            case_schema(),
            "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, steps: [ { call: c } ] } ]",
            false,
        ),
        (
            case_schema(),
            "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, callback: { name: n } } ]",
            false,
        ),
        (
            case_schema(),
            "api: a\ncases: [ { id: x, title: T, doc: d.txt#1, call: c, await: { every: 1s } } ]",
            false,
        ),
        (case_schema(), "api: a\nfixtures: { f: { step: [] } }", false),
        (
            config_schema(),
            "proofmark: 1\napis: { a: , b: { spec: x } }\ntargets: { t: { url: 'http://x.example' } }\nsecrets: [A]\nvars: { a: 1 }\ndefaults: { jobs: 1, timeout: 1s, max_body: 8MiB, utc_offset: Z, headers: { X: y }, reports: [sarif, github] }",
            true,
        ),
        (config_schema(), "proofmark: 1\napis: { a: }\ndefaults: { reports: [serif] }", false),
        (config_schema(), "proofmark: 1\napis: { a: }\ndefaults: { max_body: 1000 }", true),
        (config_schema(), "proofmark: 1", false),
        (config_schema(), "proofmark: 1\napis: { a: { spek: x } }", false),
        (config_schema(), "proofmark: 1\napis: { a: }\ntargets: { t: { uri: x } }", false),
        (config_schema(), "proofmark: 1\napis: { a: }\ndefaults: { jbos: 1 }", false),
        (
            defects_schema(),
            "document: d.txt\ndefects: [ { id: A, lines: [1, 45-58], kind: gap, severity: low, title: t, says: s, problem: p, assumes: a } ]",
            true,
        ),
        (
            defects_schema(),
            "document: d.txt\ndefects: [ { id: A, lines: 45-58, kind: gap, severity: low, title: t, says: s, problem: p, assumes: a } ]",
            true,
        ),
        (
            defects_schema(),
            "document: d.txt\ndefects: [ { id: A, lines: [1], kind: gap, severity: urgent, title: t, says: s, problem: p, assumes: a } ]",
            false,
        ),
        (
            defects_schema(),
            "document: d.txt\ndefects: [ { id: A, lines: [1], kind: gap, severity: low, title: t, says: s, problem: p, assume: a } ]",
            false,
        ),
    ];
    for (schema, text, expected) in rows {
        let schema = validator(&schema);
        let instance = yaml(text);
        let errors: Vec<String> =
            schema.iter_errors(&instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(errors.is_empty(), expected, "{text}\n{}", errors.join("\n"));
    }
}

/// The keys of an object in a schema, with those of what it is put together from.
fn properties(schema: &Value, root: &Value) -> BTreeSet<String> {
    let mut found: BTreeSet<String> =
        schema["properties"].as_object().into_iter().flat_map(|p| p.keys().cloned()).collect();
    for part in ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| schema[*key].as_array()).flatten() {
        found.extend(properties(part, root));
    }
    if let Some(pointer) = schema["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
        found.extend(properties(root.pointer(pointer).expect("a definition"), root));
    }
    found
}

#[test]
fn readers_and_schemas_know_the_same_keys() {
    let schema = case_schema();
    let keys = |name: &str| properties(&schema["$defs"][name], &schema);
    let set = |keys: &[&str]| keys.iter().map(|k| (*k).to_owned()).collect::<BTreeSet<String>>();
    assert_eq!(keys("Case"), set(&CASE_KEYS));
    assert_eq!(keys("Expect"), set(&EXPECT_KEYS));
    // What the readers really ask for: they list it when they meet a key that they do not know.
    for (name, file) in [
        ("Case", "cases: [ { zzz: 1, id: x, title: T, doc: \"d.txt#1\", call: c } ]"),
        ("Expect", "cases: [ { id: x, title: T, doc: \"d.txt#1\", call: c, expect: { zzz: 1 } } ]"),
        ("Step", "cases: [ { id: x, title: T, doc: \"d.txt#1\", steps: [ { call: c, zzz: 1 } ] } ]"),
        (
            "CallbackExpect",
            "cases: [ { id: x, title: T, doc: \"d.txt#1\", call: c, callback: { name: n, match: {}, zzz: 1 } } ]",
        ),
        (
            "Await",
            "cases: [ { id: x, title: T, doc: \"d.txt#1\", call: c, await: { until: \"true\", zzz: 1 } } ]",
        ),
        ("Fixture", "fixtures: { f: { zzz: 1 } }"),
    ] {
        for key in keys(name) {
            let file = file.replace("zzz: 1", &format!("{key}:"));
            let mut problems = Vec::new();
            read_case_file(&SourceFile::new("t.yaml", "t.yaml", format!("api: a\n{file}\n")), &mut problems);
            let refused = problems.iter().any(|p| {
                p.message.starts_with("unknown key") && p.message.contains(&format!(" `{key}` (known"))
            });
            assert!(!refused, "the schema has `{key}` in {name}, which the reader refuses");
        }
        let mut problems = Vec::new();
        read_case_file(&SourceFile::new("t.yaml", "t.yaml", format!("api: a\n{file}\n")), &mut problems);
        assert!(
            problems.iter().any(|p| p.message.contains(" `zzz` (known")),
            "{name}: the reader takes any key"
        );
    }
}
