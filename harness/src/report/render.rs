//! A record in any format, written to a file or to whatever else takes bytes.

use super::error::ReportError;
use super::index::Index;
use super::sources::Sources;
use super::{ctrf, github, gitlab, har, html, json, junit, markdown, prometheus, sarif, tap};
use crate::model::report_format::ReportFormat;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A record that was read once, to be rendered in any number of formats.
pub struct Report {
    index: Index,
    sources: Sources,
}

impl Report {
    /// Reads `run.ndjson`, or that of a folder. `sources`: how files of the suite are called outside of it.
    pub fn open(record: &Path, sources: Sources) -> Result<Self, ReportError> {
        Ok(Self { index: Index::read(record)?, sources })
    }

    /// What is known of the record before its exchanges are read.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// Reads a record in memory; `name` is what errors call it.
    pub fn of_bytes(record: Vec<u8>, name: &str) -> Result<Self, ReportError> {
        Ok(Self { index: Index::of_bytes(record, name)?, sources: Sources::default() })
    }

    /// Renders it. [`ReportFormat::Github`] gives the annotations; its job summary is [`ReportFormat::Markdown`].
    pub fn render(&self, format: ReportFormat, out: &mut dyn Write) -> Result<(), ReportError> {
        let Self { index, sources } = self;
        match format {
            ReportFormat::Html => html::write(index, out),
            ReportFormat::Junit => junit::write(index, out),
            ReportFormat::Sarif => sarif::write(index, sources, out),
            ReportFormat::Github => github::write(index, sources, out),
            ReportFormat::Gitlab => gitlab::write(index, sources, out),
            ReportFormat::Tap => tap::write(index, sources, out),
            ReportFormat::Ctrf => ctrf::write(index, sources, out),
            ReportFormat::Har => har::write(index, out),
            ReportFormat::Prometheus => prometheus::write(index, out),
            ReportFormat::Markdown => markdown::write(index, out),
            ReportFormat::Json => json::write(index, sources, out),
        }
    }

    /// Writes a file whole or not at all: readers that look at it all the time (a textfile collector, a CI server)
    /// never see half of it.
    pub fn write(&self, format: ReportFormat, path: &Path) -> Result<(), ReportError> {
        // Devices, pipes and links are written to, not replaced.
        let plain = fs::symlink_metadata(path).map_or(true, |m| m.is_file());
        let part = if plain { part(path) } else { path.to_owned() };
        let written = self.write_to(format, &part).and_then(|()| match plain {
            true => fs::rename(&part, path).map_err(ReportError::from),
            false => Ok(()),
        });
        if written.is_err() && plain {
            let _ = fs::remove_file(&part);
        }
        written.map_err(|e| e.at(path))
    }

    /// Appends to a file, which is made where there is none: a job summary that other steps write to, too.
    pub fn append(&self, format: ReportFormat, path: &Path) -> Result<(), ReportError> {
        let file = fs::OpenOptions::new().append(true).create(true).open(path).map_err(ReportError::from);
        file.and_then(|file| self.fill(format, file)).map_err(|e| e.at(path))
    }

    fn write_to(&self, format: ReportFormat, path: &Path) -> Result<(), ReportError> {
        self.fill(format, File::create(path)?)
    }

    fn fill(&self, format: ReportFormat, file: File) -> Result<(), ReportError> {
        let mut out = BufWriter::with_capacity(1 << 17, file);
        self.render(format, &mut out)?;
        Ok(out.flush()?)
    }
}

/// A file beside another, for what is not whole yet.
fn part(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}
