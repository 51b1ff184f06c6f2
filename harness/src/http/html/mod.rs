//! HTML answers, read as a browser reads them (WHATWG HTML section 13.2) and judged as forms: what a page that takes its
//! reader to a payment gateway says is in its form.

mod form;
mod read;
mod tree;

pub use form::{FormError, Page};
pub use read::{HtmlError, read};
