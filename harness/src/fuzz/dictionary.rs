//! Values that programs trip over, by name. What of them a schema allows is good input; the rest must be refused.

/// What a page must not repeat unescaped.
pub const MARKUP: &str = "<fz1q onload=x>\"'&";
/// The part of it that tells: an element that no answer has of itself.
pub const MARK: &str = "<fz1q";

/// Name and value. Text of any charset that has the characters; not U+FFFD, which in an answer means that text was lost.
pub const TEXTS: [(&str, &str); 25] = [
    ("markup", MARKUP),
    ("sql-quote", "'"),
    ("sql-or", "' OR '1'='1"),
    ("sql-comment", "1; --"),
    ("template", "${7*7}{{7*7}}"),
    ("shell", "$(id)`id`;|id"),
    ("path-traversal", "../../../../etc/passwd"),
    ("format-string", "%s%s%n%x"),
    ("ldap", "*)(uid=*"),
    ("line-break", "a\r\nX-Fuzz: 1"),
    ("full-width-digits", "１２３"),
    ("emoji", "\u{1f600}"),
    ("right-to-left", "\u{202e}abc"),
    ("zero-width", "a\u{200b}b"),
    ("combining", "e\u{301}"),
    ("leading-zero", "007"),
    ("minus-zero", "-0"),
    ("negative", "-1"),
    ("huge-number", "99999999999999999999999999"),
    ("tiny-number", "1e-400"),
    ("exponent", "1e400"),
    ("not-a-number", "NaN"),
    ("no-such-date", "20260230"),
    ("no-such-time", "20260101246060"),
    ("null-word", "null"),
];

/// Name and raw text between `=` and `&`: bytes that no text of a charset has.
pub const RAW: [(&str, &str); 9] = [
    ("gbk-lead-byte-alone", "%81"),
    ("gbk-lead-byte-before-digit", "%811"),
    ("overlong-utf-8", "%C0%AF"),
    ("surrogate-utf-8", "%ED%A0%80"),
    ("utf-8-cut", "%E4%BD"),
    ("nul", "a%00b"),
    ("broken-percent", "%"),
    ("not-hex", "%zz"),
    ("percent-twice", "%2541"),
];
