//! What a record keeps of the runs before it.

use crate::support::{Answer, Server, Suite};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const CASES: &str = r#"  - { id: steady, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" } }
  - { id: breaks, title: T, doc: demo.txt#1, call: get_thing, with: { id: "2" } }
"#;

/// A target that has a defect from some time on.
fn target() -> (Server, Arc<AtomicBool>) {
    let broken = Arc::new(AtomicBool::new(false));
    let server = Server::start({
        let broken = broken.clone();
        move |request| {
            let bad = request.target() == "/things/2" && broken.load(Ordering::SeqCst);
            Answer::json(if bad { r#"{"code": 0}"# } else { r#"{"code": "0"}"# })
        }
    });
    (server, broken)
}

fn names(runs: &Value) -> Vec<&str> {
    runs.as_array().into_iter().flatten().filter_map(|run| run["run"].as_str()).collect()
}

#[test]
fn a_record_keeps_the_runs_like_it_and_what_changed_since_the_baseline() {
    let (server, broken) = target();
    let suite = Suite::at(&server.url()).cases(CASES);
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let built = suite.proofmark(&["run", "--target", "staging"]).env("GITHUB_SHA", commit);
    built.output().exits(0);
    let first = suite.record();
    assert_eq!(first.started["commit"], commit);
    assert_eq!(first.history, Some(json!({"event": "history"})), "nothing was before it");
    // Another selection is no point of the trend.
    suite.run("staging", &["steady"]).exits(0);
    broken.store(true, Ordering::SeqCst);
    let output = suite.run("staging", &["--baseline", "latest-green", "--format", "json"]).exits(1);
    let third = suite.record_of(2);
    let last: Value = serde_json::from_str(output.stdout.lines().last().expect("a line")).expect("JSON");
    let history = third.history.expect("history");
    assert_eq!(last, history, "what the record has is printed too");
    assert_eq!(names(&history["runs"]), [first.started["run"].as_str().expect("a name")]);
    let run = &history["runs"][0];
    assert_eq!(
        (&run["target"], &run["commit"], &run["counts"]["passed"], &run["interrupted"]),
        (&json!("staging"), &json!(commit), &json!(2), &json!(false))
    );
    let report = suite.runs()[2].join(run["report"].as_str().expect("a path"));
    assert!(report.is_file(), "the earlier report is where the record says: {}", report.display());
    let baseline = &history["baseline"];
    assert_eq!(
        (&baseline["run"], &baseline["newly_failing"], &baseline["passing"], &baseline["cause_count"]),
        (&run["run"], &json!(1), &json!(1), &json!(1))
    );
    assert_eq!(
        baseline["causes"],
        json!([{"api": "demo", "operations": ["get_thing"], "at": "/code",
            "message": "a number where the contract has a string", "cases": 1}])
    );
    // Rendered from the record alone.
    std::fs::remove_dir_all(&suite.runs()[0]).expect("removed");
    let run = suite.runs()[1].display().to_string();
    suite.proofmark(&["report", &run]).output().exits(0);
}

/// What `proofmark history` prints on standard output.
fn listed(suite: &Suite, arguments: &[&str]) -> String {
    suite.proofmark(&[&["history"], arguments].concat()).output().exits(0).stdout
}

#[test]
fn runs_are_listed_and_a_case_is_followed() {
    let (server, broken) = target();
    let suite = Suite::at(&server.url()).cases(CASES);
    suite.proofmark(&["history"]).output().exits(3);
    suite.run("staging", &[]).exits(0);
    suite.run("staging", &["steady"]).exits(0);
    broken.store(true, Ordering::SeqCst);
    suite.run("staging", &[]).exits(1);
    suite.run(&server.url(), &["breaks"]).exits(1);
    let names: Vec<String> = suite
        .runs()
        .iter()
        .rev()
        .map(|run| run.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let list = listed(&suite, &[]);
    let lines: Vec<String> =
        list.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let ends = ["1 failed, of 2", "1 failed, 1 passed", "1 passed, of 2", "2 passed"];
    for (i, (line, end)) in lines.iter().zip(ends).enumerate() {
        let sign = if i < 2 { "✗" } else { "✓" };
        let target = if i == 0 { server.url() } else { "staging".into() };
        assert!(line.starts_with(&format!("{sign} {} {target} {end} 0.", names[i])), "{list}");
        assert!(line.ends_with(" demo"), "{list}");
    }
    assert_eq!(lines.len(), 4);
    assert_eq!(listed(&suite, &["--target", "staging"]).lines().count(), 3);
    assert_eq!(listed(&suite, &["--api", "dem%"]), "no runs in `reports` that fit (see `proofmark run`)\n");
    let short = listed(&suite, &["-n", "1"]);
    assert!(short.ends_with("… and 3 earlier (`-n 4`)\n"), "{short}");

    let case = listed(&suite, &["--case", "breaks", "--target", "staging"]);
    let (last, first) = (&names[1], &names[3]);
    for says in [
        "demo::get_thing::breaks\nT\n",
        "  ✓✗  2 runs against staging, the latest last\n",
        "  failed in 1 of 2 judged runs, flaky rate 0 % (0 flaky, 1 change)\n",
        &format!("  it broke in {last}; it passed in {first}\n"),
        &format!("  ✗ {last}  /code: a number where the contract has a string\n"),
    ] {
        assert!(case.contains(says), "`{says}` in\n{case}");
    }
    let json: Value =
        serde_json::from_str(&listed(&suite, &["--case", "breaks", "--format", "json"])).unwrap();
    assert_eq!(
        (&json["target"], &json["failed"]),
        (&json!(server.url()), &json!(1)),
        "of the latest run's target"
    );
    let json: Value = serde_json::from_str(&listed(&suite, &["--format", "json", "-n", "2"])).unwrap();
    assert_eq!((&json["all"], &json["runs"][1]["verdict"]), (&json!(4), &json!("failed")));
    assert_eq!(json["runs"][1]["counts"]["failed"], json!(1));

    let refused = |name: &str| suite.proofmark(&["history", "--case", name]).output().exits(3).stderr;
    assert_eq!(
        refused("braeks"),
        "error: no run had a case `braeks` (did you mean one of these?)\n  demo::get_thing::breaks\n"
    );
    assert_eq!(
        refused("get_thing"),
        "error: `get_thing` is part of the names of 2 cases:\n  demo::get_thing::breaks\n  demo::get_thing::steady\n"
    );
    assert_eq!(refused("e%y"), "error: no run had a case `e%y`\n");
}

#[test]
fn an_index_that_is_lost_damaged_or_old_is_made_again() {
    let (server, _) = target();
    let suite = Suite::at(&server.url()).cases(CASES);
    for _ in 0..3 {
        suite.run("staging", &[]).exits(0);
    }
    let index = suite.path().join("reports/history.sqlite");
    assert!(index.is_file());
    let before = listed(&suite, &["--format", "json"]);
    std::fs::remove_file(&index).unwrap();
    assert_eq!(listed(&suite, &["--format", "json"]), before, "lost");
    std::fs::write(&index, vec![b'x'; 9_000]).unwrap();
    let output = suite.proofmark(&["history", "--format", "json"]).output().exits(0);
    assert_eq!(output.stdout, before, "no database");
    assert!(
        output.stderr.starts_with("`./reports/history.sqlite` was made again from the records: "),
        "{}",
        output.stderr
    );
    let sql = |text: &str| rusqlite::Connection::open(&index).unwrap().execute_batch(text).unwrap();
    sql("UPDATE proofmark_history SET version = 99");
    assert_eq!(listed(&suite, &["--format", "json"]), before, "another version");
    sql("ALTER TABLE proofmark_runs DROP COLUMN target");
    assert_eq!(listed(&suite, &["--format", "json"]), before, "other tables");
    let length = std::fs::metadata(&index).unwrap().len();
    let file = std::fs::OpenOptions::new().write(true).open(&index).unwrap();
    file.set_len(length / 2).unwrap();
    assert_eq!(listed(&suite, &["--format", "json"]), before, "cut");
    // Records that came from elsewhere are added, those that are gone are dropped.
    let runs = suite.runs();
    std::fs::rename(&runs[0], runs[0].with_file_name("20200101-000000-1")).unwrap();
    std::fs::remove_dir_all(&runs[1]).unwrap();
    sql("UPDATE proofmark_runs SET passed = 77");
    let json: Value = serde_json::from_str(&listed(&suite, &["--format", "json"])).unwrap();
    let passed: Vec<&Value> =
        json["runs"].as_array().unwrap().iter().map(|run| &run["counts"]["passed"]).collect();
    assert_eq!(passed, [&json!(77), &json!(2)], "what is known is not read again, what is new is");
    // Where there can be no index, the records do.
    std::fs::remove_file(&index).unwrap();
    std::fs::create_dir(&index).unwrap();
    let output = suite.proofmark(&["history", "-n", "1"]).output().exits(0);
    assert!(output.stdout.starts_with("✓ "), "{}", output.stdout);
    assert!(output.stderr.contains("the records are read"), "{}", output.stderr);
    let output = suite.run("staging", &[]).exits(0);
    assert!(output.stderr.contains("the run is not in `./reports/history.sqlite`: "), "{}", output.stderr);
    let history = suite.record_of(2).history.expect("history");
    assert_eq!(history["runs"].as_array().map(Vec::len), Some(2), "from the records");
}

#[test]
fn runs_at_once_and_killed_runs_are_in_the_index() {
    let (server, _) = target();
    let suite = Suite::at(&server.url()).cases(CASES);
    let silent = Server::start(|_| Answer::Silence);
    let mut killed = suite.proofmark(&["run", "--target", &silent.url(), "--timeout", "10m"]).spawn();
    silent.wait_for(2);
    let runs: Vec<_> = (0..6).map(|_| suite.proofmark(&["run", "--target", "staging"]).spawn()).collect();
    for run in runs {
        assert!(run.wait_with_output().unwrap().status.success());
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let index = rusqlite::Connection::open(suite.path().join("reports/history.sqlite")).unwrap();
    let count = |sql: &str| index.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT COUNT(*) FROM proofmark_runs WHERE passed = 2 AND interrupted = 0"), 6);
    assert_eq!(count("SELECT COUNT(*) FROM proofmark_trials"), 12);
    let list = listed(&suite, &["--target", &silent.url()]);
    assert!(list.starts_with("… ") && list.contains("nothing judged, interrupted"), "{list}");
}
