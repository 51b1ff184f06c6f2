//! Why an order is refused, and how that is told.

use super::language::Language;

/// Why an order is refused. The document lists the code of success only; these codes are the sandbox's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The body is no JSON object, is too long, or did not arrive.
    MalformedJson,
    /// The body says that it is something other than JSON in UTF-8.
    WrongContentType,
    /// A required field is not there, or empty.
    MissingField(&'static str),
    /// A field is not a string.
    WrongType(String),
    /// A field has a value that its enumeration does not have.
    UnknownValue(&'static str),
    /// A field of digits is not digits.
    MalformedValue(&'static str),
    /// `pay_amount` is not an amount with up to two decimals.
    BadAmount,
    /// `order_period` is not from 1 to 999.
    BadPeriod,
    /// There is no such enterprise.
    UnknownAccessCode,
    /// The signature is not that of the fields.
    BadSign,
    /// There is no such SIM card.
    UnknownDevice,
    /// There is no such package.
    UnknownPackage,
    /// `package_type` is not the type of the package.
    OtherPackageType,
}

impl Refusal {
    /// The answer's `code`.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Refusal::MalformedJson => "1001",
            Refusal::WrongContentType => "1002",
            Refusal::MissingField(_) => "1003",
            Refusal::WrongType(_) => "1004",
            Refusal::UnknownValue(_) => "1005",
            Refusal::MalformedValue(_) => "1006",
            Refusal::BadAmount => "1007",
            Refusal::BadPeriod => "1008",
            Refusal::UnknownAccessCode => "2001",
            Refusal::BadSign => "2002",
            Refusal::UnknownDevice => "3001",
            Refusal::UnknownPackage => "3002",
            Refusal::OtherPackageType => "3003",
        }
    }

    /// The answer's `message`.
    pub(super) fn message(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Refusal::MalformedJson => "请求体不是有效的JSON对象".to_owned(),
            Refusal::WrongContentType => "不支持的Content-Type".to_owned(),
            Refusal::MissingField(name) => format!("缺少参数{name}"),
            Refusal::WrongType(name) => format!("参数{}应为字符串", shortened(name)),
            Refusal::UnknownValue(name) => format!("参数{name}取值无效"),
            Refusal::MalformedValue(name) => format!("参数{name}格式错误"),
            Refusal::BadAmount => "金额格式错误".to_owned(),
            Refusal::BadPeriod => "订购周期无效".to_owned(),
            Refusal::UnknownAccessCode => "接入码不存在".to_owned(),
            Refusal::BadSign => "签名错误".to_owned(),
            Refusal::UnknownDevice => "设备不存在".to_owned(),
            Refusal::UnknownPackage => "套餐不存在".to_owned(),
            Refusal::OtherPackageType => "套餐类型不匹配".to_owned(),
        }
    }

    fn english(&self) -> String {
        match self {
            Refusal::MalformedJson => "The request body is not a JSON object".to_owned(),
            Refusal::WrongContentType => "The Content-Type is not supported".to_owned(),
            Refusal::MissingField(name) => format!("The field {name} is missing"),
            Refusal::WrongType(name) => format!("The field {} must be a string", shortened(name)),
            Refusal::UnknownValue(name) => format!("The field {name} has an unknown value"),
            Refusal::MalformedValue(name) => format!("The field {name} is malformed"),
            Refusal::BadAmount => "The amount is malformed".to_owned(),
            Refusal::BadPeriod => "The order period is out of range".to_owned(),
            Refusal::UnknownAccessCode => "The access code does not exist".to_owned(),
            Refusal::BadSign => "The signature is wrong".to_owned(),
            Refusal::UnknownDevice => "The device does not exist".to_owned(),
            Refusal::UnknownPackage => "The package does not exist".to_owned(),
            Refusal::OtherPackageType => "The package has another type".to_owned(),
        }
    }
}

/// A name from the request, which may be anything, as far as a message needs it.
fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}
