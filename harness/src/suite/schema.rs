//! JSON Schemas of our own file formats, for editors.

use super::case::CaseFile;
use super::config::Config;
use super::waivers::WaiverFile;
use crate::contract::DefectFile;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// `cases/case.schema.json`.
pub fn case_schema() -> Value {
    schema::<CaseFile>()
}

/// `proofmark.schema.json`.
pub fn config_schema() -> Value {
    schema::<Config>()
}

/// `specs/defects.schema.json`.
pub fn defects_schema() -> Value {
    schema::<DefectFile>()
}

/// `waivers.schema.json`.
pub fn waivers_schema() -> Value {
    schema::<WaiverFile>()
}

fn schema<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}
