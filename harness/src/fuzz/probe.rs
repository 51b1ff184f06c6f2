//! [`Probe`]: one deviation from a good request, by name, and what it must come to.

use crate::model::level::Level;
use crate::model::source::Location;
use crate::plan::Change;

/// A part of a fuzzing run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    Examples,
    Boundaries,
    Generated,
    /// Who asks, and what is there afterwards.
    Sequences,
}

impl Phase {
    pub const WORDS: [(&'static str, Phase); 4] = [
        ("examples", Phase::Examples),
        ("boundaries", Phase::Boundaries),
        ("generated", Phase::Generated),
        ("sequences", Phase::Sequences),
    ];

    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, phase)| *phase == self).map_or("", |(word, _)| word)
    }
}

/// The one constraint of the contract that a deviation breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// The keyword: `maxLength`, `required`, `well-formed`…
    pub constraint: String,
    /// The requirement in words.
    pub says: String,
    /// How grave it is that the constraint is not enforced.
    pub level: Level,
    pub spec: Option<Location>,
    /// JSON pointer of the keyword.
    pub pointer: Option<String>,
    pub doc: Option<String>,
}

/// What a deviation must come to. What the contract does not forbid is not bad input.
#[derive(Debug, Clone, PartialEq)]
pub enum Demand {
    /// It breaks a constraint of the contract.
    Refused(Breach),
    /// It says the same as the accepted request; the sentence says by what standard.
    Accepted(String),
    /// The operation is not documented for the method.
    NotServed,
    /// The contract leaves it open.
    Open,
}

/// How much of the contract binds the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// All of it: the request is one of the operation.
    Contract,
    /// All of it but what compares with the request: of what is no text, or of text with space around it, nobody can
    /// say what it says.
    Unreadable,
    /// A refusal by HTTP itself (4xx) is as good.
    Envelope,
    /// The request is none of the operation: another method or path.
    Elsewhere,
}

/// One request to send.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    pub phase: Phase,
    /// What is done: `missing`, `maxLength+1`, `enum-beyond`…
    pub kind: String,
    /// Where: the name of a parameter or field, `body`, `method`, `header content-type`…
    pub place: String,
    pub changes: Vec<Change>,
    pub demand: Demand,
    pub bound: Bound,
    /// Leaves the target as it was, if the operation does.
    pub safe: bool,
    /// How a generated value is made again, to be shrunk.
    pub origin: Option<Origin>,
}

/// What a generated value follows from, beside its field.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The constraint that it breaks, by its number among those of the field.
    pub negative: Option<usize>,
    pub number: usize,
    pub seed: u64,
}

impl Probe {
    /// The name of what a sequence of requests shows: no single request is sent for it.
    pub fn sequence(kind: &str) -> Self {
        Self {
            phase: Phase::Sequences,
            kind: kind.to_owned(),
            place: "sequence".into(),
            changes: Vec::new(),
            demand: Demand::Open,
            bound: Bound::Contract,
            safe: false,
            origin: None,
        }
    }

    /// `fuzz/<place>/<kind>`: the case under which its findings are recorded.
    pub fn case(&self) -> String {
        format!("fuzz/{}/{}", self.place.replace(' ', "-"), self.kind)
    }
}
