//! [`Axe`]: axe-core, where `.ci/run` has fetched it.

use super::Browser;
use std::path::Path;

pub struct Axe(String);

/// WCAG 2.2 A and AA, contrast included, and best practices.
pub const ALL: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/// Contrast alone.
pub const CONTRAST: [&str; 1] = ["color-contrast"];

impl Axe {
    pub fn find() -> Option<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&path).ok();
        if axe.is_none() {
            eprintln!("skipped: there is no {} (`.ci/run` fetches it)", path.display());
        }
        axe.map(Self)
    }

    /// What the open page does wrong, by rules or their tags.
    pub fn violations(&self, browser: &Browser, rules: &[&str]) -> Vec<String> {
        browser.run(&self.0);
        let wrong = browser.value(&format!(
            "axe.run(document, {{ runOnly: {rules:?}, resultTypes: ['violations'] }})
                .then((r) => r.violations.map((v) => v.id + ': ' + v.nodes[0].html.slice(0, 200)))"
        ));
        let wrong = wrong.as_array().expect("a list").clone();
        wrong.into_iter().map(|violation| violation.as_str().expect("text").to_owned()).collect()
    }
}
