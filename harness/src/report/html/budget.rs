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
    /// Failed cases that are open when the page is.
    open: usize,
}

const MIB: usize = 1024 * 1024;

impl Budget {
    pub fn new() -> Self {
        Self {
            representatives: Room { bytes: 4 * MIB, cases: 400 },
            failed: Room { bytes: 4 * MIB, cases: 500 },
            passed: Room { bytes: 6 * MIB, cases: usize::MAX },
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
