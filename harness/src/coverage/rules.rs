//! [`RuleTracker`]: which rules of the contracts were asked of an answer.

use crate::check::is_asked;
use crate::contract::{Contract, Rule};
use crate::expr::Evaluator;
use crate::record::RuleSummary;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag for each rule, set from all threads.
#[derive(Debug, Default)]
pub struct RuleTracker {
    rules: Vec<(RuleSummary, AtomicBool)>,
    /// By where the rule is in memory: operations share those of their API.
    numbers: HashMap<usize, usize>,
}

impl RuleTracker {
    pub fn new<'c>(contracts: impl IntoIterator<Item = &'c Contract>) -> Self {
        let mut tracker = Self::default();
        for contract in contracts {
            for operation in &contract.operations {
                for rule in operation.all_rules() {
                    let number = tracker.number(contract, rule);
                    let operations = &mut tracker.rules[number].0.operations;
                    if operations.last() != Some(&operation.id) {
                        operations.push(operation.id.clone());
                    }
                }
            }
        }
        tracker
    }

    fn number(&mut self, contract: &Contract, rule: &Arc<Rule>) -> usize {
        *self.numbers.entry(Arc::as_ptr(rule) as usize).or_insert_with(|| {
            let says =
                rule.says.as_deref().map_or_else(|| rule.rule.source().to_owned(), |s| s.trim().to_owned());
            let summary = RuleSummary {
                api: contract.api.clone(),
                id: rule.id.clone(),
                level: rule.level,
                says,
                doc: rule.doc.clone(),
                spec: rule.location.clone(),
                operations: Vec::new(),
                asked: false,
            };
            self.rules.push((summary, AtomicBool::new(false)));
            self.rules.len() - 1
        })
    }

    /// Sees an answer (or a callback) that was judged by these rules.
    pub fn judged<'r>(&self, rules: impl IntoIterator<Item = &'r Arc<Rule>>, evaluator: &Evaluator<'_>) {
        for rule in rules {
            let number = self.numbers.get(&(Arc::as_ptr(rule) as usize));
            if let Some((_, asked)) = number.map(|number| &self.rules[*number])
                && !asked.load(Ordering::Relaxed)
                && is_asked(rule, evaluator)
            {
                asked.store(true, Ordering::Relaxed);
            }
        }
    }

    /// All rules, in the order of the contracts.
    pub fn statement(&self) -> Vec<RuleSummary> {
        let told = |(rule, asked): &(RuleSummary, AtomicBool)| RuleSummary {
            asked: asked.load(Ordering::Relaxed),
            ..rule.clone()
        };
        self.rules.iter().map(told).collect()
    }
}
