//! One connection of the hostile server: reading requests properly, writing whatever a behaviour likes.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;

use super::acceptor::Stop;
use super::behaviour::After;
use super::request::{Neighbours, Request};

/// The most that a head or a body of a request may have.
const REQUEST_LIMIT: usize = 1 << 20;

/// A client's connection.
pub struct Connection<'a> {
    stream: Arc<TcpStream>,
    stop: &'a Stop,
    /// Read from the socket, not yet used.
    ahead: Vec<u8>,
    /// Where to send the client to.
    pub neighbours: Neighbours,
}

impl<'a> Connection<'a> {
    /// Takes a connection that nothing was read from.
    pub fn new(stream: Arc<TcpStream>, stop: &'a Stop, neighbours: Neighbours) -> Self {
        Connection { stream, stop, ahead: Vec::new(), neighbours }
    }

    /// Writes all of `bytes`, at once.
    ///
    /// # Errors
    /// When the client is gone or the server stops.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        (&*self.stream).write_all(bytes.as_ref())
    }

    /// Writes `bytes`, then keeps the connection: the usual end of a behaviour.
    ///
    /// # Errors
    /// As [`Connection::send`].
    pub fn send_and_keep(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<After> {
        self.send(bytes).map(|()| After::Keep)
    }

    /// Writes `bytes`, then closes the connection.
    ///
    /// # Errors
    /// As [`Connection::send`].
    pub fn send_and_close(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<After> {
        self.send(bytes).map(|()| After::Close)
    }

    /// Writes `start`, then `block` again and again, 64 MB a second at most: what is shown is that it never ends, and
    /// a client without a limit shouldn't take the machine with it.
    ///
    /// # Errors
    /// Always in the end: the client is gone or the server stops.
    pub fn send_forever(&mut self, start: impl AsRef<[u8]>, block: &[u8]) -> io::Result<After> {
        self.send_at_pace(start.as_ref(), block, 64 << 10, Duration::from_millis(1))
    }

    /// The same at 1.6 MB a second at most, for what a client must look at byte by byte: an unoptimised one would fall
    /// behind, and what it hadn't read yet would delay its other work.
    ///
    /// # Errors
    /// As [`Connection::send_forever`].
    pub fn send_forever_slowly(&mut self, start: impl AsRef<[u8]>, block: &[u8]) -> io::Result<After> {
        self.send_at_pace(start.as_ref(), block, 8 << 10, Duration::from_millis(5))
    }

    fn send_at_pace(
        &mut self,
        start: &[u8],
        block: &[u8],
        size: usize,
        pause: Duration,
    ) -> io::Result<After> {
        self.send(start)?;
        let blocks = block.repeat(size / block.len().max(1) + 1);
        loop {
            self.send(&blocks)?;
            self.pause(pause)?;
        }
    }

    /// Writes `start`, then one byte of `rest` a second, over and over.
    ///
    /// # Errors
    /// As [`Connection::send_forever`].
    pub fn trickle(&mut self, start: impl AsRef<[u8]>, rest: &[u8]) -> io::Result<After> {
        self.send(start)?;
        for byte in rest.iter().cycle() {
            self.pause(Duration::from_secs(1))?;
            self.send([*byte])?;
        }
        Ok(After::Close)
    }

    /// Does nothing for a while.
    ///
    /// # Errors
    /// When the server stops.
    pub fn pause(&self, time: Duration) -> io::Result<()> {
        self.stop.pause(time)
    }

    /// Reads and forgets until the client closes.
    ///
    /// # Errors
    /// When the connection breaks.
    pub fn never_answer(&mut self) -> io::Result<After> {
        io::copy(&mut &*self.stream, &mut io::sink()).map(|_| After::Close)
    }

    /// Waits for the next bytes from the client, and leaves them to be read.
    ///
    /// # Errors
    /// When the connection breaks or closes.
    pub fn wait_for_bytes(&mut self) -> io::Result<()> {
        if self.ahead.is_empty() && self.stream.peek(&mut [0])? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Reads the head of the next request; `None` at the end of the connection or when it is no request.
    ///
    /// # Errors
    /// When the connection breaks, or the head is too large.
    pub fn read_head(&mut self) -> io::Result<Option<Request>> {
        loop {
            if let Some(end) = self.ahead.windows(4).position(|window| window == b"\r\n\r\n") {
                let rest = self.ahead.split_off(end + 4);
                let head = std::mem::replace(&mut self.ahead, rest);
                return Ok(Request::parse(&head[..end]));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Reads the body that `request`'s head promises, into it.
    ///
    /// # Errors
    /// When the connection breaks, or the body is too large or badly framed.
    pub fn read_body(&mut self, request: &mut Request) -> io::Result<()> {
        if request.header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
            self.send("HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        if request.header("transfer-encoding").is_some() {
            return self.read_chunks(request);
        }
        let length = request.header("content-length").map_or(Ok(0), str::parse).map_err(invalid)?;
        request.body = self.take(length)?;
        Ok(())
    }

    fn read_chunks(&mut self, request: &mut Request) -> io::Result<()> {
        loop {
            let line = self.take_line()?;
            let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)
                .map_err(invalid)?;
            if size == 0 {
                while !self.take_line()?.is_empty() {}
                return Ok(());
            }
            let chunk = self.take(size)?;
            request.body.extend(chunk);
            if request.body.len() > REQUEST_LIMIT {
                return Err(invalid("the request's body is too large"));
            }
            self.take_line()?;
        }
    }

    fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        if length > REQUEST_LIMIT {
            return Err(invalid("the request's body is too large"));
        }
        while self.ahead.len() < length {
            if !self.fill()? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let rest = self.ahead.split_off(length);
        Ok(std::mem::replace(&mut self.ahead, rest))
    }

    fn take_line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.ahead.windows(2).position(|window| window == b"\r\n") {
                let line = self.take(end + 2)?;
                return Ok(String::from_utf8_lossy(&line[..end]).into_owned());
            }
            if !self.fill()? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Reads what there is; `false` at the end of the connection.
    fn fill(&mut self) -> io::Result<bool> {
        if self.ahead.len() > REQUEST_LIMIT {
            return Err(invalid("the request is too large"));
        }
        let mut buffer = [0; 8192];
        let read = (&*self.stream).read(&mut buffer)?;
        self.ahead.extend(&buffer[..read]);
        Ok(read > 0)
    }

    /// Ends the connection as `after` says.
    pub fn end(self, after: After) {
        // Either may find that the client was faster.
        let _ = match after {
            After::Reset => SockRef::from(&*self.stream).set_linger(Some(Duration::ZERO)),
            After::Keep | After::Close => self.stream.shutdown(Shutdown::Write),
        };
    }
}

fn invalid(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, cause)
}
