//! One of the five APIs, from a faulty delivery to a certified one.

use super::{DELIVERY, commit, verify};
use crate::support::{Output, Suite};
use std::path::Path;

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
        "proofmark: 1\napis:\n  cube:\nsecrets: [CUBE_SECRET, CUBE_ACCESS_CODE]\ndefaults: {{ utc_offset: \"+08:00\", jobs: 4 }}\nprofiles: {{ acceptance: {{ fuzz: {{ phases: [boundaries] }} }} }}\ntargets:\n  sandbox:\n    sandbox: true\n    vars:\n{vars}\n"
    );
    let suite = suite.file("proofmark.yaml", &config);
    suite.proofmark(&["keygen"]).output().exits(0);
    suite
}

fn certify(suite: &Suite, out: &str, faults: &[&str]) -> Output {
    let faults: Vec<&str> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
    let arguments = [
        &DELIVERY[..],
        &["--target", "sandbox", "--key", "acceptance.key", "--format", "terse", "--out", out],
        &faults,
    ]
    .concat();
    suite.proofmark(&arguments).output()
}

const FAULTS: [&str; 3] = ["cube-order-id-null", "cube-success-as-string", "cube-dates-with-dashes"];

#[test]
fn a_delivery_with_three_faults_is_refused_and_the_mended_one_is_certified() {
    let waiver = |id: &str, at: &str, until: &str| {
        format!("  - {{ id: {id}, finding: {{ at: {at} }}, reason: known, owner: qa, until: {until} }}\n")
    };
    let first = waiver("W-1", "/data/order_id", "2999-12-31");
    let suite =
        cube().file("waivers.yaml", &format!("waivers:\n{first}{}", waiver("W-2", "/success", "2020-01-31")));
    commit(suite.path());
    let output = certify(&suite, "never", &FAULTS).exits(3);
    assert!(
        output.stderr.contains("waivers have run out:\n      W-2 (qa) ran out on 2020-01-31: known"),
        "{}",
        output.stderr
    );
    let suite = suite.file("waivers.yaml", &format!("waivers:\n{first}"));
    commit(suite.path());
    let output = certify(&suite, "refused", &FAULTS).exits(1);
    assert!(output.stdout.contains("gate: fail, by `level` ("), "{}", output.stdout);
    let verified = verify(&suite, "refused", &["--suite", "."]).exits(0);
    assert!(verified.stdout.contains("not conformant (level not-conformant, profile acceptance)"));
    let page = std::fs::read_to_string(suite.path().join("refused/acceptance.html")).expect("a report");
    assert!(page.contains("W-1") && page.contains("/success"), "deviations and waivers are listed");
    let output = certify(&suite, "waived", &FAULTS[..1]).exits(0);
    assert!(
        output.stdout.ends_with("conformant with waivers (level with-waivers, profile acceptance)\n"),
        "{}",
        output.stdout
    );
    let output = certify(&suite, "certified", &[]).exits(0);
    assert!(
        output.stdout.ends_with("Gateway 2.3 of ACME: conformant (level full, profile acceptance)\n"),
        "{}",
        output.stdout
    );
    assert_eq!(output.stderr, "waiver W-1 fits nothing any more: remove it\n");
    verify(&suite, "certified", &["--suite", "."]).exits(0);
}
