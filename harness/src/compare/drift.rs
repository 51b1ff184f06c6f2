//! [`drifts`]: how the fields of answers changed from one run to the next, where it is not chance.

use super::field::Field;
use super::infer::{Answers, Group};
use serde::Serialize;
use std::collections::BTreeSet;

/// A change is reported where it would come by chance less often than this.
const CHANCE: f64 = 0.001;
/// A set of values is one when every value came so often on average.
const REPEATED: usize = 4;
/// Answers that must have been seen before the absence of something says anything.
const ENOUGH: usize = 5;
/// A rate that moved by less is not worth telling.
const LEAST_RATE: f64 = 0.1;

/// A field that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    #[serde(flatten)]
    pub group: Group,
    /// JSON pointer, array indexes as `*`; of XML, into the projection.
    pub pointer: String,
    /// `type`, `new-field`, `field-gone`, `presence`, `value`, `range`, `length`.
    pub kind: &'static str,
    /// One sentence.
    pub message: String,
}

/// All drifts, by group and place. Both runs must have had answers of a group.
pub fn drifts(old: &Answers, new: &Answers) -> Vec<Drift> {
    let mut found = Vec::new();
    for (group, fields) in &new.fields {
        let Some(before) = old.fields.get(group) else { continue };
        let pointers: BTreeSet<&String> = fields.keys().chain(before.keys()).collect();
        for pointer in pointers {
            let drift = |kind, message: String| Drift {
                group: group.clone(),
                pointer: pointer.clone(),
                kind,
                message,
            };
            match (old.field(group, pointer), new.field(group, pointer)) {
                (Some(a), Some(b)) => {
                    found.extend(field(&a, &b).into_iter().map(|(kind, message)| drift(kind, message)));
                }
                (None, Some(b)) => {
                    let possible = old.possible(group, pointer);
                    // What is inside a new field is no news of its own.
                    if possible >= ENOUGH && !by_chance(b.rate(), possible) {
                        found.push(drift("new-field", format!("new: {}, in {}", types(&b), share(&b))));
                    }
                }
                (Some(a), None) => {
                    let possible = new.possible(group, pointer);
                    if possible > 0 && a.possible >= ENOUGH && !by_chance(a.rate(), possible) {
                        found.push(drift(
                            "field-gone",
                            format!("gone: it was {}, in {}", types(&a), share(&a)),
                        ));
                    }
                }
                (None, None) => {}
            }
        }
    }
    found
}

/// Whether a thing of this rate would be missing in so many tries by chance.
fn by_chance(rate: f64, tries: usize) -> bool {
    // The rate itself is an estimate; certainty is not to be had from it.
    let rate = rate.min(0.99);
    (1.0 - rate).powi(i32::try_from(tries).unwrap_or(i32::MAX)) > CHANCE
}

fn field(old: &Field, new: &Field) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let came: Vec<&str> = new.types.keys().filter(|t| !old.types.contains_key(*t)).copied().collect();
    let went: Vec<&str> = old
        .types
        .iter()
        .filter(|(t, n)| {
            !new.types.contains_key(*t) && !by_chance(**n as f64 / old.present() as f64, new.present())
        })
        .map(|(t, _)| *t)
        .collect();
    if !came.is_empty() || !went.is_empty() {
        found.push(("type", format!("{} where there was {}", types(new), types(old))));
    }
    presence(old, new, &mut found);
    // Of another type everything is different; it is said already.
    if came.is_empty() {
        values(old, new, &mut found);
    }
    found
}

fn presence(old: &Field, new: &Field, found: &mut Vec<(&'static str, String)>) {
    let moved = (old.rate() - new.rate()).abs() >= LEAST_RATE;
    let enough = old.possible >= ENOUGH && new.possible >= ENOUGH;
    let absent = |f: &Field| f.possible.saturating_sub(f.present());
    let table = [old.present(), absent(old), new.present(), absent(new)];
    if moved && enough && fisher(table) < CHANCE {
        found.push(("presence", format!("in {}, before in {}", share(new), share(old))));
    }
}

fn values(old: &Field, new: &Field, found: &mut Vec<(&'static str, String)>) {
    if let Some(before) = &old.values
        && !before.is_empty()
        && old.present() >= REPEATED * before.len()
        && old.present() >= 2 * ENOUGH
    {
        let quoted = |values: &[&String]| {
            let mut list: Vec<String> = values.iter().take(4).map(|v| format!("`{v}`")).collect();
            list.extend((values.len() > 4).then(|| format!("{} more", values.len() - 4)));
            list.join(", ")
        };
        let known: Vec<&String> = before.keys().collect();
        match &new.values {
            Some(after) => {
                let came: Vec<&String> = after.keys().filter(|v| !before.contains_key(*v)).collect();
                if !came.is_empty() {
                    found.push((
                        "value",
                        format!("new value {}; known were {}", quoted(&came), quoted(&known)),
                    ));
                }
            }
            None => found.push(("value", format!("many values; known were {}", quoted(&known)))),
        }
        return;
    }
    let ranged = old.present() >= 2 * ENOUGH;
    if let (Some(a), Some(b)) = (old.numbers, new.numbers)
        && ranged
    {
        let negative = b.least < 0.0 && a.least >= 0.0;
        let larger = b.most.abs() > 10.0 * a.most.abs().max(a.least.abs()).max(1.0);
        if negative || larger {
            found.push(("range", format!("{} to {}, before {} to {}", b.least, b.most, a.least, a.most)));
        }
    }
    if let (Some(a), Some(b)) = (old.lengths, new.lengths)
        && ranged
        && ((b.least == 0.0 && a.least > 0.0) || b.most > 2.0 * a.most + 8.0)
    {
        found.push((
            "length",
            format!("{} to {} characters, before {} to {}", b.least, b.most, a.least, a.most),
        ));
    }
}

fn types(field: &Field) -> String {
    let mut by_count: Vec<_> = field.types.iter().collect();
    by_count.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    by_count.into_iter().map(|(t, _)| *t).collect::<Vec<_>>().join(" or ")
}

fn share(field: &Field) -> String {
    match (field.present(), field.possible) {
        (present, possible) if present == possible => format!("all of {possible}"),
        (present, possible) => format!("{present} of {possible}"),
    }
}

/// Fisher's exact test of a table of two rows (present, absent), two-sided: the probability of a table at least as
/// unlikely when both rows have the same rate (R. A. Fisher, 1922).
fn fisher([a, b, c, d]: [usize; 4]) -> f64 {
    let (row, column, all) = (a + b, a + c, a + b + c + d);
    let factorials: Vec<f64> = std::iter::once(0.0)
        .chain((1..=all).scan(0.0, |sum, n| {
            *sum += (n as f64).ln();
            Some(*sum)
        }))
        .collect();
    let choose = |n: usize, k: usize| factorials[n] - factorials[k] - factorials[n - k];
    let probability = |x: usize| (choose(row, x) + choose(all - row, column - x) - choose(all, column)).exp();
    let (least, most) = (column.saturating_sub(all - row), row.min(column));
    let observed = probability(a);
    (least..=most).map(probability).filter(|p| *p <= observed * (1.0 + 1e-9)).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// R 4.3: `fisher.test(matrix(c(3,1,1,3),2))` gives 0.4857, `fisher.test(matrix(c(10,0,0,10),2))` 1.083e-05.
    #[test]
    fn fishers_test_has_known_values() {
        assert!((fisher([3, 1, 1, 3]) - 0.485_714).abs() < 1e-5);
        assert!((fisher([10, 0, 0, 10]) - 1.082_509e-5).abs() < 1e-10);
        assert!((fisher([0, 0, 0, 0]) - 1.0).abs() < 1e-9);
    }

    fn answers(bodies: &[Value]) -> Answers {
        let mut answers = Answers::default();
        for body in bodies {
            answers.see(Group { api: "a".into(), operation: "op".into(), status: 200 }, body);
        }
        answers
    }

    fn found(old: &[Value], new: &[Value]) -> Vec<String> {
        drifts(&answers(old), &answers(new))
            .into_iter()
            .map(|d| format!("{} {}: {}", d.kind, d.pointer, d.message))
            .collect()
    }

    fn many(n: usize, make: impl Fn(usize) -> Value) -> Vec<Value> {
        (0..n).map(make).collect()
    }

    #[test]
    fn types_fields_and_values_drift() {
        let old = many(
            20,
            |n| json!({"id": n, "state": (if n % 2 == 0 { "open" } else { "shut" }), "list": [{"x": 1}], "was": true}),
        );
        let same =
            found(&old, &many(20, |n| json!({"id": n + 500, "state": "open", "list": [], "was": true})));
        assert_eq!(same, ["range /id: 500 to 519, before 0 to 19"]);
        let new =
            many(20, |n| json!({"id": n.to_string(), "state": "lost", "list": [{"x": null}], "now": 1}));
        assert_eq!(
            found(&old, &new),
            [
                "type /id: string where there was number",
                "type /list/*/x: null where there was number",
                "new-field /now: new: number, in all of 20",
                "value /state: new value `\"lost\"`; known were `\"open\"`, `\"shut\"`",
                "field-gone /was: gone: it was boolean, in all of 20",
            ]
        );
    }

    #[test]
    fn times_are_no_set_of_values() {
        let made =
            |second: &str| many(20, |n| json!({"at": format!("2026-11-22 17:37:0{second}"), "kind": n % 2}));
        assert_eq!(found(&made("2"), &made("9")), [] as [&str; 0]);
    }

    #[test]
    fn rates_are_tested_and_chance_is_not_told() {
        let make = |rate: usize| many(40, move |n| if n % 10 < rate { json!({"a": n}) } else { json!({}) });
        assert_eq!(found(&make(10), &make(5)), ["presence /a: in 20 of 40, before in all of 40"]);
        assert_eq!(found(&make(6), &make(5)), [] as [&str; 0]);
        // One answer of three had a field that three others have not.
        let few = [json!({"a": 1}), json!({}), json!({})];
        assert_eq!(found(&few, &[json!({}), json!({}), json!({})]), [] as [&str; 0]);
    }
}
