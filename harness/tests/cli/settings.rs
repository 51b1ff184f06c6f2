//! Where settings come from, which of them win, and what they do.

use crate::support::{Answer, Server, Suite, demo, same};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

#[test]
fn the_nearest_variable_wins() {
    let server = Server::json(demo::GOOD);
    let config = format!(
        "proofmark: 1
apis: {{ demo: }}
vars: {{ a: suite, b: suite, c: suite, d: suite, e: suite, f: \"suite-${{vars.a}}\" }}
targets:
  staging: {{ url: \"{}\", vars: {{ b: target, c: target, d: target, e: target }} }}
",
        server.url()
    );
    let cases = r#"api: demo
vars: { c: file, d: file, e: file }
cases:
  - id: one
    title: One
    doc: demo.txt#1
    vars: { d: case, e: case }
    call: get_thing
    with: { id: "${vars.a}.${vars.b}.${vars.c}.${vars.d}.${vars.e}.${vars.f}" }
    examples: [ { name: row, e: row } ]
"#;
    let suite = Suite::demo().file("proofmark.yaml", &config).file("cases/demo/cases.yaml", cases);
    suite.run("staging", &[]).exits(0);
    suite.run("staging", &["--var", "a=1", "--var", "b=2", "--var", "c=x=y"]).exits(0);
    suite.run("staging", &["--var", "d=4", "--var", "e=5"]).exits(0);
    assert_eq!(
        server.lines(),
        [
            "GET /things/suite.target.file.case.row.suite-suite HTTP/1.1",
            "GET /things/1.2.x%3Dy.case.row.suite-suite HTTP/1.1",
            "GET /things/suite.target.file.case.row.suite-suite HTTP/1.1",
        ]
    );
}

/// A variable that only the command line gives.
#[test]
fn var_gives_what_the_target_does_not() {
    let server = Server::json(demo::GOOD);
    let cases =
        "  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"${vars.shop}\" } }\n";
    let suite = Suite::at(&server.url()).cases(cases);
    suite.run("staging", &[]).exits(3);
    suite.run("staging", &["--var", "shop=corner"]).exits(0);
    assert_eq!(server.lines(), ["GET /things/corner HTTP/1.1"]);
}

#[test]
fn the_target_comes_from_the_argument_the_environment_or_the_suite() {
    let (one, two, three) = (Server::json(demo::GOOD), Server::json(demo::GOOD), Server::json(demo::GOOD));
    let config = format!(
        "proofmark: 1\napis: {{ demo: }}\ntargets: {{ one: {{ url: \"{}/base/\" }}, two: {{ urls: {{ demo: \"{}\" }} }} }}\ndefaults: {{ target: one }}\n",
        one.url(),
        two.url()
    );
    let cases = "  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"7\" } }\n";
    let suite = Suite::demo().file("proofmark.yaml", &config).cases(cases);
    let run = |arguments: &[&str], environment: &str| {
        suite
            .proofmark(&[&["run"], arguments].concat())
            .env("PROOFMARK_TARGET", environment)
            .output()
            .exits(0);
        (one.connections(), two.connections(), three.connections())
    };
    suite.proofmark(&["run"]).output().exits(0);
    assert_eq!(one.lines(), ["GET /base/things/7 HTTP/1.1"]);
    assert_eq!(run(&[], "two"), (1, 1, 0));
    assert_eq!(run(&["--target", &three.url()], "two"), (1, 1, 1));
}

/// As many requests are under way at once as `--jobs` says, and no more.
#[test]
fn jobs_is_the_number_of_trials_at_a_time() {
    let cases: String = (0..12)
        .map(|i| {
            format!(
                "  - {{ id: c{i}, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"{i}\" }} }}\n"
            )
        })
        .collect();
    for (jobs, expected) in [("1", 1), ("3", 3)] {
        // Answers only when as many as expected are here, or no more can come.
        let gate = Arc::new((Mutex::new(0), Condvar::new()));
        let most = Arc::new(AtomicUsize::new(0));
        let (inside, seen) = (gate.clone(), most.clone());
        let server = Server::start(move |_| {
            let (here, changed) = &*inside;
            let mut count = here.lock().expect("not poisoned");
            *count += 1;
            seen.fetch_max(*count, Ordering::SeqCst);
            changed.notify_all();
            // One too many would come within this time; those that are expected come at once.
            let (mut count, _) = changed
                .wait_timeout_while(count, Duration::from_millis(60), |count| *count <= expected)
                .expect("not poisoned");
            *count -= 1;
            Answer::json(demo::GOOD)
        });
        let suite = Suite::at(&server.url()).cases(&cases);
        suite.run("staging", &["--jobs", jobs]).exits(0);
        assert_eq!(most.load(Ordering::SeqCst), expected);
    }
}

#[test]
fn defaults_hold_where_the_command_line_says_nothing() {
    let server = Server::start(|_| Answer::Silence);
    let config = format!(
        "{}defaults: {{ timeout: 100ms, headers: {{ X-Suite: demo, accept: text/x }} }}\n",
        demo::CONFIG.replace("URL", &server.url())
    );
    let cases = "  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"7\" } }\n";
    let suite = Suite::demo().file("proofmark.yaml", &config).cases(cases);
    let output = suite.run("staging", &[]).exits(2);
    assert!(output.stdout.contains("timeout: not answered whole within 100ms"), "{}", output.stdout);
    let request = server.only();
    assert_eq!((request.header("x-suite"), request.header("accept")), (Some("demo"), Some("text/x")));
}

/// The same seed gives the same random values, whatever the number of jobs; another gives others.
#[test]
fn a_seed_makes_requests_repeatable() {
    let server = Server::json(demo::GOOD);
    let cases = r#"
  - id: random
    title: T
    doc: demo.txt#1
    call: make_thing
    with: { name: "${digits(12)}", zebra: "${uuid()}", apple: "${vars.row}-${digits(4)}" }
    examples: [ { name: a, row: a }, { name: b, row: b }, { name: c, row: c }, { name: d, row: d } ]
"#;
    let suite = Suite::at(&server.url()).cases(cases);
    let bodies = |arguments: &[&str]| {
        let before = server.received().len();
        suite.run("staging", arguments).exits(0);
        let mut bodies: Vec<Vec<u8>> = server.received()[before..].iter().map(|r| r.body.clone()).collect();
        bodies.sort();
        bodies
    };
    let first = bodies(&["--seed", "42", "--jobs", "1"]);
    assert_eq!(first.len(), 4);
    assert!(first.windows(2).all(|pair| pair[0] != pair[1]), "two trials have the same values");
    assert_eq!(bodies(&["--seed", "42", "--jobs", "4"]), first);
    assert_ne!(bodies(&["--seed", "43"]), first);
    assert_ne!(bodies(&[]), first);
    let last = suite.runs().pop().expect("a run");
    let seed = crate::support::Record::read(&last.join("run.ndjson")).started["seed"].to_string();
    let of_last: Vec<Vec<u8>> = server.received().iter().rev().take(4).map(|r| r.body.clone()).collect();
    let again = bodies(&["--seed", &seed]);
    assert!(of_last.iter().all(|body| again.contains(body)), "the recorded seed gives other requests");
}

#[test]
fn fail_fast_begins_no_more_trials() {
    let server = Server::json(demo::REFUSED);
    let cases: String = (0..5)
        .map(|i| format!("  - {{ id: c{i}, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"{i}\" }}, expect: {{ outcome: success }} }}\n"))
        .collect();
    let suite = Suite::at(&server.url()).cases(&cases);
    let output = suite.run("staging", &["--fail-fast", "--jobs", "1"]).exits(1);
    assert_eq!(server.lines(), ["GET /things/0 HTTP/1.1"]);
    let record = suite.record();
    assert_eq!(record.verdicts(), ["failed c0", "skipped c1", "skipped c2", "skipped c3", "skipped c4"]);
    assert_eq!(record.trial("c4")["reason"], "an earlier trial failed, and `--fail-fast` is given");
    assert_eq!(record.finished.as_ref().map(|f| f["interrupted"].as_bool()), Some(Some(true)));
    assert!(output.stdout.contains("not conformant: 1 failed, 4 skipped of 5 in "), "{}", output.stdout);
}

#[test]
fn explain_tells_the_origin_of_every_value_and_shows_no_secret() {
    let server = Server::json(demo::GOOD);
    let config = format!(
        "{}vars: {{ size: 3, shop: none }}\ndefaults: {{ jobs: 4, timeout: 2s, utc_offset: \"+08:00\", reports: [sarif] }}\n",
        demo::CONFIG.replace(
            "staging: { url: \"URL\" }",
            &format!("staging: {{ url: \"{}\", vars: {{ shop: corner }} }}", server.url())
        )
    );
    let suite = Suite::demo().file("proofmark.yaml", &config);
    let explain = |arguments: &[&str], key: &str| {
        let arguments = [&["run", "--explain", "--seed", "7"], arguments].concat();
        let command = suite.proofmark(&arguments).env("DEMO_KEY", key).env("PROOFMARK_TARGET", "staging");
        let output = command.output().exits(0);
        same(&output.stderr, "");
        output.stdout
    };
    let expected = r#"suite           ./proofmark.yaml        current folder
target          staging                 PROOFMARK_TARGET
url of demo     URL  PROOFMARK_TARGET
jobs            4                       proofmark.yaml: defaults.jobs
timeout         2s                      proofmark.yaml: defaults.timeout
max body        1024 bytes              --max-body
rate            unlimited               built in
retry after     30s                     built in
seed            7                       --seed
reports         ./reports               built in
formats         html, junit, sarif      proofmark.yaml: defaults.reports
snapshots       off                     proofmark.yaml: snapshots.mode, else off
utc offset      +08                     proofmark.yaml: defaults.utc_offset, else UTC
vars.shop       "corner"                proofmark.yaml: targets, line 7
vars.size       "4"                     --var
env.DEMO_KEY    set, not shown          environment
env.DEMO_TOKEN  not set                 environment
"#;
    let plain = explain(&["--max-body", "1KiB", "--var", "size=4"], "hunter2hunter2");
    same(&plain, &expected.replace("URL", &format!("{:<22}", server.url())));
    let url = format!("{}/hunter2hunter2", server.url());
    let careless = explain(&["--target", &url, "--var", "size=hunter2hunter2"], "hunter2hunter2");
    assert!(careless.contains("/[DEMO_KEY]  --target\n"), "{careless}");
    assert!(careless.contains("vars.size       \"[DEMO_KEY]\""), "{careless}");
    assert!(!careless.contains("hunter2"), "{careless}");
    assert_eq!(server.connections(), 0);
}

/// A proxy of the environment is for targets elsewhere: the sandbox and local servers are reached directly.
#[test]
fn a_proxy_is_not_for_the_loopback() {
    let proxy = Server::json(demo::GOOD);
    let server = Server::json(demo::GOOD);
    let cases = "  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"7\" } }\n";
    for host in ["127.0.0.1", "localhost"] {
        let suite = Suite::at(&server.url().replace("127.0.0.1", host)).cases(cases);
        let mut command = suite.proofmark(&["run", "--target", "staging"]);
        for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"] {
            command = command.env(name, &proxy.url());
        }
        command.output().exits(0);
    }
    assert_eq!((server.connections(), proxy.connections()), (2, 0));
    let suite = Suite::at("http://elsewhere.example/base").cases(cases);
    suite.proofmark(&["run", "--target", "staging"]).env("http_proxy", &proxy.url()).output().exits(0);
    assert_eq!(proxy.lines(), ["GET http://elsewhere.example/base/things/7 HTTP/1.1"]);
}
