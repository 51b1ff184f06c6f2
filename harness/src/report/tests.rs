//! Whole reports of whole records.

use super::fixture::{self, Folder, POISON};
use super::visible::symbol;
use super::{Report, ReportError, Sources};
use crate::model::report_format::ReportFormat;
use crate::model::verdict::Verdict;
use crate::record::{Attempt, BaselineSummary, CauseSummary, Counts, Event, History, RunSummary};
use base64::Engine;
use quick_xml::events::Event as Xml;
use sha2::Digest;
use std::collections::HashSet;

fn write(record: &std::path::Path, format: ReportFormat, out: &std::path::Path) -> Result<(), ReportError> {
    Report::open(record, Sources::default())?.write(format, out)
}

fn html(test: &str, events: &[Event]) -> String {
    let folder = Folder::new(test);
    let record = folder.record(events);
    rendered(&folder, &record)
}

fn rendered(folder: &Folder, record: &std::path::Path) -> String {
    let out = folder.0.join("report.html");
    write(record, ReportFormat::Html, &out).expect("the report is written");
    std::fs::read_to_string(out).expect("the report is UTF-8")
}

fn junit(folder: &Folder, record: &std::path::Path) -> String {
    let out = folder.0.join("junit.xml");
    write(record, ReportFormat::Junit, &out).expect("the report is written");
    std::fs::read_to_string(out).expect("the report is UTF-8")
}

/// A tag of a page: name and attributes, as the HTML tokenizer reads them.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

/// Every tag of a page. Style and script are read over: nothing of a record may be in them.
fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let (tag, after) = rest[at + 1..].split_once('>').expect("a tag ends");
        let name = tag.split_whitespace().next().expect("a tag has a name");
        found.push(Tag { name, attributes: attributes(&tag[name.len()..]) });
        rest = match name {
            "style" | "script" => &after[after.find("</").expect("raw text ends")..],
            _ => after,
        };
    }
    found
}

fn attributes(text: &str) -> Vec<(&str, &str)> {
    let mut list = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find([' ', '=']).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let (quoted, quote) = match after.strip_prefix('"') {
                Some(inside) => (inside, "\""),
                None => (after, " "),
            };
            let end = quoted.find(quote).unwrap_or(quoted.len());
            value = &quoted[..end];
            rest = quoted.get(end + 1..).unwrap_or_default();
        }
        list.push((name, value));
        rest = rest.trim_start();
    }
    list
}

/// What must hold of every page, whatever the record.
fn assert_sound(page: &str) {
    let tags = tags(page);
    let mut open: Vec<&str> = Vec::new();
    let mut ids = HashSet::new();
    let mut links = Vec::new();
    for tag in &tags {
        match tag.name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if ["!DOCTYPE", "meta", "br", "input"].contains(&tag.name) => {}
            None => open.push(tag.name),
        }
        for (name, value) in &tag.attributes {
            assert!(!name.starts_with("on"), "{name} is an event handler");
            assert!(
                !["src", "srcdoc", "action", "style", "xlink:href"].contains(name),
                "{name} in {}",
                tag.name
            );
            match *name {
                "id" => assert!(ids.insert(*value), "two elements have the id {value}"),
                // Reports of other runs are beside this one.
                "href" if value.starts_with("../") || *value == "run.ndjson" => {}
                "href" => links.push(value.strip_prefix('#').unwrap_or_else(|| panic!("a link to {value}"))),
                _ => {}
            }
        }
    }
    assert_eq!(open, Vec::<&str>::new());
    for link in links {
        assert!(ids.contains(link), "a link to nowhere: {link}");
    }
    // What has a type that is no script's is data (HTML Living Standard, section 4.12.1).
    let is_data = |tag: &&Tag<'_>| tag.attributes.contains(&("type", "text/plain"));
    assert_eq!(tags.iter().filter(|t| t.name == "script" && !is_data(t)).count(), 1);
    for name in ["img", "iframe", "object", "embed", "link", "form", "base", "b onerror"] {
        assert!(tags.iter().all(|t| t.name != name), "there is a {name}");
    }
    let hidden = page.chars().find(|c| symbol(*c).is_some() && *c != '\n');
    assert_eq!(hidden, None);
}

#[test]
fn a_failing_run_is_told_with_its_evidence() {
    let page = html("failing", &fixture::failing());
    assert_sound(&page);
    for text in [
        "Not conformant",
        "8 of 13 judged cases",
        "3 could not be judged",
        "cube-signature-not-verified",
        "<code class=\"at\">/data/order_id</code>: null where the contract has a string",
        "A request whose signature is that of other content is refused",
        "specs/cube/openapi.yaml:201:7",
        "<code>004_60df215077719607.txt</code> lines 174-176",
        "curl -sS -i --path-as-is -X POST",
        "聊天包",
        "connect",
        "the effect of <code>register</code>",
        "The signature rule is not stated",
        "Callbacks that no case waited for",
        "sent 3 times",
        "<span class=\"param\">?phone=15500000001</span><span class=\"param\">&amp;productid=",
        "canonical: access_code",
    ] {
        assert!(page.contains(text), "not in the page: {text}");
    }
    let order: Vec<_> = ["id=wrong", "id=\"unjudged\"", "id=warnings", "id=cases", "id=\"documents\""]
        .iter()
        .map(|id| page.find(id).unwrap_or_else(|| panic!("no {id}")))
        .collect();
    assert!(order.is_sorted(), "failures come first: {order:?}");
}

#[test]
fn one_defect_of_the_target_is_one_problem() {
    let page = html("problems", &fixture::failing());
    let problems: Vec<&str> = page.split("<li class=\"problem\"").skip(1).collect();
    assert_eq!(problems.len(), 6);
    assert!(problems[0].contains("<strong>3</strong> cases"), "what breaks most cases is first");
    assert!(problems[0].contains("order/without-pay-type"));
    let marked = "<mark><b>&quot;order_id&quot;</b>: <em>null</em>,</mark>";
    assert!(problems[0].contains(marked), "the place in the answer is marked");
}

#[test]
fn a_passing_run_has_no_failures_to_show() {
    let page = html("passing", &fixture::passing());
    assert_sound(&page);
    assert!(page.contains("<h1 id=\"verdict\">Conformant</h1>"));
    assert!(page.contains("Every answer of <strong>6 cases</strong> is as the contract says."));
    assert!(!page.contains("id=wrong") && !page.contains("id=\"unjudged\""));
    assert!(page.contains("id=warnings"));
    assert!(page.contains("ORDER_10000000000000009"), "passed cases have their evidence in a small run");
}

#[test]
fn the_run_is_shown_among_others() {
    let mut events = fixture::failing();
    let earlier = |failed, report: &str| RunSummary {
        started: "2026-11-21T02:14:33Z".into(),
        counts: Counts { failed, passed: 9, ..Counts::default() },
        report: Some(report.into()),
        ..RunSummary::default()
    };
    let cause = CauseSummary {
        api: "cube".into(),
        at: "/data/order_id".into(),
        message: "null where the contract has a string".into(),
        cases: 3,
        ..CauseSummary::default()
    };
    events.push(Event::History(Box::new(History {
        runs: vec![earlier(0, "../first/report.html"), earlier(2, "javascript:alert(1)")],
        baseline: Some(BaselineSummary {
            run: "first".into(),
            newly_failing: 3,
            still_failing: 5,
            causes: vec![cause],
            cause_count: 1,
            ..BaselineSummary::default()
        }),
    })));
    let page = html("history", &events);
    assert_sound(&page);
    for text in [
        "<strong>3</strong> newly failing",
        "<strong>5</strong> still failing",
        "last green 2026-11-21 02:14:33 UTC",
        "8 failed in this run; before, from the last to the first: 2, 0",
        "href=\"../first/report.html\"",
    ] {
        assert!(page.contains(text), "not in the page: {text}");
    }
    assert_eq!(
        page.matches("class=\"chip new\"").count(),
        2,
        "on the first screen, and at the problem itself"
    );
}

#[test]
fn a_case_has_its_attempts_and_the_documented_answer_beside_its_own() {
    let mut trial = fixture::trial_with(vec![fixture::finding("schema", "/data/order_id")]);
    trial.retried = vec![Attempt {
        verdict: Verdict::Errored,
        why: "connection `reset`".into(),
        started_ms: 1,
        duration_ms: 12.0,
    }];
    let page = html("attempts", &fixture::run(vec![trial], &[]));
    assert_sound(&page);
    for text in [
        "Attempt 1: could not be judged after 12 ms, connection <code>reset</code>",
        "Attempt 2, shown below: failed",
        "Beside the documented example",
        "<td class=\"ins\">  &quot;code&quot;: &quot;<ins>1001</ins>&quot;,</td>",
        "judged: status, content-type, charset, schema",
    ] {
        assert!(page.contains(text), "not in the page: {text}");
    }
}

#[test]
fn an_interrupted_record_is_told_as_far_as_it_goes() {
    let folder = Folder::new("interrupted");
    let record = folder.0.join("run.ndjson");
    std::fs::write(&record, fixture::interrupted()).expect("the record can be written");
    let page = rendered(&folder, &record);
    assert_sound(&page);
    assert!(page.contains("<strong>Interrupted. </strong>6 of 18 planned cases are in this report"));
    let xml = junit(&folder, &record);
    assert!(xml.contains("name=\"interrupted\" value=\"true\""));
    assert_eq!(elements(&xml, "testcase"), 6);
}

#[test]
fn nothing_of_a_hostile_record_is_markup_or_invisible() {
    let folder = Folder::new("hostile");
    let record = folder.0.join("run.ndjson");
    std::fs::write(&record, fixture::hostile()).expect("the record can be written");
    let page = rendered(&folder, &record);
    assert_sound(&page);
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"));
    assert!(page.contains("<span class=c>␛</span>[31m") && page.contains("<span class=c>⟨U+202E⟩</span>"));
    let xml = junit(&folder, &record);
    assert_eq!(elements(&xml, "testcase"), 18);
    assert_eq!(xml.chars().find(|c| symbol(*c).is_some() && *c != '\n'), None);
    assert!(POISON.chars().any(|c| symbol(c).is_some()));
}

#[test]
fn the_policy_allows_our_style_and_script_only() {
    let page = html("policy", &fixture::passing());
    let hash = |tag: &str| {
        let (_, after) = page.split_once(&format!("<{tag}>")).expect("there is one");
        let (inside, _) = after.split_once(&format!("</{tag}>")).expect("it ends");
        format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(inside)))
    };
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).and_then(|p| p.split('"').next());
    let policy = policy.expect("there is a policy").replace("&#39;", "'");
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
            hash("style"),
            hash("script")
        )
    );
}

/// How many elements of a name a document has. Panics if it is not well-formed.
fn elements(xml: &str, name: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut found = 0;
    loop {
        match reader.read_event().expect("well-formed XML") {
            Xml::Start(e) | Xml::Empty(e) => found += usize::from(e.name().as_ref() == name.as_bytes()),
            Xml::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn junit_keeps_failures_errors_and_skips_apart() {
    let folder = Folder::new("junit");
    let record = folder.record(&fixture::failing());
    let xml = junit(&folder, &record);
    let count = |name| elements(&xml, name);
    assert_eq!((count("testsuite"), count("testcase")), (3, 18));
    assert_eq!((count("failure"), count("error"), count("skipped")), (8, 3, 2));
    for text in [
        "<testsuite name=\"vascloud\" package=\"proofmark.yaml\" id=\"2\" timestamp=\"2026-11-22T02:14:33\" hostname=\"localhost\" \
         tests=\"7\" failures=\"1\" errors=\"3\" skipped=\"2\"",
        "<testcase name=\"order/documented\" classname=\"cube.orderPackage\" time=\"0.002\">",
        "<failure message=\"/data/order_id: null where the contract has a string (and 1 more)\" type=\"schema\">",
        "[must] schema type at /data/order_id: null where the contract has a string",
        "    expected: a string\n    actual: null\n    contract: specs/cube/openapi.yaml:201:7\n",
        "document: 004_60df215077719607.txt#174-176",
        "case cases/cube/order.yaml:12:7",
        "curl -sS -i --path-as-is -X POST",
        "<error message=\"no answer to judge: connection to 127.0.0.1:200 refused\" type=\"connect\">",
        "<skipped message=\"the effect of `register` is `mutates` and the run is --safe-only\"/>",
        "warning (should) cube::orderPackage::order/language/english at /traceId: `traceId` is not documented",
    ] {
        assert!(xml.contains(text), "not in the document: {text}\n{xml}");
    }
}

#[test]
fn evidence_in_junit_is_bounded_and_says_where_the_rest_is() {
    let mut trial = fixture::trial_with(vec![fixture::finding("schema", "/a")]);
    trial.steps[0].findings[0].details = vec!["ä".repeat(60_000)];
    let folder = Folder::new("junit-bounded");
    let trials = (0..80).map(|i| {
        let mut one = trial.clone();
        one.name = format!("cube::orderPackage::{i}");
        one
    });
    let record = folder.record(&fixture::run(trials.collect(), &[]));
    let text = junit(&folder, &record);
    assert!((4 << 20..5 << 20).contains(&text.len()), "{} bytes", text.len());
    assert!(text.contains("bytes; run.ndjson has cube::orderPackage::0 whole"));
    assert!(text.contains("… cut: the first 0 of 120"), "cases after the last byte still say why they fail");
    assert_eq!(elements(&text, "failure"), 80);
}

#[test]
fn a_run_of_thousands_stays_a_page() {
    for (verdict, word) in [(Verdict::Failed, "failed"), (Verdict::Passed, "passed")] {
        let page = html(word, &fixture::many(800, verdict));
        assert_sound(&page);
        assert!(page.len() < 9_000_000, "{} bytes", page.len());
        assert_eq!(page.matches("<li class=\"case").count(), 800, "every case has its line");
        assert!(page.matches("item number 39").count() > 50, "many cases have their evidence in the page");
        assert!(page.matches(" data-z=").count() > 500, "the others have it deflated");
        assert!(page.contains("In <a href=\"#record\">run.ndjson</a>, line 700."));
    }
}

#[test]
fn a_target_that_errs_in_another_way_every_time_is_told_too() {
    let trials = (0..400).map(|i| {
        let place = format!("/field-{i}");
        let mut trial = fixture::trial_with(vec![fixture::finding("schema", &place)]);
        trial.case = format!("order/{i}");
        trial
    });
    let page = html("kinds", &fixture::run(trials.collect(), &[]));
    assert_sound(&page);
    assert_eq!(page.matches("<li class=\"problem\"").count(), 200);
    assert!(page.contains("200 more kinds of finding"));
}

#[test]
fn large_bodies_are_cut_and_say_so() {
    let mut events = fixture::failing();
    for event in &mut events {
        let Event::TrialFinished(trial) = event else { continue };
        for answer in trial.steps.iter_mut().filter_map(|s| s.response.as_mut()) {
            answer.body.text = Some(format!("{{\"a\":[{}1]}}", "\"0123456789\",".repeat(30_000)));
            answer.body.size = 390_009;
        }
    }
    let page = html("large", &events);
    assert_sound(&page);
    assert!(page.len() < 4_000_000, "{} bytes", page.len());
    assert!(page.contains("<strong>316.9 KiB more in <a href=\"#record\">run.ndjson</a></strong>"));
}

/// A target may say a lot, and a record may have been tampered with. HAR alone has bodies whole.
#[test]
fn a_finding_of_a_megabyte_makes_no_report_large() {
    let long = format!("{}\u{1b}[31m{{", "长".repeat(400_000));
    let mut finding = fixture::finding("schema", &format!("/{long}"));
    finding.message.clone_from(&long);
    finding.expected = Some(long.clone());
    finding.actual = Some(long.clone());
    finding.requirement = Some(long.clone());
    finding.details = vec![long.clone(); 3];
    let mut trial = fixture::trial_with(vec![finding]);
    trial.reason = Some(long.clone());
    trial.verdict = Verdict::Errored;
    let folder = Folder::new("megabyte");
    let record = folder.record(&fixture::run(vec![trial], &[]));
    let report = Report::open(&record, Sources::default()).expect("a record");
    for (word, format) in ReportFormat::WORDS {
        if matches!(format, ReportFormat::Har | ReportFormat::Junit) {
            continue;
        }
        let mut out = Vec::new();
        report.render(format, &mut out).expect("rendered");
        assert!(out.len() < 400_000, "{word} has {} bytes", out.len());
        assert!(out.len() > 100, "{word} is empty");
    }
}

/// A report that cannot be made leaves the one before as it is, and nothing beside it.
#[test]
fn a_report_is_written_whole_or_not_at_all() {
    let folder = Folder::new("whole");
    let record = folder.record(&fixture::failing());
    let out = folder.0.join("report.tap");
    std::fs::write(&out, "the one before").expect("a file");
    let report = Report::open(&record, Sources::default()).expect("a record");
    let text = std::fs::read_to_string(&record).expect("the record");
    std::fs::write(&record, &text[..text.len() / 2]).expect("a shorter record");
    let error = report.write(ReportFormat::Tap, &out).expect_err("the record has changed");
    assert!(error.to_string().contains("cannot be read again"), "{error}");
    assert_eq!(std::fs::read_to_string(&out).expect("a report"), "the one before");
    assert_eq!(std::fs::read_dir(&folder.0).expect("a folder").count(), 2);
    std::fs::write(&record, text).expect("the record");
    report.write(ReportFormat::Tap, &out).expect("written");
    assert!(std::fs::read_to_string(&out).expect("a report").starts_with("TAP version 14\n"));
}

/// Nothing in a record makes a renderer panic, and what is JSON stays JSON.
#[test]
fn a_hostile_record_is_rendered_in_every_format() {
    let folder = Folder::new("hostile-formats");
    let record = folder.0.join("run.ndjson");
    std::fs::write(&record, fixture::hostile()).expect("the record can be written");
    let report = Report::open(&record, Sources::default()).expect("a record");
    for (word, format) in ReportFormat::WORDS {
        let mut out = Vec::new();
        report.render(format, &mut out).expect("rendered");
        let text = String::from_utf8(out).expect("UTF-8");
        let hidden = text.chars().find(|c| symbol(*c).is_some() && *c != '\n');
        assert_eq!(hidden, None, "{word} has something invisible");
        if matches!(word, "sarif" | "gitlab" | "ctrf" | "har" | "json") {
            serde_json::from_str::<serde_json::Value>(&text).unwrap_or_else(|e| panic!("{word}: {e}"));
        }
    }
}

#[test]
fn what_cannot_be_read_or_written_is_said() {
    let folder = Folder::new("errors");
    let out = folder.0.join("report.html");
    let message =
        |record: &std::path::Path, out: &std::path::Path| match write(record, ReportFormat::Html, out) {
            Ok(()) => String::new(),
            Err(e) => e.to_string(),
        };
    assert!(message(&folder.0, &out).contains("run.ndjson:0: cannot open the record"));
    let record = folder.0.join("run.ndjson");
    std::fs::write(&record, "").expect("a file");
    assert!(message(&record, &out).ends_with("the record does not begin with `run-started`"));
    std::fs::write(&record, "{\"event\":\"run-finished\"}\n").expect("a file");
    assert!(message(&record, &out).contains("run.ndjson:1: not an event of a record"));
    let mut events = fixture::passing();
    if let Some(Event::RunStarted(started)) = events.first_mut() {
        started.version = 99;
    }
    folder.record(&events);
    assert!(
        message(&record, &out).contains("the record has format version 99; this proofmark reads up to 1")
    );
    folder.record(&fixture::passing());
    let text = std::fs::read_to_string(&record).expect("the record") + "{\"event\":\"trial-finished\"}\n";
    std::fs::write(&record, text).expect("a file");
    assert!(message(&record, &out).contains("run.ndjson:9: not an event of a record: missing field"));
    folder.record(&fixture::passing());
    let nowhere = folder.0.join("no/such/folder/report.html");
    assert!(matches!(write(&record, ReportFormat::Html, &nowhere), Err(ReportError::Write { .. })));
    assert!(message(&record, &nowhere).contains("report.html: cannot be written"));
}
