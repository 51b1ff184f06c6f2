//! Deviations of an XML body by its XSD: each constraint broken in the accepted request, and valid documents.

use super::Base;
use super::probe::{Bound, Breach, Demand, Phase, Probe};
use super::strategy::runner;
use super::xsd::{Declaration, Grammar, Share, broken, negatives, positive, sample};
use crate::model::level::Level;
use crate::plan::{BodyEdit, Change, Wire};
use crate::xml::xsd::Schema;
use crate::xml::{Limits, Node, NodeEdit, parse};
use proptest::strategy::{Strategy, ValueTree};
use std::collections::BTreeSet;

/// Texts that are tried for one constraint.
const TRIES: usize = 6;
/// Generated documents at most.
const DOCUMENTS: usize = 20;

/// The body of the accepted request, its XSD, and the element that it begins with.
fn subject(base: &Base) -> Option<(Node, &Schema, Declaration)> {
    let media = base.media_type.as_deref()?;
    let body = base.operation.bodies.iter().find(|body| body.essence == media)?;
    let schema = body.xsd.as_deref()?;
    let text = base.step.request.body.text.as_deref()?;
    let node = Node::of(&parse(text.as_bytes(), Some("UTF-8"), &Limits::default()).ok()?);
    // What else is wrong with the request would be blamed on every deviation.
    broken(&node, schema).filter(Vec::is_empty)?;
    let root = Grammar::new(schema).roots().into_iter().find(|root| root.name == node.name)?;
    Some((node, schema, root))
}

/// Every constraint of the XSD that the accepted request can break by itself, and orders that mean nothing.
pub fn deviations(base: &Base, probes: &mut Vec<Probe>) {
    let Some((node, schema, root)) = subject(base) else { return };
    let mut runner = runner(1);
    let mut done = BTreeSet::new();
    for negative in negatives(&root) {
        let edit = (0..TRIES).find_map(|_| {
            let edit = negative.edits.new_tree(&mut runner).ok()?.current();
            let mut changed = node.clone();
            changed.change(&negative.path, &edit)?;
            negative.is_broken_by(&changed, schema).then_some(edit)
        });
        let Some(edit) = edit.filter(|_| done.insert((negative.at.clone(), negative.constraint.clone())))
        else {
            continue;
        };
        let place = if negative.at.is_empty() { "body".into() } else { negative.at.replace('/', ".") };
        let breach = Breach {
            constraint: negative.constraint.clone(),
            says: format!("`{}` of `{place}` in the XSD", negative.constraint),
            level: Level::Must,
            spec: Some(negative.location.clone()),
            pointer: None,
            doc: base.operation.doc.clone(),
        };
        // A reader may pass over what it does not know, as it may over an unknown member of a JSON object.
        let demand = match negative.constraint.as_str() {
            "attribute" | "element" | "namespace" => Demand::Open,
            _ => Demand::Refused(breach),
        };
        let kind = format!("xsd-{}", negative.constraint);
        probes.push(probe(Phase::Boundaries, kind, place, negative.path, edit, demand));
    }
    for path in std::iter::once(Vec::new()).chain(node.children().map(|child| vec![child.name.local.clone()]))
    {
        let mut reversed = node.clone();
        let changed = reversed.change(&path, &NodeEdit::Reverse).is_some();
        if changed && broken(&reversed, schema).is_some_and(|codes| codes.is_empty()) {
            let place = if path.is_empty() { "body".into() } else { path.join(".") };
            let demand = Demand::Accepted("the XSD allows the elements in any order".into());
            probes.push(probe(
                Phase::Boundaries,
                "xsd-reversed".into(),
                place,
                path,
                NodeEdit::Reverse,
                demand,
            ));
        }
    }
}

fn probe(
    phase: Phase,
    kind: String,
    place: String,
    path: Vec<String>,
    edit: NodeEdit,
    demand: Demand,
) -> Probe {
    Probe {
        phase,
        kind,
        place,
        changes: vec![Change::Wire(Wire::Body(BodyEdit::XmlNode { path, edit }))],
        demand,
        bound: Bound::Unreadable,
        safe: true,
        origin: None,
    }
}

/// Valid documents, of which nobody knows whether the target knows what they name.
pub fn documents(base: &Base, seed: u64, cases: usize) -> Vec<Probe> {
    let Some((_, schema, root)) = subject(base) else { return Vec::new() };
    let mut runner = runner(seed);
    let strategy = positive(&root, Share::Any);
    let made = (0..(cases / 5).min(DOCUMENTS)).filter_map(|number| {
        let node = sample(&strategy, schema, &mut runner)?.current();
        Some(Probe {
            phase: Phase::Generated,
            kind: format!("generated-good-xsd-{number}"),
            place: "body".into(),
            changes: vec![Change::Wire(Wire::Body(BodyEdit::Replace(node.to_string().into_bytes())))],
            demand: Demand::Open,
            bound: Bound::Contract,
            safe: true,
            origin: None,
        })
    });
    made.collect()
}
