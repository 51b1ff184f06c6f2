//! Which target a run goes to, and what it needs: URLs, variables, secrets, the sandbox.

use super::Failure;
use crate::model::problem::{alternatives, nearest};
use crate::suite::{BaseUrls, Config, Suite, Target};
use proofmark_sandbox::{Options, Sandbox};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// A target by name, before anything is started.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Its name, or its URL.
    pub name: String,
    pub origin: &'static str,
    pub sandbox: bool,
    pub urls: BaseUrls,
}

impl Chosen {
    /// Only the embedded sandbox has faults.
    pub fn takes(&self, faults: &[String]) -> Result<(), Failure> {
        match self.sandbox || faults.is_empty() {
            true => Ok(()),
            false => Err(Failure::Usage(
                "`--fault` is for the embedded sandbox: use it with `--target sandbox`".into(),
            )),
        }
    }
}

/// `--target`, else PROOFMARK_TARGET, else `defaults.target`, else the sandbox.
pub fn choose(config: &Config, argument: Option<&str>) -> Result<Chosen, Failure> {
    let environment = std::env::var("PROOFMARK_TARGET").ok().filter(|name| !name.is_empty());
    let (name, origin) = match (argument, &environment, &config.defaults.target) {
        (Some(name), _, _) => (name, "--target"),
        (None, Some(name), _) => (name.as_str(), "PROOFMARK_TARGET"),
        (None, None, Some(name)) => (name.value.as_str(), "proofmark.yaml: defaults.target"),
        (None, None, None) => ("sandbox", "built in"),
    };
    if name.starts_with("http://") || name.starts_with("https://") {
        let urls = BaseUrls { all: Some(name.to_owned()), by_api: BTreeMap::new() };
        return Ok(Chosen { name: name.to_owned(), origin, sandbox: false, urls });
    }
    match config.target(name) {
        Some(target) => Ok(Chosen {
            name: name.to_owned(),
            origin,
            sandbox: target.sandbox,
            urls: BaseUrls {
                all: target.url.as_ref().map(|u| u.value.clone()),
                by_api: target.urls.iter().map(|(n, u)| (n.value.clone(), u.value.clone())).collect(),
            },
        }),
        None if name == "sandbox" => {
            Ok(Chosen { name: name.to_owned(), origin, sandbox: true, urls: BaseUrls::default() })
        }
        None => {
            let mut known: Vec<&str> = config.targets.iter().map(|(n, _)| n.value.as_str()).collect();
            if !known.contains(&"sandbox") {
                known.push("sandbox");
            }
            let near = nearest(name, &known).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            Err(Failure::Usage(format!("unknown target `{name}`{}{near}", alternatives(name, &known))))
        }
    }
}

/// Starts the sandbox and gives the URLs of the suite's APIs in it.
pub fn start_sandbox(
    suite: &Suite,
    faults: &[String],
    callback_url: Option<String>,
    seed: u64,
) -> Result<(Sandbox, BaseUrls), Failure> {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let options = Options { listen, callback_url, faults: faults.to_vec(), seed, ..Options::default() };
    let sandbox = Sandbox::start(options).map_err(|e| Failure::Usage(e.to_string()))?;
    let mut urls = BaseUrls::default();
    for contract in &suite.contracts {
        match sandbox.base_url(&contract.api) {
            Some(url) => {
                urls.by_api.insert(contract.api.clone(), url);
            }
            None => {
                let known = proofmark_sandbox::apis();
                return Err(Failure::Usage(format!(
                    "the sandbox does not have the API `{}`{}; choose another target",
                    contract.api,
                    alternatives(&contract.api, known)
                )));
            }
        }
    }
    Ok((sandbox, urls))
}

/// The suite's secrets: of the environment, or issued by the sandbox. `Err` names those that are needed and missing.
pub fn secrets(
    suite: &Suite,
    target: Option<&Target>,
    sandbox: Option<&Sandbox>,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut found = BTreeMap::new();
    let mut missing = Vec::new();
    for name in suite.config.secrets.iter().map(|s| s.value.as_str()) {
        let issued = sandbox.and_then(|s| s.credentials().get(name).cloned());
        match issued.or_else(|| std::env::var(name).ok().filter(|value| !value.is_empty())) {
            Some(value) => {
                found.insert(name.to_owned(), value);
            }
            None if needed(suite, target, name) => missing.push(format!("`{name}`")),
            None => {}
        }
    }
    match missing.is_empty() {
        true => Ok(found),
        false => Err(Failure::Usage(format!(
            "the suite needs secrets that are not in the environment: {} (set them, or leave their APIs out with `--api`)",
            missing.join(", ")
        ))),
    }
}

/// Whether anything that was loaded reads a secret; what other targets read does not count.
fn needed(suite: &Suite, target: Option<&Target>, name: &str) -> bool {
    let signs = suite
        .contracts
        .iter()
        .flat_map(|c| &c.operations)
        .any(|o| o.signatures().any(|s| s.secret_name() == Some(name)));
    let read = format!("env.{name}");
    let connects = target.is_some_and(|target| {
        target.connection.settings().iter().flat_map(|setting| setting.names()).any(|used| used.value == name)
    });
    let mut vars = suite.config.vars.iter().chain(target.iter().flat_map(|target| &target.vars));
    signs
        || connects
        || suite.cases.iter().any(|(file, _)| file.text.contains(&read))
        || vars.any(|(_, node)| node.to_json().to_string().contains(&read))
}
