//! How many mutants are made and judged a second? Answers of 2 KB of JSON, full checks, all cores.
//!
//! `cargo bench --bench mutation [-- CASES ROUNDS]`

#[path = "../throughput/process.rs"]
mod process;
#[path = "../throughput/server.rs"]
mod server;
#[path = "../throughput/suite.rs"]
mod suite;

use serde_json::Value;

const CASES: usize = 400;
const ROUNDS: usize = 3;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    if std::env::args().any(|a| a == "--server") {
        return server::serve();
    }
    let cases = numbers.first().copied().unwrap_or(CASES);
    let rounds = numbers.get(1).copied().unwrap_or(ROUNDS);
    let folder = std::env::temp_dir().join(format!("proofmark-mutation-{}", std::process::id()));
    let server = server::start();
    suite::write(&folder, cases, server::FEW_ITEMS);
    let bytes = server::answer(0, server::FEW_ITEMS).len();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{cases} answers of {bytes} bytes, {rounds} rounds, {cores} cores");
    let mut speeds = Vec::new();
    for round in 1..=rounds {
        let url = format!("{}/few", server.url);
        let suite = folder.to_str().expect("a temporary folder with a plain name");
        let ran = process::run(&["mutate", "--suite", suite, "--target", &url, "--format", "json"]);
        assert!(ran.success, "{}", ran.stdout);
        let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let number = |pointer: &str| found.pointer(pointer).and_then(Value::as_f64).expect("a number");
        let (mutants, seconds) = (number("/mutants"), number("/facts/seconds"));
        assert!(number("/total/killed") > mutants / 2.0, "the suite notices most defects");
        println!(
            "round {round}: {mutants:.0} mutants in {seconds:.2} s: {:.0}/s, {:.1} µs each on a core ({:.2} s whole process, {} MB peak)",
            mutants / seconds,
            seconds * 1e6 * cores as f64 / mutants,
            ran.wall.as_secs_f64(),
            ran.peak_kib / 1024
        );
        speeds.push(mutants / seconds);
    }
    speeds.sort_by(f64::total_cmp);
    println!("median: {:.0} mutants a second", speeds[speeds.len() / 2]);
    let _ = std::fs::remove_dir_all(&folder);
}
