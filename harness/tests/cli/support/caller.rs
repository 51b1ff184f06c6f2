//! Calling back: a plain request to the harness's listener.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// `GET` a path and query; gives the status line of the answer.
pub fn call(listener: SocketAddr, target: &str) -> String {
    send(listener, &format!("GET {target} HTTP/1.1\r\nHost: {listener}\r\nConnection: close\r\n\r\n"))
}

/// Sends these bytes; gives the status line of the answer.
pub fn send(listener: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(listener).expect("the listener listens");
    stream.write_all(request.as_bytes()).expect("the listener reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the listener answers");
    answer.lines().next().unwrap_or_default().to_owned()
}
