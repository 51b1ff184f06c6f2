//! [`Proxy`]: a forward proxy that wants a user and a password: CONNECT and absolute URLs, or SOCKS5.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The user, the password, and both in base64.
pub const USER: &str = "carrier";
pub const PASSWORD: &str = "pr0xy-pass";
const BASIC: &str = "Basic Y2FycmllcjpwcjB4eS1wYXNz";

/// Listens on a free port for as long as the test's process lives.
pub struct Proxy {
    address: SocketAddr,
    /// What was asked of it: `CONNECT host:port`, `GET http://…`, `SOCKS host:port`.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub fn http() -> Self {
        Self::start(http)
    }

    pub fn socks5() -> Self {
        Self::start(socks5)
    }

    fn start(serve: fn(TcpStream, &Mutex<Vec<String>>) -> io::Result<()>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                // A connection that breaks off is the client's affair.
                std::thread::spawn(move || drop(serve(stream, &kept)));
            }
        });
        Self { address, asked }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics with the lock").clone()
    }
}

fn note(asked: &Mutex<Vec<String>>, what: String) {
    asked.lock().expect("no test panics with the lock").push(what);
}

fn http(mut client: TcpStream, asked: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        head.push(line.trim_end().to_owned());
    }
    let mut words = head.first().cloned().unwrap_or_default();
    words.truncate(words.rfind(' ').unwrap_or_default());
    note(asked, words.clone());
    let header = |line: &&String| line.to_lowercase().starts_with("proxy-authorization:");
    if !head.iter().find(header).is_some_and(|line| line.ends_with(BASIC)) {
        return client.write_all(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
    }
    let (method, target) = words.split_once(' ').unwrap_or_default();
    if method == "CONNECT" {
        let server = TcpStream::connect(target)?;
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
        return tunnel(client, server);
    }
    // Requests without a body, in origin form (RFC 9112 section 3.2.1).
    let rest = target.trim_start_matches("http://");
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut server = TcpStream::connect(host)?;
    let kept = head[1..].iter().filter(|line| !header(line));
    let kept: String = kept.map(|line| format!("{line}\r\n")).collect();
    server.write_all(format!("{method} {path} HTTP/1.1\r\n{kept}Connection: close\r\n\r\n").as_bytes())?;
    tunnel(client, server)
}

/// RFC 1928, with the user and password of RFC 1929.
fn socks5(mut client: TcpStream, asked: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut two = [0; 2];
    client.read_exact(&mut two)?;
    let mut methods = vec![0; usize::from(two[1])];
    client.read_exact(&mut methods)?;
    if !methods.contains(&2) {
        return client.write_all(&[5, 0xff]);
    }
    client.write_all(&[5, 2])?;
    client.read_exact(&mut two)?;
    let mut user = vec![0; usize::from(two[1])];
    client.read_exact(&mut user)?;
    let mut length = [0; 1];
    client.read_exact(&mut length)?;
    let mut password = vec![0; usize::from(length[0])];
    client.read_exact(&mut password)?;
    if user != USER.as_bytes() || password != PASSWORD.as_bytes() {
        return client.write_all(&[1, 1]);
    }
    client.write_all(&[1, 0])?;
    let mut head = [0; 4];
    client.read_exact(&mut head)?;
    let mut address = [0; 4];
    // IPv4 addresses are all that the tests need.
    client.read_exact(&mut address)?;
    let mut port = [0; 2];
    client.read_exact(&mut port)?;
    let target = SocketAddr::from((Ipv4Addr::from(address), u16::from_be_bytes(port)));
    note(asked, format!("SOCKS {target}"));
    let server = TcpStream::connect(target)?;
    client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0])?;
    tunnel(client, server)
}

fn tunnel(client: TcpStream, server: TcpStream) -> io::Result<()> {
    let (mut from, mut to) = (client.try_clone()?, server.try_clone()?);
    let up = std::thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let (mut from, mut to) = (server, client);
    io::copy(&mut from, &mut to)?;
    to.shutdown(Shutdown::Write)?;
    drop(up);
    Ok(())
}
