//! The command as its users meet it: the real binary, in a clean environment, against servers on the loopback.

mod support;
mod scratch;
