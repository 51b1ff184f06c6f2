//! [`RuntimeExpression`]: what stands for a part of an exchange in `links` and `callbacks` (OpenAPI 3.1.1 section 4.8.20.4,
//! OpenAPI 3.0.4 section 4.7.20.4), parsed by the ABNF there.

use crate::model::problem::{alternatives, nearest};
use std::fmt;

/// A part of one request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuntimeExpression {
    Url,
    Method,
    StatusCode,
    Request(Source),
    Response(Source),
}

/// Where in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A token of RFC 9110 section 5.6.2; upper and lower case are the same.
    Header(String),
    Query(String),
    Path(String),
    /// A JSON pointer (RFC 6901); empty for the whole body.
    Body(String),
}

/// Text with expressions in braces, as `https://host.example/{$request.body#/id}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Expression(RuntimeExpression),
}

/// Why an expression does not parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    pub message: String,
    /// Bytes from the start of the text to what is wrong.
    pub offset: usize,
    pub help: Option<String>,
}

const EXPRESSIONS: [&str; 5] = ["$url", "$method", "$statusCode", "$request.", "$response."];
const SOURCES: [&str; 4] = ["header.", "query.", "path.", "body"];

impl RuntimeExpression {
    /// Parses one expression, without braces. Errors are at byte offsets of `text`.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        match text {
            "$url" => return Ok(Self::Url),
            "$method" => return Ok(Self::Method),
            "$statusCode" => return Ok(Self::StatusCode),
            _ => {}
        }
        if let Some(rest) = text.strip_prefix("$request.") {
            return source(text, rest).map(Self::Request);
        }
        if let Some(rest) = text.strip_prefix("$response.") {
            return source(text, rest).map(Self::Response);
        }
        let end = text.find('.').map_or(text.len(), |at| at + 1);
        let word = &text[..end];
        Err(ExpressionError {
            message: format!("unknown runtime expression `{word}`{}", alternatives(word, &EXPRESSIONS)),
            offset: 0,
            help: nearest(word, &EXPRESSIONS).map(|known| format!("did you mean `{known}`?")),
        })
    }
}

/// `source = "header." token / "query." name / "path." name / "body" ["#" json-pointer]`.
fn source(text: &str, rest: &str) -> Result<Source, ExpressionError> {
    let offset = text.len() - rest.len();
    let before = &text[..offset];
    let named = |name: &str, what: &str| match name {
        "" => Err(ExpressionError {
            message: format!("`{text}` names no {what}"),
            offset: text.len(),
            help: None,
        }),
        name => Ok(name.to_owned()),
    };
    if let Some(name) = rest.strip_prefix("header.") {
        let name = named(name, "header")?;
        return match name.find(|c: char| !is_token(c)) {
            Some(at) => {
                let message = format!("`{name}` is not the name of a header");
                Err(ExpressionError { message, offset: offset + "header.".len() + at, help: None })
            }
            None => Ok(Source::Header(name)),
        };
    }
    if let Some(name) = rest.strip_prefix("query.") {
        return named(name, "parameter").map(Source::Query);
    }
    if let Some(name) = rest.strip_prefix("path.") {
        return named(name, "parameter").map(Source::Path);
    }
    if let Some(after) = rest.strip_prefix("body") {
        return body(before, after, offset + "body".len());
    }
    let end = rest.find(['.', '#']).map_or(rest.len(), |at| at + 1);
    let word = &rest[..end];
    Err(ExpressionError {
        message: format!("unknown part of a message `{word}`{}", alternatives(word, &SOURCES)),
        offset,
        help: nearest(word, &SOURCES).map(|known| format!("did you mean `{before}{known}`?")),
    })
}

fn body(before: &str, after: &str, offset: usize) -> Result<Source, ExpressionError> {
    let Some(pointer) = after.strip_prefix('#') else {
        if after.is_empty() {
            return Ok(Source::Body(String::new()));
        }
        // `$response.body.a.b` is what people write who think of JavaScript.
        let path = after.trim_start_matches('.').replace(['.', '/'], "/");
        let help = Some(format!("did you mean `{before}body#/{path}`?"));
        let message = format!("expected `#` and a JSON pointer after `body`, found `{after}`");
        return Err(ExpressionError { message, offset, help });
    };
    let wrong = |message: String, at: usize, right: String| {
        let help = Some(format!("did you mean `{before}body#{right}`?"));
        Err(ExpressionError { message, offset: offset + 1 + at, help })
    };
    if !pointer.is_empty() && !pointer.starts_with('/') {
        let message = format!("`{pointer}` is not a JSON pointer: expected `/` before each name");
        return wrong(message, 0, format!("/{}", pointer.replace('.', "/")));
    }
    let escape = pointer.match_indices('~').find(|(at, _)| !pointer[at + 1..].starts_with(['0', '1']));
    match escape {
        Some((at, _)) => {
            let message =
                format!("`{pointer}` is not a JSON pointer: expected `~0` or `~1`, found `~` by itself");
            wrong(message, at, format!("{}~0{}", &pointer[..at], &pointer[at + 1..]))
        }
        None => Ok(Source::Body(pointer.to_owned())),
    }
}

/// `tchar` of RFC 9110 section 5.6.2.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// Parses text with expressions in braces. Braces that no `$` follows are text. Errors are at byte offsets of `text`.
pub fn pieces(text: &str) -> Result<Vec<Piece>, ExpressionError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{$").map(|open| at + open) {
        let Some(close) = text[open..].find('}').map(|close| open + close) else {
            let message = "`{$` without its `}`".to_owned();
            return Err(ExpressionError { message, offset: open, help: None });
        };
        if open > at {
            found.push(Piece::Text(text[at..open].to_owned()));
        }
        let expression = RuntimeExpression::parse(&text[open + 1..close])
            .map_err(|error| ExpressionError { offset: error.offset + open + 1, ..error })?;
        found.push(Piece::Expression(expression));
        at = close + 1;
    }
    if at < text.len() {
        found.push(Piece::Text(text[at..].to_owned()));
    }
    Ok(found)
}

impl fmt::Display for RuntimeExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url => f.write_str("$url"),
            Self::Method => f.write_str("$method"),
            Self::StatusCode => f.write_str("$statusCode"),
            Self::Request(source) => write!(f, "$request.{source}"),
            Self::Response(source) => write!(f, "$response.{source}"),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "header.{name}"),
            Self::Query(name) => write!(f, "query.{name}"),
            Self::Path(name) => write!(f, "path.{name}"),
            Self::Body(pointer) if pointer.is_empty() => f.write_str("body"),
            Self::Body(pointer) => write!(f, "body#{pointer}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RuntimeExpression::{Method, Request, Response, StatusCode, Url};

    fn text(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn the_examples_of_the_specification_parse() {
        for (source, expected) in [
            // The table of section 4.8.20.4.1 of OpenAPI 3.1.1.
            ("$method", Method),
            ("$request.header.accept", Request(Source::Header(text("accept")))),
            ("$request.path.id", Request(Source::Path(text("id")))),
            ("$request.body#/user/uuid", Request(Source::Body(text("/user/uuid")))),
            ("$url", Url),
            ("$response.body#/status", Response(Source::Body(text("/status")))),
            ("$response.header.Server", Response(Source::Header(text("Server")))),
            // The table of section 4.8.18.2, of callbacks.
            ("$request.path.eventType", Request(Source::Path(text("eventType")))),
            ("$request.query.queryUrl", Request(Source::Query(text("queryUrl")))),
            ("$request.header.content-type", Request(Source::Header(text("content-type")))),
            ("$request.body#/failedUrl", Request(Source::Body(text("/failedUrl")))),
            ("$request.body#/successUrls/1", Request(Source::Body(text("/successUrls/1")))),
            ("$response.header.Location", Response(Source::Header(text("Location")))),
            // By the grammar.
            ("$statusCode", StatusCode),
            ("$response.body", Response(Source::Body(String::new()))),
            ("$response.body#", Response(Source::Body(String::new()))),
            ("$response.body#/", Response(Source::Body(text("/")))),
            ("$response.body#/a~1b/c d/~0", Response(Source::Body(text("/a~1b/c d/~0")))),
            ("$request.query.a.b[]", Request(Source::Query(text("a.b[]")))),
        ] {
            let parsed = RuntimeExpression::parse(source).expect(source);
            assert_eq!(parsed, expected, "{source}");
            assert_eq!(parsed.to_string(), source.strip_suffix('#').unwrap_or(source));
        }
    }

    #[test]
    fn what_does_not_parse_says_where_and_what_was_meant() {
        for (source, message, offset, help) in [
            (
                "$response.body.data.id",
                "expected `#` and a JSON pointer after `body`, found `.data.id`",
                14,
                Some("did you mean `$response.body#/data/id`?"),
            ),
            (
                "$response.body#id",
                "`id` is not a JSON pointer: expected `/` before each name",
                15,
                Some("did you mean `$response.body#/id`?"),
            ),
            (
                "$response.body#/a~b",
                "`/a~b` is not a JSON pointer: expected `~0` or `~1`, found `~` by itself",
                17,
                Some("did you mean `$response.body#/a~0b`?"),
            ),
            (
                "$response.headers.Location",
                "unknown part of a message `headers.` (known: `header.`, `query.`, `path.`, `body`)",
                10,
                Some("did you mean `$response.header.`?"),
            ),
            ("$request.query.", "`$request.query.` names no parameter", 15, None),
            ("$response.header.X Id", "`X Id` is not the name of a header", 18, None),
            (
                "$responce.body#/id",
                "unknown runtime expression `$responce.` (known: `$response.`, `$request.`, `$method`, `$url`, `$statusCode`)",
                0,
                Some("did you mean `$response.`?"),
            ),
            (
                "$",
                "unknown runtime expression `$` (known: `$url`, `$method`, `$request.`, `$response.`, `$statusCode`)",
                0,
                None,
            ),
        ] {
            let error = RuntimeExpression::parse(source).expect_err(source);
            let found = (error.message.as_str(), error.offset, error.help.as_deref());
            assert_eq!(found, (message, offset, help), "{source}");
        }
    }

    #[test]
    fn expressions_stand_in_braces_in_text() {
        let found = pieces("http://host.example/?id={$request.body#/id}&of={$url}");
        let expected = vec![
            Piece::Text(text("http://host.example/?id=")),
            Piece::Expression(Request(Source::Body(text("/id")))),
            Piece::Text(text("&of=")),
            Piece::Expression(Url),
        ];
        assert_eq!(found, Ok(expected));
        assert_eq!(pieces("{a} }"), Ok(vec![Piece::Text(text("{a} }"))]));
        assert_eq!(pieces("x{$url").map_err(|e| e.offset), Err(1));
        assert_eq!(
            pieces("x{$uri}").map_err(|e| (e.offset, e.help)),
            Err((2, Some(text("did you mean `$url`?"))))
        );
    }
}
