//! `patchesStrategicMerge`: paths or texts.

use stack_source::{Diagnostic, Locus};

use super::patches::strategic::{Allow, TEXTS, into_all, named, with_texts};
use crate::documents::Source;
use crate::error::Result;
use crate::item::Item;
use crate::layer::{Layer, Session};
use crate::load::Place;
use crate::objects::objects;
use crate::pool::Pool;
use crate::rules::INVALID_PATCH;

pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let entries = &layer.kustomization().patches_strategic_merge;
    let mut patches = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        patches.extend(load(entry, &layer.place, &layer.file.entry("patchesStrategicMerge", index), session)?);
    }
    all(&patches, &layer.file.entry("patchesStrategicMerge", 0), pool, session)?;
    layer.done("PatchStrategicMergeTransformer", pool, session);
    Ok(())
}

/// The patches of an entry: a text, else the path of a file.
pub(crate) fn load(entry: &str, place: &Place<'_>, at: &Locus, session: &mut Session) -> Result<Vec<Item>> {
    let block = place.block(entry, at);
    match objects(entry, &Source::field(at, block.as_ref()), session) {
        Ok(patches) => Ok(patches),
        Err(error) if entry.contains('\n') && !place.is_file(entry) => Err(error),
        Err(_) => {
            let (path, text) = place.text(entry, at)?;
            objects(text, &Source::File(&path), session)
        }
    }
}

pub(crate) fn all(patches: &[Item], at: &Locus, pool: &mut Pool, session: &mut Session) -> Result<()> {
    if patches.is_empty() {
        return Err(Diagnostic::new(&INVALID_PATCH, "the patch is empty").at(at.clone()).into());
    }
    // These patches go the way of those with a target, labels and annotations as texts.
    patches.iter().try_for_each(|patch| {
        let place = named(patch, pool, session)?;
        into_all(&[place], &with_texts(patch, &TEXTS), Allow::default(), pool, session)
    })
}
