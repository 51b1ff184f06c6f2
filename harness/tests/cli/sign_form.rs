//! The golden vectors of `specs/roam/alipay-sign-vector.yaml`, which md5sum computed, come out of the contract's own
//! `sign`: the signature of a payment form, over its fields and without a key.

use proofmark::contract::{Contract, SignSpec, sign};
use proofmark::model::source::SourceFile;
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn roam() -> Arc<Contract> {
    let mut problems = Vec::new();
    let suite = proofmark::suite::load(repository(), &["roam".to_owned()], &mut problems).expect("a suite");
    assert!(problems.is_empty(), "{}", problems[0].message);
    suite.and_then(|s| s.contract("roam").cloned()).expect("the contract")
}

fn vector() -> Value {
    let path = repository().join("specs/roam/alipay-sign-vector.yaml");
    let text = std::fs::read_to_string(&path).expect("the vectors");
    let mut problems = Vec::new();
    proofmark::yaml::parse(&SourceFile::new("alipay-sign-vector.yaml", &path, text), &mut problems)
        .expect("YAML")
        .to_json()
}

fn of_form(contract: &Contract) -> &SignSpec {
    let operation = contract.operation("order_paying").expect("the operation");
    operation.signatures().next().expect("a signature")
}

fn fields(vector: &Value) -> Map<String, Value> {
    vector["fields"].as_object().expect("fields").clone()
}

#[track_caller]
fn signs(fields: &Map<String, Value>, canonical: &Value, expected: &Value) {
    let contract = roam();
    let signature = sign(of_form(&contract), fields, "").expect("a signature");
    assert_eq!(signature.value, expected.as_str().expect("a signature"));
    let canonical = canonical.as_str().expect("a canonical string");
    let line = format!("canonical string (UTF-8, {} bytes): {canonical}", canonical.len());
    assert!(signature.steps.contains(&line), "{:#?}", signature.steps);
}

#[test]
fn the_documented_form_has_the_golden_signature() {
    let vector = vector();
    let steps = &vector["steps"];
    signs(&fields(&vector), &steps["canonical"], &vector["sign"]);
    let canonical = steps["canonical"].as_str().expect("a canonical string");
    assert_eq!(Some(canonical.len() as u64), steps["canonical_bytes"].as_u64());
    let sha256 = proofmark::http::digest::hex(&proofmark::http::digest::sha256(canonical.as_bytes()));
    assert_eq!(Some(sha256.as_str()), steps["canonical_sha256"].as_str());
}

#[test]
fn an_empty_field_of_a_form_is_left_out() {
    let vector = vector();
    let expected = &vector["without_return_url"];
    let mut fields = fields(&vector);
    fields.insert("return_url".into(), "".into());
    signs(&fields, &expected["canonical"], &expected["sign"]);
    fields.remove("return_url");
    signs(&fields, &expected["canonical"], &expected["sign"]);
}

#[test]
fn every_field_of_the_form_but_two_is_signed() {
    let vector = vector();
    let contract = roam();
    for name in fields(&vector).keys() {
        let mut changed = fields(&vector);
        changed.insert(name.clone(), "other".into());
        let signature = sign(of_form(&contract), &changed, "").expect("a signature");
        assert_eq!(vector["sign"] == signature.value.as_str(), name == "sign_type", "{name}");
    }
    let mut old = fields(&vector);
    old.insert("sign".into(), "old".into());
    signs(&old, &vector["steps"]["canonical"], &vector["sign"]);
}
