//! A run of 10,000 cases: how large its page is, and how long a reader waits. Measured by hand, its numbers stand in
//! ARCHITECTURE.md: `cargo test --release --test reports -- --ignored --nocapture ten_thousand`.

use super::{Browser, multiplied, rendered};
use crate::made::FAULTY;
use std::time::Instant;

/// A keystroke, from the event to the frame that shows what it did, milliseconds.
const KEYSTROKE: &str = "(text) => new Promise((done) => {
    const input = document.querySelector('#tools input');
    const began = performance.now();
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => done(performance.now() - began);
        after.port2.postMessage(0);
    });
})";

#[test]
#[ignore = "a measurement: it means something on a quiet machine only"]
fn ten_thousand_cases() {
    let Some(browser) = Browser::open() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    for trials in [10_000, 20_000] {
        let path = folder.path().join("run.ndjson");
        let record = multiplied(&FAULTY.ndjson, trials, |_, _| {});
        std::fs::write(&path, record).expect("a record");
        let began = Instant::now();
        let page = rendered(&path);
        let written = began.elapsed();
        let size = std::fs::metadata(&page).expect("a page").len();
        browser.file(&page, "");
        let paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime";
        let painted = browser.value(paint).as_f64().expect("a time");
        // What is read in idle time is read.
        browser.value("new Promise((done) => requestIdleCallback(done)).then(() => 0)");
        let mut slowest = 0.0_f64;
        for text in ["o", "or", "ord", "orde", "order", "order/7", "", "cube"] {
            let took = browser.value(&format!("({KEYSTROKE})({text:?})")).as_f64().expect("a time");
            slowest = slowest.max(took);
        }
        println!(
            "{trials} cases: {size} bytes, written in {written:.1?}, first paint {painted:.0} ms, slowest keystroke {slowest:.0} ms"
        );
        assert!(size < 15_000_000 && written.as_secs_f64() < 2.0 && painted < 1_500.0 && slowest < 100.0);
    }
}
