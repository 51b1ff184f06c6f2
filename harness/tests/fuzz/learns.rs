//! What a campaign learns on its way, and where it goes first: rates of branches, of which the document does not say that
//! they are numbered.

use crate::command::{Fuzzed, read};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: { title: Rates, version: "1" }
paths:
  /rates:
    get:
      operationId: rates
      parameters:
        - { name: branch, in: query, required: true, schema: { type: string, maxLength: 12 } }
        - { name: days, in: query, schema: { type: integer, minimum: 1, maximum: 30 } }
      responses: { "200": { $ref: "#/components/responses/List" }, "400": { description: wrong } }
  /first: { get: { operationId: first, parameters: [{ $ref: "#/components/parameters/page" }], responses: { "200": { $ref: "#/components/responses/List" }, "400": { description: wrong } } } }
  /last: { get: { operationId: last, parameters: [{ $ref: "#/components/parameters/size" }], responses: { "200": { $ref: "#/components/responses/List" }, "400": { description: wrong } } } }
components:
  parameters:
    page: { name: page, in: query, schema: { type: integer, minimum: 1, maximum: 1000 } }
    size: { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 100 } }
  responses:
    List: { description: all, content: { application/json: { schema: { type: array, items: { type: integer } } } } }
"##;

/// What the server does not look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ignores {
    Nothing,
    Days,
    Size,
}

fn serve(ignores: Ignores) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, ignores)));
    address
}

fn answer(stream: TcpStream, ignores: Ignores) {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        let read = reader.read_line(&mut line).unwrap_or(0);
        if read == 0 || line.trim_end().is_empty() {
            break;
        }
        head.push(line);
    }
    let first = head.into_iter().next().unwrap_or_default();
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let status = status(method, target, ignores);
    let text = if status == 200 { "[1]" } else { "\"wrong\"" };
    let _ = write!(
        reader.get_mut(),
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
}

fn status(method: &str, target: &str, ignores: Ignores) -> u16 {
    if method != "GET" {
        return 405;
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let values = |name: &str| -> Vec<&str> {
        query.split('&').filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).collect()
    };
    // At most one value, within its limits.
    let is_good = |name: &str, most: u32| match values(name)[..] {
        [] => true,
        [one] => one.parse::<u32>().is_ok_and(|n| n > 0 && n <= most),
        _ => false,
    };
    let most = |ignored: Ignores, most: u32| if ignores == ignored { u32::MAX } else { most };
    let good = match path {
        "/rates" => {
            let numbered =
                |branch: &str| (1..=12).contains(&branch.len()) && branch.bytes().all(|b| b.is_ascii_digit());
            matches!(values("branch")[..], [one] if numbered(one)) && is_good("days", most(Ignores::Days, 30))
        }
        "/first" => is_good("page", 1000),
        "/last" => is_good("size", most(Ignores::Size, 100)),
        _ => return 404,
    };
    if good { 200 } else { 400 }
}

fn fuzz(ignores: Ignores, more: &[&str]) -> Fuzzed {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("rates.yaml"), DOCUMENT).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_proofmark"))
        .args(["fuzz", "--spec", "rates.yaml", "--seed", "3", "--no-report", "--format", "json"])
        .args(["--target", &format!("http://{}", serve(ignores))])
        .args(more)
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the command starts");
    read(&output)
}

#[test]
fn what_a_deviation_is_accepted_with_becomes_the_good_request() {
    let honest = fuzz(Ignores::Nothing, &[]);
    assert_eq!((honest.status, honest.findings()), (0, Vec::new()), "{}", honest.said);
    // Where no branch is known that is accepted, everything is refused, and no limit can be seen to be ignored.
    let wrong = fuzz(Ignores::Days, &[]);
    assert!(
        wrong.findings().contains(&"rates fuzz accepted-maximum days".to_owned()),
        "{:?}",
        wrong.findings()
    );
}

#[test]
fn a_small_budget_looks_at_every_operation() {
    let fuzzed = fuzz(Ignores::Nothing, &["--max-requests", "40"]);
    for operation in ["rates", "first", "last"] {
        let begun = fuzzed.trials.iter().any(|trial| trial.operation == operation && !trial.steps.is_empty());
        assert!(begun, "{operation}");
    }
    let wrong = fuzz(Ignores::Size, &["--max-requests", "40"]);
    assert_eq!(wrong.findings(), ["last fuzz accepted-maximum size"]);
}
