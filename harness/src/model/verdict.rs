//! [`Verdict`]: what a trial came to. *Wrong* and *could not tell* are different things.

use serde::{Deserialize, Serialize};

/// The result of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The answer satisfies every requirement of level `must`.
    Passed,
    /// The answer was judged and breaks a `must`.
    Failed,
    /// The answer could not be judged: target down, timeout, not HTTP.
    Errored,
    /// Not run, with a reason.
    Skipped,
    /// The answer breaks a `must`, and each finding is of a deviation that was accepted (`waivers.yaml`).
    Waived,
    /// Did not pass at first, and passed when it was tried again.
    Flaky,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Errored => "errored",
            Self::Skipped => "skipped",
            Self::Waived => "waived",
            Self::Flaky => "flaky",
        }
    }
}

/// Exit statuses of the command.
pub mod exit {
    /// Every answer conforms.
    pub const CONFORMANT: u8 = 0;
    /// At least one finding of level `must`.
    pub const FINDINGS: u8 = 1;
    /// No finding, but at least one answer could not be judged, or the run was interrupted.
    pub const COULD_NOT_JUDGE: u8 = 2;
    /// The command line or the suite is wrong; nothing was sent.
    pub const BAD_USAGE: u8 = 3;
}
