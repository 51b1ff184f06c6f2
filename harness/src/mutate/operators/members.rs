//! Fields that are not there, have another name, or are there twice, and fields that nobody documented.

use crate::mutate::operator::{Mutants, Operator, Text, Touches};
use crate::mutate::places::{Kind, Place};
use crate::mutate::source::{Pool, Source};
use std::ops::Range;

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "drop",
        family: "members",
        says: "the field is missing",
        example: (r#"{"id": "7", "name": "x"}"#, r#"{"name": "x"}"#),
        make: drop_member,
    },
    Operator {
        name: "rename",
        family: "members",
        says: "the field has another spelling",
        example: (r#"{"order_id": "7"}"#, r#"{"orderId": "7"}"#),
        make: rename,
    },
    Operator {
        name: "duplicate",
        family: "members",
        says: "the field is there twice",
        example: (r#"{"id": "7"}"#, r#"{"id": "7", "id": "7"}"#),
        make: duplicate,
    },
    Operator {
        name: "undocumented",
        family: "members",
        says: "there is a field that the document does not have",
        example: (r#"{"id": "7"}"#, r#"{"undocumented": "1", "id": "7"}"#),
        make: undocumented,
    },
];

/// Members of objects and elements of XML, without the root and without elements of arrays.
fn named<'s>(source: &'s Source<'_>) -> impl Iterator<Item = &'s Place> {
    source.chosen().filter(|p| p.parent.is_some() && p.key.is_some() && p.kind != Kind::Attribute)
}

/// What is taken out so that the rest is well-formed: with the comma of JSON.
pub fn removal(source: &Source<'_>, place: &Place) -> Range<usize> {
    let member = place.member();
    if matches!(place.kind, Kind::Element | Kind::Leaf | Kind::Attribute | Kind::Input) {
        return member;
    }
    let siblings = source.siblings(place);
    let own = siblings.iter().position(|s| s.span == place.span).unwrap_or(0);
    match (own.checked_sub(1).and_then(|n| siblings.get(n)), siblings.get(own + 1)) {
        (_, Some(next)) => member.start..next.member().start,
        (Some(previous), None) => previous.span.end..member.end,
        (None, None) => member,
    }
}

fn drop_member(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in named(source) {
        let says = Some(format!("`{}` is left out", place.name));
        mutants.splice(place, Touches::Structure, says, &[(removal(source, place), Text::Written(""))]);
    }
}

fn rename(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.chosen().filter(|p| p.key.is_some() && p.kind != Kind::Input) {
        let (Some(key), name) = (place.key.clone(), respelt(&place.name)) else { continue };
        let says = Some(format!("`{}` is called `{name}`", place.name));
        let quoted = serde_json::Value::from(name.as_str()).to_string();
        let written = if source.answer.document.is_some() { &name } else { &quoted };
        let mut parts = vec![(key, Text::Written(written))];
        parts.extend(place.end_key.clone().map(|end| (end, Text::Written(written.as_str()))));
        mutants.splice(place, Touches::Structure, says, &parts);
    }
}

/// `order_id` as `orderId`; a name of one word with its first letter in the other case.
fn respelt(name: &str) -> String {
    let (prefix, local) = name.split_once(':').map_or(("", name), |(p, l)| (&name[..p.len() + 1], l));
    let mut words = local.split('_').filter(|w| !w.is_empty());
    let first = words.next().unwrap_or_default();
    let upper = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
    };
    let rest: String = words.map(upper).collect();
    let respelt = match (rest.as_str(), first.chars().next()) {
        ("", Some(c)) if c.is_uppercase() => c.to_lowercase().chain(first.chars().skip(1)).collect(),
        ("", _) => upper(first),
        _ => format!("{first}{rest}"),
    };
    let respelt = if respelt == local || respelt.is_empty() { format!("{local}1") } else { respelt };
    format!("{prefix}{respelt}")
}

fn duplicate(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in named(source) {
        let member = place.member();
        let written = source.answer.text.get(member.clone()).unwrap_or_default();
        let comma = if source.answer.document.is_some() { "" } else { "," };
        let says = Some(format!("`{}` is there twice", place.name));
        let again = format!("{comma}{written}");
        mutants.splice(place, Touches::Structure, says, &[(member.end..member.end, Text::Written(&again))]);
    }
}

fn undocumented(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.chosen() {
        let (at, written) = match place.kind {
            Kind::Object if place.children.is_empty() => (place.span.start + 1, "\"undocumented\":\"1\""),
            Kind::Object => (place.span.start + 1, "\"undocumented\":\"1\","),
            Kind::Element => (place.inner.start, "<undocumented>1</undocumented>"),
            _ => continue,
        };
        let says = Some("`undocumented` is added".to_owned());
        mutants.splice(place, Touches::Structure, says, &[(at..at, Text::Written(written))]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_respelt_as_another_style_would() {
        let found = ["order_id", "phone", "MODULE", "a:error_id", "x", "_"].map(respelt);
        assert_eq!(found, ["orderId", "Phone", "mODULE", "a:errorId", "X", "_1"]);
    }
}
