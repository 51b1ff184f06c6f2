//! Bundles of a small run, signed with a key of the standards.

mod bytes;
mod contents;
mod files;
mod refusals;
mod signature;

use super::keys::{PrivateKey, PublicKey};
use super::*;
use crate::http::digest;
use crate::record::{Acceptance, Clause, Event, FileDigest, FuzzTally, GateDecision};
use crate::report::fixture::{finding, passed, run, trial_with};
use std::sync::LazyLock;

/// RFC 8032 section 7.1, TEST 1 and TEST 2: seeds and public keys.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const OTHER_SEED: &str = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

fn key(seed: &str) -> PrivateKey {
    let der = [bytes("302e020100300506032b657004220420"), bytes(seed)].concat();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", digest::base64(&der));
    PrivateKey::from_pem(&pem).unwrap()
}

fn acceptance(dirty: &[&str], waivers: &[u8]) -> Acceptance {
    let file = |name: &str, bytes: &[u8]| FileDigest {
        name: name.into(),
        sha256: digest::hex(&digest::sha256(bytes)),
    };
    Acceptance {
        vendor: "ACME".into(),
        product: "Gateway".into(),
        version: "2.3".into(),
        profile: "acceptance".into(),
        commit: Some("c0ffee".into()),
        dirty: dirty.iter().map(|d| (*d).to_owned()).collect(),
        suite_files: vec![file("proofmark.yaml", b"proofmark: 1"), file("waivers.yaml", waivers)],
        key: key(SEED).public().id(),
        ..Acceptance::default()
    }
}

const WAIVER_FILE: &[u8] = b"waivers: []\n";

fn lines(events: &[Event]) -> Vec<u8> {
    events.iter().flat_map(|e| [serde_json::to_vec(e).unwrap(), b"\n".to_vec()].concat()).collect()
}

/// Evidence of a run whose gate said this.
fn evidence(clauses: Vec<Clause>, dirty: &[&str], waived: bool) -> Evidence {
    let mut finding = finding("schema", "/data/order_id");
    finding.waived = waived.then(|| "W-1".to_owned());
    let mut trial = trial_with(vec![finding]);
    if waived {
        trial.verdict = crate::model::verdict::Verdict::Waived;
    }
    let mut events =
        run(vec![trial, passed("cube", "orderPackage", "order/ok", "An order is accepted")], &[]);
    for event in &mut events {
        match event {
            Event::RunStarted(started) => started.acceptance = Some(Box::new(acceptance(dirty, WAIVER_FILE))),
            Event::RunFinished(finished) => {
                finished.gate = Some(GateDecision { clauses: clauses.clone(), judged: 2, planned: 2 })
            }
            _ => {}
        }
    }
    let mut fuzz = run(vec![passed("cube", "orderPackage", "fuzz/base", "The request")], &[]);
    for event in &mut fuzz {
        if let Event::RunFinished(finished) = event {
            finished.fuzz = Some(Box::new(FuzzTally { deviations: 3, ..FuzzTally::default() }));
        }
    }
    Evidence { record: lines(&events), fuzz: lines(&fuzz), waivers: Some(WAIVER_FILE.to_vec()) }
}

fn clause(name: &str, holds: bool) -> Clause {
    Clause { name: name.into(), holds, says: "so it is".into() }
}

fn signed(evidence: Evidence) -> Files {
    sign_with(derive(evidence).unwrap(), &key(SEED))
}

fn sign_with(unsigned: Unsigned, key: &PrivateKey) -> Files {
    let mut files = unsigned.files;
    files.add(ENVELOPE, Envelope::sign(&unsigned.statement, key).to_json()).unwrap();
    files
}

static BUNDLE: LazyLock<Files> = LazyLock::new(|| signed(evidence(vec![clause("level", true)], &[], false)));

fn public() -> PublicKey {
    key(SEED).public()
}

/// What `verify` says of a bundle after a change.
fn after(change: impl FnOnce(&mut Files)) -> String {
    let mut files = BUNDLE.clone();
    change(&mut files);
    match verify(&files, public()) {
        Ok(_) => "verified".into(),
        Err(fault) => fault.to_string(),
    }
}

/// The same with a statement that says something else, signed by the right key.
fn stating(change: impl FnOnce(&mut serde_json::Value)) -> String {
    let envelope: Envelope = serde_json::from_slice(BUNDLE.get(ENVELOPE).unwrap()).unwrap();
    let mut statement = serde_json::from_slice(&digest::from_base64(&envelope.payload).unwrap()).unwrap();
    change(&mut statement);
    let payload = serde_json::to_vec_pretty(&statement).unwrap();
    after(|files| *files.get_mut(ENVELOPE).unwrap() = Envelope::sign(&payload, &key(SEED)).to_json())
}
