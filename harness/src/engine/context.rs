//! [`RunContext`]: what all trials of a run share.

use super::auth::Authentication;
use super::circuit::Circuit;
use super::evidence::EvidenceOf;
use super::throttle::Throttle;
use crate::callback::Listener;
use crate::coverage::{RuleTracker, Tracker};
use crate::http::client::Limits;
use crate::http::connection::Connection;
use crate::policy::{RetryPolicy, Waivers};
use crate::record::{Recorder, Redactor};
use crate::snapshot::Keep;
use crate::suite::BaseUrls;
use jiff::tz::Offset;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;
use tokio::sync::watch;

/// Shared by all threads of a run; nothing in it changes while trials run but [`Stop`] and [`Tracker`].
pub struct RunContext {
    pub urls: BaseUrls,
    /// Headers of every request.
    pub headers: Vec<(String, String)>,
    pub limits: Limits,
    pub connection: Connection,
    pub authentication: Authentication,
    pub throttle: Throttle,
    /// Secrets by name, as expressions see them.
    pub env: Value,
    pub redactor: Redactor,
    pub seed: u64,
    pub utc_offset: Offset,
    pub listener: Option<Listener>,
    pub recorder: Option<Recorder>,
    /// Where exchanges are kept for mutation; nowhere in a run.
    pub evidence: Option<EvidenceOf>,
    /// What of the documents was touched so far.
    pub coverage: Option<Tracker>,
    /// Which rules were asked so far, where that is followed.
    pub rules: Option<RuleTracker>,
    pub fail_fast: bool,
    pub circuit: Circuit,
    /// What is done with the answers of trials that have snapshots.
    pub keep: Option<Arc<dyn Keep>>,
    pub waivers: Waivers,
    pub retries: RetryPolicy,
    pub stop: Arc<Stop>,
    pub started: Instant,
}

/// Ends a run early: no trial is begun any more, and what is under way is given up.
#[derive(Debug)]
pub struct Stop {
    reason: AtomicU8,
    sender: watch::Sender<bool>,
}

impl Default for Stop {
    fn default() -> Self {
        Self { reason: AtomicU8::new(0), sender: watch::Sender::new(false) }
    }
}

impl Stop {
    /// A signal: requests under way are given up.
    pub fn interrupt(&self) {
        self.reason.store(2, Ordering::SeqCst);
        self.sender.send_replace(true);
    }

    /// `--fail-fast`: trials under way are finished.
    pub fn fail_fast(&self) {
        let _ = self.reason.compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// Why no trial is begun any more.
    pub fn reason(&self) -> Option<&'static str> {
        match self.reason.load(Ordering::SeqCst) {
            0 => None,
            1 => Some("an earlier trial failed, and `--fail-fast` is given"),
            _ => Some("the run was interrupted"),
        }
    }

    pub fn is_interrupted(&self) -> bool {
        *self.sender.borrow()
    }

    /// What comes of some work; `None` when the run is interrupted before it is done.
    pub async fn unless_interrupted<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut stop = self.sender.subscribe();
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => None,
            result = work => Some(result),
        }
    }

    pub fn watch(&self) -> watch::Receiver<bool> {
        self.sender.subscribe()
    }
}
