//! The partner's end of the callbacks: a server that notes what comes and answers 204.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Long enough for a callback that comes at all, on a busy machine too.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long to wait for something that should not come.
pub const SILENCE: Duration = Duration::from_secs(2);

pub struct Partner {
    address: SocketAddr,
    callbacks: Receiver<String>,
}

impl Partner {
    pub fn start() -> Partner {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, callbacks) = mpsc::channel();
        // Ends with the test process, or with the first callback that nobody is there for.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(callback) = stream.and_then(take) else { continue };
                if sender.send(callback).is_err() {
                    break;
                }
            }
        });
        Partner { address, callbacks }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next callback, `GET /path?query` or `POST /path body`; `None` if none comes in time.
    pub fn next(&self, patience: Duration) -> Option<String> {
        self.callbacks.recv_timeout(patience).ok()
    }
}

fn take(stream: TcpStream) -> std::io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    reader.get_mut().write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
    let request = request.trim_end().trim_end_matches(" HTTP/1.1");
    let body = String::from_utf8_lossy(&body);
    Ok(if body.is_empty() { request.to_owned() } else { format!("{request} {body}") })
}
