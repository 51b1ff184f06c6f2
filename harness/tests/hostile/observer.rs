//! Looks at hostile answers through a plain socket: no HTTP client stands between the test and the bytes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::behaviour::{Behaviour, Shows};

/// How long a test waits for what must come: far more than it takes.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How long nothing must come for silence to be believed.
pub const SILENCE: Duration = Duration::from_millis(300);

/// What [`Shows`] promises to be early enough.
const START: usize = 256 << 10;

/// Nothing, or what went wrong.
pub type Outcome<T> = Result<T, String>;

/// Sends a request to `behaviour` and compares what comes with its [`Shows`].
pub fn see(address: SocketAddr, behaviour: &Behaviour) -> Outcome<()> {
    let mut stream = connect(address).map_err(text)?;
    let sent = Instant::now();
    stream.write_all(request(&behaviour.path(), behaviour.name).as_bytes()).map_err(text)?;
    let mut seen = Seen { stream, start: Vec::new(), total: 0 };
    match behaviour.shows {
        Shows::Bytes(needle) => seen.until(needle),
        Shows::End(needle) => {
            seen.until(needle)?;
            match seen.drain(needle, PATIENCE) {
                Ok(()) => Ok(()),
                Err(error) => Err(format!("no end but {error}, after {}", seen.excerpt())),
            }
        }
        Shows::Reset(needle) => {
            seen.until(needle)?;
            match seen.drain(needle, PATIENCE) {
                Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(()),
                other => Err(format!("no reset but {other:?}, after {}", seen.excerpt())),
            }
        }
        Shows::Silence(needle) => {
            seen.until(needle)?;
            match seen.drain(needle, SILENCE) {
                Err(error) if timed_out(&error) => Ok(()),
                other => Err(format!("no silence but {other:?}, after {}", seen.excerpt())),
            }
        }
        Shows::Trickle(needle) => {
            seen.until(needle)?;
            let before = seen.total;
            seen.read().map_err(text)?;
            let more = seen.total - before;
            // The server waits a second before each byte, however late we are to look.
            if more <= 2 && sent.elapsed() >= Duration::from_secs(1) {
                return Ok(());
            }
            Err(format!("no trickle but {more} bytes after {:?}", sent.elapsed()))
        }
        Shows::Flood(needle) => {
            seen.until(needle)?;
            while seen.total <= 2 << 20 {
                if seen.read().map_err(text)? == 0 {
                    return Err(format!("no flood but {} bytes", seen.total));
                }
            }
            Ok(())
        }
    }
}

/// What came through a socket so far.
struct Seen {
    stream: TcpStream,
    start: Vec<u8>,
    total: usize,
}

impl Seen {
    fn read(&mut self) -> io::Result<usize> {
        let mut buffer = vec![0; 64 << 10];
        let read = self.stream.read(&mut buffer)?;
        self.total += read;
        let kept = read.min(START.saturating_sub(self.start.len()));
        self.start.extend(&buffer[..kept]);
        Ok(read)
    }

    /// Reads until `needle` has come.
    fn until(&mut self, needle: &[u8]) -> Outcome<()> {
        while !contains(&self.start, needle) {
            let missing = |why: String| format!("no {:?} but {why}", String::from_utf8_lossy(needle));
            if self.start.len() == START {
                return Err(missing(self.excerpt()));
            }
            match self.read() {
                Ok(0) => return Err(missing(format!("the end, after {}", self.excerpt()))),
                Ok(_) => {}
                Err(error) => return Err(missing(format!("{error}, after {}", self.excerpt()))),
            }
        }
        Ok(())
    }

    /// Reads until the end of the stream, or until nothing came for `patience`. When nothing at all was to come
    /// (`needle` is empty), anything is an error.
    fn drain(&mut self, needle: &[u8], patience: Duration) -> io::Result<()> {
        self.stream.set_read_timeout(Some(patience))?;
        while self.read()? > 0 {
            if needle.is_empty() {
                return Err(io::Error::other("something came"));
            }
        }
        Ok(())
    }

    fn excerpt(&self) -> String {
        format!("{:?}", String::from_utf8_lossy(&self.start[..self.start.len().min(400)]))
    }
}

/// A request with two secrets: a bearer token, and a query parameter that is encoded.
pub fn request(path: &str, id: &str) -> String {
    format!(
        "GET {path}?id={id}&token=query%2Fs3cr3t HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer s3cr3t-token\r\n\r\n"
    )
}

/// Checks that an honest request on a new connection gets its honest answer.
pub fn answers_honestly(address: SocketAddr, id: &str) -> Outcome<()> {
    let mut stream = connect(address).map_err(text)?;
    stream
        .write_all(format!("GET /honest?id=after-{id} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
        .map_err(text)?;
    let body = read_answer(&mut stream).map_err(text)?.body;
    if body == format!("{{\"id\": \"after-{id}\", \"status\": \"ok\", \"note\": \"hello\"}}") {
        return Ok(());
    }
    Err(format!("then no honest answer but {body}"))
}

/// An answer, split.
pub struct Parts {
    pub head: String,
    pub body: String,
}

/// Reads one answer that is framed by its length, and not a byte more.
pub fn read_answer(stream: &mut TcpStream) -> io::Result<Parts> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap_or_default();
    let mut body = vec![0; length.parse().map_err(io::Error::other)?];
    stream.read_exact(&mut body)?;
    Ok(Parts { head, body: String::from_utf8_lossy(&body).into_owned() })
}

/// Connects, sends a request, and says in a word what comes of it within `patience`.
pub fn knock(address: SocketAddr, patience: Duration) -> String {
    let mut stream = match TcpStream::connect_timeout(&address, SILENCE) {
        Ok(stream) => stream,
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => return "refused".to_owned(),
        Err(error) if timed_out(&error) => return "no connection".to_owned(),
        Err(error) if error.kind() == ErrorKind::ConnectionReset => return "reset".to_owned(),
        Err(error) => return error.to_string(),
    };
    let mut buffer = [0; 16];
    // Nothing is sent at first: what a door does at accept must not depend on it.
    let first = stream.set_read_timeout(Some(SILENCE)).and_then(|()| stream.read(&mut buffer));
    let seen = match first {
        Err(error) if timed_out(&error) => stream
            .set_read_timeout(Some(patience))
            .and_then(|()| stream.write_all(b"GET / HTTP/1.1\r\n\r\n"))
            .and_then(|()| stream.read(&mut buffer)),
        other => other,
    };
    match seen {
        Ok(0) => "closed".to_owned(),
        Ok(read) => String::from_utf8_lossy(&buffer[..read]).into_owned(),
        Err(error) if timed_out(&error) => "silence".to_owned(),
        Err(error) if error.kind() == ErrorKind::ConnectionReset => "reset".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Connects, with time limits on everything.
pub fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn timed_out(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Whether `needle` is somewhere in `haystack`.
pub fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || haystack.windows(needle.len()).any(|window| window == needle)
}

fn text(error: io::Error) -> String {
    error.to_string()
}
