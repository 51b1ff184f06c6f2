//! The golden vectors of `specs/cube/sign-vector.yaml`, which openssl computed, come out of the contract's own `sign`.

use proofmark::contract::{Contract, sign};
use proofmark::model::source::SourceFile;
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cube() -> Arc<Contract> {
    let mut problems = Vec::new();
    let suite = proofmark::suite::load(repository(), &["cube".to_owned()], &mut problems).expect("a suite");
    assert!(problems.is_empty(), "{}", problems[0].message);
    suite.and_then(|s| s.contract("cube").cloned()).expect("the contract")
}

fn vector() -> Value {
    let path = repository().join("specs/cube/sign-vector.yaml");
    let text = std::fs::read_to_string(&path).expect("the vectors");
    let mut problems = Vec::new();
    proofmark::yaml::parse(&SourceFile::new("sign-vector.yaml", &path, text), &mut problems)
        .expect("YAML")
        .to_json()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no `{key}`"))
}

/// Signs fields as the contract says and compares the signature and each step.
#[track_caller]
fn signs(fields: &Map<String, Value>, canonical: &str, expected: &str) -> Vec<String> {
    let contract = cube();
    let spec = contract.operations.iter().find_map(|o| o.sign_request.as_ref()).expect("a signed operation");
    let signature = sign(spec, fields, text(&vector(), "secret")).expect("a signature");
    assert_eq!(signature.value, expected);
    let line = format!("canonical string (UTF-8, {} bytes): {canonical}", canonical.len());
    assert!(signature.steps.contains(&line), "{:#?}", signature.steps);
    signature.steps
}

#[test]
fn the_documented_request_has_the_golden_signature() {
    let vector = vector();
    let fields = vector["fields"].as_object().expect("fields");
    let steps = &vector["steps"];
    let shown = signs(fields, text(steps, "canonical"), text(&vector, "sign"));
    assert_eq!(text(steps, "canonical").len() as u64, steps["canonical_bytes"].as_u64().expect("a length"));
    let sha256 =
        proofmark::http::digest::hex(&proofmark::http::digest::sha256(text(steps, "canonical").as_bytes()));
    assert_eq!(sha256, text(steps, "canonical_sha256"));
    assert!(shown.iter().any(|s| s.ends_with(text(steps, "hmac_sha1_hex"))), "{shown:#?}");
    assert!(shown.iter().any(|s| s.ends_with(text(steps, "hmac_sha1_base64"))), "{shown:#?}");
    assert!(shown.iter().all(|s| !s.contains(text(&vector, "secret"))), "the secret is shown: {shown:#?}");
}

#[test]
fn an_empty_field_is_left_out() {
    let vector = vector();
    let expected = &vector["without_pay_type"];
    let mut fields = vector["fields"].as_object().expect("fields").clone();
    fields.insert("pay_type".into(), "".into());
    signs(&fields, text(expected, "canonical"), text(expected, "sign"));
    fields.remove("pay_type");
    signs(&fields, text(expected, "canonical"), text(expected, "sign"));
}

/// Neither the order of the fields nor an old signature has a part in it.
#[test]
fn order_and_an_old_signature_do_not_matter() {
    let vector = vector();
    let mut fields: Map<String, Value> = vector["fields"]
        .as_object()
        .expect("fields")
        .iter()
        .rev()
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    fields.insert("sign".into(), "old".into());
    signs(&fields, text(&vector["steps"], "canonical"), text(&vector, "sign"));
}

#[test]
fn one_changed_value_changes_the_signature() {
    let vector = vector();
    let contract = cube();
    let spec = contract.operations.iter().find_map(|o| o.sign_request.as_ref()).expect("a signed operation");
    let fields = vector["fields"].as_object().expect("fields");
    for name in fields.keys() {
        let mut changed = fields.clone();
        changed.insert(name.clone(), "other".into());
        let signature = sign(spec, &changed, text(&vector, "secret")).expect("a signature");
        assert_ne!(signature.value, text(&vector, "sign"), "{name} is not signed");
    }
    let other = sign(spec, fields, "another-secret").expect("a signature");
    assert_ne!(other.value, text(&vector, "sign"));
}
