//! Inbound requests: the [`Listener`] receives what targets send to us and hands it to the case it belongs to.

mod inbound;
mod listener;

pub use inbound::{Inbound, MAX_BODY};
pub use listener::{Listener, Waiter};
