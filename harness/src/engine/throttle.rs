//! [`Throttle`]: no more is sent than the target takes: its rate limit, and what it asks for by `Retry-After`.

use super::context::Stop;
use crate::policy::Pacer;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Shared by all threads of a run.
#[derive(Debug, Default)]
pub struct Throttle {
    pacer: Option<Mutex<Pacer>>,
    /// The longest that one request waits because answers ask for it.
    pub max_retry_after: Duration,
    /// Until when the APIs of the target have asked to be left alone.
    held: Mutex<HashMap<String, Instant>>,
    waited: Mutex<Waited>,
}

/// What a run waited, all threads together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Waited {
    /// For the rate limit.
    pub rate: Duration,
    /// Answers with `Retry-After`, and the time waited for them.
    pub postponed: u64,
    pub retry_after: Duration,
}

impl Throttle {
    pub fn new(pacer: Option<Pacer>, max_retry_after: Duration) -> Self {
        Self { pacer: pacer.map(Mutex::new), max_retry_after, ..Self::default() }
    }

    /// Waits until a request to an API may be sent. Gives the time that it took, of which `spare` is the most that it may
    /// wait for other requests' `Retry-After`.
    pub async fn wait(&self, api: &str, spare: Duration, stop: &Stop) -> Duration {
        let now = Instant::now();
        let held =
            lock(&self.held).get(api).map(|until| until.saturating_duration_since(now)).unwrap_or_default();
        let held = held.min(spare);
        if !held.is_zero() {
            let _ = stop.unless_interrupted(tokio::time::sleep(held)).await;
        }
        let Some(pacer) = &self.pacer else { return held };
        let pause = lock(pacer).reserve(Instant::now());
        if !pause.is_zero() {
            lock(&self.waited).rate += pause;
            let _ = stop.unless_interrupted(tokio::time::sleep(pause)).await;
        }
        held + pause
    }

    /// An API has asked for a pause: nobody sends to it until it is over.
    pub fn hold(&self, api: &str, pause: Duration) {
        let until = Instant::now() + pause;
        let mut held = lock(&self.held);
        let known = held.entry(api.to_owned()).or_insert(until);
        *known = (*known).max(until);
        let mut waited = lock(&self.waited);
        waited.postponed += 1;
        waited.retry_after += pause;
    }

    pub fn waited(&self) -> Waited {
        *lock(&self.waited)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
