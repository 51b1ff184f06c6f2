//! The history that a team shares, on a real PostgreSQL server.

use crate::support::postgres::{PASSWORD, Postgres};
use crate::support::secure::Authority;
use crate::support::{Output, Server, Suite, demo};
use serde_json::{Value, json};

const CASES: &str = "  - { id: steady, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"1\" } }\n";

/// One machine of the team.
struct Machine<'a> {
    suite: Suite,
    url: &'a str,
}

impl Machine<'_> {
    fn run(&self, more: &[&str]) -> Output {
        let arguments = [&["run", "--target", "staging"], more].concat();
        self.suite.proofmark(&arguments).env("TEAM_HISTORY", self.url).output()
    }

    fn history(&self, more: &[&str]) -> Output {
        let arguments = [&["history", "--format", "json"], more].concat();
        self.suite.proofmark(&arguments).env("TEAM_HISTORY", self.url).output()
    }
}

fn names(json: &str) -> Vec<String> {
    let json: Value = serde_json::from_str(json).expect("JSON");
    let runs = json["runs"].as_array().expect("runs").iter();
    runs.map(|run| run["run"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn machines_share_their_runs() {
    let Some(postgres) = Postgres::start() else { return };
    let server = Server::json(demo::GOOD);
    let url = postgres.url();
    let machine = || {
        let config = demo::CONFIG.replace("URL", &server.url());
        let suite = Suite::at(&server.url()).cases(CASES);
        Machine {
            suite: suite.file("proofmark.yaml", &format!("{config}history: TEAM_HISTORY\n")),
            url: &url,
        }
    };
    let (one, other) = (machine(), machine());
    // Before there is a shared history.
    one.suite.run("staging", &[]).exits(0);
    one.run(&[]).exits(0);
    // Two machines make the tables and write at once.
    let both: Vec<_> = [&one, &other]
        .iter()
        .map(|m| m.suite.proofmark(&["run", "--target", "staging"]).env("TEAM_HISTORY", &url).spawn())
        .collect();
    for child in both {
        Output::of(child.wait_with_output().expect("it ends")).exits(0);
    }
    assert_eq!(other.suite.runs().len(), 1);
    let shared = one.history(&[]).exits(0);
    assert_eq!(names(&shared.stdout).len(), 3, "{}", shared.stdout);
    assert_eq!(shared.stdout, other.history(&[]).exits(0).stdout, "both see the same");
    assert_eq!(names(&other.history(&["--local"]).exits(0).stdout).len(), 1);
    // What was not shared is, once.
    let added = one.history(&["--share"]).exits(0);
    assert!(added.stderr.contains("1 runs added"), "{}", added.stderr);
    assert_eq!(names(&added.stdout).len(), 4);
    assert!(one.history(&["--share"]).exits(0).stderr.contains("0 runs added"));
    // The trend of a run is the team's, and a case is followed across machines.
    other.run(&[]).exits(0);
    let history = other.suite.record_of(1).history.expect("history");
    assert_eq!(history["runs"].as_array().map(Vec::len), Some(4));
    let case: Value =
        serde_json::from_str(&one.history(&["--case", "steady"]).exits(0).stdout).expect("JSON");
    assert_eq!((&case["judged"], &case["failed"]), (&json!(5), &json!(0)));

    // Both databases answer the same.
    let json = |local: bool, more: &[&str]| {
        let both = if local { [&["--local"], more].concat() } else { more.to_vec() };
        serde_json::from_str::<Value>(&one.history(&both).exits(0).stdout).expect("JSON")
    };
    let of_one: Vec<String> =
        json(true, &[])["runs"].as_array().expect("runs").iter().map(|run| run.to_string()).collect();
    let all = json(false, &[]);
    let shared: Vec<String> =
        all["runs"].as_array().expect("runs").iter().map(|run| run.to_string()).collect();
    assert!(of_one.iter().all(|run| shared.contains(run)), "{of_one:#?}\n{shared:#?}");
    assert_eq!(json(false, &["--api", "d_mo"])["all"], json!(0));
    assert_eq!(json(true, &["--api", "d_mo"])["all"], json!(0));

    // Over TLS it is the same; a server that nobody known has certified is not spoken to.
    let over_tls = |host: &str, certificates: &std::path::Path| {
        let command = one.suite.proofmark(&["history", "--format", "json"]);
        let url = postgres.secure_url(host);
        command.env("TEAM_HISTORY", &url).env("SSL_CERT_FILE", &certificates.display().to_string()).output()
    };
    let usual = one.history(&[]).exits(0).stdout;
    for host in ["localhost", "127.0.0.1"] {
        assert_eq!(over_tls(host, &postgres.authority()).exits(0).stdout, usual, "{host}");
    }
    let stranger = one.suite.path().join("stranger.pem");
    std::fs::write(&stranger, Authority::new().pem).expect("a file");
    let refused = over_tls("localhost", &stranger).exits(2);
    assert!(refused.stderr.contains("certificate"), "{}", refused.stderr);
    assert!(!refused.stderr.contains(PASSWORD), "{}", refused.stderr);

    // A server that is gone fails no run, and nobody sees the password.
    drop(postgres);
    let output = other.run(&[]).exits(0);
    assert!(output.stderr.contains("the shared history of TEAM_HISTORY: "), "{}", output.stderr);
    let listed = other.history(&[]).exits(2);
    assert!(listed.stderr.contains("(see `--local`)"), "{}", listed.stderr);
    for run in other.suite.runs() {
        let record = std::fs::read_to_string(run.join("run.ndjson")).expect("a record");
        assert!(!record.contains(PASSWORD), "the record has the password");
    }
    for text in [output.all(), listed.all()] {
        assert!(!text.contains(PASSWORD) && !text.contains("postgres://"), "{text}");
    }
}

#[test]
fn what_is_no_url_is_told_without_showing_it() {
    let suite = Suite::demo().cases(CASES);
    for url in ["postgres://team:hidden-word@[bad", "mysql://team:hidden-word@db.example/x", "hidden-word"] {
        let output = suite.proofmark(&["history"]).env("PROOFMARK_HISTORY", url).output().exits(2);
        assert!(
            output.stderr.contains("the shared history of PROOFMARK_HISTORY: it is not a URL"),
            "{}",
            output.stderr
        );
        assert!(!output.all().contains("hidden-word"), "{}", output.stderr);
    }
    let suite = Suite::demo()
        .file("proofmark.yaml", &format!("{}history: \"postgres://team@db.example/x\"\n", demo::CONFIG));
    let output = suite.check().exits(3);
    assert!(
        output.stderr.contains("expected the name of an environment variable that has the URL"),
        "{}",
        output.stderr
    );
    suite.proofmark(&["history"]).output().exits(3);
    let none = Suite::demo();
    let output = none.proofmark(&["history", "--share"]).output().exits(3);
    assert_eq!(output.stderr, "error: there is no shared history: PROOFMARK_HISTORY is not set\n");
}
