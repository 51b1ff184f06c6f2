//! Patterns: rewritten so that they mean what XML Schema says.
//!
//! 119 patterns on 83 values (9,877 verdicts) were compared with libxml2 2.14.6 and the PyPI package xmlschema 4.3.2:
//! wherever those two agree, the verdict here is theirs, or the pattern is refused when the schema is compiled.

use crate::xml::Limits;
use crate::xml::xsd::Schema;
use std::path::Path;

fn compiled(pattern: &str) -> Result<Schema, String> {
    let pattern = pattern.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let xsd = format!(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:simpleType name='t'><xs:restriction base='xs:string'>\
         <xs:pattern value=\"{pattern}\"/></xs:restriction></xs:simpleType><xs:element name='r' type='t'/></xs:schema>"
    );
    Schema::compile(Path::new("t.xsd"), &|_| Ok(xsd.clone().into_bytes()))
        .map_err(|errors| errors[0].message.clone())
}

fn matches(pattern: &str, value: &str) -> bool {
    let schema = compiled(pattern).unwrap_or_else(|error| panic!("{error}"));
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('\r', "&#13;");
    let document = crate::xml::parse(format!("<r>{value}</r>").as_bytes(), None, &Limits::default())
        .expect("well-formed");
    schema.validate(&document).expect("a verdict").is_empty()
}

#[test]
fn patterns_fit_what_they_should_and_nothing_else() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        // The whole value, also around alternatives.
        ("yes|no", &["yes", "no"], &["yesterday", "piano", "yesno", ""]),
        ("a|b|", &["a", "b", ""], &["ab"]),
        ("(ab)+|c{2,3}", &["ab", "abab", "cc", "ccc"], &["aba", "c", "cccc"]),
        ("", &[""], &["a"]),
        // Class subtraction, negation, hyphens.
        ("[a-z-[aeiou]]+", &["b", "xyz"], &["e", "-", "a-"]),
        ("[^a-z-[0-9]]", &["A", "é"], &["a", "5", ""]),
        ("[\\i-[:]][\\c-[:]]*", &["a1", "_-."], &["a:b", "1a", ":"]),
        ("[+\\-*/]+", &["+-*/"], &["a"]),
        ("[a-]", &["a", "-"], &["b"]),
        ("[-a]", &["a", "-"], &["b"]),
        ("[a&&b~~c#]+", &["&", "a&b", "~", "#c"], &["d"]),
        ("[\\[\\]^$]+", &["[]", "^$"], &["a"]),
        // Characters that other dialects treat specially.
        ("a^b", &["a^b"], &["ab"]),
        ("a$b", &["a$b"], &["ab"]),
        ("\\$\\^\\.", &["$^."], &["$^a"]),
        ("#x y", &["#x y"], &["#xy"]),
        ("a.c", &["abc", "a\u{85}c"], &["a\nc", "a\rc", "ac"]),
        // Escapes for several characters.
        ("\\s", &[" ", "\n"], &["\u{A0}", "a"]),
        ("\\S", &["a", "\u{A0}"], &[" "]),
        ("\\d+", &["12", "٣"], &["1a", ""]),
        ("\\w+", &["aé1", "$a", "+"], &["a b", "a.b", "_"]),
        ("\\W", &["_", ".", " "], &["a", "$"]),
        ("\\p{Lu}\\p{Ll}*", &["Abc", "É"], &["abc"]),
        ("[^\\p{L}]+", &["12.", "-"], &["a", "中"]),
        ("\\P{L}", &["1"], &["a"]),
        ("\\i\\c*", &["a", ":a", "é-1"], &["1", "-"]),
        ("[一-龥]+", &["中文"], &["a"]),
        // As providers write them.
        ("84[0-9]{9}", &["84900000755"], &["8490000075", "849000007555", " 84900000755"]),
        ("([0-9]{14})?", &["", "20171003164946"], &["2017"]),
        ("-?[0-9]+(\\.[0-9]{1,2})?", &["-3", "12.34"], &["12.345", ".5"]),
        ("[a-zA-Z0-9._%+\\-]+@[a-zA-Z0-9.\\-]+\\.[a-zA-Z]{2,}", &["x@y.example"], &["x@y", "x y@z.example"]),
    ];
    for (pattern, fitting, unfit) in cases {
        for value in *fitting {
            assert!(matches(pattern, value), "{pattern} should fit {value:?}");
        }
        for value in *unfit {
            assert!(!matches(pattern, value), "{pattern} should not fit {value:?}");
        }
    }
}

#[test]
fn what_xsd_does_not_have_is_refused_where_it_stands() {
    let cases = [
        ("a(", "`)` is missing at character 3 of the pattern"),
        ("a)", "`)` closes nothing at character 2 of the pattern"),
        ("[a", "`]` is missing at character 3 of the pattern"),
        ("a]", "`]` is not escaped at character 2 of the pattern"),
        ("*a", "`*` follows nothing that it could repeat at character 1 of the pattern"),
        ("(?:a)", "`?` follows nothing that it could repeat at character 2 of the pattern"),
        ("a+?", "XSD has no `?` after a quantifier at character 3 of the pattern"),
        ("a{2,1}", "malformed `{n,m}` at character 7 of the pattern"),
        ("a{,2}", "a number is missing at character 3 of the pattern"),
        ("a{9999}", "a repetition of more than 1000 is not supported at character 7 of the pattern"),
        ("a\\1", "XSD has no escape `\\1` at character 2 of the pattern"),
        ("\\bfoo", "XSD has no escape `\\b` at character 1 of the pattern"),
        ("[z-a]", "a range whose end is not a character after its beginning at character 5 of the pattern"),
        ("[a-\\d]", "a range whose end is not a character after its beginning at character 6 of the pattern"),
        ("[]", "an empty class at character 2 of the pattern"),
        ("[a[b]]", "`[` is not escaped in a class at character 3 of the pattern"),
        (
            "[a-c-e]",
            "`-` is only allowed first or last in a class, unless escaped at character 5 of the pattern",
        ),
        ("\\p{Foo}", "Unicode category `Foo` is unknown or not supported at character 3 of the pattern"),
        (
            "\\p{IsGreek}",
            "Unicode category `IsGreek` is unknown or not supported at character 3 of the pattern",
        ),
        (
            "[\\w-[\\d]]",
            "subtracting classes with `\\d`, `\\w` or `\\p` is not supported at character 10 of the pattern",
        ),
        ("[a-[a]]", "a class that fits no character at character 8 of the pattern"),
    ];
    for (pattern, message) in cases {
        let expected = format!("pattern `{pattern}`: {message}");
        assert_eq!(compiled(pattern).map(|_| ()), Err(expected), "{pattern}");
    }
    assert!(compiled("^a$").is_err_and(|message| message.contains("`^` and `$` stand for themselves")));
    assert!(compiled(&"(".repeat(1000)).is_err());
}

#[test]
fn a_violation_shows_the_pattern_as_written() {
    let schema = compiled("[a-z-[aeiou]]+|x").expect("a schema");
    let document = crate::xml::parse(b"<r>E</r>", None, &Limits::default()).expect("well-formed");
    let violations = schema.validate(&document).expect("a verdict");
    assert_eq!(violations[0].message, "`E` does not match the pattern `[a-z-[aeiou]]+|x`");
}
