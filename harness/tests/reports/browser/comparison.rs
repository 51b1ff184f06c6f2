//! `comparison.html`: no script, so that links, keys and print are the browser's own.

use super::{Browser, assert_quiet};
use crate::made::FAULTY;
use crate::support::command::Proofmark;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The page of a run with four faults, compared with the same run without any.
pub fn faulty(folder: &Path) -> PathBuf {
    page(folder, &FAULTY.ndjson)
}

/// The page of a record, compared with what it would have been without findings.
pub fn page(folder: &Path, new: &str) -> PathBuf {
    std::fs::write(folder.join("old.ndjson"), before(new)).expect("a record");
    std::fs::write(folder.join("run.ndjson"), new).expect("a record");
    let out = folder.join("comparison.html");
    let html = format!("html={}", out.display());
    Proofmark::new(&["compare", "old.ndjson", "run.ndjson", "--as", &html]).folder(folder).output().exits(1);
    out
}

/// All passed.
fn before(record: &str) -> String {
    let mut out = String::new();
    for line in record.lines() {
        let mut event: Value = serde_json::from_str(line).expect("an event");
        if event["verdict"] == "failed" {
            event["verdict"] = "passed".into();
        }
        for step in event.get_mut("steps").and_then(Value::as_array_mut).into_iter().flatten() {
            step["findings"] = json!([]);
        }
        out.push_str(&format!("{event}\n"));
    }
    out
}

/// What somebody does who reads it: follows links, presses keys, prints it.
pub fn is_read(browser: &Browser, page: &Path) {
    browser.screen(1280, 900, "light");
    browser.file(page, "");
    // The first screen names every cause.
    let causes = "document.querySelectorAll('#broke .problem').length";
    let named = "Array.from(document.querySelectorAll('.top5 > li'))";
    let seen =
        format!("{named}.filter((a) => a.getBoundingClientRect().bottom < innerHeight).length === {causes}");
    assert_eq!(browser.value(&seen), true);
    assert_eq!(
        browser.value(&format!("document.querySelector('h1').textContent === {causes} + ' new defects'")),
        true
    );
    links(browser, page);
    keys(browser, page);
    is_open_on_paper(browser, page);
    is_printed(browser);
    assert_quiet(browser);
}

/// A link to a cause shows it, and every link of the page leads to something in it.
fn links(browser: &Browser, page: &Path) {
    browser.file(page, "#c3");
    browser.until(
        "(() => { const at = document.getElementById('c3').getBoundingClientRect(); return at.top >= 0 && at.top < innerHeight; })()",
    );
    let lost = "Array.from(document.links).map((a) => a.getAttribute('href')).filter((to) => to[0] === '#' && !document.getElementById(to.slice(1)))";
    assert_eq!(browser.value(lost), json!([]));
    browser.run("document.querySelector('a[href=\"#broke\"]').click()");
    browser.until("location.hash === '#broke'");
    // A case leads to itself in the report beside the page.
    browser.run("document.querySelector('#c1 .links a[href^=\"report.html#c\"]').click()");
    browser.until("document.querySelector('h1') !== null && location.pathname.endsWith('/report.html')");
    browser.until("document.getElementById(location.hash.slice(1))?.checkVisibility() === true");
}

/// Focus goes through the page in its order, and folds are opened by Enter.
fn keys(browser: &Browser, page: &Path) {
    browser.file(page, "");
    browser
        .run("window.order = []; document.addEventListener('focusin', (e) => window.order.push(e.target))");
    for _ in 0..30 {
        browser.keys("\u{e004}");
    }
    let in_order = "window.order.length > 20 && window.order.every((e, i) => i === 0 || \
        (window.order[i - 1].compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0)";
    assert_eq!(browser.value(in_order), true);
    browser.run("document.querySelector('#c1 summary').focus()");
    assert_eq!(browser.value("document.querySelector('#c1 > details').open"), true);
    browser.keys("\u{e007}");
    assert_eq!(browser.value("document.querySelector('#c1 > details').open"), false);
}

/// On paper everything is open that is worth its space.
pub fn is_open_on_paper(browser: &Browser, page: &Path) {
    browser.file(page, "");
    browser.run("document.querySelectorAll('.problem > details').forEach((d) => { d.open = false; })");
    let cards = "document.querySelectorAll('.problem > details > .card')";
    let shown = format!("Array.from({cards}).filter((card) => card.checkVisibility()).length");
    assert_eq!(browser.value(&shown), 0);
    browser.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    assert_eq!(browser.value(&format!("{shown} === {cards}.length")), true, "closed on paper");
    assert_eq!(browser.value("getComputedStyle(document.querySelector('.side')).display"), "none");
    browser.devtools("Emulation.setEmulatedMedia", &json!({ "media": "" }));
}

fn is_printed(browser: &Browser) {
    let pdf = browser.printed();
    let pages = pdf.windows(12).filter(|part| part.starts_with(b"/Type /Page\n")).count();
    assert!(pdf.starts_with(b"%PDF-") && pages > 2, "{} bytes, {pages} pages", pdf.len());
}
