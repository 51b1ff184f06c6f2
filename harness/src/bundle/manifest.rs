//! `SHA256SUMS`: a digest a file, as coreutils' `sha256sum -c` reads it.

use super::files::Files;
use crate::http::digest;
use std::collections::BTreeMap;

/// SHA-256 in hex by name, of all files but these.
pub fn digests(files: &Files, without: &[&str]) -> BTreeMap<String, String> {
    let wanted = files.iter().filter(|(name, _)| !without.contains(name));
    wanted.map(|(name, bytes)| (name.to_owned(), digest::hex(&digest::sha256(bytes)))).collect()
}

/// The lines of a manifest: digest, two spaces, name.
pub fn manifest(digests: &BTreeMap<String, String>) -> Vec<u8> {
    let lines: String = digests.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
    lines.into_bytes()
}
