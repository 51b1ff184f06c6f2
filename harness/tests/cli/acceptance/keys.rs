use crate::support::Suite;

#[test]
fn a_pair_of_keys_is_written_once() {
    let suite = Suite::empty();
    let output = suite.proofmark(&["keygen", "mine"]).output().exits(0);
    let read = |name: &str| std::fs::read_to_string(suite.path().join(name)).expect("a key");
    let (private, public) = (read("mine.key"), read("mine.pub"));
    assert!(
        private.starts_with("-----BEGIN PRIVATE KEY-----\n")
            && public.starts_with("-----BEGIN PUBLIC KEY-----\n")
    );
    assert!(!output.all().contains(private.lines().nth(1).expect("a body")), "{}", output.all());
    let id = output.stdout.lines().last().and_then(|line| line.strip_prefix("key id:      ")).expect("an id");
    let der = proofmark::http::digest::from_base64(public.lines().nth(1).expect("a body")).expect("base64");
    assert_eq!(id, proofmark::http::digest::hex(&proofmark::http::digest::sha256(&der)));
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(suite.path().join("mine.key")).expect("a file").permissions(),
        );
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = suite.proofmark(&["keygen", "mine"]).output().exits(3);
    assert_eq!(again.stderr, "error: `mine.key` is there already; keys are not overwritten\n");
    std::fs::remove_file(suite.path().join("mine.key")).expect("a file");
    let again = suite.proofmark(&["keygen", "mine"]).output().exits(3);
    assert_eq!(again.stderr, "error: `mine.pub` is there already; keys are not overwritten\n");
    assert_eq!(read("mine.pub"), public);
    assert!(!suite.path().join("mine.key").exists(), "half a pair is none");
    assert_eq!(suite.proofmark(&["keygen", "no/folder/k"]).output().exits(2).stdout, "");
}
