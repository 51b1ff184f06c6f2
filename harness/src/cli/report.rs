//! `proofmark report`: the reports of a record, made again; and the reports that a run is asked for.

use super::arguments::ReportArguments;
use super::choose::earlier;
use super::{Failure, console};
use crate::model::report_format::{Destination, ReportFormat, WantedReport};
use crate::model::verdict::exit;
use crate::report::{Report, ReportError, Sources};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What every run writes.
pub const ALWAYS: [ReportFormat; 2] = [ReportFormat::Html, ReportFormat::Junit];

pub fn run(arguments: &ReportArguments) -> Result<u8, Failure> {
    let suite = arguments.suite.clone().unwrap_or_else(|| PathBuf::from("."));
    let run = earlier(&arguments.run, &suite.join("reports"))?;
    let record = if run.is_dir() { run.join("run.ndjson") } else { run };
    let folder = match (&arguments.out, record.parent()) {
        (Some(out), _) => out.clone(),
        (None, Some(parent)) => parent.to_owned(),
        (None, None) => PathBuf::from("."),
    };
    let wanted = match arguments.formats.as_slice() {
        [] => ALWAYS.map(WantedReport::usual).to_vec(),
        wanted => wanted.to_vec(),
    };
    let sources = Sources::below(&suite);
    let piped = wanted.iter().any(|report| report.to == Destination::Stdout);
    for path in write(&record, sources, &folder, &wanted)? {
        let text = format!("wrote {}", path.display());
        // What goes to standard output is read by a program.
        if piped { console::note(&text) } else { console::line(&text) }
    }
    Ok(exit::CONFORMANT)
}

/// What a run writes: what every run does, and what was asked for. `events`: standard output is taken by events.
pub fn of_run(asked: &[WantedReport], events: bool) -> Result<Vec<WantedReport>, Failure> {
    let mut wanted = ALWAYS.map(WantedReport::usual).to_vec();
    wanted.extend(asked.iter().filter(|report| !ALWAYS.map(WantedReport::usual).contains(report)).cloned());
    distinct(&wanted)?;
    let printed = asked.iter().find(|report| report.to == Destination::Stdout);
    match printed.filter(|_| events) {
        None => Ok(wanted),
        Some(report) => {
            let word = report.format.word();
            Err(Failure::Usage(format!(
                "`--as {word}` would print between the events of `--format json`; give it a file: `--as {word}=FILE`"
            )))
        }
    }
}

/// Keeps GitHub's runner from taking lines of the log for commands: what a target answered may look like one. Gives the
/// word that ends it, which no target can guess.
pub fn stop_commands(wanted: &[WantedReport]) -> Option<String> {
    let github = WantedReport::usual(ReportFormat::Github);
    let word = wanted.contains(&github).then(|| {
        use std::hash::{BuildHasher, RandomState};
        format!("proofmark-{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1))
    })?;
    console::line(&format!("::stop-commands::{word}"));
    Some(word)
}

/// Ends [`stop_commands`].
pub fn resume_commands(word: Option<String>) {
    if let Some(word) = word {
        console::line(&format!("::{word}::"));
    }
}

/// Refuses two reports at one place.
fn distinct(wanted: &[WantedReport]) -> Result<(), Failure> {
    for (n, report) in wanted.iter().enumerate() {
        let twice = wanted[..n].iter().any(|earlier| match &report.to {
            Destination::Usual => earlier == report,
            to => earlier.to == *to,
        });
        if twice {
            let place = match &report.to {
                Destination::Usual => format!("`{}`", report.format.file_name().unwrap_or_default()),
                Destination::File(path) => format!("`{}`", path.display()),
                Destination::Stdout => "standard output".into(),
            };
            return Err(Failure::Usage(format!("two reports would go to {place}")));
        }
    }
    Ok(())
}

/// Writes what every run writes into a folder. Gives the page for people.
pub fn usual(record: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    write(record, Sources::default(), folder, &ALWAYS.map(WantedReport::usual))?;
    Ok(folder.join("report.html"))
}

/// Writes reports of a record; `folder` is where those go that have no other place. Gives the files that were written.
pub fn write(
    record: &Path,
    sources: Sources,
    folder: &Path,
    wanted: &[WantedReport],
) -> Result<Vec<PathBuf>, Failure> {
    distinct(wanted)?;
    let broken = |e: ReportError| Failure::Broken(e.to_string());
    let report = Report::open(record, sources).map_err(broken)?;
    let mut written = Vec::new();
    for WantedReport { format, to } in wanted {
        let path = match (to, format.file_name()) {
            (Destination::File(path), _) => path.clone(),
            (Destination::Usual, Some(name)) => folder.join(name),
            (Destination::Usual, None) | (Destination::Stdout, _) => {
                print(&report, *format).map_err(|e| broken(e.at(Path::new("standard output"))))?;
                continue;
            }
        };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .map_err(|e| Failure::Broken(format!("cannot write to `{}`: {e}", parent.display())))?;
        }
        report.write(*format, &path).map_err(broken)?;
        written.push(path);
    }
    // GitHub's jobs have a page of their own beside the log.
    let summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from);
    if let Some(path) = summary.filter(|_| wanted.iter().any(|report| report.format == ReportFormat::Github))
    {
        report.append(ReportFormat::Markdown, &path).map_err(broken)?;
        written.push(path);
    }
    Ok(written)
}

/// Renders to standard output. A closed pipe (`| head`) is not an error.
fn print(report: &Report, format: ReportFormat) -> Result<(), ReportError> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let printed = report.render(format, &mut out).and_then(|()| Ok(out.flush()?));
    match printed {
        Err(ReportError::Write { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}
