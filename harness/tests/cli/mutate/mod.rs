//! `proofmark mutate`: which defects of a provider a suite would notice.

mod served;
mod shop;

use crate::support::command::Proofmark;
use crate::support::{Answer, Output, Server, Suite};
use serde_json::Value;

/// The JSON of a mutation against a server.
#[track_caller]
fn json(suite: &Suite, server: &Server, arguments: &[&str]) -> Value {
    let url = server.url();
    let output = mutate(suite, &url, &[&["--format", "json"], arguments].concat());
    serde_json::from_str(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", output.all()))
}

fn mutate(suite: &Suite, url: &str, arguments: &[&str]) -> Output {
    suite.proofmark(&[&["mutate", "--target", url], arguments].concat()).output()
}

/// `field operator` of every survivor.
fn survivors(found: &Value) -> Vec<String> {
    let rows = found["survivors"].as_array().expect("survivors");
    let mut names: Vec<String> =
        rows.iter().map(|s| format!("{} {}", text(&s["field"]), text(&s["operator"]))).collect();
    names.sort();
    names
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A check that is never alone in noticing something could be taken out of the registry, and the score would stay.
#[test]
fn every_check_is_the_only_one_to_notice_something() {
    let found = json(&shop::suite(), &shop::server(), &[]);
    let idle: Vec<&str> = found["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter(|check| check["alone"] == 0)
        .map(|check| text(&check["check"]))
        .collect();
    // A mutant comes as fast as its answer came.
    assert_eq!(idle, ["latency"]);
}

#[test]
fn every_defect_of_the_registry_is_made() {
    let found = json(&shop::suite(), &shop::server(), &[]);
    let made = |row: &Value| ["killed", "survived", "equivalent"].iter().any(|n| row[*n] != 0);
    let rows = found["operators"].as_array().expect("operators");
    let not_made: Vec<&str> =
        rows.iter().filter(|row| !made(row)).map(|row| text(&row["operator"])).collect();
    assert_eq!(not_made, [""; 0]);
    assert!(rows.len() > 50, "{}", rows.len());
}

#[test]
fn a_strong_suite_notices_everything() {
    let server = shop::server();
    let output = mutate(&shop::suite(), &server.url(), &["--operator", "members", "--min", "1"]).exits(0);
    assert!(output.stdout.contains("100.00 %"), "{}", output.stdout);
    assert!(!output.stdout.contains("survivors:"), "{}", output.stdout);
}

#[test]
fn what_a_weak_suite_misses_is_named_with_what_would_notice_it() {
    let server = shop::server();
    let weak =
        shop::with_spec("required: [id, name, code, count, price,", "required: [id, name, code, price,");
    let found = json(&weak, &server, &["--operator", "drop"]);
    assert_eq!(survivors(&found), ["/count drop"]);
    let survivor = &found["survivors"][0];
    assert_eq!(text(&survivor["addition"]["yaml"]), "required: [\"count\"]");
    assert!(
        text(&survivor["addition"]["place"])
            .starts_with("the schema of `/count` in specs/shop/openapi.yaml:")
    );
    assert_eq!(text(&survivor["examples"][0]["change"]), "`count` is left out");
    let failed = mutate(&weak, &server.url(), &["--operator", "drop", "--min", "0.99"]).exits(1);
    assert!(failed.stderr.contains("is below --min 99.00 %"), "{}", failed.stderr);
}

#[test]
fn a_rule_is_proposed_where_the_value_repeats_the_request() {
    let weak = shop::with_spec("body.id == request.query.id", "has(body.id)");
    let found = json(&weak, &shop::server(), &["--operator", "echo"]);
    let yaml = text(&found["survivors"][0]["addition"]["yaml"]);
    assert!(yaml.contains("rule: \"body.id == request.query.id\""), "{yaml}");
}

#[test]
fn an_explained_survivor_says_why_and_a_stale_explanation_is_told() {
    let explained = "document: shop.txt, survivors: [ { field: /count, operator: drop, because: nobody reads it }, { field: /name, operator: [drop], because: never }]";
    let spec =
        shop::with_spec("required: [id, name, code, count, price,", "required: [id, name, code, price,");
    let path = spec.path().join("specs/shop/openapi.yaml");
    let text = std::fs::read_to_string(&path).expect("the spec").replace("document: shop.txt", explained);
    let suite = spec.file("specs/shop/openapi.yaml", &text);
    let output = mutate(&suite, &shop::server().url(), &["--operator", "drop"]).exits(0);
    assert!(output.stdout.contains("explained: nobody reads it"), "{}", output.stdout);
    assert!(output.stdout.contains("explains a survivor that there is not"), "{}", output.stdout);
}

#[test]
fn equivalent_mutants_are_named_with_the_reason() {
    let output = mutate(&shop::suite(), &shop::server().url(), &["--equivalent"]).exits(0);
    let said = |words: &str| assert!(output.stdout.contains(words), "{words}:\n{}", output.stdout);
    said("because the same JSON values: numbers have no form, members no order (RFC 8259");
    said("shop::thing /count exponent: `3` → `3e0`");
    said("because the same XML infoset: CDATA");
    said("shop::note /note/text empty-element");
    said("because the place is volatile: any value that the schema takes is right");
    said("shop::thing /ticket stale: `\"T2\"` → `\"T1\"`");
}

#[test]
fn a_place_that_is_not_volatile_has_no_such_excuse() {
    let suite = shop::with_spec(", x-proofmark: { volatile: true }", "");
    let found = json(&suite, &shop::server(), &["--operator", "stale"]);
    assert!(survivors(&found).contains(&"/ticket stale".to_owned()), "{:?}", survivors(&found));
    let open = shop::with_spec("volatile: true", "unspecified: no list of tickets");
    let output = mutate(&open, &shop::server().url(), &["--operator", "stale", "--equivalent"]).exits(0);
    assert!(output.stdout.contains("leaves the value open: no list of tickets"), "{}", output.stdout);
}

#[test]
fn the_same_seed_gives_the_same_mutants_on_any_number_of_threads() {
    let (suite, server) = (shop::suite(), shop::server());
    let run = |jobs: &str| {
        let mut found = json(&suite, &server, &["--seed", "5", "--jobs", jobs]);
        found["facts"]["seconds"] = Value::Null;
        found
    };
    assert_eq!(run("1"), run("8"));
}

#[test]
fn the_ratchet_keeps_what_was_reached() {
    let server = shop::server();
    let suite = shop::suite();
    let url = server.url();
    let written = mutate(&suite, &url, &["--write"]).exits(0);
    assert!(written.stderr.contains("floors written to"), "{}", written.stderr);
    let path = suite.path().join("mutation.yaml");
    let text = std::fs::read_to_string(&path).expect("the floors");
    assert!(text.contains("floors:\n  shop: 0.9") || text.contains("floors:\n  shop: 1.0"), "{text}");
    mutate(&suite, &url, &[]).exits(0);
    let weak = suite.file(
        "specs/shop/openapi.yaml",
        &std::fs::read_to_string(shop::suite().path().join("specs/shop/openapi.yaml"))
            .expect("the spec")
            .replace("required: [id, name, code, count, price,", "required: [id, name, code,"),
    );
    let fell = mutate(&weak, &url, &["--write"]).exits(1);
    assert!(fell.stderr.contains("is below its floor"), "{}", fell.stderr);
    assert_eq!(std::fs::read_to_string(&path).expect("the floors"), text, "a floor never falls");
    let part = mutate(&shop::suite(), &url, &["--operator", "drop", "--write"]).exits(3);
    assert!(part.stderr.contains("`--write` keeps the rates of whole suites"), "{}", part.stderr);
    let broken = shop::suite().file("mutation.yaml", "floors: { shop: much }\n");
    assert!(mutate(&broken, &url, &[]).exits(3).stderr.contains("a rate between 0 and 1"));
}

/// What is known of an answer is left out of the judgement of its mutants; whether that is the same is asked of each.
#[test]
fn what_is_left_out_of_a_judgement_would_have_found_nothing() {
    let server = shop::server();
    let output = mutate(&shop::suite(), &server.url(), &["--verify"]).exits(0);
    assert!(output.stderr.contains("mutants judged twice, with the same verdicts"), "{}", output.stderr);
    // Rules that walk lists, and functions that look for keys: what this repository's specs have of them.
    let own = env!("CARGO_MANIFEST_DIR");
    let apis = ["mutate", "paging", "cart/", "check/", "--api", "jsms", "--api", "roam", "--api", "vascloud"];
    let output = Proofmark::new(&[&apis[..], &["--sample", "0.01", "--verify", "--suite", own]].concat())
        .output()
        .exits(0);
    assert!(output.stderr.contains("mutants judged twice, with the same verdicts"), "{}", output.stderr);
}

#[test]
fn a_sample_says_what_it_leaves_out() {
    let (suite, server) = (shop::suite(), shop::server());
    let all = json(&suite, &server, &[]);
    let some = json(&suite, &server, &["--sample", "0.5"]);
    let number = |found: &Value, name: &str| found[name].as_u64().expect("a number");
    assert_eq!(number(&some, "mutants") + number(&some, "not_sampled"), number(&all, "mutants"));
    let share = number(&some, "mutants") as f64 / number(&all, "mutants") as f64;
    assert!((0.4..0.6).contains(&share), "{share}");
    let other = json(&suite, &server, &["--sample", "0.5", "--seed", "2"]);
    assert_ne!(other["cells"], some["cells"], "the seed draws the sample");
    let output = mutate(&suite, &server.url(), &["--sample", "0.5"]).exits(0);
    assert!(output.stdout.contains("a sample of 50.00 %, drawn by the seed:"), "{}", output.stdout);
}

/// Snapshots catch what no check of the contract says anything about: that is why they are no part of the score.
#[test]
fn snapshots_notice_what_a_weak_suite_does_not() {
    let server = shop::server();
    let weak =
        shop::with_spec("required: [id, name, code, count, price,", "required: [id, name, code, price,");
    assert_eq!(survivors(&json(&weak, &server, &["--operator", "drop"])), ["/count drop"]);
    let found = json(&weak, &server, &["--operator", "drop", "--snapshots"]);
    assert_eq!(survivors(&found), [""; 0]);
    let rows = found["checks"].as_array().expect("checks");
    let snapshot = rows.iter().find(|row| row["check"] == "snapshot").expect("a row");
    assert!(snapshot["alone"].as_u64() >= Some(1), "{snapshot}");
}

#[test]
fn only_answers_that_pass_are_mutated() {
    let server = Server::start(|request| match request.query("id") {
        Some("2004") => Answer::json("{}"),
        _ => Answer::whole(
            "200 OK",
            &[("Content-Type", "application/json"), ("X-Version", "1")],
            shop::THING.as_bytes(),
        ),
    });
    let output = mutate(&shop::suite(), &server.url(), &["thing", "gone", "--skip", "note"]).exits(0);
    assert!(output.stdout.contains("of 1 answer in 1 trial"), "{}", output.stdout);
    assert!(output.stdout.contains("1 trial left out"), "{}", output.stdout);
    assert!(output.stderr.contains("left out, as it failed: shop::thing::gone"), "{}", output.stderr);
    let none = mutate(&shop::suite(), &server.url(), &["gone"]).exits(2);
    assert!(none.stderr.contains("no trial passed"), "{}", none.stderr);
    let nothing = mutate(&shop::suite(), &server.url(), &["no-such-case"]).exits(3);
    assert!(nothing.stderr.contains("the filters leave no trial"), "{}", nothing.stderr);
}

#[test]
fn secrets_are_not_shown_whatever_a_mutant_makes_of_them() {
    let suite = shop::with_spec(
        "ticket: { type: string, pattern: \"^T[0-9]+$\", x-proofmark: { volatile: true } }",
        "ticket: { type: string, x-proofmark: { secret: true } }",
    );
    let server = Server::start(|_| {
        let body = shop::THING.replace("T1", "Zauberwort-4711");
        Answer::whole("200 OK", &[("Content-Type", "application/json"), ("X-Version", "1")], body.as_bytes())
    });
    let page = suite.path().join("page.html");
    let file = page.to_str().expect("a plain path");
    let output =
        mutate(&suite, &server.url(), &["thing", "--skip", "gone", "--format", "json", "--html", file])
            .exits(0);
    let html = std::fs::read_to_string(&page).expect("a page");
    assert!(output.stdout.contains("a secret value"), "{}", output.stdout);
    for text in [&output.stdout, &html] {
        assert!(!text.to_lowercase().contains("zauberwor"), "a part of the secret is shown");
    }
}

#[test]
fn the_page_shows_the_map_and_runs_nothing() {
    let server = Server::start(|_| {
        let body =
            shop::THING.replace("\"extra\":\"e\"", "\"<script>alert(1)</script>\":\"e\",\"extra\":\"e\"");
        Answer::whole("200 OK", &[("Content-Type", "application/json"), ("X-Version", "1")], body.as_bytes())
    });
    let suite =
        shop::with_spec("required: [id, name, code, count, price,", "required: [id, name, code, price,");
    let page = suite.path().join("page.html");
    let file = page.to_str().expect("a plain path");
    mutate(&suite, &server.url(), &["shop::thing::thing", "--html", file]).exits(0);
    let html = std::fs::read_to_string(&page).expect("a page");
    assert!(!html.contains("<script"), "the page has a script");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;~1script&gt;"), "the field is shown as text");
    let at = html.find("<code>/count</code>").expect("the field has its row");
    assert!(
        html[at..].contains("class=\"k9\" title=\"drop: 0 of 1 defect noticed\""),
        "{}",
        &html[at..at + 400]
    );
    assert!(html.contains("required: [&quot;count&quot;]"), "the addition is there");
}

#[test]
fn the_registry_is_listed_with_examples() {
    let output = Suite::empty().proofmark(&["mutate", "--list"]).output().exits(0);
    assert!(output.stdout.contains("  drop                   the field is missing\n"), "{}", output.stdout);
    assert!(output.stdout.contains(r#"{"id": "7", "name": "x"}  →  {"name": "x"}"#), "{}", output.stdout);
    let unknown = Suite::empty().proofmark(&["mutate", "--operator", "dorp"]).output().exits(3);
    assert!(unknown.stderr.contains("unknown operator `dorp`"), "{}", unknown.stderr);
    let help = Suite::empty().proofmark(&["mutate", "--help"]).output().exits(0);
    assert!(help.stdout.contains("Examples:") && help.stdout.contains("Exit status:"), "{}", help.stdout);
}
