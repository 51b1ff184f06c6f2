//! [`Source`]: an answer taken apart for mutation, and [`Pool`]: all of them, for defects that need another answer.

use super::operator::Mutant;
use super::places::{self, Kind, Place};
use crate::check::read_answer;
use crate::contract::{MediaSpec, Operation, Shape};
use crate::engine::Evidence;
use crate::http::body::Answer;
use crate::http::media_type::{MediaType, Syntax};
use crate::model::exchange::Response;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// An exchange whose answer is to be mutated.
pub struct Source<'a> {
    pub evidence: &'a Evidence,
    pub response: &'a Response,
    pub answer: Answer,
    pub syntax: Syntax,
    /// Every value in the answer, where its text can be read.
    pub places: Vec<Place>,
    /// Names of the contract's outcomes that the answer satisfies.
    pub outcomes: Vec<String>,
    /// The answer's code in the contract's sense.
    pub code: Option<String>,
    /// Texts of the request: what an answer can repeat.
    pub sent: HashSet<String>,
    /// Numbers of places in the order of their pointers.
    by_pointer: Vec<u32>,
    /// Numbers of the places that are mutated.
    chosen: Vec<u32>,
}

/// All sources of a run, by trial and step.
pub struct Pool<'a> {
    pub sources: Vec<Source<'a>>,
    by_operation: HashMap<(&'a str, &'a str), Vec<usize>>,
}

/// What is shown of a mutant whose value is a secret.
const HIDDEN: &str = "a secret value";

/// A shorter secret is found in what has nothing to do with it; its own place is hidden all the same.
const SHORTEST_SECRET: usize = 4;

/// Elements of an array that are mutated: the first two and the last stand for all.
const FIRST_ELEMENTS: usize = 2;

impl<'a> Source<'a> {
    /// `None` where there is no answer.
    pub fn new(evidence: &'a Evidence) -> Option<Self> {
        let response = evidence.response()?;
        let answer = read_answer(&evidence.step.operation, response);
        let declared = answer.media_type.as_ref().map(MediaType::syntax);
        let syntax = match (&answer.document, &answer.body, declared) {
            _ if answer.invalid_at.is_some() => Syntax::Text,
            (Some(_), _, _) => Syntax::Xml,
            (None, Some(_), _) if answer.is_page => Syntax::Html,
            (None, Some(body), _) if !body.is_string() => Syntax::Json,
            (None, Some(_), Some(Syntax::Json)) => Syntax::Json,
            _ => Syntax::Text,
        };
        let places = match syntax {
            Syntax::Json => places::json(&answer.text),
            Syntax::Xml => places::xml(&answer.text),
            Syntax::Html => places::hidden_inputs(&answer.text),
            Syntax::Form | Syntax::Text => Vec::new(),
        };
        let (outcomes, code) = evidence.meaning(response, &answer);
        let mut sent = HashSet::new();
        for part in ["query", "body"] {
            evidence.request.get(part).into_iter().for_each(|value| texts(value, &mut sent));
        }
        let path = evidence.request.get("path").and_then(Value::as_str).unwrap_or_default();
        sent.extend(path.split('/').map(str::to_owned));
        sent.remove("");
        let mut by_pointer: Vec<u32> = (0..places.len() as u32).collect();
        by_pointer.sort_by_key(|n| &places[*n as usize].pointer);
        let chosen = chosen(&places);
        Some(Self { evidence, response, answer, syntax, places, outcomes, code, sent, by_pointer, chosen })
    }

    pub fn operation(&self) -> &'a Operation {
        &self.evidence.step.operation
    }

    /// The documented media type that the answer is judged by.
    pub fn media(&self) -> Option<&'a MediaSpec> {
        let documented = self.operation().response(self.response.status)?;
        let declared = self.answer.media_type.as_ref().map(|m| m.essence.as_str());
        documented.media.iter().find(|m| Some(m.essence.as_str()) == declared).or(documented.media.first())
    }

    /// What the schema says of a place. An XML body is described without its root element.
    pub fn shape(&self, place: &Place) -> Option<&'a Shape> {
        let shape = &self.media()?.shape;
        match self.syntax {
            Syntax::Xml => {
                let pointer = place.pointer.trim_end_matches("/#text");
                let below = pointer.get(1..)?.find('/').map_or("", |at| &pointer[at + 1..]);
                shape.at(below).or_else(|| shape.at(&below.replacen("/@", "/", 1)))
            }
            _ => shape.at(&place.pointer),
        }
    }

    /// Whether the value at a JSON pointer is or holds a secret, of the spec or of the environment: it is not shown, nor
    /// what a mutant makes of it.
    pub fn is_secret(&self, pointer: &str) -> bool {
        let Some(place) = self.place(pointer) else { return false };
        let declared = self.evidence.secrets.iter().map(|(_, value)| value.as_str());
        let env =
            self.evidence.env.as_object().into_iter().flat_map(|env| env.values()).filter_map(Value::as_str);
        self.shape(place).is_some_and(|shape| shape.secret)
            || declared
                .chain(env)
                .any(|secret| secret.len() >= SHORTEST_SECRET && place.text.contains(secret))
    }

    /// What is different in a mutant, for people: nothing of a secret value.
    pub fn shown(&self, mutant: &Mutant) -> String {
        if self.is_secret(&mutant.pointer) { HIDDEN.into() } else { mutant.change.clone() }
    }

    /// Places that are mutated: of a long array, the first elements and the last.
    pub fn chosen(&self) -> impl Iterator<Item = &Place> {
        self.chosen.iter().map(|n| &self.places[*n as usize])
    }

    /// Chosen places that hold one value.
    pub fn leaves(&self) -> impl Iterator<Item = &Place> {
        self.chosen().filter(|place| place.kind.is_leaf())
    }

    /// Chosen places whose value is written as text.
    pub fn texts(&self) -> impl Iterator<Item = &Place> {
        self.chosen().filter(|place| place.kind.is_text() && !place.name.starts_with("xmlns"))
    }

    /// The place with a pointer.
    pub fn place(&self, pointer: &str) -> Option<&Place> {
        self.index_of(pointer).map(|n| &self.places[n])
    }

    /// The number of the place with a pointer; of the first, where there are several.
    pub fn index_of(&self, pointer: &str) -> Option<usize> {
        let of = |n: &u32| self.places[*n as usize].pointer.as_str();
        let first = self.by_pointer.partition_point(|n| of(n) < pointer);
        self.by_pointer.get(first).filter(|n| of(n) == pointer).map(|n| *n as usize)
    }

    /// Siblings of a place in the order of the text, itself included; of an XML element only elements.
    pub fn siblings<'s>(&'s self, place: &'s Place) -> Vec<&'s Place> {
        let Some(parent) = place.parent.map(|p| &self.places[p]) else { return vec![place] };
        let is_attribute = place.kind == Kind::Attribute;
        let siblings = parent.children.iter().map(|i| &self.places[*i]);
        siblings.filter(|s| (s.kind == Kind::Attribute) == is_attribute).collect()
    }
}

/// Numbers of the places that are mutated: of an array, those in the first elements and in the last.
fn chosen(places: &[Place]) -> Vec<u32> {
    let mut is_chosen = vec![true; places.len()];
    for (n, place) in places.iter().enumerate() {
        let Some(parent) = place.parent else { continue };
        // Outer places come first.
        is_chosen[n] = is_chosen[parent];
        let siblings = &places[parent].children;
        if places[parent].kind == Kind::Array && siblings.len() > FIRST_ELEMENTS {
            let is_end = siblings[..FIRST_ELEMENTS].contains(&n) || siblings.last() == Some(&n);
            is_chosen[n] &= is_end;
        }
    }
    (0..places.len() as u32).filter(|n| is_chosen[*n as usize]).collect()
}

impl<'a> Pool<'a> {
    /// Takes every answer apart. `evidence` is to be sorted, so that mutants are the same in every run.
    pub fn new(evidence: impl IntoIterator<Item = &'a Evidence>) -> Self {
        let sources: Vec<Source<'a>> = evidence.into_iter().filter_map(Source::new).collect();
        let mut by_operation: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, source) in sources.iter().enumerate() {
            let operation = source.operation();
            by_operation.entry((operation.api.as_str(), operation.id.as_str())).or_default().push(index);
        }
        Self { sources, by_operation }
    }

    /// Other exchanges of the same operation: first those before `source`, nearest first, then those after it.
    pub fn others<'p>(&'p self, source: &'p Source<'_>) -> impl Iterator<Item = &'p Source<'a>> {
        let operation = source.operation();
        let key = (operation.api.as_str(), operation.id.as_str());
        let all = self.by_operation.get(&key).map(Vec::as_slice).unwrap_or_default();
        let own =
            all.iter().position(|i| std::ptr::eq(self.sources[*i].evidence, source.evidence)).unwrap_or(0);
        let before = all[..own].iter().rev();
        before.chain(all.get(own + 1..).unwrap_or_default()).map(|i| &self.sources[*i])
    }

    /// An exchange of another operation of the same API.
    pub fn of_another_operation(&self, source: &Source<'_>) -> Option<&Source<'a>> {
        let operation = source.operation();
        self.sources.iter().find(|s| s.operation().api == operation.api && s.operation().id != operation.id)
    }
}

fn texts(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Number(number) => {
            found.insert(number.to_string());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(map) => map.values().for_each(|item| texts(item, found)),
        Value::Null | Value::Bool(_) => {}
    }
}
