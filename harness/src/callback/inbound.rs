//! [`Inbound`]: a request that a target sent to us.

use crate::http::media_type::{MediaType, Syntax};
use crate::http::{charset, json};
use crate::model::exchange::latin1;
use crate::record::{BodyRecord, RequestRecord};
use serde_json::{Map, Value};
use std::time::Instant;

/// Larger inbound bodies are refused.
pub const MAX_BODY: usize = 1 << 20;

/// A request as received.
#[derive(Debug, Clone)]
pub struct Inbound {
    pub at: Instant,
    pub method: String,
    pub path: String,
    /// Percent-encoded, as received.
    pub query: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Inbound {
    /// What expressions see as `callback`: method, path, query, headers, body, text.
    pub fn view(&self, label: &str) -> Value {
        let encoding = charset::encoding(label).unwrap_or(encoding_rs::UTF_8);
        let (text, _) = charset::decode(&self.body, encoding);
        let headers: Map<String, Value> =
            self.headers.iter().map(|(n, v)| (n.to_lowercase(), Value::String(latin1(v)))).collect();
        let syntax = headers
            .get("content-type")
            .and_then(Value::as_str)
            .and_then(MediaType::parse)
            .map(|m| m.syntax());
        let body = match syntax {
            Some(Syntax::Json) => json::parse(&text).map(|p| p.value).ok(),
            Some(Syntax::Form) => Some(Value::Object(charset::pairs(&text, label))),
            Some(Syntax::Xml) => crate::xml::parse(&self.body, None, &crate::xml::Limits::default())
                .map(|document| crate::xml::to_json(document.root()))
                .ok(),
            _ => None,
        };
        let mut view = Map::new();
        view.insert("method".into(), self.method.clone().into());
        view.insert("path".into(), self.path.clone().into());
        view.insert("query".into(), Value::Object(charset::pairs(&self.query, label)));
        view.insert("headers".into(), Value::Object(headers));
        if let Some(body) = body {
            view.insert("body".into(), body);
        }
        view.insert("text".into(), text.into());
        Value::Object(view)
    }

    /// The fields of query and body together: what `match` and `equals` look at.
    pub fn fields(&self, label: &str) -> Map<String, Value> {
        let mut fields = charset::pairs(&self.query, label);
        if let Some(Value::Object(body)) = self.view(label).get_mut("body").map(Value::take) {
            for (name, value) in body {
                fields.entry(name).or_insert(value);
            }
        }
        fields
    }

    pub fn record(&self) -> RequestRecord {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        RequestRecord {
            method: self.method.clone(),
            url: format!("{}{query}", self.path),
            headers: self.headers.iter().map(|(n, v)| (n.clone(), latin1(v))).collect(),
            body: BodyRecord::new(&self.body, "utf-8"),
        }
    }
}
