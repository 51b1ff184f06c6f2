//! [`judge`]: every documented example of an API, by every check and rule that concerns it.

use super::exchange::{exchange, request};
use super::table::{Measured, Table};
use crate::check::{
    CANNOT_TELL, CHECKS, Expectation, RuleVerdict, Subject, judge_rule, read_answer, signature_of,
};
use crate::contract::{
    CallbackSpec, Contract, ExampleSpec, MediaSpec, OFFLINE_CHECKS, Operation, ResponseSpec, Rule,
};
use crate::expr::{Ambient, Evaluator, Program, Scope, printed};
use crate::http::request::view;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::source::{Location, SourceFile};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// One example and what it breaks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    pub operation: String,
    pub name: String,
    /// `200 application/json`, or `callback` and its name.
    pub of: String,
    pub doc: Option<String>,
    pub location: Location,
    /// Whether the request of the same name is documented.
    pub has_request: bool,
    pub breaks: Vec<Broken>,
    /// What the spec says that it breaks, and where.
    #[serde(skip)]
    pub said: Vec<(String, Location)>,
    pub because: Option<String>,
    /// What could be judged of it, by name.
    #[serde(skip)]
    pub measured: Vec<(String, Measured)>,
}

/// A check or rule that an example breaks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Broken {
    /// Name of the check, or id of the rule.
    pub name: String,
    pub level: Level,
    pub message: String,
    pub at: String,
}

impl Judged {
    fn new(
        operation: &Operation,
        of: String,
        name: &str,
        examples: &[&ExampleSpec],
        file: &SourceFile,
    ) -> Self {
        let first = examples.first();
        Self {
            operation: operation.id.clone(),
            name: name.to_owned(),
            of,
            doc: examples.iter().find_map(|e| e.doc.clone()),
            location: first.map_or_else(|| operation.location.clone(), |e| e.location.clone()),
            has_request: false,
            breaks: Vec::new(),
            said: examples
                .iter()
                .flat_map(|e| &e.breaks)
                .map(|name| (name.value.clone(), Location::new(file, name.span)))
                .collect(),
            because: examples.iter().find_map(|e| e.because.clone()),
            measured: Vec::new(),
        }
    }

    /// `operation/example`: how it is called in tables.
    pub fn label(&self) -> String {
        format!("{}/{}", self.operation, self.name)
    }

    fn check(&mut self, table: &mut Table, name: &str, measured: Measured) {
        table.check(name, &self.label(), measured);
        self.measured.push((name.to_owned(), measured));
    }

    fn breaks(&mut self, name: &str, finding: Finding) {
        let Finding { level, message, at, .. } = finding;
        self.breaks.push(Broken { name: name.to_owned(), level, message, at });
    }
}

/// Judges every example of an answer and of a callback.
pub fn judge(contract: &Contract) -> (Vec<Judged>, Table) {
    let mut table = Table::default();
    let mut judged = Vec::new();
    for operation in &contract.operations {
        for response in &operation.responses {
            for media in &response.media {
                for example in &media.examples {
                    judged.push(answer(contract, operation, response, media, example, &mut table));
                }
            }
        }
        for spec in &operation.callbacks {
            judged.extend(callbacks(contract, operation, spec, &mut table));
        }
    }
    // A rule that no example concerns is told too.
    for operation in &contract.operations {
        for rule in operation.all_rules() {
            table.rule(rule);
        }
    }
    (judged, table)
}

fn answer(
    contract: &Contract,
    operation: &Arc<Operation>,
    response: &ResponseSpec,
    media: &MediaSpec,
    example: &ExampleSpec,
    table: &mut Table,
) -> Judged {
    let of = format!("{} {}", response.status, media.essence);
    let mut judged = Judged::new(operation, of, &example.name, &[example], &contract.file);
    let asked_by = example.request.as_ref().map_or(example.name.as_str(), |request| request.value.as_str());
    let made = request(operation, asked_by).and_then(|(request, documented)| {
        judged.has_request = documented;
        exchange(operation, response, media, example, request)
    });
    let exchange = match made {
        Ok(exchange) => exchange,
        Err(e) => {
            judged.check(table, "well-formed", Measured::Breaks);
            judged.breaks("well-formed", Finding::new("well-formed", "body", e));
            return judged;
        }
    };
    let Ok(received) = &exchange.response else { return judged };
    let answer = read_answer(operation, received);
    let seen = view(&exchange.request, operation.charset.as_deref().unwrap_or("UTF-8"));
    let (vars, env) = (json!({}), json!({}));
    let ambient = Arc::new(Ambient::new(0, &example.name, jiff::tz::Offset::UTC));
    let evaluator = Evaluator::new(Scope {
        status: Some(received.status),
        headers: Some(&answer.headers),
        body: answer.body.as_ref(),
        text: Some(&answer.text),
        request: judged.has_request.then_some(&seen),
        document: answer.document.as_ref(),
        ..Scope::before(&vars, &env, &ambient)
    });
    let subject = Subject::new(&exchange, received, &answer, operation, &evaluator);
    let expectation = Expectation::of_contract(operation, example.location.clone(), example.doc.clone());
    let mut structural = false;
    for check in CHECKS.iter().filter(|c| OFFLINE_CHECKS.contains(&c.name)) {
        let measured = match applies(check.name, &subject, &expectation, judged.has_request) {
            Measured::Holds => {
                let findings = (check.run)(&subject, &expectation);
                structural |= !findings.is_empty() && ["well-formed", "schema", "xsd"].contains(&check.name);
                let measured = if findings.is_empty() { Measured::Holds } else { Measured::Breaks };
                findings.into_iter().for_each(|f| judged.breaks(check.name, f));
                measured
            }
            other => other,
        };
        judged.check(table, check.name, measured);
    }
    for rule in operation.rules.iter().chain(&response.rules) {
        ruled(rule, &evaluator, structural, &mut judged, table);
    }
    judged
}

/// Whether a check has anything to judge of an example: [`Measured::Holds`] where it does.
fn applies(check: &str, subject: &Subject<'_, '_>, expectation: &Expectation, has_request: bool) -> Measured {
    let operation = &expectation.operation;
    let of_programs = |programs: Vec<&Program>| match () {
        () if programs.is_empty() => Measured::NotAsked,
        () if programs.iter().any(|p| p.needs_run()) => Measured::NeedsRun,
        () if !has_request && programs.iter().any(|p| p.reads("request")) => Measured::NotAsked,
        () => Measured::Holds,
    };
    let has = |there: bool| if there { Measured::Holds } else { Measured::NotAsked };
    let read = subject.answer.body.is_some();
    match check {
        "schema" => has(read && subject.media.is_some_and(|m| m.schema.is_some())),
        "xsd" => has(read && subject.media.is_some_and(|m| m.xsd.is_some())),
        "undocumented" => has(read && subject.media.is_some_and(|m| m.schema.is_some())),
        "outcome" => of_programs(operation.outcomes.iter().map(|o| &o.predicate).collect()),
        "code" => of_programs(operation.codes.iter().map(|c| &c.value).collect()),
        "signature" => match signature_of(subject, expectation) {
            Some(spec) if spec.secret.is_some() => Measured::NeedsRun,
            spec => has(spec.is_some() && read),
        },
        _ => Measured::Holds,
    }
}

fn ruled(
    rule: &Arc<Rule>,
    evaluator: &Evaluator<'_>,
    structural: bool,
    judged: &mut Judged,
    table: &mut Table,
) {
    let measured = match asked(rule, evaluator) {
        Measured::Holds => match judge_rule(rule, evaluator, true) {
            RuleVerdict::Holds => Measured::Holds,
            RuleVerdict::NotAsked => Measured::NotAsked,
            // The cause is named already, as in a run.
            RuleVerdict::Broken(f) if structural && f.message.starts_with(CANNOT_TELL) => Measured::NotAsked,
            RuleVerdict::Broken(finding) => {
                judged.breaks(&rule.id, *finding);
                Measured::Breaks
            }
        },
        other => other,
    };
    table.rule(rule).add(&judged.label(), measured);
    judged.measured.push((rule.id.clone(), measured));
}

/// Whether a rule can be asked of an example: [`Measured::Holds`] where it can.
fn asked(rule: &Rule, evaluator: &Evaluator<'_>) -> Measured {
    let programs = || rule.when.iter().chain([&rule.rule]);
    if evaluator.scope().request.is_none() && programs().any(|p| p.reads("request")) {
        return Measured::NotAsked;
    }
    match &rule.when {
        Some(when) if when.needs_run() => Measured::NeedsRun,
        Some(when) if rule.rule.needs_run() && when.holds(evaluator) == Ok(false) => Measured::NotAsked,
        _ if rule.rule.needs_run() => Measured::NeedsRun,
        _ => Measured::Holds,
    }
}

/// The examples of a callback, by the names that its parameters have values for.
fn callbacks(
    contract: &Contract,
    operation: &Operation,
    spec: &CallbackSpec,
    table: &mut Table,
) -> Vec<Judged> {
    let mut names: Vec<&str> = Vec::new();
    for example in spec.parameters.iter().flat_map(|p| &p.examples) {
        if !names.contains(&example.name.as_str()) {
            names.push(&example.name);
        }
    }
    names.into_iter().map(|name| callback(contract, operation, spec, name, table)).collect()
}

fn callback(
    contract: &Contract,
    operation: &Operation,
    spec: &CallbackSpec,
    name: &str,
    table: &mut Table,
) -> Judged {
    let of_name = |examples: &[ExampleSpec]| examples.iter().position(|e| e.name == name);
    let examples: Vec<&ExampleSpec> =
        spec.parameters.iter().filter_map(|p| of_name(&p.examples).map(|i| &p.examples[i])).collect();
    let of = format!("callback {}", spec.name);
    let mut judged = Judged::new(operation, of, name, &examples, &contract.file);
    let mut query = Map::new();
    let mut findings = Vec::new();
    for parameter in &spec.parameters {
        let Some(at) = of_name(&parameter.examples) else {
            if parameter.required {
                let message = format!("the callback has no `{}`", parameter.name);
                findings.push(Finding::new("schema", format!("callback {}", parameter.name), message));
            }
            continue;
        };
        let value = Value::String(printed(&parameter.examples[at].value));
        let violations = parameter.schema.iter().flat_map(|s| s.violations(&value));
        findings.extend(
            violations.map(|v| Finding::new("schema", format!("callback {}", parameter.name), v.message)),
        );
        query.insert(parameter.name.clone(), value);
    }
    let measured = if findings.is_empty() { Measured::Holds } else { Measured::Breaks };
    findings.into_iter().for_each(|f| judged.breaks("schema", f));
    judged.check(table, "schema", measured);
    let received = json!({
        "method": spec.method, "path": "/", "query": query, "headers": {}, "text": "",
    });
    let asked_by =
        examples.iter().find_map(|e| e.request.as_ref()).map_or(name, |request| request.value.as_str());
    let sent = request(operation, asked_by).ok().filter(|(_, documented)| *documented);
    let sent = sent.map(|(request, _)| view(&request, operation.charset.as_deref().unwrap_or("UTF-8")));
    judged.has_request = sent.is_some();
    let (vars, env) = (json!({}), json!({}));
    let ambient = Arc::new(Ambient::new(0, name, jiff::tz::Offset::UTC));
    let evaluator = Evaluator::new(Scope {
        callback: Some(&received),
        request: sent.as_ref(),
        ..Scope::before(&vars, &env, &ambient)
    });
    for rule in &spec.rules {
        ruled(rule, &evaluator, false, &mut judged, table);
    }
    judged
}
