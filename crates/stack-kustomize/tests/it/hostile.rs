//! Input that is made to exhaust whoever builds it: it ends in an error, at once.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fmt::Write as _;

use stack_kustomize::{BuildError, BuildOptions, Built, build};
use stack_source::{FileTree, Locus, TreePath};

const OBJECT: &str = "{apiVersion: v1, kind: Widget, metadata: {name: a}, a: {a: {}}}";

/// The rule and the message of the error that a kustomization ends in; beside it lie an object and another file.
#[track_caller]
fn refusal(kustomization: &str, other: &str) -> (&'static str, String) {
    let mut files = FileTree::new();
    let texts = [("kustomization.yaml", kustomization), ("a.yaml", OBJECT), ("other.yaml", other)];
    for (path, text) in texts {
        files.insert(TreePath::new(path).unwrap(), text);
    }
    let error = build(&files, &TreePath::default(), &BuildOptions::default()).unwrap_err();
    let first = error.report().iter().next().unwrap();
    (first.rule.name, first.message.clone())
}

/// A path of 131,072 parts.
fn long(separator: &str) -> String {
    vec!["a"; 1 << 17].join(separator)
}

#[track_caller]
fn assert_too_deep(kustomization: &str, other: &str, rule: &str) {
    let (found, message) = refusal(kustomization, other);
    assert_eq!(found, rule, "{message:.200}");
    assert!(message.ends_with("lists and maps would nest deeper than 250 levels"), "{message:.200}");
}

#[test]
fn long_paths_are_refused() {
    let path = long("/");
    let labels =
        format!("resources: [a.yaml]\nlabels: [{{pairs: {{a: b}}, fields: [{{path: {path}, create: true}}]}}]");
    assert_too_deep(&labels, "", "field-path");
    let configurations = "resources: [a.yaml]\nnamePrefix: x-\nconfigurations: [other.yaml]";
    for field in ["namePrefix", "varReference"] {
        assert_too_deep(configurations, &format!("{field}: [{{path: {path}}}]"), "invalid-configuration");
    }
    let references = format!("nameReference: [{{kind: Widget, fieldSpecs: [{{path: {path}}}]}}]");
    assert_too_deep(configurations, &references, "invalid-configuration");
    let value = format!(
        "{{apiVersion: builtin, kind: ValueAddTransformer, metadata: {{name: x}}, value: x, targets: [{{fieldPath: {path}}}]}}"
    );
    let (_, message) = refusal("resources: [a.yaml]\ntransformers: [other.yaml]", &value);
    assert!(message.ends_with("lists and maps would nest deeper than 250 levels"), "{message:.200}");
    // Into a field of an object, and into one of the source itself.
    for source in ["metadata.name", "a"] {
        let replacement = format!(
            "resources: [a.yaml]\nreplacements: [{{source: {{kind: Widget, fieldPath: {source}}}, \
             targets: [{{select: {{kind: Widget}}, fieldPaths: [{}], options: {{create: true}}}}]}}]",
            long(".")
        );
        let (_, message) = refusal(&replacement, "");
        assert!(message.ends_with("lists and maps would nest deeper than 250 levels"), "{message:.200}");
    }
}

#[test]
fn replacements_that_put_a_value_into_itself_are_refused() {
    let mut text = "resources: [a.yaml]\nreplacements:\n".to_owned();
    for _ in 0..400 {
        let target = "{select: {kind: Widget}, fieldPaths: [a.b], options: {create: true}}";
        let _ = writeln!(text, "- {{source: {{kind: Widget, fieldPath: a}}, targets: [{target}]}}");
    }
    let (_, message) = refusal(&text, "");
    assert!(message.ends_with("lists and maps would nest deeper than 250 levels"), "{message:.200}");
}

#[test]
fn patches_that_copy_an_object_into_itself_are_refused() {
    let mut text = "resources: [a.yaml]\npatches:\n- target: {kind: Widget}\n  patch: |\n".to_owned();
    for doubling in 0..17 {
        let _ = writeln!(text, "    - {{op: copy, from: /a, path: {}}}", "/a".repeat((1 << doubling) + 1));
    }
    assert_too_deep(&text, "", "patch-failed");
}

#[track_caller]
fn assert_too_much(kustomization: &str, other: &str, rule: &str) {
    let (found, message) = refusal(kustomization, other);
    assert_eq!(found, rule, "{message:.200}");
    let said = "copies of values would take too much memory: copy no value into itself, and long ones seldom";
    assert!(message.ends_with(said), "{message:.200}");
}

/// Entries of `replacements`, each of which puts a field of the object under a key of its own.
fn replacements(count: usize, source: &str) -> String {
    let mut text = "resources: [a.yaml]\nreplacements:\n".to_owned();
    for entry in 0..count {
        let target = format!("{{select: {{kind: Widget}}, fieldPaths: [a.k{entry}], options: {{create: true}}}}");
        let _ = writeln!(text, "- {{source: {{kind: Widget, fieldPath: {source}}}, targets: [{target}]}}");
    }
    text
}

#[test]
fn replacements_that_double_an_object_are_refused() {
    assert_too_much(&replacements(40, "a"), "", "invalid-replacement");
}

#[test]
fn replacements_that_double_a_text_are_refused() {
    let paths = vec!["metadata.name"; 40].join(", ");
    let text = format!(
        "resources: [a.yaml]\nreplacements: [{{source: {{kind: Widget}}, targets: [{{select: {{kind: Widget}}, \
         fieldPaths: [{paths}], options: {{delimiter: /, index: 9}}}}]}}]"
    );
    assert_too_much(&text, "", "invalid-replacement");
}

#[test]
fn variables_that_repeat_a_long_text_are_refused() {
    let text = "resources: [a.yaml, other.yaml]\nvars: [{name: A, objref: {kind: Deployment, apiVersion: apps/v1, name: b}, \
                fieldref: {fieldPath: a}}]";
    let long = format!(
        "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: b}}, a: {}, \
         spec: {{template: {{spec: {{containers: [{{name: c, args: ['{}']}}]}}}}}}}}",
        "x".repeat(1 << 20),
        "$(A)".repeat(1 << 12)
    );
    assert_too_much(text, &long, "field-path");
}

#[test]
fn patches_share_what_they_may_copy() {
    let mut text = "resources: [a.yaml]\npatches:\n".to_owned();
    for patch in 0..40 {
        let operation = format!("- {{op: copy, from: /a, path: /a/k{patch}}}");
        let _ = writeln!(text, "- {{target: {{kind: Widget}}, patch: '{operation}'}}");
    }
    assert_too_much(&text, "", "patch-failed");
}

#[test]
fn large_patches_for_many_objects_are_refused() {
    let objects: String =
        (0..2_000).map(|n| format!("---\n{}\n", OBJECT.replace("name: a", &format!("name: a{n}")))).collect();
    let long = "1, ".repeat(10_000);
    let list = format!("- {{op: add, path: /b, value: [{long}]}}");
    let object = format!("{{apiVersion: v1, kind: Widget, metadata: {{name: a}}, b: [{long}]}}");
    for patch in [list, object] {
        let text = format!("resources: [other.yaml]\npatches: [{{target: {{kind: Widget}}, patch: '{patch}'}}]");
        assert_too_much(&text, &objects, "patch-failed");
    }
}

/// Definitions, each with properties that refer to the next.
fn definitions(count: usize, width: usize) -> String {
    let mut text =
        r#"{"W": {"Schema": {"properties": {"apiVersion": {}, "kind": {}, "metadata": {}, "a": {"$ref": "d0"}}}}"#
            .to_owned();
    for number in 0..count {
        let next = number + 1;
        let properties: Vec<String> = (0..width).map(|field| format!(r#""f{field}": {{"$ref": "d{next}"}}"#)).collect();
        let _ = write!(text, r#", "d{number}": {{"Schema": {{"properties": {{{}}}}}}}"#, properties.join(", "));
    }
    text + "}"
}

#[test]
fn definitions_that_have_no_end_are_refused() {
    let kustomization = "resources: [a.yaml]\ncrds: [other.yaml]";
    let (rule, message) = refusal(kustomization, &definitions(40, 2));
    assert_eq!(
        (rule, message.ends_with("they stand for too many fields")),
        ("invalid-configuration", true),
        "{message}"
    );
    assert_too_deep(kustomization, &definitions(10_000, 1), "invalid-configuration");
}

/// What a thread with the smallest usual stack makes of a chain of folders, each of which lists the next under `field`. In the last one
/// lies an object as deep as objects may be, and a patch for it.
fn chain(field: &str, folders: usize) -> Result<Built, BuildError> {
    let mut files = FileTree::new();
    let mut put = |folder: usize, name: &str, text: &str| {
        files.insert(TreePath::new(&format!("{folder}/{name}")).unwrap(), text);
    };
    let deep = format!("{}1{}", "{a: ".repeat(245), "}".repeat(245));
    put(folders - 1, "a.yaml", &OBJECT.replace("{a: {}}", &deep));
    put(folders - 1, "patch.yaml", &OBJECT.replace("{a: {}}", &deep.replace('1', "2")));
    for folder in 0..folders {
        let is_component = field == "components" && folder > 0;
        let kind = if is_component { "{kind: Component, apiVersion: kustomize.config.k8s.io/v1alpha1, " } else { "{" };
        let fields = if folder + 1 == folders {
            "resources: [a.yaml], patches: [{path: patch.yaml}]".to_owned()
        } else {
            format!("{field}: [../{}]", folder + 1)
        };
        put(folder, "kustomization.yaml", &format!("{kind}{fields}}}"));
    }
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let built = thread.spawn(move || build(&files, &TreePath::new("0").unwrap(), &BuildOptions::default()));
    built.unwrap().join().unwrap()
}

#[test]
fn chains_of_folders_have_an_end() {
    const TOO_LONG: (&str, &str) = ("kustomization-cycle", "folders lead from one to the next for more than 25 levels");
    let said = |error: &BuildError| {
        let first = error.report().iter().next().unwrap().clone();
        let Locus::File { path, .. } = first.at else { panic!("no place") };
        (first.rule.name, first.message, path.to_string())
    };
    for field in ["resources", "bases", "components", "generators", "transformers", "validators"] {
        match chain(field, 25) {
            Ok(built) => assert_eq!(built.resources.len(), 1, "{field}"),
            // No plugin is called `Widget`.
            Err(error) => assert_eq!(said(&error).0, "unsupported-plugin", "{field}"),
        }
        let (rule, message, path) = said(&chain(field, 6_000).unwrap_err());
        assert_eq!(((rule, message.as_str()), path.as_str()), (TOO_LONG, "24/kustomization.yaml"), "{field}");
    }
}

#[test]
fn a_long_kustomization_that_is_listed_often_has_an_end() {
    let mut files = FileTree::new();
    let long = format!("namePrefix: a-\n#{}\n", "x".repeat(1 << 20));
    files.insert(TreePath::new("a/kustomization.yaml").unwrap(), long.as_str());
    files.insert(TreePath::new("b/kustomization.yaml").unwrap(), format!("resources: [{}]\n", "../a, ".repeat(100)));
    let error = build(&files, &TreePath::new("b").unwrap(), &BuildOptions::default()).unwrap_err();
    let first = error.report().iter().next().unwrap();
    assert_eq!(first.rule.name, "kustomization-cycle");
    let message =
        "the kustomizations of the folders that are built have more than 64 MiB, each as often as it is listed";
    assert_eq!(first.message, message);
}

#[test]
fn folders_that_double_have_an_end() {
    let mut files = FileTree::new();
    for folder in 0..40 {
        let text = format!("resources: [../{0}, ../{0}]\n", folder + 1);
        files.insert(TreePath::new(&format!("{folder}/kustomization.yaml")).unwrap(), text);
    }
    files.insert(TreePath::new("40/kustomization.yaml").unwrap(), "namePrefix: a-\n");
    let error = build(&files, &TreePath::new("0").unwrap(), &BuildOptions::default()).unwrap_err();
    let first = error.report().iter().next().unwrap();
    assert_eq!(first.rule.name, "kustomization-cycle");
    assert_eq!(first.message, "folders are built more than 20000 times, each as often as it is listed");
}
