//! What is printed: formats, colours, help; and that a closed pipe is no accident.

use crate::support::command::Proofmark;
use crate::support::{Answer, Output, Record, Server, Suite, demo, same, timeless};
use std::process::Command;

const CASES: &str = r#"
  - { id: good, title: Good, doc: demo.txt#1, call: get_thing, with: { id: "1" }, expect: { outcome: success } }
  - { id: skipped, title: Skipped, doc: demo.txt#1, level: may, call: get_thing, with: { id: "1" } }
  - { id: warned, title: Warned, doc: demo.txt#1, level: should, call: get_thing, with: { id: "1" }, expect: { outcome: failure } }
"#;

const EXIT_STATUSES: &str = "\
Exit status:
  0  every answer conforms
  1  at least one finding of level `must`
  2  no finding, but something could not be judged (target down, timeout, interrupted)
  3  the command line or the suite is wrong; nothing was sent
";

#[test]
fn pretty_is_a_line_a_trial() {
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(CASES);
    let output = suite.run("staging", &["--jobs", "1", "--level", "should", "--no-report"]).exits(0);
    same(
        &timeless(&output.stdout),
        "ok      demo::get_thing::good N ms
skipped demo::get_thing::skipped N ms (its level is may, below should)
ok      demo::get_thing::warned N ms 1 warnings
conformant: 2 passed, 1 skipped, 1 warning of 3 in N s against staging
",
    );
}

#[test]
fn terse_is_a_character_a_trial() {
    let server = Server::json(demo::GOOD);
    let many: String = (0..101)
        .map(|i| CASES.lines().nth(1).unwrap_or_default().replace("good", &format!("good{i:03}")) + "\n")
        .collect();
    let suite = Suite::at(&server.url()).cases(&format!("{CASES}{many}"));
    let output = suite
        .run("staging", &["--format", "terse", "--jobs", "1", "--level", "should", "--no-report"])
        .exits(0);
    let expected = format!(
        ".s.{}\n{}\nconformant: 103 passed, 1 skipped, 1 warning of 104 in N s against staging\n",
        ".".repeat(97),
        ".".repeat(4)
    );
    same(&timeless(&output.stdout), &expected);
}

/// One JSON object a line, and the same bytes as in the record.
#[test]
fn json_is_the_record() {
    let server = Server::start(|r| match r.target() {
        "/things/1" => Answer::json(demo::GOOD),
        _ => Answer::Bytes(Vec::new()),
    });
    let bad = r#"  - { id: bad, title: Bad, doc: demo.txt#1, call: get_thing, with: { id: "2" } }
  - { id: wrong, title: Wrong, doc: demo.txt#1, call: get_thing, with: { id: "1" }, expect: { code: "1" } }
"#;
    let suite = Suite::at(&server.url()).cases(&format!("{CASES}{bad}"));
    let output = suite.run("staging", &["--format", "json", "--jobs", "1", "--level", "should"]).exits(1);
    let record = std::fs::read_to_string(suite.only_run().join("run.ndjson")).expect("a record");
    same(&output.stdout, &record);
    same(&output.stderr, "");
    let verdicts = Record::parse(&output.stdout).verdicts();
    assert_eq!(verdicts, ["errored bad", "passed good", "skipped skipped", "passed warned", "failed wrong"]);
}

#[test]
fn no_report_writes_nothing_and_reports_says_where() {
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(CASES);
    suite.run("staging", &["--no-report"]).exits(0);
    assert!(suite.runs().is_empty());
    let output = suite.run("staging", &["--reports", "else where"]).exits(0);
    assert!(suite.runs().is_empty());
    let line = output.stdout.lines().last().unwrap_or_default();
    let html = line.strip_prefix("report: ").expect("the report's place");
    assert!(html.starts_with("else where/") && suite.path().join(html).is_file(), "{html}");
}

fn has_colours(output: &Output) -> bool {
    output.all().contains('\u{1b}')
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(CASES);
    let run = |arguments: &[&str], no_color: Option<&str>| {
        let command = suite.proofmark(&[&["run", "--target", "staging", "--no-report"], arguments].concat());
        let command = match no_color {
            Some(value) => command.env("NO_COLOR", value),
            None => command,
        };
        has_colours(&command.output().exits(0))
    };
    assert!(!run(&[], None), "colours in a pipe");
    assert!(run(&["--color", "always"], None));
    assert!(run(&["--color", "always"], Some("1")), "what is asked for wins over the environment");
    assert!(!run(&["--color", "never"], None));
    let refused = Suite::demo().file("proofmark.yaml", "proofmark: 7\n");
    let problems =
        |colour: &str| has_colours(&refused.proofmark(&["check", "--color", colour]).output().exits(3));
    assert!(problems("always") && !problems("never") && !problems("auto"));
}

/// On a terminal: colours unless NO_COLOR says no, and a bar in place of the lines of what passes.
#[test]
fn a_terminal_has_colours_and_a_bar() {
    if Command::new("script").arg("--version").output().is_err() {
        eprintln!("skipped: `script` of util-linux, which makes a terminal, is not there");
        return;
    }
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(CASES);
    let line = format!("{} run --target staging --no-report", env!("CARGO_BIN_EXE_proofmark"));
    let run = |no_color: &str| {
        let mut command = Command::new("script");
        command
            .args(["-qec", &line, "/dev/null"])
            .current_dir(suite.path())
            .env("TERM", "xterm")
            .env("NO_COLOR", no_color);
        Output::of(command.output().expect("script runs")).exits(0)
    };
    let (coloured, plain) = (run(""), run("1"));
    assert!(coloured.stdout.contains("\u{1b}[32mconformant\u{1b}[0m: "), "{:?}", coloured.stdout);
    assert!(
        plain.stdout.contains("conformant: ") && !plain.stdout.contains("\u{1b}[32m"),
        "{:?}",
        plain.stdout
    );
    assert!(!plain.stdout.contains("demo::get_thing::good"), "a line for what passed: {:?}", plain.stdout);
}

#[test]
fn help_tells_the_exit_statuses() {
    for arguments in [&["--help"][..], &["-h"], &["run", "--help"], &["run", "-h"], &["help", "run"]] {
        let output = Proofmark::new(arguments).output().exits(0);
        assert!(output.stdout.ends_with(EXIT_STATUSES), "{arguments:?}:\n{}", output.stdout);
        same(&output.stderr, "");
    }
    let run = Proofmark::new(&["run", "--help"]).output().exits(0).stdout;
    let options = [
        "--api",
        "--target",
        "--tag",
        "--level",
        "--exact",
        "--skip",
        "--list",
        "--explain",
        "--jobs",
        "--var",
        "--timeout",
        "--max-body",
        "--fail-fast",
        "--format",
        "--seed",
        "--fault",
        "--safe-only",
        "--callback-listen",
        "--callback-url",
        "--reports",
        "--no-report",
        "--color",
        "--suite",
    ];
    let missing: Vec<&str> = options
        .into_iter()
        .filter(|o| !run.contains(&format!("{o} ")) && !run.contains(&format!("{o}\n")))
        .collect();
    assert!(missing.is_empty(), "not in the help: {missing:?}");
    assert!(Proofmark::new(&["--version"]).output().exits(0).stdout.starts_with("proofmark "));
}

#[test]
fn every_command_has_examples() {
    let help = Proofmark::new(&["--help"]).output().exits(0).stdout;
    let (_, commands) = help.split_once("Commands:\n").expect("a list of commands");
    let (commands, _) = commands.split_once("\n\n").expect("an end of the list");
    let names: Vec<&str> =
        commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty() && *name != "help").collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let help = Proofmark::new(&[name, "--help"]).output().exits(0).stdout;
        let (_, examples) =
            help.split_once("Examples:\n").unwrap_or_else(|| panic!("{name} has none:\n{help}"));
        assert!(examples.contains(&format!("  proofmark {name}")), "{name}: {examples}");
    }
}

#[test]
fn completions_know_the_options() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = Proofmark::new(&["completions", shell]).output().exits(0);
        assert!(output.stdout.contains("callback-listen"), "{shell}");
        assert!(output.stdout.contains("proofmark"), "{shell}");
    }
    let output = Proofmark::new(&["completions", "cmd"]).output().exits(3);
    assert!(
        output.stderr.contains("[possible values: bash, elvish, fish, powershell, zsh]"),
        "{}",
        output.stderr
    );
}

/// The reader has gone before anything is printed, as in `proofmark … | head -0`.
#[test]
fn a_closed_pipe_is_no_accident() {
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(CASES);
    let good: [&[&str]; 10] = [
        &["run", "--target", "staging"],
        &["run", "--target", "staging", "--format", "json"],
        &["run", "--target", "staging", "--format", "terse"],
        &["run", "--target", "staging", "--list"],
        &["run", "--target", "staging", "--explain"],
        &["check"],
        &["schema"],
        &["completions", "bash"],
        &["run", "--help"],
        &["serve", "--fault", "list"],
    ];
    for arguments in good {
        let mut child = suite.proofmark(arguments).spawn();
        drop(child.stdout.take());
        let output = Output::of(child.wait_with_output().expect("the command ends"));
        assert!(!output.stderr.contains("panicked"), "{arguments:?}: {}", output.stderr);
        output.exits(0);
    }
    let mut child = Suite::empty().proofmark(&["check"]).spawn();
    drop(child.stderr.take());
    Output::of(child.wait_with_output().expect("the command ends")).exits(3);
}
