//! Callbacks: a target that calls back as it should, never, late, twice, wrong, or for many cases at once.

use crate::support::caller::{call, send};
use crate::support::{Answer, Port, Record, Server, Suite, demo, same};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// One case that waits for `callback`, against a target that does `act` with the listener's address before it answers.
#[track_caller]
fn waits(callback: &str, status: i32, act: impl Fn(SocketAddr) + Send + Sync + 'static) -> Record {
    let port = Port::reserve();
    let listener = port.address();
    let server = Server::start(move |_| {
        act(listener);
        Answer::json(demo::GOOD)
    });
    let case = format!(
        "  - id: one\n    title: T\n    doc: demo.txt#1\n    call: subscribe\n    with: {{ mobile: \"1\" }}\n    callback: {{ name: result, {callback} }}\n"
    );
    let suite = Suite::at(&server.url()).cases(&case);
    suite.run("staging", &["--callback-listen", &listener.to_string()]).exits(status);
    suite.record()
}

/// Digits as `N`: times differ.
fn without_digits(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c.is_ascii_digit() {
            true if out.ends_with('N') => {}
            true => out.push('N'),
            false => out.push(c),
        }
    }
    out
}

#[test]
fn it_came_before_the_answer() {
    let record = waits(
        "match: { mobile: \"1\" }, expect: { equals: { result: \"0\" }, rules: [ \"callback.query.result == '0'\", \"callback.path == '/any/path'\", \"callback.method == 'GET'\" ] }",
        0,
        |listener| {
            assert_eq!(call(listener, "/any/path?mobile=1&result=0"), "HTTP/1.1 200 OK");
        },
    );
    let callback = &record.trial("one")["steps"][0]["callbacks"][0];
    assert_eq!(
        (&callback["name"], &callback["request"]["url"]),
        (&"result".into(), &"/any/path?mobile=1&result=0".into())
    );
    assert_eq!(record.findings("one"), Vec::<String>::new());
}

#[test]
fn it_came_after_the_answer() {
    let record = waits("match: { mobile: \"1\" }", 0, |listener| {
        thread::spawn(move || {
            // After the answer, which is on its way at once.
            thread::sleep(Duration::from_millis(150));
            call(listener, "/?mobile=1&result=0");
        });
    });
    let after = record.trial("one")["steps"][0]["callbacks"][0]["after_ms"].as_f64().unwrap_or_default();
    assert!(after > 50.0, "{after}");
}

#[test]
fn it_never_came() {
    let record = waits("match: { mobile: \"1\" }, within: 100ms", 1, |_| {});
    assert_eq!(record.findings("one"), ["callback: the callback never came (waited 100 ms)"]);
}

/// Within the time that is allowed, and as long again to tell late from never.
#[test]
fn it_came_late() {
    let record = waits("match: { mobile: \"1\" }, within: 1s", 1, |listener| {
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(1400));
            call(listener, "/?mobile=1&result=0");
        });
    });
    let findings: Vec<String> = record.findings("one").iter().map(|f| without_digits(f)).collect();
    assert_eq!(findings, ["callback: the callback came late: after N ms"]);
    let finding = &record.trial("one")["steps"][0]["findings"][0];
    assert_eq!(finding["expected"], "1000 ms");
    assert_eq!(finding["details"][0], "received: GET /?mobile=1&result=0");
    assert_eq!(finding["spec"]["file"], "specs/demo/openapi.yaml");
}

#[test]
fn it_came_twice() {
    let twice = |listener| {
        call(listener, "/?mobile=1&result=0");
        call(listener, "/?mobile=1&result=0");
    };
    let record = waits("match: { mobile: \"1\" }", 1, twice);
    let findings: Vec<String> = record.findings("one").iter().map(|f| without_digits(f)).collect();
    assert_eq!(findings, ["callback: the callback came twice (N ms apart)"]);
    assert_eq!(record.trial("one")["steps"][0]["callbacks"].as_array().map(Vec::len), Some(2));
    waits("match: { mobile: \"1\" }, count: 2", 0, twice);
}

#[test]
fn it_came_more_or_less_often_than_it_should() {
    let times = |n: usize| move |listener| (0..n).for_each(|_| drop(call(listener, "/?mobile=1&result=0")));
    let record = waits("match: { mobile: \"1\" }, count: 2", 1, times(3));
    assert_eq!(record.findings("one"), ["callback: the callback came more often than 2 times"]);
    let record = waits("match: { mobile: \"1\" }, count: 2, within: 100ms", 1, times(1));
    assert_eq!(record.findings("one"), ["callback: only 1 of 2 callbacks came"]);
}

#[test]
fn it_must_not_come() {
    waits("match: { mobile: \"1\" }, count: 0, within: 100ms", 0, |_| {});
    let record = waits("match: { mobile: \"1\" }, count: 0, within: 5s", 1, |listener| {
        call(listener, "/?mobile=1&result=0");
    });
    assert_eq!(record.findings("one"), ["callback: a callback came that must not come"]);
}

/// Every way of being wrong is told in one pass.
#[test]
fn it_came_wrong() {
    let came = |target: &'static str| move |listener| drop(call(listener, target));
    let rows: [(&str, &str, &[&str]); 5] = [
        (
            "match: { mobile: \"1\" }, expect: { equals: { result: \"0\" } }",
            "/?mobile=1&result=1",
            &["callback: the callback came wrong: `\"1\"` instead of `\"0\"`"],
        ),
        (
            "match: { mobile: \"1\" }, expect: { rules: [ \"callback.query.result == '0'\" ] }",
            "/?mobile=1&result=1",
            &["callback: `callback.query.result == '0'` does not hold"],
        ),
        (
            "match: { mobile: \"1\" }",
            "/?mobile=1&result=9&more=x",
            &[
                "callback: `result` of the callback: `\"9\"` is not one of the documented values",
                "callback: `more` of the callback is not documented",
            ],
        ),
        ("match: { mobile: \"1\" }", "/?mobile=1", &["callback: the callback has no `result`"]),
        (
            "match: { mobile: \"1\", result: \"0\" }, within: 200ms",
            "/?mobile=1&result=1",
            &["callback: the callback came wrong: `result` is not that of the request"],
        ),
    ];
    for (callback, target, expected) in rows {
        let record = waits(callback, 1, came(target));
        assert_eq!(record.findings("one"), expected, "{callback}");
    }
}

#[test]
fn it_came_by_another_method() {
    let record = waits("match: { mobile: \"1\" }", 1, |listener| {
        let body = "mobile=1&result=0";
        let head = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        assert_eq!(send(listener, &format!("{head}{body}")), "HTTP/1.1 200 OK");
    });
    let findings = record.findings("one");
    assert_eq!(findings[0], "callback: the callback came by POST instead of GET");
    assert_eq!(
        record.trial("one")["steps"][0]["callbacks"][0]["request"]["body"]["text"],
        "mobile=1&result=0"
    );
}

/// A callback that belongs to nobody is kept for the report, and is nobody's failure.
#[test]
fn strays_are_recorded() {
    let record = waits("match: { mobile: \"1\" }", 0, |listener| {
        call(listener, "/lost?mobile=999&result=0");
        call(listener, "/?mobile=1&result=0");
    });
    let finished = record.finished.expect("the end of the run");
    assert_eq!(finished["stray_callbacks"][0]["url"], "/lost?mobile=999&result=0");
    assert_eq!(finished["stray_callbacks"].as_array().map(Vec::len), Some(1));
}

/// Nothing can be expected of a callback where the request itself was refused or got no answer.
#[test]
fn it_is_not_waited_for_in_vain() {
    let server = Server::json(demo::REFUSED);
    let case = "  - { id: one, title: T, doc: demo.txt#1, call: subscribe, with: { mobile: \"1\" }, expect: { outcome: success }, callback: { name: result, match: { mobile: \"1\" }, within: 10m } }\n";
    let suite = Suite::at(&server.url()).cases(case);
    suite.run("staging", &[]).exits(1);
    assert_eq!(suite.record().findings("one").len(), 1);
}

/// Sixteen cases at once; the target calls back when it has all of them, in reverse order, and then answers.
#[test]
fn callbacks_find_their_cases() {
    const CASES: usize = 16;
    let port = Port::reserve();
    let listener = port.address();
    let (here, all) = (Mutex::new(Vec::new()), Condvar::new());
    let server = Server::start(move |request| {
        let mobile = request.query("mobile").unwrap_or_default().to_owned();
        let mut mobiles = here.lock().expect("not poisoned");
        mobiles.push(mobile);
        if mobiles.len() == CASES {
            for mobile in mobiles.iter().rev() {
                // The result tells whether a case has got its own callback.
                call(listener, &format!("/?mobile={mobile}&result={}", mobile.len() % 2));
            }
            all.notify_all();
        }
        let waited = all.wait_timeout_while(mobiles, Duration::from_secs(20), |m| m.len() < CASES);
        drop(waited.expect("not poisoned"));
        Answer::json(demo::GOOD)
    });
    let rows: String = (0..CASES)
        .map(|i| {
            format!(
                "      - {{ name: n{i}, mobile: \"{}\", result: \"{}\" }}\n",
                "7".repeat(i + 1),
                (i + 1) % 2
            )
        })
        .collect();
    let case = format!(
        "  - id: many\n    title: T\n    doc: demo.txt#1\n    call: subscribe\n    with: {{ mobile: \"${{vars.mobile}}\" }}\n    callback: {{ name: result, match: {{ mobile: \"${{vars.mobile}}\" }}, within: 20s, expect: {{ equals: {{ mobile: \"${{vars.mobile}}\", result: \"${{vars.result}}\" }} }} }}\n    examples:\n{rows}"
    );
    let suite = Suite::at(&server.url()).cases(&case);
    suite.run("staging", &["--jobs", "16", "--callback-listen", &listener.to_string()]).exits(0);
    let record = suite.record();
    assert_eq!(record.trials.len(), CASES);
    assert!(record.finished.expect("the end of the run")["stray_callbacks"].is_null());
}

/// Where the target reaches the listener under another URL than the one it listens on: here, through a relay.
#[test]
fn the_url_that_the_target_is_told_can_differ() {
    let port = Port::reserve();
    let listener = port.address();
    let relay = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/from/outside", relay.local_addr().expect("an address"));
    let relayed = thread::spawn(move || {
        let (mut outside, _) = relay.accept().expect("the sandbox calls back");
        let mut inside = TcpStream::connect(listener).expect("the listener listens");
        let mut request = vec![0; 4096];
        let read = outside.read(&mut request).expect("a request");
        request.truncate(read);
        inside.write_all(&request).expect("relayed");
        let mut answer = [0; 1024];
        let read = inside.read(&mut answer).expect("an answer");
        outside.write_all(&answer[..read]).expect("answered");
        outside.shutdown(Shutdown::Both).expect("closed");
        String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned()
    });
    let reports = Suite::empty();
    let output = reports
        .proofmark(&[
            "run",
            "--exact",
            "unicom-ivr::ivrbaoyue::callback/order",
            "--api",
            "unicom-ivr",
            "--target",
            "sandbox",
        ])
        .folder(env!("CARGO_MANIFEST_DIR").as_ref())
        .arguments(&["--callback-listen", &listener.to_string(), "--callback-url", &url, "--reports"])
        .arguments(&[&reports.path().join("reports").to_string_lossy()])
        .output();
    output.exits(0);
    let line = relayed.join().expect("the relay ends");
    assert!(line.starts_with("GET /from/outside?mobile="), "{line}");
    let record = reports.record();
    let callback = &record.trial("callback/order")["steps"][0]["callbacks"][0]["request"]["url"];
    assert!(callback.as_str().unwrap_or_default().starts_with("/from/outside?mobile="), "{callback}");
}

/// No case waits: nothing is listened on.
#[test]
fn no_listener_without_need() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let server = Server::json(demo::GOOD);
    let case = "  - { id: one, title: T, doc: demo.txt#1, call: subscribe, with: { mobile: \"1\" } }\n";
    let suite = Suite::at(&server.url()).cases(case);
    let address = taken.local_addr().expect("an address").to_string();
    let output = suite.run("staging", &["--callback-listen", &address]).exits(0);
    same(&output.stderr, "");
}
