//! Why a request is refused, and how that is told.

/// Why a request is refused. The document has 1014 and 1301 to 1304; the other codes are the sandbox's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A required parameter is not there, or empty.
    Missing(&'static str),
    /// A parameter is there and can't be what it should.
    Malformed(&'static str),
    /// The body is not what its media type says, or of a media type that nobody knows.
    MalformedBody,
    /// Login with a user name that does not exist, or another password than the user's; changing a password likewise.
    WrongPassword,
    /// No session, or one that never was.
    NoSession,
    /// The session was not used for too long.
    ExpiredSession,
    /// The session is another user's than the request says.
    ForeignSession,
    /// The initial password is still to be changed.
    InitialPassword,
    /// The user has no staff role.
    NotAllowed,
    /// No such region, or one that is not part of the other.
    UnknownRegion,
    /// No such address, or another user's.
    UnknownAddress,
    /// No such product, or it can't be bought.
    UnknownProduct,
    /// No such cart, or another user's.
    UnknownCart,
    /// No such price.
    UnknownPrice,
    /// No such order, or another user's.
    UnknownOrder,
    /// The order can't be changed that way any more, or not yet.
    OrderState,
    /// No such voucher, another user's, or used.
    UnknownVoucher,
    /// No such outlet.
    UnknownOutlet,
    /// No such device.
    UnknownDevice,
    /// No such data card.
    UnknownCard,
    /// The order line has a card already.
    LineBound,
    /// No such order line, or another user's.
    UnknownLine,
    /// The card has a package in that time already.
    CardPeriod,
    /// The card is another user's.
    ForeignCard,
    /// The card is in use.
    CardInUse,
}

impl Refusal {
    /// The answer's `error_no`.
    pub(super) fn number(self) -> u16 {
        match self {
            Refusal::Missing(_) => 1001,
            Refusal::Malformed(_) | Refusal::MalformedBody => 1002,
            Refusal::WrongPassword => 1010,
            Refusal::NoSession => 1011,
            Refusal::ExpiredSession => 1012,
            Refusal::ForeignSession => 1013,
            Refusal::InitialPassword => 1014,
            Refusal::NotAllowed => 1020,
            Refusal::UnknownRegion | Refusal::UnknownAddress => 1100,
            Refusal::UnknownProduct => 1200,
            Refusal::UnknownCart => 1201,
            Refusal::UnknownPrice => 1202,
            Refusal::UnknownOrder => 1210,
            Refusal::OrderState => 1211,
            Refusal::UnknownVoucher => 1220,
            Refusal::UnknownOutlet => 1230,
            Refusal::UnknownDevice => 1240,
            Refusal::UnknownCard => 1301,
            Refusal::LineBound => 1302,
            Refusal::UnknownLine => 1303,
            Refusal::CardPeriod => 1304,
            Refusal::ForeignCard => 1305,
            Refusal::CardInUse => 1306,
        }
    }

    /// The answer's `error_info`.
    pub(super) fn info(self) -> String {
        let fixed = match self {
            Refusal::Missing(name) => return format!("缺少参数{name}"),
            Refusal::Malformed(name) => return format!("参数{name}格式错误"),
            Refusal::MalformedBody => "请求体格式错误",
            Refusal::WrongPassword => "用户名或密码错误",
            Refusal::NoSession => "会话不存在",
            Refusal::ExpiredSession => "会话已过期",
            Refusal::ForeignSession => "会话与用户不符",
            Refusal::InitialPassword => "初始密码需要修改",
            Refusal::NotAllowed => "没有权限",
            Refusal::UnknownRegion => "地区不存在",
            Refusal::UnknownAddress => "地址不存在",
            Refusal::UnknownProduct => "产品不存在",
            Refusal::UnknownCart => "购物车不存在",
            Refusal::UnknownPrice => "产品单价不存在",
            Refusal::UnknownOrder => "订单不存在",
            Refusal::OrderState => "订单状态不允许该操作",
            Refusal::UnknownVoucher => "电子券不可用",
            Refusal::UnknownOutlet => "网点不存在",
            Refusal::UnknownDevice => "设备不存在",
            Refusal::UnknownCard => "数据卡不存在",
            Refusal::LineBound => "订单详情已绑定",
            Refusal::UnknownLine => "订单详情不存在",
            Refusal::CardPeriod => "数据卡已绑定该时间段的套餐",
            Refusal::ForeignCard => "数据卡已被其他用户绑定",
            Refusal::CardInUse => "数据卡已使用",
        };
        fixed.to_owned()
    }
}
