//! Trust, client certificates, and HTTP/2.

use super::suite;
use crate::support::demo;
use crate::support::secure::{Authority, SecureServer, Seen};

fn seen(protocol: &'static str, client: bool) -> Vec<Seen> {
    vec![Seen { protocol, client, path: "/things/7".into() }]
}

#[test]
fn an_authority_is_trusted_where_the_target_names_it() {
    let (own, other) = (Authority::new(), Authority::new());
    let server = SecureServer::tls(&own, None, &["http/1.1"], demo::GOOD);
    let trusting = suite(&server.url(), "tls: { ca: certs/ca.pem }").file("certs/ca.pem", &own.pem);
    trusting.run("staging", &[]).exits(0);
    assert_eq!(server.seen(), seen("http/1.1", false));
    let curl = trusting.record().trial("one")["steps"][0]["curl"].clone();
    assert!(
        curl.as_str().is_some_and(|curl| curl.contains("--path-as-is --cacert ./certs/ca.pem -X GET")),
        "{curl}"
    );
    for keys in ["tls: { ca: certs/ca.pem }", "http: auto"] {
        let strict = suite(&server.url(), keys).file("certs/ca.pem", &other.pem);
        let output = strict.run("staging", &[]).exits(2);
        assert!(
            output.stdout.contains("connect: invalid peer certificate: UnknownIssuer"),
            "{}",
            output.stdout
        );
    }
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_client_certificate_opens_what_demands_one() {
    let (own, clients) = (Authority::new(), Authority::new());
    let server = SecureServer::tls(&own, Some(&clients), &["http/1.1"], demo::GOOD);
    let (good, strange) = (clients.issue(), Authority::new().issue());
    let keys = "tls: { ca: ca.pem, cert: client.pem, key: client.key }";
    let known = suite(&server.url(), keys)
        .file("ca.pem", &own.pem)
        .file("client.pem", &good.cert)
        .file("client.key", &good.key);
    known.run("staging", &[]).exits(0);
    assert_eq!(server.seen(), seen("http/1.1", true));
    let from_environment = "tls: { ca: ca.pem, cert: client.pem, key: \"${env.CLIENT_KEY}\" }";
    let known =
        suite(&server.url(), from_environment).file("ca.pem", &own.pem).file("client.pem", &good.cert);
    known.proofmark(&["run", "--target", "staging"]).env("CLIENT_KEY", &good.key).output().exits(0);
    assert_eq!(server.seen().len(), 2);
    let record = std::fs::read_to_string(known.only_run().join("run.ndjson")).expect("a record");
    let line = good.key.lines().nth(1).expect("a line of the key");
    assert!(!record.contains(line) && record.contains("--key '${env.CLIENT_KEY}'"), "{record}");
    let unknown = suite(&server.url(), keys)
        .file("ca.pem", &own.pem)
        .file("client.pem", &strange.cert)
        .file("client.key", &strange.key);
    let without = suite(&server.url(), "tls: { ca: ca.pem }").file("ca.pem", &own.pem);
    for (suite, alert) in [(unknown, "alert"), (without, "CertificateRequired")] {
        let output = suite.run("staging", &[]).exits(2);
        assert!(output.stdout.contains("ERRORED demo::get_thing::one"), "{}", output.stdout);
        assert!(output.stdout.contains(alert), "{}", output.stdout);
    }
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn http_2_is_spoken_by_alpn_and_with_prior_knowledge() {
    let own = Authority::new();
    let both = ["h2", "http/1.1"];
    for (keys, protocols, expected) in [
        ("http: 2", &both[..], "h2"),
        ("http: auto", &both[..], "h2"),
        ("http: auto", &both[1..], "http/1.1"),
        ("http: 1.1", &both[..], "http/1.1"),
    ] {
        let server = SecureServer::tls(&own, None, protocols, demo::GOOD);
        let suite = suite(&server.url(), &format!("{keys}, tls: {{ ca: ca.pem }}")).file("ca.pem", &own.pem);
        suite.run("staging", &[]).exits(0);
        assert_eq!(server.seen(), seen(expected, false), "{keys} {protocols:?}");
        let version = suite.record().trial("one")["steps"][0]["response"]["version"].clone();
        assert_eq!(version, if expected == "h2" { "HTTP/2.0" } else { "HTTP/1.1" });
    }
    let only_old = SecureServer::tls(&own, None, &both[1..], demo::GOOD);
    let strict = suite(&only_old.url(), "http: 2, tls: { ca: ca.pem }").file("ca.pem", &own.pem);
    strict.run("staging", &[]).exits(2);
    let clear = SecureServer::h2(demo::GOOD);
    let knowing = suite(&clear.url(), "http: \"2\"");
    knowing.run("staging", &[]).exits(0);
    assert_eq!(clear.seen(), seen("h2", false));
    let curl = knowing.record().trial("one")["steps"][0]["curl"].clone();
    assert!(curl.as_str().is_some_and(|curl| curl.contains(" --http2-prior-knowledge ")), "{curl}");
}
