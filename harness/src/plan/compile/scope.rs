//! [`Scope`]: what compiling a piece of a case needs.

use super::Fixtures;
use crate::contract::Contract;
use crate::expr::{Program, Template, Text, template_problem};
use crate::model::problem::Problem;
use crate::model::source::{SourceFile, Span};
use crate::plan::variables::Names;
use crate::suite::Vars;
use crate::yaml::{Node, Reader};
use std::sync::Arc;

/// What compiling a piece of a case needs: its file, its names, and where to put problems.
pub struct Scope<'a> {
    pub file: &'a Arc<SourceFile>,
    pub problems: &'a mut Vec<Problem>,
    pub names: Names,
    pub document: Option<&'a str>,
    pub(super) contract: &'a Arc<Contract>,
    pub(super) fixtures: &'a Fixtures<'a>,
}

impl Scope<'_> {
    /// A string with `${…}`, with its variables checked.
    pub fn text(&mut self, source: &str, span: Span) -> Option<Text> {
        let text = Text::at(self.file, source, span, self.problems)?;
        text.programs().for_each(|program| self.names.check(program, self.file, span, self.problems));
        Some(text)
    }

    pub fn template(&mut self, node: &Node) -> Template {
        let template = Template::compile(self.file, node, self.problems);
        template.programs(&mut |program| self.names.check(program, self.file, node.span, self.problems));
        template
    }

    pub fn program(&mut self, node: &Node) -> Option<Program> {
        let source = Reader::new(self.file, self.problems).string(node)?;
        match Program::compile(&source) {
            Ok(program) => {
                self.names.check(&program, self.file, node.span, self.problems);
                Some(program)
            }
            Err(e) => {
                self.problems.push(template_problem(self.file, &source, node.span, e));
                None
            }
        }
    }

    /// Variables in the order written, each seeing those before it; names in `except` are set elsewhere.
    pub(super) fn sets(&mut self, vars: &Vars, except: &[&str]) -> Vec<(String, Arc<Template>)> {
        let mut sets = Vec::new();
        for (name, node) in vars.iter().filter(|(name, _)| !except.contains(&name.value.as_str())) {
            let template = self.template(node);
            self.names.add(name);
            sets.push((name.value.clone(), Arc::new(template)));
        }
        sets
    }
}
