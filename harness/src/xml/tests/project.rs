//! The projection to JSON, and the way back from a pointer to a place.

use super::document;
use crate::xml::{locate, to_json};
use serde_json::json;

#[test]
fn the_projection_is_the_documented_one() {
    let cases = [
        ("<a>text</a>", json!({"a": "text"})),
        ("<a/>", json!({"a": ""})),
        ("<a>  </a>", json!({"a": "  "})),
        ("<a k='v'>text</a>", json!({"a": {"@k": "v", "#text": "text"}})),
        ("<a k='v'/>", json!({"a": {"@k": "v", "#text": ""}})),
        ("<a>\n <b>1</b>\n <c/>\n</a>", json!({"a": {"b": "1", "c": ""}})),
        ("<a><b>1</b><c/><b>2</b><b><d/></b></a>", json!({"a": {"b": ["1", "2", {"d": ""}], "c": ""}})),
        ("<a>x<b>1</b> y</a>", json!({"a": {"#text": "x y", "b": "1"}})),
        ("<a k='v'> <b/></a>", json!({"a": {"@k": "v", "b": ""}})),
        ("<a>1<!-- c -->2<![CDATA[<]]>&gt;<?p?></a>", json!({"a": "12<>"})),
        (
            "<s:a xmlns:s='u' xmlns='d' s:k='v'><b xmlns:x='y'>1</b></s:a>",
            json!({"s:a": {"@s:k": "v", "b": "1"}}),
        ),
        (
            "<RPLY name=\"CheckServiceInfo\"><requestid>1</requestid><error_id>0</error_id></RPLY>",
            json!({"RPLY": {"@name": "CheckServiceInfo", "requestid": "1", "error_id": "0"}}),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(to_json(document(text).root()), expected, "{text}");
    }
}

#[test]
fn a_pointer_leads_to_its_place() {
    let document = document("<RPLY name='n'>\n <id>1</id>\n <item k='v'>a</item>\n <item>b</item>\n</RPLY>");
    let place = |pointer: &str| {
        let located = locate(&document, pointer);
        (located.xpath, located.position.line, located.found)
    };
    let at = |xpath: &str, line: u32, found: bool| (xpath.to_owned(), line, found);
    assert_eq!(place(""), at("/RPLY", 1, true));
    assert_eq!(place("/RPLY"), at("/RPLY", 1, true));
    assert_eq!(place("/RPLY/@name"), at("/RPLY/@name", 1, true));
    assert_eq!(place("/RPLY/id"), at("/RPLY/id[1]", 2, true));
    assert_eq!(place("/RPLY/item"), at("/RPLY/item[1]", 3, true));
    assert_eq!(place("/RPLY/item/1"), at("/RPLY/item[2]", 4, true));
    assert_eq!(place("/RPLY/item/0/@k"), at("/RPLY/item[1]/@k", 3, true));
    assert_eq!(place("/RPLY/item/0/#text"), at("/RPLY/item[1]/text()", 3, true));
    // What is not there is shown where it would be.
    assert_eq!(place("/RPLY/error_id"), at("/RPLY/error_id[1]", 1, false));
    assert_eq!(place("/RPLY/item/2"), at("/RPLY/item[3]", 1, false));
    assert_eq!(place("/RPLY/item/1/@k"), at("/RPLY/item[2]/@k", 4, false));
    assert_eq!(place("/RPLY/id/x/y"), at("/RPLY/id[1]/x[1]/y[1]", 2, false));
    assert_eq!(place("/OTHER/id"), at("/OTHER/id[1]", 1, false));
}

#[test]
fn every_place_of_a_pointer_is_one_that_xpath_finds() {
    let document = document("<s:r xmlns:s='u' xmlns='d'><i k='1'>a</i><i>b</i><j><i/></j></s:r>");
    for (pointer, expected) in
        [("/s:r/i/1", "b"), ("/s:r/i/0/@k", "1"), ("/s:r/i/0/#text", "a"), ("/s:r/j/i", "")]
    {
        let xpath =
            crate::xml::xpath::XPath::compile(&locate(&document, pointer).xpath).expect("an expression");
        assert_eq!(xpath.strings(&document).expect("a value"), [expected], "{pointer}");
    }
}
