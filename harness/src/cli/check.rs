//! `proofmark check`: load and compile the suite, report every problem.

use super::arguments::{CheckArguments, SuiteArguments};
use super::target::{Chosen, choose};
use super::{Failure, console, problems};
use crate::coverage::Index;
use crate::model::problem::{Problem, alternatives};
use crate::model::verdict::exit;
use crate::plan::{Environment, Trial, compile};
use crate::suite::{Suite, load, load_specs};
use std::path::Path;
use std::sync::Arc;

/// A suite without problems, and its trials.
pub struct Ready {
    pub suite: Suite,
    pub target: Chosen,
    pub trials: Vec<Arc<Trial>>,
}

/// Loads and compiles; any problem refuses the suite, with all the others.
pub fn ready(arguments: &SuiteArguments) -> Result<Ready, Failure> {
    let mut found: Vec<Problem> = Vec::new();
    let suite = load(&arguments.of.suite, &arguments.api, &mut found).map_err(|e| Failure::Usage(e.0))?;
    let Some(suite) = suite else { return Err(problems::refuse(found)) };
    known_apis(&suite, &arguments.api)?;
    let target = choose(&suite.config, arguments.of.target.as_deref())?;
    let environment = Environment { target: target.name.clone(), vars: arguments.of.var.clone() };
    let trials = compile(&suite, &environment, &mut found);
    let mut suite = suite;
    // The trees have done their work; of 10,000 cases they are most of the memory.
    for (_, file) in &mut suite.cases {
        file.cases = Vec::new();
        file.fixtures = Vec::new();
    }
    match found.is_empty() {
        true => Ok(Ready { suite, target, trials }),
        false => Err(problems::refuse(found)),
    }
}

/// Refuses an `--api` that the suite does not have.
fn known_apis(suite: &Suite, wanted: &[String]) -> Result<(), Failure> {
    let known: Vec<&str> = suite.config.apis.iter().map(|(n, _)| n.value.as_str()).collect();
    match wanted.iter().find(|a| !known.contains(&a.as_str())) {
        Some(unknown) => {
            Err(Failure::Usage(format!("unknown API `{unknown}`{}", alternatives(unknown, &known))))
        }
        None => Ok(()),
    }
}

/// Loads the specs alone, for commands that need no case.
pub fn ready_specs(folder: &Path, apis: &[String]) -> Result<Suite, Failure> {
    let mut found: Vec<Problem> = Vec::new();
    let suite = load_specs(folder, apis, &mut found).map_err(|e| Failure::Usage(e.0))?;
    let Some(suite) = suite else { return Err(problems::refuse(found)) };
    known_apis(&suite, apis)?;
    match found.is_empty() {
        true => Ok(suite),
        false => Err(problems::refuse(found)),
    }
}

/// Everything that the specs document, numbered. Reasons for what they do not document refuse the suite.
pub fn documented(suite: &Suite) -> Result<Index, Failure> {
    let mut index = Index::new(suite.contracts.iter().map(AsRef::as_ref));
    match index.problems.is_empty() {
        true => Ok(index),
        false => Err(problems::refuse(std::mem::take(&mut index.problems))),
    }
}

pub fn run(arguments: &CheckArguments) -> Result<u8, Failure> {
    let ready = ready(&arguments.suite)?;
    documented(&ready.suite)?;
    let operations: usize = ready.suite.contracts.iter().map(|c| c.operations.len()).sum();
    console::line(&format!(
        "the suite is good: {} APIs, {operations} operations, {} trials for target `{}`",
        ready.suite.contracts.len(),
        ready.trials.len(),
        ready.target.name
    ));
    Ok(exit::CONFORMANT)
}
