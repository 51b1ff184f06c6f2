//! Named parameters of a request, from a query string or from elements of a body.

use crate::percent;

/// A parameter as the request has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameter<'a> {
    /// Not in the request, or empty.
    Missing,
    /// In the request, but nobody can say what it is: bytes that are not of the charset, or given more than once.
    Unreadable,
    /// What the request says.
    Given(&'a str),
}

impl<'a> Parameter<'a> {
    /// What an answer that repeats the parameter says: the text, empty if there is none.
    pub(crate) fn echo(self) -> &'a str {
        match self {
            Parameter::Given(text) => text,
            Parameter::Missing | Parameter::Unreadable => "",
        }
    }
}

/// The parameters of one request. A value of `None` could not be read.
#[derive(Debug, Default)]
pub(crate) struct Parameters(Vec<(String, Option<String>)>);

impl Parameters {
    /// Those of a query string. `decode` knows the charset of its percent-encoded bytes; a name that is not of that
    /// charset can't be a documented one, and is left out.
    pub(crate) fn from_query(query: &str, decode: impl Fn(&[u8]) -> Option<String>) -> Parameters {
        let text = |part: &str| percent::decode(part).and_then(|bytes| decode(&bytes));
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            text(name).map(|name| (name, text(value)))
        };
        Parameters(query.split('&').filter(|part| !part.is_empty()).filter_map(pair).collect())
    }

    /// Those of elements or the like.
    pub(crate) fn from_pairs(pairs: impl Iterator<Item = (String, Option<String>)>) -> Parameters {
        Parameters(pairs.collect())
    }

    /// All values that could be read.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|(_, value)| value.as_deref())
    }

    /// The parameter of this name.
    pub(crate) fn get(&self, name: &str) -> Parameter<'_> {
        let mut values = self.0.iter().filter(|(given, _)| given == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (None, _) => Parameter::Missing,
            (Some(Some(value)), None) if value.is_empty() => Parameter::Missing,
            (Some(Some(value)), None) => Parameter::Given(value),
            (Some(None), None) | (Some(_), Some(_)) => Parameter::Unreadable,
        }
    }

    /// What is given under this name, which may stand more than once: a list. Empty values are left out; `None` if one
    /// of the values could not be read.
    pub(crate) fn all(&self, name: &str) -> Option<Vec<&str>> {
        let values = self.0.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_deref());
        values.filter(|value| *value != Some("")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf8(bytes: &[u8]) -> Option<String> {
        String::from_utf8(bytes.to_vec()).ok()
    }

    #[test]
    fn reads_a_query() {
        let parameters = Parameters::from_query("a=1&&b=x+y%3D=&c&d=%FF&e=%z&f=1&f=1&%66=&=&%FF=1", utf8);
        let get = |name| parameters.get(name);
        assert_eq!(get("a"), Parameter::Given("1"));
        assert_eq!(get("b"), Parameter::Given("x y=="));
        assert_eq!(get("c"), Parameter::Missing);
        assert_eq!(get("d"), Parameter::Unreadable);
        assert_eq!(get("e"), Parameter::Unreadable);
        assert_eq!(get("f"), Parameter::Unreadable);
        assert_eq!(get("g"), Parameter::Missing);
        assert_eq!(get("f").echo(), "");
        assert_eq!(parameters.all("f"), Some(vec!["1", "1"]));
        assert_eq!(parameters.all("g"), Some(vec![]));
        assert_eq!(parameters.all("c"), Some(vec![]));
        assert_eq!(parameters.all("d"), None);
    }
}
