//! What codes are called. The document has no tables: the first two or so of each list are from its examples, the
//! others are the sandbox's own.

/// Codes of one field and their names.
pub(super) type Dictionary = &'static [(&'static str, &'static str)];

pub(super) const CHANNEL_TYPE: Dictionary = &[("0", "三网合一"), ("1", "移动"), ("2", "联通"), ("3", "电信")];
pub(super) const DIRECT_CONNECT: Dictionary = &[("0", "直连"), ("1", "第三方")];
pub(super) const EXTEND_SIZE: Dictionary =
    &[("0", "无特殊要求"), ("1", "支持1位"), ("2", "支持2位"), ("3", "支持3位")];
pub(super) const SIGN_TYPE: Dictionary = &[("0", "自定义"), ("1", "报备签名")];
pub(super) const INVOICE_TYPE: Dictionary = &[("0", "不要票"), ("1", "专票"), ("2", "普票")];
pub(super) const IS_AUDIT: Dictionary = &[("0", "否"), ("1", "是")];
pub(super) const MINIMUM_GUARANTEE: Dictionary = &[("0", "不承诺保底"), ("1", "1万条/月"), ("2", "5万条/月")];
pub(super) const IS_CREDIT: Dictionary = &[("1", "1万条/月"), ("2", "5万条/月")];
pub(super) const PROTOCOL_TYPE: Dictionary = &[("1", "CMPP"), ("2", "SGIP"), ("3", "SMGP")];
pub(super) const RESOURCE_STATE: Dictionary =
    &[("0", "待接入"), ("1", "测试中"), ("2", "已接入"), ("3", "撤销")];

/// The code of a resource that was withdrawn (撤销): it cannot be matched any more.
pub(super) const WITHDRAWN: &str = "3";

/// What a code is called; nothing if no list has it, as channel type 122 of the document.
pub(super) fn name(dictionary: Dictionary, code: &str) -> &'static str {
    dictionary.iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name)
}

/// The names of a field that can have several, each after a comma as in the document: `,移动`.
pub(super) fn names(dictionary: Dictionary, code: &str) -> String {
    match name(dictionary, code) {
        "" => String::new(),
        name => format!(",{name}"),
    }
}
