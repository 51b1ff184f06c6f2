//! What the command says of itself, of what is wrong, and of a target that is not there.

use crate::command::{fuzz, raw};

fn said(arguments: &[&str]) -> (Option<i32>, String) {
    let output = raw(arguments);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn the_help_has_examples_and_statuses() {
    let (status, text) = said(&["--help"]);
    assert_eq!(status, Some(0));
    assert!(text.contains("proofmark fuzz --max-time 30s --rate 50"), "{text}");
    assert!(text.contains("Exit status:"), "{text}");
}

#[test]
fn mistakes_name_what_is_nearest() {
    let (status, text) = said(&["--operation", "ivrchaxum"]);
    assert_eq!(status, Some(3));
    assert!(text.contains("unknown operation `ivrchaxum` (known: `ivrchaxun`"), "{text}");
    let (status, text) = said(&["--phases", "boundary"]);
    assert_eq!(status, Some(3));
    assert!(text.contains("expected `examples`, `boundaries`, `generated` or `sequences`"), "{text}");
    let (status, text) = said(&["--api", "vascloud", "--target", "local", "--fault", "vas-error-id-2"]);
    assert_eq!(status, Some(3));
    assert!(text.contains("`--fault` is for the embedded sandbox"), "{text}");
}

#[test]
fn a_target_that_is_not_there_could_not_be_judged() {
    let (status, text) = said(&[
        "--api",
        "unicom-ivr",
        "--target",
        "http://127.0.0.1:1",
        "--no-report",
        "--operation",
        "ivrchaxun",
        "--var",
        "phone_prefix=130",
        "--var",
        "product=p",
        "--var",
        "unknown_phone=1",
        "--var",
        "product_chinese=p",
        "--var",
        "failing_product=p",
    ]);
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("connect: tcp connect error"), "{text}");
}

#[test]
fn the_same_seed_finds_the_same_in_the_same_order_whatever_the_jobs() {
    let run = |jobs: &str| {
        let faults = ["--fault", "cube-unknown-enum-accepted", "--fault", "cube-malformed-body-500"];
        fuzz(&[&["--api", "cube", "--seed", "3", "--cases", "10", "--jobs", jobs], &faults[..]].concat())
    };
    let (one, many) = (run("1"), run("8"));
    let names = |fuzzed: &crate::command::Fuzzed| {
        fuzzed
            .trials
            .iter()
            .map(|t| {
                format!("{} {:?}", t.name, t.findings().map(|(_, f)| f.message.clone()).collect::<Vec<_>>())
            })
            .collect::<Vec<_>>()
    };
    assert!(one.trials.len() > 4, "{:?}", names(&one));
    assert_eq!(names(&one), names(&many));
}

#[test]
fn a_finding_can_be_sent_again_by_its_replay_line_and_holds_no_secret() {
    let first =
        fuzz(&["--api", "cube", "--seed", "3", "--fault", "cube-period-unlimited", "--phases", "boundaries"]);
    let finding = first.trials.iter().flat_map(|t| t.findings()).map(|(_, f)| f).next().expect("a finding");
    let replay = finding
        .details
        .iter()
        .find_map(|d| d.strip_prefix("replay: proofmark fuzz "))
        .expect("a replay line");
    let words: Vec<&str> = replay.split(' ').collect();
    let again = fuzz(&[&words[..], &["--fault", "cube-period-unlimited"]].concat());
    assert_eq!(again.findings(), first.findings()[..1]);
    // One for the good request, one for the defect.
    assert_eq!(again.trials.len(), 2);
    let record = serde_json::to_string(&first.trials).expect("JSON");
    assert!(record.contains("[CUBE_ACCESS_CODE]") || record.contains("[access_code]"), "{record}");
}

#[test]
fn only_safe_sends_nothing_that_changes_the_target() {
    let fuzzed = fuzz(&["--api", "unicom-ivr", "--only-safe", "--seed", "1", "--cases", "5"]);
    assert!(fuzzed.trials.iter().all(|trial| trial.operation == "ivrchaxun"), "{:?}", fuzzed.trials);
    assert_eq!(fuzzed.status, 0);
}

#[test]
fn the_report_shows_the_defect_with_its_curl() {
    let folder = tempfile::tempdir().expect("a folder");
    let reports = folder.path().display().to_string();
    let (status, text) = said(&[
        "--target",
        "sandbox",
        "--api",
        "cube",
        "--seed",
        "3",
        "--fault",
        "cube-malformed-body-500",
        "--phases",
        "boundaries",
        "--probe",
        "fuzz/body/truncated",
        "--reports",
        &reports,
        "--no-corpus",
    ]);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("1 distinct defect by 1 deviations"), "{text}");
    let mut entries = std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.path());
    let run = entries.find(|path| path.is_dir()).expect("a run");
    let html = std::fs::read_to_string(run.join("report.html")).expect("a report");
    assert!(
        html.contains("server-error") && html.contains("fuzz/body/truncated") && html.contains("curl -sS")
    );
}
