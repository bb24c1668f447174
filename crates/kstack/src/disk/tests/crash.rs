use std::fs;
use std::sync::OnceLock;

use super::super::journal::{Journal, Move, Side};
use super::super::sum::Sum;
use super::super::write::{recover_with, write_with};
use super::super::{DiskError, Emission, Recovered, compare, recover, write};
use super::{Folder, How, count_steps, hands, path, tree};

const BEFORE: &[(&str, &str)] = &[
    ("k8s/base/changed.yaml", "old, and long enough to be torn in the middle\n"),
    ("k8s/base/same.yaml", "same\n"),
    ("k8s/overlays/qa/dropped.yaml", "dropped\n"),
    ("k8s/file-then-folder", "old\n"),
    ("k8s/folder-then-file/a", "old\n"),
];
const AFTER: &[(&str, &str)] = &[
    ("k8s/base/changed.yaml", "new, and long enough to be torn in the middle\n"),
    ("k8s/base/same.yaml", "same\n"),
    ("k8s/overlays/dev/added.yaml", "added\n"),
    ("k8s/file-then-folder/a", "new\n"),
    ("k8s/folder-then-file", "new\n"),
    ("skaffold.yaml", "added\n"),
];

/// A folder as it is before, with a file of a person's in it.
fn before() -> Folder {
    let folder = Folder::new();
    folder.put("k8s/base/mine.md", "mine\n");
    folder.write(BEFORE);
    folder
}

fn steps() -> usize {
    count_steps(&before(), &Emission::of(&tree(AFTER)))
}

/// Each file is old or new, never torn, never a third thing, and the person's own is there.
#[track_caller]
fn assert_not_torn(folder: &Folder) {
    let files = folder.files();
    for (name, text) in &files {
        let known = BEFORE.iter().chain(AFTER).any(|(known, bytes)| known == name && bytes == text);
        assert!(known || name == "k8s/base/mine.md", "{name} holds {text:?}");
    }
    assert_eq!(files["k8s/base/mine.md"], "mine\n");
    assert_eq!(files["k8s/base/same.yaml"], "same\n");
}

#[track_caller]
fn assert_is(folder: &Folder, expected: &[(&str, &str)]) {
    let mut files = folder.files();
    files.remove("k8s/base/mine.md");
    let expected = expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    assert_eq!(files, expected);
    assert!(compare(folder.path(), &Emission::of(&tree_of(&expected))).unwrap().is_same());
    assert!(!folder.at(".kstack").exists(), "{:?}", folder.all().keys());
}

fn tree_of(files: &std::collections::BTreeMap<String, String>) -> stack_source::FileTree {
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    tree(&files)
}

#[test]
fn killed_at_any_step_the_same_command_finishes() {
    for step in 0..steps() {
        let folder = before();
        let after = tree(AFTER);
        let _ = write_with(&hands(step, How::Killed), folder.path(), &Emission::of(&after));
        assert_not_torn(&folder);
        write(folder.path(), &Emission::of(&after)).unwrap_or_else(|error| panic!("killed at {step}: {error}"));
        assert_is(&folder, AFTER);
    }
}

#[test]
fn killed_at_any_step_another_command_starts_from_all_or_nothing() {
    let (mut undone, mut finished) = (0, 0);
    for step in 0..steps() {
        let folder = before();
        let _ = write_with(&hands(step, How::Killed), folder.path(), &Emission::of(&tree(AFTER)));
        match recover(folder.path()).unwrap() {
            None | Some(Recovered::Undone) => {
                // Killed after its last file was in place, the write has happened and nothing is left to finish.
                if folder.at("skaffold.yaml").exists() {
                    assert_is(&folder, AFTER);
                } else {
                    assert_is(&folder, BEFORE);
                    undone += 1;
                }
            }
            Some(Recovered::Finished) => {
                assert_is(&folder, AFTER);
                finished += 1;
            }
        }
        folder.write(BEFORE);
        assert_is(&folder, BEFORE);
    }
    assert!(undone > 10 && finished > 10, "{undone} undone, {finished} finished");
}

#[test]
fn killed_while_recovering_it_recovers_the_next_time() {
    for step in (0..steps()).step_by(5) {
        for again in (0..).step_by(2) {
            let folder = before();
            let _ = write_with(&hands(step, How::Killed), folder.path(), &Emission::of(&tree(AFTER)));
            let hands = hands(again, How::Killed);
            let _ = recover_with(&hands, folder.path());
            assert_not_torn(&folder);
            write(folder.path(), &Emission::of(&tree(AFTER))).unwrap();
            assert_is(&folder, AFTER);
            if hands.fault.steps.get() <= again {
                break;
            }
        }
    }
}

#[test]
fn a_step_that_fails_undoes_those_before() {
    for step in 0..steps() {
        let folder = before();
        let result = write_with(&hands(step, How::Refused), folder.path(), &Emission::of(&tree(AFTER)));
        assert_not_torn(&folder);
        if folder.at(".kstack").exists() {
            // Clearing up failed, with all done or undone.
            recover(folder.path()).unwrap();
        }
        match result {
            Ok(_) => assert_is(&folder, AFTER),
            Err(_) if folder.at("skaffold.yaml").exists() => assert_is(&folder, AFTER),
            Err(error) => {
                assert!(matches!(error, DiskError::Io { .. }), "{error}");
                assert_is(&folder, BEFORE);
            }
        }
    }
}

#[test]
fn whoever_edits_after_the_kill_keeps_the_edit() {
    for step in 0..steps() {
        let folder = before();
        let _ = write_with(&hands(step, How::Killed), folder.path(), &Emission::of(&tree(AFTER)));
        folder.put("k8s/base/changed.yaml", "mine\n");
        let error = write(folder.path(), &Emission::of(&tree(AFTER))).unwrap_err();
        assert!(matches!(error, DiskError::InTheWay(_)), "{error}");
        assert_eq!(folder.text("k8s/base/changed.yaml"), "mine\n");
        write(folder.path(), &Emission::of(&tree(AFTER)).force()).unwrap();
        assert_is(&folder, AFTER);
    }
}

/// A write that was killed when its journal was whole, and nothing was in place yet.
fn killed_with_journal() -> Folder {
    static STEP: OnceLock<usize> = OnceLock::new();
    let killed_at = |step| {
        let folder = before();
        let _ = write_with(&hands(step, How::Killed), folder.path(), &Emission::of(&tree(AFTER)));
        folder
    };
    let has_journal = |step: &usize| killed_at(*step).at(".kstack/journal").exists();
    killed_at(*STEP.get_or_init(|| (0..steps()).find(has_journal).unwrap()))
}

#[test]
fn compare_says_that_a_write_was_killed_and_leaves_it() {
    let folder = killed_with_journal();
    let there = folder.all();
    let comparison = compare(folder.path(), &Emission::of(&tree(BEFORE))).unwrap();
    assert!(comparison.unfinished && !comparison.is_same());
    assert_eq!(folder.all(), there);
}

/// Own keys may lie there, and git would take them in.
#[test]
fn killed_at_any_step_what_is_laid_down_is_hidden_from_git_and_compare_says_that_it_is_there() {
    let mut laid = 0;
    for step in 0..steps() {
        let folder = before();
        let _ = write_with(&hands(step, How::Killed), folder.path(), &Emission::of(&tree(AFTER)));
        let left: Vec<String> = folder.all().into_keys().filter(|name| name.starts_with(".kstack/")).collect();
        let is_laid = |name: &&String| name.contains("/new-") || name.contains("/old-") || name.contains("/journal");
        if left.iter().any(|name| is_laid(&name)) {
            assert_eq!(folder.text(".kstack/.gitignore").trim(), "*", "killed at {step}: {left:?}");
            laid += 1;
        }
        let comparison = compare(folder.path(), &Emission::of(&tree(AFTER))).unwrap();
        assert_eq!(comparison.unfinished, folder.at(".kstack").exists(), "killed at {step}");
    }
    assert!(laid > 20, "{laid}");
}

#[test]
fn a_torn_journal_is_undone() {
    let whole = fs::read(killed_with_journal().at(".kstack/journal")).unwrap();
    for end in (0..whole.len()).step_by(23) {
        let folder = killed_with_journal();
        fs::write(folder.at(".kstack/journal"), &whole[..end]).unwrap();
        assert_eq!(recover(folder.path()).unwrap(), Some(Recovered::Undone));
        assert_is(&folder, BEFORE);
    }
}

#[test]
fn damaged_contents_are_undone() {
    let count = fs::read_dir(killed_with_journal().at(".kstack")).unwrap().count();
    let mut damaged = 0;
    for index in 0..count {
        let folder = killed_with_journal();
        let laid = folder.at(&format!(".kstack/new-{index}"));
        if laid.exists() {
            fs::write(&laid, "damaged").unwrap();
            assert_eq!(recover(folder.path()).unwrap(), Some(Recovered::Undone));
            assert_is(&folder, BEFORE);
            damaged += 1;
        }
    }
    assert_eq!(damaged, 6);
}

/// A journal that somebody made up, with a right sum.
fn hostile(folder: &Folder, name: &str, old: Option<&str>, new: Option<&str>) {
    let sum = |text: Option<&str>| text.map(|text| Sum::of(text.as_bytes()));
    let honest =
        Journal { to: Side::New, moves: vec![Move { path: path("NAME"), old: sum(old), new: sum(new) }] }.text();
    let body = honest[..honest.find("end ").unwrap()].replace("NAME", name);
    folder.put(".kstack/journal", &format!("{body}end {}\n", Sum::of(body.as_bytes())));
    if let Some(new) = new {
        folder.put(".kstack/new-0", new);
    }
}

#[test]
fn a_hostile_journal_reaches_nothing_outside() {
    let outer = Folder::new();
    outer.put("victim", "victim\n");
    let absolute = outer.at("victim");
    let names =
        ["../victim", "a/../../victim", absolute.to_str().unwrap(), ".git/config", ".kstack/lock", "c:victim", ""];
    for name in names {
        let inner = Folder(tempfile::tempdir_in(outer.path()).unwrap());
        inner.put(".git/config", "victim\n");
        for new in [None, Some("pwned\n")] {
            hostile(&inner, name, Some("victim\n"), new);
            assert_eq!(recover(inner.path()).unwrap(), Some(Recovered::Undone), "{name}");
            assert_eq!(outer.text("victim"), "victim\n", "{name}");
            assert_eq!(inner.text(".git/config"), "victim\n", "{name}");
            assert!(!inner.at(".kstack").exists());
        }
    }
}

#[cfg(unix)]
#[test]
fn a_hostile_journal_follows_no_links() {
    use std::os::unix::fs::symlink;

    let outside = Folder::new();
    outside.put("victim", "victim\n");
    for new in [None, Some("pwned\n")] {
        // The folder on the way is a link, or the file itself.
        let folder = Folder::new();
        symlink(outside.path(), folder.at("link")).unwrap();
        hostile(&folder, "link/victim", Some("victim\n"), new);
        recover(folder.path()).unwrap();

        let folder = Folder::new();
        symlink(outside.at("victim"), folder.at("link")).unwrap();
        hostile(&folder, "link", Some("victim\n"), new);
        recover(folder.path()).unwrap();
        assert!(folder.at("link").is_symlink());
    }

    // The contents, the lock, the journal or the staging folder are links.
    let folder = Folder::new();
    hostile(&folder, "a", None, Some("victim\n"));
    fs::remove_file(folder.at(".kstack/new-0")).unwrap();
    symlink(outside.at("victim"), folder.at(".kstack/new-0")).unwrap();
    recover(folder.path()).unwrap();
    assert!(!folder.at("a").exists());

    let folder = Folder::new();
    fs::create_dir(folder.at(".kstack")).unwrap();
    symlink(outside.at("victim"), folder.at(".kstack/lock")).unwrap();
    assert!(matches!(recover(folder.path()), Err(DiskError::NotStaging { .. })));

    let folder = Folder::new();
    fs::create_dir(folder.at(".kstack")).unwrap();
    symlink(outside.at("victim"), folder.at(".kstack/journal")).unwrap();
    recover(folder.path()).unwrap();

    let folder = Folder::new();
    outside.put("journal", "mine\n");
    symlink(outside.path(), folder.at(".kstack")).unwrap();
    assert!(matches!(recover(folder.path()), Err(DiskError::NotStaging { .. })));
    assert_eq!(outside.text("journal"), "mine\n");
    assert_eq!(outside.text("victim"), "victim\n");
}

#[test]
fn files_of_a_person_in_the_staging_folder_stay() {
    let folder = Folder::new();
    folder.put(".kstack/notes", "mine\n");
    folder.write(&[("k8s/a.yaml", "1\n")]);
    assert_eq!(folder.text(".kstack/notes"), "mine\n");
    let left: Vec<String> = folder.all().into_keys().filter(|name| name.starts_with(".kstack/")).collect();
    assert_eq!(left, [".kstack/.gitignore", ".kstack/notes"], "what stays there stays hidden from git");
}
