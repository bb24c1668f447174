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
        namespace: String = "namespace",
        /// Its name.
        name: String = "name",
        /// `create`, `merge` or `replace`; empty for `create`.
        behavior: String = "behavior",
        /// Entries, `KEY=VALUE`.
        literals: Vec<String> = "literals",
        /// Files whose content becomes an entry each: `PATH` or `KEY=PATH`.
        files: Vec<String> = "files",
        /// Files with a `KEY=VALUE` in each line.
        envs: Vec<String> = "envs",
        /// The old form of `envs`.
        env: String = "env",
        /// What goes for this object.
        options: Option<GeneratorOptions> = "options",
    }

    /// A `Secret` to make.
    pub struct SecretArgs {
        /// Its namespace.
        namespace: String = "namespace",
        /// Its name.
        name: String = "name",
        /// `create`, `merge` or `replace`; empty for `create`.
        behavior: String = "behavior",
        /// Its type; empty for `Opaque`.
        type_: String = "type",
        /// Entries, `KEY=VALUE`.
        literals: Vec<String> = "literals",
        /// Files whose content becomes an entry each: `PATH` or `KEY=PATH`.
        files: Vec<String> = "files",
        /// Files with a `KEY=VALUE` in each line.
        envs: Vec<String> = "envs",
        /// The old form of `envs`.
        env: String = "env",
        /// What goes for this object.
        options: Option<GeneratorOptions> = "options",
    }
}
