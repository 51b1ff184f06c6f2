//! The hostile server's own test: each behaviour, seen through a plain socket, does what its row says, and leaves the
//! server able to answer an honest request.

use std::collections::HashSet;
use std::io::{self, ErrorKind, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

mod hostile;

use hostile::observer::{
    PATIENCE, SILENCE, answers_honestly, connect, contains, knock, read_answer, request, see,
};
use hostile::{Expect, HostileServer, behaviours, doors};

#[test]
fn every_behaviour_does_what_its_row_says() -> io::Result<()> {
    let server = HostileServer::start()?;
    let address = server.address();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failures = Vec::new();
        while let Some(behaviour) = behaviours().get(next.fetch_add(1, Ordering::Relaxed)) {
            let seen = see(address, behaviour).and_then(|()| answers_honestly(address, behaviour.name));
            failures.extend(seen.err().map(|error| format!("{}: {error}", behaviour.name)));
        }
        failures
    };
    let failures: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..16).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker panicked")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // A plain socket follows nothing.
    assert!(server.intruder_requests().is_empty());
    Ok(())
}

#[test]
fn names_are_unique_kebab_case_and_many() {
    let names: Vec<&str> =
        behaviours().iter().map(|b| b.name).chain(doors().iter().map(|d| d.name)).collect();
    assert!(behaviours().len() >= 48, "only {} behaviours", behaviours().len());
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "a name is there twice");
    for name in names {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        assert!(!name.is_empty() && name.chars().all(fits), "{name}");
    }
}

#[test]
fn every_verdict_has_behaviours_and_a_reason() {
    let expectations: Vec<Expect> =
        behaviours().iter().map(|b| b.expect).chain(doors().iter().map(|d| d.expect)).collect();
    let count = |wanted: fn(&Expect) -> bool| expectations.iter().filter(|expect| wanted(expect)).count();
    assert!(count(|expect| matches!(expect, Expect::Passed)) > 20);
    assert!(count(|expect| matches!(expect, Expect::Failed(checks) if !checks.is_empty())) > 20);
    assert!(count(|expect| matches!(expect, Expect::Errored(causes) if !causes.is_empty())) > 20);
    assert_eq!(count(|expect| matches!(expect, Expect::Failed([]) | Expect::Errored([]))), 0);
}

#[test]
fn honest_answers_share_a_connection() -> io::Result<()> {
    let server = HostileServer::start()?;
    let mut stream = connect(server.address())?;
    for id in ["1", "a%20b", "%22%3C%5C"] {
        stream.write_all(format!("GET /honest?id={id} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())?;
        let honest = read_answer(&mut stream)?;
        let decoded = match id {
            "a%20b" => "a b",
            "%22%3C%5C" => "\\\"<\\\\",
            other => other,
        };
        assert_eq!(
            honest.body,
            format!("{{\"id\": \"{decoded}\", \"status\": \"ok\", \"note\": \"hello\"}}")
        );
        assert!(
            honest.head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"),
            "{}",
            honest.head
        );
    }
    let received = server.received();
    assert_eq!(received.len(), 3);
    assert!(received.iter().all(|request| request.connection == 1 && request.method == "GET"));
    Ok(())
}

#[test]
fn honest_xml_is_xml() -> io::Result<()> {
    let server = HostileServer::start()?;
    let mut stream = connect(server.address())?;
    stream.write_all(b"GET /honest.xml?id=1%3C HTTP/1.1\r\nHost: x\r\n\r\n")?;
    let honest = read_answer(&mut stream)?;
    assert_eq!(honest.body, "<answer><id>1&lt;</id><status>ok</status><note>hello</note></answer>");
    assert!(honest.head.contains("Content-Type: application/xml\r\n"), "{}", honest.head);
    Ok(())
}

#[test]
fn bodies_of_requests_are_read() -> io::Result<()> {
    let server = HostileServer::start()?;
    let mut stream = connect(server.address())?;
    let requests = [
        "POST /honest?id=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "POST /b/early-answer?id=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "POST /honest?id=3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\nGET \r\n2\r\n/ \r\n0\r\nX: y\r\n\r\n",
        "GET /honest?id=4 HTTP/1.1\r\nHost: x\r\n\r\n",
    ];
    stream.write_all(requests.concat().as_bytes())?;
    for id in 1..=4 {
        let body = read_answer(&mut stream)?.body;
        assert!(body.starts_with(&format!("{{\"id\": \"{id}\"")), "{body}");
    }
    Ok(())
}

#[test]
fn a_smuggled_answer_overtakes_the_next_honest_one() -> io::Result<()> {
    let server = HostileServer::start()?;
    for name in ["second-answer-at-once", "second-answer-later", "second-answer-on-next-request"] {
        let mut stream = connect(server.address())?;
        stream.write_all(format!("GET /b/{name}?id=first HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())?;
        assert!(read_answer(&mut stream)?.body.contains("\"first\""), "{name}");
        stream.write_all(b"GET /honest?id=next HTTP/1.1\r\nHost: x\r\n\r\n")?;
        assert!(read_answer(&mut stream)?.body.contains("\"smuggled\""), "{name}");
        assert!(read_answer(&mut stream)?.body.contains("\"next\""), "{name}");
    }
    Ok(())
}

#[test]
fn secrets_come_back_in_every_form() -> io::Result<()> {
    let server = HostileServer::start()?;
    let note = |name: &str| -> io::Result<String> {
        let mut stream = connect(server.address())?;
        stream.write_all(request(&format!("/b/{name}"), "1").as_bytes())?;
        Ok(read_answer(&mut stream)?.body)
    };
    assert!(note("echo-in-note")?.contains("\"note\": \"Bearer s3cr3t-token query/s3cr3t\"}"));
    // Bearer s3cr3t-token, query/s3cr3t
    assert!(note("echo-base64")?.contains("QmVhcmVyIHMzY3IzdC10b2tlbg== cXVlcnkvczNjcjN0"));
    assert!(note("echo-percent-twice")?.contains("Bearer%2520s3cr3t-token%2520query%252Fs3cr3t"));
    Ok(())
}

#[test]
fn tripwires_tell_who_came() -> io::Result<()> {
    let server = HostileServer::start()?;
    for (number, address) in server.tripwire_addresses().into_iter().enumerate() {
        assert_ne!(address, server.address());
        let mut stream = connect(address)?;
        stream.write_all(format!("GET /{number} HTTP/1.1\r\nAuthorization: Bearer x\r\n\r\n").as_bytes())?;
        assert!(read_answer(&mut stream)?.head.starts_with("HTTP/1.1 200 OK"));
        let intruders = server.intruder_requests();
        assert_eq!((intruders.len(), intruders[number].at), (number + 1, address));
        assert!(contains(&intruders[number].bytes, b"Authorization: Bearer x"));
    }
    Ok(())
}

#[test]
fn unknown_behaviours_are_404() -> io::Result<()> {
    let server = HostileServer::start()?;
    let mut stream = connect(server.address())?;
    stream.write_all(b"GET /b/nosuch HTTP/1.1\r\nHost: x\r\n\r\n")?;
    assert!(read_answer(&mut stream)?.head.starts_with("HTTP/1.1 404 "));
    Ok(())
}

#[test]
fn dropping_the_server_ends_everything() -> io::Result<()> {
    let server = HostileServer::start()?;
    let names = [
        "never-answer",
        "trickle-body",
        "endless-body",
        "endless-headers",
        "late-answer",
        "deaf-after-answer",
    ];
    let mut streams = Vec::new();
    for name in names {
        let mut stream = connect(server.address())?;
        stream.write_all(request(&format!("/b/{name}"), "1").as_bytes())?;
        streams.push(stream);
    }
    // An idle one, and one that is half a request; the honest answer shows that the server got this far.
    streams.push(connect(server.address())?);
    let mut half = connect(server.address())?;
    half.write_all(b"GET /hon")?;
    answers_honestly(server.address(), "drop").map_err(io::Error::other)?;
    let address = server.address();
    let started = Instant::now();
    drop(server);
    assert!(started.elapsed() < Duration::from_secs(1), "took {:?}", started.elapsed());
    assert!(TcpStream::connect_timeout(&address, SILENCE).is_err());
    Ok(())
}

#[test]
fn doors_do_what_they_say() -> io::Result<()> {
    for door in doors() {
        let open = door.open()?;
        let silent = door.name == "silent" || door.name == "tls-silent";
        let seen = knock(open.address(), if silent { SILENCE } else { PATIENCE });
        let expected = match door.name {
            "refused" => "refused",
            "unanswered-connect" => "no connection",
            "close-at-accept" => "closed",
            "reset-at-accept" => "reset",
            "silent" | "tls-silent" => "silence",
            "answer-before-request" | "slow-accept" => "HTTP/1.1 200 OK",
            "plain-http-on-https" => "HTTP/1.1 400 Bad",
            "tls-alert" => "\u{15}\u{3}\u{3}\0\u{2}\u{2}(",
            other => panic!("the door {other} isn't in this test"),
        };
        assert!(seen.starts_with(expected), "{}: {seen}", door.name);
        assert_eq!(open.base_url(), format!("{}://{}", door.scheme, open.address()));
        let started = Instant::now();
        drop(open);
        assert!(started.elapsed() < Duration::from_secs(1), "{} took {:?}", door.name, started.elapsed());
    }
    Ok(())
}

#[test]
fn the_slow_door_answers_what_it_is_asked() -> io::Result<()> {
    let door = doors().iter().find(|door| door.name == "slow-accept").ok_or(ErrorKind::NotFound)?.open()?;
    let mut stream = connect(door.address())?;
    stream.write_all(b"GET /any?id=7 HTTP/1.1\r\nHost: x\r\n\r\n")?;
    assert!(read_answer(&mut stream)?.body.starts_with("{\"id\": \"7\""));
    Ok(())
}
