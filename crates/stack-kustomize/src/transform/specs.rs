//! Field specs, sorted by the types of objects once instead of for every object.

use std::borrow::Cow;

use stack_krm::Gvk;
use stack_krm::yaml::Node;

use crate::error::Result;
use crate::field_path::{DeadEnd, Make, walk};
use crate::field_specs::Spec;
use crate::id_map::IdMap;
use crate::item::Item;
use crate::layer::dead_end;

/// The specs that each type of object has.
pub(crate) struct ByType<'s> {
    specs: Cow<'s, [Spec]>,
    known: IdMap<Gvk, Vec<Spec>>,
}

impl<'s> ByType<'s> {
    pub(crate) fn new(specs: impl Into<Cow<'s, [Spec]>>) -> Self {
        Self { specs: specs.into(), known: IdMap::default() }
    }

    /// The types that were asked for so far.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Gvk> {
        self.known.keys()
    }

    pub(crate) fn of(&mut self, gvk: &Gvk) -> &[Spec] {
        let known = self.known.get_index_of(gvk).unwrap_or_else(|| {
            let specs = self.specs.iter().filter(|spec| gvk.is_selected_by(&spec.gvk)).cloned().collect();
            self.known.insert_full(gvk.clone(), specs).0
        });
        &self.known[known]
    }
}

/// Whether a spec leads to a value that may stand in several places.
fn leads_to_labels(spec: &Spec) -> bool {
    spec.steps.iter().any(|step| matches!(step.key.as_str(), "labels" | "annotations" | "matchLabels" | "selector"))
}

/// Whether a spec leads to where kustomize keeps what it knows of an object.
fn leads_to_annotations(spec: &Spec) -> bool {
    matches!(spec.steps.as_slice(), [first, second, ..] if first.key == "metadata" && second.key == "annotations")
}

/// Changes every field that a spec leads to.
pub(crate) fn change<F>(item: &mut Item, spec: &Spec, make: Make, mut set: F) -> Result<()>
where
    F: FnMut(&mut Node) -> Result<(), DeadEnd>,
{
    let made = if spec.create { make } else { Make::Nothing };
    let opens = !spec.create && leads_to_annotations(spec) && item.open_annotations();
    walk(&mut item.node, &spec.steps, made, &mut set).map_err(|error| dead_end(&error, &spec.path, item))?;
    if opens {
        item.annotations_to_texts();
    }
    if make != Make::Map && leads_to_labels(spec) {
        item.mend_shared();
    }
    Ok(())
}
