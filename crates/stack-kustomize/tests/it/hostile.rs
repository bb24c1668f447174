//! Input that is made to exhaust whoever builds it: it ends in an error, at once.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fmt::Write as _;

use stack_kustomize::{BuildOptions, build};
use stack_source::{FileTree, TreePath};

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
    let replacement = format!(
        "resources: [a.yaml]\nreplacements: [{{source: {{kind: Widget}}, targets: [{{select: {{kind: Widget}}, fieldPaths: [{}], \
         options: {{create: true}}}}]}}]",
        long(".")
    );
    let (_, message) = refusal(&replacement, "");
    assert!(message.ends_with("lists and maps would nest deeper than 250 levels"), "{message:.200}");
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
