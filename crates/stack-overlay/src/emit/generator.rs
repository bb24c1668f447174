//! Objects that Kustomize's generators make.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use stack_krm::ConfigKey;
use stack_krm::yaml::Node;
use stack_kustomize::{ConfigMapArgs, GeneratorOptions, SecretArgs};
use stack_model::{CheckedStack, Made, Object, SecretValues};
use stack_source::FileTree;

use super::put;

/// The generator of a ConfigMap that the model wrote.
pub(super) fn config_map(object: &Object, home: &str, tree: &mut FileTree) -> ConfigMapArgs {
    match object.made {
        Made::OfVariables => of_variables(object, home, tree),
        _ => of_texts(object, home, tree),
    }
}

/// A generator whose files are written beside the kustomization in `home`, in a folder called as the service.
fn of_texts(object: &Object, home: &str, tree: &mut FileTree) -> ConfigMapArgs {
    let folder = object.service.as_ref().map(ToString::to_string).unwrap_or_default();
    let files = content(&object.node);
    let names = files.keys().map(|key| format!("{folder}/{key}")).collect();
    for (key, bytes) in files {
        put(tree, &format!("{home}/{folder}/{key}"), &bytes);
    }
    arguments(object, names)
}

/// A generator whose files are originals of the package; they are part of the tree with the same bytes.
pub(super) fn of_folder(
    object: &Object,
    folder: &str,
    originals: &BTreeMap<ConfigKey, String>,
    tree: &mut FileTree,
) -> ConfigMapArgs {
    let mut files = Vec::new();
    for (key, bytes) in content(&object.node) {
        let original = originals.get(key.as_str()).unwrap_or(&key);
        files.push(if *original == key { key.clone() } else { format!("{key}={original}") });
        put(tree, &format!("{folder}/{original}"), &bytes);
    }
    arguments(object, files)
}

/// Key and bytes, of texts and of what is no text.
fn content(node: &Node) -> BTreeMap<String, Vec<u8>> {
    let texts = rows(node, "data").map(|(key, text)| (key.to_owned(), text.as_bytes().to_vec()));
    let binary = rows(node, "binaryData").filter_map(|(key, text)| Some((key.to_owned(), STANDARD.decode(text).ok()?)));
    texts.chain(binary).collect()
}

fn rows<'a>(node: &'a Node, field: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let rows = node.get(field).and_then(Node::as_mapping);
    rows.into_iter().flat_map(stack_krm::yaml::Mapping::iter).filter_map(|(key, value)| Some((key, value.as_str()?)))
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

/// A generator of variables. What a literal cannot carry stands in a file, as for Secrets.
fn of_variables(object: &Object, home: &str, tree: &mut FileTree) -> ConfigMapArgs {
    let name = name(&object.node);
    let mut arguments = ConfigMapArgs { name: name.to_owned(), ..ConfigMapArgs::default() };
    (arguments.literals, arguments.files) = literals(name, rows(&object.node, "data"), home, tree);
    arguments
}

/// Literals, and the files of values that no literal carries: line breaks, and quotes at its ends, which Kustomize would take off.
fn literals<'a>(
    name: &str,
    values: impl Iterator<Item = (&'a str, &'a str)>,
    home: &str,
    tree: &mut FileTree,
) -> (Vec<String>, Vec<String>) {
    let (mut literals, mut files) = (Vec::new(), Vec::new());
    for (key, value) in values {
        if value.contains(['\n', '\r']) || value.starts_with(['"', '\'']) {
            put(tree, &format!("{home}/{name}/{key}"), value);
            files.push(format!("{name}/{key}"));
        } else {
            literals.push(format!("{key}={value}"));
        }
    }
    (literals, files)
}

/// The generator of a Secret whose values stand in the overlay.
pub(super) fn of_literals(object: &Object, stack: &CheckedStack, home: &str, tree: &mut FileTree) -> SecretArgs {
    let name = name(&object.node);
    let mut arguments = SecretArgs { name: name.to_owned(), ..SecretArgs::default() };
    let secret = stack.secrets().iter().find(|secret| secret.name == name);
    let Some(SecretValues::Literals(values)) = secret.map(|secret| &secret.values) else { return arguments };
    let values = values.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    (arguments.literals, arguments.files) = literals(name, values, home, tree);
    arguments
}
