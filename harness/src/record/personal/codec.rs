//! Codings that are taken off, changed inside and put on again, so that as many bytes stay as there were.

use super::super::{escapes, folded};
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// Shorter runs of base64 hold no value.
const SHORTEST_BASE64: usize = 6;
const SHORTEST_HEX: usize = 8;

/// A change of decoded bytes to as many others; `None` where there is nothing to change. It is told whether the bytes are
/// the last of the text.
pub type Change<'c> = &'c dyn Fn(&[u8], bool) -> Option<Vec<u8>>;

/// Changes what every coding in the bytes holds.
pub fn each(bytes: &mut Cow<'_, [u8]>, change: Change<'_>) {
    for kind in 0..escapes::KINDS {
        let Some(view) = escapes::view(bytes, kind) else { continue };
        if let Some(changed) = change(&view.bytes, true) {
            *bytes = Cow::Owned(escapes::rewrite(bytes, &view, &changed));
        }
    }
    in_each_run(bytes, SHORTEST_BASE64, change);
    // What is broken over lines keeps its lines: every byte has its place.
    if let Some(view) = folded::view(bytes) {
        let mut joined = Cow::Borrowed(view.bytes.as_slice());
        in_each_run(&mut joined, SHORTEST_BASE64, change);
        if let Cow::Owned(changed) = joined {
            let source = bytes.to_mut();
            changed.iter().enumerate().for_each(|(at, byte)| source[view.start(at)] = *byte);
        }
    }
}

fn in_each_run(bytes: &mut Cow<'_, [u8]>, shortest_base64: usize, change: Change<'_>) {
    in_runs(bytes, shortest_base64, is_base64, change_base64, change);
    in_runs(bytes, SHORTEST_HEX, |b| b.is_ascii_hexdigit(), change_hex, change);
}

/// The texts that codings in the bytes hold, each of them once.
pub fn texts(bytes: &[u8], see: &mut dyn FnMut(&[u8])) {
    for kind in 0..escapes::KINDS {
        if let Some(view) = escapes::view(bytes, kind) {
            see(&view.bytes);
        }
    }
    let seen = std::cell::RefCell::new(see);
    let look = |inner: &[u8], _: bool| {
        // What is no text holds no value that a pattern finds.
        if inner.iter().filter(|b| **b < 0x20 && !b.is_ascii_whitespace()).count() == 0 {
            (seen.borrow_mut())(inner);
        }
        None
    };
    let mut same = Cow::Borrowed(bytes);
    in_each_run(&mut same, SHORTEST_HEX, &look);
    if let Some(view) = folded::view(bytes) {
        in_each_run(&mut Cow::Borrowed(view.bytes.as_slice()), SHORTEST_HEX, &look);
    }
}

fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_')
}

/// Applies `decode` to every run of such bytes.
fn in_runs(
    bytes: &mut Cow<'_, [u8]>,
    shortest: usize,
    of: fn(u8) -> bool,
    decode: fn(&[u8], Change<'_>) -> Option<Vec<u8>>,
    change: Change<'_>,
) {
    let mut start = 0;
    while start < bytes.len() {
        let length = bytes[start..].iter().take_while(|b| of(**b)).count();
        if length >= shortest
            && let Some(changed) = decode(&bytes[start..start + length], &|inner, end| {
                change(inner, end && start + length == bytes.len())
            })
        {
            bytes.to_mut()[start..start + length].copy_from_slice(&changed);
        }
        start += length.max(1);
    }
}

/// A run of base64 without its padding. Where it begins inside of the run is not known: each of four offsets is tried.
fn change_base64(run: &[u8], change: Change<'_>) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(true);
    let url_safe = run.iter().any(|b| matches!(b, b'-' | b'_'));
    let engine = GeneralPurpose::new(if url_safe { &URL_SAFE } else { &STANDARD }, config);
    let mut changed: Option<Vec<u8>> = None;
    for offset in 0..4 {
        let current = changed.as_deref().unwrap_or(run);
        // One character too many holds no byte.
        let end = match (current.len().saturating_sub(offset)) % 4 {
            1 => current.len() - 1,
            _ => current.len(),
        };
        let Some(part) = current.get(offset..end).filter(|part| part.len() >= 4) else { continue };
        let Ok(decoded) = engine.decode(part) else { continue };
        let Some(new) = change(&decoded, true) else { continue };
        let encoded = engine.encode(new);
        // Bits behind the last byte stay as they were where they are of a neighbour.
        if encoded.len() == part.len() {
            let mut whole = current.to_vec();
            whole[offset..end].copy_from_slice(encoded.as_bytes());
            changed = Some(whole);
        }
    }
    changed
}

/// A run of hex digits, at either offset; upper and lower case stay.
fn change_hex(run: &[u8], change: Change<'_>) -> Option<Vec<u8>> {
    let mut changed: Option<Vec<u8>> = None;
    for offset in 0..2 {
        let current = changed.as_deref().unwrap_or(run);
        let pairs = current[offset..].chunks_exact(2);
        let decoded: Vec<u8> = pairs.map(|pair| nibble(pair[0]) << 4 | nibble(pair[1])).collect();
        let Some(new) = change(&decoded, true) else { continue };
        let mut whole = current.to_vec();
        let upper = whole.iter().any(u8::is_ascii_uppercase);
        let differs = |(_, (old, new)): &(usize, (&u8, &u8))| old != new;
        for (i, (_, byte)) in decoded.iter().zip(&new).enumerate().filter(differs) {
            let text = if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            whole[offset + 2 * i..offset + 2 * i + 2].copy_from_slice(text.as_bytes());
        }
        changed = Some(whole);
    }
    changed
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}
