//! From what `proofmark.yaml` says of a target to connections: files are read, and the environment's values put in.

use super::{Failure, problems};
use crate::engine::{Authentication, Source, TokenSource};
use crate::http::auth::{Auth, KeyPlace};
use crate::http::connection::{Connection, Identity, Pem, PemError, Pems, ProxyUse, tls};
use crate::http::oauth2::Client;
use crate::model::problem::Problem;
use crate::model::source::{At, Span};
use crate::suite::{BaseUrls, ConnectionSettings, ProxySetting, Setting, Suite, TargetAuth, TlsSettings};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a run needs to speak to its target.
#[derive(Default)]
pub struct Connected {
    pub connection: Connection,
    /// Headers of every request, beside those of `defaults`.
    pub headers: Vec<(String, String)>,
    pub authentication: Authentication,
}

/// Values by the names of environment variables.
type Secrets = BTreeMap<String, String>;

/// Makes ready what the settings say. `Err` is every mistake, each with its place in `proofmark.yaml`.
pub fn connect(
    suite: &Suite,
    settings: &ConnectionSettings,
    urls: &BaseUrls,
    secrets: &Secrets,
) -> Result<Connected, Failure> {
    let mut maker = Maker { suite, secrets, problems: Vec::new() };
    let connected = Connected {
        connection: maker.connection(settings, urls),
        headers: settings
            .headers
            .iter()
            .map(|(name, value)| (name.value.clone(), maker.text(value)))
            .collect(),
        authentication: Authentication {
            all: settings.auth.as_ref().map(|auth| maker.source(&auth.value)),
            by_api: settings
                .auths
                .iter()
                .map(|(api, auth)| (api.value.clone(), maker.source(auth)))
                .collect(),
        },
    };
    for (name, value) in &connected.headers {
        if !is_header_value(value) {
            let span = settings.headers.iter().find(|(n, _)| n.value == *name).map(|(_, v)| v.span);
            maker.problem(
                span.unwrap_or_default(),
                format!("the value of `{name}` has bytes that a header cannot hold"),
            );
        }
    }
    match maker.problems.is_empty() {
        true => Ok(connected),
        false => Err(problems::refuse(maker.problems)),
    }
}

/// RFC 9110 section 5.5, without the bytes beyond ASCII.
fn is_header_value(text: &str) -> bool {
    text.bytes().all(|b| b == b'\t' || (0x20..0x7f).contains(&b))
}

struct Maker<'s> {
    suite: &'s Suite,
    secrets: &'s Secrets,
    problems: Vec<Problem>,
}

impl Maker<'_> {
    fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::new(&self.suite.file, span, message));
    }

    /// A variable without a value is a mistake that is told once.
    fn text(&mut self, setting: &Setting) -> String {
        match setting.value(|name| self.secrets.get(name).map(String::as_str)) {
            Ok(text) => text,
            Err(name) => {
                self.problem(setting.span, format!("`{name}` is not in the environment"));
                String::new()
            }
        }
    }

    fn connection(&mut self, settings: &ConnectionSettings, urls: &BaseUrls) -> Connection {
        let mut curl = Vec::new();
        let version = settings.http.as_ref().map(|http| http.value).unwrap_or_default();
        let proxy =
            settings.proxy.as_ref().map(|proxy| self.proxy(&proxy.value, &mut curl)).unwrap_or_default();
        let uses = uses_tls(settings, urls)
            || matches!(&proxy, ProxyUse::Through { url, .. } if url.starts_with("https:"));
        let files = settings.tls.clone().unwrap_or_default();
        let ca = self.pem(files.ca.as_ref(), "--cacert", &mut curl);
        let cert = self.pem(files.cert.as_ref(), "--cert", &mut curl);
        let key = self.pem(files.key.as_ref(), "--key", &mut curl);
        let mut connection = Connection { tls: None, proxy, version, curl };
        if !uses || !self.problems.is_empty() {
            return connection;
        }
        let identity = cert.as_deref().zip(key.as_deref()).map(|(cert, key)| Identity { cert, key });
        match tls(&Pems { ca: ca.as_deref(), identity }, version) {
            Ok(tls) => connection.tls = tls,
            Err(e) => self.wrong_pem(&files, e),
        }
        connection
    }

    fn wrong_pem(&mut self, files: &TlsSettings, error: PemError) {
        let (key, setting) = match error.which {
            Pem::Ca => ("ca", &files.ca),
            Pem::Cert => ("cert", &files.cert),
            Pem::Key => ("key", &files.key),
        };
        let Some(setting) = setting else {
            let message = format!("TLS cannot be set up: {}", error.message);
            return self.problem(Span::default(), message);
        };
        let file = setting.source();
        let says = match error.other {
            Some(other) => format!("{}. `{}` makes PEM of it", other.says(), other.converts(&file)),
            None => error.message,
        };
        self.problem(setting.span, format!("`{key}` of `tls`, `{file}`: {says}"));
    }

    /// The bytes of a file, or of a variable that holds PEM; the option that gives curl the same.
    fn pem(&mut self, setting: Option<&Setting>, option: &str, curl: &mut Vec<String>) -> Option<Vec<u8>> {
        let setting = setting?;
        let text = self.text(setting);
        if text.is_empty() {
            return None;
        }
        if text.trim_start().starts_with("-----BEGIN") {
            curl.extend([option.to_owned(), setting.source()]);
            return Some(text.into_bytes());
        }
        let path = self.suite.root.join(&text);
        curl.extend([option.to_owned(), path.display().to_string()]);
        match std::fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(e) => {
                self.problem(setting.span, format!("cannot read `{}`: {e}", setting.source()));
                None
            }
        }
    }

    fn proxy(&mut self, proxy: &ProxySetting, curl: &mut Vec<String>) -> ProxyUse {
        let ProxySetting::Through { url, user, password, bypass } = proxy else {
            curl.extend(["--noproxy".to_owned(), "*".to_owned()]);
            return ProxyUse::Direct;
        };
        if let Err(e) = reqwest::Url::parse(&url.value) {
            self.problem(url.span, format!("`{}` is not a URL: {e}", url.value));
        }
        curl.extend(["--proxy".to_owned(), url.value.clone()]);
        let login = user.as_ref().map(|user| {
            let shown = password.as_ref().map(Setting::source).unwrap_or_default();
            curl.extend(["--proxy-user".to_owned(), format!("{}:{shown}", user.source())]);
            (self.text(user), password.as_ref().map(|password| self.text(password)).unwrap_or_default())
        });
        ProxyUse::Through { url: url.value.clone(), login, bypass: bypass.clone() }
    }

    fn source(&mut self, auth: &TargetAuth) -> Source {
        match auth {
            TargetAuth::None => Source::None,
            TargetAuth::Given(auth) => self.fixed(auth),
            TargetAuth::OAuth2(oauth2) => {
                let (id, secret) = (self.text(&oauth2.client_id), self.text(&oauth2.client_secret));
                let At { value: token_url, .. } = oauth2.token_url.clone();
                let (scopes, audience) = (oauth2.scopes.clone(), oauth2.audience.clone());
                let client = Client { token_url, id, secret, scopes, audience, auth: oauth2.client_auth };
                Source::Token(Arc::new(TokenSource::new(client)))
            }
        }
    }

    fn fixed(&mut self, auth: &Auth<Setting>) -> Source {
        let Ok(given) = auth.map(|setting| Ok::<_, ()>(self.text(setting))) else { return Source::None };
        let credential = given.credential();
        if credential.place != KeyPlace::Query && !is_header_value(&credential.value) {
            let span = auth.texts().first().map(|setting| setting.span).unwrap_or_default();
            self.problem(span, format!("the value of `{}` has bytes that a header cannot hold", auth.word()));
        }
        Source::Fixed(credential)
    }
}

fn uses_tls(settings: &ConnectionSettings, urls: &BaseUrls) -> bool {
    let auths =
        settings.auth.iter().map(|auth| &auth.value).chain(settings.auths.iter().map(|(_, auth)| auth));
    let token_urls = auths.filter_map(|auth| match auth {
        TargetAuth::OAuth2(oauth2) => Some(oauth2.token_url.as_str()),
        _ => None,
    });
    let own = urls.by_api.values().chain(&urls.all).map(String::as_str);
    own.chain(token_urls).any(|url| url.starts_with("https:"))
}

/// The rows of `--explain`: name, value, origin. Secrets are named, never shown.
pub fn rows(target: &str, settings: &ConnectionSettings) -> Vec<(String, String, String)> {
    let mut rows = Vec::new();
    let mut row = |name: String, value: String, key: &str, span: Span| {
        rows.push((name, value, format!("proofmark.yaml: targets.{target}.{key}, line {}", span.line)));
    };
    if let Some(tls) = &settings.tls {
        for (key, setting) in [("ca", &tls.ca), ("cert", &tls.cert), ("key", &tls.key)] {
            if let Some(setting) = setting {
                row(format!("tls.{key}"), setting.source(), "tls", setting.span);
            }
        }
    }
    if let Some(proxy) = &settings.proxy {
        let shown = match &proxy.value {
            ProxySetting::None => "none".to_owned(),
            ProxySetting::Through { url, user: Some(user), .. } => {
                format!("{} as {}", url.value, user.source())
            }
            ProxySetting::Through { url, .. } => url.value.clone(),
        };
        row("proxy".into(), shown, "proxy", proxy.span);
    }
    if let Some(http) = &settings.http {
        row("http".into(), http.value.word().to_owned(), "http", http.span);
    }
    for (name, value) in &settings.headers {
        row(format!("header {}", name.value), value.source(), "headers", name.span);
    }
    if let Some(auth) = &settings.auth {
        row("auth".into(), shown(&auth.value), "auth", auth.span);
    }
    for (api, auth) in &settings.auths {
        row(format!("auth of {}", api.value), shown(auth), "auths", api.span);
    }
    rows
}

fn shown(auth: &TargetAuth) -> String {
    match auth {
        TargetAuth::None => "none".into(),
        TargetAuth::Given(auth) => {
            let texts: Vec<String> = auth.texts().iter().map(|setting| setting.source()).collect();
            match auth {
                Auth::ApiKey { place, name, .. } => {
                    format!("{} in {} {name}: {}", auth.word(), place.word(), texts.join(" "))
                }
                _ => format!("{} {}", auth.word(), texts.join(" ")),
            }
        }
        TargetAuth::OAuth2(oauth2) => {
            format!("oauth2 {} as {}", oauth2.token_url.value, oauth2.client_id.source())
        }
    }
}
