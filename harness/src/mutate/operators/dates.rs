//! Dates and times in another form, zone or unit.

use super::super::operator::{Mutants, Operator, Touches};
use super::super::places::{Kind, Place};
use super::super::source::{Pool, Source};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "date-format",
        family: "dates",
        says: "the date is written in another form",
        example: (r#"{"day": "20221122"}"#, r#"{"day": "2022-11-22"}"#),
        make: format,
    },
    Operator {
        name: "time-zone",
        family: "dates",
        says: "the time is that of another zone, eight hours earlier",
        example: (r#"{"at": "20221122080000"}"#, r#"{"at": "20221122000000"}"#),
        make: zone,
    },
    Operator {
        name: "epoch",
        family: "dates",
        says: "seconds since 1970 in place of a date, milliseconds in place of seconds, or the reverse",
        example: (r#"{"at": "1669075200"}"#, r#"{"at": "1669075200000"}"#),
        make: epoch,
    },
    Operator {
        name: "impossible-date",
        family: "dates",
        says: "a day that the calendar does not have",
        example: (r#"{"day": "20221122"}"#, r#"{"day": "20220231"}"#),
        make: impossible,
    },
];

/// How a date is written: strftime.
const FORMS: [&str; 8] = [
    "%Y%m%d%H%M%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d",
    "%Y-%m-%d",
    "%Y/%m/%d",
];

enum Date {
    /// Form and time; days have no time.
    Written(&'static str, DateTime),
    Seconds(i64),
    Milliseconds(i64),
}

fn date(text: &str) -> Option<Date> {
    let is_plausible = |t: &DateTime| (1990..2100).contains(&t.year());
    for form in FORMS {
        let day = jiff::civil::Date::strptime(form, text).ok();
        let read = match form.contains("%H") {
            true => DateTime::strptime(form, text).ok(),
            false => day.map(|d| d.at(0, 0, 0, 0)),
        };
        // Formats are lenient where digits are missing; only what is written back as it was is in the form.
        if let Some(time) = read.filter(|t| is_plausible(t) && t.strftime(form).to_string() == text) {
            return Some(Date::Written(form, time));
        }
    }
    let number: i64 = text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))?;
    match text.len() {
        10 if (1_000_000_000..2_200_000_000).contains(&number) => Some(Date::Seconds(number)),
        13 if (1_000_000_000_000..2_200_000_000_000).contains(&number) => Some(Date::Milliseconds(number)),
        _ => None,
    }
}

fn each(source: &Source<'_>, mutants: &mut Mutants<'_>, change: impl Fn(&Date) -> Option<String>) {
    for place in source.leaves() {
        if let Some(changed) = date(&place.text).and_then(|date| change(&date)) {
            write(place, &changed, mutants);
        }
    }
}

fn write(place: &Place, text: &str, mutants: &mut Mutants<'_>) {
    match place.kind {
        Kind::Number if text.bytes().all(|b| b.is_ascii_digit()) => {
            mutants.literal(place, text, Touches::Value);
        }
        Kind::Number => mutants.literal(place, &format!("\"{text}\""), Touches::Value),
        _ => mutants.value(place, text),
    }
}

fn format(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |date| match date {
        Date::Written("%Y%m%d", t) => Some(t.strftime("%Y-%m-%d").to_string()),
        Date::Written("%Y-%m-%d" | "%Y/%m/%d", t) => Some(t.strftime("%Y%m%d").to_string()),
        Date::Written("%Y%m%d%H%M%S", t) => Some(t.strftime("%Y-%m-%d %H:%M:%S").to_string()),
        Date::Written(_, t) => Some(t.strftime("%Y%m%d%H%M%S").to_string()),
        Date::Seconds(s) => Some(Timestamp::from_second(*s).ok()?.strftime("%Y-%m-%d %H:%M:%S").to_string()),
        Date::Milliseconds(ms) => {
            Some(Timestamp::from_millisecond(*ms).ok()?.strftime("%Y-%m-%d %H:%M:%S").to_string())
        }
    });
}

const HOURS: i64 = 8;

fn zone(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |date| match date {
        // Of a day, eight hours earlier is the day before.
        Date::Written(form, t) => {
            Some(t.checked_sub(Span::new().hours(HOURS)).ok()?.strftime(form).to_string())
        }
        Date::Seconds(s) => Some((s - HOURS * 3600).to_string()),
        Date::Milliseconds(ms) => Some((ms - HOURS * 3_600_000).to_string()),
    });
}

fn epoch(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |date| match date {
        Date::Written(_, t) => Some(t.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second().to_string()),
        Date::Seconds(s) => Some((s * 1000).to_string()),
        Date::Milliseconds(ms) => Some((ms / 1000).to_string()),
    });
}

fn impossible(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |date| match date {
        Date::Written(form, t) => {
            let form = form.replace("%m", "02").replace("%d", "31");
            Some(t.strftime(&form).to_string())
        }
        Date::Seconds(_) | Date::Milliseconds(_) => None,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_a_date_is_one() {
        let is = |text: &str| date(text).is_some();
        assert!(is("20221122") && is("20221122080000") && is("2022-11-22 08:00:00") && is("1669075200"));
        assert!(!is("84900000755") && !is("20221322") && !is("0000") && !is("2022112") && !is("12345678"));
    }
}
