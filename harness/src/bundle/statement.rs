//! The in-toto Statement (v1) of a bundle, with the predicate test-result (v0.1): in-toto/attestation, `spec/v1` and
//! `spec/predicates/test-result.md`.

use crate::record::Conformance;
use crate::report::{Dossier, ReportError};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
pub const PREDICATE_TYPE: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// The statement about files with these digests (SHA-256, hex), as the bytes that are signed.
///
/// Subjects are all files of the bundle. The configuration is the suite: its digest, its commit, and as annotations what
/// was delivered and how far it conforms.
pub fn statement(dossier: &Dossier, digests: &BTreeMap<String, String>) -> Result<Vec<u8>, ReportError> {
    let subject: Vec<Value> = digests
        .iter()
        .map(|(name, digest)| json!({ "name": name, "digest": { "sha256": digest } }))
        .collect();
    let level = dossier.conformance();
    let tests = dossier.tests()?;
    let warned = level != Conformance::Full || !tests.warned.is_empty();
    let result = match level {
        Conformance::NotConformant | Conformance::NotJudged => "FAILED",
        Conformance::Full | Conformance::WithWaivers | Conformance::Provisional if warned => "WARNED",
        Conformance::Full | Conformance::WithWaivers | Conformance::Provisional => "PASSED",
    };
    let statement = json!({
        "_type": STATEMENT_TYPE,
        "subject": subject,
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "result": result,
            "configuration": [configuration(dossier, digests, level)],
            "passedTests": tests.passed,
            "warnedTests": tests.warned,
            "failedTests": tests.failed,
        },
    });
    let mut json = serde_json::to_vec_pretty(&statement).map_err(std::io::Error::from)?;
    json.push(b'\n');
    Ok(json)
}

fn configuration(dossier: &Dossier, digests: &BTreeMap<String, String>, level: Conformance) -> Value {
    let started = dossier.started();
    let mut digest = json!({ "sha256": digests.get("suite.sha256") });
    let mut annotations = json!({
        "proofmark_conformance": level.as_str(),
        "proofmark_suite": started.suite,
        "proofmark_target": started.target,
        "proofmark_run": started.run,
        "proofmark_tool": started.tool,
    });
    if let Some(acceptance) = dossier.acceptance() {
        if let Some(commit) = &acceptance.commit {
            digest["gitCommit"] = commit.as_str().into();
        }
        annotations["proofmark_vendor"] = acceptance.vendor.as_str().into();
        annotations["proofmark_product"] = acceptance.product.as_str().into();
        annotations["proofmark_version"] = acceptance.version.as_str().into();
        annotations["proofmark_profile"] = acceptance.profile.as_str().into();
    }
    json!({ "name": "suite.sha256", "digest": digest, "annotations": annotations })
}
