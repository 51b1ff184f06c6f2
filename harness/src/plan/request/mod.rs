//! [`RequestTemplate`]: how the request of a step is made, and [`RequestTemplate::build`], which makes it.

mod body;
mod build;
mod headers;

use crate::expr::{Template, Text, printed};
use crate::http::auth::{Auth, Credential};
use crate::model::exchange::Request;
use serde_json::Value;

/// A request with its `${…}` compiled.
#[derive(Debug, Default)]
pub struct RequestTemplate {
    /// Values of the spec's example that the step starts from.
    pub example: Example,
    /// Names of parameters or dotted paths into the body, and their values.
    pub with: Vec<(Text, Template)>,
    pub without: Vec<Text>,
    pub body: Option<BodyTemplate>,
    /// Media type of the body.
    pub media_type: Option<String>,
    /// `None` leaves a header out that would be sent otherwise.
    pub headers: Vec<(String, Option<Text>)>,
    pub auth: RequestAuth,
    pub method: Option<String>,
    /// The raw query, sent as given.
    pub query: Option<Text>,
    pub charset: Option<String>,
}

/// As whom a step speaks.
#[derive(Debug, Default)]
pub enum RequestAuth {
    /// As the target's settings say.
    #[default]
    Target,
    /// As nobody.
    None,
    Own(Box<Auth<Text>>),
}

/// A documented example of an operation.
#[derive(Debug, Default)]
pub struct Example {
    /// Its name in the spec.
    pub name: Option<String>,
    pub parameters: Vec<(String, Value)>,
    pub body: Option<Value>,
}

/// A body given whole.
#[derive(Debug)]
pub enum BodyTemplate {
    /// Encoded by the media type.
    Tree(Template),
    /// Sent as it is, in the request's charset.
    Text(Text),
}

/// A request, and the values of the parameters and fields that the spec declares secret.
#[derive(Debug)]
pub struct Built {
    pub request: Request,
    /// Names and values.
    pub secrets: Vec<(String, String)>,
    /// Parameters and paths into the body that were left out.
    pub without: Vec<String>,
    /// The values that went in; only where changes were asked for.
    pub values: Option<Values>,
}

/// The values of a request before they were encoded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values {
    pub parameters: Vec<(String, Value)>,
    /// JSON and form bodies as they are, XML projected.
    pub body: Option<Value>,
}

impl Values {
    /// The value of a parameter, or of a dotted path into the body.
    pub fn of(&self, name: &str) -> Option<&Value> {
        let parameter = self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        parameter.or_else(|| name.split('.').try_fold(self.body.as_ref()?, |value, part| value.get(part)))
    }
}

/// What a request is made for.
pub struct RequestTarget<'a> {
    pub base_url: &'a str,
    /// Headers of every request of the suite.
    pub headers: &'a [(String, String)],
    /// The secret that requests are signed with.
    pub secret: Option<&'a str>,
    /// What says who requests are from.
    pub credential: Option<&'a Credential>,
}

/// What a query or a form has for one name: a list is written as the same name several times (`explode`, the default of
/// OpenAPI for `style: form`).
fn repeated(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(printed).collect(),
        one => vec![printed(one)],
    }
}
