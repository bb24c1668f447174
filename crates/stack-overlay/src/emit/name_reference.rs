//! The name references that Kustomize lacks: it inherits them into every overlay above, and applies them last of all. So hosts and
//! labels stay right under any prefix, suffix and namespace, of ours or of somebody who builds on the tree.

use std::collections::BTreeSet;

use stack_krm::yaml::Node;
use stack_model::{Made, Object, SERVICE_LABEL};

use super::generator;
use super::layout::texts;

/// A field that names something; where `only` is said, only trees need it that have an object with that field.
struct Path {
    path: &'static str,
    only: Option<&'static [&'static str]>,
}

const fn always(path: &'static str) -> Path {
    Path { path, only: None }
}

const fn only(path: &'static str, only: &'static [&'static str]) -> Path {
    Path { path, only: Some(only) }
}

const OF_CRON_JOB: &[&str] = &["spec", "jobTemplate"];
const OF_KEPT_APART: &[&str] = &["spec", "template", "spec", "affinity"];

/// Where the labels stand whose value is a service's name. Each service has a ServiceAccount of its name, also one without ports.
const LABEL_PATHS: [Path; 10] = [
    always("metadata/labels/"),
    always("spec/template/metadata/labels/"),
    always("spec/selector/"),
    always("spec/selector/matchLabels/"),
    always("spec/podSelector/matchLabels/"),
    always("spec/ingress/from/podSelector/matchLabels/"),
    always("spec/egress/to/podSelector/matchLabels/"),
    always("spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels/"),
    only("spec/jobTemplate/spec/template/metadata/labels/", OF_CRON_JOB),
    only(
        "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels/",
        OF_KEPT_APART,
    ),
];

/// Kubernetes' own label for the same, which selects nothing.
const INSTANCE_PATHS: [Path; 3] = [
    always("metadata/labels/"),
    always("spec/template/metadata/labels/"),
    only("spec/jobTemplate/spec/template/metadata/labels/", OF_CRON_JOB),
];
const INSTANCE_LABEL: &str = "app.kubernetes.io/instance";

/// Where a pod template names the Secret of a variable, or of a file.
const SECRET_PATHS: [Path; 6] = [
    always("spec/template/spec/containers/env/valueFrom/secretKeyRef/name"),
    always("spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name"),
    only("spec/template/spec/volumes/secret/secretName", &["spec", "template", "spec", "volumes", "secret"]),
    only("spec/jobTemplate/spec/template/spec/containers/env/valueFrom/secretKeyRef/name", OF_CRON_JOB),
    only("spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name", OF_CRON_JOB),
    only("spec/jobTemplate/spec/template/spec/volumes/secret/secretName", OF_CRON_JOB),
];

/// The references of the base: host names in the consumers' `ConfigMaps`, and labels.
pub(super) fn base(objects: &[Object]) -> Node {
    let references = [of_hosts(&variables(objects)), Some(of_service_accounts(&labels(objects)))];
    let references = references.into_iter().flatten().chain(of_routes(objects));
    Node::mapping([("nameReference", Node::sequence(references))])
}

/// What an overlay adds to those of the base: for what only it has, and for Secrets that an operator makes there.
pub(super) fn overlay(before: &[Object], after: &[Object]) -> Option<Node> {
    let known = variables(before);
    let hosts = of_hosts(&variables(after).into_iter().filter(|variable| !known.contains(variable)).collect());
    let known = labels(before);
    let more: Vec<String> = labels(after).into_iter().filter(|path| !known.contains(path)).collect();
    let labels = (!more.is_empty()).then(|| of_service_accounts(&more));
    let is_external = |object: &Object| generator::kind(&object.node) == "ExternalSecret";
    let secrets = after.iter().any(is_external).then(|| of_external_secrets(after));
    let routes = if of_routes(before).is_empty() { of_routes(after) } else { Vec::new() };
    let references: Vec<Node> = [hosts, labels, secrets].into_iter().flatten().chain(routes).collect();
    (!references.is_empty()).then(|| Node::mapping([("nameReference", Node::sequence(references))]))
}

/// The variables that hold host names.
fn variables(objects: &[Object]) -> BTreeSet<&str> {
    let is_endpoints = |object: &&Object| object.made == Made::Written && generator::kind(&object.node) == "ConfigMap";
    let data = objects.iter().filter(is_endpoints).filter_map(|object| object.node.get("data")?.as_mapping());
    data.flat_map(|data| data.iter().map(|(key, _)| key)).collect()
}

/// Where labels are that are called as services.
fn labels(objects: &[Object]) -> Vec<String> {
    let escape = |label: &str| label.replace('/', "\\/");
    let of = |paths: &'static [Path], label: &str| -> Vec<String> {
        needed(paths, objects).map(|path| format!("{path}{}", escape(label))).collect()
    };
    [of(&LABEL_PATHS, SERVICE_LABEL), of(&INSTANCE_PATHS, INSTANCE_LABEL)].concat()
}

fn needed<'a>(paths: &'static [Path], objects: &'a [Object]) -> impl Iterator<Item = &'static str> + use<'a> {
    let has = |field: &[&str]| objects.iter().any(|object| has(&object.node, field));
    paths.iter().filter(move |path| path.only.is_none_or(has)).map(|path| path.path)
}

/// Whether an object has a field, in any element of the lists on the way.
fn has(node: &Node, field: &[&str]) -> bool {
    match (field, node.as_sequence()) {
        ([], _) => true,
        (_, Some(elements)) => elements.iter().any(|element| has(element, field)),
        ([key, rest @ ..], None) => node.get(key).is_some_and(|value| has(value, rest)),
    }
}

/// What an `IngressRoute` of Traefik names.
fn of_routes(objects: &[Object]) -> Vec<Node> {
    if !objects.iter().any(|object| generator::kind(&object.node) == "IngressRoute") {
        return Vec::new();
    }
    let of = |referred: &[(&str, &str)], path: &str| {
        reference(referred, vec![texts([("kind", "IngressRoute"), ("path", path)])])
    };
    vec![
        of(&[("kind", "Service"), ("version", "v1")], "spec/routes/services/name"),
        of(&[("group", "traefik.io"), ("kind", "Middleware")], "spec/routes/middlewares/name"),
    ]
}

fn of_hosts(variables: &BTreeSet<&str>) -> Option<Node> {
    let hosts = variables.iter().map(|variable| texts([("kind", "ConfigMap"), ("path", &format!("data/{variable}"))]));
    let referred = [("kind", "Service"), ("version", "v1")];
    (!variables.is_empty()).then(|| reference(&referred, hosts.collect()))
}

fn of_service_accounts(labels: &[String]) -> Node {
    let labels = labels.iter().map(|path| path_spec(path)).collect();
    reference(&[("kind", "ServiceAccount"), ("version", "v1")], labels)
}

fn of_external_secrets(objects: &[Object]) -> Node {
    let secrets = needed(&SECRET_PATHS, objects).map(path_spec).collect();
    reference(&[("group", "external-secrets.io"), ("kind", "ExternalSecret")], secrets)
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
