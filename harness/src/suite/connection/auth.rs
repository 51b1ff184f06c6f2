//! `auth` of a target and of a step: as whom requests are sent.

use crate::http::auth::{Auth, KeyPlace};
use crate::http::oauth2::ClientAuth;
use crate::model::source::At;
use crate::suite::case::{OneOrMany, TextSchema};
use crate::suite::config;
use crate::suite::setting::Setting;
use crate::yaml::{Fields, Kind, Node, Reader, first_line};
use schemars::JsonSchema;

/// As whom a target is spoken to.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetAuth {
    None,
    Given(Auth<Setting>),
    OAuth2(Box<OAuth2Settings>),
}

/// What `auth` of a step says.
#[derive(Debug, Clone, PartialEq)]
pub enum StepAuth {
    /// Nothing is sent that says who the request is from.
    None,
    Given(Auth<At<String>>),
}

/// OAuth 2.0 client credentials (RFC 6749 section 4.4).
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OAuth2Settings {
    #[schemars(with = "String")]
    pub token_url: At<String>,
    #[schemars(with = "TextSchema")]
    pub client_id: Setting,
    /// `${env.NAME}`.
    #[schemars(with = "String")]
    pub client_secret: Setting,
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub scopes: Vec<String>,
    #[schemars(with = "Option<String>")]
    pub audience: Option<String>,
    /// Where the client's id and secret stand in the request for a token; by default `basic`.
    #[schemars(with = "Option<ClientAuth>")]
    pub client_auth: ClientAuth,
}

pub(super) fn auth(reader: &mut Reader<'_>, node: &Node) -> Option<TargetAuth> {
    if node.as_str() == Some("none") {
        return Some(TargetAuth::None);
    }
    let only = only_key(reader, node, &["bearer", "basic", "api_key", "oauth2"])?;
    let mut fields = Fields::new(reader, node, "`auth`")?;
    let auth = match only {
        "bearer" => fields
            .required("bearer", Setting::read_secret)
            .map(|token| TargetAuth::Given(Auth::Bearer(token))),
        "basic" => fields
            .required("basic", |r, n| basic(r, n, Setting::read, Setting::read_secret))
            .map(TargetAuth::Given),
        "api_key" => {
            fields.required("api_key", |r, n| api_key(r, n, Setting::read_secret)).map(TargetAuth::Given)
        }
        _ => fields.required("oauth2", oauth2).map(|oauth2| TargetAuth::OAuth2(Box::new(oauth2))),
    };
    fields.finish();
    auth
}

/// `auth` of a step: what is sent there is not a secret, or is read from one by `${env.NAME}`.
pub fn step_auth(reader: &mut Reader<'_>, node: &Node) -> Option<StepAuth> {
    if node.as_str() == Some("none") {
        return Some(StepAuth::None);
    }
    let text = |r: &mut Reader<'_>, n: &Node| r.text(n).map(|text| At::new(text, n.span));
    let only = only_key(reader, node, &["bearer", "basic", "api_key"])?;
    let mut fields = Fields::new(reader, node, "`auth`")?;
    let auth = match only {
        "bearer" => fields.required("bearer", text).map(Auth::Bearer),
        "basic" => fields.required("basic", |r, n| basic(r, n, text, text)),
        _ => fields.required("api_key", |r, n| api_key(r, n, text)),
    };
    fields.finish();
    auth.map(StepAuth::Given)
}

/// The one key of `auth`.
fn only_key(reader: &mut Reader<'_>, node: &Node, known: &[&'static str]) -> Option<&'static str> {
    let list: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    let Kind::Map(entries) = &node.kind else {
        return reader.expected(node, &format!("`none`, or one of {}", list.join(", ")));
    };
    match entries.as_slice() {
        [(key, _)] => match known.iter().find(|word| **word == key.name) {
            Some(word) => Some(word),
            None => {
                reader.unknown(key.span, "key of `auth`", &key.name, known.iter().copied());
                None
            }
        },
        _ => {
            reader.problem(first_line(node), format!("`auth` has exactly one of {}", list.join(", ")));
            None
        }
    }
}

fn basic<T>(
    reader: &mut Reader<'_>,
    node: &Node,
    user: impl FnOnce(&mut Reader<'_>, &Node) -> Option<T>,
    password: impl FnOnce(&mut Reader<'_>, &Node) -> Option<T>,
) -> Option<Auth<T>> {
    let mut fields = Fields::new(reader, node, "`basic`")?;
    let user = fields.required("user", user);
    let password = fields.required("password", password);
    fields.finish();
    Some(Auth::Basic { user: user?, password: password? })
}

fn api_key<T>(
    reader: &mut Reader<'_>,
    node: &Node,
    value: impl FnOnce(&mut Reader<'_>, &Node) -> Option<T>,
) -> Option<Auth<T>> {
    let mut fields = Fields::new(reader, node, "`api_key`")?;
    let place = fields.required("in", |r, n| r.word(n, "place", &KeyPlace::WORDS));
    let name = fields.required("name", |r, n| match r.string(n)? {
        name if name.is_empty() => r.expected(n, "a name"),
        name => Some(name),
    });
    let value = fields.required("value", value);
    fields.finish();
    Some(Auth::ApiKey { place: place?, name: name?, value: value? })
}

fn oauth2(reader: &mut Reader<'_>, node: &Node) -> Option<OAuth2Settings> {
    let mut fields = Fields::new(reader, node, "`oauth2`")?;
    let token_url = fields.required("token_url", config::url);
    let client_id = fields.required("client_id", Setting::read);
    let client_secret = fields.required("client_secret", Setting::read_secret);
    let scopes = fields.optional("scopes", |r, n| r.one_or_many(n, Reader::string)).unwrap_or_default();
    let audience = fields.optional("audience", Reader::string);
    let client_auth =
        fields.optional("client_auth", |r, n| r.word(n, "place", &ClientAuth::WORDS)).unwrap_or_default();
    fields.finish();
    Some(OAuth2Settings {
        token_url: token_url?,
        client_id: client_id?,
        client_secret: client_secret?,
        scopes,
        audience,
        client_auth,
    })
}

/// `none`, or one way to say who a request is from.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the ways to write `auth` to editors")]
pub(crate) enum AuthSchema {
    None(NoneSchema),
    One(Box<AuthFields>),
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes `none` to editors")]
pub(crate) enum NoneSchema {
    None,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "describes `auth` of a target to editors")]
pub(crate) struct AuthFields {
    /// `Authorization: Bearer …`.
    bearer: Option<String>,
    /// `Authorization: Basic …`.
    basic: Option<BasicFields>,
    /// A header, query parameter or cookie.
    api_key: Option<KeyFields>,
    /// A token that is fetched, kept for the run, and fetched again when it runs out.
    oauth2: Option<OAuth2Settings>,
}

/// `none`, or what is sent in place of the target's own credentials.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the ways to write `auth` of a step to editors")]
pub(crate) enum StepAuthSchema {
    None(NoneSchema),
    One(StepAuthFields),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "describes `auth` of a step to editors")]
pub(crate) struct StepAuthFields {
    bearer: Option<TextSchema>,
    basic: Option<BasicFields>,
    api_key: Option<KeyFields>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "describes `basic` to editors")]
pub(crate) struct BasicFields {
    user: TextSchema,
    password: TextSchema,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "describes `api_key` to editors")]
pub(crate) struct KeyFields {
    #[serde(rename = "in")]
    place: KeyPlace,
    name: String,
    value: TextSchema,
}
