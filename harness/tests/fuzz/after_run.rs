//! `proofmark run --fuzz`, and what becomes of a defect from run to run: one suite in a folder of its own.

use crate::command::{Fuzzed, read};
use proofmark::record::{Event, FuzzTally};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The suite of this repository, in a folder that may be written to.
fn suite() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join("proofmark.yaml"), folder.path().join("proofmark.yaml")).expect("a copy");
    for part in ["specs", "cases"] {
        copy(&root.join(part), &folder.path().join(part));
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => std::fs::copy(entry.path(), to).map(|_| ()).expect("a copy"),
        }
    }
}

fn command(suite: &Path, command: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_proofmark"))
        .arg(command)
        .args(["--target", "sandbox", "--api", "cube", "--format", "json", "--seed", "5"])
        .args(arguments)
        .current_dir(suite)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the command starts")
}

fn tally(output: &Output) -> Option<FuzzTally> {
    let text = String::from_utf8_lossy(&output.stdout);
    let events = text.lines().filter_map(|line| serde_json::from_str(line).ok());
    events.into_iter().find_map(|event| match event {
        Event::RunFinished(finished) => finished.fuzz.map(|fuzz| *fuzz),
        _ => None,
    })
}

fn reports(suite: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(suite.join("reports")).expect("reports");
    let mut runs: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    runs.sort();
    runs
}

const FAULT: [&str; 2] = ["--fault", "cube-numbers-accepted"];
const QUICK: [&str; 4] = ["--fuzz-phases", "boundaries", "--fuzz-max-requests", "240"];

#[test]
fn a_run_that_fuzzes_fails_for_what_fuzzing_finds_and_tells_when_it_is_fixed() {
    let folder = suite();
    let suite = folder.path();
    // The case alone passes: it sends no numbers.
    let case = ["cube::orderPackage::order/documented", "--exact"];
    let alone = read(&command(suite, "run", &[&case[..], &FAULT].concat()));
    assert_eq!((alone.status, alone.trials.len()), (0, 1), "{}", alone.said);

    let output = command(suite, "run", &[&case[..], &FAULT, &["--fuzz"], &QUICK].concat());
    let fuzzed = read(&output);
    assert_eq!(fuzzed.status, 1, "{}", fuzzed.said);
    let accepted = "orderPackage fuzz accepted-type global_order".to_owned();
    assert!(fuzzed.findings().contains(&accepted), "{:?}", fuzzed.findings());
    assert_eq!(fuzzed.trials[0].name, "cube::orderPackage::order/documented");
    let told = tally(&output).expect("a tally");
    assert!(told.deviations > 100 && told.requests <= 240 && told.known.is_empty(), "{told:?}");

    // One report for both.
    let run = reports(suite).pop().expect("a run");
    let junit = std::fs::read_to_string(run.join("junit.xml")).expect("junit.xml");
    assert!(junit.contains("order/documented") && junit.contains("accepted-type"), "{junit}");
    let html = std::fs::read_to_string(run.join("report.html")).expect("report.html");
    assert!(html.contains("id=\"fuzzing\"") && html.contains("fuzz/global_order/"));
    let corpus = suite.join("fuzz/cube.yaml");
    assert!(std::fs::read_to_string(&corpus).expect("a corpus").contains("accepted-type"));

    // What is known is sent first, and told of.
    let now = |output: &Output| {
        let known = tally(output).expect("a tally").known;
        let mut words: Vec<String> = known.into_iter().map(|known| known.now).collect();
        words.dedup();
        words
    };
    let fuzz = |more: &[&str]| {
        command(suite, "fuzz", &[&["--phases", "boundaries", "--probe", "fuzz/global_order"], more].concat())
    };
    assert_eq!(now(&fuzz(&[&FAULT[..], &["--no-report"]].concat())), ["still there"]);
    // What was a crash yesterday, and accepts today: the same deviation shows another defect.
    let known = std::fs::read_to_string(&corpus).expect("a corpus");
    std::fs::write(&corpus, known.replace("accepted-type", "server-error")).expect("a corpus");
    let changed = fuzz(&FAULT);
    assert_eq!((changed.status.code(), now(&changed)), (Some(1), vec!["changed".to_owned()]));
    let now_known = std::fs::read_to_string(&corpus).expect("a corpus");
    let of = |text: &str| text.lines().find(|line| line.contains("fuzz/global_order/")).map(str::to_owned);
    assert_eq!(of(&now_known), of(&known), "what it shows now is remembered");
    std::fs::write(&corpus, known).expect("a corpus");
    assert_eq!(now(&command(suite, "run", &[&case[..], &["--fuzz"], &QUICK, &["--ci"]].concat())), ["fixed"]);
    assert!(
        std::fs::read_to_string(&corpus).expect("a corpus").contains("accepted-type"),
        "--ci writes nothing"
    );
    let fixed: Fuzzed = read(&command(suite, "run", &[&case[..], &["--fuzz"], &QUICK].concat()));
    assert_eq!((fixed.status, fixed.findings()), (0, Vec::new()), "{}", fixed.said);
    assert!(std::fs::read_to_string(&corpus).expect("a corpus").contains("defects: []"));
}

#[test]
fn settings_of_fuzzing_want_fuzzing() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = command(folder.path(), "run", &["--fuzz-cases", "3"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("--fuzz"), "{said}");
}
