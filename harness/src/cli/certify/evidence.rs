//! From two records to a signed bundle.

use super::super::Failure;
use super::ready::Certification;
use crate::bundle::{self, ENVELOPE, Envelope, Evidence, Files, PrivateKey, Unsigned};
use crate::record::personal::pseudonymise;
use crate::record::{Event, RecordReader};
use std::path::Path;

/// Reads the records, gives personal data its pseudonyms, and makes everything that is made from that.
pub fn gather(certification: &Certification, record: &Path, fuzz: &Path) -> Result<Unsigned, Failure> {
    let broken = |e: &dyn std::fmt::Display| Failure::Broken(format!("the evidence cannot be made: {e}"));
    let mut records = [read(record)?, read(fuzz)?];
    let key = bundle::random().map_err(|e| broken(&e))?;
    pseudonymise(&mut records, &certification.policy, key).map_err(|e| broken(&e))?;
    let [run, fuzz] = &records;
    let evidence = Evidence {
        record: lines(run).map_err(|e| broken(&e))?,
        fuzz: lines(fuzz).map_err(|e| broken(&e))?,
        waivers: certification.waivers.clone(),
    };
    bundle::derive(evidence).map_err(|e| broken(&e))
}

/// Puts the signed statement beside the files that it is about.
pub fn sign(unsigned: Unsigned, key: &PrivateKey) -> Result<Files, Failure> {
    let mut files = unsigned.files;
    let envelope = Envelope::sign(&unsigned.statement, key).to_json();
    files.add(ENVELOPE, envelope).map_err(|fault| Failure::Broken(fault.to_string()))?;
    Ok(files)
}

pub fn write_archive(files: &Files, path: &Path) -> Result<(), Failure> {
    std::fs::write(path, bundle::write_tar(files))
        .map_err(|e| Failure::Broken(format!("cannot write the archive `{}`: {e}", path.display())))
}

fn read(record: &Path) -> Result<Vec<Event>, Failure> {
    let reader = RecordReader::open(record).map_err(|e| Failure::Broken(e.to_string()))?;
    reader.collect::<Result<_, _>>().map_err(|e| Failure::Broken(e.to_string()))
}

fn lines(events: &[Event]) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for event in events {
        serde_json::to_writer(&mut bytes, event)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}
