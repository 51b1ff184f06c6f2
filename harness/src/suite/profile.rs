//! `profiles` of `proofmark.yaml`: what an acceptance run runs, and what it asks for.

use crate::model::report_format::ReportFormat;
use crate::model::source::At;
use crate::suite::gate::{self, Gate};
use crate::yaml::{Fields, Node, Reader};
use schemars::JsonSchema;

/// What `proofmark certify --profile` runs and asks for.
#[derive(Debug, Clone, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Profile {
    /// What it is called in the acceptance report.
    #[schemars(with = "Option<String>")]
    pub title: Option<String>,
    /// The APIs that are accepted; by default all of the suite.
    #[schemars(with = "Option<Vec<String>>")]
    pub apis: Vec<At<String>>,
    /// What is asked for; by default the suite's `gate`.
    pub gate: Option<Gate>,
    /// How the target is fuzzed.
    #[schemars(with = "Option<FuzzProfile>")]
    pub fuzz: FuzzProfile,
    /// Reports that the bundle has beside the acceptance report, JUnit and HAR.
    #[schemars(with = "Option<Vec<ReportFormat>>")]
    pub reports: Vec<ReportFormat>,
}

/// How an acceptance run fuzzes. Defects of level `must` refuse the delivery unless they are waived.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FuzzProfile {
    /// Random values follow from it, so that every delivery is asked the same; by default 1.
    #[schemars(with = "Option<u64>")]
    pub seed: u64,
    /// Generated requests an operation; by default 20.
    #[schemars(with = "Option<u64>")]
    pub cases: u64,
    /// What is sent; by default all.
    #[schemars(with = "Option<Vec<FuzzPhase>>")]
    pub phases: Vec<FuzzPhase>,
}

/// A part of fuzzing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum FuzzPhase {
    /// Documented values.
    Examples,
    /// Deviations of one place each: missing, empty, another type, each side of every limit.
    Boundaries,
    /// Generated values.
    Generated,
    /// Who asks, and what is there before and after.
    Sequences,
}

impl FuzzPhase {
    pub const WORDS: [(&str, Self); 4] = [
        ("examples", Self::Examples),
        ("boundaries", Self::Boundaries),
        ("generated", Self::Generated),
        ("sequences", Self::Sequences),
    ];

    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, phase)| *phase == self).map_or("", |(word, _)| word)
    }
}

impl Default for FuzzProfile {
    fn default() -> Self {
        Self { seed: 1, cases: 20, phases: FuzzPhase::WORDS.map(|(_, phase)| phase).to_vec() }
    }
}

pub fn profile(reader: &mut Reader<'_>, node: &Node) -> Option<Profile> {
    let mut fields = Fields::new(reader, node, "a profile")?;
    let profile = Profile {
        title: fields.optional("title", Reader::string),
        apis: fields.optional("apis", |r, n| r.list(n, Reader::string_at)).unwrap_or_default(),
        gate: fields.optional("gate", gate::gate),
        fuzz: fields.optional("fuzz", fuzz).unwrap_or_default(),
        reports: fields
            .optional("reports", |r, n| r.list(n, |r, n| r.word(n, "format", &ReportFormat::WORDS)))
            .unwrap_or_default(),
    };
    fields.finish();
    Some(profile)
}

fn fuzz(reader: &mut Reader<'_>, node: &Node) -> Option<FuzzProfile> {
    let usual = FuzzProfile::default();
    let mut fields = Fields::new(reader, node, "`fuzz`")?;
    let fuzz = FuzzProfile {
        seed: fields.optional("seed", Reader::unsigned).unwrap_or(usual.seed),
        cases: fields
            .optional("cases", |r, n| match r.unsigned(n)? {
                cases @ 0..=100_000 => Some(cases),
                _ => r.expected(n, "0 to 100000"),
            })
            .unwrap_or(usual.cases),
        phases: fields
            .optional("phases", |r, n| match n.items() {
                [] => r.expected(n, "a list of at least one phase"),
                _ => r.list(n, |r, n| r.word(n, "phase", &FuzzPhase::WORDS)),
            })
            .unwrap_or(usual.phases),
    };
    fields.finish();
    Some(fuzz)
}
