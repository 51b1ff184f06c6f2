//! The curl command of a failure, run by a shell, sends the request that the harness sent.

use crate::support::{Answer, Received, Server, Suite, demo};
use std::process::Command;

/// Whether the real curl is there.
fn curl_exists() -> bool {
    let found = Command::new("curl").arg("--version").output().is_ok_and(|o| o.status.success());
    if !found {
        eprintln!("skipped: `curl` is not there");
    }
    found
}

/// What both must have in common: the request line, every header but the order, and the body.
fn essence(request: &Received) -> (String, Vec<(String, String)>, Vec<u8>) {
    let mut headers: Vec<(String, String)> =
        request.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    headers.sort();
    (request.line.clone(), headers, request.body.clone())
}

#[test]
fn a_shell_sends_the_same_bytes() {
    if !curl_exists() {
        return;
    }
    let cases = r#"
  - { call: find_gbk, with: { name: 彩铃 } }
  - { call: find_gbk, query: "name=%B2%CA&list[]=1&set={a,b}&quote='x'&plus=+&é= \"<>&&=%" }
  - { call: get_thing, with: { id: "a/../b 'c'$HOME`id`;é", q: ["1", "[2-3]"] } }
  - { call: get_thing }
  - { call: get_thing, with: { id: "7", X-Trace: "it's \"quoted\" $HOME \\ é", session: "a'b" }, headers: { X-Empty: "", User-Agent: null } }
  - { call: get_thing, with: { id: "7" }, method: HEAD }
  - { call: make_thing, from: documented, with: { name: "it's 100% \\ \"x\" $(id) `id` !! \n\t彩" } }
  - { call: make_thing, from: documented, method: PUT }
  - { call: make_thing, body: "" }
  - { call: make_thing, body: "@/etc/hostname" }
  - { call: make_thing, body: "-n %s %% \\n\r\n\0\u0001end" }
  - { call: make_thing, body: "no type", headers: { Content-Type: null } }
  - { call: make_thing, as: application/x-www-form-urlencoded, with: { name: "a b&c='d'" } }
  - { call: post_xml, body: "<?xml version=\"1.0\"?>\r\n<Q kind='a'>\r\n  <id>1 &amp; 100%</id>\r\n</Q>\r\n" }
  - { call: post_xml, from: documented }
  - { call: post_xml, charset: GBK, body: "<?xml version=\"1.0\" encoding=\"GBK\"?><Q>彩铃 'x' %d \\</Q>" }
"#;
    let lines: Vec<&str> = cases.lines().filter(|line| !line.trim().is_empty()).collect();
    let numbered: String = lines
        .iter()
        .enumerate()
        .map(|(i, line)| {
            line.replacen(
                "{ ",
                &format!("{{ id: c{i:02}, title: T, doc: demo.txt#1, expect: {{ status: 404 }}, "),
                1,
            ) + "\n"
        })
        .collect();
    let server = Server::start(|_| Answer::json(demo::GOOD));
    let suite = Suite::at(&server.url()).cases(&numbered);
    suite.run("staging", &["--jobs", "1"]).exits(1);
    let sent = server.received();
    assert_eq!(sent.len(), lines.len(), "not every request was sent");
    let record = suite.record();
    for (number, line) in lines.iter().enumerate() {
        let command = record.trial(&format!("c{number:02}"))["steps"][0]["curl"]
            .as_str()
            .expect("a command")
            .to_owned();
        let printable = command.chars().all(|c| !c.is_control() || c == '\n' || c == '\t');
        assert!(printable, "a terminal would act on {command:?}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &command]).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let output = shell.env("HOME", suite.path()).output().expect("a shell");
        assert!(output.status.success(), "{line}\n{command}\n{}", String::from_utf8_lossy(&output.stderr));
        let again = server.received().pop().expect("a request");
        assert_eq!(essence(&again), essence(&sent[number]), "{line}\n{command}");
    }
    assert_eq!(server.received().len(), 2 * lines.len());
}

/// The line that is printed is that of the record.
#[test]
fn the_printed_command_is_the_recorded_one() {
    let server = Server::json(demo::GOOD);
    let case = "  - { id: one, title: T, doc: demo.txt#1, call: find_gbk, with: { name: 彩铃 }, expect: { code: \"1\" } }\n";
    let suite = Suite::at(&server.url()).cases(case);
    let output = suite.run("staging", &[]).exits(1);
    let recorded = suite.record().trial("one")["steps"][0]["curl"].as_str().expect("a command").to_owned();
    assert!(recorded.ends_with(&format!("'{}/gbk?name=%B2%CA%C1%E5'", server.url())), "{recorded}");
    assert!(output.stdout.contains(&format!("        curl {recorded}\n")), "{}", output.stdout);
}
