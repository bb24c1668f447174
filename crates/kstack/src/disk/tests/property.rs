use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proptest::prelude::*;
use stack_source::FileTree;

use super::super::write::write_with;
use super::super::{DiskError, Emission, RECORD, compare, write};
use super::{Folder, How, hands, path};

/// Names that meet each other: files of one tree are folders of another, and some are a person's.
const NAMES: [&str; 9] =
    ["k8s/x", "k8s/x/b", "k8s/x/b/c", "k8s/a", "k8s/b/c", "k8s/b/d", "k8s/e", "skaffold.yaml", "k8s/b"];

#[derive(Clone, Debug)]
enum Act {
    /// The tool writes a tree, by force or not, and is perhaps killed at a step.
    Write { files: BTreeMap<usize, u8>, force: bool, killed: Option<usize> },
    /// A person writes a file.
    Edit(usize, u8),
    /// A person removes a file.
    Remove(usize),
    /// The record is lost.
    LoseRecord,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let files = prop::collection::btree_map(0..NAMES.len(), 0..3_u8, 0..6);
    let act = prop_oneof![
        5 => (files, prop::bool::weighted(0.2), prop::option::weighted(0.3, 0..60_usize))
            .prop_map(|(files, force, killed)| Act::Write { files, force, killed }),
        2 => (0..NAMES.len(), 3..6_u8).prop_map(|(name, text)| Act::Edit(name, text)),
        1 => (0..NAMES.len()).prop_map(Act::Remove),
        1 => Just(Act::LoseRecord),
    ];
    prop::collection::vec(act, 1..8)
}

fn text(content: u8) -> String {
    format!("content {content}\n")
}

/// The files, without those that cannot stand beside each other.
fn tree(files: &BTreeMap<usize, u8>) -> FileTree {
    let mut tree = FileTree::new();
    for (name, content) in files {
        let name = NAMES[*name];
        let clashes = tree.iter().any(|(known, _)| known.is_in(&path(name)) || path(name).is_in(known));
        if !clashes {
            tree.insert(path(name), text(*content));
        }
    }
    tree
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_folder_holds_the_tree_and_what_people_wrote(acts in acts()) {
        let folder = Folder::new();
        for act in acts {
            match act {
                Act::Edit(name, content) => {
                    let place = folder.at(NAMES[name]);
                    if fs::create_dir_all(place.parent().unwrap()).is_ok() {
                        let _ = fs::write(place, text(content));
                    }
                }
                Act::Remove(name) => {
                    let _ = fs::remove_file(folder.at(NAMES[name]));
                }
                Act::LoseRecord => {
                    let _ = fs::remove_file(folder.at(RECORD));
                }
                Act::Write { files, force, killed } => {
                    let tree = tree(&files);
                    let emission = Emission::of(&tree);
                    let emission = if force { emission.force() } else { emission };
                    if let Some(step) = killed {
                        let _ = write_with(&hands(step, How::Killed), folder.path(), &emission);
                    }
                    check(&folder, &tree, &emission, force)?;
                }
            }
        }
    }
}

fn check(folder: &Folder, tree: &FileTree, emission: &Emission<'_>, force: bool) -> Result<(), TestCaseError> {
    super::super::recover(folder.path()).unwrap();
    let before = folder.files();
    let recorded: BTreeSet<String> =
        fs::read_to_string(folder.at(RECORD)).unwrap_or_default().lines().map(|line| line[66..].to_owned()).collect();
    let of_a_person = |text: &str| matches!(text, "content 3\n" | "content 4\n" | "content 5\n");
    match write(folder.path(), emission) {
        Err(DiskError::InTheWay(files)) => {
            prop_assert!(!files.is_empty());
            prop_assert!(!force || files.iter().all(|file| !file.why.yields_to_force()));
            prop_assert_eq!(folder.files(), before, "nothing is written");
        }
        Err(error) => prop_assert!(false, "{error}"),
        Ok(written) => {
            let after = folder.files();
            for (path, bytes) in tree.iter() {
                prop_assert_eq!(after.get(path.as_str()).map(String::as_bytes), Some(bytes));
            }
            for (name, text) in &before {
                let lost = after.get(name) != Some(text);
                prop_assert!(!lost || force || !of_a_person(text), "{name} of a person is lost");
                let dropped = !after.contains_key(name);
                prop_assert!(!dropped || recorded.contains(name), "{name} was never emitted, and is gone");
            }
            for path in &written.unchanged {
                prop_assert_eq!(after.get(path.as_str()), before.get(path.as_str()));
            }
            prop_assert!(compare(folder.path(), emission).unwrap().is_same());
            let again = write(folder.path(), emission).unwrap();
            prop_assert_eq!(again.unchanged.len(), tree.len());
            prop_assert!(!folder.at(".kstack").exists());
        }
    }
    Ok(())
}
