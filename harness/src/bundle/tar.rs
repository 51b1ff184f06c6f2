//! Bundles as one file: POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format"), written in one way only.

use super::fault::Fault;
use super::files::Files;

const BLOCK: usize = 512;

/// The archive of the files: in the order of their names, owned by nobody, without times.
pub fn write(files: &Files) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in files.iter() {
        out.extend_from_slice(&header(name, bytes.len()));
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(BLOCK), 0);
    }
    // Two blocks of zeros end an archive.
    out.resize(out.len() + 2 * BLOCK, 0);
    out
}

fn header(name: &str, length: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{length:011o}\0"));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\0");
    put(263, "00");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// Reads an archive, and only one that [`write()`] would have written: nothing in it is left unsigned.
pub fn read(bytes: &[u8]) -> Result<Files, Fault> {
    let damaged = |at: usize, what: &str| Fault { offset: Some(at), ..Fault::new("archive", what) };
    let mut files = Files::default();
    let mut at = 0;
    loop {
        let block = bytes.get(at..at + BLOCK).ok_or_else(|| damaged(at, "the archive is cut short"))?;
        if block.iter().all(|b| *b == 0) {
            break;
        }
        let field = |from: usize, to: usize| {
            let text = block[from..to].split(|b| *b == 0).next().unwrap_or_default();
            std::str::from_utf8(text).ok()
        };
        let name = field(0, 100).ok_or_else(|| damaged(at, "a name that is no text"))?;
        let length = field(124, 136).and_then(|t| usize::from_str_radix(t.trim(), 8).ok());
        let length = length.ok_or_else(|| damaged(at + 124, "a length that is none"))?;
        let start = at + BLOCK;
        let content = start.checked_add(length).and_then(|end| bytes.get(start..end));
        let content = content.ok_or_else(|| damaged(start, "the archive is cut short"))?;
        files.add(name, content.to_vec())?;
        at = (start + length).next_multiple_of(BLOCK);
    }
    match super::dsse::first_difference(bytes, &write(&files)) {
        None => Ok(files),
        Some(at) => Err(damaged(at, "the archive is not written as `proofmark certify` writes it")),
    }
}
