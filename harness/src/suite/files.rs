//! The files that a suite consists of.

use super::load::{Suite, WAIVERS};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

impl Suite {
    /// Every file that decides what a run asks and how it judges, with its bytes, by name: `proofmark.yaml`,
    /// `waivers.yaml`, all that lies beside the specs, all cases.
    pub fn files(&self) -> io::Result<BTreeMap<String, Vec<u8>>> {
        // A suite that the command line made up has no files but its specs.
        if !self.file.path.is_file() {
            let of = |contract: &std::sync::Arc<crate::contract::Contract>| {
                (contract.file.name.clone(), contract.file.text.clone().into_bytes())
            };
            return Ok(self.contracts.iter().map(of).collect());
        }
        let mut paths = vec![self.root.join("proofmark.yaml")];
        paths.extend(Some(self.root.join(WAIVERS)).filter(|path| path.is_file()));
        for (name, api) in &self.config.apis {
            let path = |given: &Option<crate::model::source::At<String>>, default: String| {
                self.root.join(given.as_ref().map_or(default, |at| at.value.clone()))
            };
            let spec = path(&api.spec, format!("specs/{}/openapi.yaml", name.value));
            all_in(spec.parent().unwrap_or(&self.root), &mut paths)?;
            paths.extend(api.defects.as_ref().map(|at| self.root.join(&at.value)));
            let cases = path(&api.cases, format!("cases/{}", name.value));
            match cases.is_dir() {
                true => all_in(&cases, &mut paths)?,
                false => paths.extend(Some(cases).filter(|path| path.is_file())),
            }
        }
        let mut files = BTreeMap::new();
        for path in paths {
            let name = path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if let std::collections::btree_map::Entry::Vacant(entry) = files.entry(name) {
                entry.insert(std::fs::read(&path)?);
            }
        }
        Ok(files)
    }
}

fn all_in(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_dir() => all_in(&entry.path(), found)?,
            kind if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
    Ok(())
}
