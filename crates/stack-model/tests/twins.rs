//! The shipped stack is the same in YAML and in Rust.

use stack_source::{FileTree, TreePath};

#[path = "../examples/llm_stack.rs"]
mod llm_stack;

#[test]
fn yaml_and_rust_are_equal() {
    let path = TreePath::new("stack.yaml").unwrap();
    let mut files = FileTree::new();
    files.insert(path.clone(), include_str!("../../../examples/llm-stack/stack.yaml"));
    let read = stack_model::parse(&files, &path).unwrap();
    assert_eq!(read, llm_stack::llm_stack());
}
