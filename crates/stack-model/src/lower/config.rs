use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use stack_krm::yaml::{Node, to_node};

use super::names::{Names, host_variable, pod_domain_variable};
use super::object::{Writer, stack_labels};
use super::{Made, Object, names};
use crate::CheckedStack;
use crate::check::SecretValues;
use crate::plan::Config;

impl Writer<'_> {
    pub(super) fn config(&mut self) {
        self.endpoints();
        if self.plan.step_of.is_some() {
            return;
        }
        for config in &self.plan.config {
            let mut map = config_map(config);
            map.metadata = generated_metadata(self.stack, self.names, "ConfigMap", config.name.as_str());
            let of_folder = |folder| Made::OfFolder { folder, originals: config.originals.clone() };
            let made = config.folder.clone().map_or(Made::OfTexts, of_folder);
            self.push_generated(&map, made);
        }
    }

    /// The hosts of this consumer's edges. Kustomize keeps the values right under every rename, by the base's name references.
    fn endpoints(&mut self) {
        let waits = self.plan.waits.iter().map(|wait| &wait.provider);
        let files = self.plan.edges.iter().filter_map(|edge| match &edge.to {
            crate::plan::EdgeEnd::Service(name) => Some(name),
            crate::plan::EdgeEnd::External(_) => None,
        });
        let pods = self.plan.pod_hosts.iter();
        let pods = pods.map(|service| (pod_domain_variable(service), self.names.pod_domain(service)));
        let hosts: BTreeMap<String, String> = self
            .plan
            .hosts
            .iter()
            .chain(waits)
            .chain(files)
            .map(|host| (host_variable(host), self.names.host(host)))
            .chain(pods)
            .collect();
        if !hosts.is_empty() {
            let metadata = self.metadata(&endpoints_name(self.plan.name.as_str()));
            self.push(&ConfigMap { metadata, data: Some(hosts), ..ConfigMap::default() });
        }
    }
}

/// The ConfigMap of a consumer's hosts.
pub(crate) fn endpoints_name(service: &str) -> String {
    format!("{service}-endpoints")
}

fn config_map(config: &Config) -> ConfigMap {
    let mut map = ConfigMap::default();
    for (key, content) in &config.files {
        let key = key.to_string();
        match std::str::from_utf8(content) {
            Ok(text) => {
                map.data.get_or_insert_default().insert(key, text.to_owned());
            }
            Err(_) => {
                map.binary_data.get_or_insert_default().insert(key, ByteString(content.clone()));
            }
        }
    }
    map
}

/// The Secrets that the environment makes, or asks an operator for.
pub(super) fn secrets(stack: &CheckedStack, names: &Names, objects: &mut Vec<Object>) {
    for secret in stack.secrets() {
        let (node, made) = match &secret.values {
            SecretValues::Existing => continue,
            SecretValues::Literals(values) => {
                let metadata = generated_metadata(stack, names, "Secret", secret.name.as_str());
                (to_node(&Secret { metadata, ..literals(values) }).ok(), Made::OfLiterals)
            }
            SecretValues::ExternalStore(store) => {
                let name = names.name(secret.name.as_str());
                let key = format!("{}/{}", stack.stack().name, secret.name);
                let mut labels = stack_labels(stack);
                labels.extend(names.common_labels());
                (Some(external_secret(&name, names.namespace(), labels, store, &key)), Made::Written)
            }
        };
        objects.extend(node.map(|node| Object { service: None, node, made }));
    }
}

/// The `ConfigMaps` that carry plain variables, each for all services that name it.
pub(super) fn variables(stack: &CheckedStack, names: &Names, objects: &mut Vec<Object>) {
    for (name, data) in shared_variables(stack) {
        let metadata = generated_metadata(stack, names, "ConfigMap", name);
        let map = ConfigMap { metadata, ..variables_map(data) };
        objects.extend(to_node(&map).ok().map(|node| Object { service: None, node, made: Made::OfVariables }));
    }
}

/// As a generator makes it: without data where there is none.
fn variables_map(data: BTreeMap<String, String>) -> ConfigMap {
    ConfigMap { data: Some(data).filter(|data| !data.is_empty()), ..ConfigMap::default() }
}

/// Plain variables by the ConfigMap that carries them.
fn shared_variables(stack: &CheckedStack) -> BTreeMap<&str, BTreeMap<String, String>> {
    let mut maps: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for plan in stack.plans() {
        let Some(name) = &plan.config_map else { continue };
        let map = maps.entry(name.as_str()).or_default();
        map.extend(plan.plain_variables().map(|(name, text)| (name.to_string(), text.to_owned())));
    }
    maps
}

/// What a generator gives an object: the labels of the stack, as all objects of its kustomization get the same.
fn generated_metadata(stack: &CheckedStack, names: &Names, kind: &'static str, name: &str) -> ObjectMeta {
    let mut labels = stack_labels(stack);
    labels.extend(names.common_labels());
    ObjectMeta {
        name: Some(names.generated(kind, name)),
        namespace: names.namespace(),
        labels: Some(labels),
        ..ObjectMeta::default()
    }
}

fn literals<K: AsRef<str>>(values: &BTreeMap<K, String>) -> Secret {
    let data = values.iter().map(|(key, value)| (key.as_ref().to_owned(), ByteString(value.clone().into_bytes())));
    Secret { data: Some(data.collect()), type_: Some("Opaque".to_owned()), ..Secret::default() }
}

/// An `ExternalSecret` of external-secrets.io/v1. The Secret that it makes is called as the object itself, so a rename moves both.
fn external_secret(
    name: &str,
    namespace: Option<String>,
    labels: BTreeMap<String, String>,
    store: &str,
    key: &str,
) -> Node {
    let text = |text: &str| Node::string(text);
    let mut metadata = vec![("name", text(name))];
    if let Some(namespace) = namespace {
        metadata.push(("namespace", Node::string(namespace)));
    }
    metadata.push(("labels", Node::mapping(labels.into_iter().map(|(key, value)| (key, Node::string(value))))));
    let extract = Node::mapping([("extract", Node::mapping([("key", text(key))]))]);
    Node::mapping([
        ("apiVersion", text("external-secrets.io/v1")),
        ("kind", text("ExternalSecret")),
        ("metadata", Node::mapping(metadata)),
        (
            "spec",
            Node::mapping([
                ("secretStoreRef", Node::mapping([("name", text(store)), ("kind", text("ClusterSecretStore"))])),
                ("refreshInterval", text("1h")),
                ("dataFrom", Node::sequence([extract])),
            ]),
        ),
    ])
}

/// The hashes of all generated objects, computed of their content as Kustomize does.
pub(super) fn hashes(stack: &CheckedStack, plain: &Names) -> BTreeMap<(&'static str, String), String> {
    let mut hashes = BTreeMap::new();
    for config in stack.plans().iter().flat_map(|plan| &plan.config) {
        let hash = to_node(&config_map(config)).ok().and_then(|node| names::hash(&node));
        hashes.extend(hash.map(|hash| (("ConfigMap", config.name.to_string()), hash)));
    }
    for (name, data) in shared_variables(stack) {
        let map = variables_map(data);
        let hash = to_node(&map).ok().and_then(|node| names::hash(&node));
        hashes.extend(hash.map(|hash| (("ConfigMap", name.to_owned()), hash)));
    }
    let mut secrets = Vec::new();
    self::secrets(stack, plain, &mut secrets);
    for object in secrets.iter().filter(|object| object.made == Made::OfLiterals) {
        let name = object.node.at(["metadata", "name"]).and_then(Node::as_str).unwrap_or_default().to_owned();
        hashes.extend(names::hash(&object.node).map(|hash| (("Secret", name), hash)));
    }
    hashes
}
