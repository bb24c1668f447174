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
use crate::item::Item;
use crate::kustomization::File;
use crate::kyaml::put;
use crate::layer::Session;
use crate::pool::Pool;
use crate::provenance::list;
use crate::rules::{DUPLICATE_OBJECT, INVALID_OBJECT, PRECISION, UNPRINTABLE};
use crate::transform::specs::change;

const NAMELESS: &str = "a patch or replacement has put no text into `metadata.name`";

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

/// The objects, in order. A node that a patch or a generator has made does not say where it stands.
pub(super) fn finish(pool: Pool, file: &File, options: &BuildOptions, session: &mut Session) -> Result<ResourceSet> {
    let mut items: Vec<Item> = pool.into_items();
    if let Some(item) = items.iter().find(|item| item.id.name.is_empty() && !item.id.gvk.is_list()) {
        let message = format!("`{}` has lost its name on the way", item.id);
        return Err(Diagnostic::new(&INVALID_OBJECT, message).at(item.at.clone()).help(NAMELESS).into());
    }
    if items.iter().any(is_local) {
        // A local object goes away by its id: where another has the same, both stay, and are refused below.
        let lasting: BTreeSet<ResourceId> =
            items.iter().filter(|item| !is_local(item)).map(|item| item.id.clone()).collect();
        let mut gone: BTreeMap<&ResourceId, &Item> = BTreeMap::new();
        for item in items.iter().filter(|item| !lasting.contains(&item.id)) {
            if let Some(first) = gone.insert(&item.id, item) {
                let message = format!("the local object `{}` is there twice", item.id);
                let diagnostic = Diagnostic::new(&DUPLICATE_OBJECT, message).at(item.at.clone());
                return Err(diagnostic.related(first.at.clone(), "it is here already").into());
            }
        }
        items.retain(|item| lasting.contains(&item.id));
    }
    let wanted = sorting::order(file, options)?;
    let metadata = &file.kustomization.build_metadata;
    let has = |option: &str| metadata.iter().any(|known| known == option);
    let (origins, transformations, managed_by) =
        (has("originAnnotations"), has("transformerAnnotations"), has("managedByLabel") || options.managed_by_label);
    let places =
        wanted.map_or_else(|| (0..items.len()).collect(), |order| order.places(items.iter().map(|item| &item.id)));
    let mut resources = ResourceSet::with_capacity(items.len());
    let mut rounded = Vec::new();
    for place in places {
        let item = &mut items[place];
        if managed_by {
            manage(item)?;
        }
        annotate(item, origins, transformations);
        if let Some(object) = item.node.as_mapping_mut().filter(|object| object.get("metadata").is_none()) {
            // Only a list may have none; kustomize leaves it an empty one.
            object.insert("metadata", Node::mapping::<&str>([]));
        }
        item.node.settle();
        check(&item.node, item, true, &mut rounded)?;
        for (text, span) in rounded.drain(..) {
            let message =
                format!("`{text}` of `{}` loses digits: it has more than 64 bits, and becomes a float", item.id);
            session.warn(&PRECISION, message, &item.place_of(span), "put it in quotes, if the field may hold a text");
        }
        if !item.is_as_read {
            item.node.span = Span::default();
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

/// Checks that an object can be written as JSON and read again, as the configurations of plugins are.
pub(super) fn check_json(item: &Item) -> Result<()> {
    check(&item.node, item, true, &mut Vec::new())?;
    print(&item.node, &PrintOptions::KUSTOMIZE, &mut String::new()).map_err(|error| {
        let message = format!("`{}` cannot be read: {error}", item.id);
        Diagnostic::new(&UNPRINTABLE, message).at(item.place_of(error.span)).into()
    })
}

fn is_local(item: &Item) -> bool {
    item.texts("annotations").any(|(key, value)| *key == LOCAL && *value != "false")
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
fn annotate(item: &mut Item, origins: bool, transformations: bool) {
    if item.node.at(["metadata", "annotations"]).is_none() && !origins && !transformations {
        return;
    }
    let is_kept = |key: &Text| !INTERNAL.contains(&key.as_str()) && *key != ORIGIN && *key != TRANSFORMATIONS;
    let mut texts: Vec<(Text, Text)> = item
        .texts("annotations")
        .filter(|(key, _)| is_kept(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if let Some(origin) = item.provenance.origin.as_ref().filter(|_| origins) {
        texts.push((Text::from(ORIGIN), origin.to_yaml().into()));
    }
    if transformations && !item.provenance.transformations.is_empty() {
        texts.push((Text::from(TRANSFORMATIONS), list(&item.provenance.transformations).into()));
    }
    item.set_texts("annotations", texts.iter().map(|(key, value)| (key, value)));
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
