//! What of a bundle is made from its records: the same bytes by whoever makes them.

use super::files::Files;
use super::manifest::{digests, manifest};
use super::statement::statement;
use super::{ENVELOPE, FUZZ_RECORD, MANIFEST, RECORD, WAIVERS};
use crate::http::digest;
use crate::model::report_format::ReportFormat;
use crate::record::{Acceptance, FileDigest};
use crate::report::{Dossier, Report, ReportError};
use std::collections::BTreeMap;

/// What is not made from anything else: the redacted records, and the waivers as the suite has them.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub record: Vec<u8>,
    pub fuzz: Vec<u8>,
    pub waivers: Option<Vec<u8>>,
}

/// A bundle without its envelope, and the statement that the envelope is to carry.
pub struct Unsigned {
    pub files: Files,
    /// In-toto Statement v1, JSON.
    pub statement: Vec<u8>,
    pub dossier: Dossier,
}

/// Makes everything that is made from the evidence.
pub fn derive(evidence: Evidence) -> Result<Unsigned, ReportError> {
    let run = Report::of_bytes(evidence.record.clone(), RECORD)?;
    let dossier = Dossier::new(run, Report::of_bytes(evidence.fuzz.clone(), FUZZ_RECORD)?);
    let mut files = Files::default();
    let mut add = |name: &str, bytes: Vec<u8>| {
        // Names are ours: they are plain, and there is one of each.
        let _ = files.add(name, bytes);
    };
    let (mut annexes, mut page) = (Vec::new(), Vec::new());
    dossier.write_annexes(&mut annexes)?;
    dossier.write(&digest::hex(&digest::sha256(&annexes)), &mut page)?;
    add("acceptance.html", page);
    add("annexes.html", annexes);
    for (name, report, format) in reports(&dossier) {
        let mut bytes = Vec::new();
        report.render(format, &mut bytes)?;
        add(&name, bytes);
    }
    add("suite.sha256", suite_list(dossier.acceptance().map_or(&[], |a: &Acceptance| &a.suite_files)));
    add(RECORD, evidence.record);
    add(FUZZ_RECORD, evidence.fuzz);
    if let Some(waivers) = evidence.waivers {
        add(WAIVERS, waivers);
    }
    let all = manifest(&digests(&files, &[MANIFEST, ENVELOPE]));
    let _ = files.add(MANIFEST, all);
    let statement = statement(&dossier, &digests(&files, &[ENVELOPE]))?;
    Ok(Unsigned { files, statement, dossier })
}

/// JUnit and HAR always, and what the profile asks for.
fn reports(dossier: &Dossier) -> Vec<(String, &Report, ReportFormat)> {
    let mut list = vec![
        ("junit.xml".to_owned(), dossier.run(), ReportFormat::Junit),
        ("exchanges.har".to_owned(), dossier.run(), ReportFormat::Har),
        ("fuzz.har".to_owned(), dossier.fuzz(), ReportFormat::Har),
    ];
    let wanted = dossier.acceptance().map_or(&[][..], |acceptance| &acceptance.reports);
    for word in wanted {
        let known = ReportFormat::WORDS.iter().find(|(name, _)| name == word);
        if let Some((name, format)) = known.and_then(|(_, format)| Some((format.file_name()?, *format)))
            && !list.iter().any(|(other, ..)| other == name)
        {
            list.push((name.to_owned(), dossier.run(), format));
        }
    }
    list
}

/// `suite.sha256`: the digests of the suite's files, as `sha256sum -c` reads them in a checkout.
pub fn suite_list(files: &[FileDigest]) -> Vec<u8> {
    let by_name: BTreeMap<String, String> =
        files.iter().map(|file| (file.name.clone(), file.sha256.clone())).collect();
    manifest(&by_name)
}
