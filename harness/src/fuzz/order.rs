//! In which order deviations are sent: what nothing is known of yet comes first.

use super::probe::{Demand, Phase, Probe};
use super::values::SAME_TEXT;
use std::collections::BTreeSet;

/// A pass over all operations: what of each it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// What showed a defect before, and every constraint of the document once, at the first operation that has it.
    Constraints,
    /// Every constraint at every place, who may come in, and of what no constraint forbids what servers fail at most often.
    Places,
    /// All the rest that follows from the contract.
    Rest,
}

/// What servers fail at most often, whether a constraint forbids it or not.
const LIKELY: [&str; 18] = [
    "missing",
    "empty",
    "null",
    "twice",
    "type-array",
    "type-object",
    "type-same-number",
    SAME_TEXT,
    "enum-beyond",
    "long",
    "markup",
    "leading-zero",
    "huge-number",
    "beyond-2-31",
    "beyond-2-53",
    "nul",
    "member-unknown",
    "truncated",
];

const NOTHING: [&str; 2] = ["null", "empty"];

/// What was sent of a document, and what is to come.
#[derive(Debug, Default)]
pub struct Order {
    /// Constraints of the document, by their place in it.
    constraints: BTreeSet<String>,
}

/// What was sent of an operation.
#[derive(Debug, Default)]
pub struct SentBefore {
    /// By name, and by seed where it is generated.
    probes: BTreeSet<(String, Option<u64>)>,
    /// Places, each with what was done there.
    places: BTreeSet<(String, String)>,
}

impl SentBefore {
    /// Takes a deviation in; whether it is new.
    pub fn add(&mut self, probe: &Probe) -> bool {
        self.probes.insert((probe.case(), probe.origin.as_ref().map(|origin| origin.seed)))
    }
}

impl Order {
    /// Which of the deviations of an operation a look sends; those that were sent are not sent again.
    pub fn take(&mut self, look: Look, probes: &[Probe], before: &mut SentBefore) -> Vec<Probe> {
        // What is nothing at all breaks most constraints, and shows of none whether it is enforced.
        let (nothing, something): (Vec<&Probe>, Vec<&Probe>) =
            probes.iter().partition(|probe| NOTHING.contains(&probe.kind.as_str()));
        let all = something.into_iter().chain(nothing);
        all.filter(|probe| self.is_wanted(look, probe, before) && before.add(probe)).cloned().collect()
    }

    fn is_wanted(&mut self, look: Look, probe: &Probe, before: &mut SentBefore) -> bool {
        let done = match &probe.demand {
            Demand::Refused(breach) => &breach.constraint,
            Demand::Accepted(_) | Demand::NotServed | Demand::Open => &probe.kind,
        };
        let at_place = (probe.place.clone(), done.clone());
        match look {
            Look::Constraints => {
                let Demand::Refused(breach) = &probe.demand else { return false };
                let line = breach.spec.as_ref().map(ToString::to_string).unwrap_or_default();
                let constraint = format!("{line} {} {}", breach.pointer.as_deref().unwrap_or_default(), done);
                let new = self.constraints.insert(constraint);
                if new {
                    before.places.insert(at_place);
                }
                new
            }
            Look::Places => {
                let asks_who = probe.phase == Phase::Sequences;
                let looked_for = match probe.demand {
                    Demand::Refused(_) => before.places.insert(at_place),
                    Demand::NotServed => true,
                    Demand::Accepted(_) | Demand::Open => false,
                };
                asks_who || looked_for || LIKELY.contains(&probe.kind.as_str())
            }
            Look::Rest => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::{Bound, Breach};
    use super::*;
    use crate::model::level::Level;

    fn probe(place: &str, kind: &str, constraint: Option<(&str, &str)>) -> Probe {
        let demand = constraint.map_or(Demand::Open, |(constraint, pointer)| {
            Demand::Refused(Breach {
                constraint: constraint.into(),
                says: String::new(),
                level: Level::Must,
                spec: None,
                pointer: Some(pointer.into()),
                doc: None,
            })
        });
        Probe {
            phase: Phase::Boundaries,
            place: place.into(),
            kind: kind.into(),
            demand,
            bound: Bound::Contract,
            ..Probe::sequence("")
        }
    }

    #[test]
    fn every_constraint_is_looked_at_before_any_is_looked_at_twice() {
        let list = || {
            vec![
                probe("title", "null", Some(("type", "/Book/title/type"))),
                probe("title", "type-number", Some(("type", "/Book/title/type"))),
                probe("title", "maxLength+1", Some(("maxLength", "/Book/title/maxLength"))),
                probe("title", "emoji", None),
                probe("title", "markup", None),
            ]
        };
        let mut order = Order::default();
        let (mut made, mut changed) = (SentBefore::default(), SentBefore::default());
        let mut names = |look, before: &mut SentBefore| {
            order.take(look, &list(), before).into_iter().map(|probe| probe.kind).collect::<Vec<_>>()
        };
        assert_eq!(names(Look::Constraints, &mut made), ["type-number", "maxLength+1"]);
        assert!(names(Look::Constraints, &mut changed).is_empty(), "it has the same schema");
        assert_eq!(names(Look::Places, &mut made), ["markup", "null"]);
        assert_eq!(names(Look::Places, &mut changed), ["type-number", "maxLength+1", "markup", "null"]);
        assert_eq!(names(Look::Rest, &mut made), ["emoji"]);
        assert_eq!(names(Look::Rest, &mut changed), ["emoji"]);
        assert!(names(Look::Rest, &mut changed).is_empty());
    }
}
