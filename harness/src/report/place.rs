//! Places of findings, in a form that is the same for every element of a list.

use std::cmp::Reverse;

/// Array indexes of a JSON pointer (`/items/3/id`) and positions of an XPath (`/list/item[3]`) as `*`.
pub fn normalised(at: &str) -> String {
    let steps = at.split('/').enumerate().map(|(i, step)| {
        if i > 0 && is_number(step) {
            return "*".to_owned();
        }
        match step.strip_suffix(']').and_then(|s| s.rsplit_once('[')) {
            Some((name, position)) if is_number(position) => format!("{name}[*]"),
            _ => step.to_owned(),
        }
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

/// The checks from the envelope inwards, as the harness runs them: a cause comes before its consequences.
const ORDER: [&str; 18] = [
    "status", "content-type", "charset", "well-formed", "schema", "xsd", "outcome", "code", "headers", "like",
    "equals", "rule", "signature", "callback", "await", "capture", "undocumented", "latency",
];

/// Sorts findings: causes first, then narrow places.
pub fn rank(check: &str, at: &str) -> (usize, Reverse<usize>) {
    let order = ORDER.iter().position(|c| *c == check).unwrap_or(ORDER.len());
    (order, Reverse(at.matches('/').count()))
}

/// Checks of the envelope: where one of them fires, what is inside cannot be right.
pub fn is_envelope(check: &str) -> bool {
    matches!(check, "status" | "content-type" | "charset" | "well-formed")
}

/// Checks of what the answer means or what a case wants of it, which a wrong field or envelope sets off too.
pub fn is_consequence(check: &str) -> bool {
    matches!(check, "outcome" | "code" | "headers" | "like" | "equals" | "rule" | "await" | "capture")
}

/// Checks that read what an answer means: they fire with any wrong field that they read.
pub fn is_meaning(check: &str) -> bool {
    matches!(check, "outcome" | "code")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_normalised_and_names_are_not() {
        assert_eq!(normalised("/data/items/3/id"), "/data/items/*/id");
        assert_eq!(normalised("/RPLY/item[12]/msisdn[1]"), "/RPLY/item[*]/msisdn[*]");
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
