//! [`Budget`]: how much evidence a page has room for, so that a run of any size makes a page that a browser opens.

use super::super::index::Row;
use crate::model::verdict::Verdict;

/// Bytes and number of cases.
#[derive(Debug, Clone, Copy)]
struct Room {
    bytes: usize,
    cases: usize,
}

/// What is left for the cases still to be written.
#[derive(Debug)]
pub struct Budget {
    /// Cases that stand for a problem.
    representatives: Room,
    /// Other failed and errored cases.
    failed: Room,
    passed: Room,
    /// Findings of cases whose evidence is deflated.
    findings: usize,
    /// Failed cases that are open when the page is.
    open: usize,
}

const KIB: usize = 1024;
/// What a page may have, bytes: 15 MB less the parts that do not grow with the cases.
const PAGE: usize = 13_800 * KIB;
/// What evidence that is laid out in the page may take, of cases that stand for a problem, of others that are wrong, of
/// passed ones: a browser reads it all before anybody asks for it.
const LAID_OUT: [usize; 3] = [1_400 * KIB, 1_000 * KIB, 800 * KIB];
/// What a case takes that is only a line.
const LINE: usize = 420;

/// What all evidence of a page of `cases` may take, bytes. Beyond 20,000 cases the page grows with them.
fn evidence(cases: usize) -> usize {
    PAGE.saturating_sub(cases * LINE).max(4_000 * KIB)
}

/// What deflated evidence may take in a page of `cases`, bytes: laid out, and as it was sent and received.
pub fn deflated(cases: usize) -> (usize, usize) {
    let rest = evidence(cases).saturating_sub(LAID_OUT.iter().sum());
    (rest / 100 * 50, rest / 100 * 36)
}

impl Budget {
    pub fn new(cases: usize) -> Self {
        let room = |bytes: usize, cases: usize| Room { bytes, cases };
        Self {
            representatives: room(LAID_OUT[0], 300),
            failed: room(LAID_OUT[1], 300),
            passed: room(LAID_OUT[2], usize::MAX),
            findings: evidence(cases).saturating_sub(LAID_OUT.iter().sum()) / 100 * 14,
            open: 12,
        }
    }

    /// Bytes that the evidence of a case may have: 0 when it is to be a line.
    pub fn room(&self, row: &Row) -> usize {
        let room = self.of(row);
        if room.cases == 0 { 0 } else { room.bytes }
    }

    /// What the passed cases of the next of some operations may have, so that the last is not left without.
    pub fn share(&self, operations: usize) -> usize {
        self.passed.bytes / operations.max(1)
    }

    pub fn spend(&mut self, row: &Row, bytes: usize) {
        let room = self.of_mut(row);
        room.bytes = room.bytes.saturating_sub(bytes);
        room.cases = room.cases.saturating_sub(1);
    }

    /// A case did not fit: its like are lines from now on, or each of them would be laid out in vain.
    pub fn close(&mut self, row: &Row) {
        self.of_mut(row).cases = 0;
    }

    /// Whether findings of so many bytes may stand in the page beside a line.
    pub fn findings(&mut self, bytes: usize) -> bool {
        let fits = bytes <= self.findings;
        self.findings -= if fits { bytes } else { 0 };
        fits
    }

    /// Whether the next failed case is to be open.
    pub fn opens(&mut self, row: &Row) -> bool {
        let wanted = matches!(row.verdict, Verdict::Failed | Verdict::Errored) && self.open > 0;
        self.open -= usize::from(wanted);
        wanted
    }

    fn of(&self, row: &Row) -> Room {
        match (row.verdict, row.representative) {
            (Verdict::Failed | Verdict::Errored | Verdict::Waived | Verdict::Flaky, true) => {
                self.representatives
            }
            (Verdict::Failed | Verdict::Errored | Verdict::Waived | Verdict::Flaky, false) => self.failed,
            (Verdict::Passed | Verdict::Skipped, _) => self.passed,
        }
    }

    fn of_mut(&mut self, row: &Row) -> &mut Room {
        match (row.verdict, row.representative) {
            (Verdict::Failed | Verdict::Errored | Verdict::Waived | Verdict::Flaky, true) => {
                &mut self.representatives
            }
            (Verdict::Failed | Verdict::Errored | Verdict::Waived | Verdict::Flaky, false) => {
                &mut self.failed
            }
            (Verdict::Passed | Verdict::Skipped, _) => &mut self.passed,
        }
    }
}
