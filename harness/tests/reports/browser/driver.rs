//! [`Browser`]: headless Chromium by WebDriver (W3C), on plain sockets: chromedriver speaks HTTP/1.1 and JSON, and these
//! tests need five of its commands.

use base64::Engine;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Nothing here takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open browser with one page.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

/// The browser and its driver, where both are installed.
fn installed() -> Option<(PathBuf, PathBuf)> {
    let find = |names: &[&str]| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .flat_map(|folder| names.iter().map(move |n| folder.join(n)))
            .find(|p| p.is_file())
    };
    Some((find(&["chromium", "chromium-browser", "google-chrome"])?, find(&["chromedriver"])?))
}

impl Browser {
    /// Starts it; `None` where it is not installed, unless `PROOFMARK_BROWSER=required` (set by `.ci/run`) asks for it.
    pub fn open() -> Option<Self> {
        let Some((chromium, driver)) = installed() else {
            let required = std::env::var("PROOFMARK_BROWSER").is_ok_and(|word| word == "required");
            assert!(
                !required,
                "PROOFMARK_BROWSER is `required`, but there is no chromium or no chromedriver"
            );
            eprintln!(
                "skipped: chromium and chromedriver are not installed (Debian: chromium, chromium-driver)"
            );
            return None;
        };
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let lines = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
            })
            .expect("chromedriver says its port");
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut browser = Self { driver, port, session: String::new(), _profile: profile };
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &format!("--user-data-dir={}", browser._profile.path().display()),
        ];
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "binary": chromium, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            // A dialog that a script opens stays, and the next command fails by it.
            "unhandledPromptBehavior": "ignore",
            "timeouts": { "script": PATIENCE.as_millis() as u64 },
        } } });
        let opened = browser.send("POST", "/session", &capabilities);
        browser.session = opened["sessionId"].as_str().expect("a session").to_owned();
        // The page that every new tab shows is the browser's own.
        browser.command("/url", &json!({ "url": "about:blank" }));
        browser.requests();
        browser.console();
        Some(browser)
    }

    /// Width and height of the screen, and its colours: `light` or `dark`.
    pub fn screen(&self, width: u32, height: u32, scheme: &str) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 }),
        );
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.command("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Opens a file, at a fragment where it has one, as a reader would who follows a link to it.
    pub fn file(&self, path: &Path, fragment: &str) {
        self.command("/url", &json!({ "url": "about:blank" }));
        self.command("/url", &json!({ "url": format!("file://{}{fragment}", path.display()) }));
    }

    /// The value of an expression in the page; that of a promise where it is one.
    pub fn value(&self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             Promise.resolve({expression}).then((value) => done({{ value }}), (e) => done({{ error: String(e) }}));"
        );
        let mut outcome = self.command("/execute/async", &json!({ "script": script, "args": [] }));
        assert_eq!(outcome["error"], Value::Null, "in {expression}");
        outcome["value"].take()
    }

    /// Runs a script for what it does.
    pub fn run(&self, script: &str) {
        self.command("/execute/sync", &json!({ "script": script, "args": [] }));
    }

    /// Types keys, as if at a keyboard.
    pub fn keys(&self, text: &str) {
        let press =
            |c: char| [json!({ "type": "keyDown", "value": c }), json!({ "type": "keyUp", "value": c })];
        let actions: Vec<Value> = text.chars().flat_map(press).collect();
        self.command(
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }),
        );
    }

    /// The page on paper, as PDF.
    pub fn printed(&self) -> Vec<u8> {
        let pdf = self.command("/print", &json!({}));
        base64::engine::general_purpose::STANDARD.decode(pdf.as_str().expect("base64")).expect("base64")
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn until(&self, expression: &str) {
        let began = Instant::now();
        while self.value(expression) != true {
            assert!(began.elapsed() < PATIENCE, "never true: {expression}");
        }
    }

    /// What the page wrote to the console: errors of scripts, refusals of the content security policy.
    pub fn console(&self) -> Vec<String> {
        let entries = self.command("/se/log", &json!({ "type": "browser" }));
        entries.as_array().expect("a log").iter().map(|e| e["message"].to_string()).collect()
    }

    /// Every URL that was asked for since the last call.
    pub fn requests(&self) -> Vec<String> {
        let entries = self.command("/se/log", &json!({ "type": "performance" }));
        let url = |entry: &Value| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let sent = message["message"]["method"] == "Network.requestWillBeSent";
            sent.then(|| message["message"]["params"]["request"]["url"].as_str().map(str::to_owned)).flatten()
        };
        entries.as_array().expect("a log").iter().filter_map(url).collect()
    }

    fn command(&self, path: &str, body: &Value) -> Value {
        self.send("POST", &format!("/session/{}{path}", self.session), body)
    }

    #[track_caller]
    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("chromedriver listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).expect("sent");
        let answer = body_of(stream);
        let body = answer.as_str();
        let mut answer: Value = serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {body}"));
        let error = answer["value"].get("error").filter(|_| answer["value"].get("stacktrace").is_some());
        assert!(
            error.is_none(),
            "{method} {path}: {} {}",
            answer["value"]["error"],
            answer["value"]["message"]
        );
        answer["value"].take()
    }
}

/// The body of an answer, as long as its head says: the driver keeps connections open.
fn body_of(stream: TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line of the head");
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().expect("a length");
            }
            _ if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body");
    String::from_utf8_lossy(&body).into_owned()
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.send("DELETE", &format!("/session/{}", self.session), &json!({}));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
