//! A [`Contract`] and its [`Operation`]s as plain data.

use super::Defect;
use super::link::LinkSpec;
use super::rule::{Codes, Outcome, Rule, Survivor};
use super::schema::SchemaSpec;
use super::shape::Shape;
use super::signature::SignSpec;
use crate::model::source::{At, Location, SourceFile};
use crate::xml::xsd;
use crate::yaml::Node;
use serde_json::Value;
use std::sync::Arc;

/// One API: its operations and the defects of its document.
#[derive(Debug)]
pub struct Contract {
    pub api: String,
    pub title: String,
    pub file: Arc<SourceFile>,
    /// File name of the document that the contract was made from.
    pub document: Option<String>,
    pub operations: Vec<Arc<Operation>>,
    /// The spec as a tree, in which the `…_at` of its parts are JSON pointers.
    pub root: Arc<Node>,
    pub defects: Vec<Defect>,
}

impl Contract {
    pub fn operation(&self, id: &str) -> Option<&Arc<Operation>> {
        self.operations.iter().find(|o| o.id == id)
    }
}

/// One method on one path.
#[derive(Debug)]
pub struct Operation {
    pub api: String,
    /// `operationId`.
    pub id: String,
    /// Upper case.
    pub method: String,
    /// Path template, e.g. `/demandOrder/{orderId}`.
    pub path: String,
    pub location: Location,
    pub doc: Option<String>,
    pub parameters: Vec<Arc<Parameter>>,
    /// What OpenAPI cannot say of one parameter: the schema of an object of all parameters by their names.
    pub together: Option<SchemaSpec>,
    /// Request bodies, by media type, in the order of the spec.
    pub bodies: Vec<BodySpec>,
    pub responses: Vec<ResponseSpec>,
    pub callbacks: Vec<Arc<CallbackSpec>>,
    pub outcomes: Vec<Arc<Outcome>>,
    pub codes: Option<Arc<Codes>>,
    /// Rules of the API and of the operation; those of a response stand with it.
    pub rules: Vec<Arc<Rule>>,
    /// Charset of answers, queries and forms: an encoding_rs label.
    pub charset: Option<String>,
    pub sign_request: Option<SignSpec>,
    pub sign_response: Option<SignSpec>,
    pub effect: Effect,
    /// Defects that mutation may find unnoticed, those of the API too.
    pub survivors: Vec<Arc<Survivor>>,
    /// Why no case touches it, where that is as it should be.
    pub untested: Option<String>,
    /// The same of its parameters and fields, by their paths.
    pub untested_parts: Vec<(At<String>, String)>,
}

impl Operation {
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().map(Arc::as_ref).find(|p| p.name == name)
    }

    /// Rules of its answers and callbacks.
    pub fn all_rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        let answers = self.responses.iter().flat_map(|r| &r.rules);
        self.rules.iter().chain(answers).chain(self.callbacks.iter().flat_map(|c| &c.rules))
    }

    /// Every signature that its requests and answers carry.
    pub fn signatures(&self) -> impl Iterator<Item = &SignSpec> {
        let of_media = self.responses.iter().flat_map(|r| &r.media).filter_map(|m| m.sign.as_ref());
        self.sign_request.iter().chain(&self.sign_response).chain(of_media)
    }

    /// The response documented for a status: the exact code, else its class, else `default`.
    pub fn response(&self, status: u16) -> Option<&ResponseSpec> {
        let find = |pattern| self.responses.iter().find(|r| r.status == pattern);
        find(StatusPattern::Code(status))
            .or_else(|| find(StatusPattern::Class((status / 100) as u8)))
            .or_else(|| find(StatusPattern::Default))
    }
}

/// What sending a request does to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Safe,
    Idempotent,
    Mutates,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParameterIn {
    Path,
    Query,
    Header,
    Cookie,
}

#[derive(Debug)]
pub struct Parameter {
    pub name: String,
    pub place: ParameterIn,
    pub required: bool,
    pub examples: Vec<ExampleSpec>,
    pub doc: Option<String>,
    pub secret: bool,
    pub schema: Option<SchemaSpec>,
    pub schema_at: Option<String>,
    /// Why no case touches it, where that is as it should be.
    pub untested: Option<String>,
    pub location: Location,
}

/// One media type of a request body.
#[derive(Debug)]
pub struct BodySpec {
    pub essence: String,
    pub examples: Vec<ExampleSpec>,
    pub schema: Option<SchemaSpec>,
    pub schema_at: Option<String>,
    /// What an XML body must be, beside `schema`.
    pub xsd: Option<Arc<xsd::Schema>>,
    /// The names at the top of the body, for suggestions.
    pub shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusPattern {
    Code(u16),
    /// `2XX` is `Class(2)`.
    Class(u8),
    Default,
}

impl std::fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Class(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

#[derive(Debug)]
pub struct ResponseSpec {
    pub status: StatusPattern,
    pub media: Vec<MediaSpec>,
    /// Where it leads on, in the order of the spec.
    pub links: Vec<Arc<LinkSpec>>,
    pub rules: Vec<Arc<Rule>>,
    pub location: Location,
    pub doc: Option<String>,
}

/// One media type of an answer.
#[derive(Debug)]
pub struct MediaSpec {
    pub essence: String,
    pub charset: Option<String>,
    pub schema: Option<SchemaSpec>,
    pub schema_at: Option<String>,
    pub xsd: Option<Arc<xsd::Schema>>,
    /// Names that the schema documents.
    pub shape: Shape,
    pub examples: Vec<ExampleSpec>,
    /// How answers of this media type are signed, where that differs from the operation's other answers.
    pub sign: Option<SignSpec>,
    pub location: Location,
}

/// A documented value, by the name that request and answer of one example share.
#[derive(Debug)]
pub struct ExampleSpec {
    /// `example` where the spec gives no name.
    pub name: String,
    pub value: Value,
    pub doc: Option<String>,
    /// Rules (by id) and checks (by name) that the example is known to break.
    pub breaks: Vec<At<String>>,
    /// Why it breaks them.
    pub because: Option<String>,
    /// The example of the request that it answers, where that has another name.
    pub request: Option<At<String>>,
    /// Why no case touches it, where that is as it should be.
    pub untested: Option<String>,
    pub location: Location,
}

/// A request that the target sends to us.
#[derive(Debug)]
pub struct CallbackSpec {
    pub name: String,
    pub method: String,
    pub parameters: Vec<Arc<Parameter>>,
    pub rules: Vec<Arc<Rule>>,
    pub codes: Option<Arc<Codes>>,
    pub charset: Option<String>,
    pub location: Location,
    pub doc: Option<String>,
}
