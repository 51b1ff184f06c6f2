//! Who may come in, without a suite: an operation whose document asks for a credential (`security`) is asked without the
//! one that `--header` gives, and with one that nobody was given.

use super::invented::invented;
use super::subject::Subject;
use super::things::credential_headers;
use crate::contract::Contract;
use crate::fuzz::{Bound, Breach, Demand, Phase, Probe};
use crate::model::level::Level;
use crate::plan::{Change, Wire};

/// Requests that must be refused because of who asks.
pub fn probes(contract: &Contract, subject: &Subject, headers: &[(String, String)], seed: u64) -> Vec<Probe> {
    let operation = &subject.base.operation;
    if !subject.base.accepted {
        return Vec::new();
    }
    let mut probes = Vec::new();
    for name in credential_headers(contract, operation) {
        let Some((_, given)) = headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(&name)) else {
            continue;
        };
        let mut add = |kind: &str, value: Option<Vec<u8>>, says: String| {
            let breach = Breach {
                constraint: kind.to_owned(),
                says,
                level: Level::Must,
                spec: Some(operation.location.clone()),
                pointer: None,
                doc: operation.doc.clone(),
            };
            probes.push(Probe {
                phase: Phase::Sequences,
                kind: kind.to_owned(),
                place: format!("header {}", name.to_lowercase()),
                changes: vec![Change::Wire(Wire::Header { name: name.clone(), value })],
                demand: Demand::Refused(breach),
                bound: Bound::Envelope,
                safe: true,
                origin: None,
            });
        };
        add(
            "credential-missing",
            None,
            format!("`security` asks for a credential, and `{name}` is not there"),
        );
        let unknown = invented(given, seed).into_bytes();
        add(
            "credential-unknown",
            Some(unknown),
            format!("the credential of `{name}` was never given to anybody"),
        );
    }
    probes
}
