use indexmap::IndexMap;

use super::record::record;

record! {
    /// What goes for all objects that generators make.
    pub struct GeneratorOptions {
        /// Labels that the objects get.
        labels: IndexMap<String, String> = "labels",
        /// Annotations that the objects get.
        annotations: IndexMap<String, String> = "annotations",
        /// Whether names stay as they are when the content changes.
        disable_name_suffix_hash: bool = "disableNameSuffixHash",
        /// Whether the objects are immutable.
        immutable: bool = "immutable",
    }

    /// A `ConfigMap` to make.
    pub struct ConfigMapArgs {
        /// Its namespace.
        namespace: String = "namespace" inlined,
        /// Its name.
        name: String = "name" inlined,
        /// `create`, `merge` or `replace`; empty for `create`.
        behavior: String = "behavior" inlined,
        /// Entries, `KEY=VALUE`.
        literals: Vec<String> = "literals" inlined,
        /// Files whose content becomes an entry each: `PATH` or `KEY=PATH`.
        files: Vec<String> = "files" inlined,
        /// Files with a `KEY=VALUE` in each line.
        envs: Vec<String> = "envs" inlined,
        /// The old form of `envs`.
        env: String = "env" inlined,
        /// What goes for this object.
        options: Option<GeneratorOptions> = "options" inlined,
    }

    /// A `Secret` to make.
    pub struct SecretArgs {
        /// Its namespace.
        namespace: String = "namespace" inlined,
        /// Its name.
        name: String = "name" inlined,
        /// `create`, `merge` or `replace`; empty for `create`.
        behavior: String = "behavior" inlined,
        /// Its type; empty for `Opaque`.
        type_: String = "type" inlined,
        /// Entries, `KEY=VALUE`.
        literals: Vec<String> = "literals" inlined,
        /// Files whose content becomes an entry each: `PATH` or `KEY=PATH`.
        files: Vec<String> = "files" inlined,
        /// Files with a `KEY=VALUE` in each line.
        envs: Vec<String> = "envs" inlined,
        /// The old form of `envs`.
        env: String = "env" inlined,
        /// What goes for this object.
        options: Option<GeneratorOptions> = "options" inlined,
    }
}
