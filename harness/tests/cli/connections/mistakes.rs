//! Mistakes in what is said of connections, and where it comes from.

use super::{ONE, suite};
use crate::support::secure::Authority;
use crate::support::{Suite, same};
use std::process::Command;

#[test]
fn every_mistake_has_its_place() {
    let suite = Suite::demo().cases(ONE).file("proofmark.yaml", include_str!("mistakes.yaml"));
    let output = suite.check().exits(3);
    let told = output.stderr.lines().map(|line| line.trim_start_matches("error: "));
    let lines: Vec<&str> = told.filter(|line| line.starts_with("proofmark.yaml:")).collect();
    same(&(lines.join("\n") + "\n"), include_str!("mistakes.stderr"));
}

#[test]
fn a_step_has_one_way_to_say_who_it_is() {
    let cases = r#"
  - { id: a, title: T, doc: demo.txt#1, call: get_thing, with: { id: "7" }, auth: { bearer: a, basic: { user: u, password: p } } }
  - { id: b, title: T, doc: demo.txt#1, call: get_thing, with: { id: "7" }, auth: { oauth2: { token_url: "http://x.example" } } }
  - { id: c, title: T, doc: demo.txt#1, call: get_thing, with: { id: "7" }, auth: anonymous }
  - { id: d, title: T, doc: demo.txt#1, call: get_thing, with: { id: "7" }, auth: { bearer: "${vars.nobody}" } }
"#;
    let output = Suite::with_cases(cases).check().exits(3);
    for part in [
        "cases/demo/cases.yaml:4:85: `auth` has exactly one of `bearer`, `basic`, `api_key`",
        "cases/demo/cases.yaml:5:85: unknown key of `auth` `oauth2`",
        "cases/demo/cases.yaml:6:83: expected `none`, or one of `bearer`, `basic`, `api_key`, found the string `anonymous`",
        "unknown variable `nobody`",
    ] {
        let told = output.stderr.replace(" × ", " ").replace("  ", " ");
        assert!(told.contains(part), "no `{part}` in {}", output.stderr);
    }
}

#[test]
fn certificates_that_are_none_are_refused_before_anything_is_sent() {
    let (own, other) = (Authority::new().issue(), Authority::new().issue());
    let told = |keys: &str| {
        let suite = suite("https://127.0.0.1:9", keys)
            .file("client.pem", &own.cert)
            .file("client.key", &own.key)
            .file("other.key", &other.key)
            .file("text.pem", "no certificate");
        let output = suite.run("staging", &[]).exits(3);
        assert!(!output.stderr.contains("-----BEGIN"), "{}", output.stderr);
        output.stderr.lines().next().unwrap_or_default().to_owned()
    };
    let place = "error: proofmark.yaml:7:";
    for (keys, says) in [
        ("tls: { ca: nowhere.pem }", "cannot read `nowhere.pem`: No such file or directory"),
        ("tls: { ca: text.pem }", "`ca` of `tls`, `text.pem`: there is no certificate in PEM"),
        (
            "tls: { cert: client.pem, key: text.pem }",
            "`key` of `tls`, `text.pem`: there is no private key in PEM",
        ),
        (
            "tls: { cert: text.pem, key: client.key }",
            "`cert` of `tls`, `text.pem`: there is no certificate in PEM",
        ),
        ("tls: { cert: client.pem, key: other.key }", "`key` of `tls`, `other.key`: "),
    ] {
        let line = told(keys);
        assert!(line.starts_with(place) && line.contains(says), "{keys}: {line}");
    }
}

/// A message without the ends of lines that the width of a terminal gives it.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

/// What operators have in place of a key in PEM, made by OpenSSL; each is told with the command that converts it, and
/// that command works.
#[test]
fn keys_of_other_kinds_are_told_with_the_command_that_converts_them() {
    let own = Authority::new().issue();
    let suite = suite("https://127.0.0.1:9", "tls: { cert: client.pem, key: client.key }")
        .file("client.pem", &own.cert)
        .file("plain.key", &own.key);
    let sh = |command: &str| {
        let run =
            Command::new("sh").args(["-ec", command]).current_dir(suite.path()).output().expect("a shell");
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
    };
    for (makes, says, converts) in [
        (
            "openssl pkey -in plain.key -aes256 -passout pass:sesame -out client.key",
            "the key has a password",
            "openssl pkey -in client.key -out plain.pem",
        ),
        (
            "openssl ec -in plain.key -aes256 -passout pass:sesame -out client.key 2>&1",
            "the key has a password",
            "openssl pkey -in client.key -out plain.pem",
        ),
        (
            "openssl pkcs12 -export -inkey plain.key -in client.pem -passout pass:sesame -out client.key",
            "this is PKCS #12, not PEM",
            "openssl pkcs12 -in client.key -nodes -out plain.pem",
        ),
        (
            "openssl pkey -in plain.key -outform DER -out client.key",
            "this is a key in DER, not PEM",
            "openssl pkey -inform DER -in client.key -out plain.pem",
        ),
    ] {
        sh(makes);
        let output = suite.run("staging", &[]).exits(3);
        let expected = format!("`key` of `tls`, `client.key`: {says}. `{converts}` makes PEM of it");
        let told = unwrapped(&output.stderr);
        assert!(told.starts_with("error: proofmark.yaml:7:") && told.contains(&expected), "{told}");
        let password = if makes.contains("sesame") { " -passin pass:sesame" } else { "" };
        sh(&format!("{converts}{password} && mv plain.pem client.key"));
        // What it made is a key: nobody listens at the target.
        suite.run("staging", &[]).exits(2);
    }
    sh("openssl x509 -in client.pem -outform DER -out client.der && cp client.der client.pem");
    let output = suite.run("staging", &[]).exits(3);
    let told = unwrapped(&output.stderr);
    let expected = "`cert` of `tls`, `client.pem`: this is a certificate in DER, not PEM. `openssl x509 -inform DER -in client.pem -out plain.pem` makes PEM of it";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn explain_tells_where_connections_come_from() {
    let keys = "tls: { ca: ca.pem }, proxy: { url: \"http://proxy.example:3128\", user: agent, password: \"${env.DEMO_KEY}\" }, http: auto, headers: { X-Stage: blue }, auth: { api_key: { in: query, name: key, value: \"${env.DEMO_TOKEN}\" } }, auths: { demo: none }, rate: 20/s";
    let suite = suite("https://staging.example", keys);
    let output = suite
        .proofmark(&["run", "--explain", "--target", "staging"])
        .env("DEMO_KEY", "hunter2hunter2")
        .output()
        .exits(0);
    let squeezed: Vec<String> =
        output.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for row in [
        "tls.ca ca.pem proofmark.yaml: targets.staging.tls, line 7",
        "proxy http://proxy.example:3128 as agent proofmark.yaml: targets.staging.proxy, line 7",
        "http auto proofmark.yaml: targets.staging.http, line 7",
        "header X-Stage blue proofmark.yaml: targets.staging.headers, line 7",
        "auth api_key in query key: ${env.DEMO_TOKEN} proofmark.yaml: targets.staging.auth, line 7",
        "auth of demo none proofmark.yaml: targets.staging.auths, line 7",
        "rate 20/s proofmark.yaml: targets.staging.rate",
        "retry after 30s built in",
    ] {
        assert!(squeezed.iter().any(|line| line == row), "no `{row}` in\n{}", output.stdout);
    }
    assert!(!output.stdout.contains("hunter2"), "{}", output.stdout);
}
