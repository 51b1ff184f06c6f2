//! The command as its users meet it: the real binary, in a clean environment, against servers on the loopback.

mod callbacks;
mod errored;
mod exit_status;
mod flows;
mod interrupted;
mod output;
mod records;
mod refused;
mod requests;
mod secrets;
mod selection;
mod settings;
mod support;
mod waiting;
