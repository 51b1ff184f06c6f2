//! [`fits`]: patterns of names, in which `*` stands for any characters.

/// Whether a pattern fits the whole of a text. A star also stands for nothing.
pub fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|start| text.strip_prefix(start)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    // Without a star, nothing may be left.
    let Some(end) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_is_any_characters_and_everything_else_itself() {
        let fit = [
            ("", ""),
            ("*", ""),
            ("*", "a/b"),
            ("a::b::c", "a::b::c"),
            ("a*", "a"),
            ("a*c", "abc"),
            ("*b*", "abc"),
            ("a*b*c", "a-b-b-c"),
            ("/list/*/id", "/list/12/id"),
        ];
        let unfit = [("", "a"), ("a", "ab"), ("a*c", "ab"), ("a*a", "a"), ("*b*c", "ac"), ("a.c", "abc")];
        assert!(fit.iter().all(|(pattern, text)| fits(pattern, text)));
        for (pattern, text) in unfit {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
