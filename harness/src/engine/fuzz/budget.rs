//! [`Budget`]: how much a campaign may send and how fast, and what it knows of the target's health. Shared by workers.

use crate::engine::context::Stop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Limits of a campaign.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Requests, those of set-up and replays too.
    pub max_requests: Option<usize>,
    /// Nothing is begun after this.
    pub until: Option<Instant>,
    /// Operations are begun until so many defects are found.
    pub max_defects: Option<usize>,
    /// Requests a second.
    pub rate: Option<f64>,
}

/// Why nothing more is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Requests,
    Time,
    Interrupted,
    /// As many defects are found as were asked for.
    Defects,
    /// The target does not answer any more.
    Down,
}

impl Ended {
    /// In words, for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Ended::Requests => "all requests of `--max-requests` are sent",
            Ended::Time => "the time is up",
            Ended::Defects => "`--max-defects` are found",
            Ended::Interrupted => "the run was interrupted",
            Ended::Down => "the target does not answer any more",
        }
    }
}

/// Connections refused one after the other, after which the target is taken to be down.
const DOWN: usize = 5;
/// One in so many requests is kept for replays.
const REPLAYS: usize = 8;
/// How long a worker that waits for its turn sleeps before it looks whether the run is over.
const NAP: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    sent: AtomicUsize,
    refused: AtomicUsize,
    turn: Mutex<Instant>,
}

impl Budget {
    pub fn new(limits: Limits) -> Self {
        let turn = Mutex::new(Instant::now());
        Self { limits, sent: AtomicUsize::new(0), refused: AtomicUsize::new(0), turn }
    }

    /// Requests that were let through.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    /// Waits until `requests` more may be sent; `Err` says why they may not.
    pub fn admit(&self, requests: usize, stop: &Stop) -> Result<(), Ended> {
        self.admit_within(self.limits.max_requests, requests, stop)
    }

    /// The same for deviations that are sent for the first time: they leave something for the replays, without which
    /// nothing of what they show could be told.
    pub fn admit_first(&self, requests: usize, stop: &Stop) -> Result<(), Ended> {
        let most = self.limits.max_requests.map(|most| most - most / REPLAYS);
        self.admit_within(most, requests, stop)
    }

    fn admit_within(&self, most: Option<usize>, requests: usize, stop: &Stop) -> Result<(), Ended> {
        self.check(stop)?;
        if let Some(most) = most {
            let within = |sent: usize| (sent + requests <= most).then_some(sent + requests);
            let taken = self.sent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, within);
            taken.map_err(|_| Ended::Requests)?;
        } else {
            self.sent.fetch_add(requests, Ordering::Relaxed);
        }
        let Some(rate) = self.limits.rate else { return Ok(()) };
        let turn = {
            let mut next = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (*next).max(Instant::now());
            *next = turn + Duration::from_secs_f64(requests as f64 / rate.max(0.001));
            turn
        };
        loop {
            let wait = turn.saturating_duration_since(Instant::now());
            if wait.is_zero() {
                return Ok(());
            }
            self.check(stop)?;
            std::thread::sleep(wait.min(NAP));
        }
    }

    /// Why nothing more may be sent.
    pub fn check(&self, stop: &Stop) -> Result<(), Ended> {
        if stop.is_interrupted() {
            return Err(Ended::Interrupted);
        }
        if self.limits.until.is_some_and(|until| Instant::now() >= until) {
            return Err(Ended::Time);
        }
        if self.is_down() {
            return Err(Ended::Down);
        }
        Ok(())
    }

    /// Takes in whether a request reached the target.
    pub fn note(&self, reached: bool) {
        match reached {
            true => self.refused.store(0, Ordering::Relaxed),
            false => {
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    pub fn is_down(&self) -> bool {
        self.refused.load(Ordering::Relaxed) >= DOWN
    }

    /// The target answers again.
    pub fn revive(&self) {
        self.refused.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_beyond_the_limit_of_requests() {
        let budget = Budget::new(Limits { max_requests: Some(5), ..Limits::default() });
        let stop = Stop::default();
        assert_eq!(budget.admit(3, &stop), Ok(()));
        assert_eq!(budget.admit(3, &stop), Err(Ended::Requests));
        assert_eq!(budget.admit(2, &stop), Ok(()));
        assert_eq!(budget.sent(), 5);
        let budget = Budget::new(Limits { max_requests: Some(16), ..Limits::default() });
        assert_eq!(budget.admit_first(14, &stop), Ok(()));
        assert_eq!(budget.admit_first(1, &stop), Err(Ended::Requests));
        assert_eq!(budget.admit(2, &stop), Ok(()));
    }

    #[test]
    fn a_rate_makes_requests_wait_for_their_turn() {
        let budget = Budget::new(Limits { rate: Some(100.0), ..Limits::default() });
        let (stop, began) = (Stop::default(), Instant::now());
        for _ in 0..4 {
            assert_eq!(budget.admit(1, &stop), Ok(()));
        }
        assert!(began.elapsed() >= Duration::from_millis(30), "{:?}", began.elapsed());
        stop.interrupt();
        assert_eq!(budget.admit(1, &stop), Err(Ended::Interrupted));
    }

    #[test]
    fn a_target_that_refuses_five_times_is_down() {
        let (budget, stop) = (Budget::new(Limits::default()), Stop::default());
        (0..4).for_each(|_| budget.note(false));
        budget.note(true);
        (0..4).for_each(|_| budget.note(false));
        assert_eq!(budget.check(&stop), Ok(()));
        budget.note(false);
        assert_eq!(budget.check(&stop), Err(Ended::Down));
    }
}
