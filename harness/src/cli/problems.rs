//! Problems of a suite as people see them: all at once, each with its line and a caret.

use super::Failure;
use crate::model::problem::Problem;
use crate::model::visible::visible;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};

/// More than this many are counted, not shown.
const SHOWN: usize = 50;

/// The failure that refuses a suite.
pub fn refuse(mut problems: Vec<Problem>) -> Failure {
    problems.sort_by(|a, b| (&a.file.name, a.span.start).cmp(&(&b.file.name, b.span.start)));
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
    let text = visible(&problem.file.text);
    let start = (problem.span.start as usize).min(text.len());
    let end = (problem.span.end as usize).clamp(start, text.len());
    // A caret under more than a line says nothing.
    let line_end = text.get(start..end).and_then(|t| t.find('\n')).map_or(end, |n| start + n);
    let diagnostic = MietteDiagnostic::new(visible(&problem.message).into_owned())
        .with_label(LabeledSpan::new(Some(problem.label.clone()), start, line_end - start));
    let diagnostic = match &problem.help {
        Some(help) => diagnostic.with_help(help.clone()),
        None => diagnostic,
    };
    Report::new(diagnostic).with_source_code(NamedSource::new(&problem.file.name, text.into_owned()))
}
