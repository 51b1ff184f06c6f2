//! One runtime and one connection pool for each thread of the runner: no trial waits for another thread's wake-up.

use super::context::RunContext;
use crate::http::client::Client;
use std::cell::RefCell;
use tokio::runtime::{Builder, Runtime};

thread_local! {
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

/// What a thread keeps between trials.
struct Worker {
    runtime: Runtime,
    client: Option<Client>,
}

/// What a trial came to, and whether it may have used a connection that an earlier trial had used.
pub struct Ran<T> {
    pub result: T,
    pub kept: bool,
}

/// Runs a trial on this thread's runtime. `run` says whether the connections are still good: after an answer that was
/// wrong or broken they are not used again, or a desynchronised one would answer the next trial.
pub fn with<T>(context: &RunContext, run: impl AsyncFnOnce(&Client) -> (T, bool)) -> Result<Ran<T>, String> {
    WORKER.with(|cell| {
        let mut slot = cell.try_borrow_mut().map_err(|_| "a trial inside a trial".to_owned())?;
        let worker = match &mut *slot {
            Some(worker) => worker,
            empty => {
                let runtime =
                    Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
                empty.insert(Worker { runtime, client: None })
            }
        };
        // Taken out, so that a panic leaves no client behind.
        let kept = worker.client.is_some();
        let client = match worker.client.take() {
            Some(client) => client,
            None => {
                let _entered = worker.runtime.enter();
                Client::new(&context.connection, context.stop.watch())?
            }
        };
        let (result, good) = worker.runtime.block_on(run(&client));
        if good {
            worker.client = Some(client);
        }
        Ok(Ran { result, kept })
    })
}

/// Closes this thread's connections: a later run in the same process starts afresh.
pub fn close() {
    WORKER.with(|cell| {
        if let Ok(mut slot) = cell.try_borrow_mut() {
            *slot = None;
        }
    });
}
