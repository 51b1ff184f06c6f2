//! The loop to compare with: reqwest and jsonschema, nothing else.

use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const TASKS: usize = 32;

/// Sends the same requests, deserialises and validates every answer.
pub fn run(url: &str, cases: usize) -> Duration {
    let schema: Value = schema();
    let validator =
        Arc::new(jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let client = {
        let _entered = runtime.enter();
        proofmark::http::client::plain().expect("a client")
    };
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let (client, validator, next, url) =
                    (client.clone(), validator.clone(), next.clone(), url.to_owned());
                tokio::spawn(async move {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= cases {
                            return;
                        }
                        let response =
                            client.get(format!("{url}/things?id={n}")).send().await.expect("an answer");
                        let body = response.bytes().await.expect("a body");
                        let value: Value = serde_json::from_slice(&body).expect("JSON");
                        assert!(validator.is_valid(&value));
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("a task");
        }
    });
    began.elapsed()
}

fn schema() -> Value {
    let file = proofmark::model::source::SourceFile::new("spec", "spec", super::suite::SPEC.into());
    let node = proofmark::yaml::parse(&file, &mut Vec::new()).expect("YAML");
    let mut schema = node.pointer("/components/schemas/Things").expect("a schema").to_json();
    schema["properties"]["items"]["items"] =
        node.pointer("/components/schemas/Item").expect("a schema").to_json();
    schema
}
