//! Dates as these APIs write them.

use jiff::civil::DateTime;

/// Whether a text is `YYYYMMDDHHMMSS` and a moment that exists (leap years counted, no leap seconds).
pub(crate) fn is_compact_datetime(text: &str) -> bool {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    // Four digits fit an i16, two an i8: the fallback is a month that does not exist.
    let two = |from: usize| text[from..from + 2].parse::<i8>().unwrap_or(-1);
    let year = text[..4].parse::<i16>().unwrap_or(0);
    year > 0 && DateTime::new(year, two(4), two(6), two(8), two(10), two(12), 0).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_compact_datetime;

    #[test]
    fn real_moments() {
        for text in ["20260131000000", "20240229235959", "00010101000000", "99991231235959"] {
            assert!(is_compact_datetime(text), "{text}");
        }
    }

    #[test]
    fn everything_else() {
        for text in [
            "",
            "2026",
            "2026013100000",
            "202601310000000",
            "20260230000000",
            "20250229000000",
            "20261301000000",
            "20260131240000",
            "20260131006000",
            "20260131000060",
            "00000101000000",
            "2026-1-1 00:00",
            "２０２６01",
            "+2260131000000",
            "20260131 00000",
        ] {
            assert!(!is_compact_datetime(text), "{text}");
        }
    }
}
