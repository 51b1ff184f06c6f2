//! [`run`]: a plan on libtest-mimic. Every trial of the plan ends in exactly one event.

use super::context::RunContext;
use super::trial::Ended;
use super::{large, trial, worker};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::{Verdict, exit};
use crate::plan::{Planned, Trial};
use crate::policy::{flaky, tried_before};
use crate::record::{Counts, Event, TrialFinished};
use libtest_mimic::{Arguments, Completion, Failed};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// Sees trials as they end, in the order in which they do. Called from all threads.
pub trait Observer: Send + Sync {
    fn trial_finished(&self, trial: &TrialFinished);
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub counts: Counts,
    pub interrupted: bool,
}

impl Outcome {
    /// The exit status: wrong beats could-not-tell. Where nothing was judged, nobody can tell.
    pub fn exit(&self) -> u8 {
        match self.counts {
            Counts { failed: 1.., .. } => exit::FINDINGS,
            Counts { errored: 1.., .. } => exit::COULD_NOT_JUDGE,
            _ if self.interrupted || self.counts.judged() == 0 => exit::COULD_NOT_JUDGE,
            _ => exit::CONFORMANT,
        }
    }
}

/// libtest-mimic with so many threads, and without its own output, which would be a second one beside ours.
pub fn quiet(jobs: u64) -> Arguments {
    Arguments {
        test_threads: Some(jobs as usize),
        logfile: Some(if cfg!(windows) { "NUL" } else { "/dev/null" }.into()),
        ..Arguments::default()
    }
}

/// Runs the plan with libtest-mimic's own filters, threads and output as `arguments` say.
pub fn run(
    plan: Vec<Planned>,
    context: &Arc<RunContext>,
    arguments: &Arguments,
    observer: &Arc<dyn Observer>,
) -> Outcome {
    let counts = Arc::new(Mutex::new(Counts::default()));
    let trials = plan
        .into_iter()
        .map(|planned| {
            let (context, observer, counts) = (context.clone(), observer.clone(), counts.clone());
            let name = planned.trial.name.clone();
            libtest_mimic::Trial::ignorable_test(name, move || {
                let finished = finish(&planned, &context);
                report(finished, &context, observer.as_ref(), &counts)
            })
        })
        .collect();
    // Its conclusion is counts only; ours know more.
    let _ = libtest_mimic::run(arguments, trials);
    worker::close();
    let counts = *counts.lock().unwrap_or_else(PoisonError::into_inner);
    Outcome { counts, interrupted: context.stop.reason().is_some() }
}

/// The trial as it ended, after as many tries as the policy wants.
fn finish(planned: &Planned, context: &RunContext) -> TrialFinished {
    let attempt = || {
        let mut finished = attempt(planned, context);
        context.waivers.apply(&mut finished);
        finished
    };
    let mut last = attempt();
    let mut retried = Vec::new();
    for _ in 0..context.retries.times {
        if !context.retries.wants(&last) || context.stop.reason().is_some() {
            break;
        }
        let again = attempt();
        retried.push(tried_before(&last));
        last = again;
        if last.verdict == Verdict::Passed {
            last = flaky(last, &retried);
        }
    }
    last.retried = retried;
    last
}

/// The trial as it ended: skipped, not worth trying, or run.
fn attempt(planned: &Planned, context: &RunContext) -> TrialFinished {
    let reason = planned.skip.clone().or_else(|| context.stop.reason().map(str::to_owned));
    if let Some(reason) = reason {
        return without_run(&planned.trial, Verdict::Skipped, reason, context);
    }
    let trial = &planned.trial;
    if let Some(reason) = context.circuit.refusal(&trial.api) {
        return without_run(trial, Verdict::Errored, reason, context);
    }
    let finished = tried(trial, context);
    context.circuit.note(&finished);
    finished
}

/// The trial as it ended when it was run. A panic inside is an error of ours, and says so.
fn tried(trial: &Trial, context: &RunContext) -> TrialFinished {
    let run = || worker::with(context, async |client| trial::run(trial, context, client).await);
    let sent = || -> Result<Ended, String> {
        let first = run()?;
        // A kept connection may have been closed or desynchronised by the trial before. Where sending again changes
        // nothing at the target, a fresh connection tells.
        let doubtful = first.kept && first.result.finished.verdict != Verdict::Passed;
        if !doubtful || !trial.is_safe() || context.stop.is_interrupted() {
            return Ok(first.result);
        }
        let mut second = run()?.result;
        if second.finished.verdict == Verdict::Passed {
            let note = kept_connection(&first.result.finished);
            second.finished.steps.iter_mut().take(1).for_each(|step| step.findings.push(note.clone()));
        }
        Ok(second)
    };
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let Ended { mut finished, taken } = sent()?;
        if let (Some(keep), Some(taken)) = (&context.keep, taken) {
            keep.keep(&mut finished, taken);
        }
        Ok(finished)
    }));
    match ran {
        Ok(Ok(finished)) => finished,
        Ok(Err(e)) => without_run(trial, Verdict::Errored, e, context),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            without_run(trial, Verdict::Errored, format!("proofmark itself failed: {text}"), context)
        }
    }
}

/// The target answered a kept connection wrongly, and a fresh one rightly.
fn kept_connection(first: &TrialFinished) -> Finding {
    let what = first.findings().map(|(_, f)| f.message.clone()).next().or_else(|| first.reason.clone());
    Finding::new("connection", "connection", "a kept connection was answered wrongly, a fresh one rightly")
        .requirement("keep-alive")
        .level(Level::Should)
        .expected("each answer belongs to its request (RFC 9112 section 9.3)")
        .actual(what.unwrap_or_default())
        .case(Some(first.location.clone()))
}

fn without_run(trial: &Trial, verdict: Verdict, reason: String, context: &RunContext) -> TrialFinished {
    trial.finished(verdict, Some(reason), context.started.elapsed().as_millis() as u64)
}

/// Redacts, records and shows a trial, and tells libtest-mimic.
fn report(
    mut finished: TrialFinished,
    context: &RunContext,
    observer: &dyn Observer,
    counts: &Mutex<Counts>,
) -> Result<Completion, Failed> {
    let responses = finished.steps.iter().filter_map(|step| step.response.as_ref());
    let _turn = large::turn(responses.map(|response| response.body.size).sum());
    context.redactor.trial(&mut finished);
    let must = Level::Must;
    {
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.add(finished.verdict);
        counts.warnings += finished.findings().filter(|(_, f)| f.level < must).count();
    }
    if context.fail_fast && matches!(finished.verdict, Verdict::Failed | Verdict::Errored) {
        context.stop.fail_fast();
    }
    observer.trial_finished(&finished);
    let result = match finished.verdict {
        Verdict::Passed | Verdict::Flaky | Verdict::Waived => Ok(Completion::Completed),
        Verdict::Skipped => Ok(Completion::ignored_with(finished.reason.as_deref().unwrap_or_default())),
        Verdict::Failed | Verdict::Errored => Err(message(&finished).into()),
    };
    if let Some(recorder) = &context.recorder {
        recorder.write(&Event::TrialFinished(Box::new(finished)));
    }
    result
}

/// What `cargo test` and nextest show of a trial that did not pass.
fn message(trial: &TrialFinished) -> String {
    let mut lines = vec![format!("{}: {}", trial.verdict.as_str(), trial.title)];
    lines.extend(trial.reason.iter().cloned());
    for (index, finding) in trial.findings() {
        lines.push(format!("[{}] {} at {}", finding.check, finding.message, finding.at));
        lines.push(format!("    {}", trial.steps[index].curl));
    }
    crate::model::visible::visible(&lines.join("\n")).into_owned()
}
