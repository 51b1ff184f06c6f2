//! What judges an answer: one file a check, each a pure function over a [`Subject`] and its [`Expectation`].
//!
//! To add a check: copy a file, add a line to [`CHECKS`], add a fault that it catches.

mod applies;
mod charset;
mod code;
mod content_encoding;
mod content_type;
mod equals;
mod expectation;
mod headers;
mod latency;
mod like;
mod mismatch;
mod outcome;
mod rules;
mod schema;
mod signature;
mod status;
mod subject;
mod undocumented;
mod well_formed;
mod xsd;

#[cfg(test)]
mod fixture;

pub use expectation::{Expectation, Like};
pub use mismatch::{Mismatch, compare_equal, compare_like};
pub use rules::{CANNOT_TELL, RuleVerdict, is_asked, judge_rule, judge_rules, rules_of};
pub use signature::signature_of;
pub use subject::{Subject, read_answer};
pub use xsd::NOT_JUDGED;

use crate::model::finding::Finding;
use crate::model::level::Level;

/// A check and what it is for.
pub struct Check {
    pub name: &'static str,
    /// What it asks, in words.
    pub asks: &'static str,
    /// Whether there is something to judge.
    pub applies: fn(&Subject<'_, '_>, &Expectation) -> bool,
    pub run: fn(&Subject<'_, '_>, &Expectation) -> Vec<Finding>,
}

/// Every check, from the envelope inwards: a reader meets the cause before its consequences.
pub const CHECKS: [Check; 16] = [
    Check {
        name: "status",
        asks: "is the status documented, and the one expected?",
        applies: applies::always,
        run: status::check,
    },
    Check {
        name: "content-type",
        asks: "is the media type documented?",
        applies: applies::content_type,
        run: content_type::check,
    },
    Check {
        name: "content-encoding",
        asks: "are the bytes what the content coding says?",
        applies: applies::content_encoding,
        run: content_encoding::check,
    },
    Check {
        name: "charset",
        asks: "is the charset the documented one, declared and in the bytes?",
        applies: applies::charset,
        run: charset::check,
    },
    Check {
        name: "well-formed",
        asks: "is the body what its media type says?",
        applies: applies::media,
        run: well_formed::check,
    },
    Check {
        name: "schema",
        asks: "does the body satisfy the JSON Schema?",
        applies: applies::schema,
        run: schema::check,
    },
    Check { name: "xsd", asks: "does the body satisfy the XSD?", applies: applies::xsd, run: xsd::check },
    Check {
        name: "outcome",
        asks: "does the answer say success or failure, as expected?",
        applies: applies::outcome,
        run: outcome::check,
    },
    Check {
        name: "code",
        asks: "is the code documented, and the one expected?",
        applies: applies::code,
        run: code::check,
    },
    Check {
        name: "headers",
        asks: "do the headers have the expected values?",
        applies: applies::headers,
        run: headers::check,
    },
    Check {
        name: "like",
        asks: "has the answer every field of the documented one?",
        applies: applies::like,
        run: like::check,
    },
    Check {
        name: "equals",
        asks: "do the values equal the expected ones?",
        applies: applies::equals,
        run: equals::check,
    },
    Check { name: "rule", asks: "do the rules hold?", applies: applies::rule, run: rules::check },
    Check {
        name: "signature",
        asks: "is the answer's signature right?",
        applies: applies::signature,
        run: signature::check,
    },
    Check {
        name: "undocumented",
        asks: "are all fields documented?",
        applies: applies::undocumented,
        run: undocumented::check,
    },
    Check { name: "latency", asks: "did it come in time?", applies: applies::latency, run: latency::check },
];

/// The most findings of one check for one answer: a hostile one can be wrong in 100,000 places.
const MAX_FINDINGS: usize = 100;

/// Names of the checks that have something to judge in an answer.
pub fn judging(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<&'static str> {
    CHECKS.iter().filter(|check| (check.applies)(subject, expectation)).map(|check| check.name).collect()
}

/// Runs every check; nothing stops at the first mismatch.
pub fn judge(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let run = |check: &Check| {
        let findings = (check.run)(subject, expectation);
        debug_assert!(
            findings.is_empty() || (check.applies)(subject, expectation),
            "`{}` found something where it says that it does not apply",
            check.name
        );
        bounded(findings)
    };
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(run).collect();
    // A rule that cannot be judged because the body is not what the schema says has its cause named already.
    let structural = ["content-type", "content-encoding", "well-formed", "schema", "xsd"];
    if findings.iter().any(|f| structural.contains(&f.check.as_str()) && f.level == Level::Must) {
        findings.retain(|f| !(f.check == "rule" && f.message.starts_with(rules::CANNOT_TELL)));
    }
    for finding in &mut findings {
        finding.level = finding.level.min(expectation.level);
        if finding.case.is_none() {
            finding.case = Some(expectation.location.clone());
        }
        if finding.doc.is_none() {
            finding.doc.clone_from(&expectation.doc);
        }
    }
    findings
}

/// The first findings of a check, the most binding before others.
fn bounded(mut findings: Vec<Finding>) -> Vec<Finding> {
    let more = findings.len().saturating_sub(MAX_FINDINGS);
    if more > 0 {
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        findings.truncate(MAX_FINDINGS);
        left_out(&mut findings, more);
    }
    findings
}

/// Says in the last finding of a check how many more there are.
fn left_out(findings: &mut [Finding], more: usize) {
    if let Some(last) = findings.last_mut().filter(|_| more > 0) {
        last.details.push(format!("and {more} more findings of `{}`", last.check));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_bounded_and_the_binding_ones_stay() {
        let finding = |level| Finding::new("rule", "body", "wrong").level(level);
        let mut many = vec![finding(Level::Should); 100_000];
        many.push(finding(Level::Must));
        let kept = bounded(many);
        assert_eq!((kept.len(), kept[0].level), (MAX_FINDINGS, Level::Must));
        assert_eq!(kept[MAX_FINDINGS - 1].details, ["and 99901 more findings of `rule`"]);
        assert_eq!(bounded(vec![finding(Level::May); 3]), vec![finding(Level::May); 3]);
    }
}
