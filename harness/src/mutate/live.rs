//! [`Live`]: answers of a running target, changed on their way: the mutants that are judged offline, one an answer.

use super::operator::{Mutant, Operator};
use super::operators;
use super::source::Pool;
use crate::contract::Operation;
use crate::engine::Evidence;
use crate::expr::Ambient;
use crate::http::request::view;
use crate::model::exchange::{Exchange, Response};
use crate::plan::{Action, Planned, TrialStep};
use jiff::tz::Offset;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// What is changed, and what of it.
pub struct Choice {
    pub seed: u64,
    /// The share of the answers that are changed, between 0 and 1.
    pub share: f64,
    pub operators: Vec<&'static Operator>,
}

/// What the client asks for in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// What the seed says.
    Seeded,
    /// The answer as it is.
    Unchanged,
    /// A mutant of this operator, in this field where one is named.
    Named { operator: String, field: Option<String> },
}

impl Wish {
    /// `none`, `drop`, `drop /data/order_id`.
    pub fn read(text: &str) -> Self {
        match text.trim().split_once(' ').unwrap_or((text.trim(), "")) {
            ("", _) => Self::Seeded,
            ("none", "") => Self::Unchanged,
            (operator, field) => Self::Named {
                operator: operator.to_owned(),
                field: (!field.trim().is_empty()).then(|| field.trim().to_owned()),
            },
        }
    }
}

/// A mutant that is served in the place of an answer.
#[derive(Debug, Clone)]
pub struct Served {
    /// 1-based.
    pub number: usize,
    pub api: String,
    pub operation: String,
    pub operator: &'static str,
    pub field: String,
    /// What is different, without secrets.
    pub change: String,
    pub response: Response,
}

/// Changes answers. Which ones, and how, follows from the seed, the request, and how often it came.
pub struct Live {
    choice: Choice,
    /// For each operation the step that its answers are taken apart as, and the path that its API is served under.
    steps: Vec<(String, TrialStep)>,
    env: Arc<Value>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// The last answers of each operation, for defects that need another answer.
    earlier: Vec<Evidence>,
    /// How often a request came, by its hash.
    came: HashMap<u64, u64>,
    served: usize,
}

/// Answers of an operation that are kept.
const KEPT: usize = 2;

impl Live {
    /// `bases` are the paths that the APIs are served under (`/cube`), `env` the secrets that expressions see.
    pub fn new(plan: &[Planned], bases: &[(String, String)], env: Value, choice: Choice) -> Self {
        let mut steps: Vec<(String, TrialStep)> = Vec::new();
        let actions = plan.iter().flat_map(|p| p.trial.actions.iter().chain(&p.trial.finally));
        for action in actions {
            let Action::Call(step) = action else { continue };
            let is_known = |(_, known): &(String, TrialStep)| Arc::ptr_eq(&known.operation, &step.operation);
            let base = bases.iter().find(|(api, _)| *api == step.operation.api);
            if let Some((_, base)) = base.filter(|_| !steps.iter().any(is_known)) {
                steps.push((base.clone(), (**step).clone()));
            }
        }
        Self { choice, steps, env: Arc::new(env), seen: Mutex::default() }
    }

    /// What to serve in the place of the answer; `None` where it passes as it is.
    pub fn pass(&self, exchange: Exchange, wish: &Wish) -> Option<Served> {
        let path = exchange.request.url.splitn(4, '/').nth(3).unwrap_or_default();
        let path = format!("/{}", path.split('?').next().unwrap_or_default());
        let (_, step) = self
            .steps
            .iter()
            .find(|(base, step)| is_of(&step.operation, base, &exchange.request.method, &path))?;
        let charset =
            step.request.charset.as_deref().or(step.operation.charset.as_deref()).unwrap_or("UTF-8");
        let query = exchange.request.url.split_once('?').map(|(_, query)| query);
        let mut hasher = DefaultHasher::new();
        (&exchange.request.method, &path, query, &exchange.request.body).hash(&mut hasher);
        let request = hasher.finish();
        let evidence = Evidence {
            trial: "an earlier answer".into(),
            number: 0,
            step: step.clone(),
            request: view(&exchange.request, charset),
            vars: Value::Object(Map::new()),
            env: self.env.clone(),
            ambient: Ambient::new(self.choice.seed, "served", Offset::UTC),
            attempts: 1,
            secrets: Vec::new(),
            findings: Vec::new(),
            exchange,
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let times = seen.came.entry(request).or_default();
        *times += 1;
        let draw = Ambient::new(self.choice.seed, &format!("{request} {times}"), Offset::UTC);
        let mutant = self.mutant(&evidence, &seen.earlier, wish, &draw);
        seen.keep(evidence);
        let (mutant, change) = mutant?;
        seen.served += 1;
        Some(Served {
            number: seen.served,
            api: step.operation.api.clone(),
            operation: step.operation.id.clone(),
            operator: mutant.operator.name,
            field: mutant.field,
            change,
            response: mutant.response,
        })
    }

    /// A mutant, and how it is shown.
    fn mutant(
        &self,
        evidence: &Evidence,
        earlier: &[Evidence],
        wish: &Wish,
        draw: &Ambient,
    ) -> Option<(Mutant, String)> {
        let mut operators = self.choice.operators.clone();
        let mut wanted = None;
        match wish {
            Wish::Unchanged => return None,
            Wish::Seeded if share_of(draw) >= self.choice.share => return None,
            Wish::Seeded => shuffle(&mut operators, draw),
            Wish::Named { operator, field } => {
                operators.retain(|known| [known.name, known.family].contains(&operator.as_str()));
                wanted = field.as_deref();
            }
        }
        let operation = &evidence.step.operation;
        let is_useful = |e: &&Evidence| e.step.operation.api == operation.api;
        let pool = Pool::new(earlier.iter().filter(is_useful).chain([evidence]));
        let source = pool.sources.last().filter(|source| std::ptr::eq(source.evidence, evidence))?;
        for operator in operators {
            let mut found: Vec<Mutant> = Vec::new();
            operators::mutate(source, &pool, &[operator], &mut |mutant| {
                if wanted.is_none_or(|field| field == mutant.field || field == mutant.pointer) {
                    found.push(mutant);
                }
            });
            if !found.is_empty() {
                let mutant = found.swap_remove((draw.next() % found.len() as u64) as usize);
                let change = source.shown(&mutant);
                return Some((mutant, change));
            }
        }
        None
    }
}

impl Seen {
    /// Keeps an answer, and of each operation the last ones.
    fn keep(&mut self, evidence: Evidence) {
        let is_same = |e: &Evidence| Arc::ptr_eq(&e.step.operation, &evidence.step.operation);
        if self.earlier.iter().filter(|e| is_same(e)).count() >= KEPT
            && let Some(oldest) = self.earlier.iter().position(is_same)
        {
            self.earlier.remove(oldest);
        }
        self.earlier.push(evidence);
    }
}

/// Between 0 and 1.
fn share_of(draw: &Ambient) -> f64 {
    (draw.next() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Fisher and Yates: every order is as likely.
fn shuffle<T>(list: &mut [T], draw: &Ambient) {
    for n in (1..list.len()).rev() {
        list.swap(n, (draw.next() % (n as u64 + 1)) as usize);
    }
}

/// Whether a request is one of the operation, whose API is served under `base`.
fn is_of(operation: &Operation, base: &str, method: &str, path: &str) -> bool {
    let Some(rest) = path.strip_prefix(base) else { return false };
    let (asked, own) = (rest.split('/'), operation.path.split('/'));
    let same = |(asked, own): (&str, &str)| asked == own || own.starts_with('{') && !asked.is_empty();
    operation.method == method && asked.clone().count() == own.clone().count() && asked.zip(own).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read() {
        let named = |operator: &str, field: Option<&str>| Wish::Named {
            operator: operator.into(),
            field: field.map(str::to_owned),
        };
        assert_eq!(Wish::read(" "), Wish::Seeded);
        assert_eq!(Wish::read("none"), Wish::Unchanged);
        assert_eq!(Wish::read("drop"), named("drop", None));
        assert_eq!(Wish::read("drop  /data/id"), named("drop", Some("/data/id")));
        assert_eq!(Wish::read("header-missing header x-a"), named("header-missing", Some("header x-a")));
    }

    #[test]
    fn every_operator_can_be_the_first() {
        let first = |seed| {
            let mut list: Vec<u32> = (0..8).collect();
            shuffle(&mut list, &Ambient::new(seed, "x", Offset::UTC));
            list[0]
        };
        let mut firsts: Vec<u32> = (0..200).map(first).collect();
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}
