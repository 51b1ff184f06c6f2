//! How a target is reached, and as whom: `tls`, `proxy`, `http`, `headers`, `auth`, `rate` of a target.

use super::case::{OneOrMany, TextSchema};
use super::setting::Setting;
use crate::http::auth::{Auth, KeyPlace};
use crate::http::connection::HttpVersion;
use crate::http::oauth2::ClientAuth;
use crate::model::source::At;
use crate::yaml::{Fields, Kind, Node, Reader, first_line};
use schemars::JsonSchema;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

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

/// Certificates: files in PEM, by path from the suite's folder, or their text in `${env.NAME}`.
#[derive(Debug, Clone, Default, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TlsSettings {
    /// Authorities that are trusted, in place of those that the machine trusts.
    #[schemars(with = "Option<String>")]
    pub ca: Option<Setting>,
    /// The client's certificate, and those that it was issued by.
    #[schemars(with = "Option<String>")]
    pub cert: Option<Setting>,
    /// The private key of the client's certificate.
    #[schemars(with = "Option<String>")]
    pub key: Option<Setting>,
}

/// Through which proxy requests go.
#[derive(Debug, Clone, PartialEq)]
pub enum ProxySetting {
    /// Through none, whatever the environment says.
    None,
    Through {
        url: At<String>,
        user: Option<Setting>,
        password: Option<Setting>,
        bypass: Vec<String>,
    },
}

/// `none`, a URL, or a URL with more.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the ways to write `proxy` to editors")]
pub(crate) enum ProxySchema {
    Url(String),
    With(ProxyFields),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "describes `proxy` to editors")]
pub(crate) struct ProxyFields {
    /// `http://`, `https://`, `socks4://`, `socks4a://`, `socks5://` or `socks5h://`.
    url: String,
    user: Option<TextSchema>,
    /// `${env.NAME}`.
    password: Option<String>,
    /// Hosts that are reached directly: names, with all below them, addresses and networks.
    bypass: Option<OneOrMany<String>>,
}

/// As whom a target is spoken to.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetAuth {
    None,
    Given(Auth<Setting>),
    OAuth2(Box<OAuth2Settings>),
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

/// How many requests may be sent in a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub requests: u32,
    pub per: Duration,
    /// How many may be sent at once after a pause; 1 spaces them evenly.
    pub burst: u32,
}

/// `20/s`, `20/s, 5 at once`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.per.as_secs() {
            60 => "m",
            3600 => "h",
            _ => "s",
        };
        write!(f, "{}/{unit}", self.requests)?;
        match self.burst {
            1 => Ok(()),
            burst => write!(f, ", {burst} at once"),
        }
    }
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the ways to write `rate` to editors")]
pub(crate) enum RateSchema {
    Limit(String),
    With(RateFields),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "describes `rate` to editors")]
pub(crate) struct RateFields {
    /// `20/s`, `300/m`, `1000/h`.
    limit: String,
    /// How many may be sent at once after a pause; by default 1.
    burst: Option<u64>,
}

/// What `auth` of a step says.
#[derive(Debug, Clone, PartialEq)]
pub enum StepAuth {
    /// Nothing is sent that says who the request is from.
    None,
    Given(Auth<At<String>>),
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

fn tls(reader: &mut Reader<'_>, node: &Node) -> Option<TlsSettings> {
    let mut fields = Fields::new(reader, node, "`tls`")?;
    let tls = TlsSettings {
        ca: fields.optional("ca", Setting::read),
        cert: fields.optional("cert", Setting::read),
        key: fields.optional("key", |r, n| {
            let key = Setting::read(r, n)?;
            match n.as_str().is_some_and(|text| text.contains("-----BEGIN")) {
                true => Setting::read_secret(r, n),
                false => Some(key),
            }
        }),
    };
    if node.get("cert").is_some() != node.get("key").is_some() {
        fields.reader().problem(first_line(node), "a client certificate needs both `cert` and `key`");
    }
    fields.finish();
    Some(tls)
}

const PROXY_SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

fn proxy(reader: &mut Reader<'_>, node: &Node) -> Option<ProxySetting> {
    if node.as_str() == Some("none") {
        return Some(ProxySetting::None);
    }
    if !matches!(node.kind, Kind::Map(_)) {
        let url = proxy_url(reader, node)?;
        return Some(ProxySetting::Through { url, user: None, password: None, bypass: Vec::new() });
    }
    let mut fields = Fields::new(reader, node, "`proxy`")?;
    let url = fields.required("url", proxy_url);
    let user = fields.optional("user", Setting::read);
    let password = fields.optional("password", Setting::read_secret);
    let bypass = fields.optional("bypass", |r, n| r.one_or_many(n, Reader::string)).unwrap_or_default();
    if node.get("password").is_some() && node.get("user").is_none() {
        fields.reader().problem(first_line(node), "`proxy` needs `user` with `password`");
    }
    fields.finish();
    Some(ProxySetting::Through { url: url?, user, password, bypass })
}

fn proxy_url(reader: &mut Reader<'_>, node: &Node) -> Option<At<String>> {
    let url = reader.string_at(node)?;
    let Some((_, rest)) =
        url.split_once("://").filter(|(scheme, rest)| PROXY_SCHEMES.contains(scheme) && !rest.is_empty())
    else {
        return reader.expected(
            node,
            "`none` or a URL with `http`, `https`, `socks4`, `socks4a`, `socks5` or `socks5h`",
        );
    };
    if rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@')) {
        let message =
            "credentials stand in the URL of a proxy: write `{ url: …, user: …, password: \"${env.NAME}\" }`";
        reader.problem(node.span, message);
        return None;
    }
    Some(url)
}

fn auth(reader: &mut Reader<'_>, node: &Node) -> Option<TargetAuth> {
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
    let token_url = fields.required("token_url", super::config::url);
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

fn rate(reader: &mut Reader<'_>, node: &Node) -> Option<Rate> {
    if !matches!(node.kind, Kind::Map(_)) {
        return limit(reader, node);
    }
    let mut fields = Fields::new(reader, node, "`rate`")?;
    let rate = fields.required("limit", limit);
    let burst = fields.optional("burst", |r, n| match r.unsigned(n)? {
        burst @ 1..=100_000 => u32::try_from(burst).ok(),
        _ => r.expected(n, "1 to 100000"),
    });
    fields.finish();
    Some(Rate { burst: burst.unwrap_or(1), ..rate? })
}

fn limit(reader: &mut Reader<'_>, node: &Node) -> Option<Rate> {
    match node.as_str().map(parse_rate) {
        Some(Ok(rate)) => Some(rate),
        _ => reader.expected(node, "a rate such as `20/s`, `300/m` or `1000/h`"),
    }
}

/// `20/s`, `300/m`, `1000/h`: a whole number of requests in a second, minute or hour, without a burst.
pub fn parse_rate(text: &str) -> Result<Rate, String> {
    let wrong = || format!("`{text}` is not a rate such as `20/s`, `300/m` or `1000/h`");
    let (requests, unit) = text.split_once('/').ok_or_else(wrong)?;
    let requests: u32 = requests.trim().parse().map_err(|_| wrong())?;
    let seconds = match unit.trim() {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    match requests {
        0 => Err(wrong()),
        _ => Ok(Rate { requests, per: Duration::from_secs(seconds), burst: 1 }),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        let rate = |text| parse_rate(text).map(|rate| (rate.requests, rate.per.as_secs()));
        assert_eq!(
            (rate("20/s"), rate("300/m"), rate("1000 / h")),
            (Ok((20, 1)), Ok((300, 60)), Ok((1000, 3600)))
        );
        for wrong in ["0/s", "20", "20/d", "-1/s", "1.5/s", "/s", ""] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }
}
