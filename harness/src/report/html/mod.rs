//! `report.html`: one file without network, scripts needed or fonts of its own.
//!
//! The page is complete without its script, which only adds a filter and copy buttons. A content security policy lets
//! the page load nothing and run nothing but that script, known by its hash.

mod body;
mod budget;
mod case;
mod cases;
mod defects;
mod finding;
mod glance;
mod hero;
mod mutation;
mod page;
mod problems;
mod rest;
mod step;
mod text;
mod view;
mod words;

use super::error::ReportError;
use super::index::Index;
pub use mutation::write_mutation_html;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use view::View;

/// Writes the report of a record (`run.ndjson`, or the folder that holds it) to a file.
pub fn write_html(record: &Path, out: &Path) -> Result<(), ReportError> {
    let index = Index::read(record)?;
    let view = View::new(&index);
    let failed = |e| ReportError::write(out, e);
    let mut file = BufWriter::with_capacity(1 << 18, File::create(out).map_err(failed)?);
    let put = |file: &mut BufWriter<File>, html: &str| file.write_all(html.as_bytes()).map_err(failed);
    put(&mut file, &page::head(&view).into_string())?;
    put(&mut file, "<body>")?;
    put(&mut file, &page::banner(&view).into_string())?;
    put(&mut file, "<main id=main>")?;
    put(&mut file, &hero::hero(&view).into_string())?;
    problems::write(&view, &mut file, failed)?;
    cases::write(&view, &mut file, failed)?;
    put(&mut file, &rest::rest(&view).into_string())?;
    put(&mut file, &defects::defects(&view).into_string())?;
    put(&mut file, "</main>")?;
    put(&mut file, &page::foot(&view).into_string())?;
    put(&mut file, "</body></html>\n")?;
    file.flush().map_err(failed)
}
