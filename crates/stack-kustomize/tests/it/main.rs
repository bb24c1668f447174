//! Whole builds against what the real binary has printed.

mod cases;
mod json6902;
mod kustomization;

use std::path::Path;

#[test]
fn conformance() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let outcomes = cases::run_all(&folder).unwrap();
    assert!(!outcomes.is_empty());
    let failures: Vec<String> =
        outcomes.into_iter().filter_map(|(name, outcome)| Some(format!("{name}\n{}", outcome.err()?))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
