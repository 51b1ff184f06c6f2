//! `--spec`: an OpenAPI document of others and a URL, without a suite.

use crate::command::{Fuzzed, read};
use crate::pets::{DOCUMENT, Defect, serve};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(document: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("pets.yaml"), document).expect("a file");
        Self(folder)
    }

    fn fuzz(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_proofmark"))
            .args(["fuzz", "--spec", "pets.yaml", "--seed", "5", "--no-report"])
            .args(arguments)
            .current_dir(PathBuf::from(self.0.path()))
            .env_clear()
            .env("TOKEN", "s3cret-token")
            .stdin(Stdio::null())
            .output()
            .expect("the command starts")
    }

    fn events(&self, target: &str, more: &[&str]) -> Fuzzed {
        read(&self.fuzz(&[&["--target", target, "--format", "json", "--cases", "20"], more].concat()))
    }
}

#[test]
fn a_document_of_others_is_fuzzed_without_a_suite() {
    let folder = Folder::with(DOCUMENT);
    let honest = folder.events(&format!("http://{}", serve(Defect::None)), &[]);
    assert_eq!(honest.findings(), Vec::<String>::new());
    assert_eq!(honest.status, 0, "{}", honest.said);
    let operations: Vec<&str> = honest.trials.iter().map(|trial| trial.operation.as_str()).collect();
    assert_eq!(operations, ["get /pets", "get /pets/{petId}", "post /pets", "deletePet", "weigh"]);
    let wrong = folder.events(&format!("http://{}", serve(Defect::LimitIgnored)), &[]);
    assert_eq!(wrong.findings(), ["get /pets fuzz accepted-maximum limit"]);
    assert_eq!(wrong.status, 1);
}

#[test]
fn what_a_broken_target_fails_with_is_told_once() {
    let folder = Folder::with(DOCUMENT);
    let target = format!("http://{}", serve(Defect::Breaks));
    let fuzzed = folder.events(&target, &["--operation", "post /pets", "--phases", "boundaries"]);
    assert_eq!(fuzzed.status, 1, "{}", fuzzed.said);
    let findings = fuzzed.findings();
    assert!(matches!(&findings[..], [one] if one.starts_with("post /pets fuzz broken ")), "{findings:?}");
}

#[test]
fn a_target_that_goes_down_is_not_hammered() {
    let folder = Folder::with(DOCUMENT);
    let address = serve(Defect::Dies);
    let output =
        folder.fuzz(&["--target", &format!("http://{address}"), "--phases", "boundaries", "--jobs", "1"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("ended early: the target does not answer any more"), "{said}");
}

#[test]
fn headers_carry_secrets_that_no_output_shows() {
    let folder = Folder::with(DOCUMENT);
    let address = serve(Defect::LimitIgnored);
    let header = ["--header", "Authorization: Bearer ${TOKEN}", "--target"];
    let output = folder.fuzz(&[&header[..], &[&format!("http://{address}")]].concat());
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(said.contains("Bearer [TOKEN]") && !said.contains("s3cret-token"), "{said}");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let said = |document: &str, arguments: &[&str]| {
        let output = Folder::with(document).fuzz(arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (status, text) = said(DOCUMENT, &[]);
    assert_eq!(status, Some(3));
    assert!(text.contains("`--spec` needs `--target URL`"), "{text}");
    let (status, text) = said("swagger: '2.0'\npaths: {}\n", &["--target", "http://127.0.0.1:1"]);
    assert_eq!(status, Some(3));
    assert!(text.contains("expected `openapi: 3.0.x` or `openapi: 3.1.x`, found `2.0`"), "{text}");
    let remote = DOCUMENT.replace("\"#/components/schemas/Pet\"", "\"http://host.example/pet.yaml\"");
    let (status, text) = said(&remote, &["--target", "http://127.0.0.1:1"]);
    assert_eq!(status, Some(3));
    assert!(text.contains("references to other files and hosts are not"), "{text}");
    let (status, text) = said(DOCUMENT, &["--target", "http://127.0.0.1:1", "--header", "X: ${NO_SUCH}"]);
    assert_eq!(status, Some(3));
    assert!(text.contains("the environment variable `NO_SUCH` is not set"), "{text}");
}
