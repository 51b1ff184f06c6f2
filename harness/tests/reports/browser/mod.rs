//! `report.html` and `comparison.html` in a real browser: headless Chromium, where it is installed.

mod axe;
mod comparison;
mod driver;
mod hostile;
mod page;
mod scale;

use crate::support::command::Proofmark;
use driver::Browser;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Renders a record beside itself.
fn rendered(record: &Path) -> PathBuf {
    let page = record.with_file_name("report.html");
    let arguments = ["report", &record.display().to_string(), "--as", &format!("html={}", page.display())];
    Proofmark::new(&arguments).folder(record.parent().expect("a folder")).output().exits(0);
    page
}

/// Trials again and again under other names, as many as asked for, between the first event and the last ones.
fn multiplied(record: &str, trials: usize, change: impl Fn(usize, &mut Value)) -> String {
    let events: Vec<Value> =
        record.lines().map(|line| serde_json::from_str(line).expect("an event")).collect();
    let (of_trials, others): (Vec<&Value>, Vec<&Value>) =
        events.iter().partition(|event| event["event"] == "trial-finished");
    let mut out = format!("{}\n", others[0]);
    for i in 0..trials {
        let mut trial = of_trials[i % of_trials.len()].clone();
        for name in ["name", "case"] {
            trial[name] = format!("{}/{i}", trial[name].as_str().expect("a name")).into();
        }
        trial["started_ms"] = (i / 3).into();
        change(i, &mut trial);
        out.push_str(&format!("{trial}\n"));
    }
    others[1..].iter().for_each(|event| out.push_str(&format!("{event}\n")));
    out
}

/// What must hold of every page after whatever was done with it.
#[track_caller]
fn assert_quiet(browser: &Browser) {
    assert_eq!(browser.console(), Vec::<String>::new());
    let away = |url: &String| !url.starts_with("file:///") && !url.starts_with("about:");
    assert_eq!(browser.requests().into_iter().filter(away).collect::<Vec<_>>(), Vec::<String>::new());
}
