//! The page around the content: head, navigation, foot.

use super::body::plain;
use super::hero::Result;
use super::text::Line;
use super::view::View;
use super::words;
use super::{coverage, defects};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

pub fn head(view: &View<'_>) -> Markup {
    let started = &view.index.started;
    let result = Result::of(&view.index.counts, view.index.interrupted());
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=en>"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            meta name="generator" content=(plain(&started.tool));
            title { (plain(&format!("{}: {} · {}", result.words(), started.target, started.run))) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// Nothing may be loaded, and only our own style and script may be applied (CSP level 3, hash sources).
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// What comes before the content: name, and links to all parts.
pub fn banner(view: &View<'_>) -> Markup {
    let index = view.index;
    let link =
        |to: &str, words: &str, n: String| html! { li { a href=(to) { (words) " " span.num { (n) } } } };
    html! {
        a.skip href="#main" { "Skip to the report" }
        header.top {
            p.brand { (mark()) "proofmark" }
            p.runname { (Line(&index.started.target)) " · " (Line(&words::time(&index.started.started))) }
        }
        nav.side aria-label="Parts of the report" {
            ul {
                @if !view.problems.is_empty() { (link("#wrong", "What is wrong", words::number(view.problems.len()))) }
                @if !index.tally.errors.list.is_empty() { (link("#unjudged", "Not judged", words::number(index.counts.errored))) }
                @if !view.warnings.is_empty() { (link("#warnings", "Warnings", words::number(view.warnings.len()))) }
                li {
                    a href="#cases" { "Cases " span.num { (words::number(index.counts.total())) } }
                    ul {
                        @for (i, api) in view.apis.iter().map(|i| (i, &index.apis[*i])) {
                            li { a href=(format!("#api{i}")) {
                                span.nm { (Line(&api.name)) } " "
                                @if api.counts.failed > 0 { span.num.f { (words::number(api.counts.failed)) span.vh { " failed" } } }
                            } }
                        }
                    }
                }
                @if let Some(gate) = index.finished.as_ref().and_then(|finished| finished.gate.as_ref()) {
                    li { a href="#gate" { "Gate " span.num { (if gate.refusals().next().is_some() { "refused" } else { "passed" }) } } }
                }
                @if !index.started.waivers.is_empty() { (link("#waivers", "Waivers", words::number(index.started.waivers.len()))) }
                @if !index.tally.skips.list.is_empty() { (link("#skipped", "Not run", words::number(index.counts.skipped))) }
                @if !index.measures.operations.is_empty() {
                    li { a href="#matrix" { "Checks" } }
                    li { a href="#latency" { "Latency" } }
                    li { a href="#waterfall" { "Waterfall" } }
                }
                @if let Some(share) = coverage::share(view) { (link("#coverage", "Coverage", share)) }
                @if defects::total(view) != "0" { (link("#documents", "Documents", defects::total(view))) }
            }
        }
    }
}

/// The sign of proofmark.
pub fn mark() -> Markup {
    html! {
        svg viewBox="0 0 24 24" aria-hidden="true" {
            circle cx="12" cy="12" r="10" {}
            path d="M8 18V7h5a3.5 3.5 0 010 7H8" {}
        }
    }
}

pub fn foot(view: &View<'_>) -> Markup {
    html! {
        footer {
            p id="record" {
                "Written by " (Line(&view.index.started.tool)) " from " a href="run.ndjson" { "run.ndjson" } " of the run "
                (Line(&view.index.started.run)) ", which has every byte. Where this page was moved away from it, that link leads "
                "nowhere: the file is in the folder of the run. "
                "Symbols such as " span.c { "␛" } " and " span.c { "⟨U+202E⟩" } " stand for characters that cannot be seen."
            }
        }
        script { (PreEscaped(SCRIPT)) }
    }
}
