//! What is not in the evidence, and the digests of everything that decided.

use super::super::html::text::Line;
use crate::record::{Acceptance, FileDigest};
use maud::{Markup, html};

/// What was taken out before the evidence left the house.
pub fn confidence(acceptance: &Acceptance) -> Markup {
    html! {
        section id="redaction" {
            h2 { "What was taken out" }
            p { "Secrets are in none of the files of this bundle. Personal data has pseudonyms: the same value has the same one everywhere in the bundle, digits stay digits and letters letters, and the key is not kept. Personal data is:" }
            @if acceptance.pseudonyms.is_empty() { p { "nothing, by the policy of the suite." } }
            @else { ul.small.words { @for what in &acceptance.pseudonyms { li { code { (Line(what)) } } } } }
        }
    }
}

/// Digests of the suite's files and of the documents.
pub fn digests(acceptance: &Acceptance) -> Markup {
    html! {
        section.annex id="digests" {
            h2 { "Annex C: digests" }
            p { "SHA-256. " code { "proofmark verify BUNDLE --key PUBLIC --suite FOLDER" } " compares them with a checkout." }
            @if !acceptance.documents.is_empty() { h3 { "Documents" } (files(&acceptance.documents)) }
            h3 { "Files of the suite" }
            (files(&acceptance.suite_files))
        }
    }
}

fn files(files: &[FileDigest]) -> Markup {
    html! {
        table.digests { tbody {
            @for file in files { tr { td { code { (Line(&file.name)) } } td { code.digest { (Line(&file.sha256)) } } } }
        } }
    }
}
