//! What a run came to, in a word and in numbers, for reports that machines read.

use super::index::Index;
use crate::model::verdict::Verdict;
use crate::record::{Counts, GateDecision};

/// What came of a run: the words of the command's last line.
pub fn outcome(index: &Index) -> &'static str {
    let Counts { failed, errored, .. } = index.counts;
    match (failed, errored, index.interrupted(), index.counts.judged()) {
        (1.., ..) => "not conformant",
        (0, 1.., ..) => "could not judge everything",
        (0, 0, true, _) => "interrupted",
        (0, 0, false, 0) => "nothing was judged",
        (0, 0, false, _) => "conformant",
    }
}

/// Trials by verdict: the worst first.
pub fn by_verdict(counts: &Counts) -> [(Verdict, usize); 6] {
    [
        (Verdict::Failed, counts.failed),
        (Verdict::Errored, counts.errored),
        (Verdict::Waived, counts.waived),
        (Verdict::Flaky, counts.flaky),
        (Verdict::Passed, counts.passed),
        (Verdict::Skipped, counts.skipped),
    ]
}

/// `2 failed, 3 passed`: verdicts that nothing came to are left out.
pub fn in_words(counts: &Counts) -> String {
    let parts = by_verdict(counts).into_iter().filter(|(_, n)| *n > 0);
    let parts: Vec<String> = parts.map(|(verdict, n)| format!("{n} {}", verdict.as_str())).collect();
    if parts.is_empty() { "no trials".into() } else { parts.join(", ") }
}

/// The clauses of the gate, where there was one: whether each holds, its name and what it says.
pub fn gate(index: &Index) -> Option<&GateDecision> {
    index.finished.as_ref()?.gate.as_ref()
}
