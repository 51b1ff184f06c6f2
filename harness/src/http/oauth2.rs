//! OAuth 2.0 client credentials (RFC 6749 section 4.4): the request for a token, and what the answer says. Pure.

use super::{charset, digest};
use crate::model::exchange::{Request, Response};
use serde_json::Value;
use std::time::Duration;

/// How a client says at the token endpoint who it is (RFC 6749 section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuth {
    /// `Authorization: Basic …`.
    #[default]
    Basic,
    /// `client_id` and `client_secret` in the form.
    Body,
}

impl ClientAuth {
    pub const WORDS: [(&str, Self); 2] = [("basic", Self::Basic), ("body", Self::Body)];
}

/// What a token is asked for with.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    pub token_url: String,
    pub id: String,
    pub secret: String,
    pub scopes: Vec<String>,
    pub audience: Option<String>,
    pub auth: ClientAuth,
}

/// An access token as it was issued.
#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    pub token: String,
    /// `None` where the endpoint does not say.
    pub lifetime: Option<Duration>,
}

impl Client {
    pub fn request(&self) -> Request {
        let encode = |text: &str| charset::percent_encode(text, "utf-8").unwrap_or_default();
        let mut form = vec![("grant_type", "client_credentials".to_owned())];
        if !self.scopes.is_empty() {
            form.push(("scope", self.scopes.join(" ")));
        }
        form.extend(self.audience.iter().map(|audience| ("audience", audience.clone())));
        let mut headers = vec![
            ("Content-Type".to_owned(), b"application/x-www-form-urlencoded".to_vec()),
            ("Accept".to_owned(), b"application/json".to_vec()),
            ("User-Agent".to_owned(), concat!("proofmark/", env!("CARGO_PKG_VERSION")).into()),
        ];
        match self.auth {
            // Both are form-encoded before they are joined (RFC 6749 section 2.3.1).
            ClientAuth::Basic => headers.push(("Authorization".to_owned(), self.basic().into_bytes())),
            ClientAuth::Body => {
                form.push(("client_id", self.id.clone()));
                form.push(("client_secret", self.secret.clone()));
            }
        }
        let pairs: Vec<String> =
            form.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        Request {
            method: "POST".into(),
            url: self.token_url.clone(),
            headers,
            body: pairs.join("&").into_bytes(),
            charset: "UTF-8".into(),
        }
    }

    fn basic(&self) -> String {
        let encode = |text: &str| charset::percent_encode(text, "utf-8").unwrap_or_default();
        let joined = format!("{}:{}", encode(&self.id), encode(&self.secret));
        format!("Basic {}", digest::base64(joined.as_bytes()))
    }
}

/// Reads an answer of the token endpoint (RFC 6749 sections 5.1 and 5.2). `Err` says why there is no token; of the answer
/// it repeats the error code alone, which is no secret.
pub fn issued(response: &Response) -> Result<Issued, String> {
    let status = response.status;
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let text = |name: &str| body.as_ref().and_then(|body| body.get(name)).and_then(Value::as_str);
    if status != 200 {
        let is_code = |code: &&str| {
            code.len() <= 60 && code.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        };
        let code = text("error").filter(is_code).map(|code| format!(" `{code}`")).unwrap_or_default();
        return Err(format!("it answered {status}{code}"));
    }
    if body.is_none() {
        return Err("its answer is not JSON".into());
    }
    // Bytes that a header cannot hold would be told far from here.
    let sendable = |token: &&str| !token.is_empty() && token.bytes().all(|b| (0x21..=0x7e).contains(&b));
    let Some(token) = text("access_token").filter(sendable) else {
        return Err("its answer has no usable `access_token`".into());
    };
    match text("token_type") {
        Some(kind) if kind.eq_ignore_ascii_case("bearer") => {}
        _ => return Err("the `token_type` of its answer is not `Bearer`".into()),
    }
    // Some endpoints give the number as text.
    let seconds = body.as_ref().and_then(|body| body.get("expires_in")).and_then(|expires| match expires {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    });
    let lifetime = seconds.and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
    Ok(Issued { token: token.to_owned(), lifetime })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response {
        Response {
            status,
            version: "HTTP/1.1".into(),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            miscoded: None,
        }
    }

    #[test]
    fn the_request_is_as_the_rfc_says() {
        let client = Client {
            token_url: "http://auth.example/token".into(),
            id: "s6BhdRkqt3".into(),
            secret: "7Fjfp0ZBr1KtDRbnfVdmIw".into(),
            scopes: vec!["a".into(), "b:c".into()],
            audience: None,
            auth: ClientAuth::Basic,
        };
        let request = client.request();
        // The header is that of the example in RFC 6749 section 4.4.2.
        assert_eq!(
            request.header("authorization"),
            Some(&b"Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"[..])
        );
        assert_eq!(String::from_utf8_lossy(&request.body), "grant_type=client_credentials&scope=a%20b%3Ac");
        let body = Client { auth: ClientAuth::Body, scopes: Vec::new(), ..client }.request();
        assert_eq!(body.header("authorization"), None);
        assert!(
            String::from_utf8_lossy(&body.body)
                .ends_with("&client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw")
        );
    }

    #[test]
    fn answers_of_token_endpoints() {
        let good = r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"bearer","expires_in":3600}"#;
        let token = issued(&answer(200, good)).expect("a token");
        assert_eq!(token.lifetime, Some(Duration::from_secs(3600)));
        let untold = good.replace(",\"expires_in\":3600", "");
        assert_eq!(issued(&answer(200, &untold)).expect("a token").lifetime, None);
        for (status, body, says) in [
            (
                401,
                r#"{"error":"invalid_client","error_description":"s3cret"}"#,
                "it answered 401 `invalid_client`",
            ),
            (400, r#"{"error":"<b>\u001b"}"#, "it answered 400"),
            (200, "<html>", "its answer is not JSON"),
            (200, r#"{"token_type":"bearer"}"#, "its answer has no usable `access_token`"),
            (
                200,
                r#"{"access_token":"a b","token_type":"bearer"}"#,
                "its answer has no usable `access_token`",
            ),
            (
                200,
                r#"{"access_token":"a","token_type":"mac"}"#,
                "the `token_type` of its answer is not `Bearer`",
            ),
        ] {
            assert_eq!(issued(&answer(status, body)), Err(says.to_owned()));
        }
    }
}
