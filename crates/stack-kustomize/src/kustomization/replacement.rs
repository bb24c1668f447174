use super::Selector;
use super::record::record;

record! {
    /// A value that is copied, or the file that says so.
    pub struct ReplacementEntry {
        /// The file that holds one replacement or a list of them.
        path: String = "path",
        /// Where the value comes from.
        source: Option<ReplacementSource> = "source",
        /// Where it goes.
        targets: Vec<ReplacementTarget> = "targets",
    }

    /// The field that a value is copied from.
    pub struct ReplacementSource {
        /// The API group of the object.
        group: String = "group" inlined,
        /// The version of the object.
        version: String = "version" inlined,
        /// The kind of the object.
        kind: String = "kind" inlined,
        /// The name of the object.
        name: String = "name" inlined,
        /// The namespace of the object.
        namespace: String = "namespace" inlined,
        /// The field; empty for `metadata.name`.
        field_path: String = "fieldPath",
        /// Which part of it.
        options: Option<FieldOptions> = "options",
    }

    /// The fields that a value is copied to.
    pub struct ReplacementTarget {
        /// The objects.
        select: Option<Selector> = "select",
        /// Those among them that are left alone.
        reject: Vec<Selector> = "reject",
        /// The fields; none for `metadata.name`.
        field_paths: Vec<String> = "fieldPaths",
        /// Which part of them.
        options: Option<FieldOptions> = "options",
    }

    /// A part of a field.
    pub struct FieldOptions {
        /// What divides the parts.
        delimiter: String = "delimiter",
        /// Which of them.
        index: i64 = "index",
        /// Without effect in kustomize.
        encoding: String = "encoding",
        /// Whether the field is made where it is missing.
        create: bool = "create",
    }

    /// A value that is put in place of `$(NAME)`.
    pub struct Variable {
        /// The name.
        name: String = "name",
        /// The object that has the value.
        objref: Target = "objref",
        /// The field that has it.
        fieldref: FieldSelector = "fieldref",
    }

    /// The object that a variable takes its value from.
    pub struct Target {
        /// The API group and version.
        api_version: String = "apiVersion",
        /// The API group.
        group: String = "group",
        /// The version.
        version: String = "version",
        /// The kind.
        kind: String = "kind",
        /// The name.
        name: String = "name",
        /// The namespace.
        namespace: String = "namespace",
    }

    /// The field that a variable takes its value from.
    pub struct FieldSelector {
        /// Its path; empty for `metadata.name`.
        field_path: String = "fieldPath",
    }
}
