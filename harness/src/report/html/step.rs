//! One step of a case: what is wrong, what was sent, what came, and what came in later.

use super::super::shell::visible_command;
use super::body::{self, Limit, Mark, record_link};
use super::case::Evidence;
use super::finding::finding;
use super::raw::Raw;
use super::text::{Block, Line, Message};
use super::{documented, timeline, words};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::record::{CallbackRecord, RequestRecord, ResponseRecord, Role, StepRecord};
use maud::{Markup, html};

/// A longer command is in the record only.
const MAX_CURL: usize = 24 * 1024;

/// The step with this number of a trial. Steps of a flow without findings are folded away.
pub fn step(evidence: &Evidence<'_>, number: usize) -> Markup {
    let trial = evidence.trial;
    let step = &trial.steps[number];
    let failed = step.findings.iter().any(|f| f.level == Level::Must);
    let (class, word) = match (failed, step.error.is_some()) {
        (true, _) => ("st f", "failed"),
        (false, true) => ("st e", "could not be judged"),
        (false, false) => ("st p", "passed"),
    };
    let open = trial.steps.len() == 1 || failed || step.error.is_some();
    html! {
        li.step {
            details open[open] {
                summary {
                    @if trial.steps.len() > 1 { span.stepno { (number + 1) } }
                    span class=(class) role="img" aria-label=(word) {}
                    @if step.role != Role::Case { span.role { (step.role.as_str()) } " " }
                    strong { (Line(&step.operation)) } " "
                    span.soft { (Line(&step.request.method)) " " (Line(path(&step.request.url))) }
                    span.end { (ending(step)) }
                    (timeline::of_step(trial, step))
                }
                (content(evidence, number))
            }
        }
    }
}

fn content(evidence: &Evidence<'_>, number: usize) -> Markup {
    let Evidence { view, trial, limit, .. } = *evidence;
    let step = &trial.steps[number];
    let raw = evidence.raws.get(number).cloned().unwrap_or_default();
    let marks: Vec<Mark<'_>> = step.findings.iter().map(|f| Mark { at: &f.at, says: &f.message }).collect();
    html! {
        @if !step.findings.is_empty() {
            ul.findings {
                @for (i, f) in step.findings.iter().enumerate().take(50) { (finding(f, &evidence.finding_id(number, i), view.problem(trial, number, f))) }
                @if step.findings.len() > 50 {
                    li { (words::number(step.findings.len() - 50)) " more findings are in " (record_link()) }
                }
            }
        }
        @for put_off in &step.postponed {
            p.note {
                "An answer " (put_off.status) " asked to come back later (" code { "Retry-After: " (Line(&put_off.retry_after)) }
                "), and was not judged."
            }
        }
        @if let Some(error) = &step.error {
            p.error { strong { (Line(&error.kind)) ": " } (Message(&error.message)) }
        }
        div.exchange {
            (request("Request", &step.request, &raw.request, limit))
            @if let Some(response) = &step.response { (answer(response, &raw.answer, &marks, limit)) }
            @else { div.msg { p.mh { "Answer" } p.none { "none came" } } }
        }
        (documented::beside(evidence, number))
        @for (i, callback) in step.callbacks.iter().enumerate() { (inbound(callback, raw.callbacks.get(i), &step.findings, limit)) }
        (curl(&step.curl))
        p.where_ {
            "step at " (words::source(&step.location))
            @if !step.checks.is_empty() { " · judged: " (Line(&step.checks.join(", "))) }
            @if evidence.is_cut(number) { " · whole in " (record_link()) ", line " (view.index.line(evidence.number)) }
        }
    }
}

/// Status and time, or why there is none.
fn ending(step: &StepRecord) -> Markup {
    html! {
        @if let Some(response) = &step.response { strong { (response.status) } " · " }
        @if let Some(error) = &step.error { strong { (Line(&error.kind)) } " · " }
        (words::duration(step.total_ms))
        @if step.attempts > 1 { " · sent " (step.attempts) " times" }
        @if step.waited_ms > 0.0 { " · waited " (words::duration(step.waited_ms)) }
    }
}

fn request(title: &str, request: &RequestRecord, raw: &Raw, limit: Limit) -> Markup {
    html! {
        div.msg data-r=[raw.address()] data-c=[raw.charset()] data-cut=[raw.cut()] {
            p.mh { (title) }
            p.line { b { (Line(&request.method)) } " " (url(&request.url)) }
            (body::headers(&request.headers, &[]))
            @if !request.body.is_empty() { (body::body(&request.body, &[], limit)) }
        }
    }
}

fn answer(response: &ResponseRecord, raw: &Raw, marks: &[Mark<'_>], limit: Limit) -> Markup {
    html! {
        div.msg data-r=[raw.address()] data-c=[raw.charset()] data-cut=[raw.cut()] {
            p.mh { "Answer" }
            p.line { (status_line(response, marks)) }
            (body::headers(&response.headers, marks))
            (body::body(&response.body, marks, limit))
        }
    }
}

/// `HTTP/1.1 200`, marked where the status is wrong.
pub fn status_line(response: &ResponseRecord, marks: &[Mark<'_>]) -> Markup {
    let wrong = marks.iter().any(|m| m.at == "status");
    html! {
        (Line(&response.version)) " "
        @if wrong { mark { b { (response.status) } } } @else { b { (response.status) } }
    }
}

fn inbound(callback: &CallbackRecord, raw: Option<&Raw>, findings: &[Finding], limit: Limit) -> Markup {
    let fields: Vec<&str> = findings.iter().filter_map(|f| f.at.strip_prefix("callback ")).collect();
    html! {
        div.msg.inbound data-r=[raw.and_then(Raw::address)] data-c=[raw.and_then(Raw::charset)] data-cut=[raw.and_then(Raw::cut)] {
            p.mh { "Callback " code { (Line(&callback.name)) } " received after " (words::duration(callback.after_ms)) }
            p.line { b { (Line(&callback.request.method)) } " " (url(&callback.request.url)) }
            @if !fields.is_empty() {
                p.note { "wrong: " @for field in &fields { code { (Line(field)) } " " } }
            }
            (body::headers(&callback.request.headers, &[]))
            @if !callback.request.body.is_empty() { (body::body(&callback.request.body, &[], limit)) }
        }
    }
}

/// A request that came in and that no case waited for.
pub fn stray(callback: &RequestRecord) -> Markup {
    request("Callback", callback, &Raw::default(), Limit::SHORT)
}

/// The command that sends the request again.
pub fn curl(command: &str) -> Markup {
    let shown = visible_command(command);
    html! {
        @if !command.is_empty() {
            details.curl {
                summary { "Send it again (curl)" }
                @if shown.len() <= MAX_CURL { pre.cmd tabindex="0" { (Block(&shown)) } }
                @else { p.note { "The command has " (words::size(shown.len())) ". It is in " code { "run.ndjson" } "." } }
            }
        }
    }
}

/// A URL as it is, a line each parameter.
fn url(url: &str) -> Markup {
    let shown = body::beginning(url, 8_192);
    let (path, query) = shown.split_at(shown.find('?').unwrap_or(shown.len()));
    html! {
        (Line(path))
        @for (i, parameter) in query.split('&').enumerate().filter(|_| !query.is_empty()) {
            span.param { @if i > 0 { "&" } (Line(parameter)) }
        }
        @if shown.len() < url.len() { "…" }
    }
}

/// Path of a URL, without its query.
fn path(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after.find('/').map_or("/", |at| &after[at..]);
    let path = path.split(['?', '#']).next().unwrap_or(path);
    body::beginning(path, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_no_host_and_no_query() {
        assert_eq!(path("http://127.0.0.1:1/a/b?c=/d"), "/a/b");
        assert_eq!(path("http://127.0.0.1:1"), "/");
        assert_eq!(path("/a"), "/a");
    }
}
