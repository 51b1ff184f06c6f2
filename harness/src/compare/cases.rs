//! [`Cases`]: what became of each case from one run to the next.

use super::index::{Index, Judged};
use crate::model::verdict::Verdict;
use serde::Serialize;

/// From one run to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Passed, and fails now; or failed, and fails for another reason too.
    NewlyFailing,
    /// Was judged, and cannot be judged now.
    NewlyErrored,
    Fixed,
    StillFailing,
    /// Not in the earlier run.
    New,
    /// Not in the later run: removed, or not selected.
    Gone,
}

impl State {
    pub const ALL: [State; 6] =
        [Self::NewlyFailing, Self::NewlyErrored, Self::New, Self::StillFailing, Self::Fixed, Self::Gone];

    pub fn words(self) -> &'static str {
        match self {
            Self::NewlyFailing => "newly failing",
            Self::NewlyErrored => "newly errored",
            Self::Fixed => "fixed",
            Self::StillFailing => "still failing",
            Self::New => "new",
            Self::Gone => "gone or not run",
        }
    }
}

/// A case that is not simply still passing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Case {
    pub name: String,
    pub title: String,
    pub state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Verdict>,
    /// Why it fails now and did not before; of a case that still fails for the same reasons: nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
}

/// All cases of both runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Cases {
    pub passing: usize,
    pub changed: Vec<Case>,
    /// Names of cases that failed and passed within one of the runs.
    pub flaky: Vec<String>,
    /// Cases of both runs with warnings that they did not have. They decide nothing.
    pub newly_warned: Vec<Warned>,
}

/// A case with new warnings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Warned {
    pub name: String,
    pub title: String,
    /// What is warned of now and was not before.
    pub because: Vec<String>,
}

impl Cases {
    pub fn of(old: &Index, new: &Index) -> Self {
        let mut cases = Self::default();
        for (name, after) in &new.judged {
            let before = old.judged.get(name);
            match state(before, after) {
                Some(state) => cases.changed.push(case(name, before, Some(after), state)),
                None => cases.passing += 1,
            }
            let because =
                before.map(|before| news(Some(&before.warnings), &after.warnings)).unwrap_or_default();
            if !because.is_empty() {
                cases.newly_warned.push(Warned { name: name.clone(), title: after.title.clone(), because });
            }
        }
        for (name, before) in old.judged.iter().filter(|(name, _)| !new.judged.contains_key(*name)) {
            cases.changed.push(case(name, Some(before), None, State::Gone));
        }
        cases.changed.sort_by(|a, b| (a.state, &a.name).cmp(&(b.state, &b.name)));
        let flaky = new.judged.iter().chain(&old.judged).filter(|(_, j)| j.flaky);
        cases.flaky = flaky.map(|(name, _)| name.clone()).collect();
        cases.flaky.sort();
        cases.flaky.dedup();
        cases
    }

    pub fn count(&self, state: State) -> usize {
        self.changed.iter().filter(|case| case.state == state).count()
    }

    /// What did not fail before: newly failing cases, and new cases that fail.
    pub fn newly_broken(&self) -> impl Iterator<Item = &Case> {
        self.changed.iter().filter(|case| {
            case.state == State::NewlyFailing
                || (case.state == State::New && case.new == Some(Verdict::Failed))
        })
    }

    /// What could be judged before, or is new, and cannot be judged.
    pub fn newly_errored(&self) -> impl Iterator<Item = &Case> {
        self.changed.iter().filter(|case| {
            case.state == State::NewlyErrored
                || (case.state == State::New && case.new == Some(Verdict::Errored))
        })
    }
}

/// `None` where a case passed and passes.
fn state(before: Option<&Judged>, after: &Judged) -> Option<State> {
    let Some(before) = before else { return Some(State::New) };
    // Waived failures are accepted; a flaky case has passed.
    let passes = |verdict| matches!(verdict, Verdict::Passed | Verdict::Waived | Verdict::Flaky);
    match (before.verdict, after.verdict) {
        (old, new) if passes(old) && passes(new) => None,
        (_, new) if passes(new) => Some(State::Fixed),
        (Verdict::Failed, Verdict::Failed) if new_causes(Some(before), after).is_empty() => {
            Some(State::StillFailing)
        }
        (_, Verdict::Failed) => Some(State::NewlyFailing),
        (Verdict::Errored, _) => Some(State::StillFailing),
        _ => Some(State::NewlyErrored),
    }
}

fn new_causes(before: Option<&Judged>, after: &Judged) -> Vec<String> {
    news(before.map(|before| before.causes.as_slice()), &after.causes)
}

/// What is said now of causes that were not there before.
fn news(before: Option<&[(String, String)]>, after: &[(String, String)]) -> Vec<String> {
    let known = |key: &str| before.is_some_and(|before| before.iter().any(|(known, _)| known == key));
    after.iter().filter(|(key, _)| !known(key)).map(|(_, says)| says.clone()).collect()
}

fn case(name: &str, before: Option<&Judged>, after: Option<&Judged>, state: State) -> Case {
    Case {
        name: name.to_owned(),
        title: after.or(before).map(|j| j.title.clone()).unwrap_or_default(),
        state,
        old: before.map(|j| j.verdict),
        new: after.map(|j| j.verdict),
        because: after.map(|after| new_causes(before, after)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::RunName;
    use super::*;

    fn warned(more: bool) -> Vec<(String, String)> {
        let all = [("a", "as ever"), ("b", "news")];
        all.iter().take(1 + usize::from(more)).map(|(k, v)| ((*k).into(), (*v).into())).collect()
    }

    fn index(later: bool, cases: &[(&str, Verdict, &str)]) -> Index {
        let name = RunName { run: String::new(), started: String::new(), target: String::new(), whole: true };
        let judged = cases.iter().map(|(name, verdict, cause)| {
            let causes = cause.split_whitespace().map(|c| (c.to_owned(), c.to_owned())).collect();
            let warnings = if *name == "fine" { Vec::new() } else { warned(*name == "same" && later) };
            let judged =
                Judged { verdict: *verdict, title: String::new(), causes, warnings, flaky: *name == "same" };
            ((*name).to_owned(), judged)
        });
        Index { name, apis: Vec::new(), judged: judged.collect() }
    }

    #[test]
    fn every_way_from_one_run_to_the_next() {
        use Verdict::{Errored, Failed, Passed};
        let old = index(
            false,
            &[
                ("broke", Passed, ""),
                ("fixed", Failed, "a"),
                ("gone", Passed, ""),
                ("same", Passed, ""),
                ("still", Failed, "a b"),
                ("worse", Failed, "a"),
                ("lost", Passed, ""),
                ("down", Errored, "e"),
                ("up", Errored, "e"),
            ],
        );
        let new = index(
            true,
            &[
                ("broke", Failed, "x"),
                ("fixed", Passed, ""),
                ("same", Passed, ""),
                ("still", Failed, "a"),
                ("worse", Failed, "a c"),
                ("lost", Errored, "e"),
                ("fresh", Failed, "y"),
                ("fine", Passed, ""),
                ("down", Errored, "e"),
                ("up", Failed, "z"),
            ],
        );
        let cases = Cases::of(&old, &new);
        let shown: Vec<String> = cases
            .changed
            .iter()
            .map(|c| format!("{}: {} {}", c.state.words(), c.name, c.because.join(",")))
            .collect();
        assert_eq!(
            shown,
            [
                "newly failing: broke x",
                "newly failing: up z",
                "newly failing: worse c",
                "newly errored: lost e",
                "fixed: fixed ",
                "still failing: down ",
                "still failing: still ",
                "new: fine ",
                "new: fresh y",
                "gone or not run: gone ",
            ]
        );
        assert_eq!(
            cases.newly_broken().map(|c| c.name.as_str()).collect::<Vec<_>>(),
            ["broke", "up", "worse", "fresh"]
        );
        assert_eq!(cases.newly_errored().count(), 1);
        assert_eq!((cases.passing, &cases.flaky), (1, &vec!["same".to_owned()]));
        let warned: Vec<_> =
            cases.newly_warned.iter().map(|w| (w.name.as_str(), w.because.as_slice())).collect();
        assert_eq!(warned, [("same", ["news".to_owned()].as_slice())]);
    }
}
