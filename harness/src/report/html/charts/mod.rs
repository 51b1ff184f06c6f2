//! Drawings of a run: which checks judged which operations, how long they took, and when everything ran.

mod latency;
mod matrix;
mod waterfall;

use super::view::View;
use crate::http::charset::percent_encode;
use maud::{Markup, html};

/// The filter that shows the cases of an API with a finding of a check, as the script reads it. A case of another
/// operation may have found it in one of its steps.
fn filter(api: &str, check: &str) -> String {
    let encoded = |text: &str| percent_encode(text, "utf-8").unwrap_or_default();
    format!("api={}&check={}", encoded(api), encoded(check))
}

pub fn charts(view: &View<'_>) -> Markup {
    html! {
        (matrix::matrix(view))
        (latency::latency(view))
        (waterfall::waterfall(view))
    }
}
