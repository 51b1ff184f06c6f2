//! [`Waivers`]: what the suite's `waivers.yaml` does to trials as they end. A waived finding stays where it is; it only
//! no longer fails its trial.

use super::pattern::fits;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::{TrialFinished, WaiverSummary};
use crate::suite::Waiver;
use jiff::civil::Date;
use std::sync::atomic::{AtomicBool, Ordering};

/// The waivers of a run. Shared by all threads.
#[derive(Debug, Default)]
pub struct Waivers {
    list: Vec<Kept>,
}

#[derive(Debug)]
struct Kept {
    waiver: Waiver,
    expired: bool,
    used: AtomicBool,
}

impl Waivers {
    /// `today` decides which have run out: a waiver holds up to and with its last day.
    pub fn new(waivers: &[Waiver], today: Date) -> Self {
        let keep = |waiver: &Waiver| Kept {
            waiver: waiver.clone(),
            expired: waiver.until < today,
            used: AtomicBool::new(false),
        };
        Self { list: waivers.iter().map(keep).collect() }
    }

    /// Marks the findings of a trial that are accepted. A trial all of whose failing findings are becomes `waived`.
    pub fn apply(&self, trial: &mut TrialFinished) {
        if self.list.is_empty() {
            return;
        }
        let name = trial.name.clone();
        let mut by: Option<&Kept> = None;
        for finding in trial.steps.iter_mut().flat_map(|step| &mut step.findings) {
            for kept in &self.list {
                if !kept.waiver.accepts(&name, finding) {
                    continue;
                }
                kept.used.store(true, Ordering::Relaxed);
                match kept.expired {
                    true => finding.details.push(kept.ran_out()),
                    false if finding.waived.is_none() => {
                        finding.waived = Some(kept.waiver.id.value.clone());
                        by = by.or(Some(kept));
                    }
                    false => {}
                }
            }
        }
        let fails = trial.findings().any(|(_, finding)| finding.fails());
        if let (Verdict::Failed, false, Some(kept)) = (trial.verdict, fails, by) {
            // A step that could not be judged is no deviation that somebody could have accepted.
            trial.verdict = match trial.reason {
                Some(_) => Verdict::Errored,
                None => Verdict::Waived,
            };
            trial.reason = trial.reason.take().or_else(|| Some(kept.says()));
        }
    }

    /// The waivers that have run out, for the record.
    pub fn expired(&self) -> Vec<WaiverSummary> {
        self.list.iter().filter(|kept| kept.expired).map(Kept::summary).collect()
    }

    /// The waivers that fitted no finding so far.
    pub fn unused(&self) -> Vec<&Waiver> {
        let unused = self.list.iter().filter(|kept| !kept.used.load(Ordering::Relaxed));
        unused.map(|kept| &kept.waiver).collect()
    }

    /// All of them, for the record.
    pub fn summaries(&self) -> Vec<WaiverSummary> {
        self.list.iter().map(Kept::summary).collect()
    }
}

/// `W-1 (qa, ticket 12) on 2026-01-31`: whom to ask about a waiver that has run out.
pub fn ran_out(waiver: &WaiverSummary) -> String {
    let WaiverSummary { id, owner, ticket, until, .. } = waiver;
    let ticket = ticket.as_ref().map(|ticket| format!(", ticket {ticket}")).unwrap_or_default();
    format!("{id} ({owner}{ticket}) on {until}")
}

impl Kept {
    fn summary(&self) -> WaiverSummary {
        let Waiver { id, reason, owner, ticket, until, location, .. } = &self.waiver;
        WaiverSummary {
            id: id.value.clone(),
            reason: reason.clone(),
            owner: owner.clone(),
            ticket: ticket.clone(),
            until: until.to_string(),
            expired: self.expired,
            location: location.clone(),
        }
    }

    fn says(&self) -> String {
        let Waiver { id, reason, owner, until, .. } = &self.waiver;
        format!("waived by {} ({owner}) until {until}: {reason}", id.value)
    }

    fn ran_out(&self) -> String {
        let Waiver { id, owner, until, .. } = &self.waiver;
        format!("the waiver {} ({owner}) for this ran out on {until}", id.value)
    }
}

impl Waiver {
    /// Whether the waiver is about a finding of a trial. Only what fails needs one.
    fn accepts(&self, trial: &str, finding: &Finding) -> bool {
        let some = |pattern: &Option<String>, text: &str| pattern.as_deref().is_none_or(|p| fits(p, text));
        finding.level == Level::Must
            && some(&self.case, trial)
            && some(&self.finding.check, &finding.check)
            && some(&self.finding.requirement, finding.requirement.as_deref().unwrap_or_default())
            && some(&self.finding.at, &finding.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{At, Location, Span};
    use crate::report::fixture::{finding, trial_with};
    use crate::suite::FindingPattern;

    fn waiver(id: &str, case: Option<&str>, at: Option<&str>, until: &str) -> Waiver {
        Waiver {
            id: At::new(id.into(), Span::default()),
            case: case.map(str::to_owned),
            finding: FindingPattern { at: at.map(str::to_owned), ..FindingPattern::default() },
            reason: "later".into(),
            owner: "qa".into(),
            ticket: None,
            until: until.parse().expect("a day"),
            location: Location { file: "waivers.yaml".into(), line: 1, column: 1 },
        }
    }

    const TODAY: Date = jiff::civil::date(2026, 11, 22);

    #[test]
    fn a_trial_is_waived_when_each_failing_finding_is() {
        let waivers = Waivers::new(&[waiver("A", None, Some("/a"), "2026-11-22")], TODAY);
        let mut both = trial_with(vec![finding("schema", "/a"), finding("schema", "/b")]);
        waivers.apply(&mut both);
        assert_eq!(both.verdict, Verdict::Failed);
        assert_eq!(both.steps[0].findings[0].waived.as_deref(), Some("A"));
        assert_eq!(both.steps[0].findings[1].waived, None);
        let mut one = trial_with(vec![finding("schema", "/a")]);
        waivers.apply(&mut one);
        assert_eq!(one.verdict, Verdict::Waived);
        assert_eq!(one.reason.as_deref(), Some("waived by A (qa) until 2026-11-22: later"));
        assert!(waivers.unused().is_empty() && waivers.expired().is_empty());
    }

    #[test]
    fn a_waiver_that_has_run_out_waives_nothing_and_says_so() {
        let waivers = Waivers::new(&[waiver("A", Some("cube::*"), None, "2026-11-21")], TODAY);
        let mut trial = trial_with(vec![finding("schema", "/a")]);
        waivers.apply(&mut trial);
        assert_eq!(trial.verdict, Verdict::Failed);
        assert_eq!(trial.steps[0].findings[0].details, ["the waiver A (qa) for this ran out on 2026-11-21"]);
        assert_eq!(waivers.expired().len(), 1);
    }

    #[test]
    fn what_could_not_be_judged_is_not_waived() {
        let waivers = Waivers::new(&[waiver("A", Some("*"), None, "2027-01-01")], TODAY);
        let mut trial = trial_with(vec![finding("schema", "/a")]);
        trial.reason = Some("timeout".into());
        waivers.apply(&mut trial);
        assert_eq!(trial.verdict, Verdict::Errored);
    }

    #[test]
    fn other_cases_are_not_waived() {
        let waivers = Waivers::new(&[waiver("A", Some("roam::*"), None, "2027-01-01")], TODAY);
        let mut trial = trial_with(vec![finding("schema", "/a")]);
        waivers.apply(&mut trial);
        assert_eq!(trial.verdict, Verdict::Failed);
        assert_eq!(waivers.unused().len(), 1);
    }
}
