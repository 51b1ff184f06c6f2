//! Why a request is refused, and how that is told.

/// Why a request is refused. The document shows no refusal at all; codes and texts are the sandbox's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A required parameter is not there, or empty.
    Missing(&'static str),
    /// A parameter is not what it should be: not a number, out of range, too long, twice, not UTF-8.
    Malformed(&'static str),
    /// The body is no form in UTF-8, is too long, or did not arrive.
    MalformedForm,
    /// The body says that it is something other than a form in UTF-8.
    WrongContentType,
    /// There is no such order.
    UnknownOrder,
    /// The order's state does not allow the step.
    WrongState,
    /// There is no such resource.
    UnknownResource,
    /// The resource was withdrawn.
    WithdrawnResource,
}

impl Refusal {
    /// The answer's `code`.
    pub(super) fn code(self) -> &'static str {
        match self {
            Refusal::Missing(_) => "1001",
            Refusal::Malformed(_) => "1002",
            Refusal::MalformedForm => "1003",
            Refusal::WrongContentType => "1004",
            Refusal::UnknownOrder => "2001",
            Refusal::WrongState => "2002",
            Refusal::UnknownResource => "3001",
            Refusal::WithdrawnResource => "3002",
        }
    }

    /// The answer's `msg`.
    pub(super) fn message(self) -> String {
        match self {
            Refusal::Missing(name) => format!("缺少参数{name}！"),
            Refusal::Malformed(name) => format!("参数{name}格式错误！"),
            Refusal::MalformedForm => "请求体格式错误！".to_owned(),
            Refusal::WrongContentType => "不支持的Content-Type！".to_owned(),
            Refusal::UnknownOrder => "订单不存在！".to_owned(),
            Refusal::WrongState => "订单当前状态不允许该操作！".to_owned(),
            Refusal::UnknownResource => "资源不存在！".to_owned(),
            Refusal::WithdrawnResource => "资源已撤销！".to_owned(),
        }
    }
}
