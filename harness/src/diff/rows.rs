//! [`rows`]: two lists of lines side by side.

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use std::time::{Duration, Instant};

/// After this long the rest is compared coarsely: what a target sends must not stop a report.
const PATIENCE: Duration = Duration::from_millis(500);

/// A line of either side, by index; both where a line stays, or where one is in the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub old: Option<usize>,
    pub new: Option<usize>,
    pub same: bool,
}

/// Aligns two lists of lines.
pub fn rows(old: &[&str], new: &[&str]) -> Vec<Row> {
    let deadline = Instant::now() + PATIENCE;
    let mut rows = Vec::new();
    for op in capture_diff_slices_deadline(Algorithm::Myers, old, new, Some(deadline)) {
        let (before, after) = (op.old_range(), op.new_range());
        let same = matches!(op, DiffOp::Equal { .. });
        let at =
            |range: &std::ops::Range<usize>, i: usize| Some(range.start + i).filter(|n| range.contains(n));
        let many = before.len().max(after.len());
        rows.extend((0..many).map(|i| Row { old: at(&before, i), new: at(&after, i), same }));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_stay_face_each_other() {
        let shown: Vec<String> = rows(&["{", "a", "b", "}"], &["{", "x", "b", "c", "}"])
            .iter()
            .map(|row| format!("{:?} {:?} {}", row.old, row.new, row.same))
            .collect();
        assert_eq!(
            shown,
            [
                "Some(0) Some(0) true",
                "Some(1) Some(1) false",
                "Some(2) Some(2) true",
                "None Some(3) false",
                "Some(3) Some(4) true"
            ]
        );
        assert_eq!(rows(&[], &[]), []);
    }
}
