//! `proofmark schema`: JSON Schemas of the suite's files.

use super::arguments::SchemaArguments;
use super::{Failure, console};
use crate::model::verdict::exit;
use crate::suite::{case_schema, config_schema, defects_schema, waivers_schema};
use serde_json::{Value, json};

/// Where each schema belongs in a suite.
pub fn files() -> [(&'static str, Value); 4] {
    [
        ("cases/case.schema.json", case_schema()),
        ("proofmark.schema.json", config_schema()),
        ("specs/defects.schema.json", defects_schema()),
        ("waivers.schema.json", waivers_schema()),
    ]
}

pub fn run(arguments: &SchemaArguments) -> Result<u8, Failure> {
    match &arguments.write {
        Some(folder) => {
            for (name, schema) in files() {
                let path = folder.join(name);
                std::fs::write(&path, format!("{schema:#}\n"))
                    .map_err(|e| Failure::Broken(format!("cannot write `{}`: {e}", path.display())))?;
                console::line(&format!("wrote {}", path.display()));
            }
        }
        None => {
            let all: serde_json::Map<String, Value> =
                files().into_iter().map(|(n, s)| (n.to_owned(), s)).collect();
            console::line(&format!("{:#}", json!(all)));
        }
    }
    Ok(exit::CONFORMANT)
}
