//! [`Floors`]: the rates that a suite must not fall below, kept in `mutation.yaml`.

use crate::model::problem::Problem;
use crate::model::source::SourceFile;
use crate::yaml::{Fields, Node, Reader, parse};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The lowest rate of each API, between 0 and 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Floors(pub BTreeMap<String, f64>);

/// Floors are kept in steps of a thousandth, rounded down: what a stateful target answers is not the same in every run.
const STEPS: f64 = 1_000.0;

impl Floors {
    /// Reads `mutation.yaml`; `None` when there are problems.
    pub fn read(file: &Arc<SourceFile>, problems: &mut Vec<Problem>) -> Option<Self> {
        let before = problems.len();
        let root = parse(file, problems)?;
        let mut reader = Reader::new(file, problems);
        let mut fields = Fields::new(&mut reader, &root, "a mutation file")?;
        let floors = fields.required("floors", |r, n| r.mapping(n, rate));
        fields.finish();
        let floors = floors?.into_iter().map(|(name, rate)| (name.value, rate)).collect();
        (problems.len() == before).then_some(Self(floors))
    }

    /// The file's text.
    pub fn written(&self) -> String {
        let mut out = String::from(
            "# The share of defects that each API's suite notices (`proofmark mutate`). A change that lowers one fails;\n# `proofmark mutate --write` raises them.\nfloors:\n",
        );
        for (api, floor) in &self.0 {
            out.push_str(&format!("  {api}: {floor:.3}\n"));
        }
        out
    }

    /// Raises floors to new rates; none is lowered.
    pub fn raised(&self, rates: &BTreeMap<String, f64>) -> Self {
        let mut floors = self.0.clone();
        for (api, rate) in rates {
            let floor = floors.entry(api.clone()).or_default();
            *floor = floor.max((rate * STEPS).floor() / STEPS);
        }
        Self(floors)
    }
}

fn rate(reader: &mut Reader<'_>, node: &Node) -> Option<f64> {
    let rate: Option<f64> = reader.text(node)?.parse().ok();
    match rate.filter(|rate| (0.0..=1.0).contains(rate)) {
        Some(rate) => Some(rate),
        None => reader.expected(node, "a rate between 0 and 1, such as `0.99`"),
    }
}

/// APIs whose rate is below their floor: name, rate, floor.
pub fn lower(floors: &Floors, rates: &BTreeMap<String, f64>) -> Vec<(String, f64, f64)> {
    let fell = |(api, rate): (&String, &f64)| {
        let floor = *floors.0.get(api)?;
        (*rate < floor).then(|| (api.clone(), *rate, floor))
    };
    rates.iter().filter_map(fell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_rise_and_never_fall() {
        let floors = Floors(BTreeMap::from([("a".into(), 0.5), ("b".into(), 0.9)]));
        let rates = BTreeMap::from([("a".into(), 0.99999), ("b".into(), 0.8), ("c".into(), 1.0)]);
        let raised = floors.raised(&rates);
        assert_eq!(raised.0, BTreeMap::from([("a".into(), 0.999), ("b".into(), 0.9), ("c".into(), 1.0)]));
        assert_eq!(lower(&floors, &rates), [("b".to_owned(), 0.8, 0.9)]);
        assert!(lower(&raised, &BTreeMap::from([("a".into(), 0.99999)])).is_empty());
    }

    #[test]
    fn the_file_is_read_as_it_is_written() {
        let floors = Floors(BTreeMap::from([("cube".into(), 0.991), ("unicom-ivr".into(), 1.0)]));
        let file = SourceFile::new("mutation.yaml", "mutation.yaml", floors.written());
        let mut problems = Vec::new();
        assert_eq!(Floors::read(&file, &mut problems), Some(floors));
        let file = SourceFile::new("mutation.yaml", "mutation.yaml", "floors: { a: 1.5 }".into());
        assert_eq!(Floors::read(&file, &mut problems), None);
        assert!(problems[0].message.contains("a rate between 0 and 1"), "{problems:?}");
    }
}
