//! Problems of a suite as people see them: all at once, each with its line and a caret.

use super::Failure;
use crate::model::problem::Problem;
use crate::model::visible::visible;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};

/// More than this many are counted, not shown.
const SHOWN: usize = 50;

/// The failure that refuses a suite.
pub fn refuse(mut problems: Vec<Problem>) -> Failure {
    let key = |p: &Problem| (p.file.name.clone(), p.span.start, p.message.clone());
    problems.sort_by_key(key);
    // The rows of a case repeat its problems, and so does every use of a fixture.
    problems.dedup_by_key(|p| key(p));
    let theme = match super::console::colour(&std::io::stderr()) {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::unicode_nocolor(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let mut text = String::new();
    for problem in problems.iter().take(SHOWN) {
        text.push_str(&format!("{}: ", problem.location()));
        let mut rendered = String::new();
        if handler.render_report(&mut rendered, report(problem).as_ref()).is_ok() {
            text.push_str(rendered.trim_start());
        } else {
            text.push_str(&problem.message);
        }
        text.push('\n');
    }
    if problems.len() > SHOWN {
        text.push_str(&format!("… and {} more\n\n", problems.len() - SHOWN));
    }
    let s = if problems.len() == 1 { "" } else { "s" };
    text.push_str(&format!("the suite is refused: {} problem{s}, nothing was sent", problems.len()));
    Failure::Usage(text)
}

fn report(problem: &Problem) -> Report {
    let written = problem.file.text.as_str();
    let start = (problem.span.start as usize).min(written.len());
    let end = (problem.span.end as usize).clamp(start, written.len());
    let (before, marked) =
        (shown(written.get(..start).unwrap_or("")), shown(written.get(start..end).unwrap_or("")));
    // A caret under more than a line says nothing.
    let length = marked.find('\n').unwrap_or(marked.len());
    let diagnostic = MietteDiagnostic::new(visible(&problem.message).into_owned())
        .with_label(LabeledSpan::new(Some(problem.label.clone()), before.len(), length));
    let diagnostic = match &problem.help {
        Some(help) => diagnostic.with_help(help.clone()),
        None => diagnostic,
    };
    Report::new(diagnostic).with_source_code(NamedSource::new(&problem.file.name, shown(written)))
}

/// A file's text as it can be printed. Offsets into it are not those of the file: Windows line ends are one character,
/// hidden characters several.
fn shown(text: &str) -> String {
    visible(&text.replace("\r\n", "\n")).into_owned()
}
