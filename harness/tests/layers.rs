//! Imports point one way: a module uses only those above it in ARCHITECTURE.md's table.

use std::path::Path;

/// From the bottom of the house up; the order of the table in ARCHITECTURE.md.
const LAYERS: [&str; 26] = [
    "model", "yaml", "xml", "http", "diff", "expr", "contract", "suite", "record", "snapshot", "problem",
    "compare", "history", "check", "plan", "policy", "examples", "coverage", "fuzz", "callback", "engine",
    "mutate", "report", "bundle", "cli", "harness",
];

#[test]
fn imports_point_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("harness/src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    assert!(files.len() > 60, "the sources are where this test looks: {}", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let relative =
            file.strip_prefix(&source).expect("below the sources").to_string_lossy().replace('\\', "/");
        let module = relative.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        let Some(own) = LAYERS.iter().position(|layer| *layer == module) else {
            assert!(["lib", "main"].contains(&module), "`{module}` is not in the list of layers");
            continue;
        };
        let text = std::fs::read_to_string(&file).expect("a readable source");
        // Tests of a module may look anywhere.
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for used in code.split("crate::").skip(1) {
            let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if LAYERS.iter().position(|layer| *layer == name).is_some_and(|layer| layer > own) {
                wrong.push(format!("{relative} uses {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_table_in_the_architecture_has_the_same_order() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md"))
        .expect("there");
    let table = text.split("\n## ").find(|section| section.starts_with("Layers")).expect("a section");
    let rows: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name))
        .filter(|name| LAYERS.contains(name))
        .collect();
    assert_eq!(rows, LAYERS);
}

fn rust_files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => rust_files(&path, found),
            false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
            false => {}
        }
    }
}
