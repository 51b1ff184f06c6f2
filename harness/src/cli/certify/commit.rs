//! Whether a suite is that of a commit, as git tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The commit that a suite is of, and what of it is not as the commit has it.
#[derive(Debug, Default, PartialEq)]
pub struct Provenance {
    pub commit: Option<String>,
    /// A file and why, or why nothing can be told.
    pub dirty: Vec<String>,
}

/// Compares files of a suite (by name, from its folder) with the commit that is checked out: with the commit itself, not
/// with the index, which can be told to overlook changes.
pub fn provenance(root: &Path, files: &BTreeMap<String, Vec<u8>>) -> Provenance {
    match compare(root, files) {
        Ok(provenance) => provenance,
        Err(why) => Provenance { commit: None, dirty: vec![why] },
    }
}

fn compare(root: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<Provenance, String> {
    let head = git(root, &["rev-parse", "--verify", "HEAD^{commit}"], None)
        .map_err(|e| format!("`{}` is in no git repository with a commit: {e}", root.display()))?;
    let commit = head.trim().to_owned();
    let committed = blobs(&git(root, &["ls-tree", "-r", "-z", &commit], None)?);
    let mut dirty = Vec::new();
    let mut tracked = Vec::new();
    for name in files.keys() {
        match committed.contains_key(name) && !name.contains('\n') {
            true => tracked.push(name.as_str()),
            false => dirty.push(format!("`{name}` is not in the commit")),
        }
    }
    let list: String = tracked.iter().map(|name| format!("{name}\n")).collect();
    // Git itself hashes, so that its own conversions of line ends are no difference.
    let hashes = git(root, &["hash-object", "--stdin-paths"], Some(&list))?;
    let hashes: Vec<&str> = hashes.lines().collect();
    if hashes.len() != tracked.len() {
        return Err("git has not hashed every file of the suite".into());
    }
    for (name, hash) in tracked.iter().zip(hashes) {
        if committed.get(*name).is_some_and(|blob| blob != hash) {
            dirty.push(format!("`{name}` differs from the commit"));
        }
    }
    let folders: BTreeSet<&str> = files.keys().filter_map(|name| Some(name.rsplit_once('/')?.0)).collect();
    let ours = |name: &str| match name.rsplit_once('/') {
        Some((folder, _)) => folders.contains(folder),
        None => name == crate::suite::WAIVERS,
    };
    let gone = committed.keys().filter(|name| ours(name) && !files.contains_key(*name));
    dirty.extend(gone.map(|name| format!("`{name}` is in the commit and not here")));
    dirty.sort();
    Ok(Provenance { commit: Some(commit), dirty })
}

/// `mode blob hash TAB name NUL`…
fn blobs(listing: &str) -> BTreeMap<String, String> {
    let entry = |line: &str| {
        let (head, name) = line.split_once('\t')?;
        Some((name.to_owned(), head.split(' ').nth(2)?.to_owned()))
    };
    listing.split('\0').filter_map(entry).collect()
}

fn git(root: &Path, arguments: &[&str], input: Option<&str>) -> Result<String, String> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(root)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // The repository is the one that the suite is in, whatever a hook or a script has set.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(name);
    }
    let mut child = command.spawn().map_err(|e| format!("git cannot be run: {e}"))?;
    let stdin = child.stdin.take();
    let written = std::thread::scope(|scope| {
        // Beside the reading: git answers while it reads.
        let writer = scope.spawn(move || match (stdin, input) {
            (Some(mut stdin), Some(input)) => stdin.write_all(input.as_bytes()),
            _ => Ok(()),
        });
        let output = child.wait_with_output();
        (output, writer.join())
    });
    let output = written.0.map_err(|e| format!("git cannot be run: {e}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => {
            let says = String::from_utf8_lossy(&output.stderr);
            let line = says.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
            Err(format!("git says: {line}"))
        }
    }
}
