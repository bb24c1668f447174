//! Whole builds against what the real binary has printed.

mod cases;
mod json6902;
mod kustomization;
mod rules;

use std::path::{Path, PathBuf};

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
