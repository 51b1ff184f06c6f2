//! `proofmark serve`: the sandbox on a port.

use super::arguments::{ServeArguments, SuiteArguments};
use super::check::ready;
use super::mutate::chosen;
use super::mutating_proxy::MutatingProxy;
use super::mutation_text::percent;
use super::{Failure, console, interrupt};
use crate::engine::Stop;
use crate::model::verdict::exit;
use crate::model::visible::visible;
use crate::mutate::{Choice, Live, Served};
use crate::plan::{Selection, select};
use proofmark_sandbox::{Options, Sandbox};
use serde_json::Value;
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
        // Where mutants are served, what answers is behind the door.
        listen: if arguments.mutate.is_some() { SocketAddr::from(([127, 0, 0, 1], 0)) } else { listen },
        callback_url: arguments.callback_url.clone(),
        faults: arguments.fault.clone(),
        credentials,
        seed: arguments.seed,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).map_err(|e| Failure::Usage(e.to_string()))?;
    let proxy = arguments.mutate.map(|seed| mutants(&sandbox, listen, seed, arguments)).transpose()?;
    let address = proxy.as_ref().map_or(sandbox.address(), MutatingProxy::address);
    console::line(&format!("listening on http://{address}"));
    let urls = proofmark_sandbox::apis().iter().filter_map(|api| Some((*api, sandbox.base_url(api)?)));
    for (api, url) in urls {
        console::line(&format!("  {api:<12} http://{address}{}", path_of(&url)));
    }
    for (name, value) in sandbox.credentials() {
        console::line(&format!("export {name}={}", crate::http::curl::quote(value)));
    }
    if !arguments.fault.is_empty() {
        console::line(&format!("faults: {}", arguments.fault.join(", ")));
    }
    if let Some(seed) = arguments.mutate {
        console::line(&format!("mutants: seed {seed}, {} of the answers", percent(arguments.share)));
    }
    console::note("stop with Ctrl-C");
    let stop = Arc::new(Stop::default());
    interrupt::watch(move || stop.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?.wait();
    Ok(exit::CONFORMANT)
}

/// The door behind which the sandbox is, that tells of every mutant it serves.
fn mutants(
    sandbox: &Sandbox,
    listen: SocketAddr,
    seed: u64,
    arguments: &ServeArguments,
) -> Result<MutatingProxy, Failure> {
    let mut suite = SuiteArguments::of_folder(arguments.suite.clone(), Vec::new());
    suite.of.target = Some("sandbox".into());
    let plan = select(ready(&suite)?.trials, &Selection::default());
    let urls =
        proofmark_sandbox::apis().iter().filter_map(|api| Some(((*api).to_owned(), sandbox.base_url(api)?)));
    let env = sandbox.credentials().iter().map(|(name, value)| (name.clone(), value.clone().into()));
    let choice = Choice { seed, share: arguments.share, operators: chosen(&arguments.operator)? };
    let live = Live::new(&plan, &bases(&urls.collect()), Value::Object(env.collect()), choice);
    let told = |served: &Served| {
        let Served { number, api, operation, operator, field, change, .. } = served;
        let line = format!("{number} {api}::{operation} {operator} {field}: {change}");
        console::line(&visible(&line));
    };
    MutatingProxy::start(listen, format!("http://{}", sandbox.address()), live, false, Box::new(told))
        .map_err(Failure::Usage)
}

/// The paths that APIs are served under, by their URLs.
pub fn bases(urls: &BTreeMap<String, String>) -> Vec<(String, String)> {
    urls.iter().map(|(api, url)| (api.clone(), path_of(url))).collect()
}

/// `/cube` of `http://127.0.0.1:8080/cube`.
fn path_of(url: &str) -> String {
    url.splitn(4, '/').nth(3).map(|path| format!("/{}", path.trim_end_matches('/'))).unwrap_or_default()
}
