//! Text of a target on a terminal: nothing in it may move the cursor, change colours or turn the reading direction.

use std::borrow::Cow;

/// Text with control characters, bidirectional controls and other invisible characters written as `\u{1b}`. Line
/// feeds and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_hidden(c) {
            true => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether a character acts on a terminal or is not seen.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        c if c.is_control() => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' => true,
        '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' => true,
        '\u{061c}' | '\u{00ad}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown_and_others_stay() {
        assert_eq!(visible("a\u{1b}[2J\u{7}\u{202e}b\u{0}"), "a\\u{1b}[2J\\u{7}\\u{202e}b\\u{0}");
        assert!(matches!(visible("thuê bao\n彩铃\t😀"), Cow::Borrowed(_)));
    }
}
