//! `proxy` of a target.

use crate::model::source::At;
use crate::suite::case::{OneOrMany, TextSchema};
use crate::suite::setting::Setting;
use crate::yaml::{Fields, Kind, Node, Reader, first_line};
use schemars::JsonSchema;

/// Through which proxy requests go.
#[derive(Debug, Clone, PartialEq)]
pub enum ProxySetting {
    /// Through none, whatever the environment says.
    None,
    Through {
        url: At<String>,
        user: Option<Setting>,
        password: Option<Setting>,
        bypass: Vec<String>,
    },
}

/// `none`, a URL, or a URL with more.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the ways to write `proxy` to editors")]
pub(crate) enum ProxySchema {
    Url(String),
    With(ProxyFields),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "describes `proxy` to editors")]
pub(crate) struct ProxyFields {
    /// `http://`, `https://`, `socks4://`, `socks4a://`, `socks5://` or `socks5h://`.
    url: String,
    user: Option<TextSchema>,
    /// `${env.NAME}`.
    password: Option<String>,
    /// Hosts that are reached directly: names, with all below them, addresses and networks.
    bypass: Option<OneOrMany<String>>,
}

const PROXY_SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

pub(super) fn proxy(reader: &mut Reader<'_>, node: &Node) -> Option<ProxySetting> {
    if node.as_str() == Some("none") {
        return Some(ProxySetting::None);
    }
    if !matches!(node.kind, Kind::Map(_)) {
        let url = proxy_url(reader, node)?;
        return Some(ProxySetting::Through { url, user: None, password: None, bypass: Vec::new() });
    }
    let mut fields = Fields::new(reader, node, "`proxy`")?;
    let url = fields.required("url", proxy_url);
    let user = fields.optional("user", Setting::read);
    let password = fields.optional("password", Setting::read_secret);
    let bypass = fields.optional("bypass", |r, n| r.one_or_many(n, Reader::string)).unwrap_or_default();
    if node.get("password").is_some() && node.get("user").is_none() {
        fields.reader().problem(first_line(node), "`proxy` needs `user` with `password`");
    }
    fields.finish();
    Some(ProxySetting::Through { url: url?, user, password, bypass })
}

fn proxy_url(reader: &mut Reader<'_>, node: &Node) -> Option<At<String>> {
    let url = reader.string_at(node)?;
    let Some((_, rest)) =
        url.split_once("://").filter(|(scheme, rest)| PROXY_SCHEMES.contains(scheme) && !rest.is_empty())
    else {
        return reader.expected(
            node,
            "`none` or a URL with `http`, `https`, `socks4`, `socks4a`, `socks5` or `socks5h`",
        );
    };
    if rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@')) {
        let message =
            "credentials stand in the URL of a proxy: write `{ url: …, user: …, password: \"${env.NAME}\" }`";
        reader.problem(node.span, message);
        return None;
    }
    Some(url)
}
