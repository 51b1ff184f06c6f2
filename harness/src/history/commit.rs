//! [`commit`]: which commit a run is of.

use std::path::{Path, PathBuf};

/// Variables in which CI systems say what they are building: GitHub and Forgejo, GitLab, Jenkins, Azure, Bitbucket,
/// CircleCI, Buildkite.
const VARIABLES: [&str; 7] = [
    "GITHUB_SHA",
    "CI_COMMIT_SHA",
    "GIT_COMMIT",
    "BUILD_SOURCEVERSION",
    "BITBUCKET_COMMIT",
    "CIRCLE_SHA1",
    "BUILDKITE_COMMIT",
];

/// The commit that a CI system says it is building, else the one that is checked out around a folder. `None` where
/// neither is known. Git itself is not needed.
pub fn commit(folder: &Path) -> Option<String> {
    let built = VARIABLES.iter().filter_map(|name| std::env::var(name).ok()).find_map(|text| hash(&text));
    built.or_else(|| checked_out(folder))
}

/// What `HEAD` is in the repository around a folder (gitrepository-layout(5)).
fn checked_out(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let git = folder.ancestors().map(|f| f.join(".git")).find(|git| git.exists())?;
    let git = if git.is_dir() { git } else { linked(&git)? };
    let head = read(&git.join("HEAD"))?;
    let Some(reference) = head.strip_prefix("ref:").map(str::trim) else { return hash(&head) };
    // Branches of a linked work tree are in the main one.
    let common = read(&git.join("commondir")).map_or_else(|| git.clone(), |common| git.join(common));
    let own = [&git, &common].into_iter().find_map(|folder| hash(&read(&folder.join(reference))?));
    own.or_else(|| packed(&common.join("packed-refs"), reference))
}

/// The folder that the file `.git` of a linked work tree names.
fn linked(file: &Path) -> Option<PathBuf> {
    let text = read(file)?;
    Some(file.parent()?.join(text.strip_prefix("gitdir:")?.trim()))
}

fn packed(file: &Path, reference: &str) -> Option<String> {
    let text = read(file)?;
    text.lines().find_map(|line| hash(line.strip_suffix(reference)?.strip_suffix(' ')?))
}

fn read(file: &Path) -> Option<String> {
    Some(std::fs::read_to_string(file).ok()?.trim().to_owned())
}

/// A SHA-1 or SHA-256 in hex.
fn hash(text: &str) -> Option<String> {
    let text = text.trim();
    let is_hash = matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111";
    const TWO: &str = "2222222222222222222222222222222222222222";

    #[test]
    fn the_commit_is_read_as_git_lays_it_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |path: &str| folder.path().join(path);
        let write = |path: &str, text: &str| {
            std::fs::create_dir_all(at(path).parent().expect("a parent")).expect("a folder");
            std::fs::write(at(path), text).expect("a file");
        };
        std::fs::create_dir_all(at("repo/suite")).expect("a folder");
        write("repo/.git/HEAD", "ref: refs/heads/main\n");
        assert_eq!(checked_out(&at("repo/suite")), None, "no commit yet");
        write(
            "repo/.git/packed-refs",
            &format!("# pack-refs with: peeled\n{TWO} refs/heads/other\n{ONE} refs/heads/main\n"),
        );
        assert_eq!(checked_out(&at("repo/suite")).as_deref(), Some(ONE));
        write("repo/.git/refs/heads/main", &format!("{TWO}\n"));
        assert_eq!(checked_out(&at("repo/suite")).as_deref(), Some(TWO), "loose refs win");
        write("tree/.git", "gitdir: ../repo/.git/worktrees/tree\n");
        write("repo/.git/worktrees/tree/HEAD", "ref: refs/heads/main\n");
        write("repo/.git/worktrees/tree/commondir", "../..\n");
        assert_eq!(checked_out(&at("tree")).as_deref(), Some(TWO), "a linked work tree");
        write("repo/.git/HEAD", ONE);
        assert_eq!(checked_out(&at("repo")).as_deref(), Some(ONE), "detached");
        write("repo/.git/HEAD", "ref: ../../etc/passwd");
        assert_eq!(checked_out(&at("repo")), None);
    }
}
