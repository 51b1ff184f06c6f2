//! [`Client`]: the one door to the target. Bounded in time and bytes; never follows a redirect, so that credentials go
//! nowhere but to the target.

use super::coding;
use super::connection::{Connection, HttpVersion, ProxyUse};
use crate::model::exchange::{Exchange, Request, Response, Timing, TransportError, TransportErrorKind};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, NoProxy, Proxy, StatusCode, Url, redirect, retry};
use rustls::ClientConfig;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Bounds of one exchange.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// From sending to the last byte of the body.
    pub timeout: Duration,
    /// Of a body, in bytes, before and after the content coding is taken off.
    pub max_body: u64,
}

/// A connection pool. Each thread has its own: a pooled connection lives on the runtime that made it.
pub struct Client {
    inner: reqwest::Client,
    /// Whether requests may go through a proxy.
    proxied: bool,
    stop: watch::Receiver<bool>,
}

impl Client {
    /// `stop` ends what is under way when it becomes true.
    pub fn new(connection: &Connection, stop: watch::Receiver<bool>) -> Result<Self, String> {
        let proxied = !proxies(&connection.proxy).is_empty();
        Ok(Self { inner: build(connection)?, proxied, stop })
    }

    /// Sends a request and receives the whole answer.
    ///
    /// The request comes back with its URL as it was sent: the URL Standard writes `'` in a query as `%27`.
    pub async fn send(&self, mut request: Request, limits: Limits) -> Exchange {
        let prepared = prepared(&request);
        if let Ok(prepared) = &prepared {
            request.url = prepared.url().as_str().to_owned();
        }
        let started = Instant::now();
        let mut timing = Timing::default();
        let mut stop = self.stop.clone();
        let response = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => Err(error(TransportErrorKind::Interrupted, "the run was stopped".into())),
            result = tokio::time::timeout(limits.timeout, self.receive(prepared, limits, started, &mut timing)) => {
                result.unwrap_or_else(|_| Err(error(
                    TransportErrorKind::Timeout,
                    format!("not answered whole within {:?}", limits.timeout),
                )))
            }
        };
        timing.total = started.elapsed();
        Exchange { request, response, timing }
    }

    async fn receive(
        &self,
        request: Result<reqwest::Request, TransportError>,
        limits: Limits,
        started: Instant,
        timing: &mut Timing,
    ) -> Result<Response, TransportError> {
        let mut response = self.inner.execute(request?).await.map_err(|e| transport(&e))?;
        timing.first_byte = started.elapsed();
        // Proxies say so (RFC 9110 section 15.5.8): the target was not reached.
        if self.proxied && response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            let message = "the proxy wants other credentials (it answered 407)";
            return Err(error(TransportErrorKind::Connect, message.to_owned()));
        }
        let declared = response.content_length().unwrap_or(0);
        if declared > limits.max_body {
            return Err(too_large(limits.max_body));
        }
        let mut body = Vec::with_capacity(declared as usize);
        while let Some(chunk) = response.chunk().await.map_err(|e| transport(&e))? {
            if (body.len() + chunk.len()) as u64 > limits.max_body {
                return Err(too_large(limits.max_body));
            }
            body.extend_from_slice(&chunk);
        }
        let headers: Vec<(String, Vec<u8>)> =
            response.headers().iter().map(|(n, v)| (n.as_str().to_owned(), v.as_bytes().to_vec())).collect();
        let codings: Vec<&str> = response
            .headers()
            .get_all("content-encoding")
            .iter()
            .map(|v| v.to_str().unwrap_or("unreadable"))
            .collect();
        let codings = (!codings.is_empty()).then(|| codings.join(","));
        let (body, miscoded) = coding::decode(body, codings.as_deref(), limits.max_body)?;
        Ok(Response {
            status: response.status().as_u16(),
            version: format!("{:?}", response.version()),
            body,
            miscoded,
            headers,
        })
    }
}

/// A client for targets without TLS: it trusts nobody.
pub fn plain() -> Result<reqwest::Client, String> {
    build(&Connection::default())
}

fn build(connection: &Connection) -> Result<reqwest::Client, String> {
    let tls = match &connection.tls {
        Some(config) => config.as_ref().clone(),
        None => without_roots()?,
    };
    let mut builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .pool_idle_timeout(Duration::from_secs(15))
        .tls_backend_preconfigured(tls);
    builder = match connection.version {
        HttpVersion::Http11 => builder.http1_only(),
        HttpVersion::Http2 => builder.http2_prior_knowledge(),
        HttpVersion::Auto => builder,
    };
    for proxy in proxies(&connection.proxy) {
        builder = builder.proxy(proxy.map_err(|e| chain(&e))?);
    }
    builder.build().map_err(|e| chain(&e))
}

fn proxies(wanted: &ProxyUse) -> Vec<reqwest::Result<Proxy>> {
    match wanted {
        ProxyUse::Direct => Vec::new(),
        ProxyUse::Environment => from_environment().collect(),
        ProxyUse::Through { url, login, bypass } => {
            let bypass = NoProxy::from_string(&bypass.join(","));
            vec![Proxy::all(url.as_str()).map(|proxy| {
                let proxy = proxy.no_proxy(bypass);
                match login {
                    Some((user, password)) => proxy.basic_auth(user, password),
                    None => proxy,
                }
            })]
        }
    }
}

type MakeProxy = fn(String) -> reqwest::Result<Proxy>;

/// The proxies that the environment names, but never for the loopback: nobody's proxy can reach the embedded sandbox.
fn from_environment() -> impl Iterator<Item = reqwest::Result<Proxy>> {
    let env = |name: &str| {
        // `HTTP_PROXY` is left out: a CGI server would set it from a request's header `Proxy`.
        let upper = (name != "http_proxy").then(|| std::env::var(name.to_uppercase()).ok()).flatten();
        std::env::var(name).ok().or(upper).filter(|value| !value.is_empty())
    };
    let direct = format!("localhost,127.0.0.0/8,::1,{}", env("no_proxy").unwrap_or_default());
    let kinds: [(&str, MakeProxy); 3] =
        [("http_proxy", Proxy::http), ("https_proxy", Proxy::https), ("all_proxy", Proxy::all)];
    kinds.into_iter().filter_map(move |(name, make)| {
        let url = env(name)?;
        Some(make(url).map(|proxy| proxy.no_proxy(NoProxy::from_string(&direct))))
    })
}

fn without_roots() -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?;
    Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

fn prepared(request: &Request) -> Result<reqwest::Request, TransportError> {
    let bad = |what: String| error(TransportErrorKind::Request, what);
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| bad(format!("`{}` is not a method", request.method.escape_default())))?;
    let url = Url::parse(&request.url).map_err(|e| bad(format!("`{}` is not a URL: {e}", request.url)))?;
    let mut prepared = reqwest::Request::new(method, url);
    let mut headers = HeaderMap::with_capacity(request.headers.len());
    for (name, value) in &request.headers {
        let key = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| bad(format!("`{}` is not a header name", name.escape_default())))?;
        let value = HeaderValue::from_bytes(value)
            .map_err(|_| bad(format!("the value of header `{name}` has bytes that HTTP does not allow")))?;
        headers.append(key, value);
    }
    *prepared.headers_mut() = headers;
    if !request.body.is_empty() {
        *prepared.body_mut() = Some(request.body.clone().into());
    }
    Ok(prepared)
}

fn too_large(max: u64) -> TransportError {
    error(TransportErrorKind::TooLarge, format!("the body is larger than {max} bytes"))
}

fn transport(e: &reqwest::Error) -> TransportError {
    let kind = match () {
        () if e.is_timeout() => TransportErrorKind::Timeout,
        () if e.is_connect() => TransportErrorKind::Connect,
        () if e.is_builder() => TransportErrorKind::Request,
        () => TransportErrorKind::Protocol,
    };
    error(kind, chain(e))
}

/// The innermost causes of an error: the outer ones repeat the URL, and hyper's `client error (Connect)` says what the
/// kind says.
fn chain(e: &dyn Error) -> String {
    let mut parts = Vec::new();
    let mut next = e.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        let repeats = parts.last().is_some_and(|last: &String| last.contains(&text));
        if !repeats && !text.starts_with("client error (") {
            parts.push(text);
        }
        next = cause.source();
    }
    if parts.is_empty() { e.to_string() } else { parts.join(": ") }
}

fn error(kind: TransportErrorKind, message: String) -> TransportError {
    TransportError { kind, message }
}
