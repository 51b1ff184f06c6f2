//! [`Names`]: which variables exist at a point of a trial, so that a missing one is found before anything is sent.

use crate::expr::Program;
use crate::model::problem::{Problem, alternatives, nearest};
use crate::model::source::{SourceFile, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Variables that exist, and where others would come from.
#[derive(Debug, Clone, Default)]
pub struct Names {
    known: Vec<String>,
    /// Variables of other targets, and the names of those targets.
    elsewhere: Arc<BTreeMap<String, Vec<String>>>,
    /// Names captured further down in the same case.
    later: Vec<String>,
    secrets: Arc<Vec<String>>,
    target: Arc<str>,
}

impl Names {
    pub fn new(target: &str, elsewhere: BTreeMap<String, Vec<String>>, secrets: Vec<String>) -> Self {
        Self {
            known: Vec::new(),
            elsewhere: Arc::new(elsewhere),
            later: Vec::new(),
            secrets: Arc::new(secrets),
            target: target.into(),
        }
    }

    pub fn add(&mut self, name: &str) {
        if !self.knows(name) {
            self.known.push(name.to_owned());
        }
    }

    pub fn knows(&self, name: &str) -> bool {
        self.known.iter().any(|k| k == name)
    }

    pub fn later(&mut self, names: Vec<String>) {
        self.later = names;
    }

    /// Problems of the variables and secrets that a program reads. `span` is of the string that holds it.
    pub fn check(&self, program: &Program, file: &Arc<SourceFile>, span: Span, problems: &mut Vec<Problem>) {
        for name in program.vars().iter().filter(|name| !self.knows(name)) {
            let at = find(file, span, &format!("vars.{name}"));
            problems.push(self.missing(name, file, at));
        }
        for name in program.env().iter().filter(|name| !self.secrets.contains(name)) {
            let known: Vec<&str> = self.secrets.iter().map(String::as_str).collect();
            let at = find(file, span, &format!("env.{name}"));
            let message =
                format!("`env.{name}` is not among the suite's `secrets`{}", alternatives(name, &known));
            let problem = Problem::new(file, at, message).label("not readable");
            problems.push(match nearest(name, &known) {
                Some(near) => problem.help(format!("did you mean `env.{near}`?")),
                None => problem.help("add it to `secrets` in proofmark.yaml"),
            });
        }
    }

    fn missing(&self, name: &str, file: &Arc<SourceFile>, at: Span) -> Problem {
        if self.later.iter().any(|n| n == name) {
            let message = format!("`vars.{name}` is used before it is captured");
            return Problem::new(file, at, message).label("not captured yet");
        }
        let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
        let problem = match self.elsewhere.get(name) {
            Some(targets) => {
                let message = format!(
                    "target `{}` does not define the variable `{name}` (defined by: {})",
                    self.target,
                    targets.iter().map(|t| format!("`{t}`")).collect::<Vec<_>>().join(", ")
                );
                return Problem::new(file, at, message)
                    .label("missing variable")
                    .help(format!("add `{name}` to the target's `vars`, or give it with `--var {name}=…`"));
            }
            None => {
                Problem::new(file, at, format!("unknown variable `{name}`{}", alternatives(name, &known)))
            }
        };
        match nearest(name, &known) {
            Some(near) => problem.label("not defined").help(format!("did you mean `vars.{near}`?")),
            None => problem.label("not defined"),
        }
    }
}

/// Where in the source of a string something is written.
fn find(file: &SourceFile, span: Span, needle: &str) -> Span {
    let written = file.text.get(span.start as usize..span.end as usize).unwrap_or("");
    let Some(at) = written.find(needle) else { return span };
    let start = span.start as usize + at;
    let before = &file.text[..start];
    let line = before.matches('\n').count() as u32 + 1;
    let column = before[before.rfind('\n').map_or(0, |n| n + 1)..].chars().count() as u32 + 1;
    Span { start: start as u32, end: (start + needle.len()) as u32, line, column }
}
