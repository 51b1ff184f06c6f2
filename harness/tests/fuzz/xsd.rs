//! The self-check of the strategies for XML: on the XSDs of this repository, and on a folder of others
//! (`PROOFMARK_XSDS=folder cargo test --test fuzz xsds_of_a_folder -- --ignored --nocapture`), what is called valid is
//! valid, and what is called invalid breaks the constraint of its name.

use proofmark::fuzz::strategy::runner;
use proofmark::fuzz::xsd::{Grammar, Share, negatives, positive, sample, sample_negative};
use proofmark::xml::xsd::Schema;
use proptest::strategy::{Strategy, ValueTree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What came of a corpus: found and looked for.
#[derive(Debug, Default)]
struct Reached {
    schemas: usize,
    roots: (usize, usize),
    /// By the name of the constraint.
    constraints: BTreeMap<String, (usize, usize)>,
    missed: Vec<String>,
}

impl Reached {
    fn add(&mut self, path: &Path) {
        let Ok(schema) = Schema::compile(path, &|path| std::fs::read(path)) else { return };
        let roots = Grammar::new(&schema).roots();
        self.schemas += usize::from(!roots.is_empty());
        for root in roots.iter().take(12) {
            let mut runner = runner(7);
            self.roots.1 += 1;
            let any = sample(&positive(root, Share::Any), &schema, &mut runner);
            let all = sample(&positive(root, Share::All), &schema, &mut runner);
            match any.is_some() || all.is_some() {
                true => self.roots.0 += 1,
                false => {
                    self.missed.push(format!("{}: no valid <{}>", path.display(), root.name.local));
                    continue;
                }
            }
            for negative in negatives(root) {
                let entry = self.constraints.entry(negative.constraint.clone()).or_default();
                entry.1 += 1;
                match sample_negative(&negative, &schema, &mut runner) {
                    Some(_) => entry.0 += 1,
                    None => {
                        let example = negative.strategy.new_tree(&mut runner).map(|tree| tree.current());
                        let example = example.map(|node| {
                            let codes = proofmark::fuzz::xsd::broken(&node, &schema);
                            format!("{codes:?} {node}").chars().take(300).collect::<String>()
                        });
                        let what = format!("{} at {}", negative.constraint, negative.at);
                        self.missed.push(format!(
                            "{}: {what}: {}",
                            path.display(),
                            example.unwrap_or_default()
                        ));
                    }
                }
            }
        }
    }

    fn broken(&self) -> (usize, usize) {
        self.constraints.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }
}

fn xsds(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true => xsds(&path, found),
            false if path.extension().is_some_and(|e| e == "xsd") => found.push(path),
            false => {}
        }
    }
}

fn reached(folders: &[PathBuf]) -> Reached {
    let mut paths = Vec::new();
    folders.iter().for_each(|folder| xsds(folder, &mut paths));
    paths.sort();
    let mut reached = Reached::default();
    paths.iter().for_each(|path| reached.add(path));
    reached
}

#[test]
fn documents_of_the_xsds_of_this_repository_are_what_they_are_called() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let reached = reached(&[root.join("specs/vascloud/schemas"), root.join("harness/src/xml/testdata")]);
    // The two roots of redefine.xsd are not read.
    assert_eq!(reached.roots.0 + 2, reached.roots.1, "{:#?}", reached.missed);
    let (broken, all) = reached.broken();
    assert!(all > 100 && broken * 100 >= all * 95, "{broken} of {all}: {:#?}", reached.missed);
    for constraint in [
        "minOccurs",
        "maxOccurs",
        "order",
        "enumeration",
        "pattern",
        "length",
        "type",
        "root",
        "namespace",
        "attribute",
        "use",
    ] {
        assert!(
            reached.constraints.get(constraint).is_some_and(|(found, _)| *found > 0),
            "{constraint}: {reached:#?}"
        );
    }
}

#[test]
#[ignore = "a measurement"]
fn xsds_of_a_folder() {
    let folder = std::env::var("PROOFMARK_XSDS").expect("a folder in PROOFMARK_XSDS");
    let reached = reached(&[PathBuf::from(folder)]);
    for line in &reached.missed {
        println!("{line}");
    }
    let (broken, all) = reached.broken();
    println!(
        "{} schemas, valid documents of {} of {} roots",
        reached.schemas, reached.roots.0, reached.roots.1
    );
    println!("{broken} of {all} constraints broken by themselves: {:?}", reached.constraints);
}
