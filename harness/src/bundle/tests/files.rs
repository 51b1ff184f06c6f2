//! A bundle as a folder and as an archive.

use super::{BUNDLE, public};
use crate::bundle::*;

#[test]
fn names_are_plain() {
    let mut files = Files::default();
    for name in ["", ".", "..", ".hidden", "a/b", "a\\b", "-rf", "a b", "ä", "a\n", &"x".repeat(100)] {
        assert!(files.add(name, Vec::new()).is_err(), "{name:?}");
    }
    assert!(files.add("a", Vec::new()).is_ok() && files.add("a", Vec::new()).is_err());
}

#[test]
fn an_archive_is_the_bundle_and_nothing_else() {
    let archive = write_tar(&BUNDLE);
    assert_eq!(tar::read(&archive).unwrap(), *BUNDLE);
    // Headers and padding too.
    for at in (0..1_024).chain((1_024..archive.len()).step_by(archive.len() / 50)) {
        let mut changed = archive.clone();
        changed[at] ^= 1;
        let same = tar::read(&changed).and_then(|files| verify(&files, public()).map(|_| ()));
        assert!(same.is_err(), "byte {at}");
    }
    for cut in [0, 100, 512, archive.len() - 1] {
        assert!(tar::read(&archive[..cut]).is_err(), "{cut}");
    }
    assert!(tar::read(&[archive.as_slice(), b"x"].concat()).is_err());
}

#[test]
fn a_folder_has_plain_files_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle");
    write_folder(&BUNDLE, &path).unwrap();
    assert!(write_folder(&BUNDLE, &path).is_err());
    assert_eq!(read(&path).unwrap().unwrap(), *BUNDLE);
    assert!(read(&folder.path().join("nothing")).is_err());
    std::fs::create_dir(path.join("sub")).unwrap();
    assert_eq!(read(&path).unwrap().unwrap_err().to_string(), "sub: a folder: a bundle has plain files only");
    std::fs::remove_dir(path.join("sub")).unwrap();
    #[cfg(unix)]
    {
        std::fs::remove_file(path.join("junit.xml")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", path.join("junit.xml")).unwrap();
        assert_eq!(
            read(&path).unwrap().unwrap_err().to_string(),
            "junit.xml: a symbolic link: a bundle has plain files only"
        );
    }
}
