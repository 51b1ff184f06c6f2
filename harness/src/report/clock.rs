//! [`Clock`]: points in time of a run, from its start and milliseconds after it.

use jiff::Timestamp;

/// The start of a run.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Timestamp);

impl Clock {
    /// `started`: RFC 3339. A record that says something else was tampered with; the epoch stands for it.
    pub fn new(started: &str) -> Self {
        Self(started.parse().unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// Milliseconds since 1970 of a point so many milliseconds after the start.
    pub fn epoch_ms(self, after: f64) -> i64 {
        self.0.as_millisecond().saturating_add(whole_ms(after))
    }

    /// The point as RFC 3339 with milliseconds: `2026-11-22T02:14:33.128Z`.
    pub fn at(self, after: f64) -> String {
        let point = Timestamp::from_millisecond(self.epoch_ms(after)).unwrap_or(self.0);
        point.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
    }
}

/// Whole milliseconds; a time that is negative is none.
#[expect(clippy::cast_possible_truncation, reason = "a cast of a double saturates")]
pub fn whole_ms(milliseconds: f64) -> i64 {
    milliseconds.max(0.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_after_the_start() {
        let clock = Clock::new("2026-11-22T23:59:59.500Z");
        assert_eq!(clock.at(600.4), "2026-11-23T00:00:00.100Z");
        assert_eq!(clock.epoch_ms(0.0) % 1_000, 500);
        assert_eq!(clock.at(-5.0), clock.at(0.0));
    }

    #[test]
    fn nonsense_is_no_panic() {
        assert_eq!(Clock::new("soon").at(0.0), "1970-01-01T00:00:00.000Z");
        assert_eq!(Clock::new("2026-11-22T23:59:59Z").at(f64::MAX), "2026-11-22T23:59:59.000Z");
    }
}
