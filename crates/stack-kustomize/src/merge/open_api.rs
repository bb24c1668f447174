//! A schema of one's own: the file that `openapi.path` names.

use indexmap::IndexSet;
use stack_krm::Gvk;
use stack_krm::yaml::{Limits, Mapping, Node, ReadError, Text, read};

use crate::json_text;

use super::schema::{Draft, Kinds, Schema, kubernetes};

const STRATEGY: &str = "x-kubernetes-patch-strategy";
const MERGE_KEY: &str = "x-kubernetes-patch-merge-key";
const MAP_KEYS: &str = "x-kubernetes-list-map-keys";
const TYPES: &str = "x-kubernetes-group-version-kind";

impl Schema {
    /// Reads an `OpenAPI` document, JSON or YAML: what it does not define is unknown.
    pub(crate) fn read(text: &str) -> Result<Self, ReadError> {
        let root = root(text)?;
        let (draft, kinds) = definitions(&root);
        Ok(Self::connect(&draft, kinds).with_outside(outside(&root)))
    }

    /// Reads an `OpenAPI` document before what kustomize has built in, which wins where both define a type.
    pub(crate) fn read_before_kubernetes(text: &str) -> Result<Self, ReadError> {
        let root = root(text)?;
        Ok(Self::one_after_other(definitions(&root), kubernetes()).with_outside(outside(&root)))
    }

    /// Reads an `OpenAPI` document after what kustomize has built in: it wins where both define a type.
    pub(crate) fn read_after_kubernetes(text: &str) -> Result<Self, ReadError> {
        let root = root(text)?;
        Ok(Self::one_after_other(kubernetes(), definitions(&root)).with_outside(outside(&root)))
    }

    /// The schema of one type that the built-in ones do not know; what it refers to may be one of those.
    pub(super) fn of_field(name: &Text, definition: &Node) -> Self {
        let mut draft = Draft::new();
        add(name, definition, &mut draft);
        Self::connect_beside_kubernetes(&draft, [(Text::default(), name.clone(), name.clone())])
    }

    fn one_after_other((mut draft, mut kinds): (Draft, Kinds), (later, later_kinds): (Draft, Kinds)) -> Self {
        draft.extend(later);
        kinds.extend(later_kinds);
        Self::connect(&draft, kinds)
    }
}

fn root(text: &str) -> Result<Node, ReadError> {
    let documents = read(&json_text::definitions(text)?, &Limits::default())?;
    let mut root = documents.into_iter().next().map_or_else(Node::null, |document| document.root);
    root.keep_last_of_equal_keys();
    Ok(root)
}

fn gvk(node: &Node) -> Gvk {
    let part = |key| node.get(key).and_then(Node::as_str).unwrap_or_default();
    Gvk::new(part("group"), part("version"), part("kind"))
}

/// The types that can be read, and never from a namespace.
fn outside(root: &Node) -> IndexSet<Gvk> {
    let paths = root.get("paths").and_then(Node::as_mapping);
    let (mut inside, mut outside) = (IndexSet::new(), IndexSet::new());
    for (path, operations) in paths.into_iter().flat_map(Mapping::iter) {
        if let Some(node) = operations.at(["get", TYPES]) {
            let set = if path.contains("namespaces/{namespace}") { &mut inside } else { &mut outside };
            set.insert(gvk(node));
        }
    }
    outside.retain(|gvk| !inside.contains(gvk));
    outside
}

fn definitions(root: &Node) -> (Draft, Kinds) {
    let mut draft = Draft::new();
    let mut kinds = Vec::new();
    for (name, definition) in root.get("definitions").and_then(Node::as_mapping).into_iter().flat_map(Mapping::iter) {
        let name = short(name);
        add(&name, definition, &mut draft);
        for node in definition.get(TYPES).and_then(Node::as_sequence).unwrap_or_default() {
            let gvk = gvk(node);
            kinds.push((Text::from(gvk.api_version()), gvk.kind, name.clone()));
        }
    }
    (draft, kinds)
}

/// A definition's name, for those of Kubernetes as the table of the built-in ones has it.
fn short(name: &str) -> Text {
    const PREFIXES: [&str; 4] = [
        "io.k8s.api.",
        "io.k8s.apimachinery.pkg.apis.",
        "io.k8s.kube-aggregator.pkg.apis.",
        "io.k8s.apiextensions-apiserver.pkg.apis.",
    ];
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name).into()
}

/// Adds a definition, and those that are written inside it under names of their own.
fn add(name: &Text, definition: &Node, draft: &mut Draft) {
    let properties = definition.get("properties").and_then(Node::as_mapping);
    let mut fields = Vec::new();
    for (field, property) in properties.into_iter().flat_map(Mapping::iter) {
        let is_list = property.get("type").and_then(Node::as_str) == Some("array");
        let inner = if is_list { property.get("items") } else { Some(property) };
        let of = inner.map_or_else(Text::default, |inner| match inner.get("$ref").and_then(Node::as_str) {
            Some(reference) => short(reference.rsplit('/').next().unwrap_or(reference)),
            None if inner.get("properties").is_some() => {
                let name = Text::from(format!("{name}/{field}"));
                add(&name, inner, draft);
                name
            }
            None => Text::default(),
        });
        let keys = if is_list { keys(property) } else { None };
        if !is_list || keys.is_some() {
            fields.push((Text::from(field), keys, of));
        }
    }
    draft.insert(name.clone(), fields);
}

/// The keys by which a list is merged, where it is.
fn keys(property: &Node) -> Option<Vec<Text>> {
    let strategy = property.get(STRATEGY).and_then(Node::as_str)?;
    if !strategy.split(',').any(|strategy| strategy == "merge") {
        return None;
    }
    if let Some(keys) = property.get(MAP_KEYS).and_then(Node::as_sequence) {
        return Some(keys.iter().filter_map(Node::as_str).map(Text::from).collect());
    }
    Some(property.get(MERGE_KEY).and_then(Node::as_str).map(Text::from).into_iter().collect())
}
