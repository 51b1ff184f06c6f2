//! The suite's secrets, in whatever form a hostile answer sent them back.

use crate::command::Ran;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// What is sent as `Authorization: Bearer …`.
pub const HEADER_SECRET: &str = "k7Wd/9xQzR4vLp2T";

/// What is sent as the query parameter `token`.
pub const QUERY_SECRET: &str = "q4Rt/2vLpS8mHc6Y";

/// So much of a secret, from its start or to its end, is a leak: half of it.
const PART: usize = 8;

/// Where a secret, or half of one, can be read.
pub fn found(ran: &Ran) -> Vec<String> {
    let mut found = Vec::new();
    let texts = [&ran.stdout, &ran.stderr, &ran.record, &ran.html, &ran.junit];
    for secret in [HEADER_SECRET, QUERY_SECRET] {
        for form in forms(secret) {
            let holds = |(place, text): (&str, &&String)| {
                text.find(&form).map(|at| format!("{place} has `{form}` of a secret: {}", excerpt(text, at)))
            };
            found.extend(
                ["stdout", "stderr", "run.ndjson", "report.html", "junit.xml"]
                    .into_iter()
                    .zip(&texts)
                    .filter_map(holds),
            );
        }
    }
    for line in ran.record.lines() {
        let event: Value = serde_json::from_str(line).expect("a line of the record is JSON");
        strings(&event, &mut |text| found.extend(in_string(text)));
    }
    found.sort();
    found.dedup();
    found
}

/// A string of the record, as it is and as the base64 that it may be.
fn in_string(text: &str) -> Option<String> {
    let plain = |text: &str| {
        [HEADER_SECRET, QUERY_SECRET]
            .iter()
            .flat_map(|secret| parts(secret))
            .find(|part| text.contains(part.as_str()))
            .map(|part| {
                format!("the record has `{part}` in {:?}", text.chars().take(300).collect::<String>())
            })
    };
    if let Some(found) = plain(text) {
        return Some(found);
    }
    let bytes = STANDARD.decode(text).ok()?;
    let without_nul: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    plain(&String::from_utf8_lossy(&bytes)).or_else(|| plain(&String::from_utf8_lossy(&without_nul)))
}

fn strings(value: &Value, see: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, see)),
        Value::Object(map) => map.iter().for_each(|(name, item)| {
            see(name);
            strings(item, see);
        }),
        _ => {}
    }
}

/// Its start and its end: what is left where a text was cut in the middle of a secret.
fn parts(secret: &str) -> [String; 2] {
    [secret[..PART].to_owned(), secret[secret.len() - PART..].to_owned()]
}

/// The parts of a secret as they are, and in every encoding in which they can be read by anybody.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for part in parts(secret) {
        let each = |write: fn(u8) -> String| part.bytes().map(write).collect::<String>();
        let slash = |escaped: &str| part.replace('/', escaped);
        forms.extend([
            part.clone(),
            slash("%2F"),
            slash("%2f"),
            slash("%252F"),
            slash("\\/"),
            slash("&#x2F;"),
            slash("&#47;"),
            each(|byte| format!("%{byte:02X}")),
            each(|byte| format!("%{byte:02x}")),
            each(|byte| format!("%25{byte:02X}")),
            each(|byte| format!("{byte:02x}")),
            each(|byte| format!("{byte:02X}")),
            each(|byte| format!("\\u{byte:04x}")),
            each(|byte| format!("&#{byte};")),
            each(|byte| format!("&amp;#{byte};")),
        ]);
        forms.extend((0..3).map(|offset| base64_core(part.as_bytes(), offset)));
    }
    forms
}

/// What of a text's base64 is the same whatever stands around it, with so many bytes before it.
fn base64_core(part: &[u8], offset: usize) -> String {
    let padded = [vec![0; offset], part.to_vec()].concat();
    let encoded = STANDARD.encode(&padded);
    // Six bits a character: those that it shares with its neighbours are left out.
    encoded[(offset * 8).div_ceil(6)..padded.len() * 8 / 6].to_owned()
}

fn excerpt(text: &str, at: usize) -> String {
    let start: String = text[..at].chars().rev().take(60).collect();
    let rest: String = text[at..].chars().take(60).collect();
    format!("{:?}", start.chars().rev().collect::<String>() + &rest)
}
