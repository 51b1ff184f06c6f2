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

/// The text with every duration written as `N`, which no two runs share.
pub fn timeless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let words: Vec<&str> = line.split(' ').collect();
        let written: Vec<&str> = words
            .iter()
            .enumerate()
            .map(|(i, word)| {
                let unit = words.get(i + 1).is_some_and(|next| ["ms", "s"].contains(&next.trim_end()));
                if unit && word.parse::<f64>().is_ok() { "N" } else { word }
            })
            .collect();
        out.push_str(&written.join(" "));
    }
    out
}
