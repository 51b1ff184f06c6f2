//! A request as expressions see it.

use super::media_type::{MediaType, Syntax};
use super::{charset, json};
use crate::model::exchange::{Request, latin1};
use crate::xml;
use serde_json::{Map, Value};

/// `{method, path, query, headers, body, text}`: what expressions see as `request`. `body` is there only where the body
/// could be read. `charset` is that of the query and of the body.
pub fn view(request: &Request, charset: &str) -> Value {
    let (path, query) = match request.url.split_once('?') {
        Some((path, query)) => (path, query),
        None => (request.url.as_str(), ""),
    };
    let path = path.splitn(4, '/').nth(3).map(|p| format!("/{p}")).unwrap_or_default();
    let mut view = Map::new();
    view.insert("method".into(), request.method.clone().into());
    view.insert("path".into(), path.into());
    view.insert("query".into(), Value::Object(charset::pairs(query, charset)));
    let headers: Map<String, Value> =
        request.headers.iter().map(|(n, v)| (n.to_lowercase(), Value::String(latin1(v)))).collect();
    view.insert("headers".into(), Value::Object(headers));
    let encoding = charset::encoding(charset).unwrap_or(encoding_rs::UTF_8);
    let (text, _) = charset::decode(&request.body, encoding);
    if let Some(body) = body(request, &text, charset) {
        view.insert("body".into(), body);
    }
    view.insert("text".into(), text.into());
    Value::Object(view)
}

fn body(request: &Request, text: &str, charset: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    let content_type = request.header("content-type").map(latin1)?;
    match MediaType::parse(&content_type)?.syntax() {
        Syntax::Json => json::parse(text).ok().map(|parsed| parsed.value),
        Syntax::Xml => {
            let document = xml::parse(&request.body, Some(charset), &xml::Limits::default()).ok()?;
            Some(xml::to_json(document.root()))
        }
        Syntax::Form => Some(Value::Object(charset::pairs(text, charset))),
        Syntax::Html | Syntax::Text => None,
    }
}
