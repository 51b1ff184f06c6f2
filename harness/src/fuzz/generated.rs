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

/// What generated values of an operation are drawn from: every field, good and bad by each constraint that it can break.
pub struct Well<'b> {
    base: &'b Base,
    fields: Vec<Field<'b>>,
    /// Numbers of the field and of the constraint, and what makes their values.
    sources: Vec<(usize, Option<usize>, BoxedStrategy<Value>)>,
    seed: u64,
}

impl<'b> Well<'b> {
    /// The same seed gives the same values.
    pub fn new(base: &'b Base, seed: u64) -> Self {
        let fields: Vec<Field<'_>> =
            fields(base).into_iter().filter(|field| field.spec.is_some() && !field.is_container()).collect();
        let mut sources = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            sources.extend(good(field).map(|strategy| (index, None, strategy)));
            let bad = negatives(field).into_iter().enumerate();
            sources.extend(bad.map(|(number, negative)| (index, Some(number), negative.strategy)));
        }
        Self { base, fields, sources, seed }
    }

    /// How many sources of values there are.
    pub fn sources(&self) -> usize {
        self.sources.len()
    }

    /// The deviation with the `number`th value of a source; `None` where the source gives none.
    pub fn draw(&self, source: usize, number: usize) -> Option<Probe> {
        let (field, negative, strategy) = self.sources.get(source)?;
        let field = self.fields.get(*field)?;
        let origin = Origin { negative: *negative, number, seed: self.seed };
        let tree = tree(self.base, field, strategy, &origin)?;
        Some(probe(self.base, field, &origin, tree.current()))
    }

    /// The deviation of a name that [`Probe::case`] gave.
    pub fn named(&self, name: &str) -> Option<Probe> {
        let number: usize = name.rsplit('-').next()?.parse().ok()?;
        (0..self.sources()).filter_map(|source| self.draw(source, number)).find(|probe| probe.case() == name)
    }
}

/// Makes the value of a generated probe again, to be shrunk.
pub fn growth(base: &Base, probe: &Probe) -> Option<Growth> {
    let origin = probe.origin.clone()?;
    let all = fields(base);
    let field = all.iter().find(|field| field.name == probe.place)?;
    let strategy = match origin.negative {
        None => good(field)?,
        Some(index) => negatives(field).into_iter().nth(index)?.strategy,
    };
    Some(Growth { tree: tree(base, field, &strategy, &origin)?, name: probe.place.clone(), origin })
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

fn good(field: &Field<'_>) -> Option<BoxedStrategy<Value>> {
    Some(strategy::positive(&Value::Object(field.schema.clone()), field.spec?.source().1))
}

fn negatives(field: &Field<'_>) -> Vec<Negative> {
    let Some(spec) = field.spec else { return Vec::new() };
    let mut found = strategy::negatives(&Value::Object(field.schema.clone()), spec.source().1);
    // On the wire, text has no type.
    found.retain(|negative| field.writing == Writing::Json || negative.keyword != "type");
    found
}

fn tree(base: &Base, field: &Field<'_>, strategy: &BoxedStrategy<Value>, origin: &Origin) -> Option<Tree> {
    let mut seed = origin.seed ^ origin.number as u64 ^ (origin.negative.map_or(0, |n| n as u64 + 1) << 32);
    for byte in field.name.bytes() {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let good = origin.negative.is_none();
    strategy::grow(strategy, &mut strategy::runner(seed), |value| {
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
