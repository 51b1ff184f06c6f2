//! Cases to trials. Everything that can be wrong with a case is found here, all of it, before anything is sent.

mod callback;
mod request;
mod scope;
mod step;
mod trial;

pub use scope::Scope;

use super::trial::Trial;
use super::variables::Names;
use crate::check::CHECKS;
use crate::contract::Contract;
use crate::expr::Template;
use crate::model::problem::{Problem, unknown};
use crate::model::source::{Location, SourceFile, Span};
use crate::suite::{CaseFile, ERRORED, Fixture, Row, Suite, Target};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use trial::trial;

/// What a plan is made for, beside the suite.
#[derive(Debug, Default)]
pub struct Environment {
    /// Name of the target, or its URL.
    pub target: String,
    /// `--var`.
    pub vars: Vec<(String, String)>,
}

/// Compiles every case of the suite. Problems are collected; trials are complete only when there are none.
pub fn compile(suite: &Suite, environment: &Environment, problems: &mut Vec<Problem>) -> Vec<Arc<Trial>> {
    let target = suite.config.target(&environment.target);
    let base = base(suite, target, environment, problems);
    let mut trials: Vec<Arc<Trial>> = Vec::new();
    let mut names: HashMap<String, Location> = HashMap::new();
    retried_checks(suite, problems);
    for contract in &suite.contracts {
        signing_secrets(suite, contract, problems);
        let files: Vec<_> = suite.cases.iter().filter(|(_, cases)| cases.api.value == contract.api).collect();
        let fixtures = fixtures(&files, problems);
        for (compiled, mut new) in compile_files(&files, contract, &fixtures, &base) {
            problems.append(&mut new);
            for (trial, file, span) in compiled {
                if let Some(first) = names.get(&trial.name) {
                    let message = format!("duplicate id `{}` (first at {first})", trial.case);
                    problems.push(Problem::new(&file, span, message).label("again"));
                    continue;
                }
                names.insert(trial.name.clone(), trial.location.clone());
                trials.push(Arc::new(trial));
            }
        }
    }
    trials
}

/// What `retries.on` names must be something that a trial can fail by.
fn retried_checks(suite: &Suite, problems: &mut Vec<Problem>) {
    let others = [ERRORED, "callback", "await", "capture", "connection"];
    let known: Vec<&str> = others.into_iter().chain(CHECKS.iter().map(|check| check.name)).collect();
    for on in suite.config.retries.iter().flat_map(|retries| &retries.on) {
        if !known.contains(&on.value.as_str()) {
            problems.push(unknown(&suite.file, on.span, "check", on, known.iter().copied()));
        }
    }
}

/// A signature with a secret that the suite does not have would be made with no key at all.
fn signing_secrets(suite: &Suite, contract: &Contract, problems: &mut Vec<Problem>) {
    let signatures = contract.operations.iter().flat_map(|o| o.signatures());
    for secret in signatures.filter_map(|s| s.secret.as_ref()) {
        let known = || suite.config.secrets.iter().map(|s| s.value.as_str());
        if !known().any(|name| name == secret.value) {
            let problem = unknown(&contract.file, secret.span, "secret", secret, known());
            problems.push(match problem.help {
                Some(_) => problem,
                None => problem.help("add it to `secrets` in proofmark.yaml"),
            });
        }
    }
}

type Fixtures<'s> = BTreeMap<&'s str, (&'s Arc<SourceFile>, &'s Fixture)>;
type Compiled = (Vec<(Trial, Arc<SourceFile>, Span)>, Vec<Problem>);

/// Files are compiled side by side.
fn compile_files(
    files: &[&(Arc<SourceFile>, CaseFile)],
    contract: &Arc<Contract>,
    fixtures: &Fixtures<'_>,
    base: &Base,
) -> Vec<Compiled> {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(files.len().max(1));
    let chunk = files.len().div_ceil(threads).max(1);
    let one =
        |(file, cases): &&(Arc<SourceFile>, CaseFile)| compile_file(file, cases, contract, fixtures, base);
    std::thread::scope(|scope| {
        let workers: Vec<_> = files
            .chunks(chunk)
            .map(|files| scope.spawn(move || files.iter().map(one).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|w| w.join().unwrap_or_default()).collect()
    })
}

fn compile_file(
    file: &Arc<SourceFile>,
    cases: &CaseFile,
    contract: &Arc<Contract>,
    fixtures: &Fixtures<'_>,
    base: &Base,
) -> Compiled {
    let mut problems = Vec::new();
    let mut compiled = Vec::new();
    let mut scope = Scope {
        file,
        problems: &mut problems,
        names: base.names.clone(),
        document: contract.document.as_deref(),
        contract,
        fixtures,
    };
    let mut shared = base.sets.clone();
    shared.extend(scope.sets(&cases.vars, &[]));
    // What the command line says wins over what is declared for all cases.
    shared.extend(base.overrides.clone());
    let shared = Arc::new(shared);
    let names = scope.names.clone();
    for case in &cases.cases {
        scope.names = names.clone();
        let rows: Vec<Option<&Row>> =
            if case.examples.is_empty() { vec![None] } else { case.examples.iter().map(Some).collect() };
        for row in rows {
            scope.names = names.clone();
            let trial = trial(&mut scope, case, row, &shared);
            compiled.push((trial, file.clone(), row.map_or(case.id.span, |r| r.name.span)));
        }
    }
    (compiled, problems)
}

/// Variables that all cases of the suite share.
struct Base {
    names: Names,
    sets: Vec<(String, Arc<Template>)>,
    overrides: Vec<(String, Arc<Template>)>,
}

fn base(
    suite: &Suite,
    target: Option<&Target>,
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Base {
    let mut elsewhere: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, other) in &suite.config.targets {
        for (var, _) in &other.vars {
            elsewhere.entry(var.value.clone()).or_default().push(name.value.clone());
        }
    }
    let secrets = suite.config.secrets.iter().map(|s| s.value.clone()).collect();
    let mut names = Names::new(&environment.target, elsewhere, secrets);
    let mut sets = Vec::new();
    let target_vars = target.map(|t| t.vars.as_slice()).unwrap_or_default();
    for (name, node) in suite.config.vars.iter().chain(target_vars) {
        let template = Template::compile(&suite.file, node, problems);
        template.programs(&mut |program| names.check(program, &suite.file, node.span, problems));
        names.add(name);
        sets.push((name.value.clone(), Arc::new(template)));
    }
    let overrides: Vec<_> = environment
        .vars
        .iter()
        .map(|(name, value)| (name.clone(), Arc::new(Template::Fixed(Value::String(value.clone())))))
        .collect();
    overrides.iter().for_each(|(name, _)| names.add(name));
    Base { names, sets, overrides }
}

fn fixtures<'s>(files: &[&'s (Arc<SourceFile>, CaseFile)], problems: &mut Vec<Problem>) -> Fixtures<'s> {
    let mut found: Fixtures<'s> = BTreeMap::new();
    for (file, cases) in files {
        for (name, fixture) in &cases.fixtures {
            if let Some((first, _)) = found.get(name.value.as_str()) {
                let message = format!("duplicate fixture `{}` (also in {})", name.value, first.name);
                problems.push(Problem::new(file, name.span, message).label("again"));
            }
            found.insert(&name.value, (file, fixture));
        }
    }
    found
}
