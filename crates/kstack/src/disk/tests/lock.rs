use std::sync::Barrier;
use std::thread;

use super::super::ground::Ground;
use super::super::hands::Hands;
use super::super::staging::Staging;
use super::super::{DiskError, Emission, compare, recover, write};
use super::{Folder, paths, tree};

#[test]
fn two_writers_do_not_meet() {
    let folder = Folder::new();
    let ground = Ground::of(folder.path()).unwrap();
    let hands = Hands::default();
    let first = Staging::enter(&hands, &ground).unwrap();

    let tree = tree(&[("k8s/a.yaml", "1\n")]);
    let error = write(folder.path(), &Emission::of(&tree)).unwrap_err();
    assert!(matches!(error, DiskError::Locked { .. }), "{error}");
    if cfg!(unix) {
        let by = format!("another kstack (process {}) is writing into", std::process::id());
        assert!(error.to_string().starts_with(&by), "{error}");
    }
    assert!(matches!(recover(folder.path()), Err(DiskError::Locked { .. })));
    assert!(compare(folder.path(), &Emission::of(&tree)).is_ok(), "readers are not kept out");

    drop(first);
    assert_eq!(write(folder.path(), &Emission::of(&tree)).unwrap().created, paths(&["k8s/a.yaml"]));
    assert!(!folder.at(".kstack").exists());
}

#[test]
fn the_lock_of_a_dead_process_is_only_a_file() {
    let folder = Folder::new();
    folder.put(".kstack/lock", "4242 1 1\n");
    folder.write(&[("k8s/a.yaml", "1\n")]);
    assert!(!folder.at(".kstack").exists());
}

#[test]
fn something_else_in_the_place_of_the_staging_folder_is_named() {
    let folder = Folder::new();
    folder.put(".kstack", "mine\n");
    let error = write(folder.path(), &Emission::of(&tree(&[("k8s/a.yaml", "1\n")]))).unwrap_err();
    assert!(matches!(error, DiskError::NotStaging { .. }), "{error}");
    assert_eq!(folder.text(".kstack"), "mine\n");
}

/// Each of several writers either writes whole or is told to wait; in the end one tree stands, and nothing else.
#[test]
fn many_writers_leave_one_whole_tree() {
    let folder = Folder::new();
    let barrier = Barrier::new(4);
    thread::scope(|scope| {
        for writer in 0..4 {
            let (folder, barrier) = (&folder, &barrier);
            scope.spawn(move || {
                let text = format!("{writer}\n");
                let tree = tree(&[("k8s/a.yaml", &text), ("k8s/b.yaml", &text), ("skaffold.yaml", &text)]);
                barrier.wait();
                for _ in 0..20 {
                    match write(folder.path(), &Emission::of(&tree)) {
                        Ok(_) | Err(DiskError::Locked { .. } | DiskError::InTheWay(_)) => {}
                        Err(error) => panic!("{error}: {:?}", std::error::Error::source(&error)),
                    }
                }
            });
        }
    });
    let files = folder.files();
    assert_eq!(files.len(), 3);
    let first = &files["skaffold.yaml"];
    assert!(files.values().all(|text| text == first), "{files:?}");
    assert!(!folder.at(".kstack").exists());
}
