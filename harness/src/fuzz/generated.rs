//! The generated phase: random values of every field, good and bad, that shrink.

use super::Base;
use super::boundaries::{demand, is_unclear, leaves, set};
use super::field::{Field, Writing, fields};
use super::probe::{Bound, Demand, Origin, Phase, Probe};
use super::strategy::{self, Negative, Tree};
use super::unsayable::is_sayable;
use proptest::strategy::{BoxedStrategy, ValueTree};
use serde_json::Value;

/// A probe and the way to simpler ones.
pub struct Growth {
    tree: Tree,
    name: String,
    origin: Origin,
}

/// `cases` probes, spread over the fields and over what can be wrong with each. The same seed gives the same ones.
pub fn generated(base: &Base, seed: u64, cases: usize) -> Vec<Probe> {
    let all = fields(base);
    let sources: Vec<(&Field<'_>, Option<usize>)> = all
        .iter()
        .filter(|field| field.spec.is_some() && !field.is_container())
        .flat_map(|field| {
            let bad = negatives(field).len();
            std::iter::once((field, None)).chain((0..bad).map(move |index| (field, Some(index))))
        })
        .collect();
    let mut probes = super::xml_body::documents(base, seed, cases);
    for index in 0..cases {
        let Some((field, negative)) = sources.get(index % sources.len().max(1)) else { break };
        let origin = Origin { negative: *negative, number: index / sources.len(), seed };
        if let Some(tree) = tree(base, field, &origin) {
            probes.push(probe(base, field, &origin, tree.current()));
        }
    }
    probes
}

/// Makes the value of a generated probe again, to be shrunk.
pub fn growth(base: &Base, probe: &Probe) -> Option<Growth> {
    let origin = probe.origin.clone()?;
    let all = fields(base);
    let field = all.iter().find(|field| field.name == probe.place)?;
    Some(Growth { tree: tree(base, field, &origin)?, name: probe.place.clone(), origin })
}

impl Growth {
    /// A simpler probe; `None` where there is none.
    pub fn simpler(&mut self, base: &Base) -> Option<Probe> {
        self.tree.simplify().then(|| self.probe(base))?
    }

    /// The last simplification went too far: one step back; `None` at the end.
    pub fn back(&mut self, base: &Base) -> Option<Probe> {
        self.tree.complicate().then(|| self.probe(base))?
    }

    fn probe(&self, base: &Base) -> Option<Probe> {
        let all = fields(base);
        let field = all.iter().find(|field| field.name == self.name)?;
        Some(probe(base, field, &self.origin, self.tree.current()))
    }
}

fn negatives(field: &Field<'_>) -> Vec<Negative> {
    let Some(spec) = field.spec else { return Vec::new() };
    let mut found = strategy::negatives(&Value::Object(field.schema.clone()), spec.source().1);
    // On the wire, text has no type.
    found.retain(|negative| field.writing == Writing::Json || negative.keyword != "type");
    found
}

fn tree(base: &Base, field: &Field<'_>, origin: &Origin) -> Option<Tree> {
    let spec = field.spec?;
    let strategy: BoxedStrategy<Value> = match origin.negative {
        None => strategy::positive(&Value::Object(field.schema.clone()), spec.source().1),
        Some(index) => negatives(field).into_iter().nth(index)?.strategy,
    };
    let mut seed = origin.seed ^ origin.number as u64 ^ (origin.negative.map_or(0, |n| n as u64 + 1) << 32);
    for byte in field.name.bytes() {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let good = origin.negative.is_none();
    strategy::grow(&strategy, &mut strategy::runner(seed), |value| {
        field.allows(value) == Some(good)
            && is_writable(field, value)
            && !leaves(field, value)
            && is_sayable(&base.operation, &crate::expr::printed(value))
    })
}

/// Text has no null, no object and no list with nothing in it, and a list of one is what is in it: these would say something else
/// on the wire.
fn is_writable(field: &Field<'_>, value: &Value) -> bool {
    let says = |value: &Value| !value.is_object() && !crate::expr::printed(value).is_empty();
    field.writing == Writing::Json
        || match value {
            Value::Array(items) => field.has_type("array") && !items.is_empty() && items.iter().all(says),
            value => says(value),
        }
}

fn probe(base: &Base, field: &Field<'_>, origin: &Origin, value: Value) -> Probe {
    let demand = demand(base, field, &value);
    let bad = if matches!(demand, Demand::Refused(_)) { "bad" } else { "good" };
    let which = origin.negative.map(|n| format!("-{n}")).unwrap_or_default();
    Probe {
        phase: Phase::Generated,
        kind: format!("generated-{bad}{which}-{}", origin.number),
        place: field.name.clone(),
        bound: if is_unclear(field, &value) { Bound::Unreadable } else { Bound::Contract },
        changes: vec![set(field, value)],
        demand,
        safe: true,
        origin: Some(origin.clone()),
    }
}
