//! `specs/<api>/defects.yaml`: where the document contradicts itself or leaves something open.

use crate::model::problem::Problem;
use crate::model::source::SourceFile;
use crate::yaml::{Fields, Kind, Node, Reader, parse};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One defect of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Defect {
    /// Unique in the file, e.g. `VAS-01`.
    pub id: String,
    /// Lines of the document: numbers, or ranges such as `45-58`.
    #[schemars(with = "LinesSchema")]
    pub lines: Vec<String>,
    pub kind: DefectKind,
    pub severity: Severity,
    pub title: String,
    /// What the document says.
    pub says: String,
    /// Why that is a problem for somebody who implements it.
    pub problem: String,
    /// What the contract takes it to mean.
    pub assumes: String,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes `lines` to editors")]
enum LinesSchema {
    Line(u32),
    Range(String),
    Many(Vec<LineSchema>),
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes an item of `lines` to editors")]
enum LineSchema {
    Line(u32),
    Range(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DefectKind {
    Contradiction,
    Gap,
    Ambiguity,
    Naming,
    Typing,
    Security,
    Typo,
    Fragment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    High,
    Medium,
    Low,
}

/// The whole file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Proofmark document defects", deny_unknown_fields)]
pub struct DefectFile {
    /// File name of the document that the lines are of.
    pub document: String,
    pub defects: Vec<Defect>,
}

const KINDS: [(&str, DefectKind); 8] = [
    ("contradiction", DefectKind::Contradiction),
    ("gap", DefectKind::Gap),
    ("ambiguity", DefectKind::Ambiguity),
    ("naming", DefectKind::Naming),
    ("typing", DefectKind::Typing),
    ("security", DefectKind::Security),
    ("typo", DefectKind::Typo),
    ("fragment", DefectKind::Fragment),
];

const SEVERITIES: [(&str, Severity); 3] =
    [("high", Severity::High), ("medium", Severity::Medium), ("low", Severity::Low)];

impl DefectKind {
    pub fn as_str(self) -> &'static str {
        KINDS.iter().find(|(_, k)| *k == self).map_or("", |(word, _)| word)
    }
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        SEVERITIES.iter().find(|(_, s)| *s == self).map_or("", |(word, _)| word)
    }
}

impl DefectFile {
    pub fn read(file: &Arc<SourceFile>, problems: &mut Vec<Problem>) -> Option<Self> {
        let root = parse(file, problems)?;
        let mut reader = Reader::new(file, problems);
        let mut fields = Fields::new(&mut reader, &root, "a defects file")?;
        let document = fields.required("document", Reader::string);
        let defects = fields.required("defects", |r, n| r.list(n, defect));
        fields.finish();
        Some(Self { document: document?, defects: defects? })
    }
}

fn defect(reader: &mut Reader<'_>, node: &Node) -> Option<Defect> {
    let mut fields = Fields::new(reader, node, "a defect")?;
    let id = fields.required("id", Reader::string);
    let lines = fields.required("lines", |r, n| match n.kind {
        Kind::Seq(_) => r.list(n, Reader::text),
        _ => r.text(n).map(|one| vec![one]),
    });
    let kind = fields.required("kind", |r, n| r.word(n, "kind of defect", &KINDS));
    let severity = fields.required("severity", |r, n| r.word(n, "severity", &SEVERITIES));
    let title = fields.required("title", Reader::string);
    let says = fields.required("says", Reader::string);
    let problem = fields.required("problem", Reader::string);
    let assumes = fields.required("assumes", Reader::string);
    fields.finish();
    Some(Defect {
        id: id?,
        lines: lines?,
        kind: kind?,
        severity: severity?,
        title: title?,
        says: says?.trim().to_owned(),
        problem: problem?.trim().to_owned(),
        assumes: assumes?.trim().to_owned(),
    })
}
