//! The command as its users meet it: the real binary, in a clean environment, against servers on the loopback.

mod errored;
mod exit_status;
mod interrupted;
mod output;
mod records;
mod refused;
mod selection;
mod settings;
mod support;
