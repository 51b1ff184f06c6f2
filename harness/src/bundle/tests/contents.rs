//! What a bundle holds and says of itself.

use super::{BUNDLE, WAIVER_FILE, acceptance, clause, evidence, public, signed};
use crate::bundle::*;
use crate::http::digest;
use crate::record::{Conformance, FileDigest};
use std::collections::BTreeMap;

#[test]
fn a_bundle_is_verified_and_says_what_it_is() {
    let verified = verify(&BUNDLE, public()).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(verified.conformance(), Conformance::Full);
    assert_eq!(verified.acceptance().product, "Gateway");
    let names: Vec<&str> = BUNDLE.iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "SHA256SUMS",
            "acceptance.html",
            "annexes.html",
            "attestation.dsse.json",
            "exchanges.har",
            "fuzz.har",
            "fuzz.ndjson",
            "junit.xml",
            "run.ndjson",
            "suite.sha256",
            "waivers.yaml"
        ]
    );
}

#[test]
fn levels_follow_from_the_gate_the_waivers_and_the_suite() {
    let level = |clauses, dirty: &[&str], waived| {
        derive(evidence(clauses, dirty, waived)).unwrap().dossier.conformance()
    };
    assert_eq!(level(vec![clause("level", true)], &[], false), Conformance::Full);
    assert_eq!(level(vec![clause("level", true)], &[], true), Conformance::WithWaivers);
    assert_eq!(level(vec![clause("level", true)], &["x"], true), Conformance::Provisional);
    assert_eq!(
        level(vec![clause("level", false), clause("errored", false)], &[], true),
        Conformance::NotConformant
    );
    assert_eq!(
        level(vec![clause("fuzzed", false), clause("fuzz", true)], &[], false),
        Conformance::NotJudged
    );
    assert_eq!(level(Vec::new(), &["x"], false), Conformance::Provisional);
}

#[test]
fn the_statement_is_one_of_in_toto() {
    let statement = |waived| -> serde_json::Value {
        serde_json::from_slice(&derive(evidence(vec![clause("level", true)], &[], waived)).unwrap().statement)
            .unwrap()
    };
    let plain = statement(false);
    assert_eq!(plain["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(plain["predicateType"], "https://in-toto.io/attestation/test-result/v0.1");
    let predicate = &plain["predicate"];
    assert_eq!(predicate["configuration"][0]["digest"]["gitCommit"], "c0ffee");
    assert_eq!(predicate["configuration"][0]["annotations"]["proofmark_conformance"], "full");
    assert_eq!(predicate["passedTests"].as_array().unwrap().len(), 2);
    assert_eq!(plain["subject"].as_array().unwrap().len(), BUNDLE.iter().count() - 1);
    let waived = statement(true);
    assert_eq!(waived["predicate"]["result"], "WARNED");
    assert_eq!(waived["predicate"]["warnedTests"].as_array().unwrap().len(), 1);
}

#[test]
fn a_suite_is_compared_file_by_file() {
    let signed = acceptance(&[], WAIVER_FILE);
    let mut checkout = signed.suite_files.clone();
    assert_eq!(verify_suite(&signed, &checkout), Ok(()));
    checkout[0].sha256 = "0".repeat(64);
    let says = verify_suite(&signed, &checkout).unwrap_err().to_string();
    assert_eq!(
        says,
        "proofmark.yaml: the suite's file is another one in the checkout than the bundle was made with"
    );
    checkout.remove(0);
    assert!(verify_suite(&signed, &checkout).unwrap_err().to_string().ends_with("is not in the checkout"));
    checkout.push(FileDigest { name: "cases/x.yaml".into(), sha256: String::new() });
    assert!(
        verify_suite(&signed, &checkout)
            .unwrap_err()
            .to_string()
            .starts_with("cases/x.yaml: the suite's file is in the checkout")
    );
}

#[test]
fn the_waivers_are_those_of_the_suite() {
    let mut other = evidence(vec![clause("level", true)], &[], false);
    other.waivers = Some(b"waivers: [] # more\n".to_vec());
    let says = verify(&signed(other), public()).map(|_| ()).unwrap_err().to_string();
    assert_eq!(says, "waivers.yaml: is not the file that the suite had");
}

#[test]
fn the_manifest_is_what_sha256sum_reads() {
    let text = String::from_utf8(BUNDLE.get(MANIFEST).unwrap().to_vec()).unwrap();
    let listed: BTreeMap<&str, &str> =
        text.lines().filter_map(|line| line.split_once("  ").map(|(d, n)| (n, d))).collect();
    for (name, bytes) in BUNDLE.iter().filter(|(name, _)| ![MANIFEST, ENVELOPE].contains(name)) {
        assert_eq!(listed.get(name), Some(&digest::hex(&digest::sha256(bytes)).as_str()), "{name}");
    }
    assert_eq!(check_digests(&BUNDLE), Ok(()));
    let mut changed = BUNDLE.clone();
    changed.get_mut("junit.xml").unwrap()[0] ^= 1;
    assert_eq!(
        check_digests(&changed).unwrap_err().to_string(),
        "junit.xml: has another digest than the manifest says"
    );
}
