//! A page without any script, in the style of `report.html`: what is around its content.

use super::page::mark;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// The parts of such a page.
pub struct Still<'p> {
    pub style: &'p str,
    pub title: Markup,
    /// What the link for keyboards that leads past the navigation says.
    pub skip: &'p str,
    /// What the page is of, beside the name of the tool.
    pub about: Markup,
    pub navigation: Markup,
    pub main: Markup,
    pub foot: Markup,
}

impl Still<'_> {
    /// The document. Nothing may be loaded, and only its own style is applied (CSP level 3, hash sources).
    pub fn page(&self) -> Markup {
        let style = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(self.style.as_bytes())));
        let policy = format!("default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'");
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    title { (self.title) }
                    style { (PreEscaped(self.style)) }
                }
                body {
                    a.skip href="#main" { (self.skip) }
                    header.top {
                        p.brand { (mark()) "proofmark" }
                        p.runname { (self.about) }
                    }
                    (self.navigation)
                    main id="main" { (self.main) }
                    footer { (self.foot) }
                }
            }
        }
    }
}
