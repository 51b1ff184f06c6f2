//! [`Server`]: an HTTP server on plain sockets, which keeps every request byte for byte and answers as a test says.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

/// Nothing here takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request as it came over the wire.
#[derive(Debug, Clone, Default)]
pub struct Received {
    /// `GET /path?query HTTP/1.1`.
    pub line: String,
    /// As written, in order.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    /// Path and query.
    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// The raw value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target().split_once('?')?;
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What a server does with a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// These bytes, and then the end of the connection.
    Bytes(Vec<u8>),
    /// Nothing, and the connection stays open until the server is dropped.
    Silence,
}

impl Answer {
    pub fn json(body: &str) -> Self {
        Self::typed("application/json", body.as_bytes())
    }

    pub fn typed(content_type: &str, body: &[u8]) -> Self {
        Self::whole("200 OK", &[("Content-Type", content_type)], body)
    }

    /// A well-formed answer.
    pub fn whole(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut bytes = format!("HTTP/1.1 {status}\r\n").into_bytes();
        for (name, value) in headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(
            format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()).as_bytes(),
        );
        bytes.extend_from_slice(body);
        Self::Bytes(bytes)
    }
}

/// Listens on a free port of 127.0.0.1 until it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    closing: AtomicBool,
    connections: AtomicUsize,
    received: Mutex<Vec<Received>>,
    /// Tells of every request.
    came: Condvar,
    /// Connections that are never answered.
    silent: Mutex<Vec<TcpStream>>,
}

impl Server {
    /// `answer` is called on a thread of its own for every connection.
    pub fn start(answer: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let (state, answer) = (shared.clone(), Arc::new(answer));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if state.closing.load(Ordering::SeqCst) {
                    return;
                }
                state.connections.fetch_add(1, Ordering::SeqCst);
                let (state, answer) = (state.clone(), answer.clone());
                std::thread::spawn(move || {
                    // A connection that breaks off is the client's affair.
                    let _ = stream.and_then(|stream| serve(stream, &state, answer.as_ref()));
                });
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    /// Answers every request with this JSON.
    pub fn json(body: &'static str) -> Self {
        Self::start(move |_| Answer::json(body))
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// The requests so far, in the order in which they came.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }

    /// The only request.
    #[track_caller]
    pub fn only(&self) -> Received {
        let mut received = self.received();
        assert_eq!(received.len(), 1, "not one request but {received:#?}");
        received.remove(0)
    }

    /// Request lines, in the order in which they came.
    pub fn lines(&self) -> Vec<String> {
        self.received().into_iter().map(|r| r.line).collect()
    }

    /// Waits until this many requests have come.
    #[track_caller]
    pub fn wait_for(&self, requests: usize) {
        let received = lock(&self.shared.received);
        let wait = self.shared.came.wait_timeout_while(received, PATIENCE, |r| r.len() < requests);
        let (received, waited) = wait.expect("no test panics with the lock");
        assert!(!waited.timed_out(), "only {} of {requests} requests came", received.len());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        // Wakes the listening thread.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics with the lock")
}

fn serve(mut stream: TcpStream, shared: &Shared, answer: &dyn Fn(&Received) -> Answer) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let Some(request) = read_request(&mut stream)? else {
        return stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    lock(&shared.received).push(request.clone());
    shared.came.notify_all();
    match answer(&request) {
        Answer::Bytes(bytes) => {
            stream.write_all(&bytes)?;
            stream.shutdown(Shutdown::Write)?;
            // Read to the end, or closing with unread bytes resets the connection under the answer.
            io::copy(&mut stream, &mut io::sink())?;
        }
        Answer::Silence => lock(&shared.silent).push(stream),
    }
    Ok(())
}

/// A head and as much body as it announces. `None` when the client sends no head, such as a TLS greeting.
fn read_request(stream: &mut impl Read) -> io::Result<Option<Received>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        match stream.read(&mut chunk)? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&chunk[..read]),
        }
        // A TLS greeting (RFC 8446 section 5.1: handshake records begin with 22) has no head to wait for.
        if bytes.first() == Some(&22) {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut request = Received { line, headers, body: bytes.split_off(end + 4) };
    let length = request.header("content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
    while request.body.len() < length {
        match stream.read(&mut chunk)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => request.body.extend_from_slice(&chunk[..read]),
        }
    }
    Ok(Some(request))
}
