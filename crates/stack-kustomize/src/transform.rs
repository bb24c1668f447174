//! The fields of a kustomization that change objects, in the order in which kustomize takes them.

use crate::layer::Apply;

pub(crate) mod annotations;
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
pub(crate) struct Transform {
    pub(crate) field: &'static str,
    /// Why it stands here.
    pub(crate) why: &'static str,
    pub(crate) apply: Apply,
}

/// The fields that change objects, in the order in which they do, each with the reason for its place.
pub fn transforms() -> impl Iterator<Item = (&'static str, &'static str)> {
    TRANSFORMS.iter().map(|transform| (transform.field, transform.why))
}

/// The order is part of the output; the order in a file has no meaning.
pub(crate) static TRANSFORMS: &[Transform] = &[
    Transform {
        field: "patchesStrategicMerge",
        why: "patches name objects as the base calls them, so they come before names change",
        apply: patches_strategic_merge::apply,
    },
    Transform { field: "patches", why: "as above; behind the older field", apply: patches::apply },
    Transform {
        field: "namespace",
        why: "prefixes need not know it, references are mended at the very end",
        apply: namespace::apply,
    },
    Transform { field: "namePrefix", why: "what patches have named gets a prefix too", apply: name_affix::prefix },
    Transform { field: "nameSuffix", why: "independent of the prefix", apply: name_affix::suffix },
    Transform { field: "labels", why: "`labels` entries in their order, then `commonLabels`", apply: labels::apply },
    Transform { field: "commonAnnotations", why: "independent of labels", apply: annotations::apply },
    Transform {
        field: "patchesJson6902",
        why: "unlike `patches`, these see new names, labels and annotations",
        apply: patches_json6902::apply,
    },
    Transform { field: "replicas", why: "overrides what a patch has set", apply: replicas::apply },
    Transform { field: "images", why: "overrides what a patch has set", apply: images::apply },
    Transform {
        field: "replacements",
        why: "copies values as everything else has left them",
        apply: replacements::apply,
    },
];
