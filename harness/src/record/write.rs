//! [`Recorder`]: writes events to `run.ndjson` as they happen, each with one `write`, so that a killed run leaves every
//! finished trial readable.

use super::event::Event;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What most lines need, bytes.
const LINE: usize = 8 << 10;

/// The open record of a run. Shared by all threads.
#[derive(Debug)]
pub struct Recorder {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    error: Option<io::Error>,
}

impl Recorder {
    /// Makes the folder and begins the record. An existing record is not overwritten.
    pub fn create(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("run.ndjson");
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        Ok(Self { path, state: Mutex::new(State { file, error: None }) })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends an event. The line is made outside the lock; an error is kept for [`Recorder::finish`].
    pub fn write(&self, event: &Event) {
        let mut line = Vec::with_capacity(LINE);
        let made = serde_json::to_writer(&mut line, event);
        line.push(b'\n');
        let mut state = match self.state.lock() {
            Ok(state) => state,
            Err(poisoned) => poisoned.into_inner(),
        };
        let result = made.map_err(io::Error::from).and_then(|()| state.file.write_all(&line));
        if let (Err(e), None) = (result, &state.error) {
            state.error = Some(e);
        }
    }

    /// The first error of any write: a record that is not whole must not be taken for one that is.
    pub fn finish(self) -> io::Result<PathBuf> {
        let state = self.state.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        match state.error {
            Some(e) => Err(e),
            None => Ok(self.path),
        }
    }
}
