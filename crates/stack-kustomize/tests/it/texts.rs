//! Texts of all kinds in one object, which kustomize reads as stored in `texts.jsonl`; `cargo xtask judge differential` asks it.

use serde_json::Value;
use stack_kustomize::{BuildOptions, build};
use stack_source::TreePath;

use crate::random;

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn built(text: &str) -> Option<String> {
    let tree = random::texts::tree(text);
    let root = TreePath::new(&tree.root).unwrap();
    build(&tree.to_files(), &root, &BuildOptions::default()).and_then(|built| built.to_yaml()).ok()
}

#[test]
fn texts_are_read_as_kustomize_reads_them() {
    let mut differences = Vec::new();
    for line in include_str!("../texts.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["text"].as_str().unwrap();
        let (expected, found) = (case["built"].as_str().map(str::to_owned), built(text));
        if expected != found {
            differences.push(format!("{text:?}\n  kustomize {expected:?}\n  here      {found:?}"));
        }
    }
    assert!(differences.is_empty(), "{} texts\n{}", differences.len(), differences.join("\n"));
}
