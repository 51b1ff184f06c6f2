//! Compiling what a step expects.

use super::compile::Scope;
use crate::check::{Expectation, Like};
use crate::contract::{Operation, Rule, StatusPattern};
use crate::http::media_type::{Syntax, syntax};
use crate::model::level::Level;
use crate::model::problem::{Problem, unknown};
use crate::model::source::{Location, Span};
use crate::suite::Expect;
use crate::xml;
use crate::yaml::{Node, Reader};
use serde_json::Value;
use std::sync::Arc;

/// The requirement that a step stands for.
pub struct Requirement<'a> {
    pub doc: Option<&'a str>,
    pub level: Level,
    /// The line of the step.
    pub span: Span,
}

pub fn compile(
    scope: &mut Scope<'_>,
    expect: &Expect,
    operation: &Arc<Operation>,
    requirement: &Requirement<'_>,
) -> Expectation {
    let location = |span: Span, scope: &Scope<'_>| Location::new(scope.file, span);
    let status = expect.status.as_ref().map(|list| {
        let patterns = list.value.iter().filter_map(|word| status_pattern(scope, word, word.span)).collect();
        (patterns, location(list.span, scope))
    });
    let outcome = expect.outcome.as_ref().and_then(|name| {
        let known: Vec<&str> = operation.outcomes.iter().map(|o| o.name.as_str()).collect();
        if known.contains(&name.value.as_str()) {
            return Some((name.value.clone(), location(name.span, scope)));
        }
        let problem = match known.is_empty() {
            true => Problem::new(
                scope.file,
                name.span,
                format!("operation `{}` has no `outcome` in its spec", operation.id),
            ),
            false => unknown(scope.file, name.span, "outcome", name, known),
        };
        scope.problems.push(problem);
        None
    });
    let code = expect.code.as_ref().and_then(|code| {
        if operation.codes.is_none() {
            let message = format!("operation `{}` has no `codes` in its spec", operation.id);
            scope.problems.push(Problem::new(scope.file, code.span, message));
        }
        Some((scope.text(&code.value, code.span)?, location(code.span, scope)))
    });
    let like = expect.like.as_ref().and_then(|node| {
        Some(Like {
            tree: shown(scope, node, operation)?,
            location: location(crate::yaml::first_line(node), scope),
        })
    });
    let equals = expect.equals.as_ref().map(|node| {
        let at = location(crate::yaml::first_line(node), scope);
        match shown_as_text(node) {
            Some(_) => (crate::expr::Template::Fixed(shown(scope, node, operation).unwrap_or_default()), at),
            None => (scope.template(node), at),
        }
    });
    let headers = expect
        .headers
        .iter()
        .filter_map(|(name, node)| {
            let value = Reader::new(scope.file, scope.problems).text(node)?;
            Some((name.value.clone(), scope.text(&value, node.span)?, location(name.span, scope)))
        })
        .collect();
    Expectation {
        operation: operation.clone(),
        location: location(requirement.span, scope),
        doc: requirement.doc.map(str::to_owned),
        level: requirement.level,
        status,
        outcome,
        code,
        like,
        equals,
        headers,
        rules: rules(scope, &expect.rules, requirement),
        within: expect.within.as_ref().map(|budget| (budget.value, location(budget.span, scope))),
    }
}

/// Rules of a case: predicates, or whole rules.
pub fn rules(scope: &mut Scope<'_>, nodes: &[Node], requirement: &Requirement<'_>) -> Vec<Arc<Rule>> {
    nodes.iter().filter_map(|node| rule(scope, node, requirement)).collect()
}

fn rule(scope: &mut Scope<'_>, node: &Node, requirement: &Requirement<'_>) -> Option<Arc<Rule>> {
    let rule = match node.as_str() {
        Some(_) => {
            let program = scope.program(node)?;
            Arc::new(Rule {
                id: program.source().to_owned(),
                rule: program,
                when: None,
                level: requirement.level,
                doc: requirement.doc.map(str::to_owned),
                says: None,
                holds: None,
                location: Location::new(scope.file, node.span),
            })
        }
        None => {
            let document = scope.document.map(str::to_owned);
            let mut reader = Reader::new(scope.file, scope.problems);
            let rule = crate::contract::read_rule(&mut reader, node, document.as_deref())?;
            for (program, key) in rule.when.iter().map(|w| (w, "when")).chain([(&rule.rule, "rule")]) {
                let span = node.get(key).map_or(node.span, |n| n.span);
                scope.names.check(program, scope.file, span, scope.problems);
            }
            rule
        }
    };
    Some(rule)
}

fn status_pattern(scope: &mut Scope<'_>, word: &str, span: Span) -> Option<StatusPattern> {
    let upper = word.to_ascii_uppercase();
    match (word.parse::<u16>(), upper.strip_suffix("XX").map(str::parse::<u8>)) {
        (Ok(code @ 100..=599), _) => Some(StatusPattern::Code(code)),
        (_, Some(Ok(class @ 1..=5))) => Some(StatusPattern::Class(class)),
        _ => {
            let message = format!("`{word}` is neither a status from 100 to 599 nor a class such as `2XX`");
            scope.problems.push(Problem::new(scope.file, span, message).label("not a status"));
            None
        }
    }
}

/// Text that is a pasted answer in its own language.
fn shown_as_text(node: &Node) -> Option<&str> {
    node.as_str().filter(|text| text.trim_start().starts_with(['<', '{', '[']) && !text.starts_with("${"))
}

/// The documented answer as a tree: pasted XML, HTML or JSON, or a YAML tree.
fn shown(scope: &mut Scope<'_>, node: &Node, operation: &Operation) -> Option<Value> {
    let Some(text) = shown_as_text(node) else { return Some(node.to_json()) };
    let documents = |wanted| {
        operation.responses.iter().flat_map(|r| &r.media).any(|media| syntax(&media.essence) == wanted)
    };
    let is_page = documents(Syntax::Html) && !documents(Syntax::Xml);
    let error = match text.trim_start().starts_with('<') {
        true if is_page => match crate::http::html::read(text) {
            Ok(page) => return Some(page.tree),
            Err(e) => format!("the pasted page cannot be read: {}", e.message),
        },
        true => match xml::parse(text.trim().as_bytes(), None, &xml::Limits::default()) {
            Ok(document) => return Some(xml::to_json(document.root())),
            Err(e) => format!("the pasted XML is not well-formed: {e}"),
        },
        false => match crate::http::json::parse(text) {
            Ok(parsed) => return Some(parsed.value),
            Err(e) => format!(
                "the pasted JSON is not well-formed at line {}, column {}: {}",
                e.line, e.column, e.message
            ),
        },
    };
    scope.problems.push(Problem::new(scope.file, node.span, error));
    None
}
