//! [`RequestTemplate::build`]: a template evaluated, changed, signed and encoded.

use super::body::Body;
use super::headers::{apply, content_type, parameter_headers, put, put_new};
use super::{BodyTemplate, Built, RequestAuth, RequestTarget, RequestTemplate, Values, repeated};
use crate::contract::{Operation, ParameterIn, SignIn, sign};
use crate::expr::{Evaluator, printed};
use crate::http::auth::Credential;
use crate::http::charset;
use crate::http::media_type::{Syntax, syntax};
use crate::model::exchange::Request;
use crate::plan::change::{Change, ChangePlace};
use crate::xml;
use serde_json::{Map, Value};

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

fn set(parameters: &mut Vec<(String, Value)>, name: String, value: Value) {
    match parameters.iter_mut().find(|(n, _)| *n == name) {
        Some((_, known)) => *known = value,
        None => parameters.push((name, value)),
    }
}
