//! `report.html`: one file without network, scripts needed or fonts of its own.
//!
//! The page is read without its script: problems, every case by name, findings and, as far as there is room, evidence.
//! The script adds filters, keys, and the evidence that is kept deflated. A content security policy lets the page load
//! nothing and run nothing but that script, known by its hash.

mod accepted;
pub(super) mod body;
mod budget;
mod case;
mod cases;
mod charts;
mod coverage;
mod defects;
pub(super) mod difference;
pub(super) mod documented;
pub(super) mod finding;
mod fuzzing;
mod glance;
pub(super) mod hero;
mod mutation;
pub(super) mod page;
mod problems;
mod raw;
mod rest;
pub(super) mod step;
pub(super) mod still;
mod store;
pub(super) mod text;
mod timeline;
mod trend;
mod view;
pub(super) mod words;

use super::error::ReportError;
use super::index::Index;
pub use mutation::write_mutation_html;
use std::io::Write;
use view::View;

/// Writes the page.
pub fn write(index: &Index, mut out: &mut dyn Write) -> Result<(), ReportError> {
    let view = View::new(index);
    let put = |out: &mut dyn Write, html: &str| out.write_all(html.as_bytes());
    put(out, &page::head(&view).into_string())?;
    put(out, "<body>")?;
    put(out, &page::banner(&view).into_string())?;
    put(out, "<main id=main>")?;
    put(out, &hero::hero(&view).into_string())?;
    problems::write(&view, &mut out, ReportError::from)?;
    put(out, &accepted::accepted(&view).into_string())?;
    let mut room = cases::Room::new(index.rows.len());
    cases::write(&view, &mut room, &mut out, ReportError::from)?;
    put(out, &charts::charts(&view).into_string())?;
    put(out, &rest::rest(&view).into_string())?;
    put(out, &fuzzing::fuzzing(&view).into_string())?;
    put(out, &coverage::coverage(&view).into_string())?;
    put(out, &defects::defects(&view).into_string())?;
    put(out, "</main>")?;
    let cases::Room { packed, raw, .. } = room;
    packed.write(out)?;
    raw.write(out)?;
    put(out, &page::foot(&view).into_string())?;
    put(out, "</body></html>\n")?;
    Ok(())
}
