//! [`Table`]: for every check and rule, how many examples hold it and which break it.

use crate::contract::Rule;
use crate::model::level::Level;
use crate::model::source::Location;
use serde::Serialize;

/// What came of one judge and one example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    Holds,
    Breaks,
    /// It says nothing about this example: its guard does not hold, or it asks for a request that is not documented.
    NotAsked,
    /// It asks for something that only a run has.
    NeedsRun,
}

/// A check, or a rule by its line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Id of the rule, or name of the check.
    pub name: String,
    /// `None` for checks.
    pub rule: Option<RuleLine>,
    pub holds: usize,
    /// `operation/example`.
    pub breaks: Vec<String>,
    pub does_not_apply: usize,
    pub not_judged_offline: usize,
}

/// What a rule says of itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleLine {
    pub level: Level,
    pub says: Option<String>,
    pub doc: Option<String>,
    pub location: Location,
    /// The number of examples that are said to hold it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<u64>,
    #[serde(skip)]
    pub said_at: Option<Location>,
}

/// Rows in the order of the spec, checks first.
#[derive(Debug, Default)]
pub struct Table {
    pub rows: Vec<Row>,
}

impl Table {
    /// Adds a check's result.
    pub fn check(&mut self, name: &str, example: &str, measured: Measured) {
        let at = match self.rows.iter().position(|row| row.rule.is_none() && row.name == name) {
            Some(at) => at,
            None => self.push(name, None),
        };
        self.rows[at].add(example, measured);
    }

    /// The row of a rule. One that stands at the top of the spec judges several operations and has one row.
    pub fn rule(&mut self, rule: &Rule) -> &mut Row {
        let known = self.rows.iter().position(|row| {
            row.rule.as_ref().is_some_and(|line| line.location == rule.location) && row.name == rule.id
        });
        let at = known.unwrap_or_else(|| {
            let line = RuleLine {
                level: rule.level,
                says: rule.says.clone(),
                doc: rule.doc.clone(),
                location: rule.location.clone(),
                said: rule.holds.as_ref().map(|(n, _)| *n),
                said_at: rule.holds.as_ref().map(|(_, at)| at.clone()),
            };
            self.push(&rule.id, Some(line))
        });
        &mut self.rows[at]
    }

    fn push(&mut self, name: &str, rule: Option<RuleLine>) -> usize {
        self.rows.push(Row {
            name: name.to_owned(),
            rule,
            holds: 0,
            breaks: Vec::new(),
            does_not_apply: 0,
            not_judged_offline: 0,
        });
        self.rows.len() - 1
    }
}

impl Row {
    pub fn add(&mut self, example: &str, measured: Measured) {
        match measured {
            Measured::Holds => self.holds += 1,
            Measured::Breaks => self.breaks.push(example.to_owned()),
            Measured::NotAsked => self.does_not_apply += 1,
            Measured::NeedsRun => self.not_judged_offline += 1,
        }
    }
}
