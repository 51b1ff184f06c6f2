//! What came of a trial, against what must come of it.

use crate::hostile::{Behaviour, Cause, Check, Expect, Reuse};
use proofmark::model::level::Level;
use proofmark::model::verdict::Verdict;
use proofmark::record::TrialFinished;

/// What is not as expected.
pub fn surprise(expect: Expect, trial: &TrialFinished) -> Option<String> {
    let checks: Vec<&str> =
        trial.findings().filter(|(_, f)| f.level == Level::Must).map(|(_, f)| f.check.as_str()).collect();
    let kinds: Vec<&str> =
        trial.steps.iter().filter_map(|s| s.error.as_ref()).map(|e| e.kind.as_str()).collect();
    let fits = match expect {
        Expect::Passed => trial.verdict == Verdict::Passed,
        Expect::Failed(wanted) => {
            let found = |check: &Check| checks.iter().any(|found| names(*check).contains(found));
            trial.verdict == Verdict::Failed && wanted.iter().any(found)
        }
        Expect::Errored(wanted) => {
            let found = |cause: &Cause| kinds.iter().any(|found| *found == kind(*cause));
            trial.verdict == Verdict::Errored && wanted.iter().any(found)
        }
        Expect::NotPassed => matches!(trial.verdict, Verdict::Failed | Verdict::Errored),
    };
    let reason = trial.reason.as_deref().unwrap_or_default();
    (!fits).then(|| format!("{:?} by {checks:?}{kinds:?} ({reason}) instead of {expect:?}", trial.verdict))
}

/// What a behaviour did to the honest trial after it.
pub fn harm(row: &Behaviour, honest: &TrialFinished) -> Option<String> {
    if honest.verdict != Verdict::Passed {
        let findings: Vec<&str> = honest.findings().map(|(_, f)| f.message.as_str()).collect();
        return Some(format!("the honest trial is {:?}: {:?} {findings:?}", honest.verdict, honest.reason));
    }
    // That a kept connection had to be given up is worth a warning; where it is in order, there is nothing to say.
    let warned: Vec<&str> = honest.findings().map(|(_, f)| f.message.as_str()).collect();
    let silent = row.reuse != Reuse::Safe || warned.is_empty();
    (!silent).then(|| format!("the honest trial has findings: {warned:?}"))
}

/// The checks of the harness that find it.
fn names(check: Check) -> &'static [&'static str] {
    match check {
        Check::Status => &["status"],
        Check::ContentType => &["content-type"],
        Check::Charset => &["charset"],
        Check::ContentEncoding => &["content-encoding"],
        Check::WellFormed => &["well-formed"],
        Check::Schema => &["schema", "xsd"],
        Check::Echo => &["rule"],
    }
}

/// The kind of the error in the record.
fn kind(cause: Cause) -> &'static str {
    match cause {
        Cause::Connect | Cause::Tls => "connect",
        Cause::Closed | Cause::Protocol | Cause::Encoding => "protocol",
        Cause::Timeout => "timeout",
        Cause::TooLarge => "too-large",
    }
}
