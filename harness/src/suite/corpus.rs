//! `fuzz/<api>.yaml`: the defects that `proofmark fuzz` found, by the names of their deviations. The next run sends them
//! first. A deviation is made again from its name and its seed, so the file holds no value, and no secret.

use crate::model::problem::Problem;
use crate::model::source::SourceFile;
use crate::yaml::{Fields, Node, Reader, parse};
use std::io;
use std::path::Path;

/// A defect that was there when it was last looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownDefect {
    pub operation: String,
    /// `fuzz/<place>/<kind>`.
    pub probe: String,
    /// Check and requirement of the finding.
    pub judge: String,
    /// What generated values follow from.
    pub seed: u64,
    pub cases: u64,
    /// The day on which it was first found.
    pub since: String,
}

/// The defects of an API; none where there is no file. `Err` is of the file system.
pub fn read_corpus(path: &Path, name: &str, problems: &mut Vec<Problem>) -> io::Result<Vec<KnownDefect>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let file = SourceFile::new(name, path, text);
    let Some(root) = parse(&file, problems) else { return Ok(Vec::new()) };
    let mut reader = Reader::new(&file, problems);
    let Some(mut fields) = Fields::new(&mut reader, &root, "the corpus") else { return Ok(Vec::new()) };
    fields.required("api", Reader::string);
    let defects = fields.required("defects", |r, n| r.list(n, defect));
    fields.finish();
    Ok(defects.unwrap_or_default())
}

fn defect(reader: &mut Reader<'_>, node: &Node) -> Option<KnownDefect> {
    let mut fields = Fields::new(reader, node, "a defect")?;
    let operation = fields.required("operation", Reader::string);
    let probe = fields.required("probe", Reader::string);
    let judge = fields.required("judge", Reader::string);
    let seed = fields.required("seed", Reader::unsigned);
    let cases = fields.required("cases", Reader::unsigned);
    let since = fields.required("since", Reader::text);
    fields.finish();
    Some(KnownDefect {
        operation: operation?,
        probe: probe?,
        judge: judge?,
        seed: seed?,
        cases: cases?,
        since: since?,
    })
}

/// Writes the defects of an API, and nothing where there are none and there is no file.
pub fn write_corpus(path: &Path, api: &str, defects: &[KnownDefect]) -> io::Result<()> {
    if defects.is_empty() && !path.exists() {
        return Ok(());
    }
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = String::from(
        "# Written by `proofmark fuzz`: defects that were found, sent first by the next run. Holds no values.\n",
    );
    text.push_str(&format!("api: {api}\ndefects:{}\n", if defects.is_empty() { " []" } else { "" }));
    for defect in defects {
        text.push_str(&format!(
            "  - {{ operation: {}, probe: {}, judge: {}, seed: {}, cases: {}, since: {} }}\n",
            quoted(&defect.operation),
            quoted(&defect.probe),
            quoted(&defect.judge),
            defect.seed,
            defect.cases,
            quoted(&defect.since),
        ));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_mistakes_are_problems() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fuzz/shop.yaml");
        let defect = KnownDefect {
            operation: "order".into(),
            probe: "fuzz/header-x/odd \"name\"".into(),
            judge: "fuzz server-error".into(),
            seed: 7,
            cases: 100,
            since: "2026-11-22".into(),
        };
        write_corpus(&path, "shop", &[]).unwrap();
        assert!(!path.exists());
        write_corpus(&path, "shop", std::slice::from_ref(&defect)).unwrap();
        let mut problems = Vec::new();
        assert_eq!(read_corpus(&path, "fuzz/shop.yaml", &mut problems).unwrap(), [defect]);
        assert!(problems.is_empty(), "{problems:?}");
        std::fs::write(&path, "api: shop\ndefects:\n  - { operation: order }\n").unwrap();
        assert_eq!(read_corpus(&path, "fuzz/shop.yaml", &mut problems).unwrap(), []);
        assert!(!problems.is_empty());
    }
}
