//! [`Record`]: `run.ndjson` as plain JSON, read without the crate under test.

use serde_json::Value;
use std::path::Path;

/// The events of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub started: Value,
    pub trials: Vec<Value>,
    pub coverage: Option<Value>,
    pub finished: Option<Value>,
    pub history: Option<Value>,
}

impl Record {
    #[track_caller]
    pub fn read(path: &Path) -> Self {
        Self::parse(&std::fs::read_to_string(path).expect("a record"))
    }

    /// Every line must be a whole JSON object.
    #[track_caller]
    pub fn parse(text: &str) -> Self {
        let mut events =
            text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is a JSON object"));
        let started = events.next().expect("a first line");
        assert_eq!(started["event"], "run-started");
        let mut record = Self { started, trials: Vec::new(), coverage: None, finished: None, history: None };
        for event in events {
            match event["event"].as_str() {
                Some("trial-finished") => record.trials.push(event),
                Some("coverage") => record.coverage = Some(event),
                Some("run-finished") => record.finished = Some(event),
                Some("history") => record.history = Some(event),
                other => panic!("an event of an unknown kind: {other:?}"),
            }
        }
        record
    }

    /// The trial with this case id.
    #[track_caller]
    pub fn trial(&self, case: &str) -> &Value {
        let found = self.trials.iter().find(|t| t["case"] == case);
        found.unwrap_or_else(|| panic!("no trial `{case}` among {:?}", self.cases()))
    }

    /// Case ids, sorted.
    pub fn cases(&self) -> Vec<&str> {
        let mut cases: Vec<&str> = self.trials.iter().filter_map(|t| t["case"].as_str()).collect();
        cases.sort_unstable();
        cases
    }

    /// `verdict case`, sorted by case.
    pub fn verdicts(&self) -> Vec<String> {
        let mut sorted: Vec<&Value> = self.trials.iter().collect();
        sorted.sort_by_key(|t| t["case"].as_str().map(str::to_owned));
        sorted.iter().map(|t| format!("{} {}", text(&t["verdict"]), text(&t["case"]))).collect()
    }

    /// `check: message` of every finding of a case, in order.
    #[track_caller]
    pub fn findings(&self, case: &str) -> Vec<String> {
        let steps = self.trial(case)["steps"].as_array().cloned().unwrap_or_default();
        steps
            .iter()
            .flat_map(|step| step["findings"].as_array().cloned().unwrap_or_default())
            .map(|f| format!("{}: {}", text(&f["check"]), text(&f["message"])))
            .collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
