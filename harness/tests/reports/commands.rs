//! GitHub's workflow commands, by a reader of its own that does what the runner's does: a line whose first characters
//! that are not blank are `::`, a known command, properties, `::`, a message.

use crate::made::{FAULTY, HOSTILE_TARGET, Made, SECRET};
use crate::support::{Server, Suite, demo};
use std::collections::BTreeMap;

/// An annotation.
#[derive(Debug)]
struct Annotation {
    command: String,
    properties: BTreeMap<String, String>,
    message: String,
}

/// What the runner would make of a line; `None` for text of the log.
fn command(line: &str) -> Option<Annotation> {
    let Some(rest) = line.trim_start().strip_prefix("::") else {
        assert!(!line.contains("##["), "a command of the old form: {line}");
        return None;
    };
    let (head, message) = rest.split_once("::")?;
    let (command, properties) = head.split_once(' ').unwrap_or((head, ""));
    let property = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("no value: {line}"));
        (name.to_owned(), unescaped(value, true))
    };
    let properties: Vec<(String, String)> =
        properties.split(',').filter(|p| !p.is_empty()).map(property).collect();
    let count = properties.len();
    let properties: BTreeMap<String, String> = properties.into_iter().collect();
    assert_eq!(properties.len(), count, "a property twice: {line}");
    Some(Annotation { command: command.to_owned(), properties, message: unescaped(message, false) })
}

fn unescaped(text: &str, property: bool) -> String {
    let mut text = text.replace("%0D", "\r").replace("%0A", "\n");
    if property {
        text = text.replace("%3A", ":").replace("%2C", ",");
    }
    text.replace("%25", "%")
}

fn annotations(made: &Made) -> Vec<Annotation> {
    let text = made.text("github");
    let lines = text.lines();
    lines.map(|line| command(line).unwrap_or_else(|| panic!("not a command: {line}"))).collect()
}

#[test]
fn a_problem_is_an_annotation_at_its_line() {
    let annotations = annotations(&FAULTY);
    let errors: Vec<&Annotation> = annotations.iter().filter(|a| a.command == "error").collect();
    assert!((3..=8).contains(&errors.len()), "{errors:#?}");
    let order = errors
        .iter()
        .find(|a| a.message.starts_with("/data/order_id: null where the contract has a string\n"));
    let order = order.expect("the order id that is null");
    assert!(order.properties["file"].starts_with("cases/cube/"), "{order:?}");
    assert!(order.properties["line"].parse::<u32>().is_ok_and(|line| line > 1), "{order:?}");
    assert_eq!(order.properties["title"], "schema/type");
    assert!(order.message.contains("\ncontract: specs/cube/openapi.yaml:"), "{order:?}");
    let last = annotations.last().expect("a last one");
    assert!(last.message.starts_with("not conformant: "), "{last:?}");
}

#[test]
fn no_text_of_a_target_is_a_command() {
    let annotations = annotations(&HOSTILE_TARGET);
    for annotation in &annotations {
        assert!(["error", "warning", "notice"].contains(&annotation.command.as_str()), "{annotation:?}");
        assert_ne!(annotation.properties.get("file").map(String::as_str), Some("a"));
        let known = ["file", "line", "col", "title"];
        assert!(annotation.properties.keys().all(|name| known.contains(&name.as_str())), "{annotation:?}");
        assert!(
            !annotation.message.lines().any(|line| line.trim_start().starts_with("::")),
            "{annotation:?}"
        );
    }
    let waived = annotations.iter().find(|a| a.message.contains("\nwaived by W-1: later"));
    assert_eq!(waived.map(|a| a.command.as_str()), Some("notice"));
}

/// While a run prints what targets say, the runner takes nothing for a command; then come the annotations.
#[test]
fn a_run_stops_commands_while_targets_speak() {
    let server = Server::start(|_| {
        crate::support::Answer::json(r#"{"code": "7\n::error::forged\n  ::set-output name=a::b", "name": 1}"#)
    });
    let suite = Suite::at(&server.url()).cases(
        r#"  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1", X-Trace: "${env.DEMO_KEY}" }, expect: { outcome: success } }"#,
    );
    let arguments = ["run", "--target", "staging", "--as", "github"];
    let command = suite.proofmark(&arguments).env("GITHUB_STEP_SUMMARY", "step.md").env("DEMO_KEY", SECRET);
    let output = command.output().exits(1);
    let lines: Vec<&str> = output.stdout.lines().collect();
    let token = lines[0].strip_prefix("::stop-commands::").expect("commands are stopped first");
    assert!(token.len() > 30, "{token}");
    let resumed = lines.iter().position(|line| *line == format!("::{token}::")).expect("and resumed");
    assert!(lines[1..resumed].iter().any(|line| line.contains("forged")), "{lines:#?}");
    let after: Vec<Annotation> = lines[resumed + 1..].iter().filter_map(|line| self::command(line)).collect();
    assert!(after.len() >= 2 && after.iter().all(|a| a.command != "set-output"), "{after:#?}");
    let summary = crate::made::read(&suite.path().join("step.md"));
    assert!(summary.starts_with("## proofmark: not conformant\n"), "{summary}");
    // Another run has another word.
    let again = suite.proofmark(&arguments).env("DEMO_KEY", SECRET).output().exits(1);
    assert_ne!(again.stdout.lines().next(), Some(lines[0]));
}

#[test]
fn paths_are_those_of_the_repository() {
    let server = Server::json(demo::REFUSED);
    let suite = Suite::at(&server.url()).cases(
        r#"  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" }, expect: { outcome: success } }"#,
    );
    let root = tempfile::tempdir().expect("a folder");
    let inner = root.path().join("contracts");
    copy(suite.path(), &inner);
    let command = crate::support::command::Proofmark::new(&[
        "run",
        "--suite",
        "contracts",
        "--target",
        "staging",
        "--as",
        "github",
        "--as",
        "sarif=out/s.sarif",
        "--as",
        "gitlab",
    ]);
    let output = command.folder(root.path()).output().exits(1);
    assert!(
        output.stdout.contains("::error file=contracts/cases/demo/cases.yaml,line="),
        "{}",
        output.stdout
    );
    assert!(output.stdout.contains("\nwrote out/s.sarif\n"), "{}", output.stdout);
    assert!(
        crate::made::read(&root.path().join("out/s.sarif"))
            .contains("\"uri\":\"contracts/cases/demo/cases.yaml\"")
    );
    let run = crate::made::only_run(&inner.join("reports"));
    assert!(
        crate::made::read(&run.join("gl-code-quality-report.json"))
            .contains("contracts/cases/demo/cases.yaml")
    );
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => {
                std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
            }
        }
    }
}
