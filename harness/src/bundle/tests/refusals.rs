//! Bundles that are not what was signed are refused, and the reason is named.

use super::{BUNDLE, OTHER_SEED, SEED, after, clause, evidence, key, public, sign_with, signed, stating};
use crate::bundle::manifest::{digests, manifest};
use crate::bundle::statement::statement;
use crate::bundle::*;

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
    let all = manifest(&digests(&files, &[]));
    files.add(MANIFEST, all).unwrap();
    let names = digests(&files, &[]);
    let dossier = derive(evidence(vec![clause("level", true)], &[], false)).unwrap().dossier;
    let statement = statement(&dossier, &names).unwrap();
    files.add(ENVELOPE, Envelope::sign(&statement, &key(SEED)).to_json()).unwrap();
    let says = verify(&files, public()).map(|_| ()).unwrap_err().to_string();
    assert!(
        says.starts_with("acceptance.html:") && says.ends_with("was not made from the records of the bundle"),
        "{says}"
    );
}
