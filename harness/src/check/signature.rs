//! Is the answer's signature right? A mismatch shows the canonical string and each step.

use super::{Expectation, Subject};
use crate::contract::{SignIn, SignSpec, sign};
use crate::model::finding::Finding;
use serde_json::{Map, Value};

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let (Some(spec), Some(body)) = (&expectation.operation.sign_response, &subject.answer.body) else {
        return Vec::new();
    };
    let Value::Object(fields) = body.as_ref() else { return Vec::new() };
    let env = subject.evaluator.scope().env;
    let secret =
        spec.secret_name().and_then(|name| env.get(name)).and_then(Value::as_str).unwrap_or_default();
    let finding = |requirement: &str, message: String| {
        vec![
            Finding::new("signature", place(spec), message)
                .requirement(requirement)
                .spec(Some(spec.location.clone()))
                .doc(spec.doc.clone()),
        ]
    };
    let Some(found) = carried(spec, subject, fields) else {
        return finding("present", format!("the answer has no signature in `{}`", spec.name));
    };
    match sign(spec, fields, secret) {
        Ok(signature) if signature.value == found => Vec::new(),
        Ok(signature) => finding("value", "the signature is not that of the answer".into())
            .into_iter()
            .map(|f| {
                let mut f = f.expected(signature.value.clone()).actual(found.clone());
                f.details.clone_from(&signature.steps);
                f
            })
            .collect(),
        Err(e) => finding("value", format!("the signature cannot be computed: {e}")),
    }
}

fn place(spec: &SignSpec) -> String {
    match spec.place {
        SignIn::Header => format!("header {}", spec.name.to_lowercase()),
        SignIn::Body | SignIn::Query => format!("/{}", spec.name),
    }
}

fn carried(spec: &SignSpec, subject: &Subject<'_, '_>, fields: &Map<String, Value>) -> Option<String> {
    match spec.place {
        SignIn::Header => subject.response.header_text(&spec.name),
        SignIn::Body | SignIn::Query => fields.get(&spec.name).and_then(Value::as_str).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    /// `printf 'a=1&b=2key' | md5sum`
    const GOOD: &str = "{\"a\": \"1\", \"b\": \"2\", \"sign\": \"1c123a5dc12e90deeaa1cd94681f0d88\"}";

    #[test]
    fn fires_on_a_wrong_and_on_a_missing_signature() {
        let check = |body: &str| Fixture::default().signed("key").answer(json(body)).check("signature");
        let findings = check(&GOOD.replace("\"1\"", "\"3\""));
        assert_eq!(findings[0].message, "the signature is not that of the answer");
        assert!(findings[0].details.iter().any(|d| d.ends_with("a=3&b=2<KEY>")), "{:?}", findings[0].details);
        assert_eq!(check("{\"a\": \"1\"}")[0].message, "the answer has no signature in `sign`");
    }

    #[test]
    fn is_silent_on_the_right_signature() {
        assert!(Fixture::default().signed("key").answer(json(GOOD)).check("signature").is_empty());
    }
}
