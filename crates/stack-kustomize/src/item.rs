//! An object on its way through a build, with what happened to it so far.

use stack_krm::yaml::{Mapping, Node, Scalar, Style, Tag, Text, Value};
use stack_krm::{Gvk, ResourceId};
use stack_source::Locus;

use crate::provenance::Provenance;
use crate::shared::Shared;

/// An object, and what kustomize keeps in annotations while it builds.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) node: Node,
    /// Where it was written.
    pub(crate) at: Locus,
    /// What the node says that it is, kept beside it: it is asked for far more often than it changes.
    pub(crate) id: ResourceId,
    /// What it was before, oldest first.
    pub(crate) former: Vec<ResourceId>,
    pub(crate) prefixes: Vec<Text>,
    pub(crate) suffixes: Vec<Text>,
    pub(crate) wants_hash: bool,
    /// The variables that take their value from it.
    pub(crate) variables: Vec<Text>,
    /// Values that stand in several places.
    pub(crate) shared: Vec<Shared>,
    pub(crate) provenance: Provenance,
    /// A patch has deleted it.
    pub(crate) is_gone: bool,
}

impl Item {
    pub(crate) fn new(node: Node, at: Locus) -> Self {
        let id = id_of(&node);
        Self {
            node,
            at,
            id,
            former: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            wants_hash: false,
            variables: Vec::new(),
            shared: Vec::new(),
            provenance: Provenance::default(),
            is_gone: false,
        }
    }

    /// Takes over what annotations of kustomize's own say about the past of an object: a file may hold what a build has left.
    pub(crate) fn adopt(&mut self) {
        const OWN: &str = "internal.config.kubernetes.io/";
        let annotations = self.texts("annotations");
        let own: Vec<(&str, &Text)> =
            annotations.filter_map(|(key, value)| Some((key.strip_prefix(OWN)?, value))).collect();
        if own.is_empty() {
            return;
        }
        let list = |name: &str| -> Vec<Text> {
            let text = own.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
            text.into_iter().flat_map(|text| text.split(',')).map(Text::from).collect()
        };
        let (names, namespaces, kinds) = (list("previousNames"), list("previousNamespaces"), list("previousKinds"));
        let (prefixes, suffixes) = (list("prefixes"), list("suffixes"));
        let wants_hash = own.iter().any(|(key, value)| *key == "needsHashSuffix" && **value == "enabled");
        let former = names.into_iter().zip(namespaces).zip(kinds);
        let gvk = self.id.gvk.clone();
        self.former = former
            .map(|((name, namespace), kind)| ResourceId::new(Gvk { kind, ..gvk.clone() }, namespace, name))
            .collect();
        self.prefixes = prefixes;
        self.suffixes = suffixes;
        self.wants_hash = wants_hash;
    }

    /// Looks again what the node says; whether it changed.
    pub(crate) fn refresh(&mut self) -> bool {
        let id = id_of(&self.node);
        let is_same = id == self.id && id.namespace == self.id.namespace;
        if !is_same {
            // kustomize stores former kinds, names and namespaces, and takes group and version from the object as it is.
            if id.gvk.group != self.id.gvk.group || id.gvk.version != self.id.gvk.version {
                for former in &mut self.former {
                    let gvk = Gvk { kind: former.gvk.kind.clone(), ..id.gvk.clone() };
                    *former = ResourceId::new(gvk, former.namespace.clone(), former.name.clone());
                }
            }
            self.id = id;
        }
        !is_same
    }

    /// Remembers what it is now, before that changes.
    pub(crate) fn remember(&mut self) {
        let namespace = Text::from(self.id.effective_namespace());
        self.former.push(ResourceId::new(self.id.gvk.clone(), namespace, self.id.name.clone()));
    }

    /// What it was when it was read.
    pub(crate) fn original(&self) -> &ResourceId {
        self.former.first().unwrap_or(&self.id)
    }

    /// All that it ever was, and is.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &ResourceId> {
        self.former.iter().chain([&self.id])
    }

    /// Gives it a name, as kustomize sets one: without quotes.
    pub(crate) fn set_name(&mut self, name: &str) {
        self.set_metadata("name", Value::Scalar(Scalar::plain(name)).into());
    }

    /// Gives it a namespace; none where it is empty.
    pub(crate) fn set_namespace(&mut self, namespace: &str) {
        if !namespace.is_empty() {
            self.set_metadata("namespace", Value::Scalar(Scalar::plain(namespace)).into());
        } else if let Some(metadata) = self.metadata() {
            metadata.remove("namespace");
        }
    }

    fn metadata(&mut self) -> Option<&mut Mapping> {
        self.node.get_mut("metadata").and_then(Node::as_mapping_mut)
    }

    fn set_metadata(&mut self, field: &'static str, value: Node) {
        match self.metadata() {
            Some(metadata) => put(metadata, &Text::from_static(field), value),
            None => {
                if let Some(object) = self.node.as_mapping_mut() {
                    object.insert("metadata", Node::mapping([(field, value)]));
                }
            }
        }
    }

    /// Labels or annotations as texts, whatever they were written as.
    pub(crate) fn texts(&self, field: &str) -> impl Iterator<Item = (&Text, &Text)> {
        let map = self.node.at(["metadata", field]).and_then(Node::as_mapping);
        map.into_iter().flat_map(|map| &map.entries).map(|entry| (&entry.key.scalar.text, text_of(&entry.value)))
    }

    /// Replaces the labels or annotations; without any, the field goes.
    pub(crate) fn set_texts<'t>(&mut self, field: &'static str, texts: impl IntoIterator<Item = (&'t Text, &'t Text)>) {
        let mut map = Mapping::new();
        for (key, value) in texts {
            put(&mut map, key, Node::string(value));
        }
        if let Some(metadata) = self.metadata() {
            metadata.remove(field);
        }
        if !map.is_empty() {
            self.set_metadata(field, Value::Mapping(map).into());
        }
    }
}

/// The text of a scalar; nothing for lists and maps, which have none.
pub(crate) fn text_of(node: &Node) -> &Text {
    static EMPTY: Text = Text::from_static("");
    node.as_scalar().map_or(&EMPTY, |scalar| &scalar.text)
}

fn id_of(node: &Node) -> ResourceId {
    let metadata = node.get("metadata");
    let text = |field| metadata.and_then(|metadata| metadata.get(field)).map(text_of).cloned().unwrap_or_default();
    ResourceId::new(Gvk::of_node(node), text("namespace"), text("name"))
}

/// Puts a value under a key as kyaml does: a new scalar takes over how the old one was written, and a key that it makes is
/// written without quotes, so that `1` becomes a number.
pub(crate) fn put(mapping: &mut Mapping, key: &Text, value: Node) {
    match mapping.get_mut(key) {
        Some(old) => replace(old, value),
        None => mapping.insert(plain_key(key), value),
    }
}

/// A key as kyaml makes one.
pub(crate) fn plain_key(key: &Text) -> stack_krm::yaml::Key {
    stack_krm::yaml::Key { scalar: Scalar::plain(key.clone()), span: stack_source::Span::default() }
}

/// Puts a value in place of another as kyaml does: the style stays. So a number in the place of a quoted text becomes a text.
pub(crate) fn replace(old: &mut Node, mut value: Node) {
    if let (Value::Scalar(was), Value::Scalar(is)) = (&old.value, &mut value.value) {
        is.style = was.style;
        if was.style != Style::Plain && is.tag != Tag::Str && is.tag != Tag::Null {
            is.tag = Tag::Str;
        }
    }
    old.value = value.value;
}

/// Sets the text of a scalar as kyaml does where it gives no type: what it is follows from the text and the quotes.
pub(crate) fn set_text(old: &mut Node, text: &str) {
    let style = old.as_scalar().map_or(Style::Plain, |scalar| scalar.style);
    let mut scalar = Scalar::plain(text);
    if style != Style::Plain {
        scalar.tag = Tag::Str;
        scalar.style = style;
    }
    old.value = Value::Scalar(scalar);
}
