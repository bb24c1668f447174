//! Every rule has an input that breaks it.

#![expect(clippy::unwrap_used, reason = "the texts of a test are known to be right")]

use std::collections::BTreeSet;
use std::fs;

use stack_kustomize::{BuildOptions, RULES, build};
use stack_source::{FileTree, TreePath};

use crate::cases::expected_rule;

/// A rule, and the files that break it and no other: the first is the kustomization.
type Broken = (&'static str, &'static [(&'static str, &'static str)]);

const ROOT: &str = "kustomization.yaml";
const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: a}]}}";
const MAP: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: b}}";

const RENAMED: &str = "resources: [a.yaml]\n\
     patches: [{path: b.yaml, target: {kind: ConfigMap}, options: {allowNameChange: true}}]";

const BROKEN: &[Broken] = &[
    ("invalid-yaml", &[(ROOT, "resources: [")]),
    ("unknown-field", &[(ROOT, "namespace: a\nresource: []")]),
    ("wrong-type", &[(ROOT, "namespace: a\nnamePrefix: 1")]),
    ("wrong-type", &[(ROOT, "namespace: 1")]),
    ("wrong-type", &[(ROOT, "namespace:a")]),
    ("invalid-kustomization", &[(ROOT, "sortOptions: {order: none}")]),
    ("missing-file", &[(ROOT, "resources: [a.yaml]")]),
    ("remote-resource", &[(ROOT, "resources: ['https://example.com/a.yaml']")]),
    ("unsupported-plugin", &[(ROOT, "helmCharts: [{name: a}]")]),
    ("invalid-object", &[(ROOT, "resources: [a.yaml]"), ("a.yaml", "kind: Pod")]),
    ("invalid-generator", &[(ROOT, "configMapGenerator: [{name: a, literals: [a=1, a=2]}]")]),
    ("generator-behavior", &[(ROOT, "configMapGenerator: [{name: a, behavior: merge}]")]),
    ("invalid-patch", &[(ROOT, "patches: [{patch: '[1]', target: {kind: Pod}}]")]),
    ("invalid-selector", &[(ROOT, "patches: [{patch: '{kind: Pod, metadata: {name: a}}', target: {kind: '('}}]")]),
    (
        "field-path",
        &[
            (ROOT, "resources: [a.yaml]\ncommonLabels: {a: b}"),
            ("a.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: [a]}}"),
        ],
    ),
    (
        "ambiguous-reference",
        &[
            (ROOT, "resources: [p, q, a.yaml]"),
            ("p/kustomization.yaml", RENAMED),
            ("p/a.yaml", MAP),
            ("p/b.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}"),
            ("q/kustomization.yaml", RENAMED),
            ("q/a.yaml", MAP),
            ("q/b.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}"),
            (
                "a.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, \
             spec: {containers: [{name: a, envFrom: [{configMapRef: {name: a}}]}]}}",
            ),
        ],
    ),
    (
        "invalid-variable",
        &[(
            ROOT,
            "vars: [{name: A, objref: {apiVersion: v1, kind: Pod, name: a}}, \
             {name: A, objref: {apiVersion: v1, kind: Pod, name: a}}]",
        )],
    ),
    (
        "invalid-configuration",
        &[
            (ROOT, "configurations: [a.yaml, b.yaml]"),
            ("a.yaml", "commonLabels: [{path: a, create: true}]"),
            ("b.yaml", "commonLabels: [{path: a, create: false}]"),
        ],
    ),
    ("deprecated-field", &[(ROOT, "resources: [a.yaml]\ncommonLabels: {a: b}"), ("a.yaml", POD)]),
    ("without-effect", &[(ROOT, "resources: [a.yaml]\nimages: [{name: b, newTag: c}]"), ("a.yaml", POD)]),
    (
        "lost-precision",
        &[
            (
                ROOT,
                "resources: [a.yaml]\npatches: [{target: {kind: A}, patch: '[{\"op\": \"remove\", \"path\": \"/b\"}]'}]",
            ),
            ("a.yaml", "{apiVersion: v1, kind: A, metadata: {name: a}, a: 9007199254740993, b: 1}"),
        ],
    ),
    (
        "name-left",
        &[
            (ROOT, "resources: [p]\nconfigMapGenerator: [{name: b}]"),
            ("p/kustomization.yaml", "resources: [a.yaml]\nnamespace: other"),
            (
                "p/a.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {volumes: [{name: b, configMap: {name: b}}]}}",
            ),
        ],
    ),
    ("incomplete-object", &[(ROOT, "resources: [a.yaml]"), ("a.yaml", "{kind: Pod, metadata: {name: a}}")]),
    ("ignored-text", &[(ROOT, "resources: [a.yaml]\nresources: [a.yaml]"), ("a.yaml", POD)]),
    ("unexpected-effect", &[(ROOT, "resources: [a.yaml]\nimages: [{name: a, tagSuffix: b}]"), ("a.yaml", POD)]),
    (
        "not-a-directive",
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: b.yaml}]"),
            ("a.yaml", POD),
            ("b.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {$retainKeys: [containers]}}"),
        ],
    ),
];

/// The rules that a build reports.
fn reported(input: &[(&str, &str)]) -> Vec<&'static str> {
    let files = input.iter().map(|(path, text)| (TreePath::new(path).unwrap(), text.as_bytes().into()));
    let mut tree = FileTree::new();
    tree.extend(files);
    let report = match build(&tree, &TreePath::default(), &BuildOptions::default()) {
        Ok(built) => built.warnings,
        Err(error) => error.into_report(),
    };
    report.iter().map(|diagnostic| diagnostic.rule.name).collect()
}

#[test]
fn a_broken_rule_is_reported() {
    let broken: Vec<_> = BROKEN.iter().map(|(rule, input)| (*rule, reported(input))).collect();
    let expected: Vec<_> = BROKEN.iter().map(|(rule, _)| (*rule, vec![*rule])).collect();
    assert_eq!(broken, expected);
}

#[test]
fn every_rule_has_a_case() {
    let mut named: BTreeSet<String> = BROKEN.iter().map(|(rule, _)| (*rule).to_owned()).collect();
    for entry in fs::read_dir(crate::folder()).unwrap() {
        let case = entry.unwrap().path();
        let rule = expected_rule(&case);
        assert_eq!(rule.is_some(), case.join("expected.err").exists(), "{}", case.display());
        named.extend(rule);
    }
    let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(named, rules);
}
