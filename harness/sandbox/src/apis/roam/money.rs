//! Money: whole cents, written as the JSON numbers of the document.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// An amount of money in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Cents(pub(super) i64);

/// The most that a single price can be: 10,000,000.00.
const MOST: i64 = 1_000_000_000;

impl Cents {
    /// Reads a price such as `60`, `60.5` or `60.50`: not negative, no more than two decimals that say anything.
    pub(super) fn parse(text: &str) -> Option<Cents> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || whole.len() > 10 || !digits(decimals) {
            return None;
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 2 {
            return None;
        }
        let cents = whole.parse::<i64>().ok()? * 100 + format!("{decimals:0<2}").parse::<i64>().ok()?;
        (cents <= MOST).then_some(Cents(cents))
    }

    /// So many of them.
    pub(super) fn times(self, count: u32) -> Cents {
        Cents(self.0.saturating_mul(i64::from(count)))
    }

    /// What is left of it at so many percent; half a cent is rounded up (#70: 31.90 at 95 is 30.31).
    pub(super) fn at_percent(self, percent: u8) -> Cents {
        Cents((self.0 * i64::from(percent) + 50) / 100)
    }

    /// Always with two decimals, as the payment gateways have it (#510).
    pub(super) fn two_decimals(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// The shortest JSON number: `50`, `30.1`, `390.64`.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            _ if rest.is_multiple_of(10) => write!(f, "{sign}{whole}.{}", rest / 10),
            _ => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

impl Add for Cents {
    type Output = Cents;

    fn add(self, other: Cents) -> Cents {
        Cents(self.0.saturating_add(other.0))
    }
}

impl Sub for Cents {
    type Output = Cents;

    fn sub(self, other: Cents) -> Cents {
        Cents(self.0.saturating_sub(other.0))
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Cents>>(amounts: I) -> Cents {
        amounts.fold(Cents(0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_prices_only() {
        for (text, cents) in
            [("60", 6000), ("60.5", 6050), ("60.50", 6050), ("0.01", 1), ("60.0", 6000), ("1.000", 100)]
        {
            assert_eq!(Cents::parse(text), Some(Cents(cents)), "{text}");
        }
        for text in ["", ".", "-1", "+1", "1.001", "1e3", "1.", ".5", "10000000.01", "99999999999", "١"] {
            assert_eq!(Cents::parse(text), None, "{text}");
        }
    }

    #[test]
    fn writes_the_shortest_number() {
        let written = [5000, 3010, 39064, 5, 0, -150].map(|cents| Cents(cents).to_string());
        assert_eq!(written, ["50", "30.1", "390.64", "0.05", "0", "-1.5"]);
        assert_eq!(Cents(295_450).two_decimals(), "2954.50");
    }

    /// The document's own discounts: #52, #56, #61 and #70.
    #[test]
    fn percentages_round_as_the_document_does() {
        for (price, payable) in [(41120, 39064), (3100, 2945), (30100, 28595), (3190, 3031), (4190, 3981)] {
            assert_eq!(Cents(price).at_percent(95), Cents(payable), "{price}");
        }
    }
}
