//! `patchesJson6902`.

use stack_source::Diagnostic;

use super::patches::json::{check_json, json_patch, operations};
use super::patches::{ONE_SEPARATOR, Places, text_of_patch};
use crate::documents::{Counts, Source, documents};
use crate::error::Result;
use crate::json_text::without_escapes;
use crate::kustomization::Patch;
use crate::layer::{Layer, Session};
use crate::load::Place;
use crate::pool::Pool;
use crate::rules::INVALID_PATCH;
use crate::selector::Pattern;

pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    for (index, patch) in layer.kustomization().patches_json6902.iter().enumerate() {
        let places = Places::of(layer, "patchesJson6902", index);
        apply_one(patch, &layer.place, &places, pool, session)?;
        layer.done("PatchJson6902Transformer", pool, session);
    }
    Ok(())
}

pub(crate) fn apply_one<'a>(
    patch: &'a Patch,
    place: &Place<'a>,
    places: &Places<'_>,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let refuse = |message: &str, help: &str| {
        let diagnostic = Diagnostic::new(&INVALID_PATCH, message).at(places.entry.clone());
        Err(diagnostic.help(help).into())
    };
    let Some(target) = patch.target.as_ref().filter(|target| !target.name.is_empty()) else {
        return refuse("the patch must name its target", "add `target.name`");
    };
    let (file, text) = text_of_patch((&patch.path, &patch.patch), place, &places.entry)?;
    let block = if file.is_none() { place.block(text, &places.text) } else { None };
    let source = file.as_ref().map_or_else(|| Source::field(&places.text, block.as_ref()), Source::File);
    let text = &*without_escapes(text, '[');
    check_json(text, &source)?;
    let documents = documents(text, Counts::Last, &source, session)?;
    if let Some(separator) = documents.empty_before(text) {
        let message = "an empty document stands before the patch, and kustomize reads no other";
        return Err(Diagnostic::new(&INVALID_PATCH, message).at(source.at(separator)).help(ONE_SEPARATOR).into());
    }
    let operations = match documents.roots.first() {
        Some(list) => operations(list, &source, session)?,
        None => return refuse("the patch is empty", "write a list of operations"),
    };
    if operations.is_empty() {
        return refuse("the patch is empty", "write a list of operations");
    }
    let pattern = Pattern::new(target, &places.target)?;
    json_patch(&operations, &pattern, &source, places, false, pool, session)
}
