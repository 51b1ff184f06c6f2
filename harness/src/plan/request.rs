//! [`RequestTemplate`]: how the request of a step is made, and [`RequestTemplate::build`], which makes it.

use super::change::{Change, ChangePlace};
use crate::contract::{Operation, ParameterIn, SignIn, sign};
use crate::expr::{Evaluator, Template, Text, printed};
use crate::http::auth::{Auth, Credential, KeyPlace};
use crate::http::charset;
use crate::http::media_type::{Syntax, syntax};
use crate::model::exchange::Request;
use crate::xml;
use serde_json::{Map, Value};

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

/// A body on its way.
enum Body {
    None,
    Tree(Value),
    Xml(Box<xml::Document>),
    Text(String),
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

impl RequestTemplate {
    /// Evaluates the template and makes the request. `Err` says what could not be made.
    pub fn build(
        &self,
        operation: &Operation,
        target: &RequestTarget<'_>,
        evaluator: &Evaluator<'_>,
    ) -> Result<Built, String> {
        self.build_changed(operation, target, evaluator, None)
    }

    /// The same with changes: those of values before the request is signed, those of the wire after.
    pub fn build_changed(
        &self,
        operation: &Operation,
        target: &RequestTarget<'_>,
        evaluator: &Evaluator<'_>,
        changes: Option<&[Change]>,
    ) -> Result<Built, String> {
        let charset = self.charset.as_deref().or(operation.charset.as_deref()).unwrap_or("UTF-8");
        let media_type = self.media_type.as_deref();
        let mut parameters: Vec<(String, Value)> = self.example.parameters.clone();
        let mut body = self.start_body(media_type, evaluator, changes.is_some())?;
        let mut explicit = Vec::new();
        for (name, value) in &self.with {
            let (name, value) = (name.text(evaluator)?, value.value(evaluator)?);
            explicit.push(name.clone());
            match operation.parameter(&name) {
                Some(_) => set(&mut parameters, name, value),
                None => body.set(&name, value)?,
            }
        }
        let mut without = Vec::new();
        for name in &self.without {
            let name = name.text(evaluator)?;
            without.push(name.clone());
            match operation.parameter(&name) {
                Some(_) => parameters.retain(|(n, _)| *n != name),
                None => body.remove(&name)?,
            }
            explicit.push(name);
        }
        for change in changes.unwrap_or_default() {
            match change {
                Change::Set { place: ChangePlace::Parameter, name, value } => {
                    set(&mut parameters, name.clone(), value.clone());
                    explicit.push(name.clone());
                }
                Change::Set { place: ChangePlace::Body, name, value } => {
                    body.set(name, value.clone())?;
                    explicit.push(name.clone());
                }
                Change::Remove { place: ChangePlace::Parameter, name } => {
                    parameters.retain(|(n, _)| n != name);
                    explicit.push(name.clone());
                }
                Change::Remove { place: ChangePlace::Body, name } => {
                    body.remove(name)?;
                    explicit.push(name.clone());
                }
                Change::Wire(_) => {}
            }
        }
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        self.sign(operation, target, &explicit, &mut parameters, &mut body, &mut headers)?;
        for (name, value) in &self.headers {
            if let Some(value) = value {
                put(&mut headers, name, value.text(evaluator)?.into_bytes());
            }
        }
        for (name, value) in target.headers {
            put_new(&mut headers, name, value.clone().into_bytes());
        }
        let mut url = self.url(operation, target, &parameters, charset, evaluator)?;
        parameter_headers(operation, &parameters, &mut headers);
        let mut secrets = body.secrets(operation, media_type);
        if let Some(credential) = self.credential(target, evaluator)? {
            apply(&credential, &mut url, &mut headers);
            secrets.extend(credential.secrets);
        }
        let values = changes.map(|_| Values { parameters: parameters.clone(), body: body.values() });
        let body = body.encode(media_type, charset)?;
        if let Some(media_type) = media_type.filter(|_| !body.is_empty()) {
            put_new(&mut headers, "Content-Type", content_type(media_type, charset).into_bytes());
        }
        put_new(&mut headers, "Accept", b"*/*".to_vec());
        put_new(&mut headers, "User-Agent", concat!("proofmark/", env!("CARGO_PKG_VERSION")).into());
        for (name, _) in self.headers.iter().filter(|(_, value)| value.is_none()) {
            headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        }
        let method = self.method.clone().unwrap_or_else(|| operation.method.clone());
        let secret = |name: &str| operation.parameter(name).is_some_and(|p| p.secret);
        let given = parameters.iter().filter(|(name, _)| secret(name));
        secrets.extend(given.map(|(name, value)| (name.clone(), printed(value))));
        let mut request = Request { method, url, headers, body, charset: charset.to_owned() };
        for change in changes.unwrap_or_default() {
            if let Change::Wire(wire) = change {
                wire.apply(&mut request)?;
            }
        }
        Ok(Built { request, secrets, without, values })
    }

    fn credential(
        &self,
        target: &RequestTarget<'_>,
        evaluator: &Evaluator<'_>,
    ) -> Result<Option<Credential>, String> {
        match &self.auth {
            RequestAuth::Target => Ok(target.credential.cloned()),
            RequestAuth::None => Ok(None),
            RequestAuth::Own(auth) => Ok(Some(auth.map(|text| text.text(evaluator))?.credential())),
        }
    }

    fn start_body(
        &self,
        media_type: Option<&str>,
        evaluator: &Evaluator<'_>,
        changing: bool,
    ) -> Result<Body, String> {
        let given = match &self.body {
            Some(BodyTemplate::Text(text)) => Some(Value::String(text.text(evaluator)?)),
            Some(BodyTemplate::Tree(tree)) => Some(tree.value(evaluator)?),
            None => self.example.body.clone(),
        };
        let changed = changing || !self.with.is_empty() || !self.without.is_empty();
        match (media_type.map(syntax), given) {
            (Some(Syntax::Json | Syntax::Form), None) => Ok(Body::Tree(Value::Object(Map::new()))),
            (_, None) => Ok(Body::None),
            (Some(Syntax::Xml), Some(Value::String(text))) if changed => {
                let document = xml::parse(text.trim().as_bytes(), None, &xml::Limits::default())
                    .map_err(|e| format!("the XML that the request starts from is not well-formed: {e}"))?;
                Ok(Body::Xml(Box::new(document)))
            }
            (Some(Syntax::Json), Some(Value::String(text)))
                if changed && (changing || self.body.is_none()) =>
            {
                serde_json::from_str(&text)
                    .map(Body::Tree)
                    .map_err(|e| format!("the example body is not JSON: {e}"))
            }
            (_, Some(Value::String(text))) => Ok(Body::Text(text)),
            (_, Some(tree)) => Ok(Body::Tree(tree)),
        }
    }

    /// Adds the signature, unless the step itself gives it or leaves it out.
    fn sign(
        &self,
        operation: &Operation,
        target: &RequestTarget<'_>,
        explicit: &[String],
        parameters: &mut Vec<(String, Value)>,
        body: &mut Body,
        headers: &mut Vec<(String, Vec<u8>)>,
    ) -> Result<(), String> {
        let Some(spec) = &operation.sign_request else { return Ok(()) };
        let in_body = |body: &Body| match body {
            Body::Tree(tree) => self.body.is_some() && tree.get(&spec.name).is_some(),
            Body::Text(_) => true,
            Body::None | Body::Xml(_) => false,
        };
        if explicit.contains(&spec.name) || in_body(body) {
            return Ok(());
        }
        let query: Map<String, Value> = parameters.iter().cloned().collect();
        let fields = match (spec.place, &*body) {
            (SignIn::Query, _) => &query,
            (_, Body::Tree(Value::Object(map))) => map,
            _ => &query,
        };
        let signature = sign(spec, fields, target.secret.unwrap_or_default())?.value;
        match spec.place {
            SignIn::Body => body.set(&spec.name, Value::String(signature)),
            SignIn::Query => {
                set(parameters, spec.name.clone(), Value::String(signature));
                Ok(())
            }
            SignIn::Header => {
                put(headers, &spec.name, signature.into_bytes());
                Ok(())
            }
        }
    }

    fn url(
        &self,
        operation: &Operation,
        target: &RequestTarget<'_>,
        parameters: &[(String, Value)],
        charset: &str,
        evaluator: &Evaluator<'_>,
    ) -> Result<String, String> {
        let encode = |text: &str| {
            charset::percent_encode(text, charset)
                .map_err(|c| format!("`{c}` cannot be written in {charset}"))
        };
        let mut path = operation.path.clone();
        let mut query = String::new();
        for (name, value) in parameters {
            match operation.parameter(name).map(|p| p.place) {
                Some(ParameterIn::Path) => {
                    path = path.replace(&format!("{{{name}}}"), &encode(&printed(value))?);
                }
                Some(ParameterIn::Query) | None => {
                    for value in repeated(value) {
                        query.push(if query.is_empty() { '?' } else { '&' });
                        query.push_str(&encode(name)?);
                        query.push('=');
                        query.push_str(&encode(&value)?);
                    }
                }
                Some(ParameterIn::Header | ParameterIn::Cookie) => {}
            }
        }
        if let Some(raw) = &self.query {
            query = format!("?{}", raw.text(evaluator)?);
        }
        Ok(format!("{}{path}{query}", target.base_url))
    }
}

impl Body {
    fn values(&self) -> Option<Value> {
        match self {
            Body::None => None,
            Body::Tree(tree) => Some(tree.clone()),
            Body::Xml(document) => Some(xml::to_json(document.root())),
            Body::Text(text) => Some(Value::String(text.clone())),
        }
    }

    /// Names and values of what the spec declares secret in the body.
    fn secrets(&self, operation: &Operation, media_type: Option<&str>) -> Vec<(String, String)> {
        let spec = operation.bodies.iter().find(|spec| media_type == Some(spec.essence.as_str()));
        match (self, spec) {
            (Body::Tree(tree), Some(spec)) => spec.shape.secrets(tree),
            _ => Vec::new(),
        }
    }

    fn set(&mut self, path: &str, value: Value) -> Result<(), String> {
        match self {
            Body::Tree(tree) => set_path(tree, path, value),
            Body::Xml(document) => match document.set_text(path, &printed(&value)) {
                Ok(()) => Ok(()),
                Err(xml::PathError::Missing { .. }) => {
                    document.insert_text(path, &printed(&value)).map_err(|e| e.to_string())
                }
                Err(e) => Err(e.to_string()),
            },
            Body::None => {
                Err(format!("`{path}` is not a parameter, and the request has no body to set it in"))
            }
            Body::Text(_) => Err(format!("`{path}` cannot be set in a body that is given as text")),
        }
    }

    fn remove(&mut self, path: &str) -> Result<(), String> {
        match self {
            Body::Tree(tree) => {
                let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
                let parent = if parent.is_empty() { Some(tree) } else { tree.pointer_mut(&pointer(parent)) };
                match parent {
                    // `shift_remove` keeps the order of the others.
                    Some(Value::Object(map)) => {
                        map.shift_remove(name);
                    }
                    Some(Value::Array(items)) => {
                        if let Some(index) = name.parse().ok().filter(|i: &usize| *i < items.len()) {
                            items.remove(index);
                        }
                    }
                    _ => {}
                }
                Ok(())
            }
            Body::Xml(document) => document.remove(path).map_err(|e| e.to_string()),
            Body::None | Body::Text(_) => Ok(()),
        }
    }

    fn encode(self, media_type: Option<&str>, charset: &str) -> Result<Vec<u8>, String> {
        let bytes = |text: &str, charset: &str| {
            charset::encode(text, charset).map_err(|c| format!("`{c}` cannot be written in {charset}"))
        };
        match (self, media_type.map(syntax)) {
            (Body::None, _) => Ok(Vec::new()),
            (Body::Text(text), _) => bytes(&text, charset),
            (Body::Xml(document), _) => bytes(&document.to_string(), charset),
            (Body::Tree(Value::Object(map)), Some(Syntax::Form)) => {
                let encode = |t: &str| {
                    charset::percent_encode(t, charset)
                        .map_err(|c| format!("`{c}` cannot be written in {charset}"))
                };
                let mut out = String::new();
                for (name, value) in &map {
                    for value in repeated(value) {
                        if !out.is_empty() {
                            out.push('&');
                        }
                        out.push_str(&format!("{}={}", encode(name)?, encode(&value)?));
                    }
                }
                Ok(out.into_bytes())
            }
            (Body::Tree(tree), Some(Syntax::Json)) => bytes(&tree.to_string(), charset),
            (Body::Tree(tree), Some(Syntax::Xml)) => bytes(&xml::from_json(&tree)?, charset),
            (Body::Tree(Value::Null), _) => Ok(Vec::new()),
            (Body::Tree(tree), _) => bytes(&printed(&tree), charset),
        }
    }
}

/// What a query or a form has for one name: a list is written as the same name several times (`explode`, the default of
/// OpenAPI for `style: form`).
fn repeated(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(printed).collect(),
        one => vec![printed(one)],
    }
}

/// JSON is UTF-8 and says so by being JSON (RFC 8259 section 8.1); other text names its charset.
fn content_type(media_type: &str, charset: &str) -> String {
    match syntax(media_type) {
        Syntax::Json if charset.eq_ignore_ascii_case("utf-8") => media_type.to_owned(),
        Syntax::Form => media_type.to_owned(),
        _ if media_type.contains(';') => media_type.to_owned(),
        _ => format!("{media_type}; charset={charset}"),
    }
}

fn parameter_headers(
    operation: &Operation,
    parameters: &[(String, Value)],
    headers: &mut Vec<(String, Vec<u8>)>,
) {
    let mut cookies = Vec::new();
    for (name, value) in parameters {
        match operation.parameter(name).map(|p| p.place) {
            Some(ParameterIn::Header) => put_new(headers, name, printed(value).into_bytes()),
            Some(ParameterIn::Cookie) => cookies.push(format!("{name}={}", printed(value))),
            _ => {}
        }
    }
    if !cookies.is_empty() {
        put_new(headers, "Cookie", cookies.join("; ").into_bytes());
    }
}

/// Adds credentials, unless the step itself gives something of that name.
fn apply(credential: &Credential, url: &mut String, headers: &mut Vec<(String, Vec<u8>)>) {
    let Credential { place, name, value, .. } = credential;
    let encode = |text: &str| charset::percent_encode(text, "utf-8").unwrap_or_default();
    match place {
        KeyPlace::Header => put_new(headers, name, value.clone().into_bytes()),
        KeyPlace::Query => {
            let pair = format!("{}={}", encode(name), encode(value));
            let query = url.split_once('?').map(|(_, query)| query.to_owned());
            let named = format!("{}=", encode(name));
            match query {
                Some(query) if query.split('&').any(|pair| pair.starts_with(&named)) => {}
                Some(query) if query.is_empty() => url.push_str(&pair),
                Some(_) => url.push_str(&format!("&{pair}")),
                None => url.push_str(&format!("?{pair}")),
            }
        }
        KeyPlace::Cookie => {
            let pair = format!("{name}={value}");
            let cookies = headers.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case("cookie"));
            let Some((_, cookies)) = cookies else { return put_new(headers, "Cookie", pair.into_bytes()) };
            let text = String::from_utf8_lossy(cookies).into_owned();
            if !text.split(';').any(|cookie| cookie.trim().starts_with(&format!("{name}="))) {
                *cookies = format!("{text}; {pair}").into_bytes();
            }
        }
    }
}

fn set(parameters: &mut Vec<(String, Value)>, name: String, value: Value) {
    match parameters.iter_mut().find(|(n, _)| *n == name) {
        Some((_, known)) => *known = value,
        None => parameters.push((name, value)),
    }
}

fn put(headers: &mut Vec<(String, Vec<u8>)>, name: &str, value: Vec<u8>) {
    headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value));
}

fn put_new(headers: &mut Vec<(String, Vec<u8>)>, name: &str, value: Vec<u8>) {
    if !headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name)) {
        headers.push((name.to_owned(), value));
    }
}

/// `a.b.0` as a JSON pointer.
fn pointer(path: &str) -> String {
    path.split('.').map(|token| format!("/{}", crate::http::json::escape(token))).collect()
}

/// Sets a value by dotted path; objects on the way are made.
fn set_path(tree: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let mut at = tree;
    for token in path.split('.') {
        at = match at {
            Value::Object(map) => map.entry(token.to_owned()).or_insert(Value::Null),
            Value::Array(items) => {
                let length = items.len();
                let index: usize =
                    token.parse().map_err(|_| format!("`{token}` in `{path}` is not an index"))?;
                items.get_mut(index).ok_or_else(|| format!("`{path}`: the list has {length} elements"))?
            }
            Value::Null => {
                *at = Value::Object(Map::new());
                let Value::Object(map) = at else { return Err(path.to_owned()) };
                map.entry(token.to_owned()).or_insert(Value::Null)
            }
            other => return Err(format!("`{path}` leads into {other}, which has no fields")),
        };
    }
    *at = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_reach_into_trees_and_make_what_is_missing() {
        let mut tree = json!({"a": {"b": [1, 2]}});
        set_path(&mut tree, "a.b.1", json!(9)).unwrap();
        set_path(&mut tree, "new.deep", json!("x")).unwrap();
        assert_eq!(tree, json!({"a": {"b": [1, 9]}, "new": {"deep": "x"}}));
        assert_eq!(set_path(&mut tree, "a.b.7", json!(1)), Err("`a.b.7`: the list has 2 elements".into()));
        assert!(set_path(&mut tree, "new.deep.er", json!(1)).is_err());
        let mut body = Body::Tree(tree);
        body.remove("a.b.0").unwrap();
        body.remove("new").unwrap();
        body.remove("nothing.there").unwrap();
        let Body::Tree(tree) = body else { panic!("still a tree") };
        assert_eq!(tree, json!({"a": {"b": [9]}}));
    }

    #[test]
    fn lists_in_forms_repeat_their_name() {
        let form = |tree: Value| {
            let bytes = Body::Tree(tree).encode(Some("application/x-www-form-urlencoded"), "UTF-8");
            bytes.map(|bytes| String::from_utf8(bytes).unwrap())
        };
        let tree = json!({"id": "a&b", "ids": ["1", "2 3"], "none": [], "last": 4});
        assert_eq!(form(tree), Ok("id=a%26b&ids=1&ids=2%203&last=4".into()));
    }

    #[test]
    fn content_types_name_the_charset_where_it_matters() {
        assert_eq!(content_type("application/json", "UTF-8"), "application/json");
        assert_eq!(content_type("text/xml", "UTF-8"), "text/xml; charset=UTF-8");
        assert_eq!(content_type("application/json", "GBK"), "application/json; charset=GBK");
    }
}
