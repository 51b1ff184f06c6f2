//! Changes by dotted path.

use super::document;
use crate::xml::{Document, PathError};

const NOTIFY: &str = "<ACCESSGW>\n  <COMMAND kind=\"1\">\n    <queueID>1</queueID>\n    <msisdn>84900000755</msisdn>\n  </COMMAND>\n</ACCESSGW>";

fn changed(text: &str, change: impl FnOnce(&mut Document) -> Result<(), PathError>) -> String {
    let mut document = document(text);
    change(&mut document).unwrap_or_else(|error| panic!("{error}"));
    // What is written is well-formed, and the same tree.
    assert_eq!(super::document(&document.to_string()).to_string(), document.to_string());
    document.to_string()
}

#[test]
fn texts_and_attributes_are_set() {
    let set = |path: &str, text: &str| changed(NOTIFY, |d| d.set_text(path, text));
    assert_eq!(set("COMMAND.msisdn", "<&>"), NOTIFY.replace("84900000755", "&lt;&amp;&gt;"));
    assert_eq!(set("COMMAND.msisdn", ""), NOTIFY.replace("<msisdn>84900000755</msisdn>", "<msisdn/>"));
    assert_eq!(set("COMMAND.@kind", "\"2\""), NOTIFY.replace("\"1\"", "\"&quot;2&quot;\""));
    let split = "<a><b>1<!-- c --><![CDATA[2]]></b></a>";
    assert_eq!(changed(split, |d| d.set_text("b", "3")), "<a><b>3</b></a>");
}

#[test]
fn elements_are_inserted_last_with_the_indentation_of_their_siblings() {
    let insert = |path: &str, text: &str| changed(NOTIFY, |d| d.insert_text(path, text));
    let after = NOTIFY.replace("</msisdn>\n", "</msisdn>\n    <regType>1</regType>\n");
    assert_eq!(insert("COMMAND.regType", "1"), after);
    assert_eq!(
        insert("MODULE", "SDP"),
        NOTIFY.replace("</COMMAND>\n", "</COMMAND>\n  <MODULE>SDP</MODULE>\n")
    );
    assert_eq!(insert("COMMAND.@more", "x"), NOTIFY.replace("kind=\"1\"", "kind=\"1\" more=\"x\""));
    assert_eq!(changed("<a/>", |d| d.insert_text("b", "")), "<a><b/></a>");
    assert_eq!(
        changed("<a xmlns:p='u'/>", |d| d.insert_text("p:b", "1")),
        "<a xmlns:p=\"u\"><p:b>1</p:b></a>"
    );
}

#[test]
fn elements_are_removed_with_their_indentation() {
    let remove = |path: &str| changed(NOTIFY, |d| d.remove(path));
    assert_eq!(remove("COMMAND.queueID"), NOTIFY.replace("\n    <queueID>1</queueID>", ""));
    assert_eq!(remove("COMMAND.@kind"), NOTIFY.replace(" kind=\"1\"", ""));
    assert_eq!(remove("COMMAND"), "<ACCESSGW>\n</ACCESSGW>");
}

#[test]
fn positions_tell_namesakes_apart() {
    let list = "<r><i>1</i><i>2</i><j><i>3</i></j></r>";
    assert_eq!(changed(list, |d| d.set_text("i[2]", "x")), list.replace('2', "x"));
    assert_eq!(changed(list, |d| d.set_text("j.i", "x")), list.replace('3', "x"));
    assert_eq!(changed(list, |d| d.remove("i[1]")), list.replace("<i>1</i>", ""));
}

#[test]
fn a_changed_document_is_searched_and_projected_like_any() {
    let mut document = document("<r><a>1</a><c>3</c></r>");
    document.insert_text("b", "2").expect("inserted");
    document.remove("a").expect("removed");
    document.insert_text("a", "4").expect("inserted");
    let all = crate::xml::xpath::XPath::compile("//* | /r/@*").expect("an expression");
    assert_eq!(all.strings(&document).expect("a value"), ["324", "3", "2", "4"]);
    assert_eq!(
        crate::xml::to_json(document.root()),
        serde_json::json!({"r": {"a": "4", "b": "2", "c": "3"}})
    );
    assert_eq!(document.root().elements().last().map(|e| e.xpath()).as_deref(), Some("/r/a[1]"));
}

#[test]
fn what_cannot_be_changed_says_why() {
    let text = "<r><item>1</item><item>2</item><box><leaf/></box></r>";
    let cases: [(&str, &str, &str); 14] = [
        ("set", "itme[1]", "no element `itme[1]` in `/r` (nearest: `item`)"),
        ("set", "box.laef", "no element `laef` in `/r/box[1]` (nearest: `leaf`)"),
        ("set", "box.something", "no element `something` in `/r/box[1]`"),
        ("set", "item", "`/r` has several `item`: write `item[1]` for the first"),
        ("set", "item[3]", "no element `item[3]` in `/r` (nearest: `item`)"),
        ("set", "box", "`box` has child elements, so it has no text of its own"),
        ("set", "box.@x", "no attribute `x` in `/r/box[1]`"),
        ("set", "", "the path is empty"),
        ("set", "a..b", "no element `a` in `/r`"),
        ("set", "item[0]", "`item[0]` is not a step of a path"),
        ("insert", "box.leaf", "`box.leaf` exists already"),
        ("insert", "box.1x", "`1x` is not a name to insert"),
        ("insert", "box.p:x", "prefix `p` of `p:x` is not declared there"),
        ("remove", "nothing.at.all", "no element `nothing` in `/r`"),
    ];
    for (what, path, message) in cases {
        let mut document = document(text);
        let result = match what {
            "set" => document.set_text(path, "x"),
            "insert" => document.insert_text(path, "x"),
            _ => document.remove(path),
        };
        assert_eq!(result.map_err(|e| e.to_string()), Err(message.to_owned()), "{what} {path}");
        assert_eq!(document.to_string(), text);
    }
    let error = document(text).set_text("item[1]", "\0").map_err(|e| e.to_string());
    assert_eq!(error, Err("U+0000 cannot occur in XML 1.0: send a raw body instead".to_owned()));
}
