//! `Retry-After` (RFC 9110 section 10.2.3).

use crate::model::exchange::Response;
use std::time::{Duration, SystemTime};

/// How long a 429 or 503 asks to wait before the request is sent again; `None` where it does not ask, or not
/// understandably. A date counts from the answer's own `Date`, because clocks differ; without one from `now`.
pub fn retry_after(response: &Response, now: SystemTime) -> Option<Duration> {
    if !matches!(response.status, 429 | 503) {
        return None;
    }
    let value = response.header_text("retry-after")?;
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are a long time all the same.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let date = response.header_text("date").and_then(|date| httpdate::parse_http_date(date.trim()).ok());
    Some(until.duration_since(date.unwrap_or(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)]) -> Response {
        Response {
            status,
            version: "HTTP/1.1".into(),
            headers: headers.iter().map(|(n, v)| ((*n).to_owned(), v.as_bytes().to_vec())).collect(),
            body: Vec::new(),
            miscoded: None,
        }
    }

    #[test]
    fn seconds_and_the_three_kinds_of_dates() {
        // RFC 9110 section 5.6.7 has the same time in the three formats that recipients must understand.
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:00 GMT").expect("a date");
        let asks =
            |value: &str| retry_after(&answer(503, &[("retry-after", value)]), now).map(|d| d.as_secs());
        assert_eq!((asks("120"), asks("0"), asks(" 7 ")), (Some(120), Some(0), Some(7)));
        assert_eq!(asks("Sun, 06 Nov 1994 08:49:37 GMT"), Some(37));
        assert_eq!(asks("Sunday, 06-Nov-94 08:49:37 GMT"), Some(37));
        assert_eq!(asks("Sun Nov  6 08:49:37 1994"), Some(37));
        assert_eq!(asks("Sun, 06 Nov 1994 08:40:00 GMT"), Some(0), "in the past");
        assert_eq!(asks("99999999999999999999999"), Some(u64::from(u32::MAX)));
        for unclear in ["", "-1", "1.5", "soon"] {
            assert_eq!(asks(unclear), None, "{unclear}");
        }
    }

    #[test]
    fn the_clock_of_the_answer_counts() {
        let headers =
            [("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"), ("date", "Sun, 06 Nov 1994 08:49:30 GMT")];
        assert_eq!(retry_after(&answer(429, &headers), SystemTime::now()), Some(Duration::from_secs(7)));
    }

    #[test]
    fn other_answers_do_not_ask() {
        for status in [200, 301, 404, 500] {
            assert_eq!(retry_after(&answer(status, &[("retry-after", "1")]), SystemTime::now()), None);
        }
        assert_eq!(retry_after(&answer(429, &[]), SystemTime::now()), None);
    }
}
