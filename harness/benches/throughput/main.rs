//! How fast is a run? 10,000 generated cases against a loopback server with 3 KB JSON answers, full checks, record
//! written, compared with a bare loop of reqwest plus jsonschema that sends the same requests in the same run.
//!
//! `cargo bench --bench throughput [-- CASES ROUNDS]`

mod bare;
mod process;
mod server;
mod suite;

use std::path::Path;
use std::time::Duration;

const CASES: usize = 10_000;
const ROUNDS: usize = 3;
/// Deviations of the campaign that is timed.
const FUZZED: usize = 20_000;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    if std::env::args().any(|a| a == "--server") {
        return server::serve();
    }
    let cases = numbers.first().copied().unwrap_or(CASES);
    let rounds = numbers.get(1).copied().unwrap_or(ROUNDS);
    let folder = std::env::temp_dir().join(format!("proofmark-bench-{}", std::process::id()));
    let server = server::start();
    suite::write(&folder, cases, server::ITEMS);
    println!(
        "{cases} cases, {} bytes an answer, {rounds} rounds, server on the same machine",
        server::answer(0, server::ITEMS).len()
    );
    let mut ratios = Vec::new();
    for round in 1..=rounds {
        let (run, seconds) = full_run(&folder, &server.url, cases);
        let bare = bare::run(&server.url, cases);
        let (ours, theirs) = (cases as f64 / seconds, cases as f64 / bare.as_secs_f64());
        ratios.push(ours / theirs);
        println!(
            "round {round}: proofmark {ours:.0} cases/s ({:.2} s whole process, {} MB peak), bare loop {theirs:.0}/s, ratio {:.2}",
            run.wall.as_secs_f64(),
            run.peak_kib / 1024,
            ours / theirs
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio to the bare loop: {:.2}", ratios[ratios.len() / 2]);
    let fewer = folder.join("fewer");
    suite::write(&fewer, cases / 4, server::ITEMS);
    let (run, _) = full_run(&fewer, &server.url, cases / 4);
    println!("{} cases: {} MB peak", cases / 4, run.peak_kib / 1024);
    let bare = bare::run(&server.url, FUZZED);
    let fuzz = fuzz_run(&folder, &server.url);
    let (ours, theirs) = (FUZZED as f64 / fuzz.wall.as_secs_f64(), FUZZED as f64 / bare.as_secs_f64());
    println!(
        "fuzz: {ours:.0} deviations/s ({:.2} s whole process, {} MB peak), ratio {:.2}",
        fuzz.wall.as_secs_f64(),
        fuzz.peak_kib / 1024,
        ours / theirs
    );
    let load = fastest(|| process::run(&["check", "--suite", path(&folder), "--target", &server.url]).wall);
    println!("load of {cases} cases (`check`): {} ms", load.as_millis());
    let one_folder = folder.join("one");
    suite::write(&one_folder, 1, server::ITEMS);
    let one = fastest(|| process::run(&["run", "--suite", path(&one_folder), "--target", &server.url]).wall);
    println!("one case, with record and report: {} ms", one.as_millis());
    let _ = std::fs::remove_dir_all(&folder);
}

fn path(folder: &Path) -> &str {
    folder.to_str().expect("a temporary folder with a plain name")
}

fn fastest(measure: impl Fn() -> Duration) -> Duration {
    (0..10).map(|_| measure()).min().unwrap_or_default()
}

/// The fastest of some campaigns of generated values, without a suite. The server takes every value: that is one defect.
fn fuzz_run(folder: &Path, url: &str) -> process::Finished {
    let spec = folder.join("things.yaml");
    // A parameter that has something to break.
    let strict = suite::SPEC.replace(
        "required: true, schema: { type: string } }",
        "required: true, schema: { type: string, pattern: \"^[1-9][0-9]{0,5}$\" } }",
    );
    std::fs::write(&spec, strict).expect("a folder that can be written to");
    let (cases, jobs) = (FUZZED.to_string(), "32");
    let arguments =
        ["fuzz", "--spec", path(&spec), "--target", url, "--phases", "generated", "--cases", &cases];
    let rest = ["--jobs", jobs, "--seed", "1", "--no-report"];
    let one = || process::run(&[&arguments[..], &rest].concat());
    let fastest = (0..ROUNDS).map(|_| one()).min_by_key(|finished| finished.wall).expect("at least one");
    let told = format!("1 distinct defect by {FUZZED} deviations");
    assert!(fastest.stdout.contains(&told), "{}", fastest.stdout);
    fastest
}

/// A run and the seconds between its first request and its last event, from its own record.
fn full_run(folder: &Path, url: &str, cases: usize) -> (process::Finished, f64) {
    let reports = folder.join("reports");
    let _ = std::fs::remove_dir_all(&reports);
    let finished = process::run(&["run", "--suite", path(folder), "--target", url, "--format", "terse"]);
    let tail = &finished.stdout[finished.stdout.len().saturating_sub(600)..];
    assert!(finished.success, "the run must be conformant:\n{tail}");
    let mut entries = std::fs::read_dir(&reports).expect("a report").flatten().map(|entry| entry.path());
    let run = entries.find(|path| path.is_dir()).expect("a run");
    let record = proofmark::record::read(&run).expect("a readable record");
    let end = record.finished.expect("a finished record");
    assert_eq!(end.counts.passed, cases);
    (finished, end.duration_ms as f64 / 1000.0)
}
