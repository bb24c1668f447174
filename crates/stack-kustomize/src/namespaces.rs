//! Objects that got a namespace although their kind lives outside of all.
//!
//! Kustomize knows that of the kinds of Kubernetes, and takes any other for one that lives inside. The definition of a custom kind
//! says it, but may stand anywhere in a build, so it is asked at the end.

use indexmap::IndexMap;
use stack_krm::yaml::{Node, Text};
use stack_krm::{Gvk, ResourceId};
use stack_source::{Diagnostic, Locus, listed};

use crate::item::Item;
use crate::layer::Session;
use crate::merge::Schema;
use crate::pool::Pool;
use crate::rules::UNEXPECTED;

/// How many objects are named in a message.
const MOST: usize = 3;

/// The fields that have given namespaces to objects.
#[derive(Default)]
pub(crate) struct Namespaces {
    fields: Vec<Locus>,
    /// Whether kinds were among the objects that are not built in.
    has_custom: bool,
}

impl Namespaces {
    /// The number that a field will have.
    pub(crate) fn next(&self) -> usize {
        self.fields.len()
    }

    /// Takes in a field and the types of the objects.
    pub(crate) fn note<'t>(&mut self, at: &Locus, mut types: impl Iterator<Item = &'t Gvk>) {
        self.fields.push(at.clone());
        self.has_custom = self.has_custom || types.any(|gvk| !Schema::is_built_in(gvk));
    }
}

/// Says which custom resources have got a namespace although their definition is in the build and says that they have none.
pub(crate) fn warn(pool: &Pool, session: &mut Session) {
    if !session.namespaces.has_custom {
        return;
    }
    let definitions: IndexMap<_, _> = pool.items().iter().filter_map(outside).collect();
    if definitions.is_empty() {
        return;
    }
    let mut given: IndexMap<(usize, &Gvk, &Text), Vec<&Text>> = IndexMap::new();
    for item in pool.items().iter().filter(|item| !item.id.namespace.is_empty()) {
        let ResourceId { gvk, namespace, name, .. } = &item.id;
        if let Some(field) = item.namespaced_by.filter(|_| definitions.contains_key(&kind(gvk))) {
            given.entry((field, gvk, namespace)).or_default().push(name);
        }
    }
    for ((field, gvk, namespace), names) in given {
        let named = listed(names.iter().take(MOST));
        let more = if names.len() > MOST { ", …" } else { "" };
        let message = format!(
            "`{gvk}` lives outside namespaces, and kustomize puts {named}{more} into `{namespace}`: it does not read definitions"
        );
        let warning = Diagnostic::new(&UNEXPECTED, message).at(session.namespaces.fields[field].clone());
        let warning = warning.related(definitions[&kind(gvk)].clone(), "the definition");
        session.warnings.add(warning.help("list it in a kustomization without `namespace`"));
    }
}

fn kind(gvk: &Gvk) -> (&str, &str) {
    (&gvk.group, &gvk.kind)
}

/// The group and the kind that a definition keeps outside namespaces, and where it says so.
fn outside(item: &Item) -> Option<((&str, &str), Locus)> {
    if item.id.gvk.kind != "CustomResourceDefinition" {
        return None;
    }
    let spec = item.node.get("spec")?;
    let text = |path: &[&'static str]| spec.at(path.iter().copied()).and_then(Node::as_str);
    let scope = spec.get("scope").filter(|scope| scope.as_str() == Some("Cluster"))?;
    Some(((text(&["group"])?, text(&["names", "kind"])?), item.place_of(scope.span)))
}
