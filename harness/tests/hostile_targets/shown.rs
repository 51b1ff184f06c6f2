//! What people and their tools see of a run: nothing in it acts on them.

use crate::command::{Colour, Ran};
use crate::hostile::payload;
use proofmark::xml;

/// Parts of [`payload::MARKUP`] and its like that a browser would act on. The report has scripts and links of its own,
/// so that what is looked for is what only a target sent.
const ACTIVE: [&str; 9] = [
    "<script>document.title",
    "<img src=x",
    "<img src=http",
    "<link rel=stylesheet href=//",
    "<style>@import",
    "=\"javascript:",
    "='javascript:",
    "=javascript:",
    "-->owned",
];

/// What a CI server obeys at the start of a line (GitHub leaves spaces before it out).
const CI_COMMANDS: [&str; 3] = ["::error::", "##vso[", "##teamcity["];

/// What got through as it was sent.
pub fn unescaped(ran: &Ran) -> Vec<String> {
    let mut found = Vec::new();
    let plain = match ran.colour {
        Colour::Never => ran.stdout.clone(),
        Colour::Always => without_colours(&ran.stdout),
    };
    for (place, text) in [
        ("stdout", plain.as_str()),
        ("stderr", &ran.stderr),
        ("report.html", &ran.html),
        ("junit.xml", &ran.junit),
    ] {
        let acts = |c: &char| acts(*c);
        found.extend(text.chars().find(acts).map(|c| format!("{place} has {c:?} {}", around(text, c))));
    }
    for line in plain.lines().chain(ran.stderr.lines()).map(str::trim_start) {
        let obeyed = CI_COMMANDS.iter().any(|command| line.starts_with(command));
        found.extend(obeyed.then(|| format!("a CI server obeys {line:?}")));
    }
    for (place, text) in [("report.html", &ran.html), ("junit.xml", &ran.junit)] {
        let lower = text.to_lowercase();
        found.extend(
            ACTIVE.iter().filter(|part| lower.contains(**part)).map(|part| format!("{place} has {part}")),
        );
        found
            .extend(text.contains(payload::MARKUP).then(|| format!("{place} has the markup as it was sent")));
    }
    found.extend(wrong_junit(ran));
    found
}

/// Whether a terminal, or whoever reads the text, is acted upon: controls, and what turns or hides text. A line end is
/// none, nor is a tab.
fn acts(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' => true,
        '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    }
}

fn around(text: &str, c: char) -> String {
    let at = text.find(c).unwrap_or_default();
    let before: String = text[..at].chars().rev().take(80).collect();
    let after: String = text[at..].chars().take(40).collect();
    format!("in {:?}", before.chars().rev().collect::<String>() + &after)
}

/// Takes off what colours are made of, and only that: anything else of an escape stays and is found.
fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        out.push_str(before);
        let digits = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(after.len());
        match after[digits..].strip_prefix('m') {
            Some(behind) => rest = behind,
            None => {
                out.push_str("\x1b[");
                rest = after;
            }
        }
    }
    out + rest
}

/// The file is XML, and counts what the record counts.
fn wrong_junit(ran: &Ran) -> Option<String> {
    let limits = xml::Limits { max_nodes: usize::MAX, ..xml::Limits::default() };
    if let Err(e) = xml::parse(ran.junit.as_bytes(), None, &limits) {
        return Some(format!("junit.xml is not well-formed: {e}"));
    }
    // Whatever a target sent is escaped, as well-formedness has shown: these are elements.
    let counted = ["<testcase ", "<failure", "<error"].map(|tag| ran.junit.matches(tag).count());
    let recorded = |word: &str| ran.trials.iter().filter(|trial| trial.verdict.as_str() == word).count();
    let wanted = [ran.trials.len(), recorded("failed"), recorded("errored")];
    (counted != wanted)
        .then(|| format!("junit.xml has {counted:?} test cases, failures and errors instead of {wanted:?}"))
}
