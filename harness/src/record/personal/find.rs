//! [`Finder`]: collects the personal values of records.

use super::codec;
use super::policy::Policy;
use super::scan;
use crate::http::{charset, digest};
use crate::record::{
    BodyRecord, RequestRecord, ResponseRecord, RunFinished, RunStarted, StepRecord, TrialFinished,
};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// How many codings inside one another are looked into.
const DEPTH: u8 = 2;

/// Looks at records, and keeps what is personal in them.
pub struct Finder<'p> {
    policy: &'p Policy,
    /// Path templates by API and operation.
    templates: HashMap<(String, String), String>,
    known: HashMap<String, bool>,
    values: BTreeSet<String>,
}

impl<'p> Finder<'p> {
    pub fn new(policy: &'p Policy) -> Self {
        Self { policy, templates: HashMap::new(), known: HashMap::new(), values: BTreeSet::new() }
    }

    /// What was found.
    pub fn values(&self) -> &BTreeSet<String> {
        &self.values
    }

    pub fn started(&mut self, started: &RunStarted) {
        for api in &started.apis {
            for operation in &api.operations {
                let key = (api.name.clone(), operation.id.clone());
                self.templates.insert(key, operation.path.clone());
                operation.examples.iter().for_each(|example| self.text(&example.body, DEPTH));
            }
        }
        let words = started.command.iter().chain(started.urls.values()).chain([&started.target]);
        words.for_each(|word| self.text(word, DEPTH));
    }

    pub fn trial(&mut self, trial: &TrialFinished) {
        trial.reason.iter().for_each(|reason| self.text(reason, DEPTH));
        trial.retried.iter().for_each(|attempt| self.text(&attempt.why, DEPTH));
        trial.steps.iter().for_each(|step| self.step(&trial.api, step));
    }

    pub fn finished(&mut self, finished: &RunFinished) {
        finished.stray_callbacks.iter().for_each(|request| self.request(request, None));
    }

    fn step(&mut self, api: &str, step: &StepRecord) {
        let template = self.templates.get(&(api.to_owned(), step.operation.clone())).cloned();
        self.request(&step.request, template.as_deref());
        if let Some(response) = &step.response {
            self.response(response);
        }
        for callback in &step.callbacks {
            self.request(&callback.request, None);
        }
        let messages = step.error.iter().map(|e| &e.message);
        messages.for_each(|message| self.text(message, DEPTH));
        for finding in &step.findings {
            let texts = [
                Some(&finding.message),
                Some(&finding.at),
                finding.expected.as_ref(),
                finding.actual.as_ref(),
            ];
            texts.into_iter().flatten().chain(&finding.details).for_each(|text| self.text(text, DEPTH));
        }
    }

    fn request(&mut self, request: &RequestRecord, template: Option<&str>) {
        self.text(&request.url, DEPTH);
        let (address, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        if let Some(template) = template {
            self.path(address, template);
        }
        self.pairs(query, '&');
        self.headers(&request.headers);
        self.body(&request.body);
    }

    fn response(&mut self, response: &ResponseRecord) {
        self.headers(&response.headers);
        self.body(&response.body);
    }

    /// Segments of a path that stand where its template has a parameter, from the end.
    fn path(&mut self, address: &str, template: &str) {
        for (segment, place) in address.rsplit('/').zip(template.rsplit('/')) {
            if let Some(name) = place.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
                self.field(name, &decoded(segment));
            }
        }
    }

    /// `name=value` pairs of a query, a form or a cookie.
    fn pairs(&mut self, text: &str, separator: char) {
        for (name, value) in text.split(separator).filter_map(|pair| pair.split_once('=')) {
            self.field(&decoded(name.trim()), &decoded(value.trim()));
        }
    }

    fn headers(&mut self, headers: &[(String, String)]) {
        for (name, value) in headers {
            let value = from_latin1(value);
            self.text(&value, DEPTH);
            match name.to_ascii_lowercase().as_str() {
                "cookie" => self.pairs(&value, ';'),
                "set-cookie" => self.pairs(value.split(';').next().unwrap_or_default(), ';'),
                "authorization" | "proxy-authorization" => self.credentials(&value),
                _ => self.field(name, &value),
            }
        }
    }

    /// The token, or the password of basic authentication (RFC 7617).
    fn credentials(&mut self, value: &str) {
        let (scheme, token) = value.split_once(' ').unwrap_or(("", value));
        if scheme.eq_ignore_ascii_case("basic") {
            let plain = digest::from_base64(token).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            if let Some((_, password)) = plain.as_deref().and_then(|plain| plain.split_once(':')) {
                self.field("password", password);
            }
        }
        self.field("authorization", token);
    }

    fn body(&mut self, body: &BodyRecord) {
        let text = match (&body.text, &body.base64) {
            (Some(text), _) => text.clone(),
            (None, Some(base64)) => text_of(&digest::from_base64(base64).unwrap_or_default()),
            (None, None) => return,
        };
        self.text(&text, DEPTH);
        if let Ok(json) = serde_json::from_str(&text) {
            self.json(&json, "");
        } else if text.contains('=') && !text.contains(['\n', '<', ' ']) {
            self.pairs(&text, '&');
        }
    }

    /// Members at any depth; those of a list have the name of the list.
    fn json(&mut self, value: &Value, name: &str) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| self.json(value, name)),
            Value::Array(items) => items.iter().for_each(|value| self.json(value, name)),
            Value::String(text) => self.field(name, text),
            Value::Number(number) => self.field(name, &number.to_string()),
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn field(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if self.policy.is_personal(name, value) {
            self.values.insert(value.to_owned());
        }
    }

    /// Values by what they look like or what they stand beside, in a text and in what it encodes.
    fn text(&mut self, text: &str, depth: u8) {
        for value in self.policy.find(text) {
            self.values.insert(value.to_owned());
        }
        let (policy, known, values) = (self.policy, &mut self.known, &mut self.values);
        let mut knows = |name: &str| match known.get(name) {
            Some(knows) => *knows,
            None => {
                let knows = policy.knows(name);
                known.insert(name.to_owned(), knows);
                knows
            }
        };
        scan::named_values(text, &mut knows, &mut |name, value| {
            // Of what is still encoded, the decoded text says what it is.
            if !value.contains(['%', '\\', '&']) && policy.is_personal(name, value) {
                values.insert(value.to_owned());
            }
        });
        if depth > 0 {
            let mut inner = Vec::new();
            codec::texts(text.as_bytes(), &mut |bytes| inner.push(text_of(bytes)));
            inner.iter().for_each(|text| self.text(text, depth - 1));
        }
    }
}

/// Bytes as text: UTF-8, else GBK.
fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => charset::decode(bytes, encoding_rs::GBK).0.to_string(),
    }
}

/// A part of a query without its coding (WHATWG URL, `application/x-www-form-urlencoded`).
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = match (first, after) {
            (b'%', [a, b, ..]) => {
                std::str::from_utf8(&[*a, *b]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok())
            }
            _ => None,
        };
        match (code, first) {
            (Some(byte), _) => {
                bytes.push(byte);
                rest = &after[2..];
                continue;
            }
            (None, b'+') => bytes.push(b' '),
            (None, other) => bytes.push(*other),
        }
        rest = after;
    }
    text_of(&bytes)
}

/// A header as text: its bytes are recorded as Latin-1.
fn from_latin1(value: &str) -> String {
    match value.is_ascii() {
        true => value.to_owned(),
        false => {
            let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            bytes.map_or_else(|| value.to_owned(), |bytes| text_of(&bytes))
        }
    }
}
