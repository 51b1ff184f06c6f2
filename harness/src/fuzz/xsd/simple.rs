//! Texts of simple types, good ones and such as break one facet.

use super::grammar::{Of, Simple};
use crate::fuzz::strategy::plain;
use proptest::prelude::{BoxedStrategy, Just, Strategy};
use proptest::sample::select;
use proptest::string::string_regex;

/// A text is at most this much longer than it must be.
const ROOM: usize = 12;

impl Simple {
    /// The values of a facet in the derivation that says it last.
    pub fn facet(&self, name: &str) -> Vec<&str> {
        let of = |facets: &Vec<(String, String)>| facets.iter().any(|(n, _)| n == name);
        let last = self.facets.iter().rev().find(|facets| of(facets));
        last.into_iter().flatten().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn size(&self, name: &str) -> Option<usize> {
        self.facet(name).first()?.trim().parse().ok()
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.facet(name).first()?.trim().parse().ok()
    }

    pub fn built_in(&self) -> &str {
        match &self.of {
            Of::BuiltIn(name) => name,
            Of::List(_) => "list",
            Of::Union(_) => "union",
        }
    }
}

/// Valid texts, as far as the facets can be joined; the validator confirms them.
pub fn good(simple: &Simple) -> BoxedStrategy<String> {
    let listed = simple.facet("enumeration");
    if !listed.is_empty() {
        return select(listed.into_iter().map(str::to_owned).collect::<Vec<_>>()).boxed();
    }
    let patterns: Vec<BoxedStrategy<String>> = simple
        .facet("pattern")
        .into_iter()
        .filter_map(|pattern| Some(string_regex(&plain(&without_anchors(pattern))).ok()?.boxed()))
        .collect();
    if !patterns.is_empty() {
        return proptest::strategy::Union::new(patterns).boxed();
    }
    let (least, most) = lengths(simple);
    match &simple.of {
        Of::List(item) => {
            let items = proptest::collection::vec(
                good(item),
                least.max(1)..=most.max(least.max(1)).min(least + 4).max(1),
            );
            items.prop_map(|items| items.join(" ")).boxed()
        }
        Of::Union(members) => match members.is_empty() {
            true => Just(String::new()).boxed(),
            false => proptest::strategy::Union::new(members.iter().map(good).collect::<Vec<_>>()).boxed(),
        },
        Of::BuiltIn(name) => built_in(simple, name, least, most),
    }
}

/// In XSD `^` and `$` are characters.
fn without_anchors(pattern: &str) -> String {
    pattern.replace('$', "\\$")
}

fn lengths(simple: &Simple) -> (usize, usize) {
    if let Some(length) = simple.size("length") {
        return (length, length);
    }
    let least = simple.size("minLength").unwrap_or(0);
    (least, simple.size("maxLength").unwrap_or(usize::MAX).min(least + ROOM))
}

fn regex(pattern: &str) -> BoxedStrategy<String> {
    match string_regex(pattern) {
        Ok(texts) => texts.boxed(),
        Err(_) => Just(String::new()).boxed(),
    }
}

fn built_in(simple: &Simple, name: &str, least: usize, most: usize) -> BoxedStrategy<String> {
    if let Some((low, high)) = range(name) {
        return whole(simple, low, high);
    }
    let most = most.max(least);
    match name {
        "boolean" => select(vec!["true", "false", "1", "0"]).prop_map(str::to_owned).boxed(),
        "decimal" => decimal(simple),
        "float" | "double" => bounded(simple),
        "date" => at_bound(simple, "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"),
        "time" => at_bound(simple, "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"),
        "dateTime" => at_bound(
            simple,
            "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
        ),
        "gYear" => at_bound(simple, "20[0-9]{2}"),
        "gYearMonth" => at_bound(simple, "20[0-9]{2}-(0[1-9]|1[0-2])"),
        "gMonth" => at_bound(simple, "--(0[1-9]|1[0-2])"),
        "gDay" => at_bound(simple, "---(0[1-9]|1[0-9]|2[0-8])"),
        "gMonthDay" => at_bound(simple, "--(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"),
        "duration" => at_bound(simple, "P[1-9]D(T[1-9]H)?"),
        "hexBinary" => regex(&format!("([0-9A-F]{{2}}){{{least},{most}}}")),
        "base64Binary" => {
            regex(&format!("([A-Za-z0-9+/]{{4}}){{{},{}}}", least / 3, (most / 3).max(least / 3)))
        }
        "anyURI" => regex(&format!("[a-z]{{{},{}}}", least.max(1), most.max(1))),
        "language" => select(vec!["en", "de-AT", "zh-CN"]).prop_map(str::to_owned).boxed(),
        "Name" | "NCName" | "ID" | "IDREF" | "ENTITY" | "QName" | "NOTATION" => regex(&format!(
            "[A-Za-z_][A-Za-z0-9_.]{{{},{}}}",
            least.saturating_sub(1),
            most.saturating_sub(1).max(least)
        )),
        "NMTOKEN" => regex(&format!("[A-Za-z0-9_.:-]{{{},{}}}", least.max(1), most.max(1))),
        "NMTOKENS" | "IDREFS" | "ENTITIES" => regex(&format!(
            "[a-z]{{1,4}}( [a-z]{{1,4}}){{{},{}}}",
            least.saturating_sub(1),
            most.saturating_sub(1)
        )),
        // White space at the ends or twice would be taken away.
        "token" => regex(&format!("[a-zA-Z0-9._\u{e9}\u{4e00}-\u{4e20}]{{{least},{most}}}")),
        _ => regex(&format!("[a-zA-Z0-9._\u{e9}\u{4e00}-\u{4e20}]{{{least},{most}}}")),
    }
}

fn range(name: &str) -> Option<(i64, i64)> {
    Some(match name {
        "integer" | "long" => (-1_000_000_000, 1_000_000_000),
        "int" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        "short" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "byte" => (-128, 127),
        "nonNegativeInteger" | "unsignedLong" => (0, 1_000_000_000),
        "unsignedInt" => (0, i64::from(u32::MAX)),
        "unsignedShort" => (0, 65_535),
        "unsignedByte" => (0, 255),
        "positiveInteger" => (1, 1_000_000_000),
        "nonPositiveInteger" => (-1_000_000_000, 0),
        "negativeInteger" => (-1_000_000_000, -1),
        _ => return None,
    })
}

fn whole(simple: &Simple, low: i64, high: i64) -> BoxedStrategy<String> {
    let bound = |name: &str| simple.number(name).filter(|n| n.abs() < 9e15).map(|n| n as i64);
    let mut low = bound("minInclusive").or(bound("minExclusive").map(|n| n + 1)).unwrap_or(low);
    let mut high = bound("maxInclusive").or(bound("maxExclusive").map(|n| n - 1)).unwrap_or(high.max(low));
    if let Some(digits) = simple.size("totalDigits").filter(|d| *d < 18) {
        let most = 10_i64.pow(digits as u32) - 1;
        (low, high) = (low.max(-most), high.min(most));
    }
    (low.min(high)..=high.max(low)).prop_map(|n| n.to_string()).boxed()
}

fn decimal(simple: &Simple) -> BoxedStrategy<String> {
    let digits = simple.size("fractionDigits").unwrap_or(2).min(6);
    let scale = 10_f64.powi(digits as i32);
    let bound = |name: &str| simple.number(name).map(|n| n * scale);
    let low = bound("minInclusive").or(bound("minExclusive").map(|n| n + 1.0));
    let high = bound("maxInclusive").or(bound("maxExclusive").map(|n| n - 1.0));
    let most = simple.size("totalDigits").map_or(1e9, |d| 10_f64.powi(d.min(15) as i32) - 1.0);
    let low = low.unwrap_or_else(|| high.map_or(-most, |high| high - most)).max(-9e15) as i64;
    let high = high.unwrap_or(most).min(9e15) as i64;
    let written = move |n: i64| match digits {
        0 => n.to_string(),
        digits => format!("{:.digits$}", n as f64 / 10_f64.powi(digits as i32)),
    };
    (low.min(high)..=high.max(low)).prop_map(written).boxed()
}

fn bounded(simple: &Simple) -> BoxedStrategy<String> {
    let low =
        simple.number("minInclusive").or(simple.number("minExclusive").map(|n| n + 0.25)).unwrap_or(-1e6);
    let high = simple
        .number("maxInclusive")
        .or(simple.number("maxExclusive").map(|n| n - 0.25))
        .unwrap_or(low.max(1e6));
    (low.min(high)..=high.max(low)).prop_map(|n| n.to_string()).boxed()
}

/// Values of a form, and those of inclusive bounds, which are good where the others may not be.
fn at_bound(simple: &Simple, pattern: &str) -> BoxedStrategy<String> {
    let mut bounds: Vec<String> = simple.facet("minInclusive").into_iter().map(str::to_owned).collect();
    bounds.extend(simple.facet("maxInclusive").into_iter().map(str::to_owned));
    match bounds.is_empty() {
        true => regex(pattern),
        false => proptest::strategy::Union::new([regex(pattern), select(bounds).boxed()]).boxed(),
    }
}

/// For each facet, and for the type itself, texts that should break it.
pub fn bad(simple: &Simple) -> Vec<(String, BoxedStrategy<String>)> {
    let mut found: Vec<(String, BoxedStrategy<String>)> = Vec::new();
    let mut add = |name: &str, texts: BoxedStrategy<String>| found.push((name.to_owned(), texts));
    let listed: Vec<String> = simple.facet("enumeration").into_iter().map(str::to_owned).collect();
    if let Some(first) = listed.first().cloned() {
        // A value of the type itself that is not listed.
        let base = Simple { of: simple.of.clone(), facets: Vec::new() };
        add(
            "enumeration",
            proptest::strategy::Union::new([good(&base), Just(format!("{first}x")).boxed()]).boxed(),
        );
    }
    if !simple.facet("pattern").is_empty() {
        let good = good(simple);
        add("pattern", good.prop_flat_map(|text| select(spoilt(&text))).boxed());
    }
    let text = |length: usize| Just("a".repeat(length)).boxed();
    let is_text = range(simple.built_in()).is_none()
        && !matches!(simple.built_in(), "list" | "union" | "hexBinary" | "base64Binary");
    for (facet, offset) in [("length", 1_isize), ("length", -1), ("minLength", -1), ("maxLength", 1)] {
        let Some(limit) = simple.size(facet).filter(|l| *l < 10_000) else { continue };
        if let (true, Some(length)) = (is_text, limit.checked_add_signed(offset)) {
            add(facet, text(length));
        }
    }
    for (facet, step) in
        [("minInclusive", -1.0), ("minExclusive", 0.0), ("maxInclusive", 1.0), ("maxExclusive", 0.0)]
    {
        if let Some(bound) = simple.number(facet) {
            add(facet, Just(format!("{}", bound + step)).boxed());
        }
    }
    if let Some(digits) = simple.size("totalDigits").filter(|d| *d < 30) {
        add("totalDigits", Just("1".repeat(digits + 1)).boxed());
    }
    if let Some(digits) = simple.size("fractionDigits") {
        add("fractionDigits", Just(format!("0.{}", "1".repeat(digits + 1))).boxed());
    }
    let free = ["string", "normalizedString", "token", "anySimpleType", "anyURI", "union", "list"];
    if !free.contains(&simple.built_in()) {
        add("type", select(vec!["not a value!".to_owned(), String::new(), "\u{ff11}".to_owned()]).boxed());
    }
    found
}

/// A text with something before, behind, less, and full-width digits.
fn spoilt(text: &str) -> Vec<String> {
    let mut less = text.to_owned();
    less.pop();
    let wide = text.chars().map(|c| match c {
        '0'..='9' => char::from_u32(c as u32 - '0' as u32 + 0xff10).unwrap_or(c),
        c => c,
    });
    vec![format!("{text}!"), format!("!{text}"), less, wide.collect(), format!("{text}{text}{text}")]
}
