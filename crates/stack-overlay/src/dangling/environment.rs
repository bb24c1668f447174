use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use stack_krm::Resource;
use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Locus, Report};

use super::expand::{self, UNKNOWN};
use super::pod::{Pod, container_name};
use super::rules::UNDEFINED_VARIABLE;
use super::tree::{Tree, called, nodes, place, text};

/// The variables of a container, as the kubelet sets them.
pub(super) struct Environment<'a> {
    variables: BTreeMap<String, Variable>,
    service_links: bool,
    pub(super) pod: &'a Pod<'a>,
    pub(super) container: &'a Node,
}

/// A variable.
pub(super) struct Variable {
    /// Its value; [`UNKNOWN`] in it stands for what only the running cluster knows.
    pub(super) value: String,
    /// Who says so, in words, and where.
    pub(super) from: String,
    pub(super) at: Locus,
}

impl<'a> Environment<'a> {
    /// `envFrom` first, then `env` in order; `$(X)` sees what stands before it.
    pub(super) fn of(tree: &Tree<'a>, pod: &'a Pod<'a>, container: &'a Node, report: &mut Report) -> Self {
        let service_links = pod.spec.get("enableServiceLinks").and_then(Node::as_bool) != Some(false);
        let mut environment = Self { variables: BTreeMap::new(), service_links, pod, container };
        for source in nodes(container, &["envFrom", "*"]) {
            environment.take_all(tree, source);
        }
        let mut room = expand::ROOM;
        for entry in nodes(container, &["env", "*"]) {
            environment.take(tree, entry, &mut room, report);
        }
        environment
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.variables.iter().map(|(name, variable)| (name.as_str(), variable))
    }

    /// The value of a variable; the kubelet adds some for every Kubernetes Service.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let link = || {
            let every_pod = matches!(name, "KUBERNETES_SERVICE_HOST" | "KUBERNETES_SERVICE_PORT");
            let linked = name.ends_with("_SERVICE_HOST") || name.contains("_SERVICE_PORT") || name.contains("_PORT_");
            (every_pod || (self.service_links && linked)).then_some(UNKNOWN)
        };
        self.variables.get(name).map(|variable| variable.value.as_str()).or_else(link)
    }

    /// The value of a variable as it is written in `env`: all that the kubelet puts into the command of a probe.
    pub(super) fn written(&self, name: &str) -> Option<&'a str> {
        let entries = nodes(self.container, &["env", "*"]).into_iter();
        entries.rev().find(|entry| text(entry, "name") == Some(name)).and_then(|entry| text(entry, "value"))
    }

    fn take_all(&mut self, tree: &Tree<'a>, source: &Node) {
        let prefix = text(source, "prefix").unwrap_or_default();
        for (field, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
            let name = source.get(field).and_then(|reference| text(reference, "name"));
            let Some(object) = name.and_then(|name| tree.object(kind, self.pod.namespace, name)) else { continue };
            for (key, value, node) in data(object) {
                let from = format!("`{key}` in {}", called(object));
                let variable = Variable { value, from, at: place(object, node) };
                self.variables.insert(format!("{prefix}{key}"), variable);
            }
        }
    }

    fn take(&mut self, tree: &Tree<'a>, entry: &'a Node, room: &mut usize, report: &mut Report) {
        let Some(name) = text(entry, "name") else { return };
        let resource = self.pod.resource;
        let from = format!("`{name}` of container `{}` in {}", container_name(self.container), called(resource));
        let variable = if let Some(written) = text(entry, "value") {
            let at = place(resource, entry.get("value").unwrap_or(entry));
            let mut missing = Vec::new();
            let value = expand::kubelet(written, |name| self.value(name), &mut missing, room);
            for missing in missing {
                report.add(self.undefined(&from, &missing, at.clone()));
            }
            Variable { value, from, at }
        } else {
            let (value, origin) =
                entry.get("valueFrom").map_or((String::new(), None), |source| self.taken(tree, source));
            let (from, at) = origin.unwrap_or_else(|| (from, place(resource, entry)));
            Variable { value, from, at }
        };
        self.variables.insert(name.to_owned(), variable);
    }

    /// The value that `valueFrom` takes, with its origin where that is a `ConfigMap` or Secret of the tree.
    fn taken(&self, tree: &Tree<'a>, source: &Node) -> (String, Option<(String, Locus)>) {
        if let Some(path) = source.get("fieldRef").and_then(|field| text(field, "fieldPath")) {
            return (self.field(path).unwrap_or(UNKNOWN).to_owned(), None);
        }
        for (field, kind) in [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")] {
            let Some(reference) = source.get(field) else { continue };
            let object = text(reference, "name").and_then(|name| tree.object(kind, self.pod.namespace, name));
            let Some((object, key)) = object.zip(text(reference, "key")) else { continue };
            let entry = data(object).into_iter().find(|(known, _, _)| *known == key);
            if let Some((key, value, node)) = entry {
                return (value, Some((format!("`{key}` in {}", called(object)), place(object, node))));
            }
        }
        (UNKNOWN.to_owned(), None)
    }

    /// A field of the pod, where a template decides it.
    fn field(&self, path: &str) -> Option<&'a str> {
        let keyed = |map: &str| path.strip_prefix(map)?.strip_prefix("['")?.strip_suffix("']");
        let among = |entries: &[(&'a str, &'a str)], key: &str| {
            entries.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
        };
        match path {
            "metadata.namespace" => Some(self.pod.namespace),
            "metadata.name" if self.pod.resource.kind() == "Pod" => Some(self.pod.resource.name()),
            "spec.serviceAccountName" => Some(text(self.pod.spec, "serviceAccountName").unwrap_or("default")),
            _ => match (keyed("metadata.labels"), keyed("metadata.annotations")) {
                (Some(key), _) => among(&self.pod.labels, key),
                (None, Some(key)) => among(&self.pod.annotations, key),
                (None, None) => None,
            },
        }
    }

    /// The report of a `$(X)` without a value.
    pub(super) fn undefined(&self, from: &str, missing: &str, at: Locus) -> Diagnostic {
        let later = nodes(self.container, &["env", "*"]).into_iter().any(|entry| text(entry, "name") == Some(missing));
        let help = if later {
            format!("move `{missing}` in front of what uses it")
        } else {
            let near = stack_source::nearest(missing, self.variables.keys().map(String::as_str));
            near.map_or_else(
                || format!("define `{missing}` in `env` or `envFrom`, or write `$$({missing})` for the text itself"),
                |near| format!("did you mean `$({near})`?"),
            )
        };
        let when = if later { "later" } else { "nowhere" };
        Diagnostic::new(&UNDEFINED_VARIABLE, format!("{from} uses `$({missing})`, which is defined {when}"))
            .at(at)
            .help(help)
    }
}

/// Keys and texts of a `ConfigMap` or Secret, with the node that holds each; base64 is decoded, and what is no text is left out.
pub(super) fn data(object: &Resource) -> Vec<(&str, String, &Node)> {
    let node = object.node();
    let entries = |field: &'static str| {
        node.get(field).and_then(Node::as_mapping).map(|mapping| mapping.entries.as_slice()).unwrap_or_default()
    };
    let secret = object.kind() == "Secret";
    let decoded = |text: &str| {
        let packed: String = text.split_ascii_whitespace().collect();
        STANDARD.decode(packed).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    };
    let plain = entries("data").iter().chain(if secret { entries("stringData") } else { &[] });
    plain
        .filter_map(|entry| {
            let text = entry.value.as_scalar()?.text.as_str();
            let encoded = secret && entries("data").iter().any(|known| std::ptr::eq(known, entry));
            let value = if encoded { decoded(text).unwrap_or_else(|| UNKNOWN.to_owned()) } else { text.to_owned() };
            Some((entry.key.as_str(), value, &entry.value))
        })
        .collect()
}

/// Whether a `ConfigMap` or Secret has a key, binary ones too.
pub(super) fn has_key(object: &Resource, key: &str) -> bool {
    ["data", "binaryData", "stringData"]
        .into_iter()
        .any(|field| object.node().get(field).is_some_and(|entries| entries.get(key).is_some()))
}
