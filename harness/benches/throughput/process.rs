//! Running the command, with its peak memory.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub struct Finished {
    pub wall: Duration,
    /// VmHWM as last seen before the end, sampled every 2 ms; 0 where there is no /proc.
    pub peak_kib: u64,
    pub success: bool,
    pub stdout: String,
}

pub fn run(arguments: &[&str]) -> Finished {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_proofmark"))
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut pipe = child.stdout.take().expect("a pipe");
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = pipe.read_to_string(&mut text);
        text
    });
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0;
    let exit = loop {
        if let Some(exit) = child.try_wait().expect("the child can be waited for") {
            break exit;
        }
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let seen = text
            .lines()
            .find_map(|l| l.strip_prefix("VmHWM:"))
            .and_then(|l| l.trim().trim_end_matches(" kB").parse().ok());
        peak_kib = peak_kib.max(seen.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    };
    Finished {
        wall: began.elapsed(),
        peak_kib,
        success: exit.success(),
        stdout: reader.join().unwrap_or_default(),
    }
}
