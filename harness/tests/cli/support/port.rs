//! [`Port`]: an address at which nobody listens, and that nobody else is given.

use std::net::{SocketAddr, TcpListener};

/// A port of 127.0.0.1, held; the same port of 127.0.0.2 is free for the test.
pub struct Port {
    held: TcpListener,
}

impl Port {
    pub fn reserve() -> Self {
        Self { held: TcpListener::bind("127.0.0.1:0").expect("a free port") }
    }

    /// Nobody listens here until the test does.
    pub fn address(&self) -> SocketAddr {
        let port = self.held.local_addr().expect("an address").port();
        SocketAddr::from(([127, 0, 0, 2], port))
    }
}
