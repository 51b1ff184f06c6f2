//! Text whose characters were read or written in another charset.

use super::super::operator::{Mutants, Operator, Text, Touches};
use super::super::places::Place;
use super::super::source::{Pool, Source};
use crate::http::charset;

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "gbk-as-latin1",
        family: "encoding",
        says: "GBK bytes were read as Latin-1",
        example: (r#"{"cause": "成功"}"#, r#"{"cause": "³É¹¦"}"#),
        make: gbk_as_latin1,
    },
    Operator {
        name: "utf8-twice",
        family: "encoding",
        says: "UTF-8 bytes were read as Latin-1, and written as UTF-8 again",
        example: (r#"{"cause": "é"}"#, r#"{"cause": "Ã©"}"#),
        make: utf8_twice,
    },
    Operator {
        name: "question-marks",
        family: "encoding",
        says: "characters that a charset does not have became `?`",
        example: (r#"{"cause": "成功"}"#, r#"{"cause": "??"}"#),
        make: question_marks,
    },
    Operator {
        name: "other-charset",
        family: "encoding",
        says: "the value is in another charset than the rest of the answer",
        example: (r#"{"cause": "é"}"#, "{\"cause\": \"\u{fffd}\"}"),
        make: other_charset,
    },
];

fn beyond_ascii<'s>(source: &'s Source<'_>) -> impl Iterator<Item = &'s Place> {
    source.texts().filter(|place| !place.text.is_ascii())
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

/// Writes a text in the answer's charset; where that lacks a character, as the bytes of UTF-8.
fn garbled(source: &Source<'_>, place: &Place, text: &str, mutants: &mut Mutants<'_>) {
    let written = place.written(text);
    let part = match charset::encode(&written, source.answer.encoding.name()) {
        Ok(_) => Text::Written(&written),
        Err(_) => Text::Bytes(written.as_bytes()),
    };
    mutants.splice(place, Touches::Encoding, None, &[(place.inner.clone(), part)]);
}

fn gbk_as_latin1(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in beyond_ascii(source) {
        if let Ok(bytes) = charset::encode(&place.text, "GBK") {
            garbled(source, place, &latin1(&bytes), mutants);
        }
    }
}

fn utf8_twice(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in beyond_ascii(source) {
        garbled(source, place, &latin1(place.text.as_bytes()), mutants);
    }
}

fn question_marks(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in beyond_ascii(source) {
        let lost: String = place.text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        mutants.literal(place, &place.written(&lost), Touches::Encoding);
    }
}

fn other_charset(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let other = if source.answer.encoding == encoding_rs::UTF_8 { "GBK" } else { "UTF-8" };
    for place in beyond_ascii(source) {
        if let Ok(bytes) = charset::encode(&place.written(&place.text), other) {
            let says = Some(format!("`{}` in {other}", place.text));
            mutants.splice(place, Touches::Encoding, says, &[(place.inner.clone(), Text::Bytes(&bytes))]);
        }
    }
}
