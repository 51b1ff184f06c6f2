//! A raw-socket HTTP server that misbehaves on purpose: what the tests of the harness aim it at to prove that every
//! hostile target ends in the right verdict, in bounded time and memory, and leaves the next trial unharmed.
//!
//! - [`HostileServer`] answers `GET /b/NAME` as the behaviour called NAME does, and `GET /honest` and `GET /honest.xml`
//!   properly. All of a path's answers echo the query parameter `id`, so that an answer which belongs to another
//!   request is noticed.
//! - [`behaviours`] is the table: what each one does, what its bytes show, and the verdict that it must end in.
//! - [`doors`] are the behaviours that happen before a path is known (refused, reset at accept, …): each is a
//!   listener of its own, opened with [`Door::open`].
//! - [`Intruder`] is a request that reached a host which only a redirect, an entity or a link could have named.
//!
//! The expectations assume a client that doesn't follow redirects, gives up after about a second, reads at most about
//! 2 MB of an answer (decoded or not), and whose contract for an answer is: status 200, `application/json` in UTF-8,
//! `{"id": <as asked>, "status": "ok", "note": <any string>}`, undocumented fields tolerated.

#![allow(dead_code, reason = "every test binary that has this module uses a part of it")]
#![allow(unused_imports, reason = "every test binary that has this module uses a part of it")]

mod acceptor;
mod answer;
mod behaviour;
mod behaviours;
mod connection;
mod door;
mod doors;
pub mod observer;
mod request;
mod server;
mod tripwire;

pub use behaviour::{After, Behaviour, Cause, Check, Expect, Media, Reuse, Shows};
pub use behaviours::{behaviours, payload};
pub use door::{Door, OpenDoor};
pub use doors::doors;
pub use server::{HostileServer, Received};
pub use tripwire::Intruder;
