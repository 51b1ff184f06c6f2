//! The command as its users meet it: the real binary, in a clean environment, against servers on the loopback.

mod acceptance;
mod callbacks;
mod compare;
mod connections;
mod coverage;
mod curl;
mod diff;
mod errored;
mod examples;
mod exit_status;
mod flows;
mod gate;
mod history;
#[cfg(unix)]
mod history_shared;
mod interrupted;
mod mutate;
mod openapi;
mod output;
mod pages;
mod records;
mod refused;
mod requests;
mod schemas;
mod secrets;
mod selection;
mod settings;
mod sign;
mod sign_form;
mod snapshots;
mod support;
mod waiting;
