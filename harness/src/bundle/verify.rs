//! Verification: the first thing that is wrong with a bundle, or what it says.
//!
//! The order is that of trust: the signature, then what it says of the files, then what the files say of one another,
//! then the suite. What comes later is only looked at when what it rests on is right.

use super::derive::{Evidence, Unsigned, derive};
use super::dsse::Envelope;
use super::fault::Fault;
use super::files::{Files, is_plain};
use super::keys::PublicKey;
use super::manifest::{digests, manifest};
use super::statement::{PREDICATE_TYPE, STATEMENT_TYPE};
use super::{ENVELOPE, FUZZ_RECORD, MANIFEST, RECORD, WAIVERS};
use crate::http::digest;
use crate::record::{Acceptance, Conformance, FileDigest};
use crate::report::{Dossier, ReportError};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a bundle says that was verified.
pub struct Verified {
    pub dossier: Dossier,
    pub files: usize,
}

impl Verified {
    pub fn conformance(&self) -> Conformance {
        self.dossier.conformance()
    }

    pub fn acceptance(&self) -> &Acceptance {
        static NOTHING: std::sync::OnceLock<Acceptance> = std::sync::OnceLock::new();
        self.dossier.acceptance().unwrap_or_else(|| NOTHING.get_or_init(Acceptance::default))
    }
}

/// Verifies everything that can be verified without the suite.
pub fn verify(files: &Files, key: PublicKey) -> Result<Verified, Fault> {
    let Signed { payload, subjects } = signed(files, key)?;
    let changed = changed(files, &subjects);
    if let Some(first) = changed.first() {
        return Err(place(files, &subjects, first, &changed));
    }
    check_manifest(files, &subjects)?;
    let unsigned = made_again(files)?;
    check_made(files, &unsigned)?;
    if payload != unsigned.statement {
        let fault = Fault::new(ENVELOPE, "the statement does not say what the records say");
        return Err(fault);
    }
    let acceptance = unsigned.dossier.acceptance();
    let acceptance =
        acceptance.ok_or_else(|| Fault::new(RECORD, "the record is not one of an acceptance run"))?;
    if acceptance.key != key.id() {
        return Err(Fault::new(RECORD, "the record names another key than the one that signed"));
    }
    check_waivers(files, acceptance)?;
    Ok(Verified { files: subjects.len() + 1, dossier: unsigned.dossier })
}

/// Names and digests of the statement. Names that are no plain file names are refused before anything is opened.
fn subjects(payload: &[u8]) -> Result<BTreeMap<String, String>, Fault> {
    let wrong = |what: String| Fault::new(ENVELOPE, what);
    let statement: Value =
        serde_json::from_slice(payload).map_err(|e| wrong(format!("the statement is not JSON: {e}")))?;
    for (field, expected) in [("_type", STATEMENT_TYPE), ("predicateType", PREDICATE_TYPE)] {
        if statement[field] != expected {
            return Err(wrong(format!("`{field}` of the statement is not `{expected}`")));
        }
    }
    let mut subjects = BTreeMap::new();
    for subject in statement["subject"].as_array().into_iter().flatten() {
        let name = subject["name"].as_str().unwrap_or_default();
        let digest = subject["digest"]["sha256"].as_str().unwrap_or_default();
        if !is_plain(name) {
            return Err(wrong(format!(
                "the statement is about `{}`, which is not the name of a file",
                name.escape_debug()
            )));
        }
        if subjects.insert(name.to_owned(), digest.to_owned()).is_some() {
            return Err(wrong(format!("the statement is about `{name}` twice")));
        }
    }
    match subjects.is_empty() {
        true => Err(wrong("the statement is about no file".into())),
        false => Ok(subjects),
    }
}

/// A statement whose signature holds, and the files that it is about: those of the bundle, no more and no less.
pub(super) struct Signed {
    payload: Vec<u8>,
    /// SHA-256 of each file as signed, hex.
    pub subjects: BTreeMap<String, String>,
}

pub(super) fn signed(files: &Files, key: PublicKey) -> Result<Signed, Fault> {
    let envelope = files
        .get(ENVELOPE)
        .ok_or_else(|| Fault::new(ENVELOPE, "the file is missing: the bundle is not signed"))?;
    let payload = Envelope::open(envelope, key).map_err(|refusal| Fault {
        offset: refusal.offset,
        line: refusal.line,
        ..Fault::new(ENVELOPE, refusal.message)
    })?;
    let subjects = subjects(&payload)?;
    if let Some(missing) = subjects.keys().find(|name| files.get(name).is_none()) {
        return Err(Fault::new(missing, "the file is missing"));
    }
    let is_known = |name: &str| subjects.contains_key(name) || name == ENVELOPE;
    match files.iter().find(|(name, _)| !is_known(name)) {
        Some((extra, _)) => Err(Fault::new(extra, "the file is not part of the bundle: it was not signed")),
        None => Ok(Signed { payload, subjects }),
    }
}

/// The files that are not as they were signed.
pub(super) fn changed(files: &Files, subjects: &BTreeMap<String, String>) -> Vec<String> {
    let found = digests(files, &[ENVELOPE]);
    subjects.keys().filter(|name| found.get(*name) != subjects.get(*name)).cloned().collect()
}

/// Where a file has changed, as far as others tell: what is made from the records can be made again.
fn place(files: &Files, subjects: &BTreeMap<String, String>, first: &str, changed: &[String]) -> Fault {
    let fault = Fault::new(first, "the file has changed since it was signed");
    let bytes = files.get(first).unwrap_or_default();
    let sources = [RECORD, FUZZ_RECORD, WAIVERS];
    if first == MANIFEST {
        let without = subjects.iter().filter(|(name, _)| *name != MANIFEST);
        let expected = manifest(&without.map(|(n, d)| (n.clone(), d.clone())).collect());
        return fault.at_difference(bytes, &expected);
    }
    if changed.iter().any(|name| sources.contains(&name.as_str())) {
        return fault;
    }
    let made = made_again(files).ok();
    let expected = made.as_ref().and_then(|made| made.files.get(first));
    // What this version makes may be something else than what was signed.
    let signed = expected.filter(|bytes| subjects.get(first) == Some(&digest::hex(&digest::sha256(bytes))));
    signed.map_or(fault.clone(), |expected| fault.at_difference(bytes, expected))
}

fn check_manifest(files: &Files, subjects: &BTreeMap<String, String>) -> Result<(), Fault> {
    let found = files.get(MANIFEST).ok_or_else(|| Fault::new(MANIFEST, "the file is missing"))?;
    let without = subjects.iter().filter(|(name, _)| *name != MANIFEST);
    let expected = manifest(&without.map(|(n, d)| (n.clone(), d.clone())).collect());
    match found == expected {
        true => Ok(()),
        false => {
            Err(Fault::new(MANIFEST, "does not say what the statement says").at_difference(found, &expected))
        }
    }
}

fn made_again(files: &Files) -> Result<Unsigned, Fault> {
    let bytes = |name: &str| {
        files.get(name).map(<[u8]>::to_vec).ok_or_else(|| Fault::new(name, "the file is missing"))
    };
    let waivers = files.get(WAIVERS).map(<[u8]>::to_vec);
    derive(Evidence { record: bytes(RECORD)?, fuzz: bytes(FUZZ_RECORD)?, waivers }).map_err(|e| match e {
        ReportError::Record(e) => Fault {
            line: (e.line > 0).then_some((e.line, 1)),
            ..Fault::new(e.path.to_string_lossy(), e.message)
        },
        ReportError::Write { source, .. } => {
            Fault::new("", format!("the reports cannot be made again: {source}"))
        }
    })
}

/// Reports say what the records say: made again, they are the same bytes.
fn check_made(files: &Files, unsigned: &Unsigned) -> Result<(), Fault> {
    let tool = unsigned.dossier.started().tool.clone();
    // The manifest follows from all others.
    let mut made: Vec<(&str, &[u8])> = unsigned.files.iter().collect();
    made.sort_by_key(|(name, _)| *name == MANIFEST);
    for (name, expected) in made {
        let found = files.get(name).ok_or_else(|| Fault::new(name, "the file is missing"))?;
        if found != expected {
            let own = concat!("proofmark ", env!("CARGO_PKG_VERSION"));
            let message = match tool == own {
                true => "was not made from the records of the bundle".to_owned(),
                false => format!(
                    "was made by `{}`, and {own} makes it otherwise: verify with that version",
                    tool.escape_debug()
                ),
            };
            return Err(Fault::new(name, message).at_difference(found, expected));
        }
    }
    match files.iter().find(|(name, _)| unsigned.files.get(name).is_none() && *name != ENVELOPE) {
        Some((extra, _)) => Err(Fault::new(extra, "the file is not part of an evidence bundle")),
        None => Ok(()),
    }
}

/// The waivers are those of the suite that the record is of.
fn check_waivers(files: &Files, acceptance: &Acceptance) -> Result<(), Fault> {
    let listed = acceptance.suite_files.iter().find(|file| file.name == WAIVERS).map(|file| &file.sha256);
    let found = files.get(WAIVERS).map(|bytes| digest::hex(&digest::sha256(bytes)));
    match listed == found.as_ref() {
        true => Ok(()),
        false => Err(Fault::new(WAIVERS, "is not the file that the suite had")),
    }
}

/// Compares a bundle's suite with the files of a checkout.
pub fn verify_suite(acceptance: &Acceptance, checkout: &[FileDigest]) -> Result<(), Fault> {
    let by_name = |files: &[FileDigest]| -> BTreeMap<String, String> {
        files.iter().map(|f| (f.name.clone(), f.sha256.clone())).collect()
    };
    let (signed, found) = (by_name(&acceptance.suite_files), by_name(checkout));
    let names: std::collections::BTreeSet<&String> = signed.keys().chain(found.keys()).collect();
    for name in names {
        let what = match (signed.get(name), found.get(name)) {
            (Some(a), Some(b)) if a == b => continue,
            (Some(_), Some(_)) => "is another one in the checkout than the bundle was made with",
            (Some(_), None) => "is not in the checkout",
            (None, _) => "is in the checkout, and the bundle was made without it",
        };
        return Err(Fault::new(name.as_str(), format!("the suite's file {what}")));
    }
    Ok(())
}

/// The files of a bundle are as its manifest says. That is no proof of who wrote them: [`verify`] is.
pub fn check_digests(files: &Files) -> Result<(), Fault> {
    let found = files.get(MANIFEST).ok_or_else(|| Fault::new(MANIFEST, "the file is missing"))?;
    let mut listed = BTreeMap::new();
    for line in String::from_utf8_lossy(found).lines() {
        if let Some((digest, name)) = line.split_once("  ") {
            listed.insert(name.to_owned(), digest.to_owned());
        }
    }
    let own = digests(files, &[MANIFEST, ENVELOPE]);
    for name in listed.keys().chain(own.keys()) {
        let message = match (listed.get(name), own.get(name)) {
            (Some(a), Some(b)) if a == b => continue,
            (Some(_), Some(_)) => "has another digest than the manifest says",
            (Some(_), None) => "the file is missing",
            (None, _) => "the file is not in the manifest",
        };
        return Err(Fault::new(name.as_str(), message));
    }
    Ok(())
}
