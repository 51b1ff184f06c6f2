//! Who may come in, without a suite: an operation whose document asks for a credential (`security`) is asked without the
//! one that `--header` gives, and with one that nobody was given.

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

/// A credential of the same form that does not follow from the given one: the scheme is kept, every digit and letter
/// after it is another one by chance.
fn invented(given: &str, seed: u64) -> String {
    let (scheme, secret) = match given.split_once(' ') {
        Some((scheme, secret)) => (format!("{scheme} "), secret),
        None => (String::new(), given),
    };
    let mut state = seed | 1;
    let mut next = |size: u8| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % u64::from(size)) as u8
    };
    let one = |c: char| match c {
        '0'..='9' => char::from(b'0' + next(10)),
        'a'..='z' => char::from(b'a' + next(26)),
        'A'..='Z' => char::from(b'A' + next(26)),
        other => other,
    };
    scheme + &secret.chars().map(one).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::invented;

    #[test]
    fn an_invented_credential_has_the_form_of_the_given_one() {
        let given = "Bearer abc.DEF-123";
        let other = invented(given, 7);
        assert!(other.starts_with("Bearer ") && other.len() == given.len() && other != given, "{other}");
        assert_eq!(other.matches(['.', '-']).count(), 2);
        assert_eq!(invented("Bearer xyz.QRS-789", 7), other, "it says nothing of the given one");
    }
}
