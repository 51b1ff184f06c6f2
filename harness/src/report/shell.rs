//! A recorded curl command in characters that can be seen, without changing what it does.

use super::visible::symbol;
use std::borrow::Cow;

/// The command with every invisible character of its quoted words written as a shell escape (`'…'$'\xe2\x80\xae''…'`),
/// so that what is copied from a report sends the same bytes. Line breaks inside quotes stay.
pub fn visible_command(command: &str) -> Cow<'_, str> {
    let hidden = |c: char| c != '\n' && symbol(c).is_some();
    if !command.contains(hidden) {
        return Cow::Borrowed(command);
    }
    let mut out = String::with_capacity(command.len() + 64);
    let mut state = Quote::None;
    let mut chars = command.chars().peekable();
    while let Some(c) = chars.next() {
        if hidden(c) {
            let escape: String = c.to_string().bytes().map(|b| format!("\\x{b:02x}")).collect();
            match state {
                Quote::None => out.push_str(&format!("$'{escape}'")),
                Quote::Single => out.push_str(&format!("'$'{escape}''")),
                Quote::Ansi => out.push_str(&escape),
            }
            continue;
        }
        out.push(c);
        state = match (state, c) {
            (Quote::None, '$') if chars.peek() == Some(&'\'') => {
                out.extend(chars.next());
                Quote::Ansi
            }
            (Quote::None, '\'') => Quote::Single,
            // An escaped character stands for itself, or begins an escape; it never ends the word.
            (Quote::None | Quote::Ansi, '\\') => {
                out.extend(chars.next_if(|next| !hidden(*next)));
                state
            }
            (Quote::Single | Quote::Ansi, '\'') => Quote::None,
            (state, _) => state,
        };
    }
    Cow::Owned(out)
}

#[derive(Clone, Copy)]
enum Quote {
    None,
    /// `'…'`
    Single,
    /// `$'…'`
    Ansi,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// The words that a shell makes of a command.
    fn words(command: &str) -> Vec<u8> {
        let script = format!("printf '%s\\n' {command}");
        Command::new("bash")
            .args(["-c", &script])
            .env("LC_ALL", "C.UTF-8")
            .output()
            .map(|o| o.stdout)
            .unwrap_or_default()
    }

    #[test]
    fn plain_commands_stay_as_they_are() {
        let command = "curl -X POST --data-raw '{\"a\":\n1}' 'http://127.0.0.1/?a=%C4%E3'";
        assert_eq!(visible_command(command), command);
    }

    #[test]
    fn hidden_characters_are_escaped_and_the_words_stay_the_same() {
        for command in [
            "curl 'a\u{202e}b' \u{200b}c $'x\\'\u{feff}y' 'it'\\''s \u{85}'",
            "curl --data-raw $'\\x1b\u{2066}' plain\\\\'\u{61c}'",
        ] {
            let shown = visible_command(command);
            assert!(!shown.chars().any(|c| symbol(c).is_some()), "{shown}");
            let expected = words(command);
            assert!(!expected.is_empty());
            assert_eq!(words(&shown), expected, "{shown}");
        }
    }
}
