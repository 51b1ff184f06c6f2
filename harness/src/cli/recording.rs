//! The record of a run, as commands open and close it.

use super::Failure;
use crate::record::Recorder;
use std::path::{Path, PathBuf};

/// Opens a record in a folder, which is made.
pub fn create(folder: &Path) -> Result<Recorder, Failure> {
    Recorder::create(folder)
        .map_err(|e| Failure::Broken(format!("cannot write the record in `{}`: {e}", folder.display())))
}

/// Closes a record and gives its path; what could not be written is told now.
pub fn finish(recorder: Recorder) -> Result<PathBuf, Failure> {
    recorder.finish().map_err(|e| Failure::Broken(format!("the record is not whole: {e}")))
}
