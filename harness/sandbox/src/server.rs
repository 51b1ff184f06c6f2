//! The running sandbox: a thread with a runtime of its own, from the listener to the last connection.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::serve::ListenerExt;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::apis::{APIS, Environment};
use crate::callback::Partner;
use crate::error::StartError;
use crate::fault::Faults;
use crate::http;
use crate::options::Options;
use crate::random::Random;

/// How long requests that are being answered get when the sandbox stops.
const GRACE: Duration = Duration::from_millis(500);

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// A running sandbox. Dropping it stops the server within about half a second; callbacks that are still due are
/// dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    credentials: BTreeMap<String, String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox and returns when it listens. Blocks, but only for that; works inside a runtime too.
    ///
    /// # Errors
    ///
    /// A fault that does not exist, a callback URL that callbacks cannot be sent to, an address that cannot be
    /// listened on, or an operating system that gives no thread.
    pub fn start(options: Options) -> Result<Sandbox, StartError> {
        let environment = Environment {
            faults: Faults::resolve(&options.faults)?,
            partner: Partner::new(options.callback_url.as_deref())?,
            credentials: credentials(&options),
            seed: options.seed,
            clock: options.clock,
            callback_delay: options.callback_delay,
            fault_delay: options.fault_delay,
        };
        let credentials = environment.credentials.clone();
        let (stop, stopped) = oneshot::channel();
        let (started, start) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || run(options.listen, &environment, &started, stopped))
            .map_err(StartError::Thread)?;
        let address = start.recv().unwrap_or_else(|gone| Err(StartError::Thread(io::Error::other(gone))))?;
        Ok(Sandbox { address, credentials, stop: Some(stop), thread: Some(thread) })
    }

    /// Where the sandbox listens, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the API's documented paths are appended to, such as `http://127.0.0.1:PORT/cube/cube/v4`; `None` if
    /// there is no such API.
    pub fn base_url(&self, api: &str) -> Option<String> {
        let api = APIS.iter().find(|known| known.name == api)?;
        Some(format!("http://{}/{}{}", self.address, api.name, api.base_path))
    }

    /// What a client needs to be let in, such as `CUBE_SECRET` and `CUBE_ACCESS_CODE`: generated from the seed
    /// unless given in [`Options::credentials`].
    pub fn credentials(&self) -> &BTreeMap<String, String> {
        &self.credentials
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server thread was reported by the thread; there is nobody to hand it to here.
            let _ = thread.join();
        }
    }
}

/// The credentials of all APIs, generated or given.
fn credentials(options: &Options) -> BTreeMap<String, String> {
    let generated = APIS.iter().flat_map(|api| (api.credentials)(&mut Random::new(options.seed, api.name)));
    generated
        .map(|(name, value)| (name.to_owned(), options.credentials.get(name).cloned().unwrap_or(value)))
        .collect()
}

/// All APIs, each under its name.
fn routes(environment: &Environment) -> Router {
    let not_found = async || http::answer(StatusCode::NOT_FOUND, "text/plain; charset=UTF-8", "not found\n");
    APIS.iter()
        .fold(Router::new(), |router, api| router.nest(&format!("/{}", api.name), (api.routes)(environment)))
        .fallback(not_found)
}

/// The server thread: tells where it listens, or why it can't, and serves until `stopped`.
fn run(
    listen: SocketAddr,
    environment: &Environment,
    started: &mpsc::Sender<Result<SocketAddr, StartError>>,
    stopped: oneshot::Receiver<()>,
) {
    let opened = runtime().map_err(StartError::Thread).and_then(|runtime| {
        let listener = {
            let _inside = runtime.enter();
            open(listen).map_err(|source| StartError::Listen { address: listen, source })?
        };
        Ok((runtime, listener))
    });
    match opened {
        Ok((runtime, (listener, address))) => {
            // Whoever started the sandbox waits for this; if not, the stop signal has been given as well.
            let _ = started.send(Ok(address));
            runtime.block_on(serve(listener, routes(environment), stopped));
            runtime.shutdown_timeout(GRACE);
        }
        Err(error) => {
            let _ = started.send(Err(error));
        }
    }
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).thread_name("sandbox").enable_all().build()
}

fn open(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

async fn serve(listener: TcpListener, routes: Router, stopped: oneshot::Receiver<()>) {
    let listener = listener.tap_io(|stream| {
        // A connection without it is slower, and still right.
        let _ = stream.set_nodelay(true);
    });
    let (drain, drained) = oneshot::channel::<()>();
    let server = axum::serve(listener, routes).with_graceful_shutdown(async {
        let _ = drained.await;
    });
    let mut server = pin!(server.into_future());
    tokio::select! {
        _ = &mut server => return,
        _ = stopped => drop(drain),
    }
    let _ = tokio::time::timeout(GRACE, server).await;
}
