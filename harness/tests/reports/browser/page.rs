//! Filters, links, keys, evidence that is unpacked, and who can read it.

use super::axe::{ALL, Axe, CONTRAST};
use super::{Browser, assert_quiet, comparison, multiplied, rendered};
use crate::made::{FAULTY, read};
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// How many cases are shown of how many.
const STATUS: &str = "document.querySelector('#tools [role=status]').textContent";

#[test]
fn a_reader_finds_their_way() {
    let Some(browser) = Browser::open() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record = folder.path().join("run.ndjson");
    std::fs::write(&record, &FAULTY.ndjson).expect("a record");
    let page = rendered(&record);
    browser.screen(1280, 900, "light");
    filters(&browser, &page);
    links(&browser, &page);
    keys(&browser, &page);
    messages(&browser, &page);
    comparison::is_open_on_paper(&browser, &page);
    assert_quiet(&browser);
    comparison::is_read(&browser, &comparison::faulty(folder.path()));
}

/// What is asked for is in the URL, and the URL shows it again.
fn filters(browser: &Browser, page: &Path) {
    browser.file(page, "");
    let all = FAULTY.record.trials.len();
    let failed = FAULTY.verdicts("failed");
    browser.run("document.querySelector('.toggles button').click()");
    assert_eq!(browser.value(STATUS), format!("{failed} of {all} cases"));
    browser.until("location.hash === '#status=failed'");
    browser.keys("/order");
    browser.until("location.hash === '#status=failed&text=order'");
    let found = browser.value(STATUS);
    assert_ne!(found, format!("{failed} of {all} cases"));
    browser.file(page, "#status=failed&text=order");
    assert_eq!(browser.value(STATUS), found);
    assert_eq!(browser.value("document.querySelector('#tools input').value"), "order");
    let seen = "Array.from(document.querySelectorAll('#cases .case')).filter((c) => c.checkVisibility())";
    assert_eq!(browser.value(&format!("{seen}.every((c) => c.dataset.v === 'f')")), true);
    for (fragment, field, value) in [
        ("#api=cube&check=schema", "api", "cube"),
        ("#operation=orderPackage", "operation", "orderPackage"),
        ("#level=must&tag=documented", "level", "must"),
    ] {
        browser.file(page, fragment);
        let expected = FAULTY.record.trials.iter().filter(|trial| match field {
            "api" => {
                let steps = trial["steps"].as_array().expect("steps");
                let findings = steps.iter().filter_map(|step| step["findings"].as_array()).flatten();
                trial["api"] == value && findings.clone().any(|finding| finding["check"] == "schema")
            }
            "level" => {
                let tags = trial["tags"].as_array();
                trial["level"] == value && tags.is_some_and(|tags| tags.iter().any(|tag| tag == "documented"))
            }
            _ => trial[field] == value,
        });
        assert_eq!(browser.value(STATUS), format!("{} of {all} cases", expected.count()), "{fragment}");
    }
    browser.file(page, "#text=no-such-case-at-all");
    assert_eq!(browser.value(STATUS), format!("No case fits, of {all} cases"));
    browser.run("Array.from(document.querySelectorAll('#tools button')).find((b) => b.textContent === 'Clear').click()");
    browser.until("location.hash === ''");
    assert_eq!(browser.value(STATUS), "");
}

/// A link to a case opens it, with evidence that was packed; one to a finding shows the finding.
fn links(browser: &Browser, page: &Path) {
    let packed = "document.querySelector('.case[data-z][data-v=f] .inside').id";
    browser.file(page, "");
    let case = browser.value(packed).as_str().expect("a failed case that is packed").to_owned();
    browser.file(page, &format!("#{case}"));
    let shown = format!(
        "document.querySelector('#{case} .step .body') !== null && document.getElementById('{case}').checkVisibility()"
    );
    browser.until(&shown);
    let first = format!("{case}-1");
    browser.file(page, &format!("#status=failed&at={first}"));
    browser.until(&format!("document.querySelector('#{first}.target .says') !== null"));
    browser.until(&format!(
        "(() => {{ const at = document.getElementById('{first}').getBoundingClientRect(); return at.top >= 0 && at.top < innerHeight; }})()"
    ));
}

fn keys(browser: &Browser, page: &Path) {
    browser.file(page, "");
    browser.keys("j");
    assert_eq!(browser.value("document.activeElement.closest('.problem').id"), "p1");
    browser.keys("j");
    assert_eq!(browser.value("document.activeElement.closest('.problem').id"), "p2");
    browser.keys("k");
    assert_eq!(browser.value("document.activeElement.closest('.problem').id"), "p1");
    let open = browser.value("document.querySelector('#p1 > details').open");
    browser.keys("\u{e007}");
    assert_ne!(browser.value("document.querySelector('#p1 > details').open"), open, "Enter");
    browser.keys("n");
    browser.until("document.activeElement.closest('.case').dataset.v === 'f'");
    browser.keys("?");
    assert_eq!(browser.value("document.querySelector('dialog').open"), true);
    browser.keys("\u{e00c}");
    browser.until("document.querySelector('dialog').open === false");
    browser.keys("/x\u{e00c}");
    assert_eq!(browser.value("document.activeElement === document.body"), true, "Esc leaves the field");
    browser.until("location.hash === '#text=x'");
    browser.keys("\u{e00c}");
    browser.until("location.hash === ''");
}

/// A message as it came: the bytes of GBK, and the text that they are.
fn messages(browser: &Browser, page: &Path) {
    browser.file(page, "");
    browser.run(
        "const message = document.querySelector('.msg[data-c=GBK]');
         for (let e = message; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;",
    );
    browser.until("document.querySelector('.msg[data-c=GBK] .views') !== null");
    let press = |n: usize| {
        browser.run(&format!("document.querySelectorAll('.msg[data-c=GBK] .views button')[{n}].click()"))
    };
    let shown = "document.querySelector('.msg[data-c=GBK] .asis').textContent";
    press(1);
    browser.until(&format!("{shown}.startsWith('HTTP/1.1 200\\n')"));
    assert_eq!(
        browser.value(&format!("/[\\u4e00-\\u9fff]/.test({shown}) && {shown}.includes('\\n\\n{{')")),
        true,
        "decoded"
    );
    press(2);
    browser.until(&format!("{shown}.startsWith('00000  48 54 54 50 2f')"));
    press(0);
    assert_eq!(browser.value("document.querySelector('.msg[data-c=GBK] .asis').hidden"), true);
}

#[test]
fn everybody_can_read_it() {
    let (Some(axe), Some(browser)) = (Axe::find(), Browser::open()) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record: PathBuf = folder.path().join("run.ndjson");
    // Every verdict and every kind of evidence, and few cases of each.
    let sample = read(&Path::new(ROOT).join("reports/sample/run.ndjson"));
    std::fs::write(&record, multiplied(&sample, 24, |_, _| {})).expect("a record");
    let page = rendered(&record);
    let comparison = comparison::page(folder.path(), &sample);
    // Whatever is wrong in one scheme at one width is wrong at both, but for contrast.
    let screens = [
        (1280, "light", &ALL[..]),
        (390, "dark", &ALL),
        (1280, "dark", &CONTRAST),
        (390, "light", &CONTRAST),
    ];
    for page in [&page, &comparison] {
        for (width, scheme, rules) in screens {
            browser.screen(width, 900, scheme);
            browser.file(page, "");
            // What is not laid out yet has no size of its own.
            browser.run("document.querySelectorAll('.cv, .op').forEach((e) => { e.style.contentVisibility = 'visible'; })");
            browser.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
            browser.until("document.querySelector('.views, #broke .card') !== null");
            let wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(browser.value(wide), 0, "{width} px");
            assert_eq!(axe.violations(&browser, rules), Vec::<String>::new(), "{width} px, {scheme}");
        }
    }
    assert_quiet(&browser);
}

#[test]
fn it_is_read_without_a_script() {
    let Some(browser) = Browser::open() else { return };
    browser.devtools("Emulation.setScriptExecutionDisabled", &serde_json::json!({ "value": true }));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record = folder.path().join("run.ndjson");
    let sample = read(&Path::new(ROOT).join("reports/sample/run.ndjson"));
    std::fs::write(&record, multiplied(&sample, 300, |_, _| {})).expect("a record");
    browser.file(&rendered(&record), "");
    let text = browser.devtools("DOM.getDocument", &serde_json::json!({ "depth": 0 }));
    let node = &text["root"]["nodeId"];
    let html = browser.devtools("DOM.getOuterHTML", &serde_json::json!({ "nodeId": node }));
    let html = html["outerHTML"].as_str().expect("the page");
    assert_eq!(html.matches("<li class=\"case").count(), 300);
    assert!(!html.contains("placeholder=\"Filter cases\""), "what needs the script is not there");
    assert!(html.contains("What is wrong") && html.contains("class=\"says\""));
}
