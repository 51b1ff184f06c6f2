//! `proofmark run --explain`: every setting and where its value comes from.

use super::connection;
use super::run::Settings;
use super::target::Chosen;
use crate::record::Redactor;
use crate::suite::Suite;
use std::path::Path;

/// A value and its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin<T> {
    pub value: T,
    pub from: &'static str,
}

/// The first that is there: command line, proofmark.yaml, built in.
pub fn resolve<T>(
    argument: Option<T>,
    config: Option<T>,
    flag: &'static str,
    key: &'static str,
    default: T,
) -> Origin<T> {
    match (argument, config) {
        (Some(value), _) => Origin { value, from: flag },
        (None, Some(value)) => Origin { value, from: key },
        (None, None) => Origin { value: default, from: "built in" },
    }
}

/// The table, a line a setting. Secrets are named, never shown.
pub fn table(suite: &Suite, target: &Chosen, settings: &Settings, vars: &[(String, String)]) -> Vec<String> {
    let mut rows: Vec<(String, String, String)> = Vec::new();
    let mut row =
        |name: &str, value: String, from: &str| rows.push((name.to_owned(), value, from.to_owned()));
    let folder = if suite.root == Path::new(".") { "current folder" } else { "--suite" };
    row("suite", suite.file.path.display().to_string(), folder);
    row("target", target.name.clone(), target.origin);
    for contract in &suite.contracts {
        let url = match (target.sandbox, target.urls.of(&contract.api)) {
            (true, _) => "started on a free port".to_owned(),
            (false, url) => url.unwrap_or("missing").to_owned(),
        };
        row(&format!("url of {}", contract.api), url, target.origin);
    }
    let connection =
        suite.config.target(&target.name).map(|own| connection::rows(&target.name, &own.connection));
    for (name, value, from) in connection.into_iter().flatten() {
        row(&name, value, &from);
    }
    row("jobs", settings.jobs.value.to_string(), settings.jobs.from);
    row("timeout", format!("{:?}", settings.timeout.value), settings.timeout.from);
    row("max body", format!("{} bytes", settings.max_body.value), settings.max_body.from);
    let rate = settings.rate.value.map_or("unlimited".to_owned(), |rate| rate.to_string());
    row("rate", rate, &settings.rate.from.replace('*', &target.name));
    row("retry after", format!("{:?}", settings.max_retry_after.value), settings.max_retry_after.from);
    row("seed", settings.seed.value.to_string(), settings.seed.from);
    row("reports", settings.reports.value.display().to_string(), settings.reports.from);
    let formats: Vec<&str> = settings.formats.value.iter().map(|wanted| wanted.format.word()).collect();
    row("formats", [&["html", "junit"], formats.as_slice()].concat().join(", "), settings.formats.from);
    let mode = settings.snapshots.value.map_or("off".to_owned(), |mode| format!("{mode:?}").to_lowercase());
    row("snapshots", mode, settings.snapshots.from);
    row(
        "utc offset",
        suite.config.defaults.utc_offset.to_string(),
        "proofmark.yaml: defaults.utc_offset, else UTC",
    );
    let own = suite.config.target(&target.name).map(|t| t.vars.as_slice()).unwrap_or_default();
    let given = |name: &str| vars.iter().any(|(n, _)| n == name);
    let shared = suite.config.vars.iter().filter(|(name, _)| !own.iter().any(|(n, _)| n.value == name.value));
    let declared = shared.map(|v| ("vars", v)).chain(own.iter().map(|v| ("targets", v)));
    for (key, (name, node)) in declared.filter(|(_, (name, _))| !given(name)) {
        let from = format!("proofmark.yaml: {key}, line {}", name.span.line);
        row(&format!("vars.{}", name.value), node.to_json().to_string(), &from);
    }
    for (name, value) in vars {
        row(&format!("vars.{name}"), format!("{value:?}"), "--var");
    }
    for name in &suite.config.secrets {
        let there = std::env::var_os(&name.value).is_some_and(|v| !v.is_empty());
        let value = match (there, target.sandbox) {
            (_, true) => "issued by the sandbox",
            (true, false) => "set, not shown",
            (false, false) => "not set",
        };
        row(&format!("env.{}", name.value), value.to_owned(), "environment");
    }
    // A secret may stand in a URL or in `--var`.
    let secrets: Vec<(&str, String)> = suite
        .config
        .secrets
        .iter()
        .filter_map(|name| Some((name.value.as_str(), std::env::var(&name.value).ok()?)))
        .collect();
    let redactor = Redactor::new(secrets.iter().map(|(name, value)| (*name, value.as_str())));
    rows.iter_mut().for_each(|(_, value, _)| redactor.text(value));
    let widths = rows
        .iter()
        .fold((0, 0), |(a, b), r| (a.max(r.0.chars().count()), b.max(r.1.chars().count().min(60))));
    rows.into_iter()
        .map(|(name, value, from)| format!("{name:<w0$}  {value:<w1$}  {from}", w0 = widths.0, w1 = widths.1))
        .collect()
}
