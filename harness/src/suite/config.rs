//! `proofmark.yaml`: the APIs of a suite, its targets, and its defaults.

use crate::model::problem::{Problem, alternatives, nearest, unknown};
use crate::model::report_format::ReportFormat;
use crate::model::source::{At, SourceFile};
use crate::suite::case::{TextSchema, Vars};
use crate::suite::connection::{self, ConnectionFields, ConnectionSettings};
use crate::suite::gate::{self, Gate, Retries};
use crate::suite::personal::{self, PersonalData};
use crate::suite::profile::{self, Profile};
use crate::suite::snapshots::{self, Snapshots};
use crate::yaml::{Fields, Kind, Node, Reader, parse};
use jiff::tz::Offset;
use schemars::JsonSchema;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The suite.
#[derive(Debug, JsonSchema)]
#[schemars(title = "Proofmark suite", deny_unknown_fields)]
pub struct Config {
    /// Version of the format: 1.
    #[schemars(with = "u64")]
    pub proofmark: (),
    /// What the suite is called in reports.
    #[schemars(with = "Option<String>")]
    pub title: Option<String>,
    /// The APIs under contract, by name.
    #[schemars(with = "BTreeMap<String, Option<Api>>")]
    pub apis: Vec<(At<String>, Api)>,
    /// Where requests can go, by name.
    #[schemars(with = "Option<BTreeMap<String, Target>>")]
    pub targets: Vec<(At<String>, Target)>,
    /// Environment variables that hold secrets: readable as `env.NAME`, redacted everywhere.
    #[schemars(with = "Option<Vec<String>>")]
    pub secrets: Vec<At<String>>,
    /// Variables of every case.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub vars: Vars,
    /// What holds where the command line says nothing.
    #[schemars(with = "Option<Defaults>")]
    pub defaults: Defaults,
    /// Which trials are tried again; by default none.
    pub retries: Option<Retries>,
    /// What `proofmark run --gate` asks of a run.
    #[schemars(with = "Option<Gate>")]
    pub gate: Gate,
    /// Answers that are kept, and compared with in later runs.
    #[schemars(with = "Option<Snapshots>")]
    pub snapshots: Snapshots,
    /// The environment variable that has the `postgres://` URL of the history that a team shares; by default
    /// PROOFMARK_HISTORY.
    #[schemars(with = "Option<String>")]
    pub history: Option<At<String>>,
    /// What `proofmark certify` runs and asks for, by name.
    #[schemars(with = "Option<BTreeMap<String, Profile>>")]
    pub profiles: Vec<(At<String>, Profile)>,
    /// What gets a pseudonym in an evidence bundle.
    #[schemars(with = "Option<PersonalData>")]
    pub personal: PersonalData,
}

/// Where the files of an API are; by default `specs/<api>/openapi.yaml`, `specs/<api>/defects.yaml`, `cases/<api>`.
#[derive(Debug, Clone, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Api {
    #[schemars(with = "Option<String>")]
    pub spec: Option<At<String>>,
    #[schemars(with = "Option<String>")]
    pub cases: Option<At<String>>,
    #[schemars(with = "Option<String>")]
    pub defects: Option<At<String>>,
}

/// A place to send requests to.
#[derive(Debug, Clone, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Target {
    /// Start the embedded sandbox and send to it.
    #[schemars(with = "Option<bool>")]
    pub sandbox: bool,
    /// Base URL of all APIs.
    #[schemars(with = "Option<String>")]
    pub url: Option<At<String>>,
    /// Base URLs by API.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    pub urls: Vec<(At<String>, At<String>)>,
    /// Variables that say what exists there.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub vars: Vars,
    /// How it is reached, and as whom.
    #[schemars(flatten, with = "ConnectionFields")]
    pub connection: ConnectionSettings,
}

/// Settings that the command line can override.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Defaults {
    /// The target of a run without `--target`; by default `sandbox`.
    #[schemars(with = "Option<String>")]
    pub target: Option<At<String>>,
    /// Trials at a time; by default 16.
    #[schemars(with = "Option<u64>")]
    pub jobs: Option<u64>,
    /// Time limit of one exchange; by default 10s.
    #[schemars(with = "Option<String>")]
    pub timeout: Option<Duration>,
    /// Largest body that is received; by default 8MiB.
    #[schemars(with = "Option<TextSchema>")]
    pub max_body: Option<u64>,
    /// Offset from UTC of dates in cases, e.g. `+08:00`; by default UTC.
    #[schemars(with = "Option<String>")]
    pub utc_offset: Offset,
    /// Headers of every request.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    pub headers: Vec<(At<String>, At<String>)>,
    /// Reports that a run writes beside `html` and `junit`, where the command line names none.
    #[schemars(with = "Option<Vec<ReportFormat>>")]
    pub reports: Option<Vec<ReportFormat>>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            target: None,
            jobs: None,
            timeout: None,
            max_body: None,
            utc_offset: Offset::UTC,
            headers: Vec::new(),
            reports: None,
        }
    }
}

/// The base URL of each API of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BaseUrls {
    pub all: Option<String>,
    pub by_api: BTreeMap<String, String>,
}

impl BaseUrls {
    pub fn of(&self, api: &str) -> Option<&str> {
        self.by_api.get(api).or(self.all.as_ref()).map(|url| url.trim_end_matches('/'))
    }
}

impl Config {
    pub fn read(file: &Arc<SourceFile>, problems: &mut Vec<Problem>) -> Option<Self> {
        let root = parse(file, problems)?;
        let mut reader = Reader::new(file, problems);
        let mut fields = Fields::new(&mut reader, &root, "a suite")?;
        fields.required("proofmark", |r, n| match r.unsigned(n)? {
            1 => Some(()),
            _ => r.expected(n, "format version 1"),
        });
        let title = fields.optional("title", Reader::string);
        let apis = fields.required("apis", |r, n| r.mapping(n, api));
        let targets = fields.optional("targets", |r, n| r.mapping(n, target)).unwrap_or_default();
        let secrets = fields.optional("secrets", |r, n| r.list(n, Reader::string_at)).unwrap_or_default();
        let own_vars = fields.optional("vars", vars).unwrap_or_default();
        let defaults = fields.optional("defaults", defaults).unwrap_or_default();
        let retries = fields.optional("retries", gate::retries);
        let gate = fields.optional("gate", gate::gate).unwrap_or_default();
        let snapshots = fields.optional("snapshots", snapshots::snapshots).unwrap_or_default();
        let history = fields.optional("history", variable_name);
        let profiles = fields.optional("profiles", |r, n| r.mapping(n, profile::profile)).unwrap_or_default();
        let personal = fields.optional("personal", personal::personal).unwrap_or_default();
        fields.finish();
        let api_names =
            apis.iter().flatten().map(|(name, _): &(At<String>, Api)| name.value.as_str()).collect();
        check_targets(&mut reader, &targets, &secrets, &api_names);
        if let Some(apis) = &apis {
            known_apis(file, problems, &profiles, apis);
        }
        Some(Self {
            proofmark: (),
            title,
            apis: apis?,
            targets,
            secrets,
            vars: own_vars,
            defaults,
            retries,
            gate,
            snapshots,
            history,
            profiles,
            personal,
        })
    }

    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|(n, _)| n.value == name).map(|(_, profile)| profile)
    }

    pub fn target(&self, name: &str) -> Option<&Target> {
        self.targets.iter().find(|(n, _)| n.value == name).map(|(_, target)| target)
    }
}

/// What targets name must be there: secrets, and APIs.
fn check_targets(
    reader: &mut Reader<'_>,
    targets: &[(At<String>, Target)],
    secrets: &[At<String>],
    apis: &Vec<&str>,
) {
    let known: Vec<&str> = secrets.iter().map(|secret| secret.value.as_str()).collect();
    for (_, target) in targets {
        for name in target.connection.settings().iter().flat_map(|setting| setting.names()) {
            if known.contains(&name.as_str()) {
                continue;
            }
            let list = alternatives(name, &known);
            let message = format!("`env.{}` is not among the suite's `secrets`{list}", name.value);
            let problem = Problem::new(reader.file, name.span, message).label("not readable");
            reader.problems.push(match nearest(name, &known) {
                Some(near) => problem.help(format!("did you mean `env.{near}`?")),
                None => problem.help("add it to `secrets`"),
            });
        }
        for (api, _) in target.connection.auths.iter().filter(|(api, _)| !apis.contains(&api.as_str())) {
            reader.unknown(api.span, "API", api, apis.iter().copied());
        }
    }
}

/// A URL has a password, which does not belong into a file.
fn variable_name(reader: &mut Reader<'_>, node: &Node) -> Option<At<String>> {
    let name = reader.string_at(node)?;
    let is_name = name.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match is_name {
        true => Some(name),
        false => reader.expected(node, "the name of an environment variable that has the URL"),
    }
}

/// Profiles name APIs that there are.
fn known_apis(
    file: &Arc<SourceFile>,
    problems: &mut Vec<Problem>,
    profiles: &[(At<String>, Profile)],
    apis: &[(At<String>, Api)],
) {
    for api in profiles.iter().flat_map(|(_, profile)| &profile.apis) {
        let known = apis.iter().map(|(name, _)| name.value.as_str());
        if !known.clone().any(|name| name == api.value) {
            problems.push(unknown(file, api.span, "API", &api.value, known));
        }
    }
}

fn vars(reader: &mut Reader<'_>, node: &Node) -> Option<Vars> {
    reader.mapping(node, |_, n| Some(n.clone()))
}

fn api(reader: &mut Reader<'_>, node: &Node) -> Option<Api> {
    if node.kind == Kind::Null {
        return Some(Api::default());
    }
    let mut fields = Fields::new(reader, node, "an API")?;
    let api = Api {
        spec: fields.optional("spec", Reader::string_at),
        cases: fields.optional("cases", Reader::string_at),
        defects: fields.optional("defects", Reader::string_at),
    };
    fields.finish();
    Some(api)
}

fn target(reader: &mut Reader<'_>, node: &Node) -> Option<Target> {
    let mut fields = Fields::new(reader, node, "a target")?;
    let target = Target {
        sandbox: fields.optional("sandbox", Reader::boolean).unwrap_or_default(),
        url: fields.optional("url", url),
        urls: fields.optional("urls", |r, n| r.mapping(n, url)).unwrap_or_default(),
        vars: fields.optional("vars", vars).unwrap_or_default(),
        connection: connection::connection(&mut fields),
    };
    fields.finish();
    if target.sandbox {
        for key in ["tls", "proxy", "http", "auth", "auths"] {
            if let Some((key, _)) = node.entries().iter().find(|(name, _)| name.name == key) {
                reader.problem(
                    key.span,
                    format!("the sandbox is reached directly: `{}` is for targets with URLs", key.name),
                );
            }
        }
    }
    if target.sandbox && (target.url.is_some() || !target.urls.is_empty()) {
        reader.problem(crate::yaml::first_line(node), "a target is either the sandbox or has URLs, not both");
    }
    // A key that is there but wrong has its own problem.
    let off = node.get("sandbox").is_none_or(|n| n.kind == Kind::Bool(false));
    if off && node.get("url").is_none() && node.get("urls").is_none() {
        reader.problem(crate::yaml::first_line(node), "a target needs `url`, `urls` or `sandbox: true`");
    }
    Some(target)
}

pub(super) fn url(reader: &mut Reader<'_>, node: &Node) -> Option<At<String>> {
    let text = reader.string_at(node)?;
    match text.starts_with("http://") || text.starts_with("https://") {
        true => Some(text),
        false => reader.expected(node, "an `http://` or `https://` URL"),
    }
}

fn defaults(reader: &mut Reader<'_>, node: &Node) -> Option<Defaults> {
    let mut fields = Fields::new(reader, node, "`defaults`")?;
    let defaults = Defaults {
        target: fields.optional("target", Reader::string_at),
        jobs: fields.optional("jobs", |r, n| match r.unsigned(n)? {
            0 => r.expected(n, "at least 1"),
            jobs => Some(jobs),
        }),
        timeout: fields.optional("timeout", Reader::duration),
        max_body: fields.optional("max_body", Reader::size),
        utc_offset: fields.optional("utc_offset", offset).unwrap_or(Offset::UTC),
        headers: fields.optional("headers", |r, n| r.mapping(n, Reader::string_at)).unwrap_or_default(),
        reports: fields
            .optional("reports", |r, n| r.list(n, |r, n| r.word(n, "format", &ReportFormat::WORDS))),
    };
    fields.finish();
    Some(defaults)
}

/// `+08:00` or `Z`.
fn offset(reader: &mut Reader<'_>, node: &Node) -> Option<Offset> {
    let text = reader.string(node)?;
    let parsed = jiff::fmt::strtime::parse("%:z", &text).ok().and_then(|p| p.offset());
    match (text.as_str(), parsed) {
        ("Z", _) => Some(Offset::UTC),
        (_, Some(offset)) => Some(offset),
        _ => reader.expected(node, "an offset such as `+08:00` or `Z`"),
    }
}
