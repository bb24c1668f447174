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

/// A field, and what it does.
struct Transform {
    field: &'static str,
    /// Why it stands here.
    why: &'static str,
    apply: Apply,
}

/// What a field does to objects.
enum Apply {
    /// It looks for some of them or compares them, and needs all at once.
    ToAll { is_used: fn(&Kustomization) -> bool, apply: fn(&Layer<'_>, &mut Pool, &mut Session) -> Result<()> },
    /// It changes each by itself.
    ToEach { plugin: &'static str, changes: for<'a> fn(&'a Layer<'_>) -> Result<Changes<'a>> },
}

/// The fields that change objects, in the order in which they do, each with the reason for its place.
pub fn transforms() -> impl Iterator<Item = (&'static str, &'static str)> {
    TRANSFORMS.iter().map(|transform| (transform.field, transform.why))
}

/// Changes the objects of a kustomization as its fields ask for.
pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let mut changes = Vec::new();
    for transform in TRANSFORMS {
        match &transform.apply {
            Apply::ToEach { plugin, changes: of } => {
                changes.extend(of(layer)?.into_iter().map(|change| (*plugin, change)));
            }
            Apply::ToAll { is_used, apply } if is_used(layer.kustomization()) => {
                change_each(layer, &mut changes, pool, session)?;
                apply(layer, pool, session)?;
            }
            Apply::ToAll { .. } => {}
        }
    }
    change_each(layer, &mut changes, pool, session)
}

/// The order is part of the output; the order in a file has no meaning.
static TRANSFORMS: &[Transform] = &[
    Transform {
        field: "patchesStrategicMerge",
        why: "patches name objects as the base calls them, so they come before names change",
        apply: Apply::ToAll {
            is_used: |used| !used.patches_strategic_merge.is_empty(),
            apply: patches_strategic_merge::apply,
        },
    },
    Transform {
        field: "patches",
        why: "as above; behind the older field",
        apply: Apply::ToAll { is_used: |used| !used.patches.is_empty(), apply: patches::apply },
    },
    Transform {
        field: "namespace",
        why: "prefixes need not know it, references are mended at the very end",
        apply: Apply::ToAll { is_used: |used| !used.namespace.is_empty(), apply: namespace::apply },
    },
    Transform {
        field: "namePrefix",
        why: "what patches have named gets a prefix too",
        apply: Apply::ToEach { plugin: "PrefixTransformer", changes: name_affix::prefix },
    },
    Transform {
        field: "nameSuffix",
        why: "independent of the prefix",
        apply: Apply::ToEach { plugin: "SuffixTransformer", changes: name_affix::suffix },
    },
    Transform {
        field: "labels",
        why: "`labels` entries in their order, then `commonLabels`",
        apply: Apply::ToEach { plugin: "LabelTransformer", changes: labels::changes },
    },
    Transform {
        field: "commonAnnotations",
        why: "independent of labels",
        apply: Apply::ToEach { plugin: "AnnotationsTransformer", changes: annotations::changes },
    },
    Transform {
        field: "patchesJson6902",
        why: "unlike `patches`, these see new names, labels and annotations",
        apply: Apply::ToAll { is_used: |used| !used.patches_json6902.is_empty(), apply: patches_json6902::apply },
    },
    Transform {
        field: "replicas",
        why: "overrides what a patch has set",
        apply: Apply::ToAll { is_used: |used| !used.replicas.is_empty(), apply: replicas::apply },
    },
    Transform {
        field: "images",
        why: "overrides what a patch has set",
        apply: Apply::ToEach { plugin: "ImageTagTransformer", changes: images::changes },
    },
    Transform {
        field: "replacements",
        why: "copies values as everything else has left them",
        apply: Apply::ToAll { is_used: |used| !used.replacements.is_empty(), apply: replacements::apply },
    },
];
