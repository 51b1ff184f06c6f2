//! [`Evidence`]: the exchanges of a run kept in memory, byte for byte and before redaction, to be judged again.

use super::judgement::{Judged, Sent};
use super::step::seen;
use crate::contract::Outcome;
use crate::expr::reads::Reads;
use crate::expr::{Ambient, Evaluator, Scope, printed};
use crate::http::body::Answer;
use crate::model::exchange::{Exchange, Response};
use crate::model::finding::Finding;
use crate::model::verdict::Verdict;
use crate::plan::TrialStep;
use crate::snapshot::{DEFAULT_HEADERS, Echoes, render};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the exchanges of a run are kept, and which ones.
#[derive(Default)]
pub struct EvidenceOf {
    pub exchanges: Mutex<Vec<Evidence>>,
    /// Those of trials that did not pass, too.
    of_all: bool,
}

impl EvidenceOf {
    /// The exchanges of trials that pass.
    pub fn passed() -> Self {
        Self::default()
    }

    pub fn all() -> Self {
        Self { of_all: true, ..Self::default() }
    }

    pub(super) fn keep(&self, verdict: Verdict, evidence: &mut Vec<Evidence>) {
        if self.of_all || verdict == Verdict::Passed {
            self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).append(evidence);
        }
    }
}

/// One exchange of a trial that passed, with what its judgement depends on. It holds secrets: it is never written.
pub struct Evidence {
    /// Name of the trial.
    pub trial: String,
    /// 1-based number of the step in its trial, clean-up included.
    pub number: usize,
    pub step: TrialStep,
    pub exchange: Exchange,
    /// What expressions see as `request`.
    pub request: Value,
    /// Variables as they were when the step was sent.
    pub vars: Value,
    /// Secrets by name, as expressions see them.
    pub env: Arc<Value>,
    /// Random numbers and the clock as they were when the answer was judged.
    pub ambient: Ambient,
    pub attempts: u32,
    /// Values that the spec declares secret, by parameter or field.
    pub secrets: Vec<(String, String)>,
    /// What the run found.
    pub findings: Vec<Finding>,
}

impl Evidence {
    /// The answer that came.
    pub fn response(&self) -> Option<&Response> {
        self.exchange.response.as_ref().ok()
    }

    /// Names of the contract's outcomes that `answer` satisfies, and its code, as printed.
    pub fn meaning(&self, response: &Response, answer: &Answer) -> (Vec<String>, Option<String>) {
        let ambient = Arc::new(self.ambient.frozen());
        let evaluator = Evaluator::new(Scope {
            status: Some(response.status),
            headers: Some(&answer.headers),
            body: answer.body.as_ref(),
            text: Some(&answer.text),
            request: Some(&self.request),
            document: answer.document.as_ref(),
            ..Scope::before(&self.vars, &self.env, &ambient)
        });
        let operation = &self.step.operation;
        let holds = |o: &&Arc<Outcome>| o.predicate.holds(&evaluator).unwrap_or(false);
        let outcomes = operation.outcomes.iter().filter(holds).map(|o| o.name.clone()).collect();
        let code = operation.codes.as_ref().and_then(|c| c.value.value(&evaluator).ok());
        (outcomes, code.map(|code| printed(&code)))
    }

    /// Judges another answer in the place of the one that came.
    pub fn judge(&self, response: &Response) -> Judged {
        self.with(|sent| sent.judge(response))
    }

    /// Judges another answer that was read, without the rules that are settled ([`Sent::judge_read`]).
    pub fn judge_read(
        &self,
        response: &Response,
        answer: &Answer,
        settled: &[bool],
    ) -> (Vec<Finding>, Option<String>) {
        self.with(|sent| sent.judge_read(response, answer, settled))
    }

    /// What each rule looks at in an answer ([`Sent::reads`]); `None` where rules take random numbers, so that each depends
    /// on those before it.
    pub fn reads(&self, response: &Response, answer: &Answer) -> Option<Vec<Option<Reads>>> {
        self.with(|sent| {
            let before = sent.ambient.position();
            let reads = sent.reads(response, answer);
            (sent.ambient.position() == before).then_some(reads)
        })
    }

    /// An answer as a snapshot would have it: without the values of variables, and of volatile places.
    pub fn snapshot(&self, response: &Response, answer: &Answer) -> String {
        let mut echoes = Echoes::default();
        for (name, value) in self.vars.as_object().into_iter().flatten() {
            echoes.add(name, value);
        }
        let headers = DEFAULT_HEADERS.map(str::to_owned);
        render(&[seen(&self.step, response, answer)], false, &headers, &echoes)
    }

    /// The step with random numbers and the clock as they were.
    fn with<T>(&self, judge: impl FnOnce(&Sent<'_>) -> T) -> T {
        let ambient = Arc::new(self.ambient.frozen());
        judge(&Sent {
            step: &self.step,
            exchange: &self.exchange,
            request: &self.request,
            vars: &self.vars,
            env: &self.env,
            ambient: &ambient,
            attempts: self.attempts,
        })
    }
}
