//! XPath. The values were compared with those of libxml2 2.14.6 (lxml 6.1.3); the differences are noted.

use super::document;
use crate::xml::xpath::{Value, XPath};

const LIBRARY: &str = "<lib n=\"5\"><book id=\"b1\" lang=\"en\"><title>One &amp; only</title><price>10.50</price><author>A</author><author>B</author></book>\
    <book id=\"b2\"><title>Two</title><price>20</price><author>C</author><!-- c --></book>\
    <book id=\"b3\" lang=\"fr\"><title/><price>-3</price></book>\
    <misc>text<b>bold</b>tail<![CDATA[ cd & ]]>more<i/>x</misc><n>1</n><n>2</n><n>3</n>\
    <e xmlns:p=\"urn:p\" p:a=\"pa\" a=\"na\"><p:q>pq</p:q><q>q</q></e><?pi some data?></lib>";

#[test]
fn expressions_have_the_values_of_libxml2() {
    let document = document(LIBRARY);
    let cases: &[(&str, &[&str])] = &[
        ("/lib/book/title", &["One & only", "Two", ""]),
        ("//book/@id", &["b1", "b2", "b3"]),
        ("//book[@lang]/title", &["One & only", ""]),
        ("//book[@lang='fr']/price", &["-3"]),
        ("//book[price > 15]/@id", &["b2"]),
        ("//book[price = 20 or price = -3]/@id", &["b2", "b3"]),
        ("//book[not(@lang)]/title", &["Two"]),
        ("//author[1]", &["A", "C"]),
        ("(//author)[1]", &["A"]),
        ("//author[last()]", &["B", "C"]),
        ("//book[position() < 3]/@id", &["b1", "b2"]),
        ("//book[author='B']/@id", &["b1"]),
        ("//book[count(author)>1]/@id", &["b1"]),
        ("//book[author[2]]/@id", &["b1"]),
        ("//book[string-length(title) > 3]/@id", &["b1"]),
        ("//title[not(text())]", &[""]),
        ("//misc/text()", &["text", "tail cd & more", "x"]),
        ("count(//misc/node())", &["5"]),
        ("string(//misc)", &["textboldtail cd & morex"]),
        ("//n[. = 2]/following-sibling::n", &["3"]),
        ("//n[. = 3]/preceding-sibling::n[1]", &["2"]),
        ("//author/parent::book/@id", &["b1", "b2"]),
        ("name(//b/ancestor::*[1])", &["misc"]),
        ("name(//b/ancestor-or-self::*[last()])", &["lib"]),
        ("//book[2]/descendant::author", &["C"]),
        ("//comment()", &[" c "]),
        ("//processing-instruction('pi')", &["some data"]),
        ("//@id | //n", &["b1", "b2", "b3", "1", "2", "3"]),
        ("//book[last()]/following-sibling::*[1]/b", &["bold"]),
        ("//*[self::n or self::b]", &["bold", "1", "2", "3"]),
        ("//n[position() mod 2 = 1]", &["1", "3"]),
        ("sum(//n) * 2 - 1", &["11"]),
        ("//n = 2", &["true"]),
        ("//n > 2", &["true"]),
        ("2 < //n", &["true"]),
        ("//n != 2", &["true"]),
        ("//n = //price", &["false"]),
        ("boolean(//nope)", &["false"]),
        ("string(//nope)", &[""]),
        ("//nope", &[]),
        ("local-name(//*[@p:a])", &["e"]),
        ("namespace-uri(//p:q)", &["urn:p"]),
        ("name(//p:q)", &["p:q"]),
        ("concat('a', 'b', 1, true())", &["ab1true"]),
        ("starts-with('abc', 'ab')", &["true"]),
        ("contains(//book[1]/title, 'only')", &["true"]),
        ("substring-before('a-b', '-')", &["a"]),
        ("substring-after('a-b-c', '-')", &["b-c"]),
        ("substring('12345', 2, 3)", &["234"]),
        ("substring('12345', 1.5, 2.6)", &["234"]),
        ("substring('12345', 0, 3)", &["12"]),
        ("substring('12345', -42, 1 div 0)", &["12345"]),
        ("string-length('héé')", &["3"]),
        ("translate('--aaa--', 'abc-', 'ABC')", &["AAA"]),
        ("normalize-space('  a  b ')", &["a b"]),
        ("number(' -3 ')", &["-3"]),
        ("number('abc')", &["NaN"]),
        ("1 div 0", &["Infinity"]),
        ("-7 mod 3", &["-1"]),
        ("1 + 2 * 3 - - 4", &["11"]),
        ("(1 + 2) * 3 div 2", &["4.5"]),
        ("round(-2.5)", &["-2"]),
        ("floor(-2.5) + ceiling(2.2)", &["0"]),
        ("string(-0)", &["0"]),
        ("true() = 'x'", &["true"]),
        // libxml2 reads and writes exponents; XPath 1.0 section 4.2 and 4.4 have none.
        ("number('1e3')", &["NaN"]),
        ("string(0.000001)", &["0.000001"]),
    ];
    for (expression, expected) in cases {
        let xpath = XPath::compile(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
        assert_eq!(xpath.strings(&document).expect("a value"), *expected, "{expression}");
    }
}

#[test]
fn values_keep_their_type() {
    let document = document(LIBRARY);
    let value = |expression: &str| {
        XPath::compile(expression).expect("an expression").evaluate(&document).expect("a value")
    };
    assert_eq!(value("//n[1]"), Value::Nodes(vec!["1".into()]));
    assert_eq!(value("'a'"), Value::Text("a".into()));
    assert_eq!(value("count(//n)"), Value::Number(3.0));
    assert_eq!(value("1 = 1"), Value::Boolean(true));
}

#[test]
fn names_are_as_written_unless_their_prefix_is_bound() {
    let text = "<s:Envelope xmlns:s='urn:soap'><s:Body><reply xmlns='urn:r'><id>1</id></reply></s:Body></s:Envelope>";
    let document = document(text);
    let other = super::document(
        &text.replace("s:Envelope", "soap:Envelope").replace("s:Body", "soap:Body").replace(":s=", ":soap="),
    );
    let count = |xpath: &XPath, d| xpath.strings(d).expect("a value").len();
    let written = XPath::compile("//s:Body//id").expect("an expression");
    assert_eq!((count(&written, &document), count(&written, &other)), (1, 0));
    let bound = XPath::compile("//x:Body//r:id")
        .expect("an expression")
        .with_namespaces([("x", "urn:soap"), ("r", "urn:r")]);
    assert_eq!((count(&bound, &document), count(&bound, &other)), (1, 1));
    let local = XPath::compile("//*:Body//*:id").expect("an expression");
    assert_eq!((count(&local, &document), count(&local, &other)), (1, 1));
    let any = XPath::compile("//x:*").expect("an expression").with_namespaces([("x", "urn:soap")]);
    assert_eq!(count(&any, &other), 2);
}

#[test]
fn what_is_no_xpath_is_refused_where_it_goes_wrong() {
    let cases = [
        ("", "a step is missing at character 1"),
        ("//book[", "a step is missing at character 8"),
        ("//a[1", "`]` is missing at character 6"),
        ("a b", "an operator is missing before `b` at character 3"),
        ("1 +", "a step is missing at character 4"),
        ("//é/@", "a step is missing at character 6"),
        ("\"abc", "a literal without its closing quote at character 1"),
        ("a || b", "a step is missing at character 4"),
        ("a!b", "unexpected `!` at character 2"),
        ("$x", "variables are not supported at character 1"),
        ("contans(a, 'b')", "unknown function `contans` (nearest: `contains`) at character 1"),
        ("a + count(1)", "the argument of `count` does not select nodes at character 5"),
        ("substring('a')", "`substring` takes 2 to 3 arguments, not 1 at character 1"),
        ("1 | //a", "`|` joins nodes, and one side selects none at character 1"),
        ("(1)[1]", "predicates and steps need nodes, and this selects none at character 1"),
        ("p:", "a name is missing after `p:` at character 1"),
    ];
    for (expression, message) in cases {
        let error = XPath::compile(expression).map(|_| ()).map_err(|e| e.to_string());
        assert_eq!(error, Err(message.to_owned()), "{expression}");
    }
    for unsupported in ["following::a", "preceding::a", "namespace::*", "id('a')", "lang('en')"] {
        assert!(XPath::compile(unsupported).is_err(), "{unsupported}");
    }
}

#[test]
fn long_expressions_are_bounded() {
    let refused = |expression: String| XPath::compile(&expression).is_err();
    assert!(refused("(".repeat(4000)));
    assert!(refused("a[".repeat(2000)));
    assert!(refused("-".repeat(4000) + "1"));
    assert!(refused("1+".repeat(2000) + "1"));
    assert!(refused("a/".repeat(2000) + "a"));
    assert!(refused("a".repeat(5000)));
    assert!(refused("not(".repeat(1000)));
    // The longest that is accepted is evaluated on the 2 MB stack of a test thread.
    let document = document(LIBRARY);
    for longest in ["1+".repeat(290) + "1", "a|".repeat(140) + "a", "(".repeat(31) + "1" + &")".repeat(31)] {
        XPath::compile(&longest).expect("an expression").strings(&document).expect("a value");
    }
}
