//! The suggestion in an error about an unknown name.

/// The one of `known` that looks most like `name`, if any looks like it at all.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, nearest) = known.map(|k| (distance(name, k), k)).min()?;
    let longest = name.chars().count().max(nearest.chars().count());
    (distance <= 1.max(longest / 3)).then_some(nearest)
}

/// How many letters were left out, put in, changed or exchanged with their neighbour (optimal string alignment), letter
/// case ignored. Names are cut at 64 characters.
fn distance(a: &str, b: &str) -> usize {
    let fold = |s: &str| s.chars().take(64).flat_map(char::to_lowercase).collect::<Vec<char>>();
    let (a, b) = (fold(a), fold(b));
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let change = rows[i][j] + usize::from(a[i] != b[j]);
            let exchanged = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
            let exchange = if exchanged { rows[i - 1][j - 1] + 1 } else { usize::MAX };
            row.push(change.min(row[j] + 1).min(rows[i][j + 1] + 1).min(exchange));
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
