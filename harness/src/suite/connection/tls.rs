//! `tls` of a target.

use crate::suite::setting::Setting;
use crate::yaml::{Fields, Node, Reader, first_line};
use schemars::JsonSchema;

/// Certificates: files in PEM, by path from the suite's folder, or their text in `${env.NAME}`.
#[derive(Debug, Clone, Default, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TlsSettings {
    /// Authorities that are trusted, in place of those that the machine trusts.
    #[schemars(with = "Option<String>")]
    pub ca: Option<Setting>,
    /// The client's certificate, and those that it was issued by.
    #[schemars(with = "Option<String>")]
    pub cert: Option<Setting>,
    /// The private key of the client's certificate.
    #[schemars(with = "Option<String>")]
    pub key: Option<Setting>,
}

pub(super) fn tls(reader: &mut Reader<'_>, node: &Node) -> Option<TlsSettings> {
    let mut fields = Fields::new(reader, node, "`tls`")?;
    let tls = TlsSettings {
        ca: fields.optional("ca", Setting::read),
        cert: fields.optional("cert", Setting::read),
        key: fields.optional("key", |r, n| {
            let key = Setting::read(r, n)?;
            match n.as_str().is_some_and(|text| text.contains("-----BEGIN")) {
                true => Setting::read_secret(r, n),
                false => Some(key),
            }
        }),
    };
    if node.get("cert").is_some() != node.get("key").is_some() {
        fields.reader().problem(first_line(node), "a client certificate needs both `cert` and `key`");
    }
    fields.finish();
    Some(tls)
}
