//! Cases to trials. Everything that can be wrong with a case is found here, all of it, before anything is sent.

use super::expectation::{self, Requirement};
use super::request::{BodyTemplate, Example, RequestAuth, RequestTemplate};
use super::trial::{Action, CallbackPlan, CapturePlan, Trial, TrialStep, WaitPlan};
use super::variables::Names;
use crate::check::CHECKS;
use crate::contract::{BodySpec, Contract, Operation};
use crate::expr::{Program, Template, Text, template_problem};
use crate::http::media_type::{Syntax, syntax};
use crate::model::problem::{Problem, unknown};
use crate::model::source::{At, Location, SourceFile, Span};
use crate::record::Role;
use crate::suite::{
    CallbackExpect, Case, CaseFile, ERRORED, Fixture, Row, Step, StepAuth, Suite, Target, Use, Vars,
};
use crate::yaml::{Kind, Node, Reader};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

const CALLBACK_WITHIN: Duration = Duration::from_secs(5);
const CALLBACK_SETTLE: Duration = Duration::from_millis(100);
const AWAIT_EVERY: Duration = Duration::from_millis(100);
const AWAIT_WITHIN: Duration = Duration::from_secs(5);
/// Fixtures that stand on fixtures are followed this deep.
const MAX_FIXTURES: usize = 16;

/// Headers that the HTTP client adds where a request has none.
const ALWAYS_SENT: [&str; 4] = ["accept", "host", "content-length", "transfer-encoding"];

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

/// What compiling a piece of a case needs: its file, its names, and where to put problems.
pub struct Scope<'a> {
    pub file: &'a Arc<SourceFile>,
    pub problems: &'a mut Vec<Problem>,
    pub names: Names,
    pub document: Option<&'a str>,
    contract: &'a Arc<Contract>,
    fixtures: &'a Fixtures<'a>,
}

impl Scope<'_> {
    /// A string with `${…}`, with its variables checked.
    pub fn text(&mut self, source: &str, span: Span) -> Option<Text> {
        let text = Text::at(self.file, source, span, self.problems)?;
        text.programs().for_each(|program| self.names.check(program, self.file, span, self.problems));
        Some(text)
    }

    pub fn template(&mut self, node: &Node) -> Template {
        let template = Template::compile(self.file, node, self.problems);
        template.programs(&mut |program| self.names.check(program, self.file, node.span, self.problems));
        template
    }

    pub fn program(&mut self, node: &Node) -> Option<Program> {
        let source = Reader::new(self.file, self.problems).string(node)?;
        match Program::compile(&source) {
            Ok(program) => {
                self.names.check(&program, self.file, node.span, self.problems);
                Some(program)
            }
            Err(e) => {
                self.problems.push(template_problem(self.file, &source, node.span, e));
                None
            }
        }
    }

    /// Variables in the order written, each seeing those before it; names in `except` are set elsewhere.
    fn sets(&mut self, vars: &Vars, except: &[&str]) -> Vec<(String, Arc<Template>)> {
        let mut sets = Vec::new();
        for (name, node) in vars.iter().filter(|(name, _)| !except.contains(&name.value.as_str())) {
            let template = self.template(node);
            self.names.add(name);
            sets.push((name.value.clone(), Arc::new(template)));
        }
        sets
    }
}

fn trial(
    scope: &mut Scope<'_>,
    case: &Case,
    row: Option<&Row>,
    shared: &Arc<Vec<(String, Arc<Template>)>>,
) -> Trial {
    let doc = case.doc.as_ref().and_then(|doc| {
        let node = Node { kind: Kind::String(doc.value.clone()), span: doc.span };
        crate::contract::read_doc(&mut Reader::new(scope.file, scope.problems), &node, scope.document)
    });
    let mut actions = vec![Action::Set(shared.clone())];
    let mut finally = Vec::new();
    let mut own = row.map(|row| scope.sets(&row.vars, &[])).unwrap_or_default();
    let row_names: Vec<&str> =
        row.iter().flat_map(|r| r.vars.iter().map(|(n, _)| n.value.as_str())).collect();
    own.extend(scope.sets(&case.vars, &row_names));
    if !own.is_empty() {
        actions.push(Action::Set(Arc::new(own)));
    }
    let mut given: Vec<String> = row_names.iter().map(|n| (*n).to_owned()).collect();
    given.extend(case.vars.iter().map(|(n, _)| n.value.clone()));
    let requirement = |span| Requirement { doc: doc.as_deref(), level: case.level, span };
    for used in &case.uses {
        use_fixture(scope, used, &given, &mut actions, &mut finally, &requirement(used.name.span), 0);
    }
    let steps: Vec<&Step> = case.step.iter().chain(&case.steps).collect();
    for (index, step) in steps.iter().enumerate() {
        let later =
            steps[index..].iter().flat_map(|s| s.capture.iter().map(|(n, _)| n.value.clone())).collect();
        scope.names.later(later);
        if let Some(call) = compile_step(scope, step, Role::Case, &requirement(step.span)) {
            actions.push(Action::Call(Box::new(call)));
        }
    }
    // The case's own clean-up comes before that of what it stands on.
    let mut cleanup = Vec::new();
    for step in &case.finally {
        if let Some(call) = compile_step(scope, step, Role::Finally, &requirement(step.span)) {
            cleanup.push(Action::Call(Box::new(call)));
        }
    }
    cleanup.append(&mut finally);
    let id = match row {
        Some(row) => format!("{}/{}", case.id.value, row.name.value),
        None => case.id.value.clone(),
    };
    let operation = case.step.as_ref().map_or("flow", |step| step.call.value.as_str());
    Trial {
        name: format!("{}::{operation}::{id}", scope.contract.api),
        api: scope.contract.api.clone(),
        operation: operation.to_owned(),
        case: id,
        title: case.title.clone(),
        doc,
        level: case.level,
        tags: case.tags.clone(),
        snapshot: case.snapshot,
        location: Location::new(scope.file, case.id.span),
        actions,
        finally: cleanup,
    }
}

fn use_fixture(
    scope: &mut Scope<'_>,
    used: &Use,
    given: &[String],
    actions: &mut Vec<Action>,
    finally: &mut Vec<Action>,
    requirement: &Requirement<'_>,
    depth: usize,
) {
    let Some((file, fixture)) = scope.fixtures.get(used.name.value.as_str()).copied() else {
        let known: Vec<&str> = scope.fixtures.keys().copied().collect();
        scope.problems.push(unknown(scope.file, used.name.span, "fixture", &used.name, known));
        return;
    };
    if depth > MAX_FIXTURES {
        let message = format!("fixture `{}` stands on itself", used.name.value);
        scope.problems.push(Problem::new(scope.file, used.name.span, message));
        return;
    }
    let overrides = scope.sets(&used.vars, &[]);
    let mut skip: Vec<&str> = used.vars.iter().map(|(n, _)| n.value.as_str()).collect();
    skip.extend(given.iter().map(String::as_str));
    let outer = std::mem::replace(&mut scope.file, file);
    for inner in &fixture.uses {
        use_fixture(scope, inner, given, actions, finally, requirement, depth + 1);
    }
    let mut sets = overrides;
    sets.extend(scope.sets(&fixture.vars, &skip));
    if !sets.is_empty() {
        actions.push(Action::Set(Arc::new(sets)));
    }
    for step in &fixture.steps {
        let requirement = Requirement { span: step.span, ..*requirement };
        if let Some(call) = compile_step(scope, step, Role::Setup, &requirement) {
            actions.push(Action::Call(Box::new(call)));
        }
    }
    let mut cleanup = Vec::new();
    for step in &fixture.finally {
        let requirement = Requirement { span: step.span, ..*requirement };
        if let Some(call) = compile_step(scope, step, Role::Finally, &requirement) {
            cleanup.push(Action::Call(Box::new(call)));
        }
    }
    // What was made last is cleaned up first.
    cleanup.append(finally);
    *finally = cleanup;
    scope.file = outer;
}

fn compile_step(
    scope: &mut Scope<'_>,
    step: &Step,
    role: Role,
    requirement: &Requirement<'_>,
) -> Option<TrialStep> {
    let contract = scope.contract.clone();
    let Some(operation) = contract.operation(&step.call) else {
        let known: Vec<&str> = contract.operations.iter().map(|o| o.id.as_str()).collect();
        scope.problems.push(unknown(scope.file, step.call.span, "operation", &step.call, known));
        return None;
    };
    let request = compile_request(scope, step, operation);
    let expectation = expectation::compile(scope, &step.expect, operation, requirement);
    let wait = step.wait.as_ref().and_then(|wait| {
        Some(Arc::new(WaitPlan {
            until: scope.program(&wait.until)?,
            every: wait.every.unwrap_or(AWAIT_EVERY),
            within: wait.within.unwrap_or(AWAIT_WITHIN),
            location: Location::new(scope.file, wait.until.span),
        }))
    });
    let callback = step.callback.as_ref().and_then(|c| compile_callback(scope, c, operation, requirement));
    let mut captures = Vec::new();
    for (name, node) in &step.capture {
        if let Some(program) = scope.program(node) {
            captures.push(CapturePlan {
                name: name.value.clone(),
                program,
                location: Location::new(scope.file, node.span),
            });
        }
    }
    step.capture.iter().for_each(|(name, _)| scope.names.add(name));
    Some(TrialStep {
        role,
        operation: operation.clone(),
        location: Location::new(scope.file, step.span),
        request: Arc::new(request),
        expectation: Arc::new(expectation),
        captures: Arc::new(captures),
        callback,
        wait,
        changes: None,
    })
}

fn compile_request(scope: &mut Scope<'_>, step: &Step, operation: &Operation) -> RequestTemplate {
    let body_spec = match &step.media_type {
        Some(wanted) => {
            let found = operation.bodies.iter().find(|b| b.essence == wanted.value.to_ascii_lowercase());
            // An odd media type is a test of its own when the body is given as text.
            if found.is_none() && step.body.is_none() {
                let known: Vec<&str> = operation.bodies.iter().map(|b| b.essence.as_str()).collect();
                scope.problems.push(unknown(scope.file, wanted.span, "media type", wanted, known));
            }
            found
        }
        None => operation.bodies.first(),
    };
    let example =
        step.from.as_ref().map(|from| example(scope, from, operation, body_spec)).unwrap_or_default();
    let body = step.body.as_ref().and_then(|node| match &node.kind {
        Kind::String(text) => Some(BodyTemplate::Text(scope.text(text, node.span)?)),
        _ => Some(BodyTemplate::Tree(scope.template(node))),
    });
    let with = step
        .with
        .iter()
        .filter_map(|(name, node)| {
            let text = scope.text(&name.value, name.span)?;
            if let Text::Plain(plain) = &text {
                check_name(scope, operation, body_spec, plain, name.span);
            }
            Some((text, scope.template(node)))
        })
        .collect();
    let without = step
        .without
        .iter()
        .filter_map(|name| {
            let text = scope.text(&name.value, name.span)?;
            if let Text::Plain(plain) = &text {
                check_name(scope, operation, body_spec, plain, name.span);
            }
            Some(text)
        })
        .collect();
    let headers = step
        .headers
        .iter()
        .filter_map(|(name, node)| {
            if node.kind == Kind::Null {
                if ALWAYS_SENT.contains(&name.to_ascii_lowercase().as_str()) {
                    let message = format!("`{}` cannot be left out: every request has it", name.value);
                    scope.problems.push(Problem::new(scope.file, name.span, message));
                }
                return Some((name.value.clone(), None));
            }
            let value = Reader::new(scope.file, scope.problems).text(node)?;
            Some((name.value.clone(), Some(scope.text(&value, node.span)?)))
        })
        .collect();
    if let Some(charset) = step.charset.as_ref().filter(|c| crate::http::charset::encoding(c).is_none()) {
        scope.problems.push(unknown(
            scope.file,
            charset.span,
            "charset",
            charset,
            ["UTF-8", "GBK", "UTF-16LE"],
        ));
    }
    let media_type = match (&step.media_type, body_spec) {
        (Some(wanted), _) => Some(wanted.value.clone()),
        (None, spec) => spec.map(|b| b.essence.clone()),
    };
    let auth = match &step.auth {
        None => RequestAuth::Target,
        Some(StepAuth::None) => RequestAuth::None,
        // What cannot be compiled has its own problem.
        Some(StepAuth::Given(auth)) => {
            let own = auth.map(|text| scope.text(&text.value, text.span).ok_or(()));
            own.map_or(RequestAuth::None, |own| RequestAuth::Own(Box::new(own)))
        }
    };
    RequestTemplate {
        auth,
        example,
        with,
        without,
        body,
        media_type,
        headers,
        method: step.method.as_ref().map(|m| m.to_ascii_uppercase()),
        query: step.query.as_ref().and_then(|q| scope.text(&q.value, q.span)),
        charset: step.charset.as_ref().map(|c| c.value.clone()),
    }
}

fn example(
    scope: &mut Scope<'_>,
    from: &At<String>,
    operation: &Operation,
    body: Option<&BodySpec>,
) -> Example {
    let parameters: Vec<(String, Value)> = operation
        .parameters
        .iter()
        .filter_map(|p| {
            let example = p.examples.iter().find(|e| e.name == from.value)?;
            Some((p.name.clone(), example.value.clone()))
        })
        .collect();
    let body = body.and_then(|b| b.examples.iter().find(|e| e.name == from.value)).map(|e| e.value.clone());
    if parameters.is_empty() && body.is_none() {
        let mut known: Vec<&str> = operation
            .parameters
            .iter()
            .flat_map(|p| &p.examples)
            .chain(operation.bodies.iter().flat_map(|b| &b.examples))
            .map(|e| e.name.as_str())
            .collect();
        known.sort_unstable();
        known.dedup();
        let what = format!("example of `{}`", operation.id);
        scope.problems.push(unknown(scope.file, from.span, &what, from, known));
    }
    Example { name: Some(from.value.clone()), parameters, body }
}

/// A name in `with` or `without` is a parameter, or begins a path into the body.
fn check_name(scope: &mut Scope<'_>, operation: &Operation, body: Option<&BodySpec>, name: &str, span: Span) {
    if operation.parameter(name).is_some() {
        return;
    }
    let mut known: Vec<&str> = operation.parameters.iter().map(|p| p.name.as_str()).collect();
    if let Some(body) = body {
        let shape = &body.shape;
        let first = name.split(['.', '[']).next().unwrap_or(name);
        // XML is reached from the root's children: what is documented there may stand one level down in the schema.
        let wrapped = shape.properties.values().any(|s| s.open || s.properties.contains_key(first));
        let is_xml = syntax(&body.essence) == Syntax::Xml;
        if shape.open
            || shape.properties.is_empty()
            || shape.properties.contains_key(first)
            || (is_xml && wrapped)
        {
            return;
        }
        known.extend(shape.properties.keys().map(String::as_str));
    }
    let what = format!("parameter of `{}`", operation.id);
    scope.problems.push(unknown(scope.file, span, &what, name, known));
}

fn compile_callback(
    scope: &mut Scope<'_>,
    callback: &CallbackExpect,
    operation: &Arc<Operation>,
    requirement: &Requirement<'_>,
) -> Option<Arc<CallbackPlan>> {
    let Some(spec) = operation.callbacks.iter().find(|c| c.name == callback.name.value) else {
        let known: Vec<&str> = operation.callbacks.iter().map(|c| c.name.as_str()).collect();
        let what = format!("callback of `{}`", operation.id);
        scope.problems.push(unknown(scope.file, callback.name.span, &what, &callback.name, known));
        return None;
    };
    let matches = callback
        .matches
        .iter()
        .map(|(name, node)| {
            if !spec.parameters.is_empty() && !spec.parameters.iter().any(|p| p.name == name.value) {
                let known: Vec<&str> = spec.parameters.iter().map(|p| p.name.as_str()).collect();
                let what = format!("parameter of callback `{}`", spec.name);
                scope.problems.push(unknown(scope.file, name.span, &what, name, known));
            }
            (name.value.clone(), scope.template(node))
        })
        .collect();
    let equals = callback
        .expect
        .equals
        .as_ref()
        .map(|node| (scope.template(node), Location::new(scope.file, crate::yaml::first_line(node))));
    let location = Location::new(scope.file, callback.span);
    Some(Arc::new(CallbackPlan {
        operation: operation.clone(),
        spec: spec.clone(),
        matches,
        within: callback.within.unwrap_or(CALLBACK_WITHIN),
        settle: callback.settle.unwrap_or(CALLBACK_SETTLE),
        count: callback.count.unwrap_or(1),
        equals,
        rules: expectation::rules(scope, &callback.expect.rules, requirement),
        level: requirement.level,
        doc: requirement.doc.map(str::to_owned),
        location,
    }))
}
