//! [`Setting`]: text of `proofmark.yaml` in which environment variables may stand.

use crate::model::problem::Problem;
use crate::model::source::{At, Span};
use crate::yaml::{Node, Reader};

/// Text with `${env.NAME}` in it. What it comes to is known when a run begins.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Setting {
    pieces: Vec<Piece>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Plain(String),
    Env(At<String>),
}

impl Setting {
    pub fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Self> {
        let text = reader.text(node)?;
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find("${") {
            if start > 0 {
                pieces.push(Piece::Plain(rest[..start].to_owned()));
            }
            let inner = &rest[start + 2..];
            let Some((name, after)) = inner.split_once('}').and_then(|(expression, after)| {
                Some((expression.trim().strip_prefix("env.").filter(|name| is_name(name))?, after))
            }) else {
                return reader.expected(node, "text in which only `${env.NAME}` stands for something else");
            };
            pieces.push(Piece::Env(At::new(name.to_owned(), node.span)));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Plain(rest.to_owned()));
        }
        Some(Self { pieces, span: node.span })
    }

    /// The same for what is a secret: it comes from the environment, never from a file of the suite.
    pub fn read_secret(reader: &mut Reader<'_>, node: &Node) -> Option<Self> {
        let setting = Self::read(reader, node)?;
        if setting.names().next().is_some() {
            return Some(setting);
        }
        // What was written is not repeated: it may be a secret.
        let message =
            "a secret stands in the file: expected `${env.NAME}` of a variable that `secrets` lists";
        reader.problems.push(Problem::new(reader.file, node.span, message).label("not from the environment"));
        None
    }

    /// Names of the environment variables in it.
    pub fn names(&self) -> impl Iterator<Item = &At<String>> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Env(name) => Some(name),
            Piece::Plain(_) => None,
        })
    }

    /// The text with the values of the variables. `Err` is the name of one that has none.
    pub fn value<'v>(&self, env: impl Fn(&str) -> Option<&'v str>) -> Result<String, String> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Env(name) => text.push_str(env(name).ok_or_else(|| name.value.clone())?),
            }
        }
        Ok(text)
    }

    /// As written.
    pub fn source(&self) -> String {
        let source = |piece: &Piece| match piece {
            Piece::Plain(plain) => plain.clone(),
            Piece::Env(name) => format!("${{env.{}}}", name.value),
        };
        self.pieces.iter().map(source).collect()
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::SourceFile;

    fn read(yaml: &str) -> Result<Setting, String> {
        let mut problems = Vec::new();
        let file = SourceFile::new("t.yaml", "t.yaml", yaml.to_owned());
        let node = crate::yaml::parse(&file, &mut problems).expect("YAML");
        let setting = Setting::read(&mut Reader::new(&file, &mut problems), &node);
        setting.ok_or_else(|| problems[0].message.clone())
    }

    #[test]
    fn variables_are_put_in() {
        let setting = read("\"${env.USER}:a${ env.PASSWORD }\"").expect("good");
        assert_eq!(setting.names().map(|n| n.as_str()).collect::<Vec<_>>(), ["USER", "PASSWORD"]);
        assert_eq!(setting.value(|name| Some(if name == "USER" { "u" } else { "p" })), Ok("u:ap".into()));
        assert_eq!(setting.value(|name| (name == "USER").then_some("u")), Err("PASSWORD".into()));
        assert_eq!(setting.source(), "${env.USER}:a${env.PASSWORD}");
        assert_eq!(read("7").expect("good").value(|_| None), Ok("7".into()));
    }

    #[test]
    fn nothing_else_is_evaluated() {
        for wrong in ["\"${vars.a}\"", "\"${env.A\"", "\"${env.}\"", "\"${env.A + 1}\"", "\"${}\""] {
            let message = read(wrong).expect_err(wrong);
            assert!(message.starts_with("expected text in which only `${env.NAME}` stands"), "{message}");
        }
    }
}
