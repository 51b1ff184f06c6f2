//! HTML pages whose form sends the customer's browser to a payment gateway (#510 and #782).

use std::fmt::Write;

use md5::{Digest, Md5};

use crate::fault::Faults;

use super::faults;

/// A page with one form.
pub(super) struct Form {
    /// Its `id` and `name`.
    pub(super) name: &'static str,
    pub(super) action: &'static str,
    pub(super) method: &'static str,
    /// Hidden inputs in the order of the document.
    pub(super) inputs: Vec<(&'static str, String)>,
    /// What the signature is called, and what its kind is.
    pub(super) sign: &'static str,
    pub(super) sign_type: &'static str,
    /// What is signed after the inputs.
    pub(super) key: Option<&'static str>,
}

impl Form {
    /// The form and the script that sends it. Inputs whose value is empty are left out.
    pub(super) fn html(mut self, faults: &Faults) -> String {
        self.inputs.retain(|(_, value)| !value.is_empty());
        if faults.has(&faults::FORM_INPUT_MISSING) {
            self.inputs.retain(|(name, _)| !["total_fee", "userId"].contains(name));
        }
        let sign = if faults.has(&faults::FORM_WRONG_SIGNATURE) {
            signature(&self.inputs, Some("wrong"))
        } else {
            signature(&self.inputs, self.key)
        };
        let mut inputs = String::new();
        for (name, value) in &self.inputs {
            inputs.push_str(&hidden(name, value));
        }
        if !faults.has(&faults::FORM_UNSIGNED) {
            inputs.push_str(&hidden(self.sign, &sign));
        }
        inputs.push_str(&hidden(self.sign_type, "MD5"));
        let action = if faults.has(&faults::FORM_ACTION_HTTP) {
            self.action.replacen("https://", "http://", 1)
        } else {
            self.action.to_owned()
        };
        let Form { name, method, .. } = self;
        format!(
            "<form id=\"{name}\" name=\"{name}\" action=\"{}\" method=\"{method}\">{inputs}\
             <input type=\"submit\" value=\"确认\" style=\"display:none;\"></form>\
             <script>document.forms['{name}'].submit();</script>",
            escaped(&action)
        )
    }
}

/// MD5 of `name=value` sorted by name and joined by `&`, in lower case hexadecimal; that reproduces #510.
fn signature(inputs: &[(&'static str, String)], key: Option<&str>) -> String {
    let mut sorted: Vec<_> = inputs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sorted.sort_unstable();
    sorted.extend(key.map(|key| ("key", key)));
    let signed: Vec<String> = sorted.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut hexadecimal = String::with_capacity(32);
    for byte in Md5::digest(signed.join("&").as_bytes()) {
        // Writing to a String can't fail.
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    hexadecimal
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\"/>", escaped(name), escaped(value))
}

/// Text as the value of an HTML attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value is that of `printf 'a=1&b=上网卡,<x>' | md5sum`.
    #[test]
    fn signs_sorted_inputs() {
        let inputs = [("b", "上网卡,<x>".to_owned()), ("a", "1".to_owned())];
        assert_eq!(signature(&inputs, None), "c84c9aba327b21d8f2a9e6b02b5b2093");
        assert_eq!(signature(&inputs, Some("k")), "332840bad82a05d358398a13d1c238eb");
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(
            hidden("a", "<\"'&>"),
            "<input type=\"hidden\" name=\"a\" value=\"&lt;&quot;&#39;&amp;&gt;\"/>"
        );
    }
}
