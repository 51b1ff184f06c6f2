//! What the tests of the command share: suites in temporary folders, the command in a clean environment, a server that
//! does as it is told, and the record of a run.

pub mod caller;
pub mod command;
pub mod demo;
pub mod port;
#[cfg(unix)]
pub mod postgres;
pub mod proxy;
pub mod record;
pub mod secure;
pub mod server;
pub mod suite;
pub mod text;

pub use command::Output;
pub use port::Port;
pub use record::Record;
pub use server::{Answer, Received, Server};
pub use suite::Suite;
pub use text::{same, timeless};
