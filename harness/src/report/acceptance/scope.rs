//! What was judged, and where.

use super::super::clock::Clock;
use super::super::html::text::Line;
use super::super::html::words;
use super::Dossier;
use crate::record::{Acceptance, ApiSummary, FileDigest};
use maud::{Markup, html};

pub fn scope(dossier: &Dossier, acceptance: &Acceptance) -> Markup {
    let index = dossier.index();
    let cases = |api: &str| index.apis.iter().find(|a| a.name == api).map_or(0, |a| a.counts.total());
    let operations: usize = index.started.apis.iter().map(|api| api.operations.len()).sum();
    html! {
        section id="scope" {
            h2 { "Scope" }
            p {
                (words::count(index.started.apis.len(), "API", "APIs")) " with " (words::count(operations, "operation", "operations"))
                ". The contract was made from the documents below; digests are SHA-256."
            }
            table.scope {
                thead { tr { th { "API" } th { "Document" } th { "Contract" } th.n { "Operations" } th.n { "Cases" } } }
                tbody {
                    @for api in &index.started.apis {
                        tr {
                            td { strong { (Line(&api.name)) } br; span.soft { (Line(&api.title)) } }
                            td { (document(api, acceptance)) }
                            td { (contract(api, acceptance)) }
                            td.n { (words::number(api.operations.len())) }
                            td.n { (words::number(cases(&api.name))) }
                        }
                    }
                }
            }
        }
    }
}

fn document(api: &ApiSummary, acceptance: &Acceptance) -> Markup {
    let Some(name) = &api.document else { return html! { span.soft { "none named" } } };
    let file = acceptance.documents.iter().find(|file| file.name == *name);
    html! {
        code { (Line(name)) } br;
        @match file {
            Some(file) => code.digest { (Line(&file.sha256)) },
            None => span.soft { "was not at hand" },
        }
    }
}

/// Every file of the API's specs, of which openapi.yaml is the first.
fn contract(api: &ApiSummary, acceptance: &Acceptance) -> Markup {
    let folder = format!("specs/{}/", api.name);
    let mut files: Vec<&FileDigest> =
        acceptance.suite_files.iter().filter(|file| file.name.starts_with(&folder)).collect();
    files.sort_by_key(|file| !file.name.ends_with("/openapi.yaml"));
    html! {
        @match files.split_first() {
            Some((file, rest)) => {
                code { (Line(&file.name)) } br; code.digest { (Line(&file.sha256)) }
                @if !rest.is_empty() { br; span.soft { "and " (words::count(rest.len(), "more file", "more files")) } }
            }
            None => span.soft { "see the list of digests" },
        }
    }
}

pub fn environment(dossier: &Dossier, acceptance: &Acceptance) -> Markup {
    let index = dossier.index();
    let started = &index.started;
    let clock = Clock::new(&started.started);
    let fuzz = &acceptance.fuzz;
    html! {
        section id="environment" {
            h2 { "Environment" }
            dl.facts {
                div { dt { "Target" } dd { (Line(&started.target)) } }
                @for (api, url) in &started.urls { div { dt { "URL of " (Line(api)) } dd { code { (Line(url)) } } } }
                div { dt { "Begun" } dd { (words::time(&started.started)) } }
                div { dt { "Ended" } dd { (words::time(&clock.at(index.duration_ms()))) " (" (words::duration(index.duration_ms())) ")" } }
                div { dt { "Judged by" } dd { (Line(&started.tool)) } }
                div { dt { "Suite" } dd {
                    @match &acceptance.commit {
                        Some(commit) => { "commit " code.digest { (Line(commit)) } },
                        None => "not in a repository",
                    }
                } }
                div { dt { "Digest of the suite" } dd { code.digest { (Line(&started.suite_digest)) } } }
                div { dt { "Random values" } dd { "cases by seed " (started.seed) ", fuzzing by seed " (fuzz.seed) } }
                div { dt { "Fuzzing" } dd { (Line(&fuzz.phases.join(", "))) "; " (fuzz.cases) " generated requests an operation" } }
                div { dt { "Requests at a time" } dd { (started.jobs) } }
            }
        }
    }
}
