//! Names that follow: where an object names another one that has been renamed, the name is mended.
//!
//! This happens once, at the very end. Kustomize looks at every object for every field of every spec; here the specs of a type are
//! one tree of fields, walked once for each object, and candidates are looked up by what they were called.

use stack_krm::Gvk;
use stack_krm::yaml::{Node, Sequence, Tag, Text, Value};

use self::candidates::{Candidates, Field, Left, Referrer};
use self::tree::{Tree, tree};
use crate::error::Result;
use crate::field_path::DeadEnd;
use crate::field_specs::Configuration;
use crate::id_map::IdMap;
use crate::item::Item;
use crate::kyaml::{put, replace, string, text_of};
use crate::layer::{Session, dead_end};
use crate::merge::Schema;
use crate::pool::Pool;
use crate::rules::{NAME_LEFT, UNEXPECTED};
use crate::shared::is_shared;

mod candidates;
mod custom;
mod mention;
mod misspelt;
mod names;
mod slips;
mod tree;

/// What follows the names of an object: it gets the object, and beside it what that holds.
pub(crate) type Then<'t> = dyn FnMut(&Item, &mut Node, &mut Session) -> Result<()> + 't;

/// Mends every name that a field spec leads to, and does to each object what is to follow.
pub(crate) fn mend(
    pool: &mut Pool,
    configuration: &Configuration,
    session: &mut Session,
    then: &mut Then<'_>,
) -> Result<()> {
    let items = pool.items_to_rename();
    // What the objects are called is looked at while what they hold is changed.
    let mut nodes = Vec::with_capacity(items.len());
    for item in items.iter_mut() {
        item.check_names()?;
        check_subjects(item)?;
        nodes.push(std::mem::take(&mut item.node));
    }
    let mended = mend_all(&mut nodes, items, configuration, session, then)?;
    for (item, node) in items.iter_mut().zip(nodes) {
        item.node = node;
    }
    for (place, is_shared) in mended {
        let item = &mut items[place];
        if is_shared {
            item.mend_shared();
            let mut node = std::mem::take(&mut item.node);
            then(item, &mut node, session)?;
            item.node = node;
        }
        item.refresh();
    }
    Ok(())
}

/// Mends the names in all objects; the places of those that have changed, and whether a name may stand in several places. What is to
/// follow has to wait in these.
fn mend_all(
    nodes: &mut [Node],
    items: &[Item],
    configuration: &Configuration,
    session: &mut Session,
    then: &mut Then<'_>,
) -> Result<Vec<(usize, bool)>> {
    let mut known: IdMap<&Gvk, Tree> = IdMap::default();
    let mut unknown: IdMap<&Gvk, Unknown> = IdMap::default();
    let candidates = Candidates::new(items);
    let mut mended = Vec::new();
    for (place, (item, node)) in items.iter().zip(nodes).enumerate() {
        let tree = known.entry(&item.original().gvk).or_insert_with_key(|gvk| tree(configuration, gvk));
        let unknown = unknown.entry(&item.id.gvk).or_insert_with_key(|gvk| Unknown::of(gvk, &candidates));
        if tree.is_empty() && unknown.is_empty() {
            then(item, node, session)?;
            continue;
        }
        let referrer = Referrer::new(&candidates, item, node);
        let result = walk(node, tree, &referrer);
        look(node, &unknown.fields, &referrer);
        if unknown.is_custom {
            custom::look(node, tree, &referrer);
        }
        warn(&referrer, item, session);
        result.map_err(|(error, path)| dead_end(&error, &path, item))?;
        if referrer.may_slip.get() {
            slips::warn(node, tree, &referrer, session);
        }
        let has_mended_shared = referrer.has_mended_shared.get();
        if referrer.has_mended.get() {
            mended.push((place, has_mended_shared));
        }
        if !has_mended_shared {
            then(item, node, session)?;
        }
    }
    Ok(mended)
}

/// Where objects of a type may name others without kustomize knowing of it.
struct Unknown {
    fields: Tree,
    /// No spec of Kubernetes says which fields it has, and there are renamed objects that they may name.
    is_custom: bool,
}

impl Unknown {
    fn of(gvk: &Gvk, candidates: &Candidates<'_>) -> Self {
        let is_custom = candidates.has_former() && !Schema::is_built_in(gvk);
        Self { fields: tree(Configuration::unfollowed(), gvk), is_custom }
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && !self.is_custom
    }
}

/// Says what became of names that mean something else.
fn warn(referrer: &Referrer<'_>, item: &Item, session: &mut Session) {
    for Left { name, span, meant, field } in referrer.left.take() {
        let id = &item.id;
        let what = format!("`{name}` stays as it is in `{id}`, and the object of that name is `{}` now", meant.id);
        let help = match field {
            None => "kustomize follows a name inside one namespace, and only where one object is meant".to_owned(),
            Some(Field { path, kind }) => format!(
                "kustomize does not know this field: add `{{kind: {kind}, fieldSpecs: [{{kind: {}, path: {path}}}]}}` under \
                 `nameReference` in a file that `configurations` lists",
                id.gvk.kind
            ),
        };
        session.warn(&NAME_LEFT, what, &item.place_of(span), &help);
    }
    for (kind, name, span) in referrer.misled.take() {
        let what = format!("the {kind} `{name}` gets the name of an account: kustomize does not look at its kind");
        session.warn(&UNEXPECTED, what, &item.place_of(span), "give the account another name");
    }
}

/// An account that a role binding names by a namespace that is no text has kustomize give up.
fn check_subjects(item: &Item) -> Result<()> {
    if item.id.gvk.kind != "RoleBinding" || item.id.is_cluster_scoped() {
        return Ok(());
    }
    let subjects = item.node.get("subjects").and_then(Node::as_sequence).unwrap_or_default();
    let is_account = |subject: &&Node| subject.get("kind").is_some_and(|kind| *text_of(kind) == "ServiceAccount");
    let namespaces = subjects.iter().filter(is_account).filter_map(|subject| subject.get("namespace"));
    match namespaces.into_iter().find(|namespace| namespace.as_str().is_none()) {
        None => Ok(()),
        Some(namespace) => {
            let error =
                DeadEnd::because(namespace, format!("expected the name of a namespace, found {}", namespace.kind()));
            Err(dead_end(&error, "subjects/namespace", item))
        }
    }
}

type Fault = (DeadEnd, Text);

fn walk(node: &mut Node, tree: &Tree, referrer: &Referrer<'_>) -> Result<(), Fault> {
    for (path, target) in &tree.targets {
        mend_value(node, target, path, referrer).map_err(|error| (error, path.clone()))?;
    }
    if tree.is_leaf() {
        return Ok(());
    }
    match &mut node.value {
        Value::Sequence(nodes) => nodes.iter_mut().try_for_each(|node| walk_fields(node, tree, referrer)),
        _ => walk_fields(node, tree, referrer),
    }
}

/// Notes names in fields that are not followed.
fn look(node: &Node, tree: &Tree, referrer: &Referrer<'_>) {
    match &node.value {
        Value::Sequence(nodes) => nodes.iter().for_each(|node| look(node, tree, referrer)),
        Value::Mapping(map) => {
            for (key, inner) in &tree.fields {
                if let Some(node) = map.get(key) {
                    look(node, inner, referrer);
                }
            }
        }
        Value::Scalar(_) => {
            tree.targets.iter().for_each(|(path, target)| referrer.note_left(node, target, None, Some(path)));
        }
    }
}

fn walk_fields(node: &mut Node, tree: &Tree, referrer: &Referrer<'_>) -> Result<(), Fault> {
    match &mut node.value {
        Value::Sequence(nodes) => nodes.iter_mut().try_for_each(|node| walk_fields(node, tree, referrer)),
        Value::Mapping(map) => {
            for (key, inner) in &tree.fields {
                if let Some(node) = map.get_mut(key) {
                    if inner.is_list && node.is_null() {
                        node.value = Value::Sequence(Sequence::default());
                    }
                    walk(node, inner, referrer)?;
                }
            }
            match &tree.dead_end {
                Some((step, path)) => step.dead_end(node).map_or(Ok(()), |error| Err((error, path.clone()))),
                None => Ok(()),
            }
        }
        Value::Scalar(scalar) if scalar.tag == Tag::Null => Ok(()),
        Value::Scalar(_) => Err((DeadEnd::at(node), tree.example())),
    }
}

/// Mends a name, a map that holds one, or each of a list of either.
fn mend_value(node: &mut Node, target: &Gvk, path: &str, referrer: &Referrer<'_>) -> Result<(), DeadEnd> {
    match &mut node.value {
        Value::Scalar(scalar) if scalar.tag == Tag::Null => Ok(()),
        Value::Scalar(_) => mend_name(node, target, path, referrer),
        Value::Mapping(_) => mend_map(node, target, path, referrer),
        Value::Sequence(nodes) => nodes.iter_mut().try_for_each(|node| match &node.value {
            Value::Scalar(scalar) if scalar.tag == Tag::Null => Ok(()),
            Value::Scalar(_) => mend_name(node, target, path, referrer),
            Value::Mapping(_) => mend_map(node, target, path, referrer),
            Value::Sequence(_) => Err(DeadEnd::because(node, "expected a name, found a list".to_owned())),
        }),
    }
}

fn mend_name(node: &mut Node, target: &Gvk, path: &str, referrer: &Referrer<'_>) -> Result<(), DeadEnd> {
    let found = referrer.find(text_of(node), target, path, None, |a, b| a.id.name == b.id.name);
    match found.map_err(|why| DeadEnd::ambiguous(node, why))? {
        Some(item) if item.id.name != *text_of(node) => {
            referrer.has_mended.set(true);
            if is_shared(node.span) {
                referrer.has_mended_shared.set(true);
            }
            replace(node, plain(&item.id.name));
        }
        Some(_) => {}
        None => {
            referrer.note_left(node, target, None, None);
            referrer.note_unmet(text_of(node), target, path);
        }
    }
    Ok(())
}

fn mend_map(node: &mut Node, target: &Gvk, path: &str, referrer: &Referrer<'_>) -> Result<(), DeadEnd> {
    let Some(name) = node.get("name") else {
        return Err(DeadEnd::because(node, "expected a map with a `name`".to_owned()));
    };
    let name = text_of(name).clone();
    let namespace = node.get("namespace").map(text_of).cloned();
    let same = |a: &Item, b: &Item| a.id.name == b.id.name && a.id.namespace == b.id.namespace;
    let found = referrer.find(&name, target, path, namespace.as_ref(), same);
    let Some(item) = found.map_err(|why| DeadEnd::ambiguous(node, why))? else {
        referrer.note_unmet(&name, target, path);
        return Ok(());
    };
    if item.id.name == name && item.id.namespace.is_empty() {
        return Ok(());
    }
    let kind = node.get("kind").map(text_of).filter(|kind| target.kind == "ServiceAccount" && **kind != target.kind);
    if let Some(kind) = kind.filter(|_| item.id.name != name) {
        referrer.misled.borrow_mut().push((kind.clone(), name.clone(), node.span));
    }
    referrer.has_mended.set(true);
    // What stands under `name` and `namespace` may be a label's value that stands elsewhere, too.
    referrer.has_mended_shared.set(true);
    if let Some(map) = node.as_mapping_mut() {
        put(map, &Text::from("name"), plain(&item.id.name));
        if !item.id.namespace.is_empty() {
            let of = if map.get("namespace").is_some() { plain } else { string };
            put(map, &Text::from("namespace"), of(&item.id.namespace));
        }
    }
    Ok(())
}

fn plain(text: &Text) -> Node {
    Value::Scalar(stack_krm::yaml::Scalar::plain(text.clone())).into()
}
