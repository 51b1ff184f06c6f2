//! [`MutatingProxy`]: passes requests on to a target, and answers with mutants of what it answers.

use crate::engine::Stop;
use crate::http::client::{Client, Limits};
use crate::http::connection::Connection;
use crate::model::exchange::{Request, Response};
use crate::mutate::{Live, Served, Wish};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// The header in which a client asks for a mutant, and in which the answer tells which one it is.
pub const HEADER: &str = "x-proofmark-mutant";

const LIMITS: Limits = Limits { timeout: Duration::from_secs(30), max_body: 8 << 20 };

/// Headers that are those of one connection (RFC 9110 section 7.6.1), and lengths, which a mutant has of its own.
const NOT_PASSED_ON: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
    HEADER,
];

/// A server of mutants, with a thread and a runtime of its own. Dropping it ends it.
pub struct MutatingProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    /// `http://127.0.0.1:8081`
    upstream: String,
    live: Live,
    client: Client,
    /// Never used, and kept: a client stops when it is gone.
    _stop: Stop,
    told: Box<dyn Fn(&Served) + Send + Sync>,
    served: Mutex<Vec<Served>>,
    /// Whether what was served is kept.
    keeps: bool,
}

impl MutatingProxy {
    /// Listens on `listen`; every mutant is shown to `told` as it is served.
    pub fn start(
        listen: SocketAddr,
        upstream: String,
        live: Live,
        keeps: bool,
        told: Box<dyn Fn(&Served) + Send + Sync>,
    ) -> Result<Self, String> {
        let socket = TcpListener::bind(listen).map_err(|e| format!("cannot listen on {listen}: {e}"))?;
        let failed = |e: std::io::Error| format!("the proxy cannot start: {e}");
        socket.set_nonblocking(true).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let stop = Stop::default();
        let client = {
            let _entered = runtime.enter();
            Client::new(&Connection::default(), stop.watch())?
        };
        let shared =
            Arc::new(Shared { upstream, live, client, _stop: stop, told, served: Mutex::default(), keeps });
        let (stop, stopped) = oneshot::channel();
        let state = shared.clone();
        let serve = move || {
            runtime.block_on(async move {
                let Ok(socket) = tokio::net::TcpListener::from_std(socket) else { return };
                let router = Router::new().fallback(pass).with_state(state);
                tokio::select! {
                    _ = axum::serve(socket, router) => {}
                    _ = stopped => {}
                }
            });
        };
        let thread = std::thread::Builder::new().name("mutants".into()).spawn(serve).map_err(failed)?;
        Ok(Self { address, shared, stop: Some(stop), thread: Some(thread) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was served so far, by number.
    pub fn served(&self) -> Vec<Served> {
        self.shared.served.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for MutatingProxy {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

type Answer = axum::http::Response<Body>;

async fn pass(State(shared): State<Arc<Shared>>, request: axum::extract::Request) -> Answer {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LIMITS.max_body as usize).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large");
    };
    let wish = head.headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wish = Wish::read(wish);
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let is_passed = |name: &str| !NOT_PASSED_ON.contains(&name);
    let headers = head.headers.iter().filter(|(name, _)| is_passed(name.as_str()));
    let request = Request {
        method: head.method.as_str().to_owned(),
        url: format!("{}{target}", shared.upstream),
        headers: headers.map(|(n, v)| (n.as_str().to_owned(), v.as_bytes().to_vec())).collect(),
        body: body.to_vec(),
        charset: "UTF-8".into(),
    };
    let exchange = shared.client.send(request, LIMITS).await;
    let received = match &exchange.response {
        Ok(received) => received.clone(),
        Err(e) => return plain(StatusCode::BAD_GATEWAY, &e.message),
    };
    // Taking an answer apart is work, and other requests wait for this thread: an answer has some hundred mutants.
    match shared.live.pass(exchange, &wish) {
        Some(served) => {
            (shared.told)(&served);
            let about = format!("{} {} {}", served.number, served.operator, served.field.escape_default());
            let answer = written(&served.response, Some(&about));
            if shared.keeps {
                shared.served.lock().unwrap_or_else(PoisonError::into_inner).push(served);
            }
            answer
        }
        None => written(&received, None),
    }
}

fn plain(status: StatusCode, text: &str) -> Answer {
    let mut answer = Answer::new(Body::from(text.to_owned()));
    *answer.status_mut() = status;
    answer
}

fn written(response: &Response, about: Option<&str>) -> Answer {
    let mut answer = Answer::new(Body::from(response.body.clone()));
    *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::BAD_GATEWAY);
    for (name, value) in &response.headers {
        let name = name.to_ascii_lowercase();
        // The content coding was taken off, unless it never came off.
        let is_coding = name == "content-encoding" && response.miscoded.is_none();
        let parts = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value));
        if let (false, (Ok(key), Ok(value))) = (is_coding || NOT_PASSED_ON.contains(&name.as_str()), parts) {
            answer.headers_mut().append(key, value);
        }
    }
    if let Some(value) = about.and_then(|about| HeaderValue::from_str(about).ok()) {
        answer.headers_mut().insert(HEADER, value);
    }
    answer
}
