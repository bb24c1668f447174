//! The fields of a kustomization that change objects, in the order in which kustomize takes them.

use self::each::{Changes, change_each};
use crate::error::Result;
use crate::kustomization::Kustomization;
use crate::layer::{Layer, Session};
use crate::pool::Pool;

pub(crate) mod annotations;
pub(crate) mod each;
pub(crate) mod images;
pub(crate) mod labels;
pub(crate) mod name_affix;
pub(crate) mod namespace;
pub(crate) mod patches;
pub(crate) mod patches_json6902;
pub(crate) mod patches_strategic_merge;
pub(crate) mod replacements;
pub(crate) mod replicas;
pub(crate) mod specs;

/// What a field does to objects.
enum Transform {
    /// It looks for some of them or compares them, and needs all at once.
    ToAll { is_used: fn(&Kustomization) -> bool, apply: fn(&Layer<'_>, &mut Pool, &mut Session) -> Result<()> },
    /// It changes each by itself.
    ToEach { plugin: &'static str, changes: for<'a> fn(&'a Layer<'_>) -> Result<Changes<'a>> },
}

/// Changes the objects of a kustomization as its fields ask for.
pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let mut changes = Vec::new();
    for field in FIELDS {
        match field {
            Transform::ToEach { plugin, changes: of } => {
                changes.extend(of(layer)?.into_iter().map(|change| (*plugin, change)));
            }
            Transform::ToAll { is_used, apply } if is_used(layer.kustomization()) => {
                change_each(layer, &mut changes, pool, session)?;
                apply(layer, pool, session)?;
            }
            Transform::ToAll { .. } => {}
        }
    }
    change_each(layer, &mut changes, pool, session)
}

/// The fields in their order, which is part of the output: the order in a file has no meaning.
static FIELDS: &[Transform] = &[
    // `patchesStrategicMerge`: patches name objects as the base calls them, so they come before names change.
    Transform::ToAll {
        is_used: |used| !used.patches_strategic_merge.is_empty(),
        apply: patches_strategic_merge::apply,
    },
    // `patches`: as above; behind the older field.
    Transform::ToAll { is_used: |used| !used.patches.is_empty(), apply: patches::apply },
    // `namespace`: prefixes need not know it, references are mended at the very end.
    Transform::ToAll { is_used: |used| !used.namespace.is_empty(), apply: namespace::apply },
    // `namePrefix`: what patches have named gets a prefix too.
    Transform::ToEach { plugin: "PrefixTransformer", changes: name_affix::prefix },
    // `nameSuffix`: independent of the prefix.
    Transform::ToEach { plugin: "SuffixTransformer", changes: name_affix::suffix },
    // `labels`: `labels` entries in their order, then `commonLabels`.
    Transform::ToEach { plugin: "LabelTransformer", changes: labels::changes },
    // `commonAnnotations`: independent of labels.
    Transform::ToEach { plugin: "AnnotationsTransformer", changes: annotations::changes },
    // `patchesJson6902`: unlike `patches`, these see new names, labels and annotations.
    Transform::ToAll { is_used: |used| !used.patches_json6902.is_empty(), apply: patches_json6902::apply },
    // `replicas`: overrides what a patch has set.
    Transform::ToAll { is_used: |used| !used.replicas.is_empty(), apply: replicas::apply },
    // `images`: overrides what a patch has set.
    Transform::ToEach { plugin: "ImageTagTransformer", changes: images::changes },
    // `replacements`: copies values as everything else has left them.
    Transform::ToAll { is_used: |used| !used.replacements.is_empty(), apply: replacements::apply },
];
