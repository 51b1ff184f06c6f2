//! Lays out XML: a scanner that keeps every tag and text as it is written and only moves white space between tags.

use super::marks::Marks;
use super::{Kind, Line, MAX_DEPTH, MAX_LINES};
use std::collections::HashMap;

struct Open<'a> {
    name: &'a str,
    /// How many children of each name there were.
    children: HashMap<&'a str, usize>,
    /// The line of its start tag, as long as nothing but text came after it.
    leaf: Option<usize>,
    path_end: usize,
}

enum Token<'a> {
    Start {
        tag: &'a str,
        name: &'a str,
        empty: bool,
    },
    End {
        tag: &'a str,
        name: &'a str,
    },
    /// Comment, CDATA section, processing instruction, declaration.
    Other(&'a str),
    Text(&'a str),
}

/// `None` when the text is not XML, or nested too deep for reading.
pub fn lines<'a>(text: &'a str, cut: bool, marks: &[&str]) -> Option<Vec<Line<'a>>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut open: Vec<Open<'a>> = Vec::new();
    let mut path = String::new();
    let mut marks = Marks::new(marks);
    let mut rest = text.trim_start_matches('\u{feff}');
    while !rest.is_empty() && lines.len() <= MAX_LINES {
        let Some((token, after)) = token(rest) else {
            return if cut { finish(lines, marks) } else { None };
        };
        rest = after;
        let depth = open.len();
        match token {
            Token::Start { tag, name, empty } => {
                if depth >= MAX_DEPTH {
                    return None;
                }
                let before = path.len();
                step(&mut path, open.last_mut(), name);
                marks.visit(&path, lines.len());
                lines.push(Line { depth, pieces: start_tag(tag, name), marks: Vec::new() });
                if empty {
                    path.truncate(before);
                } else {
                    let leaf = Some(lines.len() - 1);
                    open.push(Open { name, children: HashMap::new(), leaf, path_end: before });
                }
            }
            Token::End { tag, name } => {
                let element = open.pop().filter(|o| o.name == name)?;
                path.truncate(element.path_end);
                let pieces =
                    [(Kind::Plain, &tag[..2]), (Kind::Name, name), (Kind::Plain, &tag[2 + name.len()..])];
                match element.leaf.and_then(|line| lines.get_mut(line)) {
                    Some(line) => line.pieces.extend(pieces),
                    None => {
                        lines.push(Line { depth: open.len(), pieces: pieces.to_vec(), marks: Vec::new() })
                    }
                }
            }
            Token::Text(text) => {
                // White space is layout, but for that of an element that holds nothing else.
                let layout = text.trim().is_empty();
                match open.last().and_then(|o| o.leaf).and_then(|line| lines.get_mut(line)) {
                    Some(line) if !layout || rest.starts_with("</") => line.pieces.push((Kind::Text, text)),
                    _ if layout => {}
                    _ => {
                        lines.push(Line { depth, pieces: vec![(Kind::Text, text.trim())], marks: Vec::new() })
                    }
                }
            }
            Token::Other(text) => match open.last().and_then(|o| o.leaf).and_then(|line| lines.get_mut(line))
            {
                Some(line) if text.starts_with("<![CDATA[") => line.pieces.push((Kind::Text, text)),
                _ => {
                    if let Some(element) = open.last_mut() {
                        element.leaf = None;
                    }
                    lines.push(Line { depth, pieces: vec![(Kind::Other, text)], marks: Vec::new() });
                }
            },
        }
    }
    let whole = open.is_empty() && !lines.is_empty();
    if whole || cut || lines.len() > MAX_LINES { finish(lines, marks) } else { None }
}

fn finish<'a>(mut lines: Vec<Line<'a>>, marks: Marks<'_>) -> Option<Vec<Line<'a>>> {
    marks.apply(&mut lines);
    Some(lines)
}

/// Goes down to a child. The root has no position, every other step has one.
fn step<'a>(path: &mut String, parent: Option<&mut Open<'a>>, name: &'a str) {
    path.push('/');
    path.push_str(name);
    if let Some(parent) = parent {
        let count = parent.children.entry(name).or_default();
        *count += 1;
        path.push_str(&format!("[{count}]"));
        parent.leaf = None;
    }
}

fn start_tag<'a>(tag: &'a str, name: &'a str) -> Vec<(Kind, &'a str)> {
    let attributes = &tag[1 + name.len()..];
    vec![(Kind::Plain, &tag[..1]), (Kind::Name, name), (Kind::Other, attributes)]
}

fn token(rest: &str) -> Option<(Token<'_>, &str)> {
    if !rest.starts_with('<') {
        let end = rest.find('<').unwrap_or(rest.len());
        return Some((Token::Text(&rest[..end]), &rest[end..]));
    }
    let ends = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")];
    for (begin, end) in ends {
        if let Some(inside) = rest.strip_prefix(begin) {
            let length = begin.len() + inside.find(end)? + end.len();
            return Some((Token::Other(&rest[..length]), &rest[length..]));
        }
    }
    let length = tag_length(rest)?;
    let (tag, after) = rest.split_at(length);
    let closing = tag.starts_with("</");
    let inside = &tag[if closing { 2 } else { 1 }..length - 1];
    let name_end = inside.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inside.len());
    let name = &inside[..name_end];
    if name.is_empty() || name.contains(['<', '&', '"', '\'', '=']) {
        return None;
    }
    let token = match closing {
        true => Token::End { tag, name },
        false => Token::Start { tag, name, empty: inside.ends_with('/') },
    };
    Some((token, after))
}

/// Length of a tag: `>` inside quotes does not end it.
fn tag_length(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (i, b) in rest.bytes().enumerate() {
        match (quote, b) {
            (None, b'>') => return Some(i + 1),
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    None
}
