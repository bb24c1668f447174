//! A real process that writes is really killed, again and again, at moments that nobody has chosen.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use kstack::disk::{self, Emission, RECORD, STAGING};
use stack_source::{FileTree, TreePath};

const FOLDER: &str = "KSTACK_TEST_FOLDER";
const ROUNDS: u64 = 24;

/// Two trees with some files in common and all contents different.
fn tree(generation: u64) -> FileTree {
    let mut tree = FileTree::new();
    for index in 0..20 {
        let path = format!("k8s/{}/{}.yaml", index % 4, index + 5 * (generation % 2));
        tree.insert(TreePath::new(&path).unwrap(), format!("generation {}\n", generation % 2).repeat(500));
    }
    tree
}

/// The process that is killed: the test below starts this very test as a program.
#[test]
fn writes_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    for generation in 0.. {
        disk::write(&folder, &Emission::of(&tree(generation))).unwrap();
    }
}

fn without_record(folder: &Path) -> FileTree {
    let mut there = disk::read(folder).unwrap().tree;
    there.remove(&TreePath::new(RECORD).unwrap());
    there
}

#[test]
fn a_killed_process_leaves_one_whole_tree() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    disk::write(folder, &Emission::of(&tree(0))).unwrap();
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writes_until_it_is_killed"])
            .env(FOLDER, folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(Duration::from_micros(15_000 + 977 * round));
        // The files are moved in a short time after a long one in which they are laid down; half of the kills aim at it.
        let journal = folder.join(STAGING).join("journal");
        while round % 2 == 1 && !journal.exists() && child.try_wait().unwrap().is_none() {}
        child.kill().unwrap();
        child.wait().unwrap();

        for (path, bytes) in without_record(folder).iter() {
            let known = [tree(0), tree(1)].iter().any(|tree| tree.get(path) == Some(bytes));
            assert!(known, "{path} is torn");
        }
        disk::recover(folder).unwrap();
        let there = without_record(folder);
        assert!([tree(0), tree(1)].contains(&there), "round {round} left neither the one tree nor the other");
        assert!(disk::compare(folder, &Emission::of(&there)).unwrap().is_same());
    }
    let written = disk::write(folder, &Emission::of(&tree(1))).unwrap();
    assert_eq!(written.created.len() + written.updated.len() + written.unchanged.len(), 20);
}
