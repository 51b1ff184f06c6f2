//! [`Sent`]: a step that was sent, with everything that the judgement of its answer depends on. A run judges the answer
//! that came; mutation judges others in its place, with exactly the same checks.

use crate::check::{NOT_JUDGED, RuleVerdict, Subject, judge, judge_rule, read_answer, rules_of};
use crate::contract::Rule;
use crate::expr::reads::{Reads, traced};
use crate::expr::{Ambient, Evaluator, Scope};
use crate::http::body::Answer;
use crate::model::exchange::{Exchange, Response};
use crate::model::finding::Finding;
use crate::plan::{CapturePlan, TrialStep, WaitPlan};
use serde_json::Value;
use std::sync::Arc;

/// A step and its exchange, with the variables as they were when it was sent.
#[derive(Clone, Copy)]
pub struct Sent<'a> {
    pub step: &'a TrialStep,
    pub exchange: &'a Exchange,
    /// What expressions see as `request`.
    pub request: &'a Value,
    pub vars: &'a Value,
    pub env: &'a Value,
    pub ambient: &'a Arc<Ambient>,
    /// How often the request was sent.
    pub attempts: u32,
}

/// What the judgement of one answer came to.
pub struct Judged {
    pub answer: Answer,
    pub findings: Vec<Finding>,
    /// What following steps read of the answer.
    pub captured: Vec<(String, Value)>,
    /// Why there is no verdict: a validator stopped short of one.
    pub not_judged: Option<String>,
}

impl Sent<'_> {
    /// Judges `response` as the answer of the step: every check, what is waited for, and what is captured.
    pub fn judge(&self, response: &Response) -> Judged {
        self.judge_and(response, |_| {})
    }

    /// Judges `response`, and shows what is judged to `see`.
    pub fn judge_and(&self, response: &Response, see: impl FnOnce(&Subject<'_, '_>)) -> Judged {
        let answer = read_answer(&self.step.operation, response);
        let (findings, captured, not_judged) = self.findings(response, &answer, &[], see);
        Judged { answer, findings, captured, not_judged }
    }

    /// Judges an answer that was read, without the rules of which it is known that they do not object: findings, and why
    /// there is no verdict.
    pub fn judge_read(
        &self,
        response: &Response,
        answer: &Answer,
        settled: &[bool],
    ) -> (Vec<Finding>, Option<String>) {
        let (findings, _, not_judged) = self.findings(response, answer, settled, |_| {});
        (findings, not_judged)
    }

    /// What each rule looks at in an answer, in the order of [`rules_of`]; `None` where it objects.
    pub fn reads(&self, response: &Response, answer: &Answer) -> Vec<Option<Reads>> {
        let step = self.step;
        let evaluator = Evaluator::new(self.scope(response, answer));
        let subject = Subject::new(self.exchange, response, answer, &step.operation, &evaluator);
        let read = |(rule, in_spec): (&Arc<Rule>, bool)| {
            // What another rule has looked at is kept in an evaluator, and would not be looked at again.
            let own = Evaluator::new(self.scope(response, answer));
            match traced(|| judge_rule(rule, &own, in_spec)) {
                (RuleVerdict::Broken(_), _) => None,
                (RuleVerdict::Holds | RuleVerdict::NotAsked, reads) => Some(reads),
            }
        };
        rules_of(&subject, &step.expectation).map(read).collect()
    }

    /// Whether what the step waits for holds of `response`.
    pub fn holds(&self, wait: &WaitPlan, response: &Response) -> bool {
        let answer = read_answer(&self.step.operation, response);
        wait.until.holds(&Evaluator::new(self.scope(response, &answer))).unwrap_or(false)
    }

    fn findings(
        &self,
        response: &Response,
        answer: &Answer,
        settled: &[bool],
        see: impl FnOnce(&Subject<'_, '_>),
    ) -> (Vec<Finding>, Vec<(String, Value)>, Option<String>) {
        let step = self.step;
        let evaluator = Evaluator::new(self.scope(response, answer));
        let new = Subject::new(self.exchange, response, answer, &step.operation, &evaluator);
        let subject = Subject { settled, ..new };
        let mut findings = judge(&subject, &step.expectation);
        see(&subject);
        let is_not_judged = |f: &Finding| f.requirement.as_deref() == Some(NOT_JUDGED);
        let not_judged = findings.iter().find(|f| is_not_judged(f)).map(|f| f.message.clone());
        findings.retain(|f| !is_not_judged(f));
        if let Some(wait) = &step.wait
            && !wait.until.holds(&evaluator).unwrap_or(false)
        {
            findings.push(never_held(wait, self.attempts, step));
        }
        let mut captured = Vec::new();
        for capture in step.captures.iter() {
            match capture.program.value(&evaluator) {
                Ok(value) => captured.push((capture.name.clone(), value)),
                Err(e) => findings.push(not_captured(capture, &e, step)),
            }
        }
        (findings, captured, not_judged)
    }

    fn scope<'s>(&'s self, response: &Response, answer: &'s Answer) -> Scope<'s> {
        Scope {
            status: Some(response.status),
            headers: Some(&answer.headers),
            body: answer.body.as_ref(),
            text: Some(&answer.text),
            request: Some(self.request),
            elapsed: Some(self.exchange.timing.total),
            document: answer.document.as_ref(),
            ..Scope::before(self.vars, self.env, self.ambient)
        }
    }
}

fn never_held(wait: &WaitPlan, attempts: u32, step: &TrialStep) -> Finding {
    let message =
        format!("`{}` did not hold within {:?} ({attempts} calls)", wait.until.source(), wait.within);
    Finding::new("await", "body", message)
        .requirement(wait.until.source())
        .level(step.expectation.level)
        .case(Some(wait.location.clone()))
        .doc(step.expectation.doc.clone())
}

fn not_captured(capture: &CapturePlan, error: &str, step: &TrialStep) -> Finding {
    let message = format!("`{}` cannot be captured from the answer: {error}", capture.name);
    Finding::new("capture", "body", message)
        .requirement(capture.name.clone())
        .expected(capture.program.source().to_owned())
        .level(step.expectation.level)
        .case(Some(capture.location.clone()))
        .doc(step.expectation.doc.clone())
}
