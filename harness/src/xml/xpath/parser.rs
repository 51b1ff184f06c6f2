//! From tokens to an expression, by the grammar of XPath 1.0 sections 2 and 3.

use super::ast::{AXES, Axis, Comparison, Expr, Operator, Step, Test};
use super::functions::{self, Function};
use super::lexer::{self, Token};
use super::{CompileError, MAX_LENGTH, MAX_NESTING, MAX_PARTS};
use crate::xml::nearest;

pub(crate) fn parse(source: &str) -> Result<Expr, CompileError> {
    if source.chars().nth(MAX_LENGTH).is_some() {
        return Err(CompileError {
            character: MAX_LENGTH + 1,
            message: format!("more than {MAX_LENGTH} characters"),
        });
    }
    let mut parser = Parser {
        tokens: lexer::tokens(source)?,
        at: 0,
        parts: 0,
        nesting: 0,
        end: source.chars().count() + 1,
    };
    let expression = parser.or()?;
    match parser.tokens.get(parser.at) {
        None => Ok(expression),
        Some(_) => Err(parser.error("the expression should end before this")),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    /// Operators, steps and calls so far.
    parts: usize,
    /// Parentheses, predicates and arguments open.
    nesting: usize,
    /// The number of the character after the last.
    end: usize,
}

type Parsed<T = Expr> = Result<T, CompileError>;
/// Makes one expression of the two sides of an operator.
type Combine = fn(Box<Expr>, Box<Expr>) -> Expr;

impl Parser {
    fn error(&self, message: &str) -> CompileError {
        let character = self.tokens.get(self.at).map_or(self.end, |(character, _)| *character);
        CompileError { character, message: message.to_owned() }
    }

    fn part(&mut self) -> Parsed<()> {
        self.parts += 1;
        if self.parts > MAX_PARTS { Err(self.error(&format!("more than {MAX_PARTS} parts"))) } else { Ok(()) }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn is(&self, symbol: &str) -> bool {
        self.peek().is_some_and(|token| matches!(token, Token::Symbol(s) if *s == symbol))
    }

    /// Takes `symbol` if it is next.
    fn take(&mut self, symbol: &str) -> bool {
        let taken = self.is(symbol);
        self.at += usize::from(taken);
        taken
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.take(symbol) { Ok(()) } else { Err(self.error(&format!("`{symbol}` is missing"))) }
    }

    /// A chain of left-associative binary operators.
    fn chain(&mut self, operand: fn(&mut Parser) -> Parsed, operators: &[(&str, Combine)]) -> Parsed {
        let mut left = operand(self)?;
        while let Some((_, combine)) = operators.iter().find(|(symbol, _)| self.is(symbol)) {
            self.part()?;
            self.at += 1;
            left = combine(Box::new(left), Box::new(operand(self)?));
        }
        Ok(left)
    }

    /// A whole expression.
    fn or(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.error(&format!("more than {MAX_NESTING} levels of brackets")));
        }
        let expression = self.chain(Parser::and, &[("or", Expr::Or)])?;
        self.nesting -= 1;
        Ok(expression)
    }

    fn and(&mut self) -> Parsed {
        self.chain(Parser::equality, &[("and", Expr::And)])
    }

    fn equality(&mut self) -> Parsed {
        self.chain(
            Parser::relation,
            &[
                ("=", |a, b| Expr::Compare(Comparison::Equal, a, b)),
                ("!=", |a, b| Expr::Compare(Comparison::NotEqual, a, b)),
            ],
        )
    }

    fn relation(&mut self) -> Parsed {
        self.chain(
            Parser::sum,
            &[
                ("<", |a, b| Expr::Compare(Comparison::Less, a, b)),
                ("<=", |a, b| Expr::Compare(Comparison::LessOrEqual, a, b)),
                (">", |a, b| Expr::Compare(Comparison::Greater, a, b)),
                (">=", |a, b| Expr::Compare(Comparison::GreaterOrEqual, a, b)),
            ],
        )
    }

    fn sum(&mut self) -> Parsed {
        self.chain(
            Parser::product,
            &[
                ("+", |a, b| Expr::Arithmetic(Operator::Add, a, b)),
                ("-", |a, b| Expr::Arithmetic(Operator::Subtract, a, b)),
            ],
        )
    }

    fn product(&mut self) -> Parsed {
        self.chain(
            Parser::negation,
            &[
                ("*", |a, b| Expr::Arithmetic(Operator::Multiply, a, b)),
                ("div", |a, b| Expr::Arithmetic(Operator::Divide, a, b)),
                ("mod", |a, b| Expr::Arithmetic(Operator::Modulo, a, b)),
            ],
        )
    }

    fn negation(&mut self) -> Parsed {
        let mut minus = false;
        while self.take("-") {
            self.part()?;
            minus = !minus;
        }
        let start = self.at;
        let operand = self.chain(Parser::path, &[("|", Expr::Union)])?;
        if let Expr::Union(a, b) = &operand
            && !(a.selects_nodes() && b.selects_nodes())
        {
            self.at = start;
            return Err(self.error("`|` joins nodes, and one side selects none"));
        }
        Ok(if minus { Expr::Negate(Box::new(operand)) } else { operand })
    }

    fn path(&mut self) -> Parsed {
        if self.take("//") {
            let mut steps = vec![anything_below()];
            self.relative(&mut steps)?;
            return Ok(Expr::Absolute(steps));
        }
        if self.take("/") {
            let mut steps = Vec::new();
            if self.begins_step() {
                self.relative(&mut steps)?;
            }
            return Ok(Expr::Absolute(steps));
        }
        let start = self.at;
        if let Some(primary) = self.primary()? {
            let predicates = self.predicates()?;
            let mut steps = Vec::new();
            if self.take("//") {
                steps.push(anything_below());
                self.relative(&mut steps)?;
            } else if self.take("/") {
                self.relative(&mut steps)?;
            }
            if predicates.is_empty() && steps.is_empty() {
                return Ok(primary);
            }
            if !primary.selects_nodes() {
                self.at = start;
                return Err(self.error("predicates and steps need nodes, and this selects none"));
            }
            return Ok(Expr::Filter(Box::new(primary), predicates, steps));
        }
        let mut steps = Vec::new();
        self.relative(&mut steps)?;
        Ok(Expr::Path(steps))
    }

    fn begins_step(&self) -> bool {
        match self.peek() {
            Some(Token::Name(_) | Token::Star) => true,
            Some(Token::Symbol(symbol)) => matches!(*symbol, "." | ".." | "@"),
            _ => false,
        }
    }

    fn relative(&mut self, steps: &mut Vec<Step>) -> Parsed<()> {
        loop {
            steps.push(self.step()?);
            if self.take("//") {
                steps.push(anything_below());
            } else if !self.take("/") {
                return Ok(());
            }
        }
    }

    fn step(&mut self) -> Parsed<Step> {
        self.part()?;
        if self.take("..") {
            return Ok(Step { axis: Axis::Parent, test: Test::Node, predicates: Vec::new() });
        }
        if self.take(".") {
            return Ok(Step { axis: Axis::Itself, test: Test::Node, predicates: Vec::new() });
        }
        let axis = self.axis()?;
        let test = self.test()?;
        Ok(Step { axis, test, predicates: self.predicates()? })
    }

    fn axis(&mut self) -> Parsed<Axis> {
        if self.take("@") {
            return Ok(Axis::Attribute);
        }
        let Some((Token::Name(name), Token::Symbol("::"))) = self.two() else { return Ok(Axis::Child) };
        let Some((_, axis)) = AXES.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = AXES.iter().map(|(name, _)| *name).collect();
            return Err(self.error(&format!("axis `{name}` is not supported (known: {})", known.join(", "))));
        };
        self.at += 2;
        Ok(*axis)
    }

    /// The next two tokens.
    fn two(&self) -> Option<(Token, Token)> {
        Some((self.peek()?.clone(), self.tokens.get(self.at + 1)?.1.clone()))
    }

    fn test(&mut self) -> Parsed<Test> {
        let Some(token) = self.peek().cloned() else { return Err(self.error("a step is missing")) };
        let name = match token {
            Token::Star => {
                self.at += 1;
                return Ok(Test::Any);
            }
            Token::Name(name) => name,
            _ => return Err(self.error("a step is missing")),
        };
        if matches!(self.two(), Some((_, Token::Symbol("(")))) {
            return self.kind_test(&name);
        }
        self.at += 1;
        Ok(match name.split_once(':') {
            Some(("*", local)) => Test::Local(local.to_owned()),
            Some((prefix, "*")) => Test::Prefix(prefix.to_owned()),
            _ => Test::Name(name),
        })
    }

    fn kind_test(&mut self, name: &str) -> Parsed<Test> {
        let mut test = match name {
            "node" => Test::Node,
            "text" => Test::Text,
            "comment" => Test::Comment,
            "processing-instruction" => Test::Instruction(None),
            _ => return Err(self.error(&format!("`{name}` is no node test"))),
        };
        self.at += 2;
        if let (Test::Instruction(target), Some(Token::Literal(literal))) = (&mut test, self.peek().cloned())
        {
            *target = Some(literal);
            self.at += 1;
        }
        self.expect(")")?;
        Ok(test)
    }

    fn predicates(&mut self) -> Parsed<Vec<Expr>> {
        let mut predicates = Vec::new();
        while self.take("[") {
            predicates.push(self.or()?);
            self.expect("]")?;
        }
        Ok(predicates)
    }

    /// A literal, a number, a call or an expression in parentheses; `None` if a step comes next.
    fn primary(&mut self) -> Parsed<Option<Expr>> {
        match self.peek().cloned() {
            Some(Token::Literal(text)) => {
                self.at += 1;
                Ok(Some(Expr::Literal(text)))
            }
            Some(Token::Number(number)) => {
                self.at += 1;
                Ok(Some(Expr::Number(number)))
            }
            Some(Token::Symbol("(")) => {
                self.at += 1;
                let inner = self.or()?;
                self.expect(")")?;
                Ok(Some(inner))
            }
            Some(Token::Name(name)) if matches!(self.two(), Some((_, Token::Symbol("(")))) => {
                let is_test = matches!(name.as_str(), "node" | "text" | "comment" | "processing-instruction");
                if is_test { Ok(None) } else { self.call(&name).map(Some) }
            }
            _ => Ok(None),
        }
    }

    fn call(&mut self, name: &str) -> Parsed {
        let Some((function, least, most)) = functions::find(name) else {
            let names = || functions::KNOWN.iter().map(|(name, ..)| *name);
            let hint = match nearest(name, names()) {
                Some(nearest) => format!("nearest: `{nearest}`"),
                None => format!("known: {}", names().collect::<Vec<_>>().join(", ")),
            };
            return Err(self.error(&format!("unknown function `{name}` ({hint})")));
        };
        self.part()?;
        let start = self.at;
        self.at += 2;
        let mut arguments = Vec::new();
        if !self.take(")") {
            loop {
                arguments.push(self.or()?);
                if !self.take(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        if !(least..=most).contains(&arguments.len()) {
            self.at = start;
            return Err(self.error(&format!(
                "`{name}` takes {} arguments, not {}",
                range(least, most),
                arguments.len()
            )));
        }
        self.needs_nodes(start, name, function, &arguments)?;
        Ok(Expr::Call(function, arguments))
    }

    /// `count`, `sum` and the name functions take nodes, and nothing turns anything else into nodes.
    fn needs_nodes(
        &mut self,
        start: usize,
        name: &str,
        function: Function,
        arguments: &[Expr],
    ) -> Parsed<()> {
        use Function::{Count, LocalName, Name, NamespaceUri, Sum};
        if matches!(function, Count | Sum | LocalName | Name | NamespaceUri)
            && !arguments.iter().all(Expr::selects_nodes)
        {
            self.at = start;
            return Err(self.error(&format!("the argument of `{name}` does not select nodes")));
        }
        Ok(())
    }
}

fn range(least: usize, most: usize) -> String {
    match most {
        usize::MAX => format!("{least} or more"),
        most if most == least => least.to_string(),
        most => format!("{least} to {most}"),
    }
}

/// What `//` stands for.
fn anything_below() -> Step {
    Step { axis: Axis::DescendantOrSelf, test: Test::Node, predicates: Vec::new() }
}
