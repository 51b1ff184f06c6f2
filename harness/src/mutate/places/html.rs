//! Places of an HTML page: the `input`s of its forms, which is what a browser sends on.

use super::xml::{attributes, plain, tag_end};
use super::{Kind, Place};
use crate::http::json::escape;

/// Every named `input` of `text`, and nothing else. The tree of the page says which of them a form sends.
pub fn hidden_inputs(text: &str) -> Vec<Place> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut form = 0_usize;
    let mut at = 0;
    while let Some(start) = lower[at..].find('<').map(|n| at + n) {
        let rest = &lower[start..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(text.len(), |n| start + n + 3);
            continue;
        }
        let end = tag_end(text, start);
        let tag = |name: &str| {
            rest.strip_prefix('<')
                .and_then(|r| r.strip_prefix(name))
                .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_whitespace() || "/>".contains(c)))
        };
        if tag("form") {
            form += 1;
        } else if tag("input") && form > 0 {
            let attributes = attributes(text, start + 6..end);
            let of = |name: &str| {
                attributes.iter().find(|(n, _)| lower[n.clone()] == *name).map(|(_, value)| value.clone())
            };
            if let (Some(name), Some(value)) = (of("name"), of("value")) {
                let name_text = plain(&text[name.clone()]);
                found.push(Place {
                    pointer: format!("/forms/{}/fields/{}", form - 1, escape(&name_text)),
                    name: name_text,
                    kind: Kind::Input,
                    text: plain(&text[value.clone()]),
                    span: start..end,
                    inner: value,
                    key: Some(name),
                    end_key: None,
                    parent: None,
                    children: Vec::new(),
                });
            }
        }
        at = end.max(start + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_of_forms_are_found() {
        let text = "<input name=x value=0><form id=pay><!-- <input name=n value=1> --><input type='hidden' name='subject' value='A &amp; B'/><INPUT NAME=fee VALUE=12.50></form>";
        let found = hidden_inputs(text);
        let shown: Vec<_> =
            found.iter().map(|p| (p.pointer.as_str(), p.text.as_str(), &text[p.inner.clone()])).collect();
        assert_eq!(
            shown,
            [("/forms/0/fields/subject", "A & B", "A &amp; B"), ("/forms/0/fields/fee", "12.50", "12.50"),]
        );
        assert_eq!(&text[found[1].span.clone()], "<INPUT NAME=fee VALUE=12.50>");
    }
}
