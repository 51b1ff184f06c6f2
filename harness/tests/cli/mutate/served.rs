//! `proofmark serve --mutate` and `proofmark mutate --http`: mutants that come over HTTP.

use crate::support::Suite;
use crate::support::command::{Output, Proofmark};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;

/// This repository's suite, whose APIs the sandbox serves.
const SUITE: &str = env!("CARGO_MANIFEST_DIR");

/// A served sandbox, ended with the test.
struct Served {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    address: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let all = [&["serve", "--port", "0", "--suite", SUITE], arguments].concat();
        let mut child = Proofmark::new(&all).spawn();
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut address = String::new();
        let mut line = String::new();
        while !line.starts_with("mutants:") {
            line.clear();
            assert_ne!(out.read_line(&mut line).expect("a line"), 0, "the server says what it serves");
            if let Some(found) = line.strip_prefix("listening on http://") {
                address = found.trim().to_owned();
            }
        }
        Self { child, out, address }
    }

    /// The next line that it prints.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    /// Head and body of the answer to a GET of the desk's documented order.
    fn order(&self, wish: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let request = format!(
            "GET /jsms/demandOrder/D000120170621 HTTP/1.1\r\nHost: {}\r\n{wish}Connection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("received");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head.to_ascii_lowercase(), body.to_owned())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_client_gets_the_mutant_that_it_asks_for() {
    let mut served = Served::start(&["--mutate", "7"]);
    let (head, body) = served.order("X-Proofmark-Mutant: none\r\n");
    assert!(head.starts_with("http/1.1 200") && !head.contains("x-proofmark-mutant"), "{head}");
    assert!(body.contains("\"orderId\""), "{body}");
    let (head, body) = served.order("X-Proofmark-Mutant: drop /data/orderId\r\n");
    assert!(head.contains("x-proofmark-mutant: 1 drop /data/orderid"), "{head}");
    assert!(!body.contains("\"orderId\"") && body.contains("\"companyName\""), "{body}");
    assert_eq!(served.line(), "1 jsms::demandOrder drop /data/orderId: `orderId` is left out");
    // The same seed and the same request give the same mutant.
    let (head, body) = served.order("");
    let again = Served::start(&["--mutate", "7"]);
    assert!(!again.order("X-Proofmark-Mutant: none\r\n").0.contains("x-proofmark-mutant"));
    again.order("X-Proofmark-Mutant: drop /data/orderId\r\n");
    assert_eq!(again.order("").1, body, "{head}");
}

/// This repository's suite with one API, whose target `local` is at an address.
fn suite_of(api: &str, address: &str) -> Suite {
    let own = Path::new(SUITE);
    let config = std::fs::read_to_string(own.join("proofmark.yaml")).expect("the suite's file");
    let others = ["unicom-ivr", "jsms", "vascloud", "cube", "roam"].into_iter().filter(|name| *name != api);
    let kept = |line: &&str| !others.clone().any(|other| line.trim_start().starts_with(&format!("{other}:")));
    let lines: Vec<&str> = config.lines().filter(kept).collect();
    let mut suite =
        Suite::empty().file("proofmark.yaml", &lines.join("\n").replace("127.0.0.1:8080", address));
    for folder in ["specs", "cases"] {
        for entry in std::fs::read_dir(own.join(folder).join(api)).expect("a folder").flatten() {
            let text = std::fs::read_to_string(entry.path()).expect("a readable file");
            suite = suite.file(&format!("{folder}/{api}/{}", entry.file_name().to_string_lossy()), &text);
        }
    }
    suite
}

#[test]
fn a_run_finds_the_mutants_that_are_served() {
    let served = Served::start(&["--mutate", "3", "--operator", "drop"]);
    let suite = suite_of("jsms", &served.address);
    let arguments = ["run", "--no-report", "order/documented", "--target", "local"];
    let output = suite.proofmark(&arguments).output().exits(1);
    assert!(output.stdout.contains("not conformant: 1 failed"), "{}", output.all());
}

fn over_http(arguments: &[&str]) -> Output {
    Proofmark::new(&[&["mutate", "--http", "--suite", SUITE], arguments].concat()).output()
}

#[test]
fn the_run_over_http_comes_to_the_offline_verdicts() {
    let output = over_http(&["--api", "cube", "--sample", "1"]).exits(0);
    let number = |before: &str| -> usize {
        let at = output.stdout.split(before).next().unwrap_or_default();
        at.split(' ').next_back().and_then(|word| word.parse().ok()).expect("a number")
    };
    let (compared, same) = (number(" mutants of"), number(" verdicts are those"));
    assert!(compared >= 100 && compared == same, "{}", output.stdout);
    let elsewhere = over_http(&["--api", "cube", "--target", "local"]).exits(3);
    assert!(elsewhere.stderr.contains("leave out `--target`"), "{}", elsewhere.stderr);
}
