//! [`Auth`]: who a request says that it is from.

use super::digest;

/// Credentials. `T` is text as it is written in the suite, compiled, or as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Auth<T> {
    /// `Authorization: Bearer …` (RFC 6750 section 2.1).
    Bearer(T),
    /// `Authorization: Basic …` (RFC 7617).
    Basic { user: T, password: T },
    /// An OpenAPI `apiKey`.
    ApiKey { place: KeyPlace, name: String, value: T },
}

/// `in` of an OpenAPI `apiKey`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyPlace {
    Header,
    Query,
    Cookie,
}

impl KeyPlace {
    pub const WORDS: [(&str, Self); 3] =
        [("header", Self::Header), ("query", Self::Query), ("cookie", Self::Cookie)];

    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, place)| *place == self).map_or("header", |(word, _)| word)
    }
}

/// One name and value that a request gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    pub place: KeyPlace,
    pub name: String,
    pub value: String,
    /// The parts of it that nobody may see, beside what the suite lists as secrets: names and values.
    pub secrets: Vec<(String, String)>,
}

impl<T> Auth<T> {
    /// The same with each text turned into another.
    pub fn map<'t, U, E>(&'t self, mut text: impl FnMut(&'t T) -> Result<U, E>) -> Result<Auth<U>, E> {
        Ok(match self {
            Self::Bearer(token) => Auth::Bearer(text(token)?),
            Self::Basic { user, password } => Auth::Basic { user: text(user)?, password: text(password)? },
            Self::ApiKey { place, name, value } => {
                Auth::ApiKey { place: *place, name: name.clone(), value: text(value)? }
            }
        })
    }

    /// What it is called in the suite.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Bearer(_) => "bearer",
            Self::Basic { .. } => "basic",
            Self::ApiKey { .. } => "api_key",
        }
    }

    /// The texts in it.
    pub fn texts(&self) -> Vec<&T> {
        match self {
            Self::Bearer(token) => vec![token],
            Self::Basic { user, password } => vec![user, password],
            Self::ApiKey { value, .. } => vec![value],
        }
    }
}

impl Auth<String> {
    pub fn credential(&self) -> Credential {
        let authorization = |value: String| Credential {
            place: KeyPlace::Header,
            name: "Authorization".into(),
            value,
            secrets: Vec::new(),
        };
        match self {
            Self::Bearer(token) => authorization(format!("Bearer {token}")),
            Self::Basic { user, password } => {
                let encoded = digest::base64(format!("{user}:{password}").as_bytes());
                let shown = ("basic credentials".to_owned(), encoded.clone());
                Credential { secrets: vec![shown], ..authorization(format!("Basic {encoded}")) }
            }
            Self::ApiKey { place, name, value } => {
                Credential { place: *place, name: name.clone(), value: value.clone(), secrets: Vec::new() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_as_their_rfcs_say() {
        // The example of RFC 7617 section 2.
        let basic = Auth::Basic { user: "Aladdin".to_owned(), password: "open sesame".to_owned() };
        assert_eq!(basic.credential().value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let bearer = Auth::Bearer("mF_9.B5f-4.1JqM".to_owned());
        let credential = bearer.credential();
        assert_eq!(
            (credential.name.as_str(), credential.value.as_str()),
            ("Authorization", "Bearer mF_9.B5f-4.1JqM")
        );
    }
}
