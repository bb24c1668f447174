//! Our reader and writer against the real `kubectl kustomize` (1.33, kustomize 5.6.0): a stored sample of random documents.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use std::path::Path;

use stack_krm::yaml::{Limits, PrintOptions, print, read};

fn ours(input: &str) -> String {
    let mut out = String::new();
    for document in read(input, &Limits::default()).unwrap_or_else(|error| panic!("{error}: {}", error.span.of(input)))
    {
        if !out.is_empty() {
            out.push_str("---\n");
        }
        print(&document.root, &PrintOptions::KUSTOMIZE, &mut out).unwrap();
    }
    out
}

#[track_caller]
fn assert_same(ours: &str, theirs: &str) {
    for (ours, theirs) in ours.split("---\napiVersion").zip(theirs.split("---\napiVersion")) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(ours.len(), theirs.len());
}

#[test]
fn the_stored_sample_comes_out_as_kustomize_writes_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kustomize");
    let text = |name| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_same(&ours(&text("input.yaml")), &text("expected.yaml"));
}
