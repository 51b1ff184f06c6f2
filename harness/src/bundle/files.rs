//! [`Files`]: a bundle in memory; read from a folder or an archive as something that an enemy may have made.

use super::fault::Fault;
use super::tar;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// A bundle that is larger than this is not read.
const MAX_SIZE: u64 = 2 << 30;
const MAX_FILES: usize = 1_000;

/// The files of a bundle by name. Names are plain: no folder, nothing that a file system or a shell reads otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Refuses names that are not plain, and the same name twice.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), Fault> {
        if !is_plain(name) {
            return Err(Fault::new(name, "the name is not that of a file in a bundle"));
        }
        if self.0.len() >= MAX_FILES {
            return Err(Fault::new("", format!("there are more than {MAX_FILES} files")));
        }
        match self.0.insert(name.to_owned(), bytes) {
            None => Ok(()),
            Some(_) => Err(Fault::new(name, "there are two files of this name")),
        }
    }

    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// For tests and for those who change a bundle on purpose.
    pub fn remove(&mut self, name: &str) -> Option<Vec<u8>> {
        self.0.remove(name)
    }

    /// The bytes of a file, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Vec<u8>> {
        self.0.get_mut(name)
    }
}

/// Letters, digits, `.`, `_` and `-`; no leading dot; 1 to 99 characters (as long as a tar header has room for).
pub fn is_plain(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    (1..100).contains(&name.len()) && name.bytes().all(allowed) && !name.starts_with(['.', '-'])
}

/// Reads a folder or an archive. The outer error is one of the machine: there is nothing at the path.
pub fn read(path: &Path) -> io::Result<Result<Files, Fault>> {
    let kind = fs::metadata(path)?;
    if kind.is_dir() {
        return read_folder(path);
    }
    if kind.len() > MAX_SIZE {
        return Ok(Err(Fault::new("", "the archive is larger than 2 GiB")));
    }
    Ok(tar::read(&fs::read(path)?))
}

fn read_folder(path: &Path) -> io::Result<Result<Files, Fault>> {
    let mut files = Files::default();
    let mut size = 0;
    let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    // So that the first thing that is wrong is always the same.
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Not of what a link points to.
        let kind = entry.file_type()?;
        if !kind.is_file() {
            let what = match (kind.is_symlink(), kind.is_dir()) {
                (true, _) => "a symbolic link",
                (_, true) => "a folder",
                _ => "not a file",
            };
            return Ok(Err(Fault::new(name, format!("{what}: a bundle has plain files only"))));
        }
        size += entry.metadata()?.len();
        if size > MAX_SIZE {
            return Ok(Err(Fault::new("", "the bundle is larger than 2 GiB")));
        }
        if let Err(fault) = files.add(&name, fs::read(entry.path())?) {
            return Ok(Err(fault));
        }
    }
    Ok(Ok(files))
}

/// Writes a folder whole or not at all. One that is there already is not touched.
pub fn write_folder(files: &Files, folder: &Path) -> io::Result<()> {
    if folder.symlink_metadata().is_ok() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it is there already"));
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let part = folder.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = fs::create_dir(&part).and_then(|()| {
        files.iter().try_for_each(|(name, bytes)| fs::write(part.join(name), bytes))?;
        fs::rename(&part, folder)
    });
    if written.is_err() {
        let _ = fs::remove_dir_all(&part);
    }
    written
}
