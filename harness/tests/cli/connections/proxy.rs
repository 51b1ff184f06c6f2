//! Proxies that want a user and a password.

use super::suite;
use crate::support::proxy::{PASSWORD, Proxy, USER};
use crate::support::secure::{self, Authority, SecureServer};
use crate::support::{Output, Server, Suite, demo};

fn through(url: &str, scheme: &str, proxy: &Proxy, more: &str) -> Suite {
    let address = proxy.address();
    suite(
        url,
        &format!(
            "proxy: {{ url: \"{scheme}://{address}\", user: {USER}, password: \"${{env.DEMO_KEY}}\"{more} }}, tls: {{ ca: ca.pem }}"
        ),
    )
}

fn run(suite: &Suite, password: &str) -> Output {
    suite.proofmark(&["run", "--target", "staging"]).env("DEMO_KEY", password).output()
}

#[test]
fn requests_go_through_the_proxy_of_the_target() {
    let own = Authority::new();
    let secure = SecureServer::tls(&own, None, &["http/1.1"], demo::GOOD);
    let plain = Server::json(demo::GOOD);
    let (http, socks) = (Proxy::http(), Proxy::socks5());
    for (proxy, scheme) in [(&http, "http"), (&socks, "socks5")] {
        for url in [secure.url(), plain.url()] {
            let suite = through(&url, scheme, proxy, "").file("ca.pem", &own.pem);
            let output = run(&suite, PASSWORD).exits(0);
            let record = std::fs::read_to_string(suite.only_run().join("run.ndjson")).expect("a record");
            assert!(!record.contains(PASSWORD) && !output.all().contains(PASSWORD), "{record}");
            assert!(record.contains("--proxy-user 'carrier:${env.DEMO_KEY}'"), "{record}");
        }
    }
    let hosts: Vec<String> = [secure.url(), plain.url()]
        .iter()
        .filter_map(|url| url.split_once("://").map(|(_, host)| host.to_owned()))
        .collect();
    assert_eq!(http.asked(), [format!("CONNECT {}", hosts[0]), format!("GET {}/things/7", plain.url())]);
    assert_eq!(socks.asked(), [format!("SOCKS {}", hosts[0]), format!("SOCKS {}", hosts[1])]);
    assert_eq!((secure.seen().len(), plain.connections()), (2, 2));
    assert!(plain.received().iter().all(|request| request.header("proxy-authorization").is_none()));
}

/// A proxy that is spoken to over TLS: what is asked of it, and who asks, is nobody else's to see.
#[test]
fn a_proxy_may_want_tls_itself() {
    let own = Authority::new();
    let secure = SecureServer::tls(&own, None, &["http/1.1"], demo::GOOD);
    let plain = Server::json(demo::GOOD);
    let proxy = Proxy::http();
    let door = secure::door(&own, proxy.address());
    for url in [secure.url(), plain.url()] {
        let keys = format!(
            "proxy: {{ url: \"https://{door}\", user: {USER}, password: \"${{env.DEMO_KEY}}\" }}, tls: {{ ca: ca.pem }}"
        );
        let suite = suite(&url, &keys).file("ca.pem", &own.pem);
        let output = run(&suite, PASSWORD).exits(0);
        let record = std::fs::read_to_string(suite.only_run().join("run.ndjson")).expect("a record");
        assert!(!record.contains(PASSWORD) && !output.all().contains(PASSWORD), "{record}");
        // One whose certificate nobody trusts is not spoken to: it might be anybody.
        let stranger = suite.file("ca.pem", &Authority::new().pem);
        let output = run(&stranger, PASSWORD).exits(2);
        assert!(
            output.stdout.contains("UnknownIssuer") || output.stdout.contains("certificate"),
            "{}",
            output.stdout
        );
    }
    let host = secure.url().replace("https://", "CONNECT ");
    assert_eq!(proxy.asked(), [host, format!("GET {}/things/7", plain.url())]);
    assert_eq!((secure.seen().len(), plain.connections()), (1, 1));
}

/// A proxy that lets nobody through says nothing of the target.
#[test]
fn a_proxy_that_refuses_is_no_finding() {
    let own = Authority::new();
    let secure = SecureServer::tls(&own, None, &["http/1.1"], demo::GOOD);
    let plain = Server::json(demo::GOOD);
    let (http, socks) = (Proxy::http(), Proxy::socks5());
    for (url, proxy, scheme, says) in [
        (plain.url(), &http, "http", "connect: the proxy wants other credentials (it answered 407)"),
        (secure.url(), &http, "http", "connect: "),
        (plain.url(), &socks, "socks5", "connect: "),
    ] {
        let suite = through(&url, scheme, proxy, "").file("ca.pem", &own.pem);
        let output = run(&suite, "another-password").exits(2);
        assert!(output.stdout.contains(says), "{}", output.stdout);
    }
    assert_eq!((secure.seen().len(), plain.connections()), (0, 0));
    // Without a proxy such an answer is the target's own.
    let odd = Server::start(|_| crate::support::Answer::whole("407 No", &[], b""));
    super::suite(&odd.url(), "http: 1.1").run("staging", &[]).exits(1);
}

#[test]
fn hosts_can_be_reached_directly() {
    let server = Server::json(demo::GOOD);
    let proxy = Proxy::http();
    let suite =
        through(&server.url(), "http", &proxy, ", bypass: 127.0.0.0/8").file("ca.pem", &Authority::new().pem);
    run(&suite, PASSWORD).exits(0);
    assert_eq!((proxy.asked().len(), server.connections()), (0, 1));
    let elsewhere = super::suite("http://elsewhere.invalid", "proxy: none");
    let command = elsewhere.proofmark(&["run", "--target", "staging"]);
    command.env("http_proxy", &format!("http://{}", proxy.address())).output().exits(2);
    assert_eq!(proxy.asked().len(), 0);
}
