//! [`inside`]: what differs inside of a line.

/// What two lines have in common in front, what is in one, what is in the other, and what they have in common behind.
pub fn inside<'t>(old: &'t str, new: &'t str) -> [&'t str; 4] {
    let front: usize =
        old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (old_rest, new_rest) = (&old[front..], &new[front..]);
    let behind: usize = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let cut = |rest: &'t str| rest.split_at(rest.len() - behind);
    let (gone, after) = cut(old_rest);
    [&old[..front], gone, cut(new_rest).0, after]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_inside_a_line_is_marked() {
        assert_eq!(inside("  \"id\": \"a1b\"", "  \"id\": null"), ["  \"id\": ", "\"a1b\"", "null", ""]);
        assert_eq!(inside("成功 ok", "成品 ok"), ["成", "功", "品", " ok"]);
        assert_eq!(inside("aa", "a"), ["a", "a", "", ""]);
        assert_eq!(inside("", "x"), ["", "", "x", ""]);
    }
}
