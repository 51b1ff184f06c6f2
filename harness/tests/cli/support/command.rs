//! [`Proofmark`]: the real command in a clean environment.

use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The command and its arguments.
pub struct Proofmark {
    command: Command,
}

/// How a command ended. A status of -1 is a signal.
#[derive(Debug)]
pub struct Output {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Proofmark {
    pub fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proofmark"));
        command.args(arguments).env_clear().stdin(Stdio::null());
        Self { command }
    }

    pub fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn output(mut self) -> Output {
        Output::of(self.command.output().expect("the command starts"))
    }

    /// The command, started, with its output in pipes.
    pub fn spawn(mut self) -> Child {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts")
    }
}

impl Output {
    pub fn of(output: std::process::Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the command writes UTF-8");
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Panics with all the output where the status is another.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "\n--- stdout:\n{}\n--- stderr:\n{}\n---", self.stdout, self.stderr);
        self
    }

    /// Both streams, for what must be in neither.
    pub fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}
