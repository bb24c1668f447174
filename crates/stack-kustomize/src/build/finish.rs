//! The end of a build: what stays local goes, objects are sorted and made printable.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use indexmap::IndexSet;
use stack_krm::yaml::{Node, PrintOptions, Scalar, Tag, Text, Value, print};
use stack_krm::{Gvk, Resource, ResourceId, ResourceSet};
use stack_source::{Diagnostic, Span};

use super::{BuildOptions, sorting};
use crate::error::Result;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::Spec;
use crate::fits;
use crate::id_map::FEW;
use crate::item::{Item, set_texts, texts};
use crate::kustomization::File;
use crate::kyaml::put;
use crate::layer::Session;
use crate::pool::Pool;
use crate::provenance::{Provenance, list};
use crate::rules::{DUPLICATE_OBJECT, INVALID_OBJECT, PRECISION, UNPRINTABLE};
use crate::transform::specs::change;

/// Objects with it are there for a build only.
const LOCAL: &str = "config.kubernetes.io/local-config";
const ORIGIN: &str = "config.kubernetes.io/origin";
const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// Annotations that kustomize keeps for itself while it builds; an author's go with them.
const INTERNAL: [&str; 18] = [
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
];

/// The last form of objects, each by itself.
pub(super) struct Completion {
    origins: bool,
    transformations: bool,
    managed_by: bool,
    /// Whether there was an object that stays local.
    has_local: bool,
    rounded: Vec<Rounded>,
}

impl Completion {
    pub(super) fn new(file: &File, options: &BuildOptions) -> Self {
        let has = |option| file.kustomization.build_metadata.iter().any(|known| known == option);
        let (origins, transformations) = (has("originAnnotations"), has("transformerAnnotations"));
        let managed_by = has("managedByLabel") || options.managed_by_label;
        Self { origins, transformations, managed_by, has_local: false, rounded: Vec::new() }
    }

    /// Makes an object printable, of which the content stands beside it.
    pub(super) fn complete(&mut self, item: &Item, node: &mut Node, session: &mut Session) -> Result<()> {
        if is_local(node) {
            // It goes, or is refused where another has its id.
            self.has_local = true;
            return Ok(());
        }
        annotate(node, &item.provenance, self.origins, self.transformations);
        if let Some(object) = node.as_mapping_mut().filter(|object| object.get("metadata").is_none()) {
            // Only a list may have none; kustomize leaves it an empty one.
            object.insert("metadata", Node::mapping::<&str>([]));
        }
        if self.managed_by
            && let Some(labels) = node.get_mut("metadata").and_then(|metadata| metadata.get_mut("labels"))
            && labels.is_null()
        {
            // Left empty in braces, they would become a text before the label comes.
            *labels = Node::mapping::<&str>([]);
        }
        node.settle();
        check(node, item, true, &mut self.rounded)?;
        for (text, span) in self.rounded.drain(..) {
            let message =
                format!("`{text}` of `{}` loses digits: it has more than 64 bits, and becomes a float", item.id);
            session.warn(&PRECISION, message, &item.place_of(span), "put it in quotes, if the field may hold a text");
        }
        if !item.is_as_read {
            node.span = Span::default();
        }
        Ok(())
    }

    /// The same for all objects.
    pub(super) fn complete_all(&mut self, pool: &mut Pool, session: &mut Session) -> Result<()> {
        for item in pool.items_mut() {
            let mut node = std::mem::take(&mut item.node);
            self.complete(item, &mut node, session)?;
            item.node = node;
        }
        Ok(())
    }
}

/// The completed objects, in order. A node that a patch or a generator has made does not say where it stands.
pub(super) fn finish(pool: Pool, completion: &Completion, file: &File, options: &BuildOptions) -> Result<ResourceSet> {
    let mut items: Vec<Item> = pool.into_items();
    if let Some(item) = items.iter().find(|item| item.id.name.is_empty() && !item.id.gvk.is_list()) {
        return Err(item.nameless().into());
    }
    if completion.has_local {
        without_local(&mut items)?;
    }
    let order = sorting::order(file, options)?;
    let places =
        order.map_or_else(|| (0..items.len()).collect(), |order| order.places(items.iter().map(|item| &item.id)));
    let mut resources = ResourceSet::with_capacity(items.len());
    for place in places {
        let item = &mut items[place];
        if completion.managed_by {
            manage(item)?;
        }
        let resource =
            Resource::new(std::mem::take(&mut item.node), std::mem::take(&mut item.at)).map_err(|error| {
                Diagnostic::new(&INVALID_OBJECT, error.to_string()).at(error.at).help("a patch has taken it away")
            })?;
        resources.insert(resource).map_err(|error| {
            let message = format!("the object `{}` is there twice", error.id);
            Diagnostic::new(&DUPLICATE_OBJECT, message).at(error.second).related(error.first, "it is here already")
        })?;
    }
    Ok(resources)
}

/// Lets go of local objects. One goes away by its id: where another has the same, both stay, and are refused later.
fn without_local(items: &mut Vec<Item>) -> Result<()> {
    let lasting: BTreeSet<ResourceId> =
        items.iter().filter(|item| !is_local(&item.node)).map(|item| item.id.clone()).collect();
    let mut gone: BTreeMap<&ResourceId, &Item> = BTreeMap::new();
    for item in items.iter().filter(|item| !lasting.contains(&item.id)) {
        if let Some(first) = gone.insert(&item.id, item) {
            let message = format!("the local object `{}` is there twice", item.id);
            let diagnostic = Diagnostic::new(&DUPLICATE_OBJECT, message).at(item.at.clone());
            return Err(diagnostic.related(first.at.clone(), "it is here already").into());
        }
    }
    items.retain(|item| lasting.contains(&item.id));
    Ok(())
}

/// Checks that an object can be written as JSON and read again, as the configurations of plugins are.
pub(super) fn check_json(item: &Item) -> Result<()> {
    check(&item.node, item, true, &mut Vec::new())?;
    print(&item.node, &PrintOptions::KUSTOMIZE, &mut String::new()).map_err(|error| {
        let message = format!("`{}` cannot be read: {error}", item.id);
        Diagnostic::new(&UNPRINTABLE, message).at(item.place_of(error.span)).into()
    })
}

fn is_local(object: &Node) -> bool {
    texts(object, "annotations").any(|(key, value)| *key == LOCAL && *value != "false")
}

/// The label that says who made the object. Inside kubectl, kustomize does not know its own version.
fn manage(item: &mut Item) -> Result<()> {
    static LABELS: LazyLock<Spec> = LazyLock::new(|| Spec::new(Gvk::default(), Text::from("metadata/labels"), true));
    let key = Text::from("app.kubernetes.io/managed-by");
    change(item, &LABELS, Make::Map, |labels| match &mut labels.value {
        Value::Mapping(labels) => {
            put(labels, &key, Node::string("kustomize-(devel)"));
            Ok(())
        }
        _ => Err(DeadEnd::because(labels, format!("expected a map, found {}", labels.kind()))),
    })
}

/// Brings annotations into their last form: all of them texts, those of kustomize gone, those of `buildMetadata` there.
fn annotate(object: &mut Node, provenance: &Provenance, origins: bool, transformations: bool) {
    if object.at(["metadata", "annotations"]).is_none() && !origins && !transformations {
        return;
    }
    let is_kept = |key: &Text| !INTERNAL.contains(&key.as_str()) && *key != ORIGIN && *key != TRANSFORMATIONS;
    let mut annotations: Vec<(Text, Text)> = texts(object, "annotations")
        .filter(|(key, _)| is_kept(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if let Some(origin) = provenance.origin.as_ref().filter(|_| origins) {
        annotations.push((Text::from(ORIGIN), origin.to_yaml().into()));
    }
    if transformations && !provenance.transformations.is_empty() {
        annotations.push((Text::from(TRANSFORMATIONS), list(&provenance.transformations).into()));
    }
    set_texts(object, "annotations", annotations.iter().map(|(key, value)| (key, value)));
}

/// Checks that an object can pass JSON: its keys are strings and differ. At the top, kustomize takes the text of any key.
fn check(node: &Node, item: &Item, is_top: bool, rounded: &mut Vec<Rounded>) -> Result<()> {
    match &node.value {
        Value::Scalar(scalar) => {
            if is_rounded(scalar) {
                rounded.push((scalar.text.clone(), node.span));
            }
            fits::check(node, item)
        }
        Value::Sequence(list) => list.iter().try_for_each(|node| check(node, item, false, rounded)),
        Value::Mapping(map) => {
            let mut seen: Option<IndexSet<&str>> = (map.len() > FEW).then(IndexSet::new);
            for (index, entry) in map.entries.iter().enumerate() {
                let key = entry.key.as_str();
                if entry.key.scalar.tag != Tag::Str && (!is_top || entry.key.scalar.tag == Tag::Null) {
                    let message = format!("`{}` has the key `{key}`, which is no string", item.id);
                    return Err(unprintable(
                        message,
                        entry.key.span,
                        item,
                        if key.is_empty() { "use another key" } else { "put it in quotes" },
                    )
                    .into());
                }
                let is_known = match &mut seen {
                    Some(seen) => !seen.insert(key),
                    None => map.entries[..index].iter().any(|known| known.key.as_str() == key),
                };
                if is_known {
                    let message = format!("`{}` has the key `{key}` twice in one map", item.id);
                    let help = if is_top && matches!(key, "apiVersion" | "kind") {
                        "write `---` on a line before it if another object begins here, or keep one of them"
                    } else {
                        "keep one of them"
                    };
                    return Err(unprintable(message, entry.key.span, item, help).into());
                }
                check(&entry.value, item, false, rounded)?;
            }
            Ok(())
        }
    }
}

/// The text of an integer that is printed as a float, and its place.
type Rounded = (Text, Span);

/// Whether a number is an integer that is too long for one.
fn is_rounded(scalar: &Scalar) -> bool {
    /// As many digits fit always.
    const FIT: usize = 18;
    scalar.tag == Tag::Float
        && scalar.text.len() > FIT
        && scalar.text.trim_start_matches(['+', '-']).bytes().all(|byte| byte.is_ascii_digit())
}

fn unprintable(message: String, span: Span, item: &Item, help: &str) -> Diagnostic {
    Diagnostic::new(&UNPRINTABLE, message).at(item.place_of(span)).help(help)
}
