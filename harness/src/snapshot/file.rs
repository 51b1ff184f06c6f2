//! [`SnapshotFile`]: a file of insta's format (1.x, `.snap` and `.snap.new`): metadata in YAML between two `---`, then
//! the text. Written here, because insta's crate makes such files inside `cargo test` only; a test has its reader read them.

use crate::model::source::SourceFile;
use crate::yaml;
use serde_json::Value;

/// A snapshot and what it is of. Only the content is compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SnapshotFile {
    /// The file of the case, relative to the suite.
    pub source: String,
    /// The line of the case, in pending snapshots: it changes with every edit.
    pub line: Option<u32>,
    /// What the case says.
    pub description: String,
    /// The name of the trial.
    pub expression: String,
    pub content: String,
}

impl SnapshotFile {
    pub fn write(&self) -> String {
        let quoted =
            |text: &str| Value::String(crate::model::visible::visible(text).into_owned()).to_string();
        let mut out = format!("---\nsource: {}\n", quoted(&self.source));
        if let Some(line) = self.line {
            out.push_str(&format!("assertion_line: {line}\n"));
        }
        out.push_str(&format!("description: {}\n", quoted(&self.description)));
        out.push_str(&format!(
            "expression: {}\n---\n{}\n",
            quoted(&self.expression),
            self.content.trim_end()
        ));
        out
    }

    /// `Err` says why a text is no snapshot.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.replace("\r\n", "\n");
        let rest = text.strip_prefix("---\n").ok_or("it does not begin with `---`")?;
        let (metadata, content) = match rest.strip_prefix("---\n") {
            Some(content) => ("", content),
            None => {
                let end = rest.find("\n---\n").ok_or("its metadata does not end with `---`")?;
                (&rest[..end + 1], &rest[end + 5..])
            }
        };
        let mut problems = Vec::new();
        let source = SourceFile::new("snapshot", "snapshot", metadata.to_owned());
        let root = yaml::parse(&source, &mut problems).filter(|_| problems.is_empty());
        let root = root.ok_or("its metadata is not YAML")?;
        let field = |name: &str| root.get(name).and_then(|n| n.as_str()).unwrap_or_default().to_owned();
        let line = root.get("assertion_line").and_then(|n| n.to_json().as_u64());
        Ok(Self {
            source: field("source"),
            line: line.and_then(|line| u32::try_from(line).ok()),
            description: field("description"),
            expression: field("expression"),
            content: content.trim_end().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> SnapshotFile {
        SnapshotFile {
            source: "cases/demo/a \"b\".yaml".into(),
            line: Some(12),
            description: "Says: 彩铃 # no comment\nand\u{1b} more".into(),
            expression: "demo::get::case/r: w".into(),
            content: "HTTP 200\n\n{\n  \"a\": \"---\"\n}\n---\nend".into(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut expected = example();
        expected.description = "Says: 彩铃 # no comment\nand\\u{1b} more".into();
        assert_eq!(SnapshotFile::read(&example().write()), Ok(expected.clone()));
        assert_eq!(
            SnapshotFile::read(&example().write().replace('\n', "\r\n")).unwrap().content,
            expected.content
        );
        assert!(SnapshotFile::read("HTTP 200").is_err() && SnapshotFile::read("---\na: [\n---\nx").is_err());
    }

    /// The proof that `cargo insta review` can work on our files: its own reader reads them.
    #[test]
    fn insta_reads_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["op__case.snap", "op__case.snap.new"] {
            let path = folder.path().join(name);
            std::fs::write(&path, example().write()).unwrap();
            let read = insta::Snapshot::from_file(&path).unwrap();
            assert_eq!(read.metadata().source(), Some("cases/demo/a \"b\".yaml"));
            assert_eq!(read.metadata().assertion_line(), Some(12));
            assert_eq!(read.metadata().expression(), Some("demo::get::case/r: w"));
            assert_eq!(read.metadata().description(), Some("Says: 彩铃 # no comment\nand\\u{1b} more"));
            assert_eq!(read.as_text().unwrap().to_string(), example().content);
        }
    }
}
