//! One case, or one row of it, to a [`Trial`], with the fixtures that it stands on.

use super::scope::Scope;
use super::step::compile_step;
use crate::expr::Template;
use crate::model::problem::{Problem, unknown};
use crate::model::source::Location;
use crate::plan::expectation::Requirement;
use crate::plan::trial::{Action, Trial};
use crate::record::Role;
use crate::suite::{Case, Row, Step, Use};
use crate::yaml::{Kind, Node, Reader};
use std::sync::Arc;

/// Fixtures that stand on fixtures are followed this deep.
const MAX_FIXTURES: usize = 16;

pub(super) fn trial(
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
