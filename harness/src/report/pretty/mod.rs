//! Bodies laid out for reading: JSON and XML indented token by token, so that every token is shown as it was sent, with
//! the places of findings marked.

mod json;
mod marks;
mod xml;

/// A body of more lines is shown up to here.
const MAX_LINES: usize = 1_500;
/// A body nested deeper is shown as it came.
const MAX_DEPTH: usize = 60;

/// What a piece of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Punctuation, and text that was not understood.
    Plain,
    /// Name of a member, element.
    Name,
    Text,
    /// Number, `true`, `false`, `null`; an attribute, a comment.
    Other,
}

/// One line: depth, pieces, and the numbers of the marks that are about it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line<'a> {
    pub depth: usize,
    pub pieces: Vec<(Kind, &'a str)>,
    pub marks: Vec<usize>,
}

/// A body laid out.
#[derive(Debug, Default)]
pub struct Layout<'a> {
    pub lines: Vec<Line<'a>>,
    /// `json`, `xml`; `None` when it is shown as it came.
    pub syntax: Option<&'static str>,
    /// Not all lines are there.
    pub cut: bool,
}

/// Lays out a text by its first character. `cut` says that the text is only the beginning of the body. `marks` are
/// places: JSON pointers, XPaths; a place that is not there marks the nearest one around it.
pub fn layout<'a>(text: &'a str, cut: bool, marks: &[&str]) -> Layout<'a> {
    let lines = match text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).chars().next() {
        Some('{' | '[') => json::lines(text, cut, marks).map(|lines| (lines, "json")),
        Some('<') => xml::lines(text, cut, marks).map(|lines| (lines, "xml")),
        _ => None,
    };
    let (mut lines, syntax) = match lines {
        Some((lines, syntax)) => (lines, Some(syntax)),
        None => (raw(text), None),
    };
    let long = lines.len() > MAX_LINES;
    lines.truncate(MAX_LINES);
    Layout { lines, syntax, cut: cut || long }
}

fn raw(text: &str) -> Vec<Line<'_>> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let line = |line| Line { pieces: vec![(Kind::Plain, line)], ..Line::default() };
    text.split('\n').take(MAX_LINES + 1).map(|l| line(l.strip_suffix('\r').unwrap_or(l))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The layout as text, with `<<n` behind lines that are marked.
    fn shown(text: &str, marks: &[&str]) -> String {
        let lines = layout(text, false, marks).lines.into_iter().map(|line| {
            let pieces: String = line.pieces.iter().map(|(_, text)| *text).collect();
            let marks: String = line.marks.iter().map(|m| format!(" <<{m}")).collect();
            format!("{}{pieces}{marks}\n", "  ".repeat(line.depth))
        });
        lines.collect()
    }

    #[test]
    fn json_keeps_every_token() {
        assert_eq!(
            shown(r#"{"a":1.50,"b":{"c":[]},"d":[1,"\u4e2d"],"a":null, "e": {}}"#, &[]),
            "{\n  \"a\": 1.50,\n  \"b\": {\n    \"c\": []\n  },\n  \"d\": [\n    1,\n    \"\\u4e2d\"\n  ],\n  \"a\": null,\n  \"e\": {}\n}\n"
        );
        assert_eq!(shown("[]", &[]), "[]\n");
    }

    #[test]
    fn json_places_are_marked_and_missing_ones_mark_their_parent() {
        let text = r#"{"data":{"items":[{"id":1},{"id":2}],"a/b":3}}"#;
        assert_eq!(
            shown(text, &["/data/items/1/id", "/data/order_id", "/data/a~1b", "body"]),
            "{\n  \"data\": { <<1\n    \"items\": [\n      {\n        \"id\": 1\n      },\n      {\n        \"id\": 2 <<0\n      }\n    ],\n    \"a/b\": 3 <<2\n  }\n}\n"
        );
    }

    #[test]
    fn what_is_not_json_is_shown_as_it_came() {
        for text in ["{\"a\":}", "{\"a\":1", "[1,,2]", "{\"a\" 1}", "[1] x", "{oops}", "[\"a\nb\"]"] {
            assert_eq!(layout(text, false, &[]).syntax, None, "{text}");
        }
        let deep = "[".repeat(100_000);
        let laid_out = layout(&deep, true, &[]);
        assert_eq!((laid_out.syntax, laid_out.lines.len()), (None, 1));
    }

    #[test]
    fn the_beginning_of_a_body_is_laid_out_too() {
        let begun = layout("{\"a\":[1,\"tw", true, &[]);
        assert_eq!((begun.syntax, begun.lines.len(), begun.cut), (Some("json"), 4, true));
        let begun = layout("<a><b>x</b><c>y", true, &[]);
        assert_eq!((begun.syntax, begun.lines.len(), begun.cut), (Some("xml"), 3, true));
        let list = format!("[{}1]", "1,".repeat(9_000));
        assert!(layout(&list, false, &[]).cut);
    }

    #[test]
    fn xml_is_indented_and_marked() {
        let text = "<?xml version=\"1.0\"?><RPLY name=\"x\"><id>1</id><item><n>a</n></item><item><n>b &amp; c</n><e/></item><z></z></RPLY>";
        assert_eq!(
            shown(text, &["/RPLY/item[2]/n[1]", "/RPLY/error_id", "/RPLY/z[1]"]),
            "<?xml version=\"1.0\"?>\n<RPLY name=\"x\"> <<1\n  <id>1</id>\n  <item>\n    <n>a</n>\n  </item>\n  <item>\n    <n>b &amp; c</n> <<0\n    <e/>\n  </item>\n  <z></z> <<2\n</RPLY>\n"
        );
    }

    #[test]
    fn comments_cdata_and_mixed_content_stay() {
        assert_eq!(
            shown("<a><!-- c > --><b><![CDATA[<x>]]></b>text<b q='>'/></a>\n", &[]),
            "<a>\n  <!-- c > -->\n  <b><![CDATA[<x>]]></b>\n  text\n  <b q='>'/>\n</a>\n"
        );
    }

    #[test]
    fn what_is_not_xml_is_shown_as_it_came() {
        for text in ["<html><p>x</html>", "<a>", "</a>", "<a b", "<>x</>", "<a/><"] {
            assert_eq!(layout(text, false, &[]).syntax, None, "{text}");
        }
        let deep = "<a>".repeat(50_000);
        assert_eq!(layout(&deep, true, &[]).syntax, None);
    }
}
