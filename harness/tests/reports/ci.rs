//! The CI definitions in `ci/`: they are what their systems read, by SchemaStore's and GitLab's schemas, and the shell of
//! each step does what it says, run with the real command against a suite and the sandbox.

use crate::made::read;
use crate::schema::{official, valid};
use crate::support::{Server, Suite, demo};
use proofmark::model::source::SourceFile;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A definition's text.
fn text(name: &str) -> String {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ci").join(name))
}

/// A definition as the tree that its YAML is.
fn tree(name: &str) -> Value {
    let mut problems = Vec::new();
    let node = proofmark::yaml::parse(&SourceFile::new(name, name, text(name)), &mut problems);
    assert!(problems.is_empty(), "{name}: {}", problems[0].message);
    node.expect("a document").to_json()
}

/// The demo suite with one case that fails, in a folder that is a checkout. No part of it is without a case.
fn checkout(server: &Server) -> Suite {
    Suite::at(&server.url()).cases(
        r#"
  - { id: good, title: T, doc: demo.txt#1, call: get_thing, with: { id: "7" }, expect: { outcome: success } }
  - { id: bad, title: T, doc: demo.txt#1, call: get_thing, with: { id: "8" }, expect: { outcome: failure } }
  - id: more
    title: T
    doc: demo.txt#1
    call: get_thing
    with: { id: "9" }
    expect: { outcome: success }
    examples: [{ name: one }, { name: two }, { name: three }]
"#,
    )
}

/// What a script left.
struct Ran {
    status: i32,
    stdout: String,
    stderr: String,
}

/// Runs a script as a CI system does.
fn run(shell: &[&str], script: &str, folder: &Path, env: &BTreeMap<String, String>) -> Ran {
    let output = Command::new(shell[0])
        .args(&shell[1..])
        .arg(script)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(env)
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran {
        status: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// `bash --noprofile --norc -eo pipefail`, as GitHub's runner starts it.
const GITHUB: [&str; 6] = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"];

/// The values of a step's `env`, with the expressions of inputs and outputs evaluated.
fn github_env(step: &Value, values: &BTreeMap<&str, String>) -> BTreeMap<String, String> {
    let mut env = BTreeMap::new();
    for (name, value) in step["env"].as_object().into_iter().flatten() {
        let value = value.as_str().expect("a text");
        let value = match value.strip_prefix("${{ ").and_then(|v| v.strip_suffix(" }}")) {
            None => value.to_owned(),
            Some(expression) => {
                values.get(expression).unwrap_or_else(|| panic!("no value of {expression}")).clone()
            }
        };
        env.insert(name.clone(), value);
    }
    env
}

fn variables<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

const BINARY: &str = env!("CARGO_BIN_EXE_proofmark");

fn exists(folder: &Path, names: &[&str]) {
    for name in names {
        assert!(folder.join(name).is_file(), "no {name} in {}", folder.display());
    }
}

#[test]
fn the_action_and_the_workflow_are_valid() {
    valid(&official("github-actions.schema.json"), &tree("github/action.yml"));
    valid(&official("github-workflows.schema.json"), &tree("github/workflow.yml"));
    valid(&official("gitlab-ci.schema.json"), &tree("gitlab/proofmark.gitlab-ci.yml"));
    // An expression inside a script is how scripts are injected.
    for name in ["github/action.yml", "github/workflow.yml"] {
        let mut scripts = Vec::new();
        each_script(&tree(name), &mut scripts);
        assert!(scripts.iter().all(|script| !script.contains("${{")), "an expression in a script of {name}");
    }
}

fn each_script(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("run").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|child| each_script(child, found));
        }
        Value::Array(list) => list.iter().for_each(|child| each_script(child, found)),
        _ => {}
    }
}

/// Runs the action's steps; gives the status of the last, and what the first printed.
fn act(folder: &Path, inputs: &[(&str, &str)]) -> (i32, Ran) {
    let action = tree("github/action.yml");
    let mut values: BTreeMap<&str, String> = BTreeMap::new();
    let names: Vec<String> =
        action["inputs"].as_object().expect("inputs").keys().map(|name| format!("inputs.{name}")).collect();
    for name in &names {
        let key = name.trim_start_matches("inputs.");
        let given = inputs.iter().find(|(n, _)| *n == key).map(|(_, value)| (*value).to_owned());
        let default = action["inputs"][key]["default"].as_str().expect("a default").to_owned();
        values.insert(name, given.unwrap_or(default));
    }
    for (name, _) in inputs {
        assert!(names.contains(&format!("inputs.{name}")), "the action has no input {name}");
    }
    let steps = action["runs"]["steps"].as_array().expect("steps");
    let mut ran = Vec::new();
    for step in steps {
        let Some(script) = step["run"].as_str() else { continue };
        assert_eq!(step["shell"], "bash");
        let mut env = github_env(step, &values);
        let output = folder.join("github-output");
        env.insert("GITHUB_OUTPUT".into(), output.display().to_string());
        env.insert("GITHUB_STEP_SUMMARY".into(), folder.join("summary.md").display().to_string());
        let step_ran = run(&GITHUB, script, folder, &env);
        let written = std::fs::read_to_string(&output).unwrap_or_default();
        if let Some(status) = written.lines().find_map(|line| line.strip_prefix("status=")) {
            values.insert("steps.run.outputs.status", status.to_owned());
        }
        ran.push(step_ran);
    }
    assert_eq!(ran.len(), 2);
    assert_eq!(
        ran[0].status, 0,
        "the first step fails only when it cannot tell: {}{}",
        ran[0].stdout, ran[0].stderr
    );
    let status = ran[1].status;
    (status, ran.remove(0))
}

#[test]
fn the_action_passes_and_fails_by_the_verdict() {
    let server = Server::json(demo::GOOD);
    let suite = checkout(&server);
    let url = server.url();
    let (status, ran) = act(suite.path(), &[("proofmark", BINARY), ("target", &url)]);
    assert_eq!(status, 1);
    assert!(ran.stdout.contains("\n::error file=cases/demo/cases.yaml,line="), "{}", ran.stdout);
    exists(&suite.path().join("proofmark-reports"), &["proofmark.sarif", "junit.xml", "ctrf-report.json"]);
    assert!(read(&suite.path().join("summary.md")).starts_with("## proofmark: not conformant\n"));
    let output = read(&suite.path().join("github-output"));
    assert_eq!(output, "status=1\nsarif=proofmark-reports/proofmark.sarif\n");

    let good = checkout(&server);
    let inputs = [
        ("proofmark", BINARY),
        ("target", &url),
        ("gate", "true"),
        ("arguments", "--exact demo::get_thing::good"),
    ];
    let (status, ran) = act(good.path(), &inputs);
    assert_eq!(status, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("gate: pass"), "{}", ran.stdout);

    // What an input says is never a command.
    let odd = checkout(&server);
    let (status, _) =
        act(odd.path(), &[("proofmark", BINARY), ("target", "x\"; touch injected; \"$(touch injected)")]);
    assert_eq!(status, 3);
    assert!(!odd.path().join("injected").exists());
}

#[test]
fn the_workflow_joins_what_the_action_ran_in_shards() {
    let server = Server::json(demo::GOOD);
    let workflow = tree("github/workflow.yml");
    let shards =
        workflow["jobs"]["shards"]["strategy"]["matrix"]["shard"].as_array().expect("shards").clone();
    let root = tempfile::tempdir().expect("a folder");
    for (number, shard) in shards.iter().enumerate() {
        let checkout = checkout(&server);
        let shard = shard.as_str().expect("a text");
        act(checkout.path(), &[("proofmark", BINARY), ("target", &server.url()), ("shard", shard)]);
        // The job of `merge` checks the suite out too.
        let config = "proofmark.yaml";
        std::fs::copy(checkout.path().join(config), root.path().join(config)).expect("copied");
        // As the artifacts are downloaded.
        let to = root.path().join("shards").join(format!("proofmark-shards-{number}"));
        std::fs::create_dir_all(to.parent().expect("a parent")).expect("a folder");
        std::fs::rename(checkout.path().join("proofmark-reports"), to).expect("moved");
    }
    let steps = workflow["jobs"]["merge"]["steps"].as_array().expect("steps");
    let join = steps.iter().find(|step| step["name"] == "Join the shards").expect("the step");
    let mut env = github_env(join, &BTreeMap::new());
    env.insert("PROOFMARK".into(), BINARY.into());
    env.insert("GITHUB_STEP_SUMMARY".into(), root.path().join("summary.md").display().to_string());
    let ran = run(&GITHUB, join["run"].as_str().expect("a script"), root.path(), &env);
    assert_eq!(ran.status, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("4 shards joined\n") && ran.stdout.contains("\n::error file="),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("\ngate: fail, by `level` ("), "{}", ran.stdout);
    exists(&root.path().join("merged"), &["run.ndjson", "report.html", "proofmark.sarif"]);
    assert!(read(&root.path().join("summary.md")).contains("1 failed, 4 passed"));
}

/// The commands that build the command are the only scripts that are not run here: they build what these tests run.
#[test]
fn every_other_script_of_the_workflow_is_a_build() {
    let mut scripts = Vec::new();
    each_script(&tree("github/workflow.yml"), &mut scripts);
    let others: Vec<&String> = scripts.iter().filter(|script| !script.contains("merge shards")).collect();
    assert_eq!(others.len(), 3);
    assert!(others.iter().all(|script| *script == "cargo build --release --locked"), "{others:?}");
}

/// The lines of a GitLab job's `script`, one script, as the runner runs them.
fn gitlab_script(template: &Value, job: &str) -> String {
    let lines = template[job]["script"].as_array().expect("a script").iter();
    lines.map(|line| line.as_str().expect("a line")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_gitlab_jobs_do_what_they_say() {
    let template = tree("gitlab/proofmark.gitlab-ci.yml");
    let server = Server::json(demo::GOOD);
    let mut env = variables([]);
    for (name, value) in template["variables"].as_object().expect("variables") {
        env.insert(name.clone(), value.as_str().expect("a text").to_owned());
    }
    env.insert("PROOFMARK".into(), BINARY.into());
    env.insert("PROOFMARK_TARGET".into(), server.url());
    let shell = ["sh", "-ec"];

    let suite = checkout(&server);
    let ran = run(&shell, &gitlab_script(&template, "proofmark"), suite.path(), &env);
    assert_eq!(ran.status, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("gate: fail"), "{}", ran.stdout);
    let reports = suite.path().join("proofmark-reports");
    let artifacts = &template[".proofmark"]["artifacts"]["reports"];
    for name in [&artifacts["junit"], &artifacts["codequality"]] {
        exists(suite.path(), &[name.as_str().expect("a path")]);
    }
    assert!(read(&reports.join("gl-code-quality-report.json")).contains("\"severity\":\"critical\""));

    let sharded = checkout(&server);
    let count = template["proofmark-shard"]["parallel"].as_u64().expect("a number");
    let allowed =
        template["proofmark-shard"]["allow_failure"]["exit_codes"].as_array().expect("statuses").clone();
    for index in 1..=count {
        env.insert("CI_NODE_INDEX".into(), index.to_string());
        env.insert("CI_NODE_TOTAL".into(), count.to_string());
        let ran = run(&shell, &gitlab_script(&template, "proofmark-shard"), sharded.path(), &env);
        assert!(ran.status == 0 || allowed.contains(&ran.status.into()), "{}{}", ran.stdout, ran.stderr);
    }
    let ran = run(&shell, &gitlab_script(&template, "proofmark-merge"), sharded.path(), &env);
    assert_eq!(ran.status, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("4 shards joined\n"), "{}", ran.stdout);
    exists(
        &sharded.path().join("proofmark-reports"),
        &["junit.xml", "gl-code-quality-report.json", "merged/run.ndjson"],
    );
}

#[test]
fn the_jenkins_stages_do_what_they_say() {
    let pipeline = text("jenkins/Jenkinsfile");
    for (open, close) in [('{', '}'), ('(', ')'), ('[', ']')] {
        let count = |c: char| pipeline.chars().filter(|other| *other == c).count();
        assert_eq!(count(open), count(close), "{open} and {close}");
    }
    let scripts: Vec<&str> =
        pipeline.split("sh '''").skip(1).filter_map(|rest| rest.split("'''").next()).collect();
    assert_eq!(scripts.len(), 2);
    let server = Server::json(demo::GOOD);
    let suite = checkout(&server);
    let url = server.url();
    let env = variables([("PROOFMARK", BINARY), ("PROOFMARK_SUITE", "."), ("PROOFMARK_TARGET", &url)]);
    for name in env.keys() {
        assert!(pipeline.contains(&format!("string(name: '{name}'")), "{name} is no parameter");
    }
    // The sh step runs `sh -xe`.
    let ran: Vec<Ran> =
        scripts.iter().map(|script| run(&["sh", "-xec"], script, suite.path(), &env)).collect();
    assert_eq!(ran[0].status, 0, "{}{}", ran[0].stdout, ran[0].stderr);
    assert_eq!(ran[1].status, 1, "{}{}", ran[1].stdout, ran[1].stderr);
    let named: Vec<&str> =
        pipeline.split('\'').filter(|word| word.starts_with("proofmark-reports/")).collect();
    assert!(named.len() >= 3, "{named:?}");
    exists(suite.path(), &named.into_iter().filter(|name| !name.contains('*')).collect::<Vec<_>>());
}

/// The shell of a job's container, and its environment.
fn container(job: &Value) -> (Vec<&str>, &str, BTreeMap<String, String>) {
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    let shell =
        container["command"].as_array().expect("a command").iter().filter_map(Value::as_str).collect();
    let script = container["args"][0].as_str().expect("a script");
    let env = container["env"].as_array().expect("variables").iter();
    let env = env.filter_map(|v| Some((v["name"].as_str()?.to_owned(), v["value"].as_str()?.to_owned())));
    (shell, script, env.collect())
}

#[test]
fn the_kubernetes_jobs_do_what_they_say() {
    let (job, merge) = (tree("kubernetes/job.yaml"), tree("kubernetes/merge.yaml"));
    for manifest in [&job, &merge] {
        assert_eq!((&manifest["apiVersion"], &manifest["kind"]), (&"batch/v1".into(), &"Job".into()));
        let pod = &manifest["spec"]["template"]["spec"];
        assert_eq!(pod["restartPolicy"], "Never");
        let volumes: Vec<&Value> =
            pod["volumes"].as_array().expect("volumes").iter().map(|v| &v["name"]).collect();
        for mount in pod["containers"][0]["volumeMounts"].as_array().expect("mounts") {
            assert!(volumes.contains(&&mount["name"]), "no volume of {mount}");
        }
    }
    let spec = &job["spec"];
    assert_eq!(spec["completionMode"], "Indexed");
    let (shell, script, mut env) = container(&job);
    let count = spec["completions"].as_u64().expect("a number");
    assert_eq!(env["JOB_COMPLETIONS"], count.to_string());
    let server = Server::json(demo::GOOD);
    let suite = checkout(&server);
    let reports: PathBuf = suite.path().join("volume");
    for (name, value) in [
        ("PROOFMARK", BINARY.to_owned()),
        ("PROOFMARK_SUITE", suite.path().display().to_string()),
        ("PROOFMARK_TARGET", server.url()),
        ("PROOFMARK_REPORTS", reports.display().to_string()),
    ] {
        assert!(env.insert(name.into(), value).is_some(), "{name} is not in the manifest");
    }
    let root = Path::new("/");
    for index in 0..count {
        env.insert("JOB_COMPLETION_INDEX".into(), index.to_string());
        let ran = run(&shell, script, root, &env);
        assert!([0, 1].contains(&ran.status), "{}{}", ran.stdout, ran.stderr);
    }
    // An index that is tried again.
    run(&shell, script, root, &env);
    let (shell, script, merge_env) = container(&merge);
    assert!(merge_env.keys().all(|name| env.contains_key(name)));
    let ran = run(&shell, script, root, &env);
    assert_eq!(ran.status, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("4 shards joined\n"), "{}", ran.stdout);
    exists(&reports, &["merged/run.ndjson", "merged/junit.xml", "merged/report.json", "proofmark.prom"]);
}

/// The sandbox needs no target: the definitions' default works as it is.
#[test]
fn the_default_is_the_sandbox() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    let reports = folder.path().join("reports").display().to_string();
    let inputs = [
        ("proofmark", BINARY),
        ("suite", &root.display().to_string()),
        ("target", "sandbox"),
        ("arguments", "--api cube --exact cube::orderPackage::order/documented"),
        ("reports", &reports),
    ];
    let (status, ran) = act(folder.path(), &inputs);
    assert_eq!(status, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("conformant: 1 passed"), "{}", ran.stdout);
}
