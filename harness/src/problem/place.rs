//! Places of findings, in a form that is the same for every element of a list.

use std::cmp::Reverse;

/// A place without what differs from element to element of a list: array indexes of a JSON pointer (`/items/3/id`) as
/// `*`, positions of an XPath (`/list/item[3]`) left out.
pub fn normalised(at: &str) -> String {
    let steps = at.split('/').enumerate().map(|(i, step)| {
        if i > 0 && is_number(step) {
            return "*";
        }
        let position = step.strip_suffix(']').and_then(|s| s.rsplit_once('['));
        position.filter(|(_, position)| is_number(position)).map_or(step, |(name, _)| name)
    });
    steps.collect::<Vec<_>>().join("/")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a place is narrow enough that two findings at it are about the same thing. `body` and `callback` are not:
/// rules of all kinds are reported there.
pub fn is_specific(at: &str) -> bool {
    !matches!(at, "" | "/" | "body" | "callback" | "elapsed")
}

/// The checks from the envelope inwards, and what the contract says before what a case expects: a cause comes before its
/// consequences, and of two sentences about one thing the more general one comes first.
const ORDER: [&str; 19] = [
    "status",
    "content-type",
    "charset",
    "well-formed",
    "schema",
    "xsd",
    "outcome",
    "code",
    "rule",
    "signature",
    "callback",
    "headers",
    "like",
    "equals",
    "await",
    "capture",
    "undocumented",
    "latency",
    "snapshot",
];

/// Sorts findings: causes first, then narrow places.
pub fn rank(check: &str, at: &str) -> (usize, Reverse<usize>) {
    let order = ORDER.iter().position(|c| *c == check).unwrap_or(ORDER.len());
    (order, Reverse(at.matches('/').count()))
}

/// Checks of what the answer means or what a case wants of it, which a wrong field or envelope sets off too.
pub fn is_consequence(check: &str) -> bool {
    matches!(
        check,
        "outcome" | "code" | "headers" | "like" | "equals" | "rule" | "await" | "capture" | "snapshot"
    )
}

/// Checks of the body's content. How it is labelled, signed or timed is another matter.
pub fn is_inside(check: &str) -> bool {
    matches!(check, "schema" | "xsd") || is_consequence(check)
}

/// Checks that read what an answer means: they fire with any wrong field that they read.
pub fn is_meaning(check: &str) -> bool {
    matches!(check, "outcome" | "code")
}

/// The name of the field at a normalised place: its last step.
pub fn field(at: &str) -> &str {
    at.rsplit('/').next().unwrap_or(at)
}

/// The names in backticks in a message, in order. Values are no names.
pub fn names(message: &str) -> impl Iterator<Item = &str> {
    let is_name = |word: &&str| {
        word.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_alphanumeric() || "_-.:".contains(c))
            && !matches!(*word, "true" | "false" | "null" | "body")
    };
    message.split('`').skip(1).step_by(2).filter(is_name)
}

/// A message without its values, which differ from answer to answer: what is in backticks, and numbers.
pub fn saying(message: &str) -> String {
    let mut out = String::new();
    for (i, part) in message.split('`').enumerate() {
        if i > 0 {
            out.push('`');
        }
        if i % 2 == 1 {
            continue;
        }
        for word in part.split(' ') {
            let digit = word.bytes().any(|b| b.is_ascii_digit());
            out.push_str(if digit { "#" } else { word });
            out.push(' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_do_not_tell_messages_apart() {
        assert_eq!(saying("timed out after 30012 ms"), saying("timed out after 30 ms"));
        assert_eq!(saying("byte 3 (0xAD) is not valid"), saying("byte 44 (0x9F) is not valid"));
        assert_eq!(saying("`a` instead of `b`"), saying("`c` instead of `d`"));
        assert_ne!(saying("connection refused"), saying("connection reset"));
    }

    #[test]
    fn positions_are_normalised_and_names_are_not() {
        assert_eq!(normalised("/data/items/3/id"), "/data/items/*/id");
        assert_eq!(normalised("/RPLY/item[12]/msisdn[1]"), "/RPLY/item/msisdn");
        assert_eq!(normalised("header x-3"), "header x-3");
        assert_eq!(normalised("/2fa/a3"), "/2fa/a3");
        assert_eq!(normalised("body"), "body");
    }

    #[test]
    fn causes_come_before_consequences() {
        assert!(rank("schema", "/code") < rank("outcome", "body"));
        assert!(rank("schema", "/data/order_id") < rank("schema", "/data"));
        assert!(rank("a check of tomorrow", "body") > rank("latency", "elapsed"));
    }
}
