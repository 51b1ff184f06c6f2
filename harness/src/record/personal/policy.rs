//! [`Policy`]: what is personal data, compiled.

use crate::suite::PersonalData;
use regex::Regex;

/// What the values of a field must look like to be taken for personal data: a flag `mobile: true` is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Five digits or more.
    Phone,
    /// Ten digits or more.
    Iccid,
    /// With an `@`.
    Mail,
    /// Anything of four characters or more.
    Any,
}

/// Names of fields, normalised, and what their values are like.
const FIELDS: [(&str, Shape); 16] = [
    ("*phone*", Shape::Phone),
    ("*mobile*", Shape::Phone),
    ("msisdn*", Shape::Phone),
    ("tel", Shape::Phone),
    ("*mail*", Shape::Mail),
    ("*iccid*", Shape::Iccid),
    ("*password*", Shape::Any),
    ("*passwd*", Shape::Any),
    ("pass", Shape::Any),
    ("pwd", Shape::Any),
    ("*session*", Shape::Any),
    ("sessid", Shape::Any),
    ("sid", Shape::Any),
    ("*token", Shape::Any),
    ("authorization", Shape::Any),
    ("*apikey", Shape::Any),
];

/// Mail addresses; phone numbers in the form of E.164 or of eleven digits; ICCIDs (ITU-T E.118: 89, 18 to 20 digits).
const PATTERNS: [&str; 4] = [
    r"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    r"\+[1-9][0-9]{6,14}",
    r"[0-9]{11}",
    r"89[0-9]{16,18}",
];

/// Values that are the same everywhere say nothing of a person.
const WORDS: [&str; 8] = ["true", "false", "null", "none", "undefined", "deleted", "bearer", "basic"];

/// Shorter values are codes, not persons: replaced everywhere, they would take records apart.
pub const SHORTEST: usize = 4;

#[derive(Debug)]
pub struct Policy {
    fields: Vec<(String, Shape)>,
    patterns: Vec<Regex>,
    /// As written, for the report.
    says: Vec<String>,
}

impl Policy {
    /// Patterns were checked when the suite was read; one that is none says so here too.
    pub fn new(data: &PersonalData) -> Result<Self, String> {
        let mut policy = Self { fields: Vec::new(), patterns: Vec::new(), says: Vec::new() };
        if data.defaults {
            policy.fields.extend(FIELDS.map(|(name, shape)| (name.to_owned(), shape)));
            policy.says.extend(FIELDS.map(|(name, _)| format!("field {name}")));
        }
        policy.fields.extend(data.fields.iter().map(|name| (normalised(name), Shape::Any)));
        policy.says.extend(data.fields.iter().map(|name| format!("field {name}")));
        let usual = PATTERNS.iter().filter(|_| data.defaults).copied();
        for pattern in usual.chain(data.patterns.iter().map(String::as_str)) {
            policy.patterns.push(Regex::new(pattern).map_err(|e| e.to_string())?);
            policy.says.push(format!("pattern {pattern}"));
        }
        Ok(policy)
    }

    /// What it says, a line each.
    pub fn words(&self) -> &[String] {
        &self.says
    }

    /// Whether the value of a field of this name is personal.
    pub fn is_personal(&self, name: &str, value: &str) -> bool {
        value.len() >= SHORTEST && self.shapes(name).any(|shape| shape.fits(value)) && !self.is_word(value)
    }

    /// Whether a field of this name can hold something personal.
    pub fn knows(&self, name: &str) -> bool {
        self.shapes(name).next().is_some()
    }

    fn shapes(&self, name: &str) -> impl Iterator<Item = Shape> {
        let name = normalised(name);
        self.fields.iter().filter(move |(pattern, _)| fits(pattern, &name)).map(|(_, shape)| *shape)
    }

    /// Literals, and names of fields: a fuzzer sends `password` as a password.
    fn is_word(&self, value: &str) -> bool {
        let lower = value.to_lowercase();
        // `[NAME]` stands for a secret that was taken out already.
        let taken_out = value.split_once('[').is_some_and(|(_, rest)| {
            let name = rest.split(']').next().unwrap_or_default();
            rest.contains(']')
                && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        });
        taken_out
            || WORDS.contains(&lower.as_str())
            || self.fields.iter().any(|(name, _)| name.trim_matches('*') == lower)
    }

    /// Personal values in a text by what they look like. They stand alone: a part of a longer number is none.
    pub fn find<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut found = Vec::new();
        for pattern in &self.patterns {
            for part in pattern.find_iter(text).filter(|part| part.len() >= SHORTEST) {
                let before = text[..part.start()].chars().next_back();
                let after = text[part.end()..].chars().next();
                let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                let number = part.as_str().bytes().all(|b| b.is_ascii_digit());
                // The digits behind the point of a fraction.
                let fraction = number && text[..part.start()].ends_with('.');
                if !(number && (joins(before) || joins(after)) || fraction) {
                    found.push(part.as_str());
                }
            }
        }
        found
    }
}

impl Shape {
    fn fits(self, value: &str) -> bool {
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        match self {
            Self::Phone => digits >= 5,
            Self::Iccid => digits >= 10,
            Self::Mail => value.contains('@'),
            Self::Any => true,
        }
    }
}

/// Lower case, without `-`, `_` and spaces; `*` stays.
pub fn normalised(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '*').flat_map(char::to_lowercase).collect()
}

/// Whether a name fits a pattern in which `*` stands for any characters.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|left| {
            (0..=left.len()).any(|at| left.is_char_boundary(at) && fits(rest, &left[at..]))
        }),
    }
}
