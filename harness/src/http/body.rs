//! [`Answer`]: a received body read as its media type says, once, for all checks.

use super::media_type::{MediaType, Syntax};
use super::{charset, html, json};
use crate::model::exchange::{Response, latin1};
use crate::xml;
use encoding_rs::{Encoding, UTF_8};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A received answer and what could be read from it. What could not is `None`, and the checks say why.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The declared media type; `None` when there is none or it is malformed.
    pub media_type: Option<MediaType>,
    /// The encoding that the text was read in.
    pub encoding: &'static Encoding,
    pub text: String,
    /// Offset of the first byte that is not valid in `encoding`.
    pub invalid_at: Option<usize>,
    pub bom: bool,
    /// JSON tree, projected XML tree, form fields, the forms of an HTML page, or the text.
    pub body: Option<Arc<Value>>,
    pub document: Option<Arc<xml::Document>>,
    /// Whether the body is the tree of an HTML page.
    pub is_page: bool,
    /// The charset that an HTML page says of itself.
    pub page_charset: Option<String>,
    /// Why there is no tree.
    pub malformed: Option<Malformed>,
    /// JSON pointers of duplicate members.
    pub duplicates: Vec<String>,
    /// Header names in lower case; values of the same name joined by `, `.
    pub headers: Value,
}

/// The place where a body stops being what its media type says, 1-based.
#[derive(Debug, Clone, PartialEq)]
pub struct Malformed {
    pub message: String,
    pub line: usize,
    pub column: usize,
}

/// Reads an answer. `expected` is how the contract's media type is read, for answers that declare none; `default_charset`
/// is the contract's.
pub fn read(response: &Response, expected: Option<Syntax>, default_charset: Option<&str>) -> Answer {
    let media_type = response.header_text("content-type").as_deref().and_then(MediaType::parse);
    let declared = media_type.as_ref().and_then(|m| m.charset.as_deref()).and_then(charset::encoding);
    let bom = Encoding::for_bom(&response.body);
    let encoding = match (bom, declared, default_charset.and_then(charset::encoding)) {
        (Some((encoding, _)), _, _) => encoding,
        (None, Some(declared), _) => declared,
        (None, None, Some(contract)) => contract,
        (None, None, None) => UTF_8,
    };
    let bytes = &response.body[bom.map_or(0, |(_, length)| length)..];
    let (text, invalid_at) = charset::decode(bytes, encoding);
    let syntax = syntax_of(media_type.as_ref(), expected);
    let told = bom.is_some() || declared.is_some() || default_charset.is_some();
    let mut answer = Answer {
        media_type,
        encoding,
        text,
        invalid_at,
        bom: bom.is_some(),
        body: None,
        document: None,
        is_page: false,
        page_charset: None,
        malformed: None,
        duplicates: Vec::new(),
        headers: headers(response),
    };
    answer.read_tree(syntax, &response.body);
    // Where nobody else says what the charset of a page is, the page itself does.
    let own = answer.page_charset.as_deref().and_then(charset::encoding).filter(|e| *e != answer.encoding);
    if let Some(encoding) = own.filter(|_| !told) {
        (answer.text, answer.invalid_at) = charset::decode(bytes, encoding);
        answer.encoding = encoding;
        answer.read_tree(syntax, &response.body);
    }
    answer
}

/// What is expected wins over what is declared where the declared type says nothing about structure: JSON sent as
/// `text/html` is still read as JSON, and the content-type check tells about the label.
fn syntax_of(declared: Option<&MediaType>, expected: Option<Syntax>) -> Syntax {
    match (declared.map(MediaType::syntax), expected) {
        (Some(Syntax::Text | Syntax::Html) | None, Some(expected)) => expected,
        (Some(declared), _) => declared,
        (None, None) => Syntax::Text,
    }
}

impl Answer {
    fn read_tree(&mut self, syntax: Syntax, bytes: &[u8]) {
        match syntax {
            Syntax::Json => match json::parse(&self.text) {
                Ok(parsed) => {
                    self.body = Some(Arc::new(parsed.value));
                    self.duplicates = parsed.duplicates;
                }
                Err(e) => {
                    self.malformed = Some(Malformed { message: e.message, line: e.line, column: e.column })
                }
            },
            Syntax::Xml => {
                let http = self.media_type.as_ref().and_then(|m| m.charset.as_deref());
                match xml::parse(bytes, http, &xml::Limits::default()) {
                    Ok(document) => {
                        self.body = Some(Arc::new(xml::to_json(document.root())));
                        self.document = Some(Arc::new(document));
                    }
                    Err(e) => {
                        self.malformed = Some(Malformed {
                            message: e.message.clone(),
                            line: e.position.line as usize,
                            column: e.position.column as usize,
                        });
                    }
                }
            }
            Syntax::Form => {
                self.body = Some(Arc::new(Value::Object(charset::pairs(&self.text, self.encoding.name()))));
            }
            Syntax::Html => match html::read(&self.text) {
                Ok(page) => {
                    self.body = Some(Arc::new(page.tree));
                    self.is_page = true;
                    self.page_charset = page.charset;
                }
                Err(e) => {
                    let before = self.text.get(..e.offset).unwrap_or_default();
                    self.malformed = Some(Malformed {
                        message: e.message,
                        line: before.matches('\n').count() + 1,
                        column: before.chars().rev().take_while(|c| *c != '\n').count() + 1,
                    });
                }
            },
            Syntax::Text => self.body = Some(Arc::new(Value::String(self.text.clone()))),
        }
    }
}

fn headers(response: &Response) -> Value {
    let mut map = Map::new();
    for (name, value) in &response.headers {
        let value = latin1(value);
        match map.get_mut(&name.to_ascii_lowercase()) {
            Some(Value::String(known)) => {
                known.push_str(", ");
                known.push_str(&value);
            }
            _ => {
                map.insert(name.to_ascii_lowercase(), Value::String(value));
            }
        }
    }
    Value::Object(map)
}
