//! Requests that the sandbox itself sends, later, to the partner's callback URL.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, Uri};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::StartError;

/// How many accepted requests may wait for their later processing.
const PENDING: usize = 100_000;

/// How many callbacks are sent at the same time.
const SENDING: usize = 64;

/// How long the partner may take to answer one.
const PATIENCE: Duration = Duration::from_secs(5);

/// The right to have one accepted request processed later; given back when dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    _permit: OwnedSemaphorePermit,
}

/// The partner's end of the callbacks. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Partner {
    url: Option<Arc<str>>,
    client: Client<HttpConnector, Full<Bytes>>,
    pending: Arc<Semaphore>,
    sending: Arc<Semaphore>,
}

impl Partner {
    /// A partner with this callback URL, or one who gets no callbacks.
    pub(crate) fn new(url: Option<&str>) -> Result<Partner, StartError> {
        let url = url.map(checked).transpose()?;
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(PATIENCE));
        Ok(Partner {
            url,
            client: Client::builder(TokioExecutor::new()).build(connector),
            pending: Arc::new(Semaphore::new(PENDING)),
            sending: Arc::new(Semaphore::new(SENDING)),
        })
    }

    /// Room for one more later processing; `None` if too many wait already.
    pub(crate) fn reserve(&self) -> Option<Slot> {
        let permit = Arc::clone(&self.pending).try_acquire_owned().ok()?;
        Some(Slot { _permit: permit })
    }

    /// Sends one GET with this query added to the callback URL. What the partner answers changes nothing, and neither
    /// does a partner who cannot be reached: the documents know no retry.
    pub(crate) async fn get(&self, query: &str) {
        let Some(url) = &self.url else { return };
        self.send(Method::GET, &with_query(url, query), "").await;
    }

    /// The same as a POSTed form. Only faults do this.
    pub(crate) async fn post_form(&self, form: &str) {
        let Some(url) = &self.url else { return };
        self.send(Method::POST, url, form).await;
    }

    async fn send(&self, method: Method, url: &str, form: &str) {
        let mut request = Request::builder().method(method).uri(url);
        if !form.is_empty() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let Ok(request) = request.body(Full::new(Bytes::copy_from_slice(form.as_bytes()))) else { return };
        let Ok(_permit) = self.sending.acquire().await else { return };
        // Nothing to do about a failure, see `get`.
        let _ = tokio::time::timeout(PATIENCE, self.client.request(request)).await;
    }
}

/// The URL without its fragment, if callbacks can be sent there.
fn checked(url: &str) -> Result<Arc<str>, StartError> {
    let without_fragment = url.split('#').next().unwrap_or_default();
    match without_fragment.parse::<Uri>() {
        Ok(uri) if uri.scheme_str() == Some("http") && uri.host().is_some_and(|host| !host.is_empty()) => {
            Ok(without_fragment.into())
        }
        _ => Err(StartError::CallbackUrl { url: url.to_owned() }),
    }
}

/// The URL with more added to its query, which it may or may not have already.
fn with_query(url: &str, query: &str) -> String {
    let joiner = match url.split_once('?') {
        None => "?",
        Some((_, existing)) if existing.is_empty() || existing.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{url}{joiner}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_added() {
        assert_eq!(with_query("http://a/b", "c=1"), "http://a/b?c=1");
        assert_eq!(with_query("http://a/b?", "c=1"), "http://a/b?c=1");
        assert_eq!(with_query("http://a/b?x=y", "c=1"), "http://a/b?x=y&c=1");
        assert_eq!(with_query("http://a/b?x=y&", "c=1"), "http://a/b?x=y&c=1");
    }

    #[test]
    fn urls_are_checked() {
        assert_eq!(&*checked("http://127.0.0.1:1?a=b#c").unwrap(), "http://127.0.0.1:1?a=b");
        for url in ["", "127.0.0.1:1", "/a", "https://a/", "http://", "http://a b/", "ftp://a/"] {
            let text = checked(url).unwrap_err().to_string();
            assert_eq!(text, format!("the callback URL `{url}` is not an absolute `http://` URL"));
        }
    }
}
