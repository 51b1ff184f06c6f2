//! Where the documents contradict themselves or leave something open: the list that an API's owner wants.

use super::text::{Line, Message};
use super::view::View;
use super::words;
use crate::contract::Defect;
use crate::record::ApiSummary;
use maud::{Markup, html};

pub fn defects(view: &View<'_>) -> Markup {
    let apis: Vec<&ApiSummary> = view.index.started.apis.iter().filter(|a| !a.defects.is_empty()).collect();
    html! {
        @if !apis.is_empty() {
            section id="documents" aria-labelledby="documents-h" {
                h2 id="documents-h" { "What is wrong with the documents" }
                p.sub { "Places where a document contradicts itself or leaves something open, and what the contract takes it to mean. For the owner of the API." }
                @for api in apis { (of_api(api)) }
            }
        }
    }
}

fn of_api(api: &ApiSummary) -> Markup {
    let mut defects: Vec<&Defect> = api.defects.iter().collect();
    defects.sort_by_key(|d| d.severity);
    let mut severities: Vec<(&str, usize)> = Vec::new();
    for defect in &defects {
        let severity = defect.severity.as_str();
        match severities.last_mut() {
            Some((name, n)) if *name == severity => *n += 1,
            _ => severities.push((severity, 1)),
        }
    }
    html! {
        details.docs open {
            summary {
                h3 { (Line(&api.name)) }
                @if let Some(document) = &api.document { code.soft.path { (Line(document)) } }
                span.counts { @for (severity, n) in severities { span class=(format!("sev {severity}")) { (n) " " (severity) } } }
            }
            ol.defects { @for defect in defects { (one(defect)) } }
        }
    }
}

fn one(defect: &Defect) -> Markup {
    let many = defect.lines.len() > 1 || defect.lines.iter().any(|l| l.contains('-'));
    html! {
        li {
            div.what {
                span class=(format!("sev {}", defect.severity.as_str())) { (defect.severity.as_str()) }
                h4 { (Message(&defect.title)) }
                p.soft {
                    (Line(&defect.id)) " · " (defect.kind.as_str()) " · "
                    (if many { "lines " } else { "line " }) (Line(&defect.lines.join(", ")))
                }
            }
            dl {
                div { dt { "The document says" } dd { (Message(&defect.says)) } }
                div { dt { "Why that is a problem" } dd { (Message(&defect.problem)) } }
                div { dt { "The contract assumes" } dd { (Message(&defect.assumes)) } }
            }
        }
    }
}

/// How many defects all documents have.
pub fn total(view: &View<'_>) -> String {
    words::number(view.index.started.apis.iter().map(|a| a.defects.len()).sum())
}
