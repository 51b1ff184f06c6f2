//! `proofmark serve`: the sandbox on a port.

use super::arguments::ServeArguments;
use super::{Failure, console, interrupt};
use crate::engine::Stop;
use crate::model::verdict::exit;
use proofmark_sandbox::{Options, Sandbox};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

/// Every fault by API, with what is wrong.
pub fn print_faults() {
    for api in proofmark_sandbox::apis() {
        console::heading(api);
        for fault in proofmark_sandbox::faults().iter().filter(|f| f.api == *api) {
            console::line(&format!("  {:<34} {}", fault.name, fault.defect));
        }
    }
}

pub fn run(arguments: &ServeArguments) -> Result<u8, Failure> {
    if arguments.fault.iter().any(|f| f == "list") {
        print_faults();
        return Ok(exit::CONFORMANT);
    }
    let listen = arguments.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], arguments.port)));
    // Credentials that the environment gives are kept, so that a suite and its server agree across restarts.
    let credentials: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let options = Options {
        listen,
        callback_url: arguments.callback_url.clone(),
        faults: arguments.fault.clone(),
        credentials,
        seed: arguments.seed,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).map_err(|e| Failure::Usage(e.to_string()))?;
    console::line(&format!("listening on http://{}", sandbox.address()));
    for api in proofmark_sandbox::apis() {
        if let Some(url) = sandbox.base_url(api) {
            console::line(&format!("  {api:<12} {url}"));
        }
    }
    for (name, value) in sandbox.credentials() {
        console::line(&format!("export {name}={}", crate::http::curl::quote(value)));
    }
    if !arguments.fault.is_empty() {
        console::line(&format!("faults: {}", arguments.fault.join(", ")));
    }
    console::note("stop with Ctrl-C");
    let stop = Arc::new(Stop::default());
    interrupt::watch(move || stop.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?.wait();
    Ok(exit::CONFORMANT)
}
