//! One step of a case to a [`TrialStep`].

use super::callback::compile_callback;
use super::request::compile_request;
use super::scope::Scope;
use crate::model::problem::unknown;
use crate::model::source::Location;
use crate::plan::expectation::{self, Requirement};
use crate::plan::trial::{CapturePlan, TrialStep, WaitPlan};
use crate::record::Role;
use crate::suite::Step;
use std::sync::Arc;
use std::time::Duration;

const AWAIT_EVERY: Duration = Duration::from_millis(100);
const AWAIT_WITHIN: Duration = Duration::from_secs(5);

pub(super) fn compile_step(
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
