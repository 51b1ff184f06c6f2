//! Dates and times as this API writes them: `YYYY-MM-DD HH:MM:SS` in UTC+8.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A moment in Chinese time.
pub(super) type Moment = DateTime;

/// From one moment to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) effect: Moment,
    pub(super) failure: Moment,
}

impl Period {
    /// How many calendar days it touches: #37 is 12, #56 is 8.
    pub(super) fn days(self) -> u32 {
        let between = self.effect.date().duration_until(self.failure.date()).as_secs() / DAY;
        u32::try_from(between + 1).unwrap_or(0)
    }

    /// Whether some moment is in both.
    pub(super) fn overlaps(self, other: Period) -> bool {
        self.effect <= other.failure && other.effect <= self.failure
    }

    /// Whether the moment is in it.
    pub(super) fn holds(self, moment: Moment) -> bool {
        self.effect <= moment && moment <= self.failure
    }
}

/// The moment of an instant.
pub(super) fn moment(now: Timestamp) -> Moment {
    let moment = Offset::constant(8).to_datetime(now);
    moment.with().subsec_nanosecond(0).build().unwrap_or(moment)
}

/// Milliseconds since 1970, as the older answers of the document have it (#44).
pub(super) fn epoch_milliseconds(moment: Moment) -> i64 {
    Offset::constant(8).to_timestamp(moment).map_or(0, Timestamp::as_millisecond)
}

/// So much later, or the last moment that can be written.
pub(super) fn later(moment: Moment, by: Span) -> Moment {
    moment.checked_add(by).unwrap_or(Moment::MAX)
}

/// So much earlier, or the first moment that can be written.
pub(super) fn earlier(moment: Moment, by: Span) -> Moment {
    moment.checked_sub(by).unwrap_or(Moment::MIN)
}

/// Hundredths of days from one moment to a later one, rounded down; 0 if it is not later.
pub(super) fn hundredths_of_days(from: Moment, to: Moment) -> i64 {
    (from.duration_until(to).as_secs() * 100 / DAY).max(0)
}

/// `YYYY-MM-DD HH:MM:SS`.
pub(super) fn written(moment: Moment) -> String {
    let (date, time) = (moment.date(), moment.time());
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// Reads `YYYY-MM-DD HH:MM:SS`, a moment that exists.
pub(super) fn parse(text: &str) -> Option<Moment> {
    const SHAPE: &[u8; 19] = b"0000-00-00 00:00:00";
    let is_shaped = text.len() == SHAPE.len()
        && text.bytes().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *shape,
        });
    if !is_shaped {
        return None;
    }
    let two = |from: usize| text[from..from + 2].parse::<i8>().ok();
    let year = text[..4].parse::<i16>().ok().filter(|year| *year > 0)?;
    DateTime::new(year, two(5)?, two(8)?, two(11)?, two(14)?, two(17)?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(effect: &str, failure: &str) -> Period {
        Period { effect: parse(effect).unwrap(), failure: parse(failure).unwrap() }
    }

    #[test]
    fn days_count_both_ends() {
        assert_eq!(period("2016-07-25 00:00:00", "2016-08-05 23:59:59").days(), 12);
        assert_eq!(period("2016-07-18 00:00:00", "2016-07-25 23:59:59").days(), 8);
        assert_eq!(period("2016-07-30 00:00:00", "2016-07-30 23:59:59").days(), 1);
        assert_eq!(period("2016-09-28 00:00:00", "2016-11-28 23:59:59").days(), 62);
        assert_eq!(period("2016-05-25 18:49:20", "2026-05-25 18:49:20").days(), 3653);
    }

    #[test]
    fn only_moments_that_exist_are_read() {
        assert_eq!(written(parse("2024-02-29 23:59:59").unwrap()), "2024-02-29 23:59:59");
        for text in [
            "",
            "2016-07-18",
            "2016-02-30 00:00:00",
            "2016-07-18T00:00:00",
            "2016-7-18 00:00:00",
            "2016-07-18 24:00:00",
            "0000-07-18 00:00:00",
            "2016-07-18 00:00:60",
            "2016-07-18 00:00:00Z",
            "２016-07-18 00:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_left_is_never_negative() {
        let left = |from, to| hundredths_of_days(parse(from).unwrap(), parse(to).unwrap());
        assert_eq!(left("2016-07-15 19:35:52", "2017-07-15 19:35:52"), 36500);
        assert_eq!(left("2016-07-15 19:35:52", "2016-07-25 23:59:59"), 1018);
        assert_eq!(left("2016-07-26 00:00:00", "2016-07-25 23:59:59"), 0);
    }

    #[test]
    fn chinese_time() {
        let now = "2026-01-31T17:00:00.9Z".parse().unwrap();
        assert_eq!(written(moment(now)), "2026-02-01 01:00:00");
        assert_eq!(epoch_milliseconds(moment(now)), 1_769_878_800_000);
    }
}
