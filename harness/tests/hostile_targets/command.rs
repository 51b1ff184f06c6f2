//! [`run`]: the command on a suite, with its peak of memory.

use crate::suite::{SECRETS, Suite};
use proofmark::record::{TrialFinished, read};
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Always,
    Never,
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    pub status: u8,
    pub stdout: String,
    pub stderr: String,
    pub colour: Colour,
    /// In the order in which they ended.
    pub trials: Vec<TrialFinished>,
    /// `run.ndjson` as it is.
    pub record: String,
    /// `report.html` as it is.
    pub html: String,
    /// `junit.xml` as it is.
    pub junit: String,
    pub elapsed: Duration,
    /// The most memory that it had at a time, in bytes; `None` where the system does not tell.
    pub peak_memory: Option<u64>,
}

/// `proofmark run --target URL` with more arguments: 1 s for an exchange, 2 MiB for a body.
#[track_caller]
pub fn run(suite: &Suite, url: &str, colour: Colour, arguments: &[&str]) -> Ran {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_proofmark"))
        .args(["run", "--target", url, "--timeout", "1s", "--max-body", "2MiB", "--reports"])
        .arg(reports.path())
        .args(["--color", if colour == Colour::Always { "always" } else { "never" }])
        .args(arguments)
        .current_dir(suite.path())
        .env_clear()
        .envs(SECRETS)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let stdout = reader(child.stdout.take().expect("a pipe"));
    let stderr = reader(child.stderr.take().expect("a pipe"));
    let (status, peak_memory) = watch(&mut child);
    let elapsed = started.elapsed();
    let text = |thread: thread::JoinHandle<Vec<u8>>| {
        String::from_utf8(thread.join().expect("a reader panicked")).expect("the command writes UTF-8")
    };
    let (stdout, stderr) = (text(stdout), text(stderr));
    let folder = only_folder(reports.path().to_owned(), &stderr);
    let file = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    Ran {
        status,
        colour,
        trials: read(&folder).unwrap_or_else(|e| panic!("{e}")).trials,
        record: file("run.ndjson"),
        html: file("report.html"),
        junit: file("junit.xml"),
        stdout,
        stderr,
        elapsed,
        peak_memory,
    }
}

fn reader(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        bytes
    })
}

/// Waits for the end, and looks at the memory meanwhile: the system's own high-water mark, which only grows.
fn watch(child: &mut Child) -> (u8, Option<u64>) {
    let mut peak = None;
    loop {
        peak = high_water(child.id()).or(peak);
        match child.try_wait().expect("the command can be waited for") {
            Some(status) => {
                let code = status.code().and_then(|code| u8::try_from(code).ok());
                return (code.unwrap_or_else(|| panic!("the command ended by {status}")), peak);
            }
            None => thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// `VmHWM` of Linux's `/proc`, in bytes.
fn high_water(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn only_folder(reports: PathBuf, stderr: &str) -> PathBuf {
    let entries = fs::read_dir(reports).expect("the folder of reports");
    let found: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    let [folder] = found.as_slice() else { panic!("not one run but {found:?}: {stderr}") };
    folder.clone()
}
