use std::fs;
use std::time::{Duration, SystemTime};

use stack_source::FileTree;

use super::super::{Comparison, Difference, DiskError, Emission, InTheWay, Why, compare, write};
use super::{Folder, path, paths, tree};

#[track_caller]
fn refused(folder: &Folder, emission: &Emission<'_>) -> Vec<InTheWay> {
    let before = folder.all();
    let files = match write(folder.path(), emission) {
        Err(DiskError::InTheWay(files)) => files,
        other => panic!("{other:?}"),
    };
    assert_eq!(folder.all(), before, "nothing is written");
    files
}

#[test]
fn a_first_write_makes_the_folder_and_all_files() {
    let folder = Folder::new();
    let tree = tree(&[("k8s/base/redis.yaml", "a\n"), ("skaffold.yaml", "b\n")]);
    let written = write(folder.at("new/place"), &Emission::of(&tree)).unwrap();
    assert_eq!(written.created, paths(&["k8s/base/redis.yaml", "skaffold.yaml"]));
    assert_eq!(folder.text("new/place/k8s/base/redis.yaml"), "a\n");
    assert!(!folder.at("new/place/.kstack").exists());
}

#[test]
fn files_of_a_person_stay() {
    let folder = Folder::new();
    folder.put("k8s/base/notes.md", "mine\n");
    folder.put("k8s/overlays/mine/kustomization.yaml", "mine\n");
    folder.write(&[("k8s/base/redis.yaml", "a\n"), ("k8s/overlays/dev/kustomization.yaml", "a\n")]);
    folder.write(&[]);
    let files: Vec<_> = folder.files().into_keys().collect();
    assert_eq!(files, ["k8s/base/notes.md", "k8s/overlays/mine/kustomization.yaml"]);
}

#[test]
fn a_file_in_the_place_of_another_is_shown_and_kept() {
    let folder = Folder::new();
    folder.put("skaffold.yaml", "mine\n");
    let tree = tree(&[("skaffold.yaml", "ours\n"), ("k8s/base/redis.yaml", "a\n")]);
    let files = refused(&folder, &Emission::of(&tree));
    assert_eq!(files[0].why, Why::NotOurs);
    assert_eq!(files[0].to_string(), "`skaffold.yaml` was not written by this tool");
    let diff = "--- emitted/skaffold.yaml\n+++ skaffold.yaml\n@@ -1 +1 @@\n-ours\n+mine\n";
    assert_eq!(files[0].diff.as_deref(), Some(diff));

    let written = write(folder.path(), &Emission::of(&tree).force()).unwrap();
    assert_eq!(written.updated, paths(&["skaffold.yaml"]));
    assert_eq!(folder.text("skaffold.yaml"), "ours\n");
}

#[test]
fn an_edit_is_shown_and_kept() {
    let folder = Folder::new();
    let files = [("k8s/base/a.yaml", "1\n2\n3\n"), ("k8s/base/b.yaml", "1\n"), ("k8s/base/c.yaml", "1\n")];
    folder.write(&files);
    folder.put("k8s/base/a.yaml", "1\ntwo\n3\n");
    folder.put("k8s/base/b.yaml", "mine\n");
    folder.put("k8s/base/c.yaml", "mine\n");

    // The stack is as it was for `a`, changed for `b`, and without `c`.
    let tree = tree(&[("k8s/base/a.yaml", "1\n2\n3\n"), ("k8s/base/b.yaml", "2\n")]);
    let files = refused(&folder, &Emission::of(&tree));
    let mut whys: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.why)).collect();
    whys.sort_by_key(|(path, _)| *path);
    assert_eq!(
        whys,
        [
            ("k8s/base/a.yaml", Why::Edited { stack_changed: false }),
            ("k8s/base/b.yaml", Why::Edited { stack_changed: true }),
            ("k8s/base/c.yaml", Why::EditedAndDropped),
        ]
    );
    let a = files.iter().find(|file| file.path == path("k8s/base/a.yaml")).unwrap();
    let diff = "--- emitted/k8s/base/a.yaml\n+++ k8s/base/a.yaml\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n";
    assert_eq!(a.diff.as_deref(), Some(diff));

    let written = write(folder.path(), &Emission::of(&tree).force()).unwrap();
    assert_eq!(written.updated, paths(&["k8s/base/a.yaml", "k8s/base/b.yaml"]));
    assert_eq!(written.removed, paths(&["k8s/base/c.yaml"]));
    assert!(compare(folder.path(), &Emission::of(&tree)).unwrap().is_same());
}

#[test]
fn a_deleted_file_is_written_again() {
    let folder = Folder::new();
    folder.write(&[("k8s/a.yaml", "1\n")]);
    fs::remove_file(folder.at("k8s/a.yaml")).unwrap();
    assert_eq!(folder.write(&[("k8s/a.yaml", "1\n")]).created, paths(&["k8s/a.yaml"]));
}

#[test]
fn what_is_no_longer_emitted_goes_with_its_empty_folders() {
    let folder = Folder::new();
    folder.write(&[("k8s/base/a.yaml", "1\n"), ("k8s/overlays/qa/deep/b.yaml", "1\n"), ("skaffold.yaml", "1\n")]);
    let written = folder.write(&[("k8s/base/a.yaml", "1\n")]);
    assert_eq!(written.removed, paths(&["k8s/overlays/qa/deep/b.yaml", "skaffold.yaml"]));
    assert!(folder.at("k8s/base").exists());
    assert!(!folder.at("k8s/overlays").exists());
    folder.write(&[]);
    assert!(folder.all().is_empty(), "the record goes too: {:?}", folder.all());
}

#[test]
fn unchanged_files_are_not_touched() {
    let folder = Folder::new();
    let files = [("k8s/a.yaml", "1\n"), ("k8s/b.yaml", "1\n")];
    folder.write(&files);
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    for name in ["k8s/a.yaml", "k8s/b.yaml", "k8s/.emitted", "k8s"] {
        fs::File::open(folder.at(name)).unwrap().set_modified(long_ago).unwrap();
    }
    let modified = |name: &str| fs::metadata(folder.at(name)).unwrap().modified().unwrap();

    let written = folder.write(&files);
    assert_eq!(written.unchanged, paths(&["k8s/a.yaml", "k8s/b.yaml"]));
    assert_eq!(modified("k8s"), long_ago, "not even the folder");
    assert_eq!(modified("k8s/.emitted"), long_ago);

    folder.write(&[("k8s/a.yaml", "1\n"), ("k8s/b.yaml", "2\n")]);
    assert_eq!(modified("k8s/a.yaml"), long_ago);
    assert_ne!(modified("k8s/b.yaml"), long_ago);
}

#[test]
fn windows_line_endings_are_no_edit() {
    let folder = Folder::new();
    folder.write(&[("k8s/a.yaml", "1\n2\n"), ("k8s/b.yaml", "1\n2\n"), ("k8s/c.yaml", "1\n2\n")]);
    for name in ["k8s/a.yaml", "k8s/b.yaml", "k8s/c.yaml", "k8s/.emitted"] {
        folder.put(name, &folder.text(name).replace('\n', "\r\n"));
    }
    let written = folder.write(&[("k8s/a.yaml", "1\n2\n"), ("k8s/b.yaml", "2\n")]);
    assert_eq!(written.unchanged, paths(&["k8s/a.yaml"]));
    assert_eq!(written.updated, paths(&["k8s/b.yaml"]));
    assert_eq!(written.removed, paths(&["k8s/c.yaml"]));
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    let folder = Folder::new();
    folder.write(&[("k8s/a", "1\n")]);
    folder.write(&[("k8s/a/b/c", "1\n")]);
    assert_eq!(folder.text("k8s/a/b/c"), "1\n");
    folder.write(&[("k8s/a", "2\n")]);
    assert_eq!(folder.text("k8s/a"), "2\n");

    folder.write(&[("k8s/a/b", "1\n")]);
    folder.put("k8s/a/mine", "mine\n");
    let tree = tree(&[("k8s/a", "2\n")]);
    assert_eq!(refused(&folder, &Emission::of(&tree).force())[0].why, Why::NoFile);
}

#[test]
fn inputs_are_never_written_removed_or_recorded() {
    let folder = Folder::new();
    folder.put("litellm/config.yaml", "model_list: []\n");
    let tree_of = |config: &str| tree(&[("litellm/config.yaml", config), ("k8s/a.yaml", "1\n")]);
    let input = || [path("litellm/config.yaml")];

    let same = tree_of("model_list: []\n");
    assert_eq!(write(folder.path(), &Emission::of(&same).inputs(input())).unwrap().created, paths(&["k8s/a.yaml"]));
    assert!(!folder.text("k8s/.emitted").contains("litellm"));
    write(folder.path(), &Emission::of(&tree(&[])).inputs(input())).unwrap();
    assert_eq!(folder.text("litellm/config.yaml"), "model_list: []\n");

    let other = tree_of("model_list: [mine]\n");
    assert_eq!(refused(&folder, &Emission::of(&other).inputs(input()).force())[0].why, Why::Input);

    // Also where an earlier version of the tool had recorded it.
    folder.write(&[("litellm/config.yaml", "model_list: []\n")]);
    write(folder.path(), &Emission::of(&tree(&[])).inputs(input())).unwrap();
    assert!(folder.at("litellm/config.yaml").exists());
}

#[test]
fn what_is_for_this_machine_alone_has_a_record_of_its_own() {
    let folder = Folder::new();
    let shared = tree(&[("k8s/a.yaml", "1\n")]);
    let secret = tree(&[("k8s/local/dev/openai.env", "KEY=1\n")]);
    let both = Emission::of(&shared).local(&secret);
    write(folder.path(), &both).unwrap();
    assert!(compare(folder.path(), &both).unwrap().is_same());
    assert!(!folder.text("k8s/.emitted").contains("local"));
    assert!(folder.text("k8s/local/.emitted").ends_with("  k8s/local/dev/openai.env\n"));

    // Where nothing is said about this machine, nothing of it changes, and it is no difference.
    assert!(compare(folder.path(), &Emission::of(&shared)).unwrap().is_same());
    write(folder.path(), &Emission::of(&shared)).unwrap();
    assert!(folder.at("k8s/local/dev/openai.env").exists());

    // A file may come to be shared.
    let now_shared = tree(&[("k8s/a.yaml", "1\n"), ("k8s/local/dev/openai.env", "KEY=2\n")]);
    let none = FileTree::new();
    let written = write(folder.path(), &Emission::of(&now_shared).local(&none)).unwrap();
    assert_eq!(written.updated, paths(&["k8s/local/dev/openai.env"]));
    assert!(!folder.at("k8s/local/.emitted").exists());
}

#[test]
fn compare_says_what_write_would_do() {
    let folder = Folder::new();
    folder.write(&[("k8s/a.yaml", "1\n"), ("k8s/b.yaml", "1\n"), ("k8s/c.yaml", "1\n")]);
    folder.put("k8s/b.yaml", "mine\n");
    fs::remove_file(folder.at("k8s/a.yaml")).unwrap();
    let before = folder.all();
    let tree = tree(&[("k8s/a.yaml", "1\n"), ("k8s/b.yaml", "1\n")]);
    let comparison = compare(folder.path(), &Emission::of(&tree)).unwrap();
    assert_eq!(folder.all(), before);
    let Comparison { differences, unfinished: false, .. } = comparison else { panic!() };
    let [Difference::Differs { path: record, .. }, Difference::Missing(a), b, Difference::Superfluous(c)] =
        differences.as_slice()
    else {
        panic!("{differences:?}")
    };
    assert_eq!([record, a, c], [&path("k8s/.emitted"), &path("k8s/a.yaml"), &path("k8s/c.yaml")]);
    let diff = "--- emitted/k8s/b.yaml\n+++ k8s/b.yaml\n@@ -1 +1 @@\n-1\n+mine\n".to_owned();
    assert_eq!(*b, Difference::Differs { path: path("k8s/b.yaml"), diff });
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    use std::os::unix::fs::symlink;

    let elsewhere = Folder::new();
    elsewhere.put("a.yaml", "theirs\n");
    let folder = Folder::new();
    symlink(elsewhere.path(), folder.at("k8s")).unwrap();
    let tree = tree(&[("k8s/a.yaml", "1\n")]);
    assert_eq!(refused(&folder, &Emission::of(&tree).force())[0].why, Why::NoFolder);

    fs::remove_file(folder.at("k8s")).unwrap();
    fs::create_dir(folder.at("k8s")).unwrap();
    symlink(elsewhere.at("a.yaml"), folder.at("k8s/a.yaml")).unwrap();
    assert_eq!(refused(&folder, &Emission::of(&tree).force())[0].why, Why::Link);
    assert_eq!(elsewhere.text("a.yaml"), "theirs\n");
}

#[cfg(unix)]
#[test]
fn the_mode_of_a_file_stays() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    folder.write(&[("k8s/run.sh", "1\n")]);
    fs::set_permissions(folder.at("k8s/run.sh"), fs::Permissions::from_mode(0o555)).unwrap();
    folder.write(&[("k8s/run.sh", "2\n")]);
    assert_eq!(fs::metadata(folder.at("k8s/run.sh")).unwrap().permissions().mode() & 0o777, 0o555);
}

#[test]
fn unfit_paths_are_refused() {
    #[track_caller]
    fn check(files: &[(&str, &str)], message: &str) {
        let folder = Folder::new();
        let error = write(folder.path(), &Emission::of(&tree(files))).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(folder.all().is_empty());
    }
    check(&[(".git/hooks/pre-commit", "")], "`.git/hooks/pre-commit` cannot be written: the folder is git's own");
    check(&[("a/.GIT/config", "")], "`a/.GIT/config` cannot be written: the folder is git's own");
    check(
        &[(".kstack/journal", "")],
        "`.kstack/journal` cannot be written: the folder is the tool's own, while it writes",
    );
    check(&[("k8s/nul.yaml", "")], "`k8s/nul.yaml` cannot be written: Windows keeps this name for a device");
    check(&[("k8s/com1", "")], "`k8s/com1` cannot be written: Windows keeps this name for a device");
    check(&[("k8s/a:b", "")], "`k8s/a:b` cannot be written: Windows takes its first letter for a drive");
    check(&[("k8s/ab:c", "")], "`k8s/ab:c` cannot be written: Windows and sha256sum cannot take one of its characters");
    check(&[("k8s/a.", "")], "`k8s/a.` cannot be written: Windows drops a dot or a space at the end of a name");
    check(
        &[("k8s/.emitted", "")],
        "`k8s/.emitted` cannot be written: the tool keeps its record of what it emitted there",
    );
    check(
        &[("k8s/A.yaml", ""), ("k8s/a.yaml", "")],
        "`k8s/a.yaml` cannot be written: it is the same file as `k8s/A.yaml` where case does not count",
    );
    check(&[("k8s/a", ""), ("k8s/a/b", "")], "`k8s/a/b` cannot be written: `k8s/a` is a file of the same tree");
}
