//! What is wrong with the answer to a deviation, beyond what the contract asks of every answer.

use super::dictionary::MARK;
use super::probe::{Bound, Demand, Probe};
use super::wire::{EXPANDED, MEDIA_TYPE};
use super::{Base, Observed};
use crate::contract::Effect;
use crate::http::digest;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::record::{BodyRecord, ErrorRecord, StepRecord};

/// A probe that was sent, and what came.
#[derive(Debug)]
pub struct Sent<'a> {
    pub probe: &'a Probe,
    pub step: &'a StepRecord,
    pub observed: &'a Observed,
}

/// The constraint of a type that a server may read out of another one: `"5"` for 5.
pub const COERCED: &str = "coerced";

/// How much longer than the accepted request an answer may take: so many times, and so many milliseconds.
const SLOW_TIMES: f64 = 20.0;
const SLOW_MS: f64 = 2_500.0;
/// What a large answer may take more.
const SLOW_BYTES_A_MS: f64 = 100.0;

/// What programs show of themselves when they fail, and no answer shows otherwise.
const LEAKS: [&str; 24] = [
    "\tat java.",
    "\tat com.",
    "\tat org.",
    "\tat javax.",
    ".java:",
    "java.lang.",
    "Traceback (most recent call last)",
    "File \"/",
    "thread 'main' panicked",
    "panicked at",
    "goroutine ",
    "System.NullReferenceException",
    "   at System.",
    "Fatal error: ",
    "Warning: mysql",
    "SQLSTATE[",
    "ORA-0",
    "You have an error in your SQL syntax",
    "unclosed quotation mark",
    "pg_query",
    "/var/www/",
    "/usr/local/",
    "C:\\inetpub",
    "node_modules/",
];

/// Every finding about an answer, the gravest first. The checks of the contract have run: their findings are in `step`.
pub fn judge(base: &Base, sent: &Sent<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = sent.step.error.as_ref().and_then(of_transport).into_iter().collect();
    if let Some(response) = &sent.step.response {
        let text = text(&response.body);
        findings.extend(of_server_error(base, sent, response.status));
        let broken = !findings.is_empty();
        findings.extend(of_leak(base, sent, &text));
        findings.extend(of_markup(sent, &text));
        findings.extend(of_entities(sent, &text));
        if !broken {
            findings.extend(of_demand(base, sent, response.status));
            findings.extend(of_contract(base, sent, response.status));
        }
        findings.extend(of_time(base, sent));
    }
    for finding in &mut findings {
        finding.doc = finding.doc.take().or_else(|| base.operation.doc.clone());
        finding.spec = finding.spec.take().or_else(|| Some(base.operation.location.clone()));
    }
    findings
}

/// What is wrong with a target that leaves a request without an answer; `None` where it is not there, or it is our own doing.
pub fn of_transport(error: &ErrorRecord) -> Option<Finding> {
    let (requirement, message) = match error.kind.as_str() {
        "protocol" => ("dropped", "the connection was closed without a whole answer"),
        "timeout" => ("hung", "there was no answer in time"),
        "too-large" => ("too-large", "the answer is larger than the limit"),
        _ => return None,
    };
    let finding = Finding::new("fuzz", "connection", message).requirement(requirement);
    Some(finding.expected("an answer, if only a refusal").actual(error.message.clone()))
}

fn of_server_error(base: &Base, sent: &Sent<'_>, status: u16) -> Option<Finding> {
    // Told once of the request that deviations start from.
    if base.step.response.as_ref().is_some_and(|usual| usual.status == status) {
        return None;
    }
    // 501 is the right answer to a method that nobody knows (RFC 9110 section 15.6.2), 505 to a version.
    if status < 500
        || (matches!(sent.probe.bound, Bound::Envelope | Bound::Elsewhere) && matches!(status, 501 | 505))
    {
        return None;
    }
    let message = format!("the server failed with status {status}");
    Some(
        Finding::new("fuzz", "status", message)
            .requirement("server-error")
            .expected("an answer, or a refusal that says what is wrong")
            .actual(status.to_string()),
    )
}

fn of_leak(base: &Base, sent: &Sent<'_>, text: &str) -> Option<Finding> {
    let request =
        format!("{}{}", sent.step.request.url, sent.step.request.body.text.as_deref().unwrap_or_default());
    let usual = base.step.response.as_ref().map(|r| self::text(&r.body)).unwrap_or_default();
    let leak = LEAKS
        .iter()
        .find(|leak| text.contains(**leak) && !request.contains(**leak) && !usual.contains(**leak))?;
    let line = text.lines().find(|line| line.contains(leak.trim_start_matches('\t'))).unwrap_or_default();
    Some(
        Finding::new("fuzz", "body", "the answer shows the inside of the server")
            .requirement("leak")
            .expected("no stack trace, no path of the server")
            .actual(line.trim().to_owned()),
    )
}

/// Markup is only markup where a browser or a parser takes it for such.
fn of_markup(sent: &Sent<'_>, text: &str) -> Option<Finding> {
    let headers = &sent.step.response.as_ref()?.headers;
    let media =
        headers.iter().find(|(n, _)| n.eq_ignore_ascii_case("content-type")).map(|(_, v)| v.to_lowercase());
    let is_markup = media.is_none_or(|m| m.contains("html") || m.contains("xml") || m.contains("svg"));
    // As text, the mark is written with `&lt;`.
    if !is_markup || !text.contains(MARK) || sent.probe.kind != "markup" {
        return None;
    }
    Some(
        Finding::new("fuzz", "body", "the answer repeats markup of the request unescaped")
            .requirement("reflected-markup")
            .expected("`&lt;` for `<`")
            .actual(MARK),
    )
}

fn of_entities(sent: &Sent<'_>, text: &str) -> Option<Finding> {
    // An answer that repeats the whole request shows nothing but that.
    if sent.probe.kind != "entity-used" || !text.contains(EXPANDED) || text.contains("ENTITY") {
        return None;
    }
    Some(
        Finding::new(
            "fuzz",
            "body",
            "the answer shows what an entity stands for that the request declares (XXE)",
        )
        .requirement("entities-expanded")
        .expected("a refusal, or an answer without it")
        .actual(EXPANDED),
    )
}

fn of_demand(base: &Base, sent: &Sent<'_>, status: u16) -> Option<Finding> {
    let accepted = base.accepts(status, sent.observed);
    let said = outcome(status, sent.observed);
    match &sent.probe.demand {
        Demand::Refused(breach) if accepted => {
            let requirement = match breach.constraint.as_str() {
                "required" => "required-ignored".to_owned(),
                constraint => format!("accepted-{constraint}"),
            };
            let message = format!("bad input is accepted: {}", breach.says);
            let mut finding = Finding::new("fuzz", sent.probe.place.clone(), message)
                .requirement(requirement)
                .level(breach.level)
                .expected("a refusal")
                .actual(said)
                .spec(breach.spec.clone())
                .doc(breach.doc.clone());
            finding.schema.clone_from(&breach.pointer);
            if [MEDIA_TYPE, COERCED].contains(&breach.constraint.as_str()) {
                finding.level = Level::Should;
            }
            Some(finding)
        }
        Demand::Accepted(why)
            if base.accepted && !(accepted || sent.probe.bound == Bound::Envelope && status == 415) =>
        {
            Some(
                Finding::new("fuzz", sent.probe.place.clone(), format!("good input is refused: {why}"))
                    .requirement("refused")
                    .expected(format!(
                        "the outcome of the request without the deviation: {}",
                        base.observed.outcomes.join(" ")
                    ))
                    .actual(said),
            )
        }
        Demand::NotServed if accepted && !is_page(base, sent) => Some(
            Finding::new(
                "fuzz",
                "method",
                format!("the method `{}` is served, and is not documented", sent.probe.kind),
            )
            .requirement("method-served")
            .expected("405, or another refusal")
            .actual(said),
        ),
        _ => None,
    }
}

/// Whether the answer is a page of an operation that documents none: some servers have one for every path.
fn is_page(base: &Base, sent: &Sent<'_>) -> bool {
    let headers = sent.step.response.iter().flat_map(|response| &response.headers);
    let mut media = headers.filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let is_html = media.any(|(_, value)| value.to_lowercase().starts_with("text/html"));
    let documented = base.operation.responses.iter().flat_map(|r| &r.media).any(|m| m.essence == "text/html");
    is_html && !documented
}

fn outcome(status: u16, observed: &Observed) -> String {
    let code = observed.code.as_ref().map(|code| format!(", code {code}")).unwrap_or_default();
    format!(
        "status {status}, outcome {}{code}",
        if observed.outcomes.is_empty() { "none".into() } else { observed.outcomes.join(" and ") }
    )
}

/// The findings of the contract's checks that are about this deviation.
fn of_contract(base: &Base, sent: &Sent<'_>, status: u16) -> Vec<Finding> {
    let refused_by_http = (400..500).contains(&status) || status == 501 || status == 505;
    let documented = base.operation.response(status).is_some();
    match sent.probe.bound {
        Bound::Elsewhere => return Vec::new(),
        Bound::Envelope if refused_by_http && !documented => return Vec::new(),
        Bound::Envelope | Bound::Contract | Bound::Unreadable => {}
    }
    let readable = sent.probe.bound == Bound::Contract || matches!(sent.probe.demand, Demand::Accepted(_));
    let same =
        |a: &Finding, b: &Finding| (&a.check, &a.requirement, &a.at) == (&b.check, &b.requirement, &b.at);
    // Of a media type that the contract does not have it does not say what the body is.
    let is_other = |f: &Finding| f.check == "content-type" && f.requirement.as_deref() == Some("documented");
    let other = sent.step.findings.iter().any(is_other);
    let new = sent.step.findings.iter().filter(|finding| {
        let usual = finding.check == "latency" || base.findings.iter().any(|b| same(finding, b));
        let follows = other && ["schema", "xsd", "well-formed"].contains(&finding.check.as_str());
        !usual && !follows && (readable || !compares(base, finding)) && !repeats(base, sent, finding)
    });
    new.cloned().collect()
}

/// Whether a finding is of a rule that reads the request.
fn compares(base: &Base, finding: &Finding) -> bool {
    let id = finding.requirement.as_deref().unwrap_or_default();
    let rule = base.operation.all_rules().find(|rule| finding.check == "rule" && rule.id == id);
    rule.is_some_and(|rule| {
        rule.rule.reads("request") || rule.when.as_ref().is_some_and(|when| when.reads("request"))
    })
}

/// A lost character of bytes that are no text, which an operation may keep and show, is no loss of the answer.
fn repeats(base: &Base, sent: &Sent<'_>, finding: &Finding) -> bool {
    let lost = finding.check == "charset" && finding.requirement.as_deref() == Some("lost");
    lost && (sent.probe.bound == Bound::Unreadable || base.operation.effect != Effect::Safe)
}

fn of_time(base: &Base, sent: &Sent<'_>) -> Option<Finding> {
    let (usual, took) = (base.step.total_ms, sent.step.total_ms);
    if took < SLOW_MS || took < usual * SLOW_TIMES {
        return None;
    }
    Some(
        Finding::new(
            "fuzz",
            "latency",
            format!("the answer took {took:.0} ms, that to the request without the deviation {usual:.0} ms"),
        )
        .requirement("slow")
        .level(Level::Should),
    )
}

/// Two different requests each make a thing: what the contract says moves from answer to answer, and is named as an id,
/// must tell them apart.
pub fn made_twice(base: &Base, second: &Observed) -> Option<Finding> {
    let (a, b) = (base.observed.body.as_deref()?, second.body.as_deref()?);
    if second.outcomes != base.observed.outcomes || base.observed.values == second.values {
        return None;
    }
    let mut ids = Vec::new();
    leaves(a, String::new(), &mut |place, value| ids.push((place.to_owned(), value.clone())));
    let sent = |value: &serde_json::Value| {
        let text = crate::expr::printed(value);
        second.values.parameters.iter().any(|(_, sent)| crate::expr::printed(sent) == text)
            || second.values.body.as_ref().is_some_and(|body| body.to_string().contains(&text))
    };
    let is_id = |place: &str| {
        let name = place.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        name.ends_with("id") && !place.split('/').any(|token| token.parse::<usize>().is_ok())
    };
    let (place, value) = ids.into_iter().find(|(place, value)| {
        is_id(place) && b.pointer(place) == Some(value) && is_volatile(base, place) && !sent(value)
    })?;
    Some(
        Finding::new("fuzz", place, "two requests that each make a thing get the same id")
            .requirement("made-twice")
            .level(Level::Should)
            .expected("another id for another thing")
            .actual(crate::expr::printed(&value)),
    )
}

fn leaves(value: &serde_json::Value, at: String, see: &mut dyn FnMut(&str, &serde_json::Value)) {
    use serde_json::Value;
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| leaves(value, format!("{at}/{name}"), see)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| leaves(item, format!("{at}/{i}"), see))
        }
        Value::String(_) | Value::Number(_) => see(&at, value),
        _ => {}
    }
}

/// An answer to the good request that takes out of proportion long for its size.
pub fn slow_good(base: &Base) -> Option<Finding> {
    let took = base.step.total_ms;
    let size = base.step.response.as_ref()?.body.size;
    (took >= SLOW_MS + size as f64 / SLOW_BYTES_A_MS).then(|| {
        Finding::new("fuzz", "latency", format!("an answer of {size} bytes took {took:.0} ms"))
            .requirement("slow")
            .level(Level::Should)
    })
}

/// The same safe request, answered twice: what differs, unless the contract says that it may. A document that was not written for
/// it does not say which values are clocks and counters: of those only what an answer has is compared.
pub fn unstable(base: &Base, first: &Observed, second: &Observed, values: bool) -> Option<Finding> {
    let differs = if first.outcomes != second.outcomes {
        format!("the outcome is {} and then {}", first.outcomes.join(" "), second.outcomes.join(" "))
    } else if first.code != second.code {
        "the code differs".to_owned()
    } else {
        let (a, b) = (first.body.as_deref()?, second.body.as_deref()?);
        let place = difference(a, b, String::new())?;
        let scalar = |v: &serde_json::Value| a_scalar(v.pointer(&place));
        if is_volatile(base, &place) || !values && scalar(a) && scalar(b) {
            return None;
        }
        format!("`{place}` differs")
    };
    Some(
        Finding::new("fuzz", "body", format!("the same safe request is answered differently: {differs}"))
            .requirement("unstable")
            .expected("the same answer to the same safe request"),
    )
}

fn a_scalar(value: Option<&serde_json::Value>) -> bool {
    value.is_some_and(|value| !value.is_object() && !value.is_array())
}

fn difference(a: &serde_json::Value, b: &serde_json::Value, at: String) -> Option<String> {
    use serde_json::Value;
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let names = x.keys().chain(y.keys().filter(|k| !x.contains_key(*k)));
            names.into_iter().find_map(|name| match (x.get(name), y.get(name)) {
                (Some(a), Some(b)) => difference(a, b, format!("{at}/{name}")),
                _ => Some(format!("{at}/{name}")),
            })
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            x.iter().zip(y).enumerate().find_map(|(i, (a, b))| difference(a, b, format!("{at}/{i}")))
        }
        _ => (a != b).then_some(at),
    }
}

/// Whether the schema declares that a value changes from run to run.
fn is_volatile(base: &Base, pointer: &str) -> bool {
    let status = base.step.response.as_ref().map_or(200, |r| r.status);
    let media = base.operation.response(status).and_then(|r| r.media.first());
    let Some(spec) = media.and_then(|m| m.schema.as_ref()) else { return false };
    let (schema, document) = spec.source();
    let mut at = vec![super::field::resolved(schema, "", document, 0).0];
    for token in pointer.split('/').skip(1) {
        let found: Vec<_> = at.iter().flat_map(|schema| below(schema, token, document, 0)).collect();
        at = found.iter().map(|schema| super::field::resolved(schema, "", document, 0).0).collect();
        let is_declared = |schema: &serde_json::Map<String, serde_json::Value>| {
            let flag = schema.get("x-proofmark").and_then(|x| x.get("volatile"));
            flag == Some(&serde_json::Value::Bool(true))
        };
        if at.iter().any(is_declared) {
            return true;
        }
    }
    false
}

/// The schemas of a member or of the items: its own, and those in branches.
fn below(
    schema: &serde_json::Map<String, serde_json::Value>,
    token: &str,
    document: &serde_json::Value,
    depth: usize,
) -> Vec<serde_json::Value> {
    const MAX_DEPTH: usize = 6;
    let own = match token.parse::<usize>() {
        Ok(_) => schema.get("items"),
        Err(_) => schema.get("properties").and_then(|properties| properties.get(token)),
    };
    let mut found: Vec<_> = own.cloned().into_iter().collect();
    if depth < MAX_DEPTH {
        let one = ["then", "else"].into_iter().filter_map(|key| schema.get(key));
        let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key)?.as_array());
        for branch in one.chain(lists.flatten()) {
            let branch = super::field::resolved(branch, "", document, 0).0;
            found.extend(below(&branch, token, document, depth + 1));
        }
    }
    found
}

fn text(body: &BodyRecord) -> String {
    match (&body.text, &body.base64) {
        (Some(text), _) => text.clone(),
        (None, Some(base64)) => {
            digest::from_base64(base64).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default()
        }
        (None, None) => String::new(),
    }
}
