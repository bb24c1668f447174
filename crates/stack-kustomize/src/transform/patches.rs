//! `patches`.

use std::borrow::Cow;

use indexmap::IndexMap;
use stack_krm::yaml::{Node, Scalar, Text, Value};
use stack_source::{Diagnostic, Locus, Span, TreePath, nearest};

use crate::documents::{Source, documents};
use crate::error::Result;
use crate::fits;
use crate::item::Item;
use crate::json_patch::{Added, JsonPatch};
use crate::kustomization::{Patch, Step};
use crate::kyaml::{bare, plain_key, put, text_of};
use crate::layer::{BuiltIn, Layer, Session};
use crate::load::Place;
use crate::merge::merge_owned;
use crate::objects::objects_of;
use crate::pool::Pool;
use crate::provenance::Provenance;
use crate::rules::{INVALID_PATCH, NO_EFFECT, PATCH_FAILED, PATCH_TARGET, PRECISION, UNEXPECTED};
use crate::selector::Pattern;

use self::silent::Unset;

mod silent;

pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    for (index, patch) in layer.kustomization().patches.iter().enumerate() {
        let places = Places::of(layer, "patches", index);
        apply_one(patch, &layer.place, &places, pool, session)?;
        layer.done("PatchTransformer", pool, session);
    }
    Ok(())
}

/// Where an entry and its parts stand.
pub(crate) struct Places {
    pub(crate) entry: Locus,
    pub(crate) text: Locus,
    pub(crate) target: Locus,
}

impl Places {
    pub(crate) fn of(layer: &Layer<'_>, field: &str, index: usize) -> Self {
        let inner = |key| layer.file.at(&[Step::Key(field), Step::Index(index), Step::Key(key)]);
        Self { entry: layer.file.entry(field, index), text: inner("patch"), target: inner("target") }
    }
}

/// What an entry holds.
enum Content {
    Merge(Vec<Item>),
    Json(JsonPatch),
}

fn refuse<T>(message: String, at: &Locus, help: &str) -> Result<T> {
    let diagnostic = Diagnostic::new(&INVALID_PATCH, message).at(at.clone());
    Err(if help.is_empty() { diagnostic } else { diagnostic.help(help) }.into())
}

/// The text of a patch and the file that it stands in, where it has one.
pub(crate) fn text_of_patch<'a>(
    (path, inline): (&str, &'a str),
    place: &Place<'a>,
    at: &Locus,
) -> Result<(Option<TreePath>, &'a str)> {
    match (path, inline) {
        ("", "") => refuse("the patch is empty".to_owned(), at, "give it a `patch` or a `path`"),
        ("", text) => Ok((None, text)),
        (path, "") => place.text(path, at).map(|(path, text)| (Some(path), text)),
        _ => refuse("the patch has both a `patch` and a `path`".to_owned(), at, "keep one of them"),
    }
}

pub(crate) fn apply_one<'a>(
    patch: &'a Patch,
    place: &Place<'a>,
    places: &Places,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let (file, text) = text_of_patch((&patch.path, patch.patch.trim()), place, &places.entry)?;
    let block = if file.is_none() { place.block(text, &places.text) } else { None };
    let source = file.as_ref().map_or_else(|| Source::field(&places.text, block.as_ref()), Source::File);
    let pattern = patch.target.as_ref().map(|target| Pattern::new(target, &places.target)).transpose()?;
    match content(text, &source, &places.entry, session)? {
        Content::Merge(patches) => {
            let allow = Allow::new(&patch.options);
            match (pattern, patches.as_slice()) {
                (Some(pattern), [patch]) => targeted(patch, &pattern, allow, places, pool, session),
                (Some(_), _) => {
                    let help = "give each patch an entry of its own";
                    refuse("a patch with a target must be a single document".to_owned(), &places.entry, help)
                }
                // What may be changed is written into annotations of the patch, which are texts then.
                (None, patches) if allow.name || allow.kind => patches
                    .iter()
                    .try_for_each(|patch| untargeted(&with_texts(patch, &["annotations"]), allow, pool, session)),
                (None, patches) => patches.iter().try_for_each(|patch| untargeted(patch, allow, pool, session)),
            }
        }
        Content::Json(json) => {
            let Some(pattern) = pattern else {
                let help = "say with `target` which objects it changes";
                return refuse("a JSON 6902 patch needs a target".to_owned(), &places.entry, help);
            };
            json_patch(&json, &pattern, &source, places, true, pool, session)
        }
    }
}

fn content(text: &str, source: &Source<'_>, at: &Locus, session: &mut Session) -> Result<Content> {
    check_json(text, source)?;
    let documents = documents(text, source, session)?;
    match documents.roots.as_slice() {
        // To kustomize, a file without a byte is a list without operations.
        [] if text.is_empty() => operations(&Node::sequence([]), source, session).map(Content::Json),
        [] => refuse("the patch is empty".to_owned(), at, ""),
        [first, ..] if first.as_sequence().is_some_and(<[Node]>::is_empty) => {
            refuse("the patch is empty".to_owned(), at, "write a list of operations")
        }
        [first, ..] if first.as_sequence().is_some() => operations(first, source, session).map(Content::Json),
        [first, ..] if first.as_mapping().is_none() => {
            refuse(format!("expected an object or a list of operations, found {}", first.kind()), at, "")
        }
        _ => objects_of(documents, text, source).map(Content::Merge),
    }
}

/// Kustomize takes what begins with a bracket for JSON, and reads it as nothing else.
pub(super) fn check_json(text: &str, source: &Source<'_>) -> Result<()> {
    if !text.starts_with('[') {
        return Ok(());
    }
    // Numbers that no float can hold are refused, too.
    serde_json::from_str::<serde_json::Value>(text).map(drop).map_err(|error| {
        let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let start = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        Diagnostic::new(&INVALID_PATCH, "a patch that begins with `[` must be JSON, and this is not")
            .at(source.at(Span::new(start, start)))
            .help("put its keys and texts in double quotes, or write a YAML list with dashes")
            .into()
    })
}

/// The operations of a JSON 6902 patch.
pub(crate) fn operations(list: &Node, source: &Source<'_>, session: &mut Session) -> Result<JsonPatch> {
    let patch = JsonPatch::new(list)
        .map_err(|error| Diagnostic::new(&INVALID_PATCH, error.message).at(source.at(error.span)))?;
    for slip in patch.slips() {
        let rule = if slip.sets_null { &UNEXPECTED } else { &NO_EFFECT };
        session.warnings.add(Diagnostic::new(rule, slip.message).at(source.at(slip.span)).maybe_help(slip.help));
    }
    Ok(patch)
}

/// What a patch may change of an object's id.
#[derive(Clone, Copy, Default)]
pub(crate) struct Allow {
    name: bool,
    kind: bool,
}

impl Allow {
    pub(crate) fn new(options: &IndexMap<String, bool>) -> Self {
        let is_set = |key: &str| options.get(key).copied().unwrap_or_default();
        Self { name: is_set("allowNameChange"), kind: is_set("allowKindChange") }
    }
}

fn targeted(
    patch: &Item,
    pattern: &Pattern,
    allow: Allow,
    places: &Places,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let selected = pattern.select(pool)?;
    if selected.is_empty() {
        session.no_effect("the target of the patch selects no object", &places.target, "");
    }
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
pub(super) fn into_all(
    selected: &[usize],
    patch: &Item,
    allow: Allow,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
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
        // The patch is given the version of the object, also where that has none.
        let item = pool.item_mut(place);
        if let Some(object) = item.node.as_mapping_mut().filter(|object| object.get("apiVersion").is_none()) {
            object.insert(plain_key(&Text::from("apiVersion")), bare(""));
        }
    }
    unset.warn(patch, session);
    pool.check_repeats()
}

/// The fields of metadata that are maps of texts.
pub(super) const TEXTS: [&str; 2] = ["labels", "annotations"];

/// Labels and annotations of a patch that has a target are texts to kustomize: a `null` sets the text `null`, and the field
/// itself, where it is null or empty, is not there.
pub(super) fn with_texts<'p>(patch: &'p Item, fields: &[&'static str]) -> Cow<'p, Item> {
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
fn untargeted(patch: &Item, allow: Allow, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let place = named(patch, pool, session)?;
    let mut unset = Unset::default();
    merge_into(pool, place, patch, allow, &mut unset, session)?;
    unset.warn(patch, session);
    Ok(())
}

/// The object that a patch names.
pub(super) fn named(patch: &Item, pool: &mut Pool, session: &Session) -> Result<usize> {
    let is_outside = session.schema.as_ref().is_some_and(|schema| schema.is_outside(&patch.id.gvk));
    let id = if is_outside { patch.id.clone().outside_namespaces() } else { patch.id.clone() };
    match pool.ever(&id).as_slice() {
        [place] => Ok(*place),
        [] => {
            let same_type = pool.items().iter().filter(|item| item.id.gvk == patch.id.gvk);
            let near = nearest(&patch.id.name, same_type.map(|item| item.original().name.as_str()));
            let help = match near {
                Some(near) if patch.id.name == near => "it is in another namespace here".to_owned(),
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("take an object `{}` in first, or mend apiVersion, kind, name or namespace", patch.id),
            };
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

/// Whether a patch takes all annotations away, and with them what kustomize keeps there about an object.
fn forgets(patch: &Node) -> bool {
    let is_cut = |node: &Node| {
        let directive = node.get("$patch").map(text_of);
        node.is_null() || directive.is_some_and(|directive| matches!(directive.as_str(), "delete" | "replace"))
    };
    let metadata = patch.get("metadata");
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    metadata.is_some_and(is_cut) || annotations.is_some_and(is_cut)
}

/// Applies a JSON 6902 patch to all objects that a pattern selects.
pub(crate) fn json_patch(
    patch: &JsonPatch,
    pattern: &Pattern,
    source: &Source<'_>,
    places: &Places,
    remembers: bool,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let selected = pattern.select(pool)?;
    if selected.is_empty() {
        session.no_effect("the target of the patch selects no object", &places.target, "");
    }
    for place in selected {
        let item = pool.item_mut(place);
        if remembers {
            item.remember();
        }
        fits::check(&item.node, item)?;
        let done = item.with_annotations(|node| patch.apply_and_note(node)).map_err(|error| {
            let message = format!("the patch does not fit `{}`: {}", item.id, error.message);
            Diagnostic::new(&PATCH_FAILED, message)
                .at(source.at(error.span))
                .related(item.at.clone(), "the object")
                .maybe_help(error.help)
        })?;
        for Added { path, near, span } in done.added {
            let message = format!("`{}` has no `{path}` to replace, and kustomize adds it", item.id);
            let path = near.map_or_else(|| "mend the path".to_owned(), |near| format!("write `path: {near}`"));
            session.warn(&UNEXPECTED, message, &source.at(span), &format!("{path}, or write `op: add`"));
        }
        if done.lost {
            let message = format!("numbers of `{}` lose digits: kustomize makes floats of them", item.id);
            session.warn(&PRECISION, message, &places.entry, "put long numbers in quotes");
        }
        // The object was written anew: nothing in it is shared any more.
        item.shared.clear();
        item.comments = None;
        item.is_as_read = false;
        if patch.replaces(&["/metadata/annotations", "/metadata"]) {
            item.provenance = Provenance::default();
        }
        pool.changed(place);
    }
    Ok(())
}
