//! Objects that Kustomize's generators make.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use stack_krm::yaml::Node;
use stack_kustomize::{ConfigMapArgs, GeneratorOptions, SecretArgs};
use stack_model::{CheckedStack, Object, SecretValues};
use stack_source::FileTree;

use super::put;

/// A generator whose files are written beside the kustomization in `home`, in a folder called as the service.
pub(super) fn of_texts(object: &Object, home: &str, tree: &mut FileTree) -> ConfigMapArgs {
    let folder = object.service.as_ref().map(ToString::to_string).unwrap_or_default();
    let files = content(&object.node);
    for (key, text) in &files {
        put(tree, &format!("{home}/{folder}/{key}"), text);
    }
    arguments(object, files.keys().map(|key| format!("{folder}/{key}")).collect())
}

/// A generator whose files are originals of the package; they are part of the tree with the same bytes.
pub(super) fn of_folder(object: &Object, folder: &str, tree: &mut FileTree) -> ConfigMapArgs {
    let files = content(&object.node);
    for (key, text) in &files {
        put(tree, &format!("{folder}/{key}"), text);
    }
    arguments(object, files.keys().cloned().collect())
}

fn content(node: &Node) -> BTreeMap<String, String> {
    let data = node.get("data").and_then(Node::as_mapping);
    let rows = data.into_iter().flat_map(stack_krm::yaml::Mapping::iter);
    rows.map(|(key, value)| (key.to_owned(), value.as_str().unwrap_or_default().to_owned())).collect()
}

fn arguments(object: &Object, files: Vec<String>) -> ConfigMapArgs {
    ConfigMapArgs { name: name(&object.node).to_owned(), files, ..ConfigMapArgs::default() }
}

pub(super) fn kind(node: &Node) -> &str {
    node.get("kind").and_then(Node::as_str).unwrap_or_default()
}

pub(super) fn name(node: &Node) -> &str {
    node.at(["metadata", "name"]).and_then(Node::as_str).unwrap_or_default()
}

/// What all generated objects of a kustomization share: the labels of the stack.
pub(super) fn options(objects: &[&Object]) -> Option<GeneratorOptions> {
    let labels = objects.first()?.node.at(["metadata", "labels"]).and_then(Node::as_mapping)?;
    let labels: IndexMap<String, String> =
        labels.iter().map(|(key, value)| (key.to_owned(), value.as_str().unwrap_or_default().to_owned())).collect();
    Some(GeneratorOptions { labels, ..GeneratorOptions::default() })
}

/// The generator of a Secret whose values stand in the overlay. What a literal cannot carry (line breaks, quotes at its ends, which
/// Kustomize would take off) stands in a file.
pub(super) fn of_literals(object: &Object, stack: &CheckedStack, home: &str, tree: &mut FileTree) -> SecretArgs {
    let name = name(&object.node);
    let mut arguments = SecretArgs { name: name.to_owned(), ..SecretArgs::default() };
    let secret = stack.secrets().iter().find(|secret| secret.name == name);
    let Some(SecretValues::Literals(values)) = secret.map(|secret| &secret.values) else { return arguments };
    for (key, value) in values {
        if value.contains(['\n', '\r']) || value.starts_with(['"', '\'']) {
            put(tree, &format!("{home}/{name}/{key}"), value);
            arguments.files.push(format!("{name}/{key}"));
        } else {
            arguments.literals.push(format!("{key}={value}"));
        }
    }
    arguments
}
