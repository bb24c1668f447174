//! Texts of all kinds, each of which stands behind the head of one object.

use super::tree::Tree;

const HEAD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n";

/// The tree of a text.
pub(crate) fn tree(text: &str) -> Tree {
    let mut tree = Tree { root: "root".to_owned(), ..Tree::default() };
    tree.files.insert("root/kustomization.yaml".to_owned(), "resources: [a.yaml]\n".into());
    tree.files.insert("root/a.yaml".to_owned(), format!("{HEAD}{text}").into());
    tree
}
