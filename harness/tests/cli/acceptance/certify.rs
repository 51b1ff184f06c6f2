use super::{DELIVERY, certify, commit, files, suite, verify};
use crate::support::{Answer, Server, Suite, demo};
use std::process::Command;

fn faulty() -> Server {
    Server::start(|r| match r.target() {
        "/things/8" => Answer::json(demo::REFUSED),
        _ => Answer::json(demo::GOOD),
    })
}

fn last(text: &str) -> &str {
    text.lines().last().unwrap_or_default()
}

#[test]
fn it_does_not_start_and_says_everything_that_is_in_the_way() {
    let server = Server::json(demo::GOOD);
    let suite = suite(&server.url()).file("waivers.yaml", "waivers: []\n");
    let suite = suite.file("cases/demo/cases.yaml", "api: demo\ncases: []\n");
    let suite = suite.file("cases/demo/more.yaml", "api: demo\ncases: []\n");
    let arguments =
        ["certify", "--vendor", " ", "--product", "Gateway", "--version", "2.3", "--target", "staging"];
    let output = suite.proofmark(&arguments).arguments(&["--documents", "nowhere"]).output().exits(3);
    for part in [
        "error: the acceptance run does not start:\n",
        "- `--vendor` is a name of one line",
        "- the suite is not that of a commit (`--allow-dirty` makes it no more than provisional):\n      `cases/demo/cases.yaml` differs from the commit\n      `cases/demo/more.yaml` is not in the commit\n      `waivers.yaml` is not in the commit\n",
        "- there is no case to run",
        "- cannot read the document `nowhere/demo.txt`",
        "- there is no key to sign with: `--key FILE` or PROOFMARK_KEY",
    ] {
        assert!(output.stderr.contains(part), "no `{part}` in {}", output.stderr);
    }
    assert!(server.lines().is_empty() && suite.runs().is_empty());
    let unknown = suite.proofmark(&[&DELIVERY[..], &["--profile", "acceptanse"]].concat()).output().exits(3);
    assert!(
        unknown
            .stderr
            .contains("unknown profile `acceptanse` (known: `acceptance`); did you mean `acceptance`?")
    );
}

#[test]
fn a_suite_that_is_in_no_commit_is_told_so() {
    let server = Server::json(demo::GOOD);
    let suite = suite(&server.url());
    std::fs::remove_dir_all(suite.path().join(".git")).expect("a repository");
    let output = certify(&suite, &[]).exits(3);
    assert!(output.stderr.contains("is in no git repository with a commit"), "{}", output.stderr);
    commit(suite.path());
    // The index can be told to overlook a change; the commit cannot.
    let hide = ["update-index", "--assume-unchanged", "cases/demo/cases.yaml"];
    assert!(Command::new("git").arg("-C").arg(suite.path()).args(hide).status().expect("git runs").success());
    let suite = suite.cases(&super::CASES.replace("success", "failure"));
    let output = certify(&suite, &[]).exits(3);
    assert!(output.stderr.contains("`cases/demo/cases.yaml` differs from the commit"), "{}", output.stderr);
}

#[test]
fn what_conforms_is_certified_and_anybody_can_verify_it() {
    let server = Server::json(demo::GOOD);
    let suite = suite(&server.url());
    let key = std::fs::read_to_string(suite.path().join("acceptance.key")).expect("a key");
    let arguments =
        [&DELIVERY[..], &["--target", "staging", "--out", "evidence", "--archive", "acme.tar"]].concat();
    let output = suite.proofmark(&arguments).env("PROOFMARK_KEY", &key).output().exits(0);
    assert_eq!(last(&output.stdout), "Gateway 2.3 of ACME: conformant (level full, profile acceptance)");
    let secret = key.lines().nth(1).expect("a body");
    assert!(!output.all().contains(secret));
    for bundle in ["evidence", "acme.tar"] {
        let output = verify(&suite, bundle, &["--suite", "."]).exits(0);
        assert!(output.stdout.starts_with("verified: 10 files, signed by key "), "{}", output.stdout);
        assert!(output.stdout.contains("as in this checkout, commit "), "{}", output.stdout);
        assert_eq!(last(&output.stdout), "  statement    conformant (level full, profile acceptance)");
    }
    let folder = suite.path().join("evidence");
    for file in files(&folder) {
        let text = String::from_utf8_lossy(&std::fs::read(&file).expect("a file")).into_owned();
        assert!(
            !text.contains(secret) && !text.contains(&suite.path().display().to_string()),
            "{}",
            file.display()
        );
    }
    let sums = Command::new("sha256sum").args(["-c", "--quiet", "SHA256SUMS"]).current_dir(&folder).status();
    assert!(sums.expect("coreutils").success());
    let page = std::fs::read_to_string(folder.join("acceptance.html")).expect("a report");
    for part in ["<h1>Gateway 2.3</h1>", "<h2>Conformant</h2>", "get_thing", "Signatures", "not tested"] {
        assert!(page.contains(part), "no `{part}` in the report");
    }
    let annexes = std::fs::read_to_string(folder.join("annexes.html")).expect("annexes");
    assert!(annexes.contains("A thing is told"), "every requirement is in the annexes");
    // Who signs the document signs its annexes.
    let sum = Command::new("sha256sum").arg("annexes.html").current_dir(&folder).output().expect("coreutils");
    let sum = String::from_utf8_lossy(&sum.stdout).split(' ').next().unwrap_or_default().to_owned();
    assert!(sum.len() == 64 && page.contains(&sum), "no `{sum}` in the report");
    assert!(!page.contains("<script") && !page.contains("http-equiv=refresh") && !page.contains("src="));
    let again = suite.proofmark(&arguments).env("PROOFMARK_KEY", &key).output().exits(3);
    assert!(
        again.stderr.contains("`evidence` is there already; bundles are not overwritten"),
        "{}",
        again.stderr
    );
}

#[test]
fn a_bundle_that_was_touched_is_refused_with_the_place() {
    let server = Server::json(demo::GOOD);
    let suite = suite(&server.url());
    certify(&suite, &["--out", "evidence", "--archive", "acme.tar"]).exits(0);
    let path = suite.path().join("evidence/exchanges.har");
    let mut bytes = std::fs::read(&path).expect("a file");
    bytes[200] ^= 1;
    std::fs::write(&path, &bytes).expect("a file");
    let output = verify(&suite, "evidence", &[]).exits(1);
    assert!(
        output.stdout.starts_with("evidence: not verified: exchanges.har:")
            && output.stdout.contains("(byte 200): the file has changed since it was signed"),
        "{}",
        output.stdout
    );
    suite.proofmark(&["keygen", "other"]).output().exits(0);
    let output = suite.proofmark(&["verify", "acme.tar", "--key", "other.pub"]).output().exits(1);
    assert!(output.stdout.contains("the signature is not by this key"), "{}", output.stdout);
    let output = suite.proofmark(&["verify", "acme.tar", "--key", "other.key"]).output().exits(3);
    assert!(
        output.stderr.contains("`other.key` is no public key: expected a `PUBLIC KEY`, found a private key")
    );
    assert!(verify(&suite, "nothing", &[]).exits(3).stderr.contains("cannot read `nothing`"));
    let suite = suite.cases(&super::CASES.replace("told", "shown"));
    let output = verify(&suite, "acme.tar", &["--suite", "."]).exits(1);
    assert!(
        output.stdout.contains("cases/demo/cases.yaml: the suite's file is another one in the checkout"),
        "{}",
        output.stdout
    );
}

#[test]
fn what_does_not_conform_leaves_its_evidence_and_can_be_waived() {
    let server = faulty();
    let suite = suite(&server.url());
    let output = certify(&suite, &["--out", "refused"]).exits(1);
    assert!(
        output.stdout.contains(
            "gate: fail, by `level` (1 finding of level must or above, e.g. in demo::get_thing::eight)"
        ),
        "{}",
        output.stdout
    );
    assert_eq!(
        last(&output.stdout),
        "Gateway 2.3 of ACME: not conformant (level not-conformant, profile acceptance)"
    );
    assert!(verify(&suite, "refused", &[]).exits(0).stdout.contains("not conformant (level not-conformant"));
    let waiver = "waivers:\n  - { id: W-1, case: \"demo::*::eight\", finding: { check: outcome }, reason: known, owner: qa, ticket: PM-7, until: 2999-12-31 }\n";
    let suite = suite.file("waivers.yaml", waiver);
    let output = certify(&suite, &["--out", "dirty", "--allow-dirty"]).exits(0);
    assert_eq!(
        last(&output.stdout),
        "Gateway 2.3 of ACME: provisionally conformant (level provisional, profile acceptance)"
    );
    let page = std::fs::read_to_string(suite.path().join("dirty/acceptance.html")).expect("a report");
    assert!(page.contains("<code>waivers.yaml</code> is not in the commit"));
    commit(suite.path());
    let output = certify(&suite, &["--out", "waived"]).exits(0);
    assert_eq!(
        last(&output.stdout),
        "Gateway 2.3 of ACME: conformant with waivers (level with-waivers, profile acceptance)"
    );
    verify(&suite, "waived", &["--suite", "."]).exits(0);
    assert_eq!(std::fs::read_to_string(suite.path().join("waived/waivers.yaml")).expect("waivers"), waiver);
    let page = std::fs::read_to_string(suite.path().join("waived/acceptance.html")).expect("a report");
    for part in ["W-1", "known", "PM-7", "2999-12-31"] {
        assert!(page.contains(part), "no `{part}` in the report");
    }
}

/// The run is made, the verdict is a refusal that names the waiver, and the evidence is there.
#[test]
fn a_waiver_that_has_run_out_refuses_the_delivery_with_evidence() {
    let waiver = "waivers:\n  - { id: W-1, case: \"demo::*::eight\", reason: later, owner: qa, ticket: PM-7, until: 2020-01-31 }\n";
    let refused = "Gateway 2.3 of ACME: not conformant (level not-conformant, profile acceptance)";
    let ran_out = "`waivers` (1 waiver has run out: W-1 (qa, ticket PM-7) on 2020-01-31)";
    let server = faulty();
    let suite = suite(&server.url()).file("waivers.yaml", waiver);
    commit(suite.path());
    let output = certify(&suite, &["--out", "evidence"]).exits(1);
    let told = "waivers have run out: they accept nothing, and the clause `waivers` will refuse the delivery. Agree on a new day with their owners (`until`), or take them out of waivers.yaml:\n      W-1 (qa, ticket PM-7) on 2020-01-31: later\n        at waivers.yaml:2:11\n";
    assert_eq!(output.stderr, told);
    let gate = "gate: fail, by `level` (1 finding of level must or above, e.g. in demo::get_thing::eight)";
    assert!(output.stdout.contains(&format!("{gate} and {ran_out}")), "{}", output.stdout);
    assert_eq!(last(&output.stdout), refused);
    let verified = verify(&suite, "evidence", &["--suite", "."]).exits(0);
    assert!(verified.stdout.contains("not conformant (level not-conformant"), "{}", verified.stdout);
    let page = std::fs::read_to_string(suite.path().join("evidence/acceptance.html")).expect("a report");
    let clause = "1 waiver has run out: W-1 (qa, ticket PM-7) on 2020-01-31";
    for part in ["<h2>Not conformant</h2>", clause, "2020-01-31", "has run out</span>"] {
        assert!(page.contains(part), "no `{part}` in the report");
    }
    assert!(suite.runs().iter().all(|run| run.join("report.html").is_file()) && suite.runs().len() == 1);
    // A delivery without the deviation is refused all the same: somebody has to look at the waiver.
    let mended = Server::json(demo::GOOD);
    let suite = super::suite(&mended.url()).file("waivers.yaml", waiver);
    commit(suite.path());
    let output = certify(&suite, &[]).exits(1);
    assert!(output.stdout.contains(&format!("gate: fail, by {ran_out}")), "{}", output.stdout);
    assert_eq!(last(&output.stdout), refused);
}

#[test]
fn a_target_that_is_down_is_not_judged() {
    let suite = suite("http://127.0.0.1:9");
    let output = certify(&suite, &["--out", "evidence"]).exits(2);
    assert_eq!(
        last(&output.stdout),
        "Gateway 2.3 of ACME: not judged (level not-judged, profile acceptance)"
    );
    assert!(verify(&suite, "evidence", &[]).exits(0).stdout.contains("not judged (level not-judged"));
}

#[test]
fn mistakes_in_profiles_and_in_the_policy_have_a_place() {
    let config = |more: &str| format!("{}{more}", demo::CONFIG.replace("URL", "http://127.0.0.1:9"));
    let says = |more: &str| Suite::demo().file("proofmark.yaml", &config(more)).check().exits(3).stderr;
    let text = says(
        "profiles: { acceptance: { apis: [demos], fuzz: { seed: x, phases: [exampels] }, reports: [word] } }\npersonal: { fields: [\"*\"], patterns: [\"(\", \"x*\"] }\n",
    );
    for part in [
        "proofmark.yaml:9:34",
        "unknown API `demos`",
        "did you mean `demo`?",
        "unknown phase `exampels`",
        "unknown format `word`",
        "expected the name of a field, such as `*phone`",
        "not a regular expression: ",
        "a pattern that asks for a character at least",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
}
