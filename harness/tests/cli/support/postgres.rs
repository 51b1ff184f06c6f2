//! [`Postgres`]: a real PostgreSQL server of a test's own, where the machine has its programs.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Nobody: the server refuses to run as root.
const NOBODY: u32 = 65_534;
pub const PASSWORD: &str = "s3cret-of-the-team";

/// Listens on a socket in a temporary folder until it is dropped.
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
}

impl Postgres {
    /// `None` where there is no server on this machine, which is said.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("SKIPPED: there are no PostgreSQL programs (Debian: apt-get install postgresql)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("pm-pg").tempdir_in("/tmp").expect("a folder");
        let server = Self { folder, programs };
        if is_root() {
            chown(server.folder(), Some(NOBODY), Some(NOBODY)).expect("root may");
        }
        let password = server.folder().join("password");
        std::fs::write(&password, PASSWORD).expect("a file");
        server.run(
            "initdb",
            &["-D", "data", "-U", "team", "--pwfile=password", "-A", "scram-sha-256", "-E", "UTF8", "-N"],
        );
        let options = format!("-k {} -c listen_addresses= -c fsync=off", server.folder().display());
        server.run("pg_ctl", &["-D", "data", "-w", "-l", "log", "-o", &options, "start"]);
        Some(server)
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// With a password.
    pub fn url(&self) -> String {
        format!("postgres:///postgres?user=team&password={PASSWORD}&host={}", self.folder().display())
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let log = self.folder().join(format!("{program}.log"));
        let output = std::fs::File::create(&log).expect("a file");
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(self.folder()).env_clear().stdin(Stdio::null());
        // A pipe would be held open by the server.
        command.stdout(output.try_clone().expect("a file")).stderr(output);
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        let status = command.status().expect("the program runs");
        assert!(status.success(), "{program}: {}", std::fs::read_to_string(log).unwrap_or_default());
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", "data", "-m", "immediate", "-w", "stop"]);
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

/// Where Debian has them, the newest version first, or on the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.into_iter().rev().chain(std::env::split_paths(&path));
    all.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}
