//! Survivors with what would notice them, rates by defect, what each check does, and equivalent mutants.

use super::super::text::{Block, Line, Message};
use super::super::words::{count, number};
use super::percent;
use crate::check::CHECKS;
use crate::mutate::{Summary, Survivors};
use maud::{Markup, html};

/// Survivors that are shown; the rest is in the JSON.
const SHOWN: usize = 200;

pub fn survivors(summary: &Summary) -> Markup {
    if summary.survivors.is_empty() {
        return html! {};
    }
    html! {
        section id="survivors" aria-labelledby="survivors-h" {
            h2 id="survivors-h" { "Survivors" }
            p.sub { "Defects that no check notices, the most frequent first, with the smallest addition that would." }
            ol.problems {
                @for survivor in summary.survivors.iter().take(SHOWN) { (one(survivor)) }
            }
            @if summary.survivors.len() > SHOWN {
                p.note { "and " (number(summary.survivors.len() - SHOWN)) " more in " code { "--format json" } }
            }
        }
    }
}

fn one(survivor: &Survivors) -> Markup {
    let key = &survivor.key;
    html! {
        li class=(if survivor.because.is_some() { "problem warned" } else { "problem" }) {
            details {
                summary {
                    span.no { (number(survivor.count)) }
                    div {
                        h3 { code { (Line(&key.field)) } " " (key.operator) }
                        p.whereabouts {
                            strong { (Line(&key.api)) } " " (Line(&key.operation))
                            @if let Some(because) = &survivor.because { " · explained: " (Line(because)) }
                        }
                    }
                    span.many {}
                }
                div.card {
                    @if let Some(addition) = &survivor.addition {
                        div {
                            p.mh { "Add to " (Line(&addition.place)) }
                            pre.yaml { (Block(&addition.yaml)) }
                        }
                    }
                    div {
                        p.mh { "For example" }
                        ul {
                            @for example in &survivor.examples {
                                li { (Message(&example.change)) " in " code { (Line(&example.trial)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub fn operators(summary: &Summary) -> Markup {
    html! {
        section id="operators" aria-labelledby="operators-h" {
            h2 id="operators-h" { "Defects" }
            p.sub { "Every defect of the registry and how much of it is noticed." }
            div.scroll {
                table.rates {
                    thead { tr { th { "Defect" } th.n_ { "noticed" } th.n_ { "defects" } th.n_ { "survive" } th.n_ { "equivalent" } } }
                    tbody {
                        @for row in &summary.operators {
                            tr {
                                th scope="row" { (row.name.operator) " " span.soft { (row.name.says) } }
                                @if row.tally.defects() == 0 {
                                    td.n_ { span.vh { "none" } "–" } td.n_ { "0" } td.n_ { "0" }
                                } @else {
                                    td.n_ { (percent(row.rate)) }
                                    td.n_ { (number(row.tally.defects())) }
                                    td.n_ { @if row.tally.survived > 0 { strong.f_ { (number(row.tally.survived)) } } @else { "0" } }
                                }
                                td.n_ { (number(row.tally.equivalent)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub fn checks(summary: &Summary) -> Markup {
    let asks = |name: &str| CHECKS.iter().find(|c| c.name == name).map_or("", |c| c.asks);
    html! {
        section id="checks" aria-labelledby="checks-h" {
            h2 id="checks-h" { "Checks" }
            p.sub { "How many defects each check notices, how many before every other check, and how many as the only one. What is never the only one could be left out and nothing would change." }
            div.scroll {
                table.rates {
                    thead { tr { th { "Check" } th.n_ { "notices" } th.n_ { "first" } th.n_ { "alone" } } }
                    tbody {
                        @for row in &summary.checks {
                            tr {
                                th scope="row" { (Line(&row.check)) " " span.soft { (asks(&row.check)) } }
                                td.n_ { (number(row.tally.killed)) }
                                td.n_ { (number(row.tally.first)) }
                                td.n_ { @if row.tally.alone == 0 { strong.w__ { "never" } } @else { (number(row.tally.alone)) } }
                            }
                        }
                    }
                }
            }
            details.run {
                summary { strong { "Rules and keywords" } }
                div.scroll {
                    table.rates {
                        thead { tr { th { "Requirement" } th.n_ { "notices" } th.n_ { "first" } th.n_ { "alone" } } }
                        tbody {
                            @for row in &summary.requirements {
                                tr {
                                    th scope="row" { (Line(&row.check)) " " code { (Line(&row.requirement)) } }
                                    td.n_ { (number(row.tally.killed)) }
                                    td.n_ { (number(row.tally.first)) }
                                    td.n_ { (number(row.tally.alone)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub fn equivalents(summary: &Summary) -> Markup {
    if summary.equivalents.is_empty() {
        return html! {};
    }
    let mut reasons: Vec<&str> = summary.equivalents.iter().map(|e| e.reason.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    html! {
        section id="equivalent" aria-labelledby="equivalent-h" {
            h2 id="equivalent-h" { "Equivalent mutants" }
            p.sub { "They are no defects, and count neither as noticed nor as survivors." }
            @for reason in reasons {
                @let rows: Vec<_> = summary.equivalents.iter().filter(|e| e.reason == reason).collect();
                details.run {
                    summary { strong { (count(rows.iter().map(|e| e.count).sum(), "mutant", "mutants")) } " because " (Line(reason)) }
                    ul.plain {
                        @for row in rows {
                            li {
                                (number(row.count)) " × " (Line(&row.key.api)) " " (Line(&row.key.operation)) " "
                                code { (Line(&row.key.field)) } " " (row.key.operator)
                                @if let Some(example) = &row.example { ": " (Message(&example.change)) }
                                @if let Some(alarm) = row.false_alarms.first() { " · found wrong all the same in " code { (Line(&alarm.trial)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
