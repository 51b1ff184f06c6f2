//! [`Pacer`]: when the next request may be sent.

use crate::suite::Rate;
use std::time::{Duration, Instant};

/// A token bucket, as the generic cell rate algorithm (ITU-T I.371 annex A): one time is all that is kept.
#[derive(Debug, Clone)]
pub struct Pacer {
    /// Between two requests at the full rate.
    interval: Duration,
    /// How far ahead of that a request may come.
    ahead: Duration,
    /// When the bucket is full again.
    due: Option<Instant>,
}

impl Pacer {
    pub fn new(rate: Rate) -> Self {
        let interval = rate.per / rate.requests.max(1);
        Self { interval, ahead: interval * rate.burst.saturating_sub(1), due: None }
    }

    /// Takes the next place, and says how long to wait for it.
    pub fn reserve(&mut self, now: Instant) -> Duration {
        let due = self.due.map_or(now, |due| due.max(now));
        self.due = Some(due + self.interval);
        due.saturating_duration_since(now).saturating_sub(self.ahead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(rate: Rate, count: usize) -> Vec<u128> {
        let now = Instant::now();
        let mut pacer = Pacer::new(rate);
        (0..count).map(|_| pacer.reserve(now).as_millis()).collect()
    }

    #[test]
    fn requests_are_spaced_evenly() {
        let rate = Rate { requests: 20, per: Duration::from_secs(1), burst: 1 };
        assert_eq!(waits(rate, 4), [0, 50, 100, 150]);
        assert_eq!(waits(Rate { burst: 3, ..rate }, 5), [0, 0, 0, 50, 100]);
    }

    #[test]
    fn a_pause_saves_up_no_more_than_the_burst() {
        let start = Instant::now();
        let mut pacer = Pacer::new(Rate { requests: 10, per: Duration::from_secs(1), burst: 2 });
        assert_eq!(pacer.reserve(start), Duration::ZERO);
        let later = start + Duration::from_secs(60);
        let waits: Vec<u128> = (0..3).map(|_| pacer.reserve(later).as_millis()).collect();
        assert_eq!(waits, [0, 0, 100]);
    }
}
