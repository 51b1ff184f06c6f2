//! [`Mask`]: values and their pseudonyms, and how they are replaced in bytes.

use super::super::escapes;
use super::codec;
use super::policy::SHORTEST;
use crate::http::{charset, digest};
use crate::model::exchange::latin1;
use aho_corasick::{AhoCorasick, MatchKind};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// How many codings inside one another are taken off: percent-encoded base64 of JSON is three.
const DEPTH: u8 = 3;
/// Shorter values are replaced where they stand alone only.
const ANYWHERE: usize = 8;

/// Replaces values by pseudonyms of the same length and shape. The key that makes them is not kept.
pub struct Mask {
    searcher: Option<AhoCorasick>,
    /// By pattern of the searcher: what it becomes, and whether it must stand alone.
    replacements: Vec<(Vec<u8>, bool)>,
    /// The patterns, sorted.
    patterns: Vec<Vec<u8>>,
}

impl Mask {
    /// `key` decides the pseudonyms: the same value has the same one by the same key only.
    pub fn new(values: &BTreeSet<String>, key: [u8; 32]) -> Self {
        let mut forms: BTreeMap<Vec<u8>, (Vec<u8>, bool)> = BTreeMap::new();
        let mut given = BTreeMap::new();
        for value in values.iter().filter(|value| value.len() >= SHORTEST) {
            let pseudonym = pseudonym(value, &key, values, &mut given);
            for (form, replacement) in in_all_forms(value, &pseudonym) {
                if form != replacement {
                    forms.entry(form).or_insert((replacement, value.len() < ANYWHERE));
                }
            }
        }
        let (patterns, replacements): (Vec<_>, Vec<_>) = forms.into_iter().unzip();
        let searcher = match patterns.is_empty() {
            true => None,
            false => AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns).ok(),
        };
        Self { searcher, replacements, patterns }
    }

    /// Replaces in a text, and the beginning of a value where the text was cut (`…`).
    pub fn text(&self, text: &mut String) {
        self.replace(text, &['…'], false);
    }

    /// The same of a text that quotes, and cuts where it likes to.
    pub fn excerpt(&self, text: &mut String) {
        self.replace(text, &['…', '`'], true);
    }

    /// `end`: the end of the text is a cut too.
    fn replace(&self, text: &mut String, at: &[char], end: bool) {
        if let Some(masked) = self.bytes(text.as_bytes()) {
            *text = as_text(masked);
        }
        if self.searcher.is_none() || !end && !text.contains(at) {
            return;
        }
        let clean = |part: &str| {
            let inner = part.strip_suffix(at);
            let (body, sign) = part.split_at(inner.map_or(part.len(), str::len));
            let masked = self.within(body.as_bytes(), DEPTH, inner.is_some() || end);
            masked.map_or_else(|| body.to_owned(), as_text) + sign
        };
        *text = text.split_inclusive(at).map(clean).collect();
    }

    /// The bytes with pseudonyms, as many as before; `None` where there is no value in them.
    pub fn bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.within(bytes, DEPTH, false)
    }

    /// `cut`: the text went on behind the last byte.
    fn within(&self, bytes: &[u8], depth: u8, cut: bool) -> Option<Vec<u8>> {
        self.searcher.as_ref()?;
        let mut current = Cow::Borrowed(bytes);
        if let Some(masked) = self.plain(bytes) {
            current = Cow::Owned(masked);
        }
        if cut && let Some((start, pattern, length)) = escapes::begun(&self.patterns, &current) {
            let replacement = &self.replacements[pattern].0[..length];
            current.to_mut()[start..start + length].copy_from_slice(replacement);
        }
        if depth > 0 {
            codec::each(&mut current, &|inner, end| self.within(inner, depth - 1, cut && end));
        }
        match current {
            Cow::Owned(masked) => Some(masked),
            Cow::Borrowed(_) => None,
        }
    }

    fn plain(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let searcher = self.searcher.as_ref()?;
        let mut masked: Option<Vec<u8>> = None;
        let mut at = 0;
        // A value that must stand alone and does not hides no other: the search goes on behind its first byte.
        while let Some(found) = searcher.find(&bytes[at..]) {
            let (start, end) = (at + found.start(), at + found.end());
            let (replacement, alone) = &self.replacements[found.pattern().as_usize()];
            if *alone && !stands_alone(bytes, start, end) {
                at = start + 1;
                continue;
            }
            masked.get_or_insert_with(|| bytes.to_vec())[start..end].copy_from_slice(replacement);
            at = end;
        }
        masked
    }
}

fn as_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let word = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    !word(start.checked_sub(1).and_then(|at| bytes.get(at))) && !word(bytes.get(end))
}

/// A value and its pseudonym in the forms that no coding takes off. Both of a pair have as many bytes.
fn in_all_forms(value: &str, pseudonym: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut forms: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let mut add = |form: Vec<u8>, replacement: Vec<u8>| {
        if form.len() == replacement.len() && form.len() >= SHORTEST {
            forms.push((form, replacement));
        }
    };
    let both = |change: &dyn Fn(&str) -> String| (change(value).into_bytes(), change(pseudonym).into_bytes());
    let changes: [&dyn Fn(&str) -> String; 6] = [
        &str::to_owned,
        // Forms.
        &|text| text.replace(' ', "+"),
        // JSON pointers (RFC 6901 section 3).
        &|text| text.replace('~', "~0").replace('/', "~1"),
        &str::to_lowercase,
        &str::to_uppercase,
        // Header bytes are recorded as Latin-1.
        &|text| latin1(text.as_bytes()),
    ];
    for change in changes {
        let (form, replacement) = both(change);
        add(form, replacement);
    }
    if let (false, Ok(form), Ok(replacement)) =
        (value.is_ascii(), charset::encode(value, "GBK"), charset::encode(pseudonym, "GBK"))
    {
        add(form, replacement);
    }
    forms
}

/// A pseudonym that is no value itself and that no other value has. Case and what stands between letters and digits are
/// no difference: `+1 555 01` and `155501` stay the same number.
fn pseudonym(
    value: &str,
    key: &[u8; 32],
    values: &BTreeSet<String>,
    given: &mut BTreeMap<String, String>,
) -> String {
    let core: String = value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    for attempt in 0..100u8 {
        let made = shaped(value, &core, key, attempt);
        let made_core: String =
            made.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let taken = given.get(&made_core).is_some_and(|other| *other != core);
        if made != value && !values.contains(&made) && !taken {
            given.insert(made_core, core);
            return made;
        }
    }
    // Of four characters without a letter or a digit there is no other of the same shape.
    value.chars().map(|c| if c.is_ascii() { '*' } else { c }).collect()
}

/// Common characters that GB2312 has too: three bytes in UTF-8, two in GBK.
const CJK: [char; 32] = [
    '天', '地', '人', '山', '水', '木', '火', '土', '日', '月', '星', '云', '风', '雨', '花', '草', '春',
    '夏', '秋', '冬', '东', '南', '西', '北', '江', '河', '湖', '海', '石', '田', '竹', '林',
];

fn shaped(value: &str, core: &str, key: &[u8; 32], attempt: u8) -> String {
    // A number does not gain or lose a leading zero; hexadecimal stays hexadecimal.
    let is_hex = core.len() >= 8
        && core.bytes().all(|b| b.is_ascii_hexdigit())
        && core.bytes().any(|b| b.is_ascii_digit());
    let mut random = Random { key, seed: [core.as_bytes(), &[attempt]].concat(), block: 0, left: Vec::new() };
    let mut first = true;
    value
        .chars()
        .map(|c| {
            if !c.is_alphanumeric() {
                return c;
            }
            let leading = std::mem::take(&mut first);
            let n = random.next();
            let among = |from: u8, count: u32| char::from(from + (n % count) as u8);
            match c {
                '0' if leading => '0',
                '1'..='9' if leading => among(b'1', 9),
                '0'..='9' => among(b'0', 10),
                'a'..='f' if is_hex => among(b'a', 6),
                'A'..='F' if is_hex => among(b'A', 6),
                'a'..='z' => among(b'a', 26),
                'A'..='Z' => among(b'A', 26),
                _ => other(c, n),
            }
        })
        .collect()
}

/// A character with as many bytes in UTF-8.
fn other(c: char, n: u32) -> char {
    let pick = |first: u32, count: u32| char::from_u32(first + n % count).unwrap_or(c);
    match c.len_utf8() {
        // Latin-1 letters without `÷`.
        2 => pick(0xe0, 23),
        3 if (0x1ea0..=0x1ef9).contains(&u32::from(c)) => pick(0x1ea0, 90),
        3 => CJK[(n % 32) as usize],
        4 => pick(0x20000, 1_000),
        _ => c,
    }
}

/// Numbers that follow from a key and a text: HMAC-SHA-256 in counter mode.
struct Random<'k> {
    key: &'k [u8; 32],
    seed: Vec<u8>,
    block: u32,
    left: Vec<u8>,
}

impl Random<'_> {
    fn next(&mut self) -> u32 {
        if self.left.len() < 4 {
            let text = [self.seed.as_slice(), &self.block.to_be_bytes()].concat();
            self.left = digest::hmac_sha256(self.key, &text);
            self.block += 1;
        }
        let at = self.left.len() - 4;
        let four = self.left.split_off(at);
        four.iter().fold(0, |n, byte| n << 8 | u32::from(*byte))
    }
}
