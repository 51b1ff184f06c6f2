//! [`unified`]: two texts as one, line by line.

use similar::TextDiff;
use std::time::Duration;

/// After this long the rest is compared coarsely: what a target sends must not stop a run.
const PATIENCE: Duration = Duration::from_millis(500);

/// The lines of both texts that differ, with `context` lines around them, as `diff -u` shows them (without file names).
/// Empty where the texts are equal.
pub fn unified(old: &str, new: &str, context: usize) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    diff.unified_diff().context_radius(context).missing_newline_hint(false).to_string()
}

/// A change of a file as a patch that `patch -p1` and `git apply` take.
pub fn patch(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_there() {
        assert_eq!(unified("a\nb\nc\n", "a\nx\nc\n", 1), "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
        assert_eq!(unified("a\n", "a\n", 3), "");
    }

    #[test]
    fn long_texts_without_a_common_line_end() {
        let make = |start: usize| (start..start + 60_000).map(|n| format!("{n}\n")).collect::<String>();
        let began = std::time::Instant::now();
        assert!(unified(&make(0), &make(1_000_000), 3).contains("-59999\n"));
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}
