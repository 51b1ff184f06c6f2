//! The command as its users meet it: the real binary, in a clean environment, against servers on the loopback.

mod callbacks;
mod curl;
mod errored;
mod exit_status;
mod flows;
mod interrupted;
mod mutate;
mod openapi;
mod output;
mod records;
mod refused;
mod requests;
mod schemas;
mod secrets;
mod selection;
mod settings;
mod sign;
mod support;
mod waiting;
