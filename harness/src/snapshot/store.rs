//! [`Store`]: the files of snapshots, `snapshots/<target>/<api>/<operation>__<case>.snap`. Every write is a new file
//! that is renamed: readers and other processes (nextest runs one a trial) see the old text or the new one.

use super::file::SnapshotFile;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

pub use super::name::folder_name;

/// The snapshots of a suite.
#[derive(Debug, Clone)]
pub struct Store {
    /// `<suite>/snapshots`.
    pub root: PathBuf,
}

/// A snapshot on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The accepted file, whether it is there or not.
    pub path: PathBuf,
    /// Below the root, with `/`: `sandbox/cube/orderPackage__a.snap`.
    pub name: String,
    pub accepted: bool,
    pub pending: bool,
}

impl Stored {
    pub fn pending_path(&self) -> PathBuf {
        pending(&self.path)
    }

    /// `target`, `api`.
    pub fn folders(&self) -> (&str, &str) {
        let mut parts = self.name.split('/');
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    }
}

impl Store {
    pub fn of_suite(suite: &Path) -> Self {
        Self { root: suite.join("snapshots") }
    }

    /// The file of a trial's snapshot.
    pub fn path(&self, target: &str, api: &str, stem: &str) -> PathBuf {
        self.root.join(folder_name(target)).join(folder_name(api)).join(format!("{stem}.snap"))
    }

    /// Everything that is there, sorted. Nothing where there is no folder.
    pub fn list(&self) -> io::Result<Vec<Stored>> {
        let mut found: Vec<Stored> = Vec::new();
        for target in folders(&self.root)? {
            for api in folders(&target)? {
                for entry in fs::read_dir(&api)? {
                    let path = entry?.path();
                    let text = path.to_string_lossy().into_owned();
                    let new = text.ends_with(".snap.new");
                    if !new && !text.ends_with(".snap") {
                        continue;
                    }
                    let path = PathBuf::from(text.trim_end_matches(".new"));
                    let known = found.iter_mut().rev().find(|s| s.path == path);
                    let stored = match known {
                        Some(stored) => stored,
                        None => {
                            let name = path.strip_prefix(&self.root).unwrap_or(&path);
                            let name = name.to_string_lossy().replace('\\', "/");
                            found.push(Stored { path, name, accepted: false, pending: false });
                            let last = found.len() - 1;
                            &mut found[last]
                        }
                    };
                    if new { stored.pending = true } else { stored.accepted = true }
                }
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }
}

fn folders(root: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(root) {
        Ok(entries) => {
            let paths = entries.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
            Ok(paths.into_iter().filter(|p| p.is_dir()).collect())
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(e),
    }
}

/// `x.snap.new` of `x.snap`.
pub fn pending(path: &Path) -> PathBuf {
    path.with_extension("snap.new")
}

/// The file at a path; `None` where there is none.
pub fn read(path: &Path) -> Result<Option<SnapshotFile>, String> {
    match fs::read_to_string(path) {
        Ok(text) => SnapshotFile::read(&text)
            .map(Some)
            .map_err(|e| format!("`{}` is no snapshot: {e}", path.display())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(format!("cannot read `{}`: {e}", path.display())),
    }
}

/// Writes a file whole or not at all.
pub fn write(path: &Path, file: &SnapshotFile) -> Result<(), String> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let folder = path.parent().unwrap_or(Path::new("."));
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.join(format!(".{}-{number}.tmp", std::process::id()));
    let result = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&temporary, file.write()))
        .and_then(|()| fs::rename(&temporary, path));
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result.map_err(|e| format!("cannot write `{}`: {e}", path.display()))
}

/// Removes a file that may be gone already.
pub fn remove(path: &Path) -> Result<(), String> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(format!("cannot remove `{}`: {e}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Makes the pending snapshot the accepted one, as insta does: without the line.
pub fn accept(stored: &Stored) -> Result<(), String> {
    let pending = stored.pending_path();
    let file = read(&pending)?.ok_or_else(|| format!("`{}` is gone", pending.display()))?;
    write(&stored.path, &SnapshotFile { line: None, ..file })?;
    remove(&pending)
}
