//! Whole builds against what the real binary has printed.

mod cases;
mod files;
mod hostile;
mod json6902;
mod kustomization;
#[path = "../random/mod.rs"]
mod random;
mod references;
mod rules;
mod silent;
mod texts;
mod unread;

use std::path::{Path, PathBuf};

use stack_kustomize::{BuildOptions, build};
use stack_source::{Locus, TreePath};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

#[test]
fn conformance() {
    let outcomes = cases::run_all(&folder()).unwrap();
    assert!(!outcomes.is_empty());
    let failures: Vec<String> =
        outcomes.into_iter().filter_map(|(name, outcome)| Some(format!("{name}\n{}", outcome.err()?))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn a_case_that_expects_nothing_fails() {
    let case = Path::new(env!("CARGO_TARGET_TMPDIR")).join("case-that-expects-nothing");
    let _ = std::fs::remove_dir_all(&case);
    std::fs::create_dir_all(case.join("input")).unwrap();
    std::fs::write(case.join("root"), "input").unwrap();
    assert!(cases::run(&case).unwrap().is_err());
    std::fs::write(case.join("expected.err"), "").unwrap();
    assert_eq!(cases::run(&case).unwrap(), Ok(()));
    std::fs::write(case.join("expected.rule"), "missing-file\n").unwrap();
    assert_eq!(cases::run(&case).unwrap(), Ok(()));
    std::fs::write(case.join("expected.rule"), "outside-root\n").unwrap();
    assert!(cases::run(&case).unwrap().is_err());
}

/// What kustomize makes of such trees is asked by `cargo xtask judge differential`; here they build to the same twice, or are refused
/// with a place.
#[test]
fn random_trees_build_or_are_refused() {
    for seed in 0..150 {
        let tree = random::tree(seed);
        let files = tree.to_files();
        assert_eq!(files.iter().count(), tree.files.len(), "{seed}");
        let root = TreePath::new(&tree.root).unwrap();
        let built = || match build(&files, &root, &BuildOptions::default()) {
            Ok(built) => (built.to_yaml().map_err(|error| error.to_string()), built.warnings.render(&files, false)),
            Err(error) => {
                assert!(error.report().iter().all(|fault| matches!(fault.at, Locus::File { .. })), "{seed}: {error}");
                (Err(String::new()), error.render(&files, false))
            }
        };
        assert_eq!(built(), built(), "{seed}");
    }
}
