//! [`Authentication`]: as whom the APIs of a target are spoken to. Tokens are fetched once for all threads.

use crate::http::auth::{Auth, Credential};
use crate::http::client::{Client, Limits};
use crate::http::oauth2;
use crate::record::Redactor;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// So long a token endpoint that failed is not asked again: 2,000 trials do not wait for it 2,000 times.
const PAUSE: Duration = Duration::from_secs(2);
/// A token is fetched anew so long before it runs out, but never before nine tenths of its life.
const MARGIN: Duration = Duration::from_secs(30);

/// Of all APIs, and of single ones.
#[derive(Debug, Default)]
pub struct Authentication {
    pub all: Option<Source>,
    pub by_api: BTreeMap<String, Source>,
}

/// Where credentials come from.
#[derive(Debug, Clone)]
pub enum Source {
    None,
    Fixed(Credential),
    Token(Arc<TokenSource>),
}

impl Authentication {
    pub fn of(&self, api: &str) -> &Source {
        self.by_api.get(api).or(self.all.as_ref()).unwrap_or(&Source::None)
    }
}

/// The tokens of one client.
#[derive(Debug)]
pub struct TokenSource {
    client: oauth2::Client,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Token>,
    failed: Option<(Instant, String)>,
    /// How many tokens were issued so far.
    issued: u64,
}

/// A token in use.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    value: String,
    /// The how many-th it is.
    number: u64,
    fetched: Instant,
    lifetime: Option<Duration>,
    /// Whether it was fetched because the one before was refused.
    replaces: bool,
}

impl Token {
    pub fn credential(&self) -> Credential {
        Auth::Bearer(self.value.clone()).credential()
    }

    /// Whether it is worth sending.
    fn is_fresh(&self, now: Instant) -> bool {
        let age = now.saturating_duration_since(self.fetched);
        self.lifetime.is_none_or(|lifetime| age < lifetime - MARGIN.min(lifetime / 10))
    }
}

/// What fetching a token needs.
#[derive(Clone, Copy)]
pub struct Fetch<'a> {
    pub client: &'a Client,
    pub limits: Limits,
    pub redactor: &'a Redactor,
}

impl TokenSource {
    pub fn new(client: oauth2::Client) -> Self {
        Self { client, state: Mutex::default() }
    }

    /// The token that all threads use; fetched where there is none, or where it is about to run out.
    pub async fn token(&self, fetch: Fetch<'_>) -> Result<Token, String> {
        let mut state = self.state.lock().await;
        match &state.token {
            Some(token) if token.is_fresh(Instant::now()) => Ok(token.clone()),
            _ => self.fetch(&mut state, fetch, false).await,
        }
    }

    /// What to send in place of a token that was answered with 401; `None` where another one would fare no better: it is
    /// itself the replacement of one that was refused.
    pub async fn replace(&self, refused: &Token, fetch: Fetch<'_>) -> Result<Option<Token>, String> {
        let mut state = self.state.lock().await;
        match &state.token {
            Some(current) if current.number != refused.number => Ok(Some(current.clone())),
            Some(current) if current.replaces => Ok(None),
            _ => self.fetch(&mut state, fetch, true).await.map(Some),
        }
    }

    /// A token was accepted: a later refusal of it is worth another one.
    pub async fn accepted(&self, token: &Token) {
        if !token.replaces {
            return;
        }
        let mut state = self.state.lock().await;
        if let Some(current) = state.token.as_mut().filter(|current| current.number == token.number) {
            current.replaces = false;
        }
    }

    async fn fetch(&self, state: &mut State, fetch: Fetch<'_>, replaces: bool) -> Result<Token, String> {
        if let Some((_, why)) = state.failed.as_ref().filter(|(when, _)| when.elapsed() < PAUSE) {
            return Err(why.clone());
        }
        let exchange = fetch.client.send(self.client.request(), fetch.limits).await;
        let answer = exchange.response.map_err(|e| format!("{}: {}", e.kind.as_str(), e.message));
        match answer.and_then(|answer| oauth2::issued(&answer)) {
            Ok(issued) => {
                // Before anything can show it.
                fetch.redactor.add("access_token", &issued.token);
                state.issued += 1;
                let token = Token {
                    value: issued.token,
                    number: state.issued,
                    fetched: Instant::now(),
                    lifetime: issued.lifetime,
                    replaces,
                };
                (state.token, state.failed) = (Some(token.clone()), None);
                Ok(token)
            }
            Err(why) => {
                let mut why = format!("no token from {}: {why}", self.client.token_url);
                fetch.redactor.text(&mut why);
                state.failed = Some((Instant::now(), why.clone()));
                Err(why)
            }
        }
    }
}
