//! [`Suite`]: a suite in a temporary folder.

use super::command::{Output, Proofmark};
use super::demo;
use super::record::Record;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder that goes when the test is over.
pub struct Suite {
    folder: TempDir,
}

impl Suite {
    /// A folder with nothing in it.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// The demo API (see [`demo`]) and no cases. Nobody listens at its target.
    pub fn demo() -> Self {
        Self::at("http://127.0.0.1:9")
    }

    /// The demo API with its target `staging` at a URL.
    pub fn at(url: &str) -> Self {
        Self::empty()
            .file("proofmark.yaml", &demo::CONFIG.replace("URL", url))
            .file("specs/demo/openapi.yaml", demo::SPEC)
            .folder("cases/demo")
    }

    /// The demo API and a file of cases: `cases` is the text below `cases:`.
    pub fn with_cases(cases: &str) -> Self {
        Self::demo().cases(cases)
    }

    pub fn cases(self, cases: &str) -> Self {
        self.file("cases/demo/cases.yaml", &format!("api: demo\ncases:\n{cases}"))
    }

    pub fn file(self, name: &str, text: &str) -> Self {
        self.bytes(name, text.as_bytes())
    }

    pub fn bytes(self, name: &str, bytes: &[u8]) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        fs::write(path, bytes).expect("files can be written");
        self
    }

    pub fn folder(self, name: &str) -> Self {
        fs::create_dir_all(self.path().join(name)).expect("folders can be made");
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The command, about to run in the suite's folder.
    pub fn proofmark(&self, arguments: &[&str]) -> Proofmark {
        Proofmark::new(arguments).folder(self.path())
    }

    /// `proofmark run --target URL` and more arguments.
    pub fn run(&self, target: &str, arguments: &[&str]) -> Output {
        self.proofmark(&[&["run", "--target", target], arguments].concat()).output()
    }

    /// `proofmark check`.
    pub fn check(&self) -> Output {
        self.proofmark(&["check"]).output()
    }

    /// The folders of the suite's runs, oldest first.
    pub fn runs(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.path().join("reports")) else { return Vec::new() };
        let mut found: Vec<PathBuf> =
            entries.map(|e| e.expect("an entry").path()).filter(|path| path.is_dir()).collect();
        // Names end with the number of a process.
        found.sort_by_cached_key(|run| {
            let name = run.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name.get(..15).map(str::to_owned), name.len(), name)
        });
        found
    }

    /// The folder of the only run.
    #[track_caller]
    pub fn only_run(&self) -> PathBuf {
        let runs = self.runs();
        assert_eq!(runs.len(), 1, "not one run but {runs:?}");
        runs[0].clone()
    }

    /// The record of one of the runs.
    #[track_caller]
    pub fn record_of(&self, run: usize) -> Record {
        Record::read(&self.runs()[run].join("run.ndjson"))
    }

    /// The record of the only run.
    #[track_caller]
    pub fn record(&self) -> Record {
        Record::read(&self.only_run().join("run.ndjson"))
    }
}
