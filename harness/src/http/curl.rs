//! A request as a curl command that sends the same bytes.

use crate::model::exchange::Request;
use std::borrow::Cow;

/// The command, on one line. Bytes that a shell line cannot hold as text go through `printf`.
pub fn command(request: &Request) -> String {
    command_with(request, "")
}

/// The same with options that say how to connect, as they are typed, each with a space after it.
pub fn command_with(request: &Request, options: &str) -> String {
    // Without `-g` curl takes brackets in a URL for patterns.
    let mut out = String::with_capacity(256 + request.body.len());
    out.push_str("curl -sS -g -i --path-as-is ");
    out.push_str(options);
    match request.method.as_str() {
        // With `-X HEAD` curl waits for a body.
        "HEAD" => out.push_str("--head"),
        method => {
            out.push_str("-X ");
            out.push_str(&quote(method));
        }
    }
    for (name, value) in &request.headers {
        out.push_str(" -H ");
        // curl sends `Name;` as a header without a value, and drops `Name:`.
        let value = String::from_utf8_lossy(value);
        let line = if value.is_empty() { [name, ";"].concat() } else { [name, ": ", &*value].concat() };
        out.push_str(&quote(&line));
    }
    // curl adds a Content-Type of its own to a body that has none.
    if !request.body.is_empty() && request.header("content-type").is_none() {
        out.push_str(" -H 'Content-Type:'");
    }
    if request.header("accept").is_none() {
        out.push_str(" -H 'Accept:'");
    }
    if request.header("user-agent").is_none() {
        out.push_str(" -H 'User-Agent:'");
    }
    let body = &request.body;
    match std::str::from_utf8(body) {
        _ if body.is_empty() => {}
        Ok(text) if !text.contains(acts_on_terminal) && text.len() < 100_000 => {
            out.push_str(" --data-raw ");
            out.push_str(&quote(text));
        }
        _ => {
            let octal: String = body.iter().map(|b| printf_byte(*b)).collect();
            // A format that begins with `-` would be an option.
            let octal = octal.strip_prefix('-').map_or(octal.clone(), |rest| format!("\\055{rest}"));
            out = format!("printf {} | {out} --data-binary @-", quote(&octal));
        }
    }
    out.push(' ');
    out.push_str(&quote(&request.url));
    out
}

fn printf_byte(byte: u8) -> String {
    match byte {
        b'%' => "%%".into(),
        b'\\' => "\\\\".into(),
        0x20..=0x7e => char::from(byte).to_string(),
        _ => format!("\\{byte:03o}"),
    }
}

fn acts_on_terminal(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

/// A word for a POSIX shell. Control characters are written as `$'…'` so that none reaches a terminal.
pub fn quote(text: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    if text.contains(acts_on_terminal) {
        let inner: String = text
            .chars()
            .map(|c| match c {
                '\'' => "\\'".into(),
                '\\' => "\\\\".into(),
                c if acts_on_terminal(c) => {
                    c.to_string().bytes().map(|b| format!("\\x{b:02x}")).collect::<String>()
                }
                c => c.to_string(),
            })
            .collect();
        return Cow::Owned(format!("$'{inner}'"));
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for (index, part) in text.split('\'').enumerate() {
        quoted.push_str(if index == 0 { "" } else { "'\\''" });
        quoted.push_str(part);
    }
    quoted.push('\'');
    Cow::Owned(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_and_queries_keep_their_bytes() {
        let request = Request {
            method: "POST".into(),
            url: "http://127.0.0.1:1/a?x=%B2%CA".into(),
            headers: vec![("Content-Type".into(), b"text/xml".to_vec())],
            body: b"it's 100%".to_vec(),
            charset: "GBK".into(),
        };
        assert_eq!(
            command(&request),
            "curl -sS -g -i --path-as-is -X POST -H 'Content-Type: text/xml' -H 'Accept:' -H 'User-Agent:' --data-raw 'it'\\''s 100%' 'http://127.0.0.1:1/a?x=%B2%CA'"
        );
        let binary = Request { body: b"\xb2\xca%\n".to_vec(), ..request };
        assert!(command(&binary).starts_with("printf '\\262\\312%%\\012' | curl"));
        // A shell may not know `$'…'`.
        let windows = Request { body: b"-<a>\r\n</a>".to_vec(), ..binary };
        assert!(
            command(&windows).starts_with("printf '\\055<a>\\015\\012</a>' | curl"),
            "{}",
            command(&windows)
        );
    }

    #[test]
    fn no_control_character_is_written_raw() {
        assert_eq!(quote("a\u{1b}[2J'"), "$'a\\x1b[2J\\''");
    }
}
