//! HAR, the HTTP Archive format, version 1.2: every exchange as it was recorded, secrets left out.
//!
//! Bodies are whole: text where the bytes are text of the recorded charset (as HAR wants it, in Unicode), else base64.
//! What HAR has no field for begins with an underscore, which readers pass over (section *Custom fields*).

use super::clock::Clock;
use super::error::ReportError;
use super::index::Index;
use super::json_text::{self, List};
use super::url;
use crate::http::charset;
use crate::model::finding::Finding;
use crate::record::{BodyRecord, CallbackRecord, RequestRecord, ResponseRecord, StepRecord, TrialFinished};
use serde_json::{Map, Value, json};
use std::io::Write;

/// Findings of one exchange that are told; the record has them all.
const MAX_FINDINGS: usize = 20;

/// Writes the log.
pub fn write(index: &Index, out: &mut dyn Write) -> Result<(), ReportError> {
    let started = &index.started;
    let clock = Clock::new(&started.started);
    let (name, version) = started.tool.split_once(' ').unwrap_or((&started.tool, "0"));
    out.write_all(b"{\"log\":{\"version\":\"1.2\",\"creator\":")?;
    json_text::write(&json!({ "name": name, "version": version }), out)?;
    out.write_all(b",\"comment\":")?;
    json_text::write(&format!("{} against {}, run {}", started.suite, started.target, started.run), out)?;
    out.write_all(b",\"entries\":")?;
    let mut list = List::begin(out)?;
    for (number, _) in (0..).zip(&index.rows) {
        let trial = index.trial(number)?;
        #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds")]
        let mut at = trial.started_ms as f64;
        for (number, step) in trial.steps.iter().enumerate() {
            list.item(&exchange(&trial, number, step, &clock.at(at)))?;
            at += step.total_ms.max(0.0);
            for callback in &step.callbacks {
                list.item(&inbound(&trial, callback, &clock.at(at + callback.after_ms)))?;
            }
        }
    }
    for request in index.finished.iter().flat_map(|finished| &finished.stray_callbacks) {
        let comment = "a callback that no case waited for; when it came is not recorded";
        list.item(&entry(&clock.at(0.0), request, unknown_response(), [0.0, 0.0], comment))?;
    }
    list.end()?;
    out.write_all(b"}}\n")?;
    Ok(())
}

fn exchange(trial: &TrialFinished, number: usize, step: &StepRecord, at: &str) -> Value {
    let answer = match &step.response {
        Some(response) => answer(response),
        None => unknown_response(),
    };
    let receive = (step.total_ms - step.first_byte_ms).max(0.0);
    let comment = format!("{} ({})", trial.name, step.role.as_str());
    let mut entry = entry(at, &step.request, answer, [step.first_byte_ms.max(0.0), receive], &comment);
    entry["_trial"] = trial.name.as_str().into();
    entry["_step"] = (number + 1).into();
    entry["_role"] = step.role.as_str().into();
    entry["_operation"] = step.operation.as_str().into();
    if step.attempts > 1 {
        entry["_attempts"] = step.attempts.into();
    }
    let findings: Vec<Value> = step.findings.iter().take(MAX_FINDINGS).map(finding).collect();
    if !findings.is_empty() {
        entry["_findings"] = findings.into();
    }
    if let Some(error) = &step.error {
        entry["_error"] = json!({ "kind": error.kind, "message": error.message });
    }
    entry
}

/// What is wrong with an answer, for who reads the exchange alone.
fn finding(finding: &Finding) -> Value {
    let mut short = json!({
        "level": finding.level.as_str(),
        "check": finding.check,
        "at": finding.at,
        "message": finding.message,
    });
    if let Some(waiver) = &finding.waived {
        short["waived"] = waiver.as_str().into();
    }
    short
}

/// A request of the target. What the listener answered is not recorded.
fn inbound(trial: &TrialFinished, callback: &CallbackRecord, at: &str) -> Value {
    let comment = format!("{}: callback {}", trial.name, callback.name);
    let mut entry = entry(at, &callback.request, unknown_response(), [0.0, 0.0], &comment);
    entry["_trial"] = trial.name.as_str().into();
    entry["_callback"] = callback.name.as_str().into();
    entry
}

/// `times`: milliseconds until the first byte of the answer, and from there to its end.
fn entry(at: &str, request: &RequestRecord, response: Value, times: [f64; 2], comment: &str) -> Value {
    let [wait, receive] = times;
    let version = response["httpVersion"].as_str().unwrap_or_default();
    let url = url::absolute(request);
    let mut entry = json!({
        "startedDateTime": at,
        "time": wait + receive,
        "request": sent(request, version, &url),
        "response": response,
        "cache": {},
        "timings": { "send": 0, "wait": wait, "receive": receive },
        "comment": comment,
    });
    if url != request.url {
        entry["_url"] = request.url.as_str().into();
    }
    entry
}

fn sent(request: &RequestRecord, version: &str, url: &str) -> Value {
    let query = request.url.split('#').next().and_then(|url| url.split_once('?')).map(|(_, query)| query);
    let mut sent = json!({
        "method": request.method,
        "url": url,
        "httpVersion": if version.is_empty() { "HTTP/1.1" } else { version },
        "cookies": cookies(&request.headers, "cookie"),
        "headers": headers(&request.headers),
        "queryString": query.map(parameters).unwrap_or_default(),
        "headersSize": -1,
        "bodySize": request.body.size,
    });
    if !request.body.is_empty() {
        let mut data = json!({ "mimeType": header(&request.headers, "content-type").unwrap_or_default() });
        let (text, base64) = body(&request.body);
        data["text"] = text.into();
        if base64 {
            data["_encoding"] = "base64".into();
        }
        sent["postData"] = data;
    }
    sent
}

fn answer(response: &ResponseRecord) -> Value {
    let coded = header(&response.headers, "content-encoding").is_some();
    let mut content = json!({
        "size": response.body.size,
        "mimeType": header(&response.headers, "content-type").unwrap_or("x-unknown"),
    });
    let (text, base64) = body(&response.body);
    content["text"] = text.into();
    if base64 {
        content["encoding"] = "base64".into();
    }
    if let Some(charset) = &response.body.charset {
        content["comment"] = format!("transcoded from {charset}").into();
    }
    json!({
        "status": response.status,
        "statusText": "",
        "httpVersion": response.version,
        "cookies": cookies(&response.headers, "set-cookie"),
        "headers": headers(&response.headers),
        "content": content,
        "redirectURL": header(&response.headers, "location").unwrap_or_default(),
        "headersSize": -1,
        // How many bytes came over the wire is not recorded where a content coding was taken off.
        "bodySize": if coded { json!(-1) } else { json!(response.body.size) },
    })
}

/// No answer, as browsers write it: status 0.
fn unknown_response() -> Value {
    json!({
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "content": { "size": 0, "mimeType": "x-unknown" },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    })
}

/// A body's text, and whether it is base64.
fn body(body: &BodyRecord) -> (&str, bool) {
    match (&body.text, &body.base64) {
        (Some(text), _) => (text, false),
        (None, Some(base64)) => (base64, true),
        (None, None) => ("", false),
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn headers(headers: &[(String, String)]) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn parameters(query: &str) -> Vec<Value> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let decoded = |text: &str| charset::percent_decode(text, "utf-8");
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| json!({ "name": decoded(name), "value": decoded(value) }))
        .collect()
}

/// The cookies of `cookie` (several a header) or `set-cookie` (one, with attributes behind it): RFC 6265.
fn cookies(headers: &[(String, String)], name: &str) -> Vec<Value> {
    let all = headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
    all.flat_map(|(_, value)| {
        let pairs = value.split(';').map(|pair| pair.trim().split_once('=').unwrap_or((pair.trim(), "")));
        let mut cookies: Vec<Map<String, Value>> = Vec::new();
        for (n, v) in pairs.filter(|(n, _)| !n.is_empty()) {
            match cookies.last_mut().filter(|_| name == "set-cookie") {
                None => cookies.push(Map::from_iter([("name".into(), n.into()), ("value".into(), v.into())])),
                Some(cookie) => attribute(cookie, n, v),
            }
        }
        cookies.into_iter().map(Value::Object)
    })
    .collect()
}

/// An attribute of a cookie that HAR has a field for. `Expires` is left out: HAR wants another form of date.
fn attribute(cookie: &mut Map<String, Value>, name: &str, value: &str) {
    match name.to_ascii_lowercase().as_str() {
        "path" => cookie.insert("path".into(), value.into()),
        "domain" => cookie.insert("domain".into(), value.into()),
        "httponly" => cookie.insert("httpOnly".into(), true.into()),
        "secure" => cookie.insert("secure".into(), true.into()),
        _ => None,
    };
}
