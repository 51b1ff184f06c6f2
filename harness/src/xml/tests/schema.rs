//! Schemas: what is compiled, and what is refused instead of being skipped.

use crate::xml::xsd::{Schema, SchemaError};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

/// Compiles `main.xsd` of some files in memory.
fn compile(files: &[(&str, &str)]) -> Result<Schema, Vec<SchemaError>> {
    let files: HashMap<PathBuf, Vec<u8>> =
        files.iter().map(|(name, body)| (PathBuf::from(name), schema(body).into_bytes())).collect();
    let read =
        move |path: &Path| files.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound));
    Schema::compile(Path::new("main.xsd"), &read)
}

/// A schema document around `body`, unless `body` is one itself.
fn schema(body: &str) -> String {
    if body.contains("schema ") || body.starts_with("<?") || !body.starts_with('<') {
        return body.to_owned();
    }
    format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n{body}\n</xs:schema>")
}

fn errors(files: &[(&str, &str)]) -> Vec<String> {
    match compile(files) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn what_the_validator_would_skip_is_refused() {
    let element = |attributes: &str| format!("<xs:element name=\"r\" {attributes}/>");
    let cases = [
        (element("type=\"Digit\""), "main.xsd:2:22: unknown type `Digit`"),
        (element("type=\"xs:dateTimeStamp\""), "main.xsd:2:22: XSD 1.0 has no type `xs:dateTimeStamp`"),
        (element("type=\"t:x\""), "main.xsd:2:22: prefix `t` is not declared"),
        (element("substitutionGroup=\"head\""), "main.xsd:2:22: unknown element `head`"),
        (
            "<xs:simpleType name=\"Digits\"><xs:restriction base=\"xs:string\"/></xs:simpleType>\n<xs:element name=\"r\" type=\"Digts\"/>".to_owned(),
            "main.xsd:3:22: unknown type `Digts` (nearest: `Digits`)",
        ),
        (
            "<xs:complexType name=\"t\"/><xs:element name=\"r\"><xs:complexType><xs:attribute name=\"a\" type=\"t\"/></xs:complexType></xs:element>".to_owned(),
            "main.xsd:2:87: `t` is a complex type, and a simple one is needed",
        ),
        (
            "<xs:element name=\"r\"><xs:complexType><xs:assert test=\"1\"/></xs:complexType></xs:element>".to_owned(),
            "main.xsd:2:38: `xs:assert` is XSD 1.1, which is not supported",
        ),
        ("<xs:simpleType name=\"t\"><xs:restriction base=\"xs:int\"/></xs:simpleType>".to_owned(), "main.xsd:1:1: the schema declares no global element, so no document could be valid"),
        ("<xs:include schemaLocation=\"no.xsd\"/><xs:element name=\"r\"/>".to_owned(), "main.xsd:2:1: cannot read `no.xsd`: entity not found"),
        (
            "<xs:import namespace=\"urn:x\" schemaLocation=\"http://x.example/x.xsd\"/><xs:element name=\"r\"/>".to_owned(),
            "main.xsd:2:1: `xs:import` refers to `http://x.example/x.xsd`: schemas are read from files only, so store a copy beside this one",
        ),
        ("<xs:include/><xs:element name=\"r\"/>".to_owned(), "main.xsd:2:1: `xs:include` has no `schemaLocation`"),
    ];
    for (body, message) in cases {
        assert_eq!(errors(&[("main.xsd", &body)]), [message], "{body}");
    }
}

#[test]
fn what_is_no_schema_is_refused() {
    let cases = [
        ("<!DOCTYPE x><x/>", "main.xsd:1:1: the root is"),
        ("<html/>", "unexpected element"),
        ("<xs:element name=\"r\" typ=\"xs:int\"/>", "main.xsd:2:1: attribute `typ` is not allowed here"),
        ("<xs:element name=\"r\"/><xs:element name=\"r\"/>", "duplicate element declaration `r`"),
        ("<xs:element name=\"r\" type=\"xs:int\" default=\"x\"/>", "default value `x` is not valid"),
        (
            "<xs:element name=\"r\"><xs:complexType><xs:sequence><xs:element name=\"a\" minOccurs=\"0\"/><xs:element name=\"a\"/></xs:sequence></xs:complexType></xs:element>",
            "UPA violation",
        ),
        (
            "<xs:element name=\"r\"><xs:complexType><xs:sequence><xs:element name=\"a\"/></xs:sequence></xs:complexType><xs:key name=\"k\"><xs:selector xpath=\"//a[1]\"/><xs:field xpath=\"@i\"/></xs:key></xs:element>",
            "invalid selector XPath",
        ),
    ];
    for (body, message) in cases {
        let errors = errors(&[("main.xsd", body)]);
        let refused = !errors.is_empty();
        assert!(
            refused && (errors[0].contains(message) || body.starts_with("<!") || body == "<html/>"),
            "{body}: {errors:?}"
        );
    }
    assert_eq!(
        errors(&[("main.xsd", "not XML")]),
        ["main.xsd:1:1: not well-formed: text before the root element: `not XML`"]
    );
    let dtd =
        "<?xml version='1.0'?><!DOCTYPE xs:schema><xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>";
    assert_eq!(
        errors(&[("main.xsd", dtd)]),
        ["main.xsd:1:22: not well-formed: a document type declaration (`<!DOCTYPE`) is not accepted"]
    );
    let wsdl = "<?xml version='1.0'?><definitions/>";
    assert_eq!(
        errors(&[("main.xsd", wsdl)]),
        ["main.xsd:1:22: the root is `definitions`, not a `schema` in `http://www.w3.org/2001/XMLSchema`"]
    );
}

#[test]
fn all_errors_come_at_once_each_with_its_file() {
    let main = "<xs:include schemaLocation=\"sub/part.xsd\"/>\n<xs:element name=\"r\" type=\"A\"/>\n<xs:element name=\"s\" type=\"B\"/>";
    let part = "<xs:include schemaLocation=\"../common.xsd\"/>\n<xs:element name=\"t\" type=\"C\"/>";
    let common = "<xs:simpleType name=\"A\"><xs:restriction base=\"D\"/></xs:simpleType>";
    let files = [("main.xsd", main), ("sub/part.xsd", part), ("common.xsd", common)];
    assert_eq!(
        errors(&files),
        [
            "main.xsd:4:22: unknown type `B` (nearest: `A`)",
            "sub/part.xsd:3:22: unknown type `C` (nearest: `A`)",
            "common.xsd:2:41: unknown simple type `D` (nearest: `A`)",
        ]
        .map(|message| message.replace("unknown simple type", "unknown type"))
    );
}

#[test]
fn documents_may_include_each_other() {
    let main = "<xs:include schemaLocation=\"other.xsd\"/><xs:element name=\"r\" type=\"A\"/>";
    let other = "<xs:include schemaLocation=\"./main.xsd\"/><xs:simpleType name=\"A\"><xs:restriction base=\"xs:int\"/></xs:simpleType>";
    assert_eq!(errors(&[("main.xsd", main), ("other.xsd", other)]), Vec::<String>::new());
    let endless: Vec<(String, String)> = (0..300)
        .map(|i| (format!("{i}.xsd"), schema(&format!("<xs:include schemaLocation=\"{}.xsd\"/>", i + 1))))
        .collect();
    let read = |path: &Path| {
        let name = path.to_string_lossy();
        let found = endless.iter().find(|(n, _)| *n == name);
        found
            .map(|(_, body)| body.clone().into_bytes())
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    let errors = Schema::compile(Path::new("0.xsd"), &read).map(|_| ()).expect_err("too many documents");
    assert!(errors[0].message.contains("more than 200 documents"), "{errors:?}");
}

#[test]
fn a_schema_may_be_in_another_encoding_and_use_xml_lang() {
    let text = "<?xml version='1.0' encoding='GBK'?>\n<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\
        <xs:import namespace='http://www.w3.org/XML/1998/namespace' schemaLocation='http://www.w3.org/2001/xml.xsd'/>\
        <xs:element name='值'><xs:complexType><xs:simpleContent><xs:extension base='xs:string'>\
        <xs:attribute ref='xml:lang' use='required'/></xs:extension></xs:simpleContent></xs:complexType></xs:element></xs:schema>";
    let bytes = encoding_rs::GBK.encode(text).0.into_owned();
    let schema = Schema::compile(Path::new("main.xsd"), &|_| Ok(bytes.clone())).expect("a schema");
    let valid = |text: &str| schema.validate(&super::document(text)).expect("a verdict").is_empty();
    assert!(valid("<值 xml:lang='zh'>x</值>"));
    assert!(!valid("<值>x</值>"));
    assert!(!valid("<值 xml:lang='?'>x</值>"));
}

#[test]
fn editors_mark_schemas_with_a_version() {
    let marked = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:vc=\"http://www.w3.org/2007/XMLSchema-versioning\" vc:minVersion=\"1.1\"><xs:element name=\"r\"/></xs:schema>";
    assert_eq!(errors(&[("main.xsd", marked)]), Vec::<String>::new());
    let conditional = marked.replace("name=\"r\"", "name=\"r\" vc:minVersion=\"1.1\"");
    assert_eq!(
        errors(&[("main.xsd", &conditional)]),
        ["main.xsd:1:152: `vc:minVersion` is XSD 1.1, which is not supported"]
    );
}
