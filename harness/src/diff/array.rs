//! Differences of arrays: elements are aligned first, so that one new element at the front is one difference.

use super::structural::{Difference, Kind, visit as visit_values};
use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

/// After this long elements are aligned coarsely.
const PATIENCE: Duration = Duration::from_millis(200);

/// Names of members by which elements are taken for the same one with other values.
const IDENTITIES: [&str; 6] = ["id", "@id", "uuid", "key", "code", "name"];

/// Adds the differences of two arrays at `at`.
pub fn visit(old: &[Value], new: &[Value], at: &str, limit: usize, found: &mut Vec<Difference>) {
    let keys = |items: &[Value]| items.iter().map(canonical).collect::<Vec<String>>();
    let (before, after) = (keys(old), keys(new));
    if before.len() == after.len() && sorted(&before) == sorted(&after) {
        return permuted(&before, &after, (old, new), at, found);
    }
    let deadline = Instant::now() + PATIENCE;
    let operations = capture_diff_slices_deadline(Algorithm::Myers, &before, &after, Some(deadline));
    let mut removed: Vec<usize> = Vec::new();
    let mut added: Vec<usize> = Vec::new();
    let mut paired: Vec<(usize, usize)> = Vec::new();
    for operation in &operations {
        if let DiffOp::Equal { .. } = operation {
            continue;
        }
        let (gone, come) = (operation.old_range(), operation.new_range());
        pair(gone.collect(), come.collect(), old, new, &mut paired, &mut removed, &mut added);
    }
    let mut places: HashMap<&str, VecDeque<usize>> = HashMap::new();
    added.iter().for_each(|&to| places.entry(&after[to]).or_default().push_back(to));
    let mut moved = Vec::new();
    removed.retain(|&from| match places.get_mut(before[from].as_str()).and_then(VecDeque::pop_front) {
        Some(to) => {
            moved.push((from, to));
            false
        }
        None => true,
    });
    let arrived: HashSet<usize> = moved.iter().map(|(_, to)| *to).collect();
    added.retain(|to| !arrived.contains(to));
    for (from, to) in paired {
        visit_values(&old[from], &new[to], &format!("{at}/{to}"), limit, found);
    }
    for (from, to) in moved {
        found.push(moved_element(from, to, &new[to], at));
    }
    for to in added {
        found.push(Difference::new(Kind::ElementAdded, &format!("{at}/{to}"), None, Some(&new[to])));
    }
    for from in removed {
        found.push(Difference::new(Kind::ElementRemoved, &format!("{at}/{from}"), Some(&old[from]), None));
    }
}

/// The same elements: one that moved, or another order.
fn permuted(
    before: &[String],
    after: &[String],
    (old, new): (&[Value], &[Value]),
    at: &str,
    found: &mut Vec<Difference>,
) {
    let first = before.iter().zip(after).position(|(a, b)| a != b);
    let last = before.iter().zip(after).rposition(|(a, b)| a != b);
    let (Some(first), Some(last)) = (first, last) else { return };
    let (b, a) = (&before[first..=last], &after[first..=last]);
    // One element taken out of one end of the range and put in at the other.
    if b[1..] == a[..a.len() - 1] {
        found.push(moved_element(first, last, &new[last], at));
    } else if a[1..] == b[..b.len() - 1] {
        found.push(moved_element(last, first, &new[first], at));
    } else {
        let values = |items: &[Value]| Value::Array(items.to_vec());
        found.push(Difference::new(Kind::OrderChanged, at, Some(&values(old)), Some(&values(new))));
    }
}

fn moved_element(from: usize, to: usize, value: &Value, at: &str) -> Difference {
    let place = format!("{at}/{to}");
    let moved = Difference::new(Kind::ElementMoved, &place, Some(value), Some(value));
    Difference { from: Some(format!("{at}/{from}")), ..moved }
}

/// Within a gap between equal elements: those of one identity belong together, then those in order where as many went
/// as came.
fn pair(
    mut gone: Vec<usize>,
    mut come: Vec<usize>,
    old: &[Value],
    new: &[Value],
    paired: &mut Vec<(usize, usize)>,
    removed: &mut Vec<usize>,
    added: &mut Vec<usize>,
) {
    let mut identities: HashMap<String, usize> =
        come.iter().filter_map(|&to| Some((identity(&new[to])?, to))).collect();
    let mut matched: HashSet<usize> = HashSet::new();
    gone.retain(|&from| match identity(&old[from]).and_then(|id| identities.remove(&id)) {
        Some(to) => {
            paired.push((from, to));
            matched.insert(to);
            false
        }
        None => true,
    });
    come.retain(|to| !matched.contains(to));
    if gone.len() == come.len() && gone.iter().zip(&come).all(|(&from, &to)| alike(&old[from], &new[to])) {
        paired.extend(gone.into_iter().zip(come));
    } else {
        removed.extend(gone);
        added.extend(come);
    }
}

/// Whether one element can be another with changes: not where both say who they are, and little else is the same.
fn alike(old: &Value, new: &Value) -> bool {
    let (Some(a), Some(b)) = (identity(old), identity(new)) else { return true };
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return a == b };
    let same = new.iter().filter(|(name, value)| old.get(*name) == Some(value)).count();
    a == b || same * 2 >= new.len().max(old.len())
}

fn identity(value: &Value) -> Option<String> {
    IDENTITIES.iter().find_map(|name| {
        let id = value.get(name).filter(|id| id.is_string() || id.is_number())?;
        Some(format!("{name}={id}"))
    })
}

fn sorted(keys: &[String]) -> Vec<&String> {
    let mut sorted: Vec<&String> = keys.iter().collect();
    sorted.sort_unstable();
    sorted
}

/// A text that is the same for equal values.
fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_unstable_by_key(|(name, _)| name.as_str());
            out.push('{');
            for (name, value) in members {
                out.push_str(&format!("{name:?}:"));
                write(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Number(number) if number.is_f64() => out.push_str(&match number.as_f64() {
            Some(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{}", n as i64),
            _ => number.to_string(),
        }),
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::differences;
    use super::*;
    use serde_json::json;

    fn found(old: Value, new: Value) -> Vec<String> {
        differences(&old, &new, 100).into_iter().map(|d| format!("{} {}", d.kind.as_str(), d.at)).collect()
    }

    #[test]
    fn a_new_element_at_the_front_is_one_difference() {
        assert_eq!(found(json!([1, 2, 3]), json!([0, 1, 2, 3])), ["element-added /0"]);
        assert_eq!(found(json!([1, 2, 3]), json!([2, 3])), ["element-removed /0"]);
        assert_eq!(found(json!([1, 2, 3]), json!([1, 9, 3])), ["value-changed /1"]);
    }

    #[test]
    fn order_and_moves() {
        assert_eq!(found(json!([1, 2, 3, 4]), json!([4, 2, 3, 1])), ["order-changed "]);
        assert_eq!(found(json!([1, 2, 3, 4]), json!([2, 3, 1, 4])), ["element-moved /2"]);
        assert_eq!(found(json!([1, 2, 3, 4]), json!([1, 4, 2, 3])), ["element-moved /1"]);
        assert_eq!(found(json!([1, 2, 3]), json!([2, 3, 1, 9])), ["element-moved /2", "element-added /3"]);
        let moved = differences(&json!(["a", "b", "c"]), &json!(["b", "c", "a"]), 9);
        assert_eq!(moved[0].from.as_deref(), Some("/0"));
    }

    #[test]
    fn elements_are_known_by_their_id() {
        let old = json!([{"id": 1, "v": "a"}, {"id": 2, "v": "b"}]);
        assert_eq!(
            found(old.clone(), json!([{"id": 2, "v": "x"}])),
            ["value-changed /0/v", "element-removed /0"]
        );
        assert_eq!(
            found(old, json!([{"id": 3, "v": "c"}, {"id": 2, "v": "b"}])),
            ["element-added /0", "element-removed /0"]
        );
    }

    #[test]
    fn an_id_that_moves_is_a_value_that_changed() {
        let make = |id: u32| json!([{"id": id, "v": "a", "w": 1}, {"id": id + 1, "v": "b", "w": 1}]);
        assert_eq!(found(make(10), make(70)), ["value-changed /0/id", "value-changed /1/id"]);
    }

    #[test]
    fn numbers_are_equal_by_value() {
        assert_eq!(found(json!([1, 2]), json!([2.0, 1.0])), ["element-moved /1"]);
    }
}
