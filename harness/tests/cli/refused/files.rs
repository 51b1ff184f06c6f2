//! Files that are not what they should be: missing, empty, broken, in another charset; and Windows files, which are fine.

use super::refused;
use crate::support::{Server, Suite, demo};

#[test]
fn broken_and_empty_files_are_told_with_all_the_others() {
    let make = |url: &str| {
        Suite::at(url)
            .file("cases/demo/broken.yaml", "api: demo\ncases:\n  - id: [1\n    title: x\n")
            .file("cases/demo/elsewhere.yaml", "api: other\n")
            .file("cases/demo/empty.yaml", "")
            .file("cases/demo/list.yaml", "- 1\n")
            .file("cases/demo/misspelt.yaml", "api: dmeo\n")
            .file("cases/demo/nothing.yaml", "# api: demo\n")
            .file("cases/demo/tab.yaml", "api: demo\ncases:\n\t- id: x\n")
            .file("cases/demo/twice.yaml", "api: demo\ncases: []\napi: demo\n")
            .file("cases/demo/two.yaml", "api: demo\n---\napi: demo\n")
            .file("proofmark.yaml", &format!(
                "proofmark: 1\ntargets: {{ staging: {{ url: \"{url}\" }} }}\napis:\n  demo:\n  other:\n  third: {{ spec: no.yaml }}\n"
            ))
    };
    refused(make, include_str!("broken.stderr"));
}

#[test]
fn an_empty_spec_and_an_empty_suite_are_not_good() {
    let make = |url: &str| Suite::at(url).file("specs/demo/openapi.yaml", "");
    let empty = |name: &str| {
        format!(
            "error: {name}:1:1: × the file is empty\n   ╭─[{name}:1:1]\n   ╰────\n\nthe suite is refused: 1 problem, nothing was sent\n"
        )
    };
    refused(make, &empty("specs/demo/openapi.yaml"));
    refused(|_| Suite::demo().file("proofmark.yaml", ""), &empty("proofmark.yaml"));
}

/// `é` in Windows-1252.
#[test]
fn bytes_of_another_charset_are_shown_where_they_are() {
    let make = |url: &str| {
        Suite::at(url).bytes(
            "cases/demo/latin.yaml",
            b"api: demo\r\ncases:\r\n  - id: x\r\n    title: a caf\xe9\r\n    doc: d.txt#1\r\n",
        )
    };
    let expected = "\
error: cases/demo/latin.yaml:4:17: × not UTF-8: byte 0xE9
   ╭─[cases/demo/latin.yaml:4:17]
 3 │   - id: x
 4 │     title: a caf�
   ·                 ┬
   ·                 ╰── this byte
 5 │     doc: d.txt#1
   ╰────
  help: save the file as UTF-8

the suite is refused: 1 problem, nothing was sent
";
    refused(make, expected);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_move_no_caret() {
    let cases = "\u{feff}api: demo\r\ncases:\r\n  - id: x\r\n    title: x\r\n    doc: d.txt#1\r\n    call: get_thing\r\n    with: { idd: \"7\" }\r\n";
    let expected = "\
error: cases/demo/windows.yaml:7:13: × unknown parameter of `get_thing` `idd` (known: `id`, `q`, `theme`, `session`, `X-Trace`)
   ╭─[cases/demo/windows.yaml:7:13]
 6 │     call: get_thing
 7 │     with: { idd: \"7\" }
   ·             ─┬─
   ·              ╰── not known
   ╰────
  help: did you mean `id`?

the suite is refused: 1 problem, nothing was sent
";
    refused(|url| Suite::at(url).file("cases/demo/windows.yaml", cases), expected);
}

/// Everything that a newcomer's editor may do to a file.
#[test]
fn a_windows_suite_runs() {
    let server = Server::json(demo::GOOD);
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let case = "api: demo\ncases:\n  - id: x\n    title: x\n    doc: \"#1\"\n    call: get_thing\n    with: { id: \"7\" }\n    expect:\n      like: |\n        {\"id\": \"7\",\n         \"name\": \"x\"}\n";
    let suite = Suite::demo()
        .file("proofmark.yaml", &windows(&demo::CONFIG.replace("URL", &server.url())))
        .file("specs/demo/openapi.yaml", &windows(demo::SPEC))
        .file("cases/demo/cases.yaml", &windows(case));
    suite.run("staging", &[]).exits(0);
    assert_eq!(server.lines(), ["GET /things/7 HTTP/1.1"]);
}

/// A character that a terminal would act upon is shown, and the caret still fits.
#[test]
fn a_control_character_in_a_suite_is_shown() {
    let cases = "api: demo\ncases:\n  - { id: x, title: \"a\u{202e}b\", doc: d.txt#1, call: get_thng }\n";
    let expected = "\
error: cases/demo/control.yaml:3:48: × unknown operation `get_thng` (known: `get_thing`, `make_thing`, `post_xml`, `find_gbk`,
  │ `subscribe`)
   ╭─[cases/demo/control.yaml:3:55]
 2 │ cases:
 3 │   - { id: x, title: \"a\\u{202e}b\", doc: d.txt#1, call: get_thng }
   ·                                                       ────┬───
   ·                                                           ╰── not known
   ╰────
  help: did you mean `get_thing`?

the suite is refused: 1 problem, nothing was sent
";
    refused(|url| Suite::at(url).file("cases/demo/control.yaml", cases), expected);
}
