//! An inbound request that a step waits for, to a [`CallbackPlan`].

use super::scope::Scope;
use crate::contract::Operation;
use crate::model::problem::unknown;
use crate::model::source::Location;
use crate::plan::expectation::{self, Requirement};
use crate::plan::trial::CallbackPlan;
use crate::suite::CallbackExpect;
use std::sync::Arc;
use std::time::Duration;

const CALLBACK_WITHIN: Duration = Duration::from_secs(5);
const CALLBACK_SETTLE: Duration = Duration::from_millis(100);

pub(super) fn compile_callback(
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
