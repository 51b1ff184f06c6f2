//! [`positive`]: valid documents.

use super::grammar::{AttributeUse, Body, Declaration, Occurs, Particle, Type};
use super::simple;
use crate::xml::{Content, Name, Node};
use proptest::prelude::{BoxedStrategy, Just, Strategy};

/// Repetitions beyond what must be there.
const ROOM: usize = 2;
/// Optional things are left out below this depth.
const MAX_DEPTH: usize = 6;

/// How much of what is optional is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Some of it.
    Any,
    /// All of it: a constraint of an optional element can be broken only where it is.
    All,
}

/// Documents that begin with an element.
pub fn positive(declaration: &Declaration, share: Share) -> BoxedStrategy<Node> {
    node(declaration, share, 0, &[])
}

/// Documents that begin with an element and have everything that is optional, and of choices what is on the path of local
/// names from the root.
pub fn positive_with(declaration: &Declaration, path: &[String]) -> BoxedStrategy<Node> {
    node(declaration, Share::All, 0, path)
}

fn node(declaration: &Declaration, share: Share, depth: usize, wanted: &[String]) -> BoxedStrategy<Node> {
    let name = declaration.name.clone();
    let whole = move |attributes: Vec<Option<(Name, String)>>, content: Vec<Content>| Node {
        name: name.clone(),
        attributes: attributes.into_iter().flatten().collect(),
        content,
    };
    let text = |texts: BoxedStrategy<String>| {
        let content = |text: String| match text.is_empty() {
            true => Vec::new(),
            false => vec![Content::Text(text)],
        };
        texts.prop_map(content).boxed()
    };
    let fixed = declaration.fixed.clone().map(|fixed| Just(fixed).boxed());
    match &declaration.kind {
        Type::Simple(simple) => {
            let texts = fixed.unwrap_or_else(|| simple::good(simple));
            text(texts).prop_map(move |content| whole(Vec::new(), content)).boxed()
        }
        Type::Any => Just(whole(Vec::new(), Vec::new())).boxed(),
        Type::Complex { attributes, content, .. } => {
            let content = match content {
                Body::Empty | Body::Elements(None) => Just(Vec::new()).boxed(),
                Body::Simple(simple) => text(fixed.unwrap_or_else(|| simple::good(simple))),
                Body::Elements(Some(particle)) => particles(particle, share, depth + 1, wanted),
            };
            let attributes: Vec<_> = attributes.iter().map(|a| attribute(a, share)).collect();
            (attributes, content).prop_map(move |(attributes, content)| whole(attributes, content)).boxed()
        }
    }
}

fn attribute(attribute: &AttributeUse, share: Share) -> BoxedStrategy<Option<(Name, String)>> {
    let name = attribute.name.clone();
    let texts = match &attribute.fixed {
        Some(fixed) => Just(fixed.clone()).boxed(),
        None => simple::good(&attribute.kind),
    };
    let there = texts.prop_map(move |text| Some((name.clone(), text)));
    match attribute.required || share == Share::All {
        true => there.boxed(),
        false => proptest::strategy::Union::new([Just(None).boxed(), there.boxed()]).boxed(),
    }
}

fn particles(
    particle: &Particle,
    share: Share,
    depth: usize,
    wanted: &[String],
) -> BoxedStrategy<Vec<Content>> {
    match particle {
        Particle::Element(declaration, occurs) => {
            let (least, most) = times(*occurs, share, depth);
            if most == 0 {
                return Just(Vec::new()).boxed();
            }
            let below = match wanted.split_first() {
                Some((first, rest)) if *first == declaration.name.local => rest,
                _ => &[],
            };
            let node = node(declaration, share, depth, below).prop_map(Content::Node);
            proptest::collection::vec(node, least..=most).boxed()
        }
        Particle::Sequence(parts, occurs) => group(parts, *occurs, share, depth, false, wanted),
        Particle::All(parts, occurs) => group(parts, *occurs, share, depth, true, wanted),
        Particle::Choice(parts, occurs) => {
            let (least, most) = times(*occurs, share, depth);
            if most == 0 {
                return Just(Vec::new()).boxed();
            }
            let on_path = |part: &&Particle| wanted.first().is_some_and(|name| part.has(name));
            let branches: Vec<_> = match parts.iter().find(on_path) {
                Some(branch) => vec![particles(branch, share, depth, wanted)],
                None => parts.iter().map(|part| particles(part, share, depth, &[])).collect(),
            };
            repeated(proptest::strategy::Union::new(branches).boxed(), least, most)
        }
    }
}

fn group(
    parts: &[Particle],
    occurs: Occurs,
    share: Share,
    depth: usize,
    any_order: bool,
    wanted: &[String],
) -> BoxedStrategy<Vec<Content>> {
    let (least, most) = times(occurs, share, depth);
    if most == 0 {
        return Just(Vec::new()).boxed();
    }
    let parts: Vec<_> = parts.iter().map(|part| particles(part, share, depth, wanted)).collect();
    let once = match any_order {
        true => parts.prop_shuffle().prop_map(|parts| parts.concat()).boxed(),
        false => parts.prop_map(|parts: Vec<Vec<Content>>| parts.concat()).boxed(),
    };
    repeated(once, least, most)
}

fn repeated(once: BoxedStrategy<Vec<Content>>, least: usize, most: usize) -> BoxedStrategy<Vec<Content>> {
    match (least, most) {
        (1, 1) => once,
        _ => proptest::collection::vec(once, least..=most).prop_map(|all| all.concat()).boxed(),
    }
}

fn times(occurs: Occurs, share: Share, depth: usize) -> (usize, usize) {
    let most = occurs.max.unwrap_or(usize::MAX);
    if depth > MAX_DEPTH {
        return (occurs.min, occurs.min);
    }
    match share {
        Share::Any => (occurs.min, most.min(occurs.min + ROOM)),
        Share::All => (occurs.min.max(1).min(most), occurs.min.max(1).min(most)),
    }
}
