//! Why a request is refused, and how that is told.

use super::subscriptions::Status;

/// Why a request is refused. The document has a field for the error code but no table; these codes are the sandbox's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A required parameter is not there, or empty.
    Missing(&'static str),
    /// A parameter is there and can't be what it should.
    Malformed(&'static str),
    /// The number is not one of the carrier's.
    UnknownNumber,
    /// An order for what is subscribed.
    AlreadySubscribed,
    /// A cancellation of what is not subscribed.
    NotSubscribed,
    /// The sandbox has all the state that it is willing to keep.
    Busy,
}

impl Refusal {
    /// The answer's `err_code`.
    pub(super) fn err_code(self) -> &'static str {
        match self {
            Refusal::Missing(_) => "101",
            Refusal::Malformed(_) => "102",
            Refusal::UnknownNumber => "103",
            Refusal::AlreadySubscribed => "104",
            Refusal::NotSubscribed => "105",
            Refusal::Busy => "106",
        }
    }

    /// The answer's `cause`.
    pub(super) fn cause(self) -> String {
        match self {
            Refusal::Missing(name) => format!("缺少参数{name}"),
            Refusal::Malformed(name) => format!("参数{name}格式错误"),
            Refusal::UnknownNumber => "号码不存在".to_owned(),
            Refusal::AlreadySubscribed => "已订购该产品".to_owned(),
            Refusal::NotSubscribed => "未订购该产品".to_owned(),
            Refusal::Busy => "系统繁忙".to_owned(),
        }
    }
}

/// A refused request, with the subscriber's status where it explains the refusal.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    pub(super) status: Option<Status>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Refused {
        Refused { refusal, status: None }
    }
}
