//! From when to when an order runs.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

/// How long one period of a package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Days(i32),
    Months(i32),
}

/// The day an order starts and the day it expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) start: Date,
    pub(super) expire: Date,
}

impl Period {
    /// So many periods from today, today being that of UTC+8. A month later is the same day of that month, or its
    /// last day.
    pub(super) fn starting(now: Timestamp, periods: u16, length: Length) -> Period {
        let start = Offset::constant(8).to_datetime(now).date();
        let periods = i32::from(periods);
        let span = match length {
            Length::Days(days) => Span::new().days(periods * days),
            Length::Months(months) => Span::new().months(periods * months),
        };
        // Saturates in the year 9999, the last that YYYYMMDD can say.
        let expire = start.checked_add(span).unwrap_or(Date::MAX);
        Period { start, expire }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(now: &str, periods: u16, length: Length) -> (String, String) {
        let period = Period::starting(now.parse().unwrap(), periods, length);
        (period.start.to_string(), period.expire.to_string())
    }

    fn dates(start: &str, expire: &str) -> (String, String) {
        (start.to_owned(), expire.to_owned())
    }

    #[test]
    fn today_is_that_of_utc_plus_8() {
        let day = Length::Days(1);
        assert_eq!(period("2026-12-31T15:59:59Z", 1, day), dates("2026-12-31", "2027-01-01"));
        assert_eq!(period("2026-12-31T16:00:00Z", 1, day), dates("2027-01-01", "2027-01-02"));
    }

    #[test]
    fn months_end_with_the_month() {
        assert_eq!(period("2027-01-31T00:00:00Z", 1, Length::Months(1)), dates("2027-01-31", "2027-02-28"));
        assert_eq!(period("2024-02-29T00:00:00Z", 1, Length::Months(12)), dates("2024-02-29", "2025-02-28"));
        assert_eq!(period("2026-11-30T00:00:00Z", 2, Length::Months(3)), dates("2026-11-30", "2027-05-30"));
    }

    #[test]
    fn long_periods_saturate() {
        assert_eq!(
            period("2026-01-01T00:00:00Z", 999, Length::Months(12)),
            dates("2026-01-01", "3025-01-01")
        );
        assert_eq!(
            period("9990-01-01T00:00:00Z", 999, Length::Months(12)),
            dates("9990-01-01", "9999-12-31")
        );
    }
}
