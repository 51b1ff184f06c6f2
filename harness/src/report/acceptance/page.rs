//! The document from its title to its signatures.

use super::super::error::ReportError;
use super::super::html::text::{Line, Message};
use super::super::html::words;
use super::super::issue::issues;
use super::super::overview;
use super::{Dossier, appendix, deviations, requirement, requirements, scope};
use crate::record::{Acceptance, Conformance, GateDecision};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::io::Write;

const STYLE: &str = include_str!("acceptance.css");
/// The file beside the document.
const ANNEXES: &str = "annexes.html";

/// Writes the document part by part. `annexes` is the SHA-256 of the annexes as hex: who signs the one signs the other.
pub fn write(dossier: &Dossier, annexes: &str, out: &mut dyn Write) -> Result<(), ReportError> {
    let index = dossier.index();
    let nothing = Acceptance::default();
    let acceptance = dossier.acceptance().unwrap_or(&nothing);
    let results = requirement::results(index)?;
    let found = issues(index)?;
    let fuzzed = issues(dossier.fuzz.index())?;
    let mut put = |html: Markup| out.write_all(html.into_string().as_bytes());
    let what = format!("Acceptance report: {}", dossier.conformance().words());
    put(head(&what, acceptance))?;
    put(html! { (PreEscaped("<body><main>")) })?;
    put(title(dossier, acceptance))?;
    put(statement(dossier, acceptance))?;
    put(scope::scope(dossier, acceptance))?;
    put(scope::environment(dossier, acceptance))?;
    put(requirements::summary(&results, index))?;
    put(requirements::not_passed(&results, &index.started))?;
    put(requirements::operations(&results, &index.started))?;
    put(deviations::deviations(&found))?;
    put(deviations::waivers(dossier))?;
    put(deviations::fuzzing(dossier, acceptance, &fuzzed))?;
    put(deviations::remarks(&found))?;
    put(deviations::defects(&index.started))?;
    put(appendix::confidence(acceptance))?;
    put(signatures(dossier, acceptance, annexes))?;
    put(html! { (PreEscaped("</main></body></html>\n")) })?;
    Ok(())
}

/// Writes what the document rests on and nobody prints: every requirement, every defect of the documents, every digest.
pub fn write_annexes(dossier: &Dossier, out: &mut dyn Write) -> Result<(), ReportError> {
    let index = dossier.index();
    let nothing = Acceptance::default();
    let acceptance = dossier.acceptance().unwrap_or(&nothing);
    let results = requirement::results(index)?;
    let mut put = |html: Markup| out.write_all(html.into_string().as_bytes());
    put(head("Annexes to the acceptance report", acceptance))?;
    put(html! {
        (PreEscaped("<body><main>"))
        header {
            p.kind { "Annexes to the acceptance report" }
            h1 { (Line(&acceptance.product)) " " (Line(&acceptance.version)) }
            p.of { "delivered by " strong { (Line(&acceptance.vendor)) } ", run " (Line(&dossier.started().run)) }
            ul {
                li { a href="#requirements" { "Annex A: results by requirement" } }
                @if deviations::has_defects(&index.started) { li { a href="#defects" { "Annex B: defects of the documents" } } }
                li { a href="#digests" { "Annex C: digests" } }
            }
        }
    })?;
    put(requirements::results(&results, &index.started))?;
    put(deviations::defects_annex(&index.started))?;
    put(appendix::digests(acceptance))?;
    put(html! { (PreEscaped("</main></body></html>\n")) })?;
    Ok(())
}

fn head(what: &str, acceptance: &Acceptance) -> Markup {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=en>"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title {
                (Plain(&acceptance.product)) " " (Plain(&acceptance.version)) ": " (what)
            }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// Text where there can be no markup: invisible characters are symbols.
struct Plain<'a>(&'a str);

impl maud::Render for Plain<'_> {
    fn render_to(&self, out: &mut String) {
        super::super::visible::line_text(self.0).render_to(out);
    }
}

fn title(dossier: &Dossier, acceptance: &Acceptance) -> Markup {
    let started = dossier.started();
    html! {
        header {
            p.kind { "Acceptance report" }
            h1 { (Line(&acceptance.product)) " " (Line(&acceptance.version)) }
            p.of { "delivered by " strong { (Line(&acceptance.vendor)) } }
            dl.facts {
                div { dt { "Contract" } dd { (Line(&started.suite)) @if let Some(title) = &acceptance.profile_title { ", " (Line(title)) } } }
                div { dt { "Target" } dd { (Line(&started.target)) } }
                div { dt { "Judged" } dd { (words::time(&started.started)) } }
                div { dt { "Run" } dd { (Line(&started.run)) } }
            }
        }
    }
}

fn statement(dossier: &Dossier, acceptance: &Acceptance) -> Markup {
    let level = dossier.conformance();
    let index = dossier.index();
    let gate = overview::gate(index);
    html! {
        section.statement.(letter(level)) id="statement" {
            h2 { (sentence_case(level.words())) }
            p.lead { (explanation(level, gate)) }
            p.soft {
                "Statement of conformance: level " code { (level.as_str()) } " of profile " code { (Line(&acceptance.profile)) } ". "
                (words::number(index.counts.total())) " cases: " (overview::in_words(&index.counts)) "."
            }
            @if let Some(gate) = gate { (clauses(gate)) }
            @if !acceptance.dirty.is_empty() {
                p.warn { strong { "The suite was not that of a commit" } ", so that nobody else can run the same one. Files that differ:" }
                ul { @for file in &acceptance.dirty { li { (Message(file)) } } }
            }
            @if !index.started.faults.is_empty() {
                p.warn { "The sandbox was told to misbehave: " @for fault in &index.started.faults { code { (Line(fault)) } " " } }
            }
        }
    }
}

fn clauses(gate: &GateDecision) -> Markup {
    html! {
        table.clauses {
            thead { tr { th { "Clause" } th { "Holds" } th { "What was found" } } }
            tbody {
                @for clause in &gate.clauses {
                    tr {
                        td { code { (Line(&clause.name)) } }
                        td { @if clause.holds { span.out.p { "yes" } } @else { span.out.f { "no" } } }
                        td { (Message(&clause.says)) }
                    }
                }
            }
        }
    }
}

fn letter(level: Conformance) -> &'static str {
    match level {
        Conformance::Full => "p",
        Conformance::WithWaivers | Conformance::Provisional => "w",
        Conformance::NotConformant => "f",
        Conformance::NotJudged => "e",
    }
}

fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn explanation(level: Conformance, gate: Option<&GateDecision>) -> String {
    match level {
        Conformance::Full => {
            "Every clause of the profile holds. No answer breaks a requirement of level must, and no deviation had to be accepted.".into()
        }
        Conformance::WithWaivers => {
            "Every clause of the profile holds. Some answers break requirements of level must in ways that were accepted until a day; they are listed under Waivers.".into()
        }
        Conformance::Provisional => {
            "Every clause of the profile holds, but the suite had changes that were not committed: this report is no acceptance.".into()
        }
        Conformance::NotConformant => {
            let names: Vec<&str> = gate.iter().flat_map(|g| g.refusals()).map(|c| c.name.as_str()).collect();
            format!("The delivery is refused by {}: {}.", if names.len() == 1 { "a clause" } else { "clauses" }, names.join(", "))
        }
        Conformance::NotJudged => {
            "Not everything could be judged, so that nothing is said of the delivery. The clauses below say why.".into()
        }
    }
}

fn signatures(dossier: &Dossier, acceptance: &Acceptance, annexes: &str) -> Markup {
    let line = |what: &str| html! { div.line { span {} (what) } };
    let block = |who: &str, name: &str| {
        html! {
            div.signature {
                h3 { (who) @if !name.is_empty() { ": " (Line(name)) } }
                (line("Name, function")) (line("Place, date")) (line("Signature"))
            }
        }
    };
    html! {
        section.signatures id="signatures" {
            h2 { "Signatures" }
            p {
                (Line(&acceptance.product)) " " (Line(&acceptance.version)) " of " (Line(&acceptance.vendor)) " is "
                strong { (dossier.conformance().words()) } " by profile " code { (Line(&acceptance.profile)) } " of "
                (Line(&dossier.started().suite)) "."
            }
            div.two { (block("Vendor", &acceptance.vendor)) (block("Customer", "")) }
            p.soft.small {
                "Annexes A to C (every requirement, every defect of the documents, every digest) are the file "
                a href=(ANNEXES) { (ANNEXES) } " of SHA-256 " code.digest { (annexes) } ". This document is part of an evidence "
                "bundle whose statement is signed with the Ed25519 key " code.digest { (Line(&acceptance.key)) }
                ". " code { "proofmark verify BUNDLE --key PUBLIC" } " says whether a byte of it has changed since."
            }
        }
    }
}
