//! Loading a suite from its folder: the one place that reads suite files. Everything found wrong is collected.

use super::case::CaseFile;
use super::config::{Api, Config};
use super::read_case;
use super::waivers::{Waiver, WaiverFile};
use crate::contract::{self, Contract};
use crate::model::problem::{Problem, unknown};
use crate::model::source::{At, SourceFile, Span};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file of waivers in the suite's folder.
pub const WAIVERS: &str = "waivers.yaml";

/// A loaded suite.
#[derive(Debug)]
pub struct Suite {
    pub root: PathBuf,
    pub file: Arc<SourceFile>,
    pub config: Config,
    pub contracts: Vec<Arc<Contract>>,
    pub cases: Vec<(Arc<SourceFile>, CaseFile)>,
    /// Of `waivers.yaml`, where there is one.
    pub waivers: Vec<Waiver>,
}

impl Suite {
    pub fn contract(&self, api: &str) -> Option<&Arc<Contract>> {
        self.contracts.iter().find(|c| c.api == api)
    }
}

/// Why nothing could be loaded at all.
#[derive(Debug)]
pub struct NoSuite(pub String);

/// Reads the suite in `root`, but only the APIs in `only` where that is not empty.
pub fn load(root: &Path, only: &[String], problems: &mut Vec<Problem>) -> Result<Option<Suite>, NoSuite> {
    let Some(mut suite) = load_specs(root, only, problems)? else { return Ok(None) };
    for (name, api) in chosen(&suite.config, only) {
        let folder = path_or(&api.cases, || format!("cases/{}", name.value));
        let mut names = Vec::new();
        if let Err(e) = yaml_files(&root.join(&folder), &mut names) {
            let span = api.cases.as_ref().map_or(name.span, |s| s.span);
            let message = format!("cannot read the cases in `{folder}`: {e}");
            problems.push(Problem::new(&suite.file, span, message));
        }
        suite.cases.extend(read_cases(root, &names, &suite.config, &name.value, problems));
    }
    Ok(Some(suite))
}

/// The APIs of a suite that are wanted.
fn chosen<'c>(config: &'c Config, only: &'c [String]) -> impl Iterator<Item = &'c (At<String>, Api)> {
    config.apis.iter().filter(move |(name, _)| only.is_empty() || only.contains(&name.value))
}

/// Reads `proofmark.yaml` alone.
pub fn load_config(
    root: &Path,
    problems: &mut Vec<Problem>,
) -> Result<Option<(Arc<SourceFile>, Config)>, NoSuite> {
    let file = read(root, "proofmark.yaml", problems).map_err(|e| {
        NoSuite(format!(
            "`{}` is not a suite: {e} (a suite is a folder with a `proofmark.yaml`)",
            root.display()
        ))
    })?;
    let Some(file) = file else { return Ok(None) };
    Ok(Config::read(&file, problems).map(|config| (file, config)))
}

/// Reads the suite in `root` without its cases: what is true of every answer.
pub fn load_specs(
    root: &Path,
    only: &[String],
    problems: &mut Vec<Problem>,
) -> Result<Option<Suite>, NoSuite> {
    let Some((file, config)) = load_config(root, problems)? else { return Ok(None) };
    let mut contracts = Vec::new();
    for (name, api) in chosen(&config, only) {
        let spec = path_or(&api.spec, || format!("specs/{}/openapi.yaml", name.value));
        let defects = path_or(&api.defects, || format!("specs/{}/defects.yaml", name.value));
        let span = api.spec.as_ref().map_or(name.span, |s| s.span);
        let defects = match (read(root, &defects, problems), &api.defects) {
            (Ok(defects), _) => defects,
            (Err(e), Some(named)) => {
                problems.push(Problem::new(&file, named.span, format!("cannot read `{defects}`: {e}")));
                None
            }
            (Err(_), None) => None,
        };
        match read(root, &spec, problems) {
            Ok(None) => {}
            Ok(Some(spec)) => {
                contracts.extend(contract::load(&name.value, spec, defects.as_ref(), problems).map(Arc::new))
            }
            Err(e) => problems.push(Problem::new(&file, span, format!("cannot read the spec `{spec}`: {e}"))),
        }
    }
    // A suite without waivers is the normal one.
    let waivers = match root.join(WAIVERS).exists() {
        true => read(root, WAIVERS, problems).unwrap_or_else(|e| {
            problems.push(Problem::new(&file, Span::default(), format!("cannot read `{WAIVERS}`: {e}")));
            None
        }),
        false => None,
    };
    let waivers = waivers.and_then(|file| WaiverFile::read(&file, problems)).map(|file| file.waivers);
    Ok(Some(Suite {
        root: root.to_owned(),
        file,
        config,
        contracts,
        cases: Vec::new(),
        waivers: waivers.unwrap_or_default(),
    }))
}

/// Files are read side by side: a suite of 10,000 cases loads in the time of its largest file.
fn read_cases(
    root: &Path,
    paths: &[PathBuf],
    config: &Config,
    api: &str,
    problems: &mut Vec<Problem>,
) -> Vec<(Arc<SourceFile>, CaseFile)> {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(paths.len().max(1));
    let chunk = paths.len().div_ceil(threads).max(1);
    let parts: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = paths
            .chunks(chunk)
            .map(|paths| {
                scope.spawn(move || {
                    let mut problems = Vec::new();
                    let read: Vec<_> =
                        paths.iter().filter_map(|path| read_case_file(root, path, &mut problems)).collect();
                    (read, problems)
                })
            })
            .collect();
        workers.into_iter().map(|w| w.join().unwrap_or_default()).collect()
    });
    let mut found: Vec<(Arc<SourceFile>, CaseFile)> = Vec::new();
    for (read, new) in parts {
        found.extend(read);
        problems.extend(new);
    }
    for (file, cases) in &found {
        check_api(file, &cases.api, config, api, problems);
    }
    found
}

fn read_case_file(
    root: &Path,
    path: &Path,
    problems: &mut Vec<Problem>,
) -> Option<(Arc<SourceFile>, CaseFile)> {
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    match read(root, &name, problems) {
        Ok(file) => file.and_then(|file| read_case::read(&file, problems).map(|cases| (file, cases))),
        Err(e) => {
            let file = SourceFile::new(name, path, String::new());
            problems.push(Problem::new(
                &file,
                Span { line: 1, column: 1, ..Span::default() },
                format!("cannot be read: {e}"),
            ));
            None
        }
    }
}

fn check_api(
    file: &Arc<SourceFile>,
    found: &At<String>,
    config: &Config,
    api: &str,
    problems: &mut Vec<Problem>,
) {
    if found.value == api {
        return;
    }
    let known: Vec<&str> = config.apis.iter().map(|(n, _)| n.value.as_str()).collect();
    problems.push(match known.contains(&found.value.as_str()) {
        true => {
            Problem::new(file, found.span, format!("`{}` in a folder with the cases of `{api}`", found.value))
        }
        false => unknown(file, found.span, "API", found, known),
    });
}

fn path_or(given: &Option<At<String>>, default: impl FnOnce() -> String) -> String {
    given.as_ref().map_or_else(default, |path| path.value.clone())
}

/// A file of the suite, without its byte order mark. `None`, and a problem, when it is not UTF-8.
fn read(root: &Path, name: &str, problems: &mut Vec<Problem>) -> std::io::Result<Option<Arc<SourceFile>>> {
    let path = root.join(name);
    let mut bytes = std::fs::read(&path)?;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(SourceFile::new(name, path, text))),
        Err(e) => {
            problems.push(not_utf8(name, &path, e.as_bytes(), e.utf8_error().valid_up_to()));
            Ok(None)
        }
    }
}

fn not_utf8(name: &str, path: &Path, bytes: &[u8], at: usize) -> Problem {
    let file = SourceFile::new(name, path, String::from_utf8_lossy(bytes).into_owned());
    let before = &file.text[..at];
    let span = Span {
        start: at as u32,
        end: (at + char::REPLACEMENT_CHARACTER.len_utf8()) as u32,
        line: before.matches('\n').count() as u32 + 1,
        column: before[before.rfind('\n').map_or(0, |n| n + 1)..].chars().count() as u32 + 1,
    };
    Problem::new(&file, span, format!("not UTF-8: byte 0x{:02X}", bytes[at]))
        .label("this byte")
        .help("save the file as UTF-8")
}

/// All `.yaml` files below a folder, sorted; hidden ones are left out.
fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        match (path.is_dir(), path.extension().and_then(|e| e.to_str())) {
            (true, _) => yaml_files(&path, found)?,
            (false, Some("yaml" | "yml")) => found.push(path),
            (false, _) => {}
        }
    }
    Ok(())
}
