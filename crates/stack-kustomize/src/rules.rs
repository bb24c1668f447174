//! What a build may find wrong, one row each.

stack_source::rules! {
    pub(crate) rules;

    INVALID_YAML = error("invalid-yaml", "a file that is no YAML has no content to build from");
    UNKNOWN_FIELD = error("unknown-field", "a field that kustomize does not know would be without effect");
    WRONG_TYPE = error("wrong-type", "a field takes one type of value only");
    INVALID_KUSTOMIZATION = error("invalid-kustomization", "a kustomization that contradicts itself has no single result");
    MISSING_FILE = error("missing-file", "a kustomization can only use files that are there");
    OUTSIDE_ROOT = error("outside-root", "a kustomization may read files only below its own folder, so that it means the same everywhere");
    CYCLE = error("kustomization-cycle", "a kustomization that contains itself, or folders that lead on and on, have no end");
    REMOTE = error("remote-resource", "a build reads nothing from the network, so that it gives the same result tomorrow");
    UNSUPPORTED = error("unsupported-plugin", "a build runs no programs: Helm, exec and container plugins stay outside");
    INVALID_OBJECT = error("invalid-object", "every document must be a Kubernetes object with a kind and a name");
    DUPLICATE_OBJECT = error("duplicate-object", "an object may stand in an output once");
    INVALID_GENERATOR = error("invalid-generator", "a generated ConfigMap or Secret needs a name and keys that differ");
    GENERATOR_BEHAVIOR = error("generator-behavior", "a generator must say whether it creates an object or changes one that is there");
    INVALID_PATCH = error("invalid-patch", "a patch that cannot be understood cannot be applied");
    PATCH_TARGET = error("no-patch-target", "a patch without a target must name exactly one object");
    PATCH_FAILED = error("patch-failed", "a patch must fit the object that it changes");
    INVALID_SELECTOR = error("invalid-selector", "a selector that cannot be understood selects nothing");
    FIELD_PATH = error("field-path", "a transformer must find the type of value that it changes");
    NAMESPACE_CONFLICT = error("namespace-conflict", "two objects that differ only in their namespace cannot share one");
    NO_REPLICAS = error("no-replicas-target", "a number of replicas must belong to a workload that is there");
    REPLACEMENT = error("invalid-replacement", "a replacement needs one source, and targets that have the field");
    AMBIGUOUS_REFERENCE = error("ambiguous-reference", "a name that may mean several objects cannot follow any of them");
    VARIABLE = error("invalid-variable", "a variable must be defined once and have a value");
    CONFIGURATION = error("invalid-configuration", "field specs that contradict each other have no single meaning");
    UNPRINTABLE = error("unprintable-object", "kustomize prints objects through JSON, whose keys are strings and differ");
    DEPRECATED = warning("deprecated-field", "kustomize will stop reading this field");
    NO_EFFECT = warning("without-effect", "kustomize says nothing where an entry changes nothing, and it is seldom meant");
    PRECISION = warning("lost-precision", "JSON 6902 patches turn every number of an object into a float of 53 bits, and longer integers than 64 bits become one always");
    IGNORED = warning("ignored-text", "kustomize reads one document to its end and one of equal keys, and leaves out the rest without a word");
    UNEXPECTED = warning("unexpected-effect", "kustomize changes something else than the words say, and says nothing");
    INCOMPLETE = warning("incomplete-object", "kustomize takes an object without an apiVersion, and no cluster does");
    NAME_LEFT = warning("name-left", "kustomize leaves a name as it is, without a word, where it cannot tell which object it means");
    NOT_A_DIRECTIVE = warning("not-a-directive", "kustomize prints strategic-merge directives that it does not know as if they were fields");
}
