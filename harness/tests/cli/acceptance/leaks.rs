//! Secrets in every place that a request, an answer or a connection has one; and every output of every command that sends
//! or shows something, searched for them in every form.

use super::redaction::{SECRET, answer, base64, cases, disguises, kind, percent, unfolded};
use super::{PROFILE, commit};
use crate::support::caller::call;
use crate::support::proxy::{PASSWORD, Proxy, USER};
use crate::support::secure::{Authority, SecureServer};
use crate::support::{Answer, Output, Port, Received, Server, Suite, demo};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};

/// What headers can carry as it is.
const TOKEN: &str = "t0ken-hunter3~value.77";
/// What the token endpoint issues: no variable has it.
const ISSUED: &str = "1ssued-hunter4-0123456789";

/// Wherever an answer can hold what was sent, and what it was sent with.
fn echo(request: &Received, listener: SocketAddr) -> Answer {
    if request.target() == "/token" {
        return Answer::json(&format!(
            "{{\"access_token\":\"{ISSUED}\",\"token_type\":\"Bearer\",\"expires_in\":600}}"
        ));
    }
    // Some commands do not listen.
    if request.header("x-key").is_some() && TcpStream::connect(listener).is_ok() {
        call(
            listener,
            &format!("/callback?mobile=1&result=0&key={}&b={}", percent(SECRET.as_bytes()), base64(TOKEN)),
        );
        call(listener, &format!("/lost?key={}", percent(SECRET.as_bytes())));
    }
    let sent = request.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
    let all = format!("{}\n{}\n{}", request.line, sent.collect::<String>(), request.text());
    if request.target().contains("good") {
        return Answer::json(&serde_json::json!({ "code": "0", "name": SECRET, "token": all }).to_string());
    }
    if request.target().contains("redirect") {
        let to = format!("/login?key={}&token={TOKEN}", percent(SECRET.as_bytes()));
        return Answer::whole(
            "302 Found",
            &[("Location", &to), ("X-All", &percent(all.as_bytes()))],
            all.as_bytes(),
        );
    }
    answer(kind(request), "key", &format!("{SECRET} {TOKEN} {all}"))
}

/// The demo suite with a target for each way to say who one is.
fn suite(server: &Server, proxy: &Proxy, secure: &SecureServer, own: &Authority) -> Suite {
    let (url, address) = (server.url(), proxy.address());
    let target = |name: &str, keys: &str| {
        format!("  {name}: {{ url: \"{url}\", headers: {{ X-Stage: \"${{env.DEMO_TOKEN}}\" }}, {keys} }}\n")
    };
    let targets = [
        target("basic", "auth: { basic: { user: agent, password: \"${env.DEMO_KEY}\" } }"),
        target("bearer", "auth: { bearer: \"${env.DEMO_TOKEN}\" }"),
        target("key", "auth: { api_key: { in: query, name: key, value: \"${env.DEMO_KEY}\" } }"),
        target(
            "oauth",
            &format!(
                "auth: {{ oauth2: {{ token_url: \"{url}/token\", client_id: agent, client_secret: \"${{env.DEMO_KEY}}\" }} }}"
            ),
        ),
        target(
            "proxied",
            &format!(
                "proxy: {{ url: \"http://{address}\", user: {USER}, password: \"${{env.PROXY_KEY}}\" }}"
            ),
        ),
        format!(
            "  secure: {{ url: \"{}\", tls: {{ ca: ca.pem, cert: client.pem, key: \"${{env.CLIENT_KEY}}\" }} }}\n",
            secure.url()
        ),
    ];
    let config =
        demo::CONFIG.replace("[DEMO_KEY, DEMO_TOKEN]", "[DEMO_KEY, DEMO_TOKEN, CLIENT_KEY, PROXY_KEY]");
    let (head, _) = config.split_once("targets:\n").expect("targets");
    let config = format!("{head}{PROFILE}targets:\n{}", targets.concat());
    let more = r#"
  - { id: good, title: T, doc: demo.txt#1, call: get_thing, with: { id: good, q: "${env.DEMO_KEY}", X-Trace: "${env.DEMO_TOKEN}" }, expect: { outcome: success } }
  - { id: redirect, title: T, doc: demo.txt#1, call: get_thing, with: { id: redirect, q: "${env.DEMO_KEY}" }, expect: { outcome: success } }
  - { id: xml, title: T, doc: demo.txt#1, call: post_xml, body: "<Q><id>${env.DEMO_TOKEN}</id></Q>", expect: { outcome: success } }
  - { id: multipart, title: T, doc: demo.txt#1, call: make_thing, headers: { Content-Type: multipart/form-data; boundary=b }, body: "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n${env.DEMO_KEY}\r\n--b--\r\n", expect: { outcome: success } }
  - { id: call, title: T, doc: demo.txt#1, call: subscribe, with: { mobile: "1" }, headers: { X-Key: "${env.DEMO_TOKEN}" }, callback: { name: result, match: { mobile: "1" }, expect: { equals: { result: "1" } } } }
"#;
    let suite = Suite::at(&url).file("proofmark.yaml", &config).cases(&format!(
        "{}{}",
        cases("${env.DEMO_KEY}"),
        more.trim_start_matches('\n')
    ));
    suite.file("ca.pem", &own.pem)
}

/// Everything below a folder, but what the test itself has put there.
fn written(folder: &Path) -> Vec<PathBuf> {
    let ours = [
        "proofmark.yaml",
        "specs",
        "cases",
        ".git",
        "ca.pem",
        "client.pem",
        "acceptance.key",
        "acceptance.pub",
    ];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            _ if ours.contains(&entry.file_name().to_string_lossy().as_ref()) => {}
            path if path.is_dir() => found.extend(written(&path)),
            path => found.push(path),
        }
    }
    found
}

#[test]
fn no_output_of_any_command_has_a_secret() {
    let port = Port::reserve();
    let listener = port.address();
    let server = Server::start(move |request| echo(request, listener));
    let (proxy, own) = (Proxy::http(), Authority::new());
    let secure = SecureServer::tls(&own, Some(&own), &["http/1.1"], demo::GOOD);
    let identity = own.issue();
    let suite = suite(&server, &proxy, &secure, &own).file("client.pem", &identity.cert);
    suite.proofmark(&["keygen"]).output().exits(0);
    commit(suite.path());
    let run = |arguments: &[&str], statuses: &[i32]| -> Output {
        let command = suite.proofmark(arguments).env("DEMO_KEY", SECRET).env("DEMO_TOKEN", TOKEN);
        let output = command.env("CLIENT_KEY", &identity.key).env("PROXY_KEY", PASSWORD).output();
        assert!(
            statuses.contains(&output.status),
            "{arguments:?} ends with {}: {}",
            output.status,
            output.stderr
        );
        output
    };
    let listen = listener.to_string();
    let mut said: Vec<(String, Output)> = Vec::new();
    let mut keep = |arguments: &[&str], statuses: &[i32]| {
        let output = run(arguments, statuses);
        said.push((arguments.join(" "), output));
    };
    let all = ["sarif", "github", "gitlab", "tap", "ctrf", "har", "prometheus", "markdown", "json"];
    for target in ["basic", "bearer", "key", "oauth", "proxied", "secure"] {
        let mut arguments =
            vec!["run", "--target", target, "--callback-listen", &listen, "--snapshots", "write"];
        arguments.extend(all.iter().flat_map(|format| ["--as", format]));
        if target != "basic" {
            arguments.extend(["--skip", "subscribe::call"]);
        }
        // That server takes no bodies, and neither does that proxy.
        arguments.extend(["secure", "proxied"].contains(&target).then_some("get_thing::"));
        keep(&arguments, &[0, 1]);
    }
    keep(
        &[
            "run",
            "--target",
            "basic",
            "--format",
            "json",
            "--baseline",
            "latest",
            "--callback-listen",
            &listen,
        ],
        &[1],
    );
    keep(&["run", "--explain", "--target", "oauth"], &[0]);
    keep(&["history"], &[0]);
    let runs: Vec<String> = suite.runs().iter().take(2).map(|run| run.display().to_string()).collect();
    keep(&["compare", &runs[0], &runs[1]], &[0, 1]);
    keep(&["diff", "--target", "basic", "--target", "bearer", "get_thing"], &[0, 1]);
    keep(&["mutate", "--target", "basic", "good"], &[0, 1]);
    for target in ["basic", "oauth"] {
        keep(&["fuzz", "--target", target, "--max-requests", "150", "--phases", "boundaries"], &[1]);
    }
    keep(
        &[&super::DELIVERY[..], &["--target", "oauth", "--key", "acceptance.key", "--archive", "acme.tar"]]
            .concat(),
        &[1, 2],
    );
    let files = written(suite.path());
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    for part in
        ["history.sqlite", "snapshots/", "fuzz/demo.yaml", "exchanges.har", "proofmark.sarif", "acme.tar"]
    {
        assert!(names.iter().any(|name| name.contains(part)), "no `{part}` among {names:#?}");
    }
    let line = identity.key.lines().nth(1).expect("a line of the key");
    let secrets = [SECRET, "hunter2", TOKEN, "hunter3", ISSUED, "hunter4", PASSWORD, line];
    let forms: Vec<(&str, Vec<String>)> = secrets.iter().map(|secret| (*secret, disguises(secret))).collect();
    let search = |place: &str, text: &str| {
        let text = text.to_lowercase();
        let lines = unfolded(&text);
        for (secret, forms) in &forms {
            for form in forms {
                let before = text.find(form).map(|at| text[..at].chars().rev().take(200).collect::<Vec<_>>());
                let before: Option<String> = before.map(|chars| chars.into_iter().rev().collect());
                assert_eq!(before, None, "{place} has `{secret}` as `{form}` behind this");
                assert!(!lines.contains(form), "{place} has `{secret}` as `{form}` on two lines");
            }
        }
    };
    for (command, output) in &said {
        search(command, &output.all());
    }
    for file in files {
        search(&file.display().to_string(), &String::from_utf8_lossy(&std::fs::read(&file).expect("a file")));
    }
    // They were sent, all of them.
    let came: String =
        server.received().iter().map(|r| format!("{} {:?} {}", r.line, r.headers, r.text())).collect();
    for sent in [TOKEN, ISSUED, "hunter2%25%5C", &base64(&format!("agent:{SECRET}"))] {
        assert!(came.to_lowercase().contains(&sent.to_lowercase()), "`{sent}` was never sent");
    }
}
