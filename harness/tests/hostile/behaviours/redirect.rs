//! Redirects to where nobody should go. The contract documents 200, so each is a failure, whatever its destination:
//! nothing is followed.

use crate::hostile::answer::Answer;
use crate::hostile::behaviour::{Behaviour, Check, Serve, Shows};
use crate::hostile::request::Request;

/// A redirect, which fails because it isn't 200.
const fn redirecting(
    name: &'static str,
    what: &'static str,
    shows: &'static [u8],
    serve: Serve,
) -> Behaviour {
    Behaviour::failed(name, what, &[Check::Status], Shows::Bytes(shows), serve)
}

pub const BEHAVIOURS: &[Behaviour] = &[
    redirecting(
        "redirect-circle",
        "redirects to itself",
        b"Location: /b/redirect-circle",
        |connection, request| connection.send_and_keep(redirect(request, 302, &request.target)),
    ),
    redirecting(
        "redirect-endless",
        "redirects to a new path every time",
        b"hop=1\r\n",
        |connection, request| {
            let hops = request.query().iter().filter(|(name, _)| name == "hop").count();
            connection.send_and_keep(redirect(request, 302, &format!("{}&hop={}", request.target, hops + 1)))
        },
    ),
    redirecting(
        "redirect-other-port",
        "redirects to another port",
        b"Location: http://127.0.0.1:",
        |connection, request| {
            let location = format!("http://{}{}", connection.neighbours.other_port, request.target);
            connection.send_and_keep(redirect(request, 302, &location))
        },
    ),
    redirecting(
        "redirect-other-host",
        "redirects to another host",
        b"Location: http://127.0.0.",
        |connection, request| {
            let location = format!("http://{}{}", connection.neighbours.other_host, request.target);
            connection.send_and_keep(redirect(request, 301, &location))
        },
    ),
    redirecting(
        "redirect-307",
        "redirects to another host, with method and body",
        b"HTTP/1.1 307 ",
        |connection, request| {
            let location = format!("http://{}{}", connection.neighbours.other_host, request.target);
            connection.send_and_keep(redirect(request, 307, &location))
        },
    ),
    redirecting(
        "redirect-308",
        "redirects to another host, for ever",
        b"HTTP/1.1 308 ",
        |connection, request| {
            let location = format!("http://{}{}", connection.neighbours.other_port, request.target);
            connection.send_and_keep(redirect(request, 308, &location))
        },
    ),
    redirecting(
        "redirect-scheme-relative",
        "redirects to another host without naming the scheme",
        b"Location: //127.0.0.",
        |connection, request| {
            let location = format!("//{}{}", connection.neighbours.other_host, request.target);
            connection.send_and_keep(redirect(request, 302, &location))
        },
    ),
    redirecting(
        "redirect-userinfo",
        "redirects to another host that looks like this one",
        b"Location: http://127.0.0.1:",
        |connection, request| {
            let location =
                format!("http://{}@{}/", connection.neighbours.origin, connection.neighbours.other_host);
            connection.send_and_keep(redirect(request, 302, &location))
        },
    ),
    redirecting(
        "redirect-https",
        "redirects to https on a port that speaks none",
        b"Location: https://",
        |connection, request| {
            let location = format!("https://{}/honest", connection.neighbours.other_port);
            connection.send_and_keep(redirect(request, 302, &location))
        },
    ),
    redirecting(
        "redirect-file",
        "redirects to a file",
        b"Location: file:///etc/hostname\r\n",
        |connection, request| connection.send_and_keep(redirect(request, 302, "file:///etc/hostname")),
    ),
    redirecting(
        "redirect-javascript",
        "redirects to a script",
        b"Location: javascript:",
        |connection, request| {
            connection.send_and_keep(redirect(request, 302, "javascript:document.title='owned'"))
        },
    ),
    redirecting(
        "redirect-data",
        "redirects to a data URL",
        b"Location: data:application/json,",
        |connection, request| {
            connection.send_and_keep(redirect(
                request,
                302,
                "data:application/json,%7B%22status%22%3A%22ok%22%7D",
            ))
        },
    ),
    redirecting(
        "redirect-malformed",
        "redirects to what is no URL",
        b"Location: http://[::1:99999/%zz",
        |connection, request| connection.send_and_keep(redirect(request, 302, "http://[::1:99999/%zz")),
    ),
    redirecting("redirect-long", "redirects to a URL of 60 KB", b"Location: /aaaa", |connection, request| {
        connection.send_and_keep(redirect(request, 302, &format!("/{}", "a".repeat(60_000))))
    }),
    redirecting(
        "redirect-nowhere",
        "redirects without Location",
        b"HTTP/1.1 302 Elsewhere\r\nContent-Length: ",
        |connection, request| {
            let body = Answer::honest(request);
            connection.send_and_keep(Answer::bare(body.body()).start("HTTP/1.1 302 Elsewhere").bytes())
        },
    ),
    redirecting(
        "redirect-twice",
        "redirects to two places",
        b"\r\nLocation: /honest\r\nLocation: http://",
        |connection, request| {
            let second = format!("Location: http://{}/", connection.neighbours.other_host);
            let answer = Answer::honest(request)
                .start("HTTP/1.1 302 Elsewhere")
                .line("Location: /honest")
                .line(second);
            connection.send_and_keep(answer.bytes())
        },
    ),
];

/// A redirect with an honest body.
fn redirect(request: &Request, status: u16, location: &str) -> Vec<u8> {
    let answer = Answer::honest(request).start(format!("HTTP/1.1 {status} Elsewhere"));
    answer.line(format!("Location: {location}")).bytes()
}
