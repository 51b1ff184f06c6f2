//! [`Change`]: one place in which a request is made other than its template says. What a fuzzer sends is a template and
//! its changes, so that everything else (variables, signature, encoding) stays as the suite has it.

use crate::model::exchange::Request;
use crate::xml::{Limits, Node, NodeEdit, parse};

/// Where a value stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangePlace {
    /// A documented parameter: path, query, header or cookie.
    Parameter,
    /// A dotted path into the body.
    Body,
}

/// A change of a value is made before the request is signed, a change of the wire after that.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Set { place: ChangePlace, name: String, value: serde_json::Value },
    Remove { place: ChangePlace, name: String },
    Wire(Wire),
}

/// A change of the request as it goes over the wire.
#[derive(Debug, Clone, PartialEq)]
pub enum Wire {
    Method(String),
    /// `None` leaves the header out.
    Header {
        name: String,
        value: Option<Vec<u8>>,
    },
    /// Appended to the path.
    PathSuffix(String),
    /// Appended to the query, or to a form, after `&`, as it is.
    Pair(String),
    /// The raw value of a name in the query, or in a form.
    RawValue {
        name: String,
        raw: String,
    },
    /// The pairs of the query in the opposite order.
    ReversedQuery,
    Body(BodyEdit),
}

/// A change of the bytes of a body.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyEdit {
    Replace(Vec<u8>),
    Prepend(Vec<u8>),
    Append(Vec<u8>),
    /// The last bytes are missing.
    Truncate(usize),
    /// A member before all others of the outermost JSON object: its name and its value as JSON text.
    Member {
        name: String,
        json: String,
    },
    /// An XML element a second time.
    XmlTwice(String),
    /// The content of an XML element as it is written, markup and all.
    XmlContent {
        name: String,
        raw: String,
    },
    /// One change of the element at a path of local names from the root.
    XmlNode {
        path: Vec<String>,
        edit: NodeEdit,
    },
    /// Text that is replaced wherever it stands.
    Text {
        from: String,
        to: String,
    },
}

impl Wire {
    /// Applies the change. `Err` says why the request has no such place.
    pub fn apply(&self, request: &mut Request) -> Result<(), String> {
        match self {
            Wire::Method(method) => request.method.clone_from(method),
            Wire::Header { name, value } => {
                request.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
                request.headers.extend(value.iter().map(|value| (name.clone(), value.clone())));
            }
            Wire::PathSuffix(suffix) => {
                let at = request.url.find('?').unwrap_or(request.url.len());
                request.url.insert_str(at, suffix);
            }
            Wire::Pair(pair) => on_pairs(request, |pairs| match pairs.is_empty() {
                true => pair.clone(),
                false => format!("{pairs}&{pair}"),
            })?,
            Wire::RawValue { name, raw } => {
                let mut found = false;
                on_pairs(request, |pairs| {
                    let one = |pair: &str| match pair.split_once('=') {
                        Some((n, _)) if n == name && !found => {
                            found = true;
                            format!("{n}={raw}")
                        }
                        _ => pair.to_owned(),
                    };
                    pairs.split('&').map(one).collect::<Vec<_>>().join("&")
                })?;
                if !found {
                    return Err(format!("the request has no pair `{name}`"));
                }
            }
            Wire::ReversedQuery => {
                let (path, query) = request.url.split_once('?').ok_or("the request has no query")?;
                let reversed: Vec<&str> = query.split('&').rev().collect();
                request.url = format!("{path}?{}", reversed.join("&"));
            }
            Wire::Body(edit) => request.body = edit.apply(&request.body)?,
        }
        Ok(())
    }
}

/// Works on the pairs of a form, else on those of the query.
fn on_pairs(request: &mut Request, change: impl FnOnce(&str) -> String) -> Result<(), String> {
    let is_form = request.header("content-type").is_some_and(|v| v.starts_with(b"application/x-www-form"));
    if is_form && !request.body.is_empty() {
        let pairs = std::str::from_utf8(&request.body).map_err(|e| e.to_string())?;
        request.body = change(pairs).into_bytes();
        return Ok(());
    }
    let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    request.url = format!("{path}?{}", change(query));
    Ok(())
}

impl BodyEdit {
    fn apply(&self, body: &[u8]) -> Result<Vec<u8>, String> {
        let text = || std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned());
        Ok(match self {
            BodyEdit::Replace(bytes) => bytes.clone(),
            BodyEdit::Prepend(bytes) => [bytes, body].concat(),
            BodyEdit::Append(bytes) => [body, bytes].concat(),
            BodyEdit::Truncate(count) => body[..body.len().saturating_sub(*count)].to_vec(),
            BodyEdit::Member { name, json } => {
                let text = text()?;
                let at = text.find('{').ok_or("the body is no JSON object")? + 1;
                let comma = if text[at..].trim_start().starts_with('}') { "" } else { "," };
                let name = serde_json::Value::from(name.as_str());
                format!("{}{name}:{json}{comma}{}", &text[..at], &text[at..]).into_bytes()
            }
            BodyEdit::XmlTwice(name) => {
                let text = text()?;
                let (start, _, _, end) = element(text, name)?;
                format!("{}{}{}", &text[..end], &text[start..end], &text[end..]).into_bytes()
            }
            BodyEdit::XmlContent { name, raw } => {
                let text = text()?;
                let (_, from, to, _) = element(text, name)?;
                format!("{}{raw}{}", &text[..from], &text[to..]).into_bytes()
            }
            BodyEdit::XmlNode { path, edit } => {
                let document = parse(body, None, &Limits::default()).map_err(|e| e.to_string())?;
                let mut node = Node::of(&document);
                node.change(path, edit)
                    .ok_or_else(|| format!("the body has no `{}` for it", path.join("/")))?;
                node.to_string().into_bytes()
            }
            BodyEdit::Text { from, to } => {
                let text = text()?;
                if !text.contains(from.as_str()) {
                    return Err(format!("the body has no `{from}`"));
                }
                text.replace(from, to).into_bytes()
            }
        })
    }
}

/// Start of the first element of a name, start and end of its content, its end.
fn element(text: &str, name: &str) -> Result<(usize, usize, usize, usize), String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let start = text.find(&open).ok_or_else(|| format!("the body has no `{open}`"))?;
    let from = start + open.len();
    let to = from + text[from..].find(&close).ok_or_else(|| format!("the body has no `{close}`"))?;
    Ok((start, from, to, to + close.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str, media_type: &str, body: &str) -> Request {
        Request {
            method: "POST".into(),
            url: url.into(),
            headers: vec![("Content-Type".into(), media_type.into())],
            body: body.into(),
            charset: "UTF-8".into(),
        }
    }

    #[test]
    fn pairs_are_those_of_the_form_else_of_the_query() {
        let raw = Wire::RawValue { name: "a".into(), raw: "%81".into() };
        let mut form = request("http://h/x?a=1", "application/x-www-form-urlencoded", "b=2&a=1&a=3");
        raw.apply(&mut form).unwrap();
        assert_eq!((form.url.as_str(), form.body.as_slice()), ("http://h/x?a=1", &b"b=2&a=%81&a=3"[..]));
        let mut query = request("http://h/x?a=1&b=2", "text/xml", "<a/>");
        raw.apply(&mut query).unwrap();
        Wire::Pair("a=2".into()).apply(&mut query).unwrap();
        Wire::ReversedQuery.apply(&mut query).unwrap();
        Wire::PathSuffix("/".into()).apply(&mut query).unwrap();
        assert_eq!(query.url, "http://h/x/?a=2&b=2&a=%81");
        assert!(Wire::RawValue { name: "none".into(), raw: String::new() }.apply(&mut query).is_err());
    }

    #[test]
    fn bodies_are_edited_as_text() {
        let edit =
            |edit: BodyEdit, body: &str| String::from_utf8(edit.apply(body.as_bytes()).unwrap()).unwrap();
        let member = || BodyEdit::Member { name: "a".into(), json: "1e400".into() };
        assert_eq!(edit(member(), "{\"a\":1}"), "{\"a\":1e400,\"a\":1}");
        assert_eq!(edit(member(), "{}"), "{\"a\":1e400}");
        assert_eq!(edit(BodyEdit::XmlTwice("a".into()), "<r><a>1</a></r>"), "<r><a>1</a><a>1</a></r>");
        let content = BodyEdit::XmlContent { name: "a".into(), raw: "<![CDATA[1]]>".into() };
        assert_eq!(edit(content, "<r><a>1</a></r>"), "<r><a><![CDATA[1]]></a></r>");
        assert_eq!(edit(BodyEdit::Truncate(2), "<r/>"), "<r");
        assert!(BodyEdit::XmlTwice("b".into()).apply(b"<r/>").is_err());
    }
}
