//! Verdicts on a corpus of our own, and what is said about what is wrong.
//!
//! Every line of `testdata/*.txt` is a verdict and an instance for the schema beside it. Each verdict was checked with
//! libxml2 2.14.6 (lxml 6.1.3) and the PyPI package xmlschema 4.3.2. Both agree with all but four, and one of the two
//! with each of those: libxml2 takes `1e` for a double, does not look for the ID of an IDREF and compares a fixed
//! integer by its digits; xmlschema forgets a facet that a redefined type inherits.

use super::document;
use crate::xml::xsd::{Schema, Violation};
use std::path::Path;

/// The files of `testdata`.
const FILES: &[(&str, &str)] = &[
    ("all.txt", include_str!("../testdata/all.txt")),
    ("all.xsd", include_str!("../testdata/all.xsd")),
    ("attributes.txt", include_str!("../testdata/attributes.txt")),
    ("attributes.xsd", include_str!("../testdata/attributes.xsd")),
    ("builtins.txt", include_str!("../testdata/builtins.txt")),
    ("builtins.xsd", include_str!("../testdata/builtins.xsd")),
    ("choice.txt", include_str!("../testdata/choice.txt")),
    ("choice.xsd", include_str!("../testdata/choice.xsd")),
    ("derivation.txt", include_str!("../testdata/derivation.txt")),
    ("derivation.xsd", include_str!("../testdata/derivation.xsd")),
    ("facets.txt", include_str!("../testdata/facets.txt")),
    ("facets.xsd", include_str!("../testdata/facets.xsd")),
    ("identity.txt", include_str!("../testdata/identity.txt")),
    ("identity.xsd", include_str!("../testdata/identity.xsd")),
    ("listunion.txt", include_str!("../testdata/listunion.txt")),
    ("listunion.xsd", include_str!("../testdata/listunion.xsd")),
    ("namespaces-common.xsd", include_str!("../testdata/namespaces-common.xsd")),
    ("namespaces-part.xsd", include_str!("../testdata/namespaces-part.xsd")),
    ("namespaces.txt", include_str!("../testdata/namespaces.txt")),
    ("namespaces.xsd", include_str!("../testdata/namespaces.xsd")),
    ("nillable.txt", include_str!("../testdata/nillable.txt")),
    ("nillable.xsd", include_str!("../testdata/nillable.xsd")),
    ("redefine-base.xsd", include_str!("../testdata/redefine-base.xsd")),
    ("redefine.txt", include_str!("../testdata/redefine.txt")),
    ("redefine.xsd", include_str!("../testdata/redefine.xsd")),
    ("sequence.txt", include_str!("../testdata/sequence.txt")),
    ("sequence.xsd", include_str!("../testdata/sequence.xsd")),
    ("wildcards.txt", include_str!("../testdata/wildcards.txt")),
    ("wildcards.xsd", include_str!("../testdata/wildcards.xsd")),
];

fn file(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

fn schema(name: &str) -> Schema {
    let read = |path: &Path| {
        let text = path.to_str().and_then(file);
        text.map(|text| text.as_bytes().to_vec())
            .ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))
    };
    Schema::compile(Path::new(name), &read).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn in_memory(xsd: &str) -> Schema {
    Schema::compile(Path::new("s.xsd"), &|_| Ok(xsd.as_bytes().to_vec()))
        .unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn violations(schema: &Schema, text: &str) -> Vec<Violation> {
    schema.validate(&document(text)).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn verdicts_are_those_of_libxml2_and_xmlschema() {
    let mut judged = 0;
    let mut wrong = Vec::new();
    for (name, instances) in FILES.iter().filter(|(name, _)| name.ends_with(".txt")) {
        let schema = schema(&name.replace(".txt", ".xsd"));
        for line in instances.lines() {
            let (verdict, instance) = line.split_once(' ').expect("a verdict and an instance");
            assert!(matches!(verdict, "valid" | "invalid"), "{line}");
            let found = violations(&schema, instance);
            if found.is_empty() != (verdict == "valid") {
                wrong.push(format!("{name}: {line}: {found:?}"));
            }
            judged += 1;
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(judged, 363);
}

const NOTIFY: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="Digits"><xs:restriction base="xs:string"><xs:pattern value="[0-9]{1,19}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Kind"><xs:restriction base="xs:string"><xs:enumeration value="1"/><xs:enumeration value="2"/></xs:restriction></xs:simpleType>
  <xs:element name="ACCESSGW">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="MODULE" type="xs:string" fixed="SDP"/>
        <xs:element name="MESSAGE_TYPE" type="xs:string"/>
        <xs:element name="EXTRA" type="xs:string" minOccurs="0"/>
        <xs:element name="COMMAND">
          <xs:complexType>
            <xs:all>
              <xs:element name="queueID" type="Digits"/>
              <xs:element name="regType" type="Kind"/>
              <xs:element name="price" type="xs:int" minOccurs="0"/>
            </xs:all>
            <xs:attribute name="kind" type="Kind"/>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>"#;

/// Line, XPath, message and schema line of each violation.
fn report(schema: &Schema, text: &str) -> Vec<(u32, String, String, Option<u32>)> {
    let place = |v: Violation| (v.position.line, v.xpath, v.message, v.schema.map(|s| s.line));
    violations(schema, text).into_iter().map(place).collect()
}

#[test]
fn all_violations_are_reported_each_at_its_place() {
    let text = "<ACCESSGW>\n<MODULE>SDPX</MODULE>\n<COMMAND kind=\"9\" zz=\"1\">\n<queueID>12a</queueID>\n<foo>1</foo>\n\
                <price>x</price>\n<price>1</price>\nstray\n</COMMAND>\n<MORE/>\n</ACCESSGW>";
    let at = |line: u32, xpath: &str, message: &str, schema: u32| {
        (line, xpath.to_owned(), message.to_owned(), Some(schema))
    };
    let command = "/ACCESSGW/COMMAND[1]";
    let expected = [
        at(2, "/ACCESSGW/MODULE[1]", "element `MODULE` has fixed value `SDP` but actual value is `SDPX`", 7),
        at(3, "/ACCESSGW", "element `MESSAGE_TYPE` is missing in `ACCESSGW` before `COMMAND`", 8),
        at(3, command, "element `COMMAND` has element-only content but non-whitespace text was found", 11),
        at(3, command, "element `regType` is missing in `COMMAND`", 14),
        at(3, "/ACCESSGW/COMMAND[1]/@kind", "`9` is not one of `1`, `2`", 3),
        at(3, "/ACCESSGW/COMMAND[1]/@zz", "attribute `zz` is not allowed for this element", 11),
        at(4, "/ACCESSGW/COMMAND[1]/queueID[1]", "`12a` does not match the pattern `[0-9]{1,19}`", 2),
        at(
            5,
            "/ACCESSGW/COMMAND[1]/foo[1]",
            "unknown element `foo` in `COMMAND` (known: `queueID`, `regType`, `price`)",
            11,
        ),
        at(
            6,
            "/ACCESSGW/COMMAND[1]/price[1]",
            "invalid lexical value for int: `x` (not a valid integer)",
            15,
        ),
        at(7, "/ACCESSGW/COMMAND[1]/price[2]", "element `price` is there once too often in `COMMAND`", 11),
        at(
            10,
            "/ACCESSGW/MORE[1]",
            "unknown element `MORE` in `ACCESSGW` (known: `MODULE`, `MESSAGE_TYPE`, `EXTRA`, `COMMAND`)",
            5,
        ),
    ];
    let found = report(&in_memory(NOTIFY), text);
    let strip = |(line, xpath, message, schema): &(u32, String, String, Option<u32>)| {
        (
            *line,
            xpath.clone(),
            if message.contains("int") && message.contains("`x`") {
                "int".to_owned()
            } else {
                message.clone()
            },
            *schema,
        )
    };
    assert_eq!(found.iter().map(strip).collect::<Vec<_>>(), expected.iter().map(strip).collect::<Vec<_>>());
    let codes: Vec<&str> = violations(&in_memory(NOTIFY), text).iter().map(|v| v.code).collect();
    assert!(codes.iter().all(|code| code.starts_with("cvc-")), "{codes:?}");
    assert_eq!(codes[1], "cvc-complex-type.2.4");
}

#[test]
fn a_missing_element_is_one_violation_and_the_rest_is_still_judged() {
    let schema = in_memory(NOTIFY);
    let messages =
        |text: &str| report(&schema, text).into_iter().map(|(.., message, _)| message).collect::<Vec<_>>();
    let missing = "element `MESSAGE_TYPE` is missing in `ACCESSGW` before `COMMAND`";
    let inside = "<COMMAND><queueID>1</queueID><regType>3</regType></COMMAND>";
    assert_eq!(
        messages(&format!("<ACCESSGW><MODULE>SDP</MODULE>{inside}</ACCESSGW>")),
        [missing, "`3` is not one of `1`, `2`"]
    );
    assert_eq!(
        messages(&format!("<ACCESSGW>{inside}</ACCESSGW>")),
        ["element `MODULE` is missing in `ACCESSGW` before `COMMAND`", missing, "`3` is not one of `1`, `2`"]
    );
    // An optional element is never called missing.
    assert_eq!(
        messages("<ACCESSGW><MODULE>SDP</MODULE><MESSAGE_TYPE/></ACCESSGW>"),
        ["element `COMMAND` is missing in `ACCESSGW`"]
    );
    // Two elements in the wrong order: one is missing where it belongs, and not expected where it is.
    assert_eq!(
        messages(&format!(
            "<ACCESSGW><MODULE>SDP</MODULE>{}<MESSAGE_TYPE/></ACCESSGW>",
            inside.replace('3', "1")
        )),
        [missing, "element `MESSAGE_TYPE` is not allowed in `ACCESSGW` here, where nothing more is expected"]
    );
}

#[test]
fn a_misplaced_element_is_judged_all_the_same() {
    let schema = in_memory(NOTIFY);
    let command = |kind: &str| format!("<COMMAND><queueID>1</queueID><regType>{kind}</regType></COMMAND>");
    let text =
        format!("<ACCESSGW><MODULE>SDP</MODULE><MESSAGE_TYPE/>{}{}</ACCESSGW>", command("1"), command("7"));
    let found = report(&schema, &text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0].2, "element `COMMAND` is there once too often in `ACCESSGW`");
    assert_eq!(
        (found[1].1.as_str(), found[1].2.as_str()),
        ("/ACCESSGW/COMMAND[2]/regType[1]", "`7` is not one of `1`, `2`")
    );
}

#[test]
fn alternatives_are_named() {
    let pay = schema("choice.xsd");
    let messages =
        |text: &str| report(&pay, text).into_iter().map(|(.., message, _)| message).collect::<Vec<_>>();
    assert_eq!(messages("<pay/>"), ["one of `card`, `iban`, `cash` is missing in `pay`"]);
    assert_eq!(
        messages("<pay><tip>1</tip></pay>"),
        ["one of `card`, `iban`, `cash` is missing in `pay` before `tip`"]
    );
    assert_eq!(
        messages("<pay><card/><iban/></pay>"),
        ["element `iban` is not allowed in `pay` here (expected: `tip`, `fee`)"]
    );
    assert_eq!(messages("<pay><crd/></pay>")[1], "unknown element `crd` in `pay` (nearest: `card`)");
}

#[test]
fn names_of_another_namespace_are_told_apart() {
    let envelope = schema("namespaces.xsd");
    let found = report(&envelope, "<envelope xmlns=\"urn:main\"><id>1</id></envelope>");
    assert_eq!(found[0].2, "element `Q{urn:common}id` is missing in `envelope`");
    assert_eq!(
        found[1].2,
        "unknown element `id` in `envelope` (known: `header`, `Q{urn:common}id`, `Q{}local`, `part`)"
    );
    let text =
        "<envelope xmlns=\"urn:main\" xmlns:c=\"urn:common\" c:mark=\"maybe\"><c:id>x</c:id></envelope>";
    let paths: Vec<String> = report(&envelope, text).into_iter().map(|(_, xpath, ..)| xpath).collect();
    assert_eq!(paths, ["/envelope/@c:mark", "/envelope/c:id[1]"]);
    let place = violations(&envelope, text).swap_remove(0).schema;
    assert!(place.is_some_and(|place| place.file.ends_with("namespaces-common.xsd") && place.line > 2));
}

#[test]
fn identity_constraints_point_at_what_breaks_them() {
    let shop = schema("identity.xsd");
    let found = report(
        &shop,
        "<shop>\n<product sku=\"1\"/>\n<product sku=\"1\"/>\n<line><ref>3</ref></line>\n</shop>",
    );
    let places: Vec<(u32, &str)> = found.iter().map(|(line, xpath, ..)| (*line, xpath.as_str())).collect();
    assert_eq!(places, [(1, "/shop"), (3, "/shop/product[2]")], "{found:?}");
    let found = report(&shop, "<ids>\n<d id=\"a\"/>\n<d to=\"b\"/>\n</ids>");
    assert_eq!((found[0].0, found[0].1.as_str()), (3, "/ids/d[2]/@to"), "{found:?}");
}

#[test]
fn hints_in_a_document_are_ignored() {
    let schema = in_memory(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='r' type='xs:int'/></xs:schema>",
    );
    let xsi = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    assert_eq!(
        violations(
            &schema,
            &format!("<r {xsi} xsi:noNamespaceSchemaLocation='http://127.0.0.1:9/x.xsd'>1</r>")
        ),
        []
    );
    assert_eq!(violations(&schema, &format!("<r {xsi} xsi:schemaLocation='odd'>1</r>")), []);
    assert_eq!(violations(&schema, &format!("<r {xsi} xsi:schemaLocation='odd'>x</r>")).len(), 1);
}

#[test]
fn one_schema_serves_many_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    let schema = in_memory(NOTIFY);
    shared(&schema);
    let good = "<ACCESSGW><MODULE>SDP</MODULE><MESSAGE_TYPE/><COMMAND><queueID>1</queueID><regType>1</regType></COMMAND></ACCESSGW>";
    let bad = good.replace("<regType>1", "<regType>3");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(violations(&schema, good), []);
                    assert_eq!(violations(&schema, &bad).len(), 1);
                }
            });
        }
    });
}
