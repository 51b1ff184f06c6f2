//! Evidence bundles as the two sides of `proofmark compare`: what was delivered, and the record that says how it went.

use super::verify::read;
use super::{Failure, console};
use crate::bundle::{self, ENVELOPE, FUZZ_RECORD, Files, PublicKey, RECORD};
use crate::compare::Comparison;
use crate::model::visible::visible;
use crate::record::Acceptance;
use crate::record::personal::Policy;
use crate::report::{Dossier, Report};
use crate::suite::PersonalData;
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A bundle whose files are as its manifest says, or as a key signed them.
pub struct Delivery {
    acceptance: Acceptance,
    level: &'static str,
    words: &'static str,
    verified: bool,
    /// The record on disk: that of the folder, or a copy of that in the archive.
    record: PathBuf,
    copy: bool,
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if self.copy {
            let _ = std::fs::remove_file(&self.record);
        }
    }
}

/// The bundle at a path; `None` where there is none. A bundle that has changed is refused.
pub fn open(path: &Path, key: Option<PublicKey>) -> Result<Option<Delivery>, Failure> {
    if !is_bundle(path) {
        return Ok(None);
    }
    let changed = |fault: bundle::Fault| {
        Failure::Usage(
            visible(&format!("the bundle `{}` is not what it was: {fault}", path.display())).into_owned(),
        )
    };
    let files = read(path)?.map_err(changed)?;
    match key {
        Some(key) => bundle::verify(&files, key).map(|_| ()),
        None => bundle::check_digests(&files),
    }
    .map_err(changed)?;
    let dossier =
        dossier(&files).map_err(|e| Failure::Usage(format!("cannot read `{}`: {e}", path.display())))?;
    let (record, copy) = match path.is_dir() {
        true => (path.join(RECORD), false),
        false => (copied(&files).map_err(|e| Failure::Broken(format!("no temporary file: {e}")))?, true),
    };
    let level = dossier.conformance();
    Ok(Some(Delivery {
        acceptance: dossier.acceptance().cloned().unwrap_or_default(),
        level: level.as_str(),
        words: level.words(),
        verified: key.is_some(),
        record,
        copy,
    }))
}

/// A folder with an envelope, or an archive.
fn is_bundle(path: &Path) -> bool {
    if path.is_dir() {
        return path.join(ENVELOPE).is_file();
    }
    let mut head = [0; 262];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head.ends_with(b"ustar")
}

fn dossier(files: &Files) -> Result<Dossier, crate::report::ReportError> {
    let report = |name: &str| Report::of_bytes(files.get(name).unwrap_or_default().to_vec(), name);
    Ok(Dossier::new(report(RECORD)?, report(FUZZ_RECORD)?))
}

fn copied(files: &Files) -> std::io::Result<PathBuf> {
    let random = bundle::random().map_err(|e| std::io::Error::other(e.to_string()))?;
    let name = format!("proofmark-{}.ndjson", crate::http::digest::hex(&random[..8]));
    let path = std::env::temp_dir().join(name);
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).open(&path)?;
    std::io::Write::write_all(&mut file, files.get(RECORD).unwrap_or_default())?;
    Ok(path)
}

impl Delivery {
    pub fn record(&self) -> &Path {
        &self.record
    }

    /// Who delivered what, and how far it conforms.
    pub fn print(&self, which: &str) {
        let Acceptance { vendor, product, version, profile, .. } = &self.acceptance;
        let proof = if self.verified {
            "signature verified"
        } else {
            "digests checked; `--key` verifies the signature"
        };
        console::line(&visible(&format!(
            "{which:<8} {product} {version} of {vendor}: {} (profile {profile}; {proof})",
            self.words
        )));
    }

    pub fn json(&self) -> Value {
        let Acceptance { vendor, product, version, profile, .. } = &self.acceptance;
        json!({
            "vendor": vendor, "product": product, "version": version, "profile": profile,
            "conformance": self.level, "verified": self.verified,
        })
    }
}

/// Pseudonyms differ from bundle to bundle: that other values came is no news where they are pseudonyms.
pub fn without_pseudonyms(comparison: &mut Comparison, delivery: &Delivery) {
    let named = |kind: &str| -> Vec<String> {
        let all = delivery.acceptance.pseudonyms.iter();
        all.filter_map(|what| what.strip_prefix(kind).map(str::to_owned)).collect()
    };
    let data = PersonalData { defaults: false, fields: named("field "), patterns: named("pattern ") };
    let Ok(policy) = Policy::new(&data) else { return };
    comparison.drift.retain(|drift| {
        let field = drift.pointer.rsplit('/').find(|part| *part != "*").unwrap_or_default();
        let of_value = matches!(drift.kind, "value" | "range");
        !(of_value && (policy.knows(field) || !policy.find(&drift.message).is_empty()))
    });
}
