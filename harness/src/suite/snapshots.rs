//! `snapshots` of `proofmark.yaml`.

use crate::yaml::{Fields, Node, Reader};
use schemars::JsonSchema;

/// Which answers are compared with snapshots, and what a changed one counts for.
#[derive(Debug, Clone, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Snapshots {
    /// What a changed answer counts for; by default `off`: nothing is compared without `--snapshots`.
    #[schemars(with = "Option<SnapshotMode>")]
    pub mode: SnapshotMode,
    /// Which cases have snapshots; by default all of them but those with `snapshot: false`.
    #[schemars(with = "Option<SnapshotCases>")]
    pub cases: SnapshotCases,
    /// Headers that are kept, in this order; by default those that say something about the answer.
    #[schemars(with = "Option<Vec<String>>")]
    pub headers: Option<Vec<String>>,
}

/// What a changed answer counts for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum SnapshotMode {
    /// Nothing is compared.
    #[default]
    Off,
    /// A finding of level `may`.
    Note,
    /// A finding of level `should`.
    Warn,
    /// A finding of level `must`.
    Fail,
}

/// Which cases have snapshots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum SnapshotCases {
    /// All but those with `snapshot: false`.
    #[default]
    All,
    /// Only those with `snapshot: true`.
    Marked,
}

pub fn snapshots(reader: &mut Reader<'_>, node: &Node) -> Option<Snapshots> {
    use {SnapshotCases::*, SnapshotMode::*};
    let modes = [("off", Off), ("note", Note), ("warn", Warn), ("fail", Fail)];
    let mut fields = Fields::new(reader, node, "`snapshots`")?;
    let snapshots = Snapshots {
        mode: fields.optional("mode", |r, n| r.word(n, "mode", &modes)).unwrap_or_default(),
        cases: fields
            .optional("cases", |r, n| r.word(n, "cases", &[("all", All), ("marked", Marked)]))
            .unwrap_or_default(),
        headers: fields.optional("headers", |r, n| r.list(n, Reader::string)),
    };
    fields.finish();
    Some(snapshots)
}
