//! Strategic merge patches, applied to the objects of a build.

use std::borrow::Cow;

use indexmap::IndexMap;
use stack_krm::yaml::{Node, Scalar, Text, Value};
use stack_source::Diagnostic;

use self::silent::Unset;
use super::Places;
use crate::budget::weight;
use crate::error::Result;
use crate::item::Item;
use crate::kyaml::{bare, plain_key, put, set_text, text_of};
use crate::layer::{BuiltIn, Session};
use crate::merge::merge_owned;
use crate::near_object::near_object;
use crate::pool::Pool;
use crate::rules::{PATCH_FAILED, PATCH_TARGET};
use crate::selector::Pattern;

mod silent;

/// What a patch may change of an object's id.
#[derive(Clone, Copy, Default)]
pub(crate) struct Allow {
    pub(super) name: bool,
    pub(super) kind: bool,
}

impl Allow {
    pub(crate) fn new(options: &IndexMap<String, bool>) -> Self {
        let is_set = |key: &str| options.get(key).copied().unwrap_or_default();
        Self { name: is_set("allowNameChange"), kind: is_set("allowKindChange") }
    }
}

/// Applies a patch to the objects that its target selects.
pub(super) fn targeted(
    patch: &Item,
    pattern: &Pattern,
    allow: Allow,
    places: &Places<'_>,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let selected = pattern.targets(places, pool, session)?;
    if !allow.name && !allow.kind {
        silent::warn_of_name(patch, &selected, pattern, pool, session);
    }
    let mut patch = with_texts(patch, &TEXTS);
    if allow.name && !patch.id.name.is_empty() {
        let name = patch.id.name.clone();
        patch.to_mut().set_name(&name);
    }
    into_all(&selected, &patch, allow, pool, session)
}

/// Applies a patch as kustomize does where it puts its list of objects together anew: by the ids that objects have now, which must
/// differ afterwards.
pub(crate) fn into_all(
    selected: &[usize],
    patch: &Item,
    allow: Allow,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let budget = session.budget.spend_for(selected.len(), weight(&patch.node));
    budget.map_err(|why| Diagnostic::new(&PATCH_FAILED, why).at(patch.at.clone()))?;
    let mut places = selected.to_vec();
    for place in selected {
        let id = pool.items()[*place].id.clone();
        places.extend(pool.ever(&id).into_iter().filter(|place| pool.items()[*place].id == id));
    }
    places.sort_unstable();
    places.dedup();
    let mut unset = Unset::default();
    for place in places {
        merge_into(pool, place, patch, allow, &mut unset, session)?;
        // The patch is given the version of the object, also where that has none: in its own quotes.
        let item = pool.item_mut(place);
        if let Some(object) = item.node.as_mapping_mut().filter(|object| object.get("apiVersion").is_none()) {
            let mut version = patch.node.get("apiVersion").cloned().unwrap_or_else(|| bare(""));
            set_text(&mut version, "");
            object.insert(plain_key(&Text::from("apiVersion")), version);
        }
    }
    unset.warn(patch, session);
    pool.check_repeats()
}

/// The fields of metadata that are maps of texts.
pub(crate) const TEXTS: [&str; 2] = ["labels", "annotations"];

/// Labels and annotations of a patch that has a target are texts to kustomize: a `null` sets the text `null`, and the field
/// itself, where it is null or empty, is not there.
pub(crate) fn with_texts<'p>(patch: &'p Item, fields: &[&'static str]) -> Cow<'p, Item> {
    let mut patch = Cow::Borrowed(patch);
    for field in fields {
        if patch.node.at(["metadata", field]).is_some() {
            let texts: Vec<(Text, Text)> =
                patch.texts(field).map(|(key, value)| (key.clone(), value.clone())).collect();
            patch.to_mut().set_texts(field, texts.iter().map(|(key, value)| (key, value)));
        }
    }
    patch
}

/// Applies a patch to the object that it names.
pub(super) fn untargeted(patch: &Item, allow: Allow, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let place = named(patch, pool, session)?;
    let mut unset = Unset::default();
    merge_into(pool, place, patch, allow, &mut unset, session)?;
    unset.warn(patch, session);
    Ok(())
}

/// The object that a patch names.
pub(crate) fn named(patch: &Item, pool: &mut Pool, session: &Session) -> Result<usize> {
    let is_outside = session.schema.as_ref().is_some_and(|schema| schema.is_outside(&patch.id.gvk));
    let id = if is_outside { patch.id.clone().outside_namespaces() } else { patch.id.clone() };
    match pool.ever(&id).as_slice() {
        [place] => Ok(*place),
        [] => {
            let help = near_object(&patch.id, pool.items()).unwrap_or_else(|| {
                format!("take an object `{}` in first, or mend apiVersion, kind, name or namespace", patch.id)
            });
            let message = format!("there is no object `{}` for the patch", patch.id);
            Err(Diagnostic::new(&PATCH_TARGET, message).at(patch.at.clone()).help(help).into())
        }
        several => {
            let message = format!("the patch may mean {} objects `{}`", several.len(), patch.id);
            let diagnostic = Diagnostic::new(&PATCH_TARGET, message).at(patch.at.clone()).help("give it a `target`");
            let one = |place: &usize| pool.items()[*place].at.clone();
            let related = several.iter().fold(diagnostic, |all, place| all.related(one(place), "one of them"));
            Err(related.into())
        }
    }
}

fn merge_into(
    pool: &mut Pool,
    place: usize,
    patch: &Item,
    allow: Allow,
    unset: &mut Unset,
    session: &mut Session,
) -> Result<()> {
    let schema = session.schema();
    session.built_in = BuiltIn::Read;
    let item = pool.item_mut(place);
    let id = item.id.clone();
    // A patch with a target fits objects of other versions too: it counts as one of the object's own.
    let api_version = item.node.get("apiVersion");
    let mut node = Cow::Borrowed(&patch.node);
    if node.get("apiVersion") != api_version
        && let Some(object) = node.to_mut().as_mapping_mut()
    {
        match api_version.cloned() {
            Some(api_version) => object.insert("apiVersion", api_version),
            None => drop(object.remove("apiVersion")),
        }
    }
    if allow.name || allow.kind {
        item.remember();
    }
    let at = |span| patch.place_of(span);
    item.is_as_read = false;
    let comments: Vec<_> = item.comments.iter().chain(&patch.comments).cloned().collect();
    let (merged, oddities) =
        merge_owned(std::mem::take(&mut item.node), &node, &schema, &comments).map_err(|error| {
            let message = format!("the patch does not fit `{id}`: {error}");
            Diagnostic::new(&PATCH_FAILED, message).at(at(error.span)).related(item.at.clone(), "the object")
        })?;
    silent::warn(oddities, patch, (&id, &schema), unset, session);
    let Some(merged) = merged else {
        pool.delete(place);
        return Ok(());
    };
    item.node = merged;
    if forgets(&patch.node) {
        item.forget();
    }
    if let Some(object) = item.node.as_mapping_mut().filter(|_| !allow.kind) {
        put(object, &Text::from("kind"), Value::Scalar(Scalar::plain(id.gvk.kind.clone())).into());
    }
    if !allow.name {
        item.set_name(&id.name);
    }
    item.set_namespace(&id.namespace);
    item.mend_shared();
    pool.changed(place);
    Ok(())
}

/// Whether a patch takes all annotations away, and with them what kustomize keeps there about an object. One that is to take the
/// place of the whole object changes nothing.
fn forgets(patch: &Node) -> bool {
    let says = |node: &Node, wanted: &[&str]| {
        let directive = node.get("$patch").map(text_of);
        directive.is_some_and(|directive| wanted.contains(&directive.as_str()))
    };
    let is_cut = |node: &Node| node.is_null() || says(node, &["delete", "replace"]);
    let metadata = patch.get("metadata");
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    !says(patch, &["replace"]) && (metadata.is_some_and(is_cut) || annotations.is_some_and(is_cut))
}
