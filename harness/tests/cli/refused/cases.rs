//! Mistakes in case files.

use super::refused;
use crate::support::Suite;

#[test]
fn every_mistake_of_a_file_is_told_at_once() {
    let make = |url: &str| Suite::at(url).file("cases/demo/mistakes.yaml", include_str!("mistakes.yaml"));
    refused(make, include_str!("mistakes.stderr"));
}

/// Two files that use a broken fixture of a third do not tell of it twice, nor does a case with rows.
#[test]
fn one_mistake_is_told_once() {
    let fixture = "api: demo\nfixtures:\n  login: { steps: [ { call: get_thng } ] }\n";
    let using = "api: demo
cases:
  - { id: ID, title: T, doc: demo.txt#1, use: login, call: get_thing, examples: [ { name: a }, { name: b } ] }
";
    let make = |url: &str| {
        Suite::at(url)
            .file("cases/demo/a.yaml", &using.replace("ID", "a"))
            .file("cases/demo/b.yaml", &using.replace("ID", "b"))
            .file("cases/demo/fixtures.yaml", fixture)
    };
    let expected = "\
error: cases/demo/fixtures.yaml:3:29: × unknown operation `get_thng` (known: `get_thing`, `make_thing`, `post_xml`, `find_gbk`,
  │ `subscribe`)
   ╭─[cases/demo/fixtures.yaml:3:29]
 2 │ fixtures:
 3 │   login: { steps: [ { call: get_thng } ] }
   ·                             ────┬───
   ·                                 ╰── not known
   ╰────
  help: did you mean `get_thing`?

the suite is refused: 1 problem, nothing was sent
";
    refused(make, expected);
}

#[test]
fn more_problems_than_anybody_reads_are_counted() {
    let cases: String = (0..60)
        .map(|i| format!("  - {{ id: c{i}, title: T, doc: demo.txt#1, call: nothing_{i} }}\n"))
        .collect();
    let output = Suite::with_cases(&cases).check().exits(3);
    assert_eq!(output.stderr.matches("unknown operation").count(), 50);
    assert!(
        output.stderr.ends_with("… and 10 more\n\nthe suite is refused: 60 problems, nothing was sent\n")
    );
}
