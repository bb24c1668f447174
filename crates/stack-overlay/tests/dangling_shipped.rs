//! The shipped stack, in each of its environments, names nothing that it does not have.

use stack_krm::yaml::{Limits, read};
use stack_model::CheckedStack;
use stack_overlay::dangling::dangling;
use stack_overlay::emit::{CheckedEnvironment, emit};
use stack_source::{FileTree, TreePath};

const STACK: &str = include_str!("../../../examples/llm-stack/stack.yaml");
const OVERLAYS: [(&str, &str); 3] = [
    ("dev", include_str!("../../../examples/llm-stack/overlays/dev.yaml")),
    ("staging", include_str!("../../../examples/llm-stack/overlays/staging.yaml")),
    ("prod", include_str!("../../../examples/llm-stack/overlays/prod.yaml")),
];

fn path(text: &str) -> TreePath {
    TreePath::new(text).expect("a path of the test")
}

/// The shipped stack, and the one that an overlay makes of it.
fn shipped(overlay: &str) -> (CheckedStack, CheckedStack) {
    let mut files = FileTree::new();
    files.insert(path("litellm/config.yaml"), "model_list: []\n");
    for context in ["qdrant", "litellm", "r2r", "openwebui", "react-client"] {
        files.insert(path(&format!("{context}/Dockerfile")), "FROM scratch\n");
    }
    files.insert(path("stack.yaml"), STACK);
    files.insert(path("overlay.yaml"), overlay);
    let stack = stack_model::parse(&files, &path("stack.yaml"))
        .unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    let overlay = stack_overlay::parse(&files, &path("overlay.yaml"), &stack)
        .unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    let there = overlay
        .apply(&stack)
        .and_then(|stack| stack.check_in(&files))
        .unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    let base = stack.check_in(&files).unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    (base, there)
}

#[test]
fn nothing_dangles_in_any_environment() {
    for (name, overlay) in OVERLAYS {
        let (_, there) = shipped(overlay);
        let report = dangling(&there.lower(), None, "default");
        // Secrets that the environment expects from outside are a warning.
        assert!(!report.has_errors(), "{name}: {report}");
    }
}

#[test]
fn skaffold_forwards_to_what_is_there() {
    let (base, there) = shipped(OVERLAYS[0].1);
    let environment = CheckedEnvironment { stack: there.clone(), patches: Vec::new(), local_secrets: Vec::new() };
    let emitted = emit(&base, &[environment], ".").unwrap_or_else(|report| panic!("{report}"));
    let at = path("skaffold.yaml");
    let text = emitted.tree.text(&at).expect("there is a skaffold.yaml");
    let documents = read(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}"));
    let report = dangling(&there.lower(), Some((&at, &documents[0].root)), "default");
    assert!(!report.has_errors(), "{report}");
}
