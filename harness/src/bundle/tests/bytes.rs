//! Changed bytes are noticed, each of them.

use super::{BUNDLE, public};
use crate::bundle::verify::{changed, signed};
use crate::bundle::{ENVELOPE, Files, tar, write_tar};
use proptest::prelude::*;

/// The file that a bundle is refused for, if it is: what [`verify`] finds before it looks for the place.
fn refused(files: &Files) -> Option<String> {
    match signed(files, public()) {
        Err(fault) => Some(fault.file),
        Ok(signed) => changed(files, &signed.subjects).first().cloned(),
    }
}

/// How often a byte of a file was exchanged: at every so many places, for each of the differences. Each time the bundle
/// is refused for that file.
fn exchanged(name: &str, step: usize, differences: impl Iterator<Item = u8> + Clone) -> usize {
    let mut files = BUNDLE.clone();
    let length = files.get(name).map_or(0, <[u8]>::len);
    let mut count = 0;
    for at in (0..length).step_by(step).chain([length - 1]) {
        for difference in differences.clone() {
            files.get_mut(name).unwrap()[at] ^= difference;
            assert_eq!(refused(&files).as_deref(), Some(name), "byte {at} by {difference:#x}");
            files.get_mut(name).unwrap()[at] ^= difference;
            count += 1;
        }
    }
    assert_eq!(refused(&files), None, "the bundle is as it was");
    count
}

/// The envelope whole, as no digest is of it; of the others what fits into a second. Case is what base64, hex and JSON
/// escapes are forgiving of.
#[test]
fn no_byte_of_any_file_changes_unnoticed() {
    for (name, content) in BUNDLE.iter() {
        let step = if name == ENVELOPE { 1 } else { content.len().div_ceil(40) };
        assert!(exchanged(name, step, [0x20].into_iter()) >= content.len().min(20), "{name}");
    }
}

/// Every byte of every file, and every other value that a byte of the envelope can have.
#[test]
#[ignore = "takes minutes: cargo test --lib every_byte_of_every_file -- --ignored --nocapture"]
#[expect(clippy::print_stdout, reason = "how many there were is what it is run for")]
fn every_byte_of_every_file() {
    let mut all = 0;
    for (name, content) in BUNDLE.iter() {
        let count = match name {
            ENVELOPE => exchanged(name, 1, 1..=255),
            _ => exchanged(name, 1, [0x01, 0x20].into_iter()),
        };
        println!("{name}: {} bytes, {count} changes, each refused", content.len());
        all += count;
    }
    let archive = write_tar(&BUNDLE);
    for at in 0..archive.len() {
        let mut changed = archive.clone();
        changed[at] ^= 0x20;
        let same = tar::read(&changed).map(|files| refused(&files));
        assert!(!matches!(same, Ok(None)), "byte {at} of the archive");
    }
    println!("archive: {} bytes, each refused; {all} changes of files", archive.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_cut_or_longer_file_is_noticed(file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in 1u8.., how in 0..4) {
        let names: Vec<&str> = BUNDLE.iter().map(|(name, _)| name).collect();
        let name = *file.get(&names);
        let mut files = BUNDLE.clone();
        let content = files.get_mut(name).unwrap();
        let at = at.index(content.len());
        match how {
            0 => content[at] ^= byte,
            1 => content.truncate(at),
            2 => content.insert(at, byte),
            _ => { content.remove(at); }
        }
        // To take one of two equal neighbours away or to double one is no change of place, but one of length.
        let found = refused(&files);
        prop_assert_eq!(found.as_deref(), Some(name), "{} at {} by {}", name, at, how);
    }
}
