//! How a target is reached, and as whom: `tls`, `proxy`, `http`, `headers`, `auth`, `rate` of a target.

mod auth;
mod proxy;
mod rate;
mod tls;

pub(crate) use auth::StepAuthSchema;
pub use auth::{OAuth2Settings, StepAuth, TargetAuth, step_auth};
pub use proxy::ProxySetting;
pub use rate::{Rate, parse_rate};
pub use tls::TlsSettings;

use super::case::TextSchema;
use super::setting::Setting;
use crate::http::connection::HttpVersion;
use crate::model::source::At;
use crate::yaml::{Fields, Node, Reader, first_line};
use auth::{AuthSchema, auth};
use proxy::{ProxySchema, proxy};
use rate::{RateSchema, rate};
use schemars::JsonSchema;
use std::collections::BTreeMap;
use tls::tls;

/// What a target says of connections to it.
#[derive(Debug, Clone, Default)]
pub struct ConnectionSettings {
    pub tls: Option<TlsSettings>,
    pub proxy: Option<At<ProxySetting>>,
    pub http: Option<At<HttpVersion>>,
    pub headers: Vec<(At<String>, Setting)>,
    pub auth: Option<At<TargetAuth>>,
    pub auths: Vec<(At<String>, TargetAuth)>,
    pub rate: Option<At<Rate>>,
}

impl ConnectionSettings {
    /// All texts in which environment variables may stand.
    pub fn settings(&self) -> Vec<&Setting> {
        let tls = self.tls.iter().flat_map(|tls| [&tls.ca, &tls.cert, &tls.key]).flatten();
        let proxy = self.proxy.iter().flat_map(|proxy| match &proxy.value {
            ProxySetting::Through { user, password, .. } => user.iter().chain(password).collect(),
            ProxySetting::None => Vec::new(),
        });
        let auths = self.auth.iter().map(|auth| &auth.value).chain(self.auths.iter().map(|(_, auth)| auth));
        let auths = auths.flat_map(|auth| match auth {
            TargetAuth::None => Vec::new(),
            TargetAuth::Given(auth) => auth.texts(),
            TargetAuth::OAuth2(oauth2) => vec![&oauth2.client_id, &oauth2.client_secret],
        });
        tls.chain(proxy).chain(self.headers.iter().map(|(_, value)| value)).chain(auths).collect()
    }
}

/// Reads those keys of a target.
pub fn connection(fields: &mut Fields<'_, '_, '_>) -> ConnectionSettings {
    let at = |node: &Node| first_line(node);
    ConnectionSettings {
        tls: fields.optional("tls", tls),
        proxy: fields.optional("proxy", |r, n| Some(At::new(proxy(r, n)?, at(n)))),
        http: fields.optional("http", |r, n| {
            Some(At::new(r.word(n, "version of HTTP", &HttpVersion::WORDS)?, at(n)))
        }),
        headers: fields.optional("headers", headers).unwrap_or_default(),
        auth: fields.optional("auth", |r, n| Some(At::new(auth(r, n)?, at(n)))),
        auths: fields.optional("auths", |r, n| r.mapping(n, auth)).unwrap_or_default(),
        rate: fields.optional("rate", |r, n| Some(At::new(rate(r, n)?, at(n)))),
    }
}

fn headers(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<(At<String>, Setting)>> {
    let read = reader.mapping(node, Setting::read)?;
    for (name, _) in &read {
        // RFC 9110 section 5.6.2: a token.
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(is_token) {
            reader.problem(name.span, format!("`{}` is not a header name", name.value));
        }
    }
    Some(read)
}

/// For editors: the keys of a target that are read here.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes connections to editors")]
pub(crate) struct ConnectionFields {
    /// Trust, and the client's certificate.
    tls: Option<TlsSettings>,
    /// `none`, a URL, or a URL with `user`, `password` and `bypass`; by default what the environment says.
    proxy: Option<ProxySchema>,
    /// The version of HTTP: `1.1` (the default), `2` (by ALPN, or with prior knowledge where the URL is `http://`), `auto`.
    http: Option<HttpSchema>,
    /// Headers of every request to this target.
    headers: Option<BTreeMap<String, TextSchema>>,
    /// As whom all APIs are spoken to.
    auth: Option<AuthSchema>,
    /// The same by API.
    auths: Option<BTreeMap<String, AuthSchema>>,
    /// How many requests may be sent in a time, over all threads.
    rate: Option<RateSchema>,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "YAML needs no quotes around a number")]
pub(crate) enum HttpSchema {
    Number(HttpNumber),
    Word(HttpVersion),
}

/// 1.1 or 2.
#[derive(JsonSchema)]
#[schemars(transparent, extend("enum" = [1.1, 2]))]
#[expect(dead_code, reason = "describes a version to editors")]
pub(crate) struct HttpNumber(f64);
