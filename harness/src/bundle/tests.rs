use super::keys::{PrivateKey, PublicKey};
use super::*;
use crate::http::digest;
use crate::record::{Acceptance, Clause, Conformance, Event, FileDigest, FuzzTally, GateDecision};
use crate::report::fixture::{finding, passed, run, trial_with};
use proptest::prelude::*;
use std::collections::BTreeMap;
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

#[test]
fn keys_and_signatures_are_those_of_the_standard() {
    // RFC 8032 section 7.1, TEST 1: the empty message.
    let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
    assert_eq!(digest::hex(&key(SEED).sign(b"")), signature);
    assert!(
        key(SEED)
            .public()
            .to_pem()
            .contains(&digest::base64(&[bytes("302a300506032b6570032100"), bytes(PUBLIC)].concat()))
    );
}

#[test]
fn the_signed_bytes_are_those_of_the_protocol() {
    // DSSE 1.0, protocol.md, "Test Vectors".
    let vector = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world";
    assert_eq!(pae("http://example.com/HelloWorld", b"hello world"), vector);
    // Lengths are of bytes.
    assert_eq!(pae("\u{e9}", b""), "DSSEv1 2 \u{e9} 0 ".as_bytes());
    // DSSE's testvectors/vectors.json, "single-signature".
    let payload = br#"{"_type":"https://in-toto.io/Statement/v1"}"#;
    let sig = "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==";
    assert_eq!(digest::base64(&key(SEED).sign(&pae(PAYLOAD_TYPE, payload))), sig);
}

#[test]
fn an_envelope_verifies_with_another_implementation() {
    let envelope: serde_json::Value = serde_json::from_slice(BUNDLE.get(ENVELOPE).unwrap()).unwrap();
    let decoded = |value: &serde_json::Value| digest::from_base64(value.as_str().unwrap()).unwrap();
    let payload = decoded(&envelope["payload"]);
    let kind = envelope["payloadType"].as_str().unwrap();
    let message = [format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes(), payload].concat();
    let signature = decoded(&envelope["signatures"][0]["sig"]);
    let public = ed25519_dalek::VerifyingKey::from_bytes(&bytes(PUBLIC).try_into().unwrap()).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&signature).unwrap();
    assert!(public.verify_strict(&message, &signature).is_ok());
    assert!(public.verify_strict(b"something else", &signature).is_err());
}

#[test]
fn a_signature_has_one_form() {
    let message = b"message";
    let mut signature = key(SEED).sign(message);
    assert!(public().verifies(message, &signature));
    // S + L is the same scalar (RFC 8032 section 8.4).
    let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0u16;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = ((sum & 0xff) as u8, sum >> 8);
    }
    assert!(!public().verifies(message, &signature));
    // A short, a long and an empty one.
    assert!(![&signature[..63], &[0; 65][..], &[]].iter().any(|wrong| public().verifies(message, wrong)));
}

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

/// The file that a bundle is refused for, if it is: what [`verify`] finds before it looks for the place.
fn refused(files: &Files) -> Option<String> {
    use super::verify::{changed, signed};
    match signed(files, public()) {
        Err(fault) => Some(fault.file),
        Ok(signed) => changed(files, &signed.subjects).first().cloned(),
    }
}

/// How often a byte of a file was exchanged: at every so many places, for each of the differences. Each time the bundle
/// is refused for that file.
fn exchanged(name: &str, step: usize, differences: impl Iterator<Item = u8> + Clone) -> usize {
    let mut files = BUNDLE.clone();
    let length = files.get(name).map_or(0, <[u8]>::len);
    let mut count = 0;
    for at in (0..length).step_by(step).chain([length - 1]) {
        for difference in differences.clone() {
            files.get_mut(name).unwrap()[at] ^= difference;
            assert_eq!(refused(&files).as_deref(), Some(name), "byte {at} by {difference:#x}");
            files.get_mut(name).unwrap()[at] ^= difference;
            count += 1;
        }
    }
    assert_eq!(refused(&files), None, "the bundle is as it was");
    count
}

/// The envelope whole, as no digest is of it; of the others what fits into a second. Case is what base64, hex and JSON
/// escapes are forgiving of.
#[test]
fn no_byte_of_any_file_changes_unnoticed() {
    for (name, content) in BUNDLE.iter() {
        let step = if name == ENVELOPE { 1 } else { content.len().div_ceil(40) };
        assert!(exchanged(name, step, [0x20].into_iter()) >= content.len().min(20), "{name}");
    }
}

/// Every byte of every file, and every other value that a byte of the envelope can have.
#[test]
#[ignore = "takes minutes: cargo test --lib every_byte_of_every_file -- --ignored --nocapture"]
#[expect(clippy::print_stdout, reason = "how many there were is what it is run for")]
fn every_byte_of_every_file() {
    let mut all = 0;
    for (name, content) in BUNDLE.iter() {
        let count = match name {
            ENVELOPE => exchanged(name, 1, 1..=255),
            _ => exchanged(name, 1, [0x01, 0x20].into_iter()),
        };
        println!("{name}: {} bytes, {count} changes, each refused", content.len());
        all += count;
    }
    let archive = write_tar(&BUNDLE);
    for at in 0..archive.len() {
        let mut changed = archive.clone();
        changed[at] ^= 0x20;
        let same = super::tar::read(&changed).map(|files| refused(&files));
        assert!(!matches!(same, Ok(None)), "byte {at} of the archive");
    }
    println!("archive: {} bytes, each refused; {all} changes of files", archive.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_cut_or_longer_file_is_noticed(file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in 1u8.., how in 0..4) {
        let names: Vec<&str> = BUNDLE.iter().map(|(name, _)| name).collect();
        let name = *file.get(&names);
        let mut files = BUNDLE.clone();
        let content = files.get_mut(name).unwrap();
        let at = at.index(content.len());
        match how {
            0 => content[at] ^= byte,
            1 => content.truncate(at),
            2 => content.insert(at, byte),
            _ => { content.remove(at); }
        }
        // To take one of two equal neighbours away or to double one is no change of place, but one of length.
        let found = refused(&files);
        prop_assert_eq!(found.as_deref(), Some(name), "{} at {} by {}", name, at, how);
    }
}

#[test]
fn files_that_are_missing_extra_or_renamed_are_named() {
    assert_eq!(after(|f| drop(f.remove("junit.xml"))), "junit.xml: the file is missing");
    assert_eq!(
        after(|f| drop(f.remove(ENVELOPE))),
        "attestation.dsse.json: the file is missing: the bundle is not signed"
    );
    assert_eq!(
        after(|f| f.add("notes.txt", Vec::new()).unwrap()),
        "notes.txt: the file is not part of the bundle: it was not signed"
    );
    let renamed = after(|f| {
        let bytes = f.remove("junit.xml").unwrap();
        f.add("tests.xml", bytes).unwrap();
    });
    assert_eq!(renamed, "junit.xml: the file is missing");
    let swapped = after(|f| {
        let (one, two) = (f.remove("fuzz.har").unwrap(), f.remove("exchanges.har").unwrap());
        f.add("fuzz.har", two).unwrap();
        f.add("exchanges.har", one).unwrap();
    });
    assert!(swapped.starts_with("exchanges.har:"), "{swapped}");
}

#[test]
fn the_first_byte_that_is_wrong_is_named() {
    let says = after(|f| f.get_mut("junit.xml").unwrap()[100] ^= 1);
    assert!(
        says.starts_with("junit.xml:")
            && says.contains("(byte 100): the file has changed since it was signed"),
        "{says}"
    );
    let says = after(|f| f.get_mut(MANIFEST).unwrap()[70] ^= 1);
    assert_eq!(says, "SHA256SUMS:1:71 (byte 70): the file has changed since it was signed");
    assert_eq!(
        after(|f| f.get_mut(RECORD).unwrap()[9] ^= 1),
        "run.ndjson: the file has changed since it was signed"
    );
    let says = after(|f| f.get_mut(ENVELOPE).unwrap().push(b' '));
    let end = BUNDLE.get(ENVELOPE).unwrap().len();
    assert_eq!(
        says,
        format!("attestation.dsse.json (byte {end}): the envelope is not written as it was signed")
    );
}

#[test]
fn other_keys_and_envelopes_are_refused() {
    let other = verify(&BUNDLE, key(OTHER_SEED).public()).map(|_| ()).unwrap_err().to_string();
    assert!(
        other.starts_with("attestation.dsse.json: the signature is not by this key: it names key "),
        "{other}"
    );
    let unsigned = derive(evidence(vec![clause("level", true)], &[], false)).unwrap();
    let forged = sign_with(unsigned, &key(OTHER_SEED));
    let says = verify(&forged, key(OTHER_SEED).public()).map(|_| ()).unwrap_err().to_string();
    assert_eq!(says, "run.ndjson: the record names another key than the one that signed");
    // The envelope of another bundle.
    let others = signed(evidence(vec![clause("level", false)], &[], false));
    let says = after(|f| *f.get_mut(ENVELOPE).unwrap() = others.get(ENVELOPE).unwrap().to_vec());
    assert!(says.ends_with("the file has changed since it was signed"), "{says}");
    let parsed = || serde_json::from_slice::<Envelope>(BUNDLE.get(ENVELOPE).unwrap()).unwrap();
    let with = |change: &dyn Fn(&mut Envelope)| {
        let mut envelope = parsed();
        change(&mut envelope);
        after(|f| *f.get_mut(ENVELOPE).unwrap() = envelope.to_json())
    };
    let twice = with(&|e| e.signatures.push(e.signatures[0].clone()));
    assert_eq!(twice, "attestation.dsse.json: the envelope has 2 signatures instead of one");
    assert!(with(&|e| e.signatures.clear()).ends_with("has 0 signatures instead of one"));
    assert!(
        with(&|e| e.payload_type = "text/plain".into()).contains("the payload is `text/plain` instead of")
    );
    assert!(
        with(&|e| e.signatures[0].keyid = "0".repeat(64))
            .ends_with("names another key than the one that signed it")
    );
    assert!(with(&|e| e.payload.truncate(8)).ends_with("the statement is not the one that was signed"));
    let more = after(|f| {
        let text = String::from_utf8(f.get(ENVELOPE).unwrap().to_vec()).unwrap();
        *f.get_mut(ENVELOPE).unwrap() = text.replacen('{', "{\"extra\": 1,", 1).into_bytes();
    });
    assert!(more.contains("unknown field `extra`"), "{more}");
}

#[test]
fn a_statement_that_says_something_else_is_refused_though_the_right_key_signed_it() {
    let says = stating(|s| s["predicate"]["result"] = "WARNED".into());
    assert_eq!(says, "attestation.dsse.json: the statement does not say what the records say");
    let says = stating(|s| s["subject"][0]["name"] = "../../etc/passwd".into());
    assert!(
        says.contains("the statement is about `../../etc/passwd`, which is not the name of a file"),
        "{says}"
    );
    let says = stating(|s| s["subject"][0]["name"] = s["subject"][1]["name"].clone());
    assert!(says.contains("twice"), "{says}");
    assert!(stating(|s| s["subject"] = serde_json::json!([])).ends_with("the statement is about no file"));
    assert!(stating(|s| s["_type"] = "x".into()).contains("`_type` of the statement is not"));
    assert!(stating(|s| s["subject"].as_array_mut().unwrap().truncate(3)).ends_with("it was not signed"));
}

#[test]
fn a_report_that_was_not_made_from_the_record_is_refused_though_it_is_signed() {
    let mut files = BUNDLE.clone();
    files.remove(ENVELOPE);
    let page = String::from_utf8(files.remove("acceptance.html").unwrap()).unwrap();
    files.add("acceptance.html", page.replace("not tested", "passed").into_bytes()).unwrap();
    files.remove(MANIFEST);
    let all = super::manifest::manifest(&super::manifest::digests(&files, &[]));
    files.add(MANIFEST, all).unwrap();
    let names = super::manifest::digests(&files, &[]);
    let dossier = derive(evidence(vec![clause("level", true)], &[], false)).unwrap().dossier;
    let statement = super::statement::statement(&dossier, &names).unwrap();
    files.add(ENVELOPE, Envelope::sign(&statement, &key(SEED)).to_json()).unwrap();
    let says = verify(&files, public()).map(|_| ()).unwrap_err().to_string();
    assert!(
        says.starts_with("acceptance.html:") && says.ends_with("was not made from the records of the bundle"),
        "{says}"
    );
}

#[test]
fn names_are_plain() {
    let mut files = Files::default();
    for name in ["", ".", "..", ".hidden", "a/b", "a\\b", "-rf", "a b", "ä", "a\n", &"x".repeat(100)] {
        assert!(files.add(name, Vec::new()).is_err(), "{name:?}");
    }
    assert!(files.add("a", Vec::new()).is_ok() && files.add("a", Vec::new()).is_err());
}

#[test]
fn an_archive_is_the_bundle_and_nothing_else() {
    let archive = write_tar(&BUNDLE);
    assert_eq!(super::tar::read(&archive).unwrap(), *BUNDLE);
    // Headers and padding too.
    for at in (0..1_024).chain((1_024..archive.len()).step_by(archive.len() / 50)) {
        let mut changed = archive.clone();
        changed[at] ^= 1;
        let same = super::tar::read(&changed).and_then(|files| verify(&files, public()).map(|_| ()));
        assert!(same.is_err(), "byte {at}");
    }
    for cut in [0, 100, 512, archive.len() - 1] {
        assert!(super::tar::read(&archive[..cut]).is_err(), "{cut}");
    }
    assert!(super::tar::read(&[archive.as_slice(), b"x"].concat()).is_err());
}

#[test]
fn a_folder_has_plain_files_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle");
    write_folder(&BUNDLE, &path).unwrap();
    assert!(write_folder(&BUNDLE, &path).is_err());
    assert_eq!(read(&path).unwrap().unwrap(), *BUNDLE);
    assert!(read(&folder.path().join("nothing")).is_err());
    std::fs::create_dir(path.join("sub")).unwrap();
    assert_eq!(read(&path).unwrap().unwrap_err().to_string(), "sub: a folder: a bundle has plain files only");
    std::fs::remove_dir(path.join("sub")).unwrap();
    #[cfg(unix)]
    {
        std::fs::remove_file(path.join("junit.xml")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", path.join("junit.xml")).unwrap();
        assert_eq!(
            read(&path).unwrap().unwrap_err().to_string(),
            "junit.xml: a symbolic link: a bundle has plain files only"
        );
    }
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
