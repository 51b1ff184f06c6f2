//! `proofmark report`: the reports of a record, made again.

use super::arguments::ReportArguments;
use super::{Failure, console};
use crate::model::verdict::exit;
use crate::report::{write_html, write_junit};
use std::path::{Path, PathBuf};

pub fn run(arguments: &ReportArguments) -> Result<u8, Failure> {
    let record = match arguments.run.is_dir() {
        true => arguments.run.join("run.ndjson"),
        false => arguments.run.clone(),
    };
    let folder = match (&arguments.out, record.parent()) {
        (Some(out), _) => out.clone(),
        (None, Some(parent)) => parent.to_owned(),
        (None, None) => PathBuf::from("."),
    };
    if !record.is_file() {
        return Err(Failure::Usage(format!(
            "`{}` is not a run: there is no run.ndjson",
            arguments.run.display()
        )));
    }
    for path in write(&record, &folder)? {
        console::line(&format!("wrote {}", path.display()));
    }
    Ok(exit::CONFORMANT)
}

/// Writes every report of a record into a folder.
pub fn write(record: &Path, folder: &Path) -> Result<[PathBuf; 2], Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|e| Failure::Broken(format!("cannot write to `{}`: {e}", folder.display())))?;
    let (html, junit) = (folder.join("report.html"), folder.join("junit.xml"));
    write_html(record, &html).map_err(|e| Failure::Broken(e.to_string()))?;
    write_junit(record, &junit).map_err(|e| Failure::Broken(e.to_string()))?;
    Ok([html, junit])
}
