//! An object on its way through a build, with what happened to it so far.

use std::sync::Arc;

use smallvec::SmallVec;
use stack_krm::yaml::{Mapping, Node, Text, Value};
use stack_krm::{Gvk, ResourceId};
use stack_source::{Diagnostic, Locus, Span};
use thin_vec::ThinVec;

use crate::kyaml::{self, NO_TEXT, bare, in_quotes, put, set_text, text_of};
use crate::merge::Comments;
use crate::provenance::Provenance;
use crate::rules::INVALID_OBJECT;
use crate::shared::{BARE, Shared, is_mark};

/// A list that holds one element in nearly all objects: it needs no memory of its own then, of which a tree has hundreds of thousands.
pub(crate) type ShortList<T> = SmallVec<[T; 1]>;

/// An object, and what kustomize keeps in annotations while it builds.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) node: Node,
    /// Where it was written.
    pub(crate) at: Locus,
    /// What the node says that it is, kept beside it: it is asked for far more often than it changes.
    pub(crate) id: ResourceId,
    /// What it was before, oldest first.
    pub(crate) former: ShortList<ResourceId>,
    pub(crate) prefixes: ShortList<Text>,
    pub(crate) suffixes: ShortList<Text>,
    pub(crate) wants_hash: bool,
    pub(crate) is_generated: bool,
    /// An id was to be remembered that had no name.
    pub(crate) was_nameless: bool,
    /// The variables that take their value from it.
    pub(crate) variables: ThinVec<Text>,
    /// Values that stand in several places.
    pub(crate) shared: ShortList<Shared>,
    pub(crate) provenance: Provenance,
    /// A schema says that its kind lives outside namespaces.
    pub(crate) is_outside: bool,
    /// The field that has given it its namespace, by its number among those of the build.
    pub(crate) namespaced_by: Option<usize>,
    /// The schemas in its comments.
    pub(crate) comments: Option<Arc<Comments>>,
    /// A patch has deleted it.
    pub(crate) is_gone: bool,
    /// Whether the spans in the node are places in the file that `at` names. They are not after a patch, which may stand elsewhere.
    pub(crate) is_as_read: bool,
}

impl Item {
    pub(crate) fn new(node: Node, at: Locus) -> Self {
        let id = id_of(&node);
        Self {
            node,
            at,
            id,
            former: ShortList::new(),
            prefixes: ShortList::new(),
            suffixes: ShortList::new(),
            wants_hash: false,
            is_generated: false,
            was_nameless: false,
            variables: ThinVec::new(),
            shared: ShortList::new(),
            provenance: Provenance::default(),
            is_outside: false,
            namespaced_by: None,
            comments: None,
            is_gone: false,
            is_as_read: false,
        }
    }

    /// The place of something in it, or its own where that is not known.
    pub(crate) fn place_of(&self, span: Span) -> Locus {
        match &self.at {
            Locus::File { path, .. } if self.is_as_read && span != Span::default() && !is_mark(span) => {
                Locus::in_file(path.clone(), span)
            }
            at => at.clone(),
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
        let list = |name: &str| -> ShortList<Text> {
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

    fn id_now(&self) -> ResourceId {
        let id = id_of(&self.node);
        if self.is_outside { id.outside_namespaces() } else { id }
    }

    /// Looks again what the node says; whether it changed.
    pub(crate) fn refresh(&mut self) -> bool {
        if is_id_of(&self.id, &self.node) {
            return false;
        }
        let id = self.id_now();
        // kustomize stores former kinds, names and namespaces, and takes group and version from the object as it is.
        if id.gvk.group != self.id.gvk.group || id.gvk.version != self.id.gvk.version {
            for former in &mut self.former {
                let gvk = Gvk { kind: former.gvk.kind.clone(), ..id.gvk.clone() };
                *former = ResourceId::new(gvk, former.namespace.clone(), former.name.clone());
            }
        }
        self.id = id;
        true
    }

    /// Whether kustomize keeps something about it in annotations, which are there then and texts all.
    fn is_annotated(&self) -> bool {
        let affixes = self.prefixes.len() + self.suffixes.len() + self.variables.len();
        !self.former.is_empty() || affixes > 0 || self.is_generated || self.provenance.origin.is_some()
    }

    /// Changes the object as a program does that sees what kustomize keeps in annotations.
    pub(crate) fn with_annotations<T, E>(&mut self, change: impl FnOnce(&mut Node) -> Result<T, E>) -> Result<T, E> {
        self.open_annotations();
        let changed = change(&mut self.node)?;
        self.annotations_to_texts();
        Ok(changed)
    }

    /// Makes annotations for what sees those that kustomize keeps; whether there were none.
    pub(crate) fn open_annotations(&mut self) -> bool {
        let opens = self.is_annotated() && self.node.at(["metadata", "annotations"]).is_none_or(Node::is_null);
        if opens {
            set_metadata(&mut self.node, "annotations", Node::mapping::<&str>([]));
        }
        opens
    }

    /// Annotations become texts, and go where there are none.
    pub(crate) fn annotations_to_texts(&mut self) {
        if self.node.at(["metadata", "annotations"]).is_some() {
            let texts: Vec<(Text, Text)> =
                self.texts("annotations").map(|(key, value)| (key.clone(), value.clone())).collect();
            self.set_texts("annotations", texts.iter().map(|(key, value)| (key, value)));
        }
    }

    /// What kustomize keeps about it in annotations is gone with these.
    pub(crate) fn forget(&mut self) {
        self.id = self.id_now();
        self.former.clear();
        self.prefixes.clear();
        self.suffixes.clear();
        self.wants_hash = false;
        self.is_generated = false;
        self.was_nameless = false;
        self.provenance = Provenance::default();
    }

    /// Remembers what it is now, before that changes.
    pub(crate) fn remember(&mut self) {
        if self.id.name.is_empty() {
            self.was_nameless = true;
            return;
        }
        let mut id = self.id.clone();
        id.namespace = self.id.effective_namespace().clone();
        self.former.push(id);
        // It is remembered in annotations, in the place of what is no map.
        if let Some(metadata) = metadata(&mut self.node)
            && metadata.get("annotations").is_some_and(|annotations| annotations.as_mapping().is_none())
        {
            metadata.remove("annotations");
        }
    }

    /// Kustomize gives up on an object of which it cannot tell what it was: it keeps names, namespaces and kinds in lists that commas
    /// divide, leaves out what is empty, and expects as many of each.
    pub(crate) fn check_names(&self) -> Result<(), Diagnostic> {
        let commas = |text: &Text| text.matches(',').count();
        let is_in_step = |id: &ResourceId| {
            let names = commas(&id.name);
            names == commas(&id.namespace) && names == commas(&id.gvk.kind)
        };
        if self.was_nameless && !self.former.is_empty() {
            return Err(self.nameless());
        }
        let Some(id) = self.former.iter().find(|id| !is_in_step(id)) else { return Ok(()) };
        let message = format!("kustomize cannot rename `{id}`: it keeps what objects were called in lists with commas");
        let help = "take the comma out of its name, namespace or kind: it is written there, or a patch or replacement puts it there";
        Err(Diagnostic::new(&INVALID_OBJECT, message).at(self.at.clone()).help(help))
    }

    /// The fault of an object that has no name any more.
    pub(crate) fn nameless(&self) -> Diagnostic {
        let message = format!("`{}` has lost its name on the way", self.id);
        let help = "a patch or replacement has put no text into `metadata.name`";
        Diagnostic::new(&INVALID_OBJECT, message).at(self.at.clone()).help(help)
    }

    /// What it was when it was read.
    pub(crate) fn original(&self) -> &ResourceId {
        self.former.first().unwrap_or(&self.id)
    }

    /// All that it ever was, and is.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &ResourceId> {
        self.former.iter().chain([&self.id])
    }

    /// Gives it a name, as kustomize sets one: in the quotes of the old one, else in none.
    pub(crate) fn set_name(&mut self, name: impl Into<Text>) {
        self.set_metadata_text("name", name.into());
    }

    /// Gives it a namespace; none where it is empty.
    pub(crate) fn set_namespace(&mut self, namespace: &Text) {
        if !namespace.is_empty() {
            self.set_metadata_text("namespace", namespace.clone());
        } else if let Some(metadata) = metadata(&mut self.node) {
            metadata.remove("namespace");
        }
    }

    fn set_metadata_text(&mut self, field: &'static str, text: Text) {
        match metadata(&mut self.node).and_then(|metadata| metadata.get_mut(field)) {
            Some(old) => set_text(old, text),
            None => set_metadata(&mut self.node, field, in_quotes(bare(text))),
        }
    }

    /// Labels or annotations as texts, whatever they were written as.
    pub(crate) fn texts(&self, field: &str) -> impl Iterator<Item = (&Text, &Text)> {
        texts(&self.node, field)
    }

    /// Replaces the labels or annotations; without any, the field goes.
    pub(crate) fn set_texts<'t>(&mut self, field: &'static str, texts: impl IntoIterator<Item = (&'t Text, &'t Text)>) {
        set_texts(&mut self.node, field, texts);
    }
}

fn metadata(object: &mut Node) -> Option<&mut Mapping> {
    object.get_mut("metadata").and_then(Node::as_mapping_mut)
}

fn set_metadata(object: &mut Node, field: &'static str, value: Node) {
    match metadata(object) {
        Some(metadata) => put(metadata, &Text::from(field), value),
        None => {
            if let Some(object) = object.as_mapping_mut().filter(|object| object.get("metadata").is_none()) {
                object.insert("metadata", Node::mapping([(field, value)]));
            }
        }
    }
}

/// Labels or annotations of an object as texts, whatever they were written as.
pub(crate) fn texts<'n>(object: &'n Node, field: &str) -> impl Iterator<Item = (&'n Text, &'n Text)> + use<'n> {
    let map = object.at(["metadata", field]).and_then(Node::as_mapping);
    map.into_iter().flat_map(|map| &map.entries).map(|entry| (&entry.key.scalar.text, text_of(&entry.value)))
}

/// Replaces the labels or annotations of an object; without any, the field goes.
pub(crate) fn set_texts<'t>(
    object: &mut Node,
    field: &'static str,
    texts: impl IntoIterator<Item = (&'t Text, &'t Text)>,
) {
    let map = kyaml::texts(texts);
    if let Some(metadata) = metadata(object) {
        metadata.remove(field);
    }
    if !map.is_empty() {
        set_metadata(object, field, Value::Mapping(map).into());
    }
}

fn id_of(node: &Node) -> ResourceId {
    let [namespace, name] = ["namespace", "name"].map(|field| metadata_text(node, field).clone());
    ResourceId::new(Gvk::of_node(node), namespace, name)
}

/// Whether a node says that it is this, as [`id_of`] reads it; most often it does.
fn is_id_of(id: &ResourceId, node: &Node) -> bool {
    let text = |key| node.get(key).map_or("", |node| text_of(node));
    id.name == *metadata_text(node, "name")
        && id.namespace == *metadata_text(node, "namespace")
        && id.gvk.kind == text("kind")
        && id.gvk.is_of_api_version(text("apiVersion"))
}

fn metadata_text<'n>(node: &'n Node, field: &str) -> &'n Text {
    // What has no type yet is no null either.
    let node = node.at(["metadata", field]).filter(|node| !node.is_null() || node.span == BARE);
    node.map_or(&NO_TEXT, text_of)
}
