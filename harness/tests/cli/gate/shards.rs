//! Parts of a run, joined again.

use super::{FAULTS, accepted, cube, server, sorted};
use crate::support::command::Proofmark;
use crate::support::{Record, Suite};

fn many() -> String {
    (0..13)
        .map(|i| format!("  - {{ id: c{i}, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"{}\" }}, expect: {{ outcome: success }} }}\n", i % 9))
        .collect()
}

#[test]
fn shards_merge_to_the_verdicts_of_one_run() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(&many());
    suite.run("staging", &[]).exits(1);
    let whole = suite.record_of(0);
    let times = suite.only_run().display().to_string();
    let folder = |i: usize| suite.path().join(format!("shard-{i}")).display().to_string();
    let mut runs = Vec::new();
    for index in 1..=8 {
        let shard = format!("{index}/8");
        let (reports, times) = (folder(index), times.as_str());
        let arguments = ["--shard", &shard, "--durations", times, "--reports", &reports];
        suite.proofmark(&[&["run", "--target", "staging"], &arguments[..]].concat()).output();
        let run = std::fs::read_dir(folder(index))
            .expect("reports")
            .flatten()
            .find(|e| e.path().is_dir())
            .expect("a run")
            .path();
        runs.push(run.display().to_string());
    }
    let merged = suite.path().join("merged").display().to_string();
    let merge = |runs: &[String], out: &str| {
        let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
        Proofmark::new(&[&["merge"], runs.as_slice(), &["--out", out]].concat()).output()
    };
    // As `shard-*/*` names them: the index of runs is none.
    let index = format!("{}/history.sqlite", folder(1));
    assert!(std::path::Path::new(&index).is_file());
    let named = [runs.as_slice(), std::slice::from_ref(&index)].concat();
    let output = merge(&named, &merged).exits(1);
    assert!(output.stdout.starts_with("8 shards joined\n"), "{}", output.stdout);
    let output = merge(&[index], &format!("{merged}-0")).exits(3);
    assert!(output.stderr.contains("no run to join beside `history.sqlite`"), "{}", output.stderr);
    let joined = Record::read(&suite.path().join("merged/run.ndjson"));
    assert_eq!(sorted(&joined), sorted(&whole));
    let output = merge(&runs[..6], &format!("{merged}-2")).exits(3);
    assert!(output.stderr.contains("shards 7/8, 8/8 are missing"), "{}", output.stderr);
    let twice = [runs.as_slice(), &runs[2..3]].concat();
    let output = merge(&twice, &format!("{merged}-3")).exits(3);
    assert!(output.stderr.contains("are both shard 3/8"), "{}", output.stderr);
    let output = merge(&runs, &merged).exits(3);
    assert!(
        output.stderr.contains("cannot write the record"),
        "an existing record is kept: {}",
        output.stderr
    );
}

#[test]
fn shards_of_another_suite_are_refused() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(&many());
    let run = |suite: &Suite, index: usize| {
        let folder = suite.path().join(format!("shard-{index}"));
        let shard = format!("{index}/2");
        let reports = folder.display().to_string();
        suite.proofmark(&["run", "--target", "staging", "--shard", &shard, "--reports", &reports]).output();
        std::fs::read_dir(folder)
            .expect("reports")
            .flatten()
            .find(|entry| entry.path().is_dir())
            .expect("a run")
            .path()
            .display()
            .to_string()
    };
    let one = run(&suite, 1);
    let suite = suite.cases(&many().replace("title: T", "title: U"));
    let two = run(&suite, 2);
    let out = suite.path().join("merged").display().to_string();
    let output = Proofmark::new(&["merge", &one, &two, "--out", &out]).output().exits(3);
    assert!(output.stderr.contains("is of another suite than"), "{}", output.stderr);
    let output = suite.run("staging", &["--shard", "3/2"]).exits(3);
    assert!(output.stderr.contains("there is no shard 3/2"), "{}", output.stderr);
    let output = suite.proofmark(&["run", "--target", "staging", "--list", "--shard", "auto"]);
    let output = output.env("CI_NODE_INDEX", "2").env("CI_NODE_TOTAL", "13").output().exits(0);
    assert_eq!(output.stdout, "demo::get_thing::c1: test\n");
}

/// Verdicts by name of the trials.
fn by_name(record: &Record) -> Vec<String> {
    let of = |t: &serde_json::Value| format!("{} {}", t["name"], t["verdict"]);
    let mut all: Vec<String> = record.trials.iter().map(of).collect();
    all.sort();
    all
}

#[test]
fn eight_shards_of_a_real_suite_merge_to_the_verdicts_of_one_run() {
    let suite = cube(&format!("waivers:\n{}", accepted("W-null", "/data/order_id", "2999-12-31")));
    let run = |more: &[&str]| {
        suite.proofmark(&[&["run", "--api", "cube", "--seed", "1"], more, &FAULTS].concat()).output()
    };
    run(&["--reports", "whole", "--gate"]).exits(1);
    let first = |folder: &str| {
        let all = std::fs::read_dir(suite.path().join(folder)).expect("reports").flatten();
        let mut runs = all.filter(|entry| entry.path().is_dir());
        runs.next().expect("a run").path()
    };
    let whole = Record::read(&first("whole").join("run.ndjson"));
    for index in 1..=8 {
        let (shard, reports) = (format!("{index}/8"), format!("shards/{index}"));
        let status = run(&["--shard", &shard, "--reports", &reports]).status;
        assert!([0, 1].contains(&status), "shard {shard} ends with {status}");
    }
    let shards: Vec<String> =
        (1..=8).map(|index| first(&format!("shards/{index}")).display().to_string()).collect();
    let shards: Vec<&str> = shards.iter().map(String::as_str).collect();
    let output =
        suite.proofmark(&[&["merge"], &shards[..], &["--out", "merged", "--gate"]].concat()).output();
    let joined = Record::read(&suite.path().join("merged/run.ndjson"));
    assert_eq!(by_name(&joined), by_name(&whole));
    let decided = |record: &Record| record.finished.as_ref().map(|end| end["gate"].clone());
    assert_eq!(decided(&joined), decided(&whole));
    let output = output.exits(1);
    let last = output.stdout.lines().last().expect("a last line");
    assert!(last.starts_with("gate: fail, by `level` ("), "{last}");
    // What any record comes to can be asked again; a shard alone is no run.
    let again = suite.proofmark(&["gate", "merged"]).output().exits(1);
    assert_eq!(again.stdout.lines().last(), Some(last));
    let output = suite.proofmark(&["gate", shards[2]]).output().exits(3);
    assert!(output.stderr.contains(" is shard 3/8 of a run: join the shards first"), "{}", output.stderr);
}
