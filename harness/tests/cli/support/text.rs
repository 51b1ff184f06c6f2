//! Comparing texts as people see them.

/// Panics with both texts, line by line, where they differ.
#[track_caller]
pub fn same(actual: &str, expected: &str) {
    if actual == expected {
        return;
    }
    let (mut a, mut e) = (actual.lines(), expected.lines());
    let mut number = 1;
    let (found, wanted) = loop {
        match (a.next(), e.next()) {
            (Some(one), Some(other)) if one == other => number += 1,
            pair => break pair,
        }
    };
    panic!(
        "the texts differ in line {number}\n expected: {}\n   actual: {}\n--- the whole text:\n{actual}\n---",
        wanted.unwrap_or("(the end)"),
        found.unwrap_or("(the end)"),
    );
}
