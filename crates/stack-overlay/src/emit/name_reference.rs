//! The name references that Kustomize lacks: it inherits them into every overlay above, and applies them last of all. So hosts and
//! labels stay right under any prefix, suffix and namespace, of ours or of somebody who builds on the tree.

use std::collections::BTreeSet;

use stack_krm::yaml::Node;
use stack_model::{Made, Object, SERVICE_LABEL};

use super::generator;
use super::layout::texts;

/// Where the labels stand whose value is a service's name. Each service has a ServiceAccount of its name, also one without ports.
const LABEL_PATHS: [&str; 8] = [
    "metadata/labels/",
    "spec/template/metadata/labels/",
    "spec/selector/",
    "spec/selector/matchLabels/",
    "spec/podSelector/matchLabels/",
    "spec/ingress/from/podSelector/matchLabels/",
    "spec/egress/to/podSelector/matchLabels/",
    "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels/",
];

/// Kubernetes' own label for the same, which selects nothing.
const INSTANCE_PATHS: [&str; 2] = ["metadata/labels/", "spec/template/metadata/labels/"];
const INSTANCE_LABEL: &str = "app.kubernetes.io/instance";

/// Where a pod template names the Secret of a variable.
const SECRET_PATHS: [&str; 2] = [
    "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
    "spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name",
];

/// The references of the base: host names in the consumers' `ConfigMaps`, and labels.
pub(super) fn base(objects: &[Object]) -> Node {
    let mut variables: BTreeSet<&str> = BTreeSet::new();
    for object in objects {
        let data = object.node.get("data").and_then(Node::as_mapping);
        let is_endpoints = object.made == Made::Written && generator::kind(&object.node) == "ConfigMap";
        if let Some(data) = data.filter(|_| is_endpoints) {
            variables.extend(data.iter().map(|(key, _)| key));
        }
    }
    let hosts = variables.iter().map(|variable| texts([("kind", "ConfigMap"), ("path", &format!("data/{variable}"))]));
    let escape = |label: &str| label.replace('/', "\\/");
    let mut labels: Vec<Node> =
        LABEL_PATHS.iter().map(|path| path_spec(&format!("{path}{}", escape(SERVICE_LABEL)))).collect();
    labels.extend(INSTANCE_PATHS.iter().map(|path| path_spec(&format!("{path}{}", escape(INSTANCE_LABEL)))));
    let mut references = Vec::new();
    if !variables.is_empty() {
        references.push(reference(&[("kind", "Service"), ("version", "v1")], hosts.collect()));
    }
    references.push(reference(&[("kind", "ServiceAccount"), ("version", "v1")], labels));
    Node::mapping([("nameReference", Node::sequence(references))])
}

/// The references of an overlay whose Secrets an operator makes.
pub(super) fn external_secrets() -> Node {
    let secrets = SECRET_PATHS.iter().map(|path| path_spec(path)).collect();
    let kind = [("group", "external-secrets.io"), ("kind", "ExternalSecret")];
    Node::mapping([("nameReference", Node::sequence([reference(&kind, secrets)]))])
}

fn path_spec(path: &str) -> Node {
    texts([("path", path)])
}

fn reference(referred: &[(&str, &str)], fields: Vec<Node>) -> Node {
    let mut node = texts(referred.iter().copied());
    if let Some(mapping) = node.as_mapping_mut() {
        mapping.insert("fieldSpecs", Node::sequence(fields));
    }
    node
}
