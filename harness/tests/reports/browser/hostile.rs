//! Nothing that a target sent runs, is fetched, or is taken for a part of the page.

use super::{Browser, assert_quiet, multiplied, rendered};
use crate::made::{HOSTILE, HOSTILE_TARGET, read};
use serde_json::json;

/// Copies of the hostile trials: more than a page lays out, so that evidence is packed too.
const TRIALS: usize = 420;

#[test]
fn bytes_of_a_target_do_nothing() {
    let Some(browser) = Browser::open() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("run.ndjson");
    let piece = HOSTILE.replace(['"', '\\', '\n', '\r'], "");
    // 10 MiB.
    let large = format!("{{\"a\": \"{}\"}}", piece.repeat((10 << 20) / piece.len() + 1));
    let record = multiplied(&HOSTILE_TARGET.ndjson, TRIALS, |i, trial| {
        trial["title"] = HOSTILE.into();
        trial["tags"] = json!([HOSTILE, "b\" onclick=\"alert(1)"]);
        // Trials are recorded as they end: which one is the first differs.
        let is_code = trial["case"].as_str().is_some_and(|case| case.starts_with("hostile/code"));
        let Some(answer) = trial["steps"].get_mut(0).and_then(|step| step.get_mut("response")) else {
            return;
        };
        match i {
            0..12 if is_code => answer["body"] = json!({ "text": large, "size": large.len() }),
            1 => {
                answer["body"] = json!({ "text": format!("<html>{HOSTILE}<script>alert(1)</script>"), "charset": "\"><script>alert(1)</script>", "size": 9 })
            }
            2 => answer["body"] = json!({ "base64": "AP/+PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0PsOo", "size": 30 }),
            _ => {}
        }
    });
    std::fs::write(&path, record).expect("a record");
    let page = rendered(&path);
    let size = std::fs::metadata(&page).expect("a page").len();
    assert!(size < 15_000_000, "{size} bytes");
    browser.file(&page, "#text=alert&check=%3Cscript%3E");
    browser.run("document.title = 'mine'");
    // Everything is opened, unpacked, and shown in every form.
    browser.run(
        "for (const details of document.querySelectorAll('details')) details.open = true;
         for (const title of document.querySelectorAll('[data-z]')) title.querySelector('details').dispatchEvent(new Event('toggle'));",
    );
    browser.until(
        "document.querySelector('[data-z]') === null && document.querySelectorAll('.views').length > 100",
    );
    browser
        .run("document.querySelectorAll('.views button:nth-child(2)').forEach((button) => button.click())");
    browser.until("Array.from(document.querySelectorAll('.asis')).every((pre) => pre.textContent !== '')");
    let raw = browser
        .value("Array.from(document.querySelectorAll('.asis')).map((pre) => pre.textContent).join('')");
    let raw = raw.as_str().expect("text");
    assert!(
        raw.contains("</script><img src=x onerror=alert(1)>")
            && raw.contains('␛')
            && raw.contains("⟨U+202E⟩")
    );
    let hidden = |c: &char| matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}');
    assert_eq!(raw.chars().find(hidden), None);
    // Of the body of 10 MiB the page has the beginning and says where the rest is; the record has all of it.
    let cut = "Array.from(document.querySelectorAll('.note')).map((note) => note.textContent).filter((t) => /\\d MiB more in run\\.ndjson/.test(t)).length";
    browser.until(&format!("{cut} > 0"));
    let longest =
        "Math.max(...Array.from(document.querySelectorAll('pre')).map((pre) => pre.textContent.length))";
    assert!(browser.value(longest).as_u64() < Some(200_000));
    assert!(read(&path).contains(&serde_json::to_string(&large).expect("JSON")));
    assert_eq!(
        browser.value("document.querySelector('.note a[href=\"#record\"]').getAttribute('href') + document.querySelector('#record a').getAttribute('href')"),
        "#recordrun.ndjson"
    );
    let strange = "document.querySelectorAll('img, iframe, object, embed, base, form, link, [onerror], [onclick], script:not([type]):not(:last-of-type)').length";
    assert_eq!(browser.value(strange), 0);
    assert_eq!(
        browser.value("Array.from(document.scripts).filter((s) => s.type !== 'text/plain').length"),
        1
    );
    assert_eq!(browser.value("document.title"), "mine");
    assert_quiet(&browser);
}

/// The policy holds: a script that got into the page would not run.
#[test]
fn the_policy_refuses_other_scripts() {
    let Some(browser) = Browser::open() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("run.ndjson");
    std::fs::write(&path, &HOSTILE_TARGET.ndjson).expect("a record");
    let page = rendered(&path);
    let broken = read(&page).replace(
        "</main>",
        "</main><script>document.title = 'owned'</script><img src=http://evil.example/x.png>",
    );
    std::fs::write(&page, broken).expect("a page");
    browser.file(&page, "");
    assert_ne!(browser.value("document.title"), "owned");
    let console = browser.console().join("\n");
    assert!(console.contains("Content Security Policy"), "{console}");
}
