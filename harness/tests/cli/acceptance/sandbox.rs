//! One of the five APIs, from a faulty delivery to a certified one.

use super::{DELIVERY, commit, verify};
use crate::support::{Output, Suite};
use std::path::Path;
use std::process::Command;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("folders can be made");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => copy(&path, &to.join(entry.file_name())),
            path => drop(std::fs::copy(path, to.join(entry.file_name())).expect("files can be copied")),
        }
    }
}

fn cube() -> Suite {
    let suite = Suite::empty();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["specs/cube", "cases/cube"] {
        copy(&root.join(folder), &suite.path().join(folder));
    }
    let config = std::fs::read_to_string(root.join("proofmark.yaml")).expect("the suite");
    let vars = config
        .split_once("    vars: &sandbox-vars\n")
        .and_then(|(_, rest)| rest.split_once("\n\n"))
        .expect("variables")
        .0;
    let config = format!(
        "proofmark: 1\napis:\n  cube:\nsecrets: [CUBE_SECRET, CUBE_ACCESS_CODE]\ndefaults: {{ utc_offset: \"+08:00\", jobs: 4 }}\nprofiles: {{ acceptance: {{ fuzz: {{ phases: [boundaries] }} }} }}\ntargets:\n  vendor:\n    sandbox: true\n    vars:\n{vars}\n"
    );
    let documents = std::fs::read_to_string(root.join("specs/cube/openapi.yaml")).expect("the contract");
    let name = documents.lines().find_map(|line| line.trim().strip_prefix("document: ")).expect("a document");
    suite.file("proofmark.yaml", &config).file(&format!("documents/{name}"), "The document.\n")
}

/// The commands of acceptance/README.md, each as it stands there, without the comments at its end.
fn commands() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("acceptance/README.md");
    let text = std::fs::read_to_string(path).expect("the manual");
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let joined = blocks.map(|block| block.replace("\\\n", " ")).collect::<String>();
    let plain = joined.lines().map(|line| line.split("   # ").next().unwrap_or_default().trim().to_owned());
    plain.filter(|line| line.starts_with("proofmark ")).collect()
}

/// Runs a command in a shell, as a person does.
fn shell(suite: &Suite, command: &str) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_proofmark")).parent().expect("a folder").display().to_string();
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(suite.path()).env_clear();
    let path = std::env::var("PATH").unwrap_or_default();
    Output::of(shell.env("PATH", format!("{binary}:{path}")).output().expect("a shell"))
}

const FAULTS: [&str; 3] = ["cube-order-id-null", "cube-success-as-string", "cube-dates-with-dashes"];

/// The manual from its first to its last command: three faults, one waived and one by a waiver that has run out, are
/// refused by the right clause; the mended delivery is certified; a bundle that was touched is caught; two deliveries are
/// compared.
#[test]
fn the_manual_leads_from_a_refused_delivery_to_a_certified_one() {
    let commands = commands();
    let [keygen, certify, verify, compare] = commands.as_slice() else { panic!("{commands:?}") };
    let waiver = |id: &str, at: &str, until: &str| {
        format!(
            "  - {{ id: {id}, finding: {{ at: {at} }}, reason: known, owner: qa, ticket: PM-7, until: {until} }}\n"
        )
    };
    let first = waiver("W-1", "/data/order_id", "2999-12-31");
    let suite =
        cube().file("waivers.yaml", &format!("waivers:\n{first}{}", waiver("W-2", "/success", "2020-01-31")));
    shell(&suite, keygen).exits(0);
    commit(suite.path());
    let faulty: String = FAULTS.iter().map(|fault| format!(" --fault {fault}")).collect();
    let earlier = format!("{}{faulty}", certify.replace("2.3.1", "2.3.0"));
    let output = shell(&suite, &earlier.replace("2.3.0", "2.2.9")).exits(1);
    let says = "waivers have run out: they accept nothing, and the clause `waivers` will refuse the delivery. Agree on a new day with their owners (`until`), or take them out of waivers.yaml:\n      W-2 (qa, ticket PM-7) on 2020-01-31: known\n        at waivers.yaml:3:11\n";
    assert!(output.stderr.starts_with(says), "{}", output.stderr);
    assert!(output.stdout.contains("`waivers` (1 waiver has run out: W-2 (qa, ticket PM-7) on 2020-01-31)"));
    let output = shell(&suite, &verify.replace("2.3.1", "2.2.9")).exits(0);
    assert!(output.stdout.contains("not conformant (level not-conformant, profile acceptance)"));
    let suite = suite.file("waivers.yaml", &format!("waivers:\n{first}"));
    commit(suite.path());
    let output = shell(&suite, &earlier).exits(1);
    assert!(output.stdout.contains("gate: fail, by `level` ("), "{}", output.stdout);
    let output = shell(&suite, &verify.replace("2.3.1", "2.3.0")).exits(0);
    assert!(output.stdout.contains("not conformant (level not-conformant, profile acceptance)"));
    let page = std::fs::read_to_string(suite.runs()[0].join("evidence/acceptance.html")).expect("a report");
    assert!(page.contains("W-1") && page.contains("/success"), "deviations and waivers are listed");
    let output = shell(&suite, certify).exits(0);
    assert!(
        output.stdout.ends_with("Order gateway 2.3.1 of ACME: conformant (level full, profile acceptance)\n"),
        "{}",
        output.stdout
    );
    assert_eq!(output.stderr, "waiver W-1 fits nothing any more: remove it\n");
    let output = shell(&suite, verify).exits(0);
    assert!(output.stdout.ends_with("  statement    conformant (level full, profile acceptance)\n"));
    let output = shell(&suite, compare).exits(0);
    assert!(output.stdout.contains("\nnothing new is broken: "), "{}", output.stdout);
    let archive = suite.path().join("acme-2.3.1.tar");
    let mut bytes = std::fs::read(&archive).expect("an archive");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&archive, bytes).expect("an archive");
    let output = shell(&suite, verify).exits(1);
    assert!(output.stdout.starts_with("acme-2.3.1.tar: not verified: "), "{}", output.stdout);
}

#[test]
fn a_delivery_with_a_fault_that_is_waived_conforms_with_waivers() {
    let waiver = "waivers:\n  - { id: W-1, finding: { at: /data/order_id }, reason: known, owner: qa, until: 2999-12-31 }\n";
    let suite = cube().file("waivers.yaml", waiver);
    suite.proofmark(&["keygen"]).output().exits(0);
    commit(suite.path());
    let more = ["--target", "vendor", "--key", "acceptance.key", "--format", "terse", "--out", "waived"];
    let output = suite.proofmark(&[&DELIVERY[..], &more, &["--fault", FAULTS[0]]].concat()).output().exits(0);
    assert!(
        output.stdout.ends_with("conformant with waivers (level with-waivers, profile acceptance)\n"),
        "{}",
        output.stdout
    );
    verify(&suite, "waived", &["--suite", "."]).exits(0);
}
