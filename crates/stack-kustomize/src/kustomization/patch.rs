use indexmap::IndexMap;

use super::record::record;

record! {
    /// A change of objects: a strategic merge patch or a list of JSON 6902 operations.
    pub struct Patch {
        /// The file that holds it.
        path: String = "path",
        /// The patch itself, where it is not in a file.
        patch: String = "patch",
        /// Which objects it changes; without it, the one that a strategic merge patch names.
        target: Option<Selector> = "target",
        /// `allowNameChange` and `allowKindChange`.
        options: IndexMap<String, bool> = "options",
    }

    /// Which objects are meant. An empty field stands for anything.
    pub struct Selector {
        /// The API group.
        group: String = "group" inlined,
        /// The version.
        version: String = "version" inlined,
        /// The kind.
        kind: String = "kind" inlined,
        /// The name.
        name: String = "name" inlined,
        /// The namespace.
        namespace: String = "namespace" inlined,
        /// A label selector, as kubectl takes it.
        label_selector: String = "labelSelector",
        /// The same for annotations.
        annotation_selector: String = "annotationSelector",
    }
}
