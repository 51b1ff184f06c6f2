//! Times as the order desk writes them: `YYYY-MM-DD HH:MM:SS` in UTC+8.

use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::apis::Environment;

use super::faults;

/// What the clocks of the order desk show now.
pub(super) fn local(environment: &Environment) -> DateTime {
    let hours = if environment.faults.has(&faults::UPDATE_TIME_IN_UTC) { 0 } else { 8 };
    Offset::constant(hours).to_datetime(environment.clock.now())
}

/// `YYYY-MM-DD HH:MM:SS`.
pub(super) fn text(time: DateTime) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Milliseconds since 1970 of a time in UTC+8. Only a fault writes this.
pub(super) fn epoch(time: DateTime) -> i64 {
    Offset::constant(8).to_timestamp(time).map_or(0, |timestamp| timestamp.as_millisecond())
}
