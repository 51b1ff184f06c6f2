//! [`Postgres`]: a real PostgreSQL server of a test's own, where the machine has its programs.

use super::secure::Authority;
use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Nobody: the server refuses to run as root.
const NOBODY: u32 = 65_534;
pub const PASSWORD: &str = "s3cret-of-the-team";

/// Listens on a socket in a temporary folder, and with TLS on the loopback, until it is dropped.
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl Postgres {
    /// `None` where there is no server on this machine, which is said.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("SKIPPED: there are no PostgreSQL programs (Debian: apt-get install postgresql)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("pm-pg").tempdir_in("/tmp").expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let server = Self { folder, programs, port };
        if is_root() {
            chown(server.folder(), Some(NOBODY), Some(NOBODY)).expect("root may");
        }
        let password = server.folder().join("password");
        std::fs::write(&password, PASSWORD).expect("a file");
        server.run(
            "initdb",
            &["-D", "data", "-U", "team", "--pwfile=password", "-A", "scram-sha-256", "-E", "UTF8", "-N"],
        );
        server.is_certified();
        let options = format!(
            "-k {folder} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c ssl=on \
             -c ssl_cert_file={folder}/server.pem -c ssl_key_file={folder}/server.key",
            folder = server.folder().display(),
        );
        server.run("pg_ctl", &["-D", "data", "-w", "-l", "log", "-o", &options, "start"]);
        Some(server)
    }

    /// Its certificate, and that of who issued it.
    fn is_certified(&self) {
        let authority = Authority::new();
        let identity = authority.issue();
        std::fs::write(self.authority(), &authority.pem).expect("a file");
        std::fs::write(self.folder().join("server.pem"), identity.cert).expect("a file");
        let key = self.folder().join("server.key");
        std::fs::write(&key, identity.key).expect("a file");
        std::fs::set_permissions(&key, Permissions::from_mode(0o600)).expect("its own file");
        if is_root() {
            chown(key, Some(NOBODY), Some(NOBODY)).expect("root may");
        }
    }

    /// Who issued the certificate, PEM.
    pub fn authority(&self) -> PathBuf {
        self.folder().join("authority.pem")
    }

    /// Over TCP, with TLS or not at all.
    pub fn secure_url(&self, host: &str) -> String {
        format!("postgres://team:{PASSWORD}@{host}:{}/postgres?sslmode=require", self.port)
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// With a password.
    pub fn url(&self) -> String {
        format!(
            "postgres:///postgres?user=team&password={PASSWORD}&port={}&host={}",
            self.port,
            self.folder().display()
        )
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
