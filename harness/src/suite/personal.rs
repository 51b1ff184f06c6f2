//! `personal` of `proofmark.yaml`: what is personal data, and gets a pseudonym before evidence leaves the house.

use crate::yaml::{Fields, Node, Reader};
use schemars::JsonSchema;

/// Which values of requests and answers are personal data, by the names of their fields and by what they look like.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PersonalData {
    /// Whether phone numbers, mail addresses, ICCIDs, passwords and sessions are; by default they are.
    #[schemars(with = "Option<bool>")]
    pub defaults: bool,
    /// Names of fields, parameters, headers and cookies whose values are too. `*` stands for any characters; case, `-`
    /// and `_` are no difference.
    #[schemars(with = "Option<Vec<String>>")]
    pub fields: Vec<String>,
    /// Regular expressions of values that are, wherever they stand.
    #[schemars(with = "Option<Vec<String>>")]
    pub patterns: Vec<String>,
}

impl Default for PersonalData {
    fn default() -> Self {
        Self { defaults: true, fields: Vec::new(), patterns: Vec::new() }
    }
}

pub fn personal(reader: &mut Reader<'_>, node: &Node) -> Option<PersonalData> {
    let mut fields = Fields::new(reader, node, "`personal`")?;
    let personal = PersonalData {
        defaults: fields.optional("defaults", Reader::boolean).unwrap_or(true),
        fields: fields.optional("fields", |r, n| r.list(n, name)).unwrap_or_default(),
        patterns: fields.optional("patterns", |r, n| r.list(n, pattern)).unwrap_or_default(),
    };
    fields.finish();
    Some(personal)
}

fn name(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let name = reader.string(node)?;
    match name.chars().any(char::is_alphanumeric) {
        true => Some(name),
        false => reader.expected(node, "the name of a field, such as `*phone`"),
    }
}

fn pattern(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.string(node)?;
    match regex::Regex::new(&text) {
        Ok(pattern) if pattern.is_match("") => {
            reader.expected(node, "a pattern that asks for a character at least")
        }
        Ok(_) => Some(text),
        Err(e) => {
            let reason = e.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            reader.problem(node.span, format!("not a regular expression: {reason}"));
            None
        }
    }
}
