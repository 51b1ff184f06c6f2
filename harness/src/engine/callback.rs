//! Waiting for an inbound request, and telling *never came*, *came late*, *came twice* and *came wrong* apart.

use super::trial::State;
use crate::callback::{Inbound, Waiter};
use crate::check::{compare_equal, judge_rules};
use crate::expr::{Evaluator, Scope, printed};
use crate::model::finding::Finding;
use crate::plan::CallbackPlan;
use crate::record::CallbackRecord;
use serde_json::Value;
use std::time::{Duration, Instant};

/// How much longer than its time a callback is waited for, to tell late from never.
const GRACE: Duration = Duration::from_secs(3);

/// Takes the case's place before the request is sent.
pub fn begin(plan: &CallbackPlan, state: &State<'_>) -> Result<Waiter, String> {
    let listener = state.context.listener.as_ref().ok_or("no listener for callbacks was started")?;
    let scope = Scope::before(&state.vars, &state.context.env, &state.ambient);
    let evaluator = Evaluator::new(scope);
    let mut matches = Vec::with_capacity(plan.matches.len());
    for (name, template) in &plan.matches {
        matches.push((name.clone(), printed(&template.value(&evaluator)?)));
    }
    Ok(listener.wait_for(label(plan), matches))
}

fn label(plan: &CallbackPlan) -> &str {
    plan.spec.charset.as_deref().unwrap_or("UTF-8")
}

/// Waits for the callback and judges it.
pub async fn finish(
    plan: &CallbackPlan,
    mut waiter: Waiter,
    state: &State<'_>,
    request: &Value,
    answered: Instant,
) -> (Vec<CallbackRecord>, Vec<Finding>) {
    let deadline = answered + plan.within;
    let mut came: Vec<Inbound> = Vec::new();
    while (came.len() as u64) < plan.count.max(1) {
        match waiter.next(deadline).await {
            Some(inbound) => came.push(inbound),
            None => break,
        }
    }
    let mut findings = Vec::new();
    if plan.count == 0 {
        if !came.is_empty() {
            findings.push(finding(plan, "unwanted", "callback", "a callback came that must not come".into()));
        }
    } else if (came.len() as u64) < plan.count {
        let wrong = waiter.nearly();
        let late = match wrong {
            // What was looked for did come, only wrong: nobody waits for it any longer.
            Some(_) => None,
            None => waiter.next(deadline + GRACE.min(plan.within.max(Duration::from_millis(500)))).await,
        };
        findings.push(missing(plan, came.len(), wrong.as_ref(), late.as_ref(), answered));
        came.extend(wrong.map(|(inbound, _)| inbound));
        came.extend(late);
    } else if let Some(again) = waiter.next(Instant::now() + plan.settle).await {
        let apart = again.at.saturating_duration_since(came[0].at);
        let message = match plan.count {
            1 => format!("the callback came twice ({} ms apart)", apart.as_millis()),
            n => format!("the callback came more often than {n} times"),
        };
        findings.push(finding(plan, "twice", "callback", message).expected(plan.count.to_string()));
        came.push(again);
    }
    let expected = usize::try_from(plan.count).unwrap_or(usize::MAX);
    for inbound in came.iter().take(expected) {
        findings.extend(judge(plan, inbound, state, request));
    }
    // What came is part of the evidence.
    let seen: Vec<String> =
        came.iter().map(|i| format!("received: {} {}?{}", i.method, i.path, i.query)).collect();
    for finding in &mut findings {
        finding.details.extend(seen.iter().cloned());
    }
    let records = came
        .iter()
        .map(|inbound| CallbackRecord {
            name: plan.spec.name.clone(),
            after_ms: inbound.at.saturating_duration_since(answered).as_secs_f64() * 1000.0,
            request: inbound.record(),
        })
        .collect();
    (records, findings)
}

/// A code that the callback's table does not have.
fn undocumented_code(plan: &CallbackPlan, evaluator: &Evaluator<'_>) -> Option<Finding> {
    let codes = plan.spec.codes.as_ref().filter(|codes| codes.complete)?;
    let code = printed(&codes.value.value(evaluator).ok()?);
    if codes.table.iter().any(|entry| entry.code == code) {
        return None;
    }
    let listed: Vec<&str> = codes.table.iter().map(|entry| entry.code.as_str()).collect();
    let message = format!("code `{}` of the callback is not documented", code.escape_debug());
    Some(
        finding(plan, "code", "callback", message)
            .expected(format!("one of {}", listed.join(", ")))
            .actual(code)
            .spec(Some(codes.location.clone())),
    )
}

fn missing(
    plan: &CallbackPlan,
    came: usize,
    wrong: Option<&(Inbound, Vec<String>)>,
    late: Option<&Inbound>,
    answered: Instant,
) -> Finding {
    let within = format!("{} ms", plan.within.as_millis());
    match (wrong, late) {
        (Some((inbound, names)), _) => {
            let fields = inbound.fields(label(plan));
            let names_text = names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
            let actual =
                names.iter().map(|n| format!("{n}={}", fields.get(n).map(printed).unwrap_or_default()));
            finding(
                plan,
                "wrong",
                "callback",
                format!("the callback came wrong: {names_text} is not that of the request"),
            )
            .actual(actual.collect::<Vec<_>>().join(", "))
        }
        (None, Some(inbound)) => {
            let after = inbound.at.saturating_duration_since(answered).as_millis();
            finding(plan, "late", "callback", format!("the callback came late: after {after} ms"))
                .expected(within)
                .actual(format!("{after} ms"))
        }
        (None, None) if came == 0 => {
            finding(plan, "never", "callback", format!("the callback never came (waited {within})"))
                .expected(within)
        }
        (None, None) => {
            finding(plan, "never", "callback", format!("only {came} of {} callbacks came", plan.count))
        }
    }
}

fn finding(plan: &CallbackPlan, requirement: &str, at: &str, message: String) -> Finding {
    Finding::new("callback", at, message)
        .requirement(requirement)
        .level(plan.level)
        .spec(Some(plan.spec.location.clone()))
        .case(Some(plan.location.clone()))
        .doc(plan.spec.doc.clone().or_else(|| plan.doc.clone()))
}

/// Method, parameters by their schemas, rules of the spec, and what the case expects.
fn judge(plan: &CallbackPlan, inbound: &Inbound, state: &State<'_>, request: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    if inbound.method != plan.spec.method {
        let message = format!("the callback came by {} instead of {}", inbound.method, plan.spec.method);
        findings.push(finding(plan, "method", "callback method", message).expected(plan.spec.method.clone()));
    }
    let fields = inbound.fields(label(plan));
    for parameter in &plan.spec.parameters {
        let at = format!("callback {}", parameter.name);
        let because = |f: Finding| f.spec(Some(parameter.location.clone())).doc(parameter.doc.clone());
        match (fields.get(&parameter.name), &parameter.schema) {
            (None, _) if parameter.required => {
                let message = format!("the callback has no `{}`", parameter.name);
                findings.push(because(finding(plan, &parameter.name, &at, message).actual("nothing")));
            }
            (Some(value), Some(schema)) => {
                for violation in schema.violations(value) {
                    let message = format!("`{}` of the callback: {}", parameter.name, violation.message);
                    findings.push(because(
                        finding(plan, &violation.keyword, &at, message)
                            .expected(violation.expected)
                            .actual(violation.actual),
                    ));
                }
            }
            _ => {}
        }
    }
    for name in fields.keys().filter(|name| !plan.spec.parameters.iter().any(|p| p.name == **name)) {
        let message = format!("`{}` of the callback is not documented", name.escape_debug());
        let warning = finding(plan, "documented", &format!("callback {name}"), message);
        findings.push(warning.level(plan.level.min(crate::model::level::Level::Should)));
    }
    let view = inbound.view(label(plan));
    let scope = Scope {
        callback: Some(&view),
        request: Some(request),
        ..Scope::before(&state.vars, &state.context.env, &state.ambient)
    };
    let evaluator = Evaluator::new(scope);
    if let Some(coverage) = &state.context.coverage {
        let code = plan.spec.codes.as_ref().and_then(|codes| codes.value.value(&evaluator).ok());
        coverage.callback(&plan.operation, &plan.spec.name, &fields, code.map(|c| printed(&c)).as_deref());
    }
    findings.extend(undocumented_code(plan, &evaluator));
    if let Some(rules) = &state.context.rules {
        rules.judged(&plan.spec.rules, &evaluator);
    }
    let mut ruled = judge_rules(&plan.spec.rules, &evaluator, true);
    ruled.extend(judge_rules(&plan.rules, &evaluator, false));
    for mut rule in ruled {
        rule.check = "callback".into();
        rule.at = "callback".into();
        rule.level = rule.level.min(plan.level);
        rule.case = rule.case.or_else(|| Some(plan.location.clone()));
        rule.doc = rule.doc.or_else(|| plan.doc.clone());
        findings.push(rule);
    }
    if let Some((template, location)) = &plan.equals {
        match template.value(&evaluator) {
            Ok(expected) => {
                for mismatch in compare_equal(&expected, &Value::Object(fields)) {
                    let at = format!("callback {}", mismatch.at.trim_start_matches('/'));
                    let message = format!("the callback came wrong: {}", mismatch.message);
                    findings.push(
                        finding(plan, "equals", &at, message)
                            .expected(mismatch.expected)
                            .actual(mismatch.actual)
                            .case(Some(location.clone())),
                    );
                }
            }
            Err(e) => findings.push(finding(plan, "equals", "callback", e)),
        }
    }
    findings
}
