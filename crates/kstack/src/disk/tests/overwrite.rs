use super::super::hands::Hands;
use super::super::write::overwrite_with;
use super::super::{DiskError, overwrite, recover};
use super::{Folder, How, hands, tree};

const BEFORE: &[(&str, &str)] = &[("a.yaml", "mine, and long enough to be torn\n"), ("other.md", "mine\n")];
const TREE: &[(&str, &str)] =
    &[("a.yaml", "built, and long enough to be torn\n"), ("b.yaml", "built\n"), ("role_system:node.yaml", "built\n")];

fn before() -> Folder {
    let folder = Folder::new();
    for (name, text) in BEFORE {
        folder.put(name, text);
    }
    folder
}

#[track_caller]
fn assert_is(folder: &Folder, files: &[&[(&str, &str)]]) {
    let files = files.iter().copied().flatten();
    let expected = files.map(|(name, text)| ((*name).to_owned(), Some(text.as_bytes().to_vec()))).collect();
    assert_eq!(folder.all(), expected);
}

fn steps() -> usize {
    let hands = Hands::default();
    overwrite_with(&hands, before().path(), &tree(TREE)).unwrap();
    hands.fault.steps.get()
}

#[test]
fn files_of_anybody_are_replaced_and_nothing_is_recorded() {
    let folder = before();
    for _ in 0..2 {
        overwrite(folder.path(), &tree(TREE)).unwrap();
        assert_is(&folder, &[BEFORE, TREE]);
    }
}

#[test]
fn refused_at_any_step_all_or_nothing_is_left() {
    let (before_it, after_it) = (before().files(), {
        let folder = before();
        overwrite(folder.path(), &tree(TREE)).unwrap();
        folder.files()
    });
    for step in 0..steps() {
        let folder = before();
        let refused = overwrite_with(&hands(step, How::Refused), folder.path(), &tree(TREE)).is_err();
        let files = folder.files();
        assert!(files == after_it || (refused && files == before_it), "step {step}: {files:?}");
    }
}

#[test]
fn killed_at_any_step_all_or_nothing_is_left() {
    let (mut undone, mut finished) = (0, 0);
    for step in 0..steps() {
        let folder = before();
        let _ = overwrite_with(&hands(step, How::Killed), folder.path(), &tree(TREE));
        recover(folder.path()).unwrap();
        if folder.at("b.yaml").exists() {
            finished += 1;
            assert_is(&folder, &[BEFORE, TREE]);
        } else {
            undone += 1;
            assert_is(&folder, &[BEFORE]);
        }
    }
    assert!(undone > 0 && finished > 0);
}

#[test]
fn what_is_no_file_of_the_folder_is_left_alone() {
    let folder = before();
    folder.put("b.yaml/c", "mine\n");
    let error = overwrite(folder.path(), &tree(TREE)).unwrap_err();
    assert!(matches!(&error, DiskError::InTheWay(files) if files.len() == 1), "{error}");
    assert_eq!(folder.text("a.yaml"), BEFORE[0].1);
    for name in [".git/config", ".kstack/journal", "a\nb"] {
        let error = overwrite(folder.path(), &tree(&[(name, "built\n")])).unwrap_err();
        assert!(matches!(error, DiskError::Unfit { .. }), "{name}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    let (folder, other) = (before(), before());
    std::os::unix::fs::symlink(other.at("a.yaml"), folder.at("b.yaml")).unwrap();
    let error = overwrite(folder.path(), &tree(TREE)).unwrap_err();
    assert!(error.to_string().contains("`b.yaml` is a symbolic link"), "{error}");
    assert_is(&other, &[BEFORE]);
}
