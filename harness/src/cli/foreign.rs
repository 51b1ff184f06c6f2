//! `proofmark fuzz --spec`: an OpenAPI document and a URL instead of a suite.

use super::arguments::FuzzArguments;
use super::check::Ready;
use super::problems;
use super::target::choose;
use super::{Failure, console};
use crate::contract::load_foreign;
use crate::model::source::{At, SourceFile, Span};
use crate::suite::{Config, Suite};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What `--header` says: the headers, and the secrets in them by the names of their environment variables.
#[derive(Debug, Default, PartialEq)]
pub struct Headers {
    pub list: Vec<(String, String)>,
    pub secrets: BTreeMap<String, String>,
}

/// A suite of one API that has no cases.
pub fn ready(path: &Path, arguments: &FuzzArguments) -> Result<(Ready, Headers), Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::Usage(format!("`{}` cannot be read: {e}", path.display())))?;
    let headers = headers(&arguments.header, |name| std::env::var(name).ok())?;
    let api = name(path);
    let mut found = Vec::new();
    let file = SourceFile::new(path.display().to_string(), path, text);
    let Some(contract) = load_foreign(&api, file, &mut found) else {
        return Err(problems::refuse(found));
    };
    // What is wrong with a part of a document that others wrote is told, and the part left out.
    for problem in &found {
        let help = problem.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        console::note(&format!("left out: {}: {}{help}", problem.location(), problem.message));
    }
    let server = contract.root.pointer("/servers/0/url").and_then(|node| node.as_str());
    let server = server.filter(|url| url.starts_with("http")).map(str::to_owned);
    let Some(target) = arguments.suite.of.target.clone().or(server) else {
        return Err(Failure::Usage("`--spec` needs `--target URL`: the document names no server".into()));
    };
    if !target.starts_with("http://") && !target.starts_with("https://") {
        return Err(Failure::Usage(format!("expected a URL for `--target`, found `{target}`")));
    }
    if contract.operations.is_empty() {
        return Err(Failure::Usage(format!("`{}` has no operations", path.display())));
    }
    let title = contract.title.clone();
    let yaml = format!("proofmark: 1\ntitle: {}\napis: {{ {api}: }}\n", serde_json::Value::from(title));
    let file = SourceFile::new("command line", "command line", yaml);
    let Some(mut config) = Config::read(&file, &mut found) else { return Err(problems::refuse(found)) };
    let at = |text: &String| At::new(text.clone(), Span::default());
    config.defaults.headers = headers.list.iter().map(|(name, value)| (at(name), at(value))).collect();
    let target = choose(&config, Some(&target))?;
    let suite = Suite {
        root: PathBuf::from("."),
        file,
        config,
        contracts: vec![Arc::new(contract)],
        cases: Vec::new(),
        waivers: Vec::new(),
    };
    Ok((Ready { suite, target, trials: Vec::new() }, headers))
}

/// The API is called after the file: lower-case words and dashes.
fn name(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = stem.chars().map(word).collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "api".into() } else { name }
}

/// Reads `Name: value`, with `${NAME}` for environment variables.
fn headers(given: &[String], env: impl Fn(&str) -> Option<String>) -> Result<Headers, Failure> {
    let mut headers = Headers::default();
    for text in given {
        let Some((name, template)) = text.split_once(':') else {
            return Err(Failure::Usage(format!("expected `--header \'Name: value\'`, found `{text}`")));
        };
        let mut value = String::new();
        let mut rest = template.trim();
        while let Some((before, after)) = rest.split_once("${") {
            let Some((variable, after)) = after.split_once('}') else {
                return Err(Failure::Usage(format!("`${{` without its `}}` in `{text}`")));
            };
            let Some(secret) = env(variable).filter(|secret| !secret.is_empty()) else {
                return Err(Failure::Usage(format!("the environment variable `{variable}` is not set")));
            };
            value.push_str(before);
            value.push_str(&secret);
            headers.secrets.insert(variable.to_owned(), secret);
            rest = after;
        }
        value.push_str(rest);
        headers.list.push((name.trim().to_owned(), value));
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_take_secrets_from_the_environment() {
        let env = |name: &str| (name == "TOKEN").then(|| "s3cret".to_owned());
        let read = headers(&["Authorization: Bearer ${TOKEN}".into(), "X-A:1".into()], env);
        let read = read.unwrap_or_default();
        assert_eq!(read.list[0], ("Authorization".into(), "Bearer s3cret".into()));
        assert_eq!(read.list[1], ("X-A".into(), "1".into()));
        assert_eq!(read.secrets["TOKEN"], "s3cret");
        for wrong in ["no colon", "X: ${TOKEN", "X: ${OTHER}"] {
            assert!(headers(&[wrong.into()], env).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_api_is_called_after_the_file() {
        assert_eq!(name(Path::new("a/Pet Store_v3.yaml")), "pet-store-v3");
        assert_eq!(name(Path::new("---.json")), "api");
    }
}
