//! What a build may find wrong, one row each.

use stack_source::Rule;

macro_rules! rules {
    ($($(#[$doc:meta])* $kind:ident $constant:ident = $name:literal, $why:literal;)*) => {
        $(pub(crate) static $constant: Rule = Rule::$kind($name, $why);)*

        /// All rules of this crate.
        pub static RULES: &[&Rule] = &[$(&$constant),*];
    };
}

rules! {
    error INVALID_YAML = "invalid-yaml", "a file that is no YAML has no content to build from";
    error UNKNOWN_FIELD = "unknown-field", "a field that kustomize does not know would be without effect";
    error WRONG_TYPE = "wrong-type", "a field takes one type of value only";
    error INVALID_KUSTOMIZATION = "invalid-kustomization", "a kustomization that contradicts itself has no single result";
    error MISSING_FILE = "missing-file", "a kustomization can only use files that are there";
    error OUTSIDE_ROOT = "outside-root", "a kustomization may read files only below its own folder, so that it means the same everywhere";
    error CYCLE = "kustomization-cycle", "a kustomization that contains itself has no end";
    error REMOTE = "remote-resource", "a build reads nothing from the network, so that it gives the same result tomorrow";
    error UNSUPPORTED = "unsupported-plugin", "a build runs no programs: Helm, exec and container plugins stay outside";
    error INVALID_OBJECT = "invalid-object", "every document must be a Kubernetes object with a kind and a name";
    error DUPLICATE_OBJECT = "duplicate-object", "an object may stand in an output once";
    error INVALID_GENERATOR = "invalid-generator", "a generated ConfigMap or Secret needs a name and keys that differ";
    error GENERATOR_BEHAVIOR = "generator-behavior", "a generator must say whether it creates an object or changes one that is there";
    error INVALID_PATCH = "invalid-patch", "a patch that cannot be understood cannot be applied";
    error PATCH_TARGET = "no-patch-target", "a patch without a target must name exactly one object";
    error PATCH_FAILED = "patch-failed", "a patch must fit the object that it changes";
    error INVALID_SELECTOR = "invalid-selector", "a selector that cannot be understood selects nothing";
    error FIELD_PATH = "field-path", "a transformer must find the type of value that it changes";
    error NAMESPACE_CONFLICT = "namespace-conflict", "two objects that differ only in their namespace cannot share one";
    error NO_REPLICAS = "no-replicas-target", "a number of replicas must belong to a workload that is there";
    error REPLACEMENT = "invalid-replacement", "a replacement needs one source, and targets that have the field";
    error AMBIGUOUS_REFERENCE = "ambiguous-reference", "a name that may mean several objects cannot follow any of them";
    error VARIABLE = "invalid-variable", "a variable must be defined once and have a value";
    error CONFIGURATION = "invalid-configuration", "field specs that contradict each other have no single meaning";
    error UNPRINTABLE = "unprintable-object", "kustomize prints objects through JSON, whose keys are strings and differ";
    warning DEPRECATED = "deprecated-field", "kustomize will stop reading this field";
    warning NO_EFFECT = "without-effect", "kustomize says nothing where an entry changes nothing, and it is seldom meant";
    warning PRECISION = "lost-precision", "JSON 6902 patches turn every number of an object into a float of 53 bits";
    warning NOT_A_DIRECTIVE = "not-a-directive", "kustomize prints strategic-merge directives that it does not know as if they were fields";
}
