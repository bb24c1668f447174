//! Files as a person reads them.

use stack_krm::yaml::{Node, PrintOptions, print};

use super::layout::arrange;

/// What stands at the head of every file.
const HEAD: &str = "# Written by kstack. Change stack.yaml or an overlay and emit again.\n";

/// A file of these documents.
pub(super) fn documents<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> String {
    let mut text = HEAD.to_owned();
    for (index, node) in nodes.into_iter().enumerate() {
        if index > 0 {
            text.push_str("---\n");
        }
        let mut node = node.clone();
        arrange(&mut node);
        append(&node, &mut text);
    }
    text
}

/// A file of one document whose keys are in order already.
pub(super) fn arranged(node: &Node) -> String {
    let mut text = HEAD.to_owned();
    append(node, &mut text);
    text
}

fn append(node: &Node, text: &mut String) {
    // Everything printed here was made of types whose texts were read from YAML or checked.
    let _ = print(node, &PrintOptions::SOURCE, text);
}
