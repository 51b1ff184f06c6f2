//! The states of an order, and which step leads from which to which.
//!
//! The document has the first state's code and name in an example and no table. Assumed from the names of the four
//! operations:
//!
//! ```text
//! 待配单 ──daipipei──► 待匹配 ──pipeichenggong──► 匹配成功
//!    ▲                   │                           │
//!    └──faqixuqiu── 已回退 ◄────────huitui───────────┘
//! ```

use super::matching::Action;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// 待配单, waiting to be placed with resources: the documented one.
    Waiting,
    /// 待匹配, placed and waiting for the match.
    Placed,
    /// 匹配成功, matched.
    Matched,
    /// 已回退, rolled back.
    RolledBack,
}

impl State {
    /// The answer's `state`; all but the first are the sandbox's own.
    pub(super) fn code(self) -> u8 {
        match self {
            State::Waiting => 0,
            State::Placed => 1,
            State::Matched => 2,
            State::RolledBack => 3,
        }
    }

    /// The answer's `stateName`.
    pub(super) fn name(self) -> &'static str {
        match self {
            State::Waiting => "待配单",
            State::Placed => "待匹配",
            State::Matched => "匹配成功",
            State::RolledBack => "已回退",
        }
    }

    /// The state after a step; `None` if the step cannot be taken from here.
    pub(super) fn after(self, action: Action) -> Option<State> {
        match (self, action) {
            (State::Waiting, Action::Place) => Some(State::Placed),
            (State::Placed, Action::Match) => Some(State::Matched),
            (State::Placed | State::Matched, Action::RollBack) => Some(State::RolledBack),
            (State::RolledBack, Action::Reopen) => Some(State::Waiting),
            _ => None,
        }
    }
}
