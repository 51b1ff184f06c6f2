//! [`Listener`]: an HTTP server that targets can call back, with a thread and a runtime of its own.

use super::inbound::{Inbound, MAX_BODY};
use crate::expr::printed;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde_json::{Map, Value};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};

/// Requests that belong to no case are kept, up to this many.
const MAX_STRAYS: usize = 1000;
/// Requests for one case beyond this many are dropped.
const MAX_WAITING: usize = 64;

/// The listener of a run.
pub struct Listener {
    address: SocketAddr,
    url: String,
    shared: Arc<Mutex<Shared>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    next: u64,
    waiting: Vec<Entry>,
    strays: Vec<Inbound>,
}

/// A case that waits.
struct Entry {
    id: u64,
    charset: String,
    matches: Vec<(String, String)>,
    sender: mpsc::Sender<Inbound>,
}

/// A case's place in the queue; dropping it gives the place up.
pub struct Waiter {
    id: u64,
    matches: Vec<(String, String)>,
    charset: String,
    since: Instant,
    receiver: mpsc::Receiver<Inbound>,
    shared: Arc<Mutex<Shared>>,
}

impl Listener {
    /// Listens on `address` (port 0 takes a free one). `public_url` is what the provider is told, where that differs.
    pub fn start(address: SocketAddr, public_url: Option<String>) -> std::io::Result<Self> {
        let socket = TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let shared = Arc::new(Mutex::new(Shared::default()));
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let state = shared.clone();
        let thread = std::thread::Builder::new().name("callbacks".into()).spawn(move || {
            runtime.block_on(async move {
                let Ok(socket) = tokio::net::TcpListener::from_std(socket) else { return };
                let router = Router::new().fallback(receive).with_state(state);
                let server = axum::serve(socket, router);
                tokio::select! {
                    _ = server => {}
                    _ = stopped => {}
                }
            });
        })?;
        let url = public_url.unwrap_or_else(|| format!("http://{address}/callback"));
        Ok(Self { address, url, shared, stop: Some(stop), thread: Some(thread) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL to give to the provider.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Takes a place before the request is sent, so that no callback can be too early.
    pub fn wait_for(&self, charset: &str, matches: Vec<(String, String)>) -> Waiter {
        let (sender, receiver) = mpsc::channel(MAX_WAITING);
        let mut shared = lock(&self.shared);
        shared.next += 1;
        let id = shared.next;
        shared.waiting.push(Entry { id, charset: charset.to_owned(), matches: matches.clone(), sender });
        drop(shared);
        Waiter {
            id,
            matches,
            charset: charset.to_owned(),
            since: Instant::now(),
            receiver,
            shared: self.shared.clone(),
        }
    }

    /// Requests that belonged to no case.
    pub fn strays(&self) -> Vec<Inbound> {
        lock(&self.shared).strays.clone()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Waiter {
    /// The next request that belongs to the case, or `None` when the time is up.
    pub async fn next(&mut self, until: Instant) -> Option<Inbound> {
        tokio::time::timeout_at(until.into(), self.receiver.recv()).await.ok().flatten()
    }

    /// A stray that came while waiting and has some, but not all, of the fields that were looked for, and the names
    /// of those that differ. It is taken off the strays.
    pub fn nearly(&self) -> Option<(Inbound, Vec<String>)> {
        let mut shared = lock(&self.shared);
        let differing = |inbound: &Inbound| -> Vec<String> {
            let fields = inbound.fields(&self.charset);
            let differs = |(name, value): &&(String, String)| !has(&fields, name, value);
            self.matches.iter().filter(differs).map(|(name, _)| name.clone()).collect()
        };
        let (index, names) = shared
            .strays
            .iter()
            .enumerate()
            .filter(|(_, inbound)| inbound.at >= self.since)
            .map(|(index, inbound)| (index, differing(inbound)))
            .filter(|(_, names)| names.len() < self.matches.len())
            .min_by_key(|(_, names)| names.len())?;
        Some((shared.strays.remove(index), names))
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let mut shared = lock(&self.shared);
        shared.waiting.retain(|entry| entry.id != self.id);
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn has(fields: &Map<String, Value>, name: &str, value: &str) -> bool {
    fields.get(name).is_some_and(|found| printed(found) == value)
}

async fn receive(State(shared): State<Arc<Mutex<Shared>>>, request: Request) -> (StatusCode, &'static str) {
    let at = Instant::now();
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "too large");
    };
    let inbound = Inbound {
        at,
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers.iter().map(|(n, v)| (n.as_str().to_owned(), v.as_bytes().to_vec())).collect(),
        body: body.to_vec(),
    };
    dispatch(&shared, inbound);
    (StatusCode::OK, "OK")
}

/// Gives a request to the case that it belongs to.
fn dispatch(shared: &Mutex<Shared>, inbound: Inbound) {
    let mut shared = lock(shared);
    let mut decoded: Vec<(String, Map<String, Value>)> = Vec::new();
    let mut owner = None;
    for (index, entry) in shared.waiting.iter().enumerate() {
        if !decoded.iter().any(|(label, _)| *label == entry.charset) {
            decoded.push((entry.charset.clone(), inbound.fields(&entry.charset)));
        }
        let fields = decoded.iter().find(|(label, _)| *label == entry.charset).map(|(_, fields)| fields);
        if fields.is_some_and(|fields| entry.matches.iter().all(|(name, value)| has(fields, name, value))) {
            owner = Some(index);
            break;
        }
    }
    match owner {
        // A full channel means that the case has seen more than enough.
        Some(index) => drop(shared.waiting[index].sender.try_send(inbound)),
        None if shared.strays.len() < MAX_STRAYS => shared.strays.push(inbound),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::time::Duration;

    fn get(address: SocketAddr, target: &str) -> String {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        write!(stream, "GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn requests_go_to_the_case_they_belong_to() {
        let listener = Listener::start("127.0.0.1:0".parse().unwrap(), None).unwrap();
        let of =
            |value: &str| vec![("mobile".to_owned(), value.to_owned()), ("p".to_owned(), "彩".to_owned())];
        let (mut one, mut two) = (listener.wait_for("GBK", of("1")), listener.wait_for("GBK", of("2")));
        assert!(get(listener.address(), "/cb?mobile=2&p=%B2%CA").starts_with("HTTP/1.1 200"));
        get(listener.address(), "/cb?mobile=1&p=other");
        get(listener.address(), "/cb?nobody=1");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let soon = Instant::now() + Duration::from_millis(5);
        runtime.block_on(async {
            assert_eq!(two.next(soon).await.unwrap().query, "mobile=2&p=%B2%CA");
            assert!(one.next(soon).await.is_none());
        });
        let (inbound, names) = one.nearly().unwrap();
        assert_eq!((inbound.query.as_str(), names), ("mobile=1&p=other", vec!["p".to_owned()]));
        assert_eq!(listener.strays().len(), 1);
    }
}
