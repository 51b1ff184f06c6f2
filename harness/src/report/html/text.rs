//! Text of a record as HTML. Nothing else puts strings of a record into the page: markup is escaped, invisible
//! characters become symbols.

use super::super::visible::{self, Piece};
use maud::Render;

/// Text of one line.
pub struct Line<'a>(pub &'a str);

/// Text of many lines, for `pre`.
pub struct Block<'a>(pub &'a str);

/// A message: text of one line with values in backticks.
pub struct Message<'a>(pub &'a str);

/// Longer messages are cut: the evidence has the rest.
const MAX_MESSAGE: usize = 2_000;

impl Line<'_> {
    /// Writes the text as the value of an attribute: escaped, with symbols but no elements around them.
    pub fn attribute(&self, out: &mut String) {
        for piece in visible::line(self.0) {
            match piece {
                Piece::Text(text) => escape(text, out),
                Piece::Symbol(symbol) => out.push_str(&symbol),
            }
        }
    }
}

impl Render for Line<'_> {
    fn render_to(&self, out: &mut String) {
        write(visible::line(self.0), out);
    }
}

impl Render for Block<'_> {
    fn render_to(&self, out: &mut String) {
        write(visible::block(self.0), out);
    }
}

impl Render for Message<'_> {
    fn render_to(&self, out: &mut String) {
        let end = self.0.char_indices().nth(MAX_MESSAGE).map(|(at, _)| at);
        let mut rest = &self.0[..end.unwrap_or(self.0.len())];
        while let Some((before, (value, after))) =
            rest.split_once('`').and_then(|(before, inside)| Some((before, inside.split_once('`')?)))
        {
            Line(before).render_to(out);
            out.push_str("<code>");
            Line(value).render_to(out);
            out.push_str("</code>");
            rest = after;
        }
        Line(rest).render_to(out);
        if end.is_some() {
            out.push('…');
        }
    }
}

fn write<'a>(pieces: impl Iterator<Item = Piece<'a>>, out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => escape(text, out),
            Piece::Symbol(symbol) => {
                out.push_str("<span class=c>");
                out.push_str(&symbol);
                out.push_str("</span>");
            }
        }
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_symbols_are_marked() {
        assert_eq!(
            Line("<a b=\"c\">'&\u{1b}").render().into_string(),
            "&lt;a b=&quot;c&quot;&gt;&#39;&amp;<span class=c>␛</span>"
        );
        assert_eq!(Block("a\n\u{0}").render().into_string(), "a\n<span class=c>␀</span>");
    }

    #[test]
    fn values_in_backticks_are_code() {
        assert_eq!(
            Message("`<a>` instead of `b`").render().into_string(),
            "<code>&lt;a&gt;</code> instead of <code>b</code>"
        );
        assert_eq!(Message("one ` alone").render().into_string(), "one ` alone");
        assert_eq!(Message(&"x".repeat(3_000)).render().into_string().chars().count(), 2_001);
    }
}
