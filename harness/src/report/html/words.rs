//! Numbers, times and names in words.

use super::text::Line;
use crate::model::source::Location;
use crate::model::verdict::Verdict;
use maud::{Markup, html};

/// `1 case`, `12,345 cases`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// With a comma every three digits.
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `0.4 ms`, `12 ms`, `1.24 s`, `3 min 5 s`.
pub fn duration(ms: f64) -> String {
    match ms {
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms if ms < 59_950.0 => format!("{:.2} s", ms / 1_000.0),
        ms => format!("{} min {:.0} s", (ms / 60_000.0).floor(), ((ms % 60_000.0) / 1_000.0).floor()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a time in milliseconds")]
pub fn milliseconds(whole: u64) -> f64 {
    whole as f64
}

/// `12 bytes`, `3.4 KiB`.
#[expect(clippy::cast_precision_loss, reason = "a size for people")]
pub fn size(bytes: usize) -> String {
    match bytes {
        0..=9_999 => count(bytes, "byte", "bytes"),
        10_000..=1_023_999 => format!("{:.1} KiB", bytes as f64 / 1_024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

/// `2026-11-22 02:14:33 UTC` of an RFC 3339 time in UTC; anything else as it is.
pub fn time(rfc3339: &str) -> String {
    match rfc3339.get(..19).and_then(|t| t.split_once('T')) {
        Some((date, time)) if rfc3339.ends_with('Z') => format!("{date} {time} UTC"),
        _ => rfc3339.to_owned(),
    }
}

/// `file.txt#62` as file and line.
pub fn document(doc: &str) -> Markup {
    match doc.rsplit_once('#') {
        Some((file, lines)) if lines.starts_with(|c: char| c.is_ascii_digit()) => {
            let word = if lines.contains(['-', ',']) { "lines" } else { "line" };
            html! { @if !file.is_empty() { code { (Line(file)) } " " } (word) " " (Line(lines)) }
        }
        _ => html! { code { (Line(doc)) } },
    }
}

/// `cases/cube/order.yaml:12:7`.
pub fn source(location: &Location) -> Markup {
    let text = location.to_string();
    html! { code { (Line(&text)) } }
}

/// What a check is about, for people who do not know its name.
pub fn check(name: &str) -> &str {
    match name {
        "status" => "HTTP status",
        "content-type" => "content type",
        "charset" => "charset",
        "well-formed" => "well-formedness",
        "schema" => "JSON Schema",
        "xsd" => "XSD",
        "like" => "documented answer",
        "equals" => "expected value",
        "undocumented" => "undocumented field",
        other => other,
    }
}

/// The letter that a verdict has in class names.
pub fn letter(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "p",
        Verdict::Failed => "f",
        Verdict::Errored => "e",
        Verdict::Skipped => "s",
        Verdict::Waived => "v",
        Verdict::Flaky => "k",
    }
}

/// A verdict in the report's words.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Errored => "could not be judged",
        Verdict::Skipped => "not run",
        Verdict::Waived => "waived",
        Verdict::Flaky => "flaky",
    }
}

/// The sign of a verdict: a shape and a name, not only a colour.
pub fn sign(of: Verdict) -> Markup {
    let class = format!("st {}", letter(of));
    html! { span class=(class) role="img" aria-label=(verdict(of)) {} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_are_for_people() {
        assert_eq!(
            (number(0), number(999), number(1_234_567)),
            ("0".into(), "999".into(), "1,234,567".into())
        );
        assert_eq!(
            (duration(0.44), duration(12.3), duration(1_240.0), duration(185_000.0)),
            ("0.4 ms".into(), "12 ms".into(), "1.24 s".into(), "3 min 5 s".into())
        );
        assert_eq!((size(1), size(12_288)), ("1 byte".into(), "12.0 KiB".into()));
        assert_eq!(time("2026-11-22T02:14:33.128Z"), "2026-11-22 02:14:33 UTC");
        assert_eq!(time("soon"), "soon");
    }

    #[test]
    fn document_lines_are_read_out() {
        assert_eq!(document("a.txt#62").into_string(), "<code>a.txt</code> line 62");
        assert_eq!(document("a.txt#6-9").into_string(), "<code>a.txt</code> lines 6-9");
        assert_eq!(document("a page").into_string(), "<code>a page</code>");
    }
}
