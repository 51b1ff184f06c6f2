//! Numbers that are a little or a lot off, as JSON numbers or as text.

use super::super::operator::{Mutants, Operator, Touches};
use super::super::places::{Kind, Place};
use super::super::source::{Pool, Source};

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "off-by-one",
        family: "numbers",
        says: "the number is one more or one less, in its last place",
        example: (r#"{"price": "12.50"}"#, r#"{"price": "12.51"}"#),
        make: off_by_one,
    },
    Operator {
        name: "sign",
        family: "numbers",
        says: "the number is negative",
        example: (r#"{"price": 12.5}"#, r#"{"price": -12.5}"#),
        make: sign,
    },
    Operator {
        name: "scale",
        family: "numbers",
        says: "the number is a hundred times as large: another unit of money",
        example: (r#"{"price": "12.50"}"#, r#"{"price": "1250"}"#),
        make: scale,
    },
    Operator {
        name: "precision",
        family: "numbers",
        says: "the number has more or fewer decimals",
        example: (r#"{"price": "12.50"}"#, r#"{"price": "12.5"}"#),
        make: precision,
    },
    Operator {
        name: "exponent",
        family: "numbers",
        says: "the number is written with an exponent",
        example: (r#"{"price": "1250"}"#, r#"{"price": "1.25e3"}"#),
        make: exponent,
    },
];

/// The digits of a plain decimal number: before and after the point.
struct Decimal<'t> {
    negative: bool,
    whole: &'t str,
    fraction: Option<&'t str>,
}

/// The longest number that is changed as one; what is longer is an identifier of digits all the same.
const MOST_DIGITS: usize = 24;

fn decimal(text: &str) -> Option<Decimal<'_>> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_number = all(whole) && fraction.is_none_or(all) && digits.len() <= MOST_DIGITS;
    is_number.then_some(Decimal { negative, whole, fraction })
}

fn each(source: &Source<'_>, mutants: &mut Mutants<'_>, change: impl Fn(&Decimal<'_>, Kind) -> Vec<String>) {
    for place in source.leaves() {
        let Some(number) = decimal(&place.text) else { continue };
        for changed in change(&number, place.kind) {
            write(place, &changed, mutants);
        }
    }
}

fn write(place: &Place, number: &str, mutants: &mut Mutants<'_>) {
    match place.kind {
        Kind::Number => mutants.literal(place, number, Touches::Value),
        _ => mutants.value(place, number),
    }
}

fn is_zero(number: &Decimal<'_>) -> bool {
    number.whole.bytes().chain(number.fraction.unwrap_or_default().bytes()).all(|b| b == b'0')
}

fn off_by_one(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |number, kind| {
        let sign = if number.negative { "-" } else { "" };
        let digits = format!("{}{}", number.whole, number.fraction.unwrap_or_default());
        let point = number.fraction.map_or(0, str::len);
        let written = |digits: String| {
            // A JSON number has no leading zero, an identifier of digits keeps its length.
            let (whole, fraction) = digits.split_at(digits.len() - point);
            let whole = if kind == Kind::Number { whole.trim_start_matches('0') } else { whole };
            let whole = if whole.is_empty() { "0" } else { whole };
            if point > 0 { format!("{sign}{whole}.{fraction}") } else { format!("{sign}{whole}") }
        };
        let mut changed = vec![written(more(&digits))];
        changed.extend((!is_zero(number)).then(|| written(less(&digits))));
        changed
    });
}

/// One more, in as many digits or one more of them.
fn more(digits: &str) -> String {
    let nines = digits.bytes().rev().take_while(|b| *b == b'9').count();
    let (head, _) = digits.split_at(digits.len() - nines);
    match head.char_indices().last() {
        Some((at, last)) => {
            let up = char::from_digit(last.to_digit(10).unwrap_or(0) + 1, 10).unwrap_or('0');
            format!("{}{up}{}", &head[..at], "0".repeat(nines))
        }
        None => format!("1{}", "0".repeat(nines)),
    }
}

/// One less, in as many digits. `digits` are not all zero.
fn less(digits: &str) -> String {
    let zeros = digits.bytes().rev().take_while(|b| *b == b'0').count();
    let (head, _) = digits.split_at(digits.len() - zeros);
    match head.char_indices().last() {
        Some((at, last)) => {
            let down = char::from_digit(last.to_digit(10).unwrap_or(1).saturating_sub(1), 10).unwrap_or('0');
            format!("{}{down}{}", &head[..at], "9".repeat(zeros))
        }
        None => digits.to_owned(),
    }
}

fn sign(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |number, _| match is_zero(number) {
        true => Vec::new(),
        false => {
            let digits = unsigned(number);
            vec![if number.negative { digits } else { format!("-{digits}") }]
        }
    });
}

fn unsigned(number: &Decimal<'_>) -> String {
    let fraction = number.fraction.map(|f| format!(".{f}")).unwrap_or_default();
    format!("{}{fraction}", number.whole)
}

fn scale(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |number, _| {
        if is_zero(number) {
            return Vec::new();
        }
        let sign = if number.negative { "-" } else { "" };
        let fraction = number.fraction.unwrap_or_default();
        let mut digits = format!("{}{fraction}", number.whole);
        let mut point = fraction.len();
        while point < 2 {
            digits.push('0');
            point += 1;
        }
        let (whole, rest) = digits.split_at(digits.len() - (point - 2));
        let whole = if number.whole.trim_start_matches('0').is_empty() {
            whole.trim_start_matches('0')
        } else {
            whole
        };
        let whole = if whole.is_empty() { "0" } else { whole };
        vec![if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }]
    });
}

fn precision(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |number, _| {
        let sign = if number.negative { "-" } else { "" };
        match number.fraction {
            None => vec![format!("{sign}{}.00", number.whole)],
            Some(fraction) => {
                let shorter = &fraction[..fraction.len() - 1];
                let shorter = if shorter.is_empty() { String::new() } else { format!(".{shorter}") };
                vec![
                    format!("{sign}{}{shorter}", number.whole),
                    format!("{sign}{}.{fraction}0", number.whole),
                ]
            }
        }
    });
}

fn exponent(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |number, _| {
        let sign = if number.negative { "-" } else { "" };
        let digits = format!("{}{}", number.whole, number.fraction.unwrap_or_default());
        let significant = digits.trim_start_matches('0');
        if significant.is_empty() {
            return vec!["0e0".to_owned()];
        }
        let power = number.whole.len() as i64 - (digits.len() - significant.len()) as i64 - 1;
        let (first, rest) = significant.split_at(1);
        let rest = rest.trim_end_matches('0');
        let rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
        vec![format!("{sign}{first}{rest}e{power}")]
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_keeps_the_length_of_identifiers() {
        assert_eq!(["0009", "999", "1299"].map(more), ["0010", "1000", "1300"]);
        assert_eq!(["0010", "1000", "1"].map(less), ["0009", "0999", "0"]);
    }

    #[test]
    fn only_plain_decimals_are_numbers() {
        assert!(decimal("12.50").is_some() && decimal("-7").is_some());
        assert!(["", "1.", ".5", "1e3", "0x1", "1,5", "--1"].iter().all(|t| decimal(t).is_none()));
    }
}
