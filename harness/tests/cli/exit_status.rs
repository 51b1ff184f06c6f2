//! The exit status says what a run came to, and the last lines say it in words.

use crate::support::{Answer, Output, Port, Server, Suite, demo, same, timeless};

const ONE: &str = "  - { id: one, title: One, doc: demo.txt#1, call: get_thing, with: { id: \"7\" }, expect: { outcome: success } }\n";

/// What was printed, without times and with `RUN` for the run's folder.
fn printed(suite: &Suite, output: &Output) -> String {
    let run = suite.only_run().file_name().expect("a name").to_string_lossy().into_owned();
    timeless(&output.stdout).replace(&run, "RUN")
}

#[test]
fn conformant_is_0() {
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(ONE);
    let output = suite.run("staging", &[]).exits(0);
    same(
        &printed(&suite, &output),
        "ok      demo::get_thing::one N ms\nconformant: 1 passed of 1 in N s against staging\nreport: ./reports/RUN/report.html\n",
    );
    same(&output.stderr, "");
}

#[test]
fn a_finding_is_1_with_its_evidence() {
    let server = Server::json(demo::REFUSED);
    let suite = Suite::at(&server.url()).cases(ONE);
    let output = suite.run("staging", &[]).exits(1);
    let expected = r#"FAILED  demo::get_thing::one
        case cases/demo/cases.yaml:3:11 — One

     outcome the outcome is failure instead of success: `body.code == '0'` does not hold (at body)
    expected success
      actual failure
        line cases/demo/cases.yaml:3:100
    contract specs/demo/openapi.yaml:6:14
    document demo.txt#1
        curl curl -sS -g -i --path-as-is -X GET -H 'Accept: */*' -H 'User-Agent: proofmark/0.1.0' URL/things/7

1 problem
  1. 1 × demo body: the outcome is failure instead of success: `body.code == '0'` does not hold
     in get_thing; e.g. demo::get_thing::one

not conformant: 1 failed of 1 in N s against staging
report: ./reports/RUN/report.html
"#;
    same(&printed(&suite, &output), &expected.replace("URL", &server.url()));
    same(&output.stderr, "");
}

#[test]
fn a_target_that_is_down_is_2() {
    let nobody = Port::reserve();
    let suite = Suite::at(&format!("http://{}", nobody.address())).cases(ONE);
    let output = suite.run("staging", &[]).exits(2);
    let expected = r#"ERRORED demo::get_thing::one
        case cases/demo/cases.yaml:3:11 — One
      reason connect: tcp connect error: Connection refused (os error 111)
        curl curl -sS -g -i --path-as-is -X GET -H 'Accept: */*' -H 'User-Agent: proofmark/0.1.0' http://ADDRESS/things/7

1 problem
  1. 1 × demo not judged: connect: tcp connect error: Connection refused (os error 111)
     in get_thing; e.g. demo::get_thing::one

could not judge everything: 1 errored of 1 in N s against staging
report: ./reports/RUN/report.html
"#;
    same(&printed(&suite, &output), &expected.replace("ADDRESS", &nobody.address().to_string()));
}

/// What is wrong weighs more than what could not be told.
#[test]
fn a_finding_and_an_error_are_1() {
    let server = Server::start(|r| match r.target() {
        "/things/7" => Answer::json(demo::REFUSED),
        _ => Answer::Bytes(Vec::new()),
    });
    let two = ONE.replace("id: one", "id: two").replace("\"7\"", "\"8\"");
    let suite = Suite::at(&server.url()).cases(&format!("{ONE}{two}"));
    let output = suite.run("staging", &[]).exits(1);
    assert_eq!(suite.record().verdicts(), ["failed one", "errored two"]);
    assert!(output.stdout.contains("not conformant: 1 failed, 1 errored of 2 in "), "{}", output.stdout);
}

#[test]
fn findings_below_must_are_warnings_and_0() {
    let server = Server::json(demo::REFUSED);
    let suite = Suite::at(&server.url()).cases(&ONE.replace("title:", "level: should, title:"));
    let output = suite.run("staging", &[]).exits(0);
    assert!(output.stdout.contains("ok      demo::get_thing::one "), "{}", output.stdout);
    assert!(output.stdout.contains("conformant: 1 passed, 1 warning of 1 in "), "{}", output.stdout);
    assert_eq!(
        suite.record().findings("one"),
        ["outcome: the outcome is failure instead of success: `body.code == '0'` does not hold"]
    );
}

#[test]
fn a_wrong_command_line_is_3() {
    let suite = Suite::demo().cases(ONE);
    let rows: [(&[&str], &str); 9] = [
        (
            &["run", "--target", "stagin"],
            "error: unknown target `stagin` (known: `staging`, `sandbox`, `acceptance`); did you mean `staging`?\n",
        ),
        (
            &["run", "nothing", "--target", "staging"],
            "error: the filters leave none of the 1 trials (see `proofmark run --list`)\n",
        ),
        (
            &["run", "--fault", "cube-x", "--target", "staging"],
            "error: `--fault` is for the embedded sandbox: use it with `--target sandbox`\n",
        ),
        (
            &["run", "--jobs", "0", "--target", "staging"],
            "error: invalid value '0' for '--jobs <N>': 0 is not in 1..=1024\n\nFor more information, try '--help'.\n",
        ),
        (
            &["run", "--timeout", "5", "--target", "staging"],
            "error: invalid value '5' for '--timeout <TIMEOUT>': expected a duration such as `500ms` or `10s`\n\nFor more information, try '--help'.\n",
        ),
        (
            &["run", "--max-body", "much"],
            "error: invalid value 'much' for '--max-body <SIZE>': expected a size such as `64KiB` or `8MiB`\n\nFor more information, try '--help'.\n",
        ),
        (
            &["run", "--level", "shall"],
            "error: invalid value 'shall' for '--level <LEVEL>': expected `must`, `should` or `may`\n\nFor more information, try '--help'.\n",
        ),
        (
            &["run", "--var", "x"],
            "error: invalid value 'x' for '--var <NAME=VALUE>': expected NAME=VALUE\n\nFor more information, try '--help'.\n",
        ),
        (
            &["runn"],
            "error: unrecognized subcommand 'runn'\n\n  tip: a similar subcommand exists: 'run'\n\nUsage: proofmark [OPTIONS] <COMMAND>\n\nFor more information, try '--help'.\n",
        ),
    ];
    for (arguments, expected) in rows {
        let output = suite.proofmark(arguments).output().exits(3);
        same(&output.stderr, expected);
        same(&output.stdout, "");
    }
    // The likest of the sandbox's APIs are first: whichever they are, it names them all.
    let output = suite.proofmark(&["run", "--target", "sandbox"]).output().exits(3);
    let said = "error: the sandbox does not have the API `demo` (known: `";
    assert!(
        output.stderr.starts_with(said) && output.stderr.ends_with("); choose another target\n"),
        "{}",
        output.stderr
    );
    for api in proofmark_sandbox::apis() {
        assert!(output.stderr.contains(&format!("`{api}`")), "{api} is not in {}", output.stderr);
    }
    assert!(suite.runs().is_empty(), "something was written");
}

#[test]
fn a_suite_without_cases_is_3() {
    let output = Suite::demo().run("staging", &[]).exits(3);
    same(&output.stderr, "error: the suite has no cases\n");
}

#[test]
fn a_secret_that_is_needed_and_missing_is_3() {
    let server = Server::json(demo::GOOD);
    let cases = ONE.replace("\"7\"", "\"${env.DEMO_KEY}${env.DEMO_TOKEN}\"");
    let suite = Suite::at(&server.url()).cases(&cases);
    let output = suite.proofmark(&["run", "--target", "staging"]).env("DEMO_TOKEN", "").output().exits(3);
    same(
        &output.stderr,
        "error: the suite needs secrets that are not in the environment: `DEMO_KEY`, `DEMO_TOKEN` (set them, or leave their APIs out with `--api`)\n",
    );
    assert_eq!(server.connections(), 0);
    suite
        .proofmark(&["run", "--target", "staging"])
        .env("DEMO_KEY", "key-1")
        .env("DEMO_TOKEN", "token-1")
        .output()
        .exits(0);
    assert_eq!(server.lines(), ["GET /things/key-1token-1 HTTP/1.1"]);
}

#[test]
fn an_api_without_a_url_is_3() {
    let config = "proofmark: 1\napis: { demo: , more: { spec: specs/demo/openapi.yaml, cases: cases/more } }\ntargets: { half: { urls: { demo: \"http://127.0.0.1:9\" } } }\n";
    let suite = Suite::demo().cases(ONE).file("proofmark.yaml", config).folder("cases/more");
    let output = suite.run("half", &[]).exits(3);
    same(
        &output.stderr,
        "error: target `half` has no URL for the API `more` (add it to `urls`, or leave it out with `--api`)\n",
    );
}

/// A record that cannot be written is not the contract's fault.
#[test]
fn a_folder_that_cannot_be_written_is_2() {
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(ONE).file("taken", "");
    let output = suite.run("staging", &["--reports", "taken"]).exits(2);
    assert!(output.stderr.starts_with("error: cannot write the record in `taken/"), "{}", output.stderr);
    assert_eq!(server.connections(), 0, "sent without a record");
}
