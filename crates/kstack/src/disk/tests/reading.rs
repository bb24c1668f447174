use std::fs;
use std::path::PathBuf;

use super::super::{DiskError, Limits, Reading, read, read_within};
use super::{Folder, path, tree};

/// The names of what was passed over.
fn passed_over(reading: &Reading) -> Vec<String> {
    let name = |(place, _): &(PathBuf, DiskError)| place.file_name().unwrap().to_string_lossy().into_owned();
    reading.passed_over.iter().map(name).collect()
}

#[test]
fn a_folder_becomes_a_tree() {
    let folder = Folder::new();
    folder.put("stack.yaml", "name: shop\n");
    folder.put("litellm/config.yaml", "model_list: []\n");
    for skipped in [".git/HEAD", "web/node_modules/a.js", "target/a", "web/dist/a.js", ".kstack/journal"] {
        folder.put(skipped, "…");
    }
    folder.put("web/target", "a file of that name is read");
    let expected = tree(&[
        ("stack.yaml", "name: shop\n"),
        ("litellm/config.yaml", "model_list: []\n"),
        ("web/target", "a file of that name is read"),
    ]);
    assert_eq!(read(folder.path()).unwrap().tree, expected);
}

#[test]
fn what_is_written_is_read() {
    let folder = Folder::new();
    let files = [("k8s/base/a.yaml", "1\n"), ("skaffold.yaml", "")];
    folder.write(&files);
    let mut there = read(folder.path()).unwrap().tree;
    assert!(there.remove(&path("k8s/.emitted")).is_some());
    assert_eq!(there, tree(&files));
}

#[test]
fn limits_hold() {
    let folder = Folder::new();
    folder.put("a", "12345");
    folder.put("b", "1");
    assert!(read_within(folder.path(), Limits { files: 2, bytes: 6, file: 6 }).is_ok());
    let error = read_within(folder.path(), Limits { files: 1, bytes: 6, file: 6 }).unwrap_err();
    assert!(matches!(error, DiskError::TooMany { most: 1, .. }), "{error}");
    let error = read_within(folder.path(), Limits { files: 2, bytes: 5, file: 6 }).unwrap_err();
    let DiskError::TooLarge { largest, bytes: 5, .. } = error else { panic!("{error}") };
    assert_eq!(largest, path("a"));
    let reading = read_within(folder.path(), Limits { files: 1, bytes: 1, file: 4 }).unwrap();
    assert_eq!((reading.tree.len(), passed_over(&reading)), (1, vec!["a".to_owned()]), "a large file is passed over");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = Folder::new();
    let error = read(folder.at("nowhere")).unwrap_err();
    assert!(error.to_string().starts_with("cannot read `"), "{error}");
    assert!(error.to_string().ends_with("nowhere`"), "{error}");
}

#[cfg(unix)]
mod links {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    use super::{DiskError, Folder, fs, path, read};

    #[test]
    fn a_link_stands_for_what_it_leads_to() {
        let folder = Folder::new();
        folder.put("base/a.yaml", "1\n");
        symlink("base/a.yaml", folder.at("link.yaml")).unwrap();
        symlink("base", folder.at("again")).unwrap();
        symlink("nowhere", folder.at("dangling")).unwrap();
        let tree = read(folder.path()).unwrap().tree;
        assert_eq!(tree.text(&path("link.yaml")), Some("1\n"));
        assert_eq!(tree.text(&path("again/a.yaml")), Some("1\n"));
        assert_eq!(tree.len(), 3);
    }

    #[test]
    fn no_link_leads_out() {
        let outside = Folder::new();
        outside.put("secret", "…");
        for target in [outside.at("secret"), outside.path().to_owned()] {
            let folder = Folder::new();
            symlink(&target, folder.at("link")).unwrap();
            folder.put("stack.yaml", "");
            let reading = read(folder.path()).unwrap();
            assert_eq!(reading.tree.len(), 1);
            assert!(matches!(reading.passed_over[..], [(_, DiskError::LeadsOut { .. })]), "{reading:?}");
        }
    }

    #[test]
    fn a_circle_of_links_ends() {
        let folder = Folder::new();
        fs::create_dir_all(folder.at("a/b")).unwrap();
        symlink("../../a", folder.at("a/b/again")).unwrap();
        let reading = read(folder.path()).unwrap();
        assert!(matches!(reading.passed_over[..], [(_, DiskError::Circle { .. })]), "{reading:?}");
    }

    #[test]
    fn the_folder_itself_may_be_a_link() {
        let folder = Folder::new();
        folder.put("real/a.yaml", "1\n");
        symlink("real", folder.at("link")).unwrap();
        assert_eq!(read(folder.at("link")).unwrap().tree.len(), 1);
    }

    #[test]
    fn a_name_that_is_no_text_is_named() {
        let folder = Folder::new();
        fs::write(folder.path().join(OsStr::from_bytes(b"caf\xe9.yaml")), "").unwrap();
        let reading = read(folder.path()).unwrap();
        assert!(reading.passed_over[0].1.to_string().contains("caf\u{fffd}.yaml"), "{reading:?}");

        let folder = Folder::new();
        folder.put("a\\b", "");
        assert!(read(folder.path()).unwrap().passed_over[0].1.to_string().contains("backslash"));
    }
}
