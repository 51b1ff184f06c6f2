//! Well-formedness, the tree, and writing it.

use super::{document, refused};
use crate::xml::{Child, XmlErrorKind as Kind};

#[test]
fn the_tree_has_names_namespaces_attributes_children_and_positions() {
    let text = "<?xml version=\"1.0\"?>\n<!-- c -->\n<s:a xmlns:s=\"urn:s\" xmlns='urn:d' k=\"1\" s:k='2'>\n  <b>t</b>é<s:c/>\n</s:a>";
    let document = document(text);
    let root = document.root();
    assert_eq!((root.name(), root.local_name(), root.namespace()), ("s:a", "a", Some("urn:s")));
    assert_eq!((root.position().line, root.position().column), (3, 1));
    assert_eq!(&text[root.position().offset..][..4], "<s:a");
    let names: Vec<_> = root.attributes().iter().map(|a| (a.name.as_str(), a.namespace.as_deref())).collect();
    let xmlns = Some("http://www.w3.org/2000/xmlns/");
    assert_eq!(names, [("xmlns:s", xmlns), ("xmlns", xmlns), ("k", None), ("s:k", Some("urn:s"))]);
    assert_eq!(
        (root.attribute("k"), root.attribute("s:k"), root.attribute("z")),
        (Some("1"), Some("2"), None)
    );
    let column = text.lines().nth(2).and_then(|line| line.find("s:k=")).map(|at| at as u32 + 1);
    assert_eq!(Some(root.attributes()[3].position.column), column);
    let elements: Vec<_> = root.elements().map(|e| (e.name(), e.namespace(), e.position().column)).collect();
    // `é` is two bytes and one column.
    assert_eq!(elements, [("b", Some("urn:d"), 3), ("s:c", Some("urn:s"), 12)]);
    assert_eq!(root.elements().nth(1).map(|e| e.xpath()).as_deref(), Some("/s:a/s:c[1]"));
    assert_eq!(root.elements().next().and_then(|e| e.parent()).map(|e| e.name()), Some("s:a"));
    assert_eq!(root.text(), "\n  té\n");
}

#[test]
fn character_data_is_resolved_and_joined() {
    let document = document("<a>1 &lt; 2 &amp;&#38; &#x4e2d;\r\nx\ry<!-- - -->z<![CDATA[ <&>\r\n]]></a>");
    let children: Vec<String> = document.root().children().map(|child| format!("{child:?}")).collect();
    assert_eq!(
        children,
        [r#"Text("1 < 2 && 中\nx\ny")"#, r#"Comment(" - ")"#, r#"Text("z")"#, r#"CData(" <&>\n")"#]
    );
    assert!(matches!(document.root().children().next(), Some(Child::Text(_))));
}

#[test]
fn attribute_values_are_normalised() {
    let document = document("<a k=\" 1\t2\r\n3&#10;&quot;&apos;&gt;\"/>");
    assert_eq!(document.root().attribute("k"), Some(" 1 2 3\n\"'>"));
}

#[test]
fn xpaths_count_namesakes() {
    let document = document("<r><i/><j/><i><k/></i></r>");
    let paths: Vec<String> = document.root().descendants().map(|e| e.xpath()).collect();
    assert_eq!(paths, ["/r", "/r/i[1]", "/r/j[1]", "/r/i[2]", "/r/i[2]/k[1]"]);
}

#[test]
fn defects_have_their_kind_place_and_message() {
    let cases = [
        ("", Kind::Empty, 1, 1, "the document is empty"),
        (" \n ", Kind::Empty, 1, 1, "the document is empty"),
        ("<a>\n  <b>\n</a>", Kind::Syntax, 3, 1, "`</a>` where `</b>` is expected, opened on line 2"),
        ("<a></a></a>", Kind::Syntax, 1, 8, "`</a>` closes nothing"),
        ("<a/><b/>", Kind::Syntax, 1, 5, "a second element after the root"),
        ("<a/>x", Kind::Syntax, 1, 5, "text after the root element: `x`"),
        ("x<a/>", Kind::Syntax, 1, 1, "text before the root element: `x<a/>`"),
        ("<a/>&amp;", Kind::Syntax, 1, 5, "text after the root element: `&amp;`"),
        ("<![CDATA[x]]><a/>", Kind::Syntax, 1, 1, "text before the root element: `<![CDATA[x]]><a/>`"),
        ("<!-- only -->", Kind::Truncated, 1, 14, "the document ends before its root element"),
        ("<a>\n<b>", Kind::Truncated, 2, 4, "the document ends before `</b>`, opened on line 2"),
        (
            "<a>&nbsp;</a>",
            Kind::Entity,
            1,
            4,
            "unknown entity `&nbsp;` (known: `&amp;`, `&lt;`, `&gt;`, `&apos;`, `&quot;`)",
        ),
        ("<a>x & y</a>", Kind::Entity, 1, 6, "`&` begins no reference: write it as `&amp;`"),
        ("<a b='&'/>", Kind::Entity, 1, 7, "`&` without `;` in an attribute value: write `&` as `&amp;`"),
        ("<a>&#0;</a>", Kind::Character, 1, 4, "`&#0;` is not a character that XML 1.0 allows"),
        ("<a>&#x110000;</a>", Kind::Character, 1, 4, "`&#x110000;` is not a character that XML 1.0 allows"),
        (
            "<a>&#99999999999999999999;</a>",
            Kind::Character,
            1,
            4,
            "`&#99999999999999999999;` is not a character that XML 1.0 allows",
        ),
        ("<a>&#x;</a>", Kind::Entity, 1, 4, "malformed character reference `&#x;`"),
        ("<a>\u{1}</a>", Kind::Character, 1, 4, "U+0001 is not a character that XML 1.0 allows"),
        ("<a>\u{FFFE}</a>", Kind::Character, 1, 4, "U+FFFE is not a character that XML 1.0 allows"),
        ("<a b='1' b='2'/>", Kind::DuplicateAttribute, 1, 10, "attribute `b` is given twice"),
        (
            "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
            Kind::DuplicateAttribute,
            1,
            36,
            "attribute `q:b` is given twice",
        ),
        ("<p:a/>", Kind::Namespace, 1, 1, "prefix `p` of `p:a` is not declared"),
        ("<a p:b='1'/>", Kind::Namespace, 1, 4, "prefix `p` of `p:b` is not declared"),
        ("<a xmlns:p=''/>", Kind::Namespace, 1, 4, "prefix `p` is declared with an empty URI"),
        (
            "<a xmlns:xml='urn:x'/>",
            Kind::Namespace,
            1,
            4,
            "only `xml` stands for `http://www.w3.org/XML/1998/namespace`",
        ),
        ("<a b=1/>", Kind::Syntax, 1, 6, "the value of attribute `b` is not in quotes"),
        ("<a b/>", Kind::Syntax, 1, 4, "attribute `b` has no value"),
        ("<a b='1'c='2'/>", Kind::Syntax, 1, 9, "white space is missing before an attribute"),
        ("<a b='<'/>", Kind::Syntax, 1, 7, "`<` in an attribute value: write it as `&lt;`"),
        ("<1a/>", Kind::Syntax, 1, 1, "`1a` is not a name that an element may have"),
        ("< a/>", Kind::Syntax, 1, 1, "element name is missing"),
        ("<a:b:c/>", Kind::Syntax, 1, 1, "`a:b:c` is not a name that an element may have"),
        ("<a>]]></a>", Kind::Syntax, 1, 4, "`]]>` in text: write it as `]]&gt;`"),
        ("<a><!-- -- --></a>", Kind::Syntax, 1, 9, "`--` in a comment"),
        ("<a><!-- ---></a>", Kind::Syntax, 1, 9, "`--` in a comment"),
        ("<a><![cdata[x]]></a>", Kind::Syntax, 1, 4, "unknown markup `<![cdata[x]]></a>`"),
        (
            " <?xml version='1.0'?><a/>",
            Kind::Syntax,
            1,
            2,
            "an XML declaration after the start of the document",
        ),
        (
            "<a><?XML x?></a>",
            Kind::Syntax,
            1,
            4,
            "`XML` is not a name that a processing instruction may have",
        ),
        (
            "<?xml encoding='UTF-8'?><a/>",
            Kind::Syntax,
            1,
            1,
            "the XML declaration does not begin with `version`",
        ),
        ("<?xml version='2.0'?><a/>", Kind::Syntax, 1, 1, "`2.0` is no version of an XML declaration"),
        (
            "<?xml version='1.0' standalone='maybe'?><a/>",
            Kind::Syntax,
            1,
            1,
            "`maybe` is no standalone of an XML declaration",
        ),
        (
            "<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>",
            Kind::Syntax,
            1,
            1,
            "`encoding` does not belong there in the XML declaration",
        ),
        ("<!DOCTYPE a><a/>", Kind::Dtd, 1, 1, "a document type declaration (`<!DOCTYPE`) is not accepted"),
        ("<a/><!", Kind::Truncated, 1, 5, "the document ends inside a markup declaration"),
        ("<a><!-- x", Kind::Truncated, 1, 4, "the document ends inside a comment"),
        ("<a b='", Kind::Truncated, 1, 1, "the document ends inside a tag"),
        ("\u{FEFF}\u{FEFF}<a/>", Kind::Syntax, 1, 1, "a second byte order mark"),
    ];
    for (text, kind, line, column, message) in cases {
        let error = refused(text);
        let found = (error.kind, error.position.line, error.position.column, error.message.as_str());
        assert_eq!(found, (kind, line, column, message), "{text}");
    }
}

#[test]
fn what_is_well_formed_is_accepted() {
    let cases = [
        "<?xml version='1.0' encoding='utf-8' standalone='yes' ?><a/>",
        "<?xml version='1.1'?><a/>",
        "<a ></a >",
        "<a\n\tb = '1'\n/>",
        "<?p?><!----><a/><!-- x --><?p d?>\n",
        "<_a-.1·é:b xmlns:_a-.1·é='u'/>",
        "<a xmlns='u'><b xmlns=''/></a>",
        "<a xml:lang='en'/>",
        "<a b='>' c=\"'\" d='\"'/>",
        "<a>]]</a>",
        "<a>> ]]&gt;</a>",
        "<a><![CDATA[<![CDATA[ ]] > ]]]]></a>",
        "<a xmlns:p='u' p:b='1' b='2'/>",
    ];
    for text in cases {
        let written = document(text).to_string();
        let again = document(&written);
        assert_eq!(again.to_string(), written, "{text}");
        let json = |d: &crate::xml::Document| crate::xml::to_json(d.root());
        assert_eq!(json(&again), json(&document(text)), "{text}");
    }
}

#[test]
fn writing_keeps_everything_but_the_layout_of_tags() {
    let text = "<?xml version='1.0'?>\n<?p d?>\n<a k=\"&lt;&quot;&#10;\" xmlns:p=\"u\"><!-- c --><p:b/>&amp;&#13;<![CDATA[<]]><c>\n</c></a>\n<!-- end -->";
    assert_eq!(document(text).to_string(), text);
    assert_eq!(document("<a  b = '1' ></a >").to_string(), "<a b=\"1\"/>");
}
