//! Reading a history: runs, cases, and how a case ended from run to run.

use super::database::Database;
use super::error::HistoryError;
use super::store::number;
use super::value::{Row, Value};
use crate::model::verdict::Verdict;
use crate::record::{Counts, RunSummary, ShardSummary};

/// Which runs are wanted. Nothing is everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub suite: Option<String>,
    pub target: Option<String>,
    /// All of these APIs were asked.
    pub apis: Vec<String>,
    /// RFC 3339, UTC: not later than this.
    pub until: Option<String>,
}

/// One run of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub run: RunSummary,
    pub verdict: Verdict,
    pub duration_ms: f64,
    pub why: Option<String>,
}

/// A case that a history knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub name: String,
    pub title: String,
}

const RUN: &str = "r.run, r.started, r.suite, r.target, r.apis, r.commit_hash, r.faults, r.shard_index, r.shard_count, \
    r.planned, r.selected, r.plan_digest, r.passed, r.failed, r.errored, r.skipped, r.waived, r.flaky, r.warnings, \
    r.duration_ms, r.interrupted, r.gate";

/// Runs with their keys, the latest first.
pub fn runs(
    database: &mut dyn Database,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<(String, RunSummary)>, HistoryError> {
    let (conditions, mut values) = conditions(filter);
    values.push(limit.into());
    let sql = format!(
        "SELECT r.key, {RUN} FROM proofmark_runs r{conditions} ORDER BY r.started DESC, LENGTH(r.run) DESC, r.run DESC LIMIT ${}",
        values.len()
    );
    let rows = database.query(&sql, &values)?;
    rows.into_iter().map(|mut row| Ok((row.text()?, run(&mut row)?))).collect()
}

/// How many runs there are.
pub fn count(database: &mut dyn Database, filter: &Filter) -> Result<usize, HistoryError> {
    let (conditions, values) = conditions(filter);
    let mut rows = database.query(&format!("SELECT COUNT(*) FROM proofmark_runs r{conditions}"), &values)?;
    rows.first_mut().map_or(Ok(0), Row::count)
}

/// Targets, the one of the latest run first.
pub fn targets(database: &mut dyn Database, filter: &Filter) -> Result<Vec<String>, HistoryError> {
    let (conditions, values) = conditions(filter);
    let sql = format!(
        "SELECT r.target FROM proofmark_runs r{conditions} GROUP BY r.target ORDER BY MAX(r.started) DESC, r.target"
    );
    database.query(&sql, &values)?.into_iter().map(|mut row| row.text()).collect()
}

/// Cases whose names contain a text; where one has the text as its name, that one alone.
pub fn cases(database: &mut dyn Database, part: &str) -> Result<Vec<Case>, HistoryError> {
    let case = |mut row: Row| Ok(Case { name: row.text()?, title: row.text()? });
    let sql = "SELECT name, title FROM proofmark_cases WHERE id = $1";
    let exact = database.query(sql, &[number(part).into()])?;
    if !exact.is_empty() {
        return exact.into_iter().map(case).collect();
    }
    let sql = "SELECT c.name, c.title FROM proofmark_cases c WHERE c.name LIKE $1 ESCAPE '!' \
        AND EXISTS (SELECT 1 FROM proofmark_trials t WHERE t.case_id = c.id) ORDER BY c.name";
    database.query(sql, &[containing(part)])?.into_iter().map(case).collect()
}

/// How a case ended, the latest run first.
pub fn trend(
    database: &mut dyn Database,
    name: &str,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Point>, HistoryError> {
    let (conditions, mut values) = conditions(filter);
    values.extend([number(name).into(), limit.into()]);
    let and = if conditions.is_empty() { " WHERE" } else { " AND" };
    let sql = format!(
        "SELECT t.verdict, t.duration_ms, t.why, {RUN} FROM proofmark_trials t \
         JOIN proofmark_runs r ON r.id = t.run_id{conditions}{and} t.case_id = ${} \
         ORDER BY r.started DESC, LENGTH(r.run) DESC, r.run DESC LIMIT ${}",
        values.len() - 1,
        values.len()
    );
    let point = |mut row: Row| {
        Ok(Point {
            verdict: verdict(&row.text()?)?,
            duration_ms: row.real()?,
            why: row.optional_text()?,
            run: run(&mut row)?,
        })
    };
    database.query(&sql, &values)?.into_iter().map(point).collect()
}

/// ` WHERE …`, or nothing.
fn conditions(filter: &Filter) -> (String, Vec<Value>) {
    let mut parts = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let mut add = |sql: &str, value: Value| {
        values.push(value);
        parts.push(sql.replace("$?", &format!("${}", values.len())));
    };
    if let Some(suite) = &filter.suite {
        add("r.suite = $?", suite.as_str().into());
    }
    if let Some(target) = &filter.target {
        add("r.target = $?", target.as_str().into());
    }
    for api in &filter.apis {
        add("r.apis LIKE $? ESCAPE '!'", containing(&format!("\n{api}\n")));
    }
    if let Some(until) = &filter.until {
        add("r.started <= $?", until.as_str().into());
    }
    let sql = if parts.is_empty() { String::new() } else { format!(" WHERE {}", parts.join(" AND ")) };
    (sql, values)
}

/// A pattern of LIKE for texts that contain this one.
fn containing(text: &str) -> Value {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Value::Text(pattern)
}

/// Reads the columns of [`RUN`].
fn run(row: &mut Row) -> Result<RunSummary, HistoryError> {
    let names = |text: String| text.split('\n').filter(|n| !n.is_empty()).map(str::to_owned).collect();
    let mut summary = RunSummary {
        run: row.text()?,
        started: row.text()?,
        suite: row.text()?,
        target: row.text()?,
        apis: names(row.text()?),
        commit: row.optional_text()?,
        faults: names(row.text()?),
        ..RunSummary::default()
    };
    let at = |n: i64| usize::try_from(n).unwrap_or_default();
    summary.shard = match (row.optional_integer()?, row.optional_integer()?) {
        (Some(index), Some(count)) => Some(ShardSummary { index: at(index), count: at(count) }),
        _ => None,
    };
    (summary.planned, summary.selected) = (row.count()?, row.count()?);
    summary.plan_digest = row.text()?;
    summary.counts = Counts {
        passed: row.count()?,
        failed: row.count()?,
        errored: row.count()?,
        skipped: row.count()?,
        waived: row.count()?,
        flaky: row.count()?,
        warnings: row.count()?,
    };
    summary.duration_ms = row.count()? as u64;
    summary.interrupted = row.integer()? != 0;
    summary.gate = row.optional_integer()?.map(|n| n != 0);
    Ok(summary)
}

fn verdict(word: &str) -> Result<Verdict, HistoryError> {
    let all = [
        Verdict::Passed,
        Verdict::Failed,
        Verdict::Errored,
        Verdict::Skipped,
        Verdict::Waived,
        Verdict::Flaky,
    ];
    let found = all.into_iter().find(|verdict| verdict.as_str() == word);
    found.ok_or_else(|| HistoryError::Broken(format!("`{word}` is no verdict")))
}
