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

/// Where a CronJob has it too.
const CRON_JOB_LABEL_PATHS: [&str; 1] = [CRON_JOB_INSTANCE_PATH];

/// Where pods that keep apart have it too.
const APART: [&str; 6] =
    ["spec", "template", "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
const APART_LABEL_PATH: &str = "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels/";

/// Kubernetes' own label for the same, which selects nothing.
const INSTANCE_PATHS: [&str; 2] = ["metadata/labels/", "spec/template/metadata/labels/"];
const CRON_JOB_INSTANCE_PATH: &str = "spec/jobTemplate/spec/template/metadata/labels/";
const INSTANCE_LABEL: &str = "app.kubernetes.io/instance";

/// Where a pod template names the Secret of a variable.
const SECRET_PATHS: [&str; 2] = [
    "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
    "spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name",
];

/// The same of a CronJob, and of files.
const CRON_JOB_SECRET_PATHS: [&str; 2] = [
    "spec/jobTemplate/spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
    "spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name",
];
const VOLUME_SECRET_PATHS: [&str; 2] =
    ["spec/template/spec/volumes/secret/secretName", "spec/jobTemplate/spec/template/spec/volumes/secret/secretName"];

/// Whether a pod has a file that is a key of a Secret.
fn mounts_secret(objects: &[Object]) -> bool {
    let pods =
        [&["spec", "template", "spec", "volumes"][..], &["spec", "jobTemplate", "spec", "template", "spec", "volumes"]];
    let volumes = |object: &Object| {
        let volumes = pods.iter().filter_map(|path| object.node.at(path.iter().copied())?.as_sequence());
        volumes.flatten().any(|volume| volume.get("secret").is_some())
    };
    objects.iter().any(volumes)
}

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
    let has = |kind: &str| objects.iter().any(|object| generator::kind(&object.node) == kind);
    let more: &[&str] = if has("CronJob") { &CRON_JOB_LABEL_PATHS } else { &[] };
    let apart = objects.iter().any(|object| object.node.at(APART).is_some());
    let more = more.iter().chain(apart.then_some(&APART_LABEL_PATH));
    let escape = |label: &str| label.replace('/', "\\/");
    let mut labels: Vec<Node> =
        LABEL_PATHS.iter().chain(more).map(|path| path_spec(&format!("{path}{}", escape(SERVICE_LABEL)))).collect();
    let more = has("CronJob").then_some(&CRON_JOB_INSTANCE_PATH);
    labels
        .extend(INSTANCE_PATHS.iter().chain(more).map(|path| path_spec(&format!("{path}{}", escape(INSTANCE_LABEL)))));
    let mut references = Vec::new();
    if !variables.is_empty() {
        references.push(reference(&[("kind", "Service"), ("version", "v1")], hosts.collect()));
    }
    references.push(reference(&[("kind", "ServiceAccount"), ("version", "v1")], labels));
    Node::mapping([("nameReference", Node::sequence(references))])
}

/// The references of an overlay whose Secrets an operator makes.
pub(super) fn external_secrets(objects: &[Object]) -> Node {
    let has = |path: &[&str]| objects.iter().any(|object| object.node.at(path.iter().copied()).is_some());
    let cron_jobs = has(&["spec", "jobTemplate"]).then_some(CRON_JOB_SECRET_PATHS).into_iter().flatten();
    let volumes = VOLUME_SECRET_PATHS.iter().filter(|_| mounts_secret(objects)).copied();
    let secrets = SECRET_PATHS.into_iter().chain(cron_jobs).chain(volumes).map(path_spec).collect();
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
