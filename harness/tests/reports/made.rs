//! [`Made`]: two fresh runs, each rendered in every format, once for all tests.

use crate::support::command::Proofmark;
use crate::support::{Answer, Record, Server, Suite, demo};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

/// A run and its reports.
pub struct Made {
    pub record: Record,
    /// The text of the record.
    pub ndjson: String,
    /// By format.
    texts: BTreeMap<&'static str, String>,
    /// The text that the target put wherever it could.
    pub summary: String,
}

pub const FORMATS: [&str; 10] =
    ["html", "junit", "sarif", "gitlab", "tap", "ctrf", "har", "prometheus", "markdown", "json"];

/// The secret that the hostile target repeats.
pub const SECRET: &str = "hunter2-hunter2";

/// What a hostile target says: markup, commands of CI systems, lines of each format, escapes, invisible characters.
pub const HOSTILE: &str = "</script><img src=x onerror=alert(1)>\u{1b}[31m\u{202e}\u{0}\u{7f}\u{85}\u{2028}\u{feff}\u{200b}\
    \r\n::error file=a::forged\n::set-output name=a::b\n::stop-commands::x\n##[add-mask]a\n  ...\nok 99 - forged\nnot ok 98\n1..9\n\
    Bail out!\n# HELP forged x\nforged{a=\"b\"} 1\n\"} 2\n| a | b |\n```\n`` ` ``\n[x](javascript:alert(1)) ![x](http://evil.example/x.png)\n\
    {0} {{1}} %0A %25 \\n \\\" ' \" # SKIP \\# TODO @everyone 成功 😀]]> --> &lt;";

impl Made {
    pub fn text(&self, format: &str) -> &str {
        self.texts.get(format).unwrap_or_else(|| panic!("no report `{format}`"))
    }

    #[track_caller]
    pub fn json(&self, format: &str) -> Value {
        serde_json::from_str(self.text(format)).unwrap_or_else(|e| panic!("{format} is not JSON: {e}"))
    }

    /// Every report, by format.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(format, text)| (*format, text.as_str()))
    }

    /// How many trials have a verdict.
    pub fn verdicts(&self, verdict: &str) -> usize {
        self.record.trials.iter().filter(|trial| trial["verdict"] == verdict).count()
    }

    /// Reads everything into memory: what is `static` is never dropped, and so would be a folder of it.
    fn of(run: &Path, folder: &TempDir) -> Self {
        let out = folder.path().join("out");
        let mut arguments =
            vec!["report".to_owned(), run.display().to_string(), "--as".into(), "github".into()];
        for format in FORMATS {
            arguments.extend(["--as".to_owned(), format!("{format}={}", out.join(format).display())]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let summary = out.join("job-summary");
        let command = Proofmark::new(&arguments).folder(folder.path());
        let output = command.env("GITHUB_STEP_SUMMARY", &summary.display().to_string()).output().exits(0);
        let mut texts: BTreeMap<&'static str, String> =
            FORMATS.iter().map(|format| (*format, read(&out.join(format)))).collect();
        texts.insert("github", output.stdout);
        Self {
            record: Record::read(&run.join("run.ndjson")),
            ndjson: read(&run.join("run.ndjson")),
            texts,
            summary: read(&summary),
        }
    }
}

pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The folder of the only run in a folder of reports.
pub fn only_run(reports: &Path) -> PathBuf {
    let runs: Vec<PathBuf> =
        fs::read_dir(reports).expect("reports").flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    assert_eq!(runs.len(), 1, "not one run but {runs:?}");
    runs[0].clone()
}

/// The sandbox with a fault in every API, one of them in callbacks.
pub static FAULTY: LazyLock<Made> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let reports = folder.path().join("reports");
    let root = env!("CARGO_MANIFEST_DIR");
    let faults = ["cube-order-id-null", "ivr-callback-wrong-result", "ivr-numeric-code", "vas-other-msisdn"];
    let mut arguments = vec!["run", "--format", "terse", "--seed", "7", "--reports"];
    let reports_text = reports.display().to_string();
    arguments.push(&reports_text);
    arguments.extend(faults.iter().flat_map(|fault| ["--fault", fault]));
    Proofmark::new(&arguments).folder(Path::new(root)).output().exits(1);
    Made::of(&only_run(&reports), &folder)
});

/// A target that is wrong in every way: see [`HOSTILE`].
pub static HOSTILE_TARGET: LazyLock<Made> = LazyLock::new(|| {
    let server = server();
    let config =
        format!("{}retries: {{ times: 1, on: [errored] }}\n", demo::CONFIG.replace("URL", &server.url()));
    let suite = Suite::at(&server.url())
        .file("proofmark.yaml", &config)
        .file(
            "waivers.yaml",
            "waivers:\n  - { id: W-1, case: \"demo::*::waived\", finding: { check: outcome }, reason: \"later #1 | `x` ](y) # SKIP \\\\\", owner: qa, until: 2999-12-31 }\n",
        )
        .cases(CASES);
    let command = suite.proofmark(&["run", "--target", "staging", "--safe-only", "--seed", "7"]);
    command.env("DEMO_KEY", SECRET).env("DEMO_TOKEN", "tokentoken").output().exits(1);
    let run = suite.only_run();
    // Away from the suite, as somebody has it who was sent a record.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let kept = folder.path().join("kept");
    fs::create_dir(&kept).expect("a folder");
    fs::copy(run.join("run.ndjson"), kept.join("run.ndjson")).expect("a copy");
    Made::of(&kept, &folder)
});

const CASES: &str = r#"
  - { id: good, title: "T: 100% #1, {0} | `x` [a](b)", doc: demo.txt#1, call: get_thing, with: { id: good, X-Trace: "${env.DEMO_KEY}", session: s1 }, expect: { outcome: success } }
  - { id: hostile/code, title: T, doc: "demo.txt#2-3", call: get_thing, with: { id: code }, expect: { outcome: success, equals: { name: seven } } }
  - { id: hostile/fields, title: T, doc: demo.txt#4, call: get_thing, with: { id: fields, q: "a b&c=😀" }, expect: { outcome: success } }
  - { id: hostile/bytes, title: T, doc: demo.txt#5, call: get_thing, with: { id: bytes }, expect: { outcome: success } }
  - { id: hostile/head, title: T, doc: demo.txt#6, call: get_thing, with: { id: head }, expect: { outcome: success } }
  - { id: hostile/posted, title: T, doc: demo.txt#6, call: make_thing, from: documented, expect: { outcome: failure } }
  - { id: dropped, title: T, doc: demo.txt#7, call: get_thing, with: { id: drop }, expect: { outcome: success } }
  - { id: flaky, title: T, doc: demo.txt#7, call: get_thing, with: { id: flaky }, expect: { outcome: success } }
  - { id: waived, title: T, doc: demo.txt#8, call: get_thing, with: { id: refused }, expect: { outcome: success } }
  - { id: warned, level: should, title: T, doc: demo.txt#9, call: get_thing, with: { id: refused, q: x }, expect: { outcome: success } }
  - { id: noted, level: may, title: T, doc: demo.txt#9, call: get_thing, with: { id: "8" }, expect: { equals: { name: eight } } }
  - { id: skipped, title: T, doc: demo.txt#9, call: subscribe, with: { mobile: "1" }, expect: { outcome: success } }
"#;

fn server() -> Server {
    let flaky = AtomicUsize::new(0);
    Server::start(move |request| {
        let path = request.target().split('?').next().unwrap_or_default();
        match path.strip_prefix("/things/").unwrap_or(path) {
            "good" => {
                let trace = request.header("x-trace").unwrap_or_default();
                Answer::json(&json!({ "code": "0", "name": format!("{HOSTILE} {trace}") }).to_string())
            }
            "code" => Answer::json(&json!({ "code": HOSTILE, "name": HOSTILE, "id": HOSTILE }).to_string()),
            "fields" => Answer::json(&json!({ "code": "0", "id": 7, HOSTILE: HOSTILE }).to_string()),
            "bytes" => Answer::typed("application/json", b"{\"code\": \"\xff\xfe\x00\x1b[31m</script>\"}"),
            "head" => Answer::whole(
                "302 Found",
                &[
                    ("Content-Type", "text/html; charset=<script>"),
                    ("Location", "http://evil.example/::error::/[x](y)"),
                    ("Set-Cookie", "a=b=\u{e9}; Path=/; Domain=evil.example; HttpOnly; Secure; Expires=soon"),
                    ("X-Evil", "::error::forged `x` <b> \u{9b}31m"),
                ],
                HOSTILE.as_bytes(),
            ),
            "refused" => Answer::json(demo::REFUSED),
            "drop" => Answer::Bytes(Vec::new()),
            "flaky" if flaky.fetch_add(1, Ordering::SeqCst) == 0 => Answer::Bytes(Vec::new()),
            _ => Answer::json(demo::GOOD),
        }
    })
}
