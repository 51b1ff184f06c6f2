//! Documented examples, and what is said of them.

use super::OFFLINE_CHECKS;
use super::loader::Loader;
use super::place::Place;
use crate::contract::extension::Untested;
use crate::contract::operation::{ExampleSpec, Operation};
use crate::model::source::Location;
use std::sync::Arc;

impl<'a> Loader<'a> {
    /// `example` is called `example`; `examples` by their names.
    pub(super) fn examples(&mut self, holder: &Place<'a>) -> Vec<ExampleSpec> {
        let mut found: Vec<ExampleSpec> = Vec::new();
        if let Some(example) = holder.node.get("example") {
            found.push(ExampleSpec {
                name: "example".into(),
                value: example.to_json(),
                doc: None,
                breaks: Vec::new(),
                because: None,
                request: None,
                untested: None,
                location: self.location(example),
            });
        }
        if let Some(examples) = holder.child("examples") {
            for (name, place) in examples.children() {
                let Some(place) = self.resolve(place) else { continue };
                let own = self.extension(place.node);
                if let Some(value) = place.node.get("value") {
                    found.push(ExampleSpec {
                        name: name.name.clone(),
                        value: value.to_json(),
                        doc: own.doc,
                        breaks: own.breaks,
                        because: own.because,
                        request: own.request,
                        untested: own.untested.and_then(Untested::whole),
                        location: Location::new(self.reader.file, name.span),
                    });
                }
            }
        }
        found
    }

    /// Names on examples: what one is said to break must be a check, or a rule of the API: an example in `components` may stand under
    /// operations that have the rule and under others.
    pub(super) fn check_examples(&mut self, operations: &[Arc<Operation>]) {
        let mut known: Vec<&str> = OFFLINE_CHECKS.to_vec();
        for operation in operations {
            let of_request = operation.parameters.iter().flat_map(|p| &p.examples);
            let of_request = of_request.chain(operation.bodies.iter().flat_map(|b| &b.examples));
            for broken in of_request.flat_map(|e| &e.breaks) {
                let message = "`breaks` is for examples of answers and callbacks: requests are not judged";
                self.reader.problem(broken.span, message);
            }
            known.extend(operation.all_rules().map(|rule| rule.id.as_str()));
        }
        known.sort_unstable();
        known.dedup();
        let of_requests = |o: &Arc<Operation>| {
            let of_parameters = o.parameters.iter().flat_map(|p| &p.examples);
            let names =
                of_parameters.chain(o.bodies.iter().flat_map(|b| &b.examples)).map(|e| e.name.clone());
            names.collect::<Vec<_>>()
        };
        let mut requests: Vec<String> = operations.iter().flat_map(of_requests).collect();
        requests.sort_unstable();
        requests.dedup();
        for operation in operations {
            let answers = operation.responses.iter().flat_map(|r| &r.media).flat_map(|m| &m.examples);
            let callbacks = operation.callbacks.iter().flat_map(|c| &c.parameters).flat_map(|p| &p.examples);
            for example in answers.chain(callbacks) {
                for broken in &example.breaks {
                    if !known.contains(&broken.value.as_str()) {
                        self.reader.unknown(broken.span, "rule or check", broken, known.iter().copied());
                    }
                }
                if let Some(request) = example.request.as_ref().filter(|r| !requests.contains(&r.value)) {
                    let names = requests.iter().map(String::as_str);
                    self.reader.unknown(request.span, "example of a request", request, names);
                }
            }
        }
    }
}
