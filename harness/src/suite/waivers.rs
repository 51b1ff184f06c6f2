//! `waivers.yaml`: deviations that somebody has accepted until a day.

use crate::model::problem::Problem;
use crate::model::source::{At, Location, SourceFile};
use crate::yaml::{Fields, Kind, Node, Reader, parse};
use jiff::civil::Date;
use schemars::JsonSchema;
use std::sync::Arc;

/// The whole file, beside `proofmark.yaml`.
#[derive(Debug, JsonSchema)]
#[schemars(title = "Proofmark waivers", deny_unknown_fields)]
pub struct WaiverFile {
    pub waivers: Vec<Waiver>,
}

/// An accepted deviation. It says which trials or findings it is about, why, who answers for it, and until when.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(extend("anyOf" = [{ "required": ["case"] }, { "required": ["finding"] }]))]
pub struct Waiver {
    /// Unique in the file, e.g. `W-1`.
    #[schemars(with = "String")]
    pub id: At<String>,
    /// Name of the trial, `api::operation::case`; `*` stands for any characters.
    #[schemars(with = "Option<String>")]
    pub case: Option<String>,
    /// Only findings like this.
    #[schemars(with = "Option<FindingPattern>")]
    pub finding: FindingPattern,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is tracked.
    #[schemars(with = "Option<String>")]
    pub ticket: Option<String>,
    /// The last day on which it holds (UTC), `YYYY-MM-DD`.
    #[schemars(with = "String")]
    pub until: Date,
    #[schemars(skip)]
    pub location: Location,
}

/// What a finding must be like. `*` stands for any characters; what is left out fits every finding.
#[derive(Debug, Clone, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FindingPattern {
    /// `schema`, `rule`, `outcome`…
    pub check: Option<String>,
    /// Id of the rule, keyword of the schema…
    pub requirement: Option<String>,
    /// Place in the answer, e.g. `/data/order_id`; list indexes are `*` or numbers.
    pub at: Option<String>,
}

impl WaiverFile {
    pub fn read(file: &Arc<SourceFile>, problems: &mut Vec<Problem>) -> Option<Self> {
        let root = parse(file, problems)?;
        let mut reader = Reader::new(file, problems);
        let mut fields = Fields::new(&mut reader, &root, "a waivers file")?;
        let waivers: Option<Vec<Waiver>> = fields.required("waivers", |r, n| match n.kind {
            Kind::Null => Some(Vec::new()),
            _ => r.list(n, |r, n| waiver(r, n, file)),
        });
        fields.finish();
        let waivers = waivers?;
        for (index, waiver) in waivers.iter().enumerate() {
            if waivers[..index].iter().any(|earlier| earlier.id.value == waiver.id.value) {
                let message = format!("there are two waivers `{}`", waiver.id.value);
                problems.push(Problem::new(file, waiver.id.span, message));
            }
        }
        Some(Self { waivers })
    }
}

fn waiver(reader: &mut Reader<'_>, node: &Node, file: &Arc<SourceFile>) -> Option<Waiver> {
    let mut fields = Fields::new(reader, node, "a waiver")?;
    let id = fields.required("id", Reader::string_at);
    let case = fields.optional("case", Reader::string);
    let finding = fields.optional("finding", finding);
    let reason = fields.required("reason", Reader::string);
    let owner = fields.required("owner", Reader::string);
    let ticket = fields.optional("ticket", Reader::text);
    let until = fields.required("until", |r, n| match r.string(n)?.parse() {
        Ok(date) => Some(date),
        Err(_) => r.expected(n, "a day such as `2026-12-31`"),
    });
    if case.is_none() && finding.is_none() {
        fields.reader().problem(node.span, "a waiver needs `case` or `finding`: it would fit everything");
    }
    fields.finish();
    let id = id?;
    Some(Waiver {
        location: Location::new(file, id.span),
        id,
        case,
        finding: finding.unwrap_or_default(),
        reason: reason?,
        owner: owner?,
        ticket,
        until: until?,
    })
}

fn finding(reader: &mut Reader<'_>, node: &Node) -> Option<FindingPattern> {
    let mut fields = Fields::new(reader, node, "a pattern of findings")?;
    let pattern = FindingPattern {
        check: fields.optional("check", Reader::string),
        requirement: fields.optional("requirement", Reader::text),
        at: fields.optional("at", Reader::string),
    };
    fields.finish();
    if pattern.check.is_none() && pattern.requirement.is_none() && pattern.at.is_none() {
        return reader.expected(node, "at least one of `check`, `requirement` and `at`");
    }
    Some(pattern)
}
