//! [`Operator`]: a defect that real providers have, and how it is made; [`Mutant`]: an answer with one.

use super::places::Place;
use super::source::{Pool, Source};
use crate::http::charset;
use crate::model::exchange::Response;
use encoding_rs::UTF_8;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

/// A kind of defect.
#[derive(Debug)]
pub struct Operator {
    pub name: &'static str,
    /// The family that it belongs to, which is the file that it is in.
    pub family: &'static str,
    /// The defect in words.
    pub says: &'static str,
    /// A piece of an answer before and after.
    pub example: (&'static str, &'static str),
    pub make: fn(&Source<'_>, &Pool<'_>, &mut Mutants<'_>),
}

/// What of an answer a mutant changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touches {
    /// The value of one place, and nothing of the structure.
    Value,
    /// Names, nesting, order, or the form in which the same is written.
    Structure,
    /// Bytes, encoding: what the text is made of.
    Encoding,
    /// Status, headers, or the body as a whole.
    Envelope,
}

/// An answer with one defect.
#[derive(Debug)]
pub struct Mutant {
    pub operator: &'static Operator,
    /// JSON pointer in the body as rules see it; empty for the envelope.
    pub pointer: String,
    /// The pointer with indices as `*`; or `status`, `header …`, `body`.
    pub field: String,
    /// What is different, for people.
    pub change: String,
    pub touches: Touches,
    /// The part of the answer's text that is replaced, where the mutant is made by that and nothing else.
    pub span: Option<Range<usize>>,
    pub response: Response,
}

/// What is written in the place of a part of the text.
pub enum Text<'t> {
    /// In the answer's charset.
    Written(&'t str),
    /// As these bytes, whatever the charset.
    Bytes(&'t [u8]),
}

/// Takes mutants as operators make them, and passes on each that differs from the answer and from all before it.
pub struct Mutants<'s> {
    source: &'s Source<'s>,
    operator: &'static Operator,
    seen: HashSet<u64>,
    emit: &'s mut dyn FnMut(Mutant),
}

impl<'s> Mutants<'s> {
    pub fn new(source: &'s Source<'s>, operator: &'static Operator, emit: &'s mut dyn FnMut(Mutant)) -> Self {
        Self { source, operator, seen: HashSet::new(), emit }
    }

    /// From here on, mutants are those of another operator.
    pub fn of(&mut self, operator: &'static Operator) {
        self.operator = operator;
    }

    /// The value of a place becomes another text, written as the syntax wants it.
    pub fn value(&mut self, place: &Place, text: &str) {
        self.literal(place, &place.written(text), Touches::Value);
    }

    /// The value of a place is written as it is given.
    pub fn literal(&mut self, place: &Place, written: &str, touches: Touches) {
        self.splice(place, touches, None, &[(place.inner.clone(), Text::Written(written))]);
    }

    /// Parts of the text are replaced. Spans are in order and do not overlap.
    pub fn splice(
        &mut self,
        place: &Place,
        touches: Touches,
        says: Option<String>,
        parts: &[(Range<usize>, Text<'_>)],
    ) {
        let Some(body) = self.spliced(parts) else { return };
        if !self.is_first(&body) {
            return;
        }
        let change = says.unwrap_or_else(|| self.change(parts));
        let response = Response { body, ..self.envelope() };
        let is_text = |part: &(_, Text<'_>)| matches!(part.1, Text::Written(_));
        let span = match parts {
            [first, .., last] if parts.iter().all(is_text) => Some(first.0.start..last.0.end),
            [only] if is_text(only) => Some(only.0.clone()),
            _ => None,
        };
        (self.emit)(Mutant {
            operator: self.operator,
            pointer: place.pointer.clone(),
            field: place.field(),
            change,
            touches,
            span,
            response,
        });
    }

    /// Something about the answer that is no place in its body: `at` names it.
    pub fn envelope_change(&mut self, at: &str, change: String, response: Response) {
        let source = self.source.response;
        let is_new = match response.status == source.status && response.headers == source.headers {
            true => self.is_first(&response.body),
            false => self.seen.insert(fingerprint(&response)),
        };
        if is_new {
            (self.emit)(Mutant {
                operator: self.operator,
                pointer: String::new(),
                field: at.to_owned(),
                change,
                touches: Touches::Envelope,
                span: None,
                response,
            });
        }
    }

    /// The answer with another body.
    pub fn body(&mut self, change: String, body: Vec<u8>) {
        let response = Response { body, ..self.envelope() };
        self.envelope_change("body", change, response);
    }

    /// The answer without its body.
    pub fn envelope(&self) -> Response {
        let Response { status, version, headers, miscoded, .. } = self.source.response;
        Response {
            status: *status,
            version: version.clone(),
            headers: headers.clone(),
            body: Vec::new(),
            miscoded: miscoded.clone(),
        }
    }

    /// Whether the body is another than the answer's and those of all mutants before. It is known again by what is
    /// different, which is less than all of it.
    fn is_first(&mut self, body: &[u8]) -> bool {
        let own = self.source.response.body.as_slice();
        if body == own {
            return false;
        }
        let before = same_before(own, body);
        let after = same_after(&own[before..], &body[before..]);
        let mut hasher = DefaultHasher::new();
        (before, after, &body[before..body.len() - after]).hash(&mut hasher);
        self.seen.insert(hasher.finish())
    }

    /// The body with parts of its text replaced; `None` where the charset does not have a character.
    fn spliced(&self, parts: &[(Range<usize>, Text<'_>)]) -> Option<Vec<u8>> {
        let answer = &self.source.answer;
        let body = &self.source.response.body;
        let marks = if answer.bom { encoding_rs::Encoding::for_bom(body)?.1 } else { 0 };
        let mut out = Vec::with_capacity(body.len() + 64);
        out.extend_from_slice(&body[..marks]);
        let mut at = 0;
        for (span, text) in parts {
            self.write(answer.text.get(at..span.start)?, &mut out)?;
            match text {
                Text::Written(text) => self.write(text, &mut out)?,
                Text::Bytes(bytes) => out.extend_from_slice(bytes),
            }
            at = span.end;
        }
        self.write(answer.text.get(at..)?, &mut out)?;
        Some(out)
    }

    /// Text in the answer's charset.
    fn write(&self, text: &str, out: &mut Vec<u8>) -> Option<()> {
        let encoding = self.source.answer.encoding;
        match encoding == UTF_8 || text.is_ascii() {
            true => out.extend_from_slice(text.as_bytes()),
            false => out.extend_from_slice(&charset::encode(text, encoding.name()).ok()?),
        }
        Some(())
    }

    /// `a` → `b`, of what is replaced first.
    fn change(&self, parts: &[(Range<usize>, Text<'_>)]) -> String {
        let Some((span, text)) = parts.first() else { return String::new() };
        let before = self.source.answer.text.get(span.clone()).unwrap_or_default();
        let after = match text {
            Text::Written(text) => (*text).to_owned(),
            Text::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        };
        format!("{} → {}", brief(before), brief(&after))
    }
}

/// A piece of text short enough for a line.
pub fn brief(text: &str) -> String {
    const MOST: usize = 48;
    match text.chars().count() {
        0 => "nothing".into(),
        1..=MOST => format!("`{text}`"),
        _ => format!("`{}…`", text.chars().take(MOST).collect::<String>()),
    }
}

/// Bytes that are compared at once.
const AT_ONCE: usize = 64;

/// How many bytes are the same from the beginning.
fn same_before(a: &[u8], b: &[u8]) -> usize {
    let pairs = a.chunks_exact(AT_ONCE).zip(b.chunks_exact(AT_ONCE));
    let whole = AT_ONCE * pairs.take_while(|(a, b)| a == b).count();
    whole + a[whole..].iter().zip(&b[whole..]).take_while(|(a, b)| a == b).count()
}

/// How many bytes are the same before the end.
fn same_after(a: &[u8], b: &[u8]) -> usize {
    let pairs = a.rchunks_exact(AT_ONCE).zip(b.rchunks_exact(AT_ONCE));
    let whole = AT_ONCE * pairs.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - whole], &b[..b.len() - whole]);
    whole + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

fn fingerprint(response: &Response) -> u64 {
    let mut hasher = DefaultHasher::new();
    (response.status, &response.headers, &response.body).hash(&mut hasher);
    hasher.finish()
}
