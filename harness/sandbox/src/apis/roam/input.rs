//! The request: a query, a form or JSON, and what its members must look like.

use axum::extract::Request;
use axum::http::Method;

use crate::http::{self, ContentType};
use crate::percent;

use super::moment::{self, Moment, Period};
use super::money::Cents;
use super::node::{Members, Node};
use super::refusal::Refusal;

/// The longest text that is kept, in characters.
pub(super) const LONGEST: usize = 256;

/// The longest period that can be ordered, in days.
const LONGEST_PERIOD: u32 = 3700;

/// A request as it came.
#[derive(Debug, Default)]
pub(super) struct Input {
    pub(super) members: Members,
    /// Whether it came as JSON: answers to those have discounts as amounts (#72), others as percentages (#37).
    pub(super) is_json: bool,
    /// Whether the body could not be read, so that nothing but the query is known.
    pub(super) is_broken: bool,
}

impl Input {
    /// Reads a GET or a POST: the query, and the body after it.
    pub(super) async fn read(request: Request) -> Input {
        let mut members = pairs(request.uri().query().unwrap_or_default());
        if request.method() == Method::GET {
            return Input { members, is_json: false, is_broken: false };
        }
        let content_type = http::content_type(request.headers());
        let is_json =
            matches!(&content_type, ContentType::Is(media_type, _) if media_type == "application/json");
        let body = http::read_body(request.into_body()).await.ok();
        let said = body.and_then(|body| members_of(&content_type, &body));
        let is_broken = said.is_none();
        members.0.extend(said.unwrap_or_default().0);
        Input { members, is_json, is_broken }
    }
}

/// The body's members; `None` if it has none that can be read. `utf8` is how the document spells the charset (#53).
fn members_of(content_type: &ContentType, body: &[u8]) -> Option<Members> {
    let charset_is_known = |charset: &Option<String>| {
        charset.as_deref().is_none_or(|charset| ["utf-8", "utf8"].contains(&charset))
    };
    match content_type {
        ContentType::Absent => Some(pairs(str::from_utf8(body).ok()?)),
        ContentType::Is(media_type, charset) if charset_is_known(charset) => match media_type.as_str() {
            "application/x-www-form-urlencoded" => Some(pairs(str::from_utf8(body).ok()?)),
            "application/json" => match serde_json::from_slice(body).ok()? {
                Node::Object(members) => Some(members),
                _ => None,
            },
            _ => None,
        },
        ContentType::Malformed | ContentType::Is(..) => None,
    }
}

/// The parameters of a query or a form in percent-encoded UTF-8.
fn pairs(query: &str) -> Members {
    let text = |part: &str| percent::decode(part).and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        text(name).map(|name| (name, text(value).map_or(Node::Unreadable, Node::Scalar)))
    };
    Members(query.split('&').filter(|part| !part.is_empty()).filter_map(pair).collect())
}

impl Members {
    /// The member of this name; `None` if it is not there. Null is malformed, and so is twice.
    pub(super) fn node(&self, name: &'static str) -> Result<Option<&Node>, Refusal> {
        let mut nodes = self.0.iter().filter(|(given, _)| given == name).map(|(_, node)| node);
        match (nodes.next(), nodes.next()) {
            (None, _) => Ok(None),
            (Some(Node::Unreadable | Node::Null), _) | (_, Some(_)) => Err(Refusal::Malformed(name)),
            (Some(node), None) => Ok(Some(node)),
        }
    }

    /// Text of any length, or a number or boolean as it is written; `None` if it is missing, or empty in a form.
    pub(super) fn scalar(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        match self.node(name)? {
            None => Ok(None),
            Some(Node::Scalar(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(Node::Text(text) | Node::Bare(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(Refusal::Malformed(name)),
        }
    }

    /// Text of at most [`LONGEST`] characters, none of them a control character; `None` if it is missing or empty (#53). A
    /// JSON number is no text.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, Refusal> {
        let text = match self.node(name)? {
            Some(Node::Scalar(text) | Node::Text(text)) if !text.is_empty() => text,
            None | Some(Node::Scalar(_) | Node::Text(_)) => return Ok(None),
            Some(_) => return Err(Refusal::Malformed(name)),
        };
        if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
            return Err(Refusal::Malformed(name));
        }
        Ok(Some(text.to_owned()))
    }

    /// Text that some test likes.
    pub(super) fn text_that(
        &self,
        name: &'static str,
        is_right: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, Refusal> {
        match self.text(name)? {
            Some(text) if !is_right(&text) => Err(Refusal::Malformed(name)),
            text => Ok(text),
        }
    }

    /// Digits without leading zeros; 15 at most, so that they are a number in every client.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<u64>, Refusal> {
        let Some(digits) = self.scalar(name)? else { return Ok(None) };
        let is_number =
            digits.len() <= 15 && is_digits(digits) && (digits == "0" || !digits.starts_with('0'));
        match digits.parse() {
            Ok(number) if is_number => Ok(Some(number)),
            _ => Err(Refusal::Malformed(name)),
        }
    }

    /// A number from 1.
    pub(super) fn id(&self, name: &'static str) -> Result<Option<u64>, Refusal> {
        match self.number(name)? {
            Some(0) => Err(Refusal::Malformed(name)),
            id => Ok(id),
        }
    }

    /// A number in a range.
    pub(super) fn number_in(
        &self,
        name: &'static str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Result<Option<u32>, Refusal> {
        let Some(number) = self.number(name)? else { return Ok(None) };
        let number = u32::try_from(number).ok().filter(|number| range.contains(number));
        number.map(Some).ok_or(Refusal::Malformed(name))
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.scalar(name)? {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::Malformed(name)),
        }
    }

    /// A moment.
    pub(super) fn moment(&self, name: &'static str) -> Result<Option<Moment>, Refusal> {
        let Some(text) = self.scalar(name)? else { return Ok(None) };
        moment::parse(text).map(Some).ok_or(Refusal::Malformed(name))
    }

    /// `effect_datetime` and `failure_datetime`: both or none, in that order, and not longer than can be ordered.
    pub(super) fn period(&self) -> Result<Option<Period>, Refusal> {
        match (self.moment("effect_datetime")?, self.moment("failure_datetime")?) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Refusal::Missing("effect_datetime")),
            (Some(_), None) => Err(Refusal::Missing("failure_datetime")),
            (Some(effect), Some(failure)) => {
                let period = Period { effect, failure };
                let is_right = effect <= failure && period.days() <= LONGEST_PERIOD;
                if is_right { Ok(Some(period)) } else { Err(Refusal::Malformed("failure_datetime")) }
            }
        }
    }

    /// A price.
    pub(super) fn price(&self, name: &'static str) -> Result<Option<Cents>, Refusal> {
        let Some(text) = self.scalar(name)? else { return Ok(None) };
        Cents::parse(text).map(Some).ok_or(Refusal::Malformed(name))
    }
}

/// What a parameter that must be there says.
pub(super) fn required<T>(name: &'static str, value: Result<Option<T>, Refusal>) -> Result<T, Refusal> {
    value?.ok_or(Refusal::Missing(name))
}

/// Whether it is digits, and at least one.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_utf8() {
        let members = pairs("a=%E7%BE%8E%E5%9B%BD&b=%FF&c=&d=1&d=1&e=x+y&=&f");
        assert_eq!(members.text("a"), Ok(Some("美国".to_owned())));
        assert_eq!(members.text("b"), Err(Refusal::Malformed("b")));
        assert_eq!(members.text("c"), Ok(None));
        assert_eq!(members.text("d"), Err(Refusal::Malformed("d")));
        assert_eq!(members.text("e"), Ok(Some("x y".to_owned())));
        assert_eq!(required("f", members.text("f")), Err(Refusal::Missing("f")));
    }

    #[test]
    fn bodies_by_media_type() {
        let is = |media_type: &str, charset: Option<&str>| {
            ContentType::Is(media_type.to_owned(), charset.map(str::to_owned))
        };
        let form = is("application/x-www-form-urlencoded", None);
        assert_eq!(members_of(&form, b"a=1").unwrap().number("a"), Ok(Some(1)));
        assert_eq!(members_of(&ContentType::Absent, b"a=1").unwrap().number("a"), Ok(Some(1)));
        let json = is("application/json", Some("utf8"));
        for body in [r#"{"a":1}"#, r#"{"a":"1"}"#] {
            assert_eq!(members_of(&json, body.as_bytes()).unwrap().number("a"), Ok(Some(1)));
        }
        for (content_type, body) in [(&json, "[]"), (&json, "{"), (&json, ""), (&is("text/xml", None), "a=1")]
        {
            assert_eq!(members_of(content_type, body.as_bytes()), None);
        }
        assert_eq!(members_of(&is("application/json", Some("gbk")), b"{}"), None);
        assert_eq!(members_of(&ContentType::Malformed, b""), None);
    }

    #[test]
    fn numbers_dates_and_prices() {
        let members = pairs(
            "n=7&z=007&m=-1&big=1234567890123456&p=60.5&q=1.234&t=true&f=1&\
             effect_datetime=2016-07-25%2000:00:00&failure_datetime=2016-07-24+00:00:00",
        );
        assert_eq!(members.number("n"), Ok(Some(7)));
        assert_eq!(members.number("z"), Err(Refusal::Malformed("z")));
        assert_eq!(members.number("m"), Err(Refusal::Malformed("m")));
        assert_eq!(members.number("big"), Err(Refusal::Malformed("big")));
        assert_eq!(members.number_in("n", 1..=6), Err(Refusal::Malformed("n")));
        assert_eq!(members.price("p"), Ok(Some(Cents(6050))));
        assert_eq!(members.price("q"), Err(Refusal::Malformed("q")));
        assert_eq!(members.boolean("t"), Ok(Some(true)));
        assert_eq!(members.boolean("f"), Err(Refusal::Malformed("f")));
        assert_eq!(members.period(), Err(Refusal::Malformed("failure_datetime")));
    }
}
