//! `proofmark keygen`: a pair of keys for evidence bundles.

use super::arguments::KeygenArguments;
use super::{Failure, console};
use crate::bundle::PrivateKey;
use crate::model::verdict::exit;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

pub fn run(arguments: &KeygenArguments) -> Result<u8, Failure> {
    let (private, public) = (with(&arguments.name, ".key"), with(&arguments.name, ".pub"));
    // Both, before either is written.
    if let Some(path) = [&private, &public].into_iter().find(|path| path.symlink_metadata().is_ok()) {
        return Err(Failure::Usage(already(path)));
    }
    let key = PrivateKey::generate().map_err(|e| Failure::Broken(e.to_string()))?;
    write(&private, &key.to_pem(), 0o600)?;
    write(&public, &key.public().to_pem(), 0o644)?;
    console::line(&format!("private key: {} (keep it secret)", private.display()));
    console::line(&format!("public key:  {} (for `proofmark verify --key`)", public.display()));
    console::line(&format!("key id:      {}", key.public().id()));
    Ok(exit::CONFORMANT)
}

fn with(name: &Path, ending: &str) -> PathBuf {
    let mut path = name.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

fn already(path: &Path) -> String {
    format!("`{}` is there already; keys are not overwritten", path.display())
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => Failure::Usage(already(path)),
        _ => Failure::Broken(format!("cannot write `{}`: {e}", path.display())),
    })
}
