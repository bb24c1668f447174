//! The author's language: what is read, and what is said where it is wrong.

use stack_model::parse;
use stack_source::{FileTree, TreePath};

fn shipped() -> (FileTree, TreePath) {
    let path = TreePath::new("stack.yaml").expect("a path of the test");
    let mut files = FileTree::new();
    files.insert(path.clone(), include_str!("../../../examples/llm-stack/stack.yaml"));
    (files, path)
}

#[test]
fn the_shipped_stack_is_read() {
    let (files, path) = shipped();
    let stack = parse(&files, &path).unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    assert_eq!(stack.services.len(), 7);
}
