//! The pieces of HTTP that every API needs: bounded bodies, media types, answers.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use http_body::Frame;
use http_body_util::BodyExt;

/// The longest request body that is looked at, in bytes.
pub(crate) const BODY_LIMIT: usize = 1 << 20;

/// How much of a body that is too long is still read, so that the client gets to see the answer.
const DISCARD_LIMIT: usize = 16 << 20;

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// A body was longer than [`BODY_LIMIT`], too slow, or broke off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnreadableBody;

/// The whole request body, of at most [`BODY_LIMIT`] bytes.
pub(crate) async fn read_body(body: Body) -> Result<Vec<u8>, UnreadableBody> {
    tokio::time::timeout(BODY_TIME, read_pieces(body)).await.unwrap_or(Err(UnreadableBody))
}

async fn read_pieces(mut body: Body) -> Result<Vec<u8>, UnreadableBody> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| UnreadableBody)?.into_data() else { continue };
        length += data.len();
        if length > DISCARD_LIMIT {
            return Err(UnreadableBody);
        }
        if length <= BODY_LIMIT {
            bytes.extend_from_slice(&data);
        }
    }
    if length > BODY_LIMIT { Err(UnreadableBody) } else { Ok(bytes) }
}

/// What a `Content-Type` header says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ContentType {
    /// There is none.
    Absent,
    /// It can't be read, or is there twice.
    Malformed,
    /// The media type and, if there is one, the charset; both in lower case.
    Is(String, Option<String>),
}

/// Reads the `Content-Type` header (RFC 9110 section 8.3).
pub(crate) fn content_type(headers: &HeaderMap) -> ContentType {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return if headers.contains_key(CONTENT_TYPE) { ContentType::Malformed } else { ContentType::Absent };
    };
    let Ok(text) = value.to_str() else { return ContentType::Malformed };
    let text = text.to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_owned();
    let charset =
        parts.find_map(|part| part.strip_prefix("charset=")).map(|value| value.trim_matches('"').to_owned());
    ContentType::Is(media_type, charset)
}

/// An answer with a body.
pub(crate) fn answer(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// 405 with the methods that there are (RFC 9110 section 15.5.6).
pub(crate) fn method_not_allowed(allow: &'static str) -> Response {
    let mut response =
        answer(StatusCode::METHOD_NOT_ALLOWED, "text/plain; charset=UTF-8", "method not allowed\n");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    response
}

/// What a servlet container shows when nobody caught an exception. Only faults answer this.
pub(crate) fn uncaught_exception(class: &str, frame: &str) -> Response {
    let page = format!(
        "<html><body><h1>HTTP Status 500 - Internal Server Error</h1><pre>{class}\n\tat {frame}\n\tat \
         javax.servlet.http.HttpServlet.service(HttpServlet.java:742)\n</pre></body></html>\n"
    );
    answer(StatusCode::INTERNAL_SERVER_ERROR, "text/html; charset=UTF-8", page)
}

/// An answer whose connection is closed after this many bytes of its body. With 0 nothing is sent, not even the
/// status line. Only faults answer this.
pub(crate) fn cut_off(response: Response, body: &str, after: usize) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let start = Bytes::copy_from_slice(&body.as_bytes()[..after.min(body.len())]);
    let start = (!start.is_empty()).then_some(start);
    Response::from_parts(parts, Body::new(Cut { start, flushed: after == 0 }))
}

/// A body that fails after its start.
struct Cut {
    start: Option<Bytes>,
    flushed: bool,
}

impl http_body::Body for Cut {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(start) = self.start.take() {
            return Poll::Ready(Some(Ok(Frame::data(start))));
        }
        // hyper writes what it has only when the body makes it wait, and throws it away when the body fails.
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("cut off by a fault"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&'static str]) -> ContentType {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_TYPE, HeaderValue::from_static(value));
        }
        content_type(&headers)
    }

    #[test]
    fn content_types() {
        assert_eq!(read(&[]), ContentType::Absent);
        assert_eq!(read(&["text/xml", "text/xml"]), ContentType::Malformed);
        assert_eq!(read(&["Text/XML"]), ContentType::Is("text/xml".to_owned(), None));
        let with_charset = ContentType::Is("text/xml".to_owned(), Some("utf-8".to_owned()));
        assert_eq!(read(&["text/xml; x=1 ;charset=\"UTF-8\""]), with_charset);
    }
}
