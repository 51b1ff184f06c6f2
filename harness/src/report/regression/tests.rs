//! Whole pages of whole comparisons.

use super::write_regression_html;
use crate::compare::compare;
use crate::report::fixture::{self, Folder};
use crate::report::visible::symbol;
use serde_json::Value;

/// The page of a record, compared with what it would have been without its findings.
fn page(test: &str, later: &[u8]) -> String {
    let folder = Folder::new(&format!("regression-{test}"));
    let (old, new) = (folder.0.join("old.ndjson"), folder.0.join("run.ndjson"));
    std::fs::write(&new, later).expect("a record");
    std::fs::write(&old, before(later)).expect("a record");
    let out = folder.0.join("comparison.html");
    let comparison = compare(&old, &new).expect("records");
    write_regression_html(&comparison, (&old, &new), Some("report.html"), &out).expect("a page");
    std::fs::read_to_string(out).expect("UTF-8")
}

/// All passed, and answered something else.
fn before(later: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in later.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
        let mut event: Value = serde_json::from_slice(line).expect("an event");
        if event["verdict"] == "failed" {
            event["verdict"] = "passed".into();
            for step in event["steps"].as_array_mut().into_iter().flatten() {
                step["findings"] = Value::Array(Vec::new());
                if let Some(text) = step["response"]["body"]["text"].as_str() {
                    step["response"]["body"]["text"] = text.replace("null", "\"ORDER_1\"").into();
                }
            }
        }
        out.extend(serde_json::to_vec(&event).expect("JSON"));
        out.push(b'\n');
    }
    out
}

fn record(events: &[crate::record::Event]) -> Vec<u8> {
    let folder = Folder::new("regression-record");
    std::fs::read(folder.record(events)).expect("a record")
}

#[test]
fn the_first_screen_names_each_cause_with_its_value_before_and_now() {
    let page = page("first", &record(&fixture::failing()));
    let first = &page[..page.find("id=\"broke\"").expect("the causes")];
    assert!(first.contains("<h1 id=\"verdict\">6 new defects</h1>"), "{first}");
    for text in [
        "<a href=\"#c1\"><code class=\"at\">/data/order_id</code>: null where the contract has a string</a>",
        "<code>&quot;ORDER_1&quot;</code>",
        "<code>null</code>",
        "<strong>3</strong> cases",
    ] {
        assert!(first.contains(text), "not on the first screen: {text}");
    }
    for text in [
        "<del>&quot;ORDER_1&quot;</del>",
        "<ins>null</ins>",
        "004_60df215077719607.txt",
        "curl -sS -i --path-as-is -X POST",
        "href=\"report.html#c",
    ] {
        assert!(page.contains(text), "not in the page: {text}");
    }
    for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("id=\"{link}\"")), "a link to nowhere: {link}");
    }
}

#[test]
fn nothing_of_a_hostile_record_is_markup_or_invisible() {
    let page = page("hostile", &fixture::hostile());
    assert!(page.contains("alert(1)"), "what the target sent is shown");
    for markup in ["<script", "<img", "onclick=\"", "<b>${x}"] {
        assert!(!page.contains(markup), "there is {markup}");
    }
    assert_eq!(page.chars().find(|c| symbol(*c).is_some() && *c != '\n'), None);
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    assert!(!style.contains("alert"));
}
